// A stand-in for the Python side: acknowledges every message and plays simple answers. Used by the demo page only.
export class FakeKernel {
  constructor(payload, { delay = 25 } = {}) {
    const { inspectors, ...traits } = structuredClone(payload);
    this.traits = traits;
    this.inspectors = inspectors;
    this.callbacks = new Map();
    this.sent = [];
    this.delay = delay;
    this.control = new FakeControl(this);
    this.widget_manager = {
      get_model: async (id) => (id === "control-1" ? this.control : Promise.reject(new Error(id))),
    };
    this.traits.control = "control-1";
  }
  get(name) {
    return this.traits[name];
  }
  on(event, callback) {
    this.callbacks.set(event, (this.callbacks.get(event) ?? new Set()).add(callback));
  }
  off(event, callback) {
    this.callbacks.get(event)?.delete(callback);
  }
  emit(event, ...args) {
    for (const callback of [...(this.callbacks.get(event) ?? [])]) callback(...args);
  }
  push(traits) {
    Object.assign(this.traits, traits, { seq: this.traits.seq + 1 });
    for (const name of [...Object.keys(traits), "seq"]) this.emit(`change:${name}`);
  }
  send(message) {
    this.sent.push(message);
    if (message.type === "drawn") return;
    setTimeout(() => this.answer(message), this.delay);
  }
  answer(message) {
    const ack = message.seq;
    const play = ANSWERS[message.type];
    this.push({ ...(play ? play(this, message) : {}), ack });
  }
  edge(id, change) {
    const graph = structuredClone(this.traits.graph);
    Object.assign(
      graph.edges.find((e) => e.id === id),
      change,
    );
    settle(graph);
    return { graph };
  }
  inspect(id, graph = this.traits.graph) {
    const edge = graph.edges.find((e) => e.id === id);
    const known = this.inspectors[id];
    return known && edge ? { ...known, status: edge.status, locked: edge.locked } : null;
  }
  train(steps = 60) {
    let step = 0;
    const pairs = [];
    const timer = setInterval(() => {
      step++;
      const loss = 10 ** (-0.2 - 3.4 * (1 - Math.exp(-step / 16)));
      pairs.push(loss * (1 + 0.2 * Math.random()), loss * (1.3 + 0.3 * Math.random()));
      const running = step < steps && !this.stopped;
      const training = {
        running,
        label: "fit",
        phase: "G = 5",
        step,
        steps,
        rmse: loss,
        elapsed: step / 12,
        stopping: false,
      };
      this.push({ training, loss: new DataView(new Float32Array(pairs).buffer) });
      if (!running) clearInterval(timer);
    }, 80);
    this.stopped = false;
  }
}

class FakeControl {
  constructor(owner) {
    this.owner = owner;
    this.sent = [];
  }
  on() {}
  off() {}
  get() {}
  send(message) {
    this.sent.push(message);
    if (message.type === "stop") {
      this.owner.stopped = true;
      this.owner.push({ ack: message.seq });
    }
  }
}

function settle(graph) {
  const last = graph.layers.length - 1;
  const alive = graph.edges.filter((e) => e.status !== "removed");
  for (const node of graph.layers.flat()) {
    if (node.layer === 0 || node.layer === last) continue;
    node.active =
      alive.some((e) => e.layer === node.layer - 1 && e.node === node.index) &&
      alive.some((e) => e.layer === node.layer && e.source === node.index);
  }
  for (const e of graph.edges) {
    const nodes = [graph.layers[e.layer][e.source], graph.layers[e.layer + 1][e.node]];
    if (nodes.some((n) => !n.active && n.kind !== "input")) e.status = "removed";
  }
}

function changed(kernel, id, change) {
  const { graph } = kernel.edge(id, change);
  return { graph, inspector: kernel.inspect(id, graph) };
}

const ANSWERS = {
  select: (k, m) => ({ selection: m.edge, inspector: m.edge ? k.inspect(m.edge) : null }),
  fix: (k, m) =>
    m.form.includes("?")
      ? {
          message: {
            kind: "error",
            text: `"${m.form}" is not a form: "?" is not part of the grammar.`,
            id: Date.now(),
          },
        }
      : changed(k, m.edge, { status: "form", label: m.form }),
  release: (k, m) => changed(k, m.edge, { status: "spline", label: "" }),
  lock: (k, m) => changed(k, m.edge, { locked: true }),
  unlock: (k, m) => changed(k, m.edge, { locked: false }),
  remove: (k, m) => ({ ...k.edge(m.edge, { status: "removed", label: "" }), selection: "", inspector: null }),
  prune: (k, m) => {
    const graph = structuredClone(k.traits.graph);
    for (const e of graph.edges) if (e.attribution < m.threshold) e.status = "removed";
    settle(graph);
    return { graph };
  },
  preview_prune: (k, m) => ({
    preview: {
      threshold: m.threshold,
      edges: k.traits.graph.edges.filter((e) => e.status !== "removed" && e.attribution < m.threshold).length,
      nodes: 1,
      before: 4.3e-3,
      after: 4.4e-3,
    },
  }),
  fit: (k) => {
    k.train();
    return {};
  },
  export: (k, m) => {
    k.emit("msg:custom", {
      type: "export",
      kind: m.kind,
      filename: `law.${m.kind}`,
      mime: "text/plain",
      text: "export",
    });
    return {};
  },
};
