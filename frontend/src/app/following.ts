/** Parts of a page that follow live news: `<div id="x" data-follow="kind kind" data-follow-thing="12">`, of any thing without it. */

import htmx from "htmx.org";
import { isLoggedOut, listen, onReset } from "../live";

/** What an event may say of whom it concerns: one station, or many as rows that begin with their number. */
interface Concerned {
  station?: number;
  stations?: ReadonlyArray<readonly [id: number, ...unknown[]]>;
}

const FIRST_MS = 500;
/** The page is asked anew, not more often than this. */
const EVERY_MS = 10_000;

let timer = 0;
let asked = 0;

const parts = (within: ParentNode = document): HTMLElement[] => [...within.querySelectorAll<HTMLElement>("[data-follow][id]")];

/** Tell whether news concerns a thing. */
export function concerns({ station, stations }: Concerned, thing: number): boolean {
  return station === thing || Boolean(stations?.some(([id]) => id === thing));
}

export function startFollowing(): void {
  const kinds = new Set(parts().flatMap(({ dataset }) => (dataset["follow"] ?? "").split(" ").filter(Boolean)));
  for (const kind of kinds) listen<Concerned>(kind, (news) => isOurs(kind, news) && soon());
  if (!kinds.size) return;
  onReset(soon);
  document.addEventListener("visibilitychange", () => timer || document.hidden || soon());
}

function isOurs(kind: string, news: Concerned): boolean {
  return parts().some(({ dataset }) => dataset["follow"]?.split(" ").includes(kind) && (!dataset["followThing"] || concerns(news, Number(dataset["followThing"]))));
}

function soon(): void {
  if (timer || document.hidden) return;
  timer = window.setTimeout(() => void ask(), Math.max(FIRST_MS, asked + EVERY_MS - Date.now()));
}

async function ask(): Promise<void> {
  asked = Date.now();
  try {
    const answer = await fetch(location.href, { headers: { "X-Quiet": "1" } });
    if (answer.ok && !answer.redirected && !isLoggedOut()) put(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // No connection: the next news asks again.
  } finally {
    timer = 0;
  }
}

function put(page: Document): void {
  for (const old of parts()) {
    const fresh = page.getElementById(old.id);
    if (!fresh || old.contains(document.activeElement) || fresh.innerHTML === old.dataset["followed"]) continue;
    const text = fresh.innerHTML;
    const made = document.adoptNode(fresh);
    keepOpen(old, made);
    made.dataset["followed"] = text;
    old.replaceWith(made);
    htmx.process(made);
    made.dispatchEvent(new CustomEvent("htmx:afterSettle", { bubbles: true }));
  }
}

/** What the reader unfolded stays so. */
function keepOpen(old: HTMLElement, fresh: HTMLElement): void {
  const before = old.querySelectorAll("details");
  fresh.querySelectorAll("details").forEach((one, place) => (one.open = before[place]?.open ?? one.open));
}
