/** Alarms that stand: kept from the layer and from the news, listed in the drawer, counted on the bar. */

import { element } from "../map/elements";
import { isChinese, t } from "../words";
import type { AlarmNews, Point, Thing } from "./contract";
import { legendSign } from "./symbols";
import { agoWords, clockWords } from "./times";

/** 蓝黄橙红 by rank, each with its own shape. */
export const RANKS = [
  { colour: "#7c8896", shape: "circle" },
  { colour: "#1668c7", shape: "circle" },
  { colour: "#b58900", shape: "triangle" },
  { colour: "#d9680f", shape: "diamond" },
  { colour: "#c8201a", shape: "square" },
] as const;

/** Return the word of a rank. */
export function rankWord(rank: number): string {
  return [t("Calm"), t("Blue"), t("Yellow"), t("Orange"), t("Red")][rank] ?? "";
}

export interface Alarm {
  id: number;
  station: number;
  name: string;
  place: string;
  rule: string;
  colour: number;
  state: string;
  since: string;
  value: string;
  point: Point;
}

const ENDED = new Set(["cleared", "withdrawn"]);

export function alarmOfThing({ properties: told, geometry }: Thing): Alarm {
  const read = (name: string) => String(told[name] ?? "");
  const value = told["value"] === null || told["value"] === undefined ? "" : [read("value"), read("unit")].filter(Boolean).join(" ");
  const point = geometry.type === "Point" ? (geometry.coordinates.slice(0, 2) as Point) : ([0, 0] as Point);
  return { id: Number(told["id"]), station: Number(told["station"]), name: read("name"), place: read("place"), rule: read("rule"), colour: Number(told["colour"]), state: read("state"), since: read("since"), value, point };
}

export function alarmOfNews(news: AlarmNews): Alarm {
  const value = news.value === null ? "" : `${news.value.toFixed(news.decimals)} ${news.unit_words}`.trim();
  const rule = isChinese() ? news.rule.zh : news.rule.en;
  return { id: news.id, station: news.station, name: news.name, place: news.place, rule, colour: news.colour, state: news.state, since: news.raised_at, value, point: [news.lon, news.lat] };
}

/** Return news of an alarm as a feature of the layer, so that the map shows at once what a later load will say. */
export function thingOfNews(news: AlarmNews): Thing {
  const { id, station, name, place, rule, colour, state, since, value, point } = alarmOfNews(news);
  const properties = { id, station, code: news.code, name, place, rule, colour, state, since, value, unit: "", kind: news.kind };
  return { type: "Feature", id, geometry: { type: "Point", coordinates: point }, properties };
}

export const hasEnded = ({ state }: { state: string }): boolean => ENDED.has(state);

/** The unseen before the seen, the worst first, then the newest. */
export function byUrgency(one: Alarm, other: Alarm): number {
  const unseen = Number(other.state === "raised") - Number(one.state === "raised");
  return unseen || other.colour - one.colour || other.since.localeCompare(one.since) || other.id - one.id;
}

export class AlarmList {
  private readonly standing = new Map<number, Alarm>();

  /** Take what stands now, all of it. */
  fill(alarms: readonly Alarm[]): void {
    this.standing.clear();
    alarms.filter((alarm) => !hasEnded(alarm)).forEach((alarm) => this.standing.set(alarm.id, alarm));
  }

  /** Take news of one; tell whether nobody has seen it yet. */
  take(alarm: Alarm): boolean {
    const before = this.standing.get(alarm.id);
    if (hasEnded(alarm)) this.standing.delete(alarm.id);
    else this.standing.set(alarm.id, alarm);
    return alarm.state === "raised" && (before?.state !== "raised" || before.colour < alarm.colour);
  }

  get all(): Alarm[] {
    return [...this.standing.values()].sort(byUrgency);
  }

  get unseen(): number {
    return this.all.filter(({ state }) => state === "raised").length;
  }

  get worst(): number {
    return Math.max(0, ...this.all.map(({ colour }) => colour));
  }

  /** Return the list as the drawer shows it. */
  nodes(at: Date, chosen: (alarm: Alarm) => void): HTMLElement[] {
    const all = this.all;
    if (!all.length) return [element("p", { class: "onemap-nothing" }, t("No alarm stands. New ones appear here by themselves."))];
    const counts = [4, 3, 2, 1].map((rank) => ({ rank, count: all.filter(({ colour }) => colour === rank).length })).filter(({ count }) => count);
    const summary = element("p", { class: "onemap-ranks" }, ...counts.map(({ rank, count }) => rankBadge(rank, `${rankWord(rank)} ${count}`)));
    return [summary, element("ul", { class: "onemap-alarms" }, ...all.map((alarm) => alarmLine(alarm, at, chosen)))];
  }
}

export function rankBadge(rank: number, words: string): HTMLElement {
  return element("span", { class: `onemap-rank is-${rank}` }, legendSign(RANKS[rank] ?? RANKS[0]), words);
}

function alarmLine(alarm: Alarm, at: Date, chosen: (alarm: Alarm) => void): HTMLElement {
  const since = new Date(alarm.since);
  const isUnseen = alarm.state === "raised";
  const state = element("span", { class: isUnseen ? "onemap-state is-unseen" : "onemap-state" }, isUnseen ? t("unanswered") : t("acknowledged"));
  const head = element("span", { class: "onemap-alarm-head" }, rankBadge(alarm.colour, rankWord(alarm.colour)), element("strong", {}, alarm.name), state);
  const facts = [alarm.rule, alarm.value].filter(Boolean).join(" · ");
  const time = element("small", {}, `${clockWords(since)} · ${agoWords(since, at)}${alarm.place ? ` · ${alarm.place}` : ""}`);
  const button = element("button", { type: "button", "data-id": alarm.id, class: `is-${alarm.colour}` }, head, element("span", {}, facts), time);
  button.addEventListener("click", () => chosen(alarm));
  return element("li", {}, button);
}
