/** The targets that the energy model is judged by, against what is reached. */
import type { Constants } from '../../server/src/energy/constants.js';
import { quantisationResult } from '../fit/quantisation.js';
import { kendallTau } from '../fit/ranking.js';
import { coverageOf, errorsOf, type Held, quantile } from '../fit/stats.js';
import type { Outcome } from '../pipeline.js';

export interface TargetRow {
  readonly name: string;
  readonly target: string;
  readonly reached: number | null;
  readonly unit: '%' | 'x' | 'rows' | '';
  readonly met: boolean;
  readonly rows: number;
}

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
  const cover = (name: string, rows: readonly Held[]) => {
    const { coverage, width } = coverageOf(rows);
    out.push({
      name: `${name}: interval coverage`,
      target: '85 to 95',
      reached: coverage * 100,
      unit: '%',
      met: coverage >= 0.85 && coverage <= 0.95,
      rows: rows.length,
    });
    out.push({
      name: `${name}: median high/low`,
      target: '<= 1.8',
      reached: width,
      unit: 'x',
      met: width <= 1.8,
      rows: rows.length,
    });
  };
  cover('GEMM and linear kernels', kernels.gemm.shape);
  cover('element-wise kernels', kernels.elementwise.shape);
  cover('softmax kernels', kernels.softmax.shape);
  cover('layer norm kernels', kernels.norm.shape);
  const serving = (row: { suite: string }) => row.suite.startsWith('serving');
  const other = (row: { suite: string }) => !serving(row);
  cover('whole-model time', byModel.time.filter(other));
  cover('serving time', byModel.time.filter(serving));
  cover('whole-model energy', byModel.energy.filter(other));
  cover('serving energy', byModel.energy.filter(serving));
  const quantisation = quantisationResult(constants);
  out.push({
    name: 'quantisation: sign of the energy change beyond 5 %',
    target: 'all',
    reached: quantisation.right,
    unit: 'rows',
    met: quantisation.right === quantisation.rows,
    rows: quantisation.rows,
  });
  const tau = kendallTau(byModel.energy.filter(serving));
  out.push({
    name: 'GPU ranking by energy per token: Kendall tau',
    target: '>= 0.8',
    reached: tau.tau,
    unit: '',
    met: tau.tau >= 0.8,
    rows: tau.pairs,
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
