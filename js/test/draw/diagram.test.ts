import { beforeEach, describe, expect, it, vi } from "vitest";
import "../support/view";
import { CanvasPainter } from "../../src/draw/canvas";
import { Diagram, type DiagramEvents } from "../../src/draw/diagram";
import { decodeFloats } from "../../src/layout/decode";
import { fixture } from "../support/model";

let host: HTMLElement;
let events: { [K in keyof DiagramEvents]: ReturnType<typeof vi.fn> };

beforeEach(() => {
  host = document.createElement("div");
  host.tabIndex = 0;
  document.body.append(host);
  events = { hover: vi.fn(), select: vi.fn(), remove: vi.fn(), announce: vi.fn() };
});

function diagramOf(name: Parameters<typeof fixture>[0]): Diagram {
  const { graph, curves } = fixture(name);
  const diagram = new Diagram(host, events as unknown as DiagramEvents);
  diagram.setGraph(graph, decodeFloats(curves));
  return diagram;
}

const press = (key: string) => host.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const at = (id: string) => host.querySelector<SVGElement>(`[data-edge="${id}"], [data-node="${id}"]`)!;

describe("Diagram in SVG", () => {
  it("draws every edge and node with its status", () => {
    diagramOf("exp_sin");
    expect(host.querySelectorAll("[data-edge]")).toHaveLength(15);
    expect(host.querySelectorAll("[data-node]")).toHaveLength(8);
    expect(at("0.1.0").getAttribute("data-status")).toBe("form");
    expect(at("0.1.0").querySelector("text")?.textContent).toBe("x²");
    expect(at("1.0").querySelector(".kan-symbol")?.textContent).toBe("+");
    expect(at("0.0.0").querySelector(".kan-curve")?.getAttribute("d")).toMatch(/^M.*L/);
  });

  it("keeps its elements when only curves change", () => {
    const diagram = diagramOf("2-5-1");
    const before = at("0.0.0");
    const { graph, curves } = fixture("2-5-1");
    const path = before.querySelector(".kan-curve")!.getAttribute("d");
    diagram.setGraph(
      graph,
      decodeFloats(curves).map((v, i) => v * Math.sin(i)),
    );
    expect(at("0.0.0")).toBe(before);
    expect(before.querySelector(".kan-curve")!.getAttribute("d")).not.toBe(path);
  });

  it("selects what is clicked, and nothing beside it", () => {
    diagramOf("exp_sin");
    at("0.1.0")
      .querySelector("rect")!
      .dispatchEvent(new MouseEvent("click", { bubbles: true }));
    expect(events.select).toHaveBeenLastCalledWith({ kind: "edge", id: "0.1.0" });
    at("1.0").dispatchEvent(new MouseEvent("click", { bubbles: true }));
    expect(events.select).toHaveBeenLastCalledWith({ kind: "node", id: "1.0" });
    at("0.0.4").dispatchEvent(new MouseEvent("click", { bubbles: true }));
    expect(events.select).toHaveBeenLastCalledWith(null);
  });

  it("is one tab stop with arrows, Enter and Delete", () => {
    diagramOf("2-5-1");
    press("ArrowRight");
    const first = events.announce.mock.lastCall![0];
    press("ArrowDown");
    expect(events.announce.mock.lastCall![0]).not.toBe(first);
    press("Enter");
    expect(events.select).toHaveBeenLastCalledWith({
      kind: "edge",
      id: expect.stringMatching(/^0\.\d\.\d$/),
    });
    press("Delete");
    expect(events.remove).toHaveBeenCalledOnce();
    press("Escape");
    expect(events.select).toHaveBeenLastCalledWith(null);
  });

  it("zooms, and fits again", () => {
    const diagram = diagramOf("2-5-1");
    const world = host.querySelector("svg > g")!;
    const fitted = world.getAttribute("transform");
    diagram.zoom(2);
    expect(world.getAttribute("transform")).toMatch(/scale\(2/);
    diagram.fit();
    expect(world.getAttribute("transform")).toBe(fitted);
  });

  it("leaves nothing behind", () => {
    const diagram = diagramOf("2-5-1");
    diagram.destroy();
    expect(host.childElementCount).toBe(0);
    press("Enter");
    expect(events.select).not.toHaveBeenCalled();
  });
});

it("draws on a canvas when there are very many edges, and back", () => {
  const diagram = diagramOf("20-30-1");
  expect(host.querySelector("canvas")).not.toBeNull();
  expect(host.querySelector("svg")).toBeNull();
  const { graph, curves } = fixture("2-1-1");
  diagram.setGraph(graph, decodeFloats(curves));
  expect(host.querySelector("canvas")).toBeNull();
  expect(host.querySelectorAll("[data-edge]")).toHaveLength(3);
});

it("asks a canvas for nothing where there is none", () => {
  const painter = new CanvasPainter(host);
  expect(() => painter.destroy()).not.toThrow();
});
