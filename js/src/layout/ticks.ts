/** Round numbers along an axis. */
export function ticks(low: number, high: number, wanted = 4): number[] {
  if (!(high > low) || !Number.isFinite(high - low)) return Number.isFinite(low) ? [low] : [];
  const raw = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((m) => m * power >= raw * 0.999) ?? 10) * power;
  const out: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++)
    out.push(roundTo(i * step, step));
  return out;
}

/** Removes the rounding noise of i * step. */
function roundTo(value: number, step: number): number {
  const places = Math.max(0, Math.min(100, 2 - Math.floor(Math.log10(step))));
  return places > 20 ? value : Number(value.toFixed(places));
}
