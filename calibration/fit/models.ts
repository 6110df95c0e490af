/**
 * Whole models run by PyTorch (timm, NeuSight, Lambda): kernels as traced, priced by the
 * engine's own code, and the few constants of matrix units, fusion and backward fitted so
 * that the sums meet the measured times.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Constants } from '../../server/src/energy/constants.js';
import { makeTarget, priceLoad, type Target } from '../../server/src/energy/price.js';
import { deviceTime, type KernelLoad, logFactorOf } from '../../server/src/energy/time.js';
import type { Accelerator } from '../../server/src/hardware/accelerators.js';
import type { Work } from '../../server/src/torch/kernel.js';
import { devices, type MeasuredRow, root } from '../data.js';
import { leastAbsolute } from './search.js';

type Pair = [number, number];
/** [count, kind, fields, flops, elementwise, elements, weight elements], each [constant, per sample]. */
type TracedKernel = [number, string, Pair[], Pair, Pair, Pair, Pair];
type Traced = Record<string, { params: number; kernels: TracedKernel[] }>;

const traced: Traced = JSON.parse(readFileSync(join(root, 'calibration/data/model_kernels.json'), 'utf8'));

export interface ModelCase {
  readonly model: string;
  readonly device: string;
  readonly accelerator: Accelerator;
  readonly suite: string;
  readonly loads: readonly { load: KernelLoad; launches: number; count: number }[];
  readonly compiled: boolean;
  readonly training: boolean;
  readonly measured: number;
  readonly label: string;
  readonly dtype: string;
}

const at = (pair: Pair, batch: number) => pair[0] + pair[1] * batch;

function workOf(kind: string, f: readonly number[]): Work {
  switch (kind) {
    case 'gemm':
      return { kind: 'gemm', batch: f[0], m: f[1], n: f[2], k: f[3] };
    case 'conv':
      return {
        kind: 'conv',
        groups: f[0],
        m: f[1],
        n: f[2],
        k: f[3],
        spatialDims: 2,
        kernelPositions: f[4],
        transposed: false,
        depthwise: f[5] === 1,
      };
    case 'attention':
      return {
        kind: 'attention',
        heads: f[0],
        kvHeads: f[0],
        s: f[1],
        t: f[2],
        d: f[3],
        dv: f[4],
        causal: false,
        masked: false,
      };
    default:
      return { kind: 'memory', pattern: kind as 'elementwise', rows: f[0], cols: f[1] };
  }
}

/** The loads of one call of a traced model at a batch size; training adds backward and the optimiser's pass over the weights. */
export function loadsOf(
  key: string,
  batch: number,
  dtype: string,
  training: boolean,
  optimiserPasses: number,
): ModelCase['loads'] {
  const model = traced[key];
  const size = dtype === 'float32' ? 4 : 2;
  const out: { load: KernelLoad; launches: number; count: number }[] = [];
  for (const [count, kind, fields, flops, elementwise, elements] of model.kernels) {
    const work = workOf(
      kind,
      fields.map((pair) => at(pair, batch)),
    );
    const load: KernelLoad = {
      work,
      flops: at(flops, batch),
      elementwise: at(elementwise, batch),
      bytes: at(elements, batch) * size,
      dtype,
    };
    out.push({ load, launches: 1, count });
    if (training) {
      const matrix = kind === 'gemm' || kind === 'conv' || kind === 'attention';
      const bytes = load.bytes * (matrix ? 2 : 1.5);
      out.push({
        load: { ...load, flops: load.flops * (kind === 'attention' ? 2.5 : 2), bytes, backward: true },
        launches: matrix ? 2 : 1,
        count,
      });
    }
  }
  if (training && optimiserPasses > 0) {
    const bytes = model.params * 4 * optimiserPasses;
    const work: Work = { kind: 'memory', pattern: 'elementwise', rows: 1, cols: model.params };
    out.push({
      load: { work, flops: 0, elementwise: model.params * 4, bytes, dtype: 'float32' },
      launches: 4,
      count: 1,
    });
  }
  return out;
}

const deviceNames: Readonly<Record<string, string>> = {
  'NVIDIA RTX 3090': 'rtx-3090',
  'RTX 3090': 'rtx-3090',
  'NVIDIA RTX 4090': 'rtx-4090',
  'RTX 4090': 'rtx-4090',
  'NVIDIA RTX PRO 6000 Max-Q': 'rtx-pro-6000-maxq',
  'NVIDIA A100-PCIE-40GB': 'a100-pcie-40',
  'NVIDIA A100 80GB PCIe': 'a100-pcie-80',
  'NVIDIA L4': 'l4',
  'Tesla P100-PCIE-16GB': 'p100-pcie-16',
  'Tesla P4': 'p4',
  'Tesla T4': 't4',
  'Tesla V100-PCIE-32GB': 'v100-pcie-32',
  'AMD Instinct MI100': 'mi100',
  'AMD Instinct MI210': 'mi210',
  'AMD Instinct MI250': 'mi250',
  'Quadro RTX 8000': 'quadro-rtx-8000',
  'LambdaCloud V100 16GB': 'v100-sxm2-16',
  'LambdaCloud A10': 'a10',
  'LambdaCloud A100 40GB PCIe': 'a100-pcie-40',
  'A100 80GB PCIe': 'a100-pcie-80',
  'A100 80GB SXM4': 'a100-sxm4-80',
  'RTX 6000 Ada': 'rtx-6000-ada',
  'H100 80GB PCIe Gen5': 'h100-pcie',
  'H100 80GB SXM5': 'h100-sxm',
};

const squad: Readonly<Record<string, string>> = {
  bert_base_squad: 'bert_base@384',
  bert_large_squad: 'bert_large@384',
  resnet50: 'resnet50@224',
};

/** The measured rows that a trace exists for. */
export function modelCases(rows: readonly MeasuredRow[], constants: Constants): ModelCase[] {
  const out: ModelCase[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const device = deviceNames[row.hardware];
    const accelerator = device === undefined ? undefined : devices.get(device);
    if (!accelerator || row.gpus !== 1 || !(row.batch > 0)) continue;
    let key: string | undefined;
    let suite = '';
    let dtype = 'float16';
    let seconds = Number.NaN;
    let passes = 0;
    if (row.workload.startsWith('timm')) {
      key = `${row.model}@${row.seq_or_img}`;
      suite = row.workload.includes('compile')
        ? 'timm compiled'
        : row.phase === 'training'
          ? 'timm training'
          : 'timm eager';
      seconds = row.batch / row.throughput;
      passes = row.phase === 'training' ? 5 : 0;
    } else if (row.workload.startsWith('NeuSight')) {
      key = `${row.model}@${row.seq_or_img.replace('seq ', '')}`;
      suite = row.phase === 'training' ? 'NeuSight training' : 'NeuSight inference';
      dtype = 'float32';
      seconds = row.value / 1000;
    } else if (row.workload.startsWith('PyTorch training throughput')) {
      key = squad[row.model];
      suite = 'Lambda training';
      dtype = row.dtype.startsWith('fp16') ? 'float16' : 'float32';
      seconds = row.batch / row.value;
      passes = row.model === 'resnet50' ? 5 : 7;
    }
    if (key === undefined || traced[key] === undefined || !(seconds > 0)) continue;
    const id = [key, device, suite, row.batch, dtype, row.workload].join('|');
    if (seen.has(id)) continue;
    seen.add(id);
    const training = row.phase === 'training';
    const target = makeTarget({ accelerator, constants, tf32Matmul: suite === 'Lambda training' });
    const loads = loadsOf(key, row.batch, dtype, training, passes).map((one) => {
      const rate = deviceTime(one.load, accelerator, target, constants).rate;
      return { ...one, load: { ...one.load, logFactor: logFactorOf(one.load, accelerator, rate, constants) } };
    });
    out.push({
      model: row.model,
      device,
      accelerator,
      suite,
      loads,
      compiled: suite === 'timm compiled',
      training,
      measured: seconds,
      label: id,
      dtype,
    });
  }
  return out;
}

/** Seconds of a case under constants. */
export function timeOf(one: ModelCase, constants: Constants, targets: Map<string, Target>): number {
  const id = `${one.device}|${one.compiled}|${one.suite === 'Lambda training'}`;
  let target = targets.get(id);
  if (!target) {
    target = makeTarget({
      accelerator: one.accelerator,
      constants,
      compiled: one.compiled,
      tf32Matmul: one.suite === 'Lambda training',
    });
    targets.set(id, target);
  }
  let sum = 0;
  for (const { load, launches, count } of one.loads) sum += priceLoad(load, launches, target).time_s * count;
  return sum;
}

/** What the whole-model fit sets, as logarithms in this order. */
export const parameters = [
  'ceiling.fp16',
  'ceiling.tf32',
  'ceiling.fp32',
  'conv',
  'grouped',
  'depthwiseBandwidth',
  'attention',
  'halfDepth',
  'fusedTraffic',
  'pattern.norm',
  'pattern.elementwise',
  'convBandwidth',
  'powerExponent',
  'backward.matrix',
  'backward.memory',
] as const;

export function withParameters(constants: Constants, logs: readonly number[]): Constants {
  const [
    fp16,
    tf32,
    fp32,
    conv,
    grouped,
    depthwiseBandwidth,
    attention,
    halfDepth,
    fusedTraffic,
    norm,
    elementwise,
    convBandwidth,
    powerExponent,
    backMatrix,
    backMemory,
  ] = logs.map(Math.exp);
  const matrix = {
    ...constants.matrix,
    ceiling: { ...constants.matrix.ceiling, fp16, bf16: fp16, tf32, fp32, fp32_matrix: tf32, other: fp16 },
    conv,
    grouped,
    depthwiseBandwidth,
    attention,
    halfDepth,
    convBandwidth,
    powerExponent,
  };
  const pattern = { ...constants.pattern, norm, elementwise, copy: elementwise, pool: elementwise };
  return {
    ...constants,
    backward: { matrix: backMatrix, memory: backMemory },
    matrix,
    pattern,
    host: { ...constants.host, fusedTraffic },
  };
}

export const startParameters = [0.75, 0.7, 0.7, 0.8, 0.6, 0.5, 0.6, 64, 0.45, 0.9, 0.9, 0.6, 0.1, 0.9, 0.9].map(
  Math.log,
);

export function fitModels(
  cases: readonly ModelCase[],
  constants: Constants,
  iterations: number,
  start: readonly number[] = startParameters,
): { constants: Constants; x: number[]; loss: number } {
  // Suites weigh the same by the root of their size: many rows of one suite must not drown a small one.
  const perSuite = new Map<string, number>();
  for (const one of cases) perSuite.set(one.suite, (perSuite.get(one.suite) ?? 0) + 1);
  const weights = cases.map((one) => 1 / Math.sqrt(perSuite.get(one.suite)!));
  const residuals = (x: readonly number[]) => {
    const trial = withParameters(constants, x);
    const targets = new Map<string, Target>();
    return Float64Array.from(cases, (one) => Math.log(timeOf(one, trial, targets) / one.measured));
  };
  const found = leastAbsolute({ residuals, weight: Float64Array.from(weights), pull: 0.002 }, start, iterations);
  return { constants: withParameters(constants, found.x), x: found.x, loss: found.value };
}

/** Median of measured / predicted per device, shrunk as if four more cases agreed with the model. */
export function deviceFactors(cases: readonly ModelCase[], constants: Constants): Record<string, number> {
  const logs = new Map<string, number[]>();
  const targets = new Map<string, Target>();
  for (const one of cases) {
    const list = logs.get(one.device) ?? [];
    list.push(Math.log(one.measured / timeOf(one, constants, targets)));
    logs.set(one.device, list);
  }
  return Object.fromEntries(
    [...logs].map(([device, list]) => {
      const middle = list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
      return [device, Number(Math.exp((middle * list.length) / (list.length + 4)).toPrecision(4))];
    }),
  );
}
