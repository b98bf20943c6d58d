/** The diagram as SVG: elements are kept and only attributes that changed are written. */
import { polyline, svgPath, wire } from "../layout/curve";
import type { EdgeBox, Joint, NodeBox } from "../layout/types";
import { type EdgeData, type Painter, type Scene, styleOf } from "./scene";

const NS = "http://www.w3.org/2000/svg";
const PADLOCK = "M-3.2,-0.6h6.4v4.6h-6.4zM-1.9,-0.6v-1.5a1.9,1.9 0 0 1 3.8,0v1.5";

type Attributes = Record<string, string | number>;

function make<K extends keyof SVGElementTagNameMap>(
  name: K,
  parent: Element,
  className = "",
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(NS, name);
  if (className) element.setAttribute("class", className);
  parent.append(element);
  return element;
}

function set(element: Element, attributes: Attributes): void {
  for (const name in attributes) {
    const value = attributes[name];
    const text = typeof value === "number" ? String(Math.round(value * 100) / 100) : (value as string);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

interface EdgeParts {
  wires: SVGPathElement;
  group: SVGGElement;
  outer: SVGPathElement;
  frame: SVGRectElement;
  curve: SVGPathElement;
  lock: SVGPathElement;
  label: SVGTextElement;
  drawn: { values: Float32Array | null; w: number; h: number; floor: number };
}

interface NodeParts {
  group: SVGGElement;
  circle: SVGCircleElement;
  symbol: SVGTextElement;
  label: SVGTextElement;
}

interface JointParts {
  group: SVGGElement;
  wire: SVGPathElement;
  dot: SVGCircleElement;
}

export class SvgPainter implements Painter {
  readonly element: SVGSVGElement;
  private readonly world: SVGGElement;
  private readonly wires: SVGGElement;
  private readonly boxes: SVGGElement;
  private readonly circles: SVGGElement;
  private readonly edges = new Map<string, EdgeParts>();
  private readonly nodes = new Map<string, NodeParts>();
  private readonly joints = new Map<string, JointParts>();

  constructor(host: HTMLElement) {
    this.element = make("svg", host, "kan-svg");
    this.element.setAttribute("aria-hidden", "true");
    this.world = make("g", this.element);
    this.wires = make("g", this.world);
    this.boxes = make("g", this.world);
    this.circles = make("g", this.world);
  }

  paint(scene: Scene): void {
    const { layout, camera, size } = scene;
    set(this.element, { width: size.width, height: size.height });
    set(this.world, {
      transform: `translate(${camera.x.toFixed(2)} ${camera.y.toFixed(2)}) scale(${camera.k.toFixed(4)})`,
    });
    this.sweep(this.edges, layout.edges, (parts) => [parts.wires, parts.group]);
    this.sweep(this.nodes, layout.nodes, (parts) => [parts.group]);
    this.sweep(this.joints, layout.joints, (parts) => [parts.group]);
    for (const edge of layout.edges) this.paintEdge(edge, scene);
    for (const joint of layout.joints) this.paintJoint(joint);
    for (const node of layout.nodes) this.paintNode(node, scene);
  }

  destroy(): void {
    this.element.remove();
  }

  private sweep<P>(
    kept: Map<string, P>,
    items: readonly { id: string }[],
    elements: (parts: P) => Element[],
  ): void {
    if (kept.size === 0) return;
    const ids = new Set(items.map((item) => item.id));
    for (const [id, parts] of kept) {
      if (ids.has(id)) continue;
      for (const element of elements(parts)) element.remove();
      kept.delete(id);
    }
  }

  private makeEdge(id: string): EdgeParts {
    const group = make("g", this.boxes, "kan-edge");
    group.dataset.edge = id;
    const parts: EdgeParts = {
      wires: make("path", this.wires, "kan-wire"),
      group,
      outer: make("path", group, "kan-frame-outer"),
      frame: make("rect", group, "kan-frame"),
      curve: make("path", group, "kan-curve"),
      lock: make("path", group, "kan-lock"),
      label: make("text", group, "kan-edge-label"),
      drawn: { values: null, w: 0, h: 0, floor: 0 },
    };
    set(parts.lock, { d: PADLOCK });
    this.edges.set(id, parts);
    return parts;
  }

  private paintEdge(edge: EdgeBox, scene: Scene): void {
    const parts = this.edges.get(edge.id) ?? this.makeEdge(edge.id);
    const style = styleOf(edge, scene);
    const [w, h] = [edge.w, edge.h];
    const rx = edge.status === "form" ? h / 2 : Math.min(6, h / 4);
    set(parts.wires, {
      d: wire(edge.from, { x: edge.x - w / 2, y: edge.y }) + wire({ x: edge.x + w / 2, y: edge.y }, edge.to),
      "data-tone": style.tone,
      "stroke-opacity": style.wireOpacity,
      "stroke-width": style.wireWidth,
    });
    set(parts.group, {
      transform: `translate(${edge.x.toFixed(1)} ${edge.y.toFixed(1)})`,
      "data-tone": style.tone,
      "data-status": edge.status,
      "data-locked": edge.locked ? "1" : "0",
      "data-selected": scene.selected === edge.id ? "1" : "0",
    });
    set(parts.frame, {
      x: -w / 2,
      y: -h / 2,
      width: w,
      height: h,
      rx,
      "stroke-width": style.frameWidth,
      "stroke-opacity": style.opacity,
    });
    set(parts.outer, { d: roundedBox(w + 6, h + 6, rx + 3), "stroke-opacity": style.opacity });
    set(parts.lock, { transform: `translate(${(w / 2 - 1).toFixed(1)} ${(-h / 2 - 1).toFixed(1)})` });
    this.paintCurve(parts, edge, scene.data.get(edge.id));
    set(parts.curve, { "stroke-opacity": style.opacity, "stroke-width": h < 22 ? 1.2 : 1.7 });
    this.paintLabel(parts.label, edge);
  }

  private paintCurve(parts: EdgeParts, edge: EdgeBox, data: EdgeData | undefined): void {
    const values = data?.curve ?? null;
    const { drawn } = parts;
    const floor = data?.floor ?? 0;
    if (drawn.values === values && drawn.w === edge.w && drawn.h === edge.h && drawn.floor === floor) return;
    parts.drawn = { values, w: edge.w, h: edge.h, floor };
    const box = curveBox(edge);
    const points = values
      ? polyline(values, { ...box, x: box.x - edge.x, y: box.y - edge.y }, floor, 48)
      : [];
    set(parts.curve, { d: svgPath(points) });
  }

  private paintLabel(text: SVGTextElement, edge: EdgeBox): void {
    setText(text, edge.label);
    if (!edge.label) return;
    set(text, {
      x: edge.labelAt.x - edge.x,
      y: edge.labelAt.y - edge.y,
      "text-anchor": edge.labelAnchor,
      "font-size": edge.labelSize,
    });
  }

  private makeNode(id: string): NodeParts {
    const group = make("g", this.circles, "kan-node");
    group.dataset.node = id;
    const parts: NodeParts = {
      group,
      circle: make("circle", group),
      symbol: make("text", group, "kan-symbol"),
      label: make("text", group, "kan-node-label"),
    };
    this.nodes.set(id, parts);
    return parts;
  }

  private paintNode(node: NodeBox, scene: Scene): void {
    const parts = this.nodes.get(node.id) ?? this.makeNode(node.id);
    const hot = scene.hovered === node.id || scene.cursor === node.id;
    set(parts.group, {
      transform: `translate(${node.x.toFixed(1)} ${node.y.toFixed(1)})`,
      "data-kind": node.kind,
      "data-ghost": node.ghost ? "1" : "0",
      "data-hot": hot ? "1" : "0",
      "data-selected": scene.selected === node.id ? "1" : "0",
    });
    set(parts.circle, { r: node.r });
    setText(parts.symbol, node.r >= 6 ? node.symbol : "");
    set(parts.symbol, { y: node.r * 0.42, "font-size": node.r * 1.3 });
    setText(parts.label, node.side === "none" ? "" : shorten(node.label));
    const side = node.side === "left" ? -1 : 1;
    set(parts.label, {
      x: side * (node.r + 8),
      y: node.font * 0.34,
      "text-anchor": side < 0 ? "end" : "start",
      "font-size": node.font,
    });
  }

  private paintJoint(joint: Joint): void {
    let parts = this.joints.get(joint.id);
    if (!parts) {
      const group = make("g", this.wires, "kan-joint");
      parts = { group, wire: make("path", group), dot: make("circle", group) };
      this.joints.set(joint.id, parts);
    }
    set(parts.group, { "data-ghost": joint.ghost ? "1" : "0" });
    set(parts.wire, { d: wire(joint, joint.to) });
    set(parts.dot, { cx: joint.x, cy: joint.y, r: 3 });
  }
}

/** A box around the origin as a path: a group keeps one rect, its frame, for whoever looks for it. */
function roundedBox(w: number, h: number, r: number): string {
  const [x, y] = [w / 2 - r, h / 2 - r];
  const n = (v: number) => v.toFixed(1);
  const arc = (dx: number, dy: number) => `a${n(r)},${n(r)} 0 0 1 ${n(dx)},${n(dy)}`;
  return `M${n(-x)},${n(-h / 2)}h${n(2 * x)}${arc(r, r)}v${n(2 * y)}${arc(-r, r)}h${n(-2 * x)}${arc(-r, -r)}v${n(-2 * y)}${arc(r, -r)}z`;
}

export function shorten(label: string): string {
  return label.length > 18 ? `${label.slice(0, 17)}…` : label;
}

/** The part of a frame that its curve fills. */
export function curveBox(edge: EdgeBox): { x: number; y: number; w: number; h: number } {
  const px = edge.w * (edge.status === "form" ? 0.18 : 0.12);
  const py = edge.h * 0.17;
  return { x: edge.x - edge.w / 2 + px, y: edge.y - edge.h / 2 + py, w: edge.w - 2 * px, h: edge.h - 2 * py };
}
