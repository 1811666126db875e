/** The interval of a forecast: a band between two lines. */

/** Where values are expected to lie; times are seconds since 1970. */
export interface Band {
  name: string;
  points: ReadonlyArray<readonly [number, number, number]>;
}

type Options = Record<string, unknown>;

/** Told apart from what was measured, and from the colours of warnings. */
export const EXPECTED = "#2a7f86";
const FLOOR = "band-floor";

/** Return the band as ECharts draws it: what lies below is not seen, what lies between stands upon it. */
export function bandSeries(band: Band | undefined, place: (seconds: number) => number): Options[] {
  if (!band?.points.length) return [];
  const both = { type: "line", stack: "band", stackStrategy: "all", symbol: "none", silent: true, lineStyle: { width: 0, opacity: 0 }, z: 1 };
  return [
    { ...both, name: FLOOR, data: band.points.map(([time, low]) => [place(time), low]) },
    { ...both, name: band.name, color: EXPECTED, areaStyle: { color: EXPECTED, opacity: 0.18 }, data: band.points.map(([time, low, high]) => [place(time), high - low]) },
  ];
}

/** Return whether a series is of the band, whose own numbers tell nothing. */
export function isOfBand(band: Band | undefined, name: string): boolean {
  return name === FLOOR || name === band?.name;
}

/** Return the ends of the band at an instant as a line of text, nothing where it does not reach. */
export function bandText(band: Band | undefined, seconds: number, number: (value: number) => string, unit: string): string[] {
  const found = band?.points.find(([time]) => Math.abs(time - seconds) < 1);
  return band && found && found[1] !== found[2] ? [`${band.name}  ${number(found[1])} – ${number(found[2])} ${unit}`] : [];
}
