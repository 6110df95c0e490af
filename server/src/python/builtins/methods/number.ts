/** Methods of int, float, complex, range and slice. */
import { raise } from '../../errors.js';
import {
  type Interp,
  type NativeCall,
  PyBytes,
  PyComplex,
  PyFloat,
  type PyRange,
  type PySlice,
  PyTuple,
  Unknown,
  type Value,
} from '../../values.js';
import { native } from '../arguments.js';
import { nativeContains } from '../compare.js';
import { requireIndex, sliceIndices } from '../items.js';
import { overIterable } from '../iterators.js';
import * as n from '../numbers.js';
import { typeName } from '../special.js';
import { unknownFrom, unwrap } from '../types.js';

function int(vm: Interp, v: Value | undefined): n.Int {
  const plain = v === undefined ? v : unwrap(v);
  if (plain !== undefined && n.isInt(plain)) return n.toInt(plain);
  raise('TypeError', `an integer is required, not ${typeName(vm, v ?? null)}`);
}

function float(vm: Interp, v: Value | undefined): number {
  const plain = v === undefined ? v : unwrap(v);
  if (plain instanceof PyFloat) return plain.value;
  return n.toFloat(int(vm, v));
}

/** float to int, towards zero. */
export function truncate(x: number): n.Int {
  if (Number.isNaN(x)) raise('ValueError', 'cannot convert float NaN to integer');
  if (!Number.isFinite(x)) raise('OverflowError', 'cannot convert float infinity to integer');
  const t = Math.trunc(x);
  return Number.isSafeInteger(t) ? t + 0 : n.normalise(BigInt(t));
}

/** `round(x)` of a float: half to even. */
export function roundHalfEven(x: number): n.Int {
  const r = Math.round(x);
  const even = Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
  return truncate(even);
}

export function roundInt(x: n.Int, digits: number): n.Int {
  if (digits >= 0) return x;
  const unit = 10n ** BigInt(-digits);
  const value = BigInt(x);
  const rest = ((value % unit) + unit) % unit;
  const low = value - rest;
  const twice = rest * 2n;
  const up = twice > unit || (twice === unit && (low / unit) % 2n !== 0n);
  return n.normalise(up ? low + unit : low);
}

const constant =
  (f: (vm: Interp, v: Value) => Value): NativeCall =>
  (vm, args) =>
    f(vm, args[0]!);

export const intMethods: Record<string, NativeCall> = {
  bit_length: constant((vm, v) => n.bitLength(int(vm, v))),
  bit_count: constant((vm, v) => [...BigInt(int(vm, v)).toString(2)].filter((c) => c === '1').length),
  conjugate: constant((vm, v) => int(vm, v)),
  as_integer_ratio: constant((vm, v) => new PyTuple([int(vm, v), 1])),
  to_bytes: native('to_bytes', 'self, length=, byteorder=, *, signed=', (vm, self, length, order, signed) => {
    const size = length === undefined ? 1 : Number(requireIndex(vm, length));
    let x = BigInt(int(vm, self));
    if (x < 0n && (signed === undefined || !vm.truthy(signed)))
      raise('OverflowError', "can't convert negative int to unsigned");
    if (x < 0n) x += 1n << BigInt(8 * size);
    if (x >= 1n << BigInt(8 * size)) raise('OverflowError', 'int too big to convert');
    const bytes = Array.from({ length: size }, (_, i) => String.fromCharCode(Number((x >> BigInt(8 * i)) & 255n)));
    return new PyBytes((order === 'little' ? bytes : bytes.reverse()).join(''));
  }),
  __int__: constant((vm, v) => int(vm, v)),
  __index__: constant((vm, v) => int(vm, v)),
  __trunc__: constant((vm, v) => int(vm, v)),
  __floor__: constant((vm, v) => int(vm, v)),
  __ceil__: constant((vm, v) => int(vm, v)),
  __float__: constant((vm, v) => new PyFloat(n.toFloat(int(vm, v)))),
  __bool__: constant((vm, v) => int(vm, v) !== 0),
  __abs__: constant((vm, v) => {
    const x = int(vm, v);
    return x < 0 ? n.negate(x) : x;
  }),
  __round__: native('__round__', 'self, ndigits=, /', (vm, self, digits) =>
    digits === undefined || digits === null ? int(vm, self) : roundInt(int(vm, self), Number(requireIndex(vm, digits))),
  ),
};

/** `int.from_bytes`. */
export const fromBytes: NativeCall = (vm, args, kwargs) => {
  const rest = args.slice(1);
  const data = rest[0] ?? kwargs?.get('bytes') ?? null;
  const order = rest[1] ?? kwargs?.get('byteorder') ?? 'big';
  if (!(data instanceof PyBytes)) raise('TypeError', `cannot convert '${typeName(vm, data)}' object to bytes`);
  const chars = order === 'little' ? [...data.value].reverse() : [...data.value];
  let x = 0n;
  for (const c of chars) x = (x << 8n) | BigInt(c.charCodeAt(0));
  const signed = kwargs?.get('signed') === true;
  if (signed && chars.length > 0 && x >> BigInt(8 * chars.length - 1) === 1n) x -= 1n << BigInt(8 * chars.length);
  return n.normalise(x);
};

export const floatMethods: Record<string, NativeCall> = {
  is_integer: constant((vm, v) => Number.isInteger(float(vm, v))),
  conjugate: constant((vm, v) => new PyFloat(float(vm, v))),
  as_integer_ratio: constant((vm, v) => {
    const x = float(vm, v);
    if (!Number.isFinite(x)) raise(Number.isNaN(x) ? 'ValueError' : 'OverflowError', 'cannot convert to integer ratio');
    const [p, q] = n.asRatio(x);
    return new PyTuple([n.normalise(p), n.normalise(q)]);
  }),
  hex: constant((vm) => vm.gap('float.hex', 'not modelled', 'str')),
  __int__: constant((vm, v) => truncate(float(vm, v))),
  __trunc__: constant((vm, v) => truncate(float(vm, v))),
  __floor__: constant((vm, v) => truncate(Math.floor(float(vm, v)))),
  __ceil__: constant((vm, v) => truncate(Math.ceil(float(vm, v)))),
  __float__: constant((vm, v) => new PyFloat(float(vm, v))),
  __bool__: constant((vm, v) => float(vm, v) !== 0),
  __abs__: constant((vm, v) => new PyFloat(Math.abs(float(vm, v)))),
  __round__: native('__round__', 'self, ndigits=, /', (vm, self, digits) => {
    const x = float(vm, self);
    if (digits === undefined || digits === null) return roundHalfEven(x);
    return new PyFloat(n.roundFloat(x, Number(requireIndex(vm, digits))));
  }),
};

export const complexMethods: Record<string, NativeCall> = {
  conjugate: constant((_vm, v) => {
    const c = v as PyComplex;
    return new PyComplex(c.real, -c.imag);
  }),
  __abs__: constant((_vm, v) => new PyFloat(Math.hypot((v as PyComplex).real, (v as PyComplex).imag))),
  __bool__: constant((_vm, v) => (v as PyComplex).real !== 0 || (v as PyComplex).imag !== 0),
};

/** Read-only attributes of built-in values: type, name, getter. */
export const builtinProperties: Record<string, Record<string, (vm: Interp, v: Value) => Value>> = {
  int: {
    real: (vm, v) => int(vm, v),
    imag: () => 0,
    numerator: (vm, v) => int(vm, v),
    denominator: () => 1,
  },
  float: { real: (vm, v) => new PyFloat(float(vm, v)), imag: () => new PyFloat(0) },
  complex: {
    real: (_vm, v) => new PyFloat((v as PyComplex).real),
    imag: (_vm, v) => new PyFloat((v as PyComplex).imag),
  },
  range: {
    start: (_vm, v) => (v as PyRange).start,
    stop: (_vm, v) => (v as PyRange).stop,
    step: (_vm, v) => (v as PyRange).step,
  },
  slice: {
    start: (_vm, v) => (v as PySlice).start,
    stop: (_vm, v) => (v as PySlice).stop,
    step: (_vm, v) => (v as PySlice).step,
  },
};

export const rangeMethods: Record<string, NativeCall> = {
  index: (vm, args) => {
    const r = args[0] as PyRange;
    const v = unwrap(args[1]!);
    if (v instanceof Unknown) return unknownFrom(v, 'int');
    if (nativeContains(vm, r, v) !== true) raise('ValueError', `${vm.repr(v)} is not in range`);
    return (Number(v instanceof PyFloat ? v.value : v) - r.start) / r.step;
  },
  count: (vm, args) => (nativeContains(vm, args[0]!, args[1]!) === true ? 1 : 0),
  __reversed__: (_vm, args) => {
    const r = args[0] as PyRange;
    const items = function* (): Iterable<Value> {
      for (let i = r.length - 1; i >= 0; i--) yield r.start + i * r.step;
    };
    return overIterable(items(), 'range_iterator');
  },
};

export const sliceMethods: Record<string, NativeCall> = {
  indices: (vm, args) => {
    const length = requireIndex(vm, args[1]!);
    if (length instanceof Unknown) return unknownFrom(length);
    const r = sliceIndices(vm, args[0] as PySlice, length);
    return r instanceof Unknown ? unknownFrom(r) : new PyTuple([r.start, r.stop, r.step]);
  },
};
