/** Pan, zoom, hover and click on the diagram, in screen points relative to the host. */
import type { Point } from "../layout/types";

export interface PointerActions {
  hover(at: Point | null): void;
  click(at: Point, target: Element | null): void;
  pan(dx: number, dy: number): void;
  zoom(at: Point, factor: number): void;
  fit(): void;
}

const DRAG = 4;

/** Starts listening; returns what stops it. */
export function listenPointer(host: HTMLElement, actions: PointerActions): () => void {
  let last: Point | null = null;
  let start: Point | null = null;
  let dragged = false;

  const local = (event: MouseEvent): Point => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0 && event.button !== 1) return;
    start = last = local(event);
    dragged = false;
  };
  const move = (event: PointerEvent) => {
    const at = local(event);
    if (!start || !last) return actions.hover(at);
    if (!dragged && Math.hypot(at.x - start.x, at.y - start.y) < DRAG) return;
    if (!dragged) host.setPointerCapture?.(event.pointerId);
    dragged = true;
    host.dataset.panning = "1";
    actions.hover(null);
    actions.pan(at.x - last.x, at.y - last.y);
    last = at;
  };
  const up = () => {
    start = last = null;
    delete host.dataset.panning;
  };
  const click = (event: MouseEvent) => {
    if (!dragged) actions.click(local(event), event.target as Element | null);
    dragged = false;
  };
  const wheel = (event: WheelEvent) => {
    // A notebook must stay scrollable: the wheel zooms only where the reader is at work, or with a modifier.
    const wanted = event.ctrlKey || event.metaKey || host.contains(activeElement(host));
    if (!wanted) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    actions.zoom(local(event), Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016)));
  };
  const leave = () => actions.hover(null);
  const double = (event: MouseEvent) => {
    if (!(event.target as Element | null)?.closest?.("[data-edge],[data-node]")) actions.fit();
  };
  const table: [string, EventListener][] = [
    ["pointerdown", down as EventListener],
    ["pointermove", move as EventListener],
    ["pointerup", up],
    ["pointercancel", up],
    ["pointerleave", leave],
    ["click", click as EventListener],
    ["dblclick", double as EventListener],
    ["wheel", wheel as EventListener],
  ];
  for (const [name, listener] of table) host.addEventListener(name, listener, { passive: false });
  return () => {
    for (const [name, listener] of table) host.removeEventListener(name, listener);
  };
}

function activeElement(host: HTMLElement): Element | null {
  return (host.getRootNode() as Document | ShadowRoot).activeElement;
}
