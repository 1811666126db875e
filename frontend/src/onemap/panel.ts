/** Layers by group: how many, which are seen and how strongly, and what their signs mean. */

import { element, picture } from "../map/elements";
import { t } from "../words";
import type { Config, Layer } from "./contract";
import { legendOf, titleSign } from "./legend";
import type { LoadState, Scene } from "./scene";

const STRENGTH = "M4 6h8M16 6h4M14 4v4M4 12h2M10 12h10M8 10v4M4 18h11M19 18h1M17 16v4";

interface Row {
  box: HTMLInputElement;
  count: HTMLElement;
  legend: HTMLElement;
  range: HTMLInputElement;
}

export interface PanelEvents {
  shown(layer: Layer, isVisible: boolean): void;
  faded(layer: Layer, share: number): void;
  base(key: string): void;
}

export class Panel {
  private readonly rows = new Map<string, Row>();

  constructor(
    place: HTMLElement,
    private readonly config: Config,
    private readonly scene: Scene,
    private readonly events: PanelEvents,
  ) {
    const groups = config.groups.map(({ key, title }) => this.group(key, title)).filter((group) => group !== null);
    place.replaceChildren(...groups, ...this.bases());
  }

  /** Show how a layer fares: a number, waiting, or failed with another try. */
  tell(layer: Layer, state: LoadState | number): void {
    const row = this.rows.get(layer.key);
    if (!row) return;
    row.count.classList.toggle("skeleton", state === "loading");
    row.count.replaceChildren();
    if (typeof state === "number") row.count.textContent = state.toLocaleString("en-US");
    if (state === "ready") row.count.textContent = this.scene.things(layer.key).length.toLocaleString("en-US");
    if (state !== "failed") return;
    const again = element("button", { type: "button", class: "btn btn-sm" }, t("Try again"));
    again.addEventListener("click", () => void this.scene.load(layer));
    row.count.append(again);
  }

  /** Show a layer as seen or hidden, and how strongly. */
  mark(layer: Layer): void {
    const row = this.rows.get(layer.key);
    if (!row) return;
    row.box.checked = this.scene.isShown(layer.key);
    row.legend.hidden = !row.box.checked;
    row.range.value = String(Math.round(this.scene.share(layer.key) * 100));
  }

  private group(key: string, title: string): HTMLElement | null {
    const layers = this.config.layers.filter((layer) => layer.group === key).sort((one, other) => other.order - one.order);
    if (!layers.length) return null;
    const list = element("ul", { class: "onemap-list" }, ...layers.map((layer) => this.row(layer)));
    return element("fieldset", { class: "onemap-group" }, element("legend", {}, title), list);
  }

  private row(layer: Layer): HTMLElement {
    const box = element("input", { type: "checkbox", class: "form-check-input", value: layer.key });
    const count = element("span", { class: "onemap-count" }, layer.count.toLocaleString("en-US"));
    const range = element("input", { type: "range", class: "form-range", min: 10, max: 100, step: 5, value: 100, "aria-label": t("How strongly {layer} is drawn", { layer: layer.title }) });
    const strength = element("div", { class: "onemap-strength", hidden: true }, range);
    const open = element("button", { type: "button", class: "onemap-more", "aria-expanded": "false", "aria-label": t("How strongly {layer} is drawn", { layer: layer.title }), title: t("Opacity") }, picture(STRENGTH));
    const legend = element("ul", { class: "onemap-legend" }, ...legendOf(layer));
    box.addEventListener("change", () => this.events.shown(layer, box.checked));
    range.addEventListener("input", () => this.events.faded(layer, Number(range.value) / 100));
    open.addEventListener("click", () => {
      strength.hidden = !strength.hidden;
      open.setAttribute("aria-expanded", String(!strength.hidden));
    });
    this.rows.set(layer.key, { box, count, legend, range });
    const head = element("div", { class: "onemap-row" }, element("label", {}, box, titleSign(layer), element("span", {}, layer.title)), count, open);
    return element("li", {}, head, strength, legend);
  }

  private bases(): HTMLElement[] {
    if (this.config.base.length < 2) return [];
    const choices = this.config.base.map(({ key, title }, index) => {
      const box = element("input", { type: "radio", class: "form-check-input", name: "onemap-base", value: key });
      box.checked = this.scene.ground.key === key || (!this.scene.ground.key && index === 0);
      box.addEventListener("change", () => this.events.base(key));
      return element("li", {}, element("div", { class: "onemap-row" }, element("label", {}, box, element("span", {}, title))));
    });
    return [element("fieldset", { class: "onemap-group" }, element("legend", {}, t("Base map")), element("ul", { class: "onemap-list" }, ...choices))];
  }
}
