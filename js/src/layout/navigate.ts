/** Which element the arrow keys reach from another. */
import type { Layout, Point } from "./types";

export type Direction = "left" | "right" | "up" | "down";

interface Stop extends Point {
  id: string;
}

/** Columns from left to right (nodes, edges, nodes, ...), each from top to bottom; what was removed is skipped. */
function columns(layout: Layout): Stop[][] {
  const groups = new Map<number, Stop[]>();
  const add = (column: number, stop: Stop) => groups.set(column, [...(groups.get(column) ?? []), stop]);
  for (const node of layout.nodes) if (!node.ghost) add(2 * Number(node.id.split(".")[0]), node);
  for (const edge of layout.edges) if (!edge.ghost) add(2 * Number(edge.id.split(".")[0]) + 1, edge);
  return [...groups.entries()]
    .sort((a, b) => a[0] - b[0])
    .map(([, stops]) => stops.sort((a, b) => a.y - b.y));
}

export function firstStop(layout: Layout): string {
  const all = columns(layout);
  return (all[1] ?? all[0])?.[0]?.id ?? "";
}

function nearest(stops: readonly Stop[], y: number): string {
  let best = stops[0] as Stop;
  for (const stop of stops) if (Math.abs(stop.y - y) < Math.abs(best.y - y)) best = stop;
  return best.id;
}

export function moveFrom(layout: Layout, id: string, direction: Direction): string {
  const all = columns(layout);
  const column = all.findIndex((stops) => stops.some((stop) => stop.id === id));
  if (column < 0) return firstStop(layout);
  const stops = all[column] as Stop[];
  const row = stops.findIndex((stop) => stop.id === id);
  if (direction === "up" || direction === "down") {
    return stops[row + (direction === "up" ? -1 : 1)]?.id ?? id;
  }
  const next = all[column + (direction === "left" ? -1 : 1)];
  return next ? nearest(next, (stops[row] as Stop).y) : id;
}
