/** At the left of the map: what it is coloured by, a search for names, layers with counts, the legend. */

import { t } from "../words";
import type { Band } from "./colours";
import { missingColour } from "./colours";
import { element, picture } from "./elements";
import type { Layer, MapSettings, Place } from "./settings";

const LAYERS_ICON = "M12 4L4 8l8 4l8-4l-8-4M4 12l8 4l8-4M4 16l8 4l8-4";
const MOST_FOUND = 8;

export interface PanelEvents {
  metric(key: string): void;
  layer(layer: Layer, isVisible: boolean): void;
  find(place: Place): void;
  retry(layer: Layer): void;
}

export class Panel {
  readonly root: HTMLElement;
  private readonly legend = element("ul", { class: "map-legend" });
  private readonly rows = new Map<string, { count: HTMLElement; box: HTMLInputElement }>();
  private readonly found = element("ul", { class: "map-found" });
  private readonly search = element("input", { type: "search", class: "form-control form-control-sm", autocomplete: "off" });
  private places: readonly Place[] = [];

  constructor(
    private readonly settings: MapSettings,
    private readonly events: PanelEvents,
    metric: string,
  ) {
    const toggle = element("button", { type: "button", class: "map-panel-toggle btn", "aria-expanded": "false" }, picture(LAYERS_ICON), t("Layers and legend"));
    const body = element("div", { class: "map-panel-body" }, ...this.metrics(metric), this.finder(), this.layers(), this.legend);
    this.root = element("section", { class: "map-panel", "aria-label": t("Layers and legend") }, toggle, body);
    toggle.addEventListener("click", () => toggle.setAttribute("aria-expanded", String(this.root.classList.toggle("is-open"))));
  }

  /** Show how many features the layer has: a number, waiting, or failed with another try. */
  count(layer: Layer, state: number | "loading" | "failed"): void {
    const row = this.rows.get(layer.key);
    if (!row) return;
    row.count.replaceChildren();
    row.count.classList.toggle("skeleton", state === "loading");
    if (typeof state === "number") row.count.textContent = state.toLocaleString("en-US");
    if (state !== "failed") return;
    const again = element("button", { type: "button", class: "btn btn-sm" }, t("Try again"));
    again.addEventListener("click", () => this.events.retry(layer));
    row.count.append(again);
  }

  /** Take what can be found by name. */
  know(places: readonly Place[]): void {
    this.places = places;
  }

  /** Show colours, words and how many are drawn so. */
  explain(bands: readonly Band[]): void {
    this.legend.hidden = bands.length === 0;
    this.legend.replaceChildren(
      ...bands.map(({ colour, words, count }) => {
        const swatch = element("span", { class: "map-swatch" });
        swatch.style.backgroundColor = colour;
        return element("li", count ? {} : { class: "is-absent" }, swatch, element("span", {}, words), element("span", { class: "map-count" }, String(count)));
      }),
    );
  }

  private metrics(chosen: string): HTMLElement[] {
    const metrics = this.settings.metrics ?? [];
    if (metrics.length < 2) return [];
    const select = element("select", { class: "form-select form-select-sm" });
    select.append(...metrics.map(({ key, title }) => element("option", { value: key, selected: key === chosen }, title)));
    select.addEventListener("change", () => this.events.metric(select.value));
    return [element("label", { class: "map-metric" }, element("span", {}, t("Coloured by")), select)];
  }

  private finder(): HTMLElement {
    this.search.placeholder = t("Find on the map");
    this.search.setAttribute("aria-label", t("Find on the map"));
    this.search.addEventListener("input", () => this.look());
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.clear();
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.found.querySelector("button")?.click();
    });
    return element("div", { class: "map-finder" }, this.search, this.found);
  }

  private look(): void {
    const wanted = this.search.value.trim().toLowerCase();
    const fits = ({ name, shape }: Place) => name.toLowerCase().includes(wanted) || String(shape.properties["code"] ?? "").startsWith(wanted);
    const found = wanted ? this.places.filter(fits).slice(0, MOST_FOUND) : [];
    const lines = found.map((place) => {
      const button = element("button", { type: "button" }, place.name, element("small", {}, place.layer.title));
      button.addEventListener("click", () => {
        this.clear();
        this.events.find(place);
      });
      return element("li", {}, button);
    });
    this.found.replaceChildren(...lines);
    if (wanted && !found.length) this.found.append(element("li", { class: "map-none" }, t("Nothing of that name is drawn")));
  }

  private clear(): void {
    this.search.value = "";
    this.found.replaceChildren();
  }

  private layers(): HTMLElement {
    const hasData = (layer: Layer) => Number(Boolean(layer.colour?.stops.length));
    const loudFirst = [...this.settings.layers].sort((one, other) => hasData(other) - hasData(one));
    const rows = loudFirst.map((layer) => {
      const box = element("input", { type: "checkbox", class: "form-check-input" });
      box.checked = layer.visible !== false;
      box.addEventListener("change", () => this.events.layer(layer, box.checked));
      const sign = element("span", { class: `map-sign is-${layer.kind}` });
      if (!layer.colour?.stops.length) sign.style.color = missingColour(layer);
      else sign.classList.add("is-scale");
      const count = element("span", { class: "map-count" });
      this.rows.set(layer.key, { count, box });
      return element("li", {}, element("label", {}, box, sign, element("span", { class: "map-layer" }, layer.title)), count);
    });
    return element("ul", { class: "map-layers" }, ...rows);
  }
}
