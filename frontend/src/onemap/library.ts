/** The drawing library: fetched once, and only where the browser can draw with it. */

import type { Map as LibraryMap, MapOptions } from "maplibre-gl";
import { asset } from "../assets";
import { t } from "../words";
import { looked, pixels, RATIO } from "./symbols";

export type Library = typeof import("../maplibre");

/** How long tiles are gathered before they are drawn together. */
const GATHERING_MS = 150;
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei", system-ui, sans-serif';

/** Tell whether this browser has WebGL 2: without it the library draws nothing and says nothing. */
export function canDraw(): boolean {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}

export async function loadLibrary(): Promise<Library> {
  const library = (await import(asset("maplibre", "maplibre.js"))) as Library;
  library.setWorkerUrl(asset("worker", "maplibre-worker.js"));
  return library;
}

/** Return an empty map within the place, as soon as it can take layers. */
export async function openMap(library: Library, place: HTMLElement, options: Partial<MapOptions>, ground: string): Promise<LibraryMap> {
  const map = new library.Map({
    container: place,
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": ground } }] },
    maxZoom: 18,
    minZoom: 4,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    localIdeographFontFamily: FONT,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    locale: { "Map.Title": t("Map") },
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.setMissingStyleImageResolver((id) => {
    const look = looked(id);
    if (look && !map.hasImage(id)) map.addImage(id, pixels(look), { pixelRatio: RATIO });
  });
  drawSparingly(map);
  await new Promise<void>((resolve, reject) => {
    map.once("style.load", () => resolve());
    map.once("error", ({ error }) => reject(error));
  });
  return map;
}

/** While tiles come in and nothing moves, draw what came together: without a graphics card a frame takes longer than a tile. */
function drawSparingly(map: LibraryMap): void {
  const draw = map.triggerRepaint.bind(map);
  let waiting = 0;
  map.triggerRepaint = () => {
    if (waiting) return;
    if (map.isMoving() || map.areTilesLoaded()) return draw();
    waiting = window.setTimeout(() => {
      waiting = 0;
      draw();
    }, GATHERING_MS);
  };
}
