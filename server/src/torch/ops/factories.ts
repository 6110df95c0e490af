/** Tensors from nothing: constants, ranges, Python data, random numbers, `*_like` and `new_*`. */
import { raise } from '../../python/errors.js';
import { PyComplex, PyFloat, PyList, PyRange, PyTuple, Unknown, type Value } from '../../python/values.js';
import { type DType, dtypes } from '../dtype.js';
import { type MemoryPattern, memoryWork, type OpCall } from '../opcall.js';
import { type Bound, op } from '../operator.js';
import {
  castValues,
  isFloating,
  isIntegral,
  promoteTypes,
  scalarDType,
  scalarTypeName,
  toComplexDType,
} from '../promote.js';
import { asTensor, type ScalarArg } from '../schema.js';
import { stridesFor } from '../strides.js';
import { maxKnownElements, numelOf, type TensorValue } from '../tensor.js';
import { formatStrides, to } from './copy.js';
import { stack } from './join.js';
import { forLines } from './known.js';
import { reshape } from './views.js';

interface Options {
  dtype?: DType | null;
  device?: string | null;
  requires_grad?: boolean | null;
  memory_format?: string | null;
  out?: TensorValue | null;
}

function checkSize(size: readonly number[]): void {
  for (const d of size) {
    if (d < 0) raise('RuntimeError', `Trying to create tensor with negative dimension ${d}: [${size.join(', ')}]`);
  }
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
  checkSize(size);
  const dtype = o.dtype ?? c.state.defaultDtype;
  const device = o.device ?? c.state.defaultDevice;
  const numel = numelOf(size);
  let values: readonly number[] | null = null;
  if (value !== null && device !== 'meta' && numel <= maxKnownElements)
    values = typeof value === 'number' ? new Array<number>(numel).fill(value) : value;
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

function requireGrad(_c: OpCall, t: TensorValue, o: Options): TensorValue {
  if (o.requires_grad) {
    if (isIntegral(t.dtype))
      raise('RuntimeError', 'Only Tensors of floating point and complex dtype can require gradients');
    t.requiresGrad = true;
  }
  return t;
}

function like(
  c: OpCall,
  name: string,
  t: TensorValue,
  o: Options,
  value: number | null,
  pattern: MemoryPattern = 'factory',
): TensorValue {
  const dtype = o.dtype ?? t.dtype;
  const device = o.device ?? t.device;
  const values =
    value === null || device === 'meta' || !(t.numel <= maxKnownElements)
      ? null
      : new Array<number>(t.numel).fill(value);
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

function fullDType(c: OpCall, s: ScalarArg): DType {
  return s.kind === 'float' ? c.state.defaultDtype : scalarDType(s, c.state.defaultDtype);
}

/** Gathers nested Python data: shape, element kind, values (null when some are not known). */
function gather(c: OpCall, data: Value): { shape: number[]; dtype: DType | null; values: number[] | null } | Unknown {
  const t = asTensor(data);
  if (t !== null)
    return { shape: t.shape.slice(), dtype: t.dtype, values: t.values === null ? null : t.values.slice() };
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
    values =
      values === null || g.values === null ? null : values.length > maxKnownElements ? null : values.concat(g.values);
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

function arange(c: OpCall, start: ScalarArg, end: ScalarArg, step: ScalarArg, o: Options): TensorValue {
  const isFloat = [start, end, step].some((s) => s.kind === 'float');
  const dtype = o.dtype ?? (isFloat ? c.state.defaultDtype : dtypes.int64);
  if (step.value === 0) raise('RuntimeError', 'step must be nonzero');
  if ((step.value > 0 && start.value > end.value) || (step.value < 0 && start.value < end.value)) {
    raise('RuntimeError', 'upper bound and larger bound inconsistent with step sign');
  }
  const n = Math.ceil((end.value - start.value) / step.value);
  const values = n <= maxKnownElements ? Array.from({ length: n }, (_, i) => start.value + i * step.value) : null;
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

function space(c: OpCall, name: 'linspace' | 'logspace', a: Bound): TensorValue {
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

function eye(c: OpCall, n: number, m: number, o: Options): TensorValue {
  if (n < 0) raise('RuntimeError', `n must be greater or equal to 0, got ${n}`);
  if (m < 0) raise('RuntimeError', `m must be greater or equal to 0, got ${m}`);
  const values =
    n * m <= maxKnownElements ? Array.from({ length: n * m }, (_, i) => Number(Math.floor(i / m) === i % m)) : null;
  return factory(c, 'eye', [n, m], o, values);
}

function triangle(c: OpCall, name: 'tril' | 'triu', t: TensorValue, diagonal: number, inplace = false): TensorValue {
  if (t.ndim < 2) raise('RuntimeError', `${name}: input tensor must have at least 2 dimensions`);
  const [rows, cols] = t.shape.slice(-2) as [number, number];
  const keep = (i: number, j: number): boolean => (name === 'tril' ? j - i <= diagonal : j - i >= diagonal);
  const values = t.values?.map((x, k) => (keep(Math.floor(k / cols) % rows, k % cols) ? x : 0)) ?? null;
  if (inplace) return c.inplace(`${name}_`, t, [], values, { elementwise: 0 });
  const r = c.make(t.shape, t.dtype, t.device, values);
  c.emit(name, [t], [r], { elementwise: 0, work: memoryWork('copy', 1, t.numel) });
  return r;
}

function triangleIndices(c: OpCall, name: 'tril_indices' | 'triu_indices', a: Bound): TensorValue {
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

function fill(c: OpCall, t: TensorValue, value: ScalarArg | TensorValue): TensorValue {
  const s = 'kind' in value ? (value as ScalarArg) : null;
  const x = s !== null ? s.value : ((value as TensorValue).values?.[0] ?? Number.NaN);
  if (s === null && (value as TensorValue).ndim > 0)
    raise(
      'RuntimeError',
      `fill_ only supports 0-dimension value tensor but got tensor with ${(value as TensorValue).ndim} dimensions.`,
    );
  const values =
    t.numel <= maxKnownElements && !(Number.isNaN(x) && s?.kind !== 'float')
      ? new Array<number>(t.numel).fill(x)
      : null;
  return c.inplace('fill_', t, s === null ? [value as TensorValue] : [], values, {
    elementwise: 0,
    work: memoryWork('factory', 1, t.numel),
  });
}

export const factoryOptions =
  '*, ScalarType? dtype=None, Layout?~ layout=None, Device? device=None, bool?~ requires_grad=False, bool?~ pin_memory=False, MemoryFormat? memory_format=None, Any names=None, Generator?~ generator=None, Tensor? out=None';
const opts = factoryOptions;
const likeOpts =
  '*, ScalarType? dtype=None, Layout?~ layout=None, Device? device=None, bool?~ requires_grad=False, bool?~ pin_memory=False, MemoryFormat? memory_format=None, Generator?~ generator=None';

const inplaceRandom = [
  'normal_(Tensor input, float~ mean=0, float~ std=1, *, Generator?~ generator=None)',
  'uniform_(Tensor input, float~ from=0, float~ to=1, *, Generator?~ generator=None)',
  'exponential_(Tensor input, float~ lambd=1, *, Generator?~ generator=None)',
  'cauchy_(Tensor input, float~ median=0, float~ sigma=1, *, Generator?~ generator=None)',
  'log_normal_(Tensor input, float~ mean=1, float~ std=2, *, Generator?~ generator=None)',
  'geometric_(Tensor input, float~ p, *, Generator?~ generator=None)',
  'random_(Tensor input, int?~ from=None, int?~ to=None, *, Generator?~ generator=None)',
];

const newForms: readonly [string, number | null][] = [
  ['zeros', 0],
  ['ones', 1],
  ['empty', null],
];

export const factoryOperators = [
  ...(['zeros', 'ones', 'empty', 'rand', 'randn'] as const).flatMap((n) => {
    const value = n === 'zeros' ? 0 : n === 'ones' ? 1 : null;
    const pattern: MemoryPattern = n === 'rand' || n === 'randn' ? 'random' : 'factory';
    return [
      op((c, a) => factory(c, n, a.size, a, value, pattern), `torch.${n}(SymInt[]* size, ${opts})`),
      op((c, a) => like(c, `${n}_like`, a.input, a, value, pattern), `torch.${n}_like(Tensor input, ${likeOpts})`),
    ];
  }),
  op(
    (c, a) => factory(c, 'full', a.size, { ...a, dtype: a.dtype ?? fullDType(c, a.fill_value) }, a.fill_value.value),
    `torch.full(SymInt[] size, Scalar fill_value, ${opts})`,
  ),
  op(
    (c, a) => like(c, 'full_like', a.input, a, a.fill_value.value),
    `torch.full_like(Tensor input, Scalar fill_value, ${likeOpts})`,
  ),
  op((c, a) => {
    const t = c.make(a.size, a.dtype ?? c.state.defaultDtype, a.device ?? c.state.defaultDevice, null, a.stride);
    c.emit('empty_strided', [], [t], { isView: true, elementwise: 0, work: { kind: 'view' } });
    return requireGrad(c, t, a);
  }, `torch.empty_strided(SymInt[] size, SymInt[] stride, ${opts})`),
  op(
    (c, a) => arange(c, { value: 0, kind: 'int' }, a.end, { value: 1, kind: 'int' }, a),
    `torch.arange(Scalar end, ${opts})`,
  ),
  op((c, a) => arange(c, a.start, a.end, a.step, a), `torch.arange(Scalar start, Scalar end, Scalar step=1, ${opts})`),
  op((c, a) => {
    const n = Math.floor((a.end.value - a.start.value) / a.step.value) + 1;
    return factory(
      c,
      'range',
      [n],
      a,
      Array.from({ length: Math.min(n, maxKnownElements + 1) }, (_, i) => a.start.value + i * a.step.value),
    );
  }, `torch.range(Scalar start, Scalar end, Scalar step=1, ${opts})`),
  op((c, a) => space(c, 'linspace', a), `torch.linspace(Scalar start, Scalar end, SymInt steps, ${opts})`),
  op(
    (c, a) => space(c, 'logspace', a),
    `torch.logspace(Scalar start, Scalar end, SymInt steps, float base=10.0, ${opts})`,
  ),
  op((c, a) => eye(c, a.n, a.m ?? a.n, a), `torch.eye(SymInt n, SymInt? m=None, ${opts})`),
  op(
    (c, a) => fromData(c, a.data, a),
    'torch.tensor(Any data, *, ScalarType? dtype=None, Device? device=None, bool?~ requires_grad=False, bool?~ pin_memory=False)',
  ),
  op(
    (c, a) =>
      fromData(c, a.data, {
        dtype: a.dtype ?? a.input.dtype,
        device: a.device ?? a.input.device,
        requires_grad: a.requires_grad,
      }),
    'Tensor.new_tensor(Tensor input, Any data, *, ScalarType? dtype=None, Device? device=None, bool?~ requires_grad=False, Layout?~ layout=None, bool?~ pin_memory=False)',
  ),
  op(
    (c, a) => asTensorFrom(c, a.data, a.dtype, a.device),
    'torch.as_tensor, torch.asarray(Any data, ScalarType? dtype=None, Device? device=None, *, bool? copy=None, bool?~ requires_grad=False)',
  ),
  op((c, a) => asTensorFrom(c, a.data, null, null), 'torch.from_numpy(Any data)'),
  op((c, a) => factory(c, 'scalar_tensor', [], a, a.s.value), `torch.scalar_tensor(Scalar s, ${opts})`),
  ...(
    [
      ['FloatTensor', dtypes.float32],
      ['LongTensor', dtypes.int64],
      ['DoubleTensor', dtypes.float64],
      ['IntTensor', dtypes.int32],
      ['BoolTensor', dtypes.bool],
      ['HalfTensor', dtypes.float16],
      ['ByteTensor', dtypes.uint8],
      ['Tensor', dtypes.float32],
    ] as const
  ).flatMap(([n, dtype]) => [
    op(
      (c, a) => factory(c, 'empty', a.size, { dtype }, null),
      `torch.${n}, torch.legacy.${n}(SymInt[]* size)`.replace(`torch.${n}, `, n === 'Tensor' ? '' : `torch.${n}, `),
    ),
  ]),
  ...(
    [
      ['FloatTensor', dtypes.float32],
      ['LongTensor', dtypes.int64],
      ['DoubleTensor', dtypes.float64],
      ['IntTensor', dtypes.int32],
      ['BoolTensor', dtypes.bool],
      ['HalfTensor', dtypes.float16],
      ['ByteTensor', dtypes.uint8],
    ] as const
  ).map(([n, dtype]) => op((c, a) => fromData(c, a.data, { dtype }), `torch.legacy.data.${n}(Any data)`)),
  ...newForms.map(([n, value]) =>
    op(
      (c, a) =>
        factory(
          c,
          `new_${n}`,
          a.size,
          { ...a, dtype: a.dtype ?? a.input.dtype, device: a.device ?? a.input.device },
          value,
          'factory',
          [a.input],
        ),
      `Tensor.new_${n}(Tensor input, SymInt[]* size, ${opts})`,
    ),
  ),
  op(
    (c, a) =>
      factory(
        c,
        'new_full',
        a.size,
        { ...a, dtype: a.dtype ?? a.input.dtype, device: a.device ?? a.input.device },
        a.fill_value.value,
        'factory',
        [a.input],
      ),
    `Tensor.new_full(Tensor input, SymInt[] size, Scalar fill_value, ${opts})`,
  ),
  op(
    (c, a) => factory(c, 'new_empty', a.size, { dtype: a.input.dtype, device: a.input.device }, null),
    'Tensor.new(Tensor input, SymInt[]* size)',
  ),
  op(
    (c, a) =>
      factory(
        c,
        'new_empty_strided',
        a.size,
        { dtype: a.dtype ?? a.input.dtype, device: a.device ?? a.input.device },
        null,
      ),
    `Tensor.new_empty_strided(Tensor input, SymInt[] size, SymInt[] stride, ${opts})`,
  ),
  op((c, a) => {
    if (a.low >= a.high)
      raise('RuntimeError', `random_ expects 'from' to be less than 'to', but got from=${a.low} >= to=${a.high}`);
    return factory(c, 'randint', a.size, { ...a, dtype: a.dtype ?? dtypes.int64 }, null, 'random');
  }, `torch.randint(SymInt low, SymInt high, SymInt[] size, ${opts})`),
  op((c, a) => {
    if (a.high <= 0)
      raise('RuntimeError', `random_ expects 'from' to be less than 'to', but got from=0 >= to=${a.high}`);
    return factory(c, 'randint', a.size, { ...a, dtype: a.dtype ?? dtypes.int64 }, null, 'random');
  }, `torch.randint(SymInt high, SymInt[] size, ${opts})`),
  op(
    (c, a) => like(c, 'randint_like', a.input, a, null, 'random'),
    `torch.randint_like(Tensor input, SymInt low, SymInt high, ${likeOpts})`,
    `torch.randint_like(Tensor input, SymInt high, ${likeOpts})`,
  ),
  op(
    (c, a) => factory(c, 'randperm', [a.n], { ...a, dtype: a.dtype ?? dtypes.int64 }, null, 'random'),
    `torch.randperm(SymInt n, ${opts})`,
  ),
  op(
    (c, a) => factory(c, 'normal', a.size, a, null, 'random'),
    `torch.normal(float~ mean, float~ std, SymInt[] size, ${opts})`,
  ),
  op(
    (c, a) => like(c, 'normal', a.mean, {}, null, 'random'),
    'torch.normal(Tensor mean, Tensor std, *, Generator?~ generator=None)',
    'torch.normal(Tensor mean, float~ std=1, *, Generator?~ generator=None)',
  ),
  op(
    (c, a) => like(c, 'normal', a.std, {}, null, 'random'),
    'torch.normal(float~ mean, Tensor std, *, Generator?~ generator=None)',
  ),
  op((c, a) => {
    if (!isFloating(a.input.dtype))
      raise('RuntimeError', `"bernoulli_tensor_cpu_p_" not implemented for '${scalarTypeName(a.input.dtype)}'`);
    const r = c.make(a.input.shape, a.input.dtype, a.input.device);
    c.emit('bernoulli', [a.input], [r], { work: memoryWork('random', 1, r.numel) });
    return r;
  }, 'torch.bernoulli, Tensor.bernoulli(Tensor input, float?~ p=None, *, Generator?~ generator=None)'),
  op((c, a) => {
    const r = c.like(a.input);
    c.emit('poisson', [a.input], [r], { work: memoryWork('random', 1, r.numel) });
    return r;
  }, 'torch.poisson, torch.binomial(Tensor input, Tensor? prob=None, *, Generator?~ generator=None)'),
  op(
    (c, a) => c.inplace('bernoulli_', a.input, [], null, { work: memoryWork('random', 1, a.input.numel) }),
    'Tensor.bernoulli_(Tensor input, float~ p=0.5, *, Generator?~ generator=None)',
    'Tensor.bernoulli_(Tensor input, Tensor p, *, Generator?~ generator=None)',
  ),
  ...inplaceRandom.map((s) =>
    op(
      (c, a) =>
        c.inplace(s.slice(0, s.indexOf('(')), a.input, [], null, {
          work: memoryWork('random', 1, a.input.numel),
        }),
      `Tensor.${s}`,
    ),
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    if (t.ndim < 1 || t.ndim > 2) raise('RuntimeError', 'prob_dist must be 1 or 2 dim');
    if (!isFloating(t.dtype))
      raise(
        'RuntimeError',
        `multinomial only supports floating-point dtypes for input, got: ${scalarTypeName(t.dtype)}`,
      );
    if (a.num_samples <= 0) raise('RuntimeError', 'cannot sample n_sample <= 0 samples');
    if (!a.replacement && a.num_samples > t.shape[t.ndim - 1]!)
      raise('RuntimeError', 'cannot sample n_sample > prob_dist.size(-1) samples without replacement');
    const r = c.make([...t.shape.slice(0, -1), a.num_samples], dtypes.int64, t.device);
    c.emit('multinomial', [t], [r], {
      elementwise: t.numel,
      work: memoryWork('random', 1, t.numel),
      differentiable: false,
    });
    return r;
  }, 'torch.multinomial, Tensor.multinomial(Tensor input, SymInt num_samples, bool replacement=False, *, Generator?~ generator=None)'),
  ...(['tril', 'triu'] as const).flatMap((n) => [
    op(
      (c, a) => triangle(c, n, a.input, a.diagonal),
      `torch.${n}, Tensor.${n}(Tensor input, int diagonal=0, *, Tensor? out=None)`,
    ),
    op((c, a) => triangle(c, n, a.input, a.diagonal, true), `Tensor.${n}_(Tensor input, int diagonal=0)`),
    op((c, a) => triangleIndices(c, `${n}_indices`, a), `torch.${n}_indices(int row, int col, int offset=0, ${opts})`),
  ]),
  op(
    (c, a) => fill(c, a.input, a.value),
    'Tensor.fill_(Tensor input, Scalar value)',
    'Tensor.fill_(Tensor input, Tensor value)',
  ),
  op((c, a) => {
    const r = c.like(
      a.input,
      a.input.dtype,
      a.input.numel <= maxKnownElements ? new Array(a.input.numel).fill(a.value.value) : null,
    );
    c.emit('fill', [a.input], [r], {});
    return r;
  }, 'torch.fill(Tensor input, Scalar value)'),
  op(
    (c, a) =>
      c.inplace('zero_', a.input, [], a.input.numel <= maxKnownElements ? new Array(a.input.numel).fill(0) : null, {
        elementwise: 0,
        work: memoryWork('factory', 1, a.input.numel),
      }),
    'Tensor.zero_, torch.zero_(Tensor input)',
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    const values =
      t.values?.map((x, k) =>
        Math.floor(k / t.shape[t.ndim - 1]!) === k % t.shape[t.ndim - 1]! ? a.fill_value.value : x,
      ) ?? null;
    return c.inplace('fill_diagonal_', t, [], t.ndim === 2 ? values : null, {});
  }, 'Tensor.fill_diagonal_(Tensor input, Scalar fill_value, bool wrap=False)'),
  ...['hann_window', 'hamming_window', 'blackman_window', 'bartlett_window', 'kaiser_window'].map((n) =>
    op(
      (c, a) => factory(c, n, [a.window_length], a, null),
      `torch.${n}(SymInt window_length, bool periodic=True, float?~ alpha=None, float?~ beta=None, ${opts})`,
    ),
  ),
  op((c, a) => {
    const ts: TensorValue[] = a.tensors;
    const shape = ts.map((t) => t.numel);
    if (ts.some((t) => t.ndim > 1))
      raise('RuntimeError', 'torch.meshgrid: Expected 0D or 1D tensor in the tensor list');
    if (a.indexing !== 'ij' && a.indexing !== 'xy')
      raise('RuntimeError', `torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${a.indexing}`);
    const swap = a.indexing === 'xy' && ts.length >= 2;
    const order = swap ? [1, 0, ...shape.keys()].slice(0, 2).concat([...shape.keys()].slice(2)) : [...shape.keys()];
    const full = order.map((i) => shape[i]!);
    return new PyTuple(
      ts.map((t, i) => {
        const at = order.indexOf(i);
        const strides = full.map((_, d) => (d === at ? (t.strides[0] ?? 1) : 0));
        return c.view('expand', t, full, strides);
      }),
    );
  }, 'torch.meshgrid, torch.functional.meshgrid(Tensor[]* tensors, *, str indexing="ij")'),
  op((c, a) => {
    const ts: TensorValue[] = a.tensors;
    if (ts.some((t) => t.ndim !== 1)) raise('RuntimeError', 'Expect a 1D vector');
    if (ts.length === 1) return ts[0]!;
    const sizes = ts.map((t) => t.numel);
    const columns = ts.map((t, i) =>
      reshape(
        c,
        c.view(
          'expand',
          t,
          sizes,
          sizes.map((_, d) => (d === i ? t.strides[0]! : 0)),
        ),
        [-1],
      ),
    );
    return stack(c, columns, 1);
  }, 'torch.cartesian_prod(Tensor[]* tensors)'),
];
