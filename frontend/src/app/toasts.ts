/** Short messages in the corner: a status goes by itself, an alert stays until it is closed. */

import { t } from "../words";

interface Saying {
  kind: "status" | "alert";
  /** A message of the same key replaces the one before. */
  key?: string;
  link?: { href: string; text: string };
  /** The link reloads this page, which leads to the log-in and back. */
  reload?: boolean;
}

const SHOWN_MS = 8_000;
/** In a storm many come at once: the newest are read, and what lies below them must not be covered. */
const MOST_STATUS = 3;

function container(): HTMLElement {
  const found = document.getElementById("toasts");
  if (found) return found;
  const made = document.createElement("div");
  made.id = "toasts";
  made.className = "toast-container";
  made.setAttribute("aria-live", "polite");
  document.body.append(made);
  return made;
}

function closeButton(): HTMLButtonElement {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.setAttribute("data-bs-dismiss", "toast");
  close.setAttribute("aria-label", t("Close"));
  return close;
}

/** Give the toast its button; a status goes by itself, not while it is pointed at. */
function receive(toast: Element): void {
  if (!toast.querySelector(".btn-close")) toast.append(closeButton());
  if (toast.getAttribute("role") === "alert") return;
  let left = window.setTimeout(() => toast.remove(), SHOWN_MS);
  toast.addEventListener("pointerenter", () => window.clearTimeout(left));
  toast.addEventListener("pointerleave", () => (left = window.setTimeout(() => toast.remove(), SHOWN_MS / 2)));
}

/** Show a message; its text is plain. */
export function say(text: string, { kind, key = "", link, reload = false }: Saying): void {
  const place = container();
  if (key) place.querySelector(`[data-key="${key}"]`)?.remove();
  const toast = document.createElement("div");
  toast.className = "toast show";
  toast.dataset["key"] = key;
  toast.setAttribute("role", kind);
  const body = document.createElement("div");
  body.className = "toast-body";
  body.textContent = text;
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = reload ? location.href : link.href;
    anchor.textContent = link.text;
    anchor.className = "ms-2";
    body.append(anchor);
  }
  toast.append(body);
  place.append(toast);
  [...place.querySelectorAll(".toast[role=status]")].slice(0, -MOST_STATUS).forEach((old) => old.remove());
}

/** Take away the message of that key. */
export function unsay(key: string): void {
  document.querySelector(`#toasts [data-key="${key}"]`)?.remove();
}

export function startToasts(): void {
  const place = container();
  place.querySelectorAll(".toast").forEach(receive);
  new MutationObserver((changes) => {
    for (const change of changes) {
      change.addedNodes.forEach((node) => node instanceof Element && node.matches(".toast") && receive(node));
    }
  }).observe(place, { childList: true });
}
