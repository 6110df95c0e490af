/** The `__init__` of dataclasses: bound and run by the host, because models build many configs. */

import { raise } from '../../errors.js';
import { Attributes } from '../../instanceAttributes.js';
import { TailCall } from '../../tail.js';
import {
  anyOther,
  heap,
  type Interp,
  type Keywords,
  type NativeCall,
  NativeFunction,
  PyClass,
  type PyObject,
  type PyTuple,
  Unknown,
  type Value,
} from '../../values.js';

interface Field {
  readonly name: string;
  /** undefined when the field has no default. */
  readonly default: Value | undefined;
  readonly factory: Value | undefined;
  readonly init: boolean;
  readonly kwOnly: boolean;
  /** InitVar: passed to `__post_init__`, not stored. */
  readonly initOnly: boolean;
}

function listed(names: readonly string[]): string {
  const quoted = names.map((n) => `'${n}'`);
  if (quoted.length === 1) return quoted[0]!;
  if (quoted.length === 2) return `${quoted[0]} and ${quoted[1]}`;
  return `${quoted.slice(0, -1).join(', ')}, and ${quoted[quoted.length - 1]}`;
}

function bindFields(
  fname: string,
  fields: readonly Field[],
  args: readonly Value[],
  kwargs: Keywords,
): Map<string, Value> {
  const given = new Map<string, Value>();
  const positional = fields.filter((f) => f.init && !f.kwOnly);
  if (args.length > positional.length) {
    const least = positional.filter((f) => f.default === undefined && f.factory === undefined).length + 1;
    const most = positional.length + 1;
    raise(
      'TypeError',
      `${fname}() takes ${least === most ? most : `from ${least} to ${most}`} positional arguments but ${args.length + 1} were given`,
    );
  }
  args.forEach((a, i) => void given.set(positional[i]!.name, a));
  if (kwargs !== null) {
    for (const [name, value] of kwargs) {
      if (name === anyOther) continue;
      if (!fields.some((f) => f.init && f.name === name))
        raise('TypeError', `${fname}() got an unexpected keyword argument '${name}'`);
      if (given.has(name)) raise('TypeError', `${fname}() got multiple values for argument '${name}'`);
      given.set(name, value);
    }
    const others = kwargs.get(anyOther);
    if (others instanceof Unknown)
      for (const f of fields)
        if (f.init && !given.has(f.name)) given.set(f.name, new Unknown(others.why, others.where));
  }
  const missing = (kwOnly: boolean) =>
    fields
      .filter(
        (f) =>
          f.init && f.kwOnly === kwOnly && !given.has(f.name) && f.default === undefined && f.factory === undefined,
      )
      .map((f) => f.name);
  const left = missing(false);
  if (left.length > 0)
    raise(
      'TypeError',
      `${fname}() missing ${left.length} required positional argument${left.length > 1 ? 's' : ''}: ${listed(left)}`,
    );
  const keywords = missing(true);
  if (keywords.length > 0)
    raise(
      'TypeError',
      `${fname}() missing ${keywords.length} required keyword-only argument${keywords.length > 1 ? 's' : ''}: ${listed(keywords)}`,
    );
  return given;
}

/** `fields`: tuples (name, has default, default, factory or None, init, kw_only, is InitVar). */
export function dataclassInit(
  vm: Interp,
  cls: Value,
  fields: Value,
  _kwOnly: Value,
  postInit: Value,
  frozen: Value,
): Value {
  const list: Field[] = Array.from(vm.iterate(fields), (t) => {
    const [name, hasDefault, value, factory, init, kwOnly, initOnly] = (t as PyTuple).items;
    return {
      name: name as string,
      default: hasDefault === true ? value! : undefined,
      factory: factory === null ? undefined : factory!,
      init: init === true,
      kwOnly: kwOnly === true,
      initOnly: initOnly === true,
    };
  });
  const fname = `${cls instanceof PyClass ? cls.qualname : ''}.__init__`;
  const direct = frozen === true;
  const call: NativeCall = (m, args, kwargs) => {
    const self = args[0] as PyObject;
    const given = bindFields(fname, list, args.slice(1), kwargs);
    const extra: Value[] = [];
    for (const f of list) {
      let value = given.get(f.name);
      if (value === undefined) value = f.factory !== undefined ? m.call(f.factory, []) : f.default;
      if (f.initOnly) {
        extra.push(value ?? null);
        continue;
      }
      if (value === undefined || (!f.init && f.factory === undefined)) continue;
      if (direct) {
        heap.touch(self);
        self.attrs ??= new Attributes();
        self.attrs.set(f.name, value);
      } else m.setAttr(self, f.name, value);
    }
    if (postInit !== true) return null;
    const post = m.classOf(self).lookup('__post_init__');
    if (post === undefined || post === null) return null;
    return new TailCall(post, [self, ...extra], null, () => null, null);
  };
  const init = new NativeFunction(fname, call, true);
  init.takesOthers = true;
  return init;
}
