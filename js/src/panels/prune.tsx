import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Graph, Preview } from "../protocol";
import { formatError, plural } from "../ui/format";
import type { Store } from "../ui/store";

/** The slider is logarithmic: what matters lies between a thousandth and one. */
const DECADES = 3;
const STEPS = 300;
const ASK_MS = 120;

export function toThreshold(position: number): number {
  if (position <= 0) return 0;
  return Number((10 ** (DECADES * (position / STEPS - 1))).toPrecision(2));
}

export function toPosition(threshold: number): number {
  if (threshold <= 0) return 0;
  return Math.max(0, Math.min(STEPS, Math.round(STEPS * (1 + Math.log10(threshold) / DECADES))));
}

export function edgesBelow(graph: Graph, threshold: number): Set<string> {
  return new Set(
    graph.edges.filter((e) => e.status !== "removed" && e.attribution < threshold).map((e) => e.id),
  );
}

/** Python's answer when it is about this threshold; until then what the browser can count itself. */
export function pruneText(
  graph: Graph,
  preview: Preview | null,
  threshold: number,
): { edges: string; cost: string } {
  const known =
    preview && Math.abs(preview.threshold - threshold) <= 1e-9 + 1e-3 * threshold ? preview : null;
  const count = known?.edges ?? edgesBelow(graph, threshold).size;
  if (count === 0) return { edges: "removes nothing", cost: "" };
  const edges = `removes ${plural(count, "edge")}`;
  if (!known || known.before === null || known.after === null) return { edges, cost: "" };
  return { edges, cost: `${graph.measure} ${formatError(known.before)} → ${formatError(known.after)}` };
}

export function PruneSlider({ store }: { store: Store }): JSX.Element {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const threshold = store.threshold.value;
  const off = store.blocked.value;
  const text = pruneText(store.live.graph.value, store.live.preview.value, threshold);
  const position = toPosition(threshold);
  const ask = () => {
    clearTimeout(timer.current);
    if (off) return;
    timer.current = setTimeout(
      () => store.act({ type: "preview_prune", threshold: store.threshold.peek() }),
      ASK_MS,
    );
  };
  const weigh = (on: boolean) => () => {
    store.weighing.value = on;
  };
  return (
    <div
      class="kan-strip kan-prune"
      title={off || undefined}
      onPointerEnter={weigh(true)}
      onPointerLeave={weigh(false)}
    >
      <label>
        prune below
        <input
          type="range"
          data-action="threshold"
          min={0}
          max={STEPS}
          value={position}
          disabled={Boolean(off)}
          style={{ "--kan-share": position / STEPS }}
          aria-valuetext={`${threshold}: ${text.edges}`}
          onFocus={weigh(true)}
          onBlur={weigh(false)}
          onInput={(event) => {
            store.threshold.value = toThreshold(event.currentTarget.valueAsNumber);
            ask();
          }}
        />
      </label>
      <span class="kan-prune-text">
        <span>
          <b>{threshold}</b> · {text.edges}
        </span>
        {text.cost && <span class="kan-cost">{text.cost}</span>}
      </span>
    </div>
  );
}
