/**
 * Memory of module calls. A call is remembered by everything it can read: the module's whole
 * structure (classes, attributes, shapes of parameters and buffers, modes, hooks), the
 * arguments and PyTorch's state. It is reused only if it wrote nothing but objects it
 * created itself, and only while nothing outside module structures has been written since:
 * so 80 identical layers cost one, and memoised equals not memoised.
 */
import type { Code } from '../python/bytecode.js';
import type { Ground } from '../python/dependencies.js';
import { type AttributeMap, Attributes } from '../python/instanceAttributes.js';
import { Cell, PyFunction } from '../python/objects.js';
import { Owners } from '../python/owners.js';
import {
  BoundMethod,
  type HeapObserver,
  heap,
  type Keywords,
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
} from '../python/values.js';
import { DType } from '../torch/dtype.js';
import type { TorchState } from '../torch/kernel.js';
import { isModule } from '../torch/moduleClass.js';
import { Storage, TensorValue } from '../torch/tensor.js';
import { PairTable } from './pairTable.js';
import { RecentMap } from './recentMap.js';
import type { CallTensors, ScopeBody } from './trace.js';

export interface Remembered {
  readonly body: ScopeBody;
  /** The result, with arguments that came back marked by position. */
  readonly result: Value;
  readonly passedThrough: ReadonlyMap<TensorValue, number>;
  /** The call itself: its tensors are those in `body`. */
  readonly tensors: CallTensors;
  readonly epoch: number;
  /** User code that ran and module-level names that it read; the entry dies when one of them is replaced. */
  readonly rests: ReadonlySet<Ground>;
}

/** Each holds the model that it was first seen in; a file's models seldom make a thousand. */
const mostCalls = 3_000;

/** What a number in a description stands for; distinct values of one kind differ in the second number of the pair. */
enum Kind {
  None = 1,
  True,
  False,
  Int,
  Number,
  Text,
  BigInt,
  Float,
  Tensor,
  Numbers,
  Tuple,
  List,
  Dict,
  Set,
  DType,
  Class,
  Range,
  Slice,
  Bytes,
  Complex,
  Native,
  Method,
  Function,
  Unset,
  Module,
  ModuleClass,
  Instance,
  Payload,
  Attributes,
  Name,
  Object,
  End,
}

const numbers = new PairTable(Kind.End);

/**
 * A text that was put together from many is kept by V8 as all of them until something reads it as a whole, as a
 * conversion does: with long keys that is most of the memory.
 */
export function inOnePiece(text: string): string {
  void Number(text);
  return text;
}

/** Thrown while describing something whose identity matters: the call is then not remembered. */
const indescribable = Symbol('indescribable');

const hashes = new WeakMap<readonly number[], string>();
/** Long ones are hashed once: the weights of many layers share them (see `filled`). */
function hashNumbers(values: readonly number[]): string {
  if (values.length <= 16) return values.join(',');
  let hash = hashes.get(values);
  if (hash === undefined) {
    hash = hashAll(values);
    hashes.set(values, hash);
  }
  return hash;
}

function hashAll(values: readonly number[]): string {
  let a = 0x811c9dc5;
  let b = 0x01234567;
  for (const v of values) {
    const bits = Number.isInteger(v) ? v | 0 : Math.fround(v * 65536) | 0;
    a = Math.imul(a ^ bits, 0x01000193);
    b = Math.imul(b + bits, 0x85ebca6b) ^ (b >>> 13);
  }
  return `${values.length}#${a}#${b}#${values[0]}#${values[values.length - 1]}`;
}

export class CallMemory implements HeapObserver {
  private readonly calls = new RecentMap<string, Remembered>(mostCalls);
  private describing: PyInstance | null = null;
  /** Bumped by writes to module structure: signatures are described anew. */
  private structure = 0;
  /** Bumped by writes to anything else that is older than the run: nothing remembered before holds. */
  private outside = 0;
  /** Serial number at the start of the run. */
  private runStart = 0;
  /** Open calls: serial at their start, and whether they wrote to something older. */
  readonly open: { start: number; impure: boolean; rests: Set<Ground> }[] = [];
  hits = 0;
  /** The last run wrote to something older than itself: what was built before it is not what it was. */
  wroteOutside = false;

  get epoch(): number {
    return this.outside;
  }

  /** Changes whenever a module that was described is written to. */
  get structureEpoch(): number {
    return this.structure;
  }

  beginRun(): void {
    this.runStart = heap.now;
    this.open.length = 0;
    this.wroteOutside = false;
    heap.observer = this;
  }

  endRun(): void {
    heap.observer = null;
    this.open.length = 0;
  }

  touch(object: PyObject): void {
    const { serial } = object;
    for (let i = this.open.length - 1; i >= 0; i--) {
      const o = this.open[i]!;
      if (serial >= o.start) break;
      o.impure = true;
    }
    if (serial >= this.runStart) return;
    this.wroteOutside = true;
    const isDescribed = object instanceof PyInstance && object.signature !== 'never';
    if (!isDescribed && object.describes === null) {
      this.outside++;
      return;
    }
    // a tensor's content does not change which modules there are
    if (!(object instanceof TensorValue)) this.structure++;
    if (isDescribed) this.redescribe(object);
    this.redescribeOwners(object);
  }

  private redescribe(m: PyInstance): void {
    if (typeof m.signature !== 'number') return;
    m.signature = 'stale';
    this.redescribeOwners(m);
  }

  private redescribeOwners(object: PyObject): void {
    const owners = object.describes;
    if (owners instanceof Owners) owners.each((m) => this.redescribe(m));
    else if (owners !== null) this.redescribe(owners);
  }

  private own(object: PyObject): void {
    const m = this.describing;
    if (m === null) return;
    const owners = object.describes;
    if (owners === null) object.describes = m;
    else if (owners instanceof Owners) owners.add(m);
    else if (owners !== m) object.describes = new Owners(owners, m);
  }

  /** Forgets calls that rest on what was replaced. */
  forget(stale: ReadonlySet<Ground>): void {
    this.calls.nextText();
    forgetStale(this.calls, stale);
  }

  clear(): void {
    this.calls.clear();
  }

  find(key: string): Remembered | null {
    const r = this.calls.get(key);
    if (r === undefined || r.epoch !== this.outside) return null;
    this.hits++;
    return r;
  }

  store(key: string, r: Remembered): void {
    this.calls.set(inOnePiece(key), r);
  }

  /** null when something in it cannot be described. */
  key(module: PyInstance, args: readonly Value[], kwargs: Keywords, state: TorchState): string | null {
    try {
      let key = `${this.module(module)}|`;
      for (const a of args) key += `${this.describe(a, 0)};`;
      if (kwargs !== null) for (const [k, v] of kwargs) key += `${k}=${this.describe(v, 0)};`;
      const { gradEnabled, inferenceMode, autocast, defaultDtype, defaultDevice, version } = state;
      key += `|${gradEnabled}${inferenceMode}${defaultDtype.name}${defaultDevice}${version.join('.')}`;
      if (autocast.size > 0) for (const [d, t] of autocast) key += `${d}:${t.name}`;
      return key;
    } catch (e) {
      if (e === indescribable) return null;
      throw e;
    }
  }

  private module(m: PyInstance): number {
    // the module around this one holds it
    this.own(m);
    if (typeof m.signature === 'number') return m.signature;
    const outer = this.describing;
    this.describing = m;
    // a module that contains itself is described by identity inside
    m.signature = -m.serial;
    try {
      const id = numbers.pair(numbers.pair(Kind.ModuleClass, m.cls.serial), this.attributes(m.attrs!, 1));
      m.signature = id;
      return id;
    } catch (e) {
      m.signature = 'stale';
      throw e;
    } finally {
      this.describing = outer;
    }
  }

  /** One number for all values that are the same to a call. */
  private describe(v: Value, depth: number): number {
    switch (typeof v) {
      case 'number':
        return number(v);
      case 'string':
        return text(Kind.Text, v);
      case 'boolean':
        return v ? Kind.True : Kind.False;
      case 'bigint':
        return text(Kind.BigInt, String(v));
      default:
    }
    if (v === null) return Kind.None;
    if (depth > 12) throw indescribable;
    if (v instanceof TensorValue) return this.tensor(v);
    if (v instanceof PyFloat) return text(Kind.Float, String(v.value));
    if (v instanceof PyTuple) return this.sequence(Kind.Tuple, v.items, v.cls, depth);
    if (v instanceof PyList) {
      this.own(v);
      return this.sequence(Kind.List, v.items, v.cls, depth);
    }
    if (v instanceof PyDict) {
      this.own(v);
      let id = start(Kind.Dict, v.entries.size, v.cls);
      for (const [k, x] of v.entries.values())
        id = numbers.pair(numbers.pair(id, this.describe(k, depth + 1)), this.describe(x, depth + 1));
      return id;
    }
    if (v instanceof PySet) {
      this.own(v);
      return this.sequence(Kind.Set, [...v.items.values()], v.cls, depth);
    }
    if (v instanceof DType) return text(Kind.DType, v.name);
    if (v instanceof PyClass) return numbers.pair(Kind.Class, v.serial);
    if (v instanceof PyRange) return numbersOf(Kind.Range, [v.start, v.stop, v.step]);
    if (v instanceof PySlice) return this.sequence(Kind.Slice, [v.start, v.stop, v.step], null, depth);
    if (v instanceof PyBytes) return text(Kind.Bytes, v.value);
    if (v instanceof PyComplex) return text(Kind.Complex, `${v.real},${v.imag}`);
    if (v instanceof NativeFunction) return numbers.pair(Kind.Native, v.serial);
    if (v instanceof BoundMethod) return this.sequence(Kind.Method, [v.self, v.func], null, depth);
    if (v instanceof PyFunction) return this.function(v, depth);
    // what is unknown has no content to compare
    if (v instanceof Unknown) throw indescribable;
    if (isModule(v)) return numbers.pair(Kind.Module, this.module(v));
    if (v instanceof PyInstance) {
      this.own(v);
      const id = numbers.pair(numbers.pair(Kind.Instance, v.cls.serial), this.attributes(v.attrs!, depth + 1));
      return v.payload === undefined
        ? id
        : numbers.pair(numbers.pair(Kind.Payload, id), this.describe(v.payload, depth + 1));
    }
    return numbers.pair(Kind.Object, v.serial);
  }

  private sequence(kind: Kind, items: readonly Value[], cls: PyClass | null, depth: number): number {
    let id = start(kind, items.length, cls);
    for (const x of items) id = numbers.pair(id, this.describe(x, depth + 1));
    return id;
  }

  private attributes(attrs: AttributeMap, depth: number): number {
    if (attrs instanceof Attributes) {
      let id = numbers.pair(numbers.pair(Kind.Attributes, attrs.namesId), attrs.size);
      attrs.forEach((x) => {
        id = numbers.pair(id, this.describe(x, depth));
      });
      return id;
    }
    let id = numbers.pair(Kind.Name, attrs.size);
    for (const [name, x] of attrs) id = numbers.pair(numbers.pair(id, numbers.text(name)), this.describe(x, depth));
    return id;
  }

  private function(f: PyFunction, depth: number): number {
    let id = numbers.pair(numbers.pair(Kind.Function, codeId(f.code)), f.defaults.length);
    for (const d of f.defaults) id = numbers.pair(id, this.describe(d, depth + 1));
    for (const c of f.closure ?? []) {
      const value = c instanceof Cell ? c.value : undefined;
      id = numbers.pair(id, value === undefined ? Kind.Unset : this.describe(value, depth + 1));
    }
    return id;
  }

  private tensor(t: TensorValue): number {
    this.own(t);
    const { values } = t;
    const flags = (t.requiresGrad ? 1 : 0) + (t.isParameter ? 2 : 0);
    let id = numbers.pair(numbersOf(Kind.Tensor, t.shape), numbersOf(Kind.Numbers, t.strides));
    id = numbers.pair(numbers.pair(id, numbers.text(t.dtype.name)), numbers.text(t.device));
    return numbers.pair(numbers.pair(id, flags), values === null ? Kind.None : numbers.text(hashNumbers(values)));
  }
}

function number(v: number): number {
  return (v | 0) === v ? numbers.pair(Kind.Int, v) : text(Kind.Number, String(v));
}

function text(kind: Kind, v: string): number {
  return numbers.pair(kind, numbers.text(v));
}

function numbersOf(kind: Kind, all: readonly number[]): number {
  let id = numbers.pair(kind, all.length);
  for (const n of all) id = numbers.pair(id, number(n));
  return id;
}

/** Of something with that many members; how many of them decides what follows. */
function start(kind: Kind, length: number, cls: PyClass | null): number {
  return numbers.pair(numbers.pair(kind, length), cls === null ? 0 : cls.serial);
}

/** Drops what rests on something that was replaced. */
export function forgetStale(
  remembered: RecentMap<string, { readonly rests: ReadonlySet<Ground> }>,
  stale: ReadonlySet<Ground>,
): void {
  if (stale.size > 0) remembered.dropIf(({ rests }) => restsOnAny(rests, stale));
}

export function restsOnAny(rests: ReadonlySet<Ground>, stale: ReadonlySet<Ground>): boolean {
  const [few, many] = rests.size < stale.size ? [rests, stale] : [stale, rests];
  for (const on of few) if (many.has(on)) return true;
  return false;
}

const codeIds = new WeakMap<Code, number>();
let lastCode = 0;
function codeId(c: Code): number {
  let id = codeIds.get(c);
  if (id === undefined) {
    id = ++lastCode;
    codeIds.set(c, id);
  }
  return id;
}

/** True when a result holds nothing but tensors, numbers and containers of them, so that it can be given again. */
export function canRepeat(v: Value, depth = 0): boolean {
  if (v === null || typeof v !== 'object') return true;
  if (depth > 8) return false;
  if (v instanceof TensorValue) return !v.isParameter;
  if (v instanceof PyFloat || v instanceof DType) return true;
  if (v instanceof PyTuple) return v.items.every((x) => canRepeat(x, depth + 1));
  if (v instanceof PyList) return v.cls === null && v.items.every((x) => canRepeat(x, depth + 1));
  if (v instanceof PyDict) return v.cls === null && [...v.entries.values()].every(([, x]) => canRepeat(x, depth + 1));
  return false;
}

/**
 * A fresh copy of a remembered result; arguments that came back are those of this call. `storages` says what
 * the arguments' storages are in this call, and takes those of the copy.
 */
export function repeat(
  v: Value,
  passed: ReadonlyMap<TensorValue, number>,
  args: readonly Value[],
  storages: Map<Storage, Storage>,
): Value {
  if (v instanceof TensorValue) {
    const i = passed.get(v);
    if (i !== undefined) return args[i]!;
    let storage = storages.get(v.storage);
    if (storage === undefined) {
      storage = new Storage(v.storage.nbytes);
      storages.set(v.storage, storage);
    }
    const t = new TensorValue(v.shape, v.strides, v.dtype, v.device, storage, v.storageOffset, v.values);
    t.requiresGrad = v.requiresGrad;
    t.gradFn = v.gradFn;
    t.cls = v.cls;
    return t;
  }
  if (v instanceof PyTuple) {
    const items = v.items.map((x) => repeat(x, passed, args, storages));
    if (v.cls === null && Object.getPrototypeOf(v) === PyTuple.prototype) return new PyTuple(items);
    const copy = Object.assign(Object.create(Object.getPrototypeOf(v) as object) as PyTuple, v, { items });
    return copy;
  }
  if (v instanceof PyList) return new PyList(v.items.map((x) => repeat(x, passed, args, storages)));
  if (v instanceof PyDict) {
    const d = new PyDict();
    for (const [k, e] of v.entries) d.writable.set(k, [e[0], repeat(e[1], passed, args, storages)]);
    return d;
  }
  return v;
}
