/** `template % values`. */
import { raise } from '../errors.js';
import { type Interp, PyBytes, PyDict, PyFloat, PyList, PyRange, PyTuple, Unknown, type Value } from '../values.js';
import { formatFloatSpec, formatIntSpec, type Spec } from './format.js';
import { dictGet } from './hash.js';
import { truncate } from './methods/number.js';
import { character, isInt, toFloat, toInt } from './numbers.js';
import { asciiText, knownText, repr, str, unknownText } from './repr.js';
import { callSpecial, typeName } from './special.js';
import { unwrap } from './types.js';

const conversion = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([a-zA-Z%])/g;

/** Text, or an Unknown string when an unknown went into it. */
export function percentFormat(vm: Interp, template: string, values: Value): Value {
  return knownText(() => expand(vm, template, values));
}

function expand(vm: Interp, template: string, values: Value): string {
  const plain = unwrap(values);
  const items = plain instanceof PyTuple ? plain.items : null;
  let used = 0;
  let named = false;
  const take = (): Value => {
    if (items === null) {
      if (used++ > 0) raise('TypeError', 'not enough arguments for format string');
      return values;
    }
    if (used >= items.length) raise('TypeError', 'not enough arguments for format string');
    return items[used++]!;
  };
  const size = (text: string | undefined): number | null => {
    if (text === undefined) return null;
    if (text !== '*') return Number(text);
    const v = take();
    return isInt(v) ? Number(toInt(v)) : raise('TypeError', '* wants int');
  };
  const text = template.replace(
    conversion,
    (whole, key: string | undefined, flags: string, width, precision, type: string) => {
      if (type === '%') return '%';
      if (key !== undefined) named = true;
      const w = size(width) ?? 0;
      const hasPoint = whole.replace(/^%(\([^)]*\))?/, '').includes('.');
      const p = hasPoint ? (size(precision) ?? 0) : null;
      const value = key === undefined ? take() : byKey(vm, plain, key);
      return one(vm, value, flags, w, p, type);
    },
  );
  if (items !== null ? used < items.length && !named : used === 0 && !named && !hasItems(plain)) {
    if (!(values instanceof Unknown)) raise('TypeError', 'not all arguments converted during string formatting');
    unknownText(values);
  }
  return text;
}

/** Dicts and lists may be left unused: they could hold named values. */
function hasItems(v: Value): boolean {
  return v instanceof PyDict || v instanceof PyList || v instanceof PyBytes || v instanceof PyRange;
}

function byKey(vm: Interp, values: Value, key: string): Value {
  if (values instanceof Unknown) return values;
  if (!(values instanceof PyDict)) {
    const v = callSpecial(vm, values, '__getitem__', key);
    return v === undefined ? raise('TypeError', 'format requires a mapping') : v;
  }
  const v = dictGet(vm, values, key);
  return v === undefined ? raise('KeyError', key) : v;
}

function one(vm: Interp, value: Value, flags: string, width: number, precision: number | null, type: string): string {
  const spec: Spec = {
    fill: flags.includes('0') && !flags.includes('-') ? '0' : ' ',
    align: flags.includes('-') ? '<' : flags.includes('0') ? '=' : '>',
    sign: flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '-',
    alternate: flags.includes('#'),
    width,
    grouping: '',
    precision,
    type,
  };
  const padded = (text: string) => {
    const cut = precision === null ? text : [...text].slice(0, precision).join('');
    const missing = Math.max(0, width - [...cut].length);
    return flags.includes('-') ? cut + ' '.repeat(missing) : ' '.repeat(missing) + cut;
  };
  if (value instanceof Unknown) return unknownText(value);
  const plain = unwrap(value);
  switch (type) {
    case 's':
      return padded(str(vm, value));
    case 'r':
      return padded(repr(vm, value));
    case 'a':
      return padded(asciiText(repr(vm, value)));
    case 'c':
      return padded(
        typeof plain === 'string' && [...plain].length === 1
          ? plain
          : isInt(plain)
            ? character(toInt(plain))
            : bad(vm, value, type),
      );
    case 'd':
    case 'i':
    case 'u': {
      const x = isInt(plain) ? toInt(plain) : plain instanceof PyFloat ? truncate(plain.value) : bad(vm, value, type);
      const digits = precision === null ? spec : { ...spec, width: Math.max(width, 0) };
      return formatIntSpec(vm, x, { ...digits, precision: null, type: 'd' }, value);
    }
    case 'o':
    case 'x':
    case 'X':
      return formatIntSpec(vm, isInt(plain) ? toInt(plain) : bad(vm, value, type), { ...spec, precision: null }, value);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      const x = plain instanceof PyFloat ? plain.value : isInt(plain) ? toFloat(toInt(plain)) : viaFloat(vm, value);
      return formatFloatSpec(vm, x, spec, value);
    }
    default:
      raise('ValueError', `unsupported format character '${type}'`);
  }
}

function viaFloat(vm: Interp, value: Value): number {
  const x = callSpecial(vm, value, '__float__');
  if (x instanceof PyFloat) return x.value;
  if (x instanceof Unknown) {
    unknownText(x);
    return 0;
  }
  raise('TypeError', `must be real number, not ${typeName(vm, value)}`);
}

function bad(vm: Interp, value: Value, type: string): never {
  const wanted =
    type === 'd' || type === 'i' || type === 'u' ? 'a real number' : type === 'c' ? 'int or char' : 'an integer';
  raise('TypeError', `%${type} format: ${wanted} is required, not ${typeName(vm, value)}`);
}
