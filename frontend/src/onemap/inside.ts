/** What lies within an area that somebody drew: asked of the server, shown in the drawer, taken away as a workbook. */

import { element, picture } from "../map/elements";
import { t } from "../words";
import type { Inside, InsideGroup, Point } from "./contract";

const SHOWN_AT_FIRST = 8;
const AIM = "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8M12 3v3M12 18v3M3 12h3M18 12h3";

export function ringOf(points: readonly Point[]): { type: "Polygon"; coordinates: Point[][] } {
  const ring = points.map(([longitude, latitude]): Point => [Number(longitude.toFixed(6)), Number(latitude.toFixed(6))]);
  return { type: "Polygon", coordinates: [[...ring, ring[0] as Point]] };
}

/** Ask what is inside; a refusal comes back as its words. */
export async function askInside(address: string, token: string, points: readonly Point[]): Promise<Inside | string> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ polygon: ringOf(points) }),
    });
    const answer = (await response.json()) as Inside & { error?: string };
    return response.ok ? answer : (answer.error ?? t("The area could not be looked at. Try again."));
  } catch {
    return t("The area could not be looked at. Try again.");
  }
}

export function insideNodes({ groups, notes }: Inside, goTo: (point: Point) => void, take: () => void): HTMLElement[] {
  const save = element("button", { type: "button", class: "btn btn-primary w-100 mb-3" }, t("Take it away as a workbook"));
  save.addEventListener("click", take);
  const found = groups.filter(({ count, figures }) => count || figures.length);
  const lists = found.map((group) => groupNode(group, goTo));
  const nothing = found.length ? [] : [element("p", { class: "onemap-nothing" }, t("Nothing that you may see lies inside."))];
  return [...nothing, ...(found.length ? [save] : []), ...lists, ...notes.map((note) => element("p", { class: "onemap-note" }, note))];
}

function groupNode({ title, count, figures, columns, rows, left_off: leftOff }: InsideGroup, goTo: (point: Point) => void): HTMLElement {
  const head = element("h3", {}, title, element("span", { class: "onemap-count" }, count.toLocaleString("en-US")));
  const told = figures.map(({ words, value, unit }) => element("div", {}, element("dt", {}, words), element("dd", {}, `${value.toLocaleString("en-US")} ${unit}`.trim())));
  const lines = rows.map((row) => rowNode(row, goTo));
  lines.slice(SHOWN_AT_FIRST).forEach((line) => (line.hidden = true));
  const table = element("table", { class: "table table-sm onemap-table" }, element("thead", {}, element("tr", {}, ...columns.map((column, index) => element("th", { scope: "col", class: index ? "text-end" : "" }, column)))), element("tbody", {}, ...lines));
  const parts: HTMLElement[] = [head];
  if (told.length) parts.push(element("dl", { class: "onemap-figures" }, ...told));
  if (rows.length) parts.push(element("div", { class: "table-responsive" }, table));
  if (lines.length > SHOWN_AT_FIRST) parts.push(moreButton(lines, count));
  if (leftOff) parts.push(element("p", { class: "onemap-note" }, t("{count} more are in the workbook", { count: leftOff })));
  return element("section", { class: "onemap-inside" }, ...parts);
}

function moreButton(lines: readonly HTMLElement[], count: number): HTMLElement {
  const more = element("button", { type: "button", class: "btn btn-sm w-100" }, t("Show all {count}", { count: Math.min(count, lines.length) }));
  more.addEventListener("click", () => {
    lines.forEach((line) => (line.hidden = false));
    more.remove();
  });
  return more;
}

function rowNode({ cells, url, point }: InsideGroup["rows"][number], goTo: (point: Point) => void): HTMLTableRowElement {
  const [first = "", ...others] = cells;
  const name = url ? element("a", { href: url }, first) : element("span", {}, first);
  const head = element("td", {}, name);
  if (point) {
    const go = element("button", { type: "button", class: "onemap-go", "aria-label": t("Show {name} on the map", { name: first }), title: t("Show on the map") }, picture(AIM));
    go.addEventListener("click", () => goTo(point));
    head.append(go);
  }
  return element("tr", {}, head, ...others.map((cell) => element("td", { class: "text-end" }, cell)));
}
