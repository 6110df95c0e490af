/** Making classes and instances. */

import { bind } from './attributes.js';
import { constructors } from './builtins/constructors.js';
import type { Code } from './bytecode.js';
import {
  classEpoch,
  classOf,
  exceptionClass,
  linearise,
  lookup,
  nativeOf,
  newException,
  objectClass,
  typeClass,
} from './classes.js';
import { raise } from './errors.js';
import { newGroup } from './exceptionGroups.js';
import { Frame } from './frame.js';
import type { Machine } from './machine.js';
import { Cell } from './objects.js';
import { placeOf } from './traceback.js';
import { hasStandIn, likelyBase, standInFor } from './unknownClasses.js';
import {
  type Keywords,
  NativeFunction,
  PyClass,
  PyClassMethod,
  PyDict,
  PyInstance,
  PyObject,
  PyTuple,
  Unknown,
  type Value,
} from './values.js';

/** Members that host code adds to classes written in Python, by `module.Class`. */
export const nativeMembers = new Map<string, ReadonlyMap<string, Value>>();
/** Likewise of classes of other packages. */
export const answeredMembers = new Map<string, ReadonlyMap<string, Value>>();

/** The `class` statement. */
export function buildClass(
  vm: Machine,
  f: Frame,
  code: Code,
  baseValues: readonly Value[],
  keywords: PyDict,
  closure: PyTuple | null,
): Value {
  const bases: PyClass[] = [];
  let metaclass: Value | undefined;
  const kwargs = new Map<string, Value>();
  for (const [k, v] of keywords.entries.values()) {
    if (k === 'metaclass') metaclass = v;
    else kwargs.set(k as string, v);
  }
  for (const b of baseValues) {
    if (b instanceof PyClass) bases.push(b);
    else if (b instanceof Unknown) bases.push(standInFor(code.name, b));
    else {
      const entries = vm.tryGetAttr(b, '__mro_entries__');
      if (entries !== undefined) {
        for (const e of vm.iterate(vm.call(entries, [new PyTuple(baseValues)])))
          if (e instanceof PyClass) bases.push(e);
      } else raise('TypeError', `bases must be types, not ${classOf(b).name}`);
    }
  }
  if (metaclass === undefined) metaclass = bases.map((b) => b.metaclass).find((m) => m !== null) ?? typeClass;
  const prepare =
    metaclass instanceof PyClass && metaclass !== typeClass ? lookup(metaclass, '__prepare__') : undefined;
  const names = new Map<string, Value>();
  names.set('__module__', f.globals.name);
  names.set('__qualname__', code.qualname);
  if (code.docstring !== null) names.set('__doc__', code.docstring);
  if (prepare instanceof PyClassMethod) {
    const made = vm.call(prepare.func, [metaclass as PyClass, code.name, new PyTuple(bases)], kwargs);
    if (made instanceof PyDict) for (const [k, v] of made.entries.values()) names.set(k as string, v);
  }
  const cells: Cell[] = code.cellvars.map(() => new Cell(undefined));
  if (closure !== null) for (const c of closure.items) cells.push(c as unknown as Cell);
  const frame = new Frame(code, f.globals, new Array(code.varnames.length).fill(undefined), cells);
  frame.names = names;
  frame.topIndex = f.topIndex;
  const classCell = vm.runFrame(frame);
  if (bases.some(hasStandIn)) {
    const likely = likelyBase(vm, names, bases);
    if (likely !== null) bases.push(likely);
  }
  let made: Value;
  if (metaclass instanceof PyClass && metaclass !== typeClass) {
    const namespace = new PyDict();
    for (const [k, v] of names) namespace.writable.set(k, [k, v]);
    pendingPlaces.push(placeOf(f));
    made = vm.call(metaclass, [code.name, new PyTuple(bases), namespace], kwargs.size > 0 ? kwargs : null);
    pendingPlaces.pop();
  } else {
    pendingPlaces.push(placeOf(f));
    made = newClass(vm, typeClass, code.name, bases, names, kwargs);
    pendingPlaces.pop();
  }
  if (made instanceof PyClass) {
    const extra = (f.code.file.internal ? nativeMembers : answeredMembers).get(`${made.module}.${made.qualname}`);
    if (extra !== undefined) for (const [k, v] of extra) made.dict.set(k, v);
  }
  if (classCell instanceof Cell) classCell.value = made;
  return made;
}

const pendingPlaces: ReturnType<typeof placeOf>[] = [];

/** `type.__new__` plus what follows it: `__set_name__`, `__init_subclass__`. */
export function newClass(
  vm: Machine,
  metaclass: PyClass,
  name: string,
  bases: readonly PyClass[],
  names: Map<string, Value>,
  kwargs: ReadonlyMap<string, Value>,
): PyClass {
  const parents = bases.length > 0 ? bases : [objectClass];
  const module = names.get('__module__');
  const qualname = names.get('__qualname__');
  names.delete('__qualname__');
  const cls = new PyClass(
    name,
    parents,
    names,
    typeof module === 'string' ? module : '',
    typeof qualname === 'string' ? qualname : name,
    pendingPlaces[pendingPlaces.length - 1] ?? null,
  );
  cls.metaclass =
    metaclass === typeClass ? (parents.map((b) => b.metaclass).find((m) => m !== null) ?? null) : metaclass;
  cls.mro = linearise(cls, parents);
  cls.doubt = parents.find((b) => b.doubt !== null)?.doubt ?? null;
  for (const b of parents) vm.addSubclass(b, cls);
  classEpoch.value++;
  // equality of its own without a hash of its own: instances cannot be keys
  if (names.has('__eq__') && !names.has('__hash__')) names.set('__hash__', null);
  for (const hook of ['__init_subclass__', '__class_getitem__']) {
    const v = names.get(hook);
    if (v !== undefined && !(v instanceof PyClassMethod)) names.set(hook, new PyClassMethod(v));
  }
  for (const [key, value] of [...names]) {
    if (value instanceof PyInstance) {
      const setName = lookup(value.cls, '__set_name__');
      if (setName !== undefined) vm.call(setName, [value, cls, key]);
    }
  }
  for (let i = 1; i < cls.mro.length; i++) {
    const hook = cls.mro[i]!.dict.get('__init_subclass__');
    if (hook instanceof PyClassMethod) {
      vm.call(hook.func, [cls], kwargs.size > 0 ? new Map(kwargs) : null);
      break;
    }
  }
  return cls;
}

/** Calling a class. Gives a frame when `__init__` is Python code. */
export function instantiate(vm: Machine, cls: PyClass, args: Value[], kwargs: Keywords): Frame | Value {
  const known = vm.listener.construct?.(cls, args, kwargs) ?? null;
  if (known === null) return construct(vm, cls, args, kwargs);
  if ('result' in known) {
    known.result.createdAt = vm.place();
    return known.result;
  }
  let made: Frame | Value;
  try {
    made = construct(vm, cls, args, kwargs);
  } catch (e) {
    known.unwind();
    throw e;
  }
  return made instanceof Frame ? made.whenDone(known.exit, known.unwind) : known.exit(made);
}

function construct(vm: Machine, cls: PyClass, args: Value[], kwargs: Keywords): Frame | Value {
  if (cls.doubt !== null) vm.gap('class', cls.doubt, 'tensor');
  const meta = cls.metaclass;
  if (meta !== null && meta !== typeClass) {
    const call = lookup(meta, '__call__');
    if (call !== undefined) return vm.enter(call, [cls, ...args], kwargs);
  }
  return createInstance(vm, cls, args, kwargs);
}

/** `type.__call__`: `__new__`, then `__init__` when the result is an instance. */
export function createInstance(vm: Machine, cls: PyClass, args: Value[], kwargs: Keywords): Frame | Value {
  if (cls === typeClass || cls.isSubclassOf(typeClass)) return makeType(vm, cls, args, kwargs);
  const newer = lookup(cls, '__new__');
  let object: Value;
  if (newer !== undefined) {
    object = vm.call(bind(vm, newer, undefined, cls), [cls, ...args], kwargs);
    if (!(object instanceof PyObject) || !classOf(object).mro.includes(cls)) return object;
  } else {
    object = allocate(vm, cls, args, kwargs);
  }
  if (object instanceof PyInstance) object.createdAt = vm.place();
  const init = lookup(cls, '__init__');
  // a built-in constructor has taken the arguments already
  if (newer === undefined && init instanceof NativeFunction && nativeOf(cls) !== null && !hasOwnInit(cls))
    return object;
  if (init === undefined) {
    if (
      newer === undefined &&
      nativeOf(cls) === null &&
      !cls.isSubclassOf(exceptionClass) &&
      (args.length > 0 || (kwargs !== null && kwargs.size > 0))
    ) {
      raise('TypeError', `${cls.name}() takes no arguments`);
    }
    return object;
  }
  const frame = vm.enter(bind(vm, init, object, cls), args, kwargs);
  if (frame instanceof Frame) {
    const made = object;
    const inner = frame.exit;
    frame.exit =
      inner === null
        ? () => made
        : (r) => {
            inner(r);
            return made;
          };
    return frame;
  }
  // an `__init__` of the host that could not be followed
  return frame instanceof Unknown ? frame : object;
}

/** Whether the `__init__` that a class finds is one of its own kind, not a built-in type's. */
function hasOwnInit(cls: PyClass): boolean {
  const owner = cls.mro.find((c) => c.dict.has('__init__'));
  return owner !== undefined && owner.native === null;
}

/** `object.__new__`, or the built-in constructor when the class derives from a built-in one. */
export function allocate(vm: Machine, cls: PyClass, args: Value[], kwargs: Keywords): Value {
  const native = nativeOf(cls);
  if (native === null || native === 'object') {
    abstractCheck(vm, cls);
    if (cls.isSubclassOf(exceptionClass)) {
      if (cls.mro.some((c) => c.name === 'BaseExceptionGroup')) return newGroup(vm, cls, args);
      const e = newException(cls, args);
      if (cls.mro.some((c) => c.name === 'StopIteration')) e.attrs!.set('value', args[0] ?? null);
      return e;
    }
    return new PyInstance(cls);
  }
  const make = constructors[native];
  if (make === undefined) raise('TypeError', `cannot create '${cls.name}' instances`);
  // a subclass with its own __init__ takes its arguments there
  const mutable = native === 'dict' || native === 'list' || native === 'set';
  const own = mutable && hasOwnInit(cls);
  return own ? make!(vm, cls, [], null) : make!(vm, cls, args, kwargs);
}

function abstractCheck(vm: Machine, cls: PyClass): void {
  const abstract = lookup(cls, '__abstractmethods__');
  if (abstract === undefined || abstract === null || abstract instanceof Unknown) return;
  const names = [...vm.iterate(abstract)].map((n) => vm.str(n));
  if (names.length === 0) return;
  raise(
    'TypeError',
    `Can't instantiate abstract class ${cls.name} with abstract method${names.length > 1 ? 's' : ''} ${names.sort().join(', ')}`,
  );
}

/** `type(x)` and `type(name, bases, namespace)`. */
function makeType(vm: Machine, cls: PyClass, args: Value[], kwargs: Keywords): Frame | Value {
  if (args.length === 1 && cls === typeClass) return classOf(args[0]!);
  const newer = lookup(cls, '__new__');
  const made =
    newer !== undefined && cls !== typeClass
      ? vm.call(bind(vm, newer, undefined, cls), [cls, ...args], kwargs)
      : typeNew(vm, [cls, ...args], kwargs);
  const init = cls === typeClass ? undefined : lookup(cls, '__init__');
  if (init !== undefined && made instanceof PyClass) vm.call(bind(vm, init, made, cls), args, kwargs);
  return made;
}

/** `type.__new__(metaclass, name, bases, namespace)`. */
export function typeNew(vm: Machine, args: readonly Value[], kwargs: Keywords): Value {
  const [metaclass, name, bases, namespace] = args;
  if (typeof name !== 'string' || !(bases instanceof PyTuple) || !(namespace instanceof PyDict))
    raise('TypeError', 'type.__new__() takes a name, bases and a namespace');
  const names = new Map<string, Value>();
  for (const [k, v] of (namespace as PyDict).entries.values()) if (typeof k === 'string') names.set(k, v);
  const parents = (bases as PyTuple).items.filter((b): b is PyClass => b instanceof PyClass);
  return newClass(vm, metaclass as PyClass, name as string, parents, names, kwargs ?? new Map());
}
