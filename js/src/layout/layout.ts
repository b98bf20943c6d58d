/** Payload to positions. Pure: the same graph and size give the same picture in SVG and on canvas. */
import type { Graph, GraphEdge, GraphNode } from "../protocol";
import { columnFrames, type Frames, GHOST_SIZE, LABEL_ROOM, needs } from "./frames";
import { share, spread } from "./place";
import type { EdgeBox, Joint, Layout, NodeBox, Point, Size } from "./types";

/** Room for the caption above and the slider below; a picture that is scaled down keeps them. */
export const TOP = 34;
export const BOTTOM = 14;
const GHOSTS_SHOWN = 14;
const GHOST_WEIGHT = 0.3;
const UNUSED_INPUT_WEIGHT = 0.5;
const JOINT_GAP = 30;

export const EMPTY_LAYOUT: Layout = { width: 0, height: 0, nodes: [], edges: [], joints: [], hidden: 0 };

const isGhost = (edge: GraphEdge) => edge.status === "removed";

/** Edges that are drawn: the active ones, and the removed ones while they are few. */
export function visibleEdges(graph: Graph): { edges: GraphEdge[]; hidden: number } {
  const active = graph.edges.filter((edge) => !isGhost(edge));
  const removed = graph.edges.length - active.length;
  if (removed <= GHOSTS_SHOWN && active.length <= 3 * GHOSTS_SHOWN) return { edges: graph.edges, hidden: 0 };
  return { edges: active, hidden: removed };
}

/** Top to bottom order of a layer: active nodes in the middle, what was removed above and below. Inputs keep theirs. */
function orderNodes(nodes: readonly GraphNode[], layer: number): GraphNode[] {
  if (layer === 0) return [...nodes];
  const active = nodes.filter((node) => node.active);
  const ghosts = nodes.filter((node) => !node.active);
  const above = Math.ceil(ghosts.length / 2);
  return [...ghosts.slice(0, above), ...active, ...ghosts.slice(above)];
}

function drawnNodes(graph: Graph, edges: readonly GraphEdge[]): GraphNode[][] {
  const touched = new Set(edges.flatMap((e) => [`${e.layer}.${e.source}`, `${e.layer + 1}.${e.node}`]));
  const last = graph.layers.length - 1;
  return graph.layers.map((nodes, layer) => {
    const kept = nodes.filter((n) => n.active || layer === 0 || layer === last || touched.has(n.id));
    return orderNodes(kept, layer);
  });
}

/** Middles of the nodes of one layer: each gets room for the edges that come in. */
function nodeHeights(nodes: readonly GraphNode[], edges: readonly GraphEdge[], height: number): number[] {
  const incoming = new Map<number, number>();
  for (const edge of edges) if (!isGhost(edge)) incoming.set(edge.node, (incoming.get(edge.node) ?? 0) + 1);
  const weights = nodes.map((n) => {
    if (n.active) return Math.max(1, incoming.get(n.index) ?? 1);
    return n.layer === 0 ? UNUSED_INPUT_WEIGHT : GHOST_WEIGHT;
  });
  return share(weights, TOP, height - BOTTOM);
}

const labelWidth = (text: string, font: number) => Math.min(text.length, 18) * 0.57 * font;

/** Names of many inputs are set smaller, so that their lines stay apart. */
function labelFont(nodes: readonly GraphNode[] | undefined): number {
  return (nodes?.length ?? 0) > 12 ? 12.5 : 15;
}

function margins(graph: Graph): { left: number; right: number } {
  const widest = (nodes: readonly GraphNode[] = []) =>
    Math.max(8, ...nodes.map((n) => labelWidth(n.label, labelFont(nodes))));
  return { left: widest(graph.layers[0]) + 42, right: widest(graph.layers.at(-1)) + 44 };
}

function nodeBox(node: GraphNode, at: Point, r: number, layers: GraphNode[][]): NodeBox {
  const last = layers.length - 1;
  const side = node.layer === 0 ? "left" : node.layer === last ? "right" : "none";
  const { id, kind, label, symbol } = node;
  const font = labelFont(layers[node.layer]) * (node.active ? 1 : 0.85);
  return {
    id,
    ...at,
    r,
    kind,
    label,
    symbol,
    ghost: !node.active,
    side,
    font,
    labelWidth: labelWidth(label, font),
  };
}

function radius(kind: string, room: number): number {
  const wanted = kind === "input" ? 8 : 11;
  return Math.max(3.5, Math.min(wanted, room * 0.34));
}

function placeNodes(
  graph: Graph,
  layers: GraphNode[][],
  edges: GraphEdge[],
  size: Size,
): Map<string, NodeBox> {
  const { left, right } = margins(graph);
  const last = graph.layers.length - 1;
  const step = last > 0 ? (size.width - left - right) / last : 0;
  const boxes = new Map<string, NodeBox>();
  layers.forEach((nodes, layer) => {
    const incoming = edges.filter((e) => e.layer === layer - 1);
    const ys = nodeHeights(nodes, incoming, size.height);
    nodes.forEach((node, i) => {
      const y = ys[i] as number;
      const room = Math.min(y - (ys[i - 1] ?? -1e9), (ys[i + 1] ?? 1e9) - y);
      const r = radius(node.kind, room) * (node.active ? 1 : 0.82);
      boxes.set(node.id, nodeBox(node, { x: left + step * layer, y }, r, graph.layers));
    });
  });
  return boxes;
}

/** Factors of product nodes with more than one edge get a joint: the edges are summed there first. */
function placeJoints(edges: readonly GraphEdge[], nodes: Map<string, NodeBox>): Map<string, Joint> {
  const groups = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const node = nodes.get(`${edge.layer + 1}.${edge.node}`);
    if (node?.kind !== "product") continue;
    const id = `${edge.layer}.${edge.target}`;
    groups.set(id, [...(groups.get(id) ?? []), edge]);
  }
  const joints = new Map<string, Joint>();
  for (const [id, group] of groups) {
    const first = group[0] as GraphEdge;
    const node = nodes.get(`${first.layer + 1}.${first.node}`) as NodeBox;
    const factors = [...groups.values()].filter(
      (g) => g[0]?.layer === first.layer && g[0]?.node === first.node,
    );
    if (group.length < 2 || factors.length < 2) continue;
    const spreadY = Math.min(2.2 * node.r, 26);
    const rank = factors.indexOf(group) - (factors.length - 1) / 2;
    const ghost = group.every(isGhost);
    joints.set(id, {
      id,
      x: node.x - node.r - JOINT_GAP,
      y: node.y + rank * spreadY,
      to: { x: node.x, y: node.y },
      ghost,
    });
  }
  return joints;
}

interface Ends {
  edge: GraphEdge;
  /** Half way between the two layers. */
  middle: number;
  from: Point;
  to: Point;
}

function endsOf(edge: GraphEdge, nodes: Map<string, NodeBox>, joints: Map<string, Joint>): Ends | null {
  const source = nodes.get(`${edge.layer}.${edge.source}`);
  const target = nodes.get(`${edge.layer + 1}.${edge.node}`);
  if (!source || !target) return null;
  const joint = joints.get(`${edge.layer}.${edge.target}`);
  const to = joint ? { x: joint.x - 3, y: joint.y } : { x: target.x - target.r, y: target.y };
  return { edge, middle: (source.x + target.x) / 2, from: { x: source.x + source.r, y: source.y }, to };
}

/** Grouped by the node they feed, and inside a group by where they come from: the right half never crosses. */
function orderEnds(ends: Ends[]): Ends[] {
  return ends.sort(
    (a, b) =>
      a.to.y - b.to.y ||
      a.edge.target - b.edge.target ||
      a.from.y - b.from.y ||
      a.edge.source - b.edge.source,
  );
}

/** 1: level with the source, 0: level with the target. */
function lean(ends: readonly Ends[]): number {
  const active = ends.filter((e) => !isGhost(e.edge));
  const count = (of: (e: Ends) => number) => new Set((active.length ? active : ends).map(of)).size;
  if (count((e) => e.to.y) === 1) return 0.8;
  return count((e) => e.from.y) === 1 ? 0.2 : 0.5;
}

function edgeBox(end: Ends, at: Point, frames: Frames): EdgeBox {
  const { edge, from, to } = end;
  const ghost = isGhost(edge);
  const shrink = ghost ? GHOST_SIZE : 1;
  const [w, h] = [frames.w * shrink, frames.h * shrink];
  const below = frames.below;
  // Staggered columns leave no room beside a frame: there the shape alone says that the edge has a form.
  const label = ghost || frames.columns > 1 ? "" : edge.label;
  const labelAt = below
    ? { x: at.x, y: at.y + h / 2 + (edge.locked ? 15 : 13) }
    : { x: at.x + w / 2 + 4, y: at.y - 3 };
  const labelAnchor = below ? "middle" : "start";
  const { id, status, locked } = edge;
  return {
    id,
    ...at,
    w,
    h,
    from,
    to,
    status,
    ghost,
    locked,
    label,
    labelAt,
    labelAnchor,
    labelSize: frames.font,
  };
}

/** Half of the room that the label takes below the frame. */
function lift(edge: GraphEdge, frames: Frames): number {
  return frames.below && edge.label && !isGhost(edge) ? LABEL_ROOM / 2 : 0;
}

/** Room between the groups above each edge: groups are edges with the same target. */
function gapsBefore(ends: readonly Ends[], gap: number): number[] {
  let sum = 0;
  return ends.map((end, i) => {
    const before = ends[i - 1];
    if (before && before.edge.target !== end.edge.target) sum += gap;
    return sum;
  });
}

function placeColumn(ends: Ends[], height: number, width: number): EdgeBox[] {
  const ordered = orderEnds(ends);
  const frames = columnFrames(
    ordered.map((e) => e.edge),
    height - TOP - BOTTOM,
    width,
  );
  const bias = lean(ordered);
  const gaps = gapsBefore(ordered, frames.groupGap);
  const slots = ordered.map((end, i) => {
    // The frame, not its slot, is what should be level with its nodes.
    const wish = bias * end.from.y + (1 - bias) * end.to.y + lift(end.edge, frames);
    return { wish: wish - (gaps[i] as number), size: frames.slot(end.edge) };
  });
  const ys = spread(slots, TOP, height - BOTTOM - (gaps.at(-1) ?? 0)).map((y, i) => y + (gaps[i] as number));
  return ordered.map((end, i) => {
    const x = end.middle + ((i % frames.columns) - (frames.columns - 1) / 2) * frames.pitch;
    return edgeBox(end, { x, y: (ys[i] as number) - lift(end.edge, frames) }, frames);
  });
}

/** The picture for a view of the given size; it may come out larger than the view when the network asks for more. */
export function layoutGraph(graph: Graph, view: Size): Layout {
  if (graph.layers.length < 2) return EMPTY_LAYOUT;
  const { edges, hidden } = visibleEdges(graph);
  const layers = drawnNodes(graph, edges);
  const columns = graph.layers.slice(1).map((_, layer) => edges.filter((e) => e.layer === layer));
  const { left, right } = margins(graph);
  const need = needs(
    columns,
    layers.map((l) => l.length),
  );
  const height = Math.max(view.height, need.height + TOP + BOTTOM);
  // A picture that has to be scaled down to fit spreads out sideways too, as far as the view allows.
  const sideways = (view.width * height) / Math.max(1, view.height);
  const width = Math.max(view.width, sideways, left + right + need.step * columns.length);
  const size = { width, height };
  const nodes = placeNodes(graph, layers, edges, size);
  const joints = placeJoints(edges, nodes);
  const step = (width - left - right) / columns.length;
  const boxes = columns.flatMap((column) => {
    const ends = column.map((edge) => endsOf(edge, nodes, joints)).filter((e): e is Ends => e !== null);
    return placeColumn(ends, height, step);
  });
  return { width, height, nodes: [...nodes.values()], edges: boxes, joints: [...joints.values()], hidden };
}

/** Changes exactly when positions may change; curves and losses leave it alone. */
export function layoutKey(graph: Graph): string {
  const nodes = graph.layers.map((layer) => layer.map((n) => `${n.kind[0]}${+n.active}${n.label}`).join(","));
  const edges = graph.edges.map((e) => `${e.id}${e.status[0]}${+e.locked}${e.label}`);
  return `${nodes.join("|")}#${edges.join(",")}`;
}
