/** Attribute access by CPython's rules: data descriptors, instance dict, other descriptors, `__getattr__`. */

import { AnnotationDict } from './annotations.js';
import { setDict } from './attrDict.js';
import { classEpoch, classOf, lookup, typeClass } from './classes.js';
import { allNames } from './dependencies.js';
import { PyRaise, raise } from './errors.js';
import { PyGenerator } from './generator.js';
import { Attributes } from './instanceAttributes.js';
import type { Machine } from './machine.js';
import { PyFunction, PyModule } from './objects.js';
import { protocolOf } from './protocol.js';
import { PySuper } from './super.js';
import {
  BoundMethod,
  heap,
  NativeFunction,
  PyClass,
  PyClassMethod,
  PyDict,
  PyInstance,
  PyObject,
  PyProperty,
  PyStaticMethod,
  PyTuple,
  Unknown,
  UnknownModel,
  type Value,
} from './values.js';

/** An attribute map as a `dict` of its own: writes to it do not reach the object. */
function attributeDict(map: ReadonlyMap<string, Value>): PyDict {
  const dict = new PyDict();
  for (const [k, v] of map) dict.writable.set(k, [k, v]);
  return dict;
}

/** What a class attribute gives when read through `self` (undefined for a class access without instance). */
export function bind(vm: Machine, found: Value, self: Value | undefined, cls: PyClass): Value {
  if (found === null || typeof found !== 'object') return found;
  if (found instanceof PyFunction) return self === undefined ? found : new BoundMethod(self, found);
  if (found instanceof NativeFunction) return self === undefined || !found.binds ? found : new BoundMethod(self, found);
  if (found instanceof PyProperty) return self === undefined ? found : vm.call(found.fget, [self]);
  if (found instanceof PyStaticMethod) return found.func;
  if (found instanceof PyClassMethod) return bindClassMethod(found, cls);
  if (found instanceof PyInstance) {
    const get = lookup(found.cls, '__get__');
    if (get !== undefined) return vm.call(get, [found, self ?? null, cls]);
  }
  return found;
}

function bindClassMethod(method: PyClassMethod, cls: PyClass): Value {
  return new BoundMethod(cls, method.func);
}

function isDataDescriptor(v: Value): boolean {
  if (v instanceof PyProperty) return true;
  return v instanceof PyInstance && lookup(v.cls, '__set__') !== undefined;
}

function missing(object: Value, name: string): never {
  if (object instanceof PyClass) raise('AttributeError', `type object '${object.name}' has no attribute '${name}'`);
  if (object instanceof PyModule) raise('AttributeError', `module '${object.name}' has no attribute '${name}'`);
  return raise('AttributeError', `'${classOf(object).name}' object has no attribute '${name}'`);
}

export function getAttr(vm: Machine, object: Value, name: string): Value {
  const v = tryGetAttr(vm, object, name);
  if (v !== undefined) return v;
  if (object instanceof PyModule) {
    const unknown = vm.imports.unmodelled(object, name);
    if (unknown !== undefined) return unknown;
  }
  if (object instanceof PyClass && object.metaclass !== null && object.metaclass !== typeClass) {
    const fallback = lookup(object.metaclass, '__getattr__');
    if (fallback !== undefined && fallback !== null) return vm.call(fallback, [object, name]);
  }
  if (
    object !== null &&
    typeof object === 'object' &&
    !(object instanceof PyModule || object instanceof PyClass || object instanceof PySuper)
  ) {
    // its own error says more than ours
    const fallback = lookup(classOf(object), '__getattr__');
    if (fallback !== undefined && fallback !== null) return vm.call(fallback, [object, name]);
  }
  return missing(object, name);
}

/** Attributes that describe a model; others may be parts of it, or itself as another type or elsewhere. */
const descriptions = new Set(['config', 'device', 'dtype', 'training', 'name_or_path', 'generate']);

function unknownAttribute(object: Unknown, name: string): Unknown {
  return object instanceof UnknownModel && !descriptions.has(name)
    ? new UnknownModel(object.why, object.where)
    : new Unknown(object.why, object.where);
}

/** undefined when there is no such attribute; exceptions other than AttributeError pass through. */
export function tryGetAttr(vm: Machine, object: Value, name: string): Value | undefined {
  if (object instanceof PyModule) return vm.imports.attribute(object, name);
  if (object instanceof PyClass) return classAttribute(vm, object, name);
  if (object instanceof Unknown) return unknownAttribute(object, name);
  if (object instanceof PySuper) return superAttribute(vm, object, name);
  const cls = classOf(object);
  const custom = lookup(cls, '__getattribute__');
  if (custom !== undefined) return throughCustom(vm, object, cls, name, custom);
  return plainAttribute(vm, object, cls, name, true);
}

/** A class with a `__getattribute__` of its own; `__getattr__` follows its AttributeError. */
function throughCustom(vm: Machine, object: Value, cls: PyClass, name: string, custom: Value): Value | undefined {
  const found = attempt(vm, () => vm.call(custom, [object, name]));
  if (found !== undefined) return found;
  const fallback = lookup(cls, '__getattr__');
  return fallback === undefined ? undefined : attempt(vm, () => vm.call(fallback, [object, name]));
}

/** `object.__getattribute__`. */
export function defaultGetAttribute(vm: Machine, object: Value, name: string): Value {
  const plain =
    object instanceof PyModule || object instanceof PyClass || object instanceof Unknown || object instanceof PySuper;
  const v = plain ? tryGetAttr(vm, object, name) : plainAttribute(vm, object, classOf(object), name, false);
  return v === undefined ? missing(object, name) : v;
}

function plainAttribute(
  vm: Machine,
  object: Value,
  cls: PyClass,
  name: string,
  withFallback: boolean,
): Value | undefined {
  if (cls.hides?.(vm, name) === true) return undefined;
  const found = lookup(cls, name);
  if (found !== undefined && found !== null && typeof found === 'object' && isDataDescriptor(found)) {
    return guarded(vm, object, cls, name, () => bind(vm, found, object, cls));
  }
  if (object !== null && typeof object === 'object') {
    const own = object.attrs?.get(name);
    if (own !== undefined) return own;
    const hosted = protocolOf(object).getAttr?.(vm, object, name);
    if (hosted !== undefined) return hosted;
  }
  if (found !== undefined) return bind(vm, found, object, cls);
  const special = intrinsic(vm, object, cls, name);
  if (special !== undefined) return special;
  const fallback = withFallback ? lookup(cls, '__getattr__') : undefined;
  if (fallback !== undefined) return attempt(vm, () => vm.call(fallback, [object, name]));
  return undefined;
}

/** A property that raises AttributeError falls back to `__getattr__`, as in CPython. */
function guarded(vm: Machine, object: Value, cls: PyClass, name: string, read: () => Value): Value | undefined {
  try {
    return read();
  } catch (e) {
    if (!(e instanceof PyRaise) || !vm.raisedIs(e, 'AttributeError')) throw e;
    const fallback = lookup(cls, '__getattr__');
    if (fallback === undefined) throw e;
    return vm.call(fallback, [object, name]);
  }
}

function attempt(vm: Machine, read: () => Value): Value | undefined {
  try {
    return read();
  } catch (e) {
    if (e instanceof PyRaise && vm.raisedIs(e, 'AttributeError')) return undefined;
    throw e;
  }
}

function superAttribute(vm: Machine, object: PySuper, name: string): Value | undefined {
  const { mro } = object.start;
  for (let i = mro.indexOf(object.after) + 1; i < mro.length; i++) {
    const found = mro[i]!.dict.get(name);
    if (found !== undefined) {
      // super() in a classmethod or __new__ holds the class itself
      const isClass = object.self instanceof PyClass && object.self === object.start;
      if (isClass)
        return found instanceof PyClassMethod
          ? new BoundMethod(object.self, found.func)
          : bind(vm, found, undefined, object.start);
      return bind(vm, found, object.self, object.start);
    }
  }
  if (name === '__init__') return vm.natives.objectInit;
  if (name === '__new__') return vm.natives.objectNew;
  if (name === '__class__') return object.start;
  const fallback = mro
    .slice(mro.indexOf(object.after) + 1)
    .map((c) => c.dict.get('__getattr__'))
    .find((f) => f !== undefined);
  if (fallback !== undefined && !name.startsWith('__'))
    return attempt(vm, () => vm.call(fallback, [object.self, name]));
  const special = vm.natives.objectMethods.get(name);
  return special === undefined ? undefined : new BoundMethod(object.self, special);
}

function classAttribute(vm: Machine, cls: PyClass, name: string): Value | undefined {
  if (cls.hides?.(vm, name) === true) return undefined;
  const meta = cls.metaclass ?? typeClass;
  const metaFound = meta === typeClass ? undefined : lookup(meta, name);
  if (metaFound instanceof PyProperty) return bind(vm, metaFound, cls, meta);
  const found = lookup(cls, name);
  if (found !== undefined) return bind(vm, found, undefined, cls);
  switch (name) {
    case '__name__':
      return cls.name;
    case '__qualname__':
      return cls.qualname;
    case '__module__':
      return cls.module;
    case '__mro__':
      return new PyTuple(cls.mro);
    case '__bases__':
      return new PyTuple(cls.bases);
    case '__base__':
      return cls.bases[0] ?? null;
    case '__dict__':
      return attributeDict(cls.dict);
    case '__class__':
      return meta;
    case '__doc__':
      return null;
    case 'mro':
      return new NativeFunction('type.mro', () => new PyTuple(cls.mro));
    case '__new__':
      return vm.natives.objectNew;
    case '__init__':
      return vm.natives.objectInit;
    case '__subclasses__':
      return new NativeFunction('type.__subclasses__', () => vm.subclassesOf(cls));
    default:
  }
  if (metaFound !== undefined) return bind(vm, metaFound, cls, meta);
  const special = vm.natives.objectMethods.get(name);
  if (special !== undefined) return special;
  const fallback = meta === typeClass ? undefined : lookup(meta, '__getattr__');
  if (fallback !== undefined) return attempt(vm, () => vm.call(fallback, [cls, name]));
  return undefined;
}

/** Attributes the machine itself provides. */
function intrinsic(vm: Machine, object: Value, cls: PyClass, name: string): Value | undefined {
  switch (name) {
    case '__class__':
      return cls;
    case '__dict__':
      if (object instanceof PyObject && object.attrs !== null) return vm.instanceDict(object);
      if (object instanceof PyInstance || object instanceof PyFunction) return vm.instanceDict(object);
      return undefined;
    case '__module__':
      return object instanceof PyFunction ? object.globals.name : cls.module;
    default:
  }
  if (object instanceof PyFunction) {
    switch (name) {
      case '__name__':
        return object.name;
      case '__qualname__':
        return object.qualname;
      case '__doc__':
        return object.code.docstring;
      case '__defaults__':
        return object.defaults.length === 0 ? null : new PyTuple(object.defaults);
      case '__kwdefaults__':
        return object.kwdefaults === null ? null : attributeDict(object.kwdefaults);
      case '__annotations__':
        object.annotationDict ??= new AnnotationDict(vm, new Map(object.annotations ?? []), {
          globals: object.globals,
          frame: object.annotationFrame,
        });
        return object.annotationDict;
      case '__globals__':
        vm.imports.reads(object.globals, allNames);
        return attributeDict(object.globals.ns);
      case '__get__':
        return new NativeFunction('function.__get__', (m, args) =>
          bind(m as Machine, object, args[0] ?? undefined, cls),
        );
      case '__call__':
        return object;
      case '__code__':
        return vm.codeObject(object);
      case '__closure__':
        return object.closure === null ? null : new PyTuple(object.closure);
      default:
    }
  }
  if (object instanceof BoundMethod) {
    if (name === '__self__') return object.self;
    if (name === '__func__') return object.func;
    return tryGetAttr(vm, object.func, name);
  }
  if (object instanceof NativeFunction) {
    if (name === '__name__' || name === '__qualname__') return object.name.split('.').pop()!;
    if (name === '__doc__') return null;
    if (name === '__call__') return object;
    if (name === '__get__')
      return new NativeFunction('method.__get__', (_m, args) =>
        args[0] === null ? object : new BoundMethod(args[0]!, object),
      );
  }
  if (object instanceof PyProperty) {
    if (name === 'fget') return object.fget;
    if (name === 'fset') return object.fset;
    if (name === 'fdel') return object.fdel;
    if (name === 'setter')
      return new NativeFunction('property.setter', (_m, a) => new PyProperty(object.fget, a[0]!, object.fdel));
    if (name === 'getter')
      return new NativeFunction('property.getter', (_m, a) => new PyProperty(a[0]!, object.fset, object.fdel));
    if (name === 'deleter')
      return new NativeFunction('property.deleter', (_m, a) => new PyProperty(object.fget, object.fset, a[0]!));
    if (name === '__doc__') return null;
    if (name === '__get__')
      return new NativeFunction('property.__get__', (m, a) => (a[0] === null ? object : m.call(object.fget, [a[0]!])));
  }
  if ((object instanceof PyStaticMethod || object instanceof PyClassMethod) && name === '__func__') return object.func;
  if (object instanceof PyStaticMethod || object instanceof PyClassMethod) {
    if (name === '__get__')
      return new NativeFunction(`${cls.name}.__get__`, (m, a) =>
        bind(m as Machine, object, a[0] ?? undefined, (a[1] as PyClass) ?? cls),
      );
    if (name.startsWith('__')) return tryGetAttr(vm, object.func, name);
  }
  if (object instanceof PyGenerator) {
    const method = vm.natives.generatorMethods.get(name);
    if (method !== undefined) return new BoundMethod(object, method);
    if (name === '__name__') return object.name;
  }
  if (object instanceof PyInstance && name === '__doc__') return null;
  const special = vm.natives.objectMethods.get(name);
  return special === undefined ? undefined : new BoundMethod(object, special);
}

export function setAttr(vm: Machine, object: Value, name: string, value: Value): void {
  if (object instanceof PyModule) {
    heap.touch(object);
    object.ns.set(name, value);
    return;
  }
  if (object instanceof PyClass) {
    heap.touch(object);
    object.dict.set(name, value);
    classEpoch.value++;
    return;
  }
  if (object instanceof Unknown) return;
  if (object === null || typeof object !== 'object')
    raise('AttributeError', `'${classOf(object).name}' object has no attribute '${name}'`);
  const cls = classOf(object);
  const setter = lookup(cls, '__setattr__');
  if (setter !== undefined) {
    vm.call(setter, [object, name, value]);
    return;
  }
  setAttrPlain(vm, object as PyObject, cls, name, value);
}

/** `object.__setattr__`. */
export function setAttrPlain(vm: Machine, object: PyObject, cls: PyClass, name: string, value: Value): void {
  const found = lookup(cls, name);
  if (found instanceof PyProperty) {
    if (found.fset === null) raise('AttributeError', `property '${name}' of '${cls.name}' object has no setter`);
    vm.call(found.fset, [object, value]);
    return;
  }
  if (found instanceof PyInstance) {
    const set = lookup(found.cls, '__set__');
    if (set !== undefined) {
      vm.call(set, [found, object, value]);
      return;
    }
  }
  if (object instanceof PyFunction && setFunctionAttr(object, name, value)) return;
  if (name === '__class__' && value instanceof PyClass) {
    heap.touch(object);
    object.cls = value;
    return;
  }
  if (name === '__dict__' && value instanceof PyDict) {
    setDict(object, value);
    return;
  }
  if (protocolOf(object).setAttr?.(vm, object, name, value) === true) return;
  heap.touch(object);
  object.attrs ??= new Attributes();
  object.attrs.set(name, value);
}

function setFunctionAttr(f: PyFunction, name: string, value: Value): boolean {
  if (name === '__name__' && typeof value === 'string') f.name = value;
  else if (name === '__qualname__' && typeof value === 'string') f.qualname = value;
  else if (name === '__defaults__' && (value === null || value instanceof PyTuple))
    f.defaults = value === null ? [] : value.items;
  else return false;
  return true;
}

export function delAttr(vm: Machine, object: Value, name: string): void {
  if (object instanceof PyModule) {
    heap.touch(object);
    if (!object.ns.delete(name)) missing(object, name);
    return;
  }
  if (object instanceof PyClass) {
    heap.touch(object);
    if (!object.dict.delete(name)) missing(object, name);
    classEpoch.value++;
    return;
  }
  if (object instanceof Unknown) return;
  const cls = classOf(object);
  const deleter = lookup(cls, '__delattr__');
  if (deleter !== undefined) {
    vm.call(deleter, [object, name]);
    return;
  }
  delAttrPlain(vm, object, cls, name);
}

export function delAttrPlain(vm: Machine, object: Value, cls: PyClass, name: string): void {
  const found = lookup(cls, name);
  if (found instanceof PyProperty && found.fdel !== null) {
    vm.call(found.fdel, [object]);
    return;
  }
  if (object !== null && typeof object === 'object' && object.attrs?.has(name)) {
    heap.touch(object);
    object.attrs.delete(name);
    return;
  }
  missing(object, name);
}
