/** The diagram is one tab stop; inside it the keyboard does what the pointer does. */
import type { Direction } from "../layout/navigate";

export interface KeyActions {
  move(direction: Direction): void;
  select(): void;
  remove(): void;
  clear(): void;
  zoom(factor: number): void;
  fit(): void;
  focus(on: boolean): void;
}

const DIRECTIONS: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

const KEYS: Record<string, (actions: KeyActions) => void> = {
  Enter: (a) => a.select(),
  " ": (a) => a.select(),
  Delete: (a) => a.remove(),
  Backspace: (a) => a.remove(),
  Escape: (a) => a.clear(),
  "+": (a) => a.zoom(1.25),
  "=": (a) => a.zoom(1.25),
  "-": (a) => a.zoom(0.8),
  "0": (a) => a.fit(),
};

export function listenKeys(host: HTMLElement, actions: KeyActions): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.target !== host || event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = DIRECTIONS[event.key];
    const action = direction ? (a: KeyActions) => a.move(direction) : KEYS[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action(actions);
  };
  // Only keyboard focus shows the cursor: a click must not light up an element nobody chose.
  const focus = () => actions.focus(host.matches(":focus-visible"));
  const blur = () => actions.focus(false);
  host.addEventListener("keydown", press);
  host.addEventListener("focus", focus);
  host.addEventListener("blur", blur);
  return () => {
    host.removeEventListener("keydown", press);
    host.removeEventListener("focus", focus);
    host.removeEventListener("blur", blur);
  };
}
