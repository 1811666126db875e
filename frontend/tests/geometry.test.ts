import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, depth, labelPoint, pole } from "../src/map/geometry";

const SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
// The middle of the letter L's box lies outside of it.
const L_SHAPE = [[0, 0], [10, 0], [10, 2], [2, 2], [2, 10], [0, 10], [0, 0]];

test("depth is the distance to the nearest edge, negative outside", () => {
  assert.equal(depth(2, 2, [SQUARE]), 2);
  assert.equal(depth(1, 2, [SQUARE]), 1);
  assert.equal(depth(6, 2, [SQUARE]), -2);
});

test("a name stands inside its polygon even where the middle of the box does not", () => {
  const [x = NaN, y = NaN] = pole([L_SHAPE]);

  assert.ok(depth(5, 5, [L_SHAPE]) < 0);
  assert.ok(depth(x, y, [L_SHAPE]) > 0.9);
});

test("a name keeps out of holes", () => {
  const hole = [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]];

  const [x = NaN, y = NaN] = pole([SQUARE, hole]);

  assert.ok(depth(x, y, [SQUARE, hole]) > 0);
});

test("of several parts the largest carries the name", () => {
  const far = SQUARE.map(([x = 0, y = 0]) => [x * 5 + 100, y * 5 + 100]);

  const [x = NaN] = labelPoint({ type: "MultiPolygon", coordinates: [[SQUARE], [far]] });

  assert.ok(x > 100);
});

test("a polygon without area has its name at itself", () => {
  assert.deepEqual(pole([[[3, 3], [3, 3], [3, 3]]]), [3, 3]);
});

test("the box holds every position; around nothing there is none", () => {
  assert.deepEqual(boundsOf([{ type: "Point", coordinates: [1, 2] }, { type: "LineString", coordinates: [[-3, 4], [0, 9]] }]), [-3, 2, 1, 9]);
  assert.equal(boundsOf([]), null);
});
