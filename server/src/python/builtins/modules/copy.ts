/** `copy.copy` and `copy.deepcopy` for every object, through `__copy__` and `__deepcopy__` where a class defines them. */

import { builtinClass } from '../../classes.js';
import { Attributes } from '../../instanceAttributes.js';
import {
  BoundMethod,
  type Interp,
  NativeFunction,
  PyDict,
  PyFloat,
  PyInstance,
  PyList,
  type PyObject,
  PySet,
  PyTuple,
  type Value,
} from '../../values.js';
import { copyOpenness, hashKey } from '../hash.js';
import { callSpecial, lookupSpecial } from '../special.js';
import { fn, type NativeModule } from './define.js';

/** Copies made so far, by the Python memo dict that was handed out. */
const memos = new WeakMap<PyDict, Map<PyObject, Value>>();

function withClass<T extends PyObject>(copy: T, from: PyObject): T {
  copy.cls = from.cls;
  if (from.attrs !== null) copy.attrs = from.attrs.copy();
  return copy;
}

function shallow(vm: Interp, v: Value): Value {
  if (v === null || typeof v !== 'object') return v;
  const own = v.cls === null ? undefined : callSpecial(vm, v, '__copy__');
  if (own !== undefined) return own;
  if (v instanceof PyList) return withClass(new PyList(v.items.slice()), v);
  if (v instanceof PyDict) {
    const d = new PyDict();
    for (const [k, e] of v.entries) d.writable.set(k, [e[0], e[1]]);
    copyOpenness(v, d);
    return withClass(d, v);
  }
  if (v instanceof PySet) {
    const s = new PySet(v.frozen);
    s.assign(v.items);
    copyOpenness(v, s);
    return withClass(s, v);
  }
  if (v instanceof PyInstance) {
    const made = new PyInstance(v.cls);
    made.payload = v.payload;
    return restore(vm, v, made, (x) => x);
  }
  return callSpecial(vm, v, '__copy__') ?? v;
}

/** Gives `made` the state of `v`, through `__getstate__`/`__setstate__` when the class is written so. */
function restore(vm: Interp, v: PyInstance, made: PyInstance, copy: (x: Value) => Value): Value {
  const getState = lookupSpecial(vm, v, '__getstate__');
  const setState = lookupSpecial(vm, v, '__setstate__');
  if (getState !== undefined && !(getState instanceof NativeFunction)) {
    const state = copy(vm.call(getState, [v]));
    if (setState !== undefined) vm.call(setState, [made, state]);
    else if (state instanceof PyDict)
      for (const [k, value] of state.entries.values()) made.attrs!.set(String(k), value);
    return made;
  }
  for (const [k, value] of v.attrs!) made.attrs!.set(k, copy(value));
  return made;
}

function deep(vm: Interp, v: Value, memo: PyDict): Value {
  if (v === null || typeof v !== 'object') return v;
  const known = memos.get(memo)!;
  const done = known.get(v);
  if (done !== undefined) return done;
  const own = lookupSpecial(vm, v, '__deepcopy__');
  if (own !== undefined) {
    const copy = vm.call(own, [v, memo]);
    known.set(v, copy);
    return copy;
  }
  const copy = (x: Value) => deep(vm, x, memo);
  if (v instanceof PyList) {
    const list = new PyList([]);
    known.set(v, list);
    for (const x of v.items) list.items.push(copy(x));
    return attributes(list, v, copy);
  }
  if (v instanceof PyTuple) {
    const items = v.items.map(copy);
    if (v.cls === null && items.every((x, i) => x === v.items[i])) return v;
    // a cycle through the tuple has already made its copy
    const again = known.get(v);
    if (again !== undefined) return again;
    const tuple = new PyTuple(items);
    known.set(v, tuple);
    return attributes(tuple, v, copy);
  }
  if (v instanceof PyDict) {
    const d = new PyDict();
    known.set(v, d);
    for (const [k, value] of [...v.entries.values()]) {
      const key = copy(k);
      d.writable.set(hashKey(vm, key), [key, copy(value)]);
    }
    copyOpenness(v, d);
    return attributes(d, v, copy);
  }
  if (v instanceof PySet) {
    const s = new PySet(v.frozen);
    known.set(v, s);
    for (const x of v.items.values()) {
      const item = copy(x);
      s.writable.set(hashKey(vm, item), item);
    }
    return attributes(s, v, copy);
  }
  if (v instanceof PyInstance) {
    const made = new PyInstance(v.cls);
    made.payload = v.payload;
    known.set(v, made);
    return restore(vm, v, made, copy);
  }
  if (v instanceof BoundMethod && v.cls === null) return new BoundMethod(copy(v.self), v.func);
  if (v instanceof PyFloat && v.attrs !== null) return attributes(new PyFloat(v.value), v, copy);
  return v;
}

function attributes<T extends PyObject>(made: T, v: PyObject, copy: (x: Value) => Value): T {
  made.cls = v.cls;
  if (v.attrs !== null) {
    const attrs = new Attributes();
    for (const [k, value] of v.attrs) attrs.set(k, copy(value));
    made.attrs = attrs;
  }
  return made;
}

/** `copy.deepcopy` for host code. */
export function deepCopy(vm: Interp, v: Value, memo: PyDict = new PyDict()): Value {
  if (!memos.has(memo)) memos.set(memo, new Map());
  return deep(vm, v, memo);
}

export const copyModule: NativeModule = {
  ...Object.fromEntries([
    fn('copy', 'copy', 'x', (vm, x) => shallow(vm, x!)),
    fn('copy', 'deepcopy', 'x, memo=, _nil=', (vm, x, memo) =>
      deepCopy(vm, x!, memo instanceof PyDict ? memo : new PyDict()),
    ),
  ]),
  Error: builtinClass('Exception'),
};
