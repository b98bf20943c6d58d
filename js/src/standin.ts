/** A model without a kernel: it holds the traits of a report and answers the one question a report can. */
import type { Inspector, Model, Payload } from "./protocol";

type Callback = (...args: never[]) => void;

const REASON = "This is a report; open it in kanlab to change it.";

export class StandIn implements Model {
  private readonly traits: Record<string, unknown>;
  private readonly inspectors: Record<string, Inspector>;
  private readonly callbacks = new Map<string, Set<Callback>>();

  constructor(payload: Payload) {
    const { inspectors = {}, ...traits } = payload;
    this.inspectors = inspectors;
    this.traits = { ...traits, readonly: traits.readonly || REASON, control: "" };
  }

  get(name: string): unknown {
    return this.traits[name];
  }

  on(event: string, callback: Callback): void {
    const known = this.callbacks.get(event) ?? new Set();
    this.callbacks.set(event, known.add(callback));
  }

  off(event: string, callback?: Callback): void {
    if (callback) this.callbacks.get(event)?.delete(callback);
    else this.callbacks.delete(event);
  }

  send(content: unknown): void {
    const message = content as { type?: string; seq?: number; edge?: string };
    if (message.type !== "select") return;
    const edge = message.edge ?? "";
    this.push({ selection: edge, inspector: this.inspectorOf(edge), ack: message.seq ?? 0 });
  }

  private inspectorOf(edge: string): Inspector | null {
    const own = this.traits.inspector as Inspector | null;
    return this.inspectors[edge] ?? (own?.edge === edge ? own : null);
  }

  private push(traits: Record<string, unknown>): void {
    Object.assign(this.traits, traits, { seq: Number(this.traits.seq ?? 0) + 1 });
    for (const name of [...Object.keys(traits), "seq"]) {
      for (const callback of this.callbacks.get(`change:${name}`) ?? []) callback();
    }
  }
}
