/** Methods of `str`. */
import { raise } from '../../errors.js';
import { type Interp, type NativeCall, PyBytes, PyDict, PyList, PyTuple, Unknown, type Value } from '../../values.js';
import { native } from '../arguments.js';
import { dictGet, dictSet } from '../hash.js';
import { getItem, length, requireIndex } from '../items.js';
import { typeName } from '../special.js';
import { strFormat } from '../strformat.js';
import { firstUnknown, isAstral, unknownFrom, unwrap } from '../types.js';
import { encode } from './bytes.js';

const whitespace = '\\s\\x1c-\\x1f\\x85';
const leading = new RegExp(`^[${whitespace}]+`);
const trailing = new RegExp(`[${whitespace}]+$`);
const spaces = new RegExp(`[${whitespace}]+`);

/** The text behind an argument; raises TypeError for other types. */
export function text(vm: Interp, v: Value | undefined, fname: string): string {
  const plain = v === undefined ? v : unwrap(v);
  if (typeof plain !== 'string') raise('TypeError', `${fname}() argument must be str, not ${typeName(vm, v ?? null)}`);
  return plain;
}

/** A method on the text itself; any unknown argument gives an unknown of `kind`. */
function method(
  name: string,
  signature: string,
  kind: Unknown['kind'],
  body: (vm: Interp, s: string, ...rest: (Value | undefined)[]) => Value,
): NativeCall {
  const bound = native(`str.${name}`, `self, /${signature === '' ? '' : `, ${signature}`}`, (vm, self, ...rest) => {
    const unknown = firstUnknown([self!, ...rest.filter((r) => r !== undefined)]);
    if (unknown !== undefined) return unknownFrom(unknown, kind);
    const s = unwrap(self!);
    if (typeof s !== 'string')
      raise('TypeError', `descriptor '${name}' for 'str' objects doesn't apply to a '${typeName(vm, self!)}' object`);
    return body(vm, s, ...rest);
  });
  return bound;
}

const simple = (name: string, f: (s: string) => Value, kind: Unknown['kind'] = 'str'): [string, NativeCall] => [
  name,
  method(name, '', kind, (_vm, s) => f(s)),
];

function chars(s: string): string[] | string {
  return isAstral(s) ? [...s] : s;
}

function isCased(s: string, upper: boolean): boolean {
  return upper ? s === s.toUpperCase() && s !== s.toLowerCase() : s === s.toLowerCase() && s !== s.toUpperCase();
}

function strip(vm: Interp, s: string, set: Value | undefined, left: boolean, right: boolean, fname: string): string {
  if (set === undefined || set === null) {
    const a = left ? s.replace(leading, '') : s;
    return right ? a.replace(trailing, '') : a;
  }
  const unwanted = new Set(text(vm, set, fname));
  const list = [...s];
  let from = 0;
  let to = list.length;
  if (left) while (from < to && unwanted.has(list[from]!)) from++;
  if (right) while (to > from && unwanted.has(list[to - 1]!)) to--;
  return list.slice(from, to).join('');
}

function split(vm: Interp, s: string, sep: Value | undefined, max: Value | undefined, fromRight: boolean): PyList {
  const limit = max === undefined ? -1 : Number(requireIndex(vm, max));
  const bound = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  if (sep === undefined || sep === null) return new PyList(splitSpaces(s, bound, fromRight));
  const mark = text(vm, sep, 'split');
  if (mark === '') raise('ValueError', 'empty separator');
  const parts = s.split(mark);
  if (parts.length - 1 <= bound) return new PyList(parts);
  if (fromRight) {
    const cut = parts.length - bound;
    return new PyList([parts.slice(0, cut).join(mark), ...parts.slice(cut)]);
  }
  return new PyList([...parts.slice(0, bound), parts.slice(bound).join(mark)]);
}

function splitSpaces(s: string, bound: number, fromRight: boolean): string[] {
  const trimmed = s.replace(leading, '').replace(trailing, '');
  if (trimmed === '') return [];
  const parts = trimmed.split(spaces);
  if (parts.length - 1 < bound || bound === Number.POSITIVE_INFINITY) return parts;
  const out: string[] = [];
  let rest = fromRight ? s.replace(trailing, '') : s.replace(leading, '');
  for (let i = 0; i < bound; i++) {
    if (fromRight) {
      const m = new RegExp(`^([\\s\\S]*?)[${whitespace}]*([^${whitespace}]+)$`).exec(rest)!;
      out.unshift(m[2]!);
      rest = rest.slice(0, rest.length - m[2]!.length).replace(trailing, '');
    } else {
      const m = new RegExp(`^[^${whitespace}]+`).exec(rest)!;
      out.push(m[0]);
      rest = rest.slice(m[0].length).replace(leading, '');
    }
  }
  const last = fromRight ? rest.replace(trailing, '') : rest;
  if (last !== '') fromRight ? out.unshift(last) : out.push(last);
  return out;
}

/** start and end of a search in code points, clamped as a slice is. */
function window(vm: Interp, n: number, start: Value | undefined, end: Value | undefined): [number, number] {
  const at = (v: Value | undefined, fallback: number) => {
    if (v === undefined || v === null) return fallback;
    const i = Number(requireIndex(vm, v));
    return Math.min(Math.max(i < 0 ? i + n : i, 0), n);
  };
  const from = start !== undefined && start !== null && Number(requireIndex(vm, start)) > n ? n + 1 : at(start, 0);
  return [from, at(end, n)];
}

function find(
  vm: Interp,
  s: string,
  sub: Value | undefined,
  start: Value | undefined,
  end: Value | undefined,
  last: boolean,
): number {
  const wanted = text(vm, sub, 'find');
  if (start === undefined && end === undefined && !isAstral(s)) return last ? s.lastIndexOf(wanted) : s.indexOf(wanted);
  const list = [...s];
  const [from, to] = window(vm, list.length, start, end);
  if (from > to) return -1;
  const part = list.slice(from, to).join('');
  const i = last ? part.lastIndexOf(wanted) : part.indexOf(wanted);
  return i < 0 ? -1 : from + [...part.slice(0, i)].length;
}

function affix(
  vm: Interp,
  s: string,
  wanted: Value | undefined,
  start: Value | undefined,
  end: Value | undefined,
  front: boolean,
): boolean {
  const name = front ? 'startswith' : 'endswith';
  const options = unwrap(wanted!);
  let part = s;
  if (start !== undefined || end !== undefined) {
    const list = [...s];
    const [from, to] = window(vm, list.length, start, end);
    if (from > to) return false;
    part = list.slice(from, to).join('');
  }
  const test = (v: Value) => (front ? part.startsWith(text(vm, v, name)) : part.endsWith(text(vm, v, name)));
  return options instanceof PyTuple ? options.items.some(test) : test(options);
}

function justify(
  vm: Interp,
  s: string,
  width: Value | undefined,
  fill: Value | undefined,
  side: 'l' | 'r' | 'c',
): string {
  const mark = fill === undefined ? ' ' : text(vm, fill, 'just');
  if ([...mark].length !== 1) raise('TypeError', 'The fill character must be exactly one character long');
  const w = Number(requireIndex(vm, width!));
  const missing = w - chars(s).length;
  if (missing <= 0) return s;
  if (side === 'l') return s + mark.repeat(missing);
  if (side === 'r') return mark.repeat(missing) + s;
  // CPython puts the odd space left when the width is odd
  const left = Math.floor(missing / 2) + (missing & w & 1);
  return mark.repeat(left) + s + mark.repeat(missing - left);
}

function title(s: string): string {
  let out = '';
  let inside = false;
  for (const c of s) {
    const letter = c.toLowerCase() !== c.toUpperCase();
    out += letter ? (inside ? c.toLowerCase() : c.toUpperCase()) : c;
    inside = letter;
  }
  return out;
}

function capitalize(s: string): string {
  const list = [...s];
  return list.length === 0 ? s : list[0]!.toUpperCase() + list.slice(1).join('').toLowerCase();
}

function swapcase(s: string): string {
  return [...s].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('');
}

function splitlines(s: string, keep: boolean): string[] {
  const lines: string[] = [];
  const breaks = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;
  let from = 0;
  for (const m of s.matchAll(breaks)) {
    lines.push(s.slice(from, m.index + (keep ? m[0].length : 0)));
    from = m.index + m[0].length;
  }
  if (from < s.length) lines.push(s.slice(from));
  return lines;
}

function replace(vm: Interp, s: string, old: string, by: string, count: number): string {
  void vm;
  if (count < 0) return old === '' ? by + [...s].map((c) => c + by).join('') : s.split(old).join(by);
  if (old === '') {
    const list = [...s];
    let out = '';
    for (let i = 0; i <= list.length; i++) out += (i < count ? by : '') + (list[i] ?? '');
    return out;
  }
  const parts = s.split(old);
  const k = Math.min(count, parts.length - 1);
  return parts.slice(0, k + 1).join(by) + (k < parts.length - 1 ? old + parts.slice(k + 1).join(old) : '');
}

function join(vm: Interp, s: string, items: Value): Value {
  const parts: string[] = [];
  let i = 0;
  let unknown: Unknown | undefined;
  for (const v of vm.iterate(items)) {
    const plain = unwrap(v);
    if (v instanceof Unknown) unknown = v;
    else if (typeof plain === 'string') parts.push(plain);
    else raise('TypeError', `sequence item ${i}: expected str instance, ${typeName(vm, v)} found`);
    i++;
  }
  return unknown === undefined ? parts.join(s) : unknownFrom(unknown, 'str');
}

function partition(vm: Interp, s: string, sep: Value, last: boolean): PyTuple {
  const mark = text(vm, sep, 'partition');
  if (mark === '') raise('ValueError', 'empty separator');
  const i = last ? s.lastIndexOf(mark) : s.indexOf(mark);
  if (i < 0) return new PyTuple(last ? ['', '', s] : [s, '', '']);
  return new PyTuple([s.slice(0, i), mark, s.slice(i + mark.length)]);
}

function translate(vm: Interp, s: string, table: Value): string {
  let out = '';
  for (const c of s) {
    let to: Value | undefined;
    if (table instanceof PyDict) to = dictGet(vm, table, c.codePointAt(0)!);
    else to = getItem(vm, table, c.codePointAt(0)!);
    if (to === undefined) out += c;
    else if (typeof to === 'string') out += to;
    else if (typeof to === 'number') out += String.fromCodePoint(to);
  }
  return out;
}

export const maketrans: NativeCall = (vm, args) => {
  const table = new PyDict();
  if (args.length === 1) {
    for (const [k, v] of (args[0] as PyDict).entries.values())
      dictSet(vm, table, typeof k === 'string' ? k.codePointAt(0)! : k, v);
    return table;
  }
  const from = [...text(vm, args[0], 'maketrans')];
  const to = [...text(vm, args[1], 'maketrans')];
  if (from.length !== to.length) raise('ValueError', 'the first two maketrans arguments must have equal length');
  from.forEach((c, i) => void dictSet(vm, table, c.codePointAt(0)!, to[i]!.codePointAt(0)!));
  if (args.length > 2) for (const c of text(vm, args[2], 'maketrans')) dictSet(vm, table, c.codePointAt(0)!, null);
  return table;
};

const all = (test: RegExp) => (s: string) => s !== '' && test.test(s);

export const strMethods: Record<string, NativeCall> = Object.fromEntries([
  simple('lower', (s) => s.toLowerCase()),
  simple('upper', (s) => s.toUpperCase()),
  simple('casefold', (s) => s.toLowerCase().replaceAll('ß', 'ss')),
  simple('title', title),
  simple('capitalize', capitalize),
  simple('swapcase', swapcase),
  simple('isdigit', all(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]+$/u), 'bool'),
  simple('isdecimal', all(/^\p{Nd}+$/u), 'bool'),
  simple('isnumeric', all(/^\p{N}+$/u), 'bool'),
  simple('isalpha', all(/^\p{L}+$/u), 'bool'),
  simple('isalnum', all(/^[\p{L}\p{N}]+$/u), 'bool'),
  simple('isspace', all(new RegExp(`^[${whitespace}]+$`)), 'bool'),
  simple('isidentifier', all(/^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u), 'bool'),
  simple('isascii', (s) => /^[\x00-\x7f]*$/.test(s), 'bool'),
  simple('isprintable', (s) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(s) && !/[^\S ]/.test(s), 'bool'),
  simple('islower', (s) => isCased(s, false), 'bool'),
  simple('isupper', (s) => isCased(s, true), 'bool'),
  simple('istitle', (s) => s !== '' && s === title(s) && s.toLowerCase() !== s.toUpperCase(), 'bool'),
  ['strip', method('strip', 'chars=, /', 'str', (vm, s, set) => strip(vm, s, set, true, true, 'strip'))],
  ['lstrip', method('lstrip', 'chars=, /', 'str', (vm, s, set) => strip(vm, s, set, true, false, 'lstrip'))],
  ['rstrip', method('rstrip', 'chars=, /', 'str', (vm, s, set) => strip(vm, s, set, false, true, 'rstrip'))],
  ['split', method('split', 'sep=, maxsplit=', 'any', (vm, s, sep, max) => split(vm, s, sep, max, false))],
  ['rsplit', method('rsplit', 'sep=, maxsplit=', 'any', (vm, s, sep, max) => split(vm, s, sep, max, true))],
  [
    'splitlines',
    method(
      'splitlines',
      'keepends=',
      'any',
      (vm, s, keep) => new PyList(splitlines(s, keep !== undefined && vm.truthy(keep))),
    ),
  ],
  ['join', method('join', 'iterable, /', 'str', (vm, s, items) => join(vm, s, items!))],
  [
    'startswith',
    method('startswith', 'prefix, start=, end=, /', 'bool', (vm, s, p, a, b) => affix(vm, s, p, a, b, true)),
  ],
  ['endswith', method('endswith', 'suffix, start=, end=, /', 'bool', (vm, s, p, a, b) => affix(vm, s, p, a, b, false))],
  ['find', method('find', 'sub, start=, end=, /', 'int', (vm, s, p, a, b) => find(vm, s, p, a, b, false))],
  ['rfind', method('rfind', 'sub, start=, end=, /', 'int', (vm, s, p, a, b) => find(vm, s, p, a, b, true))],
  ['index', method('index', 'sub, start=, end=, /', 'int', (vm, s, p, a, b) => found(find(vm, s, p, a, b, false)))],
  ['rindex', method('rindex', 'sub, start=, end=, /', 'int', (vm, s, p, a, b) => found(find(vm, s, p, a, b, true)))],
  [
    'count',
    method('count', 'sub, start=, end=, /', 'int', (vm, s, sub, a, b) => {
      const list = [...s];
      const [from, to] = window(vm, list.length, a, b);
      if (from > to) return 0;
      const wanted = text(vm, sub, 'count');
      return wanted === '' ? to - from + 1 : list.slice(from, to).join('').split(wanted).length - 1;
    }),
  ],
  [
    'replace',
    method('replace', 'old, new, count=', 'str', (vm, s, old, by, count) =>
      replace(
        vm,
        s,
        text(vm, old, 'replace'),
        text(vm, by, 'replace'),
        count === undefined ? -1 : Number(requireIndex(vm, count)),
      ),
    ),
  ],
  ['partition', method('partition', 'sep, /', 'any', (vm, s, sep) => partition(vm, s, sep!, false))],
  ['rpartition', method('rpartition', 'sep, /', 'any', (vm, s, sep) => partition(vm, s, sep!, true))],
  ['ljust', method('ljust', 'width, fillchar=, /', 'str', (vm, s, w, fill) => justify(vm, s, w, fill, 'l'))],
  ['rjust', method('rjust', 'width, fillchar=, /', 'str', (vm, s, w, fill) => justify(vm, s, w, fill, 'r'))],
  ['center', method('center', 'width, fillchar=, /', 'str', (vm, s, w, fill) => justify(vm, s, w, fill, 'c'))],
  [
    'zfill',
    method('zfill', 'width, /', 'str', (vm, s, w) => {
      const sign = /^[+-]/.test(s) ? s[0]! : '';
      return sign + padded(s.slice(sign.length), Number(requireIndex(vm, w!)) - sign.length);
    }),
  ],
  [
    'expandtabs',
    method('expandtabs', 'tabsize=', 'str', (vm, s, size) =>
      expandTabs(s, size === undefined ? 8 : Number(requireIndex(vm, size))),
    ),
  ],
  [
    'removeprefix',
    method('removeprefix', 'prefix, /', 'str', (vm, s, p) =>
      s.startsWith(text(vm, p, 'removeprefix')) ? s.slice((unwrap(p!) as string).length) : s,
    ),
  ],
  [
    'removesuffix',
    method('removesuffix', 'suffix, /', 'str', (vm, s, p) => {
      const end = text(vm, p, 'removesuffix');
      return end !== '' && s.endsWith(end) ? s.slice(0, -end.length) : s;
    }),
  ],
  ['translate', method('translate', 'table, /', 'str', (vm, s, table) => translate(vm, s, table!))],
  [
    'encode',
    method(
      'encode',
      'encoding=, errors=',
      'any',
      (vm, s, encoding, errors) => new PyBytes(encode(vm, s, encoding, errors)),
    ),
  ],
  ['format_map', method('format_map', 'mapping, /', 'str', (vm, s, mapping) => strFormat(vm, s, [], null, mapping!))],
  ['__len__', method('__len__', '', 'int', (vm, s) => length(vm, s))],
] as [string, NativeCall][]);

strMethods['format'] = (vm, args, kwargs) => {
  const s = args[0]!;
  if (s instanceof Unknown) return unknownFrom(s, 'str');
  return strFormat(vm, text(vm, s, 'format'), args.slice(1), kwargs);
};

function padded(s: string, width: number): string {
  return '0'.repeat(Math.max(0, width - chars(s).length)) + s;
}

function found(i: number): number {
  return i < 0 ? raise('ValueError', 'substring not found') : i;
}

function expandTabs(s: string, size: number): string {
  let column = 0;
  let out = '';
  for (const c of s) {
    if (c === '\t') {
      const n = size > 0 ? size - (column % size) : 0;
      out += ' '.repeat(n);
      column += n;
    } else {
      out += c;
      column = c === '\n' || c === '\r' ? 0 : column + 1;
    }
  }
  return out;
}
