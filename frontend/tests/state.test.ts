import assert from "node:assert/strict";
import { test } from "node:test";
import { clockText, isLogIn, keyOf } from "../src/app/texts";
import { textWidth, withoutOverlap } from "../src/map/drawing_svg";
import { readHash, writeHash } from "../src/map/hash";
import { project, roundLength, unproject, viewOf } from "../src/map/scale";
import { linkOf, textOf, type Layer } from "../src/map/settings";
import { t } from "../src/words";

const LAYER: Layer = { key: "villages", title: "", kind: "fill", url: "", link: "/places/{code}/" };

test("a view sent to a colleague opens as it was", () => {
  const state = { view: { zoom: 9.25, latitude: 28.4835, longitude: 109.5206 }, metric: "org", layers: ["rivers", "villages"] };

  assert.deepEqual(readHash(writeHash(state)), state);
});

test("an address without state, or with nonsense, leaves the map as the page has it", () => {
  const open = { view: null, metric: "", layers: null };

  assert.deepEqual(readHash(""), open);
  assert.deepEqual(readHash("#content"), open);
  assert.deepEqual(readHash("#map=a/b/c"), open);
  assert.deepEqual(readHash("#map=9/128/10"), open);
});

test("no layer at all is a state too", () => {
  assert.deepEqual(readHash(writeHash({ view: null, metric: "", layers: [] })).layers, []);
});

test("there and back again through the projection", () => {
  const [longitude, latitude] = unproject(...project([109.52, 28.48]));

  assert.ok(Math.abs(longitude - 109.52) < 1e-9 && Math.abs(latitude - 28.48) < 1e-9);
});

test("the view of bounds holds them", () => {
  const view = viewOf([109, 28, 110, 29], 600, 400);
  const size = 512 * 2 ** view.zoom;
  const [west, north] = project([109, 29]);
  const [east, south] = project([110, 28]);

  assert.ok((east - west) * size <= 600 && (south - north) * size <= 400);
  assert.ok((south - north) * size > 300);
});

test("the scale bar has a round length that fits", () => {
  const { metres, pixels } = roundLength({ zoom: 9.5, latitude: 28.5, longitude: 109 }, 110);

  assert.match(String(metres), /^[125]0*$/);
  assert.ok(pixels <= 110 && pixels > 40);
});

test("a card links only when its address is whole", () => {
  assert.equal(linkOf(LAYER, { code: "999901101201" }), "/places/999901101201/");
  assert.equal(linkOf(LAYER, {}), "");
});

test("values read with separators, what is missing as a dash", () => {
  assert.deepEqual([12345.678, "良好", null, 0].map(textOf), ["12,345.68", "良好", "–", "0"]);
});

test("names that would cover others are left out, the first stays", () => {
  const box = (left: number) => ({ left, right: left + 10, top: 0, bottom: 10 });

  assert.deepEqual(withoutOverlap([["a", box(0)], ["b", box(5)], ["c", box(20)]]), ["a", "c"]);
  assert.equal(textWidth("柳溪镇", 12), 36);
});

test("words are found in the catalogue and filled in; what has no Chinese stays English", () => {
  globalThis.anlanWords = { "Saved {time}": "已保存 {time}", Close: "" };

  assert.equal(t("Saved {time}", { time: "14:05" }), "已保存 14:05");
  assert.equal(t("Close"), "Close");
});

test("a time is Beijing time in four digits", () => {
  assert.equal(clockText(new Date(Date.UTC(2026, 10, 23, 1, 5))), "09:05");
});

test("the log-in page is told from a part of a page", () => {
  assert.equal(isLogIn('<!doctype html><html lang="en"><input type="password">'), true);
  assert.equal(isLogIn('<div class="card">password</div>'), false);
});

test("kept text belongs to one field of one form of one page", () => {
  assert.notEqual(keyOf("/a/", "form", "name"), keyOf("/b/", "form", "name"));
});
