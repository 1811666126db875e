/** Typed text is never lost: fields marked `data-keep` are kept in this tab until they have been sent. */

import { t } from "../words";
import { keyOf } from "./texts";
import { say } from "./toasts";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const FIELDS = "input[data-keep], textarea[data-keep], select[data-keep], form[data-keep] :is(input, textarea, select)";
const NEVER = new Set(["password", "hidden", "file", "submit", "button", "checkbox", "radio"]);
const SENT = "sent:";

function keyFor(field: Field): string {
  return keyOf(location.pathname, field.form?.id || field.form?.getAttribute("action") || "", field.name || field.id);
}

function fields(within: ParentNode): Field[] {
  return [...within.querySelectorAll<Field>(FIELDS)].filter((field) => !NEVER.has(field.type));
}

function original(field: Field): string {
  if (!(field instanceof HTMLSelectElement)) return field.defaultValue;
  const chosen = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return chosen?.value ?? "";
}

function keep(field: Field): void {
  if (field.value === original(field)) sessionStorage.removeItem(keyFor(field));
  else sessionStorage.setItem(keyFor(field), field.value);
}

/** Put kept text back into fields that still hold what the server sent; return how many. */
function putBack(within: ParentNode): number {
  let count = 0;
  for (const field of fields(within)) {
    const kept = sessionStorage.getItem(keyFor(field));
    if (kept === null || kept === original(field)) continue;
    field.value = kept;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.classList.add("is-kept");
    count += 1;
  }
  return count;
}

/** What was sent is dropped once a page other than the log-in or a refusal has come back. */
function settleSent(): void {
  const isBack = document.querySelector("input[type=password]") !== null;
  const isRefused = document.querySelector(".refusal, .is-invalid, [aria-invalid=true]") !== null;
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(SENT))) {
    const kept = key.slice(SENT.length);
    const text = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    if ((isBack || isRefused) && text !== null) sessionStorage.setItem(kept, text);
  }
}

function send(form: HTMLFormElement): void {
  for (const field of fields(form)) {
    const key = keyFor(field);
    const text = sessionStorage.getItem(key);
    if (text === null) continue;
    sessionStorage.setItem(SENT + key, text);
    sessionStorage.removeItem(key);
  }
}

function drop(form: HTMLElement): void {
  if (form instanceof HTMLFormElement) for (const field of fields(form)) sessionStorage.removeItem(keyFor(field));
}

export function startKeeping(): void {
  settleSent();
  if (putBack(document)) say(t("What you had typed here was put back."), { kind: "status", key: "kept" });
  document.addEventListener("input", (event) => {
    const field = event.target as Field;
    if (field.matches?.(FIELDS) && !NEVER.has(field.type)) keep(field);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!event.defaultPrevented && !form.hasAttribute("hx-post")) send(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { requestConfig, xhr } = (event as CustomEvent<{ requestConfig: { elt: HTMLElement }; xhr: XMLHttpRequest }>).detail;
    if (xhr.status >= 200 && xhr.status < 400) drop(requestConfig.elt);
  });
}
