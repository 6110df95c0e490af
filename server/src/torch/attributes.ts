/** Attributes of tensors and of PyTorch's small objects that are not operators. */
import { raise } from '../python/errors.js';
import type { Machine } from '../python/machine.js';
import { heap, type Interp, NativeFunction, PyFloat, PyTuple, Unknown, type Value } from '../python/values.js';
import { DType, dtypes } from './dtype.js';
import type { TorchState } from './kernel.js';
import {
  layouts,
  parseDevice,
  StructSequence,
  TorchDevice,
  TorchEnum,
  TorchGenerator,
  TorchSize,
  TypeInfo,
} from './objects.js';
import { OpCall } from './opcall.js';
import { complexPart, detach, reverseDims, transpose } from './ops/views.js';
import { isComplex, isFloating } from './promote.js';
import { asTensor, toDevice } from './schema.js';
import { makeTensor, numelOf, type TensorValue } from './tensor.js';

const call = (interp: Interp, name: string): OpCall => new OpCall(interp, interp.torch as TorchState, name);

export const sizeOf = (interp: Interp, shape: readonly number[]): TorchSize =>
  new TorchSize(call(interp, 'Tensor.shape').ints(shape).items);

export function deviceOf(t: TensorValue): TorchDevice {
  const d = parseDevice(t.device === '?' ? 'cpu' : t.device) ?? TorchDevice.of('cpu', null);
  return d.type === 'cuda' && d.index === null ? TorchDevice.of('cuda', 0) : d;
}

type Getter = (interp: Interp, t: TensorValue) => Value;

const matrixT: Getter = (interp, t) => {
  if (t.ndim < 2)
    raise('RuntimeError', `tensor.mT is only supported on matrices or batches of matrices. Got ${t.ndim}-D tensor.`);
  return transpose(call(interp, 'Tensor.mT'), t, -2, -1);
};

const conjugateT: Getter = (interp, t) => {
  if (t.ndim !== 2 && t.ndim !== 0)
    raise('RuntimeError', `tensor.H is only supported on matrices (2-D tensors). Got ${t.ndim}-D tensor.`);
  return t.ndim === 0 ? t : transpose(call(interp, 'Tensor.H'), t, 0, 1);
};

const getters: Readonly<Record<string, Getter>> = {
  shape: (i, t) => sizeOf(i, t.shape),
  dtype: (_i, t) => t.dtype,
  device: (_i, t) => deviceOf(t),
  ndim: (_i, t) => t.ndim,
  layout: () => layouts.strided,
  itemsize: (_i, t) => t.dtype.itemsize,
  nbytes: (i, t) => call(i, 'Tensor.nbytes').int(t.nbytes),
  requires_grad: (_i, t) => t.requiresGrad,
  is_leaf: (_i, t) => t.gradFn === null,
  grad: (_i, t) => t.grad,
  grad_fn: (i, t) => (t.gradFn === null ? null : i.gap('Tensor.grad_fn', 'autograd nodes are not modelled', 'any')),
  retains_grad: () => false,
  is_cuda: (_i, t) => t.device.startsWith('cuda'),
  is_cpu: (_i, t) => t.device === 'cpu' || t.device === '?',
  is_meta: (_i, t) => t.device === 'meta',
  is_mps: (_i, t) => t.device.startsWith('mps'),
  is_xla: () => false,
  is_xpu: () => false,
  is_sparse: () => false,
  is_sparse_csr: () => false,
  is_quantized: () => false,
  is_nested: () => false,
  is_mkldnn: () => false,
  is_vulkan: () => false,
  is_ipu: () => false,
  is_inference: () => false,
  name: () => null,
  names: (_i, t) => new PyTuple(t.shape.map(() => null)),
  output_nr: () => 0,
  _version: (_i, t) => t.storage.version,
  _is_view: (_i, t) => t.base !== null,
  _base: (_i, t) => t.base,
  data: (i, t) => detach(call(i, 'Tensor.data'), t),
  T: (i, t) => reverseDims(call(i, 'Tensor.T'), t),
  mT: matrixT,
  H: conjugateT,
  mH: matrixT,
  real: (i, t) => complexPart(call(i, 'Tensor.real'), t, 0),
  imag: (i, t) => complexPart(call(i, 'Tensor.imag'), t, 1),
};

/** Attributes that are not methods; undefined when there is none of that name. */
export function tensorGetAttribute(interp: Interp, t: TensorValue, name: string): Value | undefined {
  return Object.hasOwn(getters, name) ? getters[name]!(interp, t) : undefined;
}

/** False when the attribute is not PyTorch's own. */
export function tensorSetAttribute(interp: Interp, t: TensorValue, name: string, value: Value): boolean {
  switch (name) {
    case 'requires_grad': {
      const on = interp.truthy(value);
      if (on && !isFloating(t.dtype) && !isComplex(t.dtype))
        raise('RuntimeError', 'only Tensors of floating point dtype can require gradients');
      if (!on && t.gradFn !== null) raise('RuntimeError', 'you can only change requires_grad flags of leaf variables.');
      heap.touch(t);
      if (t.requiresGrad !== on) heap.parts++;
      t.requiresGrad = on;
      return true;
    }
    case 'grad':
      heap.touch(t);
      t.grad = value;
      return true;
    case 'data': {
      if (value instanceof Unknown) {
        const machine = interp as Machine;
        machine.listener.assumption(`${value.why} has the shape of what it replaces`, 'environment', machine.place());
        heap.touch(t);
        t.values = null;
        return true;
      }
      const source = asTensor(value);
      if (source === null)
        raise('TypeError', `Variable data has to be a tensor, but got ${interp.classOf(value).name}`);
      heap.touch(t);
      if (t.isParameter && t.numel !== source.numel) heap.parts++;
      t.shape = source.shape;
      t.strides = source.strides;
      t.dtype = source.dtype;
      t.device = source.device;
      t.storage = source.storage;
      t.storageOffset = source.storageOffset;
      // `p.data = p.data / 2` gives a view of p itself back
      t.base = source.base === t ? null : source.base;
      t.values = source.values;
      return true;
    }
    default:
      if (!Object.hasOwn(getters, name)) return false;
      raise('AttributeError', `attribute '${name}' of 'torch._C.TensorBase' objects is not writable`);
  }
}

/** dtype of a complex dtype's parts and back. */
const complexPairs: Readonly<Record<string, DType>> = {
  float16: dtypes.complex32,
  float32: dtypes.complex64,
  float64: dtypes.complex128,
};

function dtypeAttribute(d: DType, name: string): Value | undefined {
  switch (name) {
    case 'itemsize':
      return Math.ceil(d.itemsize);
    case 'is_floating_point':
      return d.kind === 'float';
    case 'is_complex':
      return d.kind === 'complex';
    case 'is_signed':
      return d.signed;
    case 'to_complex':
      return new NativeFunction('dtype.to_complex', () => complexPairs[d.name] ?? d);
    case 'to_real':
      return new NativeFunction(
        'dtype.to_real',
        () => dtypes[(Object.entries(complexPairs).find(([, c]) => c === d)?.[0] ?? d.name) as keyof typeof dtypes],
      );
    default:
      return undefined;
  }
}

/** Attributes and methods of DType, TorchDevice, TorchSize, StructSequence, TypeInfo, TorchGenerator. */
export function torchObjectGetAttribute(interp: Interp, object: Value, name: string): Value | undefined {
  if (object instanceof DType) return dtypeAttribute(object, name);
  if (object instanceof TorchDevice) {
    if (name === 'type') return object.type;
    if (name === 'index') return object.index;
    return undefined;
  }
  if (object instanceof StructSequence) {
    const i = object.fields.indexOf(name);
    return i < 0 ? undefined : object.items[i];
  }
  if (object instanceof TorchSize && name === 'numel') {
    return new NativeFunction('torch.Size.numel', () =>
      call(interp, 'torch.Size.numel').int(numelOf(object.items.map((x) => (typeof x === 'number' ? x : Number.NaN)))),
    );
  }
  if (object instanceof TypeInfo) return object.fields.get(name);
  if (object instanceof TorchGenerator) {
    if (name === 'device') return TorchDevice.of(object.device, null);
    if (name === 'manual_seed' || name === 'seed' || name === 'initial_seed')
      return new NativeFunction(`Generator.${name}`, () => (name === 'manual_seed' ? object : 0));
    if (name === 'set_state' || name === 'get_state')
      return new NativeFunction(`Generator.${name}`, () =>
        name === 'set_state' ? object : makeTensor([5056], dtypes.uint8),
      );
  }
  if (object instanceof TorchEnum && name === 'name') return object.name;
  return undefined;
}

const floatFacts: Readonly<Record<string, readonly [bits: number, max: number, eps: number, tiny: number]>> = {
  float64: [64, Number.MAX_VALUE, 2 ** -52, 2 ** -1022],
  float32: [32, (2 - 2 ** -23) * 2 ** 127, 2 ** -23, 2 ** -126],
  float16: [16, 65504, 2 ** -10, 2 ** -14],
  bfloat16: [16, (2 - 2 ** -7) * 2 ** 127, 2 ** -7, 2 ** -126],
  float8_e4m3fn: [8, 448, 2 ** -3, 2 ** -6],
  float8_e5m2: [8, 57344, 2 ** -2, 2 ** -14],
};

/** `torch.finfo(dtype)`. */
export function finfo(d: DType): TypeInfo {
  const real = d.kind === 'complex' ? (d.name === 'complex128' ? dtypes.float64 : dtypes.float32) : d;
  const facts = floatFacts[real.name];
  if (facts === undefined)
    raise('TypeError', `torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'`);
  const [bits, max, eps, tiny] = facts;
  const f = (x: number): Value => new PyFloat(x);
  return new TypeInfo(
    d,
    new Map<string, Value>([
      ['bits', bits],
      ['max', f(max)],
      ['min', f(-max)],
      ['eps', f(eps)],
      ['tiny', f(tiny)],
      ['smallest_normal', f(tiny)],
      ['resolution', f(10 ** Math.ceil(Math.log10(eps)))],
      ['dtype', real.name],
    ]),
  );
}

/** `torch.iinfo(dtype)`. */
export function iinfo(d: DType): TypeInfo {
  if (d.kind !== 'int')
    raise('TypeError', `torch.iinfo() requires an integer input type. Use torch.finfo to handle '${d.name}'`);
  const bits = d.itemsize * 8;
  const min = d.signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const max = d.signed ? 2n ** BigInt(bits - 1) - 1n : 2n ** BigInt(bits) - 1n;
  const int = (x: bigint): Value =>
    x >= BigInt(Number.MIN_SAFE_INTEGER) && x <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(x) : x;
  return new TypeInfo(
    d,
    new Map<string, Value>([
      ['bits', bits],
      ['min', int(min)],
      ['max', int(max)],
      ['dtype', d.name],
    ]),
  );
}

/** `torch.device(...)`. */
export function makeDevice(value: Value, index: Value): TorchDevice {
  const text = toDevice(value);
  if (typeof text !== 'string') raise('TypeError', "device(): argument 'type' (position 1) must be str");
  const d = parseDevice(text)!;
  return typeof index === 'number' ? TorchDevice.of(d.type, index) : d;
}
