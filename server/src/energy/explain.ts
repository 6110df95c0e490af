/** Where a figure comes from: formula, the constants in it, the rows they were fitted on, sources. */
import { cellOf } from '../hardware/accelerators.js';
import { idlePower } from './power.js';
import { bandsOf, type CostSum, type Step, type Target, totals } from './price.js';

export type Figure = 'time' | 'energy' | 'power' | 'usd' | 'gCO2e';

export interface ExplainedConstant {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Rows it was fitted on, or the table it was read from. */
  readonly from: string;
  readonly verified: boolean;
}

export interface Explanation {
  readonly figure: Figure;
  readonly formula: string;
  readonly constants: readonly ExplainedConstant[];
  /** Named steps from joules or seconds to money and grams, in order. */
  readonly steps: readonly Step[];
  /** Seconds by class of kernel: which constants carry the figure. */
  readonly classes: readonly { readonly class: string; readonly time_s: number; readonly share: number }[];
  readonly interval: string;
  readonly sources: readonly string[];
}

const formulas: Readonly<Record<Figure, string>> = {
  time: 'sum over kernels of max(max(FLOPs / peak, bytes / bandwidth) / efficiency(class, size, shape), launch)',
  energy:
    'sum over kernels of (idle + (TDP - idle) x (drawn while running x busy share + units at full use x used share ^ exponent + memory at full bandwidth x bandwidth share)) x time, never above TDP x time',
  power: 'energy / time',
  usd: 'time x price per accelerator-hour / 3600 x 1,000,000 calls',
  gCO2e: 'energy x (1 + host factor) x PUE x grid intensity / 3.6e6 x 1,000,000 calls',
};

export function explainFigure(figure: Figure, sum: CostSum): Explanation {
  const { target } = sum;
  const parts: ExplainedConstant[] = [];
  parts.push(...timeConstants(sum));
  if (figure !== 'time' && figure !== 'usd') parts.push(...powerConstants(target));
  const figures = totals(sum);
  const steps = figure === 'usd' ? figures.steps.usd : figure === 'gCO2e' ? figures.steps.gCO2e : [];
  const hardware = [
    'bandwidth_GBps',
    'tdp_W',
    ...Object.keys(target.accelerator.peakDenseTflops).map((key) => `peak.${key}`),
  ];
  const sources = new Set<string>();
  for (const field of hardware) for (const source of cellOf(target.accelerator, field).sources) sources.add(source);
  for (const rows of Object.values(target.constants.rows)) for (const source of rows.sources) sources.add(source);
  for (const step of steps) sources.add(step.source);
  const seconds = [...sum.byClass].filter(([name, s]) => name !== 'view' && s > 0).sort((a, b) => b[1] - a[1]);
  const classes = seconds.map(([name, s]) => ({ class: name, time_s: s, share: sum.time_s > 0 ? s / sum.time_s : 0 }));
  const bands = bandsOf(sum);
  const band = figure === 'time' || figure === 'usd' ? bands.time : figure === 'power' ? bands.power : bands.energy;
  const interval = `x${band.low.toPrecision(2)} to x${band.high.toPrecision(2)}: ${bands.basis}; ${
    !(band.coverage > 0) ? 'combined from time and power' : `measured coverage ${Math.round(band.coverage * 100)} %`
  }`;
  return { figure, formula: formulas[figure], constants: parts, steps, classes, interval, sources: [...sources] };
}

function timeConstants(sum: CostSum): ExplainedConstant[] {
  const { accelerator, constants, compiled } = sum.target;
  const cell = (name: string, field: string, unit: string): ExplainedConstant => {
    const { value, verified, sources } = cellOf(accelerator, field);
    return { name, value: value ?? Number.NaN, unit, from: sources[0] ?? 'hardware table, no source read', verified };
  };
  const rows = (name: string) =>
    `${constants.rows[name]?.count ?? 0} rows: ${constants.rows[name]?.sources.join('; ') ?? ''}`;
  const out = [cell('bandwidth', 'bandwidth_GBps', 'GB/s')];
  for (const key of Object.keys(accelerator.peakDenseTflops))
    out.push(cell(`dense peak ${key}`, `peak.${key}`, 'TFLOP/s'));
  out.push({
    name: 'efficiency surfaces (GEMM, element-wise, softmax, norm)',
    value: Number.NaN,
    unit: 'boosted trees',
    from: rows('kernels'),
    verified: true,
  });
  const { ceiling, measuredCeiling, conv, attention, bandwidth } = constants.matrix;
  const own16 = measuredCeiling?.['bf16'];
  out.push({
    name: 'share of bf16 peak reached by large GEMMs',
    value: own16 ?? ceiling['bf16'],
    unit: 'x',
    from: rows(own16 === undefined ? 'models' : 'calibration'),
    verified: true,
  });
  out.push({ name: 'convolutions against GEMMs', value: conv, unit: 'x', from: rows('models'), verified: true });
  out.push({
    name: 'fused attention against GEMMs',
    value: attention,
    unit: 'x',
    from: rows('models'),
    verified: true,
  });
  out.push({
    name: 'share of bandwidth reached by GEMV',
    value: bandwidth,
    unit: 'x',
    from: rows('serving'),
    verified: true,
  });
  out.push(
    compiled
      ? {
          name: 'traffic left after fusion',
          value: constants.host.fusedTraffic,
          unit: 'x',
          from: rows('models'),
          verified: true,
        }
      : {
          name: 'host time per operator call',
          value: constants.host.eager_s,
          unit: 's',
          from: rows(constants.rows['calibration'] === undefined ? 'others' : 'calibration'),
          verified: true,
        },
  );
  if (sum.wait_s > 0)
    out.push({
      name: 'wait of the host for the device',
      value: constants.host.wait.value_s,
      unit: 's',
      from: rows('waits'),
      verified: true,
    });
  const own = constants.deviceFactor[accelerator.id];
  if (own !== undefined)
    out.push({
      name: `measured against predicted on ${accelerator.name}`,
      value: own,
      unit: 'x',
      from: rows('models'),
      verified: true,
    });
  return out;
}

function powerConstants(target: Target): ExplainedConstant[] {
  const { accelerator, constants } = target;
  const tdp = cellOf(accelerator, 'tdp_W');
  const measured = accelerator.idleWithContext_W !== null;
  const rows = (name: string) =>
    `${constants.rows[name]?.count ?? 0} rows: ${constants.rows[name]?.sources.join('; ') ?? ''}`;
  const fittedOn = `${rows('serving')}; ${rows('others')}`;
  const share = (name: string, value: number): ExplainedConstant => ({
    name,
    value,
    unit: 'x (TDP - idle)',
    from: fittedOn,
    verified: true,
  });
  return [
    {
      name: 'TDP',
      value: tdp.value ?? Number.NaN,
      unit: 'W',
      from: tdp.sources[0] ?? 'hardware table, no source read',
      verified: tdp.verified,
    },
    {
      name: 'idle with context',
      value: idlePower(accelerator, constants),
      unit: 'W',
      from: measured ? cellOf(accelerator, 'idleWithContext_W').sources.join('; ') : `share of TDP, ${rows('idle')}`,
      verified: measured,
    },
    share('drawn while kernels run', constants.power.active),
    share('matrix units at full use', constants.power.matrixFlops),
    share('vector units at full use', constants.power.vectorFlops),
    share('memory at full bandwidth', constants.power.bytes),
    {
      name: 'exponent on the used share of the arithmetic units',
      value: constants.power.exponent,
      unit: '',
      from: fittedOn,
      verified: true,
    },
  ];
}
