import type { JSX } from "preact";
import type { Candidate, Inspector } from "../protocol";
import { formatError, prettyFormula } from "../ui/format";
import { Icon } from "../ui/icons";
import type { Store } from "../ui/store";

export const KEEP = "keep";

/** The candidate that the picture and the Fix button speak of; null: the spline, or nothing to choose from. */
export function candidateInUse(inspector: Inspector, form: string): Candidate | null {
  const { candidates } = inspector;
  if (!candidates || form === KEEP) return null;
  if (form) return candidates.find((c) => c.form === form) ?? null;
  return candidates.find((c) => c.current) ?? candidates[0] ?? null;
}

/** The candidate that was ranked for the text in the field; null: it was not compared, or there is no text. */
export function typedCandidate(inspector: Inspector, text: string): Candidate | null {
  const typed = text.trim();
  return (typed && inspector.candidates?.find((c) => c.typed === typed)) || null;
}

interface RowProps {
  form: string;
  text: string;
  title: string;
  rmse: number | null;
  complexity: number;
  current: boolean;
  picked: boolean;
  store: Store;
  onTake: () => void;
}

function Row(props: RowProps): JSX.Element {
  const { form, text, title, rmse, complexity, current, picked, store, onTake } = props;
  const pick = () => {
    store.ownForm.value = "";
    store.chosen.value = form;
  };
  return (
    <tr
      data-form={form}
      data-picked={picked ? "1" : undefined}
      data-current={current ? "1" : undefined}
      onPointerEnter={() => {
        store.trial.value = form;
      }}
      onPointerLeave={() => {
        store.trial.value = "";
      }}
      onClick={pick}
      onDblClick={onTake}
    >
      <td>
        <button type="button" class="kan-bare" aria-pressed={picked} title={title} onClick={pick}>
          {text}
        </button>
        {current && <Icon name="check" />}
      </td>
      <td>{formatError(rmse)}</td>
      <td>{complexity || ""}</td>
    </tr>
  );
}

export function Candidates({
  inspector,
  store,
  onFix,
}: {
  inspector: Inspector;
  store: Store;
  onFix: () => void;
}): JSX.Element {
  const { candidates, keep, status } = inspector;
  const picked = store.ownForm.value
    ? typedCandidate(inspector, store.ownForm.value)?.form
    : store.chosen.value || candidateInUse(inspector, "")?.form;
  return (
    <table class="kan-candidates" aria-label="forms for this curve" aria-busy={candidates === null}>
      <thead>
        <tr>
          <th>form</th>
          <th title="error of the whole network after a short refit with this form">
            {store.live.graph.value.measure} after
          </th>
          <th title="complexity">cx</th>
        </tr>
      </thead>
      <tbody>
        {candidates === null && (
          <tr class="kan-computing">
            <td colSpan={3}>
              {store.live.readonly.value ? (
                "This page holds no comparison for this curve."
              ) : (
                <>
                  <span class="kan-spinner" /> comparing forms…
                </>
              )}
            </td>
          </tr>
        )}
        {candidates?.map((c) => (
          <Row
            key={c.form}
            form={c.form}
            text={prettyFormula(c.text)}
            title={`${c.text}   R² ${c.r2.toFixed(6)}`}
            rmse={c.rmse}
            complexity={c.complexity}
            current={c.current}
            picked={picked === c.form}
            store={store}
            onTake={onFix}
          />
        ))}
        {candidates !== null && (
          <Row
            form={KEEP}
            text={status === "form" ? "back to a spline" : "keep spline"}
            title="the curve as a spline"
            rmse={keep.rmse}
            complexity={keep.complexity}
            current={status === "spline"}
            picked={picked === KEEP}
            store={store}
            onTake={() => undefined}
          />
        )}
      </tbody>
    </table>
  );
}
