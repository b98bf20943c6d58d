import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { EMPTY, type Model, type Payload } from "../../src/protocol";

type Callback = (...args: never[]) => void;
export interface SentMessage {
  type: string;
  seq: number;
  [key: string]: unknown;
}

export const FIXTURES = [
  "exp_sin",
  "2-5-1",
  "2-1-1",
  "4-5-5-1",
  "4-5-5-1-pruned",
  "17-1-1",
  "product",
  "10-10-1",
  "20-30-1",
] as const;

export function fixture(name: (typeof FIXTURES)[number]): Required<Payload> {
  return JSON.parse(readFileSync(resolve(import.meta.dirname, `../fixtures/${name}.json`), "utf8"));
}

/** A widget model as ipywidgets behaves: all values of one update are set before the first change is heard. */
export class FakeModel implements Model {
  readonly sent: SentMessage[] = [];
  readonly callbacks = new Map<string, Set<Callback>>();
  widget_manager?: { get_model?: (id: string) => Promise<Model> };

  constructor(readonly traits: Record<string, unknown> = { ...EMPTY }) {}

  get(name: string): unknown {
    return this.traits[name];
  }

  on(event: string, callback: Callback): void {
    this.callbacks.set(event, (this.callbacks.get(event) ?? new Set()).add(callback));
  }

  off(event: string, callback?: Callback): void {
    if (callback) this.callbacks.get(event)?.delete(callback);
    else this.callbacks.delete(event);
  }

  send(content: unknown): void {
    this.sent.push(content as SentMessage);
  }

  emit(event: string, ...args: unknown[]): void {
    for (const callback of [...(this.callbacks.get(event) ?? [])]) callback(...(args as never[]));
  }

  set(traits: Record<string, unknown>): void {
    Object.assign(this.traits, traits);
    for (const name of Object.keys(traits)) this.emit(`change:${name}`);
  }

  /** A complete push, as Python makes it. */
  push(traits: Record<string, unknown> = {}): void {
    this.set({ ...traits, seq: (this.traits.seq as number) + 1 });
  }

  get listening(): number {
    return [...this.callbacks.values()].reduce((sum, set) => sum + set.size, 0);
  }

  ofType(type: string): SentMessage[] {
    return this.sent.filter((message) => message.type === type);
  }
}
