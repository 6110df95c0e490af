/** Integer and float arithmetic exactly as CPython: floor division, signs, big integers, true division. */
import { raise } from '../errors.js';
import { PyFloat, type Value } from '../values.js';
import { accuratePower } from './power.js';

export type Int = number | bigint;

/** A JS number when it is a safe integer, else a bigint. */
export function normalise(x: bigint): Int {
  return x >= -9007199254740991n && x <= 9007199254740991n ? Number(x) : x;
}

export function isInt(v: Value): v is number | bigint | boolean {
  return typeof v === 'number' || typeof v === 'bigint' || typeof v === 'boolean';
}

/** bool to int; ints as they are. */
export function toInt(v: number | bigint | boolean): Int {
  return typeof v === 'boolean' ? (v ? 1 : 0) : v;
}

export function toFloat(v: Int): number {
  if (typeof v === 'number') return v;
  const x = Number(v);
  if (!Number.isFinite(x)) raise('OverflowError', 'int too large to convert to float');
  return x;
}

export function add(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const r = a + b;
    if (Number.isSafeInteger(r)) return r;
  }
  return normalise(BigInt(a) + BigInt(b));
}

export function subtract(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const r = a - b;
    if (Number.isSafeInteger(r)) return r;
  }
  return normalise(BigInt(a) - BigInt(b));
}

export function multiply(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const r = a * b;
    if (Number.isSafeInteger(r)) return r + 0;
  }
  return normalise(BigInt(a) * BigInt(b));
}

export function negate(a: Int): Int {
  return typeof a === 'number' ? 0 - a : normalise(-a);
}

export function modulo(a: Int, b: Int): Int {
  if (b === 0) raise('ZeroDivisionError', 'integer modulo by zero');
  if (typeof a === 'number' && typeof b === 'number') {
    const r = a % b;
    return r !== 0 && r < 0 !== b < 0 ? r + b : r + 0;
  }
  const x = BigInt(a);
  const y = BigInt(b);
  const r = x % y;
  return normalise(r !== 0n && r < 0n !== y < 0n ? r + y : r);
}

export function floorDivide(a: Int, b: Int): Int {
  if (b === 0) raise('ZeroDivisionError', 'integer division or modulo by zero');
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = modulo(a, b) as number;
    const exact = a - rest;
    if (Number.isSafeInteger(exact)) return exact / b + 0;
  }
  const x = BigInt(a);
  const y = BigInt(b);
  const q = x / y;
  return normalise(x % y !== 0n && x < 0n !== y < 0n ? q - 1n : q);
}

/** Number of bits of |x|. */
export function bitLength(x: Int): number {
  const b = BigInt(x);
  return b === 0n ? 0 : (b < 0n ? -b : b).toString(2).length;
}

/** The float nearest to a / b, correctly rounded for integers of any size. */
export function trueDivide(a: Int, b: Int): number {
  if (b === 0) raise('ZeroDivisionError', 'division by zero');
  if (typeof a === 'number' && typeof b === 'number') return a / b;
  let x = BigInt(a);
  let y = BigInt(b);
  const negative = x < 0n !== y < 0n;
  if (x < 0n) x = -x;
  if (y < 0n) y = -y;
  if (x === 0n) return 0;
  // scale so that the quotient has 64 significant bits, then a sticky bit decides ties
  const shift = bitLength(y) - bitLength(x) + 64;
  const scaled = shift >= 0 ? x << BigInt(shift) : x;
  const divisor = shift >= 0 ? y : y << BigInt(-shift);
  let q = scaled / divisor;
  if (scaled % divisor !== 0n) q |= 1n;
  const r = Number(q) * 2 ** -shift;
  if (!Number.isFinite(r)) raise('OverflowError', 'integer division result too large for a float');
  return negative ? -r : r;
}

/** a ** b for b >= 0. */
export function intPower(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    let result = 1;
    let base = a;
    let e = b;
    while (e > 0 && Number.isSafeInteger(result)) {
      if (e % 2 === 1) result *= base;
      e = Math.floor(e / 2);
      if (e > 0) {
        base *= base;
        if (!Number.isSafeInteger(base)) break;
      }
    }
    if (e === 0 && Number.isSafeInteger(result)) return result + 0;
  }
  if (BigInt(b) * BigInt(bitLength(a)) > 4_000_000n) raise('OverflowError', 'integer too large to compute');
  return normalise(BigInt(a) ** BigInt(b));
}

/** pow(a, b, m). */
export function modularPower(a: Int, b: Int, m: Int): Int {
  const modulus = BigInt(m);
  if (modulus === 0n) raise('ValueError', 'pow() 3rd argument cannot be 0');
  const size = modulus < 0n ? -modulus : modulus;
  let base = ((BigInt(a) % size) + size) % size;
  let e = BigInt(b);
  if (e < 0n) {
    base = modularInverse(base, size);
    e = -e;
  }
  let result = 1n;
  while (e > 0n) {
    if (e & 1n) result = (result * base) % size;
    base = (base * base) % size;
    e >>= 1n;
  }
  return modulo(normalise(result), m);
}

function modularInverse(a: bigint, m: bigint): bigint {
  let [r0, r1, s0, s1] = [a, m, 1n, 0n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1, s0, s1] = [r1, r0 - q * r1, s1, s0 - q * s1];
  }
  if (r0 !== 1n && r0 !== -1n) raise('ValueError', 'base is not invertible for the given modulus');
  return ((s0 % m) + m) % m;
}

const small = (x: Int): x is number => typeof x === 'number' && x >= -0x80000000 && x <= 0x7fffffff;

export function bitwise(op: '&' | '|' | '^', a: Int, b: Int): Int {
  if (small(a) && small(b)) return op === '&' ? a & b : op === '|' ? a | b : a ^ b;
  const x = BigInt(a);
  const y = BigInt(b);
  return normalise(op === '&' ? x & y : op === '|' ? x | y : x ^ y);
}

export function shift(op: '<<' | '>>', a: Int, b: Int): Int {
  if (b < 0) raise('ValueError', 'negative shift count');
  if (op === '<<') {
    if (b > 4_000_000 && a !== 0) raise('OverflowError', 'integer too large to compute');
    return normalise(BigInt(a) << BigInt(b));
  }
  if (b > 4_000_000) return a < 0 ? -1 : 0;
  return normalise(BigInt(a) >> BigInt(b));
}

export function floatFloorDivide(a: number, b: number): number {
  if (b === 0) raise('ZeroDivisionError', 'float floor division by zero');
  const rest = a % b;
  let quotient = (a - rest) / b;
  if (rest !== 0 && rest < 0 !== b < 0) quotient -= 1;
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

export function floatModulo(a: number, b: number): number {
  if (b === 0) raise('ZeroDivisionError', 'float modulo');
  const r = a % b;
  if (r === 0) return b < 0 ? -0 : 0;
  return r < 0 !== b < 0 ? r + b : r;
}

/** x ** y for floats; null when the result is complex. */
export function floatPower(x: number, y: number): number | null {
  if (x === 1 || y === 0) return 1;
  if (x === -1 && !Number.isFinite(y) && !Number.isNaN(y)) return 1;
  if (x === 0 && y < 0) raise('ZeroDivisionError', '0.0 cannot be raised to a negative power');
  if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y)) return null;
  const r = x < 0 ? (y % 2 === 0 ? 1 : -1) * accuratePower(-x, y) : accuratePower(x, y);
  if (!Number.isFinite(r) && Number.isFinite(x) && Number.isFinite(y))
    raise('OverflowError', "(34, 'Numerical result out of range')");
  return r;
}

/** Compares two real numbers: -1, 0, 1, or NaN when unordered. Exact for integers of any size against floats. */
export function compareReals(a: Int | PyFloat, b: Int | PyFloat): number {
  const x = a instanceof PyFloat ? a.value : a;
  const y = b instanceof PyFloat ? b.value : b;
  // JS compares bigint with number by exact mathematical value
  return x < y ? -1 : x > y ? 1 : x <= y ? 0 : Number.NaN;
}

/** Shortest round-trip repr of a float, with an exponent outside 1e-4 … 1e16. */
export function floatRepr(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  if (x === 0) return Object.is(x, -0) ? '-0.0' : '0.0';
  const [mantissa, exponentText] = Math.abs(x).toExponential().split('e') as [string, string];
  const sign = x < 0 ? '-' : '';
  const exponent = Number(exponentText);
  const digits = mantissa.replace('.', '');
  if (exponent < -4 || exponent >= 16) {
    const e = Math.abs(exponent).toString().padStart(2, '0');
    const m = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${m}e${exponent < 0 ? '-' : '+'}${e}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return `${sign}${digits.padEnd(exponent + 1, '0')}.0`;
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** |x| as an exact fraction n / 2^k. */
function fraction(x: number): [bigint, bigint] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const bits = view.getBigUint64(0);
  const raw = Number((bits >> 52n) & 0x7ffn);
  const mantissa = raw === 0 ? bits & 0xfffffffffffffn : (bits & 0xfffffffffffffn) | 0x10000000000000n;
  const exponent = (raw === 0 ? 1 : raw) - 1075;
  return exponent >= 0 ? [mantissa << BigInt(exponent), 1n] : [mantissa, 1n << BigInt(-exponent)];
}

/** The exact value of a finite float as numerator and positive denominator in lowest terms. */
export function asRatio(x: number): [bigint, bigint] {
  let [n, d] = fraction(x);
  while (d > 1n && (n & 1n) === 0n) {
    n >>= 1n;
    d >>= 1n;
  }
  return [x < 0 ? -n : n, d];
}

function divideHalfEven(n: bigint, d: bigint): bigint {
  const q = n / d;
  const twice = (n % d) * 2n;
  return twice > d || (twice === d && (q & 1n) === 1n) ? q + 1n : q;
}

/** |x| rounded half to even to `digits` decimals (negative: tens), as an integer count of 10^-digits. */
export function scaledDecimal(x: number, digits: number): bigint {
  const [n, d] = fraction(x);
  return digits >= 0 ? divideHalfEven(n * 10n ** BigInt(digits), d) : divideHalfEven(n, d * 10n ** BigInt(-digits));
}

/** `%.{digits}f` of |x|. */
export function fixedDigits(x: number, digits: number): string {
  const s = scaledDecimal(x, digits)
    .toString()
    .padStart(digits + 1, '0');
  return digits === 0 ? s : `${s.slice(0, -digits)}.${s.slice(-digits)}`;
}

/** Decimal digits (precision + 1 of them) and exponent of |x| in scientific notation. */
export function scientificDigits(x: number, precision: number): [string, number] {
  if (x === 0) return ['0'.repeat(precision + 1), 0];
  let exponent = Number(Math.abs(x).toExponential().split('e')[1]);
  let s = scaledDecimal(x, precision - exponent).toString();
  if (s.length > precision + 1) {
    exponent++;
    s = scaledDecimal(x, precision - exponent).toString();
  }
  return [s.padStart(precision + 1, '0'), exponent];
}

/** round(x, digits) half to even on the exact value. */
export function roundFloat(x: number, digits: number): number {
  if (!Number.isFinite(x) || x === 0 || digits > 323) return x;
  if (digits < -308) return x < 0 ? -0 : 0;
  const s = scaledDecimal(x, digits);
  const r = Number(`${s}e${-digits}`);
  return x < 0 ? -r : r;
}

/** The character of a code point; raises OverflowError outside Unicode, as `%c` does. */
export function character(code: Int): string {
  if (code < 0 || code > 0x10ffff) raise('OverflowError', '%c arg not in range(0x110000)');
  return String.fromCodePoint(Number(code));
}
