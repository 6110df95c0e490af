/** Which dense peak a PyTorch dtype runs at on an accelerator, by the kind of operation. */
import type { Accelerator } from './accelerators.js';

export interface PeakRate {
  /** FLOP/s (integers: OP/s), dense. */
  readonly flops: number;
  /** The key of `peakDenseTflops` it was taken from. */
  readonly key: string;
  /** Runs on matrix units (tensor cores, MFMA, systolic arrays). */
  readonly matrix: boolean;
  readonly verified: boolean;
}

export interface PrecisionOptions {
  /** `torch.backends.cuda.matmul.allow_tf32`: off by default. */
  readonly tf32Matmul: boolean;
  /** `torch.backends.cudnn.allow_tf32`: on by default. */
  readonly tf32Conv: boolean;
}

const vectorKeys: Readonly<Record<string, readonly string[]>> = {
  float64: ['fp64'],
  complex128: ['fp64'],
};

const matrixKeys: Readonly<Record<string, readonly string[]>> = {
  float64: ['fp64_tensor', 'fp64_matrix', 'fp64'],
  complex128: ['fp64_tensor', 'fp64_matrix', 'fp64'],
  // Where a dtype has no matrix path, libraries compute in the next wider one.
  bfloat16: ['bf16', 'fp32'],
  float16: ['fp16', 'bf16', 'fp32'],
  complex32: ['fp16', 'bf16', 'fp32'],
  int8: ['int8', 'fp16', 'bf16', 'fp32'],
  uint8: ['int8', 'fp16', 'bf16', 'fp32'],
  qint8: ['int8', 'fp16', 'bf16', 'fp32'],
  quint8: ['int8', 'fp16', 'bf16', 'fp32'],
  int4: ['int4', 'int8', 'fp16', 'bf16', 'fp32'],
  uint4: ['int4', 'int8', 'fp16', 'bf16', 'fp32'],
  float4_e2m1fn_x2: ['nvfp4', 'fp4', 'fp8', 'bf16', 'fp32'],
};
const fp8Keys = ['fp8', 'bf16', 'fp16', 'fp32'];
const float32Keys = ['fp32_matrix', 'fp32', 'tf32', 'bf16'];
const tf32Keys = ['tf32', ...float32Keys];

/** Rates by dtype: vector units, matrix units without TF32, with TF32. Looked up for every kernel: no string is built. */
type Rates = readonly [Map<string, PeakRate | null>, Map<string, PeakRate | null>, Map<string, PeakRate | null>];
const cache = new WeakMap<Accelerator, Rates>();

function ratesOf(accelerator: Accelerator): Rates {
  let rates = cache.get(accelerator);
  if (!rates) {
    rates = [new Map(), new Map(), new Map()];
    cache.set(accelerator, rates);
  }
  return rates;
}

/** null when the table has no peak that the dtype could run at. */
export function matrixPeak(
  accelerator: Accelerator,
  dtype: string,
  isConv: boolean,
  options: PrecisionOptions,
): PeakRate | null {
  const tf32 = isConv ? options.tf32Conv : options.tf32Matmul;
  const rates = ratesOf(accelerator)[tf32 ? 2 : 1];
  let rate = rates.get(dtype);
  if (rate === undefined) {
    const plain = dtype.startsWith('float8') ? fp8Keys : matrixKeys[dtype];
    rate = rateOf(accelerator, plain ?? (tf32 ? tf32Keys : float32Keys), true);
    rates.set(dtype, rate);
  }
  return rate;
}

/** Rate of element-wise arithmetic (vector units). */
export function vectorPeak(accelerator: Accelerator, dtype: string): PeakRate | null {
  const rates = ratesOf(accelerator)[0];
  let rate = rates.get(dtype);
  if (rate === undefined) {
    rate = rateOf(accelerator, vectorKeys[dtype] ?? ['fp32', 'fp16', 'bf16'], false);
    rates.set(dtype, rate);
  }
  return rate;
}

function rateOf(accelerator: Accelerator, keys: readonly string[], matrix: boolean): PeakRate | null {
  const key = keys.find((one) => typeof accelerator.peakDenseTflops[one] === 'number');
  if (key === undefined) return null;
  return {
    flops: accelerator.peakDenseTflops[key]! * 1e12,
    key,
    matrix: matrix && key !== 'fp32' && key !== 'fp64',
    verified: !accelerator.unverified.includes(`peak.${key}`),
  };
}
