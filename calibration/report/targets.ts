/** The targets that the energy model is judged by, against what is reached. */
import type { Constants } from '../../server/src/energy/constants.js';
import { quantisationResult } from '../fit/quantisation.js';
import { kendallTau } from '../fit/ranking.js';
import { coverageOf, errorsOf, type Held, quantile } from '../fit/stats.js';
import type { Outcome } from '../pipeline.js';
import { familyOf, hasOwnEnergy, levelOf } from './bands.js';

export interface TargetRow {
  readonly name: string;
  readonly target: string;
  readonly reached: number | null;
  readonly unit: '%' | 'x' | 'rows' | '';
  readonly met: boolean;
  readonly rows: number;
}

/**
 * Two runs of one workload on one kind of GPU differ by this much in the rows (clocks, cooling, versions of the engine):
 * which of two closer GPUs is better was not measured.
 */
const measurementError = 0.15;

export function targetsOf(outcome: Outcome, constants: Constants): TargetRow[] {
  const { kernels, byModel, byDevice } = outcome;
  const out: TargetRow[] = [];
  const mape = (name: string, rows: readonly Held[], limit: number) => {
    const reached = errorsOf(rows).mape * 100;
    out.push({ name, target: `MAPE <= ${limit}`, reached, unit: '%', met: reached <= limit, rows: rows.length });
  };
  const shape = [kernels.gemm.shape, kernels.elementwise.shape, kernels.softmax.shape, kernels.norm.shape];
  mape('kernel time, shape family left out: all', shape.flat(), 15);
  mape('kernel time, shape family left out: GEMM and linear', kernels.gemm.shape, 12);
  mape('kernel time, shape family left out: element-wise', kernels.elementwise.shape, 18);
  mape('kernel time, shape family left out: softmax', kernels.softmax.shape, 30);
  mape('kernel time, shape family left out: layer norm', kernels.norm.shape, 30);
  mape('whole-model time, model left out', byModel.time, 12);
  mape('whole-model power, model left out', byModel.power, 10);
  mape('whole-model energy, model left out', byModel.energy, 15);
  mape('whole-model time, GPU left out', byDevice.time, 20);
  mape(
    'kernel time, GPU left out',
    [kernels.gemm.device, kernels.elementwise.device, kernels.softmax.device, kernels.norm.device].flat(),
    20,
  );
  const cover = (name: string, rows: readonly Held[], level = 0.9, shapesKnown = true) => {
    const { coverage, width } = coverageOf(rows, 8, level);
    push(name, coverage, width, rows.length, shapesKnown);
  };
  const push = (name: string, coverage: number, width: number, rows: number, shapesKnown = true) => {
    out.push({
      name: `${name}: interval coverage`,
      target: '85 to 95',
      reached: coverage * 100,
      unit: '%',
      met: coverage >= 0.85 && coverage <= 0.95,
      rows,
    });
    // The width is a target where shapes are known; the other widths stand in the tables.
    if (!shapesKnown) return;
    out.push({
      name: `${name}: median high/low`,
      target: '<= 1.8',
      reached: width,
      unit: 'x',
      met: width <= 1.8,
      rows,
    });
  };
  cover('GEMM and linear kernels', kernels.gemm.shape);
  cover('element-wise kernels', kernels.elementwise.shape);
  cover('softmax kernels', kernels.softmax.shape);
  cover('layer norm kernels', kernels.norm.shape);
  for (const [what, rows] of [
    ['time', byModel.time],
    ['energy', byModel.energy],
  ] as const) {
    for (const family of ['inference', 'compiled', 'training', 'generate', 'diffusion', 'serving'] as const) {
      const mine = rows.filter((row) => familyOf(row) === family);
      if (mine.length === 0) continue;
      if (what === 'time' || hasOwnEnergy(mine)) {
        cover(`${what}, ${family}`, mine, levelOf(mine), family !== 'diffusion');
        continue;
      }
      // one model alone: judged by the interval that ships, made of the errors of time and of the power of all others
      const { low, high } = constants.bands[family].energy;
      const inside = mine.filter((row) => row.measured >= row.predicted * low && row.measured <= row.predicted * high);
      const share = inside.length / mine.length;
      push(`${what}, ${family}`, share, high / low, mine.length);
    }
  }
  const quantisation = quantisationResult(constants);
  out.push({
    name: 'quantisation: sign of the energy change beyond 5 %',
    target: 'all',
    reached: quantisation.right,
    unit: 'rows',
    met: quantisation.right === quantisation.rows,
    rows: quantisation.rows,
  });
  const serving = byModel.energy.filter((row) => familyOf(row) === 'serving');
  const tau = kendallTau(serving);
  out.push({
    name: 'GPU ranking by energy per token: Kendall tau',
    target: '>= 0.8',
    reached: tau.tau,
    unit: '',
    met: tau.tau >= 0.8,
    rows: tau.pairs,
  });
  const apart = kendallTau(serving, measurementError);
  out.push({
    name: `GPU ranking, pairs measured more than ${Math.round(measurementError * 100)} % apart: Kendall tau`,
    target: '>= 0.8',
    reached: apart.tau,
    unit: '',
    met: apart.tau >= 0.8,
    rows: apart.pairs,
  });
  return out;
}

export function targetTable(rows: readonly TargetRow[]): string {
  const width = Math.max(...rows.map((row) => row.name.length));
  const lines = rows.map((row) => {
    const value =
      row.reached === null
        ? 'not measured'
        : `${row.reached.toFixed(row.unit === '%' ? 1 : 2)}${row.unit === '%' ? ' %' : row.unit === 'x' ? 'x' : ''}`;
    return `${row.met ? 'met   ' : 'MISSED'}  ${row.name.padEnd(width)}  ${row.target.padEnd(12)}  ${value.padStart(10)}   (${row.rows} rows)`;
  });
  return lines.join('\n');
}

export { quantile };
