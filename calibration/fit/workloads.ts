/**
 * Rows that are neither traced models nor served: Hugging Face `generate()` at batch 1
 * (what the host costs in eager mode), diffusion pipelines, ResNet-50 training epochs.
 */
import type { Constants } from '../../server/src/energy/constants.js';
import { decoderLoads } from '../../server/src/energy/decoder.js';
import type { PowerPart } from '../../server/src/energy/power.js';
import { makeTarget, type Target } from '../../server/src/energy/price.js';
import { type DeviceTime, deviceTime, logFactorOf } from '../../server/src/energy/time.js';
import type { Accelerator } from '../../server/src/hardware/accelerators.js';
import { devices, type MeasuredRow, modelShapes } from '../data.js';
import { loadsOf, type ModelCase } from './models.js';
import type { PowerPoint } from './power.js';
import { leastAbsolute } from './search.js';
import { decoderShape } from './serving.js';

/** Predicted seconds and use, beside the measured figures. */
export interface Use {
  readonly wall_s: number;
  readonly parts: readonly PowerPart[];
}

export interface WorkCase {
  readonly model: string;
  readonly device: string;
  readonly accelerator: Accelerator;
  readonly suite: 'generate' | 'diffusion' | 'training epoch';
  readonly measured_s: number;
  readonly power_W: number;
  readonly label: string;
  /** Kernel launches of one unit of work. */
  readonly launches: number;
  readonly use: (constants: Constants, logs: readonly number[]) => Use;
}

/** Searched as logarithms: eager host seconds per launch; diffusion: efficiency, TFLOP per call at half of it, memory/compute ratio, host seconds per denoiser call. */
export const workParameters = [
  'eager_s',
  'diffusion',
  'halfTflop',
  'memoryRatio',
  'call_s',
  'powerExponent',
  'host of the A100 machine',
  'host of the A40 machine',
  'host of the V100 machine',
] as const;

/** Machines of the `generate()` rows: their processors differ, which eager code shows. */
const machines: Readonly<Record<string, number>> = { 'a100-sxm4-80': 6, a40: 7, 'v100-sxm2-16': 8 };
export const workStart = [2.5e-5, 0.55, 0.3, 0.4, 0.02, 0.5, 1, 1, 1].map(Math.log);

const names: Readonly<Record<string, string>> = {
  'NVIDIA A40': 'a40',
  'NVIDIA A100': 'a100-sxm4-80',
  'NVIDIA V100': 'v100-sxm2-16',
  'NVIDIA A100-SXM4-40GB': 'a100-sxm4-40',
  'NVIDIA H100 80GB HBM3': 'h100-sxm',
  'NVIDIA H100 SXM5 80GB': 'h100-sxm',
  'NVIDIA Quadro RTX 6000': 'quadro-rtx-6000',
  'NVIDIA P100': 'p100-pcie-16',
  'NVIDIA V100 (250 W cap)': 'v100-pcie-32',
};

/** Kernels per layer of a decode step, from traced steps (Llama: 1,362 kernels in 32 layers, Bloom: 25 a layer). */
const kernelsPerLayer = (family: string | undefined) => (family === 'bloom' ? 25 : 42.5);

function generateUse(row: MeasuredRow, accelerator: Accelerator): { use: WorkCase['use']; launches: number } | null {
  const shape = decoderShape(row.model);
  const response = Number(/response (\d+)/.exec(row.seq_or_img)?.[1]);
  if (!shape || !(response > 0)) return null;
  const loads = decoderLoads(shape, {
    batch: 1,
    tokens: 1,
    context: 100 + response / 2,
    dtype: 'float16',
    weightBytes: 2,
    kvBytes: 2,
    share: 1,
    logits: 1,
  });
  const heavy = loads.filter(({ load }) => load.work.kind === 'gemm');
  const family = modelShapes.find((one) => one.id === row.model)?.family;
  const launches = kernelsPerLayer(family) * shape.layers;
  const use: WorkCase['use'] = (constants, logs) => {
    const eager = Math.exp(logs[0] + (logs[machines[accelerator.id] ?? -1] ?? 0));
    const target = makeTarget({ accelerator, constants });
    let wall = 0;
    const parts: PowerPart[] = [];
    let heavyLaunches = 0;
    for (const { load, count } of heavy) {
      const t = deviceTime(load, accelerator, target, constants);
      // A fused query-key-value or gate-up projection of the shape is two to three launches here.
      wall += Math.max(t.seconds, eager) * count;
      parts.push(partOf(t, count));
      heavyLaunches += count;
    }
    const small = launches - heavyLaunches;
    // Small kernels: a few microseconds of device time each.
    parts.push({ busy_s: small * constants.matrix.ramp_s, compute_s: 0, memory_s: 0, matrix: false });
    return { wall_s: wall + small * eager, parts };
  };
  return { use, launches };
}

function diffusionUse(row: MeasuredRow, accelerator: Accelerator): { use: WorkCase['use']; launches: number } | null {
  const shape = modelShapes.find((one) => one.id === row.model && one.kind === 'diffusion');
  const steps = Number(/(\d+) steps/.exec(row.seq_or_img)?.[1]) || shape?.steps;
  if (!shape?.gflops_per_eval || !steps) return null;
  // Calls without guidance ran one evaluation per step.
  const evals = shape.evals_per_step ?? 1;
  const perCall = shape.gflops_per_eval * 1e9 * evals * row.batch;
  const vae = (shape.vae_decode_gflops ?? 0) * 1e9 * row.batch;
  const peak = (accelerator.peakDenseTflops['bf16'] ?? accelerator.peakDenseTflops['fp16'])! * 1e12;
  const watts = accelerator.tdp_W! / (peak / 1e12) / 1.28;
  const use: WorkCase['use'] = (_constants, logs) => {
    const [, efficiency, half, ratio, call, exponent] = logs.map(Math.exp);
    const eta = efficiency * watts ** exponent * (perCall / (perCall + half * 1e12));
    const compute = (perCall * steps + vae) / peak;
    const balance = peak / (accelerator.bandwidth_GBps * 1e9) / 295;
    const busy = compute / eta;
    return {
      wall_s: Math.max(busy, steps * call) + 0.05 * busy,
      parts: [{ busy_s: busy, compute_s: compute, memory_s: compute * ratio * balance, matrix: true }],
    };
  };
  return { use, launches: steps };
}

export function workCases(rows: readonly MeasuredRow[]): WorkCase[] {
  const out: WorkCase[] = [];
  for (const row of rows) {
    const device = names[row.hardware];
    const accelerator = device === undefined ? undefined : devices.get(device);
    if (!accelerator || row.gpus !== 1 || !(row.power_W > 0)) continue;
    let suite: WorkCase['suite'];
    let found: { use: WorkCase['use']; launches: number } | null = null;
    let measured = Number.NaN;
    if (row.workload.startsWith('LLM chat (HF')) {
      suite = 'generate';
      found = generateUse(row, accelerator);
      measured = 1 / row.throughput;
    } else if (/diffusion/.test(row.workload) && !/video/.test(row.workload)) {
      suite = 'diffusion';
      found = diffusionUse(row, accelerator);
      measured = row.batch / row.throughput;
    } else if (row.workload === 'training epoch: imagenet' && atFullPower(row, accelerator)) {
      suite = 'training epoch';
      found = trainingUse(row, accelerator);
      measured = row.batch / row.throughput;
    } else continue;
    if (!found || !(measured > 0)) continue;
    out.push({
      model: row.model,
      device: device!,
      accelerator,
      suite,
      measured_s: measured,
      power_W: row.power_W,
      label: [row.model, device, row.workload, row.batch, row.seq_or_img].join('|'),
      ...found,
    });
  }
  return out;
}

const partOf = (t: DeviceTime, count: number): PowerPart => ({
  busy_s: t.seconds * count,
  compute_s: t.compute_s * count,
  memory_s: t.memory_s * count,
  matrix: t.rate?.matrix ?? false,
});

function atFullPower(row: MeasuredRow, accelerator: Accelerator): boolean {
  return row.extra.power_limit_W >= accelerator.tdp_W! * 0.95 && row.batch >= 32;
}

function trainingUse(row: MeasuredRow, accelerator: Accelerator): { use: WorkCase['use']; launches: number } {
  const loads: ModelCase['loads'] = loadsOf('resnet50@224', row.batch, 'float32', true, 5);
  const launches = loads.reduce((sum, one) => sum + one.launches * one.count, 0);
  const factors: number[] = [];
  const use: WorkCase['use'] = (constants) => {
    const target: Target = makeTarget({ accelerator, constants });
    let wall = 0;
    const parts: PowerPart[] = [];
    for (let i = 0; i < loads.length; i++) {
      const { load, launches: n, count } = loads[i];
      factors[i] ??= logFactorOf(load, accelerator, null, constants);
      const t = deviceTime({ ...load, logFactor: factors[i] }, accelerator, target, constants);
      wall += Math.max(t.seconds, n * constants.host.eager_s * 0.5) * count;
      parts.push(partOf(t, count));
    }
    return { wall_s: wall, parts };
  };
  return { use, launches };
}

export function fitWork(cases: readonly WorkCase[], constants: Constants, iterations: number): number[] {
  const searched = cases.filter((one) => one.suite !== 'training epoch');
  const residuals = (x: readonly number[]) =>
    Float64Array.from(searched, (one) => Math.log(one.use(constants, x).wall_s / one.measured_s));
  const weight = new Float64Array(searched.length).fill(1);
  return leastAbsolute({ residuals, weight, pull: 0.001 }, workStart, iterations).x;
}

export function workPoint(one: WorkCase, use: Use, measuredTime: boolean): PowerPoint {
  return {
    ...use,
    wall_s: measuredTime ? one.measured_s : use.wall_s,
    accelerator: one.accelerator,
    power_W: one.power_W,
    model: one.model,
    device: one.device,
    suite: one.suite,
    label: one.label,
  };
}
