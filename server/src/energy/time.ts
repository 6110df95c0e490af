/**
 * How long one kernel keeps the device busy. A roofline,
 * max(FLOPs / peak, bytes / bandwidth) [Williams, Waterman, Patterson 2009], divided by an
 * efficiency fitted to measured kernels by class, size and shape.
 */
import type { Accelerator } from '../hardware/accelerators.js';
import { matrixPeak, type PeakRate, type PrecisionOptions, vectorPeak } from '../hardware/peaks.js';
import type { Work } from '../torch/kernel.js';
import type { Constants } from './constants.js';
import { deviceOf } from './device.js';
import { gemmVector, memoryVector } from './features.js';
import { evaluate } from './trees.js';

export interface KernelLoad {
  readonly work: Work;
  /** 2 per multiply-add. */
  readonly flops: number;
  /** Element-wise operations outside `flops`. */
  readonly elementwise: number;
  readonly bytes: number;
  /** PyTorch dtype name the arithmetic runs in. */
  readonly dtype: string;
}

export interface DeviceTime {
  /** Seconds the device is busy, launch not included. NaN when the load is not known. */
  readonly seconds: number;
  /** Seconds at the dense peak, and at the peak bandwidth. */
  readonly compute_s: number;
  readonly memory_s: number;
  readonly bound: 'compute' | 'memory';
  readonly rate: PeakRate | null;
  /** Efficiency class whose constants were used: what `explain` names. */
  readonly class: string;
}

const softmaxLike = new Set(['softmax', 'scan', 'sort']);
const normLike = new Set(['norm', 'reduction']);

/** Class of the fitted efficiency that a kernel uses. */
export function classOf(work: Work): string {
  if (work.kind === 'memory') {
    if (softmaxLike.has(work.pattern)) return 'softmax';
    return normLike.has(work.pattern) ? 'norm' : 'elementwise';
  }
  return work.kind;
}

/** Seconds at full efficiency and the class; then `constants` make them real. */
export function deviceTime(
  load: KernelLoad,
  accelerator: Accelerator,
  precision: PrecisionOptions,
  constants: Constants,
): DeviceTime {
  const { work } = load;
  const vector = vectorPeak(accelerator, load.dtype);
  const isMatrixWork = work.kind === 'gemm' || work.kind === 'conv' || work.kind === 'attention';
  const rate = isMatrixWork ? matrixPeak(accelerator, load.dtype, work.kind === 'conv', precision) : vector;
  const bandwidth = accelerator.bandwidth_GBps * 1e9;
  const peak = rate?.flops ?? Number.NaN;
  const vectorRate = vector?.flops ?? Number.NaN;
  const memory_s = load.bytes / bandwidth;
  const arithmetic_s = load.elementwise === 0 ? 0 : load.elementwise / vectorRate;
  const compute_s = (load.flops === 0 ? 0 : load.flops / peak) + arithmetic_s;
  const className = classOf(work);
  const seconds = busySeconds(load, accelerator, rate, compute_s, memory_s, constants);
  return { seconds, compute_s, memory_s, bound: compute_s > memory_s ? 'compute' : 'memory', rate, class: className };
}

function busySeconds(
  load: KernelLoad,
  accelerator: Accelerator,
  rate: PeakRate | null,
  compute_s: number,
  memory_s: number,
  constants: Constants,
): number {
  const { work } = load;
  const roof = Math.max(compute_s, memory_s);
  if (work.kind === 'view' || roof === 0) return 0;
  if (Number.isNaN(roof)) return Number.NaN;
  if (work.kind === 'memory') return memoryBound(load, work, accelerator, roof, constants);
  if (rate === null) return Number.NaN;
  if (work.kind === 'gemm' && !rate.matrix) {
    const { batch, m, n, k } = work;
    const vector = gemmVector(batch, m, n, k, load.bytes, deviceOf(accelerator, rate.flops));
    return roof * Math.exp(evaluate(constants.kernel.gemm, vector));
  }
  return matrixUnits(work, accelerator, rate, compute_s, memory_s, constants);
}

function memoryBound(
  load: KernelLoad,
  work: Work & { kind: 'memory' },
  accelerator: Accelerator,
  roof: number,
  constants: Constants,
): number {
  const vector = vectorPeak(accelerator, 'float32');
  const device = deviceOf(accelerator, vector?.flops ?? Number.NaN);
  const className = classOf(work) as 'elementwise' | 'softmax' | 'norm';
  const rows = Math.max(work.rows, 1);
  const cols = Math.max(work.cols, 1);
  const features = memoryVector(rows, cols, Math.max(load.bytes, 1), device);
  return (
    (roof * Math.exp(evaluate(constants.kernel[className], features))) /
    (constants.pattern[work.pattern] ?? constants.pattern['other'])
  );
}

/** Full waves of 128 x 128 output tiles over the multiprocessors, 0..1. */
function waveFill(batch: number, m: number, n: number, sms: number): number {
  const tiles = (batch * Math.ceil(m / 128) * Math.ceil(n / 128)) / sms;
  // Split-K and smaller tiles fill part of what a lone wave leaves empty: a square root, between none and all.
  return Math.sqrt(tiles / Math.ceil(tiles));
}

/** GEMM, convolution and attention on matrix units (and convolutions on vector units). */
function matrixUnits(
  work: Exclude<Work, { kind: 'memory' } | { kind: 'view' }>,
  accelerator: Accelerator,
  rate: PeakRate,
  compute_s: number,
  memory_s: number,
  constants: Constants,
): number {
  const m = constants.matrix;
  const ceiling = m.ceiling[rate.key] ?? m.ceiling['other'];
  const sms = accelerator.smCount ?? 132;
  if (work.kind === 'attention') {
    return Math.max(compute_s / (ceiling * m.attentionFused), memory_s / m.bandwidth) + m.ramp_s;
  }
  if (work.kind === 'conv' && work.depthwise)
    return Math.max(compute_s / ceiling, memory_s / m.depthwiseBandwidth) + m.ramp_s;
  const share = work.kind === 'conv' ? ceiling * m.conv : ceiling;
  const batch = work.kind === 'conv' ? work.groups : work.batch;
  return Math.max(compute_s / (share * waveFill(batch, work.m, work.n, sms)), memory_s / m.bandwidth) + m.ramp_s;
}
