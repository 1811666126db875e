/** Alarms while the map is open: listed in the drawer, counted on the bar, told, heard and pulsing where they are. */

import type { Map as LibraryMap } from "maplibre-gl";
import { say } from "../app/toasts";
import { element, picture } from "../map/elements";
import { t } from "../words";
import { AlarmList, alarmOfThing, rankWord, type Alarm } from "./alarms";
import type { Layer, Values } from "./contract";
import type { Dock } from "./dock";
import { ALARM, Pulses, Sound } from "./news";
import type { Panel } from "./panel";
import type { Parts } from "./parts";
import type { Scene } from "./scene";
import { writeState } from "./state";

/** As near as places are looked at when they are gone to. */
export const NEAR_ZOOM = 13;
const SOUND_ON = "M15 8a5 5 0 0 1 0 8M17.7 5a9 9 0 0 1 0 14M6 15H4a1 1 0 0 1-1-1v-4a1 1 0 0 1 1-1h2l3.5-4.5A.8.8 0 0 1 11 5v14a.8.8 0 0 1-1.5.5z";
const SOUND_OFF = "M6 15H4a1 1 0 0 1-1-1v-4a1 1 0 0 1 1-1h2l3.5-4.5A.8.8 0 0 1 11 5v14a.8.8 0 0 1-1.5.5zM16 10l4 4m0-4l-4 4";

/** What the alarms are shown with. */
export interface Surroundings {
  parts: Parts;
  map: LibraryMap;
  scene: Scene;
  dock: Dock;
  panel: Panel;
  /** How many pixels at the right are under the drawer. */
  covered(): number;
}

export class Watch {
  private readonly alarms = new AlarmList();
  private readonly sound = new Sound();
  private readonly pulses: Pulses;

  constructor(
    private readonly around: Surroundings,
    private readonly choose: (layer: Layer, values: Values) => void,
  ) {
    this.pulses = new Pulses(around.parts.part("pulses"), (point) => around.map.project(point));
  }

  get layer(): Layer | undefined {
    return this.around.scene.config.layers.find(({ live }) => live === ALARM);
  }

  /** Take what stands, as the layer has just told it. */
  fill(layer: Layer): void {
    this.alarms.fill(this.around.scene.things(layer.key).map(alarmOfThing));
    this.count();
  }

  /** Take news of one; what was raised or rose just now is told aloud. */
  hear(alarm: Alarm, isFresh: boolean): void {
    const isNew = this.alarms.take(alarm) && isFresh;
    this.count();
    if (isNew) this.announce(alarm);
  }

  /** Follow the map, which has moved. */
  move(): void {
    this.pulses.move();
  }

  /** Open the drawer with the list. */
  open(): void {
    this.around.dock.show("alarms", t("Standing alarms"), this.nodes(), [this.soundButton()]);
  }

  private announce(alarm: Alarm): void {
    const { parts, dock } = this.around;
    const words = `${rankWord(alarm.colour)} · ${alarm.name} · ${alarm.rule}${alarm.value ? ` · ${alarm.value}` : ""}`;
    const told = t("New alarm: {words}", { words });
    this.pulses.add(alarm.point, alarm.colour);
    parts.part("news").textContent = told;
    if (dock.open !== "alarms") say(told, { kind: "status", key: `alarm-${alarm.station}`, link: { href: this.addressOf(alarm), text: t("Show on the map") } });
    this.sound.play(alarm.colour);
  }

  /** Return the address of the map with this alarm chosen. */
  private addressOf({ id, point: [longitude, latitude] }: Alarm): string {
    const chosen = this.layer ? { layer: this.layer.key, id: String(id) } : null;
    const view = { zoom: Math.max(this.around.map.getZoom(), NEAR_ZOOM - 1), longitude, latitude };
    return writeState({ view, base: "", layers: null, opacity: {}, ago: 0, chosen });
  }

  private count(): void {
    const { parts, panel, dock } = this.around;
    const number = parts.part("alarm-count");
    const count = this.alarms.all.length;
    number.hidden = count === 0;
    number.textContent = String(count);
    number.className = `onemap-number is-${this.alarms.worst}${this.alarms.unseen ? " is-unseen" : ""}`;
    if (this.layer) panel.tell(this.layer, count);
    dock.renew("alarms", this.nodes());
  }

  private nodes(): HTMLElement[] {
    return this.alarms.nodes(new Date(), (alarm) => this.goTo(alarm));
  }

  /** Move the map there, left of the drawer, and open the alarm's card. */
  private goTo(alarm: Alarm): void {
    const { map, scene } = this.around;
    map.easeTo({ center: alarm.point, zoom: Math.max(map.getZoom(), NEAR_ZOOM - 1), offset: [-this.around.covered() / 2, 0], duration: 500 });
    const thing = this.layer && scene.things(this.layer.key).find(({ properties }) => Number(properties["id"]) === alarm.id);
    if (this.layer && thing) this.choose(this.layer, thing.properties);
  }

  private soundButton(): HTMLElement {
    const button = element("button", { type: "button", class: "btn btn-icon btn-ghost-secondary btn-sm" });
    const look = () => {
      const words = this.sound.isOn ? t("Sound at new alarms is on") : t("Sound at new alarms is off");
      button.replaceChildren(picture(this.sound.isOn ? SOUND_ON : SOUND_OFF));
      button.setAttribute("aria-label", words);
      button.setAttribute("aria-pressed", String(this.sound.isOn));
      button.title = words;
    };
    button.addEventListener("click", () => {
      this.sound.turn(!this.sound.isOn);
      look();
    });
    look();
    return button;
  }
}
