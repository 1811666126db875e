/** The search box: name, code or pinyin, by hand or by keys alone. */

import { element } from "../map/elements";
import { t } from "../words";
import type { Found } from "./contract";

const WAIT_MS = 150;

export class Search {
  private readonly field: HTMLInputElement;
  private readonly list: HTMLElement;
  private results: readonly Found[] = [];
  private at = -1;
  private timer = 0;
  private asking: AbortController | null = null;

  constructor(
    box: HTMLElement,
    private readonly address: string,
    private readonly chosen: (found: Found) => void,
  ) {
    this.field = box.querySelector("input") as HTMLInputElement;
    this.list = box.querySelector("[role=listbox]") as HTMLElement;
    this.field.addEventListener("input", () => this.wait());
    this.field.addEventListener("focus", () => this.field.value.trim() && this.show());
    this.field.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("pointerdown", (event) => !box.contains(event.target as Node) && this.hide());
    box.addEventListener("focusout", (event) => !box.contains(event.relatedTarget as Node | null) && this.hide());
  }

  private wait(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
  }

  private async ask(): Promise<void> {
    this.asking?.abort();
    const words = this.field.value.trim();
    if (!words) return this.hide();
    const asking = new AbortController();
    this.asking = asking;
    try {
      const response = await fetch(`${this.address}?q=${encodeURIComponent(words)}`, { signal: asking.signal, headers: { Accept: "application/json" } });
      const { results } = (await response.json()) as { results: readonly Found[] };
      if (!asking.signal.aborted) this.fill(results);
    } catch {
      if (!asking.signal.aborted) this.fill([], t("The search did not answer; try again"));
    }
  }

  private fill(results: readonly Found[], nothing = t("Nothing of that name")): void {
    this.results = results;
    this.at = results.length ? 0 : -1;
    const lines = results.map((found, index) => {
      const line = element("li", { role: "option", id: `onemap-found-${index}`, "aria-selected": String(index === 0) }, element("strong", {}, found.title), element("small", { class: "onemap-kind" }, found.kind_title), element("small", {}, found.detail));
      line.addEventListener("click", () => this.take(index));
      return line;
    });
    this.list.replaceChildren(...(lines.length ? lines : [element("li", { class: "is-nothing", role: "option", "aria-disabled": "true" }, nothing)]));
    this.show();
    this.mark(this.at);
  }

  private key(event: KeyboardEvent): void {
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (steps && this.results.length) {
      event.preventDefault();
      this.show();
      this.mark((this.at + steps + this.results.length) % this.results.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!this.list.hidden && this.at >= 0) this.take(this.at);
      else void this.ask();
    } else if (event.key === "Escape") {
      if (this.list.hidden) this.field.value = "";
      this.hide();
    }
  }

  private mark(index: number): void {
    this.at = index;
    [...this.list.children].forEach((line, place) => line.setAttribute("aria-selected", String(place === index)));
    const line = this.list.children[index];
    line?.scrollIntoView({ block: "nearest" });
    if (line?.id) this.field.setAttribute("aria-activedescendant", line.id);
  }

  private take(index: number): void {
    const found = this.results[index];
    this.hide();
    if (found) this.chosen(found);
  }

  private show(): void {
    this.list.hidden = !this.list.childElementCount;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  private hide(): void {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }
}
