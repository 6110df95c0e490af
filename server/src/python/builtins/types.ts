/** Host representations that only the built-ins need, type names, and unwrapping of subclass instances. */
import {
  BoundMethod,
  Ellipsis,
  HostIterator,
  type Keywords,
  NativeFunction,
  NotImplemented,
  PyBytes,
  PyClass,
  PyClassMethod,
  PyComplex,
  PyDict,
  PyFloat,
  PyInstance,
  PyIterator,
  PyList,
  PyObject,
  PyProperty,
  PyRange,
  PySet,
  PySlice,
  PyStaticMethod,
  PyTuple,
  Unknown,
  type Value,
} from '../values.js';

/** `dict.keys()`, `.values()`, `.items()`: live. */
export class DictView extends PyObject {
  constructor(
    readonly dict: PyDict,
    readonly kind: 'keys' | 'values' | 'items',
  ) {
    super();
  }
}

/** `types.MappingProxyType`: a read-only view of a mapping. */
export class MappingProxy extends PyObject {
  constructor(readonly mapping: Value) {
    super();
  }
}

/** `int | None`. */
export class PyUnion extends PyObject {
  constructor(readonly args: readonly Value[]) {
    super();
  }
}

/** `list[int]`. */
export class PyGenericAlias extends PyObject {
  constructor(
    readonly origin: Value,
    readonly args: readonly Value[],
  ) {
    super();
  }
}

/** Names of the built-in types that the classes here and in values.ts represent; the VM makes a class object for each. */
export const hostTypeNames = [
  'NoneType',
  'bool',
  'int',
  'float',
  'complex',
  'str',
  'bytes',
  'tuple',
  'list',
  'dict',
  'set',
  'frozenset',
  'range',
  'slice',
  'ellipsis',
  'NotImplementedType',
  'dict_keys',
  'dict_values',
  'dict_items',
  'mappingproxy',
  'UnionType',
  'GenericAlias',
  'iterator',
  'enumerate',
  'zip',
  'map',
  'filter',
  'reversed',
  'type',
  'builtin_function_or_method',
  'method',
  'property',
  'staticmethod',
  'classmethod',
] as const;

/** The built-in type of a value whose `cls` is not set; null when this room does not know the representation. */
export function builtinTypeName(v: Value): string | null {
  if (v === null) return 'NoneType';
  switch (typeof v) {
    case 'boolean':
      return 'bool';
    case 'number':
    case 'bigint':
      return 'int';
    case 'string':
      return 'str';
  }
  if (v instanceof PyFloat) return 'float';
  if (v instanceof PyList) return 'list';
  if (v instanceof PyTuple) return 'tuple';
  if (v instanceof PyDict) return 'dict';
  if (v instanceof PySet) return v.frozen ? 'frozenset' : 'set';
  if (v instanceof PyRange) return 'range';
  if (v instanceof PySlice) return 'slice';
  if (v instanceof PyBytes) return 'bytes';
  if (v instanceof PyComplex) return 'complex';
  if (v instanceof DictView) return `dict_${v.kind}`;
  if (v instanceof MappingProxy) return 'mappingproxy';
  if (v instanceof PyUnion) return 'UnionType';
  if (v instanceof PyGenericAlias) return 'GenericAlias';
  if (v instanceof HostIterator) return v.typeName;
  if (v instanceof PyClass) return 'type';
  if (v instanceof NativeFunction) return 'builtin_function_or_method';
  if (v instanceof BoundMethod) return 'method';
  if (v instanceof PyProperty) return 'property';
  if (v instanceof PyStaticMethod) return 'staticmethod';
  if (v instanceof PyClassMethod) return 'classmethod';
  if (v === Ellipsis) return 'ellipsis';
  if (v === NotImplemented) return 'NotImplementedType';
  if (v instanceof PyIterator) return 'iterator';
  return null;
}

/** The built-in value inside an instance of a subclass of int, str …; other values come back as they are. */
export function unwrap(v: Value): Value {
  return v instanceof PyInstance && v.payload !== undefined ? v.payload : v;
}

/** True for a value whose operators are built in: no Python class can have overridden them. */
export function isPlain(v: Value): boolean {
  if (v === null || typeof v !== 'object') return true;
  if (v.cls !== null) return false;
  return (
    v instanceof PyFloat ||
    v instanceof PyList ||
    v instanceof PyTuple ||
    v instanceof PyDict ||
    v instanceof PySet ||
    v instanceof PyRange ||
    v instanceof PyBytes ||
    v instanceof PySlice ||
    v instanceof PyComplex ||
    v instanceof DictView ||
    v === Ellipsis ||
    v === NotImplemented
  );
}

/** An unknown that takes over the reason of `source`. */
export function unknownFrom(source: Unknown, kind: Unknown['kind'] = 'any'): Unknown {
  return new Unknown(source.why, source.where, kind);
}

/** The first unknown among the values. */
export function firstUnknown(values: readonly Value[]): Unknown | undefined {
  for (const v of values) if (v instanceof Unknown) return v;
  return undefined;
}

export function keyword(kwargs: Keywords, name: string): Value | undefined {
  return kwargs === null ? undefined : kwargs.get(name);
}

/** A string that holds characters beyond U+FFFF, so that code points and UTF-16 units differ. */
export function isAstral(s: string): boolean {
  return /[\ud800-\udfff]/.test(s);
}
