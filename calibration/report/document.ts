/** Writes docs/energy-model.md and its plots from one calibration run. */
import type { Band, Constants } from '../../server/src/energy/constants.js';
import { predictPair, quantisationPairs } from '../fit/quantisation.js';
import { bandOf, coverageOf, errorsOf, type Held } from '../fit/stats.js';
import type { HeldRow, Outcome } from '../pipeline.js';
import { reasons, triedLines } from './reasons.js';
import { coverageBars, type Point, residuals, scatterLog } from './svg.js';
import type { TargetRow } from './targets.js';

const percent = (x: number) => `${(x * 100).toFixed(1)} %`;
const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;

function errorTable(title: string, groups: readonly [string, readonly Held[]][]): string[] {
  const lines = [
    `### ${title}`,
    '',
    '| rows | n | MAPE | median | p90 | bias |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const [name, rows] of groups) {
    if (rows.length === 0) continue;
    const e = errorsOf(rows);
    lines.push(row(name, e.n, percent(e.mape), percent(e.median), percent(e.p90), percent(e.bias)));
  }
  return [...lines, ''];
}

function by(rows: readonly HeldRow[], key: (row: HeldRow) => string): [string, readonly HeldRow[]][] {
  const groups = new Map<string, HeldRow[]>();
  for (const one of rows) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups].sort((a, b) => a[0].localeCompare(b[0]));
}

const points = (rows: readonly HeldRow[]): Point[] =>
  rows.map((r) => ({ x: r.measured, y: r.predicted, series: r.suite }));

/** Factors on a value that give its interval, by family. */
function familyTable(constants: Constants): string[] {
  const factors = ({ low, high }: Band) => `x${low.toFixed(2)} to x${high.toFixed(2)}`;
  const rows = Object.entries(constants.bands).map(
    ([name, { time, energy, power }]) =>
      `| ${name} | ${time.rows} | ${factors(time)} | ${factors(energy)} | ${factors(power)} |`,
  );
  return [
    '### Intervals by family',
    '',
    'Diffusion pipelines were priced from published FLOPs in sum: no shapes, so their width is no target and nothing the engine traces uses it. `model` serves where no family applies.',
    '',
    '| family | rows | time | energy | power |',
    '| --- | ---: | --- | --- | --- |',
    ...rows,
    '',
  ];
}

export function documentOf(
  outcome: Outcome,
  constants: Constants,
  targets: readonly TargetRow[],
  dated: string,
): { markdown: string; images: Record<string, string> } {
  const { kernels, byModel, byDevice } = outcome;
  const families: [string, readonly Held[]][] = [
    ['GEMM and linear', kernels.gemm.shape],
    ['element-wise', kernels.elementwise.shape],
    ['softmax', kernels.softmax.shape],
    ['layer norm', kernels.norm.shape],
  ];
  const suites = by(byModel.time, (r) => r.suite);
  const kernelPoints: Point[] = families.flatMap(([series, rows]) =>
    rows.map((r) => ({ x: r.measured, y: r.predicted, series })),
  );
  const gemm = kernels.gemm.shape;
  const gemmBand = bandOf(gemm);
  const modelBand = constants.bands['model'].time;
  const coverage = [...families, ...suites, ...by(byModel.energy, (r) => `energy: ${r.suite}`)].map(([name, rows]) => ({
    name,
    coverage: coverageOf(rows).coverage,
  }));
  const images = {
    'kernels-predicted-measured.svg': scatterLog(
      'Kernels, shape family left out',
      kernelPoints,
      'measured, s',
      'predicted, s',
    ),
    'models-predicted-measured.svg': scatterLog(
      'Whole workloads, model left out: time',
      points(byModel.time),
      'measured, s',
      'predicted, s',
    ),
    'energy-predicted-measured.svg': scatterLog(
      'Whole workloads, model left out: energy',
      points(byModel.energy),
      'measured, J per step or unit of work',
      'predicted, J',
    ),
    'gemm-residuals.svg': residuals(
      'GEMM: residuals and 90 % interval',
      gemm.map((r) => ({ x: r.measured, y: r.measured / r.predicted, series: r.device })),
      gemmBand.low,
      gemmBand.high,
      'measured, s',
    ),
    'models-residuals.svg': residuals(
      'Whole workloads: residuals and 90 % interval',
      byModel.time.map((r) => ({ x: r.measured, y: r.measured / r.predicted, series: r.suite })),
      modelBand.low,
      modelBand.high,
      'measured, s',
    ),
    'coverage.svg': coverageBars('Coverage of the 90 % intervals', coverage),
  };
  const lines = [
    '# The energy model',
    '',
    `Written by \`npm run calibrate\` on ${dated}; edit the program in \`calibration/\`, not this file.`,
    '',
    '## Formulas',
    '',
    'Time of a kernel: `max(max(FLOPs / peak, bytes / bandwidth) / efficiency, launch)`. Efficiency is a surface over size, shape, tiles and waves,',
    'alignment and the balance of the machine: for fp32 GEMM, element-wise, softmax and norm kernels boosted trees fitted to single-kernel latencies; for matrix units,',
    'convolutions and fused attention a few constants fitted to whole models whose kernels were traced (`calibration/trace_models.py`).',
    '',
    'Power of a board: `idle + (TDP - idle) x board x (active x busy + a x u^g + b x m)` with `u` and `m` the shares of dense peak and peak bandwidth in use, `b` larger for GDDR than for HBM, `board` a factor near 1 where the accelerator was measured, which then has a floor of its own too; never above TDP. That clocks fall where it would pass TDP is in the measured efficiencies and not counted again.',
    'Idle is what was measured with a context, else without one plus what a context adds, else the share of TDP of the same generation.',
    'Where the host reads a result (`item()`, `cpu()`, a condition on data, sizes that depend on data) it waits for the device and then the device for the host: a constant between the two published ends, which are its interval, at idle power. What PyTorch runs fused on accelerators (`rms_norm`, dropout, recurrent layers) is priced fused, whatever device the code was traced on.',
    'Energy is power times wall time, idle with context included. Host factor, PUE and grid intensity enter only grams, as named steps; dollars are accelerator-hours times the listed price.',
    '',
    'Each family of workloads has its own intervals (inference, compiled, training, waiting for the host, serving). Intervals hold 90 %: quantiles of measured / predicted over rows left out of the fit. Their coverage is measured on groups that neither the fit nor the quantiles saw.',
    `Hardware without rows in the fit widens them (exponent ${constants.widening.unmeasuredDevice}), unverified hardware figures as well.`,
    '',
    '## Targets',
    '',
    '| what | target | reached | rows | |',
    '| --- | --- | ---: | ---: | --- |',
    ...targets.map((t) =>
      row(
        t.name,
        t.target,
        t.reached === null
          ? 'not measured'
          : `${t.reached.toFixed(t.unit === '%' ? 1 : 2)}${t.unit === 'x' || t.unit === '%' ? ` ${t.unit}` : ''}`,
        t.rows,
        t.met ? 'met' : '**missed**',
      ),
    ),
    '',
    ...reasons(targets),
    ...triedLines(),
    ...familyTable(constants),
    '## Errors',
    '',
    'Every figure is of rows left out of the fit that predicts them.',
    '',
    ...errorTable('Kernel time, shape family left out', families),
    ...errorTable('Kernel time, GPU left out', [
      ['GEMM and linear', kernels.gemm.device],
      ['element-wise', kernels.elementwise.device],
      ['softmax', kernels.softmax.device],
      ['layer norm', kernels.norm.device],
      ...by(
        kernels.gemm.device.map((r) => ({ ...r, suite: '' })),
        (r) => `GEMM on ${r.device}`,
      ),
    ]),
    '![Kernels, predicted against measured](images/kernels-predicted-measured.svg)',
    '![GEMM residuals](images/gemm-residuals.svg)',
    '',
    ...errorTable('Whole workloads, model left out: time', suites),
    ...errorTable(
      'Whole workloads, model left out: power',
      by(byModel.power, (r) => r.suite),
    ),
    ...errorTable(
      'Whole workloads, model left out: energy',
      by(byModel.energy, (r) => r.suite),
    ),
    '![Whole workloads, time](images/models-predicted-measured.svg)',
    '![Whole workloads, energy](images/energy-predicted-measured.svg)',
    '![Whole workloads, residuals](images/models-residuals.svg)',
    '',
    'Where a GPU is left out, the kernel surfaces still hold its rows; the table above leaves those out too.',
    '',
    ...errorTable(
      'Whole workloads, GPU left out: time',
      by(byDevice.time, (r) => r.device),
    ),
    ...errorTable(
      'Whole workloads, GPU left out: energy',
      by(byDevice.energy, (r) => r.device),
    ),
    '![Coverage](images/coverage.svg)',
    '',
    '## Quantisation',
    '',
    'Change of energy per token when the weights are quantised (bitsandbytes, decoding at batch 1), measured and predicted.',
    'Why it goes up: at small sizes decoding waits for the host, and each linear layer adds host work (NF4: scales and dequantisation; LLM.int8(): row statistics, outliers, a second product).',
    'It goes down only where the weights are the larger part of the time.',
    '',
    '| GPU | model | scheme | measured | predicted |',
    '| --- | --- | --- | ---: | ---: |',
    ...quantisationPairs().map((pair) =>
      row(
        pair.gpu,
        pair.model,
        pair.scheme,
        `${(pair.change * 100).toFixed(0)} %`,
        `${(predictPair(pair, constants).change * 100).toFixed(0)} %`,
      ),
    ),
    '',
    'These constants were fitted on the same pairs: few parameters against 29 rows, but not left out.',
    '',
    '## Constants',
    '',
    'Patterns without a line here (scan, sort, gather, scatter, interpolate, fft, random) have no measured rows: they stand at their starting values in `calibration/start.ts`.',
    '',
    '| constant | value | fitted on |',
    '| --- | ---: | --- |',
    ...outcome.fitted.map((c) => row(`\`${c.name}\``, c.value.toPrecision(3), c.rows)),
    '',
    '## Rows and sources',
    '',
    ...Object.entries(outcome.counts).map(
      ([name, { count, sources }]) => `- ${name}: ${count} rows. ${sources.join('; ')}`,
    ),
    '',
  ];
  return { markdown: lines.join('\n'), images };
}
