/** Exception objects: made from host-side raises when Python code needs them, and raised by `raise`. */
import { builtinClass, exceptionClass, findBuiltinClass, isInstance, newException } from './classes.js';
import { PyRaise, raise } from './errors.js';
import type { Frame } from './frame.js';
import type { Machine } from './machine.js';
import { asRaise, rememberRaise } from './traceback.js';
import { PyClass, PyInstance, PyTuple, Unknown, type Value } from './values.js';

/** The exception object of something raised by host code. */
export function materialise(vm: Machine, e: PyRaise): PyInstance {
  void vm;
  if (e.instance === null) {
    const cls = findBuiltinClass(e.typeName) ?? builtinClass('Exception');
    e.instance = newException(cls, e.message === '' ? [] : [e.message]);
    if (e.typeName === 'StopIteration') e.instance.attrs!.set('value', null);
    rememberRaise(e.instance, e);
  }
  return e.instance;
}

export function raisedIs(e: PyRaise, typeName: string): boolean {
  if (e.instance !== null) return e.instance.cls.mro.some((c) => c.name === typeName);
  if (e.typeName === typeName) return true;
  const cls = findBuiltinClass(e.typeName);
  return cls?.mro.some((c) => c.name === typeName) ?? false;
}

/** `raise`, `raise X` and `raise X(...)`. */
export function raiseStatement(vm: Machine, f: Frame, value: Value | undefined, cause?: Value): never {
  if (value === undefined) {
    for (let i = vm.frames.length - 1; i >= 0; i--) {
      const frame = vm.frames[i]!;
      const e = frame.handled[frame.handled.length - 1];
      if (e !== undefined) throw asRaise(e);
      if (frame === f) break;
    }
    raise('RuntimeError', 'No active exception to reraise');
  }
  if (value instanceof PyClass && value.isSubclassOf(exceptionClass)) {
    const made = vm.call(value, []);
    throw asRaise(chained(vm, made as PyInstance, cause));
  }
  if (value instanceof PyInstance && isInstance(value, exceptionClass)) throw asRaise(chained(vm, value, cause));
  if (value instanceof Unknown) throw new PyRaise('Exception', `an exception that is not known: ${value.why}`);
  raise('TypeError', 'exceptions must derive from BaseException');
}

/** Sets `__cause__` (from `raise … from`) and `__context__` (what was being handled). */
function chained(vm: Machine, e: PyInstance, cause: Value | undefined): PyInstance {
  if (cause !== undefined) e.attrs!.set('__cause__', cause instanceof PyClass ? vm.call(cause, []) : cause);
  const handled = vm.frames[vm.frames.length - 1]?.handled;
  const context = handled?.[handled.length - 1];
  if (context !== undefined && context !== e) e.attrs!.set('__context__', context);
  return e;
}

/** Class name and message as the last line of a traceback shows them. */
export function describe(vm: Machine, e: PyRaise): { type: string; message: string } {
  if (e.instance === null) return { type: e.typeName, message: e.message };
  const type = e.instance.cls.name;
  const args = e.instance.attrs!.get('args');
  try {
    if (args instanceof PyTuple && args.items.length === 1) return { type, message: vm.str(args.items[0]!) };
    return { type, message: vm.str(e.instance) };
  } catch {
    return { type, message: '' };
  }
}
