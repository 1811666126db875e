/** A place chosen for a form: by a press on the map, by this device, or typed; the mark follows the fields. */

import { t } from "../words";
import { element } from "./elements";
import type { Layer, PickFields, Place, Shape } from "./settings";

const DECIMALS = 6;
const COLOUR = { property: "", stops: [], missing: "#c2255c" };

/** Return what two fields say as longitude and latitude; null where that is no place on earth. */
export function degreesFrom(longitude: string, latitude: string): [number, number] | null {
  const [x, y] = [longitude, latitude].map((text) => (text.trim() ? Number(text) : NaN));
  if (x === undefined || y === undefined) return null;
  return Math.abs(x) <= 180 && Math.abs(y) <= 90 ? [x, y] : null;
}

export class Picking {
  readonly layer: Layer = { key: "picked", title: t("The chosen place"), kind: "point", url: "", label: "name", colour: COLOUR };
  readonly button = element("button", { type: "button", class: "btn btn-sm map-locate" }, t("Where this device is"));
  private readonly fields: readonly [HTMLInputElement, HTMLInputElement] | null;

  constructor(
    fields: PickFields,
    private readonly changed: () => void,
  ) {
    const [longitude, latitude] = [fields.longitude, fields.latitude].map((id) => document.getElementById(id));
    this.fields = longitude instanceof HTMLInputElement && latitude instanceof HTMLInputElement ? [longitude, latitude] : null;
    this.fields?.forEach((field) => field.addEventListener("input", () => this.changed()));
    this.button.hidden = !("geolocation" in navigator);
    this.button.addEventListener("click", () => this.locate());
  }

  /** Return the mark, none while the fields say no place. */
  places(): Place[] {
    const point = this.fields && degreesFrom(this.fields[0].value, this.fields[1].value);
    if (!point) return [];
    const shape: Shape = { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: point } };
    return [{ layer: this.layer, shape, name: t("here"), point }];
  }

  /** Take a place into the fields. */
  take(longitude: number, latitude: number): void {
    this.fields?.forEach((field, index) => {
      field.value = (index ? latitude : longitude).toFixed(DECIMALS);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    this.changed();
  }

  private locate(): void {
    this.button.disabled = true;
    const done = (words: string) => {
      this.button.disabled = false;
      this.button.textContent = words;
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.take(coords.longitude, coords.latitude);
        done(t("Where this device is"));
      },
      () => done(t("This device does not tell where it is: press on the map")),
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  }
}
