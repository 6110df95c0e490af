/**
 * Memory of module constructors: `nn.Conv2d(64, 64, 3)` runs once, later calls with equal
 * arguments get a copy of what it made. A construction is remembered when it wrote nothing but
 * objects it created, left no gap, and its arguments are plain data; it holds until something
 * that is older than the run is written to, or code that it ran is replaced.
 */

import type { Ground } from '../python/dependencies.js';
import { Attributes } from '../python/instanceAttributes.js';
import type { Construction } from '../python/machine.js';
import { PyFunction } from '../python/objects.js';
import {
  BoundMethod,
  type HashKey,
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
  PyObject,
  PyRange,
  PySet,
  PySingleton,
  PySlice,
  PyTuple,
  Unknown,
  type Value,
} from '../python/values.js';
import { DType } from '../torch/dtype.js';
import type { TorchState } from '../torch/kernel.js';
import { isModule } from '../torch/moduleClass.js';
import { Storage, TensorValue } from '../torch/tensor.js';
import { forgetStale, inOnePiece } from './memo.js';
import { RecentMap } from './recentMap.js';

interface Template {
  readonly made: PyInstance;
  /** Objects with a serial number below are not part of it: arguments and whatever is shared. */
  readonly start: number;
  /** Objects among the arguments, in the order of description. */
  readonly given: readonly PyObject[];
  readonly epoch: number;
  readonly rests: ReadonlySet<Ground>;
}

interface Open {
  readonly start: number;
  readonly rests: Set<Ground>;
  isPure: boolean;
}

/** Objects in the arguments of one call: a larger configuration is not compared. */
const mostObjects = 60;
const mostTemplates = 2_000;
const mostSeen = 10_000;

/** Thrown where something has an identity that a copy cannot have. */
const uncopyable = Symbol('uncopyable');

export class ConstructorMemory implements HeapObserver {
  private readonly templates = new RecentMap<string, Template>(mostTemplates);
  /** Constructions seen once: a copy is kept of those that come again, which whole models seldom do. */
  private readonly seen = new RecentMap<string, true>(mostSeen);
  private readonly open: Open[] = [];
  private epoch = 0;
  private runStart = 0;

  /** While a model is built. */
  begin(): void {
    this.runStart = heap.now;
    this.open.length = 0;
    heap.observer = this;
  }

  end(): void {
    this.open.length = 0;
    if (heap.observer === this) heap.observer = null;
  }

  /** Something outside of any model was written to. */
  invalidate(): void {
    this.epoch++;
  }

  /** Only what our own models of PyTorch make from plain arguments stays. */
  forgetUsers(): void {
    this.templates.dropIf(({ rests }) => rests.size > 0);
  }

  forget(stale: ReadonlySet<Ground>): void {
    this.templates.nextText();
    this.seen.nextText();
    forgetStale(this.templates, stale);
  }

  touch({ serial }: PyObject): void {
    if (serial < this.runStart) this.epoch++;
    for (let i = this.open.length - 1; i >= 0; i--) {
      const o = this.open[i]!;
      if (serial >= o.start) break;
      o.isPure = false;
    }
  }

  /** What is being made depends on more than arguments: a gap, an undecided branch. */
  spoil(): void {
    for (const o of this.open) o.isPure = false;
  }

  /** What is being made rests on it. */
  rest(on: Ground): void {
    if (this.open.length > 0) this.open[this.open.length - 1]!.rests.add(on);
  }

  /**
   * A class is called. `settled`: serial number after the last module-level statement; what is older is
   * shared by everyone. null: the call is none of ours.
   */
  enter(
    cls: PyClass,
    args: readonly Value[],
    kwargs: Keywords,
    state: TorchState,
    settled: number,
    building: Set<Ground> | null,
  ): Construction | null {
    if (heap.observer !== this) return null;
    if (settled > this.runStart) this.runStart = settled;
    // a class made by this run reads variables of the function around it
    if (cls.serial >= this.runStart || cls.lookup('__is_nn_module__') !== true) return null;
    const given: PyObject[] = [];
    let key: string;
    try {
      key = `${cls.serial}(`;
      for (const a of args) key += `${describe(a, given)},`;
      if (kwargs !== null) for (const [k, v] of kwargs) key += `${k}=${describe(v, given)},`;
    } catch (e) {
      if (e === uncopyable) return null;
      throw e;
    }
    key += `)${state.gradEnabled}${state.inferenceMode}${state.defaultDtype.name}${state.defaultDevice}`;
    const known = this.templates.get(key);
    if (known !== undefined && known.epoch === this.epoch) {
      for (const on of known.rests) {
        building?.add(on);
        this.rest(on);
      }
      const copying = new Copying(known.start);
      for (const [i, o] of known.given.entries()) copying.replace(o, given[i]!);
      return { result: copying.copy(known.made) as PyInstance };
    }
    const depth = this.open.length;
    const mine: Open = { start: heap.now, rests: new Set(), isPure: true };
    this.open.push(mine);
    const close = (): void => {
      this.open.length = depth;
      for (const on of mine.rests) this.rest(on);
    };
    return {
      exit: (made) => {
        if (this.open[depth] !== mine) return made;
        close();
        if (!mine.isPure || !isModule(made) || made.serial < mine.start) return made;
        if (this.seen.get(key)) this.store(key, made, mine, given);
        else this.seen.set(inOnePiece(key), true);
        return made;
      },
      unwind: close,
    };
  }

  private store(key: string, made: PyInstance, { start, rests }: Open, given: readonly PyObject[]): void {
    const copyStart = heap.now;
    try {
      // the code goes on with the original: what is kept is a copy
      const kept = new Copying(start).copy(made) as PyInstance;
      this.templates.set(inOnePiece(key), { made: kept, start: copyStart, given, epoch: this.epoch, rests });
    } catch (e) {
      if (e !== uncopyable) throw e;
    }
  }
}

/** Equal texts for equal arguments; `given` takes the objects in them whose identity a constructor may keep. */
function describe(v: Value, given: PyObject[]): string {
  switch (typeof v) {
    case 'number':
      if (Number.isNaN(v)) throw uncopyable;
      return String(v);
    case 'string':
      return JSON.stringify(v);
    case 'boolean':
      return v ? 'T' : 'F';
    case 'bigint':
      return `${v}n`;
    default:
  }
  if (v === null) return 'N';
  if (v instanceof PyFloat) return `f${v.value}`;
  if (v instanceof DType) return v.name;
  // code: the same object or another
  if (v instanceof PyClass || v instanceof NativeFunction || v instanceof PySingleton) return `#${v.serial}`;
  if (v instanceof PyFunction) {
    if (v.closure !== null && v.closure.length > 0) throw uncopyable;
    return `#${v.serial}`;
  }
  if (given.push(v) > mostObjects) throw uncopyable;
  if (v instanceof PyTuple)
    return `(${v.items.map((x) => describe(x, given)).join(',')})${v.cls === null ? '' : v.cls.serial}`;
  if (v instanceof PyList && v.cls === null) return `[${v.items.map((x) => describe(x, given)).join(',')}]`;
  if (v instanceof PyDict && v.onMiss === null) {
    let text = '{';
    for (const [k, x] of v.entries.values()) text += `${describe(k, given)}:${describe(x, given)},`;
    return `${text}}${v.cls === null ? '' : v.cls.serial}`;
  }
  const isObject: boolean = v instanceof PyInstance && Object.getPrototypeOf(v) === PyInstance.prototype;
  if (isObject && !isModule(v)) {
    const { cls, attrs, payload } = v as PyInstance;
    let text = `I${cls.serial}{`;
    for (const [name, x] of attrs!) text += `${name}=${describe(x, given)},`;
    if (payload !== undefined) text += `=${describe(payload, given)}`;
    return `${text}}`;
  }
  throw uncopyable;
}

/** Makes a deep copy of what is not older than `start`. */
class Copying {
  /** By serial number from `start`: what has been copied, of a template everything in a row. */
  private readonly made: PyObject[] = [];
  private replaced: Map<PyObject, PyObject> | null = null;
  private readonly storages = new Map<Storage, Storage>();
  constructor(private readonly start: number) {}

  /** `other` stands in for an older object. */
  replace(object: PyObject, other: PyObject): void {
    this.replaced ??= new Map();
    this.replaced.set(object, other);
  }

  private readonly inner = (v: Value): Value => this.copy(v);

  copy(v: Value): Value {
    if (v === null || typeof v !== 'object') return v;
    const at = v.serial - this.start;
    if (at < 0) return this.replaced?.get(v) ?? v;
    return this.made[at] ?? this.copyOf(v, at);
  }

  private copyOf(v: PyObject, at: number): PyObject {
    const proto = Object.getPrototypeOf(v) as object;
    if (v instanceof TensorValue) {
      if (v.gradFn !== null || v.grad !== null) throw uncopyable;
      let storage = this.storages.get(v.storage);
      if (storage === undefined) {
        storage = new Storage(v.storage.nbytes);
        this.storages.set(v.storage, storage);
      }
      const t = new TensorValue(v.shape, v.strides, v.dtype, v.device, storage, v.storageOffset, v.values);
      this.made[at] = t;
      t.requiresGrad = v.requiresGrad;
      t.isParameter = v.isParameter;
      t.cls = v.cls;
      if (v.base !== null) t.base = this.copy(v.base) as TensorValue;
      return this.withAttributes(v, t);
    }
    if (v instanceof PyInstance && proto === PyInstance.prototype) {
      const o = new PyInstance(v.cls);
      this.made[at] = o;
      o.createdAt = v.createdAt;
      if (v.payload !== undefined) o.payload = this.copy(v.payload);
      return this.withAttributes(v, o);
    }
    if (v instanceof PyDict && proto === PyDict.prototype && v.onMiss === null) {
      const d = new PyDict();
      this.made[at] = d;
      d.cls = v.cls;
      for (const [hash, [k, x]] of v.entries) d.writable.set(this.sharedKey(hash), [k, this.copy(x)]);
      return this.withAttributes(v, d);
    }
    if (v instanceof PyList && proto === PyList.prototype) {
      const l = new PyList([]);
      this.made[at] = l;
      l.cls = v.cls;
      for (const x of v.items) l.items.push(this.copy(x));
      return this.withAttributes(v, l);
    }
    if (v instanceof PyTuple && proto === PyTuple.prototype) {
      const t = new PyTuple(v.items.map(this.inner));
      this.made[at] = t;
      t.cls = v.cls;
      return this.withAttributes(v, t);
    }
    if (v instanceof PySet && proto === PySet.prototype && v.onMiss === null) {
      const s = new PySet(v.frozen);
      this.made[at] = s;
      s.cls = v.cls;
      for (const [hash, x] of v.items) s.writable.set(this.sharedKey(hash), x);
      return s;
    }
    if (v instanceof BoundMethod) {
      const m = new BoundMethod(this.copy(v.self), this.copy(v.func));
      this.made[at] = m;
      return m;
    }
    if (isImmutable(v)) return v;
    throw uncopyable;
  }

  private withAttributes(from: PyObject, to: PyObject): PyObject {
    if (from.attrs === null) return to;
    // those that live in a dict of the program
    if (!(from.attrs instanceof Attributes)) throw uncopyable;
    to.attrs = from.attrs.copyWith(this.inner);
    return to;
  }

  /** A key that is an object of the copied part would be another one in the copy. */
  private sharedKey(key: HashKey): HashKey {
    if (key instanceof PyObject && key.serial >= this.start && !isImmutable(key)) throw uncopyable;
    return key;
  }
}

function isImmutable(v: PyObject): boolean {
  return (
    v.attrs === null &&
    !(v instanceof Unknown) &&
    (v instanceof PyFloat ||
      v instanceof PyBytes ||
      v instanceof PyComplex ||
      v instanceof PyRange ||
      v instanceof DType ||
      v instanceof NativeFunction ||
      v instanceof PySingleton ||
      (v instanceof PySlice && [v.start, v.stop, v.step].every((x) => x === null || typeof x !== 'object')) ||
      (v instanceof PyFunction && (v.closure === null || v.closure.length === 0) && v.defaults.length === 0))
  );
}
