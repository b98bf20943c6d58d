import { effect } from "@preact/signals";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Bridge, createBridge } from "../src/bridge";
import { FakeModel, fixture } from "./support/model";

let model: FakeModel;
let frames: (() => void)[];
let bridge: Bridge;
const onExport = vi.fn();

function open(): Bridge {
  return createBridge(model, {
    onExport,
    requestFrame: (callback) => frames.push(callback),
    cancelFrame: () => {
      frames = [];
    },
  });
}

function runFrame(): void {
  for (const callback of frames.splice(0)) callback();
}

beforeEach(() => {
  const { inspectors: _, ...traits } = fixture("exp_sin");
  model = new FakeModel(traits);
  frames = [];
  onExport.mockReset();
  bridge = open();
});

describe("drawing", () => {
  it("has the state of the model at once", () => {
    expect(bridge.live.selection.value).toBe("0.0.0");
    expect(bridge.live.graph.value.shape).toBe("[2, 5, 1]");
  });

  it("draws the newest of many pushes once, and reports it", () => {
    for (let i = 0; i < 20; i++) model.push({ selection: `0.0.${i}` });
    expect(frames).toHaveLength(1);
    expect(bridge.live.selection.value).toBe("0.0.0");
    runFrame();
    expect(bridge.live.selection.value).toBe("0.0.19");
    expect(model.ofType("drawn")).toEqual([{ type: "drawn", drawn: 21, seq: 1 }]);
  });

  it("changes all traits together", () => {
    const seen: string[] = [];
    effect(() => {
      seen.push(`${bridge.live.selection.value} ${bridge.live.training.value.step}`);
    });
    model.push({ selection: "0.1.0", training: { ...bridge.live.training.value, step: 99 } });
    runFrame();
    expect(seen).toEqual(["0.0.0 60", "0.1.0 99"]);
  });

  it("shows a message without waiting for a push", () => {
    model.set({ message: { kind: "error", text: "no", id: 1 } });
    expect(bridge.live.message.value?.text).toBe("no");
  });

  it("falls back to empty values for traits that are missing or null", () => {
    const bare = createBridge(new FakeModel({ seq: 4, graph: null }));
    expect(bare.live.graph.value.edges).toEqual([]);
    expect(bare.live.history.value.nodes).toEqual([]);
    bare.dispose();
  });
});

describe("messages", () => {
  it("counts up and waits for the acknowledgement", () => {
    expect(bridge.send({ type: "fit" })).toBe(1);
    expect(bridge.send({ type: "prune", threshold: 0.02 })).toBe(2);
    expect(model.sent).toEqual([
      { type: "fit", seq: 1 },
      { type: "prune", threshold: 0.02, seq: 2 },
    ]);
    expect(bridge.pending.value.map((p) => p.seq)).toEqual([1, 2]);
    model.set({ ack: 1 });
    expect(bridge.pending.value.map((p) => p.seq)).toEqual([2]);
    model.push({ ack: 2 });
    expect(bridge.pending.value).toHaveLength(1);
    runFrame();
    expect(bridge.pending.value).toEqual([]);
  });

  it("starts above the acknowledgement that it finds", () => {
    model.traits.ack = 41;
    const second = open();
    expect(second.send({ type: "undo" })).toBe(42);
    expect(second.pending.value).toHaveLength(1);
  });

  it("takes an exported file only when this view asked for it", () => {
    const other = open();
    const file = { type: "export", kind: "script", filename: "a.py", mime: "text/x-python", text: "x" };
    bridge.send({ type: "export", kind: "script" });
    model.emit("msg:custom", file);
    expect(onExport).toHaveBeenCalledExactlyOnceWith(file);
    model.emit("msg:custom", file);
    expect(onExport).toHaveBeenCalledOnce();
    other.dispose();
  });
});

describe("stop", () => {
  const control = () => new FakeModel({});

  it("goes to the control model after a hello", async () => {
    const second = control();
    model.widget_manager = { get_model: vi.fn(async () => second) };
    model.traits.control = "abc";
    bridge = open();
    await Promise.resolve();
    await Promise.resolve();
    expect(model.widget_manager.get_model).toHaveBeenCalledWith("abc");
    expect(second.sent).toEqual([{ type: "hello" }]);
    bridge.send({ type: "stop" });
    bridge.send({ type: "fit" });
    expect(second.ofType("stop")).toEqual([{ type: "stop", seq: 1 }]);
    expect(model.sent.map((m) => m.type)).toEqual(["fit"]);
  });

  it("is no longer pending once nothing runs", () => {
    bridge.send({ type: "stop" });
    model.push();
    runFrame();
    expect(bridge.pending.value).toEqual([]);
  });

  it("greets again later, when the host has opened its free shell, and not after the view is gone", async () => {
    vi.useFakeTimers();
    const second = control();
    model.widget_manager = { get_model: async () => second };
    model.traits.control = "abc";
    bridge = open();
    await vi.advanceTimersByTimeAsync(500);
    expect(second.ofType("hello")).toHaveLength(2);
    bridge.dispose();
    await vi.advanceTimersByTimeAsync(5000);
    expect(second.ofType("hello")).toHaveLength(2);
    vi.useRealTimers();
  });

  it.each([
    ["has no widget manager", undefined],
    ["cannot find the model", { get_model: () => Promise.reject(new Error("no such model")) }],
  ])("goes to the main model when the host %s", async (_, manager) => {
    if (manager) model.widget_manager = manager;
    model.traits.control = "abc";
    bridge = open();
    await Promise.resolve();
    bridge.send({ type: "stop" });
    expect(model.ofType("stop")).toHaveLength(1);
  });
});

describe("dispose", () => {
  it("returns every listener and draws no more", () => {
    model.push();
    bridge.dispose();
    expect(model.listening).toBe(0);
    expect(frames).toHaveLength(0);
  });

  it("leaves another view of the same model alone", () => {
    const other = open();
    bridge.dispose();
    model.push({ selection: "1.0.0" });
    runFrame();
    expect(other.live.selection.value).toBe("1.0.0");
    expect(bridge.live.selection.value).toBe("0.0.0");
  });
});
