import type { EdgeBox, Joint, Layout, NodeBox, Point } from "./types";

const mix = (a: number, b: number, t: number) => a + (b - a) * t;
const mixPoint = (a: Point, b: Point, t: number): Point => ({ x: mix(a.x, b.x, t), y: mix(a.y, b.y, t) });

export const easeInOut = (t: number) => (t < 0.5 ? 4 * t ** 3 : 1 - (-2 * t + 2) ** 3 / 2);

function mixEdge(a: EdgeBox, b: EdgeBox, t: number): EdgeBox {
  return {
    ...b,
    ...mixPoint(a, b, t),
    w: mix(a.w, b.w, t),
    h: mix(a.h, b.h, t),
    from: mixPoint(a.from, b.from, t),
    to: mixPoint(a.to, b.to, t),
    labelAt: mixPoint(a.labelAt, b.labelAt, t),
  };
}

function byId<T extends { id: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

function mixAll<T extends { id: string }>(a: readonly T[], b: readonly T[], blend: (a: T, b: T) => T): T[] {
  const before = byId(a);
  return b.map((item) => {
    const old = before.get(item.id);
    return old ? blend(old, item) : item;
  });
}

/** The picture on the way from one layout to another; what is new appears in its place, what is gone is gone. */
export function tween(a: Layout, b: Layout, t: number): Layout {
  if (t >= 1) return b;
  return {
    ...b,
    width: mix(a.width, b.width, t),
    height: mix(a.height, b.height, t),
    nodes: mixAll<NodeBox>(a.nodes, b.nodes, (p, q) => ({ ...q, ...mixPoint(p, q, t), r: mix(p.r, q.r, t) })),
    edges: mixAll<EdgeBox>(a.edges, b.edges, (p, q) => mixEdge(p, q, t)),
    joints: mixAll<Joint>(a.joints, b.joints, (p, q) => ({
      ...q,
      ...mixPoint(p, q, t),
      to: mixPoint(p.to, q.to, t),
    })),
  };
}
