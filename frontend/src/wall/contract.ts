/** What the server tells the big screen. */

export interface Waiting {
  id: number;
  station: number;
  name: string;
  place: string;
  rule: string;
  colour: number;
  since: string;
  minutes: number;
  value: string;
  division: string;
}

export interface Happening {
  id: number;
  at: string;
  /** What happened, in the person's language. */
  words: string;
  value: string;
  news: string;
  colour: number;
  name: string;
  rule: string;
  division: string;
}

export interface Rain {
  id: number;
  name: string;
  division: string;
  mm_1h: number | null;
  mm_24h: number;
  colour: number;
}

export interface Level {
  id: number;
  name: string;
  river: string;
  value: number;
  warning: number;
  guarantee?: number | null;
  over: number;
  colour: number;
}

/** A forecast that nears its warning level. */
export interface Coming {
  id: number;
  name: string;
  river: string;
  hours: number;
  value: number;
  low: number | null;
  high: number | null;
  warning: number | null;
  colour: number;
}

export interface Trend {
  start: number;
  step: number;
  rain_mean_mm: ReadonlyArray<number | null>;
  alarms: Readonly<Record<string, readonly number[]>>;
  readings: readonly number[];
}

export interface Figures {
  at: string;
  county: string;
  stations: { total: number; online: number; silent: number; fault: number };
  alarms: Readonly<Record<string, number>>;
  device_alarms: number;
  unanswered: readonly Waiting[];
  unanswered_in_all: number;
  roll: readonly Happening[];
  rain: readonly Rain[];
  levels: readonly Level[];
  coming?: readonly Coming[];
  trend: Trend;
}
