/** The map by day: its address, its measures, its alarms, its past and how layers are drawn. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AlarmList, alarmOfNews, byUrgency, hasEnded } from "../src/onemap/alarms";
import { filled, type AlarmNews, type Layer, type Past, type Point } from "../src/onemap/contract";
import { areaOf, areaWords, crossesItself, distance, lengthOf, lengthWords } from "../src/onemap/measure";
import { DAY, NAMES, partsOf, signOf, valueOf } from "../src/onemap/paint";
import { readState, writeState, type State } from "../src/onemap/state";
import { looked, named } from "../src/onemap/symbols";
import { agoWords, dayClockWords } from "../src/onemap/times";
import { countsOf, momentsAt } from "../src/onemap/timeline";

// Words are read from the page: an English one.
Object.assign(globalThis, { document: { documentElement: { lang: "en" } } });

const NEWS: AlarmNews = {
  id: 7, version: 1, station: 12, code: "R1", name: "柳溪水文站", place: "柳溪镇", kind: "hazard", rule: { zh: "超警戒", en: "over warning" },
  quantity: "level", unit_words: "m", decimals: 2, colour: 2, highest: 2, state: "raised", news: "raised", value: 35.2, limit: 35, raised_at: "2026-07-01T02:00:00+00:00",
  known_at: "2026-07-01T02:00:01+00:00", lon: 109.5, lat: 28.5, division_code: "999901101000",
};
const STATIONS: Layer = {
  key: "stations", title: "Stations", group: "live", kind: "point", order: 90, visible: true, count: 3, source: "geojson", url: "/x", label: "name",
  colour: { property: "hazard", stops: [[0, "#111111"], [4, "#cc0000"]], missing: "#999999" }, live: "telemetry.stations", clusters: true,
  legend: [{ colour: "#cc0000", words: "red", shape: "square", value: 4 }, { colour: "#111111", words: "calm", shape: "circle", value: 0 }],
};

test("what the map shows comes back from its address", () => {
  const state: State = { view: { zoom: 10.25, latitude: 28.5, longitude: 109.5 }, base: "vec", layers: ["rivers", "stations"], opacity: { rivers: 40 }, ago: 90, chosen: { layer: "stations", id: "12" } };
  assert.deepEqual(readState(writeState(state)), state);
});

test("an address that tells nonsense leaves everything open", () => {
  const open = { view: null, base: "", layers: null, opacity: {}, ago: 0, chosen: null };
  for (const hash of ["", "#map=a/b/c", "#map=9/100/400&ago=-3&sel=stations&opacity=rivers:900", "#ago=1e9"]) assert.deepEqual(readState(hash), open);
});

test("a degree along the equator is 111.2 km, and a square of it 12 364 km²", () => {
  assert.equal(Math.round(distance([0, 0], [1, 0]) / 100) / 10, 111.2);
  const square: Point[] = [[0, 0], [1, 0], [1, 1], [0, 1]];
  assert.equal(Math.round(areaOf(square) / 1e6), 12_364);
  assert.equal(areaOf([...square].reverse()), areaOf(square));
});

test("lengths and areas read as people say them", () => {
  assert.equal(lengthWords(999), "999 m");
  assert.equal(lengthWords(lengthOf([[0, 0], [0.01, 0]])), "1.11 km");
  assert.equal(areaWords(2_000_000, "亩"), "2.00 km² · 3,000 亩");
});

test("edges that cut each other have no inside", () => {
  assert.equal(crossesItself([[0, 0], [1, 1], [1, 0], [0, 1]]), true);
  assert.equal(crossesItself([[0, 0], [1, 0], [1, 1], [0, 1]]), false);
});

test("the unseen come before the seen, the worst before the newest", () => {
  const raised = alarmOfNews(NEWS);
  assert.equal(raised.value, "35.20 m");
  const worse = { ...raised, id: 8, colour: 4 };
  const seen = { ...raised, id: 9, colour: 4, state: "acknowledged" };
  assert.deepEqual([seen, raised, worse].sort(byUrgency).map(({ id }) => id), [8, 7, 9]);
});

test("an alarm is new once, and again when it rises; a cleared one leaves the list", () => {
  const list = new AlarmList();
  assert.equal(list.take(alarmOfNews(NEWS)), true);
  assert.equal(list.take(alarmOfNews(NEWS)), false);
  assert.equal(list.take(alarmOfNews({ ...NEWS, colour: 3 })), true);
  assert.equal(list.take(alarmOfNews({ ...NEWS, colour: 3, state: "acknowledged" })), false);
  assert.deepEqual([list.all.length, list.unseen, list.worst], [1, 0, 3]);
  list.take(alarmOfNews({ ...NEWS, state: "cleared" }));
  assert.deepEqual([list.all.length, list.worst, hasEnded({ state: "withdrawn" })], [0, 0, true]);
});

test("the past is told by its changes", () => {
  const past: Past = { start: 0, step: 600, count: 5, names: { level: { title: "", unit: "m", decimals: 2 } }, stations: { 12: { hazard: [[0, 0], [2, 3], [4, 0]], device: [[0, 1]], property: "level", values: [1, 2, null, 4, 5] } } };
  assert.deepEqual(momentsAt(past, 3).get(12), { hazard: 3, device: 1, value: "4.00 m" });
  assert.deepEqual(momentsAt(past, 2).get(12)?.value, "");
  assert.deepEqual(countsOf(past).map((step) => step[3]), [0, 0, 1, 1, 0]);
});

test("a sign's name tells how it is drawn", () => {
  const look = { shape: "triangle", colour: "#b58900", isHollow: false, isStrong: true, rim: "#ffffff" } as const;
  assert.deepEqual(looked(named(look)), look);
  assert.equal(looked("marker-15"), null);
});

test("a layer is drawn from its description: signs by the legend, names under the points, clusters with their worst", () => {
  const parts = partsOf(STATIONS, DAY);
  const ids = parts.map(({ spec }) => spec.id);
  for (const id of ["stations-point", "stations-cluster", "stations-cluster-count", "stations-cluster-worst", "stations-name"]) assert.ok(ids.includes(id), id);
  const rank = (id: string) => parts.find(({ spec }) => spec.id === id)?.rank ?? 0;
  assert.ok(rank("stations-name") <= NAMES + 1 && rank("stations-name") < rank("stations-point"));
  const sign = JSON.stringify(signOf(STATIONS, valueOf(STATIONS), DAY));
  assert.ok(sign.includes("sign|square|#cc0000") && sign.includes("hollow"));
});

test("of tiles only what changed since is told anew", () => {
  assert.deepEqual(valueOf(STATIONS, new Map([[1, 4], [2, 0], [3, 4]])), ["match", ["get", "id"], [1, 3], 4, [2], 0, ["get", "hazard"]]);
});

test("an address is filled only when everything in it is known", () => {
  assert.equal(filled("/stations/{id}/card/", { id: 12 }), "/stations/12/card/");
  assert.equal(filled("/stations/{id}/card/", {}), "");
});

test("times read in the county's own clock", () => {
  const at = new Date("2026-07-01T02:05:00Z");
  assert.equal(dayClockWords(at), "07-01 10:05");
  assert.equal(agoWords(at, new Date("2026-07-01T04:30:00Z")), "2 h ago");
});
