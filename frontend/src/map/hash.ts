/** The state of a map in the address, so that a view can be sent to a colleague: #map=9.2/28.45/109.48&metric=org&layers=rivers,villages */

import type { View } from "./settings";

export interface State {
  view: View | null;
  metric: string;
  layers: readonly string[] | null;
}

/** Return the state that an address tells; what is not told, or is no number, is left open. */
export function readHash(hash: string): State {
  const told = new URLSearchParams(hash.replace(/^#/, ""));
  const [zoom = NaN, latitude = NaN, longitude = NaN] = (told.get("map") ?? "").split("/").map((part) => (part ? Number(part) : NaN));
  const isWhole = [zoom, latitude, longitude].every(Number.isFinite) && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return {
    view: isWhole ? { zoom, latitude, longitude } : null,
    metric: told.get("metric") ?? "",
    layers: told.has("layers") ? (told.get("layers") ?? "").split(",").filter(Boolean) : null,
  };
}

/** Return the address of a state. */
export function writeHash({ view, metric, layers }: State): string {
  const parts = [];
  if (view) parts.push(`map=${view.zoom.toFixed(2)}/${view.latitude.toFixed(4)}/${view.longitude.toFixed(4)}`);
  if (metric) parts.push(`metric=${encodeURIComponent(metric)}`);
  if (layers) parts.push(`layers=${layers.map(encodeURIComponent).join(",")}`);
  return `#${parts.join("&")}`;
}
