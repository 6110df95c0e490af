/** Binding of call arguments to the parameters of native functions. */
import { raise } from '../errors.js';
import type { Interp, Keywords, NativeCall, Value } from '../values.js';

interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  readonly kind: 'positional' | 'both' | 'keyword';
}

const cache = new Map<string, readonly Parameter[]>();

function parametersOf(signature: string): readonly Parameter[] {
  let parameters = cache.get(signature);
  if (parameters !== undefined) return parameters;
  const list: Parameter[] = [];
  let kind: Parameter['kind'] = 'both';
  for (const part of signature.split(',').map((s) => s.trim())) {
    if (part === '') continue;
    if (part === '/') {
      for (let i = 0; i < list.length; i++) list[i] = { ...list[i]!, kind: 'positional' };
    } else if (part === '*') kind = 'keyword';
    else if (part.endsWith('=')) list.push({ name: part.slice(0, -1), optional: true, kind });
    else list.push({ name: part, optional: false, kind });
  }
  parameters = list;
  cache.set(signature, parameters);
  return parameters;
}

/**
 * Values in the order of the signature (`"iterable, /, start="`: a trailing `=` marks an
 * optional parameter); undefined where an optional one was not given. Raises TypeError as CPython does.
 */
export function bindArguments(
  fname: string,
  signature: string,
  args: readonly Value[],
  kwargs: Keywords,
): (Value | undefined)[] {
  const parameters = parametersOf(signature);
  const result = new Array<Value | undefined>(parameters.length).fill(undefined);
  let positional = 0;
  for (const p of parameters) if (p.kind !== 'keyword') positional++;
  if (args.length > positional) {
    const required = parameters.filter((p) => p.kind !== 'keyword' && !p.optional).length;
    const bound = required === positional ? `${positional}` : `at most ${positional}`;
    raise('TypeError', `${fname}() takes ${bound} argument${positional === 1 ? '' : 's'} (${args.length} given)`);
  }
  for (let i = 0; i < args.length; i++) result[i] = args[i]!;
  if (kwargs !== null) {
    for (const [name, value] of kwargs) {
      const i = parameters.findIndex((p) => p.name === name && p.kind !== 'positional');
      if (i < 0) raise('TypeError', `${fname}() got an unexpected keyword argument '${name}'`);
      if (result[i] !== undefined) raise('TypeError', `${fname}() got multiple values for argument '${name}'`);
      result[i] = value;
    }
  }
  for (let i = 0; i < parameters.length; i++) {
    if (result[i] === undefined && !parameters[i]!.optional) {
      raise('TypeError', `${fname}() missing required argument: '${parameters[i]!.name}' (pos ${i + 1})`);
    }
  }
  return result;
}

/** A native function with a bound signature; the body gets the values in signature order. */
export function native(
  fname: string,
  signature: string,
  body: (vm: Interp, ...values: (Value | undefined)[]) => Value,
): NativeCall {
  return (vm, args, kwargs) => body(vm, ...bindArguments(fname, signature, args, kwargs));
}
