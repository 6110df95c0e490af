/**
 * dtype rules: promotion of tensors and Python numbers (torch.result_type), values of a
 * dtype, kinds.
 */
import { type DType, type DTypeName, dtypes } from './dtype.js';
import type { ScalarArg } from './schema.js';
import { TensorValue } from './tensor.js';

export const isFloating = (d: DType): boolean => d.kind === 'float';
export const isComplex = (d: DType): boolean => d.kind === 'complex';
/** bool counts as integral, as `isIntegralType(t, includeBool=true)`. */
export const isIntegral = (d: DType): boolean => d.kind === 'int' || d.kind === 'bool';
export const isDifferentiable = (d: DType): boolean => d.kind === 'float' || d.kind === 'complex';

const complexOf: Partial<Record<DTypeName, DType>> = {
  float16: dtypes.complex32,
  bfloat16: dtypes.complex64,
  float32: dtypes.complex64,
  float64: dtypes.complex128,
};
const realOf: Partial<Record<DTypeName, DType>> = {
  complex32: dtypes.float16,
  complex64: dtypes.float32,
  complex128: dtypes.float64,
};

export const toComplexDType = (d: DType): DType => (d.kind === 'complex' ? d : (complexOf[d.name] ?? dtypes.complex64));
export const toRealDType = (d: DType): DType => realOf[d.name] ?? d;

/** torch.promote_types. */
export function promoteTypes(a: DType, b: DType): DType {
  if (a === b) return a;
  if (a.kind === 'complex' || b.kind === 'complex') {
    const x = a.kind === 'complex' ? toRealDType(a) : a;
    const y = b.kind === 'complex' ? toRealDType(b) : b;
    return toComplexDType(x.kind === 'float' || y.kind === 'float' ? promoteTypes(x, y) : x);
  }
  if (a.kind === 'float' || b.kind === 'float') {
    if (a.kind !== 'float') return b;
    if (b.kind !== 'float') return a;
    if (a.itemsize === b.itemsize) return a.itemsize === 2 ? dtypes.float32 : dtypes.float16;
    return a.itemsize > b.itemsize ? a : b;
  }
  if (a.kind === 'bool') return b;
  if (b.kind === 'bool') return a;
  if (a.signed === b.signed) return a.itemsize >= b.itemsize ? a : b;
  const [s, u] = a.signed ? [a, b] : [b, a];
  if (s.itemsize > u.itemsize) return s;
  return u.itemsize === 1 ? dtypes.int16 : u.itemsize === 2 ? dtypes.int32 : dtypes.int64;
}

export function scalarDType(s: ScalarArg, defaultDtype: DType): DType {
  if (s.kind === 'bool') return dtypes.bool;
  if (s.kind === 'int') return dtypes.int64;
  return s.kind === 'float' ? defaultDtype : toComplexDType(defaultDtype);
}

function skip(a: DType | null, b: DType | null): DType | null {
  if (a === null) return b;
  if (b === null) return a;
  return promoteTypes(a, b);
}

function combine(higher: DType | null, lower: DType | null): DType | null {
  if (higher !== null && higher.kind === 'complex') return higher;
  if (higher !== null && higher.kind === 'float') {
    return lower !== null && lower.kind === 'complex' ? toComplexDType(higher) : higher;
  }
  if (higher === null || higher === dtypes.bool || (lower !== null && isDifferentiable(lower)))
    return skip(higher, lower);
  return higher;
}

/** torch.result_type over any number of operands: tensors with dims outrank 0-dim tensors, which outrank numbers. */
export function resultType(operands: readonly (TensorValue | ScalarArg)[], defaultDtype: DType): DType {
  let dim: DType | null = null;
  let zero: DType | null = null;
  let wrapped: DType | null = null;
  for (const o of operands) {
    if (o instanceof TensorValue) {
      if (o.ndim > 0) dim = skip(dim, o.dtype);
      else zero = skip(zero, o.dtype);
    } else wrapped = skip(wrapped, scalarDType(o, defaultDtype));
  }
  return combine(dim, combine(zero, wrapped)) ?? defaultDtype;
}

const half = new Float32Array(1);
const halfBits = new Uint32Array(half.buffer);

/** Nearest bfloat16, ties to even. */
function roundBfloat16(x: number): number {
  half[0] = x;
  const bits = halfBits[0]!;
  if (Number.isNaN(x)) return x;
  halfBits[0] = ((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000) >>> 0;
  return half[0]!;
}

/** Nearest float16, ties to even. */
function roundFloat16(x: number): number {
  const a = Math.abs(x);
  if (!(a < 65520)) return Number.isNaN(x) ? x : x < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const ulp = a < 2 ** -14 ? 2 ** -24 : 2 ** (Math.floor(Math.log2(a)) - 10);
  const q = a / ulp;
  const f = Math.floor(q);
  const r = q - f > 0.5 || (q - f === 0.5 && f % 2 === 1) ? f + 1 : f;
  return Math.sign(x) * r * ulp;
}

/** A number as an element of `dtype` holds it. */
export function castValue(x: number, dtype: DType): number {
  switch (dtype.name) {
    case 'float64':
      return x;
    case 'float32':
      return Math.fround(x);
    case 'float16':
      return roundFloat16(Math.fround(x));
    case 'bfloat16':
      return roundBfloat16(Math.fround(x));
    case 'bool':
      return x !== 0 ? 1 : 0;
    case 'int32':
      return Math.trunc(x) | 0;
    case 'uint8':
      return Math.trunc(x) & 255;
    case 'int8':
      return (Math.trunc(x) << 24) >> 24;
    case 'int16':
      return (Math.trunc(x) << 16) >> 16;
    default:
      return dtype.kind === 'int' ? Math.trunc(x) : x;
  }
}

/** All values cast, or null when none are known or the dtype carries none (complex, 8-bit floats). */
export function castValues(values: readonly number[] | null, dtype: DType): number[] | null {
  if (values === null || !carriesValues(dtype)) return null;
  return values.map((x) => castValue(x, dtype));
}

export function carriesValues(dtype: DType): boolean {
  return dtype.kind === 'bool' || dtype.kind === 'int' || (dtype.kind === 'float' && dtype.itemsize >= 2);
}

/** Text of a shape in PyTorch's messages: `[2, 3]`. */
export const shapeText = (shape: readonly number[]): string =>
  `[${shape.map((d) => (Number.isNaN(d) ? '?' : d)).join(', ')}]`;

const cppNames: Partial<Record<DTypeName, string>> = {
  float64: 'Double',
  float32: 'Float',
  float16: 'Half',
  bfloat16: 'BFloat16',
  int64: 'Long',
  int32: 'Int',
  int16: 'Short',
  int8: 'Char',
  uint8: 'Byte',
  bool: 'Bool',
  complex64: 'ComplexFloat',
  complex128: 'ComplexDouble',
  complex32: 'ComplexHalf',
};
/** `Float`, `Long` … as ATen's messages name dtypes. */
export const scalarTypeName = (d: DType): string => cppNames[d.name] ?? d.name;
