/** What one view knows: the traits, and its own small state that never leaves the browser. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Bridge, createBridge, type Sent } from "../bridge";
import { nameAll, nodeName } from "../draw/scene";
import { curveOf, decodeFloats } from "../layout/decode";
import type { Action, ExportFile, Graph, GraphEdge, Inspector, Message, Model } from "../protocol";
import { saveExport } from "./download";

export interface Hover {
  id: string;
  x: number;
  y: number;
}

export interface Store {
  live: Bridge["live"];
  pending: Bridge["pending"];
  floats: ReadonlySignal<Float32Array>;
  names: ReadonlySignal<Map<string, string>>;
  /** The selected edge: what was clicked until Python has answered, then what Python says. */
  selection: ReadonlySignal<string>;
  /** The selected node; nodes are a matter of the view alone. */
  node: Signal<string>;
  inspector: ReadonlySignal<Inspector | null>;
  hover: Signal<Hover | null>;
  /** A candidate under the pointer, and the one that Fix would take ("" : the best one). */
  trial: Signal<string>;
  chosen: Signal<string>;
  ownForm: Signal<string>;
  threshold: Signal<number>;
  /** The prune slider is in use: the diagram shows what would go. */
  weighing: Signal<boolean>;
  table: Signal<boolean>;
  /** Why actions are disabled; "" when they are not. */
  blocked: ReadonlySignal<string>;
  running: ReadonlySignal<boolean>;
  message: ReadonlySignal<Message | null>;
  /** Python has not answered for a while: the kernel is busy, the message waits. */
  late: ReadonlySignal<boolean>;
  /** A note of this view alone, such as "Copied". */
  notice: Signal<string>;
  lastAction: Signal<Action["type"] | "">;
  act(action: Action): void;
  select(edge: string): void;
  selectNode(node: string): void;
  dismiss(): void;
  dispose(): void;
}

const NOTICE_MS = 2200;
const LATE_MS = 3000;

function isSelect(sent: Sent): sent is Sent & { action: { type: "select"; edge: string } } {
  return sent.action.type === "select";
}

/** What can be said about an edge before Python has answered. */
function interim(graph: Graph, edge: GraphEdge, floats: Float32Array): Inspector {
  const y = [...curveOf(edge, graph, floats)];
  const x = y.map((_, i) => edge.lo + ((edge.hi - edge.lo) * i) / Math.max(1, y.length - 1));
  return {
    edge: edge.id,
    title: nameAll(graph).get(edge.id) ?? edge.id,
    xlabel: nodeName(graph, edge.layer, edge.source),
    ylabel: "",
    x,
    y,
    density: { lo: edge.lo, hi: edge.hi, counts: [] },
    status: edge.status,
    locked: edge.locked,
    attribution: edge.attribution,
    intervals: graph.intervals,
    formula: "",
    candidates: null,
    keep: { rmse: graph.rmse.validation ?? graph.rmse.train, complexity: 0 },
  };
}

function makeNotice(): { notice: Signal<string>; say: (text: string) => void; stop: () => void } {
  const notice = signal("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (text: string) => {
    notice.value = text;
    clearTimeout(timer);
    timer = setTimeout(() => {
      notice.value = "";
    }, NOTICE_MS);
  };
  return { notice, say, stop: () => clearTimeout(timer) };
}

/** True once the oldest message has waited for long. */
function watchPending(pending: Bridge["pending"]): { late: Signal<boolean>; stop: () => void } {
  const late = signal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    clearTimeout(timer);
    const oldest = pending.value[0];
    late.value = oldest !== undefined && Date.now() - oldest.at >= LATE_MS;
    if (!oldest || late.peek()) return;
    timer = setTimeout(
      () => {
        late.value = true;
      },
      oldest.at + LATE_MS - Date.now(),
    );
  });
  return {
    late,
    stop: () => {
      clearTimeout(timer);
      stop();
    },
  };
}

export function createStore(model: Model): Store {
  const { notice, say, stop: stopNotice } = makeNotice();
  const bridge = createBridge(model, { onExport: (file: ExportFile) => void saveExport(file).then(say) });
  const { live, pending } = bridge;
  const { late, stop: stopLate } = watchPending(pending);

  const floats = computed(() => decodeFloats(live.curves.value));
  const names = computed(() => nameAll(live.graph.value));
  const selection = computed(() => pending.value.findLast(isSelect)?.action.edge ?? live.selection.value);
  const node = signal("");
  const dismissed = signal(-1);
  const inspector = computed(() => {
    const id = selection.value;
    const known = live.inspector.value;
    if (!id) return null;
    if (known?.edge === id) return known;
    const edge = live.graph.value.edges.find((e) => e.id === id);
    return edge ? interim(live.graph.value, edge, floats.value) : null;
  });
  const running = computed(() => live.training.value.running);
  const blocked = computed(() => {
    if (live.readonly.value) return live.readonly.value;
    return running.value ? "Training is running; stop it first." : "";
  });
  const message = computed(() => {
    const latest = live.message.value;
    return latest?.text && latest.id !== dismissed.value ? latest : null;
  });

  const store: Store = {
    live,
    pending,
    floats,
    names,
    selection,
    node,
    inspector,
    hover: signal<Hover | null>(null),
    trial: signal(""),
    chosen: signal(""),
    ownForm: signal(""),
    threshold: signal(live.preview.value?.threshold ?? 0.02),
    weighing: signal(false),
    table: signal(false),
    blocked,
    running,
    message,
    late,
    notice,
    lastAction: signal<Action["type"] | "">(""),
    act(action) {
      store.lastAction.value = action.type;
      bridge.send(action);
    },
    select(edge) {
      node.value = "";
      if (edge !== selection.value) bridge.send({ type: "select", edge });
    },
    selectNode(id) {
      if (selection.value) bridge.send({ type: "select", edge: "" });
      node.value = id;
    },
    dismiss() {
      dismissed.value = live.message.value?.id ?? -1;
    },
    dispose() {
      stopForget();
      stopNotice();
      stopLate();
      bridge.dispose();
    },
  };
  // A choice belongs to the edge it was made on.
  const stopForget = effect(() => {
    if (selection.value) node.value = "";
    store.trial.value = store.chosen.value = store.ownForm.value = "";
  });
  return store;
}

/** True while an action of this kind waits for Python. */
export function waitingFor(store: Store, ...types: Action["type"][]): boolean {
  return store.pending.value.some((sent) => types.includes(sent.action.type));
}
