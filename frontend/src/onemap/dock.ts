/** The drawer at the right, on phones from below: one thing at a time, a card, the alarms or what is inside. */

import { asset } from "../assets";
import { element } from "../map/elements";
import { t } from "../words";
import { filled, type Layer, type Values } from "./contract";
import type { Parts } from "./parts";
import { textOf } from "../map/settings";

export type DockView = "" | "card" | "alarms" | "inside";

export class Dock {
  private view: DockView = "";
  private address = "";
  private before: HTMLElement | null = null;
  private readonly dock: HTMLElement;
  private readonly title: HTMLElement;
  private readonly tools: HTMLElement;
  private readonly body: HTMLElement;
  private readonly card: HTMLElement;

  constructor(
    private readonly parts: Parts,
    private readonly changed: (view: DockView) => void,
  ) {
    [this.dock, this.title, this.tools, this.body, this.card] = ["dock", "dock-title", "dock-tools", "dock-body", "card"].map((name) => parts.part(name)) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement];
    parts.on("close", () => this.close());
    this.dock.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.close());
  }

  get open(): DockView {
    return this.view;
  }

  /** Show nodes under a title. */
  show(view: Exclude<DockView, "" | "card">, title: string, nodes: readonly Node[], tools: readonly Node[] = []): void {
    this.card.hidden = true;
    this.body.hidden = false;
    this.body.replaceChildren(...nodes);
    this.tools.replaceChildren(...tools);
    this.turnTo(view, title);
  }

  /** Fill the view anew if it is the one that is open. */
  renew(view: DockView, nodes: readonly Node[]): void {
    if (this.view !== view) return;
    const focused = (document.activeElement as HTMLElement | null)?.dataset?.["id"];
    this.body.replaceChildren(...nodes);
    if (focused) this.body.querySelector<HTMLElement>(`[data-id="${focused}"]`)?.focus();
  }

  /** Show the card of a feature: what its context says of it, else what the feature itself tells. */
  tell(layer: Layer, values: Values): void {
    const name = String(values[layer.label || "name"] ?? values["name"] ?? "");
    this.address = filled(layer.card_url, values);
    this.tools.replaceChildren();
    this.body.hidden = Boolean(this.address);
    this.card.hidden = !this.address;
    if (this.address) {
      this.card.replaceChildren(...["w-50", "w-75", "w-100", "w-75"].map((width) => element("div", { class: `skeleton onemap-skeleton ${width}` })));
      void this.fetch();
    } else {
      this.body.replaceChildren(...facts(layer, values));
    }
    this.turnTo("card", name || layer.title);
  }

  /** Ask the open card again: something in it changed. */
  again(): void {
    if (this.view === "card" && this.address) void this.fetch();
  }

  close(): void {
    if (!this.view) return;
    this.view = "";
    this.dock.hidden = true;
    this.parts.root.classList.remove("has-dock");
    this.card.replaceChildren();
    this.body.replaceChildren();
    this.changed("");
    if (this.before?.isConnected) this.before.focus({ preventScroll: true });
    this.before = null;
  }

  private turnTo(view: DockView, title: string): void {
    const isOpening = !this.view;
    if (isOpening) this.before = document.activeElement as HTMLElement | null;
    this.view = view;
    this.dock.classList.remove("has-own-title");
    this.dock.dataset["view"] = view;
    this.title.textContent = title;
    this.dock.hidden = false;
    this.parts.root.classList.add("has-dock");
    this.dock.scrollTop = 0;
    this.title.focus({ preventScroll: true });
    this.changed(view);
  }

  /** Bring the card; what comes too late for the one that is open is left. */
  private async fetch(): Promise<void> {
    const { address } = this;
    const text = await fetch(address, { headers: { "HX-Request": "true" } })
      .then((answer) => (answer.ok && !answer.headers.has("HX-Redirect") ? answer.text() : ""))
      .catch(() => "");
    if (address !== this.address || this.view !== "card") return;
    const { body } = new DOMParser().parseFromString(text, "text/html");
    const nothing = element("p", {}, t("The card could not be loaded. Try again."));
    this.card.replaceChildren(...(text ? [...body.childNodes].map((node) => document.importNode(node, true)) : [nothing]));
    this.dock.classList.toggle("has-own-title", Boolean(text));
    this.card.dispatchEvent(new Event("content-added", { bubbles: true }));
    await this.dress();
  }

  /** Charts of a card are drawn by the island of charts, fetched with the first card that has one. */
  private async dress(): Promise<void> {
    if (!this.card.querySelector("[data-chart]")) return;
    await import(asset("charts", "charts.js"));
    document.dispatchEvent(new Event("htmx:afterSettle"));
  }
}

function facts(layer: Layer, values: Values): HTMLElement[] {
  const rows = (layer.card ?? []).flatMap(([title, property]) => [element("dt", {}, title), element("dd", {}, textOf(values[property]))]);
  const link = filled(layer.link, values);
  const parts: HTMLElement[] = [element("p", { class: "onemap-kind" }, layer.title), element("dl", { class: "facts" }, ...rows)];
  if (link) parts.push(element("a", { class: "btn btn-primary w-100", href: link }, t("Open the page")));
  return parts;
}
