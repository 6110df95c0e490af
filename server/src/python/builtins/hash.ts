/**
 * Hash keys: a JS value per Python value such that keys equal in Python (1 == 1.0 == True)
 * get the same JS key, and the dict and set operations built on them.
 */
import { raise } from '../errors.js';
import {
  BoundMethod,
  type HashKey,
  heap,
  type Interp,
  NativeFunction,
  PyBytes,
  PyClass,
  PyComplex,
  PyDict,
  PyFloat,
  PyInstance,
  PyList,
  type PyObject,
  PyRange,
  PySet,
  PySlice,
  PyTuple,
  Unknown,
  type Value,
} from '../values.js';
import { equalValues } from './compare.js';
import { callBound, lookupSpecial, typeName } from './special.js';
import { DictView, MappingProxy, PyGenericAlias, PyUnion, unknownFrom, unwrap } from './types.js';

/** Containers that were written with a key nobody knows: a miss in them proves nothing. */
const openContainers = new WeakSet<PyDict | PySet>();

/** Representatives of equal instances, by the value of their `__hash__`; per interpreter. */
const interned = new WeakMap<Interp, Map<number | bigint, Value[]>>();

/** Raises TypeError for an unhashable value. An unknown is its own key. */
export function hashKey(vm: Interp, value: Value): HashKey {
  switch (typeof value) {
    case 'string':
      return value.charCodeAt(0) === 0 ? `\0s${value}` : value;
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
  }
  if (value === null) return null;
  if (value instanceof PyFloat) return floatKey(value.value);
  if (value instanceof PyTuple && value.cls === null) return tupleKey(vm, value);
  return objectKey(vm, value);
}

function floatKey(x: number): HashKey {
  if (Number.isInteger(x) && !Number.isSafeInteger(x)) return BigInt(x);
  return x + 0;
}

/** A key as text inside the key of a composite. */
function part(key: HashKey): string {
  if (key === null) return 'n';
  switch (typeof key) {
    case 'string':
      return `s${key.length}:${key}`;
    case 'number':
    case 'bigint':
      return `i${key}`;
    case 'boolean':
      return key ? 'i1' : 'i0';
  }
  return `o${key.serial}`;
}

function tupleKey(vm: Interp, value: PyTuple): string {
  let key = '\0t';
  for (const item of value.items) key += `${part(hashKey(vm, item))},`;
  return key;
}

function frozenKey(vm: Interp, value: PySet): string {
  return `\0f${[...value.items.values()]
    .map((v) => part(hashKey(vm, v)))
    .sort()
    .join(',')}`;
}

function unhashable(vm: Interp, value: Value): never {
  raise('TypeError', `unhashable type: '${typeName(vm, value)}'`);
}

function isDefault(func: Value | undefined, name: string): boolean {
  return func === undefined || (func instanceof NativeFunction && func.name === name);
}

function objectKey(vm: Interp, value: PyObject): HashKey {
  if (value instanceof Unknown) return value;
  if (value.cls !== null && !(value instanceof PyClass)) {
    const custom = customKey(vm, value);
    if (custom !== undefined) return custom;
  }
  return builtinKey(vm, value);
}

/** Key by the class's own `__eq__` and `__hash__`; undefined when those of the built-in type hold. */
function customKey(vm: Interp, value: PyObject): HashKey | undefined {
  const mro = vm.classOf(value).mro;
  let eq: Value | undefined;
  let hash: Value | undefined;
  for (const c of mro) {
    const foundHash = c.dict.get('__hash__');
    const foundEq = c.dict.get('__eq__');
    if (hash === undefined && foundHash !== undefined) hash = foundHash;
    // a class that defines __eq__ alone is not hashable
    if (hash === undefined && foundEq !== undefined && !(foundEq instanceof NativeFunction)) hash = null;
    if (eq === undefined && foundEq !== undefined) eq = foundEq;
  }
  if (hash === null) unhashable(vm, value);
  if (isDefault(eq, 'object.__eq__')) return value;
  if (eq instanceof NativeFunction && (hash === undefined || hash instanceof NativeFunction)) return undefined;
  if (hash === undefined) return value;
  const h = callBound(vm, hash, value, []);
  if (h instanceof Unknown) return h;
  const number = unwrap(h);
  if (typeof number !== 'number' && typeof number !== 'bigint' && typeof number !== 'boolean') {
    raise('TypeError', '__hash__ method should return an integer');
  }
  return representative(vm, Number(number), value);
}

function representative(vm: Interp, hash: number, value: Value): HashKey {
  let table = interned.get(vm);
  if (table === undefined) {
    table = new Map();
    interned.set(vm, table);
  }
  const bucket = table.get(hash);
  if (bucket === undefined) {
    table.set(hash, [value]);
    return value as PyObject;
  }
  for (const other of bucket) if (equalValues(vm, other, value) === true) return other as PyObject;
  bucket.push(value);
  return value as PyObject;
}

/** Identity as a key. */
function hashSelf(v: Value): HashKey {
  return v === null || typeof v !== 'object' ? v : v;
}

function builtinKey(vm: Interp, value: PyObject): HashKey {
  if (value instanceof PyInstance && value.payload !== undefined) return hashKey(vm, value.payload);
  if (value instanceof PyTuple) return tupleKey(vm, value);
  if (value instanceof PyFloat) return floatKey(value.value);
  if (value instanceof PyBytes) return `\0b${value.value}`;
  if (value instanceof PySet) return value.frozen ? frozenKey(vm, value) : unhashable(vm, value);
  if (value instanceof PyList || value instanceof PyDict || value instanceof PySlice) unhashable(vm, value);
  if (value instanceof DictView && value.kind !== 'values') unhashable(vm, value);
  if (value instanceof MappingProxy) unhashable(vm, value);
  if (value instanceof PyComplex) return value.imag === 0 ? floatKey(value.real) : `\0c${value.real},${value.imag}`;
  if (value instanceof PyRange) {
    const n = value.length;
    return `\0r${n},${n > 0 ? value.start : ''},${n > 1 ? value.step : ''}`;
  }
  if (value instanceof BoundMethod) return `\0m${part(hashSelf(value.self))}${part(hashSelf(value.func))}`;
  if (value instanceof PyGenericAlias) {
    return `\0g${part(hashKey(vm, value.origin))}[${value.args.map((a) => part(hashKey(vm, a))).join(',')}]`;
  }
  if (value instanceof PyUnion)
    return `\0u${value.args
      .map((a) => part(hashKey(vm, a)))
      .sort()
      .join('|')}`;
  return value;
}

/** `hash(value)`: equal values have equal hashes. Strings differ from CPython's, which are random per process. */
export function hashOf(vm: Interp, value: Value): Value {
  if (value instanceof Unknown) return unknownFrom(value, 'int');
  const func =
    typeof value === 'object' && value !== null && value.cls !== null
      ? lookupSpecial(vm, value, '__hash__')
      : undefined;
  if (func !== undefined && !(func instanceof NativeFunction)) return callBound(vm, func, value, []);
  const key = hashKey(vm, value);
  if (typeof key === 'number') return Number.isInteger(key) ? (key === -1 ? -2 : key) : textHash(`f${key}`);
  if (typeof key === 'bigint') return Number(key % 2305843009213693951n);
  if (typeof key === 'string') return textHash(key);
  if (key === null) return 271_828;
  return (key as PyObject).serial * 16;
}

/** FNV-1a over two 26-bit halves: deterministic, 52 bits. */
function textHash(s: string): number {
  let a = 0x811c9dc5;
  let b = 0x1000193;
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x85ebca6b);
  }
  return (a >>> 6) * 0x4000000 + (b >>> 6);
}

// ---------------------------------------------------------------- dict
/** The value under a key, undefined when missing. An unknown key, or a miss where keys are unknown, gives an Unknown. */
export function dictGet(vm: Interp, d: PyDict, key: Value): Value | undefined {
  if (key instanceof Unknown) {
    const own = d.entries.get(key);
    if (own !== undefined) return own[1];
    return d.entries.size === 0 ? undefined : unknownFrom(key);
  }
  const k = hashKey(vm, key);
  const found = d.entries.get(k) ?? (d.onMiss?.(key) === true ? d.entries.get(k) : undefined);
  if (found !== undefined) return found[1];
  return openContainers.has(d) ? new Unknown('a dict that was written with an unknown key') : undefined;
}

export function dictHas(vm: Interp, d: PyDict, key: Value): boolean | Unknown {
  if (key instanceof Unknown) {
    if (d.entries.has(key)) return true;
    return d.entries.size === 0 ? false : unknownFrom(key, 'bool');
  }
  const k = hashKey(vm, key);
  if (d.entries.has(k) || (d.onMiss?.(key) === true && d.entries.has(k))) return true;
  return openContainers.has(d) ? new Unknown('a dict that was written with an unknown key', null, 'bool') : false;
}

export function dictSet(vm: Interp, d: PyDict, key: Value, value: Value): void {
  heap.touch(d);
  if (key instanceof Unknown) {
    // any entry may have been the one written
    if (!d.entries.has(key)) for (const [k, e] of [...d.entries]) d.writable.set(k, [e[0], unknownFrom(key)]);
    openContainers.add(d);
  }
  const k = hashKey(vm, key);
  const entry = d.entries.get(k);
  d.writable.set(k, [entry === undefined ? key : entry[0], value]);
}

/** Keywords of a call to which an unknown mapping is added: it may bring others, but none that is there already. */
export function openKeywords(d: PyDict, source: Unknown): void {
  openContainers.add(d);
  d.writable.set(source, [source, unknownFrom(source)]);
}

/** True when the key was there. */
export function dictDelete(vm: Interp, d: PyDict, key: Value): boolean {
  heap.touch(d);
  if (key instanceof Unknown) {
    for (const [k, e] of [...d.entries]) d.writable.set(k, [e[0], unknownFrom(key)]);
    openContainers.add(d);
    return true;
  }
  return d.writable.delete(hashKey(vm, key)) || openContainers.has(d);
}

/** Copies all entries of `from` over those of `to`. The caller touches. */
export function mergeInto(to: PyDict, from: PyDict): void {
  for (const [k, e] of from.entries) {
    const own = to.entries.get(k);
    to.writable.set(k, [own === undefined ? e[0] : own[0], e[1]]);
  }
  copyOpenness(from, to);
}

export function dictFrom(vm: Interp, pairs: Iterable<readonly [Value, Value]>): PyDict {
  const d = new PyDict();
  for (const [k, v] of pairs) dictSet(vm, d, k, v);
  return d;
}

// ---------------------------------------------------------------- set
export function setHas(vm: Interp, s: PySet, item: Value): boolean | Unknown {
  if (item instanceof Unknown) {
    if (s.items.has(item)) return true;
    return s.items.size === 0 ? false : unknownFrom(item, 'bool');
  }
  if (item instanceof PySet && !item.frozen) return s.items.has(frozenKey(vm, item));
  const k = hashKey(vm, item);
  if (s.items.has(k) || (s.onMiss?.(item) === true && s.items.has(k))) return true;
  return openContainers.has(s) ? new Unknown('a set that holds an unknown element', null, 'bool') : false;
}

export function setAdd(vm: Interp, s: PySet, item: Value): void {
  heap.touch(s);
  if (item instanceof Unknown) openContainers.add(s);
  const key = hashKey(vm, item);
  if (!s.items.has(key)) s.writable.set(key, item);
}

export function setDelete(vm: Interp, s: PySet, item: Value): boolean {
  heap.touch(s);
  if (item instanceof Unknown) {
    openContainers.add(s);
    return true;
  }
  return s.writable.delete(hashKey(vm, item)) || openContainers.has(s);
}

export function setFrom(vm: Interp, items: Iterable<Value>, frozen = false): PySet {
  const s = new PySet(frozen);
  for (const v of items) {
    if (v instanceof Unknown) openContainers.add(s);
    const key = hashKey(vm, v);
    if (!s.items.has(key)) s.writable.set(key, v);
  }
  return s;
}

/** Carries over whether a container was written with unknown keys. */
export function copyOpenness(from: PyDict | PySet, to: PyDict | PySet): void {
  if (openContainers.has(from)) openContainers.add(to);
}

export function isOpen(container: PyDict | PySet): boolean {
  return openContainers.has(container);
}
