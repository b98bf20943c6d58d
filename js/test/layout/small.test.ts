import { describe, expect, it } from "vitest";
import { polyline, rangeOf, svgPath, wire } from "../../src/layout/curve";
import { layoutGraph } from "../../src/layout/layout";
import { firstStop, moveFrom } from "../../src/layout/navigate";
import { ticks } from "../../src/layout/ticks";
import { tween } from "../../src/layout/tween";
import { fixture } from "../support/model";

const BOX = { x: 0, y: 0, w: 10, h: 10 };

describe("polyline", () => {
  it("fills its box from the lowest to the highest value", () => {
    expect(polyline([0, 1, 2], BOX)).toEqual([
      { x: 0, y: 10 },
      { x: 5, y: 5 },
      { x: 10, y: 0 },
    ]);
  });

  it("draws noise flat when the range has a floor, and constants in the middle", () => {
    const noisy = polyline([0, 1e-9, 0], BOX, 1);
    for (const p of noisy) expect(p.y).toBeCloseTo(5);
    for (const p of polyline([3, 3, 3], BOX)) expect(p.y).toBe(5);
  });

  it("thins long curves and keeps both ends", () => {
    const points = polyline(
      Float32Array.from({ length: 1000 }, (_, i) => i),
      BOX,
      0,
      32,
    );
    expect(points).toHaveLength(32);
    expect([points[0]!.x, points.at(-1)!.x]).toEqual([0, 10]);
  });

  it("survives values that are not finite", () => {
    expect(svgPath(polyline([0, Number.NaN, 1], BOX))).not.toMatch(/NaN/);
    expect(rangeOf([])).toEqual({ low: 0, high: 0 });
  });
});

it("draws wires with level ends", () => {
  expect(wire({ x: 0, y: 0 }, { x: 10, y: 4 })).toBe("M0,0C5,0 5,4 10,4");
});

describe("ticks", () => {
  it.each([
    [-1, 1, [-1, -0.5, 0, 0.5, 1]],
    [0, 10, [0, 5, 10]],
    [0, 0.3, [0, 0.1, 0.2, 0.3]],
    [273.15, 373.15, [300, 350]],
  ])("of %d to %d", (low, high, expected) => {
    expect(ticks(low, high, 4)).toEqual(expected);
  });

  it("does not fail on an empty range", () => {
    expect(ticks(2, 2)).toEqual([2]);
    expect(ticks(Number.NaN, 1)).toEqual([]);
  });
});

describe("moveFrom", () => {
  const layout = layoutGraph(fixture("2-5-1").graph, { width: 656, height: 410 });

  it("starts at the first curve and walks a column", () => {
    const first = firstStop(layout);
    expect(first.split(".")).toHaveLength(3);
    const next = moveFrom(layout, first, "down");
    expect(next).not.toBe(first);
    expect(moveFrom(layout, next, "up")).toBe(first);
    expect(moveFrom(layout, first, "up")).toBe(first);
  });

  it("crosses the network from input to output and stops there", () => {
    const path = ["0.0"];
    for (let i = 0; i < 6; i++) path.push(moveFrom(layout, path.at(-1)!, "right"));
    expect(path.map((id) => id.split(".").length)).toEqual([2, 3, 2, 3, 2, 2, 2]);
    expect(path.at(-1)).toBe("2.0");
  });

  it("skips what was removed", () => {
    const pruned = layoutGraph(fixture("exp_sin").graph, { width: 656, height: 410 });
    expect(moveFrom(pruned, "0.1.0", "down")).toBe("0.1.0");
    expect(moveFrom(pruned, "nowhere", "down")).toBe("0.0.0");
  });
});

it("moves from one layout to the next", () => {
  const a = layoutGraph(fixture("2-5-1").graph, { width: 656, height: 410 });
  const b = layoutGraph(fixture("exp_sin").graph, { width: 656, height: 410 });
  const of = (layout: typeof a) => layout.edges.find((e) => e.id === "0.0.0")!;
  expect(of(tween(a, b, 0)).y).toBe(of(a).y);
  expect(of(tween(a, b, 0.5)).y).toBeCloseTo((of(a).y + of(b).y) / 2);
  expect(tween(a, b, 1)).toBe(b);
});
