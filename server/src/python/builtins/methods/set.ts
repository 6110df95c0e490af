/** Methods of `set` and `frozenset`. */
import { raise } from '../../errors.js';
import { heap, type Interp, type NativeCall, PyClass, PySet, Unknown, type Value } from '../../values.js';
import { native } from '../arguments.js';
import { nativeBinary } from '../arithmetic.js';
import { nativeCompare } from '../compare.js';
import { isOpen, setAdd, setDelete, setFrom } from '../hash.js';
import { missingKey } from '../items.js';
import { typeName } from '../special.js';
import { firstUnknown, unknownFrom } from '../types.js';

function set(vm: Interp, v: Value | undefined, name: string): PySet {
  if (v instanceof PySet) return v;
  raise('TypeError', `descriptor '${name}' for 'set' objects doesn't apply to a '${typeName(vm, v ?? null)}' object`);
}

function asSet(vm: Interp, v: Value): PySet {
  return v instanceof PySet ? v : setFrom(vm, vm.iterate(v));
}

/** union, intersection … over any number of iterables. */
function algebra(name: string, op: '|' | '&' | '-' | '^', inPlace: boolean): [string, NativeCall] {
  return [
    name,
    (vm, args) => {
      const self = set(vm, args[0], name);
      const unknown = firstUnknown(args);
      if (unknown !== undefined) {
        if (!inPlace) return unknownFrom(unknown);
        setAdd(vm, self, unknown);
        return null;
      }
      let result: PySet = new PySet(self.frozen);
      result.assign(self.items);
      for (const other of args.slice(1)) result = nativeBinary(vm, op, result, asSet(vm, other)) as PySet;
      if (!inPlace) return result;
      heap.touch(self);
      self.assign(result.items);
      return null;
    },
  ];
}

function relation(name: string, test: (vm: Interp, a: PySet, b: PySet) => Value): [string, NativeCall] {
  return [
    name,
    native(name, 'self, other, /', (vm, self, other) => {
      if (other instanceof Unknown) return unknownFrom(other, 'bool');
      return test(vm, set(vm, self, name), asSet(vm, other!));
    }),
  ];
}

const shared: [string, NativeCall][] = [
  algebra('union', '|', false),
  algebra('intersection', '&', false),
  algebra('difference', '-', false),
  algebra('symmetric_difference', '^', false),
  relation('issubset', (vm, a, b) => nativeCompare(vm, '<=', a, b)!),
  relation('issuperset', (vm, a, b) => nativeCompare(vm, '>=', a, b)!),
  relation('isdisjoint', (vm, a, b) => {
    if (isOpen(a) || isOpen(b)) return new Unknown('a set that holds an unknown element', null, 'bool');
    return (nativeBinary(vm, '&', a, b) as PySet).items.size === 0;
  }),
  [
    'copy',
    (vm, args) => {
      const self = set(vm, args[0], 'copy');
      return setFrom(vm, self.items.values(), self.frozen);
    },
  ],
];

export const frozensetMethods: Record<string, NativeCall> = Object.fromEntries(shared);

export const setMethods: Record<string, NativeCall> = {
  ...frozensetMethods,
  ...Object.fromEntries([
    algebra('update', '|', true),
    algebra('intersection_update', '&', true),
    algebra('difference_update', '-', true),
    algebra('symmetric_difference_update', '^', true),
  ]),
  add: native('add', 'self, element, /', (vm, self, v) => {
    setAdd(vm, set(vm, self, 'add'), v!);
    return null;
  }),
  discard: native('discard', 'self, element, /', (vm, self, v) => {
    setDelete(vm, set(vm, self, 'discard'), v!);
    return null;
  }),
  remove: native('remove', 'self, element, /', (vm, self, v) => {
    if (!setDelete(vm, set(vm, self, 'remove'), v!)) missingKey(v!);
    return null;
  }),
  pop: native('pop', 'self, /', (vm, self) => {
    const s = set(vm, self, 'pop');
    const first = s.items.entries().next();
    if (first.done) raise('KeyError', 'pop from an empty set');
    heap.touch(s);
    s.writable.delete(first.value[0]);
    return first.value[1];
  }),
  clear: native('clear', 'self, /', (vm, self) => {
    const s = set(vm, self, 'clear');
    heap.touch(s);
    s.writable.clear();
    return null;
  }),
  __init__: (vm, args) => {
    const s = set(vm, args[0], '__init__');
    if (args[1] === undefined || args[1] instanceof PyClass) return null;
    const items = args[1] instanceof Unknown ? [args[1]] : [...vm.iterate(args[1])];
    heap.touch(s);
    s.writable.clear();
    for (const v of items) setAdd(vm, s, v);
    return null;
  },
};
