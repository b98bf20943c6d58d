import { describe, expect, it } from "vitest";
import { decodeFloats } from "../src/layout/decode";
import { EMPTY, PROTOCOL } from "../src/protocol";
import { FIXTURES, fixture } from "./support/model";

/** Names and kinds of values, without the values: lists are described by their first element. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length ? [shape(value[0])] : [];
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shape(v)]));
}

describe.each(FIXTURES)("payload %s", (name) => {
  const payload = fixture(name);

  it("has every trait of the protocol", () => {
    for (const trait of Object.keys(EMPTY)) expect(payload).toHaveProperty(trait);
    expect(payload.protocol).toBe(PROTOCOL);
  });

  it("agrees with the empty payload on the names of every record", () => {
    for (const trait of ["dataset", "graph", "history", "training"] as const) {
      expect(Object.keys(payload[trait])).toEqual(expect.arrayContaining(Object.keys(EMPTY[trait])));
    }
  });

  it("speaks of edges and nodes that exist", () => {
    const { layers, edges, points } = payload.graph;
    for (const e of edges) {
      expect(e.id).toBe(`${e.layer}.${e.source}.${e.target}`);
      expect(layers[e.layer]?.[e.source]).toBeDefined();
      expect(layers[e.layer + 1]?.[e.node]).toBeDefined();
      expect(["spline", "form", "removed"]).toContain(e.status);
    }
    expect(decodeFloats(payload.curves)).toHaveLength(edges.length * points);
    expect(layers.flat().every((n) => n.id === `${n.layer}.${n.index}`)).toBe(true);
  });
});

it("describes an inspector completely", () => {
  expect(shape(fixture("exp_sin").inspector)).toMatchObject({
    edge: "string",
    title: "string",
    x: ["number"],
    y: ["number"],
    density: { lo: "number", hi: "number", counts: ["number"] },
    candidates: [
      {
        form: "string",
        text: "string",
        rmse: "number",
        r2: "number",
        complexity: "number",
        curve: ["number"],
        current: "boolean",
      },
    ],
    keep: { rmse: "number", complexity: "number" },
  });
});
