/** Maps: `<div class="map" data-map="id">` beside the JSON of that id. */

import { Frame } from "./map/frame";
import type { MapSettings } from "./map/settings";

const started = new WeakSet<HTMLElement>();

function start(place: HTMLElement, index: number): void {
  const text = document.getElementById(place.dataset["map"] ?? "")?.textContent;
  if (!text || started.has(place)) return;
  started.add(place);
  void new Frame(place, JSON.parse(text) as MapSettings, index === 0).start();
}

function startAll(): void {
  document.querySelectorAll<HTMLElement>("[data-map]").forEach(start);
}

startAll();
document.addEventListener("htmx:afterSettle", startAll);
