/** The big screen: figures, lists, trend, clock and map, kept true by the stream and one request at a time. */

import { element } from "../map/elements";
import { isLoggedOut, listen, onReset, onState } from "../live";
import { rankBadge, rankWord } from "../onemap/alarms";
import { ALARM, STATIONS, stateWords } from "../onemap/news";
import type { Parts } from "../onemap/parts";
import { t } from "../words";
import type { Figures } from "./contract";
import { TurningList } from "./lists";
import { comingLine, happeningLine, levelLine, rainLine, waitingLine } from "./rows";
import { TrendChart } from "./trend";

const LEAST_MS = 10_000;
const EVERY_MS = 60_000;
const TURN_S = 9;
/** The server names no more of those who wait. */
const RENEW_HOUR = 4;
const RENEW_AFTER_MS = 20 * 3_600_000;
const ZONE = "Asia/Shanghai";

export class Screen {
  private readonly lists: Readonly<Record<"rain" | "unanswered" | "levels" | "coming" | "roll", TurningList>>;
  private readonly trend: TrendChart;
  private readonly began = Date.now();
  private readonly time = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  private readonly date: Intl.DateTimeFormat;
  private asked = 0;
  private timer = 0;
  private ticks = 0;
  private figures: Figures;

  constructor(
    private readonly parts: Parts,
    private readonly address: string,
    figures: Figures,
  ) {
    this.date = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: ZONE, month: "long", day: "numeric", weekday: "long" });
    const list = (name: string, isTurning = true) => new TurningList(parts.part(name), parts.root.querySelector(`[data-part="${name}-page"]`), isTurning);
    this.lists = { rain: list("rain"), unanswered: list("unanswered"), levels: list("levels"), coming: list("coming"), roll: list("roll", false) };
    this.trend = new TrendChart(parts.part("trend"));
    this.figures = figures;
    this.tell();
    this.listen();
  }

  /** Ask for the figures now, or as soon as the last request is ten seconds old. */
  askSoon(): void {
    if (this.timer) return;
    const wait = Math.max(0, this.asked + LEAST_MS - Date.now());
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      void this.ask();
    }, wait);
  }

  private listen(): void {
    listen(ALARM, () => this.askSoon());
    listen(STATIONS, () => this.askSoon());
    onReset(() => this.askSoon());
    onState((state) => {
      this.parts.part("state-words").textContent = stateWords(state, isLoggedOut());
      this.parts.part("state").classList.toggle("is-live", state === "live");
      if (state === "live") this.askSoon();
    });
    this.tick();
    window.setInterval(() => this.tick(), 1000);
    new ResizeObserver(() => this.fit()).observe(this.parts.root);
    this.parts.part("full").addEventListener("click", () => void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
  }

  private tick(): void {
    const now = new Date();
    this.parts.part("clock").textContent = this.time.format(now);
    this.parts.part("day").textContent = this.date.format(now);
    this.ticks += 1;
    if (this.ticks % TURN_S === 0) Object.values(this.lists).forEach((list) => list.turn());
    if (now.getTime() - this.asked > EVERY_MS) this.askSoon();
    this.renewAtNight(now);
  }

  /** Once a night, when nobody looks, take what was installed meanwhile. */
  private renewAtNight(now: Date): void {
    const isOld = now.getTime() - this.began > RENEW_AFTER_MS;
    if (isOld && navigator.onLine && this.time.format(now).startsWith(`0${RENEW_HOUR}:0`)) location.reload();
  }

  /** A wall is looked at all day: its requests count as use, or it would be logged out. */
  private async ask(): Promise<void> {
    this.asked = Date.now();
    try {
      const response = await fetch(this.address, { headers: { Accept: "application/json" } });
      if (response.redirected) throw new Error("logged out");
      this.figures = (await response.json()) as Figures;
      this.parts.root.classList.remove("is-stale");
      this.tell();
    } catch {
      this.parts.root.classList.add("is-stale");
    }
  }

  private tell(): void {
    const { stations, alarms, unanswered, unanswered_in_all: waiting, rain, levels, coming = [], roll, trend } = this.figures;
    this.ranks(alarms);
    this.numbers([
      [t("Stations in all"), String(stations.total), ""],
      [t("Online"), String(stations.online), stations.total ? `${Math.floor((100 * stations.online) / stations.total)}%` : ""],
      [t("Silent"), String(stations.silent), ""],
      [t("Device faults"), String(stations.fault), ""],
      [t("Unanswered"), String(waiting), waiting ? "is-loud" : ""],
    ]);
    const most = Math.max(1, ...rain.map(({ mm_24h: day }) => day));
    this.put("rain", rain.map((one) => rainLine(one, most)), t("No rain in the last 24 hours"));
    this.put("unanswered", unanswered.map(waitingLine), t("Everything has been answered"), waiting);
    this.put("levels", levels.map(levelLine), t("No river is over its warning level"));
    this.parts.part("coming-box").hidden = !coming.length;
    this.parts.root.classList.toggle("has-coming", coming.length > 0);
    this.put("coming", coming.map(comingLine), "");
    this.put("roll", roll.map(happeningLine), t("Nothing happened yet"));
    this.trend.tell(trend);
  }

  private put(name: keyof Screen["lists"], lines: HTMLElement[], nothing: string, total = lines.length): void {
    this.lists[name].fill(lines, total);
    if (!lines.length) this.parts.part(name).replaceChildren(element("li", { class: "wall-nothing" }, nothing));
  }

  private ranks(alarms: Figures["alarms"]): void {
    const tiles = [4, 3, 2, 1].map((rank) => {
      const count = alarms[String(rank)] ?? 0;
      const head = rankBadge(rank, rankWord(rank));
      return element("div", { class: `wall-tile is-${rank}${count ? "" : " is-none"}` }, head, element("span", { class: "wall-big" }, String(count)));
    });
    this.parts.part("ranks").replaceChildren(...tiles);
  }

  private numbers(figures: ReadonlyArray<readonly [words: string, value: string, note: string]>): void {
    const made = figures.map(([words, value, note]) => {
      const isLoud = note === "is-loud";
      const small = note && !isLoud ? [element("small", {}, note)] : [];
      return element("div", isLoud ? { class: "is-loud" } : {}, element("dt", {}, words), element("dd", {}, value, ...small));
    });
    this.parts.part("figures").replaceChildren(...made);
  }

  private fit(): void {
    this.trend.fit();
    Object.values(this.lists).forEach((list) => list.fit());
    if (!this.figures.unanswered.length || !this.figures.levels.length || !this.figures.roll.length) this.tell();
  }
}
