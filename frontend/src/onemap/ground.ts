/** What lies under the layers: our own ground, a file of tiles on this site, or 天地图 where the site has a key. */

import type { LayerSpecification, Map as LibraryMap } from "maplibre-gl";
import { PMTiles, Protocol, TileType } from "pmtiles";
import type { Base } from "./contract";
import type { Library } from "./library";

const ROADS = ["roads", "transportation", "road", "highway"];
const WATERS = ["water", "ocean", "lakes"];
const STREAMS = ["waterway", "rivers", "physical_line"];
const GREENS = ["landuse", "landcover", "natural", "park"];
const EDGES = ["boundaries", "boundary", "admin"];
const HOUSES = ["buildings", "building"];

type Sheet = ReadonlyArray<readonly [names: readonly string[], spec: object]>;
/** Quiet, whatever scheme the file follows: each of its layers is drawn by what its name says. */
const QUIET: Sheet = [
  [GREENS, { type: "fill", paint: { "fill-color": "#dfe8dc", "fill-opacity": 0.6 } }],
  [WATERS, { type: "fill", paint: { "fill-color": "#c3d9e8" }, filter: ["==", ["geometry-type"], "Polygon"] }],
  [STREAMS, { type: "line", paint: { "line-color": "#a9cbe2", "line-width": 1.2 } }],
  [HOUSES, { type: "fill", minzoom: 14, paint: { "fill-color": "#d9d6cf" } }],
  [ROADS, { type: "line", paint: { "line-color": "#ffffff", "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 13, 2, 17, 7] } }],
  [EDGES, { type: "line", paint: { "line-color": "#b3bdc7", "line-dasharray": [3, 2] } }],
];

export class BaseGround {
  private chosen = "";
  private added: { layers: string[]; sources: string[] } = { layers: [], sources: [] };
  private protocol: Protocol | null = null;
  private turn = 0;

  constructor(
    private readonly map: LibraryMap,
    private readonly bases: readonly Base[],
    private readonly library: Library,
    private readonly changed: () => void,
  ) {}

  get key(): string {
    return this.current?.key ?? "";
  }

  get isOwn(): boolean {
    return (this.current?.kind ?? "own") === "own";
  }

  get attribution(): string {
    return this.current?.attribution ?? "";
  }

  /** Lay this base under the layers; an unknown one is our own. */
  async lay(key: string): Promise<void> {
    this.turn += 1;
    const turn = this.turn;
    this.clear();
    this.chosen = key;
    const base = this.current;
    if (base?.kind === "raster") this.rasters(base);
    else if (base?.kind === "pmtiles" && base.url) await this.file(base.url, () => turn === this.turn);
    this.changed();
  }

  private get current(): Base | undefined {
    return this.bases.find(({ key }) => key === this.chosen) ?? this.bases[0];
  }

  private clear(): void {
    this.added.layers.forEach((id) => this.map.removeLayer(id));
    this.added.sources.forEach((id) => this.map.removeSource(id));
    this.added = { layers: [], sources: [] };
  }

  private rasters({ tiles, label_tiles: labels, tile_size: tileSize = 256, max_zoom: maxzoom = 18, attribution = "" }: Base): void {
    for (const [name, addresses] of [["base", tiles], ["base-names", labels]] as const) {
      if (addresses?.length) this.raster(name, { tiles: [...addresses], tileSize, maxzoom, attribution });
    }
  }

  private raster(name: string, source: object): void {
    this.map.addSource(name, { type: "raster", ...source } as never);
    this.added.sources.push(name);
    // Muted, so that what lies on it is louder.
    this.put({ id: name, type: "raster", source: name, paint: { "raster-saturation": -0.25, "raster-opacity": 0.92 } });
  }

  private async file(url: string, isWanted: () => boolean): Promise<void> {
    const address = new URL(url, location.href).href;
    const file = new PMTiles(address);
    if (!this.protocol) {
      this.protocol = new Protocol();
      this.library.addProtocol("pmtiles", this.protocol.tile);
    }
    this.protocol.add(file);
    const { tileType } = await file.getHeader();
    const told = (await file.getMetadata()) as { vector_layers?: ReadonlyArray<{ id: string }> };
    if (!isWanted()) return;
    if (tileType !== TileType.Mvt) return this.raster("base", { url: `pmtiles://${address}`, tileSize: 256 });
    this.map.addSource("base", { type: "vector", url: `pmtiles://${address}` });
    this.added.sources.push("base");
    const known = new Set((told.vector_layers ?? []).map(({ id }) => id));
    for (const [names, spec] of QUIET) {
      for (const name of names.filter((one) => known.has(one))) this.put({ id: `base-${name}`, source: "base", "source-layer": name, ...spec });
    }
  }

  private put(spec: object): void {
    const layer = spec as LayerSpecification;
    const above = this.map.getStyle().layers.find(({ id }) => id !== "ground" && !this.added.layers.includes(id));
    this.map.addLayer(layer, above?.id);
    this.added.layers.push(layer.id);
  }
}
