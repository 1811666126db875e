import assert from "node:assert/strict";
import { test } from "node:test";
import { bands, colourExpression, colourOf, isLight, propertyFor } from "../src/map/colours";
import type { Layer, Metric, Place } from "../src/map/settings";

const VILLAGES: Layer = {
  key: "villages",
  title: "Villages",
  kind: "fill",
  url: "/villages.geojson",
  colour: { property: "score", stops: [[0, "#d9a25f"], [60, "#dce7f1"], [90, "#1d4e89"]], missing: "#eceef1" },
};
const METRICS: Metric[] = [{ key: "org", title: "Organisation", layers: ["villages"] }];

function village(properties: Record<string, unknown>): Place {
  return { layer: VILLAGES, name: "", point: [0, 0], shape: { type: "Feature", properties, geometry: { type: "Point", coordinates: [0, 0] } } };
}

test("a value takes the colour of the last stop that it reaches", () => {
  const colours = [-5, 0, 59.9, 60, 90, 120].map((score) => colourOf(VILLAGES, { score }, "score"));

  assert.deepEqual(colours, ["#d9a25f", "#d9a25f", "#d9a25f", "#dce7f1", "#1d4e89", "#1d4e89"]);
});

test("what is missing has a colour of its own and is never the lowest band", () => {
  assert.equal(colourOf(VILLAGES, {}, "score"), "#eceef1");
  assert.equal(colourOf(VILLAGES, { score: null }, "score"), "#eceef1");
});

test("a metric recolours only the layers that it names", () => {
  assert.equal(propertyFor(VILLAGES, "org", METRICS), "org");
  assert.equal(propertyFor({ ...VILLAGES, key: "rivers" }, "org", METRICS), "score");
  assert.equal(propertyFor(VILLAGES, "", METRICS), "score");
});

test("the library is given the same bands", () => {
  const expression = JSON.stringify(colourExpression(VILLAGES, "org"));

  assert.equal(
    expression,
    '["case",["==",["typeof",["get","org"]],"number"],["step",["get","org"],"#d9a25f",60,"#dce7f1",90,"#1d4e89"],"#eceef1"]',
  );
  assert.equal(colourExpression({ ...VILLAGES, colour: { property: "", stops: [], missing: "#abcdef" } }, ""), "#abcdef");
});

test("the legend counts what is drawn", () => {
  const legend = [["#1D4E89", "≥ 90"], ["#dce7f1", "60–90"], ["#d9a25f", "below 60"], ["#eceef1", "no score"]] as const;

  const counts = bands(legend, [village({ score: 95 }), village({ score: 91 }), village({ score: 10 }), village({})], "score");

  assert.deepEqual(counts.map(({ count }) => count), [2, 0, 1, 1]);
});

test("names are dark on light colours and light on dark ones", () => {
  assert.equal(isLight("#dce7f1"), true);
  assert.equal(isLight("#1d4e89"), false);
});
