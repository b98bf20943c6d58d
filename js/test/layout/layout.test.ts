import { describe, expect, it } from "vitest";
import { layoutGraph, layoutKey, visibleEdges } from "../../src/layout/layout";
import type { EdgeBox, Layout } from "../../src/layout/types";
import { EMPTY } from "../../src/protocol";
import { FIXTURES, fixture } from "../support/model";

const VIEWS = [
  { width: 640, height: 360 },
  { width: 656, height: 410 },
  { width: 1100, height: 460 },
];

interface Rect {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const frame = (e: EdgeBox): Rect => {
  const pad = e.locked ? 3 : 0;
  return {
    left: e.x - e.w / 2 - pad,
    right: e.x + e.w / 2 + pad,
    top: e.y - e.h / 2 - pad,
    bottom: e.y + e.h / 2 + pad,
  };
};

function label(e: EdgeBox): Rect {
  const width = e.label.length * e.labelSize * 0.6;
  const left = e.labelAnchor === "middle" ? e.labelAt.x - width / 2 : e.labelAt.x;
  return { left, right: left + width, top: e.labelAt.y - 0.75 * e.labelSize, bottom: e.labelAt.y };
}

const overlap = (a: Rect, b: Rect) =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.01 &&
  Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.01;

function collisions(layout: Layout): string[] {
  const found: string[] = [];
  layout.edges.forEach((a, i) => {
    for (const b of layout.edges.slice(i + 1))
      if (overlap(frame(a), frame(b))) found.push(`${a.id} on ${b.id}`);
    if (a.label)
      for (const b of layout.edges) if (overlap(label(a), frame(b))) found.push(`label ${a.id} on ${b.id}`);
    for (const n of layout.nodes) {
      const circle = { left: n.x - n.r, right: n.x + n.r, top: n.y - n.r, bottom: n.y + n.r };
      if (overlap(frame(a), circle)) found.push(`${a.id} on node ${n.id}`);
    }
  });
  return found;
}

describe.each(FIXTURES)("layout of %s", (name) => {
  const { graph } = fixture(name);
  it.each(VIEWS)("has no overlaps at $width x $height", (view) => {
    expect(collisions(layoutGraph(graph, view))).toEqual([]);
  });

  it("has room for a long label on every edge", () => {
    const labelled = structuredClone(graph);
    for (const e of labelled.edges)
      if (e.status !== "removed") Object.assign(e, { status: "form", label: "gaussian" });
    expect(collisions(layoutGraph(labelled, VIEWS[1]!))).toEqual([]);
  });

  it("stays inside its own size, with every active edge and node", () => {
    const layout = layoutGraph(graph, VIEWS[1]!);
    for (const e of layout.edges) {
      expect(e.y - e.h / 2).toBeGreaterThan(0);
      expect(e.y + e.h / 2).toBeLessThan(layout.height);
      expect(e.from.x).toBeLessThan(e.x);
      expect(e.x).toBeLessThan(e.to.x);
    }
    const ids = new Set(layout.edges.map((e) => e.id));
    for (const e of graph.edges) if (e.status !== "removed") expect(ids).toContain(e.id);
    for (const n of graph.layers.flat()) if (n.active) expect(layout.nodes.map((m) => m.id)).toContain(n.id);
  });
});

describe("layoutGraph", () => {
  it("is pure", () => {
    const { graph } = fixture("4-5-5-1");
    expect(layoutGraph(graph, VIEWS[0]!)).toEqual(layoutGraph(structuredClone(graph), VIEWS[0]!));
  });

  it("draws nothing for a network that has not arrived", () => {
    expect(layoutGraph(EMPTY.graph, VIEWS[0]!).nodes).toEqual([]);
  });

  it("goes from left to right, layer by layer", () => {
    const { nodes } = layoutGraph(fixture("4-5-5-1").graph, VIEWS[1]!);
    const xs = [0, 1, 2, 3].map(
      (layer) => new Set(nodes.filter((n) => n.id.startsWith(`${layer}.`)).map((n) => n.x)),
    );
    expect(xs.map((set) => set.size)).toEqual([1, 1, 1, 1]);
    const flat = xs.map((set) => [...set][0]!);
    expect([...flat].sort((a, b) => a - b)).toEqual(flat);
  });

  it("gives the room of removed edges to the active ones", () => {
    const { graph } = fixture("exp_sin");
    const full = structuredClone(graph);
    for (const e of full.edges) e.status = "spline";
    for (const n of full.layers.flat()) n.active = true;
    const tall = (layout: Layout) => layout.edges.find((e) => e.id === "0.0.0")!.h;
    expect(tall(layoutGraph(graph, VIEWS[1]!))).toBeGreaterThan(1.2 * tall(layoutGraph(full, VIEWS[1]!)));
  });

  it("hides removed edges when there are many, and says how many", () => {
    const { graph } = fixture("4-5-5-1-pruned");
    const removed = graph.edges.filter((e) => e.status === "removed").length;
    expect(visibleEdges(graph).hidden).toBe(removed);
    expect(layoutGraph(graph, VIEWS[1]!).edges.some((e) => e.ghost)).toBe(false);
    expect(visibleEdges(fixture("exp_sin").graph).hidden).toBe(0);
  });

  it("gathers the edges of each factor of a product", () => {
    const layout = layoutGraph(fixture("product").graph, VIEWS[1]!);
    expect(layout.joints.map((j) => j.id)).toEqual(["0.1", "0.2"]);
    const ends = (target: string) =>
      new Set(layout.edges.filter((e) => e.id.endsWith(target)).map((e) => e.to.y));
    expect(ends(".1").size).toBe(1);
    expect([...ends(".1")]).not.toEqual([...ends(".2")]);
  });
});

describe("layoutKey", () => {
  it("changes with the structure, not with the numbers", () => {
    const { graph } = fixture("2-5-1");
    const trained = structuredClone(graph);
    trained.rmse.train = 1;
    for (const e of trained.edges) e.attribution = 0.1;
    expect(layoutKey(trained)).toBe(layoutKey(graph));
    trained.edges[0]!.status = "removed";
    expect(layoutKey(trained)).not.toBe(layoutKey(graph));
  });
});
