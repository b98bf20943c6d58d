/**
 * The only file that touches the widget model.
 *
 * Python writes traits and bumps `seq`; a change of `seq` marks the view dirty and one animation frame
 * copies the newest traits into signals (newest wins). What was drawn is reported back, so that Python
 * can hold updates while the browser is behind. Nothing here outlives `dispose`.
 */
import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Action, EMPTY, type ExportFile, type Model, type Outgoing, type Traits } from "./protocol";

type Live = { readonly [K in keyof Traits]: ReadonlySignal<Traits[K]> };
type Writable = { [K in keyof Traits]: Signal<Traits[K]> };

export interface Sent {
  seq: number;
  action: Action;
  at: number;
}

export interface Bridge {
  /** One signal per trait, consistent with each other: they change together, once per frame. */
  live: Live;
  /** Messages that Python has not acknowledged yet, oldest first. */
  pending: ReadonlySignal<readonly Sent[]>;
  send(action: Action): number;
  dispose(): void;
}

export interface BridgeOptions {
  onExport?: (file: ExportFile) => void;
  requestFrame?: (callback: () => void) => number;
  cancelFrame?: (handle: number) => void;
}

const NAMES = Object.keys(EMPTY) as (keyof Traits)[];

/** Small traits that may change between two complete pushes and that nothing else depends on. */
const LOOSE = ["message", "readonly", "preview"] as const;

function readTrait<K extends keyof Traits>(model: Model, name: K): Traits[K] {
  const value = model.get(name) as Traits[K] | undefined;
  return value === undefined || (value === null && EMPTY[name] !== null) ? EMPTY[name] : value;
}

function makeSignals(model: Model): Writable {
  return Object.fromEntries(
    NAMES.map((name) => [name, signal(readTrait(model, name))]),
  ) as unknown as Writable;
}

function copyTrait<K extends keyof Traits>(model: Model, live: Writable, name: K): void {
  live[name].value = readTrait(model, name);
}

/**
 * When to greet the control model. Python's answer moves the model to the shell that the greeting came
 * through, and JupyterLab opens the free one only after the first message: the later greetings find it open.
 */
const GREETINGS_MS = [0, 400, 1500];

/** The second model that carries Stop: messages on it are not queued behind a running cell. */
class Control {
  private model: Model | null = null;
  private id = "";
  private timers: ReturnType<typeof setTimeout>[] = [];

  constructor(private readonly owner: Model) {}

  async connect(id: string): Promise<void> {
    this.id = id;
    const find = this.owner.widget_manager?.get_model;
    if (!id || !find) return;
    try {
      const found = await find.call(this.owner.widget_manager, id);
      if (this.id !== id) return;
      this.model = found;
      this.greet(found);
    } catch {
      this.model = null; // This host cannot reach other models; Stop then goes the ordinary way.
    }
  }

  private greet(model: Model): void {
    const hello = () => {
      try {
        model.send({ type: "hello" } satisfies Outgoing);
      } catch {
        this.model = null; // The kernel has gone meanwhile.
      }
    };
    for (const wait of GREETINGS_MS) {
      if (wait === 0) hello();
      else this.timers.push(setTimeout(hello, wait));
    }
  }

  send(message: Outgoing): boolean {
    if (!this.model) return false;
    this.model.send(message);
    return true;
  }

  dispose(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
    this.id = "";
    this.model = null;
  }
}

export function createBridge(model: Model, options: BridgeOptions = {}): Bridge {
  const request = options.requestFrame ?? ((callback) => requestAnimationFrame(callback));
  const cancel = options.cancelFrame ?? ((handle) => cancelAnimationFrame(handle));
  const live = makeSignals(model);
  const pending = signal<readonly Sent[]>([]);
  const control = new Control(model);
  const listeners: [string, (...args: never[]) => void][] = [];
  // Numbers continue above the last acknowledgement: a second view never takes an old one for its own.
  let seq = live.ack.value;
  let frame: number | null = null;
  let exportsAsked = 0;

  const listen = (event: string, callback: (...args: never[]) => void) => {
    model.on(event, callback);
    listeners.push([event, callback]);
  };

  const settle = () => {
    const ack = readTrait(model, "ack");
    live.ack.value = ack;
    if (pending.value.some((sent) => sent.seq <= ack)) {
      pending.value = pending.value.filter((sent) => sent.seq > ack);
    }
  };

  const draw = () => {
    frame = null;
    batch(() => {
      settle();
      for (const name of NAMES) copyTrait(model, live, name);
      // A stop is answered by the end of what ran, even when its acknowledgement was overtaken.
      if (!live.training.value.running && pending.value.some((sent) => sent.action.type === "stop")) {
        pending.value = pending.value.filter((sent) => sent.action.type !== "stop");
      }
    });
    model.send({ type: "drawn", drawn: live.seq.value, seq: ++seq } satisfies Outgoing);
  };

  listen("change:seq", () => {
    if (frame === null) frame = request(draw);
  });
  // An acknowledgement that comes with a push waits for its frame: what was clicked must not flicker back
  // to the old state in between.
  listen("change:ack", () => {
    if (frame === null && readTrait(model, "seq") === live.seq.value) settle();
  });
  for (const name of LOOSE) listen(`change:${name}`, () => copyTrait(model, live, name));
  listen("change:control", () => void control.connect(readTrait(model, "control")));
  listen("msg:custom", (content: ExportFile) => {
    // Every view of the model hears this; only the one that asked takes the file.
    if (content?.type !== "export" || exportsAsked === 0) return;
    exportsAsked--;
    options.onExport?.(content);
  });
  void control.connect(live.control.value);

  return {
    live,
    pending,
    send(action) {
      const message: Outgoing = { ...action, seq: ++seq };
      if (action.type === "export") exportsAsked++;
      pending.value = [...pending.value, { seq, action, at: Date.now() }];
      if (!(action.type === "stop" && control.send(message))) model.send(message);
      return message.seq;
    },
    dispose() {
      if (frame !== null) cancel(frame);
      frame = null;
      for (const [event, callback] of listeners) model.off(event, callback);
      listeners.length = 0;
      control.dispose();
    },
  };
}
