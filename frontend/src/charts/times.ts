/** Readings over time: a line or bars on an axis of true time, limits as dashed lines, what is not believed as marks. */

import { bandSeries, bandText, EXPECTED, isOfBand, type Band } from "./band";
import type { Surroundings } from "./settings";

/** What the page says of readings; times are seconds since 1970. */
export interface TimeChart {
  kind: "time";
  bars: boolean;
  unit: string;
  since: number;
  until: number;
  /** Seconds to add for the clock of the place. */
  offset: number;
  limits: ReadonlyArray<{ name: string; colour: number; value: number }>;
  series: ReadonlyArray<{ name: string; points: ReadonlyArray<readonly [number, number | null]>; dashed?: boolean }>;
  /** Where a forecast is expected to lie. */
  band?: Band;
  flagged: ReadonlyArray<readonly [number, number]>;
  words: { flagged: string };
}

type Options = Record<string, unknown>;

/** Blue, yellow, orange, red as on the map. */
const WARNING = ["#7c8896", "#1668c7", "#b58900", "#d9680f", "#c8201a"] as const;
const LINES = ["#1d4e89", "#5f7387"] as const;
const INK = "#1f2a37";
const QUIET = "#566273";

/** Return an instant as the clock of the place shows it: 11-23 14:05. */
export function clockText(seconds: number, offset: number): string {
  return new Date((seconds + offset) * 1000).toISOString().slice(5, 16).replace("T", " ");
}

/** Return how long each bar is, seconds. */
function step(chart: TimeChart): number {
  const points = chart.series[0]?.points ?? [];
  return points.length > 1 ? (points[1]?.[0] ?? 0) - (points[0]?.[0] ?? 0) : 3600;
}

/** Return where a point stands on the axis: a bar in the middle of the span that it tells of. */
function place(chart: TimeChart, seconds: number): number {
  return (seconds + chart.offset - (chart.bars ? step(chart) / 2 : 0)) * 1000;
}

function measured(chart: TimeChart): Options[] {
  return chart.series.map((series, index) => ({
    name: series.name,
    type: chart.bars ? "bar" : "line",
    data: series.points.map(([time, value]) => [place(chart, time), value ?? "-"]),
    connectNulls: false,
    showSymbol: series.points.length < 40,
    symbolSize: 5,
    barMaxWidth: 22,
    color: series.dashed ? EXPECTED : LINES[index % LINES.length],
    lineStyle: { width: 2, type: series.dashed ? "dashed" : "solid" },
    z: 3,
  }));
}

function limits(chart: TimeChart): Options[] {
  return chart.limits.map(({ name, colour, value }) => ({
    name,
    type: "line",
    data: [chart.since, chart.until].map((time) => [(time + chart.offset) * 1000, value]),
    symbol: "none",
    silent: true,
    color: WARNING[colour] ?? WARNING[0],
    lineStyle: { width: 1.5, type: "dashed" },
    z: 2,
  }));
}

function flagged(chart: TimeChart): Options[] {
  if (!chart.flagged.length || chart.bars) return [];
  const data = chart.flagged.map(([time, value]) => [(time + chart.offset) * 1000, value]);
  return [{ name: chart.words.flagged, type: "line", data, symbol: "emptyTriangle", symbolSize: 8, color: QUIET, lineStyle: { width: 0, opacity: 0 }, z: 4 }];
}

/** Return the least and the greatest value to draw: what is not believed does not stretch the axis beyond twice its height. */
export function reach(chart: TimeChart): readonly [number, number] | null {
  const told = chart.series.flatMap(({ points }) => points.map(([, value]) => value)).filter((value): value is number => value !== null);
  const all = [...told, ...(chart.band?.points ?? []).flatMap(([, low, high]) => [low, high]), ...chart.limits.map(({ value }) => value)];
  if (!all.length) return null;
  const [least, greatest] = [Math.min(...all, ...(chart.bars ? [0] : [])), Math.max(...all)];
  const margin = (greatest - least || Math.abs(greatest) * 0.1 || 1) * 0.06;
  return [chart.bars ? least : least - margin, greatest + margin];
}

function tip(chart: TimeChart, around: Surroundings, points: ReadonlyArray<{ seriesName: string; value: readonly [number, number | string] }>): string {
  const shown = points.filter(({ seriesName }) => !chart.limits.some(({ name }) => name === seriesName) && !isOfBand(chart.band, seriesName));
  const first = shown[0] ?? points[0];
  if (!first) return "";
  const [time] = first.value;
  const half = (chart.bars ? step(chart) / 2 : 0) * 1000;
  const from = new Date(time - half).toISOString().slice(5, 16).replace("T", " ");
  const head = chart.bars ? `${from} – ${new Date(time + half).toISOString().slice(5, 16).replace("T", " ")}` : from;
  const lines = shown.map(({ seriesName, value }) => `${seriesName}  ${typeof value[1] === "number" ? `${around.number(value[1])} ${chart.unit}` : "–"}`);
  const interval = bandText(chart.band, time / 1000 - chart.offset, around.number, chart.unit);
  return [head, ...lines, ...interval].join("\n");
}

/** Return what ECharts draws. */
export function timeOptions(chart: TimeChart, around: Surroundings, shared: Options, legend: number): Options {
  const bounds = reach(chart);
  const isLong = chart.until - chart.since > 5 * 86400;
  return {
    ...shared,
    legend: { ...(shared["legend"] as Options), data: timeNames(chart) },
    useUTC: true,
    grid: { left: 8, right: 20, top: chart.unit ? 34 : 16, bottom: 8 + legend, containLabel: true },
    xAxis: {
      type: "time",
      min: (chart.since + chart.offset) * 1000,
      max: (chart.until + chart.offset) * 1000,
      axisLine: { lineStyle: { color: "#b9c2cd" } },
      axisLabel: {
        color: INK,
        fontSize: 12,
        hideOverlap: true,
        formatter: isLong ? "{MM}-{dd}" : { year: "{MM}-{dd}", month: "{MM}-{dd}", day: "{MM}-{dd}", hour: "{HH}:{mm}", minute: "{HH}:{mm}", second: "{HH}:{mm}" },
      },
    },
    yAxis: {
      type: "value",
      name: chart.unit,
      nameTextStyle: { color: QUIET, fontSize: 12, align: "left", padding: 0 },
      ...(bounds ? { min: chart.bars ? 0 : bounds[0], max: bounds[1] } : {}),
      axisLabel: { color: QUIET, fontSize: 12, hideOverlap: true, showMinLabel: chart.bars, showMaxLabel: false, formatter: (one: number) => around.number(one) },
      splitLine: { lineStyle: { color: "#edf0f4" } },
    },
    tooltip: { ...(shared["tooltip"] as Options), trigger: "axis", formatter: (points: Parameters<typeof tip>[2]) => tip(chart, around, points) },
    series: [...bandSeries(chart.band, (seconds) => place(chart, seconds)), ...measured(chart), ...limits(chart), ...flagged(chart)],
  };
}

/** Return the names that the legend tells; limits stand with shape and value below the chart. */
export function timeNames(chart: TimeChart): string[] {
  return [...chart.series, ...(chart.band ? [chart.band] : [])].map(({ name }) => name).concat(chart.flagged.length && !chart.bars ? [chart.words.flagged] : []);
}

/** Return how the chart reads to those who do not see it; the table beside it tells the rest. */
export function timeDescription(chart: TimeChart): string {
  const told = chart.series.map(({ name, points }) => {
    const values = points.map(([, value]) => value).filter((value): value is number => value !== null);
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    return values.length ? `${name}: ${least} – ${greatest} ${chart.unit}, ${values.at(-1)} ${chart.unit}` : `${name}: –`;
  });
  const drawn = chart.limits.map(({ name, value }) => `${name} ${value} ${chart.unit}`);
  return [`${clockText(chart.since, chart.offset)} – ${clockText(chart.until, chart.offset)}`, ...told, ...drawn].join("; ");
}
