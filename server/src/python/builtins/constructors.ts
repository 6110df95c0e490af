/** Calls of the built-in types: `int('12', 8)`, `list(x)` … `cls` may be a subclass. */

import { raise } from '../errors.js';
import { Attributes } from '../instanceAttributes.js';
import {
  HostIterator,
  type Interp,
  type Keywords,
  PyBytes,
  type PyClass,
  PyComplex,
  PyDict,
  PyFloat,
  PyInstance,
  PyList,
  type PyObject,
  PyRange,
  PySet,
  PySlice,
  PyTuple,
  Unknown,
  type Value,
} from '../values.js';
import { bindArguments } from './arguments.js';
import { truth } from './compare.js';
import { setFrom } from './hash.js';
import { asIndex, getItem, length, requireIndex } from './items.js';
import { iter, next, overIterable } from './iterators.js';
import { decode, encode } from './methods/bytes.js';
import { updateDict } from './methods/dict.js';
import { truncate } from './methods/number.js';
import { isInt, normalise, toFloat, toInt } from './numbers.js';
import { strValue } from './repr.js';
import { callBound, callSpecial, lookupSpecial, typeName } from './special.js';
import { MappingProxy, unknownFrom, unwrap } from './types.js';

export type Constructor = (vm: Interp, cls: PyClass, args: Value[], kwargs: Keywords) => Value;

/** Gives an object the class when that is not the built-in one. */
function as<T extends PyObject>(object: T, cls: PyClass): T {
  if (cls.module !== 'builtins') {
    object.cls = cls;
    object.attrs = new Attributes(cls.instanceKeys);
  }
  return object;
}

/** An int or str is a JS primitive: a subclass instance carries it as payload. */
function wrapped(value: Value, cls: PyClass): Value {
  if (cls.module === 'builtins' || value instanceof Unknown) return value;
  const instance = new PyInstance(cls);
  instance.payload = value;
  return instance;
}

function parseInteger(vm: Interp, text: string, base: number, shown: Value): Value {
  const invalid = (): never => raise('ValueError', `invalid literal for int() with base ${base}: ${vm.repr(shown)}`);
  let s = text.trim().toLowerCase();
  const negative = s.startsWith('-');
  if (/^[+-]/.test(s)) s = s.slice(1);
  let radix = base;
  const prefix = /^0([xob])/.exec(s);
  if (prefix !== null) {
    const own = prefix[1] === 'x' ? 16 : prefix[1] === 'o' ? 8 : 2;
    if (base === own || base === 0) {
      radix = own;
      s = s.slice(2).replace(/^_/, '');
    }
  } else if (base === 0) {
    if (/^0[0_]*[1-9]/.test(s)) invalid();
    radix = 10;
  }
  if (!/^[0-9a-z]+(_[0-9a-z]+)*$/.test(s)) invalid();
  const digits = s.replaceAll('_', '');
  let x = 0n;
  if (radix === 10) {
    if (/[^0-9]/.test(digits)) invalid();
    x = BigInt(digits);
  } else {
    for (const c of digits) {
      const d = Number.parseInt(c, 36);
      if (d >= radix) invalid();
      x = x * BigInt(radix) + BigInt(d);
    }
  }
  return normalise(negative ? -x : x);
}

function toInteger(vm: Interp, v: Value): Value {
  const plain = unwrap(v);
  if (isInt(plain)) return toInt(plain);
  if (plain instanceof PyFloat) return truncate(plain.value);
  if (typeof plain === 'string') return parseInteger(vm, plain, 10, v);
  if (plain instanceof Unknown) return unknownFrom(plain, 'int');
  if (plain instanceof PyBytes) return parseInteger(vm, plain.value, 10, v);
  const made = callSpecial(vm, v, '__int__') ?? callSpecial(vm, v, '__index__') ?? callSpecial(vm, v, '__trunc__');
  if (made === undefined) {
    raise(
      'TypeError',
      `int() argument must be a string, a bytes-like object or a real number, not '${typeName(vm, v)}'`,
    );
  }
  return made instanceof Unknown ? unknownFrom(made, 'int') : unwrap(made);
}

/** The float of a value; null when the text is not a number. */
export function parseFloatText(text: string): number | null {
  const s = text.trim().toLowerCase();
  if (/^[+-]?(inf|infinity)$/.test(s)) return s.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[+-]?nan$/.test(s)) return Number.NaN;
  if (!/^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/.test(s)) return null;
  return Number(s.replaceAll('_', ''));
}

export function toFloatValue(vm: Interp, v: Value): PyFloat | Unknown {
  const plain = unwrap(v);
  if (plain instanceof PyFloat) return plain;
  if (isInt(plain)) return new PyFloat(toFloat(toInt(plain)));
  if (plain instanceof Unknown) return unknownFrom(plain, 'float');
  if (typeof plain === 'string') {
    const x = parseFloatText(plain);
    return x === null ? raise('ValueError', `could not convert string to float: ${vm.repr(v)}`) : new PyFloat(x);
  }
  const made = callSpecial(vm, v, '__float__');
  if (made instanceof PyFloat) return made;
  if (made instanceof Unknown) return unknownFrom(made, 'float');
  const index = asIndex(vm, v);
  if (index instanceof Unknown) return unknownFrom(index, 'float');
  if (index !== undefined) return new PyFloat(toFloat(index));
  raise('TypeError', `float() argument must be a string or a real number, not '${typeName(vm, v)}'`);
}

/** A float that is not shared, so that a subclass instance can carry its class. */
function ownFloat(v: PyFloat | Unknown, cls: PyClass): Value {
  if (v instanceof Unknown) return v;
  return cls.module === 'builtins' && v.cls === null ? v : as(new PyFloat(v.value), cls);
}

function parseComplex(vm: Interp, text: string): PyComplex {
  const s = text
    .trim()
    .replace(/^\((.*)\)$/, '$1')
    .trim()
    .toLowerCase();
  const invalid = (): never => raise('ValueError', `complex() arg is a malformed string`);
  void vm;
  const number = '[+-]?(?:\\d+\\.?\\d*(?:e[+-]?\\d+)?|\\.\\d+(?:e[+-]?\\d+)?|inf|nan)';
  const m = new RegExp(
    `^(${number})?(?:([+-]?(?:\\d+\\.?\\d*(?:e[+-]?\\d+)?|\\.\\d+(?:e[+-]?\\d+)?|inf|nan)?)j)?$`,
  ).exec(s);
  if (m === null || s === '') invalid();
  const imag = m![2];
  if (imag === undefined) return new PyComplex(parseFloatText(m![1]!) ?? invalid(), 0);
  const value = imag === '' || imag === '+' ? 1 : imag === '-' ? -1 : (parseFloatText(imag) ?? invalid());
  return new PyComplex(m![1] === undefined ? 0 : (parseFloatText(m![1]) ?? invalid()), value);
}

const items = (vm: Interp, v: Value): Value[] | Unknown => (v instanceof Unknown ? v : [...vm.iterate(v)]);

/** The first unknown among iterables to be walked together. */
function lazy(cls: PyClass, it: HostIterator): Value {
  return as(it, cls);
}

export const constructors: Record<string, Constructor> = {
  object: (_vm, cls) => new PyInstance(cls),
  int: (vm, cls, args, kwargs) => {
    const [x, base] = bindArguments('int', 'x=, /, base=', args, kwargs);
    if (x === undefined) return wrapped(0, cls);
    if (base !== undefined && base !== null) {
      const text = unwrap(x);
      if (text instanceof Unknown || base instanceof Unknown)
        return unknownFrom((text instanceof Unknown ? text : base) as Unknown, 'int');
      const digits = text instanceof PyBytes ? text.value : text;
      if (typeof digits !== 'string') raise('TypeError', "int() can't convert non-string with explicit base");
      const radix = Number(requireIndex(vm, base));
      if (radix !== 0 && (radix < 2 || radix > 36)) raise('ValueError', 'int() base must be >= 2 and <= 36, or 0');
      return wrapped(parseInteger(vm, digits, radix, x), cls);
    }
    return wrapped(toInteger(vm, x), cls);
  },
  bool: (vm, _cls, args) => {
    if (args.length === 0) return false;
    const t = truth(vm, args[0]!);
    return t instanceof Unknown ? unknownFrom(t, 'bool') : t;
  },
  float: (vm, cls, args) => ownFloat(args.length === 0 ? new PyFloat(0) : toFloatValue(vm, args[0]!), cls),
  complex: (vm, cls, args, kwargs) => {
    const [re, im] = bindArguments('complex', 'real=, imag=', args, kwargs);
    if (typeof re === 'string') return parseComplex(vm, re);
    const parts = [re, im].map((v) => {
      if (v === undefined) return new PyComplex(0, 0);
      const plain = unwrap(v);
      if (plain instanceof PyComplex) return plain;
      const special =
        typeof v === 'object' && v !== null && v.cls !== null ? callSpecial(vm, v, '__complex__') : undefined;
      if (special instanceof PyComplex) return special;
      const f = toFloatValue(vm, v);
      return f instanceof Unknown ? f : new PyComplex(f.value, 0);
    });
    const [a, b] = parts as [PyComplex | Unknown, PyComplex | Unknown];
    if (a instanceof Unknown) return unknownFrom(a);
    if (b instanceof Unknown) return unknownFrom(b);
    return as(new PyComplex(a.real - b.imag, a.imag + b.real), cls);
  },
  str: (vm, cls, args, kwargs) => {
    const [object, encoding, errors] = bindArguments('str', 'object=, encoding=, errors=', args, kwargs);
    if (object === undefined) return wrapped('', cls);
    if (encoding !== undefined && object instanceof PyBytes)
      return wrapped(decode(vm, object.value, encoding, errors), cls);
    return wrapped(strValue(vm, object), cls);
  },
  bytes: (vm, cls, args, kwargs) => {
    const [source, encoding, errors] = bindArguments('bytes', 'source=, encoding=, errors=', args, kwargs);
    if (source === undefined) return as(new PyBytes(''), cls);
    if (source instanceof Unknown) return unknownFrom(source);
    if (typeof source === 'string') {
      if (encoding === undefined) raise('TypeError', 'string argument without an encoding');
      return as(new PyBytes(encode(vm, source, encoding, errors)), cls);
    }
    if (source instanceof PyBytes) return as(new PyBytes(source.value), cls);
    const size = asIndex(vm, source);
    if (size instanceof Unknown) return unknownFrom(size);
    if (size !== undefined) {
      if (size < 0) raise('ValueError', 'negative count');
      return as(new PyBytes('\0'.repeat(Number(size))), cls);
    }
    let out = '';
    for (const v of vm.iterate(source)) {
      const byte = requireIndex(vm, v);
      if (byte instanceof Unknown) return unknownFrom(byte);
      if (byte < 0 || byte > 255) raise('ValueError', 'bytes must be in range(0, 256)');
      out += String.fromCharCode(byte);
    }
    return as(new PyBytes(out), cls);
  },
  list: (vm, cls, args) => {
    if (args.length > 1) raise('TypeError', `list expected at most 1 argument, got ${args.length}`);
    const all = args.length === 0 ? [] : items(vm, args[0]!);
    return all instanceof Unknown ? unknownFrom(all) : as(new PyList(all), cls);
  },
  tuple: (vm, cls, args) => {
    if (args.length > 1) raise('TypeError', `tuple expected at most 1 argument, got ${args.length}`);
    const source = args[0];
    if (source instanceof PyTuple && source.cls === null && cls.module === 'builtins') return source;
    const all = source === undefined ? [] : items(vm, source);
    return all instanceof Unknown ? unknownFrom(all) : as(new PyTuple(all), cls);
  },
  dict: (vm, cls, args, kwargs) => {
    if (args.length > 1) raise('TypeError', `dict expected at most 1 argument, got ${args.length}`);
    if (args[0] instanceof Unknown) return unknownFrom(args[0]);
    const d = as(new PyDict(), cls);
    updateDict(vm, d, args[0], kwargs);
    return d;
  },
  set: (vm, cls, args) => {
    const s = setFrom(vm, args.length === 0 ? [] : args[0] instanceof Unknown ? [args[0]] : vm.iterate(args[0]!));
    return as(s, cls);
  },
  frozenset: (vm, cls, args) => {
    if (args[0] instanceof PySet && args[0].frozen && args[0].cls === null && cls.module === 'builtins') return args[0];
    if (args[0] instanceof Unknown) return unknownFrom(args[0]);
    return as(setFrom(vm, args.length === 0 ? [] : vm.iterate(args[0]!), true), cls);
  },
  range: (vm, _cls, args) => {
    if (args.length === 0) raise('TypeError', 'range expected at least 1 argument, got 0');
    if (args.length > 3) raise('TypeError', `range expected at most 3 arguments, got ${args.length}`);
    const values = args.map((a) => requireIndex(vm, a));
    const unknown = values.find((v) => v instanceof Unknown);
    if (unknown instanceof Unknown) return unknownFrom(unknown);
    const [a, b, step] = values as number[];
    if (step === 0) raise('ValueError', 'range() arg 3 must not be zero');
    return b === undefined ? new PyRange(0, a!, 1) : new PyRange(a!, b, step ?? 1);
  },
  slice: (_vm, _cls, args) => {
    if (args.length === 0) raise('TypeError', 'slice expected at least 1 argument, got 0');
    return args.length === 1 ? new PySlice(null, args[0]!, null) : new PySlice(args[0]!, args[1]!, args[2] ?? null);
  },
  enumerate: (vm, cls, args, kwargs) => {
    const [source, start] = bindArguments('enumerate', 'iterable, start=', args, kwargs);
    const it = iter(vm, source!);
    if (it instanceof Unknown) return unknownFrom(it);
    let i = start === undefined ? 0 : requireIndex(vm, start);
    if (i instanceof Unknown) i = Number.NaN;
    let count = i;
    return lazy(
      cls,
      new HostIterator((m) => {
        const v = next(m, it);
        if (v === undefined) return undefined;
        const index = Number.isNaN(count) ? unknownFrom(start as Unknown, 'int') : count++;
        return new PyTuple([index, v]);
      }, 'enumerate'),
    );
  },
  zip: (vm, cls, args, kwargs) => {
    const strict = kwargs?.get('strict');
    const its = args.map((a) => iter(vm, a));
    const unknown = its.find((i) => i instanceof Unknown);
    if (unknown instanceof Unknown) return unknownFrom(unknown);
    return lazy(cls, new HostIterator((m) => zipStep(m, its, strict !== undefined && m.truthy(strict)), 'zip'));
  },
  map: (vm, cls, args) => {
    if (args.length < 2) raise('TypeError', 'map() must have at least two arguments.');
    const [func, ...sources] = args;
    const its = sources.map((a) => iter(vm, a));
    const unknown = its.find((i) => i instanceof Unknown);
    if (unknown instanceof Unknown) return unknownFrom(unknown);
    return lazy(
      cls,
      new HostIterator((m) => {
        const values: Value[] = [];
        for (const it of its) {
          const v = next(m, it);
          if (v === undefined) return undefined;
          values.push(v);
        }
        return m.call(func!, values);
      }, 'map'),
    );
  },
  filter: (vm, cls, args) => {
    const [func, source] = bindArguments('filter', 'function, iterable, /', args, null);
    const it = iter(vm, source!);
    if (it instanceof Unknown) return unknownFrom(it);
    return lazy(
      cls,
      new HostIterator((m) => {
        for (let v = next(m, it); v !== undefined; v = next(m, it))
          if (m.truthy(func === null ? v : m.call(func!, [v]))) return v;
        return undefined;
      }, 'filter'),
    );
  },
  reversed: (vm, cls, args) => {
    const source = args[0]!;
    if (source instanceof Unknown) return unknownFrom(source);
    const func = lookupSpecial(vm, source, '__reversed__');
    if (func !== undefined) return callBound(vm, func, source, []);
    const plain = unwrap(source);
    if (plain instanceof PyDict)
      return lazy(
        cls,
        overIterable(
          [...plain.entries.values()].reverse().map((e) => e[0]),
          'reversed',
        ),
      );
    if (plain instanceof PySet || plain instanceof HostIterator)
      raise('TypeError', `'${typeName(vm, source)}' object is not reversible`);
    const n = length(vm, source);
    if (n instanceof Unknown) return unknownFrom(n);
    let i = Number(n) - 1;
    return lazy(cls, new HostIterator((m) => (i >= 0 ? getItem(m, source, i--) : undefined), 'reversed'));
  },
  mappingproxy: (_vm, _cls, args) => new MappingProxy(args[0]!),
  NoneType: () => null,
  memoryview: (vm) => vm.gap('memoryview', 'not modelled'),
  bytearray: (vm) => vm.gap('bytearray', 'not modelled'),
};

function zipStep(vm: Interp, its: readonly Value[], strict: boolean): Value | undefined {
  if (its.length === 0) return undefined;
  const values: Value[] = [];
  for (let i = 0; i < its.length; i++) {
    const v = next(vm, its[i]!);
    if (v === undefined) {
      if (!strict) return undefined;
      if (i > 0)
        raise(
          'ValueError',
          `zip() argument ${i + 1} is shorter than argument${i === 1 ? '' : 's'} 1${i === 1 ? '' : `-${i}`}`,
        );
      for (let j = 1; j < its.length; j++) {
        if (next(vm, its[j]!) !== undefined) {
          raise(
            'ValueError',
            `zip() argument ${j + 1} is longer than argument${j === 1 ? '' : 's'} 1${j === 1 ? '' : `-${j}`}`,
          );
        }
      }
      return undefined;
    }
    values.push(v);
  }
  return new PyTuple(values);
}
