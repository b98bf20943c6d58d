import type { JSX } from "preact";
import type { Inspector } from "../protocol";
import { Button } from "../ui/button";
import { prettyFormula } from "../ui/format";
import { EdgePlot } from "../ui/plot";
import { type Store, waitingFor } from "../ui/store";
import { Candidates, candidateInUse, KEEP, typedCandidate } from "./candidates";
import { belongsToInspector, MessageBox } from "./message";
import { NodeInfo } from "./node";

const STATUS = { spline: "spline", form: "form", removed: "removed" } as const;

function firstReason(...reasons: (string | false)[]): string {
  return reasons.find((reason): reason is string => Boolean(reason)) ?? "";
}

/** What Fix would send now; "" when there is nothing to fix. */
export function formToFix(inspector: Inspector, chosen: string, own: string): string {
  if (own.trim()) return own.trim();
  const candidate = candidateInUse(inspector, chosen);
  return candidate && !candidate.current ? candidate.form : "";
}

function fixReason(inspector: Inspector, store: Store): string {
  const form = formToFix(inspector, store.chosen.value, store.ownForm.value);
  return firstReason(
    store.blocked.value,
    inspector.status === "removed" && "This edge is removed; undo brings it back.",
    inspector.locked && "This edge is locked; unlock it first.",
    !form && inspector.candidates === null && "The forms are still being compared; or type your own.",
    !form && store.chosen.value === KEEP && "The curve stays a spline; choose a form to fix it.",
    !form && "This form is already in place; choose another.",
  );
}

function Actions({
  inspector,
  store,
  fix,
}: {
  inspector: Inspector;
  store: Store;
  fix: () => void;
}): JSX.Element {
  const { edge, status, locked } = inspector;
  const gone = status === "removed" && "This edge is removed; undo brings it back.";
  const held = locked && "This edge is locked; unlock it first.";
  const blocked = store.blocked.value;
  const lock = locked ? "unlock" : "lock";
  return (
    <div class="kan-row">
      <Button
        action="fix"
        primary
        off={fixReason(inspector, store)}
        busy={waitingFor(store, "fix")}
        title="Replace the curve by the chosen form"
        onClick={fix}
      >
        Fix
      </Button>
      <Button
        action="release"
        off={firstReason(blocked, gone, held, status !== "form" && "The curve is a spline already.")}
        busy={waitingFor(store, "release")}
        title="Make it a spline again"
        onClick={() => store.act({ type: "release", edge })}
      >
        Release
      </Button>
      <Button
        action={lock}
        off={firstReason(blocked, gone)}
        busy={waitingFor(store, "lock", "unlock")}
        title={
          locked
            ? "Let training change this curve again"
            : "Keep this curve as it is while the rest is trained"
        }
        onClick={() => store.act({ type: lock, edge })}
      >
        {locked ? "Unlock" : "Lock"}
      </Button>
      <Button
        action="remove"
        off={firstReason(blocked, gone)}
        busy={waitingFor(store, "remove")}
        title="Remove this edge"
        onClick={() => store.act({ type: "remove", edge })}
      >
        Remove
      </Button>
    </div>
  );
}

function OwnForm({
  inspector,
  store,
  fix,
}: {
  inspector: Inspector;
  store: Store;
  fix: () => void;
}): JSX.Element {
  const text = store.ownForm.value.trim();
  return (
    <div class="kan-own-row">
      <input
        class="kan-own"
        data-action="own-form"
        type="text"
        spellcheck={false}
        autocomplete="off"
        placeholder="e.g. x*exp(-x)"
        aria-label="formula in x"
        value={store.ownForm.value}
        disabled={Boolean(store.live.readonly.value)}
        title={store.live.readonly.value || "Enter fixes it; its scales and offsets are fitted"}
        onInput={(event) => {
          store.ownForm.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") fix();
          if (event.key === "Escape") store.ownForm.value = "";
        }}
      />
      <Button
        action="compare"
        off={firstReason(
          store.blocked.value,
          inspector.status === "removed" && "This edge is removed; undo brings it back.",
          !text && "Type a formula in x first, such as sin(x)/x.",
        )}
        busy={waitingFor(store, "compare")}
        title="Rank this formula with the other forms"
        onClick={() => store.act({ type: "compare", edge: inspector.edge, form: text })}
      >
        Compare
      </Button>
    </div>
  );
}

function Facts({ inspector }: { inspector: Inspector }): JSX.Element {
  const { attribution, intervals, status, locked, formula } = inspector;
  return (
    <div class="kan-facts">
      <span title="share of the output's spread that goes through this edge">
        attribution {attribution.toFixed(2)}
      </span>
      <span title={formula || undefined}>
        {status === "spline" ? `G = ${intervals}` : formula ? prettyFormula(formula) : STATUS[status]}
        {locked && " · locked"}
      </span>
    </div>
  );
}

function EdgeInfo({ inspector, store }: { inspector: Inspector; store: Store }): JSX.Element {
  const shown =
    (!store.trial.value && typedCandidate(inspector, store.ownForm.value)) ||
    candidateInUse(inspector, store.trial.value || (store.ownForm.value ? KEEP : store.chosen.value));
  const fix = () => {
    const form = formToFix(inspector, store.chosen.value, store.ownForm.value);
    if (form && !fixReason(inspector, store)) store.act({ type: "fix", edge: inspector.edge, form });
  };
  return (
    <>
      <h4 title={inspector.title}>
        Edge ({inspector.edge.split(".").join(", ")}) · <span class="kan-as-is">{inspector.title}</span>
      </h4>
      <EdgePlot inspector={inspector} overlay={shown?.curve ?? null} />
      <Facts inspector={inspector} />
      <div class="kan-scroll">
        <Candidates inspector={inspector} store={store} onFix={fix} />
      </div>
      <OwnForm inspector={inspector} store={store} fix={fix} />
      {belongsToInspector(store) && <MessageBox store={store} />}
      <Actions inspector={inspector} store={store} fix={fix} />
    </>
  );
}

function Nothing({ store }: { store: Store }): JSX.Element {
  const { rmse, measure } = store.live.graph.value;
  const { train, validation, test } = rmse;
  const rows: [string, number | null][] = [
    ["training", train],
    ["validation", validation],
    ["test", test],
  ];
  return (
    <>
      <h4>Network</h4>
      <dl class="kan-list">
        <dt>shape</dt>
        <dd>{store.live.graph.value.shape}</dd>
        <dt>intervals</dt>
        <dd>{store.live.graph.value.intervals}</dd>
        <dt>parameters</dt>
        <dd>{store.live.graph.value.parameters}</dd>
        {rows.map(([name, value]) =>
          value === null || value === undefined ? null : (
            <>
              <dt>
                {name} {measure}
              </dt>
              <dd>{value.toPrecision(3)}</dd>
            </>
          ),
        )}
      </dl>
      <p class="kan-hint">
        Click a curve to compare it with known forms. Arrow keys move, Enter selects, Delete removes.
      </p>
    </>
  );
}

export function InspectorPanel({ store }: { store: Store }): JSX.Element {
  const inspector = store.inspector.value;
  const node = store.node.value;
  return (
    <aside class="kan-inspector" aria-label="inspector" data-inspector={inspector?.edge ?? node}>
      {inspector ? (
        <EdgeInfo inspector={inspector} store={store} />
      ) : node ? (
        <NodeInfo id={node} store={store} />
      ) : (
        <Nothing store={store} />
      )}
    </aside>
  );
}
