/** Words for people. Ids are English; the Chinese stands in the catalogue that the server's side compiles. */

import { asset } from "./assets";

type Values = Readonly<Record<string, string | number>>;

let catalogue: Readonly<Record<string, string>> = {};

/** Tell whether the page is in Chinese. */
export function isChinese(): boolean {
  return document.documentElement.lang.toLowerCase().startsWith("zh");
}

/** Load the catalogue when the page is Chinese; without it people read English. */
export async function loadWords(): Promise<void> {
  if (!isChinese() || Object.keys(catalogue).length) return;
  try {
    const response = await fetch(asset("words", "zh-hans.json"));
    if (response.ok) useWords((await response.json()) as Record<string, string>);
  } catch {
    // No connection: the English stays.
  }
}

/** Take these words as the catalogue. */
export function useWords(words: Readonly<Record<string, string>>): void {
  catalogue = words;
}

/** Return the text in the page's language, with {name} filled in. */
export function t(text: string, values: Values = {}): string {
  return (catalogue[text] || text).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
