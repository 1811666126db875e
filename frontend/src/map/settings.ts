/** What the page says of a map, and features as all parts of the map know them. */

import type { Feature, FeatureCollection, Geometry, Position } from "geojson";

export type Bounds = [west: number, south: number, east: number, north: number];
export type Stop = readonly [floor: number, colour: string];

export interface Colouring {
  property: string;
  stops: readonly Stop[];
  missing: string;
}

export interface Layer {
  key: string;
  title: string;
  kind: "fill" | "line" | "point";
  url: string;
  visible?: boolean;
  minzoom?: number;
  maxzoom?: number;
  label?: string;
  link?: string;
  card?: ReadonlyArray<readonly [title: string, property: string]>;
  colour?: Colouring;
  width?: number;
}

export interface Metric {
  key: string;
  title: string;
  layers: readonly string[];
}

export interface MapSettings {
  layers: readonly Layer[];
  metrics?: readonly Metric[];
  metric?: string;
  bounds?: Bounds;
  legend?: ReadonlyArray<readonly [colour: string, words: string]>;
  /** Ids of the fields that a press on the map fills in. */
  pick?: PickFields;
}

export interface PickFields {
  longitude: string;
  latitude: string;
}

export type Properties = Readonly<Record<string, unknown>>;
export type Shape = Feature<Geometry, Properties>;
export type Shapes = FeatureCollection<Geometry, Properties>;

/** A feature of a layer, the place of its label, and its name. */
export interface Place {
  layer: Layer;
  shape: Shape;
  name: string;
  point: Position;
}

/** What every way of drawing the map can do; the panel, the card and the address bar work with any. */
export interface Drawing {
  put(layer: Layer, places: readonly Place[], isVisible: boolean): void;
  show(layer: Layer, isVisible: boolean): void;
  colour(metric: string): void;
  choose(place: Place | null): void;
  zoomBy(steps: number): void;
  view(): View;
  /** Go to the view, by a short flight where the reader wants motion. */
  goTo(view: View): void;
  /** Resolves once everything that was put is seen. */
  settled(): Promise<void>;
}

export interface View {
  zoom: number;
  latitude: number;
  longitude: number;
}

/** What a drawing tells those who listen. */
export interface Listener {
  moved(): void;
  /** Somebody pressed here; true if that chose a place for a form, so that no card opens. */
  pressed(longitude: number, latitude: number): boolean;
  chosen(place: Place | null): void;
  hovered(place: Place | null, x: number, y: number): void;
}

/** Return the layers as they lie on each other: fills, lines, points; within a kind as the page gives them. */
export function inDrawingOrder(layers: readonly Layer[]): Layer[] {
  return (["fill", "line", "point"] as const).flatMap((kind) => layers.filter((layer) => layer.kind === kind));
}

/** Return the address that the feature's page has, "" where there is none: {code} is filled from its properties. */
export function linkOf(layer: Layer, properties: Properties): string {
  let isWhole = true;
  const link = (layer.link ?? "").replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = properties[name];
    isWhole &&= value !== undefined && value !== null && value !== "";
    return encodeURIComponent(String(value ?? ""));
  });
  return isWhole ? link : "";
}

/** Return what a property says, as people read it. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "number") return new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 }).format(value);
  return String(value);
}
