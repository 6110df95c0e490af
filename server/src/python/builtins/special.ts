/** Special methods are looked up on the class, never on the instance, as CPython does. */
import { PyRaise } from '../errors.js';
import {
  type Interp,
  NativeFunction,
  PyClass,
  PyClassMethod,
  PyInstance,
  PyProperty,
  PyStaticMethod,
  type Value,
} from '../values.js';

/** The class attribute `name` of a value's class, unbound; undefined when the class has none or sets it to None. */
export function lookupSpecial(vm: Interp, value: Value, name: string): Value | undefined {
  const found = vm.classOf(value).lookup(name);
  return found === null ? undefined : found;
}

/** Calls a class attribute found by `lookupSpecial` as a method of `self`. */
export function callBound(vm: Interp, func: Value, self: Value, args: Value[]): Value {
  if (func instanceof PyStaticMethod) return vm.call(func.func, args);
  if (func instanceof PyClassMethod) return vm.call(func.func, [vm.classOf(self), ...args]);
  if (func instanceof PyProperty) return vm.call(vm.call(func.fget, [self]), args);
  if (func instanceof NativeFunction && !func.binds) return vm.call(func, args);
  if (func instanceof PyInstance) {
    const get = vm.classOf(func).lookup('__get__');
    if (get === undefined) return vm.call(func, args);
    return vm.call(vm.call(get, [func, self, vm.classOf(self)]), args);
  }
  if (func instanceof PyClass) return vm.call(func, args);
  return vm.call(func, [self, ...args]);
}

/** Calls a special method; undefined when the class does not define it. */
export function callSpecial(vm: Interp, value: Value, name: string, ...args: Value[]): Value | undefined {
  const func = lookupSpecial(vm, value, name);
  return func === undefined ? undefined : callBound(vm, func, value, args);
}

/** True when the thrown thing is a Python exception of that built-in class or a subclass. */
export function isRaised(error: unknown, typeName: string): error is PyRaise {
  if (!(error instanceof PyRaise)) return false;
  if (error.typeName === typeName) return true;
  return error.instance?.cls.mro.some((c) => c.name === typeName) ?? false;
}

/** The name of a value's type as error messages show it. */
export function typeName(vm: Interp, value: Value): string {
  return vm.classOf(value).name;
}
