/** Special methods of the built-in types as callables (`dict.__setitem__`, `super().__getitem__`), from the operators. */
import type { BinaryOperator } from '../../../syntax/ast.js';
import { raise } from '../../errors.js';
import {
  BoundMethod,
  heap,
  type Interp,
  type NativeCall,
  NotImplemented,
  PyClass,
  PyInstance,
  PyList,
  PyTuple,
  Unknown,
  type Value,
} from '../../values.js';
import { nativeBinary, nativeUnary } from '../arithmetic.js';
import { nativeCompare, nativeContains, type RichOperator, richMethods } from '../compare.js';
import { nativeFormat } from '../format.js';
import { hashKey, hashOf } from '../hash.js';
import { nativeDelItem, nativeGetItem, nativeLength, nativeSetItem } from '../items.js';
import { builtinIterator } from '../iterators.js';
import { binaryMethods, nativeInPlace } from '../operators.js';
import { exceptionArgs, nativeRepr, nativeStr } from '../repr.js';
import { typeName } from '../special.js';
import { type MappingProxy, PyGenericAlias, PyUnion, unknownFrom, unwrap } from '../types.js';

const operatorsOf: Record<string, string> = {
  int: '+ - * / // % ** << >> & | ^',
  float: '+ - * / // % **',
  complex: '+ - * / **',
  str: '+ * %',
  bytes: '+ * %',
  list: '+ *',
  tuple: '+ *',
  dict: '|',
  set: '| & - ^',
  frozenset: '| & - ^',
  dict_keys: '| & - ^',
  dict_items: '| & - ^',
};
const inPlaceOf: Record<string, string> = { list: '+ *', dict: '|', set: '| & - ^' };
const unordered = new Set(['dict', 'complex', 'range', 'slice', 'UnionType', 'GenericAlias']);

type Methods = Record<string, NativeCall>;

function arithmetic(type: string, out: Methods): void {
  for (const op of (operatorsOf[type] ?? '').split(' ').filter((o) => o !== '') as BinaryOperator[]) {
    const [forward, reflected] = binaryMethods[op];
    out[forward] = (vm, [a, b]) => nativeBinary(vm, op, unwrap(a!), unwrap(b!)) ?? NotImplemented;
    out[reflected] = (vm, [a, b]) => nativeBinary(vm, op, unwrap(b!), unwrap(a!)) ?? NotImplemented;
  }
  for (const op of (inPlaceOf[type] ?? '').split(' ').filter((o) => o !== '') as BinaryOperator[]) {
    out[binaryMethods[op][2]] = (vm, [a, b]) => nativeInPlace(vm, op, a!, b!) ?? NotImplemented;
  }
  if (type === 'int' || type === 'float' || type === 'complex') {
    out['__neg__'] = (_vm, [a]) => nativeUnary('-', unwrap(a!)) ?? NotImplemented;
    out['__pos__'] = (_vm, [a]) => nativeUnary('+', unwrap(a!)) ?? NotImplemented;
    if (type === 'int') out['__invert__'] = (_vm, [a]) => nativeUnary('~', unwrap(a!)) ?? NotImplemented;
  }
}

function comparison(type: string, out: Methods): void {
  for (const op of Object.keys(richMethods) as RichOperator[]) {
    if (unordered.has(type) && op !== '==' && op !== '!=') continue;
    out[richMethods[op]] = (vm, [a, b]) => {
      if (b instanceof Unknown) return unknownFrom(b, b.kind === 'any' || b.kind === 'tensor' ? 'any' : 'bool');
      return nativeCompare(vm, op, unwrap(a!), unwrap(b!)) ?? NotImplemented;
    };
  }
}

function container(type: string, out: Methods): void {
  out['__len__'] = (vm, [a]) => nativeLength(vm, a!);
  out['__contains__'] = (vm, [a, b]) => nativeContains(vm, unwrap(a!), b!);
  out['__iter__'] = (vm, [a]) =>
    builtinIterator(vm, unwrap(a!)) ?? raise('TypeError', `'${typeName(vm, a!)}' object is not iterable`);
  if (type === 'set' || type === 'frozenset' || type.startsWith('dict_')) return;
  out['__getitem__'] = (vm, [a, b]) => nativeGetItem(vm, unwrap(a!), b!);
  if (type !== 'list' && type !== 'dict') return;
  out['__setitem__'] = (vm, [a, b, c]) => {
    nativeSetItem(vm, a!, b!, c!);
    return null;
  };
  out['__delitem__'] = (vm, [a, b]) => {
    nativeDelItem(vm, a!, b!);
    return null;
  };
}

/** Special methods of a built-in type. */
export function dunders(type: string): Methods {
  const out: Methods = {};
  arithmetic(type, out);
  comparison(type, out);
  out['__repr__'] = (vm, [a]) => nativeRepr(vm, a!);
  if (
    [
      'str',
      'list',
      'tuple',
      'dict',
      'set',
      'frozenset',
      'bytes',
      'range',
      'dict_keys',
      'dict_values',
      'dict_items',
      'mappingproxy',
    ].includes(type)
  ) {
    container(type, out);
  }
  if (['int', 'float', 'str', 'complex'].includes(type)) {
    out['__format__'] = (vm, [a, spec]) => nativeFormat(vm, a!, String(spec));
    out['__str__'] = (vm, [a]) => nativeStr(vm, a!);
  }
  if (
    ['int', 'float', 'str', 'bytes', 'tuple', 'frozenset', 'complex', 'range', 'UnionType', 'GenericAlias'].includes(
      type,
    )
  ) {
    out['__hash__'] = (vm, [a]) => hashOf(vm, unwrap(a!));
  }
  return out;
}

/** `object`'s own. */
export const objectMethods: Methods = {
  __repr__: (vm, [a]) => nativeRepr(vm, a!),
  __str__: (vm, [a]) => vm.repr(a!),
  __eq__: (_vm, [a, b]) => (a === b ? true : NotImplemented),
  __ne__: (vm, [a, b]) => {
    const eq = vm.classOf(a!).lookup('__eq__');
    const same = eq === undefined || eq === null ? NotImplemented : vm.call(eq, [a!, b!]);
    if (same === NotImplemented) return same;
    return same instanceof Unknown ? same : !vm.truthy(same);
  },
  __hash__: (vm, [a]) => {
    const key = typeof a === 'object' && a !== null ? a.serial : hashKey(vm, a!);
    return typeof key === 'number' ? key * 16 : hashOf(vm, a!);
  },
  __format__: (vm, [a, spec]) => {
    if (spec !== '') raise('TypeError', `unsupported format string passed to ${typeName(vm, a!)}.__format__`);
    return vm.str(a!);
  },
};

/** Members of a union, flattened and without repeats. */
function unionOf(vm: Interp, a: Value, b: Value): Value {
  const isType = (v: Value) =>
    v === null ||
    v instanceof PyClass ||
    v instanceof PyGenericAlias ||
    v instanceof PyUnion ||
    v instanceof PyInstance ||
    typeof v === 'string';
  if (!isType(a) || !isType(b) || (typeof a === 'string' && typeof b === 'string')) return NotImplemented;
  const flat: Value[] = [];
  for (const v of [a, b]) {
    for (const member of v instanceof PyUnion ? v.args : [v]) if (!flat.some((f) => f === member)) flat.push(member);
  }
  void vm;
  return flat.length === 1 ? flat[0]! : new PyUnion(flat);
}

const unionMethods: Methods = {
  __or__: (vm, [a, b]) => unionOf(vm, a!, b!),
  __ror__: (vm, [a, b]) => unionOf(vm, b!, a!),
};

/** Bound methods are equal when they bind equal functions to the same object. */
export const boundMethods: Methods = {
  __eq__: (_vm, [a, b]) => {
    if (!(b instanceof BoundMethod)) return NotImplemented;
    const own = a as BoundMethod;
    return own.self === b.self && own.func === b.func;
  },
};

export const typeMethods: Methods = { ...unionMethods };
export const unionTypeMethods: Methods = {
  ...unionMethods,
  __eq__: (_vm, [a, b]) => {
    if (!(b instanceof PyUnion)) return NotImplemented;
    const other = b.args;
    const own = (a as PyUnion).args;
    return own.length === other.length && own.every((x) => other.includes(x));
  },
};
export const genericAliasMethods: Methods = {
  ...unionMethods,
  __getitem__: (_vm, [a, key]) =>
    new PyGenericAlias((a as PyGenericAlias).origin, key instanceof PyTuple ? key.items : [key!]),
  __call__: (vm, args, kwargs) => vm.call((args[0] as PyGenericAlias).origin, args.slice(1), kwargs),
  __mro_entries__: (_vm, [a]) => new PyTuple([(a as PyGenericAlias).origin]),
  __eq__: (vm, [a, b]) => {
    if (!(b instanceof PyGenericAlias)) return NotImplemented;
    return hashKey(vm, a!) === hashKey(vm, b);
  },
};

export const proxyDunders: Methods = {
  __getitem__: (vm, [a, key]) => vm.call(vm.getAttr((a as MappingProxy).mapping, '__getitem__'), [key!]),
};

/** `BaseException`'s own. */
export const exceptionMethods: Methods = {
  __init__: (_vm, args) => {
    const self = args[0] as PyInstance;
    heap.touch(self);
    self.attrs!.set('args', new PyTuple(args.slice(1)));
    return null;
  },
  __str__: (vm, [a]) => nativeStr(vm, a!),
  __repr__: (vm, [a]) => nativeRepr(vm, a!),
  with_traceback: (_vm, [a]) => a!,
  add_note: (vm, [a, note]) => {
    const notes = vm.tryGetAttr(a!, '__notes__');
    if (notes instanceof PyList) {
      heap.touch(notes);
      notes.items.push(note!);
    } else vm.setAttr(a!, '__notes__', new PyList([note!]));
    return null;
  },
};

export { exceptionArgs };
