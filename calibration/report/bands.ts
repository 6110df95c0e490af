/** Intervals: quantiles of measured / predicted over the rows that were left out. */
import type { Band, Constants } from '../../server/src/energy/constants.js';
import { bandOf, coverageOf, type Held } from '../fit/stats.js';
import type { HeldRow, Outcome } from '../pipeline.js';

/**
 * Families of whole workloads that the engine can tell apart by what it prices; each has its own quantiles. `diffusion`
 * pipelines were priced from published FLOPs in sum, not from shapes: nothing the engine traces uses their band.
 */
export type Family = 'inference' | 'compiled' | 'training' | 'generate' | 'diffusion' | 'serving';

export function familyOf(row: HeldRow): Family {
  const { suite } = row;
  if (suite.startsWith('serving')) return 'serving';
  if (suite === 'diffusion' || suite === 'generate') return suite;
  if (suite.includes('training')) return 'training';
  return suite.includes('compiled') ? 'compiled' : 'inference';
}

/** Least coverage of rows left out that a level must reach to be taken: above the 85 % asked for by what chance takes from sixty rows. */
const leastCoverage = 0.87;

/**
 * Share of the rows that the quantiles hold. Rows come in groups (one model, several batches and GPUs), and a model left
 * out deviates as a whole: where there are few, the middle 90 % hold less than 90 % of the next. The lowest level from 90 %
 * whose quantiles of the other groups hold enough of each group left out.
 */
export function levelOf(rows: readonly Held[]): number {
  for (let percent = 90; percent < 97; percent++)
    if (!(coverageOf(rows, 8, percent / 100).coverage < leastCoverage)) return percent / 100;
  return 0.97;
}

export function band(rows: readonly Held[], level = 0.9): Band {
  const { low, high } = bandOf(rows, level);
  const round = (x: number) => Number(x.toPrecision(4));
  return {
    low: round(low),
    high: round(high),
    coverage: round(coverageOf(rows, 8, level).coverage),
    rows: rows.length,
  };
}

/** Both sides of a band as one number: ln(high / low). */
const spread = (rows: readonly Held[]) => {
  const { low, high } = bandOf(rows);
  return Math.log(high / low);
};

/** Correlation, about 0, of the log errors of time and power over all left-out rows that measured both. */
export function correlationOf(time: readonly HeldRow[], power: readonly HeldRow[]): number {
  const key = (row: HeldRow) => `${row.suite}|${row.label}`;
  const errors = new Map(time.map((row) => [key(row), Math.log(row.measured / row.predicted)]));
  let both = 0;
  let ofTime = 0;
  let ofPower = 0;
  for (const row of power) {
    const t = errors.get(key(row));
    if (t === undefined) continue;
    const p = Math.log(row.measured / row.predicted);
    both += t * p;
    ofTime += t * t;
    ofPower += p * p;
  }
  return both === 0 ? 0 : both / Math.sqrt(ofTime * ofPower);
}

/** Fewer models than this say nothing about the next one of a family. */
const fewest = 5;

export const hasOwnEnergy = (rows: readonly Held[]): boolean => new Set(rows.map((row) => row.group)).size >= fewest;

export function withBands(outcome: Outcome): Constants {
  const { kernels, byModel, byDevice } = outcome;
  const others = (rows: readonly HeldRow[]) => rows.filter((row) => familyOf(row) !== 'serving');
  const own = (rows: readonly HeldRow[]): Band => band(rows, levelOf(rows));
  const model = {
    time: own(others(byModel.time)),
    energy: own(others(byModel.energy)),
    power: own(others(byModel.power)),
  };
  const bands: Record<string, Constants['bands'][string]> = { model };
  // Energy = power x time: where energies were not measured, the two errors add as they are correlated in the rows that
  // measured both. A kernel that is slower than predicted draws less: its energy is off by less than either.
  const correlation = correlationOf(byModel.time, byModel.power);
  const combined = (time: Band, power: Band): Band => {
    const side = (key: 'low' | 'high', sign: number) => {
      const [a, b] = [Math.abs(Math.log(time[key])), Math.abs(Math.log(power[key]))];
      return Number(Math.exp(sign * Math.sqrt(a * a + b * b + 2 * correlation * a * b)).toPrecision(4));
    };
    return { low: side('low', -1), high: side('high', 1), coverage: Number.NaN, rows: time.rows };
  };
  for (const family of ['inference', 'compiled', 'training', 'generate', 'diffusion', 'serving'] as const) {
    const mine = (rows: readonly HeldRow[]) => rows.filter((row) => familyOf(row) === family);
    const time = own(mine(byModel.time));
    const measured = mine(byModel.energy);
    const power = hasOwnEnergy(measured) ? own(mine(byModel.power)) : model.power;
    const energy = hasOwnEnergy(measured) ? own(measured) : combined(time, power);
    bands[family] = { time, energy, power };
  }
  for (const name of ['elementwise', 'softmax', 'norm', 'gemm'] as const) {
    const time = band(kernels[name].shape);
    bands[name] = { time, power: model.power, energy: combined(time, model.power) };
  }
  const unmeasuredDevice = Number(Math.max(1, spread(byDevice.time) / spread(byModel.time)).toPrecision(3));
  // No row tells how wrong an unverified figure is; it is treated like a device that was never measured.
  return {
    ...outcome.constants,
    bands: bands as Constants['bands'],
    widening: { unmeasuredDevice, unverified: unmeasuredDevice },
  };
}
