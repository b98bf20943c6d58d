/** The diagram on a canvas of the size of the view, for networks with very many edges. Draws what is visible. */
import { polyline } from "../layout/curve";
import type { EdgeBox, NodeBox, Point } from "../layout/types";
import { type Painter, type Scene, styleOf, type Tone } from "./scene";
import { curveBox, shorten } from "./svg";

type Ink = Record<Tone | "bg" | "ink" | "base" | "faint", string> & { font: string };

const VARIABLES: Record<Exclude<keyof Ink, "font">, string> = {
  bg: "--kan-bg",
  ink: "--kan-ink",
  base: "--kan-base",
  faint: "--kan-faint",
  spline: "--kan-spline",
  form: "--kan-form",
  selected: "--kan-selected",
  ghost: "--kan-base",
  doomed: "--kan-warn",
};

/** Frames smaller than this on the screen show no curve. */
const SMALLEST_CURVE = 5;

export class CanvasPainter implements Painter {
  readonly element: HTMLCanvasElement;
  private readonly probe: HTMLElement;

  constructor(host: HTMLElement) {
    this.element = document.createElement("canvas");
    this.element.className = "kan-canvas";
    this.element.setAttribute("aria-hidden", "true");
    // Variables may hold color-mix(); a probe's computed color is what a canvas understands.
    this.probe = document.createElement("span");
    this.probe.hidden = true;
    host.append(this.element, this.probe);
  }

  paint(scene: Scene): void {
    const context = this.prepare(scene);
    if (!context) return;
    const ink = this.readInk();
    const { camera } = scene;
    context.translate(camera.x, camera.y);
    context.scale(camera.k, camera.k);
    const seen = visibility(scene);
    const edges = scene.layout.edges.filter((edge) => seen(edge.from, edge.to));
    for (const edge of edges) paintWires(context, edge, scene, ink);
    for (const edge of edges) if (seen(edge, edge)) paintFrame(context, edge, scene, ink);
    for (const node of scene.layout.nodes) paintNode(context, node, scene, ink);
  }

  destroy(): void {
    this.element.remove();
    this.probe.remove();
  }

  private prepare({ size }: Scene): CanvasRenderingContext2D | null {
    const ratio = globalThis.devicePixelRatio || 1;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (this.element.width !== width) this.element.width = width;
    if (this.element.height !== height) this.element.height = height;
    this.element.style.width = `${size.width}px`;
    this.element.style.height = `${size.height}px`;
    const context = this.element.getContext("2d");
    context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    context?.clearRect(0, 0, size.width, size.height);
    return context;
  }

  private readInk(): Ink {
    const style = getComputedStyle(this.probe);
    const read = (variable: string) => {
      this.probe.style.color = `var(${variable})`;
      return style.color || "#888";
    };
    const colors = Object.entries(VARIABLES).map(([name, variable]) => [name, read(variable)]);
    return { ...Object.fromEntries(colors), font: style.fontFamily || "sans-serif" } as Ink;
  }
}

function visibility({ camera, size }: Scene): (a: Point, b: Point) => boolean {
  const slack = 40;
  const [left, top] = [-camera.x / camera.k - slack, -camera.y / camera.k - slack];
  const [right, bottom] = [
    left + size.width / camera.k + 2 * slack,
    top + size.height / camera.k + 2 * slack,
  ];
  return (a, b) =>
    Math.max(a.x, b.x) >= left &&
    Math.min(a.x, b.x) <= right &&
    Math.max(a.y, b.y) >= top &&
    Math.min(a.y, b.y) <= bottom;
}

function sWire(context: CanvasRenderingContext2D, a: Point, b: Point): void {
  const middle = (a.x + b.x) / 2;
  context.moveTo(a.x, a.y);
  context.bezierCurveTo(middle, a.y, middle, b.y, b.x, b.y);
}

function paintWires(context: CanvasRenderingContext2D, edge: EdgeBox, scene: Scene, ink: Ink): void {
  const style = styleOf(edge, scene);
  context.globalAlpha = style.wireOpacity;
  context.strokeStyle = ink[style.tone];
  context.lineWidth = style.wireWidth;
  context.setLineDash(style.tone === "ghost" || style.tone === "doomed" ? [3, 3] : []);
  context.beginPath();
  sWire(context, edge.from, { x: edge.x - edge.w / 2, y: edge.y });
  sWire(context, { x: edge.x + edge.w / 2, y: edge.y }, edge.to);
  context.stroke();
}

function paintFrame(context: CanvasRenderingContext2D, edge: EdgeBox, scene: Scene, ink: Ink): void {
  const style = styleOf(edge, scene);
  const [left, top] = [edge.x - edge.w / 2, edge.y - edge.h / 2];
  const rx = edge.status === "form" ? edge.h / 2 : Math.min(6, edge.h / 4);
  context.globalAlpha = 1;
  context.fillStyle = ink.bg;
  context.strokeStyle = ink[style.tone];
  context.lineWidth = style.frameWidth;
  context.beginPath();
  context.roundRect(left, top, edge.w, edge.h, rx);
  context.fill();
  context.globalAlpha = style.opacity;
  context.stroke();
  context.setLineDash([]);
  if (edge.locked) {
    context.beginPath();
    context.roundRect(left - 2.5, top - 2.5, edge.w + 5, edge.h + 5, rx + 2.5);
    context.stroke();
  }
  if (edge.h * scene.camera.k >= SMALLEST_CURVE) paintCurve(context, edge, scene);
  if (edge.label)
    paintText(
      context,
      edge.label,
      edge.labelAt,
      { size: edge.labelSize, align: edge.labelAnchor === "middle" ? "center" : "left", color: ink.form },
      ink,
    );
}

function paintCurve(context: CanvasRenderingContext2D, edge: EdgeBox, scene: Scene): void {
  const data = scene.data.get(edge.id);
  if (!data) return;
  const limit = Math.max(8, Math.min(48, Math.round(edge.w * scene.camera.k)));
  const points = polyline(data.curve, curveBox(edge), data.floor, limit);
  context.lineWidth = 1.2;
  context.beginPath();
  for (const [i, p] of points.entries()) i ? context.lineTo(p.x, p.y) : context.moveTo(p.x, p.y);
  context.stroke();
}

interface TextStyle {
  size: number;
  align: CanvasTextAlign;
  color: string;
}

function paintText(
  context: CanvasRenderingContext2D,
  text: string,
  at: Point,
  style: TextStyle,
  ink: Ink,
): void {
  context.globalAlpha = 1;
  context.font = `${style.size}px ${ink.font}`;
  context.textAlign = style.align;
  context.lineWidth = 3;
  context.strokeStyle = ink.bg;
  context.strokeText(text, at.x, at.y);
  context.fillStyle = style.color;
  context.fillText(text, at.x, at.y);
}

function paintNode(context: CanvasRenderingContext2D, node: NodeBox, scene: Scene, ink: Ink): void {
  const picked = scene.selected === node.id;
  const hot = picked || scene.hovered === node.id || scene.cursor === node.id;
  const color = picked ? ink.selected : node.ghost ? ink.base : ink.ink;
  context.globalAlpha = 1;
  context.setLineDash(node.ghost ? [3, 3] : []);
  context.beginPath();
  context.arc(node.x, node.y, node.r, 0, 2 * Math.PI);
  context.fillStyle = node.kind === "input" && !node.ghost ? color : ink.bg;
  context.fill();
  context.lineWidth = hot ? 2.2 : 1.4;
  context.strokeStyle = color;
  context.stroke();
  context.setLineDash([]);
  if (node.symbol && node.r >= 6) {
    const at = { x: node.x, y: node.y + node.r * 0.42 };
    paintText(context, node.symbol, at, { size: node.r * 1.3, align: "center", color }, ink);
  }
  if (node.side === "none") return;
  const left = node.side === "left";
  const at = { x: node.x + (left ? -1 : 1) * (node.r + 8), y: node.y + node.font * 0.34 };
  paintText(
    context,
    shorten(node.label),
    at,
    { size: node.font, align: left ? "right" : "left", color },
    ink,
  );
}
