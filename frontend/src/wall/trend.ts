/** The last 24 hours on the wall: rain above, alarms by colour below. One chart, told new figures and never made anew. */

import { BarChart } from "echarts/charts";
import { GridComponent, TitleComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { RANKS, rankWord } from "../onemap/alarms";
import { clockWords } from "../onemap/times";
import { t } from "../words";
import type { Trend } from "./contract";

use([BarChart, GridComponent, TitleComponent, CanvasRenderer]);

const QUIET = "#8fa9c4";
const LINE = "rgba(143,169,196,0.18)";

export class TrendChart {
  private readonly chart: ECharts;
  private told: Trend | null = null;

  constructor(private readonly place: HTMLElement) {
    this.chart = init(place, null, { renderer: "canvas" });
  }

  /** Draw these hours. */
  tell(trend: Trend): void {
    this.told = trend;
    const letters = parseFloat(getComputedStyle(this.place).fontSize);
    const hours = trend.rain_mean_mm.map((_, index) => clockWords(new Date((trend.start + index * trend.step) * 1000)));
    this.chart.setOption({ animation: false, ...frame(hours, letters, getComputedStyle(this.place).fontFamily), series: series(trend) }, { notMerge: true });
  }

  fit(): void {
    this.chart.resize();
    if (this.told) this.tell(this.told);
  }
}

function frame(hours: readonly string[], letters: number, font: string): object {
  const axis = (index: number, isNamed: boolean) => ({
    type: "category",
    gridIndex: index,
    data: [...hours],
    axisTick: { show: false },
    axisLine: { lineStyle: { color: "rgba(143,169,196,0.45)" } },
    axisLabel: { show: isNamed, color: QUIET, fontSize: letters * 0.8, interval: 2 },
  });
  const value = (index: number) => ({
    type: "value",
    gridIndex: index,
    splitNumber: 2,
    minInterval: index ? 1 : 0,
    axisLabel: { color: QUIET, fontSize: letters * 0.75 },
    splitLine: { lineStyle: { color: LINE } },
  });
  const title = (text: string, top: string) => ({ text, left: letters * 0.2, top, padding: 0, textStyle: { color: QUIET, fontSize: letters * 0.8, fontWeight: "normal", fontFamily: font } });
  const side = { left: letters * 2.6, right: letters * 0.5 };
  return {
    textStyle: { fontFamily: font },
    title: [title(t("Mean rain, mm an hour"), "0%"), title(t("New alarms an hour"), "50%")],
    grid: [{ ...side, top: letters * 1.5, height: "30%" }, { ...side, top: `52%`, bottom: letters * 1.5 }].map((grid, index) => (index ? { ...grid, top: `${58}%` } : grid)),
    xAxis: [axis(0, false), axis(1, true)],
    yAxis: [value(0), value(1)],
  };
}

function series(trend: Trend): object[] {
  const rain = { type: "bar", name: t("Rain"), data: trend.rain_mean_mm.map((one) => one ?? "-"), itemStyle: { color: "#4ea3e0", borderRadius: [2, 2, 0, 0] }, barCategoryGap: "25%" };
  const alarms = [1, 2, 3, 4].map((rank) => ({
    type: "bar",
    name: rankWord(rank),
    xAxisIndex: 1,
    yAxisIndex: 1,
    stack: "alarms",
    data: [...(trend.alarms[String(rank)] ?? [])],
    itemStyle: { color: (RANKS[rank] ?? RANKS[0]).colour },
    barCategoryGap: "25%",
  }));
  return [rain, ...alarms];
}
