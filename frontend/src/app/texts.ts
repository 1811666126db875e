/** Small questions to text. */

/** Tell whether an answer is the log-in page: the session has ended meanwhile. */
export function isLogIn(answer: string): boolean {
  return /<html/i.test(answer) && /type="?password/i.test(answer);
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });

/** Return the time as the rest of the page tells it: 14:05, in Beijing time wherever the computer thinks it is. */
export function clockText(at: Date): string {
  return CLOCK.format(at);
}

/** Return under which name a field is kept: page, form and field. */
export function keyOf(path: string, form: string, field: string): string {
  return `kept:${path}:${form}:${field}`;
}
