import type { JSX } from "preact";
import { splitLoss } from "../layout/decode";
import { formatError, formatSeconds } from "../ui/format";
import { LossLines } from "../ui/loss";
import type { Store } from "../ui/store";

/** The strip under the diagram while something runs. */
export function TrainingStrip({ store }: { store: Store }): JSX.Element {
  const { label, phase, step, steps, rmse, elapsed, stopping } = store.live.training.value;
  const { measure } = store.live.graph.value;
  const loss = splitLoss(store.live.loss.value);
  const validation = loss.validation.findLast(Number.isFinite);
  const share = steps > 0 ? Math.min(1, step / steps) : null;
  return (
    <div class="kan-strip kan-training">
      <span class="kan-progress" data-unknown={share === null ? "1" : undefined}>
        <i style={share === null ? undefined : { width: `${(100 * share).toFixed(1)}%` }} />
      </span>
      <span class="kan-training-name">
        <b>{stopping ? "stopping" : label}</b>
        {phase && <small>{phase}</small>}
      </span>
      <span class="kan-number">
        {step}
        {steps > 0 && ` / ${steps}`}
      </span>
      <span class="kan-training-loss">
        {loss.train.length > 1 && <LossLines loss={loss} width={240} height={30} />}
      </span>
      <span class="kan-number" title={`${measure} of training and of validation rows`}>
        {measure} <b>{formatError(rmse ?? loss.train.at(-1))}</b>
        {validation !== undefined && <> · val {formatError(validation)}</>}
      </span>
      <span class="kan-number">{formatSeconds(elapsed)}</span>
    </div>
  );
}

/** Says only what a listener needs: that it began, that it ended. */
export function TrainingStatus({ store }: { store: Store }): JSX.Element {
  const { running, label } = store.live.training.value;
  return (
    <span class="kan-hidden" role="status">
      {running ? `${label || "training"} is running` : ""}
    </span>
  );
}
