/** Small questions to text. */

/** Tell whether an answer is the log-in page: the session has ended meanwhile. */
export function isLogIn(answer: string): boolean {
  return /<html/i.test(answer) && /type="?password/i.test(answer);
}

/** Return the time as 14:05. */
export function clockText(at: Date): string {
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}

/** Return under which name a field is kept: page, form and field. */
export function keyOf(path: string, form: string, field: string): string {
  return `kept:${path}:${form}:${field}`;
}
