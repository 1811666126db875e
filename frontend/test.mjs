// Runs the tests of plain TypeScript: bundled by esbuild, run by node's own test runner.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "anlan-frontend-"));
const names = (await readdir(join(HERE, "tests"))).filter((name) => name.endsWith(".test.ts"));
await build({
  absWorkingDir: HERE,
  entryPoints: names.map((name) => `tests/${name}`),
  outdir: folder,
  bundle: true,
  platform: "node",
  format: "esm",
  outExtension: { ".js": ".mjs" },
  logLevel: "warning",
});
const files = names.map((name) => join(folder, name.replace(/\.ts$/, ".mjs")));
const done = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" });
await rm(folder, { recursive: true });
process.exitCode = done.status ?? 1;
