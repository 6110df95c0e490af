/** Binary and unary operators between built-in values; undefined stands for NotImplemented. */
import type { BinaryOperator } from '../../syntax/ast.js';
import { raise } from '../errors.js';
import { noteOffset } from '../offsets.js';
import {
  heap,
  type Interp,
  PyBytes,
  PyComplex,
  PyDict,
  PyFloat,
  PyList,
  PySet,
  PyTuple,
  Unknown,
  type Value,
} from '../values.js';
import { copyOpenness, hashKey, mergeInto, setFrom } from './hash.js';
import * as n from './numbers.js';
import { percentFormat } from './percent.js';
import { DictView, unknownFrom } from './types.js';

/** `a op b` for unwrapped built-in operands. */
export function nativeBinary(vm: Interp, op: BinaryOperator, a: Value, b: Value): Value | undefined {
  if (n.isInt(a)) {
    if (n.isInt(b)) return intBinary(op, a, b);
    if (b instanceof PyFloat) return floatBinary(op, n.toFloat(n.toInt(a)), b.value);
    if (b instanceof PyComplex) return complexBinary(op, toComplex(a)!, b);
    return op === '*' ? repeat(vm, b, n.toInt(a)) : undefined;
  }
  if (a instanceof PyFloat) {
    if (b instanceof PyFloat) return floatBinary(op, a.value, b.value);
    if (n.isInt(b)) return floatBinary(op, a.value, n.toFloat(n.toInt(b)));
    if (b instanceof PyComplex) return complexBinary(op, toComplex(a)!, b);
    return undefined;
  }
  if (typeof a === 'string') {
    if (op === '+') return typeof b === 'string' ? a + b : undefined;
    if (op === '%') return percentFormat(vm, a, b);
    return op === '*' && n.isInt(b) ? repeat(vm, a, n.toInt(b)) : undefined;
  }
  if (a instanceof PyList || a instanceof PyTuple || a instanceof PyBytes) {
    if (op === '*') return n.isInt(b) ? repeat(vm, a, n.toInt(b)) : undefined;
    if (op === '%' && a instanceof PyBytes) {
      const text = percentFormat(vm, a.value, b);
      return typeof text === 'string' ? new PyBytes(text) : text;
    }
    if (op !== '+') return undefined;
    if (a instanceof PyList && b instanceof PyList) return new PyList([...a.items, ...b.items]);
    if (a instanceof PyTuple && b instanceof PyTuple) return new PyTuple([...a.items, ...b.items]);
    if (a instanceof PyBytes && b instanceof PyBytes) return new PyBytes(a.value + b.value);
    return undefined;
  }
  if (a instanceof PyDict) return op === '|' && b instanceof PyDict ? mergeDicts(a, b) : undefined;
  if (a instanceof PySet || (a instanceof DictView && a.kind !== 'values')) return setBinary(vm, op, a, b);
  if (a instanceof PyComplex) {
    const other = b instanceof PyComplex ? b : toComplex(b);
    return other === null ? undefined : complexBinary(op, a, other);
  }
  return undefined;
}

function intBinary(op: BinaryOperator, x: number | bigint | boolean, y: number | bigint | boolean): Value | undefined {
  if (typeof x === 'boolean' && typeof y === 'boolean') {
    if (op === '&') return x && y;
    if (op === '|') return x || y;
    if (op === '^') return x !== y;
  }
  const a = n.toInt(x);
  const b = n.toInt(y);
  switch (op) {
    case '+':
      return n.add(a, b);
    case '-':
      return n.subtract(a, b);
    case '*':
      return n.multiply(a, b);
    case '/':
      return new PyFloat(n.trueDivide(a, b));
    case '//':
      return n.floorDivide(a, b);
    case '%':
      return n.modulo(a, b);
    case '**':
      if (b < 0) {
        if (a === 0) raise('ZeroDivisionError', '0.0 cannot be raised to a negative power');
        return floatBinary('**', n.toFloat(a), n.toFloat(b));
      }
      return n.intPower(a, b);
    case '<<':
    case '>>':
      return n.shift(op, a, b);
    case '&':
    case '|':
    case '^':
      return n.bitwise(op, a, b);
    default:
      return undefined;
  }
}

function floatBinary(op: BinaryOperator, a: number, b: number): Value | undefined {
  switch (op) {
    case '+':
      return new PyFloat(a + b);
    case '-':
      return new PyFloat(a - b);
    case '*':
      return new PyFloat(a * b);
    case '/':
      if (b === 0) raise('ZeroDivisionError', 'float division by zero');
      return new PyFloat(a / b);
    case '//':
      return new PyFloat(n.floatFloorDivide(a, b));
    case '%':
      return new PyFloat(n.floatModulo(a, b));
    case '**': {
      const r = n.floatPower(a, b);
      return r === null ? complexBinary('**', new PyComplex(a, 0), new PyComplex(b, 0)) : new PyFloat(r);
    }
    default:
      return undefined;
  }
}

function toComplex(v: Value): PyComplex | null {
  if (v instanceof PyFloat) return new PyComplex(v.value, 0);
  return n.isInt(v) ? new PyComplex(n.toFloat(n.toInt(v)), 0) : null;
}

function complexBinary(op: BinaryOperator, a: PyComplex, b: PyComplex): Value | undefined {
  switch (op) {
    case '+':
      return new PyComplex(a.real + b.real, a.imag + b.imag);
    case '-':
      return new PyComplex(a.real - b.real, a.imag - b.imag);
    case '*':
      return new PyComplex(a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real);
    case '/':
      return complexDivide(a, b);
    case '**':
      return complexPower(a, b);
    default:
      return undefined;
  }
}

/** Smith's method: scales by the larger part of the divisor. */
function complexDivide(a: PyComplex, b: PyComplex): PyComplex {
  if (b.real === 0 && b.imag === 0) raise('ZeroDivisionError', 'complex division by zero');
  if (Math.abs(b.real) >= Math.abs(b.imag)) {
    const r = b.imag / b.real;
    const d = b.real + b.imag * r;
    return new PyComplex((a.real + a.imag * r) / d, (a.imag - a.real * r) / d);
  }
  const r = b.real / b.imag;
  const d = b.real * r + b.imag;
  return new PyComplex((a.real * r + a.imag) / d, (a.imag * r - a.real) / d);
}

function complexPower(a: PyComplex, b: PyComplex): PyComplex {
  if (b.real === 0 && b.imag === 0) return new PyComplex(1, 0);
  if (a.real === 0 && a.imag === 0) {
    if (b.imag !== 0 || b.real < 0) raise('ZeroDivisionError', '0.0 to a negative or complex power');
    return new PyComplex(0, 0);
  }
  if (b.imag === 0 && Number.isInteger(b.real) && Math.abs(b.real) <= 100) {
    let result = new PyComplex(1, 0);
    let base = a;
    for (let e = Math.abs(b.real); e > 0; e = Math.floor(e / 2)) {
      if (e % 2 === 1) result = complexBinary('*', result, base) as PyComplex;
      base = complexBinary('*', base, base) as PyComplex;
    }
    return b.real < 0 ? complexDivide(new PyComplex(1, 0), result) : result;
  }
  const modulus = Math.hypot(a.real, a.imag);
  const angle = Math.atan2(a.imag, a.real);
  let length = modulus ** b.real;
  let phase = angle * b.real;
  if (b.imag !== 0) {
    length /= Math.exp(angle * b.imag);
    phase += b.imag * Math.log(modulus);
  }
  return new PyComplex(length * Math.cos(phase), length * Math.sin(phase));
}

/** Above this many elements a repetition is refused: it would only exhaust memory. */
const maxRepeated = 50_000_000;

function repeat(vm: Interp, v: Value, times: n.Int): Value | undefined {
  const count = times < 0 ? 0 : Number(times);
  if (typeof v === 'string') {
    checkRepetition(vm, v.length, count);
    return v.repeat(count);
  }
  if (v instanceof PyBytes) {
    checkRepetition(vm, v.value.length, count);
    return new PyBytes(v.value.repeat(count));
  }
  if (v instanceof PyList || v instanceof PyTuple) {
    const items = repeatItems(vm, v.items, count);
    return v instanceof PyList ? new PyList(items) : new PyTuple(items);
  }
  return undefined;
}

function checkRepetition(vm: Interp, length: number, count: number): void {
  if (length * count > maxRepeated) raise('MemoryError', 'repetition is too long');
  heap.weigh(length * count);
  vm.spend(Math.ceil((length * count) / 64));
}

export function repeatItems(vm: Interp, items: readonly Value[], count: number): Value[] {
  checkRepetition(vm, items.length, count);
  const result: Value[] = [];
  for (let i = 0; i < count; i++) for (const v of items) result.push(v);
  return result;
}

function mergeDicts(a: PyDict, b: PyDict): PyDict {
  const d = new PyDict();
  mergeInto(d, a);
  mergeInto(d, b);
  return d;
}

/** Elements of a set-like operand; null when it is not one. */
function operandOf(vm: Interp, v: Value): ReadonlyMap<unknown, Value> | null {
  if (v instanceof PySet) return v.items;
  if (!(v instanceof DictView)) return null;
  const map = new Map<unknown, Value>();
  for (const item of vm.iterate(v)) map.set(hashKey(vm, item), item);
  return map;
}

function setBinary(vm: Interp, op: BinaryOperator, a: PySet | DictView, b: Value): Value | undefined {
  if (op !== '|' && op !== '&' && op !== '-' && op !== '^') return undefined;
  const x = operandOf(vm, a)!;
  let y = operandOf(vm, b);
  if (y === null) {
    // views accept any iterable on the other side
    if (!(a instanceof DictView)) return undefined;
    y = setFrom(vm, vm.iterate(b)).items;
  }
  const result = new PySet(a instanceof PySet && a.frozen);
  if (op === '|') {
    for (const [k, v] of x) result.writable.set(k as never, v);
    for (const [k, v] of y) if (!x.has(k)) result.writable.set(k as never, v);
  } else {
    for (const [k, v] of x) if (y.has(k) === (op === '&')) result.writable.set(k as never, v);
    if (op === '^') for (const [k, v] of y) if (!x.has(k)) result.writable.set(k as never, v);
  }
  if (a instanceof PySet) copyOpenness(a, result);
  if (b instanceof PySet) copyOpenness(b, result);
  return result;
}

/** `-v`, `+v`, `~v` for an unwrapped built-in value. */
export function nativeUnary(op: '-' | '+' | '~', v: Value): Value | undefined {
  if (n.isInt(v)) {
    const x = n.toInt(v);
    if (op === '-') return n.negate(x);
    return op === '+' ? x : n.subtract(n.negate(x), 1);
  }
  if (op === '~') return undefined;
  if (v instanceof PyFloat) return op === '-' ? new PyFloat(-v.value) : v;
  if (v instanceof PyComplex) return op === '-' ? new PyComplex(-v.real, -v.imag) : v;
  return undefined;
}

type Kind = Unknown['kind'];

function kindOf(v: Value): Kind | 'other' {
  if (v instanceof Unknown) return v.kind;
  if (typeof v === 'boolean') return 'bool';
  if (n.isInt(v)) return 'int';
  if (v instanceof PyFloat) return 'float';
  return typeof v === 'string' ? 'str' : 'other';
}

/** The result of an operator with an unknown operand: unknown, with its kind when that is sure. */
export function unknownBinary(op: BinaryOperator, a: Value, b: Value): Unknown {
  const source = (a instanceof Unknown ? a : b) as Unknown;
  const result = unknownFrom(source, resultKind(op, kindOf(a), kindOf(b)));
  const other = source === a ? b : a;
  if (result !== source && typeof other === 'number' && (op === '+' || (op === '-' && source === a)))
    noteOffset(result, source, op === '+' ? other : -other);
  return result;
}

function resultKind(op: BinaryOperator, a: Kind | 'other', b: Kind | 'other'): Kind {
  if (a === 'tensor' || b === 'tensor') return 'tensor';
  if (a === 'any' || b === 'any' || a === 'other' || b === 'other') return 'any';
  if (a === 'str' || b === 'str') return op === '+' || op === '*' || op === '%' ? 'str' : 'any';
  if (a === 'float' || b === 'float') return op === '**' ? 'any' : 'float';
  if (op === '/') return 'float';
  if (op === '**') return 'any';
  if (a === 'bool' && b === 'bool' && (op === '&' || op === '|' || op === '^')) return 'bool';
  return 'int';
}
