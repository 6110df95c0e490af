/** Methods of `bytes`, and text encodings. */
import { raise } from '../../errors.js';
import { type Interp, type NativeCall, PyBytes, PyList, PyTuple, Unknown, type Value } from '../../values.js';
import { native } from '../arguments.js';
import { requireIndex } from '../items.js';
import { typeName } from '../special.js';
import { unknownFrom, unwrap } from '../types.js';

function codecName(v: Value | undefined): string {
  return (typeof v === 'string' ? v : 'utf-8').toLowerCase().replace(/[_ ]/g, '-');
}

/** Text to bytes, one char per byte. */
export function encode(vm: Interp, s: string, encoding: Value | undefined, errors: Value | undefined): string {
  const codec = codecName(encoding);
  if (codec === 'utf-8' || codec === 'utf8') {
    let out = '';
    for (const byte of new TextEncoder().encode(s)) out += String.fromCharCode(byte);
    return out;
  }
  const limit = codec === 'ascii' || codec === 'us-ascii' ? 0x7f : /^(latin-?1|iso-?8859-1)$/.test(codec) ? 0xff : -1;
  if (limit < 0) {
    vm.gap('str.encode', `encoding ${codec} is not modelled`);
    raise('LookupError', `unknown encoding: ${codec}`);
  }
  let out = '';
  for (const c of s) {
    if (c.codePointAt(0)! <= limit) out += c;
    else if (errors === 'replace') out += '?';
    else if (errors !== 'ignore') raise('UnicodeEncodeError', `'${codec}' codec can't encode character`);
  }
  return out;
}

export function decode(vm: Interp, bytes: string, encoding: Value | undefined, errors: Value | undefined): string {
  const codec = codecName(encoding);
  if (/^(latin-?1|iso-?8859-1)$/.test(codec)) return bytes;
  if (!/^(utf-?8|ascii|us-ascii)$/.test(codec)) {
    vm.gap('bytes.decode', `encoding ${codec} is not modelled`);
    raise('LookupError', `unknown encoding: ${codec}`);
  }
  const array = Uint8Array.from(bytes, (c) => c.charCodeAt(0));
  try {
    const lenient = errors === 'ignore' || errors === 'replace';
    const s = new TextDecoder('utf-8', { fatal: !lenient, ignoreBOM: true }).decode(array);
    return errors === 'ignore' ? s.replaceAll('\ufffd', '') : s;
  } catch {
    raise('UnicodeDecodeError', "'utf-8' codec can't decode bytes");
  }
}

function raw(vm: Interp, v: Value | undefined): string {
  const plain = v === undefined ? v : unwrap(v);
  if (!(plain instanceof PyBytes))
    raise('TypeError', `a bytes-like object is required, not '${typeName(vm, v ?? null)}'`);
  return plain.value;
}

function method(
  name: string,
  signature: string,
  body: (vm: Interp, s: string, ...rest: (Value | undefined)[]) => Value,
): [string, NativeCall] {
  return [
    name,
    native(`bytes.${name}`, `self, /${signature === '' ? '' : `, ${signature}`}`, (vm, self, ...rest) => {
      if (self instanceof Unknown) return unknownFrom(self);
      return body(vm, raw(vm, self), ...rest);
    }),
  ];
}

const affix = (vm: Interp, test: (part: string) => boolean, v: Value): boolean => {
  const plain = unwrap(v);
  return plain instanceof PyTuple ? plain.items.some((p) => test(raw(vm, p))) : test(raw(vm, plain));
};

export const bytesMethods: Record<string, NativeCall> = Object.fromEntries([
  method('decode', 'encoding=, errors=', (vm, s, encoding, errors) => decode(vm, s, encoding, errors)),
  method('hex', '', (_vm, s) => Array.from(s, (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('')),
  method('startswith', 'prefix, /', (vm, s, p) => affix(vm, (x) => s.startsWith(x), p!)),
  method('endswith', 'suffix, /', (vm, s, p) => affix(vm, (x) => s.endsWith(x), p!)),
  method('find', 'sub, /', (vm, s, p) => s.indexOf(raw(vm, p))),
  method('count', 'sub, /', (vm, s, p) => s.split(raw(vm, p)).length - 1),
  method('lower', '', (_vm, s) => new PyBytes(s.replace(/[A-Z]/g, (c) => c.toLowerCase()))),
  method('upper', '', (_vm, s) => new PyBytes(s.replace(/[a-z]/g, (c) => c.toUpperCase()))),
  method('strip', '', (_vm, s) => new PyBytes(s.replace(/^[ \t\n\r\v\f]+|[ \t\n\r\v\f]+$/g, ''))),
  method('replace', 'old, new, /', (vm, s, a, b) => new PyBytes(s.split(raw(vm, a)).join(raw(vm, b)))),
  method('join', 'items, /', (vm, s, items) => new PyBytes(Array.from(vm.iterate(items!), (v) => raw(vm, v)).join(s))),
  method('split', 'sep=, maxsplit=', (vm, s, sep, max) => {
    const limit = max === undefined ? -1 : Number(requireIndex(vm, max));
    const parts =
      sep === undefined || sep === null ? s.split(/[ \t\n\r\v\f]+/).filter((p) => p !== '') : s.split(raw(vm, sep));
    if (limit >= 0 && parts.length - 1 > limit) {
      const mark = sep === undefined || sep === null ? ' ' : raw(vm, sep);
      parts.splice(limit, parts.length - limit, parts.slice(limit).join(mark));
    }
    return new PyList(parts.map((p) => new PyBytes(p)));
  }),
] as [string, NativeCall][]);

/** `bytes.fromhex`. */
export const fromhex: NativeCall = (_vm, args) => {
  const digits = String(args[args.length - 1]).replace(/\s/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits))
    raise('ValueError', 'non-hexadecimal number found in fromhex() arg');
  return new PyBytes(digits.replace(/../g, (h) => String.fromCharCode(Number.parseInt(h, 16))));
};
