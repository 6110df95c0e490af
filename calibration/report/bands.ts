/** Intervals: quantiles of measured / predicted over the rows that were left out. */
import type { Band, Constants } from '../../server/src/energy/constants.js';
import { bandOf, coverageOf, type Held } from '../fit/stats.js';
import type { HeldRow, Outcome } from '../pipeline.js';

export function band(rows: readonly Held[]): Band {
  const { low, high } = bandOf(rows);
  const round = (x: number) => Number(x.toPrecision(4));
  return { low: round(low), high: round(high), coverage: round(coverageOf(rows).coverage), rows: rows.length };
}

/** Both sides of a band as one number: ln(high / low). */
const spread = (rows: readonly Held[]) => {
  const { low, high } = bandOf(rows);
  return Math.log(high / low);
};

const isServing = (row: HeldRow) => row.suite.startsWith('serving');

export function withBands(outcome: Outcome): Constants {
  const { kernels, byModel, byDevice } = outcome;
  const modelTime = byModel.time.filter((row) => !isServing(row));
  const model = {
    time: band(modelTime),
    energy: band(byModel.energy.filter((row) => !isServing(row))),
    power: band(byModel.power.filter((row) => !isServing(row))),
  };
  const serving = {
    time: band(byModel.time.filter(isServing)),
    energy: band(byModel.energy.filter(isServing)),
    power: band(byModel.power.filter(isServing)),
  };
  const bands: Record<string, Constants['bands'][string]> = { model, serving };
  for (const name of ['elementwise', 'softmax', 'norm', 'gemm'] as const) {
    const time = band(kernels[name].shape);
    // Energy = power x time: their log errors are taken as independent.
    const combine = (side: 'low' | 'high') => {
      const sign = side === 'low' ? -1 : 1;
      return Number(Math.exp(sign * Math.hypot(Math.log(time[side]), Math.log(model.power[side]))).toPrecision(4));
    };
    bands[name] = {
      time,
      power: model.power,
      energy: { low: combine('low'), high: combine('high'), coverage: Number.NaN, rows: time.rows },
    };
  }
  const unmeasuredDevice = Number(Math.max(1, spread(byDevice.time) / spread(byModel.time)).toPrecision(3));
  // No row tells how wrong an unverified figure is; it is treated like a device that was never measured.
  return {
    ...outcome.constants,
    bands: bands as Constants['bands'],
    widening: { unmeasuredDevice, unverified: unmeasuredDevice },
  };
}
