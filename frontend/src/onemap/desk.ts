/** The one map on a desk: scene, panel, drawer, tools and address joined. */

import type { ErrorEvent, Map as LibraryMap, MapMouseEvent } from "maplibre-gl";
import { say } from "../app/toasts";
import { element } from "../map/elements";
import { lengthText, roundLength } from "../map/scale";
import { Tip } from "../map/tools";
import { t } from "../words";
import type { Alarm } from "./alarms";
import type { Config, Found, Layer, Point, Values } from "./contract";
import { Dock, type DockView } from "./dock";
import { askInside, insideNodes, ringOf } from "./inside";
import type { Library } from "./library";
import { ALARM, News, STATIONS, stateWords } from "./news";
import { DAY } from "./paint";
import { Panel } from "./panel";
import type { Parts } from "./parts";
import { Printing } from "./printing";
import { Scene, type Hit } from "./scene";
import { Search } from "./search";
import { Sketch, type SketchKind } from "./sketch";
import { readState, writeState, type State } from "./state";
import { clockWords } from "./times";
import { Timeline, type Moment } from "./timeline";
import { NEAR_ZOOM, Watch } from "./watch";

const SCALE_PX = 110;

export class Desk {
  private readonly scene: Scene;
  private readonly panel: Panel;
  private readonly dock: Dock;
  private readonly sketch: Sketch;
  private readonly timeline: Timeline;
  private readonly news: News;
  private readonly watch: Watch;
  private readonly tip = new Tip();
  private readonly opacity: Record<string, number>;
  private chosen: State["chosen"];
  private drawnInside: readonly Point[] = [];

  constructor(
    private readonly parts: Parts,
    private readonly map: LibraryMap,
    private readonly config: Config,
    library: Library,
  ) {
    const told = readState(location.hash);
    this.opacity = { ...told.opacity };
    this.chosen = told.chosen;
    this.scene = new Scene(map, config, DAY, library);
    this.panel = new Panel(parts.part("layers"), config, this.scene, {
      shown: (layer, isVisible) => this.toggle(layer, isVisible),
      faded: (layer, share) => this.fade(layer, share),
      base: (key) => void this.lay(key),
    });
    this.scene.whenLoaded = (layer, state) => {
      this.panel.tell(layer, state);
      if (layer.live === ALARM && state === "ready") this.watch.fill(layer);
    };
    this.dock = new Dock(parts, (view) => this.docked(view));
    this.watch = new Watch({ parts, map, scene: this.scene, dock: this.dock, panel: this.panel, covered: () => this.padding().right }, (layer, values) => this.choose(layer, values));
    this.sketch = new Sketch(map, parts.part("sketch"), parts.part("aim"), config.inside_vertices - 1, {
      turned: (kind) => this.sketched(kind),
      enclosed: (points) => void this.enclose(points),
    });
    this.timeline = new Timeline(parts.part("time"), config.past, {
      moment: (moments, at) => this.showMoment(moments, at),
      opened: (isOpen) => {
        this.parts.press("time", isOpen);
        this.parts.root.classList.toggle("has-time", isOpen);
      },
    });
    this.news = new News(this.scene, {
      alarm: (alarm, isFresh) => {
        this.heard(alarm);
        this.watch.hear(alarm, isFresh);
      },
      stations: () => undefined,
      state: (state, isOut) => this.tellState(stateWords(state, isOut), state === "live"),
      missed: () => say(t("The connection was away for long: the map has been loaded anew."), { kind: "status", key: "missed" }),
    });
    new Search(parts.part("find"), config.search, (found) => this.goToFound(found));
    new Printing(parts, map, () => ({ title: `${config.area.name}${t("One map")}`, layers: this.shownKeys() }));
    this.parts.root.append(this.tip.root);
    this.listenToMap();
    this.listenToTools();
  }

  /** Show what the address tells; ready once the first layers are drawn. */
  async start(): Promise<void> {
    const told = readState(location.hash);
    if (told.base) await this.lay(told.base);
    const isWanted = (layer: Layer) => told.layers?.includes(layer.key) ?? layer.visible;
    const wanted = this.config.layers.filter(isWanted);
    const loads = wanted.map((layer) => this.scene.show(layer.key, true));
    for (const layer of this.config.layers) {
      const share = this.opacity[layer.key];
      if (share !== undefined) this.scene.fade(layer.key, share / 100);
      this.panel.mark(layer);
      if (layer.live === ALARM && !isWanted(layer)) loads.push(this.scene.load(layer));
    }
    this.parts.root.querySelectorAll<HTMLElement>('[data-tool="alarms"]').forEach((button) => (button.hidden = !this.watch.layer));
    await Promise.all(loads);
    if (this.chosen) this.openChosen();
    if (told.ago) this.openTime(told.ago);
    this.moved();
  }

  private shownKeys(): string[] {
    return this.config.layers.filter(({ key }) => this.scene.isShown(key)).map(({ key }) => key);
  }

  private listenToMap(): void {
    this.map.on("click", (event) => !this.sketch.isOpen && void this.press(event));
    this.map.on("mousemove", (event) => !this.sketch.isOpen && this.hover(event));
    this.map.on("mouseout", () => this.tip.show("", "", 0, 0));
    this.map.on("move", () => this.watch.move());
    this.map.on("moveend", () => this.moved());
    this.map.on("error", (event) => this.tellTrouble(event));
    window.addEventListener("hashchange", () => this.followAddress());
  }

  private listenToTools(): void {
    const { parts } = this;
    for (const kind of ["distance", "area", "inside"] as const) {
      parts.on(kind, () => (this.sketch.current === kind ? this.sketch.stop() : this.sketch.start(kind)));
    }
    parts.on("layers", () => this.togglePanel());
    parts.on("alarms", () => (this.dock.open === "alarms" ? this.dock.close() : this.watch.open()));
    parts.on("time", () => (this.timeline.isOpen ? this.timeline.close() : this.openTime(0)));
    parts.on("closer", () => this.map.zoomIn({ duration: 200 }));
    parts.on("farther", () => this.map.zoomOut({ duration: 200 }));
    parts.on("everything", () => this.map.fitBounds(this.config.bounds, { padding: this.padding(), duration: 400 }));
    parts.on("screen", () => void (document.fullscreenElement ? document.exitFullscreen() : parts.root.requestFullscreen()));
    parts.root.querySelector('[data-tool="link"]')?.addEventListener("click", ({ currentTarget }) => {
      this.write();
      (currentTarget as HTMLElement).dataset["copy"] = location.href;
    });
    if (!document.fullscreenEnabled) parts.root.querySelector('[data-tool="screen"]')?.remove();
    parts.part("card").addEventListener("submit", (event) => void this.send(event), { capture: true });
  }

  private padding(): { top: number; bottom: number; left: number; right: number } {
    const isWide = this.parts.root.clientWidth > 900;
    return isWide ? { top: 70, bottom: 40, left: 310, right: this.dock.open ? 400 : 40 } : { top: 70, bottom: 60, left: 24, right: 24 };
  }

  private togglePanel(): void {
    const isOpen = this.parts.root.classList.toggle("has-panel");
    this.parts.root.classList.toggle("no-panel", !isOpen);
    this.parts.root.querySelectorAll('[data-tool="layers"][aria-expanded]').forEach((button) => button.setAttribute("aria-expanded", String(isOpen)));
    if (isOpen) this.parts.part("layers").focus({ preventScroll: true });
  }

  private toggle(layer: Layer, isVisible: boolean): void {
    void this.scene.show(layer.key, isVisible);
    this.panel.mark(layer);
    if (!isVisible && this.chosen?.layer === layer.key && this.dock.open === "card") this.dock.close();
    this.write();
  }

  private fade(layer: Layer, share: number): void {
    this.scene.fade(layer.key, share);
    if (share < 1) this.opacity[layer.key] = Math.round(share * 100);
    else delete this.opacity[layer.key];
    this.write();
  }

  private async lay(key: string): Promise<void> {
    try {
      await this.scene.ground.lay(key);
    } catch {
      say(t("The base map could not be loaded."), { kind: "alert", key: "base" });
    }
    const source = this.parts.part("source");
    source.textContent = this.scene.ground.attribution;
    source.hidden = !source.textContent;
    this.write();
  }

  /** A base map from outside may refuse its key or not answer: the layers stay, and the person learns why the ground is empty. */
  private tellTrouble(event: ErrorEvent & { sourceId?: string }): void {
    if (!event.sourceId?.startsWith("base")) return console.error(event.error);
    say(t("Tiles of the base map do not come: the map service does not answer, or refuses the key of this site."), { kind: "alert", key: "base" });
  }

  private async press(event: MapMouseEvent): Promise<void> {
    const isTouch = event.originalEvent instanceof PointerEvent && event.originalEvent.pointerType === "touch";
    const hit = this.scene.under(event.point.x, event.point.y, isTouch);
    if (!hit) return this.dock.open === "card" ? this.dock.close() : undefined;
    if (hit.isCluster) return this.map.easeTo({ center: placeOf(hit, event), zoom: await this.scene.opening(hit), duration: 400 }) && undefined;
    this.choose(hit.layer, hit.thing.properties);
  }

  private hover(event: MapMouseEvent): void {
    const hit = this.scene.under(event.point.x, event.point.y);
    this.map.getCanvas().style.cursor = hit ? "pointer" : "";
    const words = hit?.isCluster ? t("{count} together", { count: String(hit.thing.properties["count"] ?? hit.thing.properties["point_count"]) }) : String(hit?.thing.properties[hit.layer.label || "name"] ?? "");
    const value = hit && !hit.isCluster ? String(hit.thing.properties["value"] ?? "") : "";
    this.tip.show(words, value || (hit?.layer.title ?? ""), event.point.x, event.point.y);
  }

  /** Choose a feature: mark it, and open its card. */
  private choose(layer: Layer, values: Values): void {
    this.chosen = { layer: layer.key, id: String(values["id"] ?? "") };
    this.scene.choose(this.chosen);
    this.tip.show("", "", 0, 0);
    this.dock.tell(layer, values);
    this.write();
  }

  private docked(view: DockView): void {
    this.parts.press("alarms", view === "alarms");
    if (view !== "card" && this.chosen) {
      this.chosen = null;
      this.scene.choose(null);
    }
    if (view !== "inside" && this.sketch.current === "inside") this.sketch.stop();
    this.write();
  }

  private openChosen(): void {
    const layer = this.chosen && this.scene.layer(this.chosen.layer);
    const id = this.chosen?.id;
    if (!layer || !id) return;
    const thing = this.scene.things(layer.key).find(({ properties }) => String(properties["id"]) === id);
    this.choose(layer, thing?.properties ?? { id: Number(id) });
  }

  private goToFound({ point, bounds, layer: key, id, url }: Found): void {
    const layer = this.scene.layer(key);
    if (layer && !this.scene.isShown(key)) this.toggle(layer, true);
    if (bounds && (bounds[0] !== bounds[2] || bounds[1] !== bounds[3])) this.map.fitBounds(bounds, { padding: this.padding(), maxZoom: 15, duration: 500 });
    else if (point) this.map.easeTo({ center: point, zoom: Math.max(this.map.getZoom(), NEAR_ZOOM), duration: 500 });
    if (layer && id !== null) {
      this.chosen = { layer: key, id: String(id) };
      this.openChosen();
    } else if (!point && !bounds && url) location.assign(url);
  }

  private sketched(kind: SketchKind | null): void {
    for (const name of ["distance", "area", "inside"]) this.parts.press(name, name === kind);
    if (kind === null && this.dock.open === "inside") this.dock.close();
    this.parts.root.classList.toggle("is-sketching", kind !== null);
  }

  private async enclose(points: readonly Point[]): Promise<void> {
    this.drawnInside = points;
    this.dock.show("inside", t("What is inside"), [element("div", { class: "skeleton onemap-skeleton w-75" }), element("div", { class: "skeleton onemap-skeleton w-50" })]);
    const answer = await askInside(this.config.inside, this.token, points);
    if (typeof answer === "string") return this.dock.renew("inside", [element("p", { class: "onemap-nothing", role: "alert" }, answer)]);
    this.dock.renew("inside", insideNodes(answer, (point) => this.map.easeTo({ center: point, zoom: Math.max(this.map.getZoom(), NEAR_ZOOM) }), () => this.takeAway()));
  }

  private takeAway(): void {
    const form = this.parts.part<HTMLFormElement>("export");
    (form.elements.namedItem("polygon") as HTMLInputElement).value = JSON.stringify(ringOf(this.drawnInside));
    form.submit();
  }

  private get token(): string {
    return this.parts.root.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value ?? "";
  }

  private openTime(ago: number): void {
    void this.timeline.open(ago);
  }

  private showMoment(moments: ReadonlyMap<number, Moment> | null, at: Date | null): void {
    const wasPast = this.news.isPaused;
    this.news.isPaused = moments !== null;
    this.parts.root.classList.toggle("is-past", moments !== null);
    for (const layer of this.config.layers) {
      if (layer.live === STATIONS && moments) this.scene.recolour(layer, moments as never);
      else if (layer.live === STATIONS && wasPast && this.scene.isShown(layer.key)) void this.scene.load(layer);
      if (layer.live === ALARM) this.scene.veil(layer.key, moments !== null);
    }
    if (at) this.tellState(t("This is how it was at {time}", { time: clockWords(at) }), false);
    else if (wasPast) this.tellState(t("Live"), true);
    this.write();
  }

  /** News of an alarm: the card that shows it, or its station, is read anew. */
  private heard(alarm: Alarm): void {
    if (this.chosen && this.dock.open === "card" && this.isOf(alarm)) this.dock.again();
  }

  private isOf(alarm: Alarm): boolean {
    const isStation = this.scene.layer(this.chosen?.layer ?? "")?.live === STATIONS;
    return this.chosen?.id === String(isStation ? alarm.station : alarm.id);
  }

  /** A form within a card is sent without leaving the map; the card then tells what came of it. */
  private async send(event: SubmitEvent): Promise<void> {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || form.hasAttribute("hx-post") || event.defaultPrevented) return;
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), headers: { "X-CSRFToken": this.token, "HX-Request": "true" } }).catch(() => null);
    const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
    const number = answer?.ok ? page.querySelector('main a[href^="tel:"]') : null;
    if (number) return void form.closest("dd")?.replaceChildren(document.importNode(number, true));
    if (!answer?.ok) {
      say(page.querySelector(".toast-body")?.textContent?.trim() || t("This was not done. Try again."), { kind: "alert", key: "card" });
    }
    this.dock.again();
    const { layer } = this.watch;
    if (layer) void this.scene.load(layer);
  }

  private tellState(words: string, isLive: boolean): void {
    const place = this.parts.part("live");
    if (isLive && this.news.isPaused) return;
    place.hidden = false;
    place.textContent = words;
    place.classList.toggle("is-live", isLive);
  }

  private moved(): void {
    const { lat, lng } = this.map.getCenter();
    const { metres, pixels } = roundLength({ zoom: this.map.getZoom(), latitude: lat, longitude: lng }, SCALE_PX);
    const bar = element("span", { class: "onemap-scale-bar" });
    bar.style.width = `${pixels}px`;
    this.parts.part("scale").replaceChildren(lengthText(metres), bar);
    this.write();
  }

  private followAddress(): void {
    const { view, chosen } = readState(location.hash);
    if (view) this.map.jumpTo({ center: [view.longitude, view.latitude], zoom: view.zoom });
    this.chosen = chosen;
    if (chosen) this.openChosen();
  }

  private write(): void {
    const { lat, lng } = this.map.getCenter();
    const view = { zoom: this.map.getZoom(), latitude: lat, longitude: lng };
    const base = this.scene.ground.isOwn ? "" : this.scene.ground.key;
    const told = { view, base, layers: this.shownKeys(), opacity: this.opacity, ago: this.timeline.ago, chosen: this.chosen };
    history.replaceState(history.state, "", writeState(told));
  }
}

function placeOf({ thing }: Hit, event: MapMouseEvent): [number, number] {
  return thing.geometry.type === "Point" ? (thing.geometry.coordinates as [number, number]) : [event.lngLat.lng, event.lngLat.lat];
}
