/** What the server says of the map: its layers, its base, and what it answers when asked. */

import type { Feature, Geometry } from "geojson";

export type Bounds = [west: number, south: number, east: number, north: number];
export type Point = [longitude: number, latitude: number];
export type Values = Readonly<Record<string, unknown>>;
export type Thing = Feature<Geometry, Record<string, unknown>>;

export type Sign = "circle" | "square" | "triangle" | "diamond" | "line" | "fill";

export interface LegendLine {
  colour: string;
  words: string;
  shape: Sign;
  value: number | null;
}

export interface Layer {
  key: string;
  title: string;
  group: string;
  kind: "point" | "line" | "fill" | "mixed";
  order: number;
  visible: boolean;
  count: number;
  source: "geojson" | "tiles";
  url: string;
  stamp?: string;
  tile_min_zoom?: number;
  tile_max_zoom?: number;
  source_layer?: string;
  label_layer?: string;
  label?: string;
  min_zoom?: number;
  width?: number;
  radius?: number;
  opacity?: number;
  dash?: readonly number[];
  colour?: { property: string; stops: ReadonlyArray<readonly [number, string]>; missing: string };
  legend?: readonly LegendLine[];
  card?: ReadonlyArray<readonly [title: string, property: string]>;
  card_url?: string;
  link?: string;
  live?: string;
  clusters?: boolean;
}

export interface Base {
  key: string;
  title: string;
  kind: "own" | "pmtiles" | "raster";
  url?: string;
  tiles?: readonly string[];
  label_tiles?: readonly string[];
  tile_size?: number;
  max_zoom?: number;
  attribution?: string;
}

export interface Config {
  area: { code: string; name: string };
  bounds: Bounds;
  plain: string;
  search: string;
  inside: string;
  inside_export: string;
  past: string;
  print: string;
  wall: string;
  wall_data: string;
  config: string;
  inside_vertices: number;
  base: readonly Base[];
  groups: ReadonlyArray<{ key: string; title: string }>;
  layers: readonly Layer[];
}

export interface Found {
  kind: string;
  kind_title: string;
  title: string;
  detail: string;
  point: Point | null;
  bounds: Bounds | null;
  layer: string;
  id: number | null;
  url: string;
}

export interface InsideGroup {
  key: string;
  title: string;
  count: number;
  figures: ReadonlyArray<{ words: string; value: number; unit: string }>;
  columns: readonly string[];
  rows: ReadonlyArray<{ cells: readonly string[]; url: string; point: Point | null }>;
  left_off: number;
}

export interface Inside {
  area_km2: number;
  groups: readonly InsideGroup[];
  notes: readonly string[];
}

export interface PastStation {
  hazard: ReadonlyArray<readonly [index: number, colour: number]>;
  device: ReadonlyArray<readonly [index: number, colour: number]>;
  /** A station that told nothing has neither. */
  property?: string;
  values?: ReadonlyArray<number | null>;
}

export interface Past {
  start: number;
  step: number;
  count: number;
  names: Readonly<Record<string, { title: string; unit: string; decimals: number }>>;
  stations: Readonly<Record<string, PastStation>>;
}

/** News of an alarm, as the stream tells it. */
export interface AlarmNews {
  id: number;
  version: number;
  station: number;
  code: string;
  name: string;
  place: string;
  kind: string;
  rule: { zh: string; en: string };
  quantity: string;
  unit_words: string;
  decimals: number;
  colour: number;
  highest: number;
  state: string;
  news: string;
  value: number | null;
  limit: number | null;
  raised_at: string;
  known_at: string;
  lon: number;
  lat: number;
  division_code: string;
}

/** Stations that changed, as the stream tells it. */
export interface StationNews {
  stations: ReadonlyArray<readonly [id: number, hazard: number, device: number, values: Readonly<Record<string, number | null>>]>;
}

/** Return the address with {name} filled from the properties, "" when one of them is missing. */
export function filled(address: string | undefined, values: Values): string {
  let isWhole = Boolean(address);
  const made = (address ?? "").replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    isWhole &&= value !== undefined && value !== null && value !== "";
    return encodeURIComponent(String(value ?? ""));
  });
  return isWhole ? made : "";
}
