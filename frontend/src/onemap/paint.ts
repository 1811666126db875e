/** How a layer is drawn, from its description alone: the library's layers for it. */

import type { LayerSpecification } from "maplibre-gl";
import type { Layer, LegendLine } from "./contract";
import { HOLLOW, named, PAPER, type Look } from "./symbols";

/** A way to see the whole: by day on a desk, by night on the wall. */
export interface Theme {
  ground: string;
  land: string | null;
  edge: string;
  way: number;
  ink: string;
  quietInk: string;
  halo: string;
  rim: string;
  water: string;
  letters: number;
  cluster: { paper: string; ink: string; calm: string };
}

export const DAY: Theme = {
  ground: "#e9edf0",
  land: null,
  edge: "#aebbb4",
  way: 1,
  ink: "#1f2a37",
  quietInk: "#51606f",
  halo: "rgba(255,255,255,0.9)",
  rim: PAPER,
  water: "#3b6f95",
  letters: 1,
  cluster: { paper: "#ffffff", ink: "#1f2a37", calm: "#7c8896" },
};
export const NIGHT: Theme = {
  ground: "#0a1626",
  land: "#12263d",
  edge: "#2f4d6e",
  way: 0.45,
  ink: "#dce8f5",
  quietInk: "#8fa9c4",
  halo: "rgba(8,18,32,0.9)",
  rim: "#0a1626",
  water: "#5d93bd",
  letters: 1.15,
  cluster: { paper: "#12263d", ink: "#dce8f5", calm: "#54708d" },
};

/** Names lie under the points: they give way to them, and are never written across one. */
export const NAMES = 27;
const MANY_AREAS = 60;
/** Where the name of an area may stand beside its middle: near first, then farther, in letters. */
const ASIDE = ["center", [0, 0], ...[0.7, 1.5].flatMap((far) => ["bottom", [0, -far], "top", [0, far], "left", [far, 0], "right", [-far, 0]])];
const MISSING = "#8a94a3";

/** A library layer, and where it lies: what covers the ground first, names last. */
export interface Part {
  spec: LayerSpecification;
  rank: number;
  /** Paint properties that follow the layer's opacity, with their full value. */
  fades: ReadonlyArray<readonly [property: string, full: unknown]>;
}

export const sourceOf = (layer: Layer): string => `layer-${layer.key}`;
export const labelSourceOf = (layer: Layer): string => (layer.source === "tiles" ? sourceOf(layer) : `names-${layer.key}`);

/** Return the expression of what colours the layer: the number, wherever it was told last. */
export function valueOf(layer: Layer, changed: ReadonlyMap<number, number> = new Map()): unknown {
  const own = ["get", layer.colour?.property ?? ""];
  if (!changed.size) return own;
  const byValue = new Map<number, number[]>();
  changed.forEach((value, id) => byValue.set(value, [...(byValue.get(value) ?? []), id]));
  return ["match", ["get", "id"], ...[...byValue].flatMap(([value, ids]) => [ids, value]), own];
}

function stepped(value: unknown, stops: ReadonlyArray<readonly [number, string]>, missing: string): unknown {
  const [first, ...others] = stops;
  if (!first) return missing;
  const banded = others.length ? ["step", value, first[1], ...others.flat()] : first[1];
  return ["case", ["==", ["typeof", value], "number"], banded, missing];
}

export function colourOf(layer: Layer, value: unknown): unknown {
  return stepped(value, layer.colour?.property ? layer.colour.stops : [], layer.colour?.missing ?? MISSING);
}

/** Return the lines of the legend that stand for a number, from the least. */
export function scaleOf(layer: Layer): LegendLine[] {
  return [...(layer.legend ?? [])].filter((line) => line.value !== null).sort((one, other) => Number(one.value) - Number(other.value));
}

export function lookOf(layer: Layer, line: Pick<LegendLine, "shape" | "colour">, theme: Theme, isHollow = false): Look {
  const shape = line.shape === "line" || line.shape === "fill" ? "circle" : line.shape;
  const isStrong = layer.live === "telemetry.alarm";
  return { shape, colour: line.colour, isHollow, isStrong, rim: isStrong ? PAPER : theme.rim };
}

/** Return the sign of each feature: by the shapes of the legend, hollow where the device fails and nothing else is wrong. */
export function signOf(layer: Layer, value: unknown, theme: Theme): unknown {
  const scale = scaleOf(layer);
  const plain = { shape: layer.legend?.[0]?.shape ?? "circle", colour: layer.colour?.missing ?? layer.legend?.[0]?.colour ?? MISSING } as const;
  const stops = scale.length ? scale.map((line) => [Number(line.value), named(lookOf(layer, line, theme))] as const) : (layer.colour?.stops ?? []).map(([floor, colour]) => [floor, named(lookOf(layer, { shape: "circle", colour }, theme))] as const);
  const full = layer.colour?.property ? stepped(value, stops, named(lookOf(layer, plain, theme))) : named(lookOf(layer, plain, theme));
  if (layer.colour?.property !== "hazard") return full;
  const fails = ["all", [">", ["coalesce", ["get", "device"], 0], 0], ["==", ["coalesce", value, 0], 0]];
  return ["case", fails, named(lookOf(layer, { shape: "circle", colour: HOLLOW }, theme, true)), full];
}

const byZoom = (width: number): unknown => ["interpolate", ["exponential", 1.4], ["zoom"], 8, width * 0.6, 11, width, 15, width * 2.4];
const IS_CLUSTER = ["has", "point_count"];
const isCluster = (layer: Layer): unknown => (layer.source === "tiles" ? ["==", ["get", "cluster"], true] : IS_CLUSTER);
const countOf = (layer: Layer): unknown => ["get", layer.source === "tiles" ? "count" : "point_count"];

class Painter {
  readonly parts: Part[] = [];

  constructor(
    private readonly layer: Layer,
    private readonly theme: Theme,
  ) {}

  add(rank: number, id: string, spec: object, fades: ReadonlyArray<readonly [string, unknown]>, source = sourceOf(this.layer), within = this.layer.source_layer): void {
    const isTiles = this.layer.source === "tiles" && within;
    const range = this.layer.min_zoom ? { minzoom: this.layer.min_zoom } : {};
    const whole = { id: `${this.layer.key}-${id}`, source, ...(isTiles ? { "source-layer": within } : {}), ...range, ...spec };
    this.parts.push({ spec: whole as LayerSpecification, rank, fades });
  }

  fill(only: object): void {
    const { layer, theme } = this;
    const isGround = layer.group === "ground";
    const colour = isGround && theme.land ? theme.land : colourOf(layer, valueOf(layer));
    const full = isGround ? 1 : 0.72;
    const edge = isGround ? theme.edge : "#ffffff";
    this.add(isGround ? 0 : 10, "fill", { type: "fill", ...only, paint: { "fill-color": colour, "fill-opacity": full, "fill-antialias": true } }, [["fill-opacity", full]]);
    this.add(isGround ? 1 : 11, "edge", { type: "line", ...only, layout: { "line-join": "round" }, paint: { "line-color": edge, "line-width": byZoom(layer.width ?? 0.8), "line-opacity": isGround ? 1 : 0.85 } }, [["line-opacity", isGround ? 1 : 0.85]]);
  }

  line(only: object): void {
    const { layer, theme } = this;
    const full = layer.group === "ground" ? theme.way : 0.9;
    const dash = layer.dash?.length ? { "line-dasharray": layer.dash } : {};
    this.add(20, "line", { type: "line", ...only, layout: { "line-join": "round", "line-cap": layer.dash?.length ? "butt" : "round" }, paint: { "line-color": colourOf(layer, valueOf(layer)), "line-width": byZoom(layer.width ?? 1.4), "line-opacity": full, ...dash } }, [["line-opacity", full]]);
  }

  points(only: unknown): void {
    const { layer } = this;
    const size = (layer.radius ?? 6) / 6;
    const filter = layer.clusters ? ["all", ["!", isCluster(layer)], only ?? true] : only;
    this.add(30, "point", {
      type: "symbol",
      ...(filter ? { filter } : {}),
      layout: {
        "icon-image": signOf(layer, valueOf(layer), this.theme),
        "icon-size": layer.live === "telemetry.alarm" ? 1 : ["interpolate", ["linear"], ["zoom"], 8, size * 0.62, 11, size * 0.9, 14, size * 1.15],
        "icon-allow-overlap": true,
        "icon-padding": 1,
        "symbol-sort-key": layer.colour?.property ? ["coalesce", ["to-number", ["get", layer.colour.property], 0], 0] : 0,
      },
      paint: { "icon-opacity": 1 },
    }, [["icon-opacity", 1]]);
    if (layer.clusters) this.clusters();
  }

  private clusters(): void {
    const { layer, theme } = this;
    const { paper, ink, calm } = theme.cluster;
    const count = countOf(layer);
    const radius = ["step", count, 11, 10, 13, 50, 16, 200, 19];
    const worst = ["coalesce", ["get", "worst"], 0];
    const ring = ["case", [">", worst, 0], colourOf(layer, worst), calm];
    this.add(31, "cluster", { type: "circle", filter: isCluster(layer), paint: { "circle-color": paper, "circle-radius": radius, "circle-stroke-color": ring, "circle-stroke-width": 3, "circle-opacity": 0.95, "circle-stroke-opacity": 1 } }, [["circle-opacity", 0.95], ["circle-stroke-opacity", 1]]);
    this.add(32, "cluster-count", {
      type: "symbol",
      filter: isCluster(layer),
      layout: { "text-field": ["to-string", count], "text-size": 12, "text-allow-overlap": true, "text-padding": 7 },
      paint: { "text-color": ink, "text-opacity": 1 },
    }, [["text-opacity", 1]]);
    this.add(33, "cluster-worst", {
      type: "symbol",
      filter: ["all", isCluster(layer), [">", worst, 0]],
      layout: { "icon-image": signOf({ ...layer, colour: { property: "worst", stops: layer.colour?.stops ?? [], missing: calm } }, worst, theme), "icon-size": 0.72, "icon-offset": [17, -15], "icon-allow-overlap": true, "icon-ignore-placement": true },
      paint: { "icon-opacity": 1 },
    }, [["icon-opacity", 1]]);
  }

  /** The mark around the chosen feature: an outline, or a ring. */
  chosen(): void {
    const nothing = ["==", ["get", "id"], "\u0000"];
    if (this.layer.kind !== "point") {
      this.add(25, "chosen-under", { type: "line", filter: nothing, layout: { "line-join": "round" }, paint: { "line-color": "#ffffff", "line-width": 6 } }, []);
      this.add(26, "chosen-line", { type: "line", filter: nothing, layout: { "line-join": "round" }, paint: { "line-color": "#0d2f5c", "line-width": 3 } }, []);
    }
    if (this.layer.kind === "point" || this.layer.kind === "mixed") {
      this.add(29, "chosen-ring", { type: "circle", filter: nothing, paint: { "circle-radius": 15, "circle-color": "#1d4e89", "circle-opacity": 0.18, "circle-stroke-color": "#0d2f5c", "circle-stroke-width": 2 } }, []);
    }
  }

  names(): void {
    const { layer, theme } = this;
    const isPoint = layer.kind === "point";
    const isLine = layer.kind === "line";
    const isGround = layer.group === "ground";
    const isArea = layer.kind === "fill";
    // Many areas are named only where there is room; few ones, the larger, in larger letters.
    const isMany = isArea && layer.count > MANY_AREAS;
    const size = (isArea && !isMany ? 14 : 12) * theme.letters;
    const within = layer.source === "tiles" && layer.kind === "fill" && layer.label_layer ? layer.label_layer : layer.source_layer;
    const from = layer.kind === "fill" ? labelSourceOf(layer) : sourceOf(layer);
    const place = isLine ? { "symbol-placement": "line", "symbol-spacing": 400 } : isPoint ? { "text-anchor": "top", "text-offset": [0, 1] } : {};
    const nearest = isPoint ? 11.5 : isMany ? 10.75 : 0;
    this.add(isPoint ? NAMES + 1 : NAMES, "name", {
      type: "symbol",
      ...(nearest ? { minzoom: Math.max(layer.min_zoom ?? 0, nearest) } : {}),
      ...(isPoint && layer.clusters ? { filter: ["!", isCluster(layer)] } : {}),
      layout: {
        "text-field": this.words(),
        "text-size": ["interpolate", ["linear"], ["zoom"], 8, size - 1, 11, size, 14, size + 2],
        "text-padding": 4,
        "text-max-width": 11,
        ...(isArea && !isMany ? { "text-letter-spacing": 0.08 } : {}),
        "text-line-height": 1.25,
        // The few large areas step aside for the points, and under them at last, so that one knows where one is.
        ...(isArea && !isMany ? { "text-variable-anchor-offset": ASIDE, "text-allow-overlap": true } : {}),
        ...place,
      },
      paint: { "text-color": isLine ? theme.water : isGround && (isMany || isPoint) ? theme.quietInk : theme.ink, "text-halo-color": theme.halo, "text-halo-width": 1.5, "text-opacity": 1 },
    }, [["text-opacity", 1]], from, within);
  }

  /** A station tells its value under its name. */
  private words(): unknown {
    const name = ["to-string", ["coalesce", ["get", this.layer.kind === "fill" && this.layer.source === "geojson" ? "label" : (this.layer.label ?? "name")], ""]];
    if (this.layer.live !== "telemetry.stations") return name;
    const value = ["coalesce", ["get", "value"], ""];
    return ["case", ["==", value, ""], name, ["concat", name, "\n", value]];
  }
}

const OF_KIND = (...kinds: string[]): unknown => ["in", ["geometry-type"], ["literal", kinds.flatMap((kind) => [kind, `Multi${kind}`])]];

/** Return the library's layers of a layer. */
export function partsOf(layer: Layer, theme: Theme): Part[] {
  const painter = new Painter(layer, theme);
  const isMixed = layer.kind === "mixed";
  const only = (...kinds: string[]) => (isMixed ? { filter: OF_KIND(...kinds) } : {});
  if (layer.kind === "fill" || isMixed) painter.fill(only("Polygon"));
  if (layer.kind === "line" || isMixed) painter.line(only("LineString"));
  if (layer.kind === "point" || isMixed) painter.points(isMixed ? OF_KIND("Point") : null);
  painter.chosen();
  if (layer.label) painter.names();
  return painter.parts;
}

/** Return the value that a paint property has when its layer is seen by this share. */
export function faded(full: unknown, share: number): unknown {
  return typeof full === "number" ? full * share : ["*", full, share];
}
