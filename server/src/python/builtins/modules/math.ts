/** `math` and `cmath`. */
import { raise } from '../../errors.js';
import { type Interp, type NativeFunction, PyComplex, PyFloat, PyTuple, Unknown, type Value } from '../../values.js';
import { asIndex } from '../items.js';
import * as n from '../numbers.js';
import { binaryOp } from '../operators.js';
import { callSpecial, typeName } from '../special.js';
import { unwrap } from '../types.js';
import { floatOf, fn, intOf, type NativeModule, raw, real, unknownFrom } from './define.js';

const domain = (): never => raise('ValueError', 'math domain error');
const range = (): never => raise('OverflowError', 'math range error');

/** A function of one real; NaN from a number is a domain error, infinity from a finite one a range error. */
function unary(name: string, f: (x: number) => number, check = true): [string, NativeFunction] {
  return fn('math', name, 'x, /', (vm, v) => {
    const x = real(vm, v);
    if (x instanceof Unknown) return unknownFrom(x, 'float');
    const r = f(x);
    if (check && Number.isNaN(r) && !Number.isNaN(x)) domain();
    if (check && !Number.isFinite(r) && Number.isFinite(x))
      return name === 'exp' || name === 'expm1' || name === 'sinh' || name === 'cosh' || name === 'exp2'
        ? range()
        : domain();
    return floatOf(r);
  });
}

function binary(name: string, f: (x: number, y: number) => number): [string, NativeFunction] {
  return fn('math', name, 'x, y, /', (vm, a, b) => {
    const x = real(vm, a);
    const y = real(vm, b);
    if (x instanceof Unknown) return unknownFrom(x, 'float');
    if (y instanceof Unknown) return unknownFrom(y, 'float');
    return floatOf(f(x, y));
  });
}

function predicate(name: string, f: (x: number) => boolean): [string, NativeFunction] {
  return fn('math', name, 'x, /', (vm, v) => {
    const x = real(vm, v);
    return x instanceof Unknown ? unknownFrom(x, 'bool') : f(x);
  });
}

function integerPart(name: string, special: string, f: (x: number) => number): [string, NativeFunction] {
  return fn('math', name, 'x, /', (vm, v) => {
    const plain = unwrap(v!);
    if (plain instanceof Unknown) return unknownFrom(plain, 'int');
    if (n.isInt(plain)) return n.toInt(plain);
    if (!(plain instanceof PyFloat)) {
      const made = callSpecial(vm, v!, special);
      if (made !== undefined) return made;
    }
    const x = real(vm, v);
    return x instanceof Unknown ? unknownFrom(x, 'int') : intOf(f(x));
  });
}

function integers(vm: Interp, args: readonly Value[]): n.Int[] | Unknown {
  const out: n.Int[] = [];
  for (const a of args) {
    const i = asIndex(vm, a);
    if (i === undefined) raise('TypeError', `'${typeName(vm, a)}' object cannot be interpreted as an integer`);
    if (i instanceof Unknown) return i;
    out.push(i);
  }
  return out;
}

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

/** Logarithm that also takes integers too large for a float. */
function logarithm(vm: Interp, v: Value | undefined, f: (x: number) => number): number | Unknown {
  const plain = unwrap(v!);
  if (typeof plain === 'bigint' && plain > 0n) {
    const bits = n.bitLength(plain) - 60;
    if (bits > 0) return f(Number(plain >> BigInt(bits))) + bits * f(2);
  }
  const x = real(vm, v);
  if (x instanceof Unknown) return x;
  if (x <= 0) domain();
  return f(x);
}

function log(name: string, f: (x: number) => number): [string, NativeFunction] {
  return fn('math', name, 'x, /', (vm, v) => {
    const x = logarithm(vm, v, f);
    return x instanceof Unknown ? unknownFrom(x, 'float') : floatOf(x);
  });
}

/** log10 is exact at powers of ten where the host's is not. */
function log10(x: number): number {
  const r = Math.log10(x);
  const near = Math.round(r);
  return Math.abs(near) <= 22 && 10 ** near === x ? near : r;
}

function isqrt(x: bigint): bigint {
  if (x < 2n) return x;
  let r = BigInt(Math.floor(Math.sqrt(Number(x))));
  for (let next = (r + x / r) >> 1n; ; next = (r + x / r) >> 1n) {
    if (next === r || next === r + 1n || next === r - 1n) {
      r = next;
      break;
    }
    r = next;
  }
  while (r * r > x) r--;
  while ((r + 1n) * (r + 1n) <= x) r++;
  return r;
}

function factorial(x: n.Int): n.Int {
  if (x < 0) raise('ValueError', 'factorial() not defined for negative values');
  if (x > 5000) raise('OverflowError', 'factorial() argument is too large');
  let r = 1n;
  for (let i = 2n; i <= BigInt(x); i++) r *= i;
  return n.normalise(r);
}

/** Math.min has no bigints. */
function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

function choose(total: bigint, k: bigint): bigint {
  let r = 1n;
  for (let i = 0n; i < k; i++) r = (r * (total - i)) / (i + 1n);
  return r;
}

/** Lanczos approximation, g = 607/128. */
function lgamma(x: number): number {
  if (Number.isInteger(x) && x <= 0) return domain();
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x);
  const c = [
    0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
    3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 1.580887032249125e-4, -2.1026444172410488e-4,
    2.1743961811521265e-4, -1.643181065367639e-4, 8.441822398385275e-5, -2.6190838401581408e-5, 3.6899182659531625e-6,
  ];
  const y = x - 1;
  let s = c[0]!;
  for (let i = 1; i < c.length; i++) s += c[i]! / (y + i);
  const t = y + 607 / 128 + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(s);
}

function gamma(x: number): number {
  if (Number.isInteger(x)) {
    if (x <= 0) return domain();
    if (x <= 171) return Number(factorial(x - 1));
  }
  if (x > 171.7) return range();
  return x < 0.5 ? Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x)) : Math.exp(lgamma(x));
}

/** Series for small, continued fraction for large arguments. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 2.5) {
    let term = x;
    let sum = x;
    for (let i = 1; i < 200; i++) {
      term *= (-x * x) / i;
      const add = term / (2 * i + 1);
      sum += add;
      if (Math.abs(add) < 1e-17 * Math.abs(sum)) break;
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  return x < 0 ? erfcLarge(a) - 1 : 1 - erfcLarge(a);
}

function erfcLarge(a: number): number {
  if (a > 27) return 0;
  let f = 0;
  for (let i = 60; i >= 1; i--) f = i / 2 / (a + f);
  return Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + f));
}

/** Exactly rounded sum: partial sums kept without overlap. */
function fsum(values: readonly number[]): number {
  const partials: number[] = [];
  for (let x of values) {
    let i = 0;
    for (let y of partials) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const hi = x + y;
      const lo = y - (hi - x);
      if (lo !== 0) partials[i++] = lo;
      x = hi;
    }
    partials.length = i;
    partials.push(x);
  }
  return partials.reduceRight((a, b) => a + b, 0);
}

function reals(vm: Interp, v: Value): number[] | Unknown {
  if (v instanceof Unknown) return v;
  const out: number[] = [];
  for (const item of vm.iterate(v)) {
    const x = real(vm, item);
    if (x instanceof Unknown) return x;
    out.push(x);
  }
  return out;
}

function isclose(vm: Interp, a: Value, b: Value, rel: Value | undefined, abs: Value | undefined): Value {
  const values = [a, b, rel ?? floatOf(1e-9), abs ?? floatOf(0)].map((v) => real(vm, v));
  const unknown = values.find((v) => v instanceof Unknown);
  if (unknown instanceof Unknown) return unknownFrom(unknown, 'bool');
  const [x, y, r, t] = values as number[];
  if (x === y) return true;
  if (!Number.isFinite(x!) || !Number.isFinite(y!)) return false;
  const d = Math.abs(x! - y!);
  return d <= Math.abs(r! * y!) || d <= Math.abs(r! * x!) || d <= t!;
}

function frexp(x: number): [number, number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0];
  let e = Math.max(-1023, Math.floor(Math.log2(Math.abs(x))) + 1);
  let m = x * 2 ** -e;
  while (Math.abs(m) < 0.5) {
    m *= 2;
    e--;
  }
  while (Math.abs(m) >= 1) {
    m /= 2;
    e++;
  }
  return [m, e];
}

export const mathModule: NativeModule = {
  pi: floatOf(Math.PI),
  e: floatOf(Math.E),
  tau: floatOf(2 * Math.PI),
  inf: floatOf(Number.POSITIVE_INFINITY),
  nan: floatOf(Number.NaN),
  ...Object.fromEntries([
    unary('sqrt', Math.sqrt),
    unary('cbrt', Math.cbrt),
    unary('exp', Math.exp),
    unary('exp2', (x) => 2 ** x),
    unary('expm1', Math.expm1),
    unary('sin', Math.sin),
    unary('cos', Math.cos),
    unary('tan', Math.tan),
    unary('asin', Math.asin),
    unary('acos', Math.acos),
    unary('atan', Math.atan),
    unary('sinh', Math.sinh),
    unary('cosh', Math.cosh),
    unary('tanh', Math.tanh),
    unary('asinh', Math.asinh),
    unary('acosh', Math.acosh),
    unary('atanh', Math.atanh),
    unary('fabs', Math.abs),
    unary('degrees', (x) => x * (180 / Math.PI)),
    unary('radians', (x) => x * (Math.PI / 180)),
    unary('erf', erf),
    unary('erfc', (x) => (x > 2.5 ? erfcLarge(x) : 1 - erf(x))),
    unary('gamma', gamma),
    unary('lgamma', lgamma),
    log('log2', Math.log2),
    log('log10', log10),
    unary('log1p', Math.log1p),
    binary('atan2', Math.atan2),
    binary('copysign', (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x))),
    binary('fmod', (x, y) => (y === 0 || !Number.isFinite(x) ? domain() : x % y)),
    binary('remainder', (x, y) => {
      if (y === 0) domain();
      const q = x / y;
      const r = Math.round(q);
      return x - (Math.abs(q % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r) * y;
    }),
    binary('pow', (x, y) => {
      if (x === 0 && y < 0) domain();
      const r = n.floatPower(x, y);
      return r === null ? domain() : r;
    }),
    binary('nextafter', (x, y) => nextAfter(x, y)),
    predicate('isnan', Number.isNaN),
    predicate('isinf', (x) => !Number.isFinite(x) && !Number.isNaN(x)),
    predicate('isfinite', Number.isFinite),
    integerPart('floor', '__floor__', Math.floor),
    integerPart('ceil', '__ceil__', Math.ceil),
    integerPart('trunc', '__trunc__', Math.trunc),
    fn('math', 'log', 'x, base=, /', (vm, v, base) => {
      const x = logarithm(vm, v, Math.log);
      if (x instanceof Unknown) return unknownFrom(x, 'float');
      if (base === undefined) return floatOf(x);
      const b = logarithm(vm, base, Math.log);
      if (b instanceof Unknown) return unknownFrom(b, 'float');
      if (b === 0) raise('ZeroDivisionError', 'float division by zero');
      return floatOf(x / b);
    }),
    fn('math', 'fsum', 'seq, /', (vm, seq) => {
      const xs = reals(vm, seq!);
      return xs instanceof Unknown ? unknownFrom(xs, 'float') : floatOf(fsum(xs));
    }),
    fn('math', 'prod', 'iterable, /, *, start=', (vm, seq, start) => {
      if (seq instanceof Unknown) return unknownFrom(seq);
      let p: Value = start ?? 1;
      for (const v of vm.iterate(seq!)) p = binaryOp(vm, '*', p, v);
      return p;
    }),
    fn('math', 'isclose', 'a, b, *, rel_tol=, abs_tol=', (vm, a, b, rel, abs) => isclose(vm, a!, b!, rel, abs)),
    raw('math', 'hypot', (vm, args) => {
      const xs = args.map((a) => real(vm, a));
      const unknown = xs.find((x) => x instanceof Unknown);
      return unknown instanceof Unknown ? unknownFrom(unknown, 'float') : floatOf(Math.hypot(...(xs as number[])));
    }),
    fn('math', 'dist', 'p, q, /', (vm, p, q) => {
      const a = reals(vm, p!);
      const b = reals(vm, q!);
      if (a instanceof Unknown) return unknownFrom(a, 'float');
      if (b instanceof Unknown) return unknownFrom(b, 'float');
      return floatOf(Math.hypot(...a.map((x, i) => x - b[i]!)));
    }),
    raw('math', 'gcd', (vm, args) => {
      const xs = integers(vm, args);
      if (xs instanceof Unknown) return unknownFrom(xs, 'int');
      return n.normalise(xs.reduce((a: bigint, b) => gcd(a, BigInt(b)), 0n));
    }),
    raw('math', 'lcm', (vm, args) => {
      const xs = integers(vm, args);
      if (xs instanceof Unknown) return unknownFrom(xs, 'int');
      let r = 1n;
      for (const x of xs.map(BigInt)) {
        if (x === 0n) return 0;
        const y = (r / gcd(r, x)) * x;
        r = y < 0n ? -y : y;
      }
      return n.normalise(r);
    }),
    raw('math', 'isqrt', (vm, args) => {
      const xs = integers(vm, args);
      if (xs instanceof Unknown) return unknownFrom(xs, 'int');
      if (xs[0]! < 0) raise('ValueError', 'isqrt() argument must be nonnegative');
      return n.normalise(isqrt(BigInt(xs[0]!)));
    }),
    raw('math', 'factorial', (vm, args) => {
      if (args[0] instanceof PyFloat) raise('TypeError', "'float' object cannot be interpreted as an integer");
      const xs = integers(vm, args);
      return xs instanceof Unknown ? unknownFrom(xs, 'int') : factorial(xs[0]!);
    }),
    raw('math', 'comb', (vm, args) => {
      const xs = integers(vm, args);
      if (xs instanceof Unknown) return unknownFrom(xs, 'int');
      const [a, k] = xs.map(BigInt) as [bigint, bigint];
      if (a < 0n || k < 0n) raise('ValueError', 'n must be a non-negative integer');
      return k > a ? 0 : n.normalise(choose(a, smaller(k, a - k)));
    }),
    raw('math', 'perm', (vm, args) => {
      const xs = integers(vm, args);
      if (xs instanceof Unknown) return unknownFrom(xs, 'int');
      const total = BigInt(xs[0]!);
      const k = xs[1] === undefined ? total : BigInt(xs[1]);
      let r = k > total ? 0n : 1n;
      for (let i = 0n; i < k && r !== 0n; i++) r *= total - i;
      return n.normalise(r);
    }),
    fn('math', 'modf', 'x, /', (vm, v) => {
      const x = real(vm, v);
      if (x instanceof Unknown) return unknownFrom(x);
      const whole = Math.trunc(x);
      return new PyTuple([floatOf(Number.isFinite(x) ? x - whole : 0), floatOf(whole)]);
    }),
    fn('math', 'frexp', 'x, /', (vm, v) => {
      const x = real(vm, v);
      if (x instanceof Unknown) return unknownFrom(x);
      const [m, e] = frexp(x);
      return new PyTuple([floatOf(m), e]);
    }),
    fn('math', 'ldexp', 'x, i, /', (vm, v, i) => {
      const x = real(vm, v);
      const e = real(vm, i);
      if (x instanceof Unknown) return unknownFrom(x, 'float');
      if (e instanceof Unknown) return unknownFrom(e, 'float');
      return floatOf(x * 2 ** Math.trunc(e / 2) * 2 ** (e - Math.trunc(e / 2)));
    }),
    fn('math', 'ulp', 'x, /', (vm, v) => {
      const x = real(vm, v);
      return x instanceof Unknown
        ? unknownFrom(x, 'float')
        : floatOf(nextAfter(Math.abs(x), Number.POSITIVE_INFINITY) - Math.abs(x));
    }),
  ]),
};

function nextAfter(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y) || x === y) return x === y ? y : Number.NaN;
  if (x === 0) return y > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  view.setBigUint64(0, y > x === x > 0 ? bits + 1n : bits - 1n);
  return view.getFloat64(0);
}

function complexUnary(name: string, f: (z: PyComplex) => Value): [string, NativeFunction] {
  return fn('cmath', name, 'z, /', (vm, v) => {
    if (v instanceof PyComplex) return f(v);
    const x = real(vm, v);
    return x instanceof Unknown ? unknownFrom(x) : f(new PyComplex(x, 0));
  });
}

export const cmathModule: NativeModule = {
  pi: floatOf(Math.PI),
  e: floatOf(Math.E),
  inf: floatOf(Number.POSITIVE_INFINITY),
  nan: floatOf(Number.NaN),
  ...Object.fromEntries([
    complexUnary('phase', (z) => floatOf(Math.atan2(z.imag, z.real))),
    complexUnary(
      'polar',
      (z) => new PyTuple([floatOf(Math.hypot(z.real, z.imag)), floatOf(Math.atan2(z.imag, z.real))]),
    ),
    complexUnary('exp', (z) => new PyComplex(Math.exp(z.real) * Math.cos(z.imag), Math.exp(z.real) * Math.sin(z.imag))),
    complexUnary('log', (z) => new PyComplex(Math.log(Math.hypot(z.real, z.imag)), Math.atan2(z.imag, z.real))),
    complexUnary('sqrt', (z) => {
      const r = Math.hypot(z.real, z.imag);
      const a = Math.sqrt((r + Math.abs(z.real)) / 2);
      if (r === 0) return new PyComplex(0, 0);
      const b = Math.abs(z.imag) / (2 * a);
      const sign = z.imag < 0 ? -1 : 1;
      return z.real >= 0 ? new PyComplex(a, sign * b) : new PyComplex(b, sign * a);
    }),
    fn('cmath', 'rect', 'r, phi, /', (vm, r, phi) => {
      const a = real(vm, r);
      const b = real(vm, phi);
      if (a instanceof Unknown) return unknownFrom(a);
      if (b instanceof Unknown) return unknownFrom(b);
      return new PyComplex(a * Math.cos(b), a * Math.sin(b));
    }),
  ]),
};
