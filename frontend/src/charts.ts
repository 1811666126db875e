/** Charts: `<div class="chart" data-chart="id">` beside a table that says the same. */

import { BarChart, LineChart, RadarChart } from "echarts/charts";
import { GridComponent, LegendComponent, RadarComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { description, numberText, optionsOf, type Chart } from "./charts/settings";
import { t } from "./words";

use([BarChart, LineChart, RadarChart, GridComponent, LegendComponent, RadarComponent, TooltipComponent, SVGRenderer]);

const drawn = new Map<HTMLElement, { chart: Chart; picture: ECharts }>();

function read(place: HTMLElement): Chart | null {
  const text = document.getElementById(place.dataset["chart"] ?? "")?.textContent;
  return text ? (JSON.parse(text) as Chart) : null;
}

function paint(place: HTMLElement, isStill: boolean): void {
  const found = drawn.get(place);
  if (!found) return;
  const around = { width: place.clientWidth, height: place.clientHeight, isStill, font: getComputedStyle(place).fontFamily, number: numberText };
  found.picture.setOption(optionsOf(found.chart, around), { notMerge: true });
}

/** Give a chart of many bars the height that its labels need. */
function fit(place: HTMLElement, chart: Chart): void {
  if (chart.kind !== "bar") return;
  const count = chart.categories?.length ?? 0;
  if (chart.horizontal && count) {
    place.style.height = `${Math.max(160, count * (chart.series.length > 1 ? 20 * chart.series.length + 8 : 30) + 60)}px`;
  }
}

function draw(place: HTMLElement): void {
  const chart = read(place);
  if (!chart || drawn.has(place)) return;
  fit(place, chart);
  place.replaceChildren();
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", place.getAttribute("aria-label") ?? `${t("Chart")}: ${description(chart)}`);
  const picture = init(place, null, { renderer: "svg" });
  drawn.set(place, { chart, picture });
  paint(place, matchMedia("(prefers-reduced-motion: reduce)").matches || Boolean(place.closest("[data-followed]")));
  new ResizeObserver(() => {
    if (!place.clientWidth) return;
    picture.resize();
    paint(place, true);
  }).observe(place);
}

function drawAll(): void {
  for (const [place, { picture }] of drawn) {
    if (place.isConnected) continue;
    picture.dispose();
    drawn.delete(place);
  }
  document.querySelectorAll<HTMLElement>("[data-chart]").forEach(draw);
}

drawAll();
document.addEventListener("htmx:afterSettle", drawAll);
// Paper is narrower than the screen: draw for it, and back again afterwards.
for (const moment of ["beforeprint", "afterprint"]) {
  window.addEventListener(moment, () => {
    for (const [place, { picture }] of drawn) {
      picture.resize();
      paint(place, true);
    }
  });
}
