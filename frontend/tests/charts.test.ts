import assert from "node:assert/strict";
import { test } from "node:test";
import { broken, description, legendHeight, numberText, optionsOf, type Chart } from "../src/charts/settings";

const AROUND = { width: 600, height: 320, isStill: true, font: "sans-serif", number: numberText };
const RADAR: Chart = {
  kind: "radar",
  axes: ["Organisation", "Capability"],
  max: 100,
  series: [{ name: "Liuxi", values: [82, null] }, { name: "County", values: [70, 66] }],
};
type Loose = Record<string, any>;

test("tooltips are drawn and never written as markup", () => {
  for (const kind of ["radar", "bar", "line"] as const) {
    const options = optionsOf({ ...RADAR, kind, categories: ["a", "b"] }, AROUND) as Loose;

    assert.equal(options["tooltip"]["renderMode"], "richText");
  }
});

test("what is missing is no zero", () => {
  const options = optionsOf(RADAR, AROUND) as Loose;

  assert.deepEqual(options["series"][0]["data"][0]["value"], [82, "-"]);
});

test("nothing moves for those who do not want it", () => {
  assert.equal((optionsOf(RADAR, AROUND) as Loose)["animation"], false);
  assert.equal((optionsOf(RADAR, { ...AROUND, isStill: false }) as Loose)["animation"], true);
});

test("series differ by dash as well as by colour", () => {
  const [own, county] = (optionsOf(RADAR, AROUND) as Loose)["series"] as Loose[];

  assert.notEqual(own?.["lineStyle"]["type"], county?.["lineStyle"]["type"]);
});

test("a single series has no legend", () => {
  const single = { ...RADAR, series: RADAR.series.slice(0, 1) };

  assert.equal((optionsOf(single, AROUND) as Loose)["legend"]["show"], false);
});

test("a legend is as high as its lines", () => {
  assert.equal(legendHeight(["柳溪镇"], 300), 0);
  assert.equal(legendHeight(["柳溪镇", "全县"], 300), 30);
  assert.equal(legendHeight(["柳溪镇", "全县乡镇平均", "同类单位平均（山区）"], 300), 54);
});

test("long labels break: Chinese anywhere, other words at spaces", () => {
  assert.equal(broken("应急物资储备点覆盖率", 7), "应急物资储备点\n覆盖率");
  assert.equal(broken("Emergency stock points", 12), "Emergency\nstock points");
  assert.equal(broken("柳溪镇", 7), "柳溪镇");
});

test("a chart reads as a sentence", () => {
  assert.equal(description(RADAR), "Liuxi: Organisation 82, Capability –; County: Organisation 70, Capability 66");
});

test("the interval of a forecast is a band between its ends, also below zero", () => {
  const points = [[0, -0.2, -0.2], [3600, -0.3, 0.1]] as const;
  const chart: Chart = {
    kind: "time", bars: false, unit: "m", since: 0, until: 3600, offset: 0, limits: [], flagged: [], words: { flagged: "" },
    series: [{ name: "level", points: [[0, -0.2]] }, { name: "forecast", points: [[3600, -0.1]], dashed: true }],
    band: { name: "interval", points },
  };

  const options = optionsOf(chart, AROUND) as Loose;

  const [floor, between, , forecast] = options["series"] as Loose[];
  assert.deepEqual(floor?.["data"], [[0, -0.2], [3600000, -0.3]]);
  assert.deepEqual(between?.["data"], [[0, 0], [3600000, 0.4]]);
  assert.equal(between?.["stackStrategy"], "all");
  assert.equal(forecast?.["lineStyle"]["type"], "dashed");
  assert.deepEqual(options["legend"]["data"], ["level", "forecast", "interval"]);
  assert.ok(options["yAxis"]["min"] < -0.3 && options["yAxis"]["max"] > 0.1);
  const tip = options["tooltip"]["formatter"]([
    { seriesName: "band-floor", value: [3600000, -0.3] },
    { seriesName: "interval", value: [3600000, 0.4] },
    { seriesName: "forecast", value: [3600000, -0.1] },
  ]) as string;
  assert.deepEqual(tip.split("\n").slice(1), ["forecast  -0.1 m", "interval  -0.3 – 0.1 m"]);
});
