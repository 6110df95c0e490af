/** Joining and repeating: cat, stack, repeat, tile, flip, roll. */
import { raise } from '../../python/errors.js';
import { dtypes } from '../dtype.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { op } from '../operator.js';
import { castValues, shapeText } from '../promote.js';
import { isChannelsLast, isContiguous, sameShape, stridesFor, wrapDim, wrapDims } from '../strides.js';
import { contiguousStrides, maxKnownElements, numelOf, type TensorValue } from '../tensor.js';
import { clone } from './copy.js';
import { forLines } from './known.js';
import { mul } from './pointwise.js';
import { flatten, reshape, unsqueeze, view } from './views.js';

/** One tensor of each kind that promotion tells apart: a list may hold a million, an argument list may not. */
function representatives(ts: readonly TensorValue[]): TensorValue[] {
  const kinds = new Map<string, TensorValue>();
  for (const t of ts) {
    const kind = `${t.dtype.name}|${t.ndim === 0}`;
    if (!kinds.has(kind)) kinds.set(kind, t);
  }
  return [...kinds.values()];
}

export function cat(
  c: OpCall,
  given: readonly TensorValue[],
  dim: number,
  out: TensorValue | null = null,
): TensorValue {
  if (given.length === 0)
    raise(c.since(2) ? 'RuntimeError' : 'NotImplementedError', 'torch.cat(): expected a non-empty list of Tensors');
  const all = c.widest(given);
  const tensors = all.filter((t) => !(t.ndim === 1 && t.shape[0] === 0));
  const first = tensors[0] ?? all[0]!;
  all.forEach((t, i) => {
    if (t.ndim === 0) raise('RuntimeError', `zero-dimensional tensor (at position ${i}) cannot be concatenated`);
  });
  const d = wrapDim(dim, first.ndim);
  let extent = 0;
  let dtype = c.resultType(...representatives(all));
  if (all.every((t) => t.dtype === all[0]!.dtype)) dtype = all[0]!.dtype;
  tensors.forEach((t, i) => {
    if (t.ndim !== first.ndim)
      raise(
        'RuntimeError',
        `Tensors must have same number of dimensions: got ${first.ndim} and ${t.ndim} (shapes ${shapeText(first.shape)} and ${shapeText(t.shape)})`,
      );
    t.shape.forEach((x, k) => {
      if (k !== d && x !== first.shape[k] && !Number.isNaN(x) && !Number.isNaN(first.shape[k]!)) {
        raise(
          'RuntimeError',
          `Sizes of tensors must match except in dimension ${d}. Expected size ${first.shape[k]} but got size ${x} for tensor number ${i} in the list (shapes ${shapeText(first.shape)} and ${shapeText(t.shape)})`,
        );
      }
    });
    extent += t.shape[d]!;
  });
  const shape = first.shape.map((x, k) => (k === d ? (tensors.length === 0 ? 0 : extent) : x));
  const channelsLast =
    tensors.length > 0 && tensors.every((t) => isChannelsLast(t.shape, t.strides) && !isContiguous(t.shape, t.strides));
  const strides = channelsLast
    ? stridesFor(shape, shape.length === 4 ? 'channels_last' : 'channels_last_3d')
    : contiguousStrides(shape);
  const r = c.make(shape, dtype, c.commonDevice(all), catValues(tensors, shape, d), strides);
  c.emit('cat', [...all, out], [r], { elementwise: 0, work: memoryWork('copy', 1, r.numel) });
  return c.intoOut(r, out);
}

function catValues(tensors: readonly TensorValue[], shape: readonly number[], d: number): number[] | null {
  if (!(numelOf(shape) <= maxKnownElements) || tensors.some((t) => t.values === null)) return null;
  const inner = numelOf(shape.slice(d + 1));
  const outer = numelOf(shape.slice(0, d));
  const values: number[] = [];
  for (let o = 0; o < outer; o++) {
    for (const t of tensors) {
      const n = t.shape[d]! * inner;
      for (let k = 0; k < n; k++) values.push(t.values![o * n + k]!);
    }
  }
  return values;
}

export function stack(
  c: OpCall,
  given: readonly TensorValue[],
  dim: number,
  out: TensorValue | null = null,
): TensorValue {
  if (given.length === 0) raise('RuntimeError', 'stack expects a non-empty TensorList');
  const tensors = c.widest(given);
  const first = tensors[0]!;
  const d = wrapDim(dim, first.ndim + 1);
  tensors.forEach((t, i) => {
    if (!sameShape(t.shape, first.shape) && !t.shape.some(Number.isNaN) && !first.shape.some(Number.isNaN)) {
      raise(
        'RuntimeError',
        `stack expects each tensor to be equal size, but got ${shapeText(first.shape)} at entry 0 and ${shapeText(t.shape)} at entry ${i}`,
      );
    }
  });
  const shape = first.shape.slice();
  shape.splice(d, 0, tensors.length);
  const dtype = c.resultType(...representatives(tensors));
  let values: number[] | null = null;
  if (numelOf(shape) <= maxKnownElements && tensors.every((t) => t.values !== null)) {
    const inner = numelOf(first.shape.slice(d));
    const outer = numelOf(first.shape.slice(0, d));
    values = [];
    for (let o = 0; o < outer; o++)
      for (const t of tensors) for (let k = 0; k < inner; k++) values.push(t.values![o * inner + k]!);
  }
  const r = c.make(shape, dtype, c.commonDevice(tensors), castValues(values, dtype));
  c.emit('stack', [...tensors, out], [r], { elementwise: 0, work: memoryWork('copy', 1, r.numel) });
  return c.intoOut(r, out);
}

export function repeat(c: OpCall, t: TensorValue, repeats: readonly number[]): TensorValue {
  if (repeats.length < t.ndim)
    raise(
      'RuntimeError',
      `Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor (repeats ${shapeText(repeats)}, tensor ${shapeText(t.shape)})`,
    );
  if (repeats.some((r) => r < 0))
    raise('RuntimeError', `Trying to create tensor with negative dimension ${Math.min(...repeats)}`);
  const off = repeats.length - t.ndim;
  const shape = repeats.map((r, i) => r * (i < off ? 1 : t.shape[i - off]!));
  let values: number[] | null = null;
  if (numelOf(shape) <= maxKnownElements && t.values !== null) {
    values = [];
    const total = numelOf(shape);
    for (let k = 0; k < total; k++) {
      let rest = k;
      let at = 0;
      let step = 1;
      for (let d = shape.length - 1; d >= 0; d--) {
        const i = rest % shape[d]!;
        rest = Math.floor(rest / shape[d]!);
        if (d >= off) {
          at += (i % t.shape[d - off]!) * step;
          step *= t.shape[d - off]!;
        }
      }
      values.push(t.values[at]!);
    }
  }
  const r = c.make(shape, t.dtype, t.device, values);
  c.emit('repeat', [t], [r], { elementwise: 0, work: memoryWork('copy', 1, r.numel) });
  return r;
}

export function repeatInterleave(
  c: OpCall,
  t: TensorValue,
  repeats: number | TensorValue,
  dim: number | null,
  outputSize: number | null = null,
): TensorValue {
  const x = dim === null ? flatten(c, t, 0, -1) : t;
  const d = dim === null ? 0 : wrapDim(dim, x.ndim);
  const size = x.ndim === 0 ? 1 : x.shape[d]!;
  let extent: number;
  let counts: readonly number[] | null = null;
  if (typeof repeats === 'number') {
    if (repeats < 0) raise('RuntimeError', 'repeats must be non-negative');
    extent = size * repeats;
    counts = size <= maxKnownElements ? new Array<number>(size).fill(repeats) : null;
  } else {
    if (repeats.dtype !== dtypes.int64 && repeats.dtype !== dtypes.int32)
      raise('RuntimeError', 'repeats has to be Long or Int tensor');
    if (repeats.ndim > 1) raise('RuntimeError', 'repeat_interleave only accept 1D vector as repeat');
    const n = repeats.numel;
    if (n !== 1 && n !== size)
      raise(
        'RuntimeError',
        `repeats must have the same size as input along dim, but got repeats.size(0) = ${n} and input.size(${d}) = ${size}`,
      );
    counts =
      repeats.values === null ? null : n === 1 ? new Array<number>(size).fill(repeats.values[0]!) : repeats.values;
    extent = outputSize ?? (counts === null ? Number.NaN : counts.reduce((a, b) => a + b, 0));
  }
  const shape = x.ndim === 0 ? [extent] : x.shape.map((v, k) => (k === d ? extent : v));
  let values: number[] | null = null;
  if (counts !== null && x.values !== null && numelOf(shape) <= maxKnownElements) {
    const inner = numelOf(x.shape.slice(d + 1));
    const outer = numelOf(x.shape.slice(0, d));
    values = [];
    for (let o = 0; o < outer; o++)
      for (let k = 0; k < size; k++)
        for (let r = 0; r < counts[k]!; r++)
          for (let i = 0; i < inner; i++) values.push(x.values[(o * size + k) * inner + i]!);
  }
  const r = c.make(shape, x.dtype, x.device, values);
  if (typeof repeats === 'number' && c.since(2)) {
    // an integer count needs no index: expand, then one copy
    const wide = unsqueeze(c, x, d + 1);
    c.emit(
      'clone',
      [
        c.view(
          'expand',
          wide,
          [...wide.shape.slice(0, d + 1), repeats, ...wide.shape.slice(d + 2)],
          wide.strides.map((s, i) => (i === d + 1 ? 0 : s)),
        ),
      ],
      [r],
      { elementwise: 0, work: memoryWork('copy', 1, r.numel) },
    );
    return r;
  }
  const index = c.make([extent], dtypes.int64, x.device);
  const source = typeof repeats === 'number' ? c.make([size], dtypes.int64, x.device) : repeats;
  if (typeof repeats === 'number') {
    // the count becomes a tensor first
    const filled = c.make([1], dtypes.int64, x.device);
    c.emit('fill_', [filled], [filled], { elementwise: 0, differentiable: false });
  }
  c.emit('repeat_interleave', [source], [index], {
    elementwise: 0,
    work: memoryWork('gather', 1, extent),
    differentiable: false,
  });
  c.emit('index_select', [x, index], [r], { elementwise: 0, work: memoryWork('gather', 1, r.numel), saved: [index] });
  return r;
}

function rearranged(
  c: OpCall,
  name: string,
  t: TensorValue,
  values: number[] | null,
  shape: readonly number[] = t.shape,
): TensorValue {
  const r = name === 'flip' ? c.like(t, t.dtype, values) : c.make(shape, t.dtype, t.device, values);
  c.emit(name, [t], [r], { elementwise: 0, work: memoryWork('copy', 1, r.numel) });
  return r;
}

export function flip(c: OpCall, t: TensorValue, dims: readonly number[]): TensorValue {
  let values = t.values?.slice() ?? null;
  for (const d of wrapDims(dims, t.ndim)) {
    if (values === null) break;
    const from: number[] = values;
    const next = from.slice();
    forLines(t.shape, d, (line) =>
      line.forEach((p, k) => {
        next[p] = from[line[line.length - 1 - k]!]!;
      }),
    );
    values = next;
  }
  return rearranged(c, 'flip', t, values);
}

export function roll(c: OpCall, t: TensorValue, shifts: readonly number[], dims: readonly number[]): TensorValue {
  if (shifts.length === 0) raise('RuntimeError', '`shifts` required');
  if (dims.length === 0 && shifts.length === 1) return view(c, roll(c, reshape(c, t, [-1]), shifts, [0]), t.shape);
  if (shifts.length !== dims.length)
    raise('RuntimeError', `shifts and dimensions must align. shifts: ${shifts.length}, dims:${dims.length}`);
  if (t.numel === 0) return clone(c, t);
  let values = t.values?.slice() ?? null;
  dims.forEach((dim, i) => {
    const d = wrapDim(dim, t.ndim);
    if (values === null) return;
    const from = values;
    const next = from.slice();
    forLines(t.shape, d, (line) => {
      const n = line.length;
      line.forEach((p, k) => {
        next[line[(((k + shifts[i]!) % n) + n) % n]!] = from[p]!;
      });
    });
    values = next;
  });
  return rearranged(c, 'roll', t, values);
}

/** An unrecorded flip: part of a kernel. */
const flipView = (c: OpCall, t: TensorValue, _dims: readonly number[]): TensorValue => c.like(t);

function transposed(t: TensorValue, p: number, q: number): TensorValue {
  const swap = (xs: readonly number[]): number[] => xs.map((x, i) => (i === p ? xs[q]! : i === q ? xs[p]! : x));
  t.shape = swap(t.shape);
  t.strides = swap(t.strides);
  return t;
}

export const joinOperators = [
  op(
    (c, a) => cat(c, a.tensors, a.dim, a.out),
    'torch.cat, torch.concat, torch.concatenate(Tensor[] tensors, int dim=0, *, Tensor? out=None)',
  ),
  op((c, a) => stack(c, a.tensors, a.dim, a.out), 'torch.stack(Tensor[] tensors, int dim=0, *, Tensor? out=None)'),
  op(
    (c, a) =>
      cat(
        c,
        a.tensors.map((t: TensorValue) => (t.ndim === 0 ? reshape(c, t, [1]) : t)),
        a.tensors[0].ndim <= 1 ? 0 : 1,
      ),
    'torch.hstack(Tensor[] tensors, *, Tensor? out=None)',
  ),
  op(
    (c, a) =>
      cat(
        c,
        a.tensors.map((t: TensorValue) =>
          t.ndim === 0 ? reshape(c, t, [1, 1]) : t.ndim === 1 ? unsqueeze(c, t, 0) : t,
        ),
        0,
      ),
    'torch.vstack, torch.row_stack(Tensor[] tensors, *, Tensor? out=None)',
  ),
  op(
    (c, a) =>
      cat(
        c,
        a.tensors.map((t: TensorValue) =>
          t.ndim <= 1 ? reshape(c, t, [1, t.numel, 1]) : t.ndim === 2 ? unsqueeze(c, t, -1) : t,
        ),
        2,
      ),
    'torch.dstack(Tensor[] tensors, *, Tensor? out=None)',
  ),
  op(
    (c, a) =>
      cat(
        c,
        a.tensors.map((t: TensorValue) => (t.ndim <= 1 ? reshape(c, t, [t.numel, 1]) : t)),
        1,
      ),
    'torch.column_stack(Tensor[] tensors, *, Tensor? out=None)',
  ),
  op((c, a) => repeat(c, a.input, a.repeats), 'Tensor.repeat(Tensor input, SymInt[]* repeats)'),
  op(
    (c, a) =>
      repeat(
        c,
        a.input,
        a.dims.length < a.input.ndim ? [...new Array(a.input.ndim - a.dims.length).fill(1), ...a.dims] : a.dims,
      ),
    'Tensor.tile(Tensor input, SymInt[]* dims)',
    'torch.tile(Tensor input, SymInt[] dims)',
  ),
  op(
    (c, a) => repeatInterleave(c, a.input, a.repeats, a.dim, a.output_size),
    'torch.repeat_interleave, Tensor.repeat_interleave(Tensor input, SymInt repeats, int? dim=None, *, SymInt? output_size=None)',
    'torch.repeat_interleave, Tensor.repeat_interleave(Tensor input, Tensor repeats, int? dim=None, *, SymInt? output_size=None)',
  ),
  op((c, a) => {
    const counts = a.repeats.values;
    const r = c.make(
      [counts === null ? Number.NaN : counts.reduce((p: number, q: number) => p + q, 0)],
      a.repeats.dtype,
      a.repeats.device,
    );
    c.emit('repeat_interleave', [a.repeats], [r], { elementwise: 0, differentiable: false });
    if (a.output_size === null) c.synchronise(a.repeats);
    return r;
  }, 'torch.repeat_interleave(Tensor repeats, *, SymInt? output_size=None)'),
  op(
    (c, a) => flip(c, a.input, a.dims),
    'Tensor.flip(Tensor input, int[]* dims)',
    'torch.flip(Tensor input, int[] dims)',
  ),
  op((c, a) => {
    if (a.input.ndim < 2) raise('RuntimeError', 'Input must be >= 2-d.');
    return flip(c, a.input, [1]);
  }, 'torch.fliplr, Tensor.fliplr(Tensor input)'),
  op((c, a) => {
    if (a.input.ndim < 1) raise('RuntimeError', 'Input must be >= 1-d.');
    return flip(c, a.input, [0]);
  }, 'torch.flipud, Tensor.flipud(Tensor input)'),
  op(
    (c, a) => roll(c, a.input, a.shifts, a.dims),
    'torch.roll, Tensor.roll(Tensor input, int[1] shifts, int[1] dims=[])',
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    const [p, q] = wrapDims(a.dims, t.ndim) as [number, number];
    const k = ((a.k % 4) + 4) % 4;
    const flipped = k === 0 ? t : flipView(c, t, k === 1 ? [q] : k === 3 ? [p] : [p, q]);
    const r = k % 2 === 1 ? transposed(flipped, p, q) : flipped === t ? c.make(t.shape, t.dtype, t.device) : flipped;
    c.emit('rot90', [t], [r], { elementwise: 0, work: memoryWork('copy', 1, r.numel) });
    return r;
  }, 'torch.rot90, Tensor.rot90(Tensor input, int k=1, int[] dims=[0,1])'),
  op((c, a) => {
    const ts: TensorValue[] = a.tensors;
    const r = c.make(
      [
        ts.reduce((s, t) => s + (t.ndim === 2 ? t.shape[0]! : 1), 0),
        ts.reduce((s, t) => s + (t.shape[t.ndim - 1] ?? 1), 0),
      ],
      c.resultType(...representatives(ts)),
      ts[0]!.device,
    );
    c.emit('block_diag', ts, [r], { elementwise: 0 });
    return r;
  }, 'torch.block_diag(Tensor[]* tensors)'),
  op((c, a) => {
    const x: TensorValue = a.input;
    const y: TensorValue = a.other;
    const n = Math.max(x.ndim, y.ndim);
    const pad = (s: readonly number[]): number[] => [...new Array<number>(n - s.length).fill(1), ...s];
    const p = pad(x.shape);
    const q = pad(y.shape);
    const product = mul(
      c,
      view(
        c,
        x,
        p.flatMap((d) => [d, 1]),
      ),
      view(
        c,
        y,
        q.flatMap((d) => [1, d]),
      ),
    );
    const r = view(
      c,
      product,
      p.map((d, i) => d * q[i]!),
    );
    return r;
  }, 'torch.kron, Tensor.kron(Tensor input, Tensor other, *, Tensor? out=None)'),
];
