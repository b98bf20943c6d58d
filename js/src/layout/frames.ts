/** How large the frames of one column of edges are, and how much room a network needs at the least. */
import type { GraphEdge } from "../protocol";

const SMALLEST = 16;
const GAP = 5;
const ASPECT = 1.4;
export const LABEL_ROOM = 15;
/** Frames below this height carry their label at the side: a line under each would cost too much room. */
const LABEL_BELOW = 26;
export const GHOST_SIZE = 0.52;
const ONE_COLUMN = 26;
const SUBCOLUMN_GAP = 10;
/** Room for wires on both sides of a column of frames. */
const WIRES = 96;
const NODE_ROOM = 15;

export interface Frames {
  w: number;
  h: number;
  below: boolean;
  font: number;
  groupGap: number;
  /** Staggered sub-columns, for layers with very many edges. */
  columns: number;
  pitch: number;
  slot(edge: GraphEdge): number;
}

/** Rows grow with the square root, so that a huge layer stays about as wide as it is high. */
export function subcolumns(count: number): number {
  const rows = Math.max(ONE_COLUMN, Math.ceil(1.6 * Math.sqrt(count)));
  return Math.max(1, Math.ceil(count / rows));
}

const groups = (edges: readonly GraphEdge[]) => new Set(edges.map((e) => e.target)).size;
const weight = (edge: GraphEdge) => (edge.status === "removed" ? GHOST_SIZE : 1);
const load = (edges: readonly GraphEdge[]) => edges.reduce((sum, edge) => sum + weight(edge), 0);

export function columnFrames(edges: readonly GraphEdge[], height: number, width: number): Frames {
  const columns = subcolumns(edges.length);
  const labelled = edges.filter((e) => e.label && e.status !== "removed").length;
  const rows = load(edges) / columns;
  const between = 0.3 * (groups(edges) - 1);
  const gapShare = 1.3;
  const roomy = (height - LABEL_ROOM * labelled) / (gapShare * rows + between || 1);
  const tight = height / (gapShare * rows + between || 1);
  const below = columns === 1 && roomy >= LABEL_BELOW;
  const byWidth = (width - WIRES) / columns / ASPECT;
  const largest = Math.max(42, Math.min(64, 0.12 * height));
  const h = Math.max(SMALLEST, Math.min(largest, below ? roomy : tight, byWidth));
  const w = h * ASPECT;
  const gap = Math.max(GAP, 0.28 * h);
  const slot = (edge: GraphEdge) => {
    const label = below && edge.label && edge.status !== "removed" ? LABEL_ROOM : 0;
    return (weight(edge) * h + gap * (weight(edge) < 1 ? 0.5 : 1) + label) / columns;
  };
  const font = below ? 12 : Math.max(9, Math.min(11, h - 6));
  return {
    w,
    h,
    below,
    font,
    groupGap: columns === 1 ? 0.25 * h : 0,
    columns,
    pitch: w + SUBCOLUMN_GAP,
    slot,
  };
}

/** The least distance of two layers and the least height at which nothing overlaps. */
export function needs(
  columns: readonly GraphEdge[][],
  nodes: readonly number[],
): { step: number; height: number } {
  let step = 0;
  let height = Math.max(...nodes) * NODE_ROOM;
  for (const edges of columns) {
    const count = subcolumns(edges.length);
    const groupGaps = count === 1 ? 0.25 * SMALLEST * Math.max(0, groups(edges) - 1) : 0;
    step = Math.max(step, count * (SMALLEST * ASPECT + SUBCOLUMN_GAP) + WIRES);
    height = Math.max(height, (load(edges) * SMALLEST + edges.length * GAP) / count + groupGaps);
  }
  return { step, height };
}
