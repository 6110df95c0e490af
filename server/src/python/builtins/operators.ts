/** The operators of the language: fast paths for built-in values, dispatch to special methods for the rest. */
import type { BinaryOperator } from '../../syntax/ast.js';
import { raise } from '../errors.js';
import {
  heap,
  type Interp,
  NotImplemented,
  PyBytes,
  PyDict,
  PyList,
  PySet,
  PyTuple,
  Unknown,
  type Value,
} from '../values.js';
import { nativeBinary, nativeUnary, repeatItems, unknownBinary } from './arithmetic.js';
import { isOpen, setAdd } from './hash.js';
import { asIndex } from './items.js';
import { updateDict } from './methods/dict.js';
import { isInt, toInt } from './numbers.js';
import { percentFormat } from './percent.js';
import { callBound, callSpecial, lookupSpecial, typeName } from './special.js';
import { isPlain, unknownFrom, unwrap } from './types.js';

export { compareOp, contains, equalValues, richCompare, truth } from './compare.js';
export { callBound, callSpecial, lookupSpecial } from './special.js';

/** Special method, its reflection and its in-place form. */
export const binaryMethods: Record<BinaryOperator, readonly [string, string, string]> = {
  '+': ['__add__', '__radd__', '__iadd__'],
  '-': ['__sub__', '__rsub__', '__isub__'],
  '*': ['__mul__', '__rmul__', '__imul__'],
  '/': ['__truediv__', '__rtruediv__', '__itruediv__'],
  '//': ['__floordiv__', '__rfloordiv__', '__ifloordiv__'],
  '%': ['__mod__', '__rmod__', '__imod__'],
  '**': ['__pow__', '__rpow__', '__ipow__'],
  '@': ['__matmul__', '__rmatmul__', '__imatmul__'],
  '<<': ['__lshift__', '__rlshift__', '__ilshift__'],
  '>>': ['__rshift__', '__rrshift__', '__irshift__'],
  '&': ['__and__', '__rand__', '__iand__'],
  '|': ['__or__', '__ror__', '__ior__'],
  '^': ['__xor__', '__rxor__', '__ixor__'],
};

export function binaryOp(vm: Interp, op: BinaryOperator, a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const r = op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : Number.NaN;
    if (Number.isSafeInteger(r)) return r + 0;
  }
  const r = isPlain(a) && isPlain(b) ? nativeBinary(vm, op, a, b) : dispatch(vm, op, a, b);
  return r === undefined ? unsupported(vm, op, a, b) : r;
}

function unsupported(vm: Interp, op: string, a: Value, b: Value): never {
  const x = typeName(vm, a);
  const y = typeName(vm, b);
  if (op === '+' && typeof a === 'string') raise('TypeError', `can only concatenate str (not "${y}") to str`);
  if (op === '+' && a instanceof PyList) raise('TypeError', `can only concatenate list (not "${y}") to list`);
  if (op === '*') {
    // a sequence on either side complains about the other operand
    if (isSequence(a)) raise('TypeError', `can't multiply sequence by non-int of type '${y}'`);
    if (isSequence(b)) raise('TypeError', `can't multiply sequence by non-int of type '${x}'`);
  }
  if (op === '+' && a instanceof PyTuple) raise('TypeError', `can only concatenate tuple (not "${y}") to tuple`);
  const shown = op === '**' ? '** or pow()' : op;
  raise('TypeError', `unsupported operand type(s) for ${shown}: '${x}' and '${y}'`);
}

function dispatch(vm: Interp, op: BinaryOperator, a: Value, b: Value): Value | undefined {
  const aUnknown = a instanceof Unknown;
  const bUnknown = b instanceof Unknown;
  if (aUnknown && (bUnknown || isPlain(b))) return unknownBinary(op, a, b);
  if (bUnknown && isPlain(a)) {
    if (op === '%' && typeof a === 'string') return percentFormat(vm, a, b);
    return unknownBinary(op, a, b);
  }
  const [forward, reflected] = binaryMethods[op];
  let triedReflected = false;
  if (!aUnknown && !bUnknown) {
    const ca = vm.classOf(a);
    const cb = vm.classOf(b);
    if (ca !== cb && cb.isSubclassOf(ca) && cb.lookup(reflected) !== ca.lookup(reflected)) {
      triedReflected = true;
      const r = attempt(vm, b, reflected, a);
      if (r !== NotImplemented) return r;
    }
    if (ca === cb) triedReflected = true;
  }
  if (!aUnknown) {
    const r = isPlain(a) ? NotImplemented : attempt(vm, a, forward, b);
    if (r !== NotImplemented) return r;
  }
  if (!bUnknown && !triedReflected && !isPlain(b)) {
    const r = attempt(vm, b, reflected, a);
    if (r !== NotImplemented) return r;
  }
  if (aUnknown || bUnknown) return unknownBinary(op, a, b);
  // instances of subclasses of built-in types carry the built-in operators
  const r = nativeBinary(vm, op, unwrap(a), unwrap(b));
  if (r !== undefined || op !== '*') return r;
  // a sequence is repeated by anything that has __index__
  const times = isSequence(a) ? asIndex(vm, b) : isSequence(b) ? asIndex(vm, a) : undefined;
  if (times === undefined) return undefined;
  return nativeBinary(vm, op, isSequence(a) ? a : b, times);
}

function isSequence(v: Value): boolean {
  return typeof v === 'string' || v instanceof PyList || v instanceof PyTuple || v instanceof PyBytes;
}

function attempt(vm: Interp, self: Value, method: string, other: Value): Value {
  const func = lookupSpecial(vm, self, method);
  return func === undefined ? NotImplemented : callBound(vm, func, self, [other]);
}

/** `a op= b`: the value to store back. Lists, dicts and sets change in place. */
export function inPlaceOp(vm: Interp, op: BinaryOperator, a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') return binaryOp(vm, op, a, b);
  if (isPlain(a)) return nativeInPlace(vm, op, a, b) ?? binaryOp(vm, op, a, b);
  if (!(a instanceof Unknown)) {
    const func = lookupSpecial(vm, a, binaryMethods[op][2]);
    if (func !== undefined) {
      const r = callBound(vm, func, a, [b]);
      if (r !== NotImplemented) return r;
    }
  }
  return binaryOp(vm, op, a, b);
}

/** In-place operators of list, dict and set; undefined when there is none. */
export function nativeInPlace(vm: Interp, op: BinaryOperator, a: Value, b: Value): Value | undefined {
  if (a instanceof PyList) {
    if (op === '+') {
      if (b instanceof Unknown) return unknownFrom(b);
      const items = [...vm.iterate(b)];
      heap.touch(a);
      for (const v of items) a.items.push(v);
      return a;
    }
    const times = unwrap(b);
    if (op === '*' && isInt(times)) {
      heap.touch(a);
      a.items = repeatItems(vm, a.items, Math.max(0, Number(toInt(times))));
      return a;
    }
    return undefined;
  }
  if (a instanceof PyDict && op === '|') {
    updateDict(vm, a, b, null);
    return a;
  }
  if (a instanceof PySet && !a.frozen && b instanceof PySet) {
    if (isOpen(a) || isOpen(b)) return undefined;
    if (op === '|') {
      for (const v of b.items.values()) setAdd(vm, a, v);
      return a;
    }
    const r = nativeBinary(vm, op, a, b);
    if (!(r instanceof PySet)) return undefined;
    heap.touch(a);
    a.assign(r.items);
    return a;
  }
  return undefined;
}

const unaryMethods = { '-': '__neg__', '+': '__pos__', '~': '__invert__' } as const;

export function unaryOp(vm: Interp, op: '-' | '+' | '~' | 'not', v: Value): Value {
  if (op === 'not') {
    if (typeof v === 'boolean') return !v;
    return v instanceof Unknown ? unknownFrom(v, 'bool') : !vm.truthy(v);
  }
  if (v instanceof Unknown) return unknownFrom(v, v.kind === 'bool' ? 'int' : v.kind === 'str' ? 'any' : v.kind);
  let r = isPlain(v) ? nativeUnary(op, v) : callSpecial(vm, v, unaryMethods[op]);
  if (r === undefined) r = nativeUnary(op, unwrap(v));
  if (r === undefined) raise('TypeError', `bad operand type for unary ${op}: '${typeName(vm, v)}'`);
  return r;
}
