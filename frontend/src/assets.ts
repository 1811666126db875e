/** Where the built files are. The page names them, since their addresses carry a hash: <script data-worker="…">. */

/** Return the address that a script tag of the page gives in `data-<key>`, else the file beside this script. */
export function asset(key: string, file: string): string {
  const told = document.querySelector<HTMLScriptElement>(`script[data-${key}]`)?.dataset[key];
  return told ? new URL(told, document.baseURI).href : new URL(file, import.meta.url).href;
}
