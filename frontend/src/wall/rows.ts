/** Lines of the lists on the wall. */

import { element } from "../map/elements";
import { rankBadge, rankWord, RANKS } from "../onemap/alarms";
import { legendSign } from "../onemap/symbols";
import { clockWords } from "../onemap/times";
import { t } from "../words";
import type { Coming, Happening, Level, Rain, Waiting } from "./contract";

const metres = (value: number): string => value.toFixed(2);

/** Return how long that is: hours and minutes. */
export function waitWords(minutes: number): string {
  if (minutes < 1) return t("just now");
  if (minutes < 60) return t("{minutes} min", { minutes });
  return t("{hours} h {minutes} min", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

function bar(share: number, rank: number): HTMLElement {
  const filled = element("span", { class: `wall-bar-fill is-${rank}` });
  filled.style.width = `${Math.max(1, Math.min(100, share * 100)).toFixed(1)}%`;
  return element("span", { class: "wall-bar" }, filled);
}

export function waitingLine({ name, division, rule, colour, minutes, value }: Waiting): HTMLElement {
  const head = element("span", { class: "wall-line" }, rankBadge(colour, rankWord(colour)), element("strong", {}, name), element("span", { class: "wall-wait" }, waitWords(minutes)));
  return element("li", { class: `is-${colour}` }, head, element("span", { class: "wall-quiet" }, [division, rule, value].filter(Boolean).join(" · ")));
}

export function rainLine({ name, mm_1h: hour, mm_24h: day, colour }: Rain, most: number): HTMLElement {
  const figures = element("span", { class: "wall-number" }, day.toFixed(1));
  const small = element("span", { class: "wall-quiet wall-small" }, hour === null ? "" : t("1 h {mm}", { mm: hour.toFixed(1) }));
  return element("li", {}, element("span", { class: "wall-line" }, element("span", { class: "wall-name" }, name), small, figures), bar(day / most, colour));
}

/** A river's bar runs from a little under its warning level to the level that dykes are built for. */
export function levelLine({ name, river, value, warning, guarantee, over, colour }: Level): HTMLElement {
  const top = Math.max(guarantee ?? warning + 2, value) + 0.15;
  const bottom = warning - (top - warning) * 0.6;
  const share = (level: number) => (level - bottom) / (top - bottom);
  const line = bar(share(value), colour);
  const marks = [[warning, t("warning")], ...(guarantee ? [[guarantee, t("guarantee")] as const] : [])] as ReadonlyArray<readonly [number, string]>;
  for (const [level, words] of marks) {
    const mark = element("span", { class: "wall-mark" }, `${words} ${metres(level)}`);
    mark.style.left = `${(share(level) * 100).toFixed(1)}%`;
    line.append(mark);
  }
  const head = element("span", { class: "wall-line" }, legendSign(RANKS[colour] ?? RANKS[0]), element("strong", {}, name), element("span", { class: "wall-quiet" }, river), element("span", { class: "wall-number" }, metres(value)), element("span", { class: `wall-over is-${colour}` }, `+${metres(over)}`));
  return element("li", { class: "is-level" }, head, line);
}

export function comingLine({ name, hours, value, low, high, warning, colour }: Coming): HTMLElement {
  const span = low !== null && high !== null ? `${metres(low)}–${metres(high)}` : "";
  const limit = warning === null ? "" : `${t("warning")} ${metres(warning)}`;
  const head = element("span", { class: "wall-line" }, legendSign(RANKS[colour] ?? RANKS[0]), element("strong", {}, name), element("span", { class: "wall-quiet" }, t("in {hours} h", { hours })), element("span", { class: "wall-number" }, metres(value)));
  return element("li", {}, head, element("span", { class: "wall-quiet" }, [span, limit].filter(Boolean).join(" · ")));
}

export function happeningLine({ at, name, rule, value, words, colour, news }: Happening): HTMLElement {
  const rank = news === "cleared" || news === "withdrawn" ? 0 : colour;
  const told = element("span", {}, element("strong", {}, name), ` ${[rule, value].filter(Boolean).join(" ")} `, element("em", {}, words));
  return element("li", { class: "is-roll" }, element("time", {}, clockWords(new Date(at))), legendSign(RANKS[rank] ?? RANKS[0]), told);
}
