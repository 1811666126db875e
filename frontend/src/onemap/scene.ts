/** The map as it is drawn: layers by their description, what lies under a point, what is chosen. */

import type { GeoJSONSource, LayerSpecification, Map as LibraryMap, MapGeoJSONFeature, PointLike, VectorTileSource } from "maplibre-gl";
import { labelPoint } from "../map/geometry";
import type { Config, Layer, Thing } from "./contract";
import { BaseGround } from "./ground";
import type { Library } from "./library";
import { faded, labelSourceOf, NAMES, partsOf, signOf, sourceOf, valueOf, type Part, type Theme } from "./paint";

const NOTHING = { type: "FeatureCollection", features: [] } as const;
const CLUSTER_RADIUS = 20;
const CLUSTERS_UP_TO = 11;
/** Pixels around the pointer that still count as on the thing. */
const NEAR = 4;
const FINGER = 14;

export interface Hit {
  layer: Layer;
  thing: MapGeoJSONFeature;
  isCluster: boolean;
}

export type LoadState = "loading" | "ready" | "failed";

export class Scene {
  readonly ground: BaseGround;
  /** What layers of GeoJSON hold, as last told. */
  private readonly held = new Map<string, Thing[]>();
  private readonly parts = new Map<string, Part[]>();
  private readonly shares = new Map<string, number>();
  private readonly shown = new Set<string>();
  private readonly changed = new Map<string, Map<number, number>>();
  private readonly loading = new Map<string, Promise<boolean>>();
  private times = 0;
  /** Told when a layer of GeoJSON was loaded, or could not be. */
  whenLoaded: (layer: Layer, state: LoadState) => void = () => undefined;

  constructor(
    readonly map: LibraryMap,
    readonly config: Config,
    private readonly theme: Theme,
    library: Library,
  ) {
    this.ground = new BaseGround(map, config.base, library, () => this.repaintGround());
    this.arrange();
  }

  layer(key: string): Layer | undefined {
    return this.config.layers.find((one) => one.key === key);
  }

  isShown(key: string): boolean {
    return this.shown.has(key);
  }

  share(key: string): number {
    return this.shares.get(key) ?? 1;
  }

  things(key: string): readonly Thing[] {
    return this.held.get(key) ?? [];
  }

  /** Show the layer or hide it; one that was never seen is loaded now. */
  async show(key: string, isVisible: boolean): Promise<boolean> {
    const layer = this.layer(key);
    if (!layer) return false;
    if (isVisible) this.shown.add(key);
    else this.shown.delete(key);
    for (const { spec } of this.parts.get(key) ?? []) this.map.setLayoutProperty(spec.id, "visibility", isVisible ? "visible" : "none");
    return !isVisible || layer.source === "tiles" || this.held.has(key) || this.load(layer);
  }

  /** Hide a layer for a while without taking it from the list. */
  veil(key: string, isVeiled: boolean): void {
    const isSeen = this.shown.has(key) && !isVeiled;
    for (const { spec } of this.parts.get(key) ?? []) this.map.setLayoutProperty(spec.id, "visibility", isSeen ? "visible" : "none");
  }

  /** Draw the layer by this share of its full strength, 0 to 1. */
  fade(key: string, share: number): void {
    this.shares.set(key, share);
    const layer = this.layer(key);
    const isCovered = layer?.group === "ground" && layer.kind === "fill" && !this.ground.isOwn;
    for (const { spec, fades } of this.parts.get(key) ?? []) {
      for (const [property, full] of fades) this.map.setPaintProperty(spec.id, property as never, faded(full, isCovered && spec.type === "fill" ? 0 : share) as never);
    }
  }

  /** Load a layer of GeoJSON, or ask for its tiles anew; tell whether it came. */
  load(layer: Layer): Promise<boolean> {
    if (layer.source === "tiles") {
      this.times += 1;
      (this.map.getSource(sourceOf(layer)) as VectorTileSource | undefined)?.setTiles([`${absolute(layer.url)}?t=${this.times}`]);
      this.changed.delete(layer.key);
      return Promise.resolve(true);
    }
    const found = this.loading.get(layer.key) ?? this.fetch(layer).finally(() => this.loading.delete(layer.key));
    this.loading.set(layer.key, found);
    return found;
  }

  /** Draw these features in place of what the layer held. */
  put(layer: Layer, things: Thing[]): void {
    this.held.set(layer.key, things);
    this.source(sourceOf(layer))?.setData({ type: "FeatureCollection", features: things } as never);
    if (layer.kind === "fill" && layer.label) this.source(labelSourceOf(layer))?.setData({ type: "FeatureCollection", features: names(layer, things) } as never);
  }

  /** Colour features of a layer anew: `values` by id; of tiles, only those that changed since they were drawn. */
  recolour(layer: Layer, values: ReadonlyMap<number, Readonly<Record<string, unknown>>>): void {
    const property = layer.colour?.property ?? "";
    if (layer.source === "geojson") {
      const told = this.things(layer.key).map((thing) => {
        const news = values.get(Number(thing.properties["id"]));
        return news ? { ...thing, properties: { ...thing.properties, ...news } } : thing;
      });
      if (this.held.has(layer.key)) this.put(layer, told);
      return;
    }
    const changed = this.changed.get(layer.key) ?? new Map<number, number>();
    values.forEach((news, id) => changed.set(id, Number(news[property] ?? 0)));
    this.changed.set(layer.key, changed);
    this.map.setLayoutProperty(`${layer.key}-point`, "icon-image", signOf(layer, valueOf(layer, changed), this.theme) as never);
  }

  choose(chosen: { layer: string; id: string } | null): void {
    for (const [key, parts] of this.parts) {
      const id = chosen?.layer === key ? chosen.id : "\u0000";
      const filter = ["==", ["to-string", ["get", "id"]], id];
      for (const { spec } of parts) if (spec.id.includes("-chosen-")) this.map.setFilter(spec.id, filter as never);
    }
  }

  /** Return what lies under the point: points before lines before areas, the topmost first. */
  under(x: number, y: number, isTouch = false): Hit | null {
    const reach = isTouch ? FINGER : NEAR;
    const box: [PointLike, PointLike] = [[x - reach, y - reach], [x + reach, y + reach]];
    const ids = [...this.parts.values()].flat().map(({ spec }) => spec.id).filter((id) => /-(point|cluster|line|fill)$/.test(id));
    const near = this.map.queryRenderedFeatures(box, { layers: ids });
    const fine = near.filter(({ layer }) => layer.type !== "fill");
    const exact = this.map.queryRenderedFeatures([x, y], { layers: ids });
    for (const thing of [...fine.filter(({ layer }) => layer.type !== "line"), ...fine, ...exact]) {
      const layer = this.layer(thing.layer.id.replace(/-(point|cluster|line|fill)$/, ""));
      if (layer && (layer.card?.length || layer.card_url || layer.link)) return { layer, thing, isCluster: thing.layer.id.endsWith("-cluster") };
    }
    return null;
  }

  /** Return how far to zoom in so that a cluster opens. */
  async opening({ layer, thing }: Hit): Promise<number> {
    if (layer.source === "tiles") return this.map.getZoom() + 2;
    const number = thing.properties["cluster_id"] as number;
    return (await this.source(sourceOf(layer))?.getClusterExpansionZoom(number)) ?? this.map.getZoom() + 2;
  }

  private source(key: string): GeoJSONSource | undefined {
    return this.map.getSource(key) as GeoJSONSource | undefined;
  }

  private async fetch(layer: Layer): Promise<boolean> {
    this.whenLoaded(layer, "loading");
    try {
      const response = await fetch(layer.url, { headers: { Accept: "application/geo+json, application/json", "X-Quiet": "1" } });
      if (!response.ok) throw new Error(String(response.status));
      const { features } = (await response.json()) as { features: Thing[] };
      this.put(layer, features.filter(({ geometry }) => geometry));
      this.whenLoaded(layer, "ready");
      return true;
    } catch {
      this.whenLoaded(layer, "failed");
      return false;
    }
  }

  private arrange(): void {
    const made: Array<Part & { order: number }> = [];
    for (const layer of this.config.layers) {
      this.addSource(layer);
      const parts = partsOf(layer, this.theme);
      this.parts.set(layer.key, parts);
      made.push(...parts.map((part) => ({ ...part, order: layer.order })));
    }
    const rank = (part: Part & { order: number }) => (part.rank >= 30 && part.rank < 40 ? 30 : part.rank);
    // The uppermost name is placed first: of two areas the larger, which is the lower one, keeps its name.
    const order = (part: Part & { order: number }) => (part.rank === NAMES ? -part.order : part.order);
    made.sort((one, other) => rank(one) - rank(other) || order(one) - order(other) || one.rank - other.rank);
    for (const { spec } of made) this.map.addLayer({ ...spec, layout: { ...spec.layout, visibility: "none" } } as LayerSpecification);
    for (const layer of this.config.layers) if (layer.opacity !== undefined && layer.opacity < 1) this.fade(layer.key, layer.opacity);
  }

  private addSource(layer: Layer): void {
    if (layer.source === "tiles") {
      const zooms = { minzoom: layer.tile_min_zoom ?? 0, maxzoom: layer.tile_max_zoom ?? 14 };
      this.map.addSource(sourceOf(layer), { type: "vector", tiles: [absolute(layer.url)], ...zooms });
      return;
    }
    const worst = { worst: ["max", ["coalesce", ["get", layer.colour?.property ?? ""], 0]] };
    const cluster = layer.clusters ? { cluster: true, clusterRadius: CLUSTER_RADIUS, clusterMaxZoom: CLUSTERS_UP_TO, clusterProperties: worst } : {};
    this.map.addSource(sourceOf(layer), { type: "geojson", data: NOTHING as never, ...(cluster as object) });
    if (layer.kind === "fill" && layer.label) this.map.addSource(labelSourceOf(layer), { type: "geojson", data: NOTHING as never });
  }

  private repaintGround(): void {
    for (const { key, group } of this.config.layers) if (group === "ground") this.fade(key, this.share(key));
  }
}

/** Return an address as the library's worker needs it, whose own address is another; {z} stays as it is. */
function absolute(url: string): string {
  return /^https?:/.test(url) ? url : `${location.origin}${url}`;
}

function names(layer: Layer, things: readonly Thing[]): object[] {
  return things.map(({ properties, geometry }) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: labelPoint(geometry) },
    properties: { ...properties, label: String(properties[layer.label ?? "name"] ?? "") },
  }));
}
