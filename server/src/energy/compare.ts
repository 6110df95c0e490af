/** One workload over several targets: a table with the ones that nothing beats marked. */
import type { Accelerator } from '../hardware/accelerators.js';
import type { Kernel } from '../torch/kernel.js';
import { type Fit, fitsOn } from './memory.js';
import { CostSum, type Interval, makeTarget, type TargetOptions, totals } from './price.js';

export interface CompareRow {
  readonly accelerator: Accelerator;
  readonly dtype: string | null;
  readonly time_s: Interval | null;
  readonly energy_J: Interval | null;
  readonly usdPerMillion: Interval | null;
  readonly gCO2ePerMillion: Interval | null;
  readonly fits: Fit | null;
  /** No other row is at least as good in time, energy and price and better in one. */
  readonly pareto: boolean;
}

/** The kernels of one call with their counts. */
export type Counted = readonly { readonly kernel: Kernel; readonly count: number }[];

export function compareTargets(
  kernels: Counted,
  gaps: number,
  targets: readonly TargetOptions[],
  memory: Interval | null,
): CompareRow[] {
  const rows = targets.map((options): CompareRow => {
    const target = makeTarget(options);
    const sum = new CostSum(target);
    for (const { kernel, count } of kernels) sum.add(kernel, count);
    if (gaps > 0) sum.addGap(gaps);
    const figures = totals(sum);
    return {
      accelerator: target.accelerator,
      dtype: target.dtype,
      time_s: figures.time_s,
      energy_J: figures.energy_J,
      usdPerMillion: figures.usdPerMillion,
      gCO2ePerMillion: figures.gCO2ePerMillion,
      fits: memory === null ? null : fitsOn(memory, target.accelerator),
      pareto: false,
    };
  });
  return rows.map((row) => ({ ...row, pareto: isPareto(row, rows) }));
}

/** Rows that do not fit, or with an unknown figure, compete only in what is known of them. */
function isPareto(row: CompareRow, rows: readonly CompareRow[]): boolean {
  if (row.fits === 'does not fit' || row.time_s === null) return false;
  const figures = (one: CompareRow) =>
    [one.time_s, one.energy_J, one.usdPerMillion].map((x) => x?.value ?? Number.POSITIVE_INFINITY);
  const mine = figures(row);
  return !rows.some((other) => {
    if (other === row || other.fits === 'does not fit') return false;
    const theirs = figures(other);
    return theirs.every((x, i) => x <= mine[i]) && theirs.some((x, i) => x < mine[i]);
  });
}
