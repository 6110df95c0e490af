/** The built-in functions; types that are called like functions are in constructors.ts. */
import { raise } from '../errors.js';
import {
  BoundMethod,
  HostIterator,
  type Interp,
  type NativeCall,
  NativeFunction,
  NotImplemented,
  PyClass,
  PyComplex,
  PyDict,
  PyFloat,
  PyIterator,
  PyList,
  PyObject,
  PyTuple,
  Unknown,
  type Value,
} from '../values.js';
import { bindArguments as bind, native } from './arguments.js';
import { richCompare, truth } from './compare.js';
import { formatValue } from './format.js';
import { hashOf } from './hash.js';
import { isInstanceOf, isSubclassOf } from './instance.js';
import { asIndex, length, raiseWith } from './items.js';
import { iter, next } from './iterators.js';
import { sortValues } from './methods/list.js';
import { roundHalfEven, roundInt } from './methods/number.js';
import * as n from './numbers.js';
import { binaryOp } from './operators.js';
import { stdoutOf } from './output.js';
import { asciiText, reprValue } from './repr.js';
import { callSpecial, lookupSpecial, typeName } from './special.js';
import { unknownFrom, unwrap } from './types.js';

function integer(vm: Interp, v: Value): n.Int | Unknown {
  const i = asIndex(vm, v);
  if (i === undefined) raise('TypeError', `'${typeName(vm, v)}' object cannot be interpreted as an integer`);
  return i;
}

function inBase(fname: string, radix: number, prefix: string): NativeCall {
  return native(fname, 'number, /', (vm, v) => {
    const i = integer(vm, v!);
    if (i instanceof Unknown) return unknownFrom(i, 'str');
    const text = i.toString(radix);
    return text.startsWith('-') ? `-${prefix}${text.slice(1)}` : prefix + text;
  });
}

/** min and max: the first of equal elements wins. */
function extreme(fname: 'min' | 'max', op: '<' | '>'): NativeCall {
  return (vm, args, kwargs) => {
    const key = kwargs?.get('key') ?? null;
    if (args.length === 0) raise('TypeError', `${fname} expected at least 1 argument, got 0`);
    if (args.length === 1 && args[0] instanceof Unknown) return unknownFrom(args[0]);
    let best: Value | undefined;
    let bestKey: Value = null;
    for (const v of args.length === 1 ? vm.iterate(args[0]!) : args) {
      const k = key === null ? v : vm.call(key, [v]);
      if (best === undefined) {
        best = v;
        bestKey = k;
        continue;
      }
      const better = truth(vm, richCompare(vm, op, k, bestKey));
      if (better instanceof Unknown) return unknownFrom(better, key === null ? joinedKind(v, best) : 'any');
      if (better) {
        best = v;
        bestKey = k;
      }
    }
    if (best !== undefined) return best;
    const fallback = kwargs?.get('default');
    return fallback === undefined ? raise('ValueError', `${fname}() arg is an empty sequence`) : fallback;
  };
}

function kindOf(v: Value): Unknown['kind'] {
  if (v instanceof Unknown) return v.kind;
  if (typeof v === 'boolean') return 'bool';
  if (n.isInt(v)) return 'int';
  return v instanceof PyFloat ? 'float' : 'any';
}

function joinedKind(a: Value, b: Value): Unknown['kind'] {
  return kindOf(a) === kindOf(b) ? kindOf(a) : 'any';
}

/** any and all; a decisive element wins over unknown ones. */
function quantifier(decisive: boolean): NativeCall {
  return (vm, args) => {
    if (args[0] instanceof Unknown) return unknownFrom(args[0], 'bool');
    let open: Unknown | null = null;
    for (const v of vm.iterate(args[0]!)) {
      const t = truth(vm, v);
      if (t === decisive) return decisive;
      if (t instanceof Unknown) open = t;
    }
    return open === null ? !decisive : unknownFrom(open, 'bool');
  };
}

function attributeName(vm: Interp, v: Value | undefined, fname: string): string | Unknown {
  if (v instanceof Unknown) return v;
  const name = v === undefined ? v : unwrap(v);
  if (typeof name !== 'string')
    raise('TypeError', `${fname}(): attribute name must be string, not '${typeName(vm, v ?? null)}'`);
  return name;
}

const round = native('round', 'number, ndigits=', (vm, number, digits) => {
  const places = digits === undefined || digits === null ? null : integer(vm, digits);
  const v = unwrap(number!);
  if (v instanceof Unknown) return unknownFrom(v, places === null ? 'int' : v.kind);
  if (places instanceof Unknown) return unknownFrom(places, kindOf(v));
  if (v instanceof PyFloat && number instanceof PyFloat) {
    return places === null ? roundHalfEven(v.value) : new PyFloat(n.roundFloat(v.value, Number(places)));
  }
  if (n.isInt(v)) return places === null ? n.toInt(v) : roundInt(n.toInt(v), Number(places));
  const r = places === null ? callSpecial(vm, number!, '__round__') : callSpecial(vm, number!, '__round__', places);
  if (r === undefined) raise('TypeError', `type ${typeName(vm, number!)} doesn't define __round__ method`);
  return r;
});

const sum: NativeCall = (vm, args, kwargs) => {
  const [source, start] = bind('sum', 'iterable, /, start=', args, kwargs);
  if (source instanceof Unknown) return unknownFrom(source);
  if (typeof start === 'string') raise('TypeError', "sum() can't sum strings [use ''.join(seq) instead]");
  let total: Value = start ?? 0;
  for (const v of vm.iterate(source!)) total = binaryOp(vm, '+', total, v);
  return total;
};

const divmod: NativeCall = (vm, args) => {
  const [a, b] = args as [Value, Value];
  if (typeof a === 'object' && a !== null && !(a instanceof PyFloat)) {
    const r = callSpecial(vm, a, '__divmod__', b);
    if (r !== undefined && r !== NotImplemented) return r;
  }
  return new PyTuple([binaryOp(vm, '//', a, b), binaryOp(vm, '%', a, b)]);
};

const pow: NativeCall = (vm, args, kwargs) => {
  const [base, exp, mod] = bind('pow', 'base, exp, mod=', args, kwargs);
  if (mod === undefined || mod === null) return binaryOp(vm, '**', base!, exp!);
  const values = [base!, exp!, mod].map((v) => integer(vm, v));
  const unknown = values.find((v) => v instanceof Unknown);
  if (unknown instanceof Unknown) return unknownFrom(unknown, 'int');
  return n.modularPower(values[0] as n.Int, values[1] as n.Int, values[2] as n.Int);
};

const abs: NativeCall = (vm, args) => {
  const v = args[0]!;
  if (v instanceof Unknown) return unknownFrom(v, v.kind);
  const plain = unwrap(v);
  if (typeof plain === 'number') return plain < 0 ? -plain : plain;
  if (n.isInt(plain)) return n.toInt(plain) < 0 ? n.negate(n.toInt(plain)) : n.toInt(plain);
  if (v instanceof PyFloat) return new PyFloat(Math.abs(v.value));
  if (v instanceof PyComplex) return new PyFloat(Math.hypot(v.real, v.imag));
  const r = callSpecial(vm, v, '__abs__');
  if (r === undefined) raise('TypeError', `bad operand type for abs(): '${typeName(vm, v)}'`);
  return r;
};

const print: NativeCall = (vm, args, kwargs) => {
  const file = kwargs?.get('file') ?? null;
  const write = stdoutOf(vm);
  const sep = kwargs?.get('sep') ?? ' ';
  const end = kwargs?.get('end') ?? '\n';
  if (write === undefined && file === null) return null;
  const text = args.map((a) => vm.str(a)).join(vm.str(sep)) + vm.str(end);
  if (file === null) write?.(text);
  else if (!(file instanceof Unknown)) {
    const target = vm.tryGetAttr(file, 'write');
    if (target !== undefined) vm.call(target, [text]);
  }
  return null;
};

/** Names of attributes, sorted. */
function dir(vm: Interp, v: Value): Value {
  const own = lookupSpecial(vm, v, '__dir__');
  if (own !== undefined && !(own instanceof NativeFunction)) {
    const names = sortValues(vm, [...vm.iterate(vm.call(own, [v]))], null, false);
    return names instanceof Unknown ? names : new PyList(names);
  }
  const names = new Set<string>();
  const classes = v instanceof PyClass ? v.mro : vm.classOf(v).mro;
  for (const c of classes) for (const name of c.dict.keys()) names.add(name);
  if (v instanceof PyObject && v.attrs !== null) for (const name of v.attrs.keys()) names.add(name);
  const namespace = v instanceof PyObject && !(v instanceof PyClass) ? vm.tryGetAttr(v, '__dict__') : undefined;
  if (namespace instanceof PyDict)
    for (const [k] of namespace.entries.values()) if (typeof k === 'string') names.add(k);
  return new PyList([...names].sort());
}

/** True when a value can be called. */
export function isCallable(vm: Interp, v: Value): boolean {
  if (v instanceof PyClass || v instanceof NativeFunction || v instanceof BoundMethod) return true;
  if (v === null || typeof v !== 'object') return false;
  const cls = vm.classOf(v);
  return cls.name === 'function' || (cls.lookup('__call__') ?? null) !== null;
}

const nextFunction: NativeCall = (vm, args) => {
  const it = args[0]!;
  const v = next(vm, it);
  if (v !== undefined) return v;
  if (args.length > 1) return args[1]!;
  const result = it instanceof PyIterator ? (it as PyIterator & { result?: Value }).result : undefined;
  return raiseWith('StopIteration', result === undefined || result === null ? [] : [result]);
};

const iterFunction: NativeCall = (vm, args) => {
  if (args.length === 1) return iter(vm, args[0]!);
  const [callable, sentinel] = args as [Value, Value];
  let ended = false;
  return new HostIterator((m) => {
    if (ended) return undefined;
    const v = m.call(callable, []);
    if (!m.equal(v, sentinel)) return v;
    ended = true;
    return undefined;
  }, 'iterator');
};

const vars: NativeCall = (vm, args) => {
  if (args.length === 0) return vm.gap('vars()', 'vars() without an argument is not modelled');
  const d = vm.tryGetAttr(args[0]!, '__dict__');
  return d === undefined ? raise('TypeError', 'vars() argument must have __dict__ attribute') : d;
};

export const functions: Record<string, NativeCall> = {
  abs,
  all: quantifier(false),
  any: quantifier(true),
  ascii: (vm, args) => {
    const text = reprValue(vm, args[0]!);
    return typeof text === 'string' ? asciiText(text) : text;
  },
  bin: inBase('bin', 2, '0b'),
  oct: inBase('oct', 8, '0o'),
  hex: inBase('hex', 16, '0x'),
  callable: (vm, args) => (args[0] instanceof Unknown ? unknownFrom(args[0], 'bool') : isCallable(vm, args[0]!)),
  chr: native('chr', 'i, /', (vm, v) => {
    const i = integer(vm, v!);
    if (i instanceof Unknown) return unknownFrom(i, 'str');
    if (i < 0 || i > 0x10ffff) raise('ValueError', 'chr() arg not in range(0x110000)');
    return String.fromCodePoint(Number(i));
  }),
  ord: native('ord', 'c, /', (vm, v) => {
    if (v instanceof Unknown) return unknownFrom(v, 'int');
    const c = unwrap(v!);
    if (typeof c !== 'string') raise('TypeError', `ord() expected string of length 1, but ${typeName(vm, v!)} found`);
    if ([...c].length !== 1)
      raise('TypeError', `ord() expected a character, but string of length ${[...c].length} found`);
    return c.codePointAt(0)!;
  }),
  divmod,
  pow,
  round,
  sum,
  min: extreme('min', '<'),
  max: extreme('max', '>'),
  sorted: (vm, args, kwargs) => {
    const [source, key, reverse] = bind('sorted', 'iterable, /, *, key=, reverse=', args, kwargs);
    if (source instanceof Unknown) return unknownFrom(source);
    const sorted = sortValues(vm, [...vm.iterate(source!)], key ?? null, reverse !== undefined && vm.truthy(reverse));
    return sorted instanceof Unknown ? unknownFrom(sorted) : new PyList(sorted);
  },
  len: native('len', 'obj, /', (vm, v) => length(vm, v!)),
  repr: (vm, args) => reprValue(vm, args[0]!),
  format: native('format', 'value, format_spec=, /', (vm, v, spec) => {
    if (spec instanceof Unknown) return unknownFrom(spec, 'str');
    return formatValue(vm, v!, spec === undefined ? '' : vm.str(spec));
  }),
  hash: (vm, args) => hashOf(vm, args[0]!),
  id: (_vm, args) => {
    const v = args[0]!;
    if (v === null) return 16;
    return typeof v === 'object' ? v.serial * 16 : typeof v === 'number' ? 0x10000000 + v * 2 : 32;
  },
  getattr: (vm, args) => {
    const name = attributeName(vm, args[1], 'getattr');
    if (name instanceof Unknown) return unknownFrom(name);
    if (args.length < 3) return vm.getAttr(args[0]!, name);
    const found = vm.tryGetAttr(args[0]!, name);
    // None is null here: only undefined means missing
    return found !== undefined ? found : args[2]!;
  },
  hasattr: (vm, args) => {
    const name = attributeName(vm, args[1], 'hasattr');
    if (name instanceof Unknown) return unknownFrom(name, 'bool');
    if (args[0] instanceof Unknown) return unknownFrom(args[0], 'bool');
    return vm.tryGetAttr(args[0]!, name) !== undefined;
  },
  setattr: (vm, args) => {
    const name = attributeName(vm, args[1], 'setattr');
    if (name instanceof Unknown) vm.gap('setattr', `the attribute's name is not known: ${name.why}`);
    else vm.setAttr(args[0]!, name, args[2]!);
    return null;
  },
  isinstance: native('isinstance', 'obj, class_or_tuple, /', (vm, v, info) => isInstanceOf(vm, v!, info!)),
  issubclass: native('issubclass', 'cls, class_or_tuple, /', (vm, c, info) => isSubclassOf(vm, c!, info!)),
  iter: iterFunction,
  next: nextFunction,
  print,
  dir: (vm, args) =>
    args.length === 0 ? vm.gap('dir()', 'dir() without an argument is not modelled') : dir(vm, args[0]!),
  vars,
  input: (vm) => vm.gap('input()', 'typed in while the program runs', 'str'),
};

/** `delattr` needs the machine's own deletion. */
export function makeDelattr(remove: (vm: Interp, object: Value, name: string) => void): NativeCall {
  return (vm, args) => {
    const name = attributeName(vm, args[1], 'delattr');
    if (!(name instanceof Unknown)) remove(vm, args[0]!, name);
    return null;
  };
}

functions['delattr'] = makeDelattr((vm, object, name) => {
  const host = vm as Interp & { natives?: { delAttr(object: Value, name: string): void } };
  host.natives?.delAttr(object, name);
});
