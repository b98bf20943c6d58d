import { describe, expect, it, vi } from "vitest";
import { sortEdges, statusText } from "../../src/panels/edges";
import { leadingConstant, noLaw } from "../../src/panels/law";
import { edgesBelow, pruneText, toPosition, toThreshold } from "../../src/panels/prune";
import { FakeModel, fixture } from "../support/model";
import { openView, settle, view } from "../support/view";

describe("History", () => {
  it("goes to the state that is clicked, not to the one shown", async () => {
    const v = view("exp_sin");
    expect(v.all("[data-state]").map((r) => r.dataset.state)).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
    await v.click('[data-state="6"]');
    await v.click('[data-state="2"]');
    expect(v.model.ofType("go")).toEqual([{ type: "go", state: 2, seq: 1 }]);
    expect(v.find('[data-state="6"]').getAttribute("aria-current")).toBe("step");
  });
});

describe("Law", () => {
  it("shows the formula with its evidence", () => {
    const v = view("exp_sin");
    expect(v.find("[data-law]").dataset.law).toBe("partial");
    expect(v.all("math")).toHaveLength(1);
    expect(v.text(".kan-evidence")).toMatch(/held-out rmse 8.1e-6 · one edge still a spline/);
    expect(v.text(".kan-leading")).toBe("coefficient of x₂² 1 (0.99999 ± 0.00002)");
  });

  it("lists the constants", async () => {
    const v = view("exp_sin");
    await v.click('[data-action="constants"]');
    expect(v.all(".kan-constants tbody tr")).toHaveLength(3);
    expect(leadingConstant([])).toBeNull();
  });

  it("says what to do when there is none", () => {
    const v = view("2-5-1");
    expect(v.find("[data-law]").dataset.law).toBe("none");
    expect(v.text(".kan-no-law")).toMatch(/No law yet/);
    expect(noLaw("rmse")).toBe(v.text(".kan-no-law").trim());
    expect(noLaw("cross-entropy")).toMatch(/the target is a class/);
  });
});

describe("Prune", () => {
  const { graph } = fixture("2-5-1");

  it("maps the slider to thresholds and back", () => {
    for (const value of [0, 0.001, 0.02, 0.5, 1])
      expect(toThreshold(toPosition(value))).toBeCloseTo(value, 2);
  });

  it("counts itself until Python has answered for this threshold", () => {
    const count = edgesBelow(graph, 0.02).size;
    expect(pruneText(graph, null, 0.02)).toEqual({ edges: `removes ${count} edges`, cost: "" });
    const preview = { threshold: 0.02, edges: 8, nodes: 1, before: 4.3e-3, after: 4.4e-3 };
    expect(pruneText(graph, preview, 0.02)).toEqual({
      edges: "removes 8 edges",
      cost: "rmse 4.3e-3 → 4.4e-3",
    });
    expect(pruneText(graph, preview, 0.05).cost).toBe("");
    expect(pruneText(graph, null, 0).edges).toBe("removes nothing");
  });

  it("asks for a preview once the slider rests, and marks what would go", async () => {
    const v = view("2-5-1");
    const slider = v.find<HTMLInputElement>('[data-action="threshold"]');
    slider.dispatchEvent(new Event("focus"));
    for (const position of [100, 200, 250]) {
      slider.value = String(position);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
    await new Promise((done) => setTimeout(done, 200));
    expect(v.model.ofType("preview_prune")).toEqual([{ type: "preview_prune", threshold: 0.32, seq: 1 }]);
    expect(v.all('.kan-edge[data-tone="doomed"]')).toHaveLength(edgesBelow(graph, 0.32).size);
    await v.click('[data-action="prune"]');
    expect(v.model.ofType("prune")[0]).toMatchObject({ threshold: 0.32 });
  });
});

describe("Training", () => {
  it("takes the place of the slider while it runs", async () => {
    const v = view("exp_sin");
    expect(v.all(".kan-prune")).toHaveLength(1);
    const training = {
      running: true,
      label: "fit",
      step: 30,
      steps: 60,
      rmse: 0.0123,
      elapsed: 2.5,
      phase: "G = 5",
      stopping: false,
    };
    v.model.push({ training, loss: new DataView(new Float32Array([1, 2, 0.1, 0.2]).buffer) });
    await settle();
    expect(v.all(".kan-prune")).toHaveLength(0);
    expect(v.text(".kan-training")).toBe("fitG = 530 / 60rmse 0.012 · val 0.22.5 s");
    expect(v.find(".kan-progress i").style.width).toBe("50.0%");
    expect(v.all(".kan-training path")).toHaveLength(2);
  });
});

describe("Edge table", () => {
  it("lists every edge and selects", async () => {
    const v = view("2-5-1");
    await v.click('[data-action="table"]');
    expect(v.all("[data-edge-row]")).toHaveLength(15);
    await v.click('[data-edge-row="1.2.0"]');
    expect(v.model.ofType("select")).toEqual([{ type: "select", edge: "1.2.0", seq: 1 }]);
  });

  it("sorts by importance, name and status", () => {
    const { graph } = fixture("exp_sin");
    const by = sortEdges(graph.edges, "attribution", new Map()).map((e) => e.attribution);
    expect(by).toEqual([...by].sort((a, b) => b - a));
    expect(statusText({ ...graph.edges[0]!, status: "form", label: "sin", locked: true })).toBe(
      "sin, locked",
    );
  });
});

describe("the view", () => {
  it("marks what tests wait for and keeps keys from the notebook", async () => {
    const v = view("exp_sin");
    expect({ ...v.root.dataset }).toMatchObject({
      kanlab: "workbench",
      ready: "1",
      seq: "1",
      ack: "0",
      running: "0",
    });
    expect(v.root.getAttribute("data-lm-suppress-shortcuts")).toBe("true");
    v.model.push();
    await settle();
    expect(v.root.dataset.seq).toBe("2");
    expect(v.model.ofType("drawn").at(-1)).toMatchObject({ drawn: 2 });
  });

  it("says when the kernel does not answer", async () => {
    const v = view("exp_sin");
    vi.useFakeTimers();
    await Promise.all([v.click('[data-action="undo"]'), vi.advanceTimersByTimeAsync(3100)]);
    vi.useRealTimers();
    await settle();
    expect(v.text(".kan-badge")).toBe("waiting for the kernel");
    v.model.push({ ack: 1 });
    await settle();
    expect(v.all(".kan-badge")).toEqual([]);
  });

  it("can show the diagram alone", () => {
    const v = view("exp_sin", { mode: "diagram" });
    expect(v.all("[data-edge]")).toHaveLength(15);
    expect(v.all(".kan-bar, .kan-history, .kan-inspector, .kan-law")).toEqual([]);
  });

  it("draws before anything has arrived", () => {
    const v = openView(new FakeModel({}));
    expect(v.root.dataset.ready).toBe("1");
    expect(v.all("[data-edge]")).toEqual([]);
  });

  it("shows one model twice, each with its own small state", async () => {
    const first = view("2-5-1");
    const second = openView(first.model);
    await first.click('[data-action="table"]');
    expect(second.all("[data-edge-row]")).toEqual([]);
    await first.click('[data-edge-row="0.0.1"]');
    first.model.push({ ack: 1, selection: "0.0.1", inspector: fixture("2-5-1").inspectors["0.0.1"] });
    await settle();
    expect([first.root.dataset.selection, second.root.dataset.selection]).toEqual(["0.0.1", "0.0.1"]);
    first.close();
    second.model.push({ selection: "", inspector: null });
    await settle();
    expect(second.root.dataset.selection).toBe("");
  });

  it("returns every listener", () => {
    const v = view("exp_sin");
    expect(v.model.listening).toBeGreaterThan(0);
    v.close();
    expect(v.model.listening).toBe(0);
  });
});
