/** The format mini-language: `format(value, spec)` for built-in types, `__format__` for the rest. */
import { raise } from '../errors.js';
import { type Interp, NativeFunction, PyComplex, PyFloat, Unknown, type Value } from '../values.js';
import { character, fixedDigits, floatRepr, isInt, scientificDigits, toFloat, toInt } from './numbers.js';
import { complexRepr, knownText, str, unknownText } from './repr.js';
import { callBound, lookupSpecial, typeName } from './special.js';
import { unwrap } from './types.js';

interface Spec {
  fill: string;
  align: '<' | '>' | '=' | '^' | '';
  /** The alignment comes from a zero before the width. */
  zero?: boolean;
  /** A sign option was written. */
  signed?: boolean;
  sign: '+' | '-' | ' ';
  alternate: boolean;
  width: number;
  grouping: ',' | '_' | '';
  precision: number | null;
  type: string;
}

const pattern = /^(?:(.)?([<>=^]))?([+\- ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su;

function parse(vm: Interp, spec: string, value: Value): Spec {
  const m = pattern.exec(spec);
  if (m === null) raise('ValueError', `Invalid format specifier '${spec}' for object of type '${typeName(vm, value)}'`);
  const zero = m[6] !== undefined;
  return {
    fill: m[1] ?? (zero ? '0' : ' '),
    align: (m[2] as Spec['align'] | undefined) ?? (zero ? '=' : ''),
    zero: m[2] === undefined && zero,
    signed: m[3] !== undefined,
    sign: (m[3] as Spec['sign'] | undefined) ?? '-',
    alternate: m[5] !== undefined,
    width: m[7] === undefined ? 0 : Number(m[7]),
    grouping: (m[8] as Spec['grouping'] | undefined) ?? '',
    precision: m[9] === undefined ? null : Number(m[9]),
    type: m[10] ?? '',
  };
}

/** `format(value, spec)`: text, or an Unknown string when an unknown went into it. */
export function formatValue(vm: Interp, v: Value, spec: string): string | Unknown {
  if (spec === '') {
    if (typeof v === 'string') return v;
    if (typeof v === 'number') return String(v);
  }
  return knownText(() => format(vm, v, spec));
}

export function format(vm: Interp, v: Value, spec: string): string {
  if (v instanceof Unknown) return unknownText(v);
  if (typeof v === 'object' && v !== null) {
    const func = lookupSpecial(vm, v, '__format__');
    if (func !== undefined && !(func instanceof NativeFunction && isDefaultFormat(func.name))) {
      const text = callBound(vm, func, v, [spec]);
      if (text instanceof Unknown) return unknownText(text);
      const plain = unwrap(text);
      if (typeof plain !== 'string') raise('TypeError', `__format__ must return a str, not ${typeName(vm, text)}`);
      return plain;
    }
  }
  return nativeFormat(vm, v, spec);
}

/** The `__format__` of the built-in types: natives of other rooms format their own objects. */
function isDefaultFormat(name: string): boolean {
  return /^(object|int|float|str|complex|bool)\.__format__$/.test(name);
}

/** Formatting by the built-in type behind a value. */
export function nativeFormat(vm: Interp, v: Value, spec: string): string {
  if (spec === '') return str(vm, v);
  const plain = unwrap(v);
  if (typeof plain === 'string') return formatText(plain, parse(vm, spec, v));
  if (isInt(plain)) return formatInt(vm, toInt(plain), parse(vm, spec, v), v);
  if (plain instanceof PyFloat) return formatFloat(vm, plain.value, parse(vm, spec, v), v);
  if (plain instanceof PyComplex)
    return formatText(complexRepr(plain), { ...parse(vm, spec, v), precision: null, type: '' });
  raise('TypeError', `unsupported format string passed to ${typeName(vm, v)}.__format__`);
}

function pad(body: string, spec: Spec, align: '<' | '>' | '^'): string {
  const missing = spec.width - [...body].length;
  if (missing <= 0) return body;
  if (align === '<') return body + spec.fill.repeat(missing);
  if (align === '>') return spec.fill.repeat(missing) + body;
  const left = Math.floor(missing / 2);
  return spec.fill.repeat(left) + body + spec.fill.repeat(missing - left);
}

function formatText(text: string, spec: Spec): string {
  if (spec.type !== '' && spec.type !== 's')
    raise('ValueError', `Unknown format code '${spec.type}' for object of type 'str'`);
  if (spec.grouping !== '') raise('ValueError', `Cannot specify '${spec.grouping}' with 's'.`);
  if (spec.signed === true) raise('ValueError', 'Sign not allowed in string format specifier');
  if (spec.align === '=' && spec.zero !== true)
    raise('ValueError', "'=' alignment not allowed in string format specifier");
  if (spec.align === '=') {
    // a zero before the width only fills
    return pad(cut(text, spec), spec, '<');
  }
  return pad(cut(text, spec), spec, spec.align === '' ? '<' : spec.align);
}

function cut(text: string, spec: Spec): string {
  return spec.precision === null ? text : [...text].slice(0, spec.precision).join('');
}

function group(digits: string, mark: string, size: number): string {
  if (mark === '') return digits;
  let out = '';
  for (let i = 0; i < digits.length; i++) {
    if (i > 0 && (digits.length - i) % size === 0) out += mark;
    out += digits[i];
  }
  return out;
}

/** Assembles sign, prefix, grouped digits and tail, padded as the spec says. */
function number(negative: boolean, prefix: string, digits: string, tail: string, spec: Spec, size = 3): string {
  const sign = negative ? '-' : spec.sign === '-' ? '' : spec.sign;
  const grouped = group(digits, spec.grouping, size);
  if (spec.align === '=') {
    const missing = spec.width - sign.length - prefix.length - tail.length;
    let body = grouped;
    if (spec.fill === '0' && spec.grouping !== '') {
      let n = digits.length;
      while (body.length < missing) {
        n++;
        body = group(digits.padStart(n, '0'), spec.grouping, size);
      }
    } else body = body.padStart(missing, spec.fill);
    return sign + prefix + body + tail;
  }
  return pad(sign + prefix + grouped + tail, spec, spec.align === '' ? '>' : spec.align);
}

function formatInt(vm: Interp, x: number | bigint, spec: Spec, original: Value): string {
  const negative = x < 0;
  const magnitude = negative ? -BigInt(x) : BigInt(x);
  switch (spec.type) {
    case '':
    case 'd':
    case 'n':
      if (spec.precision !== null) raise('ValueError', 'Precision not allowed in integer format specifier');
      return number(negative, '', magnitude.toString(), '', spec);
    case 'b':
      return number(negative, spec.alternate ? '0b' : '', magnitude.toString(2), '', spec, 4);
    case 'o':
      return number(negative, spec.alternate ? '0o' : '', magnitude.toString(8), '', spec, 4);
    case 'x':
      return number(negative, spec.alternate ? '0x' : '', magnitude.toString(16), '', spec, 4);
    case 'X':
      return number(negative, spec.alternate ? '0X' : '', magnitude.toString(16).toUpperCase(), '', spec, 4);
    case 'c':
      return pad(character(x), spec, spec.align === '' || spec.align === '=' ? '<' : spec.align);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case '%':
      return formatFloat(vm, toFloat(x), spec, original);
    default:
      raise('ValueError', `Unknown format code '${spec.type}' for object of type '${typeName(vm, original)}'`);
  }
}

function formatFloat(vm: Interp, x: number, spec: Spec, original: Value): string {
  const negative = x < 0 || Object.is(x, -0);
  const upper = spec.type === 'E' || spec.type === 'F' || spec.type === 'G';
  if (!['', 'e', 'E', 'f', 'F', 'g', 'G', 'n', '%'].includes(spec.type)) {
    raise('ValueError', `Unknown format code '${spec.type}' for object of type '${typeName(vm, original)}'`);
  }
  if (!Number.isFinite(x)) {
    const body = Number.isNaN(x) ? 'nan' : 'inf';
    const tail = spec.type === '%' ? '%' : '';
    return number(negative, '', upper ? body.toUpperCase() : body, tail, {
      ...spec,
      grouping: '',
    });
  }
  const [digits, tail] = floatDigits(vm, x, spec, original);
  return number(negative, '', digits, upper ? tail.toUpperCase() : tail, spec);
}

/** Integer digits, and the rest (fraction, exponent, percent sign) of |x|. */
function floatDigits(vm: Interp, x: number, spec: Spec, original: Value): [string, string] {
  switch (spec.type) {
    case 'f':
    case 'F':
      return split(fixedDigits(x, spec.precision ?? 6), spec.alternate);
    case '%': {
      const [whole, rest] = split(fixedDigits(x * 100, spec.precision ?? 6), spec.alternate);
      return [whole, `${rest}%`];
    }
    case 'e':
    case 'E':
      return scientific(x, spec.precision ?? 6, spec.alternate);
    case 'g':
    case 'G':
    case 'n':
      return general(x, spec.precision ?? 6, spec.alternate, false);
    case '': {
      if (spec.precision !== null) return general(x, spec.precision, spec.alternate, true);
      const text = floatRepr(Math.abs(x));
      const dot = text.search(/[.e]/);
      return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot)];
    }
    default:
      raise('ValueError', `Unknown format code '${spec.type}' for object of type '${typeName(vm, original)}'`);
  }
}

function split(text: string, keepDot: boolean): [string, string] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, keepDot ? '.' : ''] : [text.slice(0, dot), text.slice(dot)];
}

function exponentText(e: number): string {
  return `e${e < 0 ? '-' : '+'}${Math.abs(e).toString().padStart(2, '0')}`;
}

function scientific(x: number, precision: number, keepDot: boolean): [string, string] {
  const [digits, e] = scientificDigits(x, precision);
  const fraction = precision > 0 ? `.${digits.slice(1)}` : keepDot ? '.' : '';
  return [digits[0]!, fraction + exponentText(e)];
}

/** `g`: precision counts significant digits; `repr` style keeps one digit after the point and a lower limit for exponents. */
function general(x: number, asked: number, alternate: boolean, reprStyle: boolean): [string, string] {
  const precision = asked === 0 ? 1 : asked;
  const [digits, e] = scientificDigits(x, precision - 1);
  const strip = (s: string) => (alternate ? s : s.replace(/0+$/, ''));
  if (e < -4 || e >= (reprStyle ? precision - 1 : precision)) {
    const fraction = strip(digits.slice(1));
    return [digits[0]!, (fraction === '' ? (alternate ? '.' : '') : `.${fraction}`) + exponentText(e)];
  }
  const whole = e >= 0 ? digits.slice(0, e + 1).padEnd(e + 1, '0') : '0';
  const fraction = strip(e >= 0 ? digits.slice(e + 1) : '0'.repeat(-e - 1) + digits);
  if (fraction === '') return [whole, reprStyle ? '.0' : alternate ? '.' : ''];
  return [whole, `.${fraction}`];
}

export { formatFloat as formatFloatSpec, formatInt as formatIntSpec, type Spec };
