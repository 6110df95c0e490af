/**
 * Language-model serving (vLLM, ML.ENERGY rows): the step of a batch as kernels, plus what
 * the host adds per step and per sequence, plus prefill of the sequences that enter.
 */
import type { Constants } from '../../server/src/energy/constants.js';
import { activeParams, type CountedLoad, type DecoderShape, decoderLoads } from '../../server/src/energy/decoder.js';
import type { PowerPart } from '../../server/src/energy/power.js';
import { makeTarget, type Target } from '../../server/src/energy/price.js';
import { deviceTime, logFactorOf } from '../../server/src/energy/time.js';
import type { Accelerator } from '../../server/src/hardware/accelerators.js';
import { devices, type MeasuredRow, modelShapes } from '../data.js';
import { boardPower, type PowerPoint } from './power.js';
import { leastAbsolute } from './search.js';

export interface ServingCase {
  readonly model: string;
  readonly device: string;
  readonly accelerator: Accelerator;
  readonly era: 'old' | 'new';
  readonly workload: string;
  readonly shape: DecoderShape;
  readonly batch: number;
  readonly output: number;
  readonly gpus: number;
  readonly weightBytes: number;
  readonly dtype: string;
  /** Seconds per step of the whole batch, W per GPU, J per output token over all GPUs. */
  readonly step_s: number;
  readonly power_W: number;
  readonly energy_J: number;
  readonly label: string;
}

export function decoderShape(id: string): DecoderShape | undefined {
  const m = modelShapes.find((one) => one.id === id && one.kind === 'llm');
  if (!m || m.heads == null || /encoder|mamba|rwkv|t5|switch/.test(m.family ?? '')) return undefined;
  const shape: DecoderShape = {
    layers: m.layers!,
    hidden: m.hidden!,
    heads: m.heads,
    kvHeads: m.kv_heads!,
    headDim: m.head_dim!,
    ffn: m.moe ? m.moe.moe_ffn : m.ffn!,
    gated: m.gated ?? true,
    vocab: m.vocab!,
    params: m.params_total!,
  };
  if (!m.moe) return shape;
  const layers = m.moe.moe_layers ?? m.layers! - (m.moe.first_dense_layers ?? 0);
  return {
    ...shape,
    experts: {
      count: m.moe.experts,
      perToken: m.moe.experts_per_token,
      shared: m.moe.shared_ffn > 0 ? 1 : 0,
      layers,
      denseFfn: m.ffn!,
    },
  };
}

const devicesOf: Readonly<Record<string, [string, 'old' | 'new']>> = {
  'NVIDIA A100-SXM4-40GB': ['a100-sxm4-40', 'old'],
  'NVIDIA H100 80GB HBM3': ['h100-sxm', 'old'],
  'NVIDIA H100 SXM5 80GB': ['h100-sxm', 'new'],
};

export function servingCases(rows: readonly MeasuredRow[]): ServingCase[] {
  const out: ServingCase[] = [];
  for (const row of rows) {
    if (
      !row.workload.startsWith('LLM serving (vLLM)') ||
      row.kind !== 'energy' ||
      /mllm|image|video/.test(row.workload)
    )
      continue;
    const [device, era] = devicesOf[row.hardware] ?? [];
    const shape = decoderShape(row.model);
    const output = Number(/output (\d+)/.exec(row.seq_or_img)?.[1]);
    if (!device || !era || !shape || !(output > 0) || row.gpus > 8) continue;
    const batch = row.extra.avg_batch;
    const quantised = row.dtype === 'fp8' ? 1 : row.dtype === 'mxfp4' ? 0.6 : 2;
    out.push({
      model: row.model,
      device,
      accelerator: devices.get(device)!,
      era,
      workload: `${era} ${row.workload.split(' ').pop()}`,
      shape,
      batch,
      output,
      gpus: row.gpus,
      weightBytes: quantised,
      dtype: row.dtype === 'fp8' ? 'float8_e4m3fn' : 'bfloat16',
      step_s: batch / row.throughput,
      power_W: row.power_W / row.gpus,
      energy_J: row.value,
      label: [row.model, device, era, row.workload, batch, row.gpus].join('|'),
    });
  }
  return out;
}

/** Searched, as logarithms. Prompt lengths are not in the rows: one per workload, fitted along. */
export const servingParameters = [
  'bandwidth',
  'stepNew',
  'sequenceNew',
  'stepOld',
  'sequenceOldA100',
  'sequenceOldH100',
  'allReduceNew',
  'prompt chat',
  'prompt code',
  'prompt arena',
  'prompt gpqa',
  'prompt fim',
  'ceiling',
  'allReduceOld',
  'sequenceOldTp',
  'linkNew',
  'linkOld',
  'expert',
  'onDeviceOld',
  'routing',
] as const;
export const servingStart = [
  0.75, 2e-3, 2e-5, 8e-3, 3e-4, 2e-4, 1.5e-5, 200, 300, 100, 250, 1500, 0.7, 4e-5, 5e-5, 0.4, 0.2, 0.8, 0.3, 1,
].map(Math.log);

const promptIndex: readonly [RegExp, number][] = [
  [/generation\/chat/, 7],
  [/code/, 8],
  [/arena/, 9],
  [/gpqa/, 10],
  [/fim/, 11],
];

export interface ServingPrediction {
  readonly step_s: number;
  /** The kernels of a step, and of the prefill of the sequences that enter in it. */
  readonly parts: readonly PowerPart[];
  /** In collectives. */
  readonly link_s: number;
  /** What sequences add: partly small kernels, partly the host. */
  readonly extra_s: number;
}

export function withServing(constants: Constants, logs: readonly number[]): Constants {
  return {
    ...constants,
    // as the engine serves: what sets a device apart in eager models is not what sets its serving apart
    deviceFactor: {},
    matrix: {
      ...constants.matrix,
      bandwidth: Math.exp(logs[0]),
      ceiling: { ...constants.matrix.ceiling, bf16: Math.exp(logs[12]), fp8: Math.exp(logs[12]) },
    },
  };
}

export function predictServing(
  one: ServingCase,
  constants: Constants,
  logs: readonly number[],
  targets: Map<string, Target>,
): ServingPrediction {
  let target = targets.get(one.device);
  if (!target) {
    target = makeTarget({ accelerator: one.accelerator, constants: withServing(constants, logs), compiled: true });
    targets.set(one.device, target);
  }
  const p = logs.map(Math.exp);
  const prompt = p[promptIndex.find(([pattern]) => pattern.test(one.workload))![1]];
  const common = { dtype: one.dtype, weightBytes: one.weightBytes, kvBytes: 2, share: 1 / one.gpus, routing: p[19] };
  const decode = decoderLoads(one.shape, {
    ...common,
    batch: one.batch,
    tokens: 1,
    context: prompt + one.output / 2,
    logits: 1,
  });
  const prefill = decoderLoads(one.shape, {
    ...common,
    batch: 1,
    tokens: prompt,
    context: prompt / 2,
    logits: 1 / prompt,
  });
  const d = sum(one, 'decode', decode, target, p[17]);
  const f = sum(one, 'prefill', prefill, target, p[17]);
  const entering = one.batch / one.output;
  const isNew = one.era === 'new';
  const perSequence = isNew ? p[2] : (one.device.startsWith('a100') ? p[4] : p[5]) + p[14] * (one.gpus - 1);
  const steps = (isNew ? p[1] : p[3]) + perSequence * one.batch;
  // Interconnect figures are bidirectional: half of it each way, of which a share is reached.
  const link = (one.accelerator.interconnect_GBps ?? 600) * 0.5e9 * (isNew ? p[15] : p[16]);
  const bytes = one.batch * one.shape.hidden * 2 * 2;
  const reduce =
    one.gpus === 1
      ? 0
      : 2 *
        one.shape.layers *
        ((isNew ? p[6] : p[13]) * Math.log2(one.gpus) + (bytes * (one.gpus - 1)) / one.gpus / link);
  const busy = d.busy + entering * f.busy;
  const extra = perSequence * one.batch;
  return {
    step_s: busy + reduce + steps,
    // as the engine prices them: the step as a whole, and the prefill
    parts: [partOf(d, 1), partOf(f, entering)],
    link_s: reduce,
    extra_s: extra,
  };
}

interface Sum {
  readonly busy: number;
  readonly compute: number;
  readonly memory: number;
}

const partOf = (sum: Sum, times: number): PowerPart => ({
  busy_s: sum.busy * times,
  compute_s: sum.compute * times,
  memory_s: sum.memory * times,
  matrix: true,
});

/** Efficiency factors of a case's small kernels, looked up once: they hardly depend on what is searched. */
const factors = new WeakMap<ServingCase, Map<string, number[]>>();

function sum(
  one: ServingCase,
  part: string,
  loads: readonly CountedLoad[],
  target: Target,
  expertEfficiency: number,
): Sum {
  let known = factors.get(one);
  if (!known) {
    known = new Map();
    factors.set(one, known);
  }
  let logs = known.get(part);
  if (!logs) {
    logs = loads.map(({ load }) => logFactorOf(load, target.accelerator, null, target.constants));
    known.set(part, logs);
  }
  let busy = 0;
  let compute = 0;
  let memory = 0;
  for (let i = 0; i < loads.length; i++) {
    const { load, count, expert } = loads[i];
    const t = deviceTime({ ...load, logFactor: logs[i] }, target.accelerator, target, target.constants);
    busy += Math.max(t.seconds / (expert ? expertEfficiency : 1), target.constants.host.compiled_s) * count;
    compute += t.compute_s * count;
    memory += t.memory_s * count;
  }
  return { busy, compute, memory };
}

export function fitServing(
  cases: readonly ServingCase[],
  constants: Constants,
  iterations: number,
  start: readonly number[] = servingStart,
): { x: number[]; loss: number } {
  const residuals = (x: readonly number[]) => {
    const targets = new Map<string, Target>();
    return Float64Array.from(cases, (one) => Math.log(predictServing(one, constants, x, targets).step_s / one.step_s));
  };
  const weight = new Float64Array(cases.length).fill(1);
  const found = leastAbsolute({ residuals, weight, pull: 0.001 }, start, iterations);
  return { x: found.x, loss: found.value };
}

/** The power model's view of a case: measured W per GPU against predicted use. */
export function powerPoint(one: ServingCase, use: ServingPrediction, measuredTime: boolean): PowerPoint {
  return {
    accelerator: one.accelerator,
    wall_s: measuredTime ? one.step_s : use.step_s,
    parts: use.parts,
    link_s: use.link_s,
    extra_s: use.extra_s,
    extraKind: one.era,
    power_W: one.power_W,
    model: one.model,
    device: one.device,
    suite: `serving ${one.era}`,
    label: one.label,
  };
}

export { activeParams, boardPower };
