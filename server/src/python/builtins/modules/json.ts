/** JSON text to Python values and back, as `json` does. */
import { raise } from '../../errors.js';
import { type Interp, PyDict, PyFloat, PyList, PyTuple, Unknown, type Value } from '../../values.js';
import { dictSet } from '../hash.js';
import { floatRepr, isInt, normalise, toInt } from '../numbers.js';
import { knownText, unknownText } from '../repr.js';
import { typeName } from '../special.js';
import { unknownFrom, unwrap } from '../types.js';
import { fn, type NativeModule } from './define.js';

class Reader {
  private at = 0;
  constructor(
    private readonly vm: Interp,
    private readonly text: string,
  ) {}

  read(): Value {
    const v = this.value();
    this.space();
    if (this.at < this.text.length) this.fail('Extra data');
    return v;
  }

  private fail(message: string): never {
    const before = this.text.slice(0, this.at).split('\n');
    raise(
      'ValueError',
      `${message}: line ${before.length} column ${before[before.length - 1]!.length + 1} (char ${this.at})`,
    );
  }

  private space(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at++;
  }

  private value(): Value {
    this.space();
    const c = this.text[this.at];
    if (c === '{') return this.object();
    if (c === '[') return this.array();
    if (c === '"') return this.string();
    for (const [word, v] of words) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return typeof v === 'number' ? new PyFloat(v) : v;
      }
    }
    const m = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(this.text.slice(this.at, this.at + 400));
    if (m === null) this.fail('Expecting value');
    this.at += m![0].length;
    return m![1] === undefined && m![2] === undefined ? normalise(BigInt(m![0])) : new PyFloat(Number(m![0]));
  }

  private object(): Value {
    const d = new PyDict();
    this.at++;
    this.space();
    if (this.text[this.at] === '}') {
      this.at++;
      return d;
    }
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') this.fail('Expecting property name enclosed in double quotes');
      const key = this.string();
      this.space();
      if (this.text[this.at++] !== ':') {
        this.at--;
        this.fail("Expecting ':' delimiter");
      }
      dictSet(this.vm, d, key, this.value());
      this.space();
      const c = this.text[this.at++];
      if (c === '}') return d;
      if (c !== ',') {
        this.at--;
        this.fail("Expecting ',' delimiter");
      }
    }
  }

  private array(): Value {
    const items: Value[] = [];
    this.at++;
    this.space();
    if (this.text[this.at] === ']') {
      this.at++;
      return new PyList(items);
    }
    for (;;) {
      items.push(this.value());
      this.space();
      const c = this.text[this.at++];
      if (c === ']') return new PyList(items);
      if (c !== ',') {
        this.at--;
        this.fail("Expecting ',' delimiter");
      }
    }
  }

  private string(): string {
    const from = this.at;
    for (let i = from + 1; i < this.text.length; i++) {
      if (this.text[i] === '\\') i++;
      else if (this.text[i] === '"') {
        this.at = i + 1;
        try {
          return JSON.parse(this.text.slice(from, this.at)) as string;
        } catch {
          this.at = from;
          this.fail('Invalid control character or escape');
        }
      }
    }
    return this.fail('Unterminated string starting at');
  }
}

const words: readonly [string, Value | number][] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];

/** Python values of JSON text; raises ValueError. */
export function jsonLoads(vm: Interp, text: string): Value {
  return new Reader(vm, text).read();
}

interface Style {
  indent: string | null;
  item: string;
  key: string;
  sort: boolean;
  ascii: boolean;
  fallback: Value;
}

function quoteJson(s: string, ascii: boolean): string {
  const q = JSON.stringify(s);
  return ascii
    ? q.replace(/[\u007f-\uffff]/g, (c) => (c === '\u007f' ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`))
    : q;
}

function keyText(vm: Interp, k: Value): string {
  const plain = unwrap(k);
  if (typeof plain === 'string') return plain;
  if (plain === null) return 'null';
  if (typeof plain === 'boolean') return plain ? 'true' : 'false';
  if (isInt(plain)) return plain.toString();
  if (plain instanceof PyFloat) return floatRepr(plain.value);
  if (plain instanceof Unknown) return unknownText(plain);
  raise('TypeError', `keys must be str, int, float, bool or None, not ${typeName(vm, k)}`);
}

function write(vm: Interp, v: Value, style: Style, level: string): string {
  const plain = unwrap(v);
  if (plain === null) return 'null';
  if (typeof plain === 'boolean') return plain ? 'true' : 'false';
  if (typeof plain === 'string') return quoteJson(plain, style.ascii);
  if (isInt(plain)) return toInt(plain).toString();
  if (plain instanceof Unknown) return unknownText(plain);
  if (plain instanceof PyFloat) {
    const x = plain.value;
    return Number.isNaN(x) ? 'NaN' : Number.isFinite(x) ? floatRepr(x) : x > 0 ? 'Infinity' : '-Infinity';
  }
  const inner = style.indent === null ? '' : level + style.indent;
  const open = style.indent === null ? '' : `\n${inner}`;
  const close = style.indent === null ? '' : `\n${level}`;
  const join = (parts: string[]) => parts.join(style.item + open);
  if (plain instanceof PyList || plain instanceof PyTuple) {
    if (plain.items.length === 0) return '[]';
    return `[${open}${join(plain.items.map((x) => write(vm, x, style, inner)))}${close}]`;
  }
  if (plain instanceof PyDict) {
    if (plain.entries.size === 0) return '{}';
    let pairs = [...plain.entries.values()].map(([k, x]) => [keyText(vm, k), x] as [string, Value]);
    if (style.sort) pairs = pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    return `{${open}${join(pairs.map(([k, x]) => `${quoteJson(k, style.ascii)}${style.key}${write(vm, x, style, inner)}`))}${close}}`;
  }
  if (style.fallback !== null) return write(vm, vm.call(style.fallback, [v]), style, level);
  raise('TypeError', `Object of type ${typeName(vm, v)} is not JSON serializable`);
}

export const jsonModule: NativeModule = Object.fromEntries([
  fn('json', 'loads', 'text', (vm, text) => {
    if (text instanceof Unknown) return unknownFrom(text);
    const plain = unwrap(text!);
    if (typeof plain !== 'string')
      raise('TypeError', `the JSON object must be str, bytes or bytearray, not ${typeName(vm, text!)}`);
    return jsonLoads(vm, plain);
  }),
  fn(
    'json',
    'dumps',
    'obj, indent, separators, sort_keys, ensure_ascii, default',
    (vm, obj, indent, separators, sort, ascii, fallback) => {
      const marks =
        separators instanceof PyTuple || separators instanceof PyList ? separators.items.map((s) => vm.str(s)) : null;
      const style: Style = {
        indent:
          indent === null || indent === undefined
            ? null
            : typeof indent === 'number'
              ? ' '.repeat(Math.max(0, indent))
              : vm.str(indent),
        item: marks?.[0] ?? (indent === null || indent === undefined ? ', ' : ','),
        key: marks?.[1] ?? ': ',
        sort: vm.truthy(sort!),
        ascii: vm.truthy(ascii!),
        fallback: fallback!,
      };
      return knownText(() => write(vm, obj!, style, ''));
    },
  ),
]);
