/** The map on paper: its picture goes to the server, which sets title, legend and scale around it. */

import type { Map as LibraryMap } from "maplibre-gl";
import { t } from "../words";
import type { Parts } from "./parts";

/** Return the map's picture; it can only be read in the same breath as it is drawn. */
function picture(map: LibraryMap): Promise<Blob> {
  return new Promise((resolve, reject) => {
    map.once("render", () => map.getCanvas().toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"));
    map.triggerRepaint();
  });
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export class Printing {
  private readonly dialog: HTMLDialogElement;
  private readonly form: HTMLFormElement;
  private readonly trouble: HTMLElement;

  constructor(
    parts: Parts,
    private readonly map: LibraryMap,
    private readonly told: () => { title: string; layers: readonly string[] },
  ) {
    this.dialog = parts.part<HTMLDialogElement>("print");
    this.form = this.dialog.querySelector("form") as HTMLFormElement;
    this.trouble = parts.part("print-trouble");
    parts.on("print", () => this.open());
    parts.on("print-close", () => this.dialog.close());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  private open(): void {
    const title = this.form.elements.namedItem("title") as HTMLInputElement;
    if (!title.value) title.value = this.told().title;
    this.trouble.hidden = true;
    this.dialog.showModal();
    title.select();
  }

  private async send(): Promise<void> {
    const button = this.form.querySelector<HTMLButtonElement>(".btn-primary");
    if (button) button.disabled = true;
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: await this.content() });
      const isDocument = answer.headers.get("Content-Type")?.startsWith("application/pdf");
      if (!answer.ok || !isDocument) throw new Error(String(answer.status));
      save(await answer.blob(), `${this.told().title}.pdf`);
      this.dialog.close();
    } catch {
      this.trouble.textContent = t("The PDF could not be made. Try again, or print the page with the browser.");
      this.trouble.hidden = false;
    }
    if (button) button.disabled = false;
  }

  private async content(): Promise<FormData> {
    const content = new FormData(this.form);
    const [[west, south], [east, north]] = this.map.getBounds().toArray() as [[number, number], [number, number]];
    content.set("picture", await picture(this.map), "map.png");
    content.set("layers", this.told().layers.join(","));
    content.set("bounds", [west, south, east, north].map((one) => one.toFixed(6)).join(","));
    return content;
  }
}
