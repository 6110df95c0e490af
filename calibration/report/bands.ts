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

/**
 * Share of the rows that the quantiles hold. Rows come in groups (one model, several batches and GPUs), and a model left
 * out deviates as a whole: with few groups the middle 90 % hold a little less than 90 % of the next, 92 % make up for it.
 * Rows of a single model leave no model out.
 */
export function levelOf(family: Family, rows: readonly Held[]): number {
  return family === 'serving' || new Set(rows.map((row) => row.group)).size < 2 ? 0.9 : 0.92;
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

/** Fewer models than this say nothing about the next one of a family. */
const fewest = 5;

export const hasOwnEnergy = (rows: readonly Held[]): boolean => new Set(rows.map((row) => row.group)).size >= fewest;

export function withBands(outcome: Outcome): Constants {
  const { kernels, byModel, byDevice } = outcome;
  const others = (rows: readonly HeldRow[]) => rows.filter((row) => familyOf(row) !== 'serving');
  const model = {
    time: band(others(byModel.time), 0.92),
    energy: band(others(byModel.energy), 0.92),
    power: band(others(byModel.power), 0.92),
  };
  const bands: Record<string, Constants['bands'][string]> = { model };
  // Energy = power x time: where energies were not measured, their log errors are taken as independent.
  const combined = (time: Band, power: Band): Band => {
    const side = (key: 'low' | 'high', sign: number) =>
      Number(Math.exp(sign * Math.hypot(Math.log(time[key]), Math.log(power[key]))).toPrecision(4));
    return { low: side('low', -1), high: side('high', 1), coverage: Number.NaN, rows: time.rows };
  };
  for (const family of ['inference', 'compiled', 'training', 'generate', 'diffusion', 'serving'] as const) {
    const mine = (rows: readonly HeldRow[]) => rows.filter((row) => familyOf(row) === family);
    const level = (rows: readonly Held[]) => levelOf(family, rows);
    const time = band(mine(byModel.time), level(mine(byModel.time)));
    const measured = mine(byModel.energy);
    const power = hasOwnEnergy(measured) ? band(mine(byModel.power), level(measured)) : model.power;
    const energy = hasOwnEnergy(measured) ? band(measured, level(measured)) : combined(time, power);
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
