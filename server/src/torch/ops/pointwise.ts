/** Element-wise operators of one tensor, and of two. */
import { raise } from '../../python/errors.js';
import { dtypes } from '../dtype.js';
import type { OpCall } from '../opcall.js';
import { type Bound, type OperatorDeclaration, op } from '../operator.js';
import { isComplex, isFloating, isIntegral, scalarTypeName, toComplexDType, toRealDType } from '../promote.js';
import type { ScalarArg } from '../schema.js';
import type { TensorValue } from '../tensor.js';
import { clone, to } from './copy.js';
import {
  type BinaryRule,
  binary,
  binaryFamily,
  floatScalar,
  isTensor,
  nary,
  type Operand,
  scalar,
  type UnaryRule,
  unary,
  unaryFamily,
} from './elementwise.js';

/** Half to even, as torch.round. */
function roundEven(x: number): number {
  const f = Math.floor(x);
  const r = x - f;
  return r > 0.5 || (r === 0.5 && f % 2 !== 0) ? f + 1 : f;
}
const sigmoidOf = (x: number): number => 1 / (1 + Math.exp(-x));

/** Kernel, rule, names. `special.x` is torch.special.x. */
const unaries: readonly [string, UnaryRule, string][] = [
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

const tests: readonly [string, ((x: number) => number) | undefined, string][] = [
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
const binaries: readonly [string, BinaryRule, string, string][] = [
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
const tensorBinaries: readonly [string, BinaryRule, string][] = [
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
  return binary(c, name, { rule: 'promote', fn, saves: 'none' }, a, b, o);
}
export const add = (c: OpCall, a: Operand, b: Operand): TensorValue => addSub(c, 'add', a, b, null);
export const sub = (c: OpCall, a: Operand, b: Operand): TensorValue => addSub(c, 'sub', a, b, null);

function divMode(c: OpCall, a: Operand, b: Operand, mode: string | null, o: Sink = {}): TensorValue {
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
  if (common === dtypes.bool) raise('RuntimeError', '"pow" not implemented for \'Bool\'');
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

function clampOne(c: OpCall, t: TensorValue, name: 'clamp_min' | 'clamp_max', bound: Operand, o: Sink): TensorValue {
  if (isComplex(t.dtype)) raise('RuntimeError', `${name} is not supported for complex types`);
  const fn = name === 'clamp_min' ? Math.max : Math.min;
  return nary(c, name, [t, bound], { fn, saved: [t], ...(o.inplace ? { inplace: t } : {}), out: o.out ?? null });
}

const logicalNot: UnaryRule = { rule: 'bool', fn: (x) => Number(x === 0) };

const bitwiseNot = (c: OpCall, t: TensorValue, o: Sink = {}): TensorValue =>
  unary(
    c,
    'bitwise_not',
    { rule: 'intonly', fn: (x) => (t.dtype === dtypes.bool ? 1 - x : ~x), differentiable: false },
    t,
    o,
  );

function neg(c: OpCall, t: TensorValue, o: Sink = {}): TensorValue {
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
function isfinite(c: OpCall, t: TensorValue): TensorValue {
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

const inplaceBoth = (names: string, args: string): string[] => [
  `${names}(Tensor input, Tensor ${args})`,
  `${names}(Tensor input, Scalar ${args})`,
];

export const pointwiseOperators: OperatorDeclaration[] = [
  ...unaries.flatMap(([kernel, rule, names]) => unaryFamily(kernel, rule, names)),
  ...tests.flatMap(([kernel, fn, names]) =>
    unaryFamily(kernel, { rule: 'bool', complex: !/posinf|neginf|signbit/.test(kernel), ...(fn ? { fn } : {}) }, names),
  ),
  ...binaries.flatMap(([kernel, rule, names, dunder]) => binaryFamily(kernel, rule, names, dunder)),
  ...tensorBinaries.flatMap(([kernel, rule, names]) => {
    const all = names
      .split(' ')
      .flatMap((n) => (n.startsWith('special.') ? [`torch.${n}`] : [`torch.${n}`, `Tensor.${n}`]));
    const inplace = names.split(' ').filter((n) => !n.startsWith('special.') && !/^(max|min|fmax|fmin|logadd)/.test(n));
    return [
      op(
        (c, a) => binary(c, kernel, rule, a.input, a.other, { out: a.out }),
        `${all.join(', ')}(Tensor input, Tensor other, *, Tensor? out=None)`,
      ),
      ...(inplace.length === 0
        ? []
        : [
            op(
              (c, a) => binary(c, kernel, rule, a.input, a.other, { inplace: true }),
              `${inplace.map((n) => `Tensor.${n}_`).join(', ')}(Tensor input, Tensor other)`,
            ),
          ]),
    ];
  }),
  ...unaryFamily('neg', { rule: 'same' }, 'neg negative', neg),
  ...unaryFamily('logical_not', logicalNot, 'logical_not'),
  ...unaryFamily('bitwise_not', { rule: 'intonly' }, 'bitwise_not', bitwiseNot),
  ...unaryFamily('square', { rule: 'same' }, 'square', (c, t, o) => pow(c, t, scalar(2), o)),
  op((c, a) => neg(c, a.input), 'Tensor.__neg__(Tensor input)'),
  op((c, a) => unary(c, 'abs', unaryRules['abs']!, a.input), 'Tensor.__abs__(Tensor input)'),
  op((c, a) => bitwiseNot(c, a.input), 'Tensor.__invert__(Tensor input)'),
  op(
    (c, a) =>
      unary(
        c,
        'round',
        { rule: 'same', saves: 'none', complex: false, fn: (x) => roundEven(x * 10 ** a.decimals) / 10 ** a.decimals },
        a.input,
        { out: a.out },
      ),
    'torch.round, Tensor.round, torch.special.round(Tensor input, *, int decimals=0, Tensor? out=None)',
  ),
  op(
    (c, a) =>
      unary(
        c,
        'round',
        { rule: 'same', saves: 'none', complex: false, fn: (x) => roundEven(x * 10 ** a.decimals) / 10 ** a.decimals },
        a.input,
        { inplace: true },
      ),
    'Tensor.round_(Tensor input, *, int decimals=0)',
  ),
  op((c, a) => isfinite(c, a.input), 'torch.isfinite, Tensor.isfinite(Tensor input)'),
  op((c, a) => {
    const t: TensorValue = a.input;
    if (isComplex(t.dtype)) return binary(c, 'eq', rules['eq']!, c.view('imag', t, t.shape, t.strides), scalar(0));
    const out = c.like(t, dtypes.bool, t.values === null ? null : t.values.map(() => 1));
    c.emit('ones_like', [t], [out], { differentiable: false });
    return out;
  }, 'torch.isreal, Tensor.isreal(Tensor input)'),
  ...(['add', 'sub'] as const).flatMap((name) => {
    const names = name === 'add' ? 'torch.add, Tensor.add' : 'torch.sub, torch.subtract, Tensor.sub, Tensor.subtract';
    const inplace = name === 'add' ? 'Tensor.add_' : 'Tensor.sub_, Tensor.subtract_';
    const run = (c: OpCall, a: Bound) => addSub(c, name, a.input, a.other, a.alpha, { out: a.out });
    return [
      op(
        run,
        `${names}(Tensor input, Tensor other, *, Scalar? alpha=None, Tensor? out=None)`,
        `${names}(Tensor input, Scalar other, *, Scalar? alpha=None, Tensor? out=None)`,
        `torch.${name}(Scalar input, Tensor other, *, Scalar? alpha=None, Tensor? out=None)`,
      ),
      op(
        (c, a) => addSub(c, name, a.input, a.other, a.alpha, { inplace: true }),
        `${inplace}(Tensor input, Tensor other, *, Scalar? alpha=None)`,
        `${inplace}(Tensor input, Scalar other, *, Scalar? alpha=None)`,
      ),
      op((c, a) => addSub(c, name, a.input, a.other, null), ...inplaceBoth(`Tensor.__${name}__`, 'other')),
      op(
        (c, a) => addSub(c, name, a.input, a.other, null, { inplace: true }),
        ...inplaceBoth(`Tensor.__i${name}__`, 'other'),
      ),
    ];
  }),
  op((c, a) => addSub(c, 'add', a.input, a.other, null), ...inplaceBoth('Tensor.__radd__', 'other')),
  op((c, a) => mul(c, a.input, a.other), ...inplaceBoth('Tensor.__rmul__', 'other')),
  op(
    (c, a) => addSub(c, 'rsub', a.input, a.other, a.alpha),
    'torch.rsub, Tensor.__rsub__(Tensor input, Tensor other, *, Scalar? alpha=None)',
    'torch.rsub, Tensor.__rsub__(Tensor input, Scalar other, *, Scalar? alpha=None)',
  ),
  op(
    (c, a) => mul(c, unary(c, 'reciprocal', unaryRules['reciprocal']!, a.input), a.other),
    ...inplaceBoth('Tensor.__rtruediv__, Tensor.__rdiv__', 'other'),
  ),
  op(
    (c, a) => binary(c, 'floor_divide', rules['floor_divide']!, a.other, a.input),
    ...inplaceBoth('Tensor.__rfloordiv__', 'other'),
  ),
  op(
    (c, a) => binary(c, 'remainder', rules['remainder']!, a.other, a.input),
    ...inplaceBoth('Tensor.__rmod__', 'other'),
  ),
  op((c, a) => pow(c, a.other, a.input), ...inplaceBoth('Tensor.__rpow__', 'other')),
  ...(['and', 'or', 'xor'] as const).map((n) =>
    op(
      (c, a) => binary(c, `bitwise_${n}`, rules[`bitwise_${n}`]!, a.input, a.other),
      ...inplaceBoth(`Tensor.__r${n}__`, 'other'),
    ),
  ),
  op(
    (c, a) => divMode(c, a.input, a.other, a.rounding_mode, { out: a.out }),
    ...['Tensor', 'Scalar'].map(
      (k) =>
        `torch.div, torch.divide, torch.true_divide, Tensor.div, Tensor.divide, Tensor.true_divide(Tensor input, ${k} other, *, str? rounding_mode=None, Tensor? out=None)`,
    ),
    'torch.div, torch.divide, torch.true_divide(Scalar input, Tensor other, *, str? rounding_mode=None, Tensor? out=None)',
  ),
  op(
    (c, a) => divMode(c, a.input, a.other, a.rounding_mode, { inplace: true }),
    ...['Tensor', 'Scalar'].map(
      (k) => `Tensor.div_, Tensor.divide_, Tensor.true_divide_(Tensor input, ${k} other, *, str? rounding_mode=None)`,
    ),
  ),
  op(
    (c, a) => pow(c, a.input, a.exponent, { out: a.out }),
    ...['Tensor', 'Scalar'].map((k) => `torch.pow, Tensor.pow(Tensor input, ${k} exponent, *, Tensor? out=None)`),
    'torch.pow(Scalar input, Tensor exponent, *, Tensor? out=None)',
  ),
  op((c, a) => pow(c, a.input, a.exponent), ...inplaceBoth('Tensor.__pow__', 'exponent')),
  op(
    (c, a) => pow(c, a.input, a.exponent, { inplace: true }),
    ...inplaceBoth('Tensor.pow_, Tensor.__ipow__', 'exponent'),
  ),
  op(
    (c, a) => {
      const wide =
        isComplex(a.input.dtype) || (isTensor(a.exponent) && isComplex(a.exponent.dtype))
          ? dtypes.complex128
          : dtypes.float64;
      return pow(c, to(c, a.input, wide, null), isTensor(a.exponent) ? to(c, a.exponent, wide, null) : a.exponent);
    },
    ...inplaceBoth('torch.float_power, Tensor.float_power', 'exponent'),
  ),
  ...['Scalar', 'Tensor'].flatMap((k) => [
    op(
      (c, a) => clamp(c, a.input, a.min, a.max, { out: a.out }),
      `torch.clamp, torch.clip, Tensor.clamp, Tensor.clip(Tensor input, ${k}? min=None, ${k}? max=None, *, Tensor? out=None)`,
    ),
    op(
      (c, a) => clamp(c, a.input, a.min, a.max, { inplace: true }),
      `torch.clamp_, Tensor.clamp_, Tensor.clip_(Tensor input, ${k}? min=None, ${k}? max=None)`,
    ),
    op(
      (c, a) => clampOne(c, a.input, 'clamp_min', a.min, { out: a.out }),
      `torch.clamp_min, Tensor.clamp_min(Tensor input, ${k} min, *, Tensor? out=None)`,
    ),
    op(
      (c, a) => clampOne(c, a.input, 'clamp_max', a.max, { out: a.out }),
      `torch.clamp_max, Tensor.clamp_max(Tensor input, ${k} max, *, Tensor? out=None)`,
    ),
    op(
      (c, a) => clampOne(c, a.input, 'clamp_min', a.min, { inplace: true }),
      `torch.clamp_min_, Tensor.clamp_min_(Tensor input, ${k} min)`,
    ),
    op(
      (c, a) => clampOne(c, a.input, 'clamp_max', a.max, { inplace: true }),
      `torch.clamp_max_, Tensor.clamp_max_(Tensor input, ${k} max)`,
    ),
  ]),
  op(
    (c, a) => where(c, a.condition, a.input, a.other, a.out),
    ...['Tensor input, Tensor other', 'Tensor input, Scalar other', 'Scalar input, Tensor other'].map(
      (s) => `torch.where(Tensor condition, ${s}, *, Tensor? out=None)`,
    ),
  ),
  op((c, a) => where(c, a.condition, a.input, a.other), 'torch.where(Tensor condition, Scalar input, Scalar other)'),
  op(
    (c, a) => where(c, a.condition, a.input, a.other),
    'Tensor.where(Tensor input, Tensor condition, Tensor other)',
    'Tensor.where(Tensor input, Tensor condition, Scalar other)',
  ),
  ...(['addcmul', 'addcdiv'] as const).flatMap((name) => {
    const run = (inplace: boolean) => (c: OpCall, a: Bound) => {
      if (name === 'addcdiv' && isIntegral(a.tensor1.dtype) && isIntegral(a.tensor2.dtype)) {
        raise(
          'RuntimeError',
          'Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division of tensor1 and tensor2.',
        );
      }
      const fn = (x: number, p: number, q: number) =>
        name === 'addcmul' ? x + a.value.value * p * q : x + (a.value.value * p) / q;
      return nary(c, name, [a.input, a.tensor1, a.tensor2], {
        fn: fn as (...xs: number[]) => number,
        saved: [a.tensor1, a.tensor2],
        ...(inplace ? { inplace: a.input } : {}),
        out: a.out,
      });
    };
    return [
      op(
        run(false),
        `torch.${name}, Tensor.${name}(Tensor input, Tensor tensor1, Tensor tensor2, *, Scalar value=1, Tensor? out=None)`,
      ),
      op(run(true), `Tensor.${name}_(Tensor input, Tensor tensor1, Tensor tensor2, *, Scalar value=1)`),
    ];
  }),
  ...[false, true].map((inplace) =>
    op(
      (c, a) => {
        if (
          isTensor(a.weight)
            ? a.weight.dtype !== a.input.dtype || a.input.dtype !== a.end.dtype
            : a.input.dtype !== a.end.dtype
        )
          raise(
            'RuntimeError',
            `expected dtype ${scalarTypeName(a.input.dtype)} for \`end\` but got dtype ${scalarTypeName(a.end.dtype)}`,
          );
        if (isIntegral(a.input.dtype))
          raise('RuntimeError', `"lerp_kernel" not implemented for '${scalarTypeName(a.input.dtype)}'`);
        return nary(c, 'lerp', [a.input, a.end, a.weight], {
          dtype: a.input.dtype,
          fn: ((x: number, y: number, w: number) => x + w * (y - x)) as (...xs: number[]) => number,
          saved: isTensor(a.weight) ? [a.input, a.end, a.weight] : [],
          ...(inplace ? { inplace: a.input } : {}),
        });
      },
      ...['Scalar', 'Tensor'].map((k) =>
        inplace
          ? `Tensor.lerp_(Tensor input, Tensor end, ${k} weight)`
          : `torch.lerp, Tensor.lerp(Tensor input, Tensor end, ${k} weight)`,
      ),
    ),
  ),
  op((c, a) => {
    if (c.since(2, 10))
      return binary(c, 'ldexp', { rule: 'float', saves: 'both', fn: (x, y) => x * 2 ** y }, a.input, a.other);
    return mul(c, a.input, pow(c, scalar(2, 'float'), a.other));
  }, 'torch.ldexp, Tensor.ldexp(Tensor input, Tensor other)'),
  ...[false, true].map((inplace) =>
    op(
      (c, a) => unary(c, 'logit', { rule: 'float', saves: 'in', complex: false }, a.input, { inplace }),
      inplace
        ? 'Tensor.logit_(Tensor input, float? eps=None)'
        : 'torch.logit, torch.special.logit, Tensor.logit(Tensor input, float? eps=None)',
    ),
  ),
  ...[false, true].map((inplace) =>
    op(
      (c, a) => unary(c, 'nan_to_num', { rule: 'same', saves: 'in' }, a.input, { inplace }),
      `${inplace ? 'torch.nan_to_num_, Tensor.nan_to_num_' : 'torch.nan_to_num, Tensor.nan_to_num'}(Tensor input, float? nan=None, float? posinf=None, float? neginf=None)`,
    ),
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    const dtype = isIntegral(t.dtype) ? c.state.defaultDtype : toRealDType(t.dtype);
    const out = c.like(t, dtype);
    c.emit('angle', [t], [out], { saved: [t] });
    return out;
  }, 'torch.angle, Tensor.angle(Tensor input)'),
  op(
    (c, a) => {
      if (!isFloating(a.input.dtype))
        raise(
          'RuntimeError',
          `Expected both inputs to be Half, Float or Double tensors but got ${scalarTypeName(a.input.dtype)} and ${scalarTypeName(a.other.dtype)}`,
        );
      if (a.input.dtype !== a.other.dtype)
        raise(
          'RuntimeError',
          `Expected object of scalar type ${scalarTypeName(a.input.dtype)} but got scalar type ${scalarTypeName(a.other.dtype)} for second argument`,
        );
      return nary(c, c.name.endsWith('polar') ? 'polar' : 'complex', [a.input, a.other], {
        dtype: toComplexDType(a.input.dtype),
        saved: c.name.endsWith('polar') ? [a.input, a.other] : [],
      });
    },
    'torch.complex(Tensor real, Tensor imag)'.replace('real', 'input').replace('imag', 'other'),
    'torch.polar(Tensor input, Tensor other)',
  ),
  op(
    (c, a) =>
      nary(c, 'polygamma', [a.input], {
        dtype: isIntegral(a.input.dtype) ? c.state.defaultDtype : a.input.dtype,
        saved: [a.input],
      }),
    'torch.polygamma, torch.special.polygamma(int n, Tensor input)',
    'Tensor.polygamma(Tensor input, int n)',
  ),
  op(
    (c, a) =>
      nary(c, 'mvlgamma', [a.input], {
        saved: [a.input],
        dtype: isIntegral(a.input.dtype) ? c.state.defaultDtype : a.input.dtype,
      }),
    'torch.mvlgamma, torch.special.multigammaln, Tensor.mvlgamma(Tensor input, int p)',
  ),
  op((c, a) => clone(c, a.input), 'torch._cast_Float(Tensor input)'),
];
