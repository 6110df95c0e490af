/** Class objects: the built-in ones, method resolution order, and what class a value has. */

import { builtinTypeName } from './builtins/types.js';
import { raise } from './errors.js';
import { PyGenerator } from './generator.js';
import { Cell, PyFunction, PyModule } from './objects.js';
import { PySuper } from './super.js';
import {
  BoundMethod,
  NativeFunction,
  PyBytes,
  PyClass,
  PyClassMethod,
  PyComplex,
  PyDict,
  PyFloat,
  PyInstance,
  PyList,
  type PyObject,
  PyProperty,
  PyRange,
  PySet,
  PySingleton,
  PySlice,
  PyStaticMethod,
  PyTuple,
  Unknown,
  type Value,
} from './values.js';

const table = new Map<string, PyClass>();

/** C3 linearisation, as CPython's. */
export function linearise(cls: PyClass, bases: readonly PyClass[]): PyClass[] {
  const lists = [...bases.map((b) => b.mro.slice()), bases.slice()].filter((l) => l.length > 0);
  const out = [cls];
  while (lists.length > 0) {
    const head = lists.map((l) => l[0]!).find((h) => !lists.some((l) => l.indexOf(h) > 0));
    if (head === undefined)
      raise(
        'TypeError',
        `Cannot create a consistent method resolution order (MRO) for bases ${bases.map((b) => b.name).join(', ')}`,
      );
    out.push(head!);
    for (let i = lists.length - 1; i >= 0; i--) {
      const l = lists[i]!;
      if (l[0] === head) l.shift();
      if (l.length === 0) lists.splice(i, 1);
    }
  }
  return out;
}

/** Classes that call themselves `types.X`. */
const inTypes = new Set(['UnionType', 'GenericAlias']);

function define(name: string, base: string | readonly string[] | null, native: string | null): PyClass {
  const names = base === null ? [] : typeof base === 'string' ? [base] : base;
  const bases = names.map((n) => table.get(n)!);
  const cls = new PyClass(name, bases, new Map(), inTypes.has(name) ? 'types' : 'builtins');
  cls.mro = linearise(cls, bases);
  cls.native = native;
  table.set(name, cls);
  return cls;
}

define('object', null, null);
define('type', 'object', 'type');
for (const name of [
  'int',
  'float',
  'complex',
  'str',
  'bytes',
  'bytearray',
  'memoryview',
  'list',
  'tuple',
  'dict',
  'set',
  'frozenset',
  'range',
  'slice',
  'function',
  'property',
  'staticmethod',
  'classmethod',
  'super',
  'generator',
  'module',
  'enumerate',
  'zip',
  'map',
  'filter',
  'reversed',
])
  define(name, 'object', name);
define('bool', 'int', 'bool');
for (const name of [
  'NoneType',
  'ellipsis',
  'NotImplementedType',
  'builtin_function_or_method',
  'method',
  'cell',
  'iterator',
  'code',
  'mappingproxy',
  'dict_keys',
  'dict_values',
  'dict_items',
  'coroutine',
  'UnionType',
  'GenericAlias',
  'traceback',
  'unknown',
])
  define(name, 'object', name);

/** What `iter()` gives for the built-in types. */
export const iteratorNames: readonly string[] = [
  'list_iterator',
  'tuple_iterator',
  'str_iterator',
  'bytes_iterator',
  'range_iterator',
  'set_iterator',
  'dict_keyiterator',
  'dict_valueiterator',
  'dict_itemiterator',
  'dict_reversekeyiterator',
  'list_reverseiterator',
  'generic_alias_iterator',
];
for (const name of iteratorNames) define(name, 'object', name);

const exceptionTree: readonly [string, string | readonly string[]][] = [
  ['BaseException', 'object'],
  ['Exception', 'BaseException'],
  ['BaseExceptionGroup', 'BaseException'],
  ['ExceptionGroup', ['BaseExceptionGroup', 'Exception']],
  ['SystemExit', 'BaseException'],
  ['KeyboardInterrupt', 'BaseException'],
  ['GeneratorExit', 'BaseException'],
  ['StopIteration', 'Exception'],
  ['StopAsyncIteration', 'Exception'],
  ['ArithmeticError', 'Exception'],
  ['AssertionError', 'Exception'],
  ['AttributeError', 'Exception'],
  ['BufferError', 'Exception'],
  ['EOFError', 'Exception'],
  ['ImportError', 'Exception'],
  ['ModuleNotFoundError', 'ImportError'],
  ['LookupError', 'Exception'],
  ['IndexError', 'LookupError'],
  ['KeyError', 'LookupError'],
  ['MemoryError', 'Exception'],
  ['NameError', 'Exception'],
  ['UnboundLocalError', 'NameError'],
  ['OSError', 'Exception'],
  ['FileNotFoundError', 'OSError'],
  ['FileExistsError', 'OSError'],
  ['IsADirectoryError', 'OSError'],
  ['NotADirectoryError', 'OSError'],
  ['PermissionError', 'OSError'],
  ['TimeoutError', 'OSError'],
  ['ConnectionError', 'OSError'],
  ['InterruptedError', 'OSError'],
  ['ReferenceError', 'Exception'],
  ['RuntimeError', 'Exception'],
  ['NotImplementedError', 'RuntimeError'],
  ['RecursionError', 'RuntimeError'],
  ['SyntaxError', 'Exception'],
  ['IndentationError', 'SyntaxError'],
  ['SystemError', 'Exception'],
  ['TypeError', 'Exception'],
  ['ValueError', 'Exception'],
  ['UnicodeError', 'ValueError'],
  ['UnicodeDecodeError', 'UnicodeError'],
  ['UnicodeEncodeError', 'UnicodeError'],
  ['ZeroDivisionError', 'ArithmeticError'],
  ['OverflowError', 'ArithmeticError'],
  ['FloatingPointError', 'ArithmeticError'],
  ['Warning', 'Exception'],
  ['UserWarning', 'Warning'],
  ['DeprecationWarning', 'Warning'],
  ['PendingDeprecationWarning', 'Warning'],
  ['RuntimeWarning', 'Warning'],
  ['FutureWarning', 'Warning'],
  ['ImportWarning', 'Warning'],
  ['SyntaxWarning', 'Warning'],
  ['UnicodeWarning', 'Warning'],
  ['BytesWarning', 'Warning'],
  ['ResourceWarning', 'Warning'],
];
for (const [name, base] of exceptionTree) define(name, base, null);
table.set('IOError', table.get('OSError')!);
table.set('EnvironmentError', table.get('OSError')!);

/** A built-in class by name; undefined when there is none. */
export function findBuiltinClass(name: string): PyClass | undefined {
  return table.get(name);
}

export function builtinClass(name: string): PyClass {
  const cls = table.get(name);
  if (cls === undefined) throw new Error(`no built-in class ${name}`);
  return cls;
}

export const objectClass = builtinClass('object');
export const typeClass = builtinClass('type');
export const exceptionClass = builtinClass('BaseException');

/** Names of built-in classes that code can name directly. */
export const namedClasses: readonly string[] = [...table.keys()].filter(
  (n) =>
    ![
      'NoneType',
      'ellipsis',
      'NotImplementedType',
      'builtin_function_or_method',
      'method',
      'cell',
      'iterator',
      'code',
      'mappingproxy',
      'function',
      'module',
      'generator',
      'coroutine',
      'traceback',
      'unknown',
      'dict_keys',
      'dict_values',
      'dict_items',
      'UnionType',
      'GenericAlias',
      ...iteratorNames,
    ].includes(n),
);

type WithNativeClass = { nativeClass: PyClass };
/** Says which built-in class instances of a host class have. */
export function setNativeClass(host: { prototype: PyObject }, cls: PyClass): void {
  (host.prototype as unknown as WithNativeClass).nativeClass = cls;
}
const host: readonly [{ prototype: PyObject }, string][] = [
  [PyFloat, 'float'],
  [PyComplex, 'complex'],
  [PyBytes, 'bytes'],
  [PyTuple, 'tuple'],
  [PyList, 'list'],
  [PyDict, 'dict'],
  [PyRange, 'range'],
  [PySlice, 'slice'],
  [NativeFunction, 'builtin_function_or_method'],
  [BoundMethod, 'method'],
  [PyProperty, 'property'],
  [PyStaticMethod, 'staticmethod'],
  [PyClassMethod, 'classmethod'],
  [PyFunction, 'function'],
  [PyModule, 'module'],
  [Cell, 'cell'],
  [PyGenerator, 'generator'],
  [PySuper, 'super'],
  [Unknown, 'unknown'],
];
for (const [h, name] of host) setNativeClass(h, builtinClass(name));

const intClass = builtinClass('int');
const boolClass = builtinClass('bool');
const strClass = builtinClass('str');
const noneClass = builtinClass('NoneType');
const setClass = builtinClass('set');
const frozensetClass = builtinClass('frozenset');

export function classOf(v: Value): PyClass {
  switch (typeof v) {
    case 'number':
    case 'bigint':
      return intClass;
    case 'boolean':
      return boolClass;
    case 'string':
      return strClass;
    default:
      if (v === null) return noneClass;
      if (v.cls !== null) return v.cls;
      if (v instanceof PySet) return v.frozen ? frozensetClass : setClass;
      if (v instanceof PyClass) return v.metaclass ?? typeClass;
      if (v instanceof PySingleton) return builtinClass(v.name === 'Ellipsis' ? 'ellipsis' : 'NotImplementedType');
      return (v as unknown as WithNativeClass).nativeClass ?? table.get(builtinTypeName(v) ?? 'object') ?? objectClass;
  }
}

/** Bumped whenever a class dict changes after creation: drops all cached look-ups. */
export const classEpoch = { value: 0 };
const caches = new WeakMap<PyClass, { epoch: number; found: Map<string, Value | undefined> }>();

/** `cls.lookup(name)` with a cache. */
export function lookup(cls: PyClass, name: string): Value | undefined {
  let cache = caches.get(cls);
  if (cache === undefined || cache.epoch !== classEpoch.value) {
    cache = { epoch: classEpoch.value, found: new Map() };
    caches.set(cls, cache);
  }
  let v = cache.found.get(name);
  if (v === undefined && !cache.found.has(name)) {
    v = cls.lookup(name);
    cache.found.set(name, v);
  }
  return v;
}

export function isInstance(v: Value, cls: PyClass): boolean {
  return classOf(v).mro.includes(cls);
}

/** The nearest `native` representation along the MRO: what instances of the class are made of. */
export function nativeOf(cls: PyClass): string | null {
  for (const c of cls.mro) if (c.native !== null) return c.native;
  return null;
}

export function newException(cls: PyClass, args: readonly Value[]): PyInstance {
  const e = new PyInstance(cls);
  e.attrs!.set('args', new PyTuple(args));
  return e;
}
