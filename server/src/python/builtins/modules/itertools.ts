/** `itertools`, lazy as CPython's. */

import { raise } from '../../errors.js';
import { Attributes } from '../../instanceAttributes.js';
import {
  HostIterator,
  type Interp,
  type NativeCall,
  NativeFunction,
  type PyIterator,
  PyTuple,
  Unknown,
  type Value,
} from '../../values.js';
import { bindArguments } from '../arguments.js';
import { requireIndex } from '../items.js';
import { iter, next, overIterable } from '../iterators.js';
import { binaryOp } from '../operators.js';
import { unknownFrom } from '../types.js';
import type { NativeModule } from './define.js';

/** Iterators of the arguments, or the first unknown among them. */
function iterators(vm: Interp, sources: readonly Value[]): Value[] | Unknown {
  const its = sources.map((s) => iter(vm, s));
  return (its.find((i) => i instanceof Unknown) as Unknown | undefined) ?? its;
}

/** A native whose lazily run body is a host generator; unknown sources give an Unknown. */
function lazy(
  name: string,
  make: (vm: Interp, args: Value[], kwargs: Map<string, Value>) => Iterable<Value> | Unknown,
): [string, NativeFunction] {
  const call: NativeCall = (vm, args, kwargs) => {
    const made = make(vm, args, kwargs ?? new Map());
    return made instanceof Unknown ? unknownFrom(made) : overIterable(made, name);
  };
  return [name, new NativeFunction(`itertools.${name}`, call)];
}

function* walk(vm: Interp, it: Value): Iterable<Value> {
  for (let v = next(vm, it); v !== undefined; v = next(vm, it)) yield v;
}

/** A function of one iterator. */
function over(
  name: string,
  signature: string,
  body: (vm: Interp, it: Value, rest: (Value | undefined)[]) => Iterable<Value>,
  at = 0,
): [string, NativeFunction] {
  return lazy(name, (vm, args, kwargs) => {
    const bound = bindArguments(name, signature, args, kwargs);
    const it = iter(vm, bound[at]!);
    if (it instanceof Unknown) return it;
    return body(
      vm,
      it,
      bound.filter((_, i) => i !== at),
    );
  });
}

const list = (vm: Interp, v: Value): Value[] | Unknown => (v instanceof Unknown ? v : [...vm.iterate(v)]);

function* combine(pool: readonly Value[], r: number, repeat: boolean): Iterable<Value> {
  const n = pool.length;
  if (r > n && !(repeat && n > 0)) return;
  const index = Array.from({ length: r }, (_, i) => (repeat ? 0 : i));
  for (;;) {
    yield new PyTuple(index.map((i) => pool[i]!));
    let i = r - 1;
    while (i >= 0 && index[i] === (repeat ? n - 1 : i + n - r)) i--;
    if (i < 0) return;
    const base = index[i]! + 1;
    for (let j = i; j < r; j++) index[j] = repeat ? base : base + j - i;
  }
}

function* permute(pool: readonly Value[], r: number): Iterable<Value> {
  const n = pool.length;
  if (r > n) return;
  const used = new Array<boolean>(n).fill(false);
  const chosen: number[] = [];
  function* descend(): Iterable<Value> {
    if (chosen.length === r) {
      yield new PyTuple(chosen.map((i) => pool[i]!));
      return;
    }
    for (let i = 0; i < n; i++) {
      if (used[i]) continue;
      used[i] = true;
      chosen.push(i);
      yield* descend();
      chosen.pop();
      used[i] = false;
    }
  }
  yield* descend();
}

function* cartesian(pools: readonly (readonly Value[])[]): Iterable<Value> {
  if (pools.some((p) => p.length === 0)) return;
  const index = pools.map(() => 0);
  for (;;) {
    yield new PyTuple(index.map((i, k) => pools[k]![i]!));
    let k = pools.length - 1;
    while (k >= 0 && index[k] === pools[k]!.length - 1) index[k--] = 0;
    if (k < 0) return;
    index[k]!++;
  }
}

function chosen(name: string, repeat: boolean): [string, NativeFunction] {
  return lazy(name, (vm, args, kwargs) => {
    const [source, r] = bindArguments(name, 'iterable, r', args, kwargs);
    const pool = list(vm, source!);
    const size = requireIndex(vm, r!);
    if (pool instanceof Unknown) return pool;
    if (size instanceof Unknown) return size;
    if (size < 0) raise('ValueError', 'r must be non-negative');
    return combine(pool, size, repeat);
  });
}

function chain(sources: Iterable<Value>): Value {
  const outer = sources[Symbol.iterator]();
  let inner: Value | null = null;
  return new HostIterator((m) => {
    for (;;) {
      if (inner === null) {
        const step = outer.next();
        if (step.done) return undefined;
        inner = iter(m, step.value);
        if (inner instanceof Unknown) {
          const u: Unknown = inner;
          inner = null;
          return m.gap('itertools.chain', `a part of unknown length: ${u.why}`);
        }
      }
      const v = next(m, inner!);
      if (v !== undefined) return v;
      inner = null;
    }
  }, 'chain');
}

function makeChain(): NativeFunction {
  const f = new NativeFunction('itertools.chain', (_vm, args) => {
    const unknown = args.find((a) => a instanceof Unknown);
    return unknown instanceof Unknown ? unknownFrom(unknown) : chain(args);
  });
  f.attrs = new Attributes().set(
    'from_iterable',
    new NativeFunction('itertools.chain.from_iterable', (vm, args) =>
      args[0] instanceof Unknown ? unknownFrom(args[0]) : chain(vm.iterate(args[0]!)),
    ),
  );
  return f;
}

function groupby(vm: Interp, source: Value, key: Value): Value {
  const it = iter(vm, source);
  if (it instanceof Unknown) return unknownFrom(it);
  const keyOf = (m: Interp, v: Value) => (key === null ? v : m.call(key, [v]));
  // the shared state of the group iterators: the element read ahead and its key
  let ahead: Value | undefined = next(vm, it);
  let aheadKey: Value = ahead === undefined ? null : keyOf(vm, ahead);
  let group: object | null = null;
  let groupKey: Value = null;
  const advance = (m: Interp) => {
    ahead = next(m, it);
    if (ahead !== undefined) aheadKey = keyOf(m, ahead);
  };
  return new HostIterator((m) => {
    if (group !== null) while (ahead !== undefined && m.equal(aheadKey, groupKey)) advance(m);
    if (ahead === undefined) return undefined;
    const own = {};
    group = own;
    groupKey = aheadKey;
    const mine = groupKey;
    const members: PyIterator = new HostIterator((k) => {
      if (group !== own || ahead === undefined || !k.equal(aheadKey, mine)) return undefined;
      const v = ahead;
      advance(k);
      return v;
    }, 'itertools._grouper');
    return new PyTuple([mine, members]);
  }, 'itertools.groupby');
}

function tee(vm: Interp, source: Value, count: number): Value {
  const it = iter(vm, source);
  const buffer: Value[] = [];
  let ended = false;
  const copies = Array.from({ length: count }, () => {
    let at = 0;
    return new HostIterator((m) => {
      if (at >= buffer.length) {
        if (ended) return undefined;
        const v = next(m, it);
        if (v === undefined) {
          ended = true;
          return undefined;
        }
        buffer.push(v);
      }
      return buffer[at++]!;
    }, 'itertools._tee');
  });
  return new PyTuple(copies);
}

function* slice(vm: Interp, it: Value, start: number, stop: number, step: number): Iterable<Value> {
  let i = 0;
  let wanted = start;
  while (wanted < stop) {
    let v: Value | undefined;
    for (; i <= wanted; i++) {
      v = next(vm, it);
      if (v === undefined) return;
    }
    yield v!;
    wanted += step;
  }
  for (; i < stop && Number.isFinite(stop); i++) if (next(vm, it) === undefined) return;
}

export const itertoolsModule: NativeModule = {
  chain: makeChain(),
  groupby: new NativeFunction('itertools.groupby', (vm, args, kwargs) => {
    const [source, key] = bindArguments('groupby', 'iterable, key=', args, kwargs);
    return groupby(vm, source!, key ?? null);
  }),
  tee: new NativeFunction('itertools.tee', (vm, args) =>
    tee(vm, args[0]!, args[1] === undefined ? 2 : Number(args[1])),
  ),
  ...Object.fromEntries([
    lazy('count', (vm, args, kwargs) => {
      const [start, step] = bindArguments('count', 'start=, step=', args, kwargs);
      return (function* () {
        for (let v: Value = start ?? 0; ; v = binaryOp(vm, '+', v, step ?? 1)) yield v;
      })();
    }),
    over('cycle', 'iterable, /', function* (vm, it) {
      const saved: Value[] = [];
      for (const v of walk(vm, it)) {
        saved.push(v);
        yield v;
      }
      while (saved.length > 0) yield* saved;
    }),
    lazy('repeat', (vm, args, kwargs) => {
      const [object, times] = bindArguments('repeat', 'object, times=', args, kwargs);
      const n = times === undefined ? Number.POSITIVE_INFINITY : requireIndex(vm, times);
      if (n instanceof Unknown) return n;
      return (function* () {
        for (let i = 0; i < n; i++) yield object!;
      })();
    }),
    over('accumulate', 'iterable, func=, *, initial=', function* (vm, it, [func, initial]) {
      let total: Value | undefined = initial === undefined || initial === null ? next(vm, it) : initial;
      if (total === undefined) return;
      yield total;
      for (const v of walk(vm, it)) {
        total = func === undefined || func === null ? binaryOp(vm, '+', total!, v) : vm.call(func, [total!, v]);
        yield total;
      }
    }),
    lazy('compress', (vm, args) => {
      const its = iterators(vm, args);
      if (its instanceof Unknown) return its;
      return (function* () {
        for (const v of walk(vm, its[0]!)) {
          const keep = next(vm, its[1]!);
          if (keep === undefined) return;
          if (vm.truthy(keep)) yield v;
        }
      })();
    }),
    over(
      'dropwhile',
      'predicate, iterable, /',
      function* (vm, it, [predicate]) {
        let dropping = true;
        for (const v of walk(vm, it)) {
          if (dropping && vm.truthy(vm.call(predicate!, [v]))) continue;
          dropping = false;
          yield v;
        }
      },
      1,
    ),
    over(
      'takewhile',
      'predicate, iterable, /',
      function* (vm, it, [predicate]) {
        for (const v of walk(vm, it)) {
          if (!vm.truthy(vm.call(predicate!, [v]))) return;
          yield v;
        }
      },
      1,
    ),
    over(
      'filterfalse',
      'predicate, iterable, /',
      function* (vm, it, [predicate]) {
        for (const v of walk(vm, it)) if (!vm.truthy(predicate === null ? v : vm.call(predicate!, [v]))) yield v;
      },
      1,
    ),
    over(
      'starmap',
      'function, iterable, /',
      function* (vm, it, [func]) {
        for (const v of walk(vm, it)) yield vm.call(func!, [...vm.iterate(v)]);
      },
      1,
    ),
    over('pairwise', 'iterable, /', function* (vm, it) {
      let last = next(vm, it);
      if (last === undefined) return;
      for (const v of walk(vm, it)) {
        yield new PyTuple([last, v]);
        last = v;
      }
    }),
    over('batched', 'iterable, n, /', function* (vm, it, [n]) {
      const size = Number(requireIndex(vm, n!));
      for (let batch: Value[] = []; ; batch = []) {
        for (let v = next(vm, it); v !== undefined; v = next(vm, it)) {
          batch.push(v);
          if (batch.length === size) break;
        }
        if (batch.length === 0) return;
        yield new PyTuple(batch);
      }
    }),
    lazy('islice', (vm, args) => {
      const it = iter(vm, args[0]!);
      if (it instanceof Unknown) return it;
      const bounds = args.slice(1).map((a) => (a === null ? null : requireIndex(vm, a)));
      const unknown = bounds.find((b) => b instanceof Unknown);
      if (unknown instanceof Unknown) return unknown;
      const [a, b, c] = bounds as (number | null)[];
      if (bounds.some((v) => typeof v === 'number' && v < 0))
        raise('ValueError', 'Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.');
      if (args.length === 2) return slice(vm, it, 0, a ?? Number.POSITIVE_INFINITY, 1);
      return slice(vm, it, a ?? 0, b ?? Number.POSITIVE_INFINITY, c ?? 1);
    }),
    lazy('zip_longest', (vm, args, kwargs) => {
      const its = iterators(vm, args);
      if (its instanceof Unknown) return its;
      const fill = kwargs.get('fillvalue') ?? null;
      return (function* () {
        const ended = its.map(() => false);
        for (;;) {
          const row = its.map((it, i) => {
            const v = ended[i] ? undefined : next(vm, it);
            if (v === undefined) ended[i] = true;
            return v ?? (ended[i] ? fill : null);
          });
          if (ended.every(Boolean)) return;
          yield new PyTuple(row);
        }
      })();
    }),
    lazy('product', (vm, args, kwargs) => {
      const repeat = Number(kwargs.get('repeat') ?? 1);
      const pools: Value[][] = [];
      for (const a of args) {
        const pool = list(vm, a);
        if (pool instanceof Unknown) return pool;
        pools.push(pool);
      }
      return cartesian(Array.from({ length: repeat }, () => pools).flat());
    }),
    chosen('combinations', false),
    chosen('combinations_with_replacement', true),
    lazy('permutations', (vm, args, kwargs) => {
      const [source, r] = bindArguments('permutations', 'iterable, r=', args, kwargs);
      const pool = list(vm, source!);
      if (pool instanceof Unknown) return pool;
      return permute(pool, r === undefined || r === null ? pool.length : Number(r));
    }),
  ] as [string, NativeFunction][]),
};
