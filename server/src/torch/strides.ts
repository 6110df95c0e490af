/** Geometry of strided tensors: broadcasting, contiguity, memory formats, the layouts that PyTorch gives to results. */
import { raise } from '../python/errors.js';
import { shapeText } from './promote.js';
import { contiguousStrides, numelOf, type TensorValue } from './tensor.js';

/** dim wrapped into 0..n-1; raises IndexError like `maybe_wrap_dim`. */
export function wrapDim(dim: number, ndim: number, scalarOk = true): number {
  let n = ndim;
  if (n <= 0) {
    if (!scalarOk) raise('IndexError', `Dimension specified as ${dim} but tensor has no dimensions`);
    n = 1;
  }
  if (dim < -n || dim >= n) {
    raise('IndexError', `Dimension out of range (expected to be in range of [${-n}, ${n - 1}], but got ${dim})`);
  }
  return dim < 0 ? dim + n : dim;
}

export function wrapDims(dims: readonly number[], ndim: number): number[] {
  const out = dims.map((d) => wrapDim(d, ndim));
  for (let i = 0; i < out.length; i++) {
    if (out.indexOf(out[i]!) !== i) raise('RuntimeError', `dim ${out[i]} appears multiple times in the list of dims`);
  }
  return out;
}

/** The shape that operands broadcast to. An unknown extent against 1 stays unknown; against n > 1 it is n. */
export function broadcastShapes(...shapes: readonly (readonly number[])[]): number[] {
  let ndim = 0;
  for (const s of shapes) ndim = Math.max(ndim, s.length);
  const out = new Array<number>(ndim).fill(1);
  for (const s of shapes) {
    for (let i = 0; i < s.length; i++) {
      const at = ndim - s.length + i;
      const a = out[at]!;
      const b = s[i]!;
      if (a === b || b === 1) continue;
      if (a === 1 || Number.isNaN(a)) out[at] = b;
      else if (!Number.isNaN(b)) {
        raise(
          'RuntimeError',
          `The size of tensor a (${a}) must match the size of tensor b (${b}) at non-singleton dimension ${at} (shapes ${shapes.map(shapeText).join(' and ')})`,
        );
      }
    }
  }
  return out;
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i] || (Number.isNaN(d) && Number.isNaN(b[i]!)));

export function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  if (numelOf(shape) === 0) return true;
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] === 1) continue;
    // an unknown extent: the product is NaN on both sides when the layout was made contiguous
    if (strides[i] !== step && !(Number.isNaN(strides[i]!) && Number.isNaN(step))) return false;
    step *= shape[i]!;
  }
  return true;
}

/** Dims from outermost to innermost in memory for `channels_last` (4-d) and `channels_last_3d` (5-d). */
export function channelsLastStrides(shape: readonly number[]): number[] {
  const n = shape.length;
  const strides = new Array<number>(n);
  let step = 1;
  for (const d of [1, ...Array.from({ length: n - 2 }, (_, i) => n - 1 - i), 0]) {
    strides[d] = step;
    step *= Math.max(shape[d]!, 1);
  }
  return strides;
}

export function isChannelsLast(shape: readonly number[], strides: readonly number[]): boolean {
  const n = shape.length;
  if (n !== 4 && n !== 5) return false;
  let step = 1;
  for (const d of [1, ...Array.from({ length: n - 2 }, (_, i) => n - 1 - i), 0]) {
    if (shape[d] === 1) continue;
    if (strides[d] !== step) return false;
    step *= shape[d]!;
  }
  return true;
}

/** Whether kernels that choose a layout (convolution, pooling) would choose channels last for this input. */
export function suggestsChannelsLast(t: TensorValue): boolean {
  const n = t.ndim;
  if (n !== 4 && n !== 5) return false;
  const { shape, strides } = t;
  let min = 0;
  if (strides[1] === 0) return false;
  for (const d of [1, ...Array.from({ length: n - 2 }, (_, i) => n - 1 - i), 0]) {
    if (shape[d] === 0 || strides[d]! < min) return false;
    if (d === 0 && min === strides[1]) return false;
    min = strides[d]!;
    if (shape[d]! > 1) min *= shape[d]!;
  }
  return true;
}

export function stridesFor(shape: readonly number[], format: string): number[] {
  if (format === 'channels_last' || format === 'channels_last_3d') {
    if (shape.length !== (format === 'channels_last' ? 4 : 5)) {
      raise('RuntimeError', `required rank ${format === 'channels_last' ? 4 : 5} tensor to use ${format} format`);
    }
    return channelsLastStrides(shape);
  }
  return contiguousStrides(shape);
}

/** Every element has its own place and there are no holes. */
export function isDense(shape: readonly number[], strides: readonly number[]): boolean {
  const order = shape.map((_, i) => i).filter((i) => shape[i] !== 1);
  order.sort((a, b) => strides[a]! - strides[b]!);
  let step = 1;
  for (const i of order) {
    if (strides[i] !== step) return false;
    step *= shape[i]!;
  }
  return true;
}

/** Strides of `empty_like` with preserve_format. */
export function preservedStrides(t: TensorValue): number[] {
  if (isContiguous(t.shape, t.strides)) return contiguousStrides(t.shape);
  if (t.shape.some(Number.isNaN)) return contiguousStrides(t.shape);
  if (isDense(t.shape, t.strides)) return t.strides.slice();
  return elementwiseStrides(t.shape, [t]);
}

/** Layout of an element-wise result: as TensorIterator orders the dims by its operands' strides. */
export function elementwiseStrides(shape: readonly number[], operands: readonly TensorValue[]): number[] {
  const ndim = shape.length;
  if (ndim <= 1) return contiguousStrides(shape);
  let allContiguous = true;
  for (const t of operands) {
    if (t.ndim !== ndim || !isContiguous(t.shape, t.strides) || !sameShape(t.shape, shape)) {
      allContiguous = false;
      break;
    }
  }
  if (allContiguous) return contiguousStrides(shape);
  const first = operands[0]!;
  if (
    operands.every((t) => sameShape(t.shape, shape) && t.strides.every((s, i) => s === first.strides[i])) &&
    isDense(shape, first.strides)
  ) {
    return first.strides.slice();
  }
  // strides of each operand over the broadcast shape, in elements; 0 where broadcast
  const table = operands.map((t) => {
    const off = ndim - t.ndim;
    return shape.map((d, i) =>
      i < off || (t.shape[i - off] === 1 && d !== 1) ? 0 : t.strides[i - off]! * t.dtype.itemsize,
    );
  });
  const perm = Array.from({ length: ndim }, (_, i) => ndim - 1 - i);
  const compare = (d0: number, d1: number): number => {
    for (const s of table) {
      const a = s[d0]!;
      const b = s[d1]!;
      if (a === 0 || b === 0) continue;
      if (a < b) return -1;
      if (a > b) return 1;
      if (shape[d0]! > shape[d1]!) return 1;
    }
    return 0;
  };
  for (let i = 1; i < ndim; i++) {
    let d1 = i;
    for (let d0 = i - 1; d0 >= 0; d0--) {
      const order = compare(perm[d0]!, perm[d1]!);
      if (order > 0) {
        const keep = perm[d0]!;
        perm[d0] = perm[d1]!;
        perm[d1] = keep;
        d1 = d0;
      } else if (order < 0) break;
    }
  }
  const strides = new Array<number>(ndim);
  let step = 1;
  for (const d of perm) {
    strides[d] = step;
    step *= Math.max(shape[d]!, 1);
  }
  return strides;
}

/** Strides of a view with `shape` over the same memory; null when only a copy can have that shape (computeStride). */
export function viewStrides(
  oldShape: readonly number[],
  oldStrides: readonly number[],
  shape: readonly number[],
): number[] | null {
  if (
    oldShape.length === 0 ||
    numelOf(oldShape) === 0 ||
    Number.isNaN(numelOf(oldShape)) ||
    Number.isNaN(numelOf(shape))
  ) {
    if (sameShape(oldShape, shape)) return oldStrides.slice();
    if (isContiguous(oldShape, oldStrides) || numelOf(oldShape) === 0) return contiguousStrides(shape);
    return Number.isNaN(numelOf(oldShape)) ? unknownViewStrides(oldShape, oldStrides, shape) : contiguousStrides(shape);
  }
  const out = new Array<number>(shape.length);
  let viewDim = shape.length - 1;
  let chunkBase = oldStrides[oldStrides.length - 1]!;
  let numel = 1;
  let viewNumel = 1;
  for (let d = oldShape.length - 1; d >= 0; d--) {
    numel *= oldShape[d]!;
    if (d === 0 || (oldShape[d - 1] !== 1 && oldStrides[d - 1] !== numel * chunkBase)) {
      while (viewDim >= 0 && (viewNumel < numel || shape[viewDim] === 1)) {
        out[viewDim] = viewNumel * chunkBase;
        viewNumel *= shape[viewDim]!;
        viewDim--;
      }
      if (viewNumel !== numel) return null;
      if (d > 0) {
        chunkBase = oldStrides[d - 1]!;
        numel = 1;
        viewNumel = 1;
      }
    }
  }
  return viewDim === -1 ? out : null;
}

/** With unknown extents: equal leading dims keep their strides, the rest must be contiguous to be viewed. */
function unknownViewStrides(
  oldShape: readonly number[],
  oldStrides: readonly number[],
  shape: readonly number[],
): number[] | null {
  let lead = 0;
  while (lead < oldShape.length && lead < shape.length && Object.is(oldShape[lead], shape[lead])) lead++;
  const restShape = oldShape.slice(lead);
  if (!isContiguous(restShape, oldStrides.slice(lead))) return null;
  return [...oldStrides.slice(0, lead), ...contiguousStrides(shape.slice(lead))];
}
