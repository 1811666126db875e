/** htmx: no eval, no injected styles, refusals and form errors swapped in; an ended session never lands inside a page. */

import htmx from "htmx.org";
import { t } from "../words";
import { isLogIn } from "./texts";
import { say } from "./toasts";

interface Swap extends CustomEvent {
  detail: { xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean; elt: HTMLElement };
}

function csrfToken(): string {
  return document.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value ?? "";
}

function sessionEnded(): void {
  say(t("You have been logged out. What you typed is kept in this window."), {
    kind: "alert",
    key: "session",
    link: { href: `?next=${encodeURIComponent(location.pathname + location.search)}`, text: t("Log in again") },
    reload: true,
  });
}

export function startRequests(): void {
  Object.assign(htmx.config, {
    attributesToSettle: ["class", "width", "height"],
    includeIndicatorStyles: false,
    allowEval: false,
    allowScriptTags: false,
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    defaultFocusScroll: false,
    timeout: 30_000,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "401", swap: true },
      { code: "409", swap: true },
      { code: "422", swap: true },
      { code: "...", swap: false, error: true },
    ],
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const { detail } = event as CustomEvent<{ verb: string; headers: Record<string, string> }>;
    if (detail.verb !== "get" && !detail.headers["X-CSRFToken"]) detail.headers["X-CSRFToken"] = csrfToken();
  });
  // What an island fetched itself and put onto the page: its forms ask for parts like any other's.
  document.addEventListener("content-added", (event) => htmx.process(event.target as HTMLElement));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event as Swap;
    if (!isLogIn(detail.xhr.responseText)) return;
    detail.shouldSwap = false;
    detail.isError = true;
    sessionEnded();
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as Swap).detail;
    if (xhr.status === 403) say(t("This is not allowed, or the page is too old. Reload it and try again."), { kind: "alert" });
    else if (xhr.status === 404) say(t("This no longer exists, or is not within your area."), { kind: "alert" });
    else if (xhr.status >= 500) say(t("Something failed on the server. What you typed is still here; try again."), { kind: "alert" });
  });
}
