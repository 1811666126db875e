/** Forms that save by themselves: one mark says how it stands; what the network lost is sent again. */

import htmx from "htmx.org";
import { t } from "../words";
import { clockText } from "./texts";
import { say, unsay } from "./toasts";

interface Sent extends CustomEvent {
  /** `elt` may be an ancestor when the answer has replaced the form; the request remembers the form itself. */
  detail: { requestConfig: { elt: HTMLElement }; xhr: XMLHttpRequest };
}

const RETRY_MS = 10_000;
const unsent = new Set<string>();
let underWay = 0;

function savesItself(element: HTMLElement): boolean {
  return element.matches?.("form[hx-trigger*=change]");
}

function mark(): HTMLElement {
  const found = document.querySelector<HTMLElement>("[data-save-state]");
  if (found) return found;
  const made = document.createElement("div");
  made.dataset["saveState"] = "";
  made.className = "save-state no-print";
  made.setAttribute("role", "status");
  document.body.append(made);
  return made;
}

function show(state: "saving" | "saved" | "lost" | "refused", text: string): void {
  const place = mark();
  place.textContent = text;
  place.className = `save-state no-print is-${state}`;
}

function lost(form: HTMLElement): void {
  if (form.id) unsent.add(form.id);
  show("lost", t("Not saved: no connection"));
  say(t("No connection. What you type stays here and is sent when the connection is back."), { kind: "alert", key: "network" });
}

function sendAgain(): void {
  for (const id of [...unsent]) {
    const form = document.getElementById(id);
    unsent.delete(id);
    if (form) htmx.trigger(form, "change", {});
  }
}

function answered(event: Sent): void {
  const { requestConfig, xhr } = event.detail;
  if (!savesItself(requestConfig.elt)) return;
  underWay = Math.max(0, underWay - 1);
  if (!xhr.status) return lost(requestConfig.elt);
  unsay("network");
  if (xhr.status >= 400) show("refused", t("Not saved: see the note beside the field"));
  else if (!underWay) show("saved", t("Saved {time}", { time: clockText(new Date()) }));
}

export function startSaving(): void {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!savesItself((event as Sent).detail.requestConfig.elt)) return;
    underWay += 1;
    show("saving", t("Saving…"));
  });
  document.addEventListener("htmx:afterRequest", (event) => answered(event as Sent));
  window.addEventListener("online", sendAgain);
  window.setInterval(() => unsent.size && sendAgain(), RETRY_MS);
  window.addEventListener("beforeunload", (event) => {
    if (underWay || unsent.size) event.preventDefault();
  });
}
