/** `isinstance` and `issubclass`, with `__instancecheck__`, unions and unknown values. */
import { classEpoch } from '../classes.js';
import { raise } from '../errors.js';
import { PyFunction } from '../objects.js';
import { BoundMethod, type Interp, NativeFunction, PyClass, PyTuple, Unknown, type Value } from '../values.js';
import { truth } from './compare.js';
import { callBound, lookupSpecial } from './special.js';
import { PyUnion, unknownFrom } from './types.js';

const noneType = 'NoneType';

/** What the kind of an unknown says about its class; null when it says nothing. */
function kindDecides(u: Unknown, cls: PyClass): boolean | null {
  if (cls.name === 'object' && cls.module === 'builtins') return true;
  if (u.kind === 'any') return null;
  if (u.kind === 'tensor') {
    if (cls.name === 'Tensor') return true;
    return cls.module === 'builtins' ? false : null;
  }
  if (cls.module !== 'builtins') return null;
  return cls.name === u.kind || (u.kind === 'bool' && cls.name === 'int');
}

/** Answers of `collections.abc`, by abstract class and class: they look at classes only. CPython's ABCs remember theirs too. */
const remembered = new WeakMap<PyClass, { epoch: number; answers: Map<PyClass, boolean> }>();

function answersOf(info: PyClass, check: Value): Map<PyClass, boolean> | null {
  if (!(check instanceof PyFunction) || !check.code.file.internal || check.code.file.path !== 'collections/abc.py')
    return null;
  let known = remembered.get(info);
  if (known === undefined || known.epoch !== classEpoch.value) {
    known = { epoch: classEpoch.value, answers: new Map() };
    remembered.set(info, known);
  }
  return known.answers;
}

export function isInstanceOf(vm: Interp, v: Value, info: Value): boolean | Unknown {
  if (info instanceof PyClass) {
    if (v instanceof Unknown) return kindDecides(v, info) ?? unknownFrom(v, 'bool');
    // a method of a built-in type is not a `method` to Python
    if (v instanceof BoundMethod && v.cls === null && v.func instanceof NativeFunction && info.module === 'builtins') {
      if (info.name === 'method') return false;
      if (info.name === 'builtin_function_or_method') return true;
    }
    if (vm.classOf(v).mro.includes(info)) return true;
    const check = vm.classOf(info).lookup('__instancecheck__');
    if (
      check === undefined ||
      check === null ||
      (check instanceof NativeFunction && check.name === 'type.__instancecheck__')
    ) {
      // an instance may claim another class through __class__
      return false;
    }
    const answers = answersOf(info, check);
    const known = answers?.get(vm.classOf(v));
    if (known !== undefined) return known;
    const answer = truth(vm, callBound(vm, check, info, [v]));
    if (typeof answer === 'boolean') answers?.set(vm.classOf(v), answer);
    return answer;
  }
  if (info instanceof PyTuple || info instanceof PyUnion) {
    const members = info instanceof PyTuple ? info.items : info.args;
    let open: Unknown | null = null;
    for (const c of members) {
      const r = c === null ? (v instanceof Unknown ? unknownFrom(v, 'bool') : v === null) : isInstanceOf(vm, v, c);
      if (r === true) return true;
      if (r instanceof Unknown) open = r;
    }
    return open ?? false;
  }
  if (info instanceof Unknown) return unknownFrom(info, 'bool');
  const check = lookupSpecial(vm, info, '__instancecheck__');
  if (check !== undefined) {
    if (v instanceof Unknown) return unknownFrom(v, 'bool');
    return truth(vm, callBound(vm, check, info, [v]));
  }
  raise('TypeError', 'isinstance() arg 2 must be a type, a tuple of types, or a union');
}

export function isSubclassOf(vm: Interp, c: Value, info: Value): boolean | Unknown {
  if (c instanceof Unknown) return unknownFrom(c, 'bool');
  if (info instanceof Unknown) return unknownFrom(info, 'bool');
  if (!(c instanceof PyClass)) raise('TypeError', 'issubclass() arg 1 must be a class');
  if (info instanceof PyTuple || info instanceof PyUnion) {
    const members = info instanceof PyTuple ? info.items : info.args;
    for (const m of members) {
      const r = m === null ? c.name === noneType : isSubclassOf(vm, c, m);
      if (r !== false) return r;
    }
    return false;
  }
  if (info instanceof PyClass && c.mro.includes(info)) return true;
  const check = lookupSpecial(vm, info, '__subclasscheck__');
  if (check !== undefined && !(check instanceof NativeFunction && check.name === 'type.__subclasscheck__')) {
    return truth(vm, callBound(vm, check, info, [c]));
  }
  if (!(info instanceof PyClass))
    raise('TypeError', 'issubclass() arg 2 must be a class, a tuple of classes, or a union');
  return false;
}
