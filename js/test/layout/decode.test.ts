import { describe, expect, it } from "vitest";
import { curveOf, decodeFloats, splitLoss } from "../../src/layout/decode";
import { fixture } from "../support/model";

const VALUES = [0, 1.5, -2.25, 1e-3];

function bytes(): Uint8Array {
  return new Uint8Array(new Float32Array(VALUES).buffer);
}

function shifted(by: number): DataView {
  const buffer = new ArrayBuffer(bytes().length + by);
  new Uint8Array(buffer, by).set(bytes());
  return new DataView(buffer, by);
}

describe("decodeFloats", () => {
  const expected = [...new Float32Array(VALUES)];
  it.each([
    ["a DataView", shifted(0)],
    ["a DataView that starts between two floats", shifted(3)],
    ["an ArrayBuffer", bytes().buffer as ArrayBuffer],
    ["bytes", bytes()],
    ["base64", Buffer.from(bytes()).toString("base64")],
  ])("reads %s", (_, value) => {
    expect([...decodeFloats(value)]).toEqual(expected);
  });

  it("reads nothing from nothing and drops a broken tail", () => {
    expect(decodeFloats(null)).toHaveLength(0);
    expect(decodeFloats("")).toHaveLength(0);
    expect(decodeFloats(bytes().subarray(0, 7))).toHaveLength(1);
  });
});

describe("curveOf", () => {
  const { graph, curves } = fixture("2-5-1");
  const floats = decodeFloats(curves);

  it("cuts one row per edge", () => {
    expect(floats).toHaveLength(graph.edges.length * graph.points);
    const edge = graph.edges[3]!;
    expect([...curveOf(edge, graph, floats)]).toEqual([...floats.slice(3 * graph.points, 4 * graph.points)]);
  });

  it("has no curve for an edge without a row or a buffer that has not arrived", () => {
    expect(curveOf({ ...graph.edges[0]!, curve: -1 }, graph, floats)).toHaveLength(0);
    expect(curveOf(graph.edges[14]!, graph, floats.subarray(0, 10))).toHaveLength(0);
  });
});

it("splits training and validation loss", () => {
  const pairs = splitLoss(new Float32Array([1, 2, 0.5, 1, 0.25, 0.5]).buffer as ArrayBuffer);
  expect(pairs).toEqual({ train: [1, 0.5, 0.25], validation: [2, 1, 0.5] });
});
