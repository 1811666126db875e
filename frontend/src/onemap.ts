/** The one map: `<div data-onemap="id">` beside the JSON of that id. */

import type { Config } from "./onemap/contract";
import { Desk } from "./onemap/desk";
import { canDraw, loadLibrary, openMap } from "./onemap/library";
import { DAY } from "./onemap/paint";
import { Parts } from "./onemap/parts";
import { readState } from "./onemap/state";

async function start(root: HTMLElement): Promise<void> {
  const config = JSON.parse(document.getElementById(root.dataset["onemap"] ?? "")?.textContent ?? "{}") as Config;
  if (!canDraw()) return location.replace(config.plain);
  const parts = new Parts(root);
  const library = await loadLibrary();
  const { view } = readState(location.hash);
  const isWide = root.clientWidth > 900;
  const place = view ? { center: [view.longitude, view.latitude] as [number, number], zoom: view.zoom } : { bounds: config.bounds, fitBoundsOptions: { padding: isWide ? { top: 70, bottom: 40, left: 310, right: 40 } : 30 } };
  const map = await openMap(library, parts.part("canvas"), place, DAY.ground);
  const desk = new Desk(parts, map, config, library);
  await desk.start();
  map.once("idle", () => {
    parts.part("wait").remove();
    root.dataset["state"] = "ready";
  });
  map.triggerRepaint();
}

const root = document.querySelector<HTMLElement>("[data-onemap]");
if (root) void start(root);
