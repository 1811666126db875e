// Builds the pages' scripts, styles and icons into anlan/web/static/built.
// `node build.mjs --watch` builds again at each change of src/.

import { readFile, readdir, mkdir, rm, writeFile } from "node:fs/promises";
import { watch } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { sprite } from "./icons.mjs";
import { trim, withoutUnreadProperties } from "./trim.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "../anlan/web/static/built");
/** Sheets that only one page reads. */
const OWN_SHEETS = ["onemap", "wall"];
const SHEETS = ["tokens", "shell", "parts", "forms", "tables", "scales", "sensors", "map", "print"];
const BROWSERS = ["chrome99", "edge99", "firefox102", "safari15.4"];
// The words of the browser's part are written by scripts/messages.py.
const NOT_OURS = new Set(["zh-hans.js"]);

const read = (path) => readFile(join(HERE, path), "utf8");
const withoutMap = (text) => text.replace(/\n?\/[/*]# sourceMappingURL=.*?(\*\/)?\s*$/, "\n");

async function scripts() {
  await build({
    absWorkingDir: HERE,
    entryPoints: ["src/app.ts", "src/map.ts", "src/charts.ts", "src/maplibre.ts", "src/onemap.ts", "src/wall.ts"],
    outdir: OUT,
    bundle: true,
    format: "esm",
    minify: true,
    target: BROWSERS,
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "eof",
    logLevel: "warning",
  });
  const worker = await read("node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs");
  await writeFile(join(OUT, "maplibre-worker.js"), withoutMap(worker));
}

/** Widths of progress in whole percent: the policy forbids widths written into a page. `w-05` and, of bars, `w-5`. */
function widths() {
  const rule = (share) => `.w-${String(share).padStart(2, "0")},.progress-bar.w-${share}{width:${share}%!important}`;
  return Array.from({ length: 101 }, (_, share) => rule(share)).join("\n");
}

async function styles() {
  const tabler = trim(await read("node_modules/@tabler/core/dist/css/tabler.min.css"));
  const ours = await Promise.all(SHEETS.map((name) => read(`src/styles/${name}.css`)));
  const whole = withoutUnreadProperties([tabler, ...ours, widths()].join("\n"));
  const done = await build({
    stdin: { contents: whole, loader: "css", resolveDir: HERE },
    minify: true,
    target: BROWSERS,
    write: false,
    logLevel: "error",
  });
  await writeFile(join(OUT, "app.css"), done.outputFiles[0].text);
  const entryPoints = OWN_SHEETS.map((name) => `src/styles/${name}.css`);
  await build({ absWorkingDir: HERE, entryPoints, outdir: OUT, minify: true, target: BROWSERS, logLevel: "error" });
}

async function clear() {
  await mkdir(OUT, { recursive: true });
  const old = (await readdir(OUT)).filter((name) => !NOT_OURS.has(name));
  await Promise.all(old.map((name) => rm(join(OUT, name), { recursive: true })));
}

async function all() {
  const began = performance.now();
  await Promise.all([scripts(), styles(), sprite(join(OUT, "icons.svg"))]);
  console.log(`built in ${Math.round(performance.now() - began)} ms`);
}

if (process.argv.includes("--watch")) {
  await mkdir(OUT, { recursive: true });
  await all();
  watch(join(HERE, "src"), { recursive: true }, () => void all().catch((trouble) => console.error(trouble.message)));
} else {
  await clear();
  await all();
}
