/** Points set on the map by hand or by keys: a length, an area, or what lies inside. */

import type { GeoJSONSource, Map as LibraryMap, MapMouseEvent } from "maplibre-gl";
import { element } from "../map/elements";
import { t } from "../words";
import type { Point } from "./contract";
import { areaOf, areaWords, crossesItself, lengthOf, lengthWords } from "./measure";

export type SketchKind = "distance" | "area" | "inside";
const LEAST: Readonly<Record<SketchKind, number>> = { distance: 2, area: 3, inside: 3 };
const COLOUR = "#7a1fa2";
const SOURCE = "sketch";

export interface SketchEvents {
  turned(kind: SketchKind | null): void;
  enclosed(points: readonly Point[]): void;
}

export class Sketch {
  private kind: SketchKind | null = null;
  private points: Point[] = [];
  private pointer: Point | null = null;
  private isDone = false;

  constructor(
    private readonly map: LibraryMap,
    private readonly readout: HTMLElement,
    private readonly aim: HTMLElement,
    private readonly most: number,
    private readonly events: SketchEvents,
  ) {
    this.prepare();
    map.on("click", (event) => this.press(event));
    map.on("dblclick", (event) => this.isOpen && (event.preventDefault(), this.finish()));
    map.on("mousemove", ({ lngLat }) => this.hover([lngLat.lng, lngLat.lat]));
    const canvas = map.getCanvas();
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => (this.aim.hidden = true));
    canvas.addEventListener("focus", () => (this.aim.hidden = !this.isOpen || !canvas.matches(":focus-visible")));
  }

  /** Tell whether a press on the map sets a point. */
  get isOpen(): boolean {
    return this.kind !== null && !this.isDone;
  }

  get current(): SketchKind | null {
    return this.kind;
  }

  start(kind: SketchKind): void {
    this.kind = kind;
    this.points = [];
    this.isDone = false;
    this.map.getCanvas().style.cursor = "crosshair";
    this.draw();
    this.events.turned(kind);
  }

  stop(): void {
    if (!this.kind) return;
    this.kind = null;
    this.points = [];
    this.isDone = false;
    this.aim.hidden = true;
    this.map.getCanvas().style.cursor = "";
    this.draw();
    this.events.turned(null);
  }

  private prepare(): void {
    this.map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    this.map.addLayer({ id: "sketch-fill", type: "fill", source: SOURCE, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": COLOUR, "fill-opacity": 0.12 } });
    this.map.addLayer({ id: "sketch-line", type: "line", source: SOURCE, filter: ["==", ["geometry-type"], "LineString"], layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": COLOUR, "line-width": 2.5 } });
    this.map.addLayer({ id: "sketch-dot", type: "circle", source: SOURCE, filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": "#ffffff", "circle-radius": 4.5, "circle-stroke-color": COLOUR, "circle-stroke-width": 2 } });
    this.map.addLayer({
      id: "sketch-words",
      type: "symbol",
      source: SOURCE,
      filter: ["==", ["geometry-type"], "Point"],
      layout: { "text-field": ["get", "words"], "text-size": 12, "text-anchor": "left", "text-offset": [0.8, 0], "text-allow-overlap": true },
      paint: { "text-color": COLOUR, "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
    });
  }

  private press({ lngLat, originalEvent }: MapMouseEvent): void {
    if (this.isOpen && originalEvent.detail < 2) this.add([lngLat.lng, lngLat.lat]);
  }

  private add(point: Point): void {
    if (this.points.length >= this.most) return;
    this.points.push(point);
    this.draw();
  }

  private hover(point: Point): void {
    if (!this.isOpen) return;
    this.pointer = point;
    this.map.getCanvas().style.cursor = "crosshair";
    if (this.points.length) this.paint();
  }

  private key(event: KeyboardEvent): void {
    if (!this.kind) return;
    if (event.key === "Escape") this.stop();
    else if (event.key === "Backspace" && this.isOpen) this.undo();
    else if ((event.key === "Enter" || event.key === " ") && this.isOpen) {
      event.preventDefault();
      const { lng, lat } = this.map.getCenter();
      this.pointer = null;
      this.aim.hidden = false;
      this.add([lng, lat]);
    }
  }

  private undo(): void {
    this.points.pop();
    this.draw();
  }

  private finish(): void {
    if (!this.kind || this.points.length < LEAST[this.kind]) return;
    this.isDone = true;
    this.pointer = null;
    this.map.getCanvas().style.cursor = "";
    this.draw();
    if (this.kind === "inside" && !this.isCrossed) this.events.enclosed(this.points);
  }

  private get isCrossed(): boolean {
    return this.kind !== "distance" && this.points.length > 3 && crossesItself(this.points);
  }

  private draw(): void {
    this.paint();
    this.tell();
  }

  private paint(): void {
    const line = this.isOpen && this.pointer && this.points.length ? [...this.points, this.pointer] : this.points;
    const ring = this.kind !== "distance" && line.length > 2 ? [...line, line[0] as Point] : [];
    const shape = (geometry: object, words = "") => ({ type: "Feature", properties: { words }, geometry });
    const features = [
      ...(ring.length ? [shape({ type: "Polygon", coordinates: [ring] })] : []),
      ...(line.length > 1 ? [shape({ type: "LineString", coordinates: ring.length ? ring : line })] : []),
      ...this.points.map((point, index) => shape({ type: "Point", coordinates: point }, this.kind === "distance" && index ? lengthWords(lengthOf(this.points.slice(0, index + 1))) : "")),
    ];
    (this.map.getSource(SOURCE) as GeoJSONSource).setData({ type: "FeatureCollection", features } as never);
  }

  private tell(): void {
    this.readout.hidden = !this.kind;
    if (!this.kind) return;
    const words = element("span", { class: "onemap-sketch-words" }, this.words(this.kind));
    const button = (text: string, act: () => void, isMain = false) => {
      const made = element("button", { type: "button", class: `btn btn-sm${isMain ? " btn-primary" : ""}` }, text);
      made.addEventListener("click", act);
      return made;
    };
    const buttons = [];
    if (this.isOpen && this.points.length) buttons.push(button(t("Back one point"), () => this.undo()));
    if (this.isOpen && this.points.length >= LEAST[this.kind]) buttons.push(button(t("Finish drawing"), () => this.finish(), true));
    if (this.isDone) buttons.push(button(t("Once more"), () => this.kind && this.start(this.kind)));
    buttons.push(button(t("Close"), () => this.stop()));
    this.readout.replaceChildren(words, ...buttons);
  }

  private words(kind: SketchKind): string {
    if (this.isCrossed) return t("The edges cross each other; take a point back");
    if (this.points.length < LEAST[kind]) return kind === "distance" ? t("Press on the map, point by point") : t("Press on the map around the area");
    if (kind === "distance") return t("Length {length}", { length: lengthWords(lengthOf(this.points)) });
    const around = lengthWords(lengthOf([...this.points, this.points[0] as Point]));
    return t("Area {area}, around it {length}", { area: areaWords(areaOf(this.points), t("mu")), length: around });
  }
}
