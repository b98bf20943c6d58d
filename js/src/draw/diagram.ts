/** The network diagram: keeps layout, camera and painter together. No Preact here, and no model. */
import { layoutGraph, layoutKey, visibleEdges } from "../layout/layout";
import { type Direction, firstStop, moveFrom } from "../layout/navigate";
import { easeInOut, tween } from "../layout/tween";
import type { Layout, Point, Size } from "../layout/types";
import type { Graph } from "../protocol";
import { fitCamera, panBy, toScreen, toWorld, zoomAt } from "./camera";
import { CanvasPainter } from "./canvas";
import { type Hit, hitTest } from "./hit";
import { listenKeys } from "./keyboard";
import { listenPointer } from "./pointer";
import { EMPTY_SCENE, edgeData, nameAll, type Painter, type Scene } from "./scene";
import { SvgPainter } from "./svg";

export interface DiagramEvents {
  /** The element under the pointer or the keyboard cursor, and where to write about it. */
  hover(hit: Hit | null, at: Point): void;
  select(hit: Hit | null): void;
  remove(hit: Hit): void;
  /** The name of what the keyboard is on, for screen readers. */
  announce(name: string): void;
}

export const SVG_LIMIT = 150;
const MOVE_MS = 320;

const kindOf = (id: string): Hit["kind"] => (id.split(".").length === 3 ? "edge" : "node");
const hitOf = (id: string): Hit | null => (id ? { kind: kindOf(id), id } : null);

function calm(): boolean {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

export class Diagram {
  private scene: Scene = EMPTY_SCENE;
  private graph: Graph | null = null;
  private target: Layout = EMPTY_SCENE.layout;
  private key = "";
  private lastCursor = "";
  private framed = true;
  private painter: Painter;
  private animation = 0;
  private readonly stop: (() => void)[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly events: DiagramEvents,
  ) {
    this.painter = new SvgPainter(host);
    this.stop.push(this.listenSize(), this.pointer(), this.keys());
  }

  setGraph(graph: Graph, floats: Float32Array): void {
    this.graph = graph;
    this.scene = { ...this.scene, data: edgeData(graph, floats), names: nameAll(graph) };
    const key = layoutKey(graph);
    if (key !== this.key) {
      const first = this.key === "";
      this.key = key;
      this.relayout(!first);
    }
    this.paint();
  }

  setLook(look: Partial<Pick<Scene, "selected" | "hovered" | "doomed">>): void {
    this.scene = { ...this.scene, ...look };
    this.paint();
  }

  get layout(): Layout {
    return this.target;
  }

  zoom(factor: number, at: Point = { x: this.scene.size.width / 2, y: this.scene.size.height / 2 }): void {
    this.framed = false;
    this.scene = { ...this.scene, camera: zoomAt(this.scene.camera, at, factor) };
    this.paint();
  }

  fit(): void {
    this.framed = true;
    this.scene = { ...this.scene, camera: fitCamera(this.scene.layout, this.scene.size) };
    this.paint();
  }

  /** Draws again with the colors of now; the SVG follows its style sheet by itself. */
  repaint(): void {
    this.paint();
  }

  resize(size: Size): void {
    const { width, height } = this.scene.size;
    if (size.width === width && size.height === height) return;
    this.scene = { ...this.scene, size };
    this.relayout(false);
    this.paint();
  }

  destroy(): void {
    cancelAnimationFrame(this.animation);
    for (const stop of this.stop) stop();
    this.painter.destroy();
  }

  private relayout(animate: boolean): void {
    const { size } = this.scene;
    if (!this.graph || size.width < 10) return;
    const from = this.scene.layout;
    this.target = layoutGraph(this.graph, size);
    this.choosePainter();
    cancelAnimationFrame(this.animation);
    if (!animate || calm() || from.nodes.length === 0) this.show(this.target);
    else this.animate(from, performance.now());
  }

  private animate(from: Layout, begin: number): void {
    const step = (now: number) => {
      const t = Math.min(1, Math.max(0, (now - begin) / MOVE_MS));
      this.show(tween(from, this.target, easeInOut(t)));
      this.paint();
      if (t < 1) this.animation = requestAnimationFrame(step);
    };
    this.show(tween(from, this.target, 0));
    this.animation = requestAnimationFrame(step);
  }

  private show(layout: Layout): void {
    const camera = this.framed ? fitCamera(layout, this.scene.size) : this.scene.camera;
    this.scene = { ...this.scene, layout, camera };
  }

  private choosePainter(): void {
    if (!this.graph) return;
    const many = visibleEdges(this.graph).edges.length > SVG_LIMIT;
    if (many === this.painter instanceof CanvasPainter) return;
    this.painter.destroy();
    this.painter = many ? new CanvasPainter(this.host) : new SvgPainter(this.host);
  }

  private paint(): void {
    if (this.scene.size.width >= 10) this.painter.paint(this.scene);
  }

  private listenSize(): () => void {
    const measure = () => this.resize({ width: this.host.clientWidth, height: this.host.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(this.host);
    return () => observer.disconnect();
  }

  private hitAt(at: Point): Hit | null {
    return hitTest(this.scene.layout, toWorld(this.scene.camera, at), 5 / Math.min(1, this.scene.camera.k));
  }

  private hover(hit: Hit | null): void {
    const id = hit?.id ?? "";
    if (id !== this.scene.hovered) this.setLook({ hovered: id });
    this.host.style.cursor = hit ? "pointer" : "";
    this.events.hover(hit, this.anchor(id));
  }

  /** Where a tooltip about an element points to, on the screen. */
  private anchor(id: string): Point {
    const edge = this.scene.layout.edges.find((e) => e.id === id);
    const node = this.scene.layout.nodes.find((n) => n.id === id);
    const world = edge
      ? { x: edge.x, y: edge.y - edge.h / 2 }
      : node
        ? { x: node.x, y: node.y - node.r }
        : { x: 0, y: 0 };
    return toScreen(this.scene.camera, world);
  }

  private isGhost(id: string): boolean {
    const { edges, nodes } = this.scene.layout;
    return (edges.find((e) => e.id === id) ?? nodes.find((n) => n.id === id))?.ghost ?? true;
  }

  private pointer(): () => void {
    return listenPointer(this.host, {
      hover: (at) => this.hover(at && this.hitAt(at)),
      click: (at, target) => {
        const box = target?.closest<SVGElement>("[data-edge],[data-node]");
        const hit = box ? hitOf(box.dataset.edge ?? box.dataset.node ?? "") : this.hitAt(at);
        this.events.select(hit && this.isGhost(hit.id) ? null : hit);
      },
      pan: (dx, dy) => {
        this.framed = false;
        this.scene = { ...this.scene, camera: panBy(this.scene.camera, dx, dy) };
        this.paint();
      },
      zoom: (at, factor) => this.zoom(factor, at),
      fit: () => this.fit(),
    });
  }

  private setCursor(id: string): void {
    this.scene = { ...this.scene, cursor: id };
    if (id) this.lastCursor = id;
    this.paint();
    this.events.hover(hitOf(id), this.anchor(id));
    this.events.announce(id ? (this.scene.names.get(id) ?? id) : "");
  }

  /** The element that a key acts on: the cursor, else what is selected. */
  private get subject(): string {
    return this.scene.cursor || this.scene.selected;
  }

  private keys(): () => void {
    return listenKeys(this.host, {
      move: (direction: Direction) => {
        const from = this.scene.cursor || this.scene.selected;
        this.setCursor(from ? moveFrom(this.target, from, direction) : this.startingPoint());
      },
      select: () => this.events.select(hitOf(this.subject)),
      remove: () => {
        const hit = hitOf(this.subject);
        if (hit && !this.isGhost(hit.id)) this.events.remove(hit);
      },
      clear: () => this.events.select(null),
      zoom: (factor) => this.zoom(factor),
      fit: () => this.fit(),
      focus: (on) => this.setCursor(on ? this.startingPoint() : ""),
    });
  }

  private startingPoint(): string {
    const { selected } = this.scene;
    const known = (id: string) => id !== "" && !this.isGhost(id);
    return known(selected) ? selected : known(this.lastCursor) ? this.lastCursor : firstStop(this.target);
  }
}
