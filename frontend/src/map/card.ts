/** What a chosen feature says: slides in at the right, on phones from below. */

import { t } from "../words";
import { element } from "./elements";
import { linkOf, textOf, type Place } from "./settings";

export class Card {
  readonly root = element("aside", { class: "map-card", "aria-live": "polite", hidden: true });

  constructor(private readonly close: () => void) {
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /** Show the place, or nothing; `emphasised` is the property that the map is coloured by. */
  tell(place: Place | null, emphasised: string): void {
    this.root.hidden = place === null;
    if (!place) return;
    const { layer, shape, name } = place;
    const close = element("button", { type: "button", class: "btn-close", "aria-label": t("Close") });
    close.addEventListener("click", () => this.close());
    const rows = (layer.card ?? []).flatMap(([title, property]) => {
      const kind = property === emphasised ? { class: "is-emphasised" } : {};
      return [element("dt", kind, title), element("dd", kind, textOf(shape.properties[property]))];
    });
    const head = element("div", { class: "map-card-head" }, element("div", {}, element("small", {}, layer.title), element("h3", {}, name || "–")), close);
    const parts: Node[] = [head, element("dl", { class: "facts" }, ...rows)];
    const link = linkOf(layer, shape.properties);
    if (link) parts.push(element("a", { class: "btn btn-primary w-100", href: link }, t("Open the page")));
    this.root.replaceChildren(...parts);
  }
}
