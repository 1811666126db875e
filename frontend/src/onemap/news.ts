/** What happens while the map is open: alarms come and go, stations change; shown at once, checked against the server soon after. */

import { element } from "../map/elements";
import { isLoggedOut, listen, onReset, onState, type LiveState } from "../live";
import { t } from "../words";
import { alarmOfNews, hasEnded, thingOfNews, type Alarm } from "./alarms";
import type { AlarmNews, Layer, Point, StationNews } from "./contract";
import type { Scene } from "./scene";

export const ALARM = "telemetry.alarm";
export const STATIONS = "telemetry.stations";
/** After news the layer is asked anew, not more often than this; figures in words come with it. */
const RELOAD_MS = 15_000;

export interface NewsEvents {
  /** An alarm changed; `isFresh` when it was raised, or rose, just now. */
  alarm(alarm: Alarm, isFresh: boolean): void;
  /** Stations changed: the numbers, by id. */
  stations(values: ReadonlyMap<number, { hazard: number; device: number }>): void;
  state(state: LiveState, isOut: boolean): void;
  /** Events were missed for good: everything live is being loaded anew. */
  missed(): void;
}

export class News {
  private readonly timers = new Map<string, number>();
  /** While the past is shown the stations are not touched. */
  isPaused = false;

  constructor(
    private readonly scene: Scene,
    private readonly events: NewsEvents,
  ) {
    listen<AlarmNews>(ALARM, (news) => this.hear(news));
    listen<StationNews>(STATIONS, (news) => this.recolour(news));
    for (const kind of new Set(scene.config.layers.map(({ live }) => live))) {
      if (kind && kind !== ALARM && kind !== STATIONS) listen(kind, () => this.reloadSoon(kind));
    }
    onReset(() => {
      this.layersOf().forEach((layer) => void this.reload(layer));
      events.missed();
    });
    onState((state) => events.state(state, isLoggedOut()));
  }

  /** Hazards alone are alarms on the map: what ails a device is told by its station's sign. */
  private hear(news: AlarmNews): void {
    // News of stations goes by township: whoever covers a village alone learns by its alarms that stations changed.
    this.reloadSoon(STATIONS);
    if (news.kind === "device") return;
    const thing = thingOfNews(news);
    for (const layer of this.layersOf(ALARM)) {
      const others = this.scene.things(layer.key).filter(({ properties }) => Number(properties["id"]) !== news.id);
      this.scene.put(layer, hasEnded(news) ? others : [...others, thing]);
    }
    this.events.alarm(alarmOfNews(news), !hasEnded(news) && (news.news === "raised" || news.news === "rose"));
    this.reloadSoon(ALARM);
  }

  private recolour({ stations }: StationNews): void {
    const values = new Map(stations.map(([id, hazard, device]) => [id, { hazard, device }]));
    this.events.stations(values);
    if (this.isPaused) return;
    for (const layer of this.layersOf(STATIONS)) this.scene.recolour(layer, values);
    this.reloadSoon(STATIONS);
  }

  private layersOf(kind?: string): Layer[] {
    return this.scene.config.layers.filter(({ live }) => (kind ? live === kind : Boolean(live)));
  }

  private reloadSoon(kind: string): void {
    if (this.timers.has(kind)) return;
    const wait = RELOAD_MS * (0.75 + Math.random() / 2);
    const timer = window.setTimeout(() => {
      this.timers.delete(kind);
      if (kind === STATIONS && this.isPaused) return;
      this.layersOf(kind).forEach((layer) => void this.reload(layer));
    }, wait);
    this.timers.set(kind, timer);
  }

  /** Ask for the layer, unless nobody looks at it; alarms are always known. */
  private async reload(layer: Layer): Promise<void> {
    if (layer.live === ALARM || this.scene.isShown(layer.key)) await this.scene.load(layer);
  }
}

/** Rings that spread once where an alarm came, and are gone. */
export class Pulses {
  private readonly open = new Map<HTMLElement, Point>();

  constructor(
    private readonly place: HTMLElement,
    private readonly project: (point: Point) => { x: number; y: number },
  ) {}

  add(point: Point, rank: number): void {
    const ring = element("span", { class: `onemap-pulse is-${rank}` });
    this.open.set(ring, point);
    this.place.append(ring);
    this.move();
    ring.addEventListener("animationend", () => {
      this.open.delete(ring);
      ring.remove();
    });
  }

  /** Stay on their places while the map moves. */
  move(): void {
    this.open.forEach((point, ring) => {
      const { x, y } = this.project(point);
      ring.style.left = `${x}px`;
      ring.style.top = `${y}px`;
    });
  }
}

/** A short sound at a new alarm, for those who asked for it. */
export class Sound {
  private context: AudioContext | null = null;

  get isOn(): boolean {
    return localStorage.getItem("onemap-sound") === "on";
  }

  turn(isOn: boolean): void {
    localStorage.setItem("onemap-sound", isOn ? "on" : "off");
    if (isOn) this.play(1);
  }

  /** Two notes; the worse the alarm the higher. */
  play(rank: number): void {
    if (!this.isOn) return;
    this.context ??= new AudioContext();
    const { context } = this;
    [0, 0.22].forEach((delay, index) => {
      const [note, loudness] = [context.createOscillator(), context.createGain()];
      note.frequency.value = 440 + 110 * rank + 120 * index;
      loudness.gain.setValueAtTime(0.12, context.currentTime + delay);
      loudness.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + delay + 0.35);
      note.connect(loudness).connect(context.destination);
      note.start(context.currentTime + delay);
      note.stop(context.currentTime + delay + 0.4);
    });
  }
}

export function stateWords(state: LiveState, isOut: boolean): string {
  if (isOut) return t("You are logged out: log in again to see what happens");
  return state === "live" ? t("Live") : t("Connection lost, trying again…");
}
