/** Signs of points, drawn here: told apart by shape as well as by colour, the same on the map and in its legend. */

import type { LegendLine, Sign } from "./contract";

/** How a sign is drawn: `hollow` is a station whose device fails, `strong` stands over all others. */
export interface Look {
  shape: Sign;
  colour: string;
  isHollow: boolean;
  isStrong: boolean;
  /** What sets the sign apart from the ground. */
  rim: string;
}

export const RATIO = 2;
/** A sign is as large as it must be: names keep clear of the whole of it. */
const SIZE = { plain: 20, strong: 30 } as const;
export const PAPER = "#ffffff";

/** Return the name of the picture of a look; `looked` reads it back. */
export function named({ shape, colour, isHollow, isStrong, rim }: Look): string {
  return `sign|${shape}|${colour}|${isHollow ? "hollow" : "full"}|${isStrong ? "strong" : "plain"}|${rim}`;
}

export function looked(name: string): Look | null {
  const [kind, shape, colour, hollow, strong, rim = PAPER] = name.split("|");
  if (kind !== "sign" || !shape || !colour) return null;
  return { shape: shape as Sign, colour, isHollow: hollow === "hollow", isStrong: strong === "strong", rim };
}

function outline(pen: CanvasRenderingContext2D, shape: Sign, middle: number, radius: number): void {
  pen.beginPath();
  if (shape === "square") {
    const half = radius * 0.88;
    pen.rect(middle - half, middle - half, 2 * half, 2 * half);
  } else if (shape === "triangle") {
    const high = radius * 1.2;
    pen.moveTo(middle, middle - high);
    pen.lineTo(middle + high, middle + high * 0.8);
    pen.lineTo(middle - high, middle + high * 0.8);
    pen.closePath();
  } else if (shape === "diamond") {
    const reach = radius * 1.25;
    pen.moveTo(middle, middle - reach);
    pen.lineTo(middle + reach, middle);
    pen.lineTo(middle, middle + reach);
    pen.lineTo(middle - reach, middle);
    pen.closePath();
  } else {
    pen.arc(middle, middle, radius, 0, 2 * Math.PI);
  }
}

function mark(pen: CanvasRenderingContext2D, shape: Sign, middle: number): void {
  const lower = shape === "triangle" ? 2.2 : 0;
  pen.fillStyle = PAPER;
  pen.fillRect(middle - 1.1, middle - 4.6 + lower, 2.2, 5.4);
  pen.beginPath();
  pen.arc(middle, middle + 3.2 + lower, 1.35, 0, 2 * Math.PI);
  pen.fill();
}

/** Draw the sign in the middle of its square. */
function draw(pen: CanvasRenderingContext2D, { shape, colour, isHollow, isStrong, rim }: Look): void {
  const middle = (isStrong ? SIZE.strong : SIZE.plain) / 2;
  const radius = isStrong ? 10 : 6;
  pen.lineJoin = "round";
  outline(pen, shape, middle, radius);
  pen.shadowColor = "rgba(22,40,63,0.35)";
  pen.shadowBlur = isStrong ? 6 : 3;
  pen.shadowOffsetY = 1;
  pen.lineWidth = isStrong ? 4 : 3.4;
  pen.strokeStyle = rim;
  pen.stroke();
  pen.shadowColor = "transparent";
  pen.fillStyle = isHollow ? rim : colour;
  pen.fill();
  if (isHollow) {
    pen.lineWidth = 2;
    pen.strokeStyle = colour;
    pen.stroke();
  }
  if (isStrong) mark(pen, shape, middle);
}

function sheet(isStrong: boolean): { canvas: HTMLCanvasElement; pen: CanvasRenderingContext2D } {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = (isStrong ? SIZE.strong : SIZE.plain) * RATIO;
  const pen = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  pen.scale(RATIO, RATIO);
  return { canvas, pen };
}

/** Return the pixels of a look. */
export function pixels(look: Look): ImageData {
  const { canvas, pen } = sheet(look.isStrong);
  draw(pen, look);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** The grey of a station whose device fails. */
export const HOLLOW = "#7c8896";

/** Return the sign of a station that is quiet because its device fails. */
export function hollowSign(rim = PAPER): HTMLElement {
  const place = document.createElement("span");
  place.className = "onemap-sign is-circle";
  const { canvas, pen } = sheet(false);
  draw(pen, { shape: "circle", colour: HOLLOW, isHollow: true, isStrong: false, rim });
  canvas.setAttribute("aria-hidden", "true");
  place.append(canvas);
  return place;
}

/** Return the sign of a line of the legend, as it stands in the panel. */
export function legendSign({ shape, colour }: Pick<LegendLine, "shape" | "colour">, isStrong = false, rim = PAPER): HTMLElement {
  const place = document.createElement("span");
  place.className = `onemap-sign is-${shape}`;
  if (shape === "line" || shape === "fill") {
    place.style.color = colour;
    return place;
  }
  const { canvas, pen } = sheet(isStrong);
  draw(pen, { shape, colour, isHollow: false, isStrong, rim });
  if (isStrong) place.classList.add("is-strong");
  canvas.setAttribute("aria-hidden", "true");
  place.append(canvas);
  return place;
}
