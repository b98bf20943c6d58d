/** A button that opens a small panel; Escape, a choice or a click elsewhere closes it. */
import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";

export interface MenuProps {
  action: string;
  face: ComponentChildren;
  label: string;
  off?: string | undefined;
  title?: string | undefined;
  class?: string;
  align?: "left" | "right";
  above?: boolean;
  children: (close: () => void) => ComponentChildren;
}

function moveFocus(panel: HTMLElement, step: number): void {
  const items = [...panel.querySelectorAll<HTMLElement>("button:not(:disabled), input")];
  const at = items.indexOf((panel.getRootNode() as Document).activeElement as HTMLElement);
  items[(at + step + items.length) % items.length]?.focus();
}

export function Menu(props: MenuProps): JSX.Element {
  const open = useMemo(() => signal(false), []);
  const root = useRef<HTMLSpanElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const close = () => {
    open.value = false;
  };
  useLayoutEffect(() => {
    if (!open.value) return;
    const outside = (event: Event) => {
      if (root.current && !event.composedPath().includes(root.current)) close();
    };
    document.addEventListener("pointerdown", outside, true);
    panel.current?.querySelector<HTMLElement>("button:not(:disabled)")?.focus({ preventScroll: true });
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [open.value]);
  const keys = (event: KeyboardEvent) => {
    if (!open.value || !panel.current) return;
    if (event.key === "Escape") {
      close();
      root.current?.querySelector<HTMLElement>("[aria-haspopup]")?.focus();
    } else if (event.key === "ArrowDown") moveFocus(panel.current, 1);
    else if (event.key === "ArrowUp") moveFocus(panel.current, -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble up from the buttons inside
    <span class="kan-menu" ref={root} onKeyDown={keys}>
      <button
        type="button"
        class={`kan-button ${props.class ?? ""}`}
        data-action={props.action}
        aria-haspopup="true"
        aria-expanded={open.value}
        aria-label={props.label}
        disabled={Boolean(props.off)}
        title={props.off || props.title}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        {props.face}
      </button>
      {open.value && (
        <div
          class="kan-menu-panel"
          ref={panel}
          data-align={props.align ?? "left"}
          data-above={props.above ? "1" : undefined}
        >
          {props.children(close)}
        </div>
      )}
    </span>
  );
}
