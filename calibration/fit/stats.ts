/** Error measures and residual quantiles for held-out predictions. */

/** One held-out prediction. */
export interface Held {
  readonly predicted: number;
  readonly measured: number;
  readonly group: string;
  readonly device: string;
  readonly label: string;
}

export interface Errors {
  readonly n: number;
  readonly mape: number;
  readonly median: number;
  readonly p90: number;
  readonly bias: number;
}

export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/** |predicted - measured| / measured: mean, median, 90th percentile; bias is the mean of the signed error. */
export function errorsOf(rows: readonly Held[]): Errors {
  const signed = rows.map((row) => row.predicted / row.measured - 1);
  const absolute = signed.map(Math.abs);
  const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / Math.max(xs.length, 1);
  return {
    n: rows.length,
    mape: mean(absolute),
    median: quantile(absolute, 0.5),
    p90: quantile(absolute, 0.9),
    bias: mean(signed),
  };
}

/** Factors on a prediction that hold the middle `level` of measured/predicted. */
export function bandOf(rows: readonly Held[], level = 0.9): { low: number; high: number } {
  const ratios = rows.map((row) => row.measured / row.predicted);
  const tail = (1 - level) / 2;
  // Conformal correction: (n + 1)(1 - tail) / n, so that coverage holds for the next row.
  const n = Math.max(ratios.length, 1);
  const extra = tail / n;
  return {
    low: Math.min(quantile(ratios, Math.max(tail - extra, 0)), 0.999),
    high: Math.max(quantile(ratios, Math.min(1 - tail + extra, 1)), 1.001),
  };
}

/** Coverage of bands made from the other groups: each row is judged by a band that never saw its group. */
export function coverageOf(rows: readonly Held[], folds = 8, level = 0.9): { coverage: number; width: number } {
  if (rows.length === 0) return { coverage: Number.NaN, width: Number.NaN };
  const groups = [...new Set(rows.map((row) => row.group))].sort();
  const foldOf = new Map(groups.map((group, i) => [group, i % Math.min(folds, groups.length)]));
  let inside = 0;
  const widths: number[] = [];
  for (let fold = 0; fold < Math.min(folds, groups.length); fold++) {
    const held = rows.filter((row) => foldOf.get(row.group) === fold);
    const rest = rows.filter((row) => foldOf.get(row.group) !== fold);
    const band = bandOf(rest.length > 0 ? rest : held, level);
    for (const row of held) {
      const ratio = row.measured / row.predicted;
      if (ratio >= band.low && ratio <= band.high) inside++;
      widths.push(band.high / band.low);
    }
  }
  return { coverage: inside / rows.length, width: quantile(widths, 0.5) };
}
