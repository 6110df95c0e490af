/** Names of `torch` that are values: dtypes, numbers, layouts, memory formats. */
import { PyFloat, type Value } from '../python/values.js';
import { dtypeAliases, dtypes } from './dtype.js';
import { layouts, memoryFormats } from './objects.js';

function build(): Map<string, Value> {
  const map = new Map<string, Value>();
  for (const [name, dtype] of Object.entries(dtypes)) map.set(`torch.${name}`, dtype);
  for (const [alias, name] of Object.entries(dtypeAliases)) map.set(`torch.${alias}`, dtypes[name]);
  for (const [name, layout] of Object.entries(layouts)) map.set(`torch.${name}`, layout);
  for (const [name, format] of Object.entries(memoryFormats)) map.set(`torch.${name}`, format);
  map.set('torch.pi', new PyFloat(Math.PI));
  map.set('torch.e', new PyFloat(Math.E));
  map.set('torch.inf', new PyFloat(Number.POSITIVE_INFINITY));
  map.set('torch.nan', new PyFloat(Number.NaN));
  map.set('torch.newaxis', null);
  return map;
}

/** Qualified name -> value. */
export const torchConstants: ReadonlyMap<string, Value> = build();
