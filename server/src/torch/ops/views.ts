/** Views: new shape and strides over the same memory, no device work (unless a reshape must copy). */
import { raise } from '../../python/errors.js';
import { PyTuple, type Value } from '../../python/values.js';
import type { OpCall } from '../opcall.js';
import type { Bound } from '../operator.js';
import { isComplex, shapeText, toComplexDType, toRealDType } from '../promote.js';
import { sameShape, viewStrides, wrapDim, wrapDims } from '../strides.js';
import { contiguousStrides, numelOf, TensorValue } from '../tensor.js';
import { clone } from './copy.js';

export function inferSize(size: readonly number[], numel: number): number[] {
  const at = size.indexOf(-1);
  let known = 1;
  for (let i = 0; i < size.length; i++) {
    if (i === at) continue;
    if (size[i]! < 0)
      raise(
        'RuntimeError',
        size[i] === -1 ? 'only one dimension can be inferred' : `invalid shape dimension ${size[i]}`,
      );
    known *= size[i]!;
  }
  const bad = (): never => raise('RuntimeError', `shape '${shapeText(size)}' is invalid for input of size ${numel}`);
  if (at < 0) {
    if (known !== numel && !Number.isNaN(known) && !Number.isNaN(numel)) bad();
    return size.slice();
  }
  if (known === 0) {
    if (numel !== 0) bad();
    raise(
      'RuntimeError',
      `cannot reshape tensor of 0 elements into shape ${shapeText(size)} because the unspecified dimension size -1 can be any value and is ambiguous`,
    );
  }
  const rest = numel / known;
  if (!Number.isInteger(rest) && !Number.isNaN(rest)) bad();
  return size.map((d, i) => (i === at ? rest : d));
}

export function view(c: OpCall, t: TensorValue, size: readonly number[]): TensorValue {
  const shape = inferSize(size, t.numel);
  const strides = viewStrides(t.shape, t.strides, shape);
  if (strides === null) {
    raise(
      'RuntimeError',
      `view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead. (size ${shapeText(t.shape)}, strides ${shapeText(t.strides)}, view ${shapeText(shape)})`,
    );
  }
  return c.view('view', t, shape, strides);
}

export function reshape(c: OpCall, t: TensorValue, size: readonly number[]): TensorValue {
  const shape = inferSize(size, t.numel);
  const strides = viewStrides(t.shape, t.strides, shape);
  if (strides !== null) return c.view(c.since(2, 3) ? 'view' : '_reshape_alias', t, shape, strides);
  const copy = clone(c, t, 'contiguous_format');
  return c.view('_unsafe_view', copy, shape, contiguousStrides(shape));
}

export function expand(c: OpCall, t: TensorValue, size: readonly number[]): TensorValue {
  const n = size.length;
  if (n < t.ndim) {
    raise(
      'RuntimeError',
      `expand(${shapeText(t.shape)}, size=${shapeText(size)}): the number of sizes provided (${n}) must be greater or equal to the number of dimensions in the tensor (${t.ndim})`,
    );
  }
  const shape = new Array<number>(n);
  const strides = new Array<number>(n);
  for (let i = n - 1; i >= 0; i--) {
    const d = i - (n - t.ndim);
    const own = d >= 0 ? t.shape[d]! : 1;
    let want = size[i]!;
    if (want === -1) {
      if (d < 0)
        raise(
          'RuntimeError',
          `The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${i}`,
        );
      want = own;
    }
    if (want < 0)
      raise('RuntimeError', `expand: the requested shape has too few dimensions or a negative size ${want}`);
    shape[i] = want;
    if (own === want || Number.isNaN(own))
      strides[i] = d >= 0 ? t.strides[d]! : (strides[i + 1] ?? 1) * (shape[i + 1] ?? 1);
    else if (own === 1) strides[i] = 0;
    else if (Number.isNaN(want)) {
      shape[i] = own;
      strides[i] = t.strides[d]!;
    } else {
      raise(
        'RuntimeError',
        `The expanded size of the tensor (${want}) must match the existing size (${own}) at non-singleton dimension ${i}.  Target sizes: ${shapeText(size)}.  Tensor sizes: ${shapeText(t.shape)}`,
      );
    }
  }
  const grows = !sameShape(shape, t.shape);
  const bytes = grows ? numelOf(shape) * t.dtype.itemsize + t.nbytes : 0;
  return c.view('expand', t, shape, strides, t.storageOffset, { bytes, kernels: grows ? 1 : 0 });
}

export function permute(c: OpCall, t: TensorValue, dims: readonly number[]): TensorValue {
  if (dims.length !== t.ndim) {
    raise(
      'RuntimeError',
      `permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = ${t.ndim} is not equal to len(dims) = ${dims.length}`,
    );
  }
  const order = wrapDims(dims, t.ndim);
  return c.view(
    'permute',
    t,
    order.map((d) => t.shape[d]!),
    order.map((d) => t.strides[d]!),
  );
}

export function transpose(c: OpCall, t: TensorValue, dim0: number, dim1: number): TensorValue {
  const a = wrapDim(dim0, t.ndim);
  const b = wrapDim(dim1, t.ndim);
  if (a === b) return c.view('alias', t, t.shape, t.strides);
  const shape = t.shape.slice();
  const strides = t.strides.slice();
  [shape[a], shape[b]] = [shape[b]!, shape[a]!];
  [strides[a], strides[b]] = [strides[b]!, strides[a]!];
  return c.view('transpose', t, shape, strides);
}

export function t2(c: OpCall, t: TensorValue): TensorValue {
  if (t.ndim > 2) raise('RuntimeError', `t() expects a tensor with <= 2 dimensions, but self is ${t.ndim}D`);
  return t.ndim < 2
    ? c.view('t', t, t.shape, t.strides)
    : c.view('t', t, [t.shape[1]!, t.shape[0]!], [t.strides[1]!, t.strides[0]!]);
}

export function reverseDims(c: OpCall, t: TensorValue): TensorValue {
  return c.view('permute', t, t.shape.slice().reverse(), t.strides.slice().reverse());
}

export function squeeze(c: OpCall, t: TensorValue, dims: readonly number[] | null): TensorValue {
  const drop = dims === null ? null : dims.map((d) => wrapDim(d, t.ndim));
  const keep = t.shape.map((_, i) => i).filter((i) => t.shape[i] !== 1 || (drop !== null && !drop.includes(i)));
  return c.view(
    'squeeze',
    t,
    keep.map((i) => t.shape[i]!),
    keep.map((i) => t.strides[i]!),
  );
}

export function unsqueeze(c: OpCall, t: TensorValue, dim: number): TensorValue {
  const d = wrapDim(dim, t.ndim + 1);
  const shape = t.shape.slice();
  const strides = t.strides.slice();
  strides.splice(d, 0, d < t.ndim ? t.shape[d]! * t.strides[d]! : 1);
  shape.splice(d, 0, 1);
  return c.view('unsqueeze', t, shape, strides);
}

/** Backward of a slice writes a zero tensor of the input's size and copies into it. */
const sliceBackward = (t: TensorValue, numel: number) => ({
  bytes: t.nbytes + 2 * numel * t.dtype.itemsize,
  kernels: 1,
});

export function select(c: OpCall, t: TensorValue, dim: number, index: number): TensorValue {
  if (t.ndim === 0) raise('IndexError', 'select() cannot be applied to a 0-dim tensor.');
  const d = wrapDim(dim, t.ndim);
  const size = t.shape[d]!;
  if (index < -size || index >= size) {
    raise(
      'IndexError',
      `select(): index ${index} out of range for tensor of size ${shapeText(t.shape)} at dimension ${d}`,
    );
  }
  const at = index < 0 ? index + size : index;
  const shape = t.shape.filter((_, i) => i !== d);
  const strides = t.strides.filter((_, i) => i !== d);
  return c.view('select', t, shape, strides, t.storageOffset + at * t.strides[d]!, sliceBackward(t, numelOf(shape)));
}

export function slice(
  c: OpCall,
  t: TensorValue,
  dim: number,
  start: number | null,
  end: number | null,
  step = 1,
): TensorValue {
  if (t.ndim === 0) raise('RuntimeError', 'slice() cannot be applied to a 0-dim tensor.');
  const d = wrapDim(dim, t.ndim);
  if (step <= 0) raise('RuntimeError', 'slice step must be positive');
  const size = t.shape[d]!;
  const clampTo = (x: number) => Math.min(Math.max(x < 0 ? x + size : x, 0), size);
  const from = start === null ? 0 : clampTo(start);
  const to = end === null ? size : Math.max(clampTo(end), from);
  // an unknown extent that is cut at a constant: the length is not known either
  const length = Math.max(0, Math.ceil((to - from) / step));
  const shape = t.shape.map((x, i) => (i === d ? length : x));
  const strides = t.strides.map((x, i) => (i === d ? x * step : x));
  const whole = length === size;
  return c.view(
    'slice',
    t,
    shape,
    strides,
    t.storageOffset + from * t.strides[d]!,
    whole ? null : sliceBackward(t, numelOf(shape)),
  );
}

/** `length` elements from a place that is not known; they lie inside. */
export function stretch(c: OpCall, t: TensorValue, dim: number, length: number, step: number): TensorValue {
  const shape = t.shape.map((x, i) => (i === dim ? (Number.isNaN(x) ? length : Math.min(length, x)) : x));
  const strides = t.strides.map((x, i) => (i === dim ? x * step : x));
  return c.view('slice', t, shape, strides, Number.NaN, sliceBackward(t, numelOf(shape)));
}

export function narrow(c: OpCall, t: TensorValue, dim: number, start: number, length: number): TensorValue {
  if (t.ndim === 0) raise('RuntimeError', 'narrow() cannot be applied to a 0-dim tensor.');
  const d = wrapDim(dim, t.ndim);
  const size = t.shape[d]!;
  if (length < 0) raise('RuntimeError', 'narrow(): length must be non-negative.');
  if (start < -size || start > size)
    raise('IndexError', `start out of range (expected to be in range of [${-size}, ${size}], but got ${start})`);
  const from = start < 0 ? start + size : start;
  if (from + length > size)
    raise('RuntimeError', `start (${from}) + length (${length}) exceeds dimension size (${size}).`);
  const out = slice(c, t, d, from, from + length);
  return out;
}

export function splitSizes(c: OpCall, t: TensorValue, sizes: readonly number[], dim: number): TensorValue[] {
  const d = wrapDim(dim, t.ndim, false);
  const size = t.shape[d]!;
  const total = sizes.reduce((a, b) => a + b, 0);
  if (total !== size && !Number.isNaN(total) && !Number.isNaN(size)) {
    raise(
      'RuntimeError',
      `split_with_sizes expects split_sizes to sum exactly to ${size} (input tensor's size at dimension ${dim}), but got split_sizes=${shapeText(sizes)}`,
    );
  }
  if (sizes.some((s) => s < 0))
    raise(
      'RuntimeError',
      `split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=${shapeText(sizes)}`,
    );
  let at = 0;
  return sizes.map((s) => {
    const part = piece(c, t, d, at, s);
    at += s;
    return part;
  });
}

function piece(c: OpCall, t: TensorValue, d: number, from: number, length: number): TensorValue {
  const shape = t.shape.map((x, i) => (i === d ? length : x));
  const share = { bytes: 2 * numelOf(shape) * t.dtype.itemsize, kernels: 0 };
  return c.view('split', t, shape, t.strides, t.storageOffset + from * t.strides[d]!, share);
}

export function split(c: OpCall, t: TensorValue, splitSize: number, dim: number): TensorValue[] {
  if (t.ndim === 0) raise('RuntimeError', 'split expects at least a 1-dimensional tensor');
  const d = wrapDim(dim, t.ndim);
  const size = t.shape[d]!;
  if (splitSize < 0) raise('RuntimeError', `split expects split_size be non-negative, but got split_size=${splitSize}`);
  if (splitSize === 0 && size !== 0)
    raise('RuntimeError', `split_size can only be 0 if dimension size is 0, but got dimension size of ${size}`);
  const n = splitSize === 0 ? 1 : Math.max(1, Math.ceil(size / splitSize));
  if (Number.isNaN(n)) return [];
  return Array.from({ length: n }, (_, i) => piece(c, t, d, i * splitSize, Math.min(splitSize, size - i * splitSize)));
}

export function chunk(c: OpCall, t: TensorValue, chunks: number, dim: number): TensorValue[] {
  if (t.ndim === 0) raise('RuntimeError', 'chunk expects at least a 1-dimensional tensor');
  if (chunks <= 0) raise('RuntimeError', `chunk expects \`chunks\` to be greater than 0, got: ${chunks}`);
  const size = t.shape[wrapDim(dim, t.ndim)]!;
  const splitSize = Math.floor((size + chunks - 1) / chunks);
  if (Number.isNaN(size)) return Array.from({ length: chunks }, () => piece(c, t, wrapDim(dim, t.ndim), 0, Number.NaN));
  if (splitSize === 0 && size === 0)
    return Array.from({ length: chunks }, () => piece(c, t, wrapDim(dim, t.ndim), 0, 0));
  return split(c, t, splitSize, dim);
}

export function tensorSplit(c: OpCall, t: TensorValue, by: number | readonly number[], dim: number): TensorValue[] {
  if (t.ndim === 0)
    raise('RuntimeError', 'tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims');
  const d = wrapDim(dim, t.ndim);
  const size = t.shape[d]!;
  if (typeof by === 'number') {
    if (by <= 0) raise('RuntimeError', `number of sections must be larger than 0, got ${by}`);
    let at = 0;
    return Array.from({ length: by }, (_, i) => {
      const n = Math.floor(size / by) + (i < size % by ? 1 : 0);
      const part = slice(c, t, d, at, at + n);
      at += n;
      return part;
    });
  }
  const ends = [...by, size];
  return ends.map((end, i) => slice(c, t, d, i === 0 ? 0 : ends[i - 1]!, end));
}

export function unbind(c: OpCall, t: TensorValue, dim = 0): TensorValue[] {
  if (t.ndim === 0) raise('RuntimeError', 'Dimension specified as 0 but tensor has no dimensions');
  const d = wrapDim(dim, t.ndim);
  const n = t.shape[d]!;
  if (Number.isNaN(n)) return [];
  const shape = t.shape.filter((_, i) => i !== d);
  const strides = t.strides.filter((_, i) => i !== d);
  return Array.from({ length: n }, (_, i) =>
    c.view('unbind', t, shape, strides, t.storageOffset + i * t.strides[d]!, {
      bytes: 2 * numelOf(shape) * t.dtype.itemsize,
      kernels: 0,
    }),
  );
}

export function flatten(c: OpCall, t: TensorValue, startDim: number, endDim: number): TensorValue {
  const from = wrapDim(startDim, t.ndim);
  const to = wrapDim(endDim, t.ndim);
  if (from > to) raise('RuntimeError', 'flatten() has invalid args: start_dim cannot come after end_dim');
  if (t.ndim === 0) return reshape(c, t, [1]);
  if (from === to) return t;
  return reshape(c, t, [...t.shape.slice(0, from), numelOf(t.shape.slice(from, to + 1)), ...t.shape.slice(to + 1)]);
}

export function unflatten(c: OpCall, t: TensorValue, dim: number, sizes: readonly number[]): TensorValue {
  const d = wrapDim(dim, t.ndim);
  if (sizes.length === 0) raise('RuntimeError', 'unflatten: sizes must be non-empty');
  const inferred = sizes.includes(-1) ? inferSize(sizes, t.shape[d]!) : sizes;
  const product = numelOf(inferred);
  if (product !== t.shape[d] && !Number.isNaN(product) && !Number.isNaN(t.shape[d]!)) {
    raise(
      'RuntimeError',
      `unflatten: Provided sizes ${shapeText(sizes)} don't multiply up to the size of dim ${d} (${t.shape[d]}) in the input tensor`,
    );
  }
  return view(c, t, [...t.shape.slice(0, d), ...inferred, ...t.shape.slice(d + 1)]);
}

export function movedim(
  c: OpCall,
  t: TensorValue,
  source: readonly number[],
  destination: readonly number[],
): TensorValue {
  if (source.length !== destination.length) {
    raise(
      'RuntimeError',
      `movedim: Invalid source or destination dims: source (${shapeText(source)} dims) should contain the same number of dims as destination (${shapeText(destination)} dims)`,
    );
  }
  const src = wrapDims(source, t.ndim);
  const dst = wrapDims(destination, t.ndim);
  const order = new Array<number>(t.ndim).fill(-1);
  src.forEach((s, i) => {
    order[dst[i]!] = s;
  });
  const rest = t.shape.map((_, i) => i).filter((i) => !src.includes(i));
  for (let i = 0; i < order.length; i++) if (order[i] === -1) order[i] = rest.shift()!;
  return permute(c, t, order);
}

export function diagonal(c: OpCall, t: TensorValue, offset = 0, dim1 = 0, dim2 = 1): TensorValue {
  const a = wrapDim(dim1, t.ndim);
  const b = wrapDim(dim2, t.ndim);
  if (a === b) raise('RuntimeError', `diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  const length = Math.max(
    0,
    offset >= 0 ? Math.min(t.shape[a]!, t.shape[b]! - offset) : Math.min(t.shape[a]! + offset, t.shape[b]!),
  );
  const at = t.storageOffset + (length === 0 ? 0 : offset >= 0 ? offset * t.strides[b]! : -offset * t.strides[a]!);
  const keep = t.shape.map((_, i) => i).filter((i) => i !== a && i !== b);
  const shape = [...keep.map((i) => t.shape[i]!), length];
  const strides = [...keep.map((i) => t.strides[i]!), t.strides[a]! + t.strides[b]!];
  return c.view('diagonal', t, shape, strides, at, sliceBackward(t, numelOf(shape)));
}

export function unfoldDim(c: OpCall, t: TensorValue, dim: number, size: number, step: number): TensorValue {
  const d = wrapDim(dim, t.ndim);
  const extent = t.ndim === 0 ? 1 : t.shape[d]!;
  if (size > extent)
    raise('RuntimeError', `maximum size for tensor at dimension ${d} is ${extent} but size is ${size}`);
  if (step <= 0) raise('RuntimeError', `step is ${step} but must be > 0`);
  if (t.ndim === 0) return c.view('unfold', t, [size], [1]);
  const shape = t.shape.map((x, i) => (i === d ? Math.floor((x - size) / step) + 1 : x));
  const strides = t.strides.map((s, i) => (i === d ? s * step : s));
  return c.view('unfold', t, [...shape, size], [...strides, t.strides[d]!], t.storageOffset, {
    bytes: t.nbytes * 2,
    kernels: 1,
  });
}

export function asStrided(
  c: OpCall,
  t: TensorValue,
  size: readonly number[],
  stride: readonly number[],
  offset: number | null,
): TensorValue {
  if (size.length !== stride.length) raise('RuntimeError', 'mismatch in length of strides and shape');
  return c.view('as_strided', t, size.slice(), stride.slice(), offset ?? t.storageOffset, {
    bytes: t.nbytes * 2,
    kernels: 1,
  });
}

export function detach(c: OpCall, t: TensorValue): TensorValue {
  const out = new TensorValue(t.shape, t.strides, t.dtype, t.device, t.storage, t.storageOffset, null);
  out.base = t.base ?? t;
  c.emit('detach', [t], [out], { isView: true, elementwise: 0, work: { kind: 'view' }, differentiable: false });
  return out;
}

export function viewAsReal(c: OpCall, t: TensorValue): TensorValue {
  if (!isComplex(t.dtype)) raise('RuntimeError', 'view_as_real is only supported for complex tensors');
  const out = c.view('view_as_real', t, [...t.shape, 2], [...t.strides.map((s) => s * 2), 1], t.storageOffset * 2);
  out.dtype = toRealDType(t.dtype);
  return out;
}

export function viewAsComplex(c: OpCall, t: TensorValue): TensorValue {
  if (t.dtype.kind !== 'float' || !['float16', 'float32', 'float64'].includes(t.dtype.name)) {
    raise(
      'RuntimeError',
      'view_as_complex is only supported for half, float and double tensors, but got a tensor of another scalar type',
    );
  }
  if (t.ndim === 0) raise('RuntimeError', 'Input tensor must have one or more dimensions');
  if (t.shape[t.ndim - 1] !== 2) raise('RuntimeError', 'Tensor must have a last dimension of size 2');
  if (t.strides[t.ndim - 1] !== 1) raise('RuntimeError', 'Tensor must have a last dimension with stride 1');
  if (t.strides.slice(0, -1).some((s, i) => s % 2 !== 0 && t.shape[i] !== 1))
    raise('RuntimeError', 'Tensor must have a stride divisible by 2 for all but last dimension');
  const out = c.view(
    'view_as_complex',
    t,
    t.shape.slice(0, -1),
    t.strides.slice(0, -1).map((s) => Math.floor(s / 2)),
    t.storageOffset / 2,
  );
  out.dtype = toComplexDType(t.dtype);
  return out;
}

/** `.real` / `.imag`. */
export function complexPart(c: OpCall, t: TensorValue, part: 0 | 1): TensorValue {
  if (!isComplex(t.dtype)) {
    if (part === 1) raise('RuntimeError', 'imag is not implemented for tensors with non-complex dtypes.');
    return t;
  }
  return select(c, viewAsReal(c, t), -1, part);
}

export const list = (ts: TensorValue[]): Value => new PyTuple(ts);
/** In-place variants of views change the tensor's own metadata. */
export const become = (t: TensorValue, v: TensorValue): TensorValue => {
  t.shape = v.shape;
  t.strides = v.strides;
  return t;
};

export function atLeast(c: OpCall, t: TensorValue, n: 1 | 2 | 3): TensorValue {
  if (t.ndim >= n) return t;
  if (t.ndim === 0) return reshape(c, t, new Array<number>(n).fill(1));
  if (n === 2) return unsqueeze(c, t, 0);
  return t.ndim === 1 ? unsqueeze(c, unsqueeze(c, t, 0), -1) : unsqueeze(c, t, -1);
}

export function splitAlong(n: number, name: string) {
  return (c: OpCall, a: Bound): Value => {
    const t: TensorValue = a.input;
    const least = name === 'hsplit' ? 1 : Math.max(n + 1, 2);
    if (t.ndim < least) {
      raise(
        'RuntimeError',
        `torch.${name} requires a tensor with at least ${least} dimension, but got a tensor with ${t.ndim} dimensions!`,
      );
    }
    const dim = name === 'hsplit' && t.ndim === 1 ? 0 : n;
    if (typeof a.by === 'number' && t.shape[dim]! % a.by !== 0)
      raise(
        'RuntimeError',
        `torch.${name} attempted to split along dimension ${dim}, but the size of the dimension ${t.shape[dim]} is not divisible by the split_size ${a.by}!`,
      );
    return list(tensorSplit(c, t, a.by, dim));
  };
}
