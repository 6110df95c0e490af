/**
 * Tensors without their data: shape, strides, dtype, device, autograd flag, storage
 * identity, and for small tensors of known content the values themselves.
 *
 * An extent that is not known is NaN: it propagates through every product and sum, so a
 * figure that depends on it can never come out as a number. A tensor whose rank is not
 * known is an `Unknown` of kind `tensor`.
 */
import { PyObject, type Value } from '../python/values.js';
import type { DType } from './dtype.js';
import type { Kernel } from './kernel.js';

/** Memory shared by a tensor and its views. */
export class Storage {
  private static next = 1;
  readonly id = Storage.next++;
  constructor(
    /** NaN when an extent is unknown. */
    readonly nbytes: number,
  ) {}
}

/** Above this many elements values are not carried. */
export const maxKnownElements = 4096;

export class TensorValue extends PyObject {
  requiresGrad = false;
  isParameter = false;
  /** The kernel that produced it under autograd, null for leaves. */
  gradFn: Kernel | null = null;
  /** `.grad`, when code sets or reads it. */
  grad: Value = null;
  constructor(
    public shape: readonly number[],
    public strides: readonly number[],
    public dtype: DType,
    /** `cpu`, `cuda`, `cuda:0`, `meta`, `mps` … as code names it; placement does not change shapes. */
    public device: string,
    public storage: Storage,
    public storageOffset = 0,
    /** Row-major (logical order) element values when known and few; bool as 0/1, ints as numbers. */
    public values: readonly number[] | null = null,
  ) {
    super();
  }
  get ndim(): number {
    return this.shape.length;
  }
  get numel(): number {
    return numelOf(this.shape);
  }
  /** Bytes of its elements (logical: an expanded tensor counts its expanded numel). */
  get nbytes(): number {
    return this.numel * this.dtype.itemsize;
  }
  override snapshot(): () => void {
    const base = super.snapshot();
    const { requiresGrad, isParameter, gradFn, grad, shape, strides, dtype, device, storage, storageOffset, values } = this;
    return () => {
      base();
      Object.assign(this, { requiresGrad, isParameter, gradFn, grad, shape, strides, dtype, device, storage, storageOffset, values });
    };
  }
}

export function numelOf(shape: readonly number[]): number {
  let n = 1;
  for (const d of shape) n *= d;
  // 0 * NaN is NaN, but an extent of 0 empties the tensor whatever the others are
  return Number.isNaN(n) && shape.includes(0) ? 0 : n;
}

export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= Math.max(shape[i]!, 1);
  }
  return strides;
}

/** A new contiguous tensor with storage of its own. */
export function makeTensor(shape: readonly number[], dtype: DType, device = 'cpu', values: readonly number[] | null = null): TensorValue {
  const keep = values !== null && values.length <= maxKnownElements ? values : null;
  return new TensorValue(shape, contiguousStrides(shape), dtype, device, new Storage(numelOf(shape) * dtype.itemsize), 0, keep);
}
