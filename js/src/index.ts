/** The widget as notebooks load it (default export) and as a report loads it (`mount`). Wires, nothing else. */
import type { Model, Payload } from "./protocol";
import { StandIn } from "./standin";
import "./styles/index.css";
import { mountView } from "./ui/mount";

interface RenderContext {
  model: Model;
  el: HTMLElement;
}

/** Instant on purpose: a host drops every later message of a model whose start takes seconds. */
function initialize(): void {}

function render({ model, el }: RenderContext): () => void {
  return mountView(model, el);
}

/** Shows a payload without a kernel; returns what takes it away again. */
export function mount(element: HTMLElement, payload: Payload): () => void {
  return mountView(new StandIn(payload), element);
}

export default { initialize, render };
