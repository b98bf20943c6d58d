/** What lies under a point of the picture; the same answer for SVG and canvas. */
import type { EdgeBox, Layout, NodeBox, Point } from "../layout/types";

export interface Hit {
  kind: "edge" | "node";
  id: string;
}

const NODE_SLACK = 4;
const SAMPLES = 14;

function onNode(node: NodeBox, p: Point): boolean {
  if (Math.hypot(p.x - node.x, p.y - node.y) <= node.r + NODE_SLACK) return true;
  if (node.side === "none" || !node.label || Math.abs(p.y - node.y) > 10) return false;
  const offset = node.side === "left" ? node.x - p.x : p.x - node.x;
  return offset > 0 && offset <= node.r + 10 + node.labelWidth;
}

function inFrame(edge: EdgeBox, p: Point): boolean {
  if (Math.abs(p.x - edge.x) <= edge.w / 2 + 1 && Math.abs(p.y - edge.y) <= edge.h / 2 + 1) return true;
  if (!edge.label) return false;
  const width = edge.label.length * edge.labelSize * 0.62;
  const left = edge.labelAnchor === "middle" ? edge.labelAt.x - width / 2 : edge.labelAt.x;
  return (
    p.x >= left && p.x <= left + width && p.y <= edge.labelAt.y + 3 && p.y >= edge.labelAt.y - edge.labelSize
  );
}

/** Distance to the S-shaped wire between two points. */
export function wireDistance(a: Point, b: Point, p: Point): number {
  let best = Number.POSITIVE_INFINITY;
  let last = a;
  for (let i = 1; i <= SAMPLES; i++) {
    const t = i / SAMPLES;
    const s = 1 - t;
    const middle = (a.x + b.x) / 2;
    const x = s ** 3 * a.x + 3 * s * t * middle + t ** 3 * b.x;
    const y = (s ** 3 + 3 * s * s * t) * a.y + (3 * s * t * t + t ** 3) * b.y;
    best = Math.min(best, segmentDistance(last, { x, y }, p));
    last = { x, y };
  }
  return best;
}

function segmentDistance(a: Point, b: Point, p: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const t = length ? Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length)) : 0;
  return Math.hypot(a.x + t * dx - p.x, a.y + t * dy - p.y);
}

function nearBand(a: Point, b: Point, p: Point, slack: number): boolean {
  return (
    p.x >= a.x - slack &&
    p.x <= b.x + slack &&
    p.y >= Math.min(a.y, b.y) - slack &&
    p.y <= Math.max(a.y, b.y) + slack
  );
}

function edgeDistance(edge: EdgeBox, p: Point, slack: number): number {
  const left = { x: edge.x - edge.w / 2, y: edge.y };
  const right = { x: edge.x + edge.w / 2, y: edge.y };
  const near = nearBand(edge.from, left, p, slack)
    ? wireDistance(edge.from, left, p)
    : Number.POSITIVE_INFINITY;
  const far = nearBand(right, edge.to, p, slack) ? wireDistance(right, edge.to, p) : Number.POSITIVE_INFINITY;
  return Math.min(near, far);
}

/** Circles first, then frames and their labels, then the nearest wire within `slack`. */
export function hitTest(layout: Layout, p: Point, slack = 5): Hit | null {
  const node = layout.nodes.find((n) => onNode(n, p));
  if (node) return { kind: "node", id: node.id };
  const frame = layout.edges.findLast((e) => inFrame(e, p));
  if (frame) return { kind: "edge", id: frame.id };
  let best: EdgeBox | null = null;
  let distance = slack;
  for (const edge of layout.edges) {
    const d = edge.ghost ? Number.POSITIVE_INFINITY : edgeDistance(edge, p, slack);
    if (d < distance) {
      distance = d;
      best = edge;
    }
  }
  return best && { kind: "edge", id: best.id };
}
