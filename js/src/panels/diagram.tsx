import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Diagram } from "../draw/diagram";
import type { Hit } from "../draw/hit";
import { visibleEdges } from "../layout/layout";
import { formatError, plural } from "../ui/format";
import { Icon, type IconName } from "../ui/icons";
import type { Store } from "../ui/store";
import { EdgeTable, statusText } from "./edges";
import { belongsToInspector, MessageBox, Notice } from "./message";
import { edgesBelow, PruneSlider } from "./prune";
import { TrainingStrip } from "./training";

const NONE: ReadonlySet<string> = new Set();

function remove(store: Store, hit: Hit): void {
  if (store.blocked.peek()) return;
  if (hit.kind === "edge") {
    store.act({ type: "remove", edge: hit.id });
    return;
  }
  const node = store.live.graph
    .peek()
    .layers.flat()
    .find((n) => n.id === hit.id);
  if (node?.kind === "sum" || node?.kind === "product") store.act({ type: "remove_node", node: hit.id });
}

/** Ties a diagram to the store for as long as its element lives. */
function connect(
  host: HTMLElement,
  live: HTMLElement | null,
  store: Store,
): { diagram: Diagram; stop: () => void } {
  const diagram = new Diagram(host, {
    hover: (hit, at) => {
      store.hover.value = hit && { id: hit.id, x: at.x, y: at.y };
    },
    select: (hit) => (hit?.kind === "node" ? store.selectNode(hit.id) : store.select(hit?.id ?? "")),
    remove: (hit) => remove(store, hit),
    announce: (name) => {
      if (live) live.textContent = name;
    },
  });
  const stops = [
    effect(() => diagram.setGraph(store.live.graph.value, store.floats.value)),
    effect(() => {
      const selected = store.selection.value || store.node.value;
      const doomed = store.weighing.value ? edgesBelow(store.live.graph.value, store.threshold.value) : NONE;
      diagram.setLook({ selected, doomed });
    }),
  ];
  return {
    diagram,
    stop: () => {
      for (const stop of stops) stop();
      diagram.destroy();
    },
  };
}

function Tooltip({ store }: { store: Store }): JSX.Element | null {
  const hover = store.hover.value;
  if (!hover) return null;
  const graph = store.live.graph.value;
  const edge = graph.edges.find((e) => e.id === hover.id);
  const node = edge ? null : graph.layers.flat().find((n) => n.id === hover.id);
  const item = edge ?? node;
  if (!item) return null;
  const unit = node?.kind === "input" ? store.live.dataset.value.inputs[node.index]?.unit : "";
  return (
    <div
      class="kan-tooltip"
      style={{ left: `${hover.x.toFixed(0)}px`, top: `${hover.y.toFixed(0)}px` }}
      data-low={hover.y < 60 ? "1" : undefined}
    >
      <b>{store.names.value.get(hover.id)}</b>
      {unit && ` [${unit}]`}
      <small>
        {edge ? statusText(edge) : node?.active ? node.kind : "removed"} · attribution{" "}
        {item.attribution.toPrecision(2)}
      </small>
    </div>
  );
}

function Caption({ store }: { store: Store }): JSX.Element {
  const graph = store.live.graph.value;
  const { hidden } = visibleEdges(graph);
  const error = graph.rmse.validation ?? graph.rmse.train;
  return (
    <div class="kan-caption">
      <span>{graph.shape}</span>
      <span>G = {graph.intervals}</span>
      <span>{plural(graph.parameters, "parameter")}</span>
      {error !== null && error !== undefined && (
        <span>
          {graph.measure} <b>{formatError(error)}</b>
        </span>
      )}
      {hidden > 0 && <span>{plural(hidden, "removed edge")} hidden</span>}
    </div>
  );
}

function Corner({
  name,
  label,
  action,
  onClick,
  on,
}: {
  name: IconName;
  label: string;
  action: string;
  onClick: () => void;
  on?: boolean;
}): JSX.Element {
  return (
    <button
      type="button"
      class="kan-corner-button"
      data-action={action}
      aria-label={label}
      title={label}
      aria-pressed={on}
      onClick={onClick}
    >
      <Icon name={name} />
    </button>
  );
}

function Corners({ store, diagram }: { store: Store; diagram: () => Diagram | undefined }): JSX.Element {
  return (
    <div class="kan-corner">
      <Corner name="minus" label="Zoom out" action="zoom-out" onClick={() => diagram()?.zoom(0.8)} />
      <Corner name="plus" label="Zoom in" action="zoom-in" onClick={() => diagram()?.zoom(1.25)} />
      <Corner name="fit" label="Whole network" action="zoom-fit" onClick={() => diagram()?.fit()} />
      <Corner
        name="table"
        label="Edges as a table"
        action="table"
        on={store.table.value}
        onClick={() => {
          store.table.value = !store.table.value;
        }}
      />
    </div>
  );
}

export function DiagramPanel({
  store,
  themed,
}: {
  store: Store;
  themed: (repaint: () => void) => void;
}): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const live = useRef<HTMLSpanElement>(null);
  const diagram = useRef<Diagram | undefined>(undefined);
  useLayoutEffect(() => {
    if (!host.current) return;
    const { diagram: made, stop } = connect(host.current, live.current, store);
    diagram.current = made;
    themed(() => made.repaint());
    return stop;
  }, [store]);
  return (
    <section class="kan-diagram" aria-label="network">
      <div
        class="kan-stage"
        ref={host}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is operated with the keyboard
        tabIndex={0}
        role="application"
        aria-label="Network diagram. Arrow keys move between curves and nodes, Enter selects, Delete removes."
      />
      <span class="kan-hidden" aria-live="polite" ref={live} />
      {store.table.value && <EdgeTable store={store} />}
      <Caption store={store} />
      <Corners store={store} diagram={() => diagram.current} />
      {!store.table.value && <Tooltip store={store} />}
      {!belongsToInspector(store) && <MessageBox store={store} />}
      <Notice store={store} />
      {store.running.value ? <TrainingStrip store={store} /> : <PruneSlider store={store} />}
    </section>
  );
}
