/**
 * One call of an operator while it runs: makes results, emits kernels with their costs, sets
 * the autograd links, applies autocast. Families of operators are written against this.
 */
import { raise } from '../python/errors.js';
import type { Machine } from '../python/machine.js';
import { heap, type Interp, PyFloat, PyTuple, Unknown, type Value } from '../python/values.js';
import { type DType, dtypes } from './dtype.js';
import type { BackwardCost, Kernel, TorchState, Work } from './kernel.js';
import { carriesValues, castValues, isDifferentiable, resultType } from './promote.js';
import type { ScalarArg } from './schema.js';
import { elementwiseStrides, preservedStrides, stridesFor } from './strides.js';
import { contiguousStrides, maxKnownElements, numelOf, Storage, TensorValue } from './tensor.js';

export interface EmitOptions {
  /** As FlopCounterMode counts; 0 unless given. */
  readonly flops?: number;
  readonly useful?: number;
  /** Arithmetic outside `flops`; by default one per output element, 0 for copies and views. */
  readonly elementwise?: number;
  readonly work?: Work;
  /** Tensors kept for backward. */
  readonly saved?: readonly (TensorValue | null | undefined)[];
  /** FlopCounterMode's count of the backward. */
  readonly backwardFlops?: number;
  /** Backward traffic; by default grad_out, saved tensors and grad_in once each. */
  readonly backwardBytes?: number;
  readonly backwardKernels?: number;
  /** False where nothing flows back (argmax, comparison, detach). */
  readonly differentiable?: boolean;
  readonly dtype?: DType;
  readonly isView?: boolean;
  /** Device kernels that share the work. */
  readonly launches?: number;
  readonly waits?: true;
}

const viewWork: Work = { kind: 'view' };

export type MemoryPattern = Extract<Work, { kind: 'memory' }>['pattern'];

export const memoryWork = (pattern: MemoryPattern, rows: number, cols: number): Work => ({
  kind: 'memory',
  pattern,
  rows,
  cols,
});

/** Casts of leaf weights under autocast, kept as long as the autocast context's map lives. */
const castCache = new WeakMap<object, WeakMap<TensorValue, TensorValue>>();

/** Tensors that `cpu()` gave: with tensors of which nobody says where they lie it gives the tensor itself. */
const onHost = new WeakSet<TensorValue>();

export class OpCall {
  /** Raised while an operator that autocast has already handled runs its parts. */
  private autocastOff = 0;

  constructor(
    readonly interp: Interp,
    readonly state: TorchState,
    /** Qualified name the call was made by. */
    public name: string,
  ) {}

  /** True when the PyTorch that is followed is at least this version. */
  since(major: number, minor = 0): boolean {
    const [a, b] = this.state.version;
    return a > major || (a === major && b >= minor);
  }

  get gradMode(): boolean {
    return this.state.gradEnabled && !this.state.inferenceMode;
  }

  needsGrad(t: TensorValue | null | undefined): boolean {
    return t?.requiresGrad === true && this.gradMode;
  }

  // ------------------------------------------------------------------ results

  make(
    shape: readonly number[],
    dtype: DType,
    device: string,
    values: readonly number[] | null = null,
    strides: readonly number[] = contiguousStrides(shape),
  ): TensorValue {
    const numel = numelOf(shape);
    if (numel * dtype.itemsize >= 2 ** 63)
      raise('RuntimeError', `Storage size calculation overflowed with sizes=[${shape.join(', ')}]`);
    const keep =
      values !== null && numel <= maxKnownElements && values.length === numel && carriesValues(dtype) ? values : null;
    return new TensorValue(shape, strides, dtype, device, new Storage(numel * dtype.itemsize), 0, keep);
  }

  /** Same shape and layout as `t` (preserve_format). */
  like(t: TensorValue, dtype: DType = t.dtype, values: readonly number[] | null = null): TensorValue {
    return this.make(t.shape, dtype, t.device, values, preservedStrides(t));
  }

  formatted(shape: readonly number[], dtype: DType, device: string, format: string): TensorValue {
    return this.make(shape, dtype, device, null, stridesFor(shape, format));
  }

  /** Result of an element-wise operator over `operands` that broadcast to `shape`. */
  elementwiseResult(
    shape: readonly number[],
    dtype: DType,
    operands: readonly TensorValue[],
    values: readonly number[] | null = null,
  ): TensorValue {
    return this.make(shape, dtype, this.commonDevice(operands), values, elementwiseStrides(shape, operands));
  }

  /** Emits a view of `base` and gives it. */
  view(
    name: string,
    base: TensorValue,
    shape: readonly number[],
    strides: readonly number[],
    offset: number = base.storageOffset,
    backward: { bytes: number; kernels: number } | null = null,
  ): TensorValue {
    const t = new TensorValue(shape, strides, base.dtype, base.device, base.storage, offset, null);
    t.base = base.base ?? base;
    this.emit(name, [base], [t], {
      isView: true,
      elementwise: 0,
      work: viewWork,
      backwardBytes: backward?.bytes ?? 0,
      backwardKernels: backward?.kernels ?? 0,
    });
    return t;
  }

  resultType(...operands: readonly (TensorValue | ScalarArg)[]): DType {
    return resultType(operands, this.state.defaultDtype);
  }

  /**
   * The device results go to; raises when tensors with dims are on different accelerators. Nobody moves a model that
   * is estimated: where code puts a tensor on an accelerator, those of the CPU are taken as moved there, which is said.
   */
  commonDevice(tensors: readonly (TensorValue | null | undefined)[]): string {
    let device: string | null = null;
    let fromScalar: string | null = null;
    for (const t of tensors) {
      if (t == null) continue;
      if (t.ndim === 0 && t.device === 'cpu') {
        fromScalar ??= t.device;
        continue;
      }
      if (device === null || device === '?') device = t.device;
      else if (clash(device, t.device)) {
        if (device === 'cpu' || t.device === 'cpu') {
          if (device === 'cpu') device = t.device;
          const machine = this.interp as Machine;
          const text = `tensors on the CPU and on ${longDevice(device)} meet: the model and its inputs are taken as on ${longDevice(device)}`;
          machine.listener.assumption(text, 'environment', machine.place());
          continue;
        }
        raise(
          'RuntimeError',
          `Expected all tensors to be on the same device, but found at least two devices, ${longDevice(device)} and ${longDevice(t.device)}!`,
        );
      }
    }
    return device ?? fromScalar ?? this.state.defaultDevice;
  }

  int(n: number): Value {
    return Number.isNaN(n) ? new Unknown('extent that is not known', this.interp.place(), 'int') : n;
  }

  ints(ns: readonly number[]): PyTuple {
    return new PyTuple(ns.map((n) => this.int(n)));
  }

  /** A Python number of a tensor's dtype. */
  number(x: number, dtype: DType): Value {
    if (dtype.kind === 'bool') return x !== 0;
    return dtype.kind === 'int' ? x : new PyFloat(x);
  }

  // ------------------------------------------------------------------ kernels

  emit(
    name: string,
    inputs: readonly (TensorValue | null | undefined)[],
    outputs: readonly TensorValue[],
    o: EmitOptions = {},
  ): Kernel {
    const ins = inputs.filter((t): t is TensorValue => t != null);
    let read = 0;
    let wanted = 0;
    let gradIn = 0;
    const differentiable = o.differentiable !== false && this.gradMode;
    for (const t of ins) {
      read += t.nbytes;
      if (differentiable && t.requiresGrad && isDifferentiable(t.dtype)) {
        wanted++;
        gradIn += t.nbytes;
      }
    }
    let written = 0;
    let outNumel = 0;
    for (const t of outputs) {
      written += t.nbytes;
      outNumel += t.numel;
    }
    const flows = wanted > 0 && outputs.some((t) => isDifferentiable(t.dtype));
    const saved = flows ? (o.saved ?? []).filter((t): t is TensorValue => t != null) : [];
    let savedBytes = 0;
    for (const t of saved) savedBytes += t.isParameter ? 0 : t.nbytes;
    let backward: BackwardCost | null = null;
    if (flows) {
      let kept = 0;
      for (const t of saved) kept += t.nbytes;
      backward = {
        flops: o.backwardFlops ?? 0,
        bytes: o.backwardBytes ?? written + kept + gradIn,
        kernels: o.backwardKernels ?? wanted,
      };
    }
    const flops = o.flops ?? 0;
    const dtype = o.dtype ?? outputs[0]?.dtype ?? ins[0]?.dtype ?? dtypes.float32;
    const kernel: Kernel = {
      name,
      inputs: ins,
      outputs,
      flops,
      elementwise: o.elementwise ?? outNumel,
      usefulFlops: o.useful ?? flops,
      bytesRead: o.isView ? 0 : read,
      bytesWritten: o.isView ? 0 : written,
      dtype,
      work: o.work ?? memoryWork('elementwise', 1, outNumel),
      saved,
      savedBytes,
      backward,
      isView: o.isView ?? false,
      ...(o.launches === undefined ? {} : { launches: o.launches }),
      ...(o.waits === undefined ? {} : { waits: o.waits }),
      ...(flows ? { next: edges(ins, outputs) } : {}),
    };
    if (flows) {
      for (const t of outputs) {
        if (!isDifferentiable(t.dtype)) continue;
        t.requiresGrad = true;
        t.gradFn = kernel;
      }
    }
    this.state.sink.kernel(kernel);
    return kernel;
  }

  /**
   * The host reads something of `t` and waits for the device: `item`, `tolist`, `cpu`, truth, sizes that depend on data
   * (`nonzero`, masks, `unique`). Also where the code does not say where its tensors lie: it is priced on an accelerator.
   */
  synchronise(t: TensorValue): void {
    if (onHost.has(t)) return;
    this.emit('synchronize', [t], [], {
      isView: true,
      elementwise: 0,
      work: viewWork,
      differentiable: false,
      waits: true,
    });
  }

  /** `t` was brought to the host: what is read of it from now on waits for nothing. */
  arrived(t: TensorValue): void {
    onHost.add(t);
  }

  /**
   * An operator that is one of `steps` on PyTorch's CPU and of fused kernels on an accelerator. Both run on shapes; the
   * results are those of the steps, which carry what an accelerator runs in their place (`Kernel.fused`). On tensors
   * that the code itself places on an accelerator only the fused call is made.
   * @param on the tensor whose device decides
   * @param steps, fused give the same tensors, in the same order
   */
  composite<T extends readonly TensorValue[]>(on: TensorValue, steps: () => T, fused: () => T): T {
    if (on.device.startsWith('cuda')) return fused();
    const { result, kernels: ran } = this.collected(steps);
    const stand = this.collected(fused);
    const names = new Map(stand.result.map((t, i) => [t, result[i]!] as const));
    const named = (list: readonly TensorValue[]) => list.map((t) => names.get(t) ?? t);
    const kernels = stand.kernels.map((k) => ({
      ...k,
      inputs: named(k.inputs),
      outputs: named(k.outputs),
      saved: named(k.saved),
    }));
    const last = ran.findLastIndex((k) => !k.isView);
    for (const [i, k] of ran.entries()) {
      // the object that autograd's graph names
      if (last >= 0) Object.assign(k, { fused: { kernels, last: i === last } });
      this.state.sink.kernel(k);
    }
    return result;
  }

  /** Runs with a sink of its own. */
  private collected<T>(run: () => T): { readonly result: T; readonly kernels: Kernel[] } {
    const { sink } = this.state;
    const kernels: Kernel[] = [];
    this.state.sink = { kernel: (k) => void kernels.push(k) };
    try {
      return { result: run(), kernels };
    } finally {
      this.state.sink = sink;
    }
  }

  /**
   * Writes a kernel's result into `self` (in-place variants, `out=`): emits with `self` among inputs and
   * outputs, brings values and autograd links up to date.
   */
  inplace(
    name: string,
    self: TensorValue,
    others: readonly (TensorValue | null | undefined)[],
    values: readonly number[] | null,
    o: EmitOptions = {},
  ): TensorValue {
    this.checkInplace(self, o.differentiable !== false);
    heap.touch(self);
    const kernel = this.emit(name, [self, ...others], [self], o);
    self.write(castValues(values, self.dtype));
    if (self.base !== null && self.gradFn === kernel) {
      self.base.requiresGrad = true;
      self.base.gradFn = self.gradFn;
    }
    return self;
  }

  checkInplace(self: TensorValue, differentiable = true): void {
    if (differentiable && this.needsGrad(self) && self.gradFn === null) {
      raise('RuntimeError', 'a leaf Variable that requires grad is being used in an in-place operation.');
    }
    for (let i = 0; i < self.ndim; i++) {
      if (self.strides[i] === 0 && self.shape[i]! > 1) {
        raise(
          'RuntimeError',
          'unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation.',
        );
      }
    }
  }

  /** Gives `result` the identity of `out` when one was passed: shape, strides and values move into it. */
  intoOut(result: TensorValue, out: TensorValue | null | undefined): TensorValue {
    if (out == null) return result;
    heap.touch(out);
    out.shape = result.shape;
    if (numelOf(out.shape) !== numelOf(result.shape)) out.strides = result.strides;
    out.strides = out.strides.length === out.shape.length ? out.strides : result.strides;
    out.write(castValues(result.values, out.dtype));
    return out;
  }

  gap(what: string, why: string, kind: Unknown['kind'] = 'tensor'): Unknown {
    return this.interp.gap(what, why, kind);
  }

  // ------------------------------------------------------------------ autocast

  private autocastDtype(t: TensorValue): DType | null {
    if (this.autocastOff > 0 || this.state.autocast.size === 0) return null;
    const type = t.device.split(':')[0]!;
    const direct = this.state.autocast.get(type);
    if (direct !== undefined) return direct;
    // code that says autocast('cuda') while its tensors' placement is not written down
    return type === 'cpu' || type === 'meta' || type === '?' ? (this.state.autocast.get('cuda') ?? null) : null;
  }

  private cast(t: TensorValue, dtype: DType): TensorValue {
    const eligible = t.requiresGrad && t.gradFn === null && t.base === null && t.dtype === dtypes.float32;
    let cache = eligible ? castCache.get(this.state.autocast) : undefined;
    const known = cache?.get(t);
    if (known !== undefined && known.dtype === dtype) return known;
    const out = this.like(t, dtype, castValues(t.values, dtype));
    this.emit('_to_copy', [t], [out], { elementwise: 0, work: memoryWork('copy', 1, t.numel) });
    if (eligible) {
      if (cache === undefined) {
        cache = new WeakMap();
        castCache.set(this.state.autocast, cache);
      }
      cache.set(t, out);
    }
    return out;
  }

  /** Arguments of an operator on autocast's lower-precision list. */
  lower<T extends (TensorValue | null)[]>(...tensors: T): T {
    if (this.autocastOff > 0 || this.state.autocast.size === 0) return tensors;
    return tensors.map((t) => {
      if (t === null || t.dtype.kind !== 'float' || t.dtype === dtypes.float64) return t;
      const to = this.autocastDtype(t);
      return to === null || to === t.dtype ? t : this.cast(t, to);
    }) as T;
  }

  /** Arguments of an operator on autocast's float32 list (CUDA's list, also followed on other devices' defaults). */
  fp32<T extends (TensorValue | null)[]>(...tensors: T): T {
    if (this.autocastOff > 0 || this.state.autocast.size === 0) return tensors;
    return tensors.map((t) => {
      if (t === null || (t.dtype !== dtypes.float16 && t.dtype !== dtypes.bfloat16)) return t;
      return this.autocastDtype(t) === null ? t : this.cast(t, dtypes.float32);
    }) as T;
  }

  /** Arguments of an operator that autocast runs in the widest type among them. */
  widest(tensors: readonly TensorValue[]): TensorValue[] {
    if (this.autocastOff > 0 || this.state.autocast.size === 0) return tensors.slice();
    const float = tensors.some((t) => t.dtype === dtypes.float32 && this.autocastDtype(t) !== null);
    if (!float) return tensors.slice();
    return tensors.map((t) =>
      t.dtype === dtypes.float16 || t.dtype === dtypes.bfloat16 ? this.cast(t, dtypes.float32) : t,
    );
  }

  withoutAutocast<T>(run: () => T): T {
    this.autocastOff++;
    try {
      return run();
    } finally {
      this.autocastOff--;
    }
  }
}

const longDevice = (d: string): string => (d === 'cuda' ? 'cuda:0' : d);

/** Only host memory against an accelerator, or two numbered accelerators, are certain to fail. */
/** What made the inputs, before the call itself makes the outputs; a view that is written to also passes on to its base. */
function edges(ins: readonly TensorValue[], outputs: readonly TensorValue[]): (Kernel | TensorValue)[] {
  const next: (Kernel | TensorValue)[] = [];
  for (const t of ins) {
    if (!t.requiresGrad) continue;
    next.push(t.gradFn ?? t);
    if (t.base?.gradFn != null && outputs.includes(t)) next.push(t.base.gradFn);
  }
  return next;
}

function clash(a: string, b: string): boolean {
  if (a === b || a === '?' || b === '?') return false;
  const x = longDevice(a);
  const y = longDevice(b);
  if (x === y) return false;
  if (x === 'meta' || y === 'meta') return false;
  return true;
}
