/** The last 24 hours: a slider that colours the stations as they stood then, by hand or playing. */

import { element, picture } from "../map/elements";
import { t } from "../words";
import { RANKS } from "./alarms";
import type { Past } from "./contract";
import { agoWords, dayClockWords } from "./times";

const PLAY = "M7 4v16l13-8z";
const PAUSE = "M8 5v14M16 5v14";
const STEP_MS = 280;
const HOURS = 24;
const STEP_S = 600;

/** What a station was at a moment. */
export interface Moment {
  hazard: number;
  device: number;
  value: string;
}

function colourAt(changes: ReadonlyArray<readonly [number, number]>, index: number): number {
  let colour = 0;
  for (const [from, told] of changes) {
    if (from > index) break;
    colour = told;
  }
  return colour;
}

/** Return what each station was at a step. */
export function momentsAt(past: Past, index: number): Map<number, Moment> {
  const made = new Map<number, Moment>();
  for (const [id, station] of Object.entries(past.stations)) {
    const value = station.values?.[index];
    const { unit = "", decimals = 1 } = past.names[station.property ?? ""] ?? {};
    const words = value === null || value === undefined ? "" : `${value.toFixed(decimals)} ${unit}`.trim();
    made.set(Number(id), { hazard: colourAt(station.hazard, index), device: colourAt(station.device, index), value: words });
  }
  return made;
}

/** Return how many stations had each colour, step by step: [step][colour]. */
export function countsOf(past: Past): number[][] {
  const counts = Array.from({ length: past.count }, () => [0, 0, 0, 0, 0]);
  for (const { hazard } of Object.values(past.stations)) {
    hazard.forEach(([from, colour], place) => {
      const until = hazard[place + 1]?.[0] ?? past.count;
      for (let index = from; index < until; index += 1) {
        const step = counts[index];
        if (step) step[colour] = (step[colour] ?? 0) + 1;
      }
    });
  }
  return counts;
}

export interface TimelineEvents {
  /** The stations are to be shown as they were; null is now. */
  moment(moments: ReadonlyMap<number, Moment> | null, at: Date | null): void;
  opened(isOpen: boolean): void;
}

export class Timeline {
  private readonly range = element("input", { type: "range", class: "form-range", min: 0, value: 0, "aria-label": t("Time") });
  private readonly play = element("button", { type: "button", class: "btn btn-icon btn-primary", "aria-label": t("Play") }, picture(PLAY));
  private readonly words = element("output", { class: "onemap-time-words" });
  private readonly strip = element("canvas", { class: "onemap-time-strip", "aria-hidden": "true" });
  private readonly now = element("button", { type: "button", class: "btn btn-sm" }, t("Now"));
  private past: Past | null = null;
  private timer = 0;
  private asked = 0;

  constructor(
    private readonly place: HTMLElement,
    private readonly address: string,
    private readonly events: TimelineEvents,
  ) {
    const close = element("button", { type: "button", class: "btn-close", "aria-label": t("Close") });
    const track = element("div", { class: "onemap-time-track" }, this.strip, this.range);
    place.append(this.play, this.words, track, this.now, close);
    this.range.addEventListener("input", () => {
      this.pause();
      this.show();
    });
    this.play.addEventListener("click", () => (this.timer ? this.pause() : this.start()));
    this.now.addEventListener("click", () => this.toNow());
    close.addEventListener("click", () => this.close());
    place.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  get isOpen(): boolean {
    return !this.place.hidden;
  }

  /** Minutes before now that are shown, 0 while the present is. */
  get ago(): number {
    if (!this.isOpen || !this.past) return 0;
    return Math.round(((this.past.count - 1 - this.index) * this.past.step) / 60);
  }

  /** Open the slider, at so many minutes before now. */
  async open(ago = 0): Promise<void> {
    this.place.hidden = false;
    this.events.opened(true);
    this.words.textContent = t("Loading…");
    this.asked += 1;
    const asked = this.asked;
    const past = await this.fetch();
    if (asked !== this.asked || !this.isOpen) return;
    this.past = past;
    if (!past) {
      this.words.textContent = t("The past could not be loaded");
      return;
    }
    this.range.max = String(past.count - 1);
    this.range.value = String(Math.max(0, past.count - 1 - Math.round((ago * 60) / past.step)));
    this.draw();
    this.show();
  }

  close(): void {
    if (!this.isOpen) return;
    this.pause();
    this.place.hidden = true;
    this.past = null;
    this.events.moment(null, null);
    this.events.opened(false);
  }

  private get index(): number {
    return Number(this.range.value);
  }

  private get isLast(): boolean {
    return !this.past || this.index >= this.past.count - 1;
  }

  private async fetch(): Promise<Past | null> {
    try {
      const response = await fetch(`${this.address}?hours=${HOURS}&step=${STEP_S}`, { headers: { Accept: "application/json" } });
      return response.ok ? ((await response.json()) as Past) : null;
    } catch {
      return null;
    }
  }

  private start(): void {
    if (!this.past) return;
    if (this.isLast) this.range.value = "0";
    this.look(true);
    this.show();
    this.timer = window.setInterval(() => {
      this.range.value = String(this.index + 1);
      this.show();
      if (this.isLast) this.pause();
    }, STEP_MS);
  }

  private pause(): void {
    window.clearInterval(this.timer);
    this.timer = 0;
    this.look(false);
  }

  private toNow(): void {
    this.pause();
    this.range.value = this.range.max;
    this.show();
  }

  private look(isPlaying: boolean): void {
    this.play.replaceChildren(picture(isPlaying ? PAUSE : PLAY));
    this.play.setAttribute("aria-label", isPlaying ? t("Pause") : t("Play"));
  }

  private show(): void {
    if (!this.past) return;
    const at = new Date((this.past.start + this.index * this.past.step) * 1000);
    this.now.disabled = this.isLast;
    this.place.classList.toggle("is-past", !this.isLast);
    this.words.textContent = this.isLast ? t("Now, live") : `${dayClockWords(at)} · ${agoWords(at, new Date())}`;
    this.range.setAttribute("aria-valuetext", this.words.textContent);
    this.events.moment(this.isLast ? null : momentsAt(this.past, this.index), this.isLast ? null : at);
  }

  /** Above the slider: how many stations were blue, yellow, orange and red. */
  private draw(): void {
    const past = this.past;
    const pen = this.strip.getContext("2d");
    if (!past || !pen) return;
    const counts = countsOf(past);
    const most = Math.max(3, ...counts.map((step) => step.slice(1).reduce((sum, one) => sum + one, 0)));
    this.strip.width = past.count * 4;
    this.strip.height = 48;
    counts.forEach((step, index) => {
      let bottom = 48;
      [1, 2, 3, 4].forEach((rank) => {
        const high = ((step[rank] ?? 0) / most) * 46;
        pen.fillStyle = (RANKS[rank] ?? RANKS[0]).colour;
        pen.fillRect(index * 4, bottom - high, 3, high);
        bottom -= high;
      });
    });
  }
}
