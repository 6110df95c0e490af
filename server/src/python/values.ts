/**
 * Python values as the interpreter holds them.
 *
 * Representation: `None` is null, `bool` a JS boolean, `int` a JS number that is a safe
 * integer (bigint beyond 2^53), `str` a JS string; everything else, `float` included, is a
 * `PyObject` (1 and 1.0 are different values in Python). A value that static analysis
 * cannot know is an `Unknown` with its reason: it is never dropped and never zero.
 *
 * Every mutation of a heap object goes through `heap.touch(object)` first: that one hook
 * serves memoisation (did a call write to something older than itself?) and undo (both
 * sides of an undecidable branch are run).
 */
import { type AttributeMap, Attributes, KeyTable } from './instanceAttributes.js';
import type { Owners } from './owners.js';
import type { Place } from './place.js';

export type Value = null | boolean | number | bigint | string | PyObject;

/** Keyword arguments of a call in order; null stands for none. */
export type Keywords = Map<string, Value> | null;
/** Not a name: the keyword that stands for those of an unknown mapping, `f(**unknown)`. Its value is an `Unknown`. */
export const anyOther = '**';

let nextSerial = 1;

/** Observes writes to heap objects; see `withObserver`. */
export interface HeapObserver {
  touch(object: PyObject): void;
}

/** The one hook for writes. `observer` is null when nobody needs to know, so a touch costs one comparison. */
export const heap = {
  observer: null as HeapObserver | null,
  /** Call before changing `object`. */
  touch(object: PyObject): void {
    if (this.observer !== null) this.observer.touch(object);
  },
  /** Serial numbers grow with creation: objects with a serial >= this value are younger than now. */
  get now(): number {
    return nextSerial;
  },
  /** Grows when parts are given to or taken from what is being built (layers, weights). */
  parts: 0,
  /** Counts a large sequence towards the objects that a run may make: eight items weigh as much as one object. */
  weigh(items: number): void {
    nextSerial += Math.ceil(items / 8);
  },
};

export abstract class PyObject {
  /** Creation order; also `id()`. */
  readonly serial = nextSerial++;
  /** The Python class; null means the built-in class of this JS class (see `classOf` in classes.ts). */
  cls: PyClass | null = null;
  /** Instance `__dict__`, created when first needed. */
  attrs: AttributeMap | null = null;
  /**
   * The modules that the memory of calls described by it; a write to it makes them be described anew. Nearly always
   * one, which takes no set. A field, for a weak map with an entry per object is what the collector is slowest at.
   */
  describes: PyInstance | Owners | null = null;
  /** A shallow copy of the mutable state, and its restoration; used by undo. */
  snapshot(): () => void {
    const attrs = this.attrs?.copy() ?? null;
    const cls = this.cls;
    return () => {
      this.attrs = attrs;
      this.cls = cls;
    };
  }
}

export class PyFloat extends PyObject {
  constructor(readonly value: number) {
    super();
  }
}

export class PyComplex extends PyObject {
  constructor(
    readonly real: number,
    readonly imag: number,
  ) {
    super();
  }
}

/** Bytes as a latin-1 string: one char per byte. */
export class PyBytes extends PyObject {
  constructor(readonly value: string) {
    super();
  }
}

export class PyTuple extends PyObject {
  constructor(readonly items: readonly Value[]) {
    super();
  }
}

export class PyList extends PyObject {
  constructor(public items: Value[]) {
    super();
  }
  override snapshot(): () => void {
    const base = super.snapshot();
    const items = this.items.slice();
    return () => {
      base();
      this.items = items;
    };
  }
}

/** A hashable key reduced to a JS value that compares equal exactly when the Python keys do. */
export type HashKey = string | number | bigint | boolean | null | PyObject;

const noEntries: ReadonlyMap<HashKey, [Value, Value]> = new Map();
const noItems: ReadonlyMap<HashKey, Value> = new Map();

export class PyDict extends PyObject {
  /** Asked when a key is missing; true when it may be there now. */
  onMiss: ((key: Value) => boolean) | null = null;
  /** null while it is empty: most dicts of a model are. */
  protected own: Map<HashKey, [Value, Value]> | null = null;
  /** From hash key to [key, value], in insertion order. */
  get entries(): ReadonlyMap<HashKey, [Value, Value]> {
    return this.own ?? noEntries;
  }
  /** The same, to be written to. */
  get writable(): Map<HashKey, [Value, Value]> {
    this.own ??= new Map();
    return this.own;
  }
  override snapshot(): () => void {
    const base = super.snapshot();
    const own = new Map([...this.entries].map(([k, e]) => [k, [e[0], e[1]] as [Value, Value]]));
    return () => {
      base();
      this.own = own;
    };
  }
}

export class PySet extends PyObject {
  /** As of `PyDict`. */
  onMiss: ((key: Value) => boolean) | null = null;
  /** As of `PyDict`. */
  private own: Map<HashKey, Value> | null = null;
  constructor(readonly frozen: boolean) {
    super();
  }
  get items(): ReadonlyMap<HashKey, Value> {
    return this.own ?? noItems;
  }
  /** The same, to be written to. */
  get writable(): Map<HashKey, Value> {
    this.own ??= new Map();
    return this.own;
  }
  /** Has the items of another from now on. */
  assign(items: ReadonlyMap<HashKey, Value>): void {
    this.own = items.size === 0 ? null : new Map(items);
  }
  override snapshot(): () => void {
    const base = super.snapshot();
    const own = new Map(this.items);
    return () => {
      base();
      this.own = own;
    };
  }
}

export class PyRange extends PyObject {
  constructor(
    readonly start: number,
    readonly stop: number,
    readonly step: number,
  ) {
    super();
  }
  get length(): number {
    const n =
      this.step > 0
        ? Math.ceil((this.stop - this.start) / this.step)
        : Math.ceil((this.start - this.stop) / -this.step);
    return Math.max(0, n);
  }
}

export class PySlice extends PyObject {
  constructor(
    readonly start: Value,
    readonly stop: Value,
    readonly step: Value,
  ) {
    super();
  }
}

/** Singletons that are not `None`: `...` and `NotImplemented`. */
export class PySingleton extends PyObject {
  constructor(readonly name: string) {
    super();
  }
}
export const Ellipsis = new PySingleton('Ellipsis');
export const NotImplemented = new PySingleton('NotImplemented');

/** What static analysis cannot know: why, and where it arose. Operations on it give it back. */
export class Unknown extends PyObject {
  constructor(
    /** One phrase for people: "data-dependent value of Tensor.item()". */
    readonly why: string,
    readonly where: Place | null = null,
    /** What kind of value it surely is, when known. */
    readonly kind: 'any' | 'tensor' | 'int' | 'float' | 'bool' | 'str' = 'any',
    /** What it is on either side of a condition that could not be decided. */
    readonly sides: readonly Value[] = [],
  ) {
    super();
  }
}

/** A model that nobody could build, or a part of one: it has weights that nobody could count. */
export class UnknownModel extends Unknown {}

export class PyClass extends PyObject {
  /** Method resolution order, itself first. Filled by classes.ts. */
  mro: PyClass[] = [this];
  /** The class of this class. */
  metaclass: PyClass | null = null;
  /** Set when instances are a host representation: `int`, `list`, `Tensor` … (nearest in the MRO counts). */
  native: string | null = null;
  /** Names that the selected version of a library does not have, though they are in `dict`. */
  hides: ((vm: Interp, name: string) => boolean) | null = null;
  /** The names of its instances' attributes. */
  readonly instanceKeys = new KeyTable();
  /** Why instances may differ from what the text says: a base or a decorator that is not known. */
  doubt: string | null = null;
  constructor(
    readonly name: string,
    public bases: readonly PyClass[],
    public dict: Map<string, Value>,
    readonly module: string,
    readonly qualname: string = name,
    readonly place: Place | null = null,
  ) {
    super();
  }
  /** First definition of `name` along the MRO, undefined if none. */
  lookup(name: string): Value | undefined {
    for (const c of this.mro) {
      const v = c.dict.get(name);
      if (v !== undefined) return v;
    }
    return undefined;
  }
  isSubclassOf(other: PyClass): boolean {
    return this.mro.includes(other);
  }
  override snapshot(): () => void {
    const base = super.snapshot();
    const dict = new Map(this.dict);
    return () => {
      base();
      this.dict = dict;
    };
  }
}

/** An instance of a class written in Python. `payload` holds the value when the class derives from int, str, float … */
export class PyInstance extends PyObject {
  payload: Value | undefined = undefined;
  /** Where user code constructed it. */
  createdAt: Place | null = null;
  /** What the memory of calls knows this module by; `never` before it was first described, `stale` after a write. */
  signature: number | 'never' | 'stale' = 'never';
  declare cls: PyClass;
  constructor(cls: PyClass) {
    super();
    this.cls = cls;
    this.attrs = new Attributes(cls.instanceKeys);
  }
}

export type NativeCall = (vm: Interp, args: Value[], kwargs: Keywords) => Value;

/** A function implemented by us. */
export class NativeFunction extends PyObject {
  /** It knows what the keyword `anyOther` means. */
  takesOthers: boolean;
  constructor(
    /** Qualified as a Python programmer would write it: `math.sqrt`, `list.append`. */
    readonly name: string,
    readonly call: NativeCall,
    /** True when attribute access on an instance binds it as a method. */
    readonly binds = false,
  ) {
    super();
    this.takesOthers = name === 'dict.update' || name === 'dict.__init__';
  }
}

export class BoundMethod extends PyObject {
  constructor(
    readonly self: Value,
    readonly func: Value,
  ) {
    super();
  }
}

export class PyProperty extends PyObject {
  constructor(
    readonly fget: Value,
    readonly fset: Value,
    readonly fdel: Value,
  ) {
    super();
  }
}
export class PyStaticMethod extends PyObject {
  constructor(readonly func: Value) {
    super();
  }
}
export class PyClassMethod extends PyObject {
  constructor(readonly func: Value) {
    super();
  }
}

/** Iterators and generators seen from the host: `next` gives undefined at the end. */
export abstract class PyIterator extends PyObject {
  abstract next(vm: Interp): Value | undefined;
}

export class HostIterator extends PyIterator {
  constructor(
    private readonly step: (vm: Interp) => Value | undefined,
    readonly typeName = 'iterator',
  ) {
    super();
  }
  next(vm: Interp): Value | undefined {
    return this.step(vm);
  }
}

/** What native code may ask of the interpreter. Every method may raise `PyRaise`. */
export interface Interp {
  call(callable: Value, args: Value[], kwargs?: Keywords): Value;
  getAttr(object: Value, name: string): Value;
  /** undefined when the attribute does not exist. */
  tryGetAttr(object: Value, name: string): Value | undefined;
  setAttr(object: Value, name: string, value: Value): void;
  /** Iterates as `for` does; the host iterator raises PyRaise for a value that is not iterable. */
  iterate(value: Value): Iterable<Value>;
  truthy(value: Value): boolean;
  equal(a: Value, b: Value): boolean;
  str(value: Value): string;
  repr(value: Value): string;
  isInstance(value: Value, cls: PyClass): boolean;
  classOf(value: Value): PyClass;
  /** Counts work that host code does, one step per item, towards the run's limits; ends the run past them. */
  spend(steps: number): void;
  /** Where the running code is. */
  place(): Place | null;
  /** Records something not understood and gives the Unknown that stands for its value. */
  gap(what: string, why: string, kind?: Unknown['kind']): Unknown;
  /** The PyTorch state and trace sink: `torch/` defines its type and casts (python/ knows nothing of torch). */
  readonly torch: unknown;
}
