/** The big screen: `<main data-wall="id" data-figures="id">` beside the JSON of those ids. */

import type { Config } from "./onemap/contract";
import { legendOf } from "./onemap/legend";
import { canDraw, loadLibrary, openMap } from "./onemap/library";
import { News, Pulses, STATIONS } from "./onemap/news";
import { NIGHT } from "./onemap/paint";
import { Parts } from "./onemap/parts";
import { Scene } from "./onemap/scene";
import type { Figures } from "./wall/contract";
import { Screen } from "./wall/screen";

/** What belongs on the wall: the ground and what is live. */
const GROUPS = new Set(["ground", "live"]);
const read = <Told>(id: string | undefined): Told => JSON.parse(document.getElementById(id ?? "")?.textContent ?? "{}") as Told;

async function startMap(parts: Parts, config: Config): Promise<void> {
  const library = await loadLibrary();
  const fit = { padding: { top: 16, left: 24, right: 24, bottom: 56 } }; // the legend lies below
  const map = await openMap(library, parts.part("canvas"), { bounds: config.bounds, fitBoundsOptions: fit, interactive: false }, NIGHT.ground);
  const layers = config.layers.filter(({ group, visible }) => GROUPS.has(group) && visible);
  const stations = layers.find(({ live }) => live === STATIONS);
  parts.part("legend").replaceChildren(...(stations ? legendOf(stations, NIGHT.rim) : []));
  const scene = new Scene(map, { ...config, layers }, NIGHT, library);
  const pulses = new Pulses(parts.part("pulses"), (point) => map.project(point));
  new News(scene, {
    alarm: (alarm, isFresh) => isFresh && pulses.add(alarm.point, alarm.colour),
    stations: () => undefined,
    state: () => undefined,
    missed: () => undefined,
  });
  map.on("resize", () => map.fitBounds(config.bounds, { ...fit, duration: 0 }));
  await Promise.all(layers.map(({ key }) => scene.show(key, true)));
  map.once("idle", () => (parts.root.dataset["state"] = "ready"));
  map.triggerRepaint();
}

async function start(root: HTMLElement): Promise<void> {
  const parts = new Parts(root);
  const config = read<Config>(root.dataset["wall"]);
  new Screen(parts, config.wall_data, read<Figures>(root.dataset["figures"]));
  if (canDraw()) await startMap(parts, config);
  else root.classList.add("has-no-map");
}

const root = document.querySelector<HTMLElement>("[data-wall]");
if (root) void start(root);
