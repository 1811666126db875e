/** Times as people read them, in the county's own clock. */

import { t } from "../words";

const ZONE = "Asia/Shanghai";
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, month: "numeric", day: "numeric" });

function part(format: Intl.DateTimeFormat, at: Date, type: string): string {
  return format.formatToParts(at).find((one) => one.type === type)?.value ?? "";
}

/** Return 14:05. */
export function clockWords(at: Date): string {
  return Number.isNaN(at.getTime()) ? "" : CLOCK.format(at);
}

/** Return 11-23 14:05. */
export function dayClockWords(at: Date): string {
  return `${part(DAY, at, "month")}-${part(DAY, at, "day").padStart(2, "0")} ${clockWords(at)}`;
}

/** Return how long ago that is, in one unit. */
export function agoWords(at: Date, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - at.getTime()) / 60_000));
  if (Number.isNaN(minutes)) return "";
  if (minutes < 1) return t("just now");
  if (minutes < 60) return t("{minutes} min ago", { minutes });
  if (minutes < 48 * 60) return t("{hours} h ago", { hours: Math.floor(minutes / 60) });
  return t("{days} days ago", { days: Math.floor(minutes / 1440) });
}
