import type { ComponentChildren, JSX } from "preact";

export interface ButtonProps {
  action: string;
  children: ComponentChildren;
  onClick: () => void;
  /** Why the button does nothing now; "" or undefined: it works. */
  off?: string | undefined;
  title?: string | undefined;
  label?: string | undefined;
  primary?: boolean;
  busy?: boolean;
  class?: string;
}

/** A disabled button tells why. */
export function Button(props: ButtonProps): JSX.Element {
  const { action, off, title, label, primary, busy, children, onClick } = props;
  return (
    <button
      type="button"
      class={`kan-button ${props.class ?? ""}`}
      data-action={action}
      data-primary={primary ? "1" : undefined}
      data-busy={busy ? "1" : undefined}
      aria-busy={busy ? "true" : undefined}
      disabled={Boolean(off)}
      title={off || title}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
