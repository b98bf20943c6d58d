import { describe, expect, it } from "vitest";
import { historyRows } from "../../src/layout/history";
import type { History } from "../../src/protocol";
import { fixture } from "../support/model";

function history(parents: number[], current: number, can_redo = false): History {
  const nodes = parents.map((parent, id) => ({ id, parent, code: `step ${id}`, note: "", onpath: false }));
  return { current, nodes, can_undo: true, can_redo };
}

const flat = (h: History) => historyRows(h).map((row) => [row.node.id, row.depth]);

describe("historyRows", () => {
  it("puts a branch between a state and its continuation", () => {
    expect(flat(fixture("exp_sin").history)).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 0],
      [4, 0],
      [5, 0],
      [6, 0],
    ]);
  });

  it("keeps undone states on the line while redo can reach them", () => {
    const rows = historyRows(history([-1, 0, 1, 2], 1, true));
    expect(rows.map((r) => [r.node.id, r.depth, r.ahead])).toEqual([
      [0, 0, false],
      [1, 0, false],
      [2, 0, true],
      [3, 0, true],
    ]);
  });

  it("indents branches of branches, but not without end", () => {
    const h = history([-1, 0, 0, 1, 1, 3, 3], 2);
    expect(flat(h)).toEqual([
      [0, 0],
      [1, 1],
      [3, 2],
      [5, 3],
      [6, 2],
      [4, 1],
      [2, 0],
    ]);
  });

  it("shows every state exactly once, whatever the parents say", () => {
    const h = history([-1, 0, 7, 1], 3);
    expect(
      historyRows(h)
        .map((r) => r.node.id)
        .sort(),
    ).toEqual([0, 1, 2, 3]);
    expect(historyRows(history([], 0))).toEqual([]);
  });

  it("joins rows of one line", () => {
    const rows = historyRows(fixture("exp_sin").history);
    expect(rows.map((r) => r.joined)).toEqual([true, true, false, true, true, true, false]);
  });
});
