/**
 * Literals: numbers, strings, bytes and f-strings, decoded as CPython does
 * (Python reference, "Lexical analysis: Literals").
 */
import type { Constant, Expr, FormattedValue, JoinedStr } from '../ast.js';
import type { Context } from './context.js';
import { lowerExpression } from './expressions.js';
import { Kind } from './kinds.js';

export function lowerNumber(c: Context, node: number): Constant {
  const start = c.startOf(node);
  const end = c.endOf(node);
  let text = c.source(node).replaceAll('_', '').toLowerCase();
  if (/^0[xob]/.test(text)) return { type: 'Constant', start, end, kind: 'int', value: wholeNumber(text) };
  if (text.endsWith('j')) return { type: 'Constant', start, end, kind: 'imaginary', value: Number(text.slice(0, -1)) };
  if (text.endsWith('l')) text = text.slice(0, -1);
  if (/[.e]/.test(text)) return { type: 'Constant', start, end, kind: 'float', value: Number(text) };
  return { type: 'Constant', start, end, kind: 'int', value: wholeNumber(text) };
}

function wholeNumber(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Prefix letters (lower case) and quote length of a literal that starts at `at`. */
function openingOf(text: string, at: number): { prefix: string; quote: number; body: number } {
  let i = at;
  // The grammar also takes Python 2's backticks for a string. Error recovery may leave a literal without any quote.
  while (i < text.length && !/["'`]/.test(text[i])) i++;
  const triple = text.charCodeAt(i + 1) === text.charCodeAt(i) && text.charCodeAt(i + 2) === text.charCodeAt(i);
  const quote = triple ? 3 : 1;
  return { prefix: text.slice(at, i).toLowerCase(), quote, body: i + quote };
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const stringEscape =
  /\\(?:\r\n|\n|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(N\{[^}]*\})|([\s\S]))/g;
const bytesEscape = /\\(?:\r\n|\n|([0-7]{1,3})|x([0-9a-fA-F]{2})|()()()([\s\S]))/g;

/**
 * A literal's body with its escapes decoded. A named escape (`\N{…}`) becomes one
 * U+FFFD: the length is right, and the Unicode name table is not worth its size here.
 */
export function decodeBody(body: string, raw: boolean, isBytes: boolean): string {
  const text = body.includes('\r') ? body.replace(/\r\n?/g, '\n') : body;
  if (raw || !text.includes('\\')) return text;
  const escapes = isBytes ? bytesEscape : stringEscape;
  return text.replace(escapes, (whole, octal, hex, short, long, name, other) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & (isBytes ? 0xff : 0x1ff));
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (short) return String.fromCharCode(Number.parseInt(short, 16));
    if (long) {
      const point = Number.parseInt(long, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
    }
    if (name) return '\ufffd';
    if (other !== undefined) return simpleEscapes[other] ?? whole;
    return '';
  });
}

/** A `string` node that is not an f-string. */
function plainValue(c: Context, node: number): { value: string; isBytes: boolean } {
  const { start, end } = c.flat;
  const { prefix, quote, body } = openingOf(c.text, start[node]);
  const isBytes = prefix.includes('b');
  const close = Math.max(body, end[node] - quote);
  return { value: decodeBody(c.text.slice(body, close), prefix.includes('r'), isBytes), isBytes };
}

/** Collects f-string parts, joining neighbouring text as CPython does. */
class Parts {
  readonly values: Expr[] = [];
  text(value: string, start: number, end: number): void {
    if (value === '') return;
    const last = this.values.at(-1);
    if (last?.type === 'Constant') {
      const joined = (last.value as string) + value;
      this.values[this.values.length - 1] = { type: 'Constant', start: last.start, end, kind: 'str', value: joined };
    } else {
      this.values.push({ type: 'Constant', start, end, kind: 'str', value });
    }
  }
}

function isFormatted(c: Context, node: number): boolean {
  return (
    c.kind(node) === Kind.String &&
    c.next(node) > node + 1 &&
    /^[bru]*f/i.test(c.text.slice(c.flat.start[node], c.flat.start[node] + 2))
  );
}

/** Text between interpolations; in f-strings `{{` and `}}` stand for one brace. */
function formatText(c: Context, from: number, to: number, raw: boolean, parts: Parts, braces: boolean): void {
  if (to <= from) return;
  let body = c.text.slice(from, to);
  if (braces) body = body.replace(/(\\N\{[^}]*\})|\{\{|\}\}/g, (whole, name) => (name && !raw ? name : whole[0]));
  parts.text(decodeBody(body, raw, false), from - c.base, to - c.base);
}

function formatParts(c: Context, node: number, parts: Parts): void {
  const { start, end, next } = c.flat;
  const { prefix, quote, body } = openingOf(c.text, start[node]);
  const raw = prefix.includes('r');
  let at = body;
  for (let child = node + 1; child < next[node]; child = next[child]) {
    if (c.kind(child) !== Kind.Interpolation) continue;
    formatText(c, at, start[child], raw, parts, true);
    interpolation(c, child, raw, parts);
    at = end[child];
  }
  formatText(c, at, Math.max(at, end[node] - quote), raw, parts, true);
}

/** `{value=!r:spec}` and, inside a format spec, `{value}`. */
function interpolation(c: Context, node: number, raw: boolean, parts: Parts): void {
  const { start, end, next } = c.flat;
  let value = -1;
  let conversion: string | null = null;
  let spec = -1;
  let debug = false;
  let comma = false;
  const values: number[] = [];
  for (let child = node + 1; child < next[node]; child = next[child]) {
    const kind = c.kind(child);
    if (kind === Kind.TypeConversion) conversion = c.text[start[child] + 1] ?? null;
    else if (kind === Kind.FormatSpecifier) spec = child;
    else if (kind === Kind.TokenEqual) debug = true;
    else if (kind === Kind.TokenComma) comma = true;
    else if (kind !== Kind.Token && kind < Kind.TokenAs) values.push(child);
  }
  if (values.length > 0) value = values[0];
  if (debug && value >= 0) {
    // CPython keeps the text from after the brace through the `=` and the blanks around it.
    const stop = /[ \t\r\n\f]*=[ \t\r\n\f]*/y;
    stop.lastIndex = end[value];
    const found = stop.exec(c.text);
    const until = found ? stop.lastIndex : end[value];
    parts.text(c.text.slice(start[node] + 1, until).replace(/\r\n?/g, '\n'), start[node] + 1 - c.base, until - c.base);
  }
  const formatSpec = spec >= 0 ? lowerFormatSpec(c, spec, raw) : null;
  if (debug && conversion === null && formatSpec === null) conversion = 'r';
  const broken = value < 0 || c.isBroken(node) || (comma && values.length > 1);
  const formatted: FormattedValue = {
    type: 'FormattedValue',
    start: c.startOf(node),
    end: c.endOf(node),
    value: broken ? c.error(node) : lowerExpression(c, value),
    conversion,
    formatSpec,
  };
  parts.values.push(formatted);
}

function lowerFormatSpec(c: Context, node: number, raw: boolean): JoinedStr {
  const { start, end, next } = c.flat;
  const parts = new Parts();
  let at = start[node] + 1;
  for (let child = node + 1; child < next[node]; child = next[child]) {
    const kind = c.kind(child);
    if (kind !== Kind.FormatExpression && kind !== Kind.Interpolation) continue;
    formatText(c, at, start[child], raw, parts, false);
    interpolation(c, child, raw, parts);
    at = end[child];
  }
  formatText(c, at, end[node], raw, parts, false);
  return { type: 'JoinedStr', start: c.startOf(node), end: c.endOf(node), values: parts.values };
}

/** One literal or several adjacent ones (`concatenated_string`). */
export function lowerString(c: Context, node: number): Expr {
  const start = c.startOf(node);
  const end = c.endOf(node);
  const pieces = c.kind(node) === Kind.ConcatenatedString ? c.named(node) : [node];
  if (!pieces.some((piece) => isFormatted(c, piece))) {
    let value = '';
    let bytesPieces = 0;
    for (const piece of pieces) {
      if (c.kind(piece) !== Kind.String) return c.error(node);
      const plain = plainValue(c, piece);
      value += plain.value;
      if (plain.isBytes) bytesPieces++;
    }
    if (bytesPieces > 0 && bytesPieces < pieces.length)
      return c.error(node, 'Bytes and text literals cannot be joined.');
    return { type: 'Constant', start, end, kind: bytesPieces > 0 ? 'bytes' : 'str', value };
  }
  const parts = new Parts();
  for (const piece of pieces) {
    if (isFormatted(c, piece)) formatParts(c, piece, parts);
    else if (c.kind(piece) !== Kind.String) return c.error(node);
    else parts.text(plainValue(c, piece).value, c.startOf(piece), c.endOf(piece));
  }
  return { type: 'JoinedStr', start, end, values: parts.values };
}
