/** Iteration: what `for`, unpacking and the built-ins that take iterables see. */

import { nativeIterator } from './builtins/iterators.js';
import { classOf, lookup } from './classes.js';
import { PyRaise, raise } from './errors.js';
import { raisedIs } from './exceptions.js';
import type { Machine } from './machine.js';
import { protocolOf } from './protocol.js';
import { completeContainer } from './registrations.js';
import { HostIterator, type Interp, PyFloat, PyIterator, PyList, PyTuple, Unknown, type Value } from './values.js';

/** Stands for iterating something unknown: one turn with an unknown element. */
export class UnknownIterator extends PyIterator {
  private turns = 0;
  constructor(
    readonly why: string,
    private readonly source: Unknown,
  ) {
    super();
  }
  next(): Value | undefined {
    return this.turns++ === 0 ? new Unknown(this.source.why, this.source.where) : undefined;
  }
}

/** An instance with `__next__`. */
class PythonIterator extends PyIterator {
  constructor(
    private readonly vm: Machine,
    private readonly object: Value,
    private readonly method: Value,
  ) {
    super();
  }
  next(): Value | undefined {
    return callNext(this.vm, this.object, this.method);
  }
}

function callNext(vm: Machine, object: Value, method: Value): Value | undefined {
  try {
    return vm.call(method, [object]);
  } catch (e) {
    if (e instanceof PyRaise && raisedIs(e, 'StopIteration')) return undefined;
    throw e;
  }
}

/** `iter(value)` for the machine's own loops. */
export function iterator(vm: Machine, value: Value): PyIterator {
  if (value instanceof PyIterator && value.cls === null) return value;
  if ((value instanceof PyList || value instanceof PyTuple) && value.cls === null) {
    if (value.items.length === 0) completeContainer(value);
    let i = 0;
    return new HostIterator(() => value.items[i++]);
  }
  if (value instanceof Unknown) return new UnknownIterator(value.why, value);
  if (value !== null && typeof value === 'object') {
    const hosted = protocolOf(value).iterate;
    if (hosted !== undefined) return fromIterable(hosted(vm, value));
  }
  const cls = classOf(value);
  const method = lookup(cls, '__iter__');
  if (method !== undefined && method !== null) {
    const made = vm.call(method, [value]);
    if (made instanceof PyIterator) return made;
    if (made instanceof Unknown) return new UnknownIterator(made.why, made);
    const next = lookup(classOf(made), '__next__');
    if (next === undefined) raise('TypeError', `iter() returned non-iterator of type '${classOf(made).name}'`);
    return new PythonIterator(vm, made, next as Value);
  }
  const builtin = nativeIterator(vm, value);
  if (builtin !== undefined) return builtin;
  const item = lookup(cls, '__getitem__');
  if (item !== undefined) {
    let i = 0;
    return new HostIterator(() => {
      try {
        return vm.call(item, [value, i++]);
      } catch (e) {
        if (e instanceof PyRaise && (raisedIs(e, 'IndexError') || raisedIs(e, 'StopIteration'))) return undefined;
        throw e;
      }
    });
  }
  return raise('TypeError', `'${cls.name}' object is not iterable`);
}

function fromIterable(iterable: Iterable<Value>): PyIterator {
  const it = iterable[Symbol.iterator]();
  return new HostIterator(() => {
    const r = it.next();
    return r.done === true ? undefined : r.value;
  });
}

/** `next()` of an object that is not a host iterator. */
export function nextOf(vm: Machine, object: Value): Value | undefined {
  if (object instanceof Unknown) return new Unknown(object.why, object.where);
  const next = lookup(classOf(object), '__next__');
  if (next === undefined) raise('TypeError', `'${classOf(object).name}' object is not an iterator`);
  return callNext(vm, object, next as Value);
}

export function* iterate(vm: Machine, value: Value): Iterable<Value> {
  if ((value instanceof PyList || value instanceof PyTuple) && value.cls === null) {
    if (value.items.length === 0) completeContainer(value);
    // by index: code may append while it iterates
    for (let i = 0; i < value.items.length; i++) {
      vm.spend(1);
      yield value.items[i]!;
    }
    return;
  }
  const it = iterator(vm, value);
  for (;;) {
    vm.spend(1);
    const v = it.next(vm as Interp);
    if (v === undefined) return;
    if (it instanceof UnknownIterator) vm.listener.assumption(`loop over ${it.why}: one turn`, 'loop', vm.place());
    yield v;
  }
}

function isScalar(v: Value): boolean {
  return v === null || typeof v === 'number' || typeof v === 'bigint' || typeof v === 'boolean' || v instanceof PyFloat;
}

/** The items for `a, b = value`. */
export function unpack(vm: Machine, value: Value, count: number): readonly Value[] {
  if ((value instanceof PyTuple || value instanceof PyList) && value.items.length === count) return value.items;
  if (value instanceof Unknown)
    return new Array<Value>(count).fill(null).map(() => new Unknown(value.why, value.where));
  const items: Value[] = [];
  if (isScalar(value)) raise('TypeError', `cannot unpack non-iterable ${classOf(value).name} object`);
  for (const v of iterate(vm, value)) {
    items.push(v);
    if (items.length > count) raise('ValueError', `too many values to unpack (expected ${count})`);
  }
  if (items.length < count) raise('ValueError', `not enough values to unpack (expected ${count}, got ${items.length})`);
  return items;
}

/** The items for `a, *b, c = value`: `before`, the list, `after`. */
export function unpackEx(vm: Machine, value: Value, before: number, after: number): readonly Value[] {
  if (value instanceof Unknown) {
    const unknown = (): Unknown => new Unknown(value.why, value.where);
    return [...Array.from({ length: before }, unknown), unknown(), ...Array.from({ length: after }, unknown)];
  }
  const items = [...iterate(vm, value)];
  if (items.length < before + after)
    raise('ValueError', `not enough values to unpack (expected at least ${before + after}, got ${items.length})`);
  const end = items.length - after;
  return [...items.slice(0, before), new PyList(items.slice(before, end)), ...items.slice(end)];
}
