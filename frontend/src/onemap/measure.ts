/** Lengths and areas on the earth, and how people read them. */

import type { Point } from "./contract";

const RADIUS_M = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Return the distance along the great circle in metres. Source: the haversine formula. */
export function distance([aLongitude, aLatitude]: Point, [bLongitude, bLatitude]: Point): number {
  const up = Math.sin(radians(bLatitude - aLatitude) / 2) ** 2;
  const across = Math.sin(radians(bLongitude - aLongitude) / 2) ** 2;
  return 2 * RADIUS_M * Math.asin(Math.sqrt(up + Math.cos(radians(aLatitude)) * Math.cos(radians(bLatitude)) * across));
}

/** Return the length of a line in metres. */
export function lengthOf(points: readonly Point[]): number {
  return points.slice(1).reduce((sum, point, index) => sum + distance(points[index] as Point, point), 0);
}

/**
 * Return the area within the points in square metres.
 *
 * Source: R. G. Chamberlain, W. H. Duquette, "Some algorithms for polygons on a sphere" (JPL 07-03, 2007), equation for a ring.
 */
export function areaOf(points: readonly Point[]): number {
  const sum = points.reduce((total, [longitude, latitude], index) => {
    const [next, nextLatitude] = points[(index + 1) % points.length] as Point;
    return total + radians(next - longitude) * (2 + Math.sin(radians(latitude)) + Math.sin(radians(nextLatitude)));
  }, 0);
  return Math.abs((sum * RADIUS_M * RADIUS_M) / 2);
}

const read = (value: number, decimals: number): string =>
  new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);

/** Return a length as people read it: metres up to a kilometre. */
export function lengthWords(metres: number): string {
  if (metres < 1000) return `${read(metres, 0)} m`;
  return `${read(metres / 1000, metres < 100_000 ? 2 : 1)} km`;
}

/** Return an area as people read it: square metres up to a hectare, then square kilometres, with 亩 beside them. */
export function areaWords(squareMetres: number, mu: string): string {
  const own = squareMetres < 10_000 ? `${read(squareMetres, 0)} m²` : `${read(squareMetres / 1e6, squareMetres < 1e8 ? 2 : 1)} km²`;
  return `${own} · ${read(squareMetres / (2000 / 3), 0)} ${mu}`;
}

const turn = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number => Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));

/** Tell whether edges of the ring cut each other: such a ring has no inside. */
export function crossesItself(points: readonly Point[]): boolean {
  const edges = points.map((point, index) => [point, points[(index + 1) % points.length] as Point] as const);
  return edges.some(([a, b], one) =>
    edges.some(([c, d], other) => {
      const areNeighbours = Math.abs(one - other) <= 1 || Math.abs(one - other) === edges.length - 1;
      return !areNeighbours && turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
    }),
  );
}
