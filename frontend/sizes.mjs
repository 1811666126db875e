// Prints what a first visit loads, compressed as the site compresses it, and fails over budget.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const OUT = join(dirname(fileURLToPath(import.meta.url)), "../anlan/web/static/built");
const EVERY_PAGE = ["app.css", "app.js", "icons.svg"];
const LIBRARY = ["maplibre.js", "maplibre-worker.js"];
const MAP = ["map.js", ...LIBRARY];
const ONE_MAP = ["onemap.css", "onemap.js", ...LIBRARY];
const WALL = ["onemap.css", "wall.css", "wall.js", ...LIBRARY];
// kB; the page itself and its words are counted in the rest up to look.md's 250 and 700.
const BUDGETS = [
  ["a page", EVERY_PAGE, 90],
  ["a page with charts", [...EVERY_PAGE, "charts.js"], 235],
  ["a page with charts and the map", [...EVERY_PAGE, "charts.js", ...MAP], 670],
  ["the one map with the charts of a card", [...EVERY_PAGE, "charts.js", ...ONE_MAP], 670],
  ["the big screen", [...EVERY_PAGE, ...WALL], 670],
];

const kilobytes = new Map();
for (const name of new Set([...EVERY_PAGE, "charts.js", ...MAP, ...ONE_MAP, ...WALL])) {
  kilobytes.set(name, brotliCompressSync(await readFile(join(OUT, name))).length / 1000);
}
for (const [name, size] of kilobytes) console.log(`  ${size.toFixed(1).padStart(6)} kB  ${name}`);
for (const [what, names, budget] of BUDGETS) {
  const size = names.reduce((sum, name) => sum + kilobytes.get(name), 0);
  const isOver = size > budget;
  console.log(`  ${size.toFixed(1).padStart(6)} kB  ${what} (budget ${budget})${isOver ? " — OVER BUDGET" : ""}`);
  if (isOver) process.exitCode = 1;
}
