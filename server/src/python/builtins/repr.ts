/** `repr()` and `str()` of every value, as CPython prints them. */

import { raise } from '../errors.js';
import {
  BoundMethod,
  HostIterator,
  type Interp,
  NativeFunction,
  PyBytes,
  PyClass,
  PyComplex,
  PyDict,
  PyFloat,
  PyInstance,
  PyIterator,
  PyList,
  type PyObject,
  PyRange,
  PySet,
  PySingleton,
  PySlice,
  PyTuple,
  Unknown,
  type Value,
} from '../values.js';
import { floatRepr } from './numbers.js';
import { callBound, lookupSpecial } from './special.js';
import { DictView, MappingProxy, PyGenericAlias, PyUnion, unknownFrom, unwrap } from './types.js';

export { format, formatValue } from './format.js';

/** Set when a text was made from an unknown value, so that the text itself counts as unknown. */
const witness: { unknown: Unknown | null } = { unknown: null };

/** Runs `make`; its text, or an Unknown string when an unknown value went into it. */
export function knownText(make: () => string): string | Unknown {
  const outer = witness.unknown;
  witness.unknown = null;
  try {
    const text = make();
    return witness.unknown === null ? text : unknownFrom(witness.unknown, 'str');
  } finally {
    witness.unknown = outer;
  }
}

/** Text for people that stands for an unknown, and the mark that the text is not exact. */
export function unknownText(u: Unknown): string {
  witness.unknown = u;
  return `<unknown: ${u.why}>`;
}

export const reprValue = (vm: Interp, v: Value): string | Unknown => knownText(() => repr(vm, v));
export const strValue = (vm: Interp, v: Value): string | Unknown => knownText(() => str(vm, v));

const active = new Set<PyObject>();

export function repr(vm: Interp, v: Value): string {
  if (v === null) return 'None';
  switch (typeof v) {
    case 'boolean':
      return v ? 'True' : 'False';
    case 'number':
    case 'bigint':
      return v.toString();
    case 'string':
      return quote(v);
  }
  if (v instanceof Unknown) return unknownText(v);
  if (v.cls !== null || !(v instanceof PyList || v instanceof PyTuple || v instanceof PyDict || v instanceof PyFloat)) {
    const func = lookupSpecial(vm, v, '__repr__');
    if (func !== undefined && !(func instanceof NativeFunction && isOurs(func))) {
      return textOf(vm, callBound(vm, func, v, []), '__repr__');
    }
  }
  return nativeRepr(vm, v);
}

/** Our own natives lead back to `nativeRepr`. */
const ours = new WeakSet<NativeFunction>();
export function markDefault(func: NativeFunction): void {
  ours.add(func);
}
function isOurs(func: NativeFunction): boolean {
  return ours.has(func) || func.name === 'object.__repr__' || func.name === 'object.__str__';
}

function textOf(vm: Interp, v: Value, method: string): string {
  if (v instanceof Unknown) return unknownText(v);
  const text = unwrap(v);
  if (typeof text !== 'string') raise('TypeError', `${method} returned non-string (type ${vm.classOf(v).name})`);
  return text;
}

function guarded(v: PyObject, cycle: string, make: () => string): string {
  if (active.has(v)) return cycle;
  active.add(v);
  try {
    return make();
  } finally {
    active.delete(v);
  }
}

/** The repr of the built-in type behind a value, whatever its class defines. */
export function nativeRepr(vm: Interp, v: Value): string {
  if (v === null || typeof v !== 'object') return repr(vm, v);
  const each = (items: Iterable<Value>) => Array.from(items, (i) => repr(vm, i)).join(', ');
  if (v instanceof PyFloat) return floatRepr(v.value);
  if (v instanceof PyList) return guarded(v, '[...]', () => `[${each(v.items)}]`);
  if (v instanceof PyTuple)
    return guarded(v, '(...)', () => (v.items.length === 1 ? `(${each(v.items)},)` : `(${each(v.items)})`));
  if (v instanceof PyDict) return guarded(v, '{...}', () => `{${dictBody(vm, v)}}`);
  if (v instanceof PySet) return setRepr(vm, v, each);
  if (v instanceof PyBytes) return bytesRepr(v.value);
  if (v instanceof PyComplex) return complexRepr(v);
  if (v instanceof PyRange) return `range(${v.start}, ${v.stop}${v.step === 1 ? '' : `, ${v.step}`})`;
  if (v instanceof PySlice) return `slice(${each([v.start, v.stop, v.step])})`;
  if (v instanceof PySingleton) return v.name;
  if (v instanceof DictView) return `dict_${v.kind}([${each(vm.iterate(v))}])`;
  if (v instanceof MappingProxy) return `mappingproxy(${repr(vm, v.mapping)})`;
  if (v instanceof PyUnion) return v.args.map((a) => typeRepr(vm, a)).join(' | ');
  if (v instanceof PyGenericAlias) {
    const args = v.args.length === 0 ? '()' : v.args.map((a) => typeRepr(vm, a)).join(', ');
    return `${typeRepr(vm, v.origin)}[${args}]`;
  }
  if (v instanceof PyClass) return `<class '${v.module === 'builtins' ? '' : `${v.module}.`}${v.qualname}'>`;
  return objectRepr(vm, v);
}

/** How a type is written inside `list[...]` and unions. */
export function typeRepr(vm: Interp, v: Value): string {
  if (v === null) return 'None';
  if (v instanceof PyClass) {
    if (v.name === 'NoneType' && v.module === 'builtins') return 'None';
    return v.module === 'builtins' ? v.qualname : `${v.module}.${v.qualname}`;
  }
  if (v instanceof PySingleton && v.name === 'Ellipsis') return '...';
  if (v instanceof PyList) return `[${v.items.map((a) => typeRepr(vm, a)).join(', ')}]`;
  return repr(vm, v);
}

function dictBody(vm: Interp, d: PyDict): string {
  return Array.from(d.entries.values(), ([k, v]) => `${repr(vm, k)}: ${repr(vm, v)}`).join(', ');
}

function setRepr(vm: Interp, v: PySet, each: (items: Iterable<Value>) => string): string {
  const name = v.cls === null ? (v.frozen ? 'frozenset' : 'set') : vm.classOf(v).name;
  if (v.items.size === 0) return `${name}()`;
  const body = `{${each(v.items.values())}}`;
  return name === 'set' ? body : `${name}(${body})`;
}

function objectRepr(vm: Interp, v: PyObject): string {
  const address = `0x${(v.serial * 16 + 0x7f0000000000).toString(16)}`;
  if (v instanceof PyInstance) {
    if (v.payload !== undefined) return repr(vm, v.payload);
    if (v.cls.mro.some((c) => c.name === 'BaseException')) return exceptionRepr(vm, v);
  }
  if (v instanceof NativeFunction) {
    return `<built-in function ${v.name.split('.').pop()}>`;
  }
  if (v instanceof BoundMethod) {
    const name = vm.tryGetAttr(v.func, '__qualname__') ?? '?';
    return `<bound method ${str(vm, name)} of ${repr(vm, v.self)}>`;
  }
  const cls = vm.classOf(v);
  if (cls.name === 'function') return `<function ${str(vm, vm.tryGetAttr(v, '__qualname__') ?? '?')} at ${address}>`;
  if (cls.name === 'module') return `<module '${str(vm, vm.tryGetAttr(v, '__name__') ?? '?')}'>`;
  if (v instanceof HostIterator || v instanceof PyIterator) return `<${cls.name} object at ${address}>`;
  const where = cls.module === 'builtins' ? '' : `${cls.module}.`;
  return `<${where}${cls.qualname} object at ${address}>`;
}

/** `args` of an exception instance. */
export function exceptionArgs(v: PyInstance): readonly Value[] {
  const args = v.attrs?.get('args');
  return args instanceof PyTuple ? args.items : [];
}

function exceptionRepr(vm: Interp, v: PyInstance): string {
  return `${v.cls.name}(${exceptionArgs(v)
    .map((a) => repr(vm, a))
    .join(', ')})`;
}

function exceptionText(vm: Interp, v: PyInstance): string {
  const args = exceptionArgs(v);
  if (args.length === 0) return '';
  if (args.length > 1) return repr(vm, new PyTuple(args));
  return v.cls.mro.some((c) => c.name === 'KeyError') ? repr(vm, args[0]!) : str(vm, args[0]!);
}

export function str(vm: Interp, v: Value): string {
  if (typeof v === 'string') return v;
  if (v === null || typeof v !== 'object') return repr(vm, v);
  if (v instanceof Unknown) return unknownText(v);
  if (
    v.cls !== null ||
    v instanceof PyClass ||
    !(v instanceof PyList || v instanceof PyTuple || v instanceof PyDict || v instanceof PyFloat)
  ) {
    const func = lookupSpecial(vm, v, '__str__');
    if (func !== undefined && !(func instanceof NativeFunction && isOurs(func))) {
      return textOf(vm, callBound(vm, func, v, []), '__str__');
    }
  }
  return nativeStr(vm, v);
}

/** `str()` where the class defines no `__str__` of its own. */
export function nativeStr(vm: Interp, v: Value): string {
  if (typeof v === 'string') return v;
  if (v instanceof PyInstance) {
    if (typeof v.payload === 'string') return v.payload;
    if (v.payload === undefined && v.cls.mro.some((c) => c.name === 'BaseException')) return exceptionText(vm, v);
  }
  return repr(vm, v);
}

export function complexRepr(v: PyComplex): string {
  const number = (x: number) => floatRepr(x).replace(/\.0$/, '');
  const imaginary = `${number(v.imag)}j`;
  if (v.real === 0 && !Object.is(v.real, -0)) return imaginary;
  return `(${number(v.real)}${v.imag >= 0 || Number.isNaN(v.imag) ? (Object.is(v.imag, -0) ? '' : '+') : ''}${imaginary})`;
}

/** A string literal in Python's preferred quotes. */
export function quote(s: string): string {
  const mark = s.includes("'") && !s.includes('"') ? '"' : "'";
  let out = '';
  for (const c of s) {
    const code = c.codePointAt(0)!;
    if (c === '\\' || c === mark) out += `\\${c}`;
    else if (c === '\n') out += '\\n';
    else if (c === '\r') out += '\\r';
    else if (c === '\t') out += '\\t';
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code < 0x7f) out += c;
    else if (/[\p{C}\p{Z}]/u.test(c) && c !== ' ') {
      out +=
        code <= 0xff
          ? `\\x${code.toString(16).padStart(2, '0')}`
          : code <= 0xffff
            ? `\\u${code.toString(16).padStart(4, '0')}`
            : `\\U${code.toString(16).padStart(8, '0')}`;
    } else out += c;
  }
  return `${mark}${out}${mark}`;
}

/** `ascii()`: everything beyond ASCII escaped. */
export function asciiText(text: string): string {
  let out = '';
  for (const c of text) {
    const code = c.codePointAt(0)!;
    if (code < 0x80) out += c;
    else if (code <= 0xff) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code <= 0xffff) out += `\\u${code.toString(16).padStart(4, '0')}`;
    else out += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return out;
}

function bytesRepr(value: string): string {
  const mark = value.includes("'") && !value.includes('"') ? '"' : "'";
  let out = '';
  for (let i = 0; i < value.length; i++) {
    const c = value[i]!;
    const code = value.charCodeAt(i);
    if (c === '\\' || c === mark) out += `\\${c}`;
    else if (c === '\n') out += '\\n';
    else if (c === '\r') out += '\\r';
    else if (c === '\t') out += '\\t';
    else if (code < 0x20 || code >= 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else out += c;
  }
  return `b${mark}${out}${mark}`;
}
