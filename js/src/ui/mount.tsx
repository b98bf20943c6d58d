/** One view: an element, a store and what must be undone when the view goes away. */
import { effect } from "@preact/signals";
import { render } from "preact";
import type { Model } from "../protocol";
import { App } from "./app";
import { createStore, type Store } from "./store";
import { followTheme } from "./theme";

/** From which width on the panels stand beside each other, and how wide they are. */
const SIZES: readonly [string, number][] = [
  ["xl", 1280],
  ["l", 940],
  ["m", 700],
  ["s", 0],
];

export function sizeName(width: number): string {
  return SIZES.find(([, from]) => width >= from)?.[0] ?? "s";
}

function followSize(root: HTMLElement): () => void {
  const apply = () => {
    if (root.clientWidth > 0) root.dataset.size = sizeName(root.clientWidth);
  };
  root.dataset.size = "l";
  apply();
  const observer = new ResizeObserver(apply);
  observer.observe(root);
  return () => observer.disconnect();
}

/** Facts that tests and scripts may wait for. */
function followState(root: HTMLElement, store: Store): () => void {
  return effect(() => {
    const { live, pending } = store;
    root.dataset.kanlab = live.mode.value;
    root.dataset.seq = String(live.seq.value);
    root.dataset.ack = String(live.ack.value);
    root.dataset.running = live.training.value.running ? "1" : "0";
    root.dataset.pending = String(pending.value.length);
    root.dataset.selection = store.selection.value;
  });
}

export function mountView(model: Model, element: HTMLElement): () => void {
  const root = document.createElement("div");
  root.className = "kanlab";
  // Without this, JupyterLab takes letters typed here as commands for the notebook.
  root.dataset.lmSuppressShortcuts = "true";
  element.append(root);
  const store = createStore(model);
  let repaint = () => {};
  const stops = [
    followSize(root),
    followTheme(root, () => repaint()),
    followState(root, store),
    () => render(null, root),
    () => store.dispose(),
    () => root.remove(),
  ];
  const themed = (paint: () => void) => {
    repaint = paint;
  };
  render(<App store={store} themed={themed} />, root);
  root.dataset.ready = "1";
  return () => {
    for (const stop of stops) stop();
  };
}
