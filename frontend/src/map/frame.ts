/** One map of a page: loads its layers, and joins drawing, panel, card and address. */

import { t } from "../words";
import { Card } from "./card";
import { bands, propertyFor } from "./colours";
import { drawAsSvg } from "./drawing_svg";
import { drawWithGl, hasWebGl } from "./drawing_gl";
import { element } from "./elements";
import { boundsOf, extent, labelPoint } from "./geometry";
import { readHash, writeHash, type State } from "./hash";
import { Panel } from "./panel";
import { Picking } from "./picking";
import { LEAST_WIDE, viewOf } from "./scale";
import { textOf, type Bounds, type Drawing, type Layer, type Listener, type MapSettings, type Place, type Shapes, type View } from "./settings";
import { ScaleBar, Tip, tools } from "./tools";

const EVERYWHERE: Bounds = [73, 18, 135, 54];

/** Return the layer's features, the largest first: where names collide, the larger place keeps its own. */
async function load(layer: Layer): Promise<Place[]> {
  const response = await fetch(layer.url, { headers: { Accept: "application/geo+json, application/json" } });
  if (!response.ok) throw new Error(`${response.status}`);
  const { features } = (await response.json()) as Shapes;
  return features
    .filter((shape) => shape.geometry)
    .sort((one, other) => extent(other.geometry) - extent(one.geometry))
    .map((shape) => ({ layer, shape, name: String(shape.properties[layer.label || "name"] ?? ""), point: labelPoint(shape.geometry) }));
}

export class Frame implements Listener {
  private readonly canvas = element("div", { class: "map-canvas" });
  private readonly wait = element("div", { class: "map-wait skeleton", role: "status", "aria-label": t("Loading the map") });
  private readonly scale = new ScaleBar();
  private readonly tip = new Tip();
  private readonly card = new Card(() => this.chosen(null));
  private readonly panel: Panel;
  private readonly loaded = new Map<string, readonly Place[]>();
  private readonly visible: Set<string>;
  private readonly told: State;
  private readonly picking: Picking | null;
  private drawing: Drawing | null = null;
  private choice: Place | null = null;
  private metric: string;
  private isStarted = false;

  constructor(
    private readonly box: HTMLElement,
    private readonly settings: MapSettings,
    private readonly ownsAddress: boolean,
  ) {
    this.told = readHash(ownsAddress ? location.hash : "");
    this.picking = settings.pick ? new Picking(settings.pick, () => this.markPicked()) : null;
    if (this.picking) settings = { ...settings, layers: [...settings.layers, this.picking.layer] };
    const known = (key: string) => (settings.metrics ?? []).some((metric) => metric.key === key);
    this.metric = known(this.told.metric) ? this.told.metric : (settings.metric ?? "");
    const shown = settings.layers.filter((layer) => this.told.layers?.includes(layer.key) ?? layer.visible !== false);
    this.visible = new Set(shown.map(({ key }) => key));
    const layers = settings.layers.map((layer) => ({ ...layer, visible: this.visible.has(layer.key) }));
    this.settings = { ...settings, layers, metric: this.metric };
    this.panel = new Panel(
      this.settings,
      {
        metric: (key) => this.recolour(key),
        layer: (layer, isVisible) => this.toggle(layer, isVisible),
        find: (place) => this.goTo(place),
        retry: (layer) => void this.bring(layer),
      },
      this.metric,
    );
  }

  /** Draw the map: by WebGL where the browser has it, else as SVG. */
  async start(): Promise<void> {
    this.box.replaceChildren(this.canvas, this.wait);
    const arrange = () => this.box.classList.toggle("is-narrow", this.box.clientWidth < LEAST_WIDE);
    new ResizeObserver(arrange).observe(this.box);
    arrange();
    const view = this.told.view ?? this.viewOf(this.settings.bounds ?? EVERYWHERE);
    this.drawing = await this.draw(view);
    const all = tools(this.box, (steps) => this.drawing?.zoomBy(steps), () => this.showEverything());
    this.box.append(this.panel.root, all, this.scale.root, this.tip.root, this.card.root);
    if (this.picking) {
      this.box.append(this.picking.button);
      this.box.classList.add("is-picking");
      this.loaded.set(this.picking.layer.key, this.picking.places());
    }
    const isRead = await Promise.all(this.settings.layers.filter(({ key }) => this.visible.has(key)).map((layer) => this.bring(layer)));
    if (isRead.length && !isRead.some(Boolean)) this.complain();
    if (!this.settings.bounds && !this.told.view) this.showEverything();
    await this.drawing.settled();
    this.wait.remove();
    this.isStarted = true;
    this.scale.show(this.drawing.view());
    this.box.dataset["mapState"] = isRead.every(Boolean) ? "ready" : "partly";
  }

  moved(): void {
    if (!this.drawing) return;
    this.scale.show(this.drawing.view());
    this.tip.show("", "", 0, 0);
    if (this.isStarted) this.write();
  }

  chosen(place: Place | null): void {
    this.choice = place;
    this.drawing?.choose(place);
    this.card.tell(place, place ? propertyFor(place.layer, this.metric, this.settings.metrics ?? []) : "");
    this.box.classList.toggle("has-card", place !== null);
  }

  pressed(longitude: number, latitude: number): boolean {
    this.picking?.take(longitude, latitude);
    return this.picking !== null;
  }

  private markPicked(): void {
    if (!this.picking) return;
    const places = this.picking.places();
    this.loaded.set(this.picking.layer.key, places);
    this.panel.count(this.picking.layer, places.length);
    this.drawing?.put(this.picking.layer, places, true);
  }

  hovered(place: Place | null, x: number, y: number): void {
    const property = place ? propertyFor(place.layer, this.metric, this.settings.metrics ?? []) : "";
    const value = place && property ? textOf(place.shape.properties[property]) : "";
    this.tip.show(place?.name ?? "", value, x, y);
  }

  private async draw(view: View): Promise<Drawing> {
    const wanted = this.box.dataset["drawBy"];
    if (wanted !== "svg" && hasWebGl(wanted === "webgl")) {
      try {
        this.box.dataset["mapBy"] = "webgl";
        return await drawWithGl(this.canvas, this.settings, this, view);
      } catch {
        // The graphics driver gave up: the plain drawing below says the same.
        this.canvas.replaceWith(this.canvas.cloneNode(false));
        this.canvas.replaceChildren();
        this.box.prepend(this.canvas);
      }
    }
    this.box.dataset["mapBy"] = "svg";
    return drawAsSvg(this.canvas, this.settings, this, view);
  }

  /** Load a layer if it is not there yet, and draw it; tell whether it came. */
  private async bring(layer: Layer): Promise<boolean> {
    if (!this.loaded.has(layer.key)) {
      this.panel.count(layer, "loading");
      try {
        this.loaded.set(layer.key, await load(layer));
      } catch {
        this.panel.count(layer, "failed");
        return false;
      }
    }
    const places = this.loaded.get(layer.key) ?? [];
    this.panel.count(layer, places.length);
    this.drawing?.put(layer, places, this.visible.has(layer.key));
    this.explain();
    return true;
  }

  private complain(): void {
    const again = element("button", { type: "button", class: "btn btn-primary" }, t("Try again"));
    const words = element("p", {}, t("The map could not be loaded. The rest of the page works without it."));
    const note = element("div", { class: "map-trouble", role: "alert" }, words, again);
    again.addEventListener("click", () => {
      note.remove();
      void this.start();
    });
    this.box.append(note);
  }

  private toggle(layer: Layer, isVisible: boolean): void {
    if (isVisible) this.visible.add(layer.key);
    else this.visible.delete(layer.key);
    if (isVisible && !this.loaded.has(layer.key)) void this.bring(layer);
    else this.drawing?.show(layer, isVisible);
    if (!isVisible && this.choice?.layer.key === layer.key) this.chosen(null);
    this.explain();
    this.write();
  }

  private recolour(metric: string): void {
    this.metric = metric;
    this.drawing?.colour(metric);
    if (this.choice) this.chosen(this.choice);
    this.explain();
    this.write();
  }

  /** The legend tells of the last layer of areas that is coloured by value, the one seen on top. */
  private explain(): void {
    const drawn = this.settings.layers.filter(({ key }) => this.visible.has(key) && this.loaded.has(key));
    const top = drawn.filter((layer) => layer.colour?.stops.length).at(-1);
    this.panel.know(drawn.filter((layer) => layer.card).flatMap(({ key }) => this.loaded.get(key) ?? []));
    if (!top) return this.panel.explain([]);
    const legend = this.settings.legend ?? (top.colour?.stops ?? []).map(([floor, colour]) => [colour, `≥ ${floor}`] as const).reverse();
    this.panel.explain(bands(legend, this.loaded.get(top.key) ?? [], propertyFor(top, this.metric, this.settings.metrics ?? [])));
  }

  private goTo(place: Place): void {
    const bounds = boundsOf([place.shape.geometry]);
    if (bounds) this.drawing?.goTo(this.viewOf(bounds));
    this.chosen(place);
    this.card.root.querySelector<HTMLElement>("a, button")?.focus();
  }

  private showEverything(): void {
    const shapes = [...this.loaded.values()].flat().map(({ shape }) => shape.geometry);
    const bounds = this.settings.bounds ?? boundsOf(shapes);
    if (bounds) this.drawing?.goTo(this.viewOf(bounds));
  }

  private viewOf(bounds: Bounds): View {
    return viewOf(bounds, this.box.clientWidth, this.box.clientHeight);
  }

  private write(): void {
    if (!this.ownsAddress || !this.drawing) return;
    const layers = this.settings.layers.filter(({ key }) => this.visible.has(key)).map(({ key }) => key);
    const metric = (this.settings.metrics ?? []).length > 1 ? this.metric : "";
    history.replaceState(history.state, "", writeHash({ view: this.drawing.view(), metric, layers }));
  }
}
