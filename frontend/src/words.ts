/** Words for people. Ids are English; the Chinese stands in the catalogue that the server's side compiles. */

type Values = Readonly<Record<string, string | number>>;

declare global {
  /** The catalogue, put there by a script that a Chinese page names before all others: there are words from the start. */
  var anlanWords: Readonly<Record<string, string>> | undefined;
}

/** Tell whether the page is in Chinese. */
export function isChinese(): boolean {
  return document.documentElement.lang.toLowerCase().startsWith("zh");
}

/** Return the text in the page's language, with {name} filled in. */
export function t(text: string, values: Values = {}): string {
  return (globalThis.anlanWords?.[text] || text).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
