import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ExportKind } from "../protocol";
import { Button } from "../ui/button";
import { formatCount, plural } from "../ui/format";
import { Icon } from "../ui/icons";
import { Menu } from "../ui/menu";
import { type Store, waitingFor } from "../ui/store";

const EXPORTS: readonly { kind: ExportKind; name: string; hint: string }[] = [
  { kind: "script", name: "Python script", hint: "replays every step" },
  { kind: "html", name: "Report", hint: "one page, opens offline" },
  { kind: "svg", name: "Diagram", hint: "SVG picture" },
  { kind: "latex", name: "Law as LaTeX", hint: "copied" },
  { kind: "python", name: "Law as Python", hint: "copied" },
  { kind: "text", name: "Law as text", hint: "copied" },
];

const INTERVALS = [3, 5, 10, 20, 50, 100, 200];

/** The next finer grid that people use. */
export function finer(intervals: number): number {
  return INTERVALS.find((n) => n > intervals) ?? 2 * intervals;
}

function withUnit({ name, unit }: { name: string; unit: string }): string {
  return unit ? `${name} [${unit}]` : name;
}

function Title({ store }: { store: Store }): JSX.Element {
  const { title, rows, inputs, target, split, notices } = store.live.dataset.value;
  const parts = `train ${formatCount(split.train)} · validation ${formatCount(split.validation)} · test ${formatCount(split.test)}`;
  const hint = `${inputs.map(withUnit).join(", ")} → ${withUnit(target)}\n${parts}`;
  return (
    <div class="kan-title">
      <b>kanlab</b>
      <span class="kan-data" title={hint}>
        {title && `${title} · `}
        {plural(rows, "row")} · {plural(inputs.length, "input")} → {target.name}
      </span>
      {notices.length > 0 && (
        <Menu
          action="notices"
          label={plural(notices.length, "notice")}
          face={<Icon name="warn" />}
          class="kan-quiet"
          title={notices.join("\n")}
        >
          {() => (
            <ul class="kan-notices">
              {notices.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )}
        </Menu>
      )}
      {store.late.value && (
        <span
          class="kan-badge"
          role="status"
          title="The kernel is busy; it will answer when its cell has finished."
        >
          <span class="kan-spinner" /> waiting for the kernel
        </span>
      )}
      {store.live.readonly.value && (
        <span class="kan-badge" title={store.live.readonly.value} data-readonly="1">
          <Icon name="lock" /> read only
        </span>
      )}
    </div>
  );
}

function Refine({ store }: { store: Store }): JSX.Element {
  const field = useMemo(() => signal(""), []);
  const now = store.live.graph.value.intervals;
  const next = finer(now);
  const off = store.blocked.value;
  const refine = (intervals: number) => store.act({ type: "refine", intervals });
  const typed = Number(field.value);
  const valid = Number.isInteger(typed) && typed > now;
  return (
    <span class="kan-group">
      <Button
        action="refine"
        off={off}
        busy={waitingFor(store, "refine")}
        title={`Finer grids: ${now} → ${next} intervals; the curves stay the same until the next fit`}
        onClick={() => refine(next)}
      >
        Refine <small>{next}</small>
      </Button>
      <Menu
        action="refine-menu"
        label="Choose the number of intervals"
        face={<Icon name="down" />}
        off={off}
        align="right"
        class="kan-narrow"
      >
        {(close) => (
          <form
            class="kan-refine"
            onSubmit={(event) => {
              event.preventDefault();
              if (!valid) return;
              close();
              refine(typed);
            }}
          >
            <span class="kan-menu-head">intervals (now {now})</span>
            {INTERVALS.filter((n) => n > now)
              .slice(0, 4)
              .map((n) => (
                <button
                  type="button"
                  class="kan-item"
                  key={n}
                  data-intervals={n}
                  onClick={() => {
                    close();
                    refine(n);
                  }}
                >
                  {n}
                </button>
              ))}
            <input
              type="number"
              min={now + 1}
              placeholder="other"
              aria-label="other number of intervals"
              value={field.value}
              onInput={(event) => {
                field.value = event.currentTarget.value;
              }}
            />
          </form>
        )}
      </Menu>
    </span>
  );
}

function Export({ store }: { store: Store }): JSX.Element {
  const law = store.live.law.value;
  const needsLaw = (kind: ExportKind) => kind === "latex" || kind === "python" || kind === "text";
  return (
    <Menu
      action="export"
      label="Export"
      face={
        <>
          Export <Icon name="down" />
        </>
      }
      off={store.live.readonly.value}
      align="right"
    >
      {(close) =>
        EXPORTS.map(({ kind, name, hint }) => (
          <button
            type="button"
            class="kan-item"
            key={kind}
            data-export={kind}
            disabled={needsLaw(kind) && !law}
            title={needsLaw(kind) && !law ? "There is no law yet: fix the curves first." : undefined}
            onClick={() => {
              close();
              store.act({ type: "export", kind });
            }}
          >
            {name} <small>{hint}</small>
          </button>
        ))
      }
    </Menu>
  );
}

function stopReason(store: Store): string {
  if (store.live.readonly.value) return store.live.readonly.value;
  if (!store.running.value) return "Nothing is running.";
  return store.live.training.value.stopping ? "Stopping after this step." : "";
}

export function Toolbar({ store }: { store: Store }): JSX.Element {
  const off = store.blocked.value;
  const { can_undo, can_redo } = store.live.history.value;
  const busy = (type: "fit" | "discover" | "undo" | "redo" | "prune") => waitingFor(store, type);
  return (
    <div class="kan-bar">
      <Title store={store} />
      <div class="kan-actions" role="toolbar" aria-label="actions">
        <Button
          action="fit"
          primary={!store.running.value}
          off={off}
          busy={busy("fit")}
          title="Fit the network to the training rows"
          onClick={() => store.act({ type: "fit" })}
        >
          Fit
        </Button>
        <Button
          action="stop"
          primary={store.running.value}
          off={stopReason(store)}
          title="Stop and keep what is reached"
          onClick={() => store.act({ type: "stop" })}
        >
          {store.live.training.value.stopping ? "Stopping…" : "Stop"}
        </Button>
        <Refine store={store} />
        <Button
          action="prune"
          off={off}
          busy={busy("prune")}
          title="Remove the edges below the threshold under the diagram"
          onClick={() => store.act({ type: "prune", threshold: store.threshold.value })}
        >
          Prune
        </Button>
        <span class="kan-sep" />
        <Button
          action="discover"
          off={off}
          busy={busy("discover")}
          title="Search for a law automatically"
          onClick={() => store.act({ type: "discover" })}
        >
          Discover
        </Button>
        <span class="kan-sep" />
        <Button
          action="undo"
          label="Undo"
          title="Undo"
          off={off || (can_undo ? "" : "Nothing to undo.")}
          onClick={() => store.act({ type: "undo" })}
        >
          <Icon name="undo" />
        </Button>
        <Button
          action="redo"
          label="Redo"
          title="Redo"
          off={off || (can_redo ? "" : "Nothing to redo.")}
          onClick={() => store.act({ type: "redo" })}
        >
          <Icon name="redo" />
        </Button>
        <Export store={store} />
      </div>
    </div>
  );
}
