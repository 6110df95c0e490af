/** Reductions: sums, means, extrema, norms, variance; results over dims with `keepdim`. */
import { raise } from '../../python/errors.js';
import type { Value } from '../../python/values.js';
import { type DType, dtypes } from '../dtype.js';
import { StructSequence } from '../objects.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type Bound, type OperatorDeclaration, op } from '../operator.js';
import { castValue, isComplex, isDifferentiable, isIntegral, scalarTypeName, toRealDType } from '../promote.js';
import { wrapDim, wrapDims } from '../strides.js';
import { numelOf, TensorValue } from '../tensor.js';
import { to } from './copy.js';
import { binary } from './elementwise.js';
import { foldValues } from './known.js';
import { rules } from './pointwise.js';

export function reducedShape(t: TensorValue, dims: readonly number[], keepdim: boolean): number[] {
  return keepdim ? t.shape.map((d, i) => (dims.includes(i) ? 1 : d)) : t.shape.filter((_, i) => !dims.includes(i));
}

/** All dims when none are named. */
export function allDims(t: TensorValue, dims: readonly number[] | null): number[] {
  if (dims === null || dims.length === 0) return t.shape.map((_, i) => i);
  return wrapDims(dims, t.ndim).filter((d) => d < t.ndim);
}

interface Reduction {
  readonly name: string;
  readonly dtype: DType;
  readonly fold?: (line: number[]) => number;
  readonly saved?: readonly TensorValue[];
  readonly differentiable?: boolean;
  readonly out?: TensorValue | null;
  readonly elementwise?: number;
}

export function reduce(
  c: OpCall,
  t: TensorValue,
  dims: readonly number[],
  keepdim: boolean,
  r: Reduction,
): TensorValue {
  const shape = reducedShape(t, dims, keepdim);
  const values = r.fold === undefined ? null : foldValues(t, dims, r.fold);
  const result = c.make(shape, r.dtype, t.device, values?.map((x) => castValue(x, r.dtype)) ?? null);
  const cols = numelOf(dims.map((d) => t.shape[d]!));
  c.emit(r.name, [t, r.out], [result], {
    elementwise: r.elementwise ?? t.numel,
    work: memoryWork('reduction', result.numel, cols),
    saved: r.saved ?? [],
    ...(r.differentiable === undefined ? {} : { differentiable: r.differentiable }),
  });
  return c.intoOut(result, r.out);
}

export const sumDType = (d: DType): DType => (isIntegral(d) ? dtypes.int64 : d);
const total = (line: number[]): number => line.reduce((a, b) => a + b, 0);

export const noComplexNan = (t: TensorValue): void => {
  if (isComplex(t.dtype)) raise('RuntimeError', 'nansum on CPU does not support complex inputs');
};

export function reduceSum(
  c: OpCall,
  t: TensorValue,
  dims: readonly number[] | null,
  keepdim: boolean,
  dtype: DType | null = null,
  name = 'sum',
  out: TensorValue | null = null,
): TensorValue {
  return reduce(c, t, allDims(t, dims), keepdim, { name, dtype: dtype ?? sumDType(t.dtype), fold: total, out });
}

export function mean(
  c: OpCall,
  t: TensorValue,
  dims: readonly number[] | null,
  keepdim: boolean,
  dtype: DType | null = null,
  out: TensorValue | null = null,
): TensorValue {
  const d = dtype ?? t.dtype;
  if (isIntegral(d)) {
    raise(
      'RuntimeError',
      `mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${scalarTypeName(t.dtype)}`,
    );
  }
  return reduce(c, t, allDims(t, dims), keepdim, { name: 'mean', dtype: d, fold: (l) => total(l) / l.length, out });
}

/** Extrema over one dim with their positions: max, min, mode, median, kthvalue, cummax. */
export function withIndices(
  c: OpCall,
  name: string,
  t: TensorValue,
  dim: number,
  keepdim: boolean,
  pick: ((line: number[]) => number) | null,
  out: any = null,
): Value {
  if (isComplex(t.dtype)) raise('RuntimeError', `${name}(): does not support complex input`);
  const d = wrapDim(dim, t.ndim);
  if (t.ndim > 0 && t.shape[d] === 0)
    raise('IndexError', `${name}(): Expected reduction dim ${d} to have non-zero size.`);
  const dims = t.ndim === 0 ? [] : [d];
  const shape = reducedShape(t, dims, keepdim);
  const at = pick === null ? null : foldValues(t, dims, pick);
  const values = at === null ? null : foldValues(t, dims, (l) => l[pick!(l)]!);
  const v = c.make(shape, t.dtype, t.device, values);
  const i = c.make(shape, dtypes.int64, t.device, at);
  c.emit(name, [t], [v, i], {
    elementwise: t.numel,
    work: memoryWork('reduction', v.numel, t.shape[d] ?? 1),
    saved: [i],
    backwardBytes: v.nbytes + i.nbytes + t.nbytes,
    backwardKernels: 1,
  });
  if (out !== null) return out;
  return new StructSequence(`torch.return_types.${name}`, ['values', 'indices'], [v, i]);
}

const argBest =
  (better: (a: number, b: number) => boolean) =>
  (line: number[]): number => {
    let at = 0;
    for (let i = 1; i < line.length; i++) if (better(line[i]!, line[at]!)) at = i;
    return at;
  };
export const argMax = argBest((a, b) => a > b);
export const argMin = argBest((a, b) => a < b);
export const argMedian = (line: number[]): number => {
  const sorted = line.map((x, i) => [x, i] as const).sort((a, b) => a[0] - b[0]);
  return sorted[Math.floor((line.length - 1) / 2)]![1];
};

export function extremum(
  c: OpCall,
  name: 'amax' | 'amin' | 'max' | 'min',
  t: TensorValue,
  dims: readonly number[] | null,
  keepdim: boolean,
  out: TensorValue | null = null,
): TensorValue {
  if (isComplex(t.dtype)) raise('RuntimeError', `"${name}" not implemented for complex`);
  const all = allDims(t, dims);
  if (t.numel === 0 && (dims === null || all.some((d) => t.shape[d] === 0)))
    raise(
      dims === null ? 'RuntimeError' : 'IndexError',
      `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
    );
  const best = name.endsWith('max') ? Math.max : Math.min;
  return reduce(c, t, all, keepdim, {
    name,
    dtype: t.dtype,
    fold: (l) => l.reduce((a, b) => best(a, b)),
    saved: [t],
    out,
  });
}

export function arg(
  c: OpCall,
  name: 'argmax' | 'argmin',
  t: TensorValue,
  dim: number | null,
  keepdim: boolean,
): TensorValue {
  if (isComplex(t.dtype) || t.dtype === dtypes.bool)
    raise('RuntimeError', `"${name}_cpu" not implemented for '${scalarTypeName(t.dtype)}'`);
  if (t.numel === 0 && dim === null)
    raise(
      'IndexError',
      `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
    );
  const dims = dim === null ? allDims(t, null) : t.ndim === 0 && wrapDim(dim, 0) === 0 ? [] : [wrapDim(dim, t.ndim)];
  if (dim !== null && dims.some((d) => t.shape[d] === 0))
    raise('IndexError', `${name}(): Expected reduction dim ${dims[0]} to have non-zero size.`);
  return reduce(c, t, dims, keepdim, {
    name,
    dtype: dtypes.int64,
    fold: name === 'argmax' ? argMax : argMin,
    differentiable: false,
  });
}

export function boolean(
  c: OpCall,
  name: 'all' | 'any',
  t: TensorValue,
  dims: readonly number[] | null,
  keepdim: boolean,
  out: TensorValue | null = null,
): TensorValue {
  const dtype = t.dtype === dtypes.uint8 ? dtypes.uint8 : dtypes.bool;
  const fold =
    name === 'all' ? (l: number[]) => Number(l.every((x) => x !== 0)) : (l: number[]) => Number(l.some((x) => x !== 0));
  return reduce(c, t, allDims(t, dims), keepdim, { name, dtype, fold, differentiable: false, out });
}

function needFloat(name: string, t: TensorValue): void {
  if (!isDifferentiable(t.dtype)) raise('RuntimeError', `${name} only support floating point and complex dtypes`);
}

export function deviation(
  c: OpCall,
  name: 'var' | 'std',
  t: TensorValue,
  dims: readonly number[] | null,
  keepdim: boolean,
  correction: number,
): TensorValue {
  needFloat('std and var', t);
  const fold = (l: number[]): number => {
    const m = total(l) / l.length;
    const v = l.reduce((s, x) => s + (x - m) ** 2, 0) / Math.max(0, l.length - correction);
    return name === 'std' ? Math.sqrt(v) : v;
  };
  return reduce(c, t, allDims(t, dims), keepdim, {
    name,
    dtype: toRealDType(t.dtype),
    fold,
    saved: [t],
    elementwise: 4 * t.numel,
  });
}

export function deviationMean(
  c: OpCall,
  name: 'var_mean' | 'std_mean',
  t: TensorValue,
  dims: readonly number[] | null,
  keepdim: boolean,
): Value {
  needFloat('std_mean and var_mean', t);
  const all = allDims(t, dims);
  const shape = reducedShape(t, all, keepdim);
  const v = c.make(shape, toRealDType(t.dtype), t.device);
  const m = c.make(shape, t.dtype, t.device);
  c.emit(name, [t], [v, m], {
    elementwise: 4 * t.numel,
    work: memoryWork('reduction', v.numel, t.numel / v.numel),
    saved: [t],
  });
  return new StructSequence(`torch.return_types.${name}`, [name.slice(0, 3), 'mean'], [v, m]);
}

export const correctionOf = (a: Bound): number =>
  a.correction !== undefined && a.correction !== null ? a.correction.value : a.unbiased === false ? 0 : 1;

/** torch.linalg.vector_norm; `norm` with dims in PyTorch 1.x. */
export function vectorNorm(
  c: OpCall,
  t: TensorValue,
  p: number,
  dims: readonly number[] | null,
  keepdim: boolean,
  dtype: DType | null = null,
  kernel = 'linalg_vector_norm',
): TensorValue {
  needFloat('linalg.vector_norm', t);
  const fold = (l: number[]): number => {
    if (p === Number.POSITIVE_INFINITY) return Math.max(...l.map(Math.abs));
    if (p === 0) return l.filter((x) => x !== 0).length;
    return l.reduce((s, x) => s + Math.abs(x) ** p, 0) ** (1 / p);
  };
  return reduce(c, t, allDims(t, dims), keepdim, {
    name: kernel,
    dtype: dtype ?? toRealDType(t.dtype),
    fold,
    saved: [t],
    elementwise: 2 * t.numel,
  });
}

export function norm(
  c: OpCall,
  t: TensorValue,
  p: Value | number | null,
  dims: readonly number[] | null,
  keepdim: boolean,
  dtype: DType | null = null,
): TensorValue {
  if (typeof p === 'string') {
    if (p === 'fro') return vectorNorm(c, t, 2, dims, keepdim, dtype, c.since(2) ? 'linalg_vector_norm' : 'norm');
    if (p === 'nuc') {
      const d = allDims(t, dims ?? [-2, -1]);
      return reduce(c, t, d, keepdim, { name: 'linalg_svd', dtype: toRealDType(t.dtype), saved: [t] });
    }
    raise('RuntimeError', `Invalid norm order: ${p}`);
  }
  return vectorNorm(c, t, p === null ? 2 : Number(p), dims, keepdim, dtype, c.since(2) ? 'linalg_vector_norm' : 'norm');
}

/** nansum over the count of what is a number. */
export function nanmean(
  c: OpCall,
  t: TensorValue,
  dims: readonly number[] | null,
  keepdim: boolean,
  dtype: DType | null,
): TensorValue {
  if (!isDifferentiable(t.dtype))
    raise(
      'RuntimeError',
      `nanmean(): expected input to have floating point or complex dtype but got ${scalarTypeName(t.dtype)}`,
    );
  noComplexNan(t);
  const isNan = binary(c, 'ne', rules['ne']!, t, t);
  c.emit('logical_not_', [isNan], [isNan], { differentiable: false });
  isNan.write(isNan.values?.map((x) => 1 - x) ?? null);
  const count = reduceSum(c, isNan, dims, keepdim);
  return binary(c, 'div', rules['div']!, reduceSum(c, t, dims, keepdim, dtype, 'nansum'), count);
}

export function quantile(c: OpCall, a: Bound): TensorValue {
  const t: TensorValue = a.input;
  if (t.dtype !== dtypes.float32 && t.dtype !== dtypes.float64)
    raise('RuntimeError', 'quantile() input tensor must be either float or double dtype');
  if (t.numel === 0) raise('RuntimeError', 'quantile() input tensor must be non-empty');
  const qShape: readonly number[] = a.q instanceof TensorValue ? a.q.shape : [];
  const dims = a.dim === null ? allDims(t, null) : [wrapDim(a.dim, t.ndim)];
  const shape = [...qShape, ...reducedShape(t, dims, a.keepdim)];
  const out = c.make(shape, t.dtype, t.device);
  c.emit('sort', [t], [out], {
    elementwise: t.numel * Math.log2(Math.max(2, t.numel)),
    work: memoryWork('sort', 1, t.numel),
    saved: [t],
  });
  return out;
}

export function logsumexp(c: OpCall, t: TensorValue, dims: readonly number[], keepdim: boolean): TensorValue {
  const input = isIntegral(t.dtype) ? to(c, t, c.state.defaultDtype, null) : t;
  const fold = (l: number[]): number => {
    const m = Math.max(...l);
    return Number.isFinite(m) ? m + Math.log(l.reduce((s, x) => s + Math.exp(x - m), 0)) : m;
  };
  return reduce(c, input, allDims(t, dims), keepdim, {
    name: 'logsumexp',
    dtype: input.dtype,
    fold,
    saved: [t],
    elementwise: 3 * t.numel,
  });
}

const dimForms = (names: string, tail = ''): string[] => [
  `${names}(Tensor input, int[1]? dim, bool keepdim=False${tail})`,
];

export function reductionFamily(
  name: string,
  run: (
    c: OpCall,
    t: TensorValue,
    dims: number[] | null,
    keepdim: boolean,
    dtype: DType | null,
    out: TensorValue | null,
  ) => Value,
): OperatorDeclaration[] {
  const names = `torch.${name}, Tensor.${name}`;
  return [
    op((c, a) => run(c, a.input, null, false, a.dtype, null), `${names}(Tensor input, *, ScalarType? dtype=None)`),
    op(
      (c, a) => run(c, a.input, a.dim, a.keepdim, a.dtype, a.out),
      ...dimForms(names, ', *, ScalarType? dtype=None, Tensor? out=None'),
    ),
  ];
}

export const prod = (
  c: OpCall,
  t: TensorValue,
  dims: number[] | null,
  keepdim: boolean,
  dtype: DType | null,
): TensorValue =>
  reduce(c, t, allDims(t, dims), keepdim, {
    name: 'prod',
    dtype: dtype ?? sumDType(t.dtype),
    fold: (l) => l.reduce((a, b) => a * b, 1),
    saved: [t],
  });
