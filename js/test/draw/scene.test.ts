import { describe, expect, it } from "vitest";
import { EMPTY_SCENE, edgeData, nameAll, opacityOf, type Scene, styleOf } from "../../src/draw/scene";
import { decodeFloats } from "../../src/layout/decode";
import { layoutGraph } from "../../src/layout/layout";
import { fixture } from "../support/model";

function sceneOf(name: Parameters<typeof fixture>[0], look: Partial<Scene> = {}): Scene {
  const { graph, curves } = fixture(name);
  const size = { width: 656, height: 410 };
  const data = edgeData(graph, decodeFloats(curves));
  return { ...EMPTY_SCENE, size, layout: layoutGraph(graph, size), data, names: nameAll(graph), ...look };
}

const edgeIn = (scene: Scene, id: string) => scene.layout.edges.find((e) => e.id === id)!;

it("shows attribution as opacity, with a floor", () => {
  expect(opacityOf(1)).toBeCloseTo(Math.tanh(3));
  expect(opacityOf(0.3)).toBeCloseTo(Math.tanh(0.9));
  expect(opacityOf(0)).toBeGreaterThan(0.2);
  expect(opacityOf(-1)).toBe(opacityOf(0));
});

describe("styleOf", () => {
  it("tells the tones apart", () => {
    const scene = sceneOf("exp_sin", { selected: "0.0.0" });
    expect(styleOf(edgeIn(scene, "0.0.0"), scene).tone).toBe("selected");
    expect(styleOf(edgeIn(scene, "0.1.0"), scene).tone).toBe("form");
    expect(styleOf(edgeIn(scene, "0.0.3"), scene).tone).toBe("ghost");
    const doomed = { ...scene, selected: "", doomed: new Set(["0.0.0"]) };
    expect(styleOf(edgeIn(scene, "0.0.0"), doomed).tone).toBe("doomed");
  });

  it("brings what is hovered forward", () => {
    const scene = sceneOf("10-10-1");
    const faint = scene.layout.edges.find((e) => (scene.data.get(e.id)?.attribution ?? 1) < 0.01)!;
    expect(styleOf(faint, scene).wireOpacity).toBeLessThan(0.3);
    expect(styleOf(faint, { ...scene, hovered: faint.id }).wireOpacity).toBe(1);
  });
});

it("names edges by what they join", () => {
  const names = nameAll(fixture("product").graph);
  expect(names.get("0.0.2")).toBe("x₁ → node 1");
  expect(names.get("1.0.0")).toBe("node 0 → y");
});
