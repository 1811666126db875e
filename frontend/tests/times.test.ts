import { equal, deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import { numberText } from "../src/charts/settings";
import { clockText, reach, timeDescription, timeNames, timeOptions, type TimeChart } from "../src/charts/times";

const AROUND = { width: 600, height: 320, isStill: true, font: "sans-serif", number: numberText };
const HOUR = 3600;
const LEVELS: TimeChart = {
  kind: "time",
  bars: false,
  unit: "m",
  since: 0,
  until: 3 * HOUR,
  offset: 8 * HOUR,
  limits: [{ name: "警戒水位", colour: 2, value: 57.5 }],
  series: [{ name: "水位", points: [[HOUR, 56], [2 * HOUR, null], [3 * HOUR, 57]] }],
  flagged: [[2 * HOUR, 999]],
  words: { flagged: "不予采信" },
};

type Drawn = { xAxis: { min: number }; yAxis: { min: number; max: number }; series: Array<{ name: string; type: string; data: unknown[] }> };
const drawn = (chart: TimeChart) => timeOptions(chart, AROUND, {}, 0) as unknown as Drawn;

test("instants stand by the clock of the place, whatever the browser's", () => {
  equal(clockText(0, 8 * HOUR), "01-01 08:00");
  equal(drawn(LEVELS).xAxis.min, 8 * HOUR * 1000);
});

test("a missing value is a hole, a limit a line from end to end, what is not believed a mark", () => {
  const [line, limit, marks] = drawn(LEVELS).series;
  deepEqual(line?.data.at(1), [10 * HOUR * 1000, "-"]);
  equal(limit?.data.length, 2);
  deepEqual(marks?.data, [[10 * HOUR * 1000, 999]]);
});

test("what is not believed does not stretch the axis; limits do", () => {
  const [least, greatest] = reach(LEVELS) ?? [0, 0];
  ok(least < 56 && greatest > 57.5 && greatest < 60);
});

test("a bar stands in the middle of the span that it tells of, from zero", () => {
  const rain: TimeChart = { ...LEVELS, bars: true, unit: "mm", limits: [], flagged: [], series: [{ name: "雨量", points: [[HOUR, 2], [2 * HOUR, 4]] }] };
  deepEqual(drawn(rain).series[0]?.data[0], [(8 * HOUR + HOUR / 2) * 1000, 2]);
  equal(drawn(rain).yAxis.min, 0);
});

test("the legend names what is drawn and marked; the description tells least, greatest and last", () => {
  deepEqual(timeNames(LEVELS), ["水位", "不予采信"]);
  equal(timeDescription(LEVELS), "01-01 08:00 – 01-01 11:00; 水位: 56 – 57 m, 57 m; 警戒水位 57.5 m");
});

test("nothing known is no reach", () => {
  equal(reach({ ...LEVELS, limits: [], series: [{ name: "水位", points: [[HOUR, null]] }] }), null);
});
