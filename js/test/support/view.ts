import { afterEach } from "vitest";
import { mountView } from "../../src/ui/mount";
import { FakeModel, type FIXTURES, fixture } from "./model";

// happy-dom has no layout: every element is given the size of a usual diagram.
Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 1000 });
Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 410 });

const open: (() => void)[] = [];

afterEach(() => {
  for (const close of open.splice(0)) close();
  document.body.replaceChildren();
});

export interface View {
  root: HTMLElement;
  model: FakeModel;
  close: () => void;
  find<T extends HTMLElement = HTMLElement>(selector: string): T;
  all(selector: string): HTMLElement[];
  click(selector: string): Promise<void>;
  text(selector: string): string;
}

/** Long enough for a frame and for the panels that follow it. */
export const settle = () => new Promise((done) => setTimeout(done, 40));

export function openView(model: FakeModel): View {
  const el = document.createElement("div");
  document.body.append(el);
  const close = mountView(model, el);
  open.push(close);
  const find = <T extends HTMLElement = HTMLElement>(selector: string): T => {
    const found = el.querySelector<T>(selector);
    if (!found) throw new Error(`nothing matches ${selector}`);
    return found;
  };
  return {
    root: find(".kanlab"),
    model,
    close,
    find,
    all: (selector) => [...el.querySelectorAll<HTMLElement>(selector)],
    click: async (selector) => {
      find(selector).dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
      await settle();
    },
    text: (selector) => (find(selector).textContent ?? "").replace(/\s+/g, " ").trim(),
  };
}

export function view(name: (typeof FIXTURES)[number], traits: Record<string, unknown> = {}): View {
  const { inspectors: _, ...payload } = fixture(name);
  return openView(new FakeModel({ ...payload, ...traits }));
}
