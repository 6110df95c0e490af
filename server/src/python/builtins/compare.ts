/** Comparison: `==` … `>=`, `is`, `in`, with CPython's dispatch to special methods. */
import type { CompareOperator } from '../../syntax/ast.js';
import { raise } from '../errors.js';
import {
  type Interp,
  NativeFunction,
  NotImplemented,
  PyBytes,
  PyComplex,
  PyDict,
  PyFloat,
  PyList,
  PyRange,
  PySet,
  PySlice,
  PyTuple,
  Unknown,
  type Value,
} from '../values.js';
import { dictGet, dictHas, setHas } from './hash.js';
import { compareReals, isInt, toInt } from './numbers.js';
import { callBound, lookupSpecial, typeName } from './special.js';
import { DictView, isPlain, MappingProxy, unknownFrom, unwrap } from './types.js';

export type RichOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export const richMethods: Record<RichOperator, string> = {
  '==': '__eq__',
  '!=': '__ne__',
  '<': '__lt__',
  '<=': '__le__',
  '>': '__gt__',
  '>=': '__ge__',
};
const mirrored: Record<RichOperator, RichOperator> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** Any comparison of the language. */
export function compareOp(vm: Interp, op: CompareOperator, a: Value, b: Value): Value {
  switch (op) {
    case 'is':
      return isSame(a, b);
    case 'is not':
      return invert(isSame(a, b));
    case 'in':
      return contains(vm, b, a);
    case 'not in':
      return invert(contains(vm, b, a));
    default:
      return richCompare(vm, op, a, b);
  }
}

function invert(v: boolean | Unknown): boolean | Unknown {
  return typeof v === 'boolean' ? !v : v;
}

function isSame(a: Value, b: Value): boolean | Unknown {
  if (a === b) return true;
  if (a instanceof Unknown) return sameUnknown(a, b);
  if (b instanceof Unknown) return sameUnknown(b, a);
  return false;
}

/** An unknown of a known kind is surely not None, and not a value of another kind. */
function sameUnknown(u: Unknown, other: Value): boolean | Unknown {
  if (u.kind !== 'any') {
    if (other === null) return false;
    if (typeof other === 'boolean' && u.kind !== 'bool') return false;
    if (typeof other === 'string' && u.kind !== 'str') return false;
  }
  return unknownFrom(u, 'bool');
}

/** The truth of a value where an unknown stays unknown. */
export function truth(vm: Interp, v: Value): boolean | Unknown {
  if (typeof v === 'boolean') return v;
  return v instanceof Unknown ? v : vm.truthy(v);
}

/** `a == b` as containers compare: identical objects are equal. */
export function equalValues(vm: Interp, a: Value, b: Value): boolean | Unknown {
  if (a === b) return true;
  return truth(vm, richCompare(vm, '==', a, b));
}

export function richCompare(vm: Interp, op: RichOperator, a: Value, b: Value): Value {
  if ((typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')) {
    if (op === '==') return a === b;
    if (op === '!=') return a !== b;
    if (typeof a === 'number') {
      const y = b as number;
      return ordered(op, a < y ? -1 : a > y ? 1 : a === y ? 0 : Number.NaN);
    }
    return ordered(op, compareText(a, b as string));
  }
  if (isPlain(a) && isPlain(b)) {
    const result = nativeCompare(vm, op, a, b);
    return result === undefined ? unsupported(vm, op, a, b) : result;
  }
  return dispatch(vm, op, a, b);
}

/** Strings order by code point; UTF-16 order differs only where surrogates meet U+E000 and above. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xs = x >= 0xd800 && x <= 0xdfff;
    const ys = y >= 0xd800 && y <= 0xdfff;
    if (xs !== ys) return xs ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}

function ordered(op: RichOperator, c: number): boolean {
  switch (op) {
    case '==':
      return c === 0;
    case '!=':
      return c !== 0;
    case '<':
      return c < 0;
    case '<=':
      return c <= 0;
    case '>':
      return c > 0;
    case '>=':
      return c >= 0;
  }
}

function unsupported(vm: Interp, op: RichOperator, a: Value, b: Value): Value {
  if (op === '==') return a === b;
  if (op === '!=') return a !== b;
  raise('TypeError', `'${op}' not supported between instances of '${typeName(vm, a)}' and '${typeName(vm, b)}'`);
}

/** Comparison of built-in values; undefined stands for NotImplemented. Operands are unwrapped. */
export function nativeCompare(vm: Interp, op: RichOperator, a: Value, b: Value): boolean | Unknown | undefined {
  if (isReal(a)) {
    if (isReal(b)) return ordered(op, compareReals(real(a), real(b)));
    if (b instanceof PyComplex && (op === '==' || op === '!='))
      return (b.imag === 0 && Number(real2(a)) === b.real) === (op === '==');
    return undefined;
  }
  if (typeof a === 'string') return typeof b === 'string' ? ordered(op, compareText(a, b)) : undefined;
  if (a instanceof PyTuple && b instanceof PyTuple) return compareSequences(vm, op, a.items, b.items);
  if (a instanceof PyList && b instanceof PyList) return compareSequences(vm, op, a.items, b.items);
  if (a instanceof PyBytes && b instanceof PyBytes)
    return ordered(op, a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
  if (isSetLike(a) && isSetLike(b)) return compareSets(vm, op, a, b);
  if (op !== '==' && op !== '!=') return undefined;
  const same = nativeEqual(vm, a, b);
  return same === undefined ? undefined : op === '==' ? same : invert(same);
}

function isReal(v: Value): v is number | bigint | boolean | PyFloat {
  return isInt(v) || v instanceof PyFloat;
}
function real(v: number | bigint | boolean | PyFloat): number | bigint | PyFloat {
  return v instanceof PyFloat ? v : toInt(v);
}
function real2(v: number | bigint | boolean | PyFloat): number | bigint {
  return v instanceof PyFloat ? v.value : toInt(v);
}
function isSetLike(v: Value): v is PySet | DictView {
  return v instanceof PySet || (v instanceof DictView && v.kind !== 'values');
}

function nativeEqual(vm: Interp, a: Value, b: Value): boolean | Unknown | undefined {
  if (a instanceof PyDict && b instanceof PyDict) {
    if (a.entries.size !== b.entries.size) return false;
    let open: Unknown | null = null;
    for (const [key, [, value]] of a.entries) {
      const other = b.entries.get(key);
      if (other === undefined) return false;
      const same = equalValues(vm, value, other[1]);
      if (same === false) return false;
      if (same instanceof Unknown) open = same;
    }
    return open ?? true;
  }
  if (a instanceof PyComplex) {
    if (b instanceof PyComplex) return a.real === b.real && a.imag === b.imag;
    return isReal(b) ? a.imag === 0 && a.real === Number(real2(b)) : undefined;
  }
  if (a instanceof PyRange && b instanceof PyRange) {
    if (a.length !== b.length) return false;
    return a.length === 0 || (a.start === b.start && (a.length === 1 || a.step === b.step));
  }
  if (a instanceof PySlice && b instanceof PySlice) {
    return compareSequences(vm, '==', [a.start, a.stop, a.step], [b.start, b.stop, b.step]);
  }
  return undefined;
}

function compareSequences(
  vm: Interp,
  op: RichOperator,
  a: readonly Value[],
  b: readonly Value[],
): boolean | Unknown | undefined {
  if (a.length !== b.length) {
    if (op === '==') return false;
    if (op === '!=') return true;
  }
  const n = Math.min(a.length, b.length);
  let open: Unknown | null = null;
  for (let i = 0; i < n; i++) {
    const same = equalValues(vm, a[i]!, b[i]!);
    if (same === true) continue;
    if (same instanceof Unknown) {
      if (op !== '==' && op !== '!=') return unknownFrom(same, 'bool');
      open = same;
      continue;
    }
    if (op === '==') return false;
    if (op === '!=') return true;
    return truth(vm, richCompare(vm, op, a[i]!, b[i]!));
  }
  if (open !== null) return unknownFrom(open, 'bool');
  return ordered(op, a.length - b.length);
}

/** Number of elements of a set or of a dict view. */
export function sizeOf(v: PySet | DictView): number {
  return v instanceof PySet ? v.items.size : v.dict.entries.size;
}

function elementsOf(v: PySet | DictView): Value[] {
  if (v instanceof PySet) return [...v.items.values()];
  return v.kind === 'keys'
    ? [...v.dict.entries.values()].map((e) => e[0])
    : [...v.dict.entries.values()].map((e) => new PyTuple([e[0], e[1]]));
}

function subset(vm: Interp, a: PySet | DictView, b: PySet | DictView): boolean | Unknown {
  for (const v of elementsOf(a)) {
    const inside = contains(vm, b, v);
    if (inside !== true) return inside;
  }
  return true;
}

function compareSets(vm: Interp, op: RichOperator, a: PySet | DictView, b: PySet | DictView): boolean | Unknown {
  const n = sizeOf(a);
  const m = sizeOf(b);
  switch (op) {
    case '==':
      return n === m && subset(vm, a, b);
    case '!=':
      return n !== m || invert(subset(vm, a, b));
    case '<=':
      return n <= m && subset(vm, a, b);
    case '<':
      return n < m && subset(vm, a, b);
    case '>=':
      return n >= m && subset(vm, b, a);
    case '>':
      return n > m && subset(vm, b, a);
  }
}

function unknownComparison(a: Value, b: Value): Unknown {
  const u = (a instanceof Unknown ? a : b) as Unknown;
  const kind = (v: Value) => (v instanceof Unknown ? v.kind : 'plain');
  // a tensor operand gives a tensor of booleans
  if (kind(a) === 'tensor' || kind(b) === 'tensor') return unknownFrom(u, 'tensor');
  return unknownFrom(u, kind(a) !== 'any' && kind(b) !== 'any' ? 'bool' : 'any');
}

function dispatch(vm: Interp, op: RichOperator, a: Value, b: Value): Value {
  const aUnknown = a instanceof Unknown;
  const bUnknown = b instanceof Unknown;
  if ((aUnknown && (bUnknown || isPlain(b))) || (bUnknown && isPlain(a))) {
    if ((op === '==' || op === '!=') && sureDifferent(a, b)) return op === '!=';
    return unknownComparison(a, b);
  }
  const back = mirrored[op];
  let triedBack = false;
  if (!aUnknown && !bUnknown) {
    const ca = vm.classOf(a);
    const cb = vm.classOf(b);
    if (ca !== cb && cb.isSubclassOf(ca)) {
      triedBack = true;
      const result = tryCompare(vm, back, b, a);
      if (result !== NotImplemented) return result;
    }
  }
  if (!aUnknown) {
    const result = tryCompare(vm, op, a, b);
    if (result !== NotImplemented) return result;
  }
  if (!bUnknown && !triedBack) {
    const result = tryCompare(vm, back, b, a);
    if (result !== NotImplemented) return result;
  }
  if (aUnknown || bUnknown) return a === b ? true : unknownComparison(a, b);
  return unsupported(vm, op, a, b);
}

/** None never equals an unknown whose kind is known. */
function sureDifferent(a: Value, b: Value): boolean {
  const u = a instanceof Unknown ? a : b;
  const other = a instanceof Unknown ? b : a;
  if (!(u instanceof Unknown) || u.kind === 'any' || u.kind === 'tensor') return false;
  if (other === null) return true;
  return (typeof other === 'string') !== (u.kind === 'str') && !(other instanceof Unknown);
}

function tryCompare(vm: Interp, op: RichOperator, a: Value, b: Value): Value {
  const func = lookupSpecial(vm, a, richMethods[op]);
  if (op === '!=' && (func === undefined || (func instanceof NativeFunction && func.name === 'object.__ne__'))) {
    const same = tryCompare(vm, '==', a, b);
    if (same === NotImplemented) return same;
    const t = truth(vm, same);
    return invert(t);
  }
  if (func === undefined) {
    const result = nativeCompare(vm, op, unwrap(a), unwrap(b));
    return result === undefined ? NotImplemented : result;
  }
  return callBound(vm, func, a, [b]);
}

/** `item in container`. */
export function contains(vm: Interp, container: Value, item: Value): boolean | Unknown {
  if (container instanceof Unknown) return unknownFrom(container, 'bool');
  if (isPlain(container)) return nativeContains(vm, container, item);
  const func = lookupSpecial(vm, container, '__contains__');
  if (func !== undefined) return truth(vm, callBound(vm, func, container, [item]));
  if (vm.classOf(container).lookup('__contains__') === null) {
    raise('TypeError', `'${typeName(vm, container)}' object is not a container`);
  }
  let open: Unknown | null = null;
  for (const v of vm.iterate(container)) {
    const same = equalValues(vm, v, item);
    if (same === true) return true;
    if (same instanceof Unknown) open = same;
  }
  return open === null ? false : unknownFrom(open, 'bool');
}

/** Membership in built-in containers, subclass instances included. */
export function nativeContains(vm: Interp, container: Value, item: Value): boolean | Unknown {
  if (container instanceof PyList || container instanceof PyTuple) return among(vm, container.items, item);
  if (container instanceof PyDict) {
    return dictHas(vm, container, item);
  }
  if (container instanceof PySet) return setHas(vm, container, item);
  if (typeof container === 'string') {
    if (item instanceof Unknown) return unknownFrom(item, 'bool');
    const text = unwrap(item);
    if (typeof text !== 'string')
      raise('TypeError', `'in <string>' requires string as left operand, not ${typeName(vm, item)}`);
    return container.includes(text);
  }
  if (container instanceof PyRange) {
    if (item instanceof Unknown) return unknownFrom(item, 'bool');
    let x = unwrap(item);
    if (x instanceof PyFloat && Number.isInteger(x.value)) x = x.value;
    if (typeof x === 'boolean') x = toInt(x);
    if (typeof x !== 'number') return false;
    const { start, stop, step } = container;
    return (step > 0 ? x >= start && x < stop : x <= start && x > stop) && (x - start) % step === 0;
  }
  if (container instanceof PyBytes) {
    const x = unwrap(item);
    if (x instanceof PyBytes) return container.value.includes(x.value);
    if (isInt(x)) return container.value.includes(String.fromCharCode(Number(x)));
    raise('TypeError', `a bytes-like object is required, not '${typeName(vm, item)}'`);
  }
  if (container instanceof DictView) {
    if (container.kind === 'keys') return nativeContains(vm, container.dict, item);
    const entries = [...container.dict.entries.values()];
    if (container.kind === 'values')
      return among(
        vm,
        entries.map((e) => e[1]),
        item,
      );
    const pair = unwrap(item);
    if (!(pair instanceof PyTuple) || pair.items.length !== 2) return false;
    const value = dictGet(vm, container.dict, pair.items[0]!);
    return value === undefined ? false : equalValues(vm, value, pair.items[1]!);
  }
  if (container instanceof MappingProxy) return contains(vm, container.mapping, item);
  raise('TypeError', `argument of type '${typeName(vm, container)}' is not iterable`);
}

function among(vm: Interp, items: readonly Value[], item: Value): boolean | Unknown {
  let open: Unknown | null = null;
  for (const v of items) {
    const same = equalValues(vm, v, item);
    if (same === true) return true;
    if (same instanceof Unknown) open = same;
  }
  return open === null ? false : unknownFrom(open, 'bool');
}
