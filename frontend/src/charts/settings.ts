/** What the page says of a chart, and the same as ECharts wants it. */

import { timeDescription, timeNames, timeOptions, type TimeChart } from "./times";

export interface Series {
  name: string;
  values: ReadonlyArray<number | null>;
}

export type Chart = PlainChart | TimeChart;

export interface PlainChart {
  kind: "radar" | "bar" | "line";
  axes?: readonly string[];
  categories?: readonly string[];
  max?: number;
  unit?: string;
  horizontal?: boolean;
  stacked?: boolean;
  series: readonly Series[];
}

/** How much room and motion the reader's screen gives. */
export interface Surroundings {
  width: number;
  height: number;
  isStill: boolean;
  font: string;
  number: (value: number) => string;
}

type Options = Record<string, unknown>;

/** Own, county, like units, and further: told apart by lightness and by dash, not by hue alone. */
export const COLOURS = ["#1d4e89", "#b9772b", "#5f7387", "#6aa0a6", "#8a6fa8"] as const;
const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], "solid"] as const;
const MARKS = ["circle", "rect", "diamond", "triangle", "emptyCircle"] as const;
const LETTER_PX = 13;
const LEGEND_LINE_PX = 24;
const LABEL_GAP_PX = 20;
const INK = "#1f2a37";
const QUIET = "#566273";
const LINE = "#dfe4ea";

function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

/** Return the width of a line of text in pixels: Chinese letters are as wide as high, others a good half. */
function wide(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e80 ? LETTER_PX : LETTER_PX * 0.58), 0);
}

/** Return how high the legend is: its names fill line after line. */
export function legendHeight(names: readonly string[], width: number): number {
  if (names.length < 2) return 0;
  let lines = 1;
  let filled = 0;
  for (const name of names) {
    const item = wide(name) + 18 + 5 + 18;
    if (filled && filled + item > width) {
      lines += 1;
      filled = 0;
    }
    filled += item;
  }
  return lines * LEGEND_LINE_PX + 6;
}

/** Return a number as people read it: separators, at most two decimals. */
export function numberText(value: number): string {
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 }).format(value);
}

/** Break a label of Chinese into lines of at most `most` letters; other words break at spaces. */
export function broken(label: string, most: number): string {
  if (label.length <= most) return label;
  if (/\s/.test(label)) {
    const lines = [""];
    for (const word of label.split(/\s+/)) {
      const line = lines.at(-1) ?? "";
      if (line && line.length + 1 + word.length > most) lines.push(word);
      else lines[lines.length - 1] = line ? `${line} ${word}` : word;
    }
    return lines.join("\n");
  }
  // Only Chinese may break anywhere; a single word of another script stays whole.
  if (!/\p{Script=Han}/u.test(label)) return label;
  return label.replace(new RegExp(`(.{${most}})(?=.)`, "gu"), "$1\n");
}

function shared(chart: Chart, around: Surroundings): Options {
  const isNamed = chart.kind === "time" ? timeNames(chart).length > 1 : chart.series.length > 1;
  return {
    animation: !around.isStill,
    animationDuration: 350,
    color: [...COLOURS],
    textStyle: { fontFamily: around.font, color: INK },
    legend: {
      show: isNamed,
      bottom: 0,
      icon: "roundRect",
      itemWidth: 18,
      itemHeight: 4,
      itemGap: 18,
      textStyle: { color: INK, fontSize: 13 },
    },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: "#fff",
      borderColor: LINE,
      borderRadius: 6,
      padding: [8, 12],
      textStyle: { color: INK, fontSize: 13, lineHeight: 20 },
    },
  };
}

function withUnit(value: number | null | undefined, chart: PlainChart, around: Surroundings): string {
  return value === null || value === undefined ? "–" : `${around.number(value)}${chart.unit ? ` ${chart.unit}` : ""}`;
}

function radar(chart: PlainChart, around: Surroundings): Options {
  const axes = chart.axes ?? chart.categories ?? [];
  const labels = axes.map((axis) => broken(axis, 9).split("\n"));
  const beside = Math.max(0, ...labels.flat().map(wide));
  const above = 12 + 18 * Math.max(1, ...labels.map((lines) => lines.length));
  const room = around.height - legendHeight(chart.series.map(({ name }) => name), around.width) - 2 * above;
  // A pentagon of radius 1 reaches 0.81 below its middle: the middle lies a little lower than half.
  const radius = Math.max(40, Math.min(room / 1.81, (around.width / 2 - beside - LABEL_GAP_PX) / 0.95));
  return {
    ...shared(chart, around),
    tooltip: {
      ...(shared(chart, around)["tooltip"] as Options),
      trigger: "item",
      formatter: ({ seriesIndex }: { seriesIndex: number }) => {
        const series = chart.series[seriesIndex];
        const lines = axes.map((axis, index) => `${axis}  ${withUnit(series?.values[index], chart, around)}`);
        return [series?.name ?? "", ...lines].join("\n");
      },
    },
    radar: {
      indicator: axes.map((name) => ({ name, max: chart.max ?? 100, min: 0 })),
      center: ["50%", above + (room - 1.81 * radius) / 2 + radius],
      radius,
      clockwise: true,
      splitNumber: 5,
      axisName: { color: INK, fontSize: 13, lineHeight: 18, formatter: (name?: string) => broken(name ?? "", 9) },
      axisLine: { lineStyle: { color: LINE } },
      splitLine: { lineStyle: { color: LINE } },
      splitArea: { areaStyle: { color: ["#fff", "#f8fafc"] } },
    },
    series: chart.series.map((series, index) => ({
      type: "radar",
      name: series.name,
      z: chart.series.length - index,
      symbol: at(MARKS, index),
      symbolSize: index ? 5 : 7,
      lineStyle: { width: index ? 1.75 : 2.5, type: at(DASHES, index), color: at(COLOURS, index) },
      itemStyle: { color: at(COLOURS, index) },
      ...(index ? {} : { areaStyle: { color: at(COLOURS, 0), opacity: 0.14 } }),
      data: [{ name: series.name, value: series.values.map((value) => value ?? "-") }],
    })),
  };
}

function axes(chart: PlainChart, around: Surroundings): Options {
  const room = (0.9 * around.width) / Math.max(1, chart.categories?.length ?? 0) / LETTER_PX;
  const most = chart.horizontal ? (around.width < 420 ? 7 : 12) : Math.max(4, Math.floor(room));
  const category = {
    type: "category",
    data: [...(chart.categories ?? [])],
    axisTick: { show: false },
    axisLine: { lineStyle: { color: "#b9c2cd" } },
    axisLabel: { color: INK, fontSize: 13, interval: chart.horizontal ? 0 : "auto", formatter: (name: string) => broken(name, most) },
    ...(chart.horizontal ? { inverse: true } : {}),
  };
  const value = {
    type: "value",
    name: chart.unit ?? "",
    nameTextStyle: { color: QUIET, fontSize: 12, align: chart.horizontal ? "right" : "left", padding: 0 },
    ...(chart.max === undefined ? {} : { max: chart.max }),
    axisLabel: { color: QUIET, fontSize: 12, hideOverlap: true, formatter: (one: number) => around.number(one) },
    splitLine: { lineStyle: { color: "#edf0f4" } },
  };
  return chart.horizontal ? { xAxis: value, yAxis: category } : { xAxis: category, yAxis: value };
}

function bars(chart: PlainChart, index: number, around: Surroundings): Options {
  const isLabelled = chart.series.length === 1 && (chart.categories?.length ?? 0) <= 30;
  return {
    type: "bar",
    barMaxWidth: 22,
    barGap: "15%",
    itemStyle: { color: at(COLOURS, index), borderRadius: chart.stacked ? 0 : chart.horizontal ? [0, 2, 2, 0] : [2, 2, 0, 0] },
    label: {
      show: isLabelled && (chart.horizontal || around.width > 480),
      position: chart.horizontal ? "right" : "top",
      color: QUIET,
      fontSize: 12,
      formatter: ({ value }: { value: number }) => around.number(value),
    },
    ...(chart.stacked ? { stack: "all" } : {}),
  };
}

function lines(index: number): Options {
  return {
    type: "line",
    symbol: at(MARKS, index),
    symbolSize: 6,
    connectNulls: false,
    lineStyle: { width: 2, type: at(DASHES, index) },
    itemStyle: { color: at(COLOURS, index) },
  };
}

function cartesian(chart: PlainChart, around: Surroundings): Options {
  const base = shared(chart, around);
  return {
    ...base,
    ...axes(chart, around),
    grid: { left: 8, right: chart.horizontal ? 44 : 16, top: chart.unit && !chart.horizontal ? 34 : 16, bottom: 8 + legendHeight(chart.series.map(({ name }) => name), around.width), containLabel: true },
    tooltip: {
      ...(base["tooltip"] as Options),
      trigger: "axis",
      axisPointer: { type: chart.kind === "bar" ? "shadow" : "line", shadowStyle: { color: "rgb(29 78 137 / 6%)" } },
      formatter: (points: ReadonlyArray<{ name: string; seriesIndex: number; dataIndex: number }>) => {
        const told = points.map(({ seriesIndex, dataIndex }) => {
          const series = chart.series[seriesIndex];
          return `${series?.name ?? ""}  ${withUnit(series?.values[dataIndex], chart, around)}`;
        });
        return [points[0]?.name ?? "", ...told].join("\n");
      },
    },
    series: chart.series.map((series, index) => ({
      name: series.name,
      data: series.values.map((value) => value ?? "-"),
      ...(chart.kind === "bar" ? bars(chart, index, around) : lines(index)),
    })),
  };
}

/** Return what ECharts draws. */
export function optionsOf(chart: Chart, around: Surroundings): Options {
  if (chart.kind === "time") {
    return timeOptions(chart, around, shared(chart, around), legendHeight(timeNames(chart), around.width));
  }
  return chart.kind === "radar" ? radar(chart, around) : cartesian(chart, around);
}

/** Return how the chart reads to those who do not see it. */
export function description(chart: Chart): string {
  if (chart.kind === "time") return timeDescription(chart);
  const places = chart.axes ?? chart.categories ?? [];
  const told = (series: Series) => places.map((place, index) => `${place} ${series.values[index] ?? "–"}`).join(", ");
  return chart.series.map((series) => `${series.name}: ${told(series)}`).join("; ");
}
