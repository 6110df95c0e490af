/** Class and mapping patterns of `match`. */
import { dictGet } from './builtins/hash.js';
import { isInstance, lookup } from './classes.js';
import { raise } from './errors.js';
import type { Machine } from './machine.js';
import { PyClass, PyDict, PyTuple, type Value } from './values.js';

/** Built-in classes whose single positional sub-pattern matches the value itself. */
const selfMatching = new Set([
  'bool',
  'bytearray',
  'bytes',
  'dict',
  'float',
  'frozenset',
  'int',
  'list',
  'set',
  'str',
  'tuple',
]);

/** The values for the sub-patterns, or null when the subject does not match. */
export function matchClass(
  vm: Machine,
  subject: Value,
  cls: Value,
  info: { positional: number; names: readonly string[] },
): Value {
  if (!(cls instanceof PyClass)) raise('TypeError', 'called match pattern must be a class');
  if (!isInstance(subject, cls as PyClass)) return null;
  const values: Value[] = [];
  if (info.positional > 0) {
    if (
      (cls as PyClass).mro.some((c) => c.native !== null && selfMatching.has(c.name)) &&
      lookup(cls as PyClass, '__match_args__') === undefined
    ) {
      values.push(subject);
    } else {
      const names = lookup(cls as PyClass, '__match_args__');
      if (!(names instanceof PyTuple) || names.items.length < info.positional) {
        raise(
          'TypeError',
          `${(cls as PyClass).name}() accepts ${names instanceof PyTuple ? names.items.length : 0} positional sub-patterns (${info.positional} given)`,
        );
      }
      for (let i = 0; i < info.positional; i++) {
        const v = vm.tryGetAttr(subject, (names as PyTuple).items[i] as string);
        if (v === undefined) return null;
        values.push(v);
      }
    }
  }
  for (const name of info.names) {
    const v = vm.tryGetAttr(subject, name);
    if (v === undefined) return null;
    values.push(v);
  }
  return new PyTuple(values);
}

export function matchKeys(vm: Machine, subject: PyDict, keys: PyTuple): Value {
  const values: Value[] = [];
  for (const k of keys.items) {
    const v = dictGet(vm, subject, k);
    if (v === undefined) return null;
    values.push(v);
  }
  return new PyTuple(values);
}

export function matchRest(vm: Machine, subject: PyDict, keys: PyTuple): Value {
  const rest = new PyDict();
  for (const [key, entry] of subject.entries) {
    if (!keys.items.some((k) => vm.equal(k, entry[0]))) rest.writable.set(key, [entry[0], entry[1]]);
  }
  return rest;
}
