/** Colours of features: bands by the value of a property, one colour where it is missing. */

import type { Layer, Metric, Place, Properties } from "./settings";

const QUIET = { fill: "#e6ece4", line: "#8a94a3", point: "#1d4e89" } as const;

/** Return the property that colours the layer while this metric is chosen. */
export function propertyFor(layer: Layer, metric: string, metrics: readonly Metric[]): string {
  const chosen = metrics.find((one) => one.key === metric);
  return chosen?.layers.includes(layer.key) ? chosen.key : (layer.colour?.property ?? "");
}

export function missingColour(layer: Layer): string {
  return layer.colour?.missing ?? QUIET[layer.kind];
}

/** Return the colour of a feature: of the last stop at or below its value; below the first, the first. */
export function colourOf(layer: Layer, properties: Properties, property: string): string {
  const value = properties[property];
  const stops = layer.colour?.stops ?? [];
  if (typeof value !== "number" || !stops.length) return missingColour(layer);
  const reached = stops.filter(([floor]) => value >= floor).at(-1) ?? stops[0];
  return reached?.[1] ?? missingColour(layer);
}

/** Return the same as an expression that MapLibre evaluates. */
export function colourExpression(layer: Layer, property: string): unknown {
  const stops = layer.colour?.stops ?? [];
  const [first, ...others] = stops;
  if (!first || !property) return missingColour(layer);
  const value = ["get", property];
  const banded = others.length ? ["step", value, first[1], ...others.flatMap(([floor, colour]) => [floor, colour])] : first[1];
  return ["case", ["==", ["typeof", value], "number"], banded, missingColour(layer)];
}

export interface Band {
  colour: string;
  words: string;
  count: number;
}

/** Return the legend with how many of the drawn features have each colour. */
export function bands(
  legend: ReadonlyArray<readonly [string, string]>,
  places: readonly Place[],
  property: string,
): Band[] {
  const counts = new Map<string, number>();
  for (const { layer, shape } of places) {
    const colour = colourOf(layer, shape.properties, property).toLowerCase();
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return legend.map(([colour, words]) => ({ colour, words, count: counts.get(colour.toLowerCase()) ?? 0 }));
}

/** Tell whether dark letters read better on the colour than light ones. Source: WCAG 2, relative luminance. */
export function isLight(colour: string): boolean {
  const parts = /^#(..)(..)(..)$/.exec(colour)?.slice(1) ?? ["ff", "ff", "ff"];
  const [red = 1, green = 1, blue = 1] = parts.map((part) => {
    const share = parseInt(part, 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.25;
}
