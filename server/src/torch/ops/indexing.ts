/**
 * Subscripts: `t[index]` and `t[index] = value` as python_variable_indexing does them: ints, slices, None, `...` and
 * bools make views first, then tensors and lists index together (`index`, `index_put_`).
 */
import { raise } from '../../python/errors.js';
import { distanceOf } from '../../python/offsets.js';
import {
  Ellipsis,
  type Interp,
  PyInstance,
  PyList,
  PyRange,
  PySlice,
  PyTuple,
  Unknown,
  type Value,
} from '../../python/values.js';
import { dtypes } from '../dtype.js';
import type { TorchState } from '../kernel.js';
import { memoryWork, OpCall } from '../opcall.js';
import { type Bound, op } from '../operator.js';
import { castValue, scalarTypeName, shapeText } from '../promote.js';
import { asTensor, BindFailure, toScalar } from '../schema.js';
import { broadcastShapes, sameShape } from '../strides.js';
import { contiguousStrides, maxKnownElements, numelOf, type TensorValue } from '../tensor.js';
import { fromData } from './factories.js';
import { expandValues } from './known.js';
import { select, slice, stretch, unsqueeze, view } from './views.js';

type Indices = (TensorValue | null)[];

class UnknownIndex {
  constructor(readonly why: string) {}
}

/** A plain tuple of indices; a list that holds sequences, slices or tensors counts as one too (as PyTorch treats it). */
function wrapTuple(index: Value): readonly Value[] {
  if (index instanceof PyTuple) return index.items;
  if (
    index instanceof PyList &&
    index.items.length < 32 &&
    index.items.some(
      (v) =>
        v instanceof PyTuple ||
        v instanceof PyList ||
        v instanceof PySlice ||
        v === null ||
        v === Ellipsis ||
        asTensor(v) !== null,
    )
  ) {
    if (!index.items.every((v) => asTensor(v)?.ndim === 0)) return index.items;
  }
  return [index];
}

/** Subclasses of int, IntEnum members and objects with `__index__` stand for their number, numpy arrays for their tensor. */
function plainIndex(c: OpCall, v: Value): Value {
  if (!(v instanceof PyInstance)) return v;
  if (v.payload !== undefined) return v.payload;
  const array = c.interp.tryGetAttr(v, '_tensor');
  if (array !== undefined) return array;
  const method = c.interp.tryGetAttr(v, '__index__');
  return method === undefined ? v : c.interp.call(method, []);
}

function consumed(v: Value): number {
  if (v === null || v === Ellipsis || typeof v === 'boolean') return 0;
  const t = asTensor(v);
  if (t !== null) return t.dtype === dtypes.bool || t.dtype === dtypes.uint8 ? t.ndim : 1;
  return 1;
}

function bound(c: OpCall, given: Value): number | null | UnknownIndex {
  const v = plainIndex(c, given);
  if (v === null) return null;
  if (typeof v === 'number') return v;
  if (typeof v === 'boolean') return Number(v);
  if (typeof v === 'bigint') return Number(v);
  if (v instanceof Unknown) return Number.NaN;
  const t = asTensor(v);
  if (t !== null && t.numel === 1) return t.values === null ? Number.NaN : t.values[0]!;
  raise('TypeError', 'slice indices must be integers or None or have an __index__ method');
}

/** Applies everything but tensors; gives the view and the tensor indices left, by dim. */
function applyViews(
  c: OpCall,
  self: TensorValue,
  given: readonly Value[],
): { t: TensorValue; indices: Indices } | UnknownIndex {
  const index = given.map((v) => plainIndex(c, v));
  const total = index.reduce<number>((n, v) => n + consumed(v), 0);
  if (total > self.ndim) raise('IndexError', `too many indices for tensor of dimension ${self.ndim}`);
  let t = self;
  let dim = 0;
  const indices: Indices = [];
  const put = (x: TensorValue): void => {
    while (indices.length < dim) indices.push(null);
    indices[dim] = x;
    dim++;
  };
  for (const v of index) {
    if (v instanceof Unknown) {
      if (v.kind === 'int') {
        t = c.view(
          'select',
          t,
          t.shape.filter((_, i) => i !== dim),
          t.strides.filter((_, i) => i !== dim),
          Number.NaN,
        );
        continue;
      }
      return new UnknownIndex(v.why);
    }
    if (typeof v === 'number') t = select(c, t, dim, v);
    else if (v instanceof PySlice) {
      const from = bound(c, v.start);
      const to_ = bound(c, v.stop);
      const step = bound(c, v.step) ?? 1;
      if (typeof step !== 'number') return step;
      if (step <= 0) raise('ValueError', 'step must be greater than zero');
      const whole = from === null && to_ === null && step === 1;
      const apart = Number.isNaN(from) && Number.isNaN(to_) ? distanceOf(v.start, v.stop) : null;
      if (apart !== null) t = stretch(c, t, dim, Math.max(0, Math.ceil(apart / step)), step);
      else if (!whole) t = slice(c, t, dim, from as number | null, to_ as number | null, step);
      else if (t.ndim === 0) raise('IndexError', 'slice() cannot be applied to a 0-dim tensor.');
      dim++;
    } else if (v === Ellipsis) dim += self.ndim - total;
    else if (v === null) {
      t = unsqueeze(c, t, dim);
      dim++;
    } else if (typeof v === 'boolean') {
      t = unsqueeze(c, t, dim);
      put(boolIndex(c, v));
    } else {
      const x = asTensor(v);
      if (x !== null) {
        if (x.ndim === 0 && x.dtype.kind === 'int') {
          // a 0-dim integer tensor selects: PyTorch reads its value
          const at = x.values?.[0];
          if (at !== undefined) t = select(c, t, dim, at);
          else
            t = c.view(
              'select',
              t,
              t.shape.filter((_, i) => i !== dim),
              t.strides.filter((_, i) => i !== dim),
              Number.NaN,
            );
          continue;
        }
        if (x.ndim === 0 && x.dtype === dtypes.bool) {
          t = unsqueeze(c, t, dim);
          put(x);
          continue;
        }
        put(x);
      } else if (v instanceof PyList || v instanceof PyTuple || v instanceof PyRange) {
        const made = fromData(c, v, {});
        const m = asTensor(made);
        if (m === null) return new UnknownIndex('index is not known');
        put(m.numel === 0 && m.dtype.kind === 'float' ? c.make(m.shape, dtypes.int64, m.device, []) : m);
      } else {
        raise(
          'IndexError',
          'only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices',
        );
      }
    }
  }
  return { t, indices };
}

const boolIndex = (c: OpCall, v: boolean): TensorValue => c.make([], dtypes.bool, 'cpu', [Number(v)]);

/** Bool indices become integer ones through nonzero; NaN extents where their content is not known. */
function expandMasks(c: OpCall, t: TensorValue, indices: Indices): Indices {
  const out: Indices = [];
  for (const x of indices) {
    if (x === null) out.push(null);
    else if (x.dtype === dtypes.bool || x.dtype === dtypes.uint8) {
      if (x.ndim === 0) {
        const n = x.values === null ? Number.NaN : x.values[0]! !== 0 ? 1 : 0;
        out.push(c.make([n], dtypes.int64, x.device, n === 1 ? [0] : null));
        continue;
      }
      x.shape.forEach((d, i) => {
        const own = t.shape[out.length + i];
        if (d !== own && !Number.isNaN(d) && !Number.isNaN(own ?? Number.NaN)) {
          raise(
            'IndexError',
            `The shape of the mask ${shapeText(x.shape)} at index ${i} does not match the shape of the indexed tensor ${shapeText(t.shape)} at index ${out.length + i}`,
          );
        }
      });
      c.synchronise(x);
      const found = nonzeroPositions(x);
      const n = found === null ? Number.NaN : found.length;
      for (let d = 0; d < x.ndim; d++) {
        const step = numelOf(x.shape.slice(d + 1));
        out.push(
          c.make(
            [n],
            dtypes.int64,
            x.device,
            found === null ? null : found.map((p) => Math.floor(p / step) % x.shape[d]!),
          ),
        );
      }
    } else if (x.dtype.kind === 'int') out.push(x);
    else raise('IndexError', `tensors used as indices must be long, int, byte or bool tensors`);
  }
  return out;
}

export function nonzeroPositions(t: TensorValue): number[] | null {
  const values = t.values;
  if (values === null) return null;
  const out: number[] = [];
  values.forEach((v, i) => {
    if (v !== 0) out.push(i);
  });
  return out;
}

interface Gathered {
  shape: number[];
  positions: number[] | null;
  used: TensorValue[];
}

/** Shape of an indexing result and, where all is known, the row-major positions it reads. */
function plan(t: TensorValue, given: Indices): Gathered {
  const indices = given.slice();
  if (indices.length > t.ndim)
    raise('IndexError', `too many indices for tensor of dimension ${t.ndim} (got ${indices.length})`);
  while (indices.length < t.ndim) indices.push(null);
  const used = indices.filter((x): x is TensorValue => x !== null);
  let shape: number[];
  try {
    shape = broadcastShapes(...used.map((x) => x.shape));
  } catch {
    raise(
      'IndexError',
      `shape mismatch: indexing tensors could not be broadcast together with shapes ${used.map((x) => shapeText(x.shape)).join(', ')}`,
    );
  }
  const at = indices.map((x, i) => (x === null ? -1 : i)).filter((i) => i >= 0);
  const adjacent = at.every((d, i) => i === 0 || d === at[i - 1]! + 1);
  const first = adjacent ? at[0]! : 0;
  const rest = indices.map((x, i) => (x === null ? i : -1)).filter((i) => i >= 0);
  const before = adjacent ? rest.filter((d) => d < first) : [];
  const after = adjacent ? rest.filter((d) => d > first) : rest;
  const full = [...before.map((d) => t.shape[d]!), ...shape, ...after.map((d) => t.shape[d]!)];
  if (numelOf(shape) > 0) {
    for (const d of at) {
      const size = t.shape[d]!;
      if (size === 0) raise('IndexError', `index is out of bounds for dimension with size 0`);
      for (const v of indices[d]!.values ?? []) {
        if (v >= size || v < -size)
          raise('IndexError', `index ${v} is out of bounds for dimension ${d} with size ${size}`);
      }
    }
  }
  if (!(numelOf(full) <= maxKnownElements) || !(t.numel <= maxKnownElements))
    return { shape: full, positions: null, used };
  const columns = at.map((d) => expandValues(indices[d]!, shape));
  if (columns.some((col) => col === null)) return { shape: full, positions: null, used };
  const step = contiguousStrides(t.shape);
  const positions: number[] = [];
  const inner = numelOf(after.map((d) => t.shape[d]!));
  const outer = numelOf(before.map((d) => t.shape[d]!));
  const offset = (dims: number[], k: number): number => {
    let r = k;
    let p = 0;
    for (let i = dims.length - 1; i >= 0; i--) {
      p += (r % t.shape[dims[i]!]!) * step[dims[i]!]!;
      r = Math.floor(r / t.shape[dims[i]!]!);
    }
    return p;
  };
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < numelOf(shape); k++) {
      let p = offset(before, o);
      at.forEach((d, i) => {
        const v = columns[i]![k]!;
        p += (v < 0 ? v + t.shape[d]! : v) * step[d]!;
      });
      for (let i = 0; i < inner; i++) positions.push(p + offset(after, i));
    }
  }
  return { shape: full, positions, used };
}

/** `index`: tensors index together, the dims between them are kept. */
export function indexTensor(c: OpCall, t: TensorValue, given: Indices): TensorValue {
  const { shape, positions } = plan(t, expandMasks(c, t, given));
  const used = given.filter((x): x is TensorValue => x !== null);
  const values = t.values;
  const out = c.make(
    shape,
    t.dtype,
    t.device,
    positions !== null && values !== null ? positions.map((p) => values[p]!) : null,
  );
  c.emit('index', [t, ...used], [out], {
    elementwise: 0,
    work: memoryWork('gather', 1, out.numel),
    saved: used,
    backwardBytes: t.nbytes + out.nbytes * 2,
    backwardKernels: 1,
  });
  return out;
}

export function indexPut(
  c: OpCall,
  t: TensorValue,
  given: Indices,
  value: TensorValue,
  accumulate: boolean,
): TensorValue {
  const indices = expandMasks(c, t, given);
  const { shape, positions } = plan(t, indices);
  const used = given.filter((x): x is TensorValue => x !== null);
  if (value.dtype !== t.dtype)
    raise(
      'RuntimeError',
      `Index put requires the source and destination dtypes match, got ${scalarTypeName(t.dtype)} for the destination and ${scalarTypeName(value.dtype)} for the source.`,
    );
  if (!shape.some(Number.isNaN)) checkAssign(shape, value);
  const source = expandValues(value, shape);
  let values: number[] | null = null;
  if (positions !== null && source !== null && t.values !== null) {
    values = t.values.slice();
    positions.forEach((p, i) => {
      values![p] = accumulate ? values![p]! + source[i]! : source[i]!;
    });
  }
  return c.inplace('index_put_', t, [...used, value], values, {
    elementwise: 0,
    work: memoryWork('scatter', 1, numelOf(shape)),
    saved: used,
  });
}

function checkAssign(shape: readonly number[], value: TensorValue): void {
  // leading dims of extent 1 are dropped, as slicePrefix1sSize does
  let s = value.shape.slice();
  while (s.length > shape.length && s[0] === 1) s = s.slice(1);
  const off = shape.length - s.length;
  if (
    off < 0 ||
    s.some((d, i) => d !== 1 && d !== shape[i + off] && !Number.isNaN(d) && !Number.isNaN(shape[i + off]!))
  ) {
    raise(
      'RuntimeError',
      `shape mismatch: value tensor of shape ${shapeText(value.shape)} cannot be broadcast to indexing result of shape ${shapeText(shape)}`,
    );
  }
}

const call = (interp: Interp, name: string): OpCall => new OpCall(interp, interp.torch as TorchState, name);

/** `t[index]`. */
export function tensorGetItem(interp: Interp, t: TensorValue, index: Value): Value {
  const c = call(interp, 'Tensor.__getitem__');
  if (index === null) return unsqueeze(c, t, 0);
  if (index === Ellipsis) return c.view('alias', t, t.shape, t.strides);
  const items = wrapTuple(index);
  const r = applyViews(c, t, items);
  if (r instanceof UnknownIndex) return interp.gap('Tensor.__getitem__', `index is not known: ${r.why}`, 'tensor');
  if (r.indices.length === 0) return r.t === t ? c.view('alias', t, t.shape, t.strides) : r.t;
  return indexTensor(c, r.t, r.indices);
}

/** `t[index] = value`. */
export function tensorSetItem(interp: Interp, t: TensorValue, index: Value, value: Value): void {
  const c = call(interp, 'Tensor.__setitem__');
  const r = index === Ellipsis ? { t, indices: [] } : applyViews(c, t, wrapTuple(index));
  if (r instanceof UnknownIndex) {
    interp.gap('Tensor.__setitem__', `index is not known: ${r.why}`, 'tensor');
    t.write(null);
    return;
  }
  const source = asTensor(value);
  if (source === null && value instanceof Unknown) {
    if (value.kind === 'tensor' || value.kind === 'any')
      interp.gap('Tensor.__setitem__', `value is not known: ${value.why}`, 'tensor');
    r.t.write(null);
    return;
  }
  if (r.indices.length === 0) {
    if (source === null) {
      const s = toScalar(value);
      if (s instanceof BindFailure)
        raise('TypeError', `can't assign a ${interp.classOf(value).name} to a torch.${scalarTypeName(t.dtype)}Tensor`);
      const n = r.t.numel;
      const x = castValue(s.value, t.dtype);
      c.inplace(
        'fill_',
        r.t,
        [],
        n <= maxKnownElements && !Number.isNaN(s.value) ? new Array<number>(n).fill(x) : null,
        { elementwise: 0, work: memoryWork('factory', 1, n) },
      );
      return;
    }
    let v = source;
    while (v.ndim > r.t.ndim && v.shape[0] === 1) v = c.view('view', v, v.shape.slice(1), v.strides.slice(1));
    copyChecked(c, r.t, v);
    return;
  }
  let v: TensorValue;
  if (source === null) {
    const s = toScalar(value);
    if (s instanceof BindFailure)
      raise('TypeError', `can't assign a ${interp.classOf(value).name} to a torch.${scalarTypeName(t.dtype)}Tensor`);
    // a number under a single mask is a masked_fill: no positions are needed
    const mask = r.indices.find((x) => x !== null);
    if (
      r.indices.length === 1 &&
      mask &&
      mask.dtype === dtypes.bool &&
      mask.ndim > 0 &&
      sameShape(mask.shape, r.t.shape.slice(0, mask.ndim))
    ) {
      const m = expandValues(mask.ndim === r.t.ndim ? mask : mask, mask.shape);
      const values =
        m !== null && r.t.values !== null && mask.ndim === r.t.ndim
          ? r.t.values.map((x, i) => (m[i] !== 0 ? s.value : x))
          : null;
      c.inplace('index_put_', r.t, [mask], values, { elementwise: 0, work: memoryWork('scatter', 1, r.t.numel) });
      return;
    }
    v = c.make([], t.dtype, t.device, [castValue(s.value, t.dtype)]);
  } else v = source;
  if (r.indices.length === 0) return;
  indexPut(c, r.t, r.indices, v, false);
}

function copyChecked(c: OpCall, t: TensorValue, v: TensorValue): void {
  const off = t.ndim - v.ndim;
  if (
    off < 0 ||
    v.shape.some((d, i) => d !== 1 && d !== t.shape[i + off] && !Number.isNaN(d) && !Number.isNaN(t.shape[i + off]!))
  ) {
    raise(
      'RuntimeError',
      `The expanded size of the tensor (${t.shape[t.ndim - 1] ?? 1}) must match the existing size (${v.shape[v.ndim - 1] ?? 1}) at non-singleton dimension.  Target sizes: ${shapeText(t.shape)}.  Tensor sizes: ${shapeText(v.shape)}`,
    );
  }
  c.inplace('copy_', t, [v], expandValues(v, t.shape), { elementwise: 0, work: memoryWork('copy', 1, t.numel) });
}

function nonzero(c: OpCall, t: TensorValue, size: number | null = null): TensorValue {
  const found = nonzeroPositions(t);
  const n = size ?? (found === null ? Number.NaN : found.length);
  const step = contiguousStrides(t.shape);
  const values =
    found === null || size !== null ? null : found.flatMap((p) => t.shape.map((d, i) => Math.floor(p / step[i]!) % d));
  const out = c.make([n, t.ndim], dtypes.int64, t.device, values, t.ndim > 1 ? [1, Math.max(1, n)] : [1, 1]);
  c.emit('nonzero', [t], [out], { elementwise: t.numel, work: memoryWork('scan', 1, t.numel), differentiable: false });
  if (size === null) c.synchronise(t);
  return out;
}

const toIndices = (a: Bound): Indices => a.indices as Indices;

export const indexingOperators = [
  op((c, a) => {
    const t = nonzero(c, a.input);
    if (!a.as_tuple) return t;
    const x = a.input.ndim === 0 ? view(c, t, [t.shape[0]!, 0]) : t;
    return new PyTuple(Array.from({ length: Math.max(1, a.input.ndim) }, (_, i) => select(c, x, 1, i)));
  }, 'torch.nonzero, Tensor.nonzero(Tensor input, *, bool as_tuple=False, Tensor? out=None)'),
  op(
    (c, a) => nonzero(c, a.input, a.size),
    'torch.nonzero_static, Tensor.nonzero_static(Tensor input, *, SymInt size, int fill_value=-1)',
  ),
  op((c, a) => nonzero(c, a.input), 'torch.argwhere, Tensor.argwhere(Tensor input)'),
  op((c, a) => {
    const t = nonzero(c, a.condition);
    return new PyTuple(Array.from({ length: a.condition.ndim }, (_, i) => select(c, t, 1, i)));
  }, 'torch.where(Tensor condition)'),
  op((c, a) => {
    const { input: t, mask } = a as { input: TensorValue; mask: TensorValue };
    if (mask.dtype !== dtypes.bool && mask.dtype !== dtypes.uint8)
      raise('RuntimeError', 'masked_select: expected BoolTensor for mask');
    const shape = broadcastShapes(t.shape, mask.shape);
    const m = expandValues(mask, shape);
    const v = expandValues(t, shape);
    const n = m === null ? Number.NaN : m.filter((x) => x !== 0).length;
    const out = c.make([n], t.dtype, t.device, m !== null && v !== null ? v.filter((_, i) => m[i] !== 0) : null);
    c.emit('masked_select', [t, mask], [out], {
      elementwise: numelOf(shape),
      work: memoryWork('gather', 1, numelOf(shape)),
      saved: [mask],
    });
    c.synchronise(mask);
    return out;
  }, 'torch.masked_select, Tensor.masked_select(Tensor input, Tensor mask, *, Tensor? out=None)'),
  op(
    (c, a) => indexPut(c, a.input, toIndices(a), a.values, a.accumulate),
    'torch.index_put_, Tensor.index_put_(Tensor input, Tensor?[] indices, Tensor values, bool accumulate=False)',
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    const copy = c.like(t, t.dtype, t.values);
    const { used } = plan(t, expandMasks(c, t, toIndices(a)));
    c.emit('index_put', [t, ...used, a.values], [copy], {
      elementwise: 0,
      work: memoryWork('scatter', 1, t.numel),
      saved: used,
    });
    return copy;
  }, 'torch.index_put, Tensor.index_put(Tensor input, Tensor?[] indices, Tensor values, bool accumulate=False)'),
  op((c, a) => tensorGetItem(c.interp, a.input, a.index), 'Tensor.__getitem__(Tensor input, Any index)'),
  op((c, a) => {
    tensorSetItem(c.interp, a.input, a.index, a.value);
    return null;
  }, 'Tensor.__setitem__(Tensor input, Any index, Any value)'),
];
