/** The fitting program's own parts, and that the shipped constants are the ones it wrote. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelRows, measuredRows } from '../../calibration/data.js';
import { predict, prepare } from '../../calibration/fit/kernels.js';
import { quantisationResult } from '../../calibration/fit/quantisation.js';
import { kendallTau } from '../../calibration/fit/ranking.js';
import { minimise } from '../../calibration/fit/search.js';
import { bandOf, coverageOf, errorsOf, type Held, quantile } from '../../calibration/fit/stats.js';
import { boost, defaultBoost, evaluate } from '../../calibration/fit/trees.js';
import { constants, type EfficiencyClass } from '../../server/src/energy/constants.js';

/** A generator whose numbers are the same everywhere (mulberry32). */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const held = (predicted: number, measured: number, group = 'g'): Held => ({
  predicted,
  measured,
  group,
  device: 'd',
  label: '',
});

describe('statistics', () => {
  it('measures errors', () => {
    const e = errorsOf([held(110, 100), held(80, 100)]);
    expect(e.mape).toBeCloseTo(0.15);
    expect(e.bias).toBeCloseTo(-0.05);
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
  });

  it('makes bands that cover nine in ten of what they never saw', () => {
    const next = random(7);
    const rows = Array.from({ length: 4000 }, (_, i) =>
      held(1, Math.exp((next() + next() + next() - 1.5) * 0.4), `g${i % 40}`),
    );
    const { low, high } = bandOf(rows);
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(1);
    const { coverage } = coverageOf(rows);
    expect(coverage).toBeGreaterThan(0.87);
    expect(coverage).toBeLessThan(0.93);
  });

  it('ranks GPUs', () => {
    const row = (device: string, predicted: number, measured: number) => ({
      ...held(predicted, measured),
      suite: 's',
      label: `m|${device}|e|w|1|1`,
    });
    const rows = [row('a', 1, 1), row('b', 2, 3), row('c', 3, 2)];
    expect(kendallTau(rows)).toEqual({ tau: 1 / 3, pairs: 3 });
    // b and c are 50 % apart: below 60 % nothing says which is better
    expect(kendallTau(rows, 0.6)).toEqual({ tau: 1, pairs: 2 });
  });
});

describe('fitting', () => {
  it('learns a surface with an interaction', () => {
    const next = random(3);
    const rows = Array.from({ length: 2000 }, () => Float64Array.from([next(), next(), next()]));
    const truth = (x: Float64Array) => (x[0] > 0.5 && x[1] > 0.3 ? 1 : 0) + x[2];
    const ensemble = boost(['a', 'b', 'c'], rows, Float64Array.from(rows, truth), new Float64Array(2000).fill(1), {
      ...defaultBoost,
      huber: 10,
    });
    const errors = rows.map((x) => Math.abs(evaluate(ensemble, x) - truth(x)));
    expect(quantile(errors, 0.5)).toBeLessThan(0.05);
    expect(evaluate(ensemble, [0.5, Number.NaN, 0])).toBeNaN();
  });

  it('finds a minimum', () => {
    const found = minimise(([x, y]) => (x - 3) ** 2 + 10 * (y + 1) ** 2, [0, 0], 0.5, 400);
    expect(found.x[0]).toBeCloseTo(3, 2);
    expect(found.x[1]).toBeCloseTo(-1, 2);
  });
});

describe('shipped constants', () => {
  it('fit the rows they were fitted on', () => {
    const rows = kernelRows().map(prepare);
    const limits: Record<EfficiencyClass, number> = { gemm: 0.12, elementwise: 0.05, softmax: 0.15, norm: 0.1 };
    for (const [name, limit] of Object.entries(limits) as [EfficiencyClass, number][]) {
      const mine = rows.filter((row) => row.class === name).filter((_, i) => i % 5 === 0);
      const errors = mine.map((row) => Math.abs(predict(constants.kernel[name], row) / row.measured - 1));
      expect(errors.reduce((a, b) => a + b, 0) / errors.length, name).toBeLessThan(limit);
    }
  });

  it('have the sign of every measured quantisation beyond 5 % right', () => {
    expect(quantisationResult(constants).wrong).toEqual([]);
  });

  it('have intervals whose measured coverage is 85 to 95 %', () => {
    for (const [name, { time }] of Object.entries(constants.bands)) {
      expect(time.coverage, name).toBeGreaterThanOrEqual(0.85);
      expect(time.coverage, name).toBeLessThanOrEqual(0.95);
    }
  });

  it('are reported in docs/energy-model.md with the date of the run', () => {
    expect(readFileSync('docs/energy-model.md', 'utf8')).toContain(constants.dated);
    expect(measuredRows().length).toBe(4189);
  });
});
