/** Web Mercator, as both ways of drawing have it, and the scale bar. */

import type { Position } from "geojson";
import type { Bounds, View } from "./settings";

const TILE = 512;
const EQUATOR_M = 40_075_016.686;

/** Return where a position lies on the world square, both 0 to 1 from the north-west. Source: EPSG:3857. */
export function project([longitude = 0, latitude = 0]: Position): [number, number] {
  const sine = Math.sin((Math.max(-85, Math.min(85, latitude)) * Math.PI) / 180);
  return [longitude / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

/** Return the position at a point of the world square. */
export function unproject(x: number, y: number): [longitude: number, latitude: number] {
  return [(x - 0.5) * 360, (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI];
}

/** Return how many pixels the world is wide at a zoom. */
export function worldSize(zoom: number): number {
  return TILE * 2 ** zoom;
}

const MARGIN = 28;
const PANEL = 240;
/** Narrower boxes than this have no room for panel and map side by side, in pixels. */
export const LEAST_WIDE = 560;
const NEAREST = 15;

/** Return the view that holds the bounds within a box of so many pixels; in a wide box, beside the panel. */
export function viewOf([west, south, east, north]: Bounds, width: number, height: number): View {
  const [left, bottom] = project([west, south]);
  const [right, top] = project([east, north]);
  const beside = width >= LEAST_WIDE ? PANEL : 0;
  const room = [Math.max(40, width - 2 * MARGIN - beside), Math.max(40, height - 2 * MARGIN)] as const;
  const scale = Math.min(room[0] / Math.max(right - left, 1e-9), room[1] / Math.max(bottom - top, 1e-9));
  const zoom = Math.max(0, Math.min(NEAREST, Math.log2(scale / TILE)));
  const [longitude, latitude] = unproject((left + right) / 2 - beside / 2 / worldSize(zoom), (top + bottom) / 2);
  return { zoom, latitude, longitude };
}

/** Return the longest round length that is at most `most` pixels, with its pixels: 1, 2 or 5 with noughts. */
export function roundLength({ zoom, latitude }: View, most: number): { metres: number; pixels: number } {
  const metresAPixel = (EQUATOR_M * Math.cos((latitude * Math.PI) / 180)) / worldSize(zoom);
  const longest = metresAPixel * most;
  const power = 10 ** Math.floor(Math.log10(longest));
  const metres = power * ([5, 2, 1].find((digit) => digit * power <= longest) ?? 1);
  return { metres, pixels: metres / metresAPixel };
}

export function lengthText(metres: number): string {
  return metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
}
