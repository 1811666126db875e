/** Where things are: boxes, and the point of an area at which its name stands best. */

import type { Geometry, Position } from "geojson";
import type { Bounds } from "./settings";

type Ring = readonly Position[];

/** Return every position of a geometry. */
export function positions(geometry: Geometry): Position[] {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(positions);
  const depth = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 }[geometry.type];
  const nested: unknown[] = [geometry.coordinates];
  return nested.flat(depth as 3) as Position[];
}

/** Return the box around the geometries, null around nothing. */
export function boundsOf(geometries: readonly Geometry[]): Bounds | null {
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries) {
    for (const [x = 0, y = 0] of positions(geometry)) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box[0] <= box[2] ? box : null;
}

/** Return twice the signed area of a ring. */
function doubleArea(ring: Ring): number {
  let sum = 0;
  for (let index = 0, before = ring.length - 1; index < ring.length; before = index, index += 1) {
    const [x = 0, y = 0] = ring[index] ?? [];
    const [px = 0, py = 0] = ring[before] ?? [];
    sum += (px - x) * (py + y);
  }
  return sum;
}

function squaredDistance(x: number, y: number, a: Position, b: Position): number {
  const [ax = 0, ay = 0] = a;
  const [bx = 0, by = 0] = b;
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const share = length ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0;
  return (x - ax - share * (bx - ax)) ** 2 + (y - ay - share * (by - ay)) ** 2;
}

/** Return how far inside the polygon the point is; negative outside. */
export function depth(x: number, y: number, rings: readonly Ring[]): number {
  let isInside = false;
  let least = Infinity;
  for (const ring of rings) {
    for (let index = 0, before = ring.length - 1; index < ring.length; before = index, index += 1) {
      const a = ring[index] as Position;
      const b = ring[before] as Position;
      const [ax = 0, ay = 0] = a;
      const [bx = 0, by = 0] = b;
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside;
      least = Math.min(least, squaredDistance(x, y, a, b));
    }
  }
  return (isInside ? 1 : -1) * Math.sqrt(least);
}

/**
 * Return the pole of inaccessibility, the point farthest from every edge, to a hundredth of the polygon's width.
 *
 * Source: the quadtree search of V. Agafonkin, "A new algorithm for finding a visual center of a polygon" (2016):
 * cells whose best possible depth cannot beat the best found are left out.
 */
export function pole(rings: readonly Ring[]): Position {
  const box = boundsOf([{ type: "Polygon", coordinates: rings.map((ring) => [...ring]) }]);
  if (!box) return [0, 0];
  const [west, south, east, north] = box;
  const size = Math.min(east - west, north - south);
  if (size === 0) return [west, south];
  const precision = Math.max(east - west, north - south) / 100;
  const cell = (x: number, y: number, half: number) => ({ x, y, half, depth: depth(x, y, rings) });
  let best = cell((west + east) / 2, (south + north) / 2, 0);
  let open: ReturnType<typeof cell>[] = [];
  for (let x = west; x < east; x += size) {
    for (let y = south; y < north; y += size) open.push(cell(x + size / 2, y + size / 2, size / 2));
  }
  while (open.length) {
    for (const one of open) if (one.depth > best.depth) best = one;
    open = open
      .filter((one) => one.depth + one.half * Math.SQRT2 - best.depth > precision)
      .flatMap(({ x, y, half }) =>
        [-1, 1].flatMap((across) => [-1, 1].map((up) => cell(x + (across * half) / 2, y + (up * half) / 2, half / 2))),
      );
  }
  return [best.x, best.y];
}

function middle(line: readonly Position[]): Position {
  return line[Math.floor(line.length / 2)] ?? [0, 0];
}

function longest<Part extends { length: number }>(parts: readonly Part[], size: (part: Part) => number): Part | undefined {
  return parts.reduce<Part | undefined>((best, part) => (best === undefined || size(part) > size(best) ? part : best), undefined);
}

/** Return where the name of a geometry stands: inside the largest polygon, at the middle of the longest line. */
export function labelPoint(geometry: Geometry): Position {
  switch (geometry.type) {
    case "Polygon":
      return pole(geometry.coordinates);
    case "MultiPolygon":
      return pole(longest(geometry.coordinates, (rings) => Math.abs(doubleArea(rings[0] ?? []))) ?? []);
    case "LineString":
      return middle(geometry.coordinates);
    case "MultiLineString":
      return middle(longest(geometry.coordinates, (line) => line.length) ?? []);
    case "Point":
      return geometry.coordinates;
    default:
      return positions(geometry)[0] ?? [0, 0];
  }
}

/** Return how much of the map the box of a geometry takes, in square degrees. */
export function extent(geometry: Geometry): number {
  const [west, south, east, north] = boundsOf([geometry]) ?? [0, 0, 0, 0];
  return (east - west) * (north - south);
}

/** Return the polygons of a geometry, each as its rings. */
export function polygonsOf(geometry: Geometry): Position[][][] {
  if (geometry.type === "Polygon") return [geometry.coordinates];
  return geometry.type === "MultiPolygon" ? geometry.coordinates : [];
}

/** Return the lines of a geometry; of an area, its rings. */
export function linesOf(geometry: Geometry): Position[][] {
  if (geometry.type === "LineString") return [geometry.coordinates];
  if (geometry.type === "MultiLineString") return geometry.coordinates;
  return polygonsOf(geometry).flat();
}
