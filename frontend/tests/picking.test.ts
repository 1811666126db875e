import assert from "node:assert/strict";
import { test } from "node:test";
import { degreesFrom } from "../src/map/picking";

test("two numbers are a place", () => {
  assert.deepEqual(degreesFrom("109.05", " 28.1 "), [109.05, 28.1]);
});

for (const [longitude, latitude] of [["", "28"], ["109", ""], ["east", "28"], ["181", "28"], ["109", "-91"]] as const) {
  test(`"${longitude}" and "${latitude}" are no place`, () => {
    assert.equal(degreesFrom(longitude, latitude), null);
  });
}
