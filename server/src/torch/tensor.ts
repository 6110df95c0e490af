/**
 * Tensors without their data: shape, strides, dtype, device, autograd flag, storage
 * identity, and for small tensors of known content the values themselves.
 *
 * An extent that is not known is NaN: it propagates through every product and sum, so a
 * figure that depends on it can never come out as a number. A tensor whose rank is not
 * known is an `Unknown` of kind `tensor`.
 */
import { heap, PyObject, type Value } from '../python/values.js';
import type { DType } from './dtype.js';
import type { Kernel } from './kernel.js';

/** Memory shared by a tensor and its views. */
export class Storage {
  private static next = 1;
  readonly id = Storage.next++;
  /** Grows with every in-place write: values remembered before it are stale. */
  version = 0;
  constructor(
    /** NaN when an extent is unknown. */
    readonly nbytes: number,
  ) {}
}

/** Above this many elements values are not carried. */
export const maxKnownElements = 4096;

const constants = new Map<string, readonly number[]>();

/** The values of a tensor of `numel` elements that are all `value`; null when they are too many to be carried. Shared: weights of one size are many. */
export function filled(numel: number, value: number): readonly number[] | null {
  if (!(numel <= maxKnownElements)) return null;
  const key = `${Object.is(value, -0) ? '-0' : value}*${numel}`;
  let known = constants.get(key);
  if (known === undefined) {
    known = new Array<number>(numel).fill(value);
    if (constants.size > 200) constants.clear();
    constants.set(key, known);
  }
  return known;
}

export class TensorValue extends PyObject {
  requiresGrad = false;
  isParameter = false;
  /** The kernel that produced it under autograd, null for leaves. */
  gradFn: Kernel | null = null;
  /** `.grad`, when code sets or reads it. */
  grad: Value = null;
  /** The tensor this one is a view of (never itself a view), null for tensors with storage of their own. */
  base: TensorValue | null = null;
  private known: readonly number[] | null;
  private knownVersion: number;
  constructor(
    public shape: readonly number[],
    public strides: readonly number[],
    public dtype: DType,
    /** `cpu`, `cuda`, `cuda:0`, `meta`, `mps` … as code names it; placement does not change shapes. */
    public device: string,
    public storage: Storage,
    public storageOffset = 0,
    /** See `values`. */
    values: readonly number[] | null = null,
  ) {
    super();
    this.known = values;
    this.knownVersion = storage.version;
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
  /** Row-major (logical order) element values when known and few; bool as 0/1, ints as numbers. Views read their base's. */
  get values(): readonly number[] | null {
    if (this.known !== null && this.knownVersion === this.storage.version) return this.known;
    const base = this.base;
    if (base === null || base.storage !== this.storage || base.dtype !== this.dtype) return null;
    const image = storageImage(base);
    if (image === null || !(this.numel <= maxKnownElements)) return null;
    const out = positionsOf(this).map((p) => image[p]!);
    this.values = out;
    return out;
  }
  set values(values: readonly number[] | null) {
    this.known = values !== null && values.length <= maxKnownElements ? values : null;
    this.knownVersion = this.storage.version;
  }
  /** Records an in-place write: other views' remembered values become stale, the base's are brought up to date. */
  write(values: readonly number[] | null): void {
    heap.touch(this);
    const base = this.base;
    if (base === null) {
      this.storage.version++;
      this.values = values;
      return;
    }
    heap.touch(base);
    const image = values === null || base.dtype !== this.dtype ? null : storageImage(base);
    this.storage.version++;
    if (image === null) {
      base.values = null;
      this.values = values;
      return;
    }
    const positions = positionsOf(this);
    for (let i = 0; i < positions.length; i++) image[positions[i]!] = values![i]!;
    base.values = positionsOf(base).map((p) => image[p]!);
    this.values = values;
  }
  override snapshot(): () => void {
    const back = super.snapshot();
    const {
      requiresGrad,
      isParameter,
      gradFn,
      grad,
      shape,
      strides,
      dtype,
      device,
      storage,
      storageOffset,
      base,
      values,
    } = this;
    return () => {
      back();
      Object.assign(this, {
        requiresGrad,
        isParameter,
        gradFn,
        grad,
        shape,
        strides,
        dtype,
        device,
        storage,
        storageOffset,
      });
      this.base = base;
      this.values = values;
    };
  }
}

/** Element values by storage position, null when not known. */
function storageImage(t: TensorValue): number[] | null {
  const values = t.values;
  if (values === null) return null;
  const image: number[] = [];
  const positions = positionsOf(t);
  for (let i = 0; i < positions.length; i++) image[positions[i]!] = values[i]!;
  return image;
}

/** Storage positions of the elements in row-major order. The shape must be known. */
export function positionsOf(t: TensorValue): number[] {
  const out: number[] = new Array(t.numel);
  const n = t.shape.length;
  const index = new Array<number>(n).fill(0);
  let position = t.storageOffset;
  for (let i = 0; i < out.length; i++) {
    out[i] = position;
    for (let d = n - 1; d >= 0; d--) {
      position += t.strides[d]!;
      if (++index[d]! < t.shape[d]!) break;
      position -= t.strides[d]! * t.shape[d]!;
      index[d] = 0;
    }
  }
  return out;
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
export function makeTensor(
  shape: readonly number[],
  dtype: DType,
  device = 'cpu',
  values: readonly number[] | null = null,
): TensorValue {
  const keep = values !== null && values.length <= maxKnownElements ? values : null;
  return new TensorValue(
    shape,
    contiguousStrides(shape),
    dtype,
    device,
    new Storage(numelOf(shape) * dtype.itemsize),
    0,
    keep,
  );
}
