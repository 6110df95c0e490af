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
  /** Part of a backward pass. */
  readonly backward?: boolean;
  /** ln(time / roofline) where it was looked up before for this load and device: calibration prices the same loads many times. */
  readonly logFactor?: number;
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
  const forward = busySeconds(load, accelerator, rate, compute_s, memory_s, constants);
  const own = constants.deviceFactor[accelerator.id] ?? 1;
  const seconds =
    (forward * own) / (load.backward === true ? constants.backward[isMatrixWork ? 'matrix' : 'memory'] : 1);
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
  if (work.kind === 'memory') {
    const factor = load.logFactor ?? logFactorOf(load, accelerator, rate, constants);
    const pattern = constants.pattern[work.pattern] ?? constants.pattern['other'];
    return Math.max((roof * Math.exp(factor)) / pattern, roof + constants.matrix.ramp_s);
  }
  if (rate === null) return Number.NaN;
  if (work.kind === 'gemm' && !rate.matrix) {
    return roof * Math.exp(load.logFactor ?? logFactorOf(load, accelerator, rate, constants));
  }
  return matrixUnits(work, accelerator, rate, compute_s, memory_s, constants);
}

/** ln(time / roofline) of the classes that were measured kernel by kernel; 0 for the others. */
export function logFactorOf(
  load: KernelLoad,
  accelerator: Accelerator,
  rate: PeakRate | null,
  constants: Constants,
): number {
  const { work } = load;
  if (work.kind === 'gemm' && rate !== null && !rate.matrix) {
    const { batch, m, n, k } = work;
    return evaluate(constants.kernel.gemm, gemmVector(batch, m, n, k, load.bytes, deviceOf(accelerator, rate.flops)));
  }
  if (work.kind !== 'memory') return 0;
  const vector = vectorPeak(accelerator, 'float32');
  const device = deviceOf(accelerator, vector?.flops ?? Number.NaN);
  const className = classOf(work) as 'elementwise' | 'softmax' | 'norm';
  // Element-wise kernels have no rows: their size is their traffic.
  const flat = className === 'elementwise';
  const rows = flat ? 1 : Math.max(work.rows, 1);
  const cols = flat ? Math.max(load.bytes / 8, 1) : Math.max(work.cols, 1);
  const bytes = Math.max(load.bytes, 1);
  const ensemble = constants.kernel[className];
  const known = knownFactors(ensemble, accelerator);
  const key = `${rows},${cols},${bytes}`;
  let factor = known.get(key);
  if (factor === undefined) {
    factor = evaluate(ensemble, memoryVector(rows, cols, bytes, device));
    known.set(key, factor);
  }
  return factor;
}

const mostFactors = 50_000;
const factors = new WeakMap<object, WeakMap<Accelerator, Map<string, number>>>();

/** Factors by geometry: while code is typed in, the kernels of equal layers come again and again as new objects. */
function knownFactors(ensemble: object, accelerator: Accelerator): Map<string, number> {
  let byDevice = factors.get(ensemble);
  if (byDevice === undefined) {
    byDevice = new WeakMap();
    factors.set(ensemble, byDevice);
  }
  let known = byDevice.get(accelerator);
  if (known === undefined || known.size > mostFactors) {
    known = new Map();
    byDevice.set(accelerator, known);
  }
  return known;
}

/** W per TFLOP/s of an A100 SXM in bf16: where the power exponent has no effect. */
const referenceWatts = 1.28;

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
  const tdp = accelerator.tdp_W;
  const wattsPerTflop = tdp === null ? referenceWatts : Math.min(tdp / (rate.flops / 1e12), 8);
  const ceiling =
    m.measuredCeiling?.[rate.key] ??
    (m.ceiling[rate.key] ?? m.ceiling['other']) * (wattsPerTflop / referenceWatts) ** m.powerExponent;
  const sms = accelerator.smCount ?? 132;
  const memory = memory_s / (work.kind === 'conv' ? m.convBandwidth : m.bandwidth);
  if (work.kind === 'attention') {
    // Short sequences leave the pipeline half empty.
    const length = work.t;
    return Math.max(compute_s / (ceiling * m.attention * (length / (length + m.halfLength))), memory) + m.ramp_s;
  }
  if (work.kind === 'conv' && work.depthwise)
    return Math.max(compute_s / ceiling, memory_s / m.depthwiseBandwidth) + m.ramp_s;
  const isConv = work.kind === 'conv';
  const share =
    (isConv ? ceiling * m.conv * (work.groups > 1 ? m.grouped : 1) : ceiling) * (work.k / (work.k + m.halfDepth));
  const batch = isConv ? work.groups : work.batch;
  return Math.max(compute_s / (share * waveFill(batch, work.m, work.n, sms)), memory) + m.ramp_s;
}
