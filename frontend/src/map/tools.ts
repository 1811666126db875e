/** Buttons of the map, its scale bar, and the small note beside the pointer. */

import { t } from "../words";
import { element, picture } from "./elements";
import { lengthText, roundLength } from "./scale";
import type { View } from "./settings";

const PLUS = "M12 5v14M5 12h14";
const MINUS = "M5 12h14";
const WHOLE = "M4 8V6a2 2 0 0 1 2-2h2M4 16v2a2 2 0 0 0 2 2h2M16 4h2a2 2 0 0 1 2 2v2M16 20h2a2 2 0 0 0 2-2v-2M9 12h6M12 9v6";
const LARGE = "M16 4h4v4M14 10l6-6M8 20H4v-4M4 20l6-6M16 20h4v-4M14 14l6 6M8 4H4v4M4 4l6 6";
const SCALE_PX = 110;

function tool(path: string, words: string, act: () => void): HTMLButtonElement {
  const button = element("button", { type: "button", title: words, "aria-label": words }, picture(path));
  button.addEventListener("click", act);
  return button;
}

/** Return the buttons; full screen only where the browser has it. */
export function tools(box: HTMLElement, zoomBy: (steps: number) => void, fit: () => void): HTMLElement {
  const made = element("div", { class: "map-tools", role: "group", "aria-label": t("Map") });
  made.append(tool(PLUS, t("Closer"), () => zoomBy(1)), tool(MINUS, t("Farther"), () => zoomBy(-1)), tool(WHOLE, t("Show everything"), fit));
  if (document.fullscreenEnabled) {
    const toggle = () => void (document.fullscreenElement ? document.exitFullscreen() : box.requestFullscreen());
    made.append(tool(LARGE, t("Full screen"), toggle));
  }
  return made;
}

export class ScaleBar {
  private readonly words = element("span");
  private readonly bar = element("span", { class: "map-scale-bar" });
  readonly root = element("div", { class: "map-scale", "aria-hidden": "true" }, this.words, this.bar);

  show(view: View): void {
    const { metres, pixels } = roundLength(view, SCALE_PX);
    this.words.textContent = lengthText(metres);
    this.bar.style.width = `${pixels}px`;
  }
}

export class Tip {
  readonly root = element("div", { class: "map-tip", "aria-hidden": "true", hidden: true });

  show(name: string, value: string, x: number, y: number): void {
    this.root.hidden = !name;
    if (!name) return;
    this.root.replaceChildren(element("strong", {}, name), ...(value ? [element("span", {}, value)] : []));
    const isRight = x > (this.root.parentElement?.clientWidth ?? 0) - 180;
    this.root.style.transform = `translate(${Math.round(isRight ? x - 12 : x + 14)}px, ${Math.round(y + 14)}px)${isRight ? " translateX(-100%)" : ""}`;
  }
}
