/** Numbers and formulas as people read them. */

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉";

function digits(text: string, table: string): string {
  return text.replace(/\d/g, (d) => table[Number(d)] as string).replace("-", "⁻");
}

/** An error or a loss: two significant digits, exponents below 0.01 and above 9999. */
export function formatError(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 0.01 || size >= 1e4) return value.toExponential(1);
  return trimZeros(value.toPrecision(size >= 1000 ? 4 : size >= 100 ? 3 : 2));
}

/** A coordinate on an axis or a threshold: as short as it can be. */
export function formatTick(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return value === 0 ? "0" : "–";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e5) return trimZeros(value.toExponential(1));
  return trimZeros(value.toPrecision(4)).replace("-", "−");
}

function trimZeros(text: string): string {
  const [mantissa = "", exponent] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return exponent === undefined ? short : `${short}e${exponent.replace("+", "")}`;
}

export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

export function formatSeconds(value: number): string {
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 100) return `${value.toFixed(0)} s`;
  const minutes = Math.floor(value / 60);
  return `${minutes} min ${String(Math.round(value - 60 * minutes)).padStart(2, "0")} s`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Program text of a formula made readable: 3.14*x1**2 becomes 3.14 x₁². */
export function prettyFormula(text: string): string {
  return text
    .replace(/(?:\*\*|\^)(?:\((-?\d+)\)|(-?\d+)(?![\d.*]))/g, (_, inner?: string, plain?: string) =>
      digits(inner ?? plain ?? "", SUPERSCRIPT),
    )
    .replace(/(?<![A-Za-z0-9_])([A-Za-z])_?(\d{1,2})(?![\d.A-Za-z_(])/g, (_, name: string, index: string) => {
      return name + digits(index, SUBSCRIPT);
    })
    .replace(/(?<=\d)\s*\*\s*(?=[A-Za-z(])/g, "\u2009")
    .replace(/\s*(?<!\*)\*(?!\*)\s*/g, "·")
    .replace(/(?<![eE\d])-(?=[\d\w(])/g, "−")
    .replace(/ - /g, " − ");
}
