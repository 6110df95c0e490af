/** Methods of `list` and `tuple`, and sorting. */
import { raise } from '../../errors.js';
import { heap, type Interp, type NativeCall, PyList, PyTuple, Unknown, type Value } from '../../values.js';
import { bindArguments, native } from '../arguments.js';
import { equalValues, richCompare, truth } from '../compare.js';
import { requireIndex } from '../items.js';
import { typeName } from '../special.js';
import { keyword, unknownFrom } from '../types.js';

/** Stable sort by `<`; an Unknown when an order depends on an unknown. */
export function sortValues(vm: Interp, items: readonly Value[], key: Value, reverse: boolean): Value[] | Unknown {
  const keyed = items.map((value) => ({ value, by: key === null ? value : vm.call(key, [value]) }));
  const hidden = keyed.find((k) => k.by instanceof Unknown);
  if (hidden !== undefined && keyed.length > 1) return hidden.by as Unknown;
  let open: Unknown | null = null;
  const less = (a: Value, b: Value): boolean => {
    const r = truth(vm, richCompare(vm, '<', a, b));
    if (typeof r === 'boolean') return r;
    open = r;
    return false;
  };
  // reversing before and after keeps equal elements in their order
  if (reverse) keyed.reverse();
  const sorted = mergeSort(keyed, (a, b) => less(a.by, b.by));
  if (reverse) sorted.reverse();
  return open ?? sorted.map((k) => k.value);
}

/** Insertion of later into earlier elements is decided by `less(later, earlier)` alone, as in CPython. */
function mergeSort<T>(items: T[], less: (a: T, b: T) => boolean): T[] {
  if (items.length < 2) return items;
  const middle = items.length >> 1;
  const left = mergeSort(items.slice(0, middle), less);
  const right = mergeSort(items.slice(middle), less);
  const out: T[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) out.push(less(right[j]!, left[i]!) ? right[j++]! : left[i++]!);
  while (i < left.length) out.push(left[i++]!);
  while (j < right.length) out.push(right[j++]!);
  return out;
}

function list(vm: Interp, v: Value | undefined, name: string): PyList {
  if (v instanceof PyList) return v;
  raise('TypeError', `descriptor '${name}' for 'list' objects doesn't apply to a '${typeName(vm, v ?? null)}' object`);
}

function method(
  name: string,
  signature: string,
  body: (vm: Interp, self: PyList, ...rest: (Value | undefined)[]) => Value,
): [string, NativeCall] {
  return [
    name,
    native(`list.${name}`, `self, /${signature === '' ? '' : `, ${signature}`}`, (vm, self, ...rest) =>
      body(vm, list(vm, self, name), ...rest),
    ),
  ];
}

/** Index of the first equal element; -1 when none, an Unknown when that cannot be told. */
function search(vm: Interp, items: readonly Value[], wanted: Value, from: number, to: number): number | Unknown {
  for (let i = from; i < to; i++) {
    const same = equalValues(vm, items[i]!, wanted);
    if (same === true) return i;
    if (same instanceof Unknown) return same;
  }
  return -1;
}

function indexOf(
  vm: Interp,
  items: readonly Value[],
  wanted: Value,
  start: Value | undefined,
  stop: Value | undefined,
  what: string,
): Value {
  const bound = (v: Value | undefined, fallback: number) => {
    if (v === undefined) return fallback;
    const i = Number(requireIndex(vm, v));
    return Math.min(Math.max(i < 0 ? i + items.length : i, 0), items.length);
  };
  const i = search(vm, items, wanted, bound(start, 0), bound(stop, items.length));
  if (i instanceof Unknown) return unknownFrom(i, 'int');
  if (i < 0)
    raise('ValueError', what === 'list' ? `${vm.repr(wanted)} is not in list` : 'tuple.index(x): x not in tuple');
  return i;
}

function countOf(vm: Interp, items: readonly Value[], wanted: Value): Value {
  let n = 0;
  for (const v of items) {
    const same = equalValues(vm, v, wanted);
    if (same instanceof Unknown) return unknownFrom(same, 'int');
    if (same) n++;
  }
  return n;
}

export const listMethods: Record<string, NativeCall> = Object.fromEntries([
  method('append', 'object, /', (_vm, self, v) => {
    heap.touch(self);
    self.items.push(v!);
    return null;
  }),
  method('extend', 'iterable, /', (vm, self, v) => {
    if (v instanceof Unknown) {
      heap.touch(self);
      // one unknown element stands for however many there are: the length itself is not certain any more
      self.items.push(vm.gap('list.extend', `unknown number of elements: ${v.why}`));
      return null;
    }
    const items = v instanceof PyList || v instanceof PyTuple ? v.items.slice() : [...vm.iterate(v!)];
    heap.touch(self);
    for (const item of items) self.items.push(item);
    return null;
  }),
  method('insert', 'index, object, /', (vm, self, at, v) => {
    const i = requireIndex(vm, at!);
    heap.touch(self);
    if (i instanceof Unknown) self.items = [...self.items, v!].map(() => unknownFrom(i));
    else {
      const n = self.items.length;
      self.items.splice(Math.min(Math.max(i < 0 ? i + n : i, 0), n), 0, v!);
    }
    return null;
  }),
  method('pop', 'index=, /', (vm, self, at) => {
    const n = self.items.length;
    if (n === 0) raise('IndexError', 'pop from empty list');
    const i = at === undefined ? -1 : requireIndex(vm, at);
    heap.touch(self);
    if (i instanceof Unknown) {
      self.items = self.items.slice(1).map(() => unknownFrom(i));
      return unknownFrom(i);
    }
    const k = i < 0 ? i + n : i;
    if (k < 0 || k >= n) raise('IndexError', 'pop index out of range');
    return self.items.splice(k, 1)[0]!;
  }),
  method('remove', 'value, /', (vm, self, v) => {
    const i = search(vm, self.items, v!, 0, self.items.length);
    heap.touch(self);
    if (i instanceof Unknown) self.items = self.items.slice(1).map(() => unknownFrom(i));
    else if (i < 0) raise('ValueError', 'list.remove(x): x not in list');
    else self.items.splice(i, 1);
    return null;
  }),
  method('clear', '', (_vm, self) => {
    heap.touch(self);
    self.items = [];
    return null;
  }),
  method('reverse', '', (_vm, self) => {
    heap.touch(self);
    self.items = self.items.slice().reverse();
    return null;
  }),
  method('copy', '', (_vm, self) => new PyList(self.items.slice())),
  method('index', 'value, start=, stop=, /', (vm, self, v, a, b) => indexOf(vm, self.items, v!, a, b, 'list')),
  method('count', 'value, /', (vm, self, v) => countOf(vm, self.items, v!)),
] as [string, NativeCall][]);

listMethods['sort'] = (vm, args, kwargs) => {
  const self = list(vm, args[0], 'sort');
  const [, key, reverse] = bindArguments('sort', 'self, /, *, key=, reverse=', args, kwargs);
  const sorted = sortValues(vm, self.items, key ?? null, reverse !== undefined && vm.truthy(reverse));
  heap.touch(self);
  self.items = sorted instanceof Unknown ? self.items.map(() => unknownFrom(sorted)) : sorted;
  return null;
};

/** `list.__init__`: refills the list. */
listMethods['__init__'] = (vm, args, kwargs) => {
  const self = list(vm, args[0], '__init__');
  const source = args[1] ?? keyword(kwargs, 'iterable');
  if (source === undefined) return null;
  const items =
    source instanceof Unknown ? [vm.gap('list', `unknown elements: ${source.why}`)] : [...vm.iterate(source)];
  heap.touch(self);
  self.items = items;
  return null;
};

export const tupleMethods: Record<string, NativeCall> = {
  index: native('index', 'self, value, start=, stop=, /', (vm, self, v, a, b) =>
    indexOf(vm, (self as PyTuple).items, v!, a, b, 'tuple'),
  ),
  count: native('count', 'self, value, /', (vm, self, v) => countOf(vm, (self as PyTuple).items, v!)),
};
