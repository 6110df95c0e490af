/**
 * Schemas as text, parsed on first use, and the binder that turns Python arguments into the
 * plain values an operator works with.
 *
 * Types: Tensor, Tensor[], Tensor?[], int, SymInt, int[], SymInt[], int[N] (one int stands for N), float, float[],
 * bool, str, Scalar, Scalar[], ScalarType, Device, Layout, MemoryFormat, Generator, Any. `?` allows None. A `*`
 * after `int[]` takes the ints as separate arguments too (`view(2, 3)`). A `~` after the type marks an argument
 * whose value does not change shapes or cost: an unknown one is replaced by NaN or None. SymInt admits unknown
 * ints as NaN (extents); a plain int that is unknown ends in a coverage gap.
 */
import { raise } from '../python/errors.js';
import {
  BoundMethod,
  type Interp,
  type Keywords,
  NativeFunction,
  PyClass,
  PyComplex,
  PyFloat,
  PyInstance,
  PyList,
  type PyObject,
  PyRange,
  PyTuple,
  Unknown,
  type Value,
} from '../python/values.js';
import { DType, dtypes } from './dtype.js';
import { parseDevice, TorchDevice, TorchEnum, TorchGenerator } from './objects.js';
import { TensorValue } from './tensor.js';

/** A Python number given to an operator. `value` is NaN when only its kind is known. */
export interface ScalarArg {
  readonly value: number;
  readonly kind: 'bool' | 'int' | 'float' | 'complex';
}

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly list: boolean;
  /** N of `int[N]`, 0 for a plain list. */
  readonly fill: number;
  readonly varargs: boolean;
  readonly harmless: boolean;
  /** null: required. */
  readonly fallback: string | null;
  readonly keywordOnly: boolean;
  /** For `Tensor?[]`. */
  readonly optionalItems: boolean;
}

export interface Schema {
  readonly text: string;
  readonly parameters: readonly Parameter[];
  readonly positional: number;
}

const parsed = new Map<string, Schema>();

/** The qualified names in front of the parenthesis; `F.` stands for `torch.nn.functional.`. */
export function schemaNames(text: string): string[] {
  const names = text.slice(0, text.indexOf('(')).split(',');
  return names.map((n) => {
    const name = n.trim();
    return name.startsWith('F.') ? `torch.nn.functional.${name.slice(2)}` : name;
  });
}

export function parseSchema(text: string): Schema {
  const list = text.slice(text.indexOf('('));
  const cached = parsed.get(list);
  if (cached !== undefined) return cached;
  const parameters: Parameter[] = [];
  let keywordOnly = false;
  let positional = 0;
  for (const part of splitTop(list.slice(1, list.lastIndexOf(')')))) {
    if (part === '*') {
      keywordOnly = true;
      continue;
    }
    const m = /^(\w+)(\?)?(\[(\d*)\])?(\?)?(\*)?(~)?\s+(\w+)(?:=(.*))?$/.exec(part);
    if (m === null) throw new Error(`bad schema "${text}" at "${part}"`);
    const isList = m[3] !== undefined;
    parameters.push({
      name: m[8]!,
      type: m[1]!,
      list: isList,
      optionalItems: isList && m[2] !== undefined,
      optional: isList ? m[5] !== undefined : m[2] !== undefined,
      fill: m[4] ? Number(m[4]) : 0,
      varargs: m[6] !== undefined,
      harmless: m[7] !== undefined,
      fallback: m[9] ?? null,
      keywordOnly,
    });
    if (!keywordOnly) positional++;
  }
  const schema = { text: list, parameters, positional };
  parsed.set(list, schema);
  return schema;
}

function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    const ch = text[i];
    if (ch === '[' || ch === '(') depth++;
    else if (ch === ']' || ch === ')') depth--;
    else if (i === text.length || (ch === ',' && depth === 0)) {
      const part = text.slice(from, i).trim();
      if (part !== '') parts.push(part);
      from = i + 1;
    }
  }
  return parts;
}

/** Names that PyTorch also accepts, after NumPy. */
const numpyNames: Readonly<Record<string, readonly string[]>> = {
  dim: ['axis'],
  dims: ['axes'],
  keepdim: ['keepdims'],
  input: ['self', 'x', 'a', 'x1'],
  self: ['input'],
  other: ['x2'],
};

/** Why a call does not fit a schema, or why it cannot be answered. */
export class BindFailure {
  constructor(
    readonly message: string,
    /** Set when an argument that matters is not known. */
    readonly unknown: Unknown | null = null,
    readonly parameter = '',
  ) {}
}

const defaults: Record<string, unknown> = { None: null, True: true, False: false, inf: Number.POSITIVE_INFINITY };

function fallbackValue(p: Parameter): unknown {
  const text = p.fallback!;
  let value: unknown;
  if (text in defaults) value = defaults[text];
  else if (text.startsWith('[')) value = JSON.parse(text);
  else if (/^['"]/.test(text)) value = text.slice(1, -1);
  else if (p.type === 'MemoryFormat' || p.type === 'Layout') value = text;
  else value = Number(text);
  if (p.list && typeof value === 'number') value = p.fill > 0 ? new Array(p.fill).fill(value) : [value];
  if (p.type === 'Scalar' && typeof value === 'number') {
    return { value, kind: text.includes('.') ? 'float' : 'int' } satisfies ScalarArg;
  }
  return value;
}

/** Binds a call to one schema. Gives the argument object or the reason why not. */
export function bind(
  interp: Interp,
  operator: string,
  schema: Schema,
  args: readonly Value[],
  kwargs: Keywords,
): Record<string, any> | BindFailure {
  const out: Record<string, any> = {};
  const { parameters } = schema;
  let used = 0;
  let position = 0;
  for (let i = 0; i < parameters.length; i++) {
    const p = parameters[i]!;
    let given: Value | undefined;
    if (!p.keywordOnly && position < args.length) {
      if (p.varargs && takesRest(args, position)) {
        given = new PyTuple(args.slice(position));
        position = args.length;
      } else given = args[position++];
      if (kwargs?.has(p.name)) return new BindFailure(`${operator}() got multiple values for argument '${p.name}'`);
    } else if (kwargs !== null) {
      given = kwargs.get(p.name);
      if (given === undefined) {
        for (const other of numpyNames[p.name] ?? []) {
          given = kwargs.get(other);
          if (given !== undefined) break;
        }
      }
      if (given !== undefined) used++;
    }
    if (given === undefined) {
      if (p.fallback === null) {
        if (p.varargs && !kwargs?.size && args.length === position) {
          out[p.name] = [];
          continue;
        }
        return new BindFailure(`${operator}() missing 1 required positional arguments: "${p.name}"`);
      }
      out[p.name] = fallbackValue(p);
      continue;
    }
    const value = convert(interp, p, given);
    if (value instanceof BindFailure) {
      if (value.unknown !== null) return new BindFailure(value.message, value.unknown, p.name);
      return new BindFailure(
        `${operator}(): argument '${p.name}' (position ${i + 1}) must be ${typeText(p)}, not ${typeName(interp, given)}`,
      );
    }
    out[p.name] = value;
  }
  if (position < args.length) {
    return new BindFailure(
      `${operator}() takes ${schema.positional} positional argument${schema.positional === 1 ? '' : 's'} but ${args.length} were given`,
    );
  }
  if (kwargs !== null && used < kwargs.size) {
    for (const name of kwargs.keys()) {
      const known = parameters.some((p) => p.name === name || numpyNames[p.name]?.includes(name));
      if (!known) return new BindFailure(`${operator}() got an unexpected keyword argument '${name}'`);
    }
  }
  return out;
}

/** Ints given one by one: the first is not a sequence. */
function takesRest(args: readonly Value[], position: number): boolean {
  const first = args[position]!;
  return !(first instanceof PyTuple || first instanceof PyList || first instanceof PyRange) && !(first === null);
}

function typeText(p: Parameter): string {
  const names: Record<string, string> = {
    SymInt: 'int',
    Scalar: 'Number',
    ScalarType: 'torch.dtype',
    Device: 'torch.device',
  };
  const one = names[p.type] ?? p.type;
  return p.list ? `tuple of ${one}s` : one;
}

function typeName(interp: Interp, v: Value): string {
  if (v === null) return 'NoneType';
  if (typeof v === 'boolean') return 'bool';
  if (typeof v === 'number' || typeof v === 'bigint') return 'int';
  if (typeof v === 'string') return 'str';
  if (v instanceof PyFloat) return 'float';
  if (v instanceof PyList) return 'list';
  if (v instanceof PyTuple) return 'tuple';
  if (v instanceof TensorValue) return v.isParameter ? 'Parameter' : 'Tensor';
  if (v instanceof NativeFunction || v instanceof BoundMethod) return 'function';
  return interp.classOf(v).name;
}

const mismatch = new BindFailure('');

/** The tensor behind a value: itself, or what an instance of a subclass carries. */
export function asTensor(v: unknown): TensorValue | null {
  if (v instanceof TensorValue) return v;
  if (v instanceof PyInstance && v.payload instanceof TensorValue) return v.payload;
  return null;
}

function plain(v: Value): Value {
  return v instanceof PyInstance && v.payload !== undefined ? v.payload : v;
}

function convert(interp: Interp, p: Parameter, given: Value): unknown {
  // the numbers of numpy know what they are
  const v = p.type === 'Any' && p.name === 'data' ? (asTensor(given) ?? given) : plain(given);
  if (v === null) {
    if (p.optional || p.type === 'Any') return null;
    return mismatch;
  }
  if (v instanceof Unknown && p.type !== 'Any') {
    if (p.list) return p.harmless ? (p.optional ? null : []) : new BindFailure(v.why, v);
    const tensor = p.optional && p.type === 'Tensor' ? tensorOrNone(v) : null;
    if (tensor !== null) {
      interp.gap('condition', `${p.name} ${v.why}: taken as given`);
      return tensor;
    }
    return convertUnknown(p, v);
  }
  if (!p.list) return convertOne(interp, p.type, v, p.harmless);
  const items = sequence(v);
  if (items === null) {
    // one number stands for the list where PyTorch lets it
    if (p.fill > 0 && (p.type === 'int' || p.type === 'SymInt' || p.type === 'float')) {
      const one = convertOne(interp, p.type, v, false);
      return one instanceof BindFailure ? one : new Array(p.fill).fill(one);
    }
    return mismatch;
  }
  const out: unknown[] = [];
  for (const raw of items) {
    const item = plain(raw);
    let one: unknown;
    if (item === null) one = p.optionalItems ? null : mismatch;
    else if (item instanceof Unknown) one = p.type === 'SymInt' ? knownInt(item) : new BindFailure(item.why, item);
    else one = convertOne(interp, p.type, item, false);
    if (one instanceof BindFailure) return one;
    out.push(one);
  }
  return out;
}

/** The tensor that a condition leaves or takes away, a mask say: the products are the same with and without. */
function tensorOrNone(v: Unknown): TensorValue | null {
  const [a, b] = v.sides.filter((side) => side !== null);
  return v.sides.length === 2 && b === undefined && a !== undefined ? asTensor(a) : null;
}

function knownInt(u: Unknown): number | BindFailure {
  return u.kind === 'int' || u.kind === 'any' ? Number.NaN : u.kind === 'tensor' ? Number.NaN : mismatch;
}

function convertUnknown(p: Parameter, v: Unknown): unknown {
  if (p.type === 'SymInt') return knownInt(v);
  if (p.type === 'Scalar' && (v.kind === 'int' || v.kind === 'float' || v.kind === 'bool')) {
    return { value: Number.NaN, kind: v.kind } satisfies ScalarArg;
  }
  if (p.type === 'Device') return '?';
  if (p.type === 'Scalar' && v.kind === 'tensor') return mismatch;
  if (p.harmless) {
    if (p.optional) return null;
    if (p.type === 'Scalar') return { value: Number.NaN, kind: 'float' } satisfies ScalarArg;
    return p.type === 'bool' ? false : p.type === 'str' ? '' : Number.NaN;
  }
  return new BindFailure(v.why, v);
}

export function sequence(v: Value): readonly Value[] | null {
  if (v instanceof PyTuple || v instanceof PyList) return v.items;
  if (v instanceof PyRange) {
    const out: number[] = [];
    for (let i = 0, x = v.start; i < v.length; i++, x += v.step) out.push(x);
    return out;
  }
  if (v instanceof TensorValue && v.ndim === 1 && v.values !== null) {
    return v.dtype.kind === 'float' ? v.values.map((x) => new PyFloat(x)) : v.values;
  }
  return null;
}

function convertOne(_interp: Interp, type: string, v: Value, harmless: boolean): unknown {
  switch (type) {
    case 'Any':
      return v;
    case 'Tensor':
      return v instanceof TensorValue ? v : mismatch;
    case 'int':
    case 'SymInt':
      return toInt(v, type === 'SymInt' || harmless);
    case 'float':
      return toFloat(v);
    case 'bool':
      if (typeof v === 'boolean') return v;
      if (v instanceof TensorValue && v.numel === 1 && v.values !== null) return v.values[0] !== 0;
      return typeof v === 'number' && harmless ? v !== 0 : mismatch;
    case 'str':
      return typeof v === 'string' ? v : mismatch;
    case 'Scalar':
      return toScalar(v);
    case 'ScalarType':
      return toDType(v);
    case 'Device':
      return toDevice(v);
    case 'Layout':
      return v instanceof TorchEnum && v.kind === 'layout' ? v.name : mismatch;
    case 'MemoryFormat':
      return v instanceof TorchEnum && v.kind === 'memory_format' ? v.name : mismatch;
    case 'Generator':
      return v instanceof TorchGenerator ? v : mismatch;
    default:
      throw new Error(`unknown schema type ${type}`);
  }
}

function toInt(v: Value, unknownAllowed: boolean): number | BindFailure {
  if (typeof v === 'number') return v;
  if (typeof v === 'boolean') return Number(v);
  if (typeof v === 'bigint') return Number(v);
  if (v instanceof TensorValue && v.numel === 1 && (v.dtype.kind === 'int' || v.dtype.kind === 'bool')) {
    const values = v.values;
    if (values !== null) return values[0]!;
    return unknownAllowed
      ? Number.NaN
      : new BindFailure('value of a tensor', new Unknown('value of a tensor', null, 'int'));
  }
  return mismatch;
}

function toFloat(v: Value): number | BindFailure {
  if (typeof v === 'number') return v;
  if (typeof v === 'boolean' || typeof v === 'bigint') return Number(v);
  if (v instanceof PyFloat) return v.value;
  if (v instanceof TensorValue && v.numel === 1) return v.values?.[0] ?? Number.NaN;
  return mismatch;
}

export function toScalar(v: Value): ScalarArg | BindFailure {
  if (typeof v === 'number' || typeof v === 'bigint') return { value: Number(v), kind: 'int' };
  if (typeof v === 'boolean') return { value: Number(v), kind: 'bool' };
  if (v instanceof PyFloat) return { value: v.value, kind: 'float' };
  if (v instanceof PyComplex) return { value: Number.NaN, kind: 'complex' };
  if (v instanceof Unknown && (v.kind === 'int' || v.kind === 'float' || v.kind === 'bool')) {
    return { value: Number.NaN, kind: v.kind };
  }
  if (v instanceof TensorValue && v.ndim === 0 && !v.requiresGrad) {
    const kind = v.dtype.kind === 'quantized' ? 'int' : v.dtype.kind;
    return { value: v.values?.[0] ?? Number.NaN, kind };
  }
  return mismatch;
}

/** Python's own types stand for dtypes too: `torch.zeros(2, dtype=float)`. */
function toDType(v: Value): DType | BindFailure {
  if (v instanceof DType) return v;
  const name = v instanceof PyClass ? v.name : v instanceof NativeFunction ? v.name : '';
  if (name === 'float') return dtypes.float64;
  if (name === 'int') return dtypes.int64;
  if (name === 'bool') return dtypes.bool;
  if (name === 'complex') return dtypes.complex128;
  return mismatch;
}

export function toDevice(v: Value): string | BindFailure {
  if (v instanceof TorchDevice) return v.toString();
  if (typeof v === 'number') return `cuda:${v}`;
  if (typeof v === 'string') {
    if (parseDevice(v) !== null) return v;
    raise(
      'RuntimeError',
      `Expected one of cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, mps, meta, hpu, mtia, privateuseone device type at start of device string: ${v}`,
    );
  }
  return mismatch;
}

/** True for a value that has no place in a schema at all (used for messages). */
export function isHostObject(v: Value): v is PyObject {
  return typeof v === 'object' && v !== null;
}
