/** Methods of `dict` and of its views. */
import { raise } from '../../errors.js';
import {
  anyOther,
  heap,
  type Interp,
  type Keywords,
  type NativeCall,
  NativeFunction,
  PyDict,
  PyTuple,
  Unknown,
  type Value,
} from '../../values.js';
import { native } from '../arguments.js';
import { copyOpenness, dictDelete, dictGet, dictSet, mergeInto } from '../hash.js';
import { getItem, missingKey } from '../items.js';
import { iter, next, overIterable } from '../iterators.js';
import { isRaised, lookupSpecial, typeName } from '../special.js';
import { DictView, MappingProxy, unknownFrom } from '../types.js';

function dict(vm: Interp, v: Value | undefined, name: string): PyDict {
  if (v instanceof PyDict) return v;
  if (v instanceof MappingProxy && v.mapping instanceof PyDict) return v.mapping;
  raise('TypeError', `descriptor '${name}' for 'dict' objects doesn't apply to a '${typeName(vm, v ?? null)}' object`);
}

function method(
  name: string,
  signature: string,
  body: (vm: Interp, self: PyDict, ...rest: (Value | undefined)[]) => Value,
): [string, NativeCall] {
  return [
    name,
    native(name, `self, /${signature === '' ? '' : `, ${signature}`}`, (vm, self, ...rest) =>
      body(vm, dict(vm, self, name), ...rest),
    ),
  ];
}

/** `dict.update(d, source, **kwargs)`; `source` may be a mapping or an iterable of pairs. */
export function updateDict(vm: Interp, d: PyDict, source: Value | undefined, kwargs: Keywords): void {
  heap.touch(d);
  if (source instanceof Unknown) {
    dictSet(vm, d, source, unknownFrom(source));
  } else if (source instanceof PyDict && (source.cls === null || !overridesKeys(vm, source))) {
    mergeInto(d, source);
  } else if (source !== undefined) {
    const keys = vm.tryGetAttr(source, 'keys');
    if (keys !== undefined) for (const k of vm.iterate(vm.call(keys, []))) dictSet(vm, d, k, getItem(vm, source, k));
    else {
      let i = 0;
      for (const pair of vm.iterate(source)) {
        if (pair instanceof Unknown) {
          dictSet(vm, d, pair, unknownFrom(pair));
          continue;
        }
        const it = pairIterator(vm, pair, i);
        const k = next(vm, it);
        const v = next(vm, it);
        if (k === undefined || v === undefined || (!(it instanceof Unknown) && next(vm, it) !== undefined)) {
          raise(
            'ValueError',
            `dictionary update sequence element #${i} has length ${k === undefined ? 0 : v === undefined ? 1 : 3}; 2 is required`,
          );
        }
        dictSet(vm, d, k, v);
        i++;
      }
    }
  }
  if (kwargs !== null) for (const [k, v] of kwargs) dictSet(vm, d, k === anyOther ? v : k, v);
}

function pairIterator(vm: Interp, pair: Value, i: number): Value {
  try {
    return iter(vm, pair);
  } catch (e) {
    if (!isRaised(e, 'TypeError')) throw e;
    raise('TypeError', `cannot convert dictionary update sequence element #${i} to a sequence`);
  }
}

function overridesKeys(vm: Interp, d: PyDict): boolean {
  const keys = lookupSpecial(vm, d, 'keys');
  return keys !== undefined && !(keys instanceof NativeFunction);
}

export const dictMethods: Record<string, NativeCall> = Object.fromEntries([
  method('get', 'key, default=, /', (vm, self, key, fallback) => {
    const found = dictGet(vm, self, key!);
    // None is null here: only undefined means missing
    return found !== undefined ? found : (fallback ?? null);
  }),
  method('keys', '', (_vm, self) => new DictView(self, 'keys')),
  method('values', '', (_vm, self) => new DictView(self, 'values')),
  method('items', '', (_vm, self) => new DictView(self, 'items')),
  method('setdefault', 'key, default=, /', (vm, self, key, fallback) => {
    const found = dictGet(vm, self, key!);
    if (found !== undefined) return found;
    dictSet(vm, self, key!, fallback ?? null);
    return fallback ?? null;
  }),
  method('popitem', '', (_vm, self) => {
    const last = [...self.entries].pop();
    if (last === undefined) raise('KeyError', 'popitem(): dictionary is empty');
    heap.touch(self);
    self.writable.delete(last[0]);
    return new PyTuple(last[1]);
  }),
  method('clear', '', (_vm, self) => {
    heap.touch(self);
    self.writable.clear();
    return null;
  }),
  method('copy', '', (_vm, self) => {
    const d = new PyDict();
    for (const [k, e] of self.entries) d.writable.set(k, [e[0], e[1]]);
    copyOpenness(self, d);
    return d;
  }),
] as [string, NativeCall][]);

dictMethods['pop'] = native('pop', 'self, key, default=, /', (vm, self, key, fallback) => {
  const d = dict(vm, self, 'pop');
  const found = dictGet(vm, d, key!);
  if (found === undefined) return fallback === undefined ? missingKey(key!) : fallback;
  dictDelete(vm, d, key!);
  return found;
});

dictMethods['update'] = (vm, args, kwargs) => {
  if (args.length > 2) raise('TypeError', `update expected at most 1 argument, got ${args.length - 1}`);
  updateDict(vm, dict(vm, args[0], 'update'), args[1], kwargs);
  return null;
};

/** `dict.__init__`: updates from its arguments. */
dictMethods['__init__'] = (vm, args, kwargs) => {
  if (args.length > 2) raise('TypeError', `dict expected at most 1 argument, got ${args.length - 1}`);
  updateDict(vm, dict(vm, args[0], '__init__'), args[1], kwargs);
  return null;
};

dictMethods['__reversed__'] = (vm, args) =>
  overIterable(
    [...dict(vm, args[0], '__reversed__').entries.values()].reverse().map((e) => e[0]),
    'dict_reversekeyiterator',
  );

/** `dict.fromkeys(iterable, value)`: the class comes first. */
export const fromkeys: NativeCall = (vm, args) => {
  const d = vm.call(args[0]!, []);
  const value = args[2] ?? null;
  if (args[1] instanceof Unknown) return unknownFrom(args[1]);
  for (const k of vm.iterate(args[1]!)) {
    if (d instanceof PyDict) dictSet(vm, d, k, value);
    else vm.call(vm.getAttr(d, '__setitem__'), [k, value]);
  }
  return d;
};

export const viewMethods: Record<string, NativeCall> = {
  isdisjoint: native('isdisjoint', 'self, other, /', (vm, self, other) => {
    for (const v of vm.iterate(other!)) {
      for (const w of vm.iterate(self!)) if (vm.equal(v, w)) return false;
    }
    return true;
  }),
  __reversed__: (vm, args) => overIterable([...vm.iterate(args[0]!)].reverse()),
};

export const proxyMethods: Record<string, NativeCall> = Object.fromEntries(
  ['get', 'keys', 'values', 'items', 'copy'].map((name) => [
    name,
    ((vm, args, kwargs) =>
      vm.call(vm.getAttr((args[0] as MappingProxy).mapping, name), args.slice(1), kwargs)) as NativeCall,
  ]),
);
