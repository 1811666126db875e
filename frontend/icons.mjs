// The icons that pages use, as one sprite: {% icon "name" %} in templates, icon="name" in Python.

import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUTLINES = join(HERE, "node_modules/@tabler/icons/icons/outline");
const PLACES = [join(HERE, "../anlan"), join(HERE, "src")];
const LEFT_OUT = new Set(["node_modules", "static", "migrations", "tests", "locale", "__pycache__"]);
// Names chosen at run time, which no search finds.
const ALWAYS = ["alert-triangle", "check", "chevron-down", "chevron-right", "info-circle", "menu-2", "search", "x"];
const USES = {
  ".html": [/#tabler-([a-z0-9-]+)/g, /\{% icon ["']([a-z0-9-]+)["']/g],
  ".ts": [/#tabler-([a-z0-9-]+)/g, /\bicon\("([a-z0-9-]+)"/g],
  ".py": [/#tabler-([a-z0-9-]+)/g, /\bicon="([a-z0-9-]+)"/g],
};
const ENTRY = /\bNavigationEntry\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g;

async function* files(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) yield* files(join(folder, entry.name));
    else if (entry.isFile() && extname(entry.name) in USES) yield join(folder, entry.name);
  }
}

/** Return the names of icons in a file; a navigation entry may name its icon by position. */
export function namesIn(text, ending) {
  const found = USES[ending].flatMap((use) => [...text.matchAll(use)].map((match) => match[1]));
  if (ending === ".py") {
    for (const entry of text.matchAll(ENTRY)) {
      found.push(...[...entry[1].matchAll(/"([a-z0-9-]+)"/g)].map((match) => match[1]));
    }
  }
  return found;
}

async function usedNames() {
  const names = new Set(ALWAYS);
  for (const place of PLACES) {
    for await (const path of files(place)) {
      for (const name of namesIn(await readFile(path, "utf8"), extname(path))) names.add(name);
    }
  }
  return [...names].sort();
}

async function symbol(name) {
  const svg = await readFile(join(OUTLINES, `${name}.svg`), "utf8").catch(() => null);
  const drawing = svg?.replace(/<!--[\s\S]*?-->/, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)?.[1];
  if (!drawing) return "";
  const lines = drawing.replace(/\s*\n\s*/g, "").replaceAll(" />", "/>");
  const stroke = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="tabler-${name}" viewBox="0 0 24 24" ${stroke}>${lines}</symbol>`;
}

/** Write the sprite; a name that Tabler does not know (an address of a page, say) is left out. */
export async function sprite(path) {
  const symbols = (await Promise.all((await usedNames()).map(symbol))).filter(Boolean);
  await writeFile(path, `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}
