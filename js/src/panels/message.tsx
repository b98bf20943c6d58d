import type { JSX } from "preact";
import { Icon } from "../ui/icons";
import type { Store } from "../ui/store";

/** What Python has to say, where the reader looks. */
export function MessageBox({ store }: { store: Store }): JSX.Element | null {
  const message = store.message.value;
  if (!message) return null;
  const error = message.kind === "error";
  return (
    <div class="kan-message" data-kind={message.kind} role={error ? "alert" : "status"}>
      <Icon name={error ? "warn" : "info"} />
      <span>{message.text}</span>
      <button
        type="button"
        class="kan-bare"
        data-action="dismiss"
        aria-label="Dismiss"
        onClick={() => store.dismiss()}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

/** True when the latest message answers something typed in the inspector: it is then shown there. */
export function belongsToInspector(store: Store): boolean {
  const asked = store.lastAction.value === "fix" || store.lastAction.value === "compare";
  return store.message.value?.kind === "error" && asked && store.selection.value !== "";
}

export function Notice({ store }: { store: Store }): JSX.Element {
  return (
    <div class="kan-notice" role="status" data-on={store.notice.value ? "1" : undefined}>
      {store.notice.value}
    </div>
  );
}
