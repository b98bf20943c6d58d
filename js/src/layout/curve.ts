/** Curves as polylines inside a frame. */
import type { Point } from "./types";

export interface Range {
  low: number;
  high: number;
}

export function rangeOf(values: ArrayLike<number>): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/**
 * Points of a curve in a box with the given corner, at most `limit` of them. The range is at least `floor` high,
 * so that an edge that carries nothing is drawn flat instead of showing its rounding noise.
 */
export function polyline(
  values: ArrayLike<number>,
  box: { x: number; y: number; w: number; h: number },
  floor = 0,
  limit = 64,
): Point[] {
  const count = Math.min(values.length, limit);
  if (count < 2) return [];
  const { low, high } = rangeOf(values);
  const span = Math.max(high - low, floor) || 1;
  const middle = (low + high) / 2;
  return Array.from({ length: count }, (_, i) => {
    const value = values[Math.round((i * (values.length - 1)) / (count - 1))] as number;
    const y = Number.isFinite(value) ? (value - middle) / span : 0;
    return { x: box.x + (box.w * i) / (count - 1), y: box.y + box.h * (0.5 - y) };
  });
}

export function svgPath(points: readonly Point[]): string {
  let path = "";
  for (const { x, y } of points)
    path += `${path ? "L" : "M"}${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
  return path;
}

/** An S-shaped wire with level ends. */
export function wire(a: Point, b: Point): string {
  const r = (v: number) => Math.round(v * 10) / 10;
  const middle = r((a.x + b.x) / 2);
  return `M${r(a.x)},${r(a.y)}C${middle},${r(a.y)} ${middle},${r(b.y)} ${r(b.x)},${r(b.y)}`;
}
