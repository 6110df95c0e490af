/** `x[key]`, `x[key] = v`, `del x[key]` and `len(x)`. */

import { builtinClass, newException } from '../classes.js';
import { PyRaise, raise } from '../errors.js';
import { protocolOf } from '../protocol.js';
import { completeContainer } from '../registrations.js';
import {
  heap,
  type Interp,
  PyBytes,
  PyClass,
  PyDict,
  PyList,
  PyObject,
  PyRange,
  PySet,
  PySlice,
  PyTuple,
  Unknown,
  type Value,
} from '../values.js';
import { sizeOf } from './compare.js';
import { dictDelete, dictGet, dictSet } from './hash.js';
import { isInt, toInt } from './numbers.js';
import { callBound, callSpecial, lookupSpecial, typeName } from './special.js';
import { DictView, isAstral, isPlain, MappingProxy, PyGenericAlias, unknownFrom, unwrap } from './types.js';

/** An integer from a value that has `__index__`; undefined when it has none. */
export function asIndex(vm: Interp, v: Value): number | bigint | Unknown | undefined {
  if (typeof v === 'number' || typeof v === 'bigint') return v;
  if (typeof v === 'boolean') return v ? 1 : 0;
  if (v instanceof Unknown) return v;
  if (v === null || typeof v !== 'object') return undefined;
  const plain = unwrap(v);
  if (isInt(plain)) return toInt(plain);
  const r = callSpecial(vm, v, '__index__');
  if (r === undefined || r === v) return undefined;
  return asIndex(vm, r);
}

/** An integer argument, small enough for a size; raises TypeError for other types. */
export function requireIndex(vm: Interp, v: Value): number | Unknown {
  const i = asIndex(vm, v);
  if (i === undefined) raise('TypeError', `'${typeName(vm, v)}' object cannot be interpreted as an integer`);
  return i instanceof Unknown ? i : Number(i);
}

/** start, stop, step and count of a slice over `length` items. */
export interface SliceRange {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly count: number;
}

export function sliceIndices(vm: Interp, slice: PySlice, length: number): SliceRange | Unknown {
  const bound = (v: Value): number | null | Unknown => {
    if (v === null) return null;
    const i = asIndex(vm, v);
    if (i === undefined) raise('TypeError', 'slice indices must be integers or None or have an __index__ method');
    return i instanceof Unknown ? i : Number(i);
  };
  const step0 = bound(slice.step);
  const low = bound(slice.start);
  const high = bound(slice.stop);
  if (step0 instanceof Unknown) return step0;
  if (low instanceof Unknown) return low;
  if (high instanceof Unknown) return high;
  const step = step0 ?? 1;
  if (step === 0) raise('ValueError', 'slice step cannot be zero');
  const clamp = (i: number, min: number, max: number) => Math.min(Math.max(i < 0 ? i + length : i, min), max);
  const [min, max] = step > 0 ? [0, length] : [-1, length - 1];
  const start = low === null ? (step > 0 ? min : max) : clamp(low, min, max);
  const stop = high === null ? (step > 0 ? max : min) : clamp(high, min, max);
  const count = Math.max(0, step > 0 ? Math.ceil((stop - start) / step) : Math.ceil((start - stop) / -step));
  return { start, stop, step, count };
}

export function pick<T>(items: ArrayLike<T> & { slice(a: number, b: number): unknown }, r: SliceRange): T[] {
  const out = new Array<T>(r.count);
  for (let i = 0, at = r.start; i < r.count; i++, at += r.step) out[i] = items[at]!;
  return out;
}

function position(vm: Interp, key: Value, length: number, what: string, verb = ''): number | Unknown {
  const i = asIndex(vm, key);
  if (i === undefined) raise('TypeError', `${what} indices must be integers or slices, not ${typeName(vm, key)}`);
  if (i instanceof Unknown) return i;
  const at = Number(i) < 0 ? Number(i) + length : Number(i);
  if (at < 0 || at >= length) raise('IndexError', `${what} ${verb}index out of range`);
  return at;
}

function sliceText(vm: Interp, s: string, slice: PySlice): string | Unknown {
  const chars = isAstral(s) ? [...s] : s;
  const r = sliceIndices(vm, slice, chars.length);
  if (r instanceof Unknown) return unknownFrom(r, 'str');
  if (r.step === 1 && typeof chars === 'string') return chars.slice(r.start, r.start + r.count);
  return pick(chars as ArrayLike<string> as never, r).join('');
}

function sequenceItem(vm: Interp, items: readonly Value[], key: Value, what: string): Value {
  const at = position(vm, key, items.length, what);
  return at instanceof Unknown ? unknownFrom(at) : items[at]!;
}

export function getItem(vm: Interp, obj: Value, key: Value): Value {
  if (obj instanceof PyList && obj.cls === null && typeof key === 'number') {
    const at = key < 0 ? key + obj.items.length : key;
    if (at < 0 || at >= obj.items.length) raise('IndexError', 'list index out of range');
    return obj.items[at]!;
  }
  if (isPlain(obj)) return nativeGetItem(vm, obj, key);
  if (obj instanceof Unknown) return unknownFrom(obj);
  const func = lookupSpecial(vm, obj, '__getitem__');
  if (func !== undefined) return callBound(vm, func, obj, [key]);
  if (obj instanceof PyClass) return classItem(vm, obj, key);
  const hosted = protocolOf(obj as never).getItem;
  if (hosted !== undefined) return hosted(vm, obj as PyObject, key);
  return nativeGetItem(vm, unwrap(obj), key);
}

function classItem(vm: Interp, cls: PyClass, key: Value): Value {
  const own = vm.tryGetAttr(cls, '__class_getitem__');
  if (own !== undefined) return vm.call(own, [key]);
  if (cls.module === 'builtins' || cls.mro.some((c) => subscriptable.has(c.name) && c.module === 'builtins')) {
    return new PyGenericAlias(cls, key instanceof PyTuple ? key.items : [key]);
  }
  raise('TypeError', `type '${cls.name}' is not subscriptable`);
}
const subscriptable = new Set([
  'list',
  'dict',
  'tuple',
  'set',
  'frozenset',
  'type',
  'enumerate',
  'slice',
  'filter',
  'map',
]);

/** Subscripts of the built-in types (subclass instances included: `__missing__` is honoured). */
export function nativeGetItem(vm: Interp, obj: Value, key: Value): Value {
  if (obj instanceof PyList) {
    if (!(key instanceof PySlice)) return sequenceItem(vm, obj.items, key, 'list');
    const r = sliceIndices(vm, key, obj.items.length);
    if (r instanceof Unknown) return unknownFrom(r);
    return new PyList(r.step === 1 ? obj.items.slice(r.start, r.start + r.count) : pick(obj.items, r));
  }
  if (obj instanceof PyTuple) {
    if (!(key instanceof PySlice)) return sequenceItem(vm, obj.items, key, 'tuple');
    const r = sliceIndices(vm, key, obj.items.length);
    if (r instanceof Unknown) return unknownFrom(r);
    return new PyTuple(r.step === 1 ? obj.items.slice(r.start, r.start + r.count) : pick(obj.items, r));
  }
  if (obj instanceof PyDict) {
    const v = dictGet(vm, obj, key);
    if (v !== undefined) return v;
    if (obj.cls !== null) {
      const made = callSpecial(vm, obj, '__missing__', key);
      if (made !== undefined) return made;
    }
    return missingKey(key);
  }
  if (typeof obj === 'string') {
    if (key instanceof PySlice) return sliceText(vm, obj, key);
    const chars = isAstral(obj) ? [...obj] : obj;
    const at = position(vm, key, chars.length, 'string');
    return at instanceof Unknown ? unknownFrom(at, 'str') : chars[at]!;
  }
  if (obj instanceof PyRange) {
    if (key instanceof PySlice) {
      const r = sliceIndices(vm, key, obj.length);
      if (r instanceof Unknown) return unknownFrom(r);
      return new PyRange(obj.start + r.start * obj.step, obj.start + r.stop * obj.step, obj.step * r.step);
    }
    const at = position(vm, key, obj.length, 'range object');
    return at instanceof Unknown ? unknownFrom(at, 'int') : obj.start + at * obj.step;
  }
  if (obj instanceof PyBytes) {
    if (key instanceof PySlice) {
      const r = sliceIndices(vm, key, obj.value.length);
      return r instanceof Unknown ? unknownFrom(r) : new PyBytes(pick(obj.value as never, r).join(''));
    }
    const at = position(vm, key, obj.value.length, 'index');
    return at instanceof Unknown ? unknownFrom(at, 'int') : obj.value.charCodeAt(at);
  }
  if (obj instanceof MappingProxy) return getItem(vm, obj.mapping, key);
  if (obj instanceof PyGenericAlias) return new PyGenericAlias(obj.origin, key instanceof PyTuple ? key.items : [key]);
  raise('TypeError', `'${typeName(vm, obj)}' object is not subscriptable`);
}

/** Raises KeyError with the key itself as argument. */
export function missingKey(key: Value): never {
  raiseWith('KeyError', [key]);
}

/** Raises a built-in exception whose `args` are values rather than a message. */
export function raiseWith(type: string, args: Value[]): never {
  if (args.length === 1 && typeof args[0] === 'string' && type !== 'StopIteration') raise(type, args[0]);
  const e = new PyRaise(type, '');
  e.instance = newException(builtinClass(type), args);
  if (type === 'StopIteration') e.instance.attrs!.set('value', args[0] ?? null);
  throw e;
}

export function setItem(vm: Interp, obj: Value, key: Value, value: Value): void {
  if (obj instanceof PyDict && obj.cls === null) {
    dictSet(vm, obj, key, value);
    return;
  }
  if (obj instanceof Unknown) return;
  if (!isPlain(obj)) {
    const func = lookupSpecial(vm, obj, '__setitem__');
    if (func !== undefined) {
      callBound(vm, func, obj, [key, value]);
      return;
    }
    const hosted = protocolOf(obj as never).setItem;
    if (hosted !== undefined) {
      hosted(vm, obj as PyObject, key, value);
      return;
    }
  }
  nativeSetItem(vm, obj, key, value);
}

export function nativeSetItem(vm: Interp, obj: Value, key: Value, value: Value): void {
  if (obj instanceof PyDict) dictSet(vm, obj, key, value);
  else if (obj instanceof PyList) {
    if (key instanceof PySlice) setSlice(vm, obj, key, value);
    else {
      const at = position(vm, key, obj.items.length, 'list', 'assignment ');
      heap.touch(obj);
      if (at instanceof Unknown) obj.items = obj.items.map(() => unknownFrom(at));
      else obj.items[at] = value;
    }
  } else raise('TypeError', `'${typeName(vm, obj)}' object does not support item assignment`);
}

function setSlice(vm: Interp, list: PyList, key: PySlice, value: Value): void {
  const r = sliceIndices(vm, key, list.items.length);
  const source = value instanceof Unknown ? value : r instanceof Unknown ? r : null;
  if (source !== null || r instanceof Unknown) {
    heap.touch(list);
    list.items = list.items.map(() => unknownFrom(source!));
    return;
  }
  const items = [...vm.iterate(value)];
  heap.touch(list);
  if (r.step === 1) {
    const end = Math.max(r.start, r.stop);
    list.items = [...list.items.slice(0, r.start), ...items, ...list.items.slice(end)];
    return;
  }
  if (items.length !== r.count) {
    raise('ValueError', `attempt to assign sequence of size ${items.length} to extended slice of size ${r.count}`);
  }
  for (let i = 0, at = r.start; i < r.count; i++, at += r.step) list.items[at] = items[i]!;
}

export function delItem(vm: Interp, obj: Value, key: Value): void {
  if (obj instanceof Unknown) return;
  if (!isPlain(obj)) {
    const func = lookupSpecial(vm, obj, '__delitem__');
    if (func !== undefined) {
      callBound(vm, func, obj, [key]);
      return;
    }
  }
  nativeDelItem(vm, obj, key);
}

export function nativeDelItem(vm: Interp, obj: Value, key: Value): void {
  if (obj instanceof PyDict) {
    if (!dictDelete(vm, obj, key)) missingKey(key);
  } else if (obj instanceof PyList) {
    if (key instanceof PySlice) {
      const r = sliceIndices(vm, key, obj.items.length);
      heap.touch(obj);
      if (r instanceof Unknown) obj.items = obj.items.map(() => unknownFrom(r));
      else {
        const gone = new Set<number>();
        for (let i = 0, at = r.start; i < r.count; i++, at += r.step) gone.add(at);
        obj.items = obj.items.filter((_, i) => !gone.has(i));
      }
      return;
    }
    const at = position(vm, key, obj.items.length, 'list', 'assignment ');
    heap.touch(obj);
    if (at instanceof Unknown) obj.items = obj.items.slice(1).map(() => unknownFrom(at));
    else obj.items.splice(at, 1);
  } else raise('TypeError', `'${typeName(vm, obj)}' object doesn't support item deletion`);
}

/** `len(v)`. */
export function length(vm: Interp, v: Value): Value {
  if (v instanceof Unknown) return unknownFrom(v, 'int');
  if (!isPlain(v)) {
    const func = lookupSpecial(vm, v, '__len__');
    if (func !== undefined) {
      const n = callBound(vm, func, v, []);
      if (n instanceof Unknown) return unknownFrom(n, 'int');
      const i = asIndex(vm, n);
      if (i === undefined) raise('TypeError', `'${typeName(vm, n)}' object cannot be interpreted as an integer`);
      if ((i as number) < 0) raise('ValueError', '__len__() should return >= 0');
      return i as number;
    }
    const hosted = protocolOf(v as never).length;
    if (hosted !== undefined) {
      const n = hosted(vm, v as PyObject);
      if (n !== undefined) return n;
    }
  }
  return nativeLength(vm, v);
}

export function nativeLength(vm: Interp, v: Value): number {
  const plain = unwrap(v);
  if (typeof plain === 'string') return isAstral(plain) ? [...plain].length : plain.length;
  if (plain instanceof PyObject) completeContainer(plain instanceof DictView ? plain.dict : plain);
  if (plain instanceof PyList || plain instanceof PyTuple) return plain.items.length;
  if (plain instanceof PyDict) return plain.entries.size;
  if (plain instanceof PySet || plain instanceof DictView) return sizeOf(plain);
  if (plain instanceof PyRange) return plain.length;
  if (plain instanceof PyBytes) return plain.value.length;
  if (plain instanceof MappingProxy) return nativeLength(vm, plain.mapping);
  raise('TypeError', `object of type '${typeName(vm, v)}' has no len()`);
}
