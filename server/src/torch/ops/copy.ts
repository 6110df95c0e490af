/** Copies and casts: clone, contiguous, the forms of `.to`, copy_, Python-side conversions. */
import { raise } from '../../python/errors.js';
import { PyClass, type Value } from '../../python/values.js';
import { DType, dtypes } from '../dtype.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type Bound, op } from '../operator.js';
import { carriesValues, castValues, isComplex, shapeText } from '../promote.js';
import { toDevice } from '../schema.js';
import { broadcastShapes, isChannelsLast, isContiguous, preservedStrides, sameShape, stridesFor } from '../strides.js';
import type { TensorValue } from '../tensor.js';
import { expandValues } from './known.js';

export function formatStrides(t: TensorValue, format: string): readonly number[] {
  return format === 'preserve_format' ? preservedStrides(t) : stridesFor(t.shape, format);
}

export function clone(c: OpCall, t: TensorValue, format = 'preserve_format'): TensorValue {
  const out = c.make(t.shape, t.dtype, t.device, t.values, formatStrides(t, format));
  c.emit('clone', [t], [out], { elementwise: 0, work: memoryWork('copy', 1, t.numel) });
  return out;
}

/** A leaf with the same flags. */
function deepCopy(c: OpCall, t: TensorValue): TensorValue {
  if (t.gradFn !== null)
    raise(
      'RuntimeError',
      'Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.',
    );
  const out = c.make(t.shape, t.dtype, t.device, t.values, formatStrides(t, 'preserve_format'));
  c.emit('clone', [t], [out], { elementwise: 0, work: memoryWork('copy', 1, t.numel), differentiable: false });
  out.requiresGrad = t.requiresGrad;
  out.isParameter = t.isParameter;
  return out;
}

export function hasFormat(t: TensorValue, format: string): boolean {
  if (format === 'channels_last') return t.ndim === 4 && isChannelsLast(t.shape, t.strides);
  if (format === 'channels_last_3d') return t.ndim === 5 && isChannelsLast(t.shape, t.strides);
  return isContiguous(t.shape, t.strides);
}

export function contiguous(c: OpCall, t: TensorValue, format = 'contiguous_format'): TensorValue {
  if (format === 'preserve_format')
    raise('RuntimeError', 'preserve memory format is unsupported by the contiguous operator');
  if (hasFormat(t, format)) return t;
  return clone(c, t, format);
}

const sameDevice = (a: string, b: string): boolean =>
  a === b || a === '?' || b === '?' || `${a}:0` === b || a === `${b}:0`;

export function to(
  c: OpCall,
  t: TensorValue,
  dtype: DType | null,
  device: string | null,
  copy = false,
  format: string | null = null,
): TensorValue {
  const newType = dtype ?? t.dtype;
  const newDevice = device ?? t.device;
  const moves = !sameDevice(newDevice, t.device);
  const formatDiffers = format !== null && format !== 'preserve_format' && !hasFormat(t, format);
  if (newType === t.dtype && !moves && !copy && !formatDiffers) return t;
  const strides = formatStrides(t, format ?? 'preserve_format');
  const values = newDevice === 'meta' ? null : castValues(t.values, newType);
  const out = c.make(t.shape, newType, newDevice === '?' ? t.device : newDevice, values, strides);
  c.emit('_to_copy', [t], [out], { elementwise: 0, work: memoryWork('copy', 1, t.numel) });
  if (newDevice === 'cpu' && t.device.startsWith('cuda')) {
    c.synchronise(t);
    c.arrived(out);
  }
  return out;
}

export function copyInto(c: OpCall, t: TensorValue, source: TensorValue): TensorValue {
  const shape = broadcastShapes(t.shape, source.shape);
  if (!sameShape(shape, t.shape)) {
    raise(
      'RuntimeError',
      `The size of tensor a (${shapeText(t.shape)}) must match the size of tensor b (${shapeText(source.shape)}): output with shape ${shapeText(t.shape)} doesn't match the broadcast shape ${shapeText(shape)}`,
    );
  }
  return c.inplace('copy_', t, [source], expandValues(source, t.shape), {
    elementwise: 0,
    work: memoryWork('copy', 1, t.numel),
  });
}

const casts: readonly [string, DType][] = [
  ['float', dtypes.float32],
  ['double', dtypes.float64],
  ['half', dtypes.float16],
  ['bfloat16', dtypes.bfloat16],
  ['long', dtypes.int64],
  ['int', dtypes.int32],
  ['short', dtypes.int16],
  ['char', dtypes.int8],
  ['byte', dtypes.uint8],
  ['bool', dtypes.bool],
  ['cfloat', dtypes.complex64],
  ['cdouble', dtypes.complex128],
  ['chalf', dtypes.complex32],
];

const legacyTypes: Record<string, DType> = {
  FloatTensor: dtypes.float32,
  DoubleTensor: dtypes.float64,
  HalfTensor: dtypes.float16,
  BFloat16Tensor: dtypes.bfloat16,
  LongTensor: dtypes.int64,
  IntTensor: dtypes.int32,
  ShortTensor: dtypes.int16,
  CharTensor: dtypes.int8,
  ByteTensor: dtypes.uint8,
  BoolTensor: dtypes.bool,
};

/** `Tensor.type()`: text such as `torch.FloatTensor`, or a cast. */
function typeOf(c: OpCall, a: Bound): Value {
  const t: TensorValue = a.input;
  if (a.dtype === null) {
    const entry = Object.entries(legacyTypes).find(([, d]) => d === t.dtype);
    return `torch.${t.device.startsWith('cuda') ? 'cuda.' : ''}${entry?.[0] ?? 'Tensor'}`;
  }
  if (typeof a.dtype === 'string') {
    const name = a.dtype.slice(a.dtype.lastIndexOf('.') + 1);
    const dtype = legacyTypes[name];
    if (dtype === undefined) raise('ValueError', `invalid type: '${a.dtype}'`);
    return to(c, t, dtype, a.dtype.includes('cuda') ? 'cuda' : null);
  }
  if (a.dtype instanceof PyClass) {
    // a legacy type such as `torch.ByteTensor`
    const dtype = legacyTypes[a.dtype.name];
    if (dtype !== undefined) return to(c, t, dtype, a.dtype.module === 'torch.cuda' ? 'cuda' : null);
    if (a.dtype.name === 'Tensor') return to(c, t, c.state.defaultDtype, null);
  }
  if (!(a.dtype instanceof DType)) raise('RuntimeError', 'dtype must be a type, str, or dtype object');
  return to(c, t, a.dtype, null);
}

export const copyOperators = [
  op(
    (c, a) => clone(c, a.input, a.memory_format),
    'torch.clone, Tensor.clone(Tensor input, *, MemoryFormat memory_format=preserve_format)',
  ),
  op((c, a) => deepCopy(c, a.input), 'Tensor.__deepcopy__(Tensor input, Any memo)'),
  op((c, a) => clone(c, a.input), 'Tensor.__copy__(Tensor input)'),
  op(
    (c, a) => contiguous(c, a.input, a.memory_format),
    'Tensor.contiguous(Tensor input, MemoryFormat memory_format=contiguous_format)',
  ),
  op(
    (_c, a) => hasFormat(a.input, a.memory_format),
    'Tensor.is_contiguous(Tensor input, MemoryFormat memory_format=contiguous_format)',
  ),
  op(
    (c, a) => to(c, a.input, a.dtype, null, a.copy, a.memory_format),
    'Tensor.to(Tensor input, ScalarType dtype, bool~ non_blocking=False, bool copy=False, *, MemoryFormat? memory_format=None)',
  ),
  op(
    (c, a) => to(c, a.input, a.dtype, a.device, a.copy, a.memory_format),
    'Tensor.to(Tensor input, Device? device=None, ScalarType? dtype=None, bool~ non_blocking=False, bool copy=False, *, MemoryFormat? memory_format=None)',
  ),
  op(
    (c, a) => to(c, a.input, a.other.dtype, a.other.device, a.copy, a.memory_format),
    'Tensor.to(Tensor input, Tensor other, bool~ non_blocking=False, bool copy=False, *, MemoryFormat? memory_format=None)',
  ),
  op((c, a) => to(c, a.input, a.other.dtype, null), 'Tensor.type_as(Tensor input, Tensor other)'),
  op(
    typeOf,
    'Tensor.type(Tensor input, str dtype, bool~ non_blocking=False)',
    'Tensor.type(Tensor input, ScalarType? dtype=None, bool~ non_blocking=False)',
    'Tensor.type(Tensor input, Any dtype, bool~ non_blocking=False)',
  ),
  ...casts.map(([name, dtype]) =>
    op(
      (c, a) => to(c, a.input, dtype, null, false, a.memory_format),
      `Tensor.${name}(Tensor input, MemoryFormat? memory_format=None)`,
    ),
  ),
  op(
    (c, a) => to(c, a.input, null, a.device ?? 'cuda', false, a.memory_format),
    'Tensor.cuda(Tensor input, Device? device=None, bool~ non_blocking=False, MemoryFormat? memory_format=None)',
  ),
  op((c, a) => {
    const read = to(c, a.input, null, 'cpu', false, a.memory_format);
    if (read === a.input) c.synchronise(read);
    c.arrived(read);
    return read;
  }, 'Tensor.cpu(Tensor input, MemoryFormat? memory_format=None)'),
  op((c, a) => to(c, a.input, null, 'xpu'), 'Tensor.xpu(Tensor input, Device? device=None, bool~ non_blocking=False)'),
  op(
    (_c, a) => a.input,
    'Tensor.pin_memory, Tensor.share_memory_, Tensor.resolve_conj, Tensor.resolve_neg, Tensor.to_dense, Tensor.coalesce(Tensor input, Device? device=None)',
  ),
  op((_c, a) => a.input, 'torch.resolve_conj, torch.resolve_neg(Tensor input)'),
  op((_c, a) => {
    if (a.input.dtype === dtypes.bool) raise('RuntimeError', 'The `+` operator, on a bool tensor is not supported.');
    return a.input;
  }, 'torch.positive, Tensor.positive, Tensor.__pos__(Tensor input)'),
  op((c, a) => copyInto(c, a.input, a.src), 'Tensor.copy_(Tensor input, Tensor src, bool~ non_blocking=False)'),
  op((c, a) => {
    const t: TensorValue = a.input;
    if (!isComplex(t.dtype)) return t;
    return c.view('_conj', t, t.shape, t.strides);
  }, 'torch.conj, Tensor.conj(Tensor input)'),
  op((c, a) => {
    const t: TensorValue = a.input;
    const out = c.like(t, t.dtype, t.values);
    c.emit('conj_physical', [t], [out]);
    return out;
  }, 'torch.conj_physical, Tensor.conj_physical(Tensor input)'),
  op((c, a) => {
    const d = toDevice(a.device);
    return to(c, a.input, null, typeof d === 'string' ? d : 'cuda');
  }, 'Tensor._to_device(Tensor input, Any device)'),
  op((_c, a) => carriesValues(a.input.dtype) && a.input.values !== null, 'Tensor._values_known(Tensor input)'),
];
