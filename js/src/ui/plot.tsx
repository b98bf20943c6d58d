/** The curve of one edge with axes, the density of the data and a candidate laid over it. */
import type { JSX } from "preact";
import { rangeOf } from "../layout/curve";
import { ticks } from "../layout/ticks";
import type { Inspector } from "../protocol";
import { formatTick } from "./format";

const WIDTH = 260;
const HEIGHT = 148;
const LEFT = 34;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 22;
const DENSITY = 18;

interface Scale {
  x(value: number): number;
  y(value: number): number;
}

const finite = (values: ArrayLike<number>) => Array.from(values).filter(Number.isFinite);

/** The overlay may enlarge the range, but a candidate that runs away must not flatten the curve. */
function yRange(y: readonly number[], overlay: readonly number[] | null): { low: number; high: number } {
  const own = rangeOf(finite(y));
  const span = own.high - own.low || Math.abs(own.high) || 1;
  const other = overlay ? rangeOf(finite(overlay)) : own;
  const low = Math.max(Math.min(own.low, other.low), own.low - 0.5 * span);
  const high = Math.min(Math.max(own.high, other.high), own.high + 0.5 * span);
  return { low: low - 0.04 * span, high: high + 0.04 * span };
}

function path(x: readonly number[], y: readonly number[], scale: Scale): string {
  let pen = "M";
  let out = "";
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const value = y[i];
    if (value === undefined || value === null || !Number.isFinite(value)) {
      pen = "M";
      continue;
    }
    const sy = Math.max(-HEIGHT, Math.min(2 * HEIGHT, scale.y(value)));
    out += `${pen}${scale.x(x[i] as number).toFixed(1)},${sy.toFixed(1)}`;
    pen = "L";
  }
  return out;
}

function Density({ density, scale }: { density: Inspector["density"]; scale: Scale }): JSX.Element {
  const { lo, hi, counts } = density;
  const most = Math.max(1, ...counts);
  const step = (hi - lo) / Math.max(1, counts.length);
  return (
    <g class="kan-density">
      {counts.map((count, i) => {
        const x = scale.x(lo + i * step);
        const width = Math.max(0.5, scale.x(lo + (i + 1) * step) - x - 0.8);
        const height = (DENSITY * count) / most;
        return <rect key={i} x={x} y={HEIGHT - BOTTOM - height} width={width} height={height} />;
      })}
    </g>
  );
}

function Axes({ xs, ys, scale }: { xs: number[]; ys: number[]; scale: Scale }): JSX.Element {
  return (
    <g class="kan-axes">
      <path d={`M${LEFT},${HEIGHT - BOTTOM}H${WIDTH - RIGHT}`} />
      {xs.map((v) => (
        <text key={v} x={scale.x(v)} y={HEIGHT - BOTTOM + 14} text-anchor="middle">
          {formatTick(v)}
        </text>
      ))}
      {ys.map((v) => (
        <g key={v}>
          <path class="kan-grid" d={`M${LEFT},${scale.y(v).toFixed(1)}H${WIDTH - RIGHT}`} />
          <text x={LEFT - 6} y={scale.y(v) + 3.5} text-anchor="end">
            {formatTick(v)}
          </text>
        </g>
      ))}
    </g>
  );
}

export function EdgePlot({
  inspector,
  overlay,
}: {
  inspector: Inspector;
  overlay: readonly number[] | null;
}): JSX.Element {
  const { x, y, density, title, xlabel } = inspector;
  const { low: x0, high: x1 } = rangeOf(x);
  const { low: y0, high: y1 } = yRange(y, overlay);
  const scale: Scale = {
    x: (v) => LEFT + ((v - x0) / (x1 - x0 || 1)) * (WIDTH - LEFT - RIGHT),
    y: (v) => HEIGHT - BOTTOM - 2 - ((v - y0) / (y1 - y0 || 1)) * (HEIGHT - BOTTOM - TOP - 2),
  };
  return (
    <figure class="kan-plot">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`learned curve of ${title}`}
        data-status={inspector.status}
      >
        <Density density={density} scale={scale} />
        <Axes xs={ticks(x0, x1, 4)} ys={ticks(y0, y1, 4)} scale={scale} />
        <path class="kan-plot-curve" d={path(x, y, scale)} />
        {overlay && <path class="kan-plot-overlay" d={path(x, overlay, scale)} />}
      </svg>
      {xlabel && !title.includes(xlabel) && <figcaption>{xlabel}</figcaption>}
    </figure>
  );
}
