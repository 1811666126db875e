/** What a layer's signs mean, the same beside the map and on the wall. */

import { element } from "../map/elements";
import { t } from "../words";
import type { Layer, LegendLine } from "./contract";
import { ALARM } from "./news";
import { hollowSign, legendSign, PAPER } from "./symbols";

const isAlarm = (layer: Layer): boolean => layer.live === ALARM;

/** Return a line for each sign of the layer; none where its one sign stands beside its title. */
export function legendOf(layer: Layer, rim = PAPER): HTMLElement[] {
  const lines = layer.legend ?? [];
  const told = lines.length > 1 ? lines.map((line) => element("li", {}, legendSign(line, isAlarm(layer), rim), element("span", {}, line.words))) : [];
  if (layer.colour?.property === "hazard") told.push(element("li", {}, hollowSign(rim), element("span", {}, t("device in trouble"))));
  return told;
}

/** Return the sign beside the layer's title; a layer of many signs is told by its loudest one. */
export function titleSign(layer: Layer): HTMLElement {
  const lines = layer.legend ?? [];
  const [only] = lines;
  if (only && lines.length === 1) return legendSign(only);
  return legendSign(loudestOf(lines) ?? { shape: layer.kind === "point" ? "circle" : layer.kind === "line" ? "line" : "fill", colour: layer.colour?.missing ?? "#8a94a3" }, isAlarm(layer));
}

function loudestOf(lines: readonly LegendLine[]): LegendLine | undefined {
  return [...lines].sort((one, other) => Number(other.value ?? -1) - Number(one.value ?? -1))[0];
}
