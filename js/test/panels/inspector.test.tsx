import { describe, expect, it } from "vitest";
import { candidateInUse } from "../../src/panels/candidates";
import { formToFix } from "../../src/panels/inspector";
import { fixture } from "../support/model";
import { settle, view } from "../support/view";

const button = (v: ReturnType<typeof view>, action: string) =>
  v.find<HTMLButtonElement>(`[data-action="${action}"]`);

async function type(v: ReturnType<typeof view>, text: string): Promise<HTMLInputElement> {
  const input = v.find<HTMLInputElement>('[data-action="own-form"]');
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
  return input;
}

describe("Inspector of an edge", () => {
  it("lists the candidates with the spline at the end", () => {
    const v = view("exp_sin");
    expect(v.all("[data-form]").map((r) => r.dataset.form)).toEqual(["sin", "tanh", "x^3", "x", "keep"]);
    expect(v.text('[data-form="sin"]')).toBe("sin(3.1416 x₁)2.1e-152");
    expect(v.text(".kan-facts")).toBe("attribution 0.71G = 5");
    expect(v.all(".kan-density rect")).toHaveLength(30);
  });

  it("fixes the best form, the chosen one, or the typed one", async () => {
    const v = view("exp_sin");
    await v.click('[data-action="fix"]');
    await v.click('[data-form="tanh"]');
    await v.click('[data-action="fix"]');
    const input = await type(v, "sin(a*x + b)");
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    expect(v.model.ofType("fix").map((m) => m.form)).toEqual(["sin", "tanh", "sin(a*x + b)"]);
    expect(v.model.ofType("fix").every((m) => m.edge === "0.0.0")).toBe(true);
  });

  it("draws the candidate under the pointer over the curve", async () => {
    const v = view("exp_sin");
    const before = v.find(".kan-plot-overlay").getAttribute("d");
    v.find('[data-form="x^3"]').dispatchEvent(new PointerEvent("pointerenter"));
    await settle();
    expect(v.find(".kan-plot-overlay").getAttribute("d")).not.toBe(before);
    await v.click('[data-form="keep"]');
    v.find('[data-form="x^3"]').dispatchEvent(new PointerEvent("pointerleave"));
    await settle();
    expect(v.all(".kan-plot-overlay")).toEqual([]);
    expect(button(v, "fix").disabled).toBe(true);
  });

  it("waits for candidates but takes an own form", async () => {
    const inspector = { ...fixture("exp_sin").inspector, candidates: null };
    const v = view("exp_sin", { inspector });
    expect(v.text(".kan-computing")).toBe("comparing forms…");
    expect(button(v, "fix").disabled).toBe(true);
    await type(v, "x**2");
    expect(button(v, "fix").disabled).toBe(false);
  });

  it("releases and unlocks only where that means something", async () => {
    const spline = view("exp_sin");
    expect([button(spline, "fix").disabled, button(spline, "release").disabled]).toEqual([false, true]);
    const { inspectors } = fixture("2-1-1");
    const form = view("2-1-1", { selection: "0.0.0", inspector: inspectors["0.0.0"] });
    expect(button(form, "fix").title).toMatch(/already in place/);
    await form.click('[data-action="release"]');
    expect(form.model.ofType("release")).toHaveLength(1);
    const locked = view("2-1-1", { selection: "0.1.0", inspector: inspectors["0.1.0"] });
    expect(button(locked, "release").title).toMatch(/locked/);
    await locked.click('[data-action="unlock"]');
    expect(locked.model.ofType("unlock")).toEqual([{ type: "unlock", edge: "0.1.0", seq: 1 }]);
  });

  it("shows a refused form where it was typed", async () => {
    const v = view("exp_sin");
    await type(v, "foo(x)");
    await v.click('[data-action="fix"]');
    v.model.push({ ack: 1, message: { kind: "error", text: "foo is not a function.", id: 7 } });
    await settle();
    expect(v.text('.kan-inspector [role="alert"]')).toBe("foo is not a function.");
    expect(v.find<HTMLInputElement>('[data-action="own-form"]').value).toBe("foo(x)");
    await v.click('[data-action="dismiss"]');
    expect(v.all(".kan-message")).toEqual([]);
  });
});

describe("A formula that a person types", () => {
  it("is sent to be ranked, and shown where it came out", async () => {
    const v = view("exp_sin");
    expect(button(v, "compare").title).toMatch(/Type a formula/);
    await type(v, " x*exp(-x) ");
    expect(v.all("[data-picked]")).toEqual([]);
    await v.click('[data-action="compare"]');
    expect(v.model.ofType("compare")).toMatchObject([{ edge: "0.0.0", form: "x*exp(-x)" }]);
    const { inspector } = fixture("exp_sin");
    const [first, ...rest] = inspector!.candidates!;
    const mine = { ...first!, form: "x*exp(-x)", text: "x exp(-x)", typed: "x*exp(-x)" };
    v.model.push({ ack: 1, inspector: { ...inspector, candidates: [first, mine, ...rest] } });
    await settle();
    expect(v.all("[data-picked]").map((row) => row.dataset.form)).toEqual(["x*exp(-x)"]);
    expect(v.all(".kan-plot-overlay")).toHaveLength(1);
    await v.click('[data-action="fix"]');
    expect(v.model.ofType("fix")).toMatchObject([{ form: "x*exp(-x)" }]);
  });

  it("is refused beside the field", async () => {
    const v = view("exp_sin");
    await type(v, "x.real");
    await v.click('[data-action="compare"]');
    v.model.push({ ack: 1, message: { kind: "error", text: "The character '.' is no part.", id: 3 } });
    await settle();
    expect(v.text('.kan-own-row + [role="alert"]')).toBe("The character '.' is no part.");
    expect(v.find<HTMLInputElement>('[data-action="own-form"]').value).toBe("x.real");
  });

  it("is not compared while training runs or on a removed edge", async () => {
    const { inspector, training } = fixture("exp_sin");
    const gone = view("exp_sin", { inspector: { ...inspector, status: "removed" } });
    await type(gone, "sin(x)/x");
    expect(button(gone, "compare").title).toMatch(/removed/);
    const busy = view("exp_sin", { training: { ...training, running: true } });
    await type(busy, "sin(x)/x");
    expect(button(busy, "compare").title).toMatch(/Training/);
  });
});

describe("selection", () => {
  it("shows what was clicked at once and then what Python says", async () => {
    const v = view("2-5-1");
    await v.click('[data-edge="0.0.1"] rect');
    expect(v.root.dataset.selection).toBe("0.0.1");
    expect(v.text(".kan-computing")).toBe("comparing forms…");
    expect(v.find(".kan-plot-curve").getAttribute("d")).toMatch(/^M/);
    v.model.push({ ack: 1, selection: "0.0.1", inspector: fixture("2-5-1").inspectors["0.0.1"] });
    await settle();
    expect(v.all("[data-form]")).toHaveLength(5);
  });

  it("goes back when Python did not follow", async () => {
    const v = view("2-5-1");
    await v.click('[data-edge="0.0.1"] rect');
    v.model.push({ ack: 1 });
    await settle();
    expect(v.root.dataset.selection).toBe("");
  });

  it("shows a node, its edges, and removes it", async () => {
    const v = view("exp_sin");
    await v.click('[data-node="1.0"] circle');
    expect(v.model.ofType("select")).toEqual([{ type: "select", edge: "", seq: 1 }]);
    v.model.push({ ack: 1, selection: "", inspector: null });
    await settle();
    expect(v.text("h4 + .kan-list")).toBe("kindsumattribution1.00");
    expect(v.text(".kan-edge-list")).toMatch(/x₁ → node 0/);
    await v.click('[data-action="remove_node"]');
    expect(v.model.ofType("remove_node")).toMatchObject([{ type: "remove_node", node: "1.0" }]);
  });

  it("keeps inputs and the output", async () => {
    const v = view("2-5-1");
    await v.click('[data-node="0.0"] circle');
    expect(button(v, "remove_node").title).toMatch(/Inputs stay/);
  });
});

it("knows which candidate is meant", () => {
  const inspector = fixture("exp_sin").inspector!;
  expect(candidateInUse(inspector, "")?.form).toBe("sin");
  expect(candidateInUse(inspector, "x")?.form).toBe("x");
  expect(candidateInUse(inspector, "keep")).toBeNull();
  expect(candidateInUse({ ...inspector, candidates: null }, "")).toBeNull();
  expect(formToFix(inspector, "", "  x**2 ")).toBe("x**2");
  const fixed = {
    ...inspector,
    candidates: inspector.candidates!.map((c) => ({ ...c, current: c.form === "x" })),
  };
  expect(formToFix(fixed, "", "")).toBe("");
});
