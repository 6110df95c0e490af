/** Element-wise operators of one tensor, and of two. */
import { raise } from '../../python/errors.js';
import { noteOffset } from '../../python/offsets.js';
import { dtypes } from '../dtype.js';
import type { OpCall } from '../opcall.js';
import { isComplex, isIntegral, scalarTypeName } from '../promote.js';
import type { ScalarArg } from '../schema.js';
import type { TensorValue } from '../tensor.js';
import { to } from './copy.js';
import {
  type BinaryRule,
  binary,
  floatScalar,
  isTensor,
  nary,
  type Operand,
  type UnaryRule,
  unary,
} from './elementwise.js';

/** Half to even, as torch.round. */
export function roundEven(x: number): number {
  const f = Math.floor(x);
  const r = x - f;
  return r > 0.5 || (r === 0.5 && f % 2 !== 0) ? f + 1 : f;
}
const sigmoidOf = (x: number): number => 1 / (1 + Math.exp(-x));

/** Kernel, rule, names. `special.x` is torch.special.x. */
export const unaries: readonly [string, UnaryRule, string][] = [
  ['abs', { rule: 'real', saves: 'in', fn: Math.abs }, 'abs absolute'],
  ['acos', { rule: 'float', saves: 'in', fn: Math.acos }, 'acos arccos'],
  ['acosh', { rule: 'float', saves: 'in', fn: Math.acosh }, 'acosh arccosh'],
  ['asin', { rule: 'float', saves: 'in', fn: Math.asin }, 'asin arcsin'],
  ['asinh', { rule: 'float', saves: 'in', fn: Math.asinh }, 'asinh arcsinh'],
  ['atan', { rule: 'float', saves: 'in', fn: Math.atan }, 'atan arctan'],
  ['atanh', { rule: 'float', saves: 'in', fn: Math.atanh }, 'atanh arctanh'],
  ['ceil', { rule: 'same', saves: 'none', fn: Math.ceil, complex: false }, 'ceil'],
  ['cos', { rule: 'float', saves: 'in', fn: Math.cos }, 'cos'],
  ['cosh', { rule: 'float', saves: 'in', fn: Math.cosh }, 'cosh'],
  ['digamma', { rule: 'float', saves: 'in', complex: false }, 'digamma special.digamma special.psi'],
  ['erf', { rule: 'float', saves: 'in', complex: false }, 'erf special.erf'],
  ['erfc', { rule: 'float', saves: 'in', complex: false }, 'erfc special.erfc'],
  ['erfinv', { rule: 'float', saves: 'out', complex: false }, 'erfinv special.erfinv'],
  ['exp', { rule: 'float', saves: 'out', fn: Math.exp }, 'exp'],
  ['exp2', { rule: 'float', saves: 'out', fn: (x) => 2 ** x }, 'exp2 special.exp2'],
  ['expm1', { rule: 'float', saves: 'out', fn: Math.expm1 }, 'expm1 special.expm1'],
  ['floor', { rule: 'same', saves: 'none', fn: Math.floor, complex: false }, 'floor'],
  ['frac', { rule: 'floatonly', saves: 'none', fn: (x) => x - Math.trunc(x), complex: false }, 'frac'],
  ['i0', { rule: 'float', saves: 'in', complex: false }, 'i0 special.i0'],
  ['lgamma', { rule: 'float', saves: 'in', complex: false }, 'lgamma special.gammaln'],
  ['log', { rule: 'float', saves: 'in', fn: Math.log }, 'log'],
  ['log10', { rule: 'float', saves: 'in', fn: Math.log10 }, 'log10'],
  ['log1p', { rule: 'float', saves: 'in', fn: Math.log1p }, 'log1p special.log1p'],
  ['log2', { rule: 'float', saves: 'in', fn: Math.log2 }, 'log2'],
  ['reciprocal', { rule: 'float', saves: 'out', fn: (x) => 1 / x }, 'reciprocal'],
  ['rsqrt', { rule: 'float', saves: 'out', fn: (x) => 1 / Math.sqrt(x) }, 'rsqrt'],
  ['sigmoid', { rule: 'float', saves: 'out', fn: sigmoidOf }, 'sigmoid special.expit'],
  ['sign', { rule: 'same', saves: 'none', fn: Math.sign, complex: false }, 'sign'],
  ['sgn', { rule: 'same', saves: 'none', fn: Math.sign }, 'sgn'],
  ['sin', { rule: 'float', saves: 'in', fn: Math.sin }, 'sin'],
  ['sinc', { rule: 'float', saves: 'in' }, 'sinc special.sinc'],
  ['sinh', { rule: 'float', saves: 'in', fn: Math.sinh }, 'sinh'],
  ['sqrt', { rule: 'float', saves: 'out', fn: Math.sqrt }, 'sqrt'],
  ['tan', { rule: 'float', saves: 'out', fn: Math.tan }, 'tan'],
  ['tanh', { rule: 'float', saves: 'out', fn: Math.tanh }, 'tanh'],
  ['trunc', { rule: 'same', saves: 'none', fn: Math.trunc, complex: false }, 'trunc fix'],
  ['deg2rad', { rule: 'float', saves: 'none', fn: (x) => (x * Math.PI) / 180, complex: false }, 'deg2rad'],
  ['rad2deg', { rule: 'float', saves: 'none', fn: (x) => (x * 180) / Math.PI, complex: false }, 'rad2deg'],
  ['special_entr', { rule: 'float', saves: 'in', complex: false }, 'special.entr'],
  ['special_erfcx', { rule: 'float', saves: 'in', complex: false }, 'special.erfcx'],
  ['special_i0e', { rule: 'float', saves: 'out', complex: false }, 'special.i0e'],
  ['special_i1', { rule: 'float', saves: 'in', complex: false }, 'special.i1'],
  ['special_i1e', { rule: 'float', saves: 'in', complex: false }, 'special.i1e'],
  ['special_ndtri', { rule: 'float', saves: 'in', complex: false }, 'special.ndtri'],
  ['special_log_ndtr', { rule: 'float', saves: 'in', complex: false }, 'special.log_ndtr'],
  ['special_bessel_j0', { rule: 'float', complex: false, differentiable: false }, 'special.bessel_j0'],
  ['special_bessel_j1', { rule: 'float', complex: false, differentiable: false }, 'special.bessel_j1'],
];

export const tests: readonly [string, ((x: number) => number) | undefined, string][] = [
  ['isnan', (x) => Number(Number.isNaN(x)), 'isnan'],
  ['isinf', (x) => Number(Math.abs(x) === Number.POSITIVE_INFINITY), 'isinf'],
  ['isposinf', (x) => Number(x === Number.POSITIVE_INFINITY), 'isposinf'],
  ['isneginf', (x) => Number(x === Number.NEGATIVE_INFINITY), 'isneginf'],
  ['signbit', (x) => Number(x < 0 || Object.is(x, -0)), 'signbit'],
];

const bit =
  (fn: (a: bigint, b: bigint) => bigint) =>
  (a: number, b: number): number =>
    Number(fn(BigInt(a), BigInt(b)));
const truth =
  (fn: (a: boolean, b: boolean) => boolean) =>
  (a: number, b: number): number =>
    Number(fn(a !== 0, b !== 0));
const pyMod = (a: number, b: number): number =>
  Number.isFinite(b) ? a - b * Math.floor(a / b) : a >= 0 === b >= 0 ? a : b;

/** Kernel, rule, names, dunder. */
export const binaries: readonly [string, BinaryRule, string, string][] = [
  [
    'mul',
    { rule: 'promote', saves: 'other', fn: (a, b, d) => (d.kind === 'bool' ? a & b : a * b) },
    'mul multiply',
    'mul',
  ],
  ['div', { rule: 'float', saves: 'both', fn: (a, b) => a / b }, '', 'truediv'],
  [
    'floor_divide',
    { rule: 'promote', nobool: true, complex: false, saves: 'none', fn: (a, b) => Math.floor(a / b) },
    'floor_divide',
    'floordiv',
  ],
  ['remainder', { rule: 'promote', nobool: true, complex: false, saves: 'none', fn: pyMod }, 'remainder', 'mod'],
  ['fmod', { rule: 'promote', nobool: true, complex: false, saves: 'none', fn: (a, b) => a % b }, 'fmod', ''],
  ['atan2', { rule: 'float', complex: false, saves: 'both', fn: Math.atan2 }, 'atan2 arctan2', ''],
  ['hypot', { rule: 'floatonly', complex: false, saves: 'both', fn: (a, b) => Math.hypot(a, b) }, 'hypot', ''],
  ['copysign', { rule: 'float', complex: false, saves: 'both' }, 'copysign', ''],
  ['nextafter', { rule: 'floatonly', complex: false }, 'nextafter', ''],
  ['xlogy', { rule: 'float', complex: false, saves: 'both' }, 'xlogy special.xlogy', ''],
  ['special_xlog1py', { rule: 'float', complex: false, saves: 'both' }, 'special.xlog1py', ''],
  ['special_zeta', { rule: 'float', complex: false }, 'special.zeta', ''],
  ['eq', { rule: 'bool', fn: (a, b) => Number(a === b) }, 'eq', 'eq'],
  ['ne', { rule: 'bool', fn: (a, b) => Number(a !== b) }, 'ne not_equal', 'ne'],
  ['lt', { rule: 'bool', complex: false, fn: (a, b) => Number(a < b) }, 'lt less', 'lt'],
  ['le', { rule: 'bool', complex: false, fn: (a, b) => Number(a <= b) }, 'le less_equal', 'le'],
  ['gt', { rule: 'bool', complex: false, fn: (a, b) => Number(a > b) }, 'gt greater', 'gt'],
  ['ge', { rule: 'bool', complex: false, fn: (a, b) => Number(a >= b) }, 'ge greater_equal', 'ge'],
  ['bitwise_and', { rule: 'bitwise', fn: bit((a, b) => a & b) }, 'bitwise_and', 'and'],
  ['bitwise_or', { rule: 'bitwise', fn: bit((a, b) => a | b) }, 'bitwise_or', 'or'],
  ['bitwise_xor', { rule: 'bitwise', fn: bit((a, b) => a ^ b) }, 'bitwise_xor', 'xor'],
  ['bitwise_left_shift', { rule: 'bitwise', nobool: true, fn: (a, b) => a * 2 ** b }, 'bitwise_left_shift', ''],
  [
    'bitwise_right_shift',
    { rule: 'bitwise', nobool: true, fn: (a, b) => Math.floor(a / 2 ** b) },
    'bitwise_right_shift',
    '',
  ],
  ['__lshift__', { rule: 'promote', nobool: true, fn: (a, b) => a * 2 ** b, complex: false }, '', 'lshift'],
  ['__rshift__', { rule: 'promote', nobool: true, fn: (a, b) => Math.floor(a / 2 ** b), complex: false }, '', 'rshift'],
];

/** Only tensors on the right. */
export const tensorBinaries: readonly [string, BinaryRule, string][] = [
  ['maximum', { rule: 'promote', complex: false, saves: 'both', fn: (a, b) => Math.max(a, b) }, 'maximum'],
  ['minimum', { rule: 'promote', complex: false, saves: 'both', fn: (a, b) => Math.min(a, b) }, 'minimum'],
  ['fmax', { rule: 'promote', complex: false, saves: 'both', fn: (a, b) => Math.max(a, b) }, 'fmax'],
  ['fmin', { rule: 'promote', complex: false, saves: 'both', fn: (a, b) => Math.min(a, b) }, 'fmin'],
  ['logaddexp', { rule: 'floatonly', saves: 'both' }, 'logaddexp'],
  ['logaddexp2', { rule: 'floatonly', complex: false, saves: 'both' }, 'logaddexp2'],
  ['gcd', { rule: 'bitwise', nobool: true }, 'gcd'],
  ['lcm', { rule: 'bitwise', nobool: true }, 'lcm'],
  ['igamma', { rule: 'floatonly', complex: false, saves: 'both' }, 'igamma special.gammainc'],
  ['igammac', { rule: 'floatonly', complex: false, saves: 'both' }, 'igammac special.gammaincc'],
  ['logical_and', { rule: 'bool', fn: truth((a, b) => a && b) }, 'logical_and'],
  ['logical_or', { rule: 'bool', fn: truth((a, b) => a || b) }, 'logical_or'],
  ['logical_xor', { rule: 'bool', fn: truth((a, b) => a !== b) }, 'logical_xor'],
  ['heaviside', { rule: 'promote', complex: false }, 'heaviside'],
];

export const rules: Readonly<Record<string, BinaryRule>> = Object.fromEntries(
  [...binaries, ...tensorBinaries].map((row) => [row[0], row[1]]),
);
export const unaryRules: Readonly<Record<string, UnaryRule>> = Object.fromEntries(
  unaries.map((row) => [row[0], row[1]]),
);

export const unaryOp = (c: OpCall, name: string, t: TensorValue): TensorValue => unary(c, name, unaryRules[name]!, t);
export const mul = (c: OpCall, a: Operand, b: Operand): TensorValue => binary(c, 'mul', rules['mul']!, a, b);
export const div = (c: OpCall, a: Operand, b: Operand): TensorValue => binary(c, 'div', rules['div']!, a, b);

interface Sink {
  inplace?: boolean;
  out?: TensorValue | null;
}

/** add and sub with their `alpha`. */
export function addSub(
  c: OpCall,
  name: 'add' | 'sub' | 'rsub',
  a: Operand,
  b: Operand,
  alpha: ScalarArg | null,
  o: Sink = {},
): TensorValue {
  const isBool = (x: Operand): boolean => (isTensor(x) ? x.dtype === dtypes.bool : x.kind === 'bool');
  if (name !== 'add') {
    if (isBool(a) && isBool(b))
      raise(
        'RuntimeError',
        'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.',
      );
    if (isBool(a) || isBool(b))
      raise(
        'RuntimeError',
        'Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.',
      );
  }
  const k = alpha?.value ?? 1;
  if (alpha !== null && alpha.kind === 'float' && isIntegral(c.resultType(a, b)))
    raise('RuntimeError', 'For integral input tensors, argument alpha must not be a floating point number.');
  const fn = name === 'add' ? (x: number, y: number) => x + k * y : (x: number, y: number) => x - k * y;
  // rsub is sub with its operands exchanged
  if (name === 'rsub') return binary(c, name, { rule: 'promote', fn, saves: 'none' }, b, a, o);
  const out = binary(c, name, { rule: 'promote', fn, saves: 'none' }, a, b, o);
  // a place in data, drawn at random: what lies a known distance behind it is known
  if (isTensor(a) && a.numel === 1 && a.values === null && !isTensor(b) && out !== a && typeof b.value === 'number')
    noteOffset(out, a, name === 'add' ? k * b.value : -k * b.value);
  return out;
}
export const add = (c: OpCall, a: Operand, b: Operand): TensorValue => addSub(c, 'add', a, b, null);
export const sub = (c: OpCall, a: Operand, b: Operand): TensorValue => addSub(c, 'sub', a, b, null);

export function divMode(c: OpCall, a: Operand, b: Operand, mode: string | null, o: Sink = {}): TensorValue {
  if (mode === null) return binary(c, 'div', rules['div']!, a, b, o);
  if (mode !== 'trunc' && mode !== 'floor')
    raise('RuntimeError', `div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '${mode}'`);
  const round = mode === 'trunc' ? Math.trunc : Math.floor;
  return binary(
    c,
    'div',
    { rule: 'promote', complex: false, nobool: true, saves: 'none', fn: (x, y) => round(x / y) },
    a,
    b,
    o,
  );
}

export function pow(c: OpCall, a: Operand, b: Operand, o: Sink = {}): TensorValue {
  if (!isTensor(b) && isTensor(a) && isIntegral(c.resultType(a, b)) && b.value < 0) {
    raise('RuntimeError', 'Integers to negative integer powers are not allowed.');
  }
  const common = c.resultType(a, b);
  // exponents 0 and 1 fill and copy
  const isTrivial = !isTensor(b) && (b.value === 0 || b.value === 1);
  if (common === dtypes.bool && !isTrivial) raise('RuntimeError', '"pow" not implemented for \'Bool\'');
  return binary(c, 'pow', { rule: 'promote', saves: 'both', fn: (x, y) => x ** y }, a, b, o);
}

export function clamp(
  c: OpCall,
  t: TensorValue,
  min: Operand | null,
  max: Operand | null,
  o: Sink & { inplace?: boolean } = {},
): TensorValue {
  if (min === null && max === null)
    raise('RuntimeError', "torch.clamp: At least one of 'min' or 'max' must not be None");
  if (isComplex(t.dtype)) raise('RuntimeError', 'clamp is not supported for complex types');
  const bounds = [min, max].filter((x): x is Operand => x !== null);
  const dtype = c.resultType(t, ...bounds);
  const name = !bounds.some(isTensor) ? 'clamp' : 'clamp';
  const fn = (x: number, ...rest: number[]): number => {
    let v = x;
    let i = 0;
    if (min !== null) v = Math.max(v, rest[i++]!);
    if (max !== null) v = Math.min(v, rest[i++]!);
    return v;
  };
  return nary(c, name, [t, ...bounds], {
    dtype,
    fn,
    saved: [t],
    ...(o.inplace ? { inplace: t } : {}),
    out: o.out ?? null,
  });
}

export function clampOne(
  c: OpCall,
  t: TensorValue,
  name: 'clamp_min' | 'clamp_max',
  bound: Operand,
  o: Sink,
): TensorValue {
  if (isComplex(t.dtype)) raise('RuntimeError', `${name} is not supported for complex types`);
  const fn = name === 'clamp_min' ? Math.max : Math.min;
  return nary(c, name, [t, bound], { fn, saved: [t], ...(o.inplace ? { inplace: t } : {}), out: o.out ?? null });
}

export const logicalNot: UnaryRule = { rule: 'bool', fn: (x) => Number(x === 0) };

export const bitwiseNot = (c: OpCall, t: TensorValue, o: Sink = {}): TensorValue =>
  unary(
    c,
    'bitwise_not',
    { rule: 'intonly', fn: (x) => (t.dtype === dtypes.bool ? 1 - x : ~x), differentiable: false },
    t,
    o,
  );

export function neg(c: OpCall, t: TensorValue, o: Sink = {}): TensorValue {
  if (t.dtype === dtypes.bool)
    raise(
      'RuntimeError',
      'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.',
    );
  return unary(c, 'neg', { rule: 'same', saves: 'none', fn: (x) => -x }, t, o);
}

export function where(
  c: OpCall,
  cond: TensorValue,
  a: Operand,
  b: Operand,
  out: TensorValue | null = null,
): TensorValue {
  if (cond.dtype !== dtypes.bool && cond.dtype !== dtypes.uint8)
    raise(
      'RuntimeError',
      `where expected condition to be a boolean tensor, but got a tensor with dtype ${scalarTypeName(cond.dtype)}`,
    );
  {
    const dtype = c.resultType(a, b);
    if (isTensor(a) && a.dtype !== dtype) a = to(c, a, dtype, null);
    if (isTensor(b) && b.dtype !== dtype) b = to(c, b, dtype, null);
  }
  const dtype = c.resultType(a, b);
  // numbers become 0-dim tensors first: they are read as such
  const operands = [a, b].map((x) => {
    if (isTensor(x)) return x;
    const made = c.make([], dtype, 'cpu', [x.value]);
    c.emit('scalar_tensor', [], [made], { differentiable: false });
    return made;
  });
  return nary(c, 'where', [cond, ...operands], { dtype, fn: (k, x, y) => (k !== 0 ? x! : y!), saved: [cond], out });
}

/** `(self == self) * (self.abs() != inf)`, as ATen composes it. */
export function isfinite(c: OpCall, t: TensorValue): TensorValue {
  if (isIntegral(t.dtype)) {
    const out = c.like(t, dtypes.bool, t.values === null ? null : t.values.map(() => 1));
    c.emit('ones_like', [t], [out], { differentiable: false });
    return out;
  }
  const self = binary(c, 'eq', rules['eq']!, t, t);
  const bounded = binary(
    c,
    'ne',
    rules['ne']!,
    unary(c, 'abs', { rule: 'real', saves: 'none', fn: Math.abs }, t),
    floatScalar(Number.POSITIVE_INFINITY),
  );
  return mul(c, self, bounded);
}

export const inplaceBoth = (names: string, args: string): string[] => [
  `${names}(Tensor input, Tensor ${args})`,
  `${names}(Tensor input, Scalar ${args})`,
];
