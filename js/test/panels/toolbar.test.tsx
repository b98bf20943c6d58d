import { describe, expect, it } from "vitest";
import { finer } from "../../src/panels/toolbar";
import { view } from "../support/view";

const RUNNING = {
  running: true,
  label: "fit",
  step: 3,
  steps: 60,
  rmse: 0.1,
  elapsed: 0.2,
  phase: "",
  stopping: false,
};

describe("Toolbar", () => {
  it("says what the data are", () => {
    const v = view("exp_sin");
    expect(v.text(".kan-title")).toBe(
      "kanlabexp_sin · 1\u202f000 rows · 2 inputs → y".replace("\u202f", " "),
    );
  });

  it.each([
    ["fit", { type: "fit" }],
    ["discover", { type: "discover" }],
    ["undo", { type: "undo" }],
    ["prune", { type: "prune", threshold: 0.02 }],
    ["refine", { type: "refine", intervals: 10 }],
  ])("sends %s", async (action, message) => {
    const v = view("exp_sin");
    await v.click(`[data-action="${action}"]`);
    expect(v.model.sent).toEqual([{ ...message, seq: 1 }]);
    expect(v.root.dataset.pending).toBe("1");
    v.model.set({ ack: 1 });
    expect(v.root.dataset.pending).toBe("0");
  });

  it("offers finer grids than the one there is", async () => {
    const v = view("exp_sin");
    await v.click('[data-action="refine-menu"]');
    expect(v.all("[data-intervals]").map((b) => b.dataset.intervals)).toEqual(["10", "20", "50", "100"]);
    await v.click('[data-intervals="50"]');
    expect(v.model.ofType("refine")[0]).toMatchObject({ intervals: 50 });
    expect(v.all("[data-intervals]")).toEqual([]);
    expect([3, 5, 7, 300].map(finer)).toEqual([5, 10, 10, 600]);
  });

  it("exports, and the law only when there is one", async () => {
    const v = view("2-5-1");
    await v.click('[data-action="export"]');
    expect(v.find<HTMLButtonElement>('[data-export="latex"]').disabled).toBe(true);
    await v.click('[data-export="script"]');
    expect(v.model.ofType("export")).toEqual([{ type: "export", kind: "script", seq: 1 }]);
  });

  it("lets only Stop work while training runs", async () => {
    const v = view("exp_sin", { training: RUNNING });
    for (const action of ["fit", "refine", "prune", "discover", "undo"]) {
      expect(v.find<HTMLButtonElement>(`[data-action="${action}"]`).title).toMatch(/running/);
    }
    await v.click('[data-action="stop"]');
    expect(v.model.ofType("stop")).toHaveLength(1);
    expect(v.root.dataset.running).toBe("1");
  });

  it("disables Stop when nothing runs, and undo and redo at the ends", () => {
    const v = view("2-5-1");
    for (const action of ["stop", "undo", "redo"]) {
      expect(v.find<HTMLButtonElement>(`[data-action="${action}"]`).disabled).toBe(true);
    }
  });

  it("gives the reason when it is read only", () => {
    const v = view("exp_sin", { readonly: "The kernel is gone." });
    const fit = v.find<HTMLButtonElement>('[data-action="fit"]');
    expect([fit.disabled, fit.title]).toEqual([true, "The kernel is gone."]);
    expect(v.text(".kan-badge")).toBe("read only");
  });

  it("shows the notices of the data", async () => {
    const v = view("4-5-5-1");
    await v.click('[data-action="notices"]');
    expect(v.text(".kan-notices")).toMatch(/nearly constant/);
  });
});
