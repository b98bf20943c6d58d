/** What both painters need to know: the layout, the numbers behind it and what the pointer does. */

import { rangeOf } from "../layout/curve";
import { curveOf } from "../layout/decode";
import { EMPTY_LAYOUT } from "../layout/layout";
import type { EdgeBox, Layout, Size } from "../layout/types";
import type { Graph } from "../protocol";
import type { Camera } from "./camera";

export interface EdgeData {
  attribution: number;
  curve: Float32Array;
  /** Least height of the drawn range, so that rounding noise looks flat. */
  floor: number;
  label: string;
}

export interface Scene {
  layout: Layout;
  data: ReadonlyMap<string, EdgeData>;
  /** Edge and node names for screen readers. */
  names: ReadonlyMap<string, string>;
  camera: Camera;
  size: Size;
  selected: string;
  hovered: string;
  /** The element that the arrow keys are on; "" when the diagram has no focus. */
  cursor: string;
  /** Edges that the prune slider would remove. */
  doomed: ReadonlySet<string>;
}

export type Tone = "spline" | "form" | "selected" | "ghost" | "doomed";

export interface EdgeStyle {
  tone: Tone;
  opacity: number;
  wireOpacity: number;
  wireWidth: number;
  frameWidth: number;
}

export interface Painter {
  readonly element: HTMLElement | SVGSVGElement;
  paint(scene: Scene): void;
  destroy(): void;
}

export const EMPTY_SCENE: Scene = {
  layout: EMPTY_LAYOUT,
  data: new Map(),
  names: new Map(),
  camera: { x: 0, y: 0, k: 1 },
  size: { width: 0, height: 0 },
  selected: "",
  hovered: "",
  cursor: "",
  doomed: new Set(),
};

/** Faint edges stay findable. */
const FAINTEST = 0.24;
const FLAT_BELOW = 0.02;

export function opacityOf(attribution: number): number {
  return Math.max(FAINTEST, Math.tanh(3 * Math.max(0, attribution)));
}

/** Where wires are many, each gives way to the frames. */
function crowding(scene: Scene): number {
  return Math.max(0.4, Math.min(1, Math.sqrt(45 / Math.max(1, scene.layout.edges.length))));
}

export function styleOf(edge: EdgeBox, scene: Scene): EdgeStyle {
  const hot = scene.hovered === edge.id || scene.cursor === edge.id;
  if (edge.ghost)
    return { tone: "ghost", opacity: hot ? 0.9 : 0.55, wireOpacity: 0.3, wireWidth: 1, frameWidth: 1 };
  if (scene.selected === edge.id) {
    return { tone: "selected", opacity: 1, wireOpacity: 1, wireWidth: 1.8, frameWidth: 2 };
  }
  const tone = scene.doomed.has(edge.id) ? "doomed" : edge.status === "form" ? "form" : "spline";
  if (hot) return { tone, opacity: 1, wireOpacity: 1, wireWidth: 2.2, frameWidth: 1.8 };
  const opacity = opacityOf(scene.data.get(edge.id)?.attribution ?? 0);
  const crowd = crowding(scene);
  return { tone, opacity, wireOpacity: opacity * crowd, wireWidth: 0.7 + 0.8 * crowd, frameWidth: 1.2 };
}

/** Numbers of every edge, with curves of one layer drawn to a common least height. */
export function edgeData(graph: Graph, floats: Float32Array): Map<string, EdgeData> {
  const data = new Map<string, EdgeData>();
  const tallest = new Map<number, number>();
  for (const edge of graph.edges) {
    const curve = curveOf(edge, graph, floats);
    const { low, high } = rangeOf(curve);
    if (edge.status !== "removed")
      tallest.set(edge.layer, Math.max(tallest.get(edge.layer) ?? 0, high - low));
    data.set(edge.id, { attribution: edge.attribution, curve, floor: 0, label: edge.label });
  }
  for (const edge of graph.edges) {
    const item = data.get(edge.id) as EdgeData;
    if (edge.status !== "removed") item.floor = FLAT_BELOW * (tallest.get(edge.layer) ?? 0);
  }
  return data;
}

export function nodeName(graph: Graph, layer: number, index: number): string {
  const node = graph.layers[layer]?.find((n) => n.index === index);
  return node?.label || `node ${index}`;
}

/** "x₁ → node 0" for edges, "node 0" for nodes. */
export function nameAll(graph: Graph): Map<string, string> {
  const names = new Map<string, string>();
  for (const layer of graph.layers) for (const n of layer) names.set(n.id, nodeName(graph, n.layer, n.index));
  for (const e of graph.edges) {
    names.set(e.id, `${nodeName(graph, e.layer, e.source)} → ${nodeName(graph, e.layer + 1, e.node)}`);
  }
  return names;
}
