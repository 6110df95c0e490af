/** Iteration: `iter()`, `next()` and host iterators over the built-in types. */

import { PyRaise, raise } from '../errors.js';
import { UnknownIterator } from '../iteration.js';
import { protocolOf } from '../protocol.js';
import { completeContainer } from '../registrations.js';
import {
  HostIterator,
  type Interp,
  PyBytes,
  PyDict,
  PyIterator,
  PyList,
  type PyObject,
  PyRange,
  PySet,
  PyTuple,
  Unknown,
  type Value,
} from '../values.js';
import { getItem } from './items.js';
import { callBound, isRaised, lookupSpecial, typeName } from './special.js';
import { DictView, isAstral, isPlain, MappingProxy, PyGenericAlias, unwrap } from './types.js';

/** The host iterator of a built-in value; undefined when it is not one of the built-in iterables. */
export function builtinIterator(vm: Interp, v: Value): PyIterator | undefined {
  if (v instanceof PyIterator) return v;
  if (v instanceof PyList || v instanceof PyDict || v instanceof PySet) completeContainer(v);
  if (v instanceof PyList) return overList(v);
  if (v instanceof PyTuple) return overArray(v.items, 'tuple_iterator');
  if (typeof v === 'string') return overArray(isAstral(v) ? [...v] : v, 'str_iterator');
  if (v instanceof PyRange) return overRange(v);
  if (v instanceof PyDict) return overDict(v, (e) => e[0], 'dict_keyiterator');
  if (v instanceof PySet) return overMap(v, 'set_iterator');
  if (v instanceof DictView) {
    completeContainer(v.dict);
    if (v.kind === 'keys') return overDict(v.dict, (e) => e[0], 'dict_keyiterator');
    if (v.kind === 'values') return overDict(v.dict, (e) => e[1], 'dict_valueiterator');
    return overDict(v.dict, (e) => new PyTuple([e[0], e[1]]), 'dict_itemiterator');
  }
  if (v instanceof PyBytes)
    return overArray(
      Array.from(v.value, (c) => c.charCodeAt(0)),
      'bytes_iterator',
    );
  if (v instanceof MappingProxy) return builtinIterator(vm, v.mapping);
  if (v instanceof PyGenericAlias) return overArray([v], 'generic_alias_iterator');
  return undefined;
}

function overList(list: PyList): HostIterator {
  let i = 0;
  return new HostIterator(() => (i < list.items.length ? list.items[i++]! : undefined), 'list_iterator');
}

function overArray(items: ArrayLike<Value>, name: string): HostIterator {
  let i = 0;
  return new HostIterator(() => (i < items.length ? items[i++]! : undefined), name);
}

function overRange(range: PyRange): HostIterator {
  let i = 0;
  const n = range.length;
  return new HostIterator(() => (i < n ? range.start + i++ * range.step : undefined), 'range_iterator');
}

function overDict(d: PyDict, give: (entry: [Value, Value]) => Value, name: string): HostIterator {
  const size = d.entries.size;
  const entries = d.entries;
  const inner = entries.values();
  return new HostIterator(() => {
    if (d.entries.size !== size) raise('RuntimeError', 'dictionary changed size during iteration');
    const step = inner.next();
    return step.done ? undefined : give(step.value);
  }, name);
}

function overMap(s: PySet, name: string): HostIterator {
  const size = s.items.size;
  const inner = s.items.values();
  return new HostIterator(() => {
    if (s.items.size !== size) raise('RuntimeError', 'Set changed size during iteration');
    const step = inner.next();
    return step.done ? undefined : step.value;
  }, name);
}

/** `iter(v)` as a Python value: a host iterator, a generator, or what `__iter__` gave. Raises TypeError for others. */
export function iter(vm: Interp, v: Value): Value {
  // one turn, as for the machine's own loops: next() of an unknown would never end
  if (v instanceof Unknown) return new UnknownIterator(v.why, v);
  if (isPlain(v) || (v instanceof PyIterator && v.cls === null)) {
    const it = builtinIterator(vm, v);
    if (it !== undefined) return it;
    raise('TypeError', `'${typeName(vm, v)}' object is not iterable`);
  }
  const func = lookupSpecial(vm, v, '__iter__');
  if (func !== undefined) {
    const it = callBound(vm, func, v, []);
    if (it instanceof PyIterator || it instanceof Unknown || lookupSpecial(vm, it, '__next__') !== undefined) return it;
    raise('TypeError', `iter() returned non-iterator of type '${typeName(vm, it)}'`);
  }
  if (vm.classOf(v).lookup('__iter__') === null) raise('TypeError', `'${typeName(vm, v)}' object is not iterable`);
  const hosted = protocolOf(v as never).iterate;
  if (hosted !== undefined) return overIterable(hosted(vm, v as PyObject));
  const plain = builtinIterator(vm, unwrap(v));
  if (plain !== undefined) return plain;
  if (lookupSpecial(vm, v, '__getitem__') !== undefined) return bySubscript(v);
  raise('TypeError', `'${typeName(vm, v)}' object is not iterable`);
}

/** A Python iterator over a host iterable. */
export function overIterable(items: Iterable<Value>, name = 'iterator'): HostIterator {
  const inner = items[Symbol.iterator]();
  return new HostIterator(() => {
    const step = inner.next();
    return step.done ? undefined : step.value;
  }, name);
}

/** The old protocol: `v[0]`, `v[1]` … until IndexError. */
function bySubscript(v: Value): HostIterator {
  let i = 0;
  return new HostIterator((vm) => {
    try {
      return getItem(vm, v, i++);
    } catch (e) {
      if (isRaised(e, 'IndexError')) return undefined;
      throw e;
    }
  });
}

/** Next value of what `iter` gave; undefined at the end. */
export function next(vm: Interp, it: Value): Value | undefined {
  vm.spend(1);
  if (it instanceof PyIterator) return it.next(vm);
  if (it instanceof Unknown) return new Unknown(it.why, it.where);
  const func = lookupSpecial(vm, it, '__next__');
  if (func === undefined) raise('TypeError', `'${typeName(vm, it)}' object is not an iterator`);
  try {
    return callBound(vm, func, it, []);
  } catch (e) {
    if (isRaised(e, 'StopIteration')) return undefined;
    throw e;
  }
}

/** Iterates as `for` does. The caller handles Unknown before. */
export function* iterate(vm: Interp, v: Value): Iterable<Value> {
  const it = iter(vm, v);
  if (it instanceof Unknown) throw new PyRaise('TypeError', 'iteration over an unknown value');
  for (let item = next(vm, it); item !== undefined; item = next(vm, it)) yield item;
}

export { builtinIterator as nativeIterator };
