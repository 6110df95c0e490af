/** Tensors from nothing: constants, ranges, Python data, random numbers, `*_like` and `new_*`. */
import { raise } from '../../python/errors.js';
import {
  PyClass,
  PyComplex,
  PyFloat,
  PyInstance,
  PyList,
  PyObject,
  PyRange,
  PyTuple,
  Unknown,
  type Value,
} from '../../python/values.js';
import { DType, dtypes } from '../dtype.js';
import { type MemoryPattern, memoryWork, type OpCall } from '../opcall.js';
import type { Bound } from '../operator.js';
import { castValues, isIntegral, promoteTypes, scalarDType, toComplexDType } from '../promote.js';
import { asTensor, type ScalarArg } from '../schema.js';
import { stridesFor } from '../strides.js';
import { filled, maxKnownElements, numelOf, type TensorValue } from '../tensor.js';
import { formatStrides, to } from './copy.js';
import { forLines } from './known.js';

interface Options {
  dtype?: DType | null;
  device?: string | null;
  requires_grad?: boolean | null;
  memory_format?: string | null;
  out?: TensorValue | null;
}

function checkSize(name: string, size: readonly number[]): void {
  size.forEach((d, i) => {
    if (d < 0) raise('RuntimeError', `Trying to create tensor with negative dimension ${d}: [${size.join(', ')}]`);
    if (d >= 2 ** 63)
      raise(
        'TypeError',
        `${name}(): argument 'size' failed to unpack the object at pos ${i + 1} with error "Overflow when unpacking long long"`,
      );
  });
}

/** Makes and emits a factory's result. Allocation alone is a view: no device work. */
export function factory(
  c: OpCall,
  name: string,
  size: readonly number[],
  o: Options,
  value: number | readonly number[] | null,
  pattern: MemoryPattern = 'factory',
  inputs: readonly TensorValue[] = [],
): TensorValue {
  checkSize(name, size);
  const dtype = o.dtype ?? c.state.defaultDtype;
  const device = o.device ?? c.state.defaultDevice;
  const numel = numelOf(size);
  let values: readonly number[] | null = null;
  if (value !== null && device !== 'meta' && numel <= maxKnownElements)
    values = typeof value === 'number' ? filled(numel, value) : value;
  const format = o.memory_format;
  const t = c.make(size, dtype, device, castValues(values, dtype), format ? stridesFor(size, format) : undefined);
  const allocates = /^(new_)?empty/.test(name);
  c.emit(name, [...inputs, o.out], [t], {
    elementwise: allocates ? 0 : t.numel,
    work: allocates ? { kind: 'view' } : memoryWork(pattern, 1, t.numel),
    isView: allocates,
    differentiable: false,
  });
  return requireGrad(c, c.intoOut(t, o.out), o);
}

export function requireGrad(_c: OpCall, t: TensorValue, o: Options): TensorValue {
  if (o.requires_grad) {
    if (isIntegral(t.dtype))
      raise('RuntimeError', 'Only Tensors of floating point and complex dtype can require gradients');
    t.requiresGrad = true;
  }
  return t;
}

export function like(
  c: OpCall,
  name: string,
  t: TensorValue,
  o: Options,
  value: number | null,
  pattern: MemoryPattern = 'factory',
): TensorValue {
  const dtype = o.dtype ?? t.dtype;
  const device = o.device ?? t.device;
  const values = value === null || device === 'meta' ? null : filled(t.numel, value);
  const format = o.memory_format ?? 'preserve_format';
  const r = c.make(t.shape, dtype, device, castValues(values, dtype), formatStrides(t, format));
  const allocates = name === 'empty_like';
  c.emit(name, [t], [r], {
    elementwise: allocates ? 0 : r.numel,
    work: allocates ? { kind: 'view' } : memoryWork(pattern, 1, r.numel),
    isView: allocates,
    differentiable: false,
  });
  return requireGrad(c, r, o);
}

export function fullDType(c: OpCall, s: ScalarArg): DType {
  return s.kind === 'float' ? c.state.defaultDtype : scalarDType(s, c.state.defaultDtype);
}

/** Gathers nested Python data: shape, element kind, values (null when some are not known). */
function gather(c: OpCall, data: Value): { shape: number[]; dtype: DType | null; values: number[] | null } | Unknown {
  // a numpy array is one tensor, not a sequence of its elements
  const t = asTensor(data instanceof PyInstance ? (data.attrs?.get('_tensor') ?? data) : data);
  if (t !== null)
    return { shape: t.shape.slice(), dtype: t.dtype, values: t.values === null ? null : t.values.slice() };
  // a number of numpy has a dtype of its own
  const kind = data instanceof PyObject ? data.attrs?.get('_kind') : undefined;
  const own = kind instanceof PyClass ? kind.lookup('torch_dtype') : undefined;
  if (own instanceof DType) {
    const value = data instanceof PyInstance && data.payload !== undefined ? data.payload : data;
    return {
      shape: [],
      dtype: own,
      values: value instanceof PyFloat ? [value.value] : typeof value === 'number' ? [value] : null,
    };
  }
  if (data instanceof PyInstance && data.payload !== undefined) return gather(c, data.payload);
  if (typeof data === 'boolean') return { shape: [], dtype: dtypes.bool, values: [Number(data)] };
  if (typeof data === 'number' || typeof data === 'bigint')
    return { shape: [], dtype: dtypes.int64, values: [Number(data)] };
  if (data instanceof PyFloat) return { shape: [], dtype: c.state.defaultDtype, values: [data.value] };
  if (data instanceof PyComplex) return { shape: [], dtype: toComplexDType(c.state.defaultDtype), values: null };
  if (data instanceof Unknown) {
    const kinds: Record<string, DType> = { int: dtypes.int64, float: c.state.defaultDtype, bool: dtypes.bool };
    const dtype = kinds[data.kind];
    return dtype === undefined ? data : { shape: [], dtype, values: null };
  }
  if (data === null || typeof data === 'string') {
    raise(
      data === null ? 'RuntimeError' : 'TypeError',
      data === null ? 'Could not infer dtype of NoneType' : `new(): invalid data type 'str'`,
    );
  }
  const items =
    data instanceof PyList || data instanceof PyTuple
      ? data.items
      : data instanceof PyRange
        ? [...c.interp.iterate(data)]
        : null;
  if (items === null) {
    const iterated = [...c.interp.iterate(data)];
    return gatherItems(c, iterated);
  }
  return gatherItems(c, items);
}

function gatherItems(
  c: OpCall,
  items: readonly Value[],
): { shape: number[]; dtype: DType | null; values: number[] | null } | Unknown {
  if (items.length === 0) return { shape: [0], dtype: null, values: [] };
  let shape: number[] | null = null;
  let dtype: DType | null = null;
  let values: number[] | null = [];
  for (const item of items) {
    const g = gather(c, item);
    if (g instanceof Unknown) return g;
    if (shape === null) shape = g.shape;
    else if (shape.length !== g.shape.length || shape.some((d, i) => d !== g.shape[i])) {
      raise('ValueError', `expected sequence of length ${shape[0] ?? 0} at dim 1 (got ${g.shape[0] ?? 0})`);
    }
    dtype = dtype === null ? g.dtype : g.dtype === null ? dtype : promoteTypes(dtype, g.dtype);
    if (values === null || g.values === null || values.length > maxKnownElements) values = null;
    else for (const v of g.values) values.push(v);
  }
  return { shape: [items.length, ...shape!], dtype, values };
}

export function fromData(c: OpCall, data: Value, o: Options): Value {
  const g = gather(c, data);
  if (g instanceof Unknown) return c.gap(c.name, `data is not known: ${g.why}`);
  const dtype = o.dtype ?? g.dtype ?? c.state.defaultDtype;
  const t = c.make(
    g.shape,
    dtype,
    o.device ?? asTensor(data)?.device ?? c.state.defaultDevice,
    castValues(g.values, dtype),
  );
  c.emit('lift_fresh', [], [t], { isView: true, elementwise: 0, work: { kind: 'view' } });
  return requireGrad(c, t, o);
}

export function asTensorFrom(c: OpCall, data: Value, dtype: DType | null, device: string | null): Value {
  const t = asTensor(data);
  return t === null ? fromData(c, data, { dtype, device }) : to(c, t, dtype, device);
}

export function arange(c: OpCall, start: ScalarArg, end: ScalarArg, step: ScalarArg, o: Options): TensorValue {
  const isFloat = [start, end, step].some((s) => s.kind === 'float');
  const dtype = o.dtype ?? (isFloat ? c.state.defaultDtype : dtypes.int64);
  if (step.value === 0) raise('RuntimeError', 'step must be nonzero');
  // PyTorch 2.13 counts integers in integers (1.13: 64-bit ones): a step of a half is none
  const whole = dtype === dtypes.int64;
  const [from, end_, by] = [start.value, end.value, step.value].map((x) => (whole ? Math.trunc(x) : x)) as [
    number,
    number,
    number,
  ];
  if (by === 0) raise(c.since(2) ? 'ValueError' : 'RuntimeError', 'step must be nonzero');
  if ((by > 0 && from > end_) || (by < 0 && from < end_)) {
    raise('RuntimeError', 'upper bound and larger bound inconsistent with step sign');
  }
  const n = Math.ceil((end_ - from) / by);
  const values = n <= maxKnownElements ? Array.from({ length: n }, (_, i) => from + i * by) : null;
  return factory(c, 'arange', [n], { ...o, dtype }, values);
}

function linspaceValues(start: number, end: number, steps: number, dtype: DType): number[] | null {
  if (!(steps <= maxKnownElements)) return null;
  const round = (x: number): number => (dtype === dtypes.float32 ? Math.fround(x) : x);
  const step = round((round(end) - round(start)) / (steps - 1));
  return Array.from({ length: steps }, (_, i) =>
    steps === 1
      ? start
      : i < steps / 2
        ? round(round(start) + round(step * i))
        : round(round(end) - round(step * (steps - i - 1))),
  );
}

export function space(c: OpCall, name: 'linspace' | 'logspace', a: Bound): TensorValue {
  if (a.steps < 0) raise('RuntimeError', 'number of steps must be non-negative');
  const dtype: DType = a.dtype ?? c.state.defaultDtype;
  const values = linspaceValues(a.start.value, a.end.value, a.steps, dtype);
  return factory(
    c,
    name,
    [a.steps],
    { ...a, dtype },
    name === 'linspace' ? values : (values?.map((x) => a.base ** x) ?? null),
  );
}

export function eye(c: OpCall, n: number, m: number, o: Options): TensorValue {
  if (n < 0) raise('RuntimeError', `n must be greater or equal to 0, got ${n}`);
  if (m < 0) raise('RuntimeError', `m must be greater or equal to 0, got ${m}`);
  const values =
    n * m <= maxKnownElements ? Array.from({ length: n * m }, (_, i) => Number(Math.floor(i / m) === i % m)) : null;
  return factory(c, 'eye', [n, m], o, values);
}

export function triangle(
  c: OpCall,
  name: 'tril' | 'triu',
  t: TensorValue,
  diagonal: number,
  inplace = false,
): TensorValue {
  if (t.ndim < 2) raise('RuntimeError', `${name}: input tensor must have at least 2 dimensions`);
  const [rows, cols] = t.shape.slice(-2) as [number, number];
  const keep = (i: number, j: number): boolean => (name === 'tril' ? j - i <= diagonal : j - i >= diagonal);
  const values = t.values?.map((x, k) => (keep(Math.floor(k / cols) % rows, k % cols) ? x : 0)) ?? null;
  if (inplace) return c.inplace(`${name}_`, t, [], values, { elementwise: 0 });
  const r = c.make(t.shape, t.dtype, t.device, values);
  c.emit(name, [t], [r], { elementwise: 0, work: memoryWork('copy', 1, t.numel) });
  return r;
}

export function triangleIndices(c: OpCall, name: 'tril_indices' | 'triu_indices', a: Bound): TensorValue {
  const cells: [number[], number[]] = [[], []];
  for (let i = 0; i < a.row; i++) {
    for (let j = 0; j < a.col; j++) {
      if (name === 'tril_indices' ? j - i <= a.offset : j - i >= a.offset) {
        cells[0].push(i);
        cells[1].push(j);
      }
    }
  }
  return factory(c, name, [2, cells[0].length], { ...a, dtype: a.dtype ?? dtypes.int64 }, [...cells[0], ...cells[1]]);
}

/** cumulative products and sums share their reading of lines with scans.ts */
export function scanValues(t: TensorValue, dim: number, step: (acc: number, x: number) => number): number[] | null {
  if (t.values === null) return null;
  const out = t.values.slice();
  forLines(t.ndim === 0 ? [1] : t.shape, dim, (line) => {
    for (let k = 1; k < line.length; k++) out[line[k]!] = step(out[line[k - 1]!]!, out[line[k]!]!);
  });
  return out;
}

export function fill(c: OpCall, t: TensorValue, value: ScalarArg | TensorValue): TensorValue {
  const s = 'kind' in value ? (value as ScalarArg) : null;
  const x = s !== null ? s.value : ((value as TensorValue).values?.[0] ?? Number.NaN);
  if (s === null && (value as TensorValue).ndim > 0)
    raise(
      'RuntimeError',
      `fill_ only supports 0-dimension value tensor but got tensor with ${(value as TensorValue).ndim} dimensions.`,
    );
  const values = Number.isNaN(x) && s?.kind !== 'float' ? null : filled(t.numel, x);
  return c.inplace('fill_', t, s === null ? [value as TensorValue] : [], values, {
    elementwise: 0,
    work: memoryWork('factory', 1, t.numel),
  });
}

export const factoryOptions =
  '*, ScalarType? dtype=None, Layout?~ layout=None, Device? device=None, bool?~ requires_grad=False, bool?~ pin_memory=False, MemoryFormat? memory_format=None, Any names=None, Generator?~ generator=None, Tensor? out=None';
export const opts = factoryOptions;
export const likeOpts =
  '*, ScalarType? dtype=None, Layout?~ layout=None, Device? device=None, bool?~ requires_grad=False, bool?~ pin_memory=False, MemoryFormat? memory_format=None, Generator?~ generator=None';

export const inplaceRandom = [
  'normal_(Tensor input, float~ mean=0, float~ std=1, *, Generator?~ generator=None)',
  'uniform_(Tensor input, float~ from=0, float~ to=1, *, Generator?~ generator=None)',
  'exponential_(Tensor input, float~ lambd=1, *, Generator?~ generator=None)',
  'cauchy_(Tensor input, float~ median=0, float~ sigma=1, *, Generator?~ generator=None)',
  'log_normal_(Tensor input, float~ mean=1, float~ std=2, *, Generator?~ generator=None)',
  'geometric_(Tensor input, float~ p, *, Generator?~ generator=None)',
  'random_(Tensor input, int?~ from=None, int?~ to=None, *, Generator?~ generator=None)',
];

export const newForms: readonly [string, number | null][] = [
  ['zeros', 0],
  ['ones', 1],
  ['empty', null],
];
