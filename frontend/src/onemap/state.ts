/** What the map shows, in its address, so that a view can be sent: #map=10.2/28.45/109.48&layers=rivers,stations&sel=stations:12 */

import type { View } from "../map/settings";

export interface State {
  view: View | null;
  base: string;
  layers: readonly string[] | null;
  /** Opacity in percent of layers that somebody changed. */
  opacity: Readonly<Record<string, number>>;
  /** How many minutes before now; 0 is now. */
  ago: number;
  chosen: { layer: string; id: string } | null;
}

const numbers = (text: string | null): number[] => (text ?? "").split("/").map((part) => (part ? Number(part) : NaN));

function viewIn(text: string | null): View | null {
  const [zoom = NaN, latitude = NaN, longitude = NaN] = numbers(text);
  const isWhole = [zoom, latitude, longitude].every(Number.isFinite) && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return isWhole ? { zoom, latitude, longitude } : null;
}

function opacityIn(text: string | null): Record<string, number> {
  const pairs = (text ?? "").split(",").map((pair) => pair.split(":"));
  const known = pairs.filter(([key, value]) => key && value && Number(value) >= 0 && Number(value) <= 100);
  return Object.fromEntries(known.map(([key, value]) => [key, Number(value)]));
}

/** Return the state that an address tells; what it does not tell, or tells wrongly, is left open. */
export function readState(hash: string): State {
  const told = new URLSearchParams(hash.replace(/^#/, ""));
  const ago = Number(told.get("ago"));
  const [layer = "", id = ""] = (told.get("sel") ?? "").split(":");
  return {
    view: viewIn(told.get("map")),
    base: told.get("base") ?? "",
    layers: told.has("layers") ? (told.get("layers") ?? "").split(",").filter(Boolean) : null,
    opacity: opacityIn(told.get("opacity")),
    ago: Number.isFinite(ago) && ago > 0 && ago <= 1440 ? Math.round(ago) : 0,
    chosen: layer && id ? { layer, id } : null,
  };
}

/** Return the address of a state. */
export function writeState({ view, base, layers, opacity, ago, chosen }: State): string {
  const parts = [];
  if (view) parts.push(`map=${view.zoom.toFixed(2)}/${view.latitude.toFixed(5)}/${view.longitude.toFixed(5)}`);
  if (base) parts.push(`base=${encodeURIComponent(base)}`);
  if (layers) parts.push(`layers=${layers.map(encodeURIComponent).join(",")}`);
  const changed = Object.entries(opacity).map(([key, value]) => `${encodeURIComponent(key)}:${Math.round(value)}`);
  if (changed.length) parts.push(`opacity=${changed.join(",")}`);
  if (ago) parts.push(`ago=${Math.round(ago)}`);
  if (chosen) parts.push(`sel=${encodeURIComponent(chosen.layer)}:${encodeURIComponent(chosen.id)}`);
  return `#${parts.join("&")}`;
}
