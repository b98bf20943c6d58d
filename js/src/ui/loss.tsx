/** Training and validation loss on a log scale. */
import type { JSX } from "preact";
import type { LossPairs } from "../layout/decode";

interface Box {
  width: number;
  height: number;
}

const logs = (values: readonly number[]) =>
  values.map((v) => (v > 0 && Number.isFinite(v) ? Math.log10(v) : Number.NaN));

function line(values: readonly number[], low: number, high: number, { width, height }: Box): string {
  const step = width / Math.max(1, values.length - 1);
  let pen = "M";
  let path = "";
  values.forEach((value, i) => {
    if (Number.isNaN(value)) {
      pen = "M";
      return;
    }
    const y = 2 + ((high - value) / (high - low || 1)) * (height - 4);
    path += `${pen}${(i * step).toFixed(1)},${y.toFixed(1)}`;
    pen = "L";
  });
  return path;
}

/** At most as many values as there are pixels: a long tail costs no more than a short one. */
function thin(values: readonly number[], most: number): readonly number[] {
  if (values.length <= most) return values;
  return Array.from(
    { length: most },
    (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))] as number,
  );
}

export function LossLines({ loss, width, height }: { loss: LossPairs } & Box): JSX.Element {
  const train = logs(thin(loss.train, width));
  const validation = logs(thin(loss.validation, width));
  const known = [...train, ...validation].filter((v) => !Number.isNaN(v));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const box = { width, height };
  return (
    <svg
      class="kan-loss"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label="loss during training"
    >
      <path class="kan-loss-validation" d={line(validation, low, high, box)} />
      <path class="kan-loss-train" d={line(train, low, high, box)} />
    </svg>
  );
}
