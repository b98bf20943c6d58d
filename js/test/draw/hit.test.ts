import { describe, expect, it } from "vitest";
import { fitCamera, panBy, toScreen, toWorld, zoomAt } from "../../src/draw/camera";
import { hitTest, wireDistance } from "../../src/draw/hit";
import { layoutGraph } from "../../src/layout/layout";
import { FIXTURES, fixture } from "../support/model";

const VIEW = { width: 656, height: 410 };

describe.each(FIXTURES)("hits in %s", (name) => {
  const layout = layoutGraph(fixture(name).graph, VIEW);

  it("finds every frame and every node at its middle", () => {
    for (const e of layout.edges) expect(hitTest(layout, e)).toEqual({ kind: "edge", id: e.id });
    for (const n of layout.nodes) expect(hitTest(layout, n)).toEqual({ kind: "node", id: n.id });
  });
});

describe("hitTest", () => {
  const layout = layoutGraph(fixture("2-5-1").graph, VIEW);
  const edge = layout.edges.find((e) => e.id === "1.2.0")!;

  it("finds a wire near its curve and nothing far from it", () => {
    const p = { x: (edge.from.x + edge.x - edge.w / 2) / 2, y: (edge.from.y + edge.y) / 2 };
    expect(hitTest(layout, p)?.id).toBe(edge.id);
    expect(hitTest(layout, { x: 2, y: 2 })).toBeNull();
  });

  it("counts the label of a form and the name of an input", () => {
    const forms = layoutGraph(fixture("exp_sin").graph, VIEW);
    const form = forms.edges.find((e) => e.label === "exp")!;
    expect(hitTest(forms, { x: form.labelAt.x, y: form.labelAt.y - 4 })?.id).toBe(form.id);
    const input = forms.nodes[0]!;
    expect(hitTest(forms, { x: input.x - input.r - 14, y: input.y })?.id).toBe(input.id);
  });

  it("measures the distance to a wire", () => {
    expect(wireDistance({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 5, y: 3 })).toBeCloseTo(3);
  });
});

describe("camera", () => {
  const camera = { x: 10, y: 20, k: 1.5 };

  it("turns screen points into points of the picture and back", () => {
    const p = { x: 33, y: 44 };
    expect(toWorld(camera, toScreen(camera, p))).toEqual(p);
  });

  it("zooms around the pointer, within limits", () => {
    const at = { x: 100, y: 50 };
    const before = toWorld(camera, at);
    const after = toWorld(zoomAt(camera, at, 1.7), at);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
    expect(zoomAt(camera, at, 1e9).k).toBe(8);
    expect(zoomAt(camera, at, 1e-9).k).toBe(0.05);
  });

  it("fits a large picture and leaves a small one at its size", () => {
    const fit = fitCamera({ width: 2000, height: 2000 }, VIEW);
    const [low, high] = [toScreen(fit, { x: 0, y: 34 }), toScreen(fit, { x: 2000, y: 1986 })];
    expect(low.y).toBeGreaterThanOrEqual(34 - 1e-9);
    expect(high.y).toBeLessThanOrEqual(VIEW.height);
    expect(high.x).toBeLessThanOrEqual(VIEW.width);
    expect(fitCamera(VIEW, VIEW)).toEqual({ x: 0, y: 0, k: 1 });
    expect(panBy(camera, 3, -4)).toEqual({ x: 13, y: 16, k: 1.5 });
  });
});
