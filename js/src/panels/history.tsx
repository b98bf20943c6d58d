import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type HistoryRow, historyRows } from "../layout/history";
import type { Store } from "../ui/store";

function Row({ row, store }: { row: HistoryRow; store: Store }): JSX.Element {
  const { node, depth, current, ahead, joined } = row;
  const off = current ? "" : store.blocked.value;
  return (
    <li
      class="kan-step"
      data-depth={depth}
      data-joined={joined ? "1" : undefined}
      data-ahead={ahead ? "1" : undefined}
      style={{ "--kan-depth": depth }}
    >
      <button
        type="button"
        data-state={node.id}
        data-current={current ? "1" : undefined}
        aria-current={current ? "step" : undefined}
        disabled={Boolean(off)}
        title={off || (current ? `${node.code}: shown now` : `Go to this state: ${node.code}`)}
        onClick={() => {
          if (!current) store.act({ type: "go", state: node.id });
        }}
      >
        <code>{node.code}</code>
        {node.note && <small>{node.note}</small>}
      </button>
    </li>
  );
}

export function HistoryPanel({ store }: { store: Store }): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const history = store.live.history.value;
  useEffect(() => {
    const box = list.current;
    const row = box?.querySelector<HTMLElement>("[data-current]")?.parentElement;
    // Scrolls the list only: scrollIntoView would move the notebook too.
    if (!box || !row) return;
    box.scrollTop = Math.max(0, row.offsetTop - box.clientHeight + row.offsetHeight + 8);
    box.scrollLeft = Math.max(0, row.offsetLeft - box.clientWidth + row.offsetWidth + 8);
  }, [history.current, history.nodes.length]);
  return (
    <nav class="kan-history" aria-label="history">
      <h4>History</h4>
      <ol ref={list}>
        {historyRows(history).map((row) => (
          <Row key={row.node.id} row={row} store={store} />
        ))}
      </ol>
    </nav>
  );
}
