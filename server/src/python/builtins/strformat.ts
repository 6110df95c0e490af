/** `str.format` and `str.format_map`: replacement fields with attribute and item access, conversions, nested specs. */
import { raise } from '../errors.js';
import type { Interp, Keywords, Value } from '../values.js';
import { format } from './format.js';
import { getItem } from './items.js';
import { asciiText, knownText, repr, str } from './repr.js';

/** Text, or an Unknown string when an unknown went into it. */
export function strFormat(
  vm: Interp,
  template: string,
  args: readonly Value[],
  kwargs: Keywords,
  mapping?: Value,
): Value {
  const state = { next: 0, manual: false };
  const lookup = (name: string): Value => {
    if (name === '') {
      if (state.manual)
        raise('ValueError', 'cannot switch from manual field specification to automatic field numbering');
      return positional(args, state.next++);
    }
    if (/^\d+$/.test(name)) {
      if (state.next > 0)
        raise('ValueError', 'cannot switch from automatic field numbering to manual field specification');
      state.manual = true;
      return positional(args, Number(name));
    }
    if (mapping !== undefined) return getItem(vm, mapping, name);
    const v = kwargs?.get(name);
    return v === undefined ? raise('KeyError', name) : v;
  };
  return knownText(() => expand(vm, template, lookup, 2));
}

function positional(args: readonly Value[], index: number): Value {
  if (index >= args.length) raise('IndexError', `Replacement index ${index} out of range for positional args tuple`);
  return args[index]!;
}

function expand(vm: Interp, template: string, lookup: (name: string) => Value, depth: number): string {
  if (depth < 0) raise('ValueError', 'Max string recursion exceeded');
  let out = '';
  let i = 0;
  while (i < template.length) {
    const c = template[i]!;
    if (c === '{' || c === '}') {
      if (template[i + 1] === c) {
        out += c;
        i += 2;
        continue;
      }
      if (c === '}') raise('ValueError', "Single '}' encountered in format string");
      const end = closing(template, i + 1);
      out += field(vm, template.slice(i + 1, end), lookup, depth);
      i = end + 1;
      continue;
    }
    out += c;
    i++;
  }
  return out;
}

function closing(template: string, start: number): number {
  let depth = 1;
  for (let i = start; i < template.length; i++) {
    if (template[i] === '{') depth++;
    else if (template[i] === '}' && --depth === 0) return i;
  }
  return raise(
    'ValueError',
    start === template.length ? "Single '{' encountered in format string" : "expected '}' before end of string",
  );
}

function field(vm: Interp, text: string, lookup: (name: string) => Value, depth: number): string {
  const m = /^([^!:[]*(?:\[[^\]]*\][^!:[]*)*)(?:!([^:]*))?(?::([\s\S]*))?$/.exec(text);
  if (m === null) raise('ValueError', 'invalid replacement field');
  const value = resolve(vm, m[1]!, lookup);
  const spec = m[3] === undefined ? '' : expand(vm, m[3], lookup, depth - 1);
  switch (m[2]) {
    case undefined:
      return format(vm, value, spec);
    case 'r':
      return format(vm, repr(vm, value), spec);
    case 's':
      return format(vm, str(vm, value), spec);
    case 'a':
      return format(vm, asciiText(repr(vm, value)), spec);
    default:
      raise('ValueError', `Unknown conversion specifier '${m[2]}'`);
  }
}

function resolve(vm: Interp, path: string, lookup: (name: string) => Value): Value {
  const first = /^[^.[]*/.exec(path)![0];
  let value = lookup(first);
  const rest = path.slice(first.length);
  for (const step of rest.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
    if (step[1] !== undefined) value = vm.getAttr(value, step[1]);
    else value = getItem(vm, value, /^\d+$/.test(step[2]!) ? Number(step[2]) : step[2]!);
  }
  return value;
}
