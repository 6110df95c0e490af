/** Sorting, searching, scans, uniqueness, histograms. */
import { raise } from '../../python/errors.js';
import { PyTuple, type Value } from '../../python/values.js';
import { type DType, dtypes } from '../dtype.js';
import { StructSequence } from '../objects.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type Bound, op } from '../operator.js';
import { castValue, castValues, isComplex, isIntegral, scalarTypeName } from '../promote.js';
import { wrapDim } from '../strides.js';
import { numelOf, type TensorValue } from '../tensor.js';
import { binary } from './elementwise.js';
import { scanValues } from './factories.js';
import { forLines } from './known.js';
import { slice } from './views.js';

const lineOf = (t: TensorValue, d: number): number => (t.ndim === 0 ? 1 : t.shape[d]!);
const logOf = (n: number): number => Math.log2(Math.max(2, n));

function sorted(t: TensorValue, d: number, descending: boolean): { values: number[]; indices: number[] } | null {
  const known = t.values;
  if (known === null) return null;
  const values = known.slice();
  const indices = new Array<number>(known.length).fill(0);
  forLines(t.ndim === 0 ? [1] : t.shape, d, (line) => {
    const order = line
      .map((_, i) => i)
      .sort(
        (a, b) => (descending ? known[line[b]!]! - known[line[a]!]! : known[line[a]!]! - known[line[b]!]!) || a - b,
      );
    order.forEach((from, i) => {
      values[line[i]!] = known[line[from]!]!;
      indices[line[i]!] = from;
    });
  });
  return { values, indices };
}

export function sort(
  c: OpCall,
  t: TensorValue,
  dim: number,
  descending: boolean,
): { values: TensorValue; indices: TensorValue } {
  if (isComplex(t.dtype)) raise('RuntimeError', 'sort(): input tensor must be of non-complex type');
  const d = wrapDim(dim, t.ndim);
  const known = sorted(t, d, descending);
  const values = c.like(t, t.dtype, known?.values ?? null);
  const indices = c.like(t, dtypes.int64, known?.indices ?? null);
  const n = lineOf(t, d);
  c.emit('sort', [t], [values, indices], {
    elementwise: t.numel * logOf(n),
    work: memoryWork('sort', t.numel / n, n),
    saved: [indices],
  });
  return { values, indices };
}

function topk(c: OpCall, t: TensorValue, k: number, dim: number, largest: boolean): Value {
  const d = wrapDim(dim, t.ndim);
  if (isComplex(t.dtype)) raise('RuntimeError', 'topk(): does not support complex');
  if (k < 0 || k > lineOf(t, d))
    raise('RuntimeError', `selected index k out of range (k=${k}, dimension ${d} has size ${lineOf(t, d)})`);
  const shape = t.ndim === 0 ? [] : t.shape.map((x, i) => (i === d ? k : x));
  const order = sorted(t, d, largest);
  // the order among equal elements is not specified
  const known =
    order !== null && new Set(order.values).size < order.values.length
      ? { values: order.values, indices: null }
      : order;
  const cut = (xs: number[]): number[] => {
    const out: number[] = [];
    const n = lineOf(t, d);
    const inner = numelOf(t.shape.slice(d + 1));
    xs.forEach((x, i) => {
      if (Math.floor(i / inner) % n < k) out.push(x);
    });
    return out;
  };
  const values = c.make(shape, t.dtype, t.device, known === null ? null : cut(known.values));
  const indices = c.make(
    shape,
    dtypes.int64,
    t.device,
    known === null || known.indices === null ? null : cut(known.indices),
  );
  const n = lineOf(t, d);
  c.emit('topk', [t], [values, indices], {
    elementwise: t.numel,
    work: memoryWork('sort', t.numel / n, n),
    saved: [indices],
  });
  return new StructSequence('torch.return_types.topk', ['values', 'indices'], [values, indices]);
}

function scan(
  c: OpCall,
  name: string,
  t: TensorValue,
  dim: number,
  dtype: DType | null,
  step: ((acc: number, x: number) => number) | null,
  inplace = false,
): TensorValue {
  const d = wrapDim(dim, t.ndim);
  const type = dtype ?? (isIntegral(t.dtype) ? dtypes.int64 : t.dtype);
  const values = step === null ? null : (scanValues(t, d, step)?.map((x) => castValue(x, type)) ?? null);
  const options = {
    elementwise: t.numel,
    work: memoryWork('scan', t.numel / lineOf(t, d), lineOf(t, d)),
    saved: name === 'cumprod' || name === 'logcumsumexp' ? [t] : [],
  };
  if (inplace) return c.inplace(`${name}_`, t, [], values, options);
  const out = c.make(t.shape, type, t.device, values);
  c.emit(name, [t], [out], options);
  return out;
}

function cumExtremum(c: OpCall, name: 'cummax' | 'cummin', t: TensorValue, dim: number): Value {
  const d = wrapDim(dim, t.ndim);
  if (isComplex(t.dtype)) raise('RuntimeError', `"${name}" not implemented for complex`);
  const values = c.make(
    t.shape,
    t.dtype,
    t.device,
    scanValues(t, d, name === 'cummax' ? (a, x) => Math.max(a, x) : (a, x) => Math.min(a, x)),
  );
  const indices = c.make(t.shape, dtypes.int64, t.device);
  c.emit(name, [t], [values, indices], {
    elementwise: t.numel,
    work: memoryWork('scan', t.numel / lineOf(t, d), lineOf(t, d)),
    saved: [indices],
  });
  return new StructSequence(`torch.return_types.${name}`, ['values', 'indices'], [values, indices]);
}

/** unique: values known give exact extents, otherwise the number of elements is not known. */
function unique(c: OpCall, a: Bound, consecutive: boolean): Value {
  const t: TensorValue = a.input;
  const dim: number | null = a.dim;
  let n = Number.NaN;
  let values: number[] | null = null;
  let inverse: number[] | null = null;
  let counts: number[] | null = null;
  if (dim === null && t.values !== null) {
    values = [];
    inverse = [];
    counts = [];
    const distinct = consecutive ? null : [...new Set(t.values)].sort((x, y) => x - y);
    for (const v of t.values) {
      let at = distinct === null ? values.length - 1 : distinct.indexOf(v);
      if (distinct === null && (at < 0 || values[at] !== v)) {
        values.push(v);
        at = values.length - 1;
      }
      inverse.push(at);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    values = distinct ?? values;
    n = values.length;
  }
  const d = dim === null ? 0 : wrapDim(dim, t.ndim);
  const shape = dim === null ? [n] : t.shape.map((x, i) => (i === d ? n : x));
  const out = c.make(shape, t.dtype, t.device, values);
  const inv = c.make(dim === null ? t.shape : [t.shape[d]!], dtypes.int64, t.device, inverse);
  const cnt = c.make([n], dtypes.int64, t.device, counts);
  const extra = consecutive ? [...(a.return_inverse ? [inv] : []), ...(a.return_counts ? [cnt] : [])] : [inv, cnt];
  c.emit(consecutive ? 'unique_consecutive' : dim === null ? '_unique2' : 'unique_dim', [t], [out, ...extra], {
    elementwise: t.numel * logOf(t.numel),
    work: memoryWork('sort', 1, t.numel),
    differentiable: false,
  });
  c.synchronise(t);
  const items: TensorValue[] = [out];
  if (a.return_inverse) items.push(inv);
  if (a.return_counts) items.push(cnt);
  return items.length === 1 ? out : new PyTuple(items);
}

function search(
  c: OpCall,
  name: string,
  boundaries: TensorValue,
  t: TensorValue | { value: number },
  out32: boolean,
): TensorValue {
  const isT = 'shape' in t;
  if (isT && boundaries.dtype !== t.dtype)
    raise(
      'RuntimeError',
      `torch.${name}(): boundaries tensor and input value tensor should have same dtype, but got boundaries tensor dtype ${scalarTypeName(boundaries.dtype)} and input value tensor dtype ${scalarTypeName(t.dtype)}`,
    );
  if (
    isT &&
    boundaries.ndim > 1 &&
    (boundaries.ndim !== t.ndim || boundaries.shape.slice(0, -1).some((d, i) => d !== t.shape[i]))
  ) {
    raise(
      'RuntimeError',
      `torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor must match, but we got boundaries tensor [${boundaries.shape}] and input value tensor [${t.shape}]`,
    );
  }
  const r = c.make(isT ? t.shape : [], out32 ? dtypes.int32 : dtypes.int64, boundaries.device);
  c.emit(name, isT ? [boundaries, t] : [boundaries], [r], {
    elementwise: r.numel * logOf(boundaries.numel),
    work: memoryWork('gather', 1, r.numel),
    differentiable: false,
  });
  return r;
}

function diff(c: OpCall, t: TensorValue, n: number, dim: number): TensorValue {
  if (t.ndim === 0) raise('RuntimeError', 'diff expects input to be at least one-dimensional');
  const d = wrapDim(dim, t.ndim);
  let x = t;
  for (let i = 0; i < n && x.shape[d]! > 0; i++) {
    const upper = slice(c, x, d, 1, null);
    const lower = slice(c, x, d, 0, -1);
    x =
      t.dtype === dtypes.bool
        ? binary(c, 'logical_xor', { rule: 'bool' }, upper, lower)
        : binary(c, 'sub', { rule: 'promote', fn: (p, q) => p - q }, upper, lower);
  }
  return x;
}

function bins(c: OpCall, a: Bound): TensorValue {
  const t: TensorValue = a.input;
  if (t.ndim !== 1 || t.dtype.kind !== 'int')
    raise('RuntimeError', `bincount only supports 1-d non-negative integral inputs.`);
  const known = t.values;
  const n = known === null ? Number.NaN : Math.max(a.minlength, ...known.map((x) => x + 1), 0);
  if (known?.some((x) => x < 0)) raise('RuntimeError', 'bincount only supports 1-d non-negative integral inputs.');
  const counts = known === null ? null : Array.from({ length: n }, (_, i) => known.filter((x) => x === i).length);
  const r = c.make(
    [n],
    a.weights?.dtype === dtypes.float32 ? dtypes.float32 : a.weights !== null ? dtypes.float64 : dtypes.int64,
    t.device,
    a.weights === null ? counts : null,
  );
  c.emit('bincount', [t, a.weights], [r], {
    elementwise: t.numel,
    work: memoryWork('scatter', 1, t.numel),
    differentiable: false,
  });
  return r;
}

const add = (a: number, x: number): number => a + x;
const times = (a: number, x: number): number => a * x;
const pairOf = (name: string, r: { values: TensorValue; indices: TensorValue }): Value =>
  new StructSequence(`torch.return_types.${name}`, ['values', 'indices'], [r.values, r.indices]);

export const sortingOperators = [
  op(
    (c, a) => pairOf('sort', sort(c, a.input, a.dim, a.descending)),
    'torch.sort, Tensor.sort(Tensor input, int dim=-1, bool descending=False, bool~ stable=False, *, Any out=None)',
  ),
  op(
    (c, a) => sort(c, a.input, a.dim, a.descending).indices,
    'torch.argsort, Tensor.argsort(Tensor input, int dim=-1, bool descending=False, bool~ stable=False)',
  ),
  op((c, a) => sort(c, a.input, 0, false).values, 'torch.msort, Tensor.msort(Tensor input)'),
  op(
    (c, a) => topk(c, a.input, a.k, a.dim, a.largest),
    'torch.topk, Tensor.topk(Tensor input, SymInt k, int dim=-1, bool largest=True, bool~ sorted=True, *, Any out=None)',
  ),
  op(
    (c, a) => scan(c, 'cumsum', a.input, a.dim, a.dtype, add),
    'torch.cumsum, Tensor.cumsum(Tensor input, int dim, *, ScalarType? dtype=None, Tensor? out=None)',
  ),
  op((c, a) => scan(c, 'cumsum', a.input, a.dim, null, add, true), 'Tensor.cumsum_(Tensor input, int dim)'),
  op(
    (c, a) => scan(c, 'cumprod', a.input, a.dim, a.dtype, times),
    'torch.cumprod, Tensor.cumprod(Tensor input, int dim, *, ScalarType? dtype=None, Tensor? out=None)',
  ),
  op((c, a) => scan(c, 'cumprod', a.input, a.dim, null, times, true), 'Tensor.cumprod_(Tensor input, int dim)'),
  op(
    (c, a) => scan(c, 'logcumsumexp', a.input, a.dim, null, null),
    'torch.logcumsumexp, Tensor.logcumsumexp(Tensor input, int dim, *, Tensor? out=None)',
  ),
  ...(['cummax', 'cummin'] as const).map((n) =>
    op((c, a) => cumExtremum(c, n, a.input, a.dim), `torch.${n}, Tensor.${n}(Tensor input, int dim)`),
  ),
  op((c, a) => {
    const w = a.input;
    const r = c.like(w);
    c.emit('cumulative_trapezoid', [w], [r]);
    return r;
  }, 'torch.cumulative_trapezoid(Tensor input, Any x=None, *, int dim=-1)'),
  op(
    (c, a) => unique(c, a, false),
    'torch.unique, Tensor.unique, torch.functional.unique(Tensor input, bool sorted=True, bool return_inverse=False, bool return_counts=False, int? dim=None)',
  ),
  op(
    (c, a) => unique(c, a, true),
    'torch.unique_consecutive, Tensor.unique_consecutive(Tensor input, bool return_inverse=False, bool return_counts=False, int? dim=None)',
  ),
  op(
    (c, a) => search(c, 'searchsorted', a.sorted_sequence, a.input, a.out_int32),
    ...['Tensor', 'Scalar'].map(
      (k) =>
        `torch.searchsorted(Tensor sorted_sequence, ${k} input, *, bool out_int32=False, bool~ right=False, str?~ side=None, Tensor? sorter=None)`,
    ),
  ),
  op(
    (c, a) => {
      if (a.boundaries.ndim !== 1)
        raise('RuntimeError', `boundaries tensor must be 1 dimension, but got dim(${a.boundaries.ndim})`);
      return search(c, 'bucketize', a.boundaries, a.input, a.out_int32);
    },
    ...['Tensor', 'Scalar'].map((k) =>
      `torch.bucketize(Tensor input, Tensor boundaries, *, bool out_int32=False, bool~ right=False)`.replace(
        'Tensor input',
        `${k} input`,
      ),
    ),
  ),
  op(
    (c, a) => diff(c, a.input, a.n, a.dim),
    'torch.diff, Tensor.diff(Tensor input, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None)',
  ),
  op(bins, 'torch.bincount, Tensor.bincount(Tensor input, Tensor? weights=None, SymInt minlength=0)'),
  op((c, a) => {
    const t: TensorValue = a.input;
    const r = c.make([a.bins], t.dtype, t.device);
    if (t.dtype.kind !== 'float')
      raise('RuntimeError', `"histogram_cpu" not implemented for '${scalarTypeName(t.dtype)}'`);
    c.emit('histc', [t], [r], { elementwise: t.numel, work: memoryWork('scatter', 1, t.numel), differentiable: false });
    return r;
  }, 'torch.histc, Tensor.histc(Tensor input, int bins=100, float~ min=0, float~ max=0)'),
  op((c, a) => {
    const t: TensorValue = a.elements;
    const r = c.make(
      t.shape,
      dtypes.bool,
      t.device,
      t.values !== null && a.test_elements.values !== null
        ? castValues(
            t.values.map((x) => Number(a.test_elements.values.includes(x))),
            dtypes.bool,
          )
        : null,
    );
    c.emit('isin', [t, a.test_elements], [r], {
      elementwise: t.numel * logOf(a.test_elements.numel),
      differentiable: false,
    });
    return r;
  }, 'torch.isin(Tensor elements, Tensor test_elements, *, bool assume_unique=False, bool invert=False)'),
  op((c, a) => {
    const t: TensorValue = a.input;
    const n = t.shape[0]!;
    let k = 1;
    for (let i = 0; i < a.r; i++) k = (k * (n - i + (a.with_replacement ? a.r - 1 : 0))) / (i + 1);
    const r = c.make(a.r === 1 ? [n] : [Math.round(k), a.r], t.dtype, t.device);
    if (t.ndim !== 1) raise('RuntimeError', `Expect a 1D vector, but got shape [${t.shape}]`);
    c.emit('index', [t], [r], { elementwise: 0, work: memoryWork('gather', 1, r.numel) });
    return r;
  }, 'torch.combinations(Tensor input, int r=2, bool with_replacement=False)'),
  op(
    (c, a) => {
      const n = a.N ?? a.x.shape[0];
      const r = c.make([a.x.shape[0], n], isIntegral(a.x.dtype) ? dtypes.int64 : a.x.dtype, a.x.device);
      c.emit('cumprod', [a.x], [r], { elementwise: r.numel });
      return r;
    },
    'torch.vander(Tensor x, int? N=None, *, bool increasing=False)',
    'torch.linalg.vander(Tensor x, *, int? N=None)',
  ),
  op((c, a) => {
    const y: TensorValue = a.y;
    const d = wrapDim(a.dim, y.ndim);
    const r = c.make(
      y.shape.filter((_, i) => i !== d),
      y.dtype,
      y.device,
    );
    c.emit('trapezoid', [y], [r], { elementwise: 2 * y.numel });
    return r;
  }, 'torch.trapezoid, torch.trapz(Tensor y, Any x=None, *, float~ dx=1, int dim=-1)'),
  op((c, a) => {
    const t: TensorValue = a.input;
    const out = t.shape.map(() => c.like(t));
    c.emit('gradient', [t], out, { elementwise: 2 * t.numel * t.ndim });
    return new PyTuple(out);
  }, 'torch.gradient(Tensor input, *, Any spacing=1, Any dim=None, int edge_order=1)'),
];
