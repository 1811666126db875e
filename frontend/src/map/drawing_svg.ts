/** The map drawn as SVG, for browsers without WebGL 2: the same colours, names, cards and ways to move. */

import { colourOf, isLight, propertyFor } from "./colours";
import { drawn } from "./elements";
import { linesOf, polygonsOf } from "./geometry";
import { project, unproject, worldSize } from "./scale";
import { inDrawingOrder, type Drawing, type Layer, type Listener, type MapSettings, type Place, type View } from "./settings";

const REFERENCE_ZOOM = 12;
const STEP_PX = 80;
const GLOW = [10, 6, 3];

interface Label {
  place: Place;
  size: number;
  onLight: boolean;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Return the width of a line of text: Chinese letters are as wide as high, others a good half. */
export function textWidth(text: string, size: number): number {
  return [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e80 ? size : size * 0.58), 0);
}

/** Return those boxes, the first first, that overlap none before them. */
export function withoutOverlap<Item>(items: ReadonlyArray<readonly [Item, Box]>): Item[] {
  const taken: Box[] = [];
  return items
    .filter(([, box]) => {
      const isFree = taken.every((other) => box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom);
      if (isFree) taken.push(box);
      return isFree;
    })
    .map(([item]) => item);
}

class SvgDrawing implements Drawing {
  private readonly origin: readonly [number, number];
  private readonly picture = drawn("svg", { class: "map-svg", tabindex: 0, role: "group" });
  private readonly moving = drawn("g");
  private readonly marks = drawn("g", { class: "map-marks" });
  private readonly names = drawn("g", { class: "map-names", "aria-hidden": "true" });
  private readonly groups = new Map<string, { fill: SVGGElement; edge: SVGGElement | null; glow: SVGGElement | null }>();
  private readonly places = new Map<string, readonly Place[]>();
  private readonly shown = new Set<string>();
  private readonly widths = new Map<SVGGElement, number>();
  private readonly placeOf = new WeakMap<Element, Place>();
  private readonly pointers = new Map<number, PointerEvent>();
  private at: View;
  private metric: string;
  private wasDragged = false;
  private settling = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly settings: MapSettings,
    private readonly listener: Listener,
    view: View,
  ) {
    this.at = view;
    this.metric = settings.metric ?? "";
    this.origin = project([view.longitude, view.latitude]);
    this.picture.setAttribute("aria-label", box.parentElement?.getAttribute("aria-label") ?? "");
    this.arrange();
    this.picture.append(this.moving, this.names);
    box.append(this.picture);
    this.listen();
    this.place();
  }

  put(layer: Layer, places: readonly Place[], isVisible: boolean): void {
    this.places.set(layer.key, places);
    const group = this.groups.get(layer.key);
    if (!group) return;
    group.fill.replaceChildren(...places.flatMap((place) => this.draw(place)));
    const outlines = this.path(layer.kind === "fill" ? places.flatMap(({ shape }) => linesOf(shape.geometry)) : [], true);
    group.edge?.replaceChildren(drawn("path", { d: outlines }));
    group.glow?.replaceChildren(...GLOW.map((width) => drawn("path", { d: outlines, "stroke-width": width })));
    this.show(layer, isVisible);
  }

  show(layer: Layer, isVisible: boolean): void {
    if (isVisible) this.shown.add(layer.key);
    else this.shown.delete(layer.key);
    const group = this.groups.get(layer.key);
    for (const part of [group?.glow, group?.fill, group?.edge]) part?.setAttribute("visibility", isVisible ? "visible" : "hidden");
    this.write();
  }

  colour(metric: string): void {
    this.metric = metric;
    for (const { fill } of this.groups.values()) {
      for (const child of fill.children) {
        const place = this.placeOf.get(child);
        if (place) this.paint(child, place);
      }
    }
    this.write();
  }

  choose(place: Place | null): void {
    this.mark("chosen", place);
  }

  zoomBy(steps: number): void {
    this.zoomAround(steps, this.box.clientWidth / 2, this.box.clientHeight / 2);
  }

  view(): View {
    return this.at;
  }

  goTo(view: View): void {
    this.at = { ...view, zoom: Math.max(3, Math.min(17, view.zoom)) };
    this.place();
    this.listener.moved();
  }

  settled(): Promise<void> {
    return new Promise((resolve) => requestAnimationFrame(() => resolve()));
  }

  private arrange(): void {
    const ordered = inDrawingOrder(this.settings.layers);
    const edges: SVGGElement[] = [];
    let countOfFills = 0;
    for (const layer of ordered) {
      const hasData = Boolean(layer.colour?.stops.length);
      const fill = drawn("g", { class: `map-${layer.kind}` });
      if (layer.kind === "line") this.widths.set(fill, layer.width ?? 1.5);
      let edge: SVGGElement | null = null;
      let glow: SVGGElement | null = null;
      if (layer.kind === "fill") {
        edge = drawn("g", { class: "map-edge", stroke: hasData ? "#fff" : "#b4c0b6" });
        this.widths.set(edge, (layer.width ?? 1) * (countOfFills ? 0.8 : 1.3));
        glow = drawn("g", { class: "map-glow" });
        edges.push(edge);
        countOfFills += 1;
      }
      this.groups.set(layer.key, { fill, edge, glow });
    }
    const of = (kind: string) => ordered.filter((layer) => layer.kind === kind).map((layer) => this.groups.get(layer.key)?.fill ?? "");
    const glows = [...this.groups.values()].flatMap(({ glow }) => glow ?? []);
    const lines = drawn("g", this.settings.metrics?.length ? { class: "is-quiet" } : {}, ...of("line"));
    this.moving.append(...glows, ...of("fill"), ...edges.reverse(), lines, this.marks, ...of("point"));
  }

  private point(position: readonly number[]): [number, number] {
    const [x, y] = project(position as number[]);
    const size = worldSize(REFERENCE_ZOOM);
    return [(x - this.origin[0]) * size, (y - this.origin[1]) * size];
  }

  private path(lines: readonly (readonly number[][])[], isClosed: boolean): string {
    const text = (line: readonly number[][]) => line.map((position) => this.point(position).map((value) => value.toFixed(1)).join(" ")).join("L");
    return lines.map((line) => `M${text(line)}${isClosed ? "Z" : ""}`).join("");
  }

  private draw(place: Place): SVGElement[] {
    const { kind } = place.layer;
    const { geometry } = place.shape;
    const made =
      kind === "fill"
        ? drawn("path", { d: this.path(polygonsOf(geometry).flat(), true), "fill-rule": "evenodd" })
        : kind === "line"
          ? drawn("path", { d: this.path(linesOf(geometry), false) })
          : drawn("path", { d: this.path([[place.point, place.point]], false), class: "map-dot" });
    this.placeOf.set(made, place);
    this.paint(made, place);
    return [made];
  }

  private paint(drawing: Element, { layer, shape }: Place): void {
    const colour = colourOf(layer, shape.properties, propertyFor(layer, this.metric, this.settings.metrics ?? []));
    drawing.setAttribute(layer.kind === "fill" ? "fill" : "stroke", colour);
  }

  private mark(kind: "hovered" | "chosen", place: Place | null): void {
    this.marks.querySelectorAll(`.is-${kind}`).forEach((old) => old.remove());
    if (!place) return;
    const isArea = place.layer.kind === "fill";
    const d = this.path(place.layer.kind === "point" ? [[place.point, place.point]] : linesOf(place.shape.geometry), isArea);
    if (kind === "chosen") this.marks.append(drawn("path", { d, class: "is-chosen is-under" }));
    this.marks.append(drawn("path", { d, class: `is-${kind}` }));
  }

  /** Move everything to the view; names wait until the moving has ended. */
  private place(): void {
    const share = 2 ** (this.at.zoom - REFERENCE_ZOOM);
    const [x, y] = this.point([this.at.longitude, this.at.latitude]);
    const left = this.box.clientWidth / 2 - x * share;
    const top = this.box.clientHeight / 2 - y * share;
    this.moving.setAttribute("transform", `translate(${left.toFixed(2)} ${top.toFixed(2)}) scale(${share})`);
    const broader = Math.max(0.45, Math.min(2.5, 1.25 ** (this.at.zoom - 11)));
    for (const [group, width] of this.widths) group.setAttribute("stroke-width", (width * broader).toFixed(2));
    this.names.replaceChildren();
    window.clearTimeout(this.settling);
    this.settling = window.setTimeout(() => this.write(), 60);
  }

  private labels(): Label[] {
    const layers = inDrawingOrder(this.settings.layers).filter((layer) => layer.label && layer.kind !== "line" && this.shown.has(layer.key));
    return layers.flatMap((layer, index) => {
      const property = propertyFor(layer, this.metric, this.settings.metrics ?? []);
      const size = layer.kind === "fill" && index === 0 ? 13.5 : 12;
      return (this.places.get(layer.key) ?? [])
        .filter(({ name }) => name)
        .map((place) => ({ place, size, onLight: layer.kind !== "fill" || isLight(colourOf(layer, place.shape.properties, property)) }));
    });
  }

  private write(): void {
    const share = 2 ** (this.at.zoom - REFERENCE_ZOOM);
    const [cx, cy] = this.point([this.at.longitude, this.at.latitude]);
    const [width, height] = [this.box.clientWidth, this.box.clientHeight];
    const placed = this.labels().map((label) => {
      const [px, py] = this.point(label.place.point);
      const x = width / 2 + (px - cx) * share;
      const y = height / 2 + (py - cy) * share + (label.place.layer.kind === "point" ? 14 : 0);
      const half = textWidth(label.place.name, label.size) / 2 + 3;
      const box = { left: x - half, right: x + half, top: y - label.size * 0.7, bottom: y + label.size * 0.7 };
      return [{ ...label, x, y }, box] as const;
    });
    const inside = placed.filter(([, box]) => box.right > 0 && box.left < width && box.bottom > 0 && box.top < height);
    const texts = withoutOverlap(inside).map(({ place, x, y, size, onLight }) =>
      drawn("text", { x: x.toFixed(1), y: y.toFixed(1), "font-size": size, class: onLight ? "on-light" : "on-dark" }, place.name),
    );
    this.names.replaceChildren(...texts);
  }

  private zoomAround(steps: number, x: number, y: number): void {
    const zoom = Math.max(3, Math.min(17, this.at.zoom + steps));
    const [offsetX, offsetY] = [x - this.box.clientWidth / 2, y - this.box.clientHeight / 2];
    const change = 1 / worldSize(this.at.zoom) - 1 / worldSize(zoom);
    const [cx, cy] = project([this.at.longitude, this.at.latitude]);
    const [longitude, latitude] = unproject(cx + offsetX * change, cy + offsetY * change);
    this.goTo({ zoom, latitude, longitude });
  }

  private pan(dx: number, dy: number): void {
    const size = worldSize(this.at.zoom);
    const [cx, cy] = project([this.at.longitude, this.at.latitude]);
    const [longitude, latitude] = unproject(cx - dx / size, cy - dy / size);
    this.at = { ...this.at, latitude, longitude };
    this.place();
  }

  /** Return longitude and latitude of where the pointer is. */
  private degrees(event: MouseEvent): [number, number] {
    const { left, top } = this.picture.getBoundingClientRect();
    const size = worldSize(this.at.zoom);
    const [cx, cy] = project([this.at.longitude, this.at.latitude]);
    const [longitude = 0, latitude = 0] = unproject(
      cx + (event.clientX - left - this.box.clientWidth / 2) / size,
      cy + (event.clientY - top - this.box.clientHeight / 2) / size,
    );
    return [longitude, latitude];
  }

  private placeUnder(event: Event): Place | null {
    const place = this.placeOf.get(event.target as Element);
    return place?.layer.card ? place : null;
  }

  private listen(): void {
    const { picture } = this;
    picture.addEventListener("pointerdown", (event) => {
      this.pointers.set(event.pointerId, event);
      this.wasDragged = false;
    });
    picture.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel", "pointerleave"] as const) {
      picture.addEventListener(name, (event) => {
        const wasDown = this.pointers.delete(event.pointerId);
        if (wasDown && this.wasDragged) this.listener.moved();
        if (name === "pointerleave") this.hover(null, event);
      });
    }
    picture.addEventListener("click", (event) => {
      if (!this.wasDragged && !this.listener.pressed(...this.degrees(event))) this.listener.chosen(this.placeUnder(event));
    });
    picture.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const { left, top } = picture.getBoundingClientRect();
        this.zoomAround(-event.deltaY / (event.ctrlKey ? 80 : 400), event.clientX - left, event.clientY - top);
      },
      { passive: false },
    );
    picture.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.place()).observe(this.box);
  }

  private move(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return this.hover(this.placeUnder(event), event);
    const others = [...this.pointers.values()].filter(({ pointerId }) => pointerId !== event.pointerId);
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    if (Math.hypot(dx, dy) < 4 && !this.wasDragged) return;
    if (!this.wasDragged) this.picture.setPointerCapture(event.pointerId);
    this.wasDragged = true;
    this.hover(null, event);
    const other = others[0];
    if (other) {
      const apart = (one: PointerEvent) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      const { left, top } = this.picture.getBoundingClientRect();
      this.zoomAround(Math.log2(apart(event) / Math.max(1, apart(before))), (event.clientX + other.clientX) / 2 - left, (event.clientY + other.clientY) / 2 - top);
    } else {
      this.pan(dx, dy);
    }
    this.pointers.set(event.pointerId, event);
  }

  private hover(place: Place | null, event: PointerEvent): void {
    const { left, top } = this.picture.getBoundingClientRect();
    this.mark("hovered", place);
    this.picture.classList.toggle("is-pointing", place !== null);
    this.listener.hovered(place, event.clientX - left, event.clientY - top);
  }

  private key(event: KeyboardEvent): void {
    const move: Record<string, readonly [number, number]> = { ArrowLeft: [STEP_PX, 0], ArrowRight: [-STEP_PX, 0], ArrowUp: [0, STEP_PX], ArrowDown: [0, -STEP_PX] };
    const by = move[event.key];
    if (by) {
      this.pan(...by);
      this.listener.moved();
    } else if (event.key === "+" || event.key === "=") this.zoomBy(1);
    else if (event.key === "-") this.zoomBy(-1);
    else return;
    event.preventDefault();
  }
}

/** Return a map drawn as SVG within the place. */
export function drawAsSvg(place: HTMLElement, settings: MapSettings, listener: Listener, view: View): Drawing {
  return new SvgDrawing(place, settings, listener, view);
}
