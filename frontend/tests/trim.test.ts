import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { isGone } from "../trim.mjs";

const PAGES = /\.(html|ts)$/;
const CLASSES = /\bclass(?:Name)?\s*[=:]\s*["'`]([^"'`]*)["'`]/g;

/** Return the classes that a file gives to its parts. */
function classesIn(text: string): string[] {
  return [...text.matchAll(CLASSES)].flatMap(([, names = ""]) => names.split(/[^\w-]+/)).filter(Boolean);
}

function filesUnder(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return found.filter((name) => PAGES.test(name) && !/(^|\/)(node_modules|static|tests|documents)\//.test(name)).map((name) => `${folder}/${name}`);
}

test("no page uses a class whose style is taken out of the stylesheet", () => {
  const styled = readFileSync("node_modules/@tabler/core/dist/css/tabler.min.css", "utf8");
  const used = new Map([...filesUnder("src"), ...filesUnder("../anlan")].flatMap((path) => classesIn(readFileSync(path, "utf8")).map((name) => [name, path])));

  const lost = [...used].filter(([name]) => isGone(`.${name}`) && new RegExp(`\\.${name}(?![\\w-])`).test(styled));

  assert.ok(used.size > 200);
  assert.deepEqual(lost, []);
});
