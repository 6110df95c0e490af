/** Helpers to declare native modules. */

import { raise } from '../../errors.js';
import { type Interp, type NativeCall, NativeFunction, PyFloat, Unknown, type Value } from '../../values.js';
import { native } from '../arguments.js';
import { toFloatValue } from '../constructors.js';
import { truncate } from '../methods/number.js';
import type { Int } from '../numbers.js';
import { unknownFrom } from '../types.js';

export type NativeModule = Record<string, Value>;

/** A module function with a bound signature. */
export function fn(
  module: string,
  name: string,
  signature: string,
  body: (vm: Interp, ...values: (Value | undefined)[]) => Value,
): [string, NativeFunction] {
  return [name, new NativeFunction(`${module}.${name}`, native(name, signature, body))];
}

/** A module function that takes its arguments as they come. */
export function raw(module: string, name: string, call: NativeCall): [string, NativeFunction] {
  return [name, new NativeFunction(`${module}.${name}`, call)];
}

export const floatOf = (x: number): PyFloat => new PyFloat(x);
export const intOf = (x: number): Int => truncate(x);

/** A real argument as a JS number; strings are refused as in `math`. */
export function real(vm: Interp, v: Value | undefined): number | Unknown {
  if (typeof v === 'number') return v;
  if (v instanceof PyFloat) return v.value;
  if (typeof v === 'string') raise('TypeError', 'must be real number, not str');
  const f = toFloatValue(vm, v ?? null);
  return f instanceof Unknown ? f : f.value;
}

/** A value nobody can know before running: of a sure kind, with its reason. */
export function runTime(vm: Interp, why: string, kind: Unknown['kind']): Unknown {
  return new Unknown(why, vm.place(), kind);
}

export { unknownFrom };
