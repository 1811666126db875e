/** The map drawn by MapLibre (WebGL 2). */

import type { GeoJSONSource, LayerSpecification, Map as LibraryMap, MapMouseEvent } from "maplibre-gl";
import { asset } from "../assets";
import { t } from "../words";
import { colourExpression, colourOf, isLight, propertyFor } from "./colours";
import { inDrawingOrder, type Drawing, type Layer, type Listener, type MapSettings, type Place, type View } from "./settings";

type Library = typeof import("../maplibre");

const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei", system-ui, sans-serif';
const NOTHING = { type: "FeatureCollection", features: [] } as const;
const GROUND = "#eef1f3";

/**
 * Tell whether this browser draws quickly with WebGL 2. Without it MapLibre draws nothing and says nothing;
 * where the processor would have to draw in place of a graphics card, the plain drawing is the quicker one.
 */
export function hasWebGl(isSlowWelcome: boolean): boolean {
  try {
    const context = document.createElement("canvas").getContext("webgl2", { failIfMajorPerformanceCaveat: !isSlowWelcome });
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}

function byZoom(width: number): unknown {
  return ["interpolate", ["exponential", 1.4], ["zoom"], 8, width * 0.5, 11, width, 15, width * 2.5];
}

function range(layer: Layer): { minzoom?: number; maxzoom?: number } {
  return { ...(layer.minzoom === undefined ? {} : { minzoom: layer.minzoom }), ...(layer.maxzoom === undefined ? {} : { maxzoom: layer.maxzoom }) };
}

/** Return the library's layers for one of ours: what lies below, the thing itself, its edge, its name. */
function parts(layer: Layer, settings: MapSettings, colour: unknown, index: number): LayerSpecification[] {
  const base = { source: layer.key, ...range(layer) };
  const hasData = Boolean(layer.colour?.stops.length);
  const made: unknown[] = [];
  if (layer.kind === "fill") {
    const edge = hasData ? "#ffffff" : "#b4c0b6";
    made.push(
      { ...base, id: `${layer.key}-glow`, type: "line", paint: { "line-color": "#16283f", "line-opacity": 0.16, "line-width": 10, "line-blur": 9 } },
      { ...base, id: layer.key, type: "fill", paint: { "fill-color": colour, "fill-antialias": true } },
      { ...base, id: `${layer.key}-edge`, type: "line", layout: { "line-join": "round" }, paint: { "line-color": edge, "line-width": byZoom((layer.width ?? 1) * (index ? 0.8 : 1.3)) } },
    );
  } else if (layer.kind === "line") {
    made.push({ ...base, id: layer.key, type: "line", layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": colour, "line-width": byZoom(layer.width ?? 1.5), "line-opacity": settings.metrics?.length ? 0.55 : 1 } });
  } else {
    made.push({ ...base, id: layer.key, type: "circle", paint: { "circle-color": colour, "circle-radius": byZoom(5), "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.5 } });
  }
  if (layer.label) made.push(label(layer, index));
  return made as LayerSpecification[];
}

function label(layer: Layer, index: number): unknown {
  const isLine = layer.kind === "line";
  const size = layer.kind === "fill" && index === 0 ? 13.5 : 12;
  return {
    id: `${layer.key}-label`,
    type: "symbol",
    source: isLine ? layer.key : `${layer.key}-points`,
    ...range(layer),
    layout: {
      "text-field": ["get", isLine ? (layer.label ?? "") : "label"],
      "text-size": ["interpolate", ["linear"], ["zoom"], 8, size - 1.5, 11, size, 14, size + 2],
      "text-padding": 3,
      "text-max-width": 12,
      ...(isLine ? { "symbol-placement": "line", "symbol-spacing": 350 } : { "symbol-sort-key": ["get", "order"] }),
      ...(layer.kind === "point" ? { "text-anchor": "top", "text-offset": [0, 0.6] } : {}),
    },
    paint: isLine
      ? { "text-color": "#3b6f95", "text-halo-color": "#ffffff", "text-halo-width": 1.4 }
      : { "text-color": ["get", "ink"], "text-halo-color": ["get", "halo"], "text-halo-width": 1.2, "text-halo-blur": 0.4 },
  };
}

class GlDrawing implements Drawing {
  private readonly places = new Map<string, readonly Place[]>();
  private metric: string;

  constructor(
    private readonly map: LibraryMap,
    private readonly settings: MapSettings,
    private readonly listener: Listener,
  ) {
    this.metric = settings.metric ?? "";
    this.arrange();
    map.on("moveend", () => listener.moved());
    map.on("click", (event) => this.click(event));
    map.on("mousemove", (event) => this.hover(event));
    map.on("mouseout", () => this.leave());
  }

  put(layer: Layer, places: readonly Place[], isVisible: boolean): void {
    this.places.set(layer.key, places);
    const features = places.map(({ shape }, id) => ({ ...shape, id }));
    this.source(layer.key).setData({ type: "FeatureCollection", features } as never);
    this.name(layer);
    this.show(layer, isVisible);
  }

  show(layer: Layer, isVisible: boolean): void {
    for (const suffix of ["", "-glow", "-edge", "-label"]) {
      if (this.map.getLayer(layer.key + suffix)) this.map.setLayoutProperty(layer.key + suffix, "visibility", isVisible ? "visible" : "none");
    }
  }

  colour(metric: string): void {
    this.metric = metric;
    for (const layer of this.settings.layers) {
      if (!this.map.getLayer(layer.key)) continue;
      const property = `${layer.kind === "point" ? "circle" : layer.kind}-color` as "fill-color";
      this.map.setPaintProperty(layer.key, property, this.expression(layer) as never);
      if (this.places.has(layer.key)) this.name(layer);
    }
  }

  choose(place: Place | null): void {
    this.source("chosen").setData((place?.shape ?? NOTHING) as never);
  }

  zoomBy(steps: number): void {
    this.map.zoomTo(this.map.getZoom() + steps, { duration: 200 });
  }

  view(): View {
    const { lng, lat } = this.map.getCenter();
    return { zoom: this.map.getZoom(), latitude: lat, longitude: lng };
  }

  goTo({ zoom, latitude, longitude }: View): void {
    this.map.easeTo({ zoom, center: [longitude, latitude], duration: 300 });
  }

  settled(): Promise<void> {
    return new Promise((resolve) => void this.map.once("idle", () => resolve()));
  }

  private source(key: string): GeoJSONSource {
    return this.map.getSource(key) as GeoJSONSource;
  }

  private expression(layer: Layer): unknown {
    return colourExpression(layer, propertyFor(layer, this.metric, this.settings.metrics ?? []));
  }

  /** Put all layers in, empty: glow, fills, edges of the largest on top, lines, points, names of the largest on top. */
  private arrange(): void {
    const ordered = inDrawingOrder(this.settings.layers);
    for (const key of ["hovered", "chosen"]) this.map.addSource(key, { type: "geojson", data: NOTHING as never });
    const fills = ordered.filter((layer) => layer.kind === "fill");
    const made = ordered.flatMap((layer) => {
      this.map.addSource(layer.key, { type: "geojson", data: NOTHING as never });
      if (layer.label && layer.kind !== "line") this.map.addSource(`${layer.key}-points`, { type: "geojson", data: NOTHING as never });
      return parts(layer, this.settings, this.expression(layer), fills.indexOf(layer));
    });
    const rank = ({ id }: LayerSpecification) => (id.endsWith("-glow") ? 0 : id.endsWith("-edge") ? 2 : id.endsWith("-label") ? 5 : fills.some(({ key }) => key === id) ? 1 : 3);
    const names = (rankOf: number) => made.filter((part) => rank(part) === rankOf);
    [...names(0), ...names(1), ...names(2).reverse(), ...names(3), ...marks(), ...names(5).reverse()].forEach((part) => this.map.addLayer(part));
  }

  private name(layer: Layer): void {
    if (!layer.label || layer.kind === "line") return;
    const property = propertyFor(layer, this.metric, this.settings.metrics ?? []);
    const features = (this.places.get(layer.key) ?? [])
      .filter(({ name }) => name)
      .map(({ name, point, shape }, order) => {
        const onLight = layer.kind !== "fill" || isLight(colourOf(layer, shape.properties, property));
        const [ink, halo] = onLight ? ["#1f2a37", "rgba(255,255,255,0.85)"] : ["#ffffff", "rgba(22,40,63,0.55)"];
        return { type: "Feature", geometry: { type: "Point", coordinates: point }, properties: { label: name, order, ink, halo } };
      });
    this.source(`${layer.key}-points`).setData({ type: "FeatureCollection", features } as never);
  }

  private placeUnder(event: MapMouseEvent): Place | null {
    const ids = this.settings.layers.filter((layer) => layer.card && this.map.getLayer(layer.key)).map(({ key }) => key);
    const { x, y } = event.point;
    const found = this.map.queryRenderedFeatures([[x - 3, y - 3], [x + 3, y + 3]], { layers: ids });
    const exact = this.map.queryRenderedFeatures(event.point, { layers: ids });
    const [first] = found.filter(({ layer }) => layer.type === "circle").concat(exact, found);
    return first ? (this.places.get(first.layer.id)?.[Number(first.id)] ?? null) : null;
  }

  private click(event: MapMouseEvent): void {
    if (!this.listener.pressed(event.lngLat.lng, event.lngLat.lat)) this.listener.chosen(this.placeUnder(event));
  }

  private hover(event: MapMouseEvent): void {
    const place = this.placeUnder(event);
    this.map.getCanvas().style.cursor = place ? "pointer" : "";
    this.source("hovered").setData((place?.shape ?? NOTHING) as never);
    this.listener.hovered(place, event.point.x, event.point.y);
  }

  private leave(): void {
    this.source("hovered").setData(NOTHING as never);
    this.listener.hovered(null, 0, 0);
  }
}

function marks(): LayerSpecification[] {
  const line = (source: string, width: number, colour: string) => ({
    id: source,
    type: "line",
    source,
    layout: { "line-join": "round" },
    paint: { "line-color": colour, "line-width": width },
  });
  return [line("hovered", 2, "#1f2a37"), { ...line("chosen", 6, "#ffffff"), id: "chosen-under" }, line("chosen", 3, "#0d2f5c")] as LayerSpecification[];
}

/** Return a map drawn by MapLibre within the place; rejects where the browser cannot. */
export async function drawWithGl(place: HTMLElement, settings: MapSettings, listener: Listener, view: View): Promise<Drawing> {
  const library = (await import(asset("maplibre", "maplibre.js"))) as Library;
  library.setWorkerUrl(asset("worker", "maplibre-worker.js"));
  const map = new library.Map({
    container: place,
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": GROUND } }] },
    center: [view.longitude, view.latitude],
    zoom: view.zoom,
    maxZoom: 17,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    localIdeographFontFamily: FONT,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
    canvasContextAttributes: { preserveDrawingBuffer: true, antialias: true },
    locale: {
      "Map.Title": place.parentElement?.getAttribute("aria-label") ?? t("Map"),
      "CooperativeGesturesHandler.MobileHelpText": t("Move the map with two fingers"),
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  await new Promise<void>((resolve, reject) => {
    map.once("load", () => resolve());
    map.once("error", ({ error }) => reject(error));
  });
  return new GlDrawing(map, settings, listener);
}
