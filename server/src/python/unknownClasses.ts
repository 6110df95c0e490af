/**
 * Classes and functions of which one part is not known: a base class or a decorator from a package that is not there.
 * The rest is still read. The base is stood in for by a class that takes any arguments and has any attribute, each of
 * them unknown; the decorator is taken to give back what it decorates, as registries do. Every use leaves a gap, so no
 * estimate that rests on one calls itself complete.
 */
import { objectClass } from './classes.js';
import { PyRaise, raise } from './errors.js';
import { raisedIs } from './exceptions.js';
import type { Machine } from './machine.js';
import { PyFunction } from './objects.js';
import { heap, NativeFunction, PyClass, PyObject, Unknown, type Value } from './values.js';

const standIns = new WeakSet<PyClass>();

export const hasStandIn = (cls: PyClass): boolean => cls.mro.some((c) => standIns.has(c));

/** What a class with an unknown base most likely derives from besides, by the names in its body. Library models add theirs. */
export const likelyBases: ((vm: Machine, names: ReadonlyMap<string, Value>) => PyClass | null)[] = [];

/** null when it derives from that class already. */
export function likelyBase(vm: Machine, names: ReadonlyMap<string, Value>, bases: readonly PyClass[]): PyClass | null {
  for (const ask of likelyBases) {
    const found = ask(vm, names);
    if (found !== null && !bases.some((b) => b.isSubclassOf(found))) return found;
  }
  return null;
}

/** A class in the place of the unknown base of the class called `name`. */
export function standInFor(name: string, base: Unknown): PyClass {
  const why = `${name} derives from something unknown: ${base.why}`;
  const unknown = (): Unknown => new Unknown(why, base.where);
  /** The definition of `method` behind the stand-in in the order of resolution. */
  const next = (self: Value, method: string): Value | undefined => {
    if (!(self instanceof PyObject)) return undefined;
    const { mro } = self.cls!;
    for (let i = mro.indexOf(cls) + 1; i < mro.length; i++) {
      const found = mro[i]!.dict.get(method);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const dict = new Map<string, Value>([
    [
      '__init__',
      new NativeFunction(
        '__init__',
        (vm, [self]) => {
          const init = next(self!, '__init__');
          if (init !== undefined) vm.call(init, [self!]);
          return null;
        },
        true,
      ),
    ],
    [
      '__getattr__',
      new NativeFunction(
        '__getattr__',
        (vm, [self, name]) => {
          const known = next(self!, '__getattr__');
          if (known !== undefined) {
            try {
              return vm.call(known, [self!, name!]);
            } catch (e) {
              if (!(e instanceof PyRaise && raisedIs(e, 'AttributeError'))) throw e;
            }
          }
          const text = String(name);
          if (text.startsWith('__') && text.endsWith('__'))
            raise('AttributeError', `'${(self as PyObject).cls!.name}' object has no attribute '${text}'`);
          return unknown();
        },
        true,
      ),
    ],
    [
      '__delattr__',
      new NativeFunction(
        '__delattr__',
        (vm, [self, name]) => {
          const own = (self as PyObject).attrs;
          if (own?.has(name as string) === true) {
            heap.touch(self as PyObject);
            own.delete(name as string);
            return null;
          }
          const known = next(self!, '__delattr__');
          if (known === undefined) return null;
          try {
            return vm.call(known, [self!, name!]);
          } catch (e) {
            if (!(e instanceof PyRaise && raisedIs(e, 'AttributeError'))) throw e;
            return null;
          }
        },
        true,
      ),
    ],
  ]);
  const cls = new PyClass(`unknown base of ${name}`, [objectClass], dict, '');
  cls.mro = [cls, objectClass];
  cls.doubt = why;
  standIns.add(cls);
  return cls;
}

/** The decorator itself, or, when it is not known, one that changes nothing but puts what it decorates in doubt. */
export function decoratorFor(decorator: Value, decorated: Value): Value {
  if (!(decorator instanceof Unknown)) return decorator;
  if (!(decorated instanceof PyFunction || decorated instanceof PyClass)) return decorator;
  decorated.doubt = `${decorated.name} has a decorator that is not known: ${decorator.why}`;
  return unchanged;
}

const unchanged = new NativeFunction('unknown decorator', (_vm, [decorated]) => decorated!);
