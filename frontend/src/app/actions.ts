/** Small things that a button or a row does. */

import { t } from "../words";
import { say } from "./toasts";

function fill(button: HTMLElement): void {
  const field = document.querySelector<HTMLInputElement | HTMLSelectElement>(button.dataset["fill"] ?? "");
  if (!field) return;
  field.value = button.dataset["value"] ?? "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
}

function textToCopy(button: HTMLElement): string {
  const source = button.dataset["copyFrom"];
  const element = source ? document.querySelector(source) : null;
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element.value;
  return element?.textContent?.trim() ?? button.dataset["copy"] ?? "";
}

/** Copy the old way: navigator.clipboard exists on https and localhost only, and a bureau's intranet is often neither. */
function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  return isDone;
}

async function copy(button: HTMLElement): Promise<void> {
  const text = textToCopy(button);
  const isDone = navigator.clipboard
    ? await navigator.clipboard.writeText(text).then(
        () => true,
        () => copyBySelection(text),
      )
    : copyBySelection(text);
  button.focus();
  say(isDone ? t("Copied") : t("Could not copy; mark the text and copy it yourself."), { kind: "status", key: "copy" });
}

function openRow(event: MouseEvent, row: HTMLElement): void {
  if ((event.target as Element).closest("a, button, input, label, select, textarea, summary, details")) return;
  if (String(getSelection() ?? "")) return;
  const href = row.dataset["rowUrl"] ?? row.dataset["href"] ?? "";
  if (event.ctrlKey || event.metaKey || event.button === 1) window.open(href, "_blank", "noopener");
  else location.assign(href);
}

const BY_ATTRIBUTE: ReadonlyArray<readonly [string, (found: HTMLElement, event: MouseEvent) => void]> = [
  ["[data-fill]", fill],
  ["[data-copy], [data-copy-from]", (found) => void copy(found)],
  ["[data-print]", () => window.print()],
  ["[data-back]", () => history.back()],
  ["tr[data-row-url], tr[data-href]", (found, event) => openRow(event, found)],
];

export function startActions(): void {
  document.addEventListener("click", (event) => {
    for (const [selector, act] of BY_ATTRIBUTE) {
      const found = (event.target as Element).closest<HTMLElement>(selector);
      if (found) act(found, event);
    }
  });
}
