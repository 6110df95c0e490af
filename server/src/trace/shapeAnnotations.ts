/**
 * Shapes and dtypes in annotations, read as text so that the packages need not be installed: jaxtyping
 * (`Float[Tensor, "batch seq dim"]`), torchtyping (`TensorType["batch", 3, 224, 224]`), `Annotated[Tensor, "B 3 224 224"]`
 * and tensors subscripted with their dimensions (`Tensor["B", "T"]`, `Tensor[float32, B, Literal[3]]`).
 */
import { type DTypeName, dtypeAliases, dtypes } from '../torch/dtype.js';

export interface AnnotatedShape {
  /** As written: `batch`, `3`, `dim//2`, `*batch`, `...`. */
  readonly dims: readonly string[];
  /** null: any, or the type that the model computes in. */
  readonly dtype: DTypeName | null;
}

/** jaxtyping's names; those for a whole kind of number stand for PyTorch's default of that kind. */
const jaxtypingNames: Readonly<Record<string, DTypeName | null>> = {
  Float: null,
  Inexact: null,
  Real: null,
  Num: null,
  Shaped: null,
  Float16: 'float16',
  Float32: 'float32',
  Float64: 'float64',
  BFloat16: 'bfloat16',
  Int: 'int64',
  Integer: 'int64',
  Int8: 'int8',
  Int16: 'int16',
  Int32: 'int32',
  Int64: 'int64',
  UInt: 'uint8',
  UInt8: 'uint8',
  Bool: 'bool',
  Complex: 'complex64',
  Complex64: 'complex64',
  Complex128: 'complex128',
};

/** Splits at commas outside of brackets and quotes. */
export function splitTopLevel(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === ',' && depth === 0) {
      out.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  out.push(text.slice(from).trim());
  return out.filter((x) => x !== '');
}

function unquote(text: string): string | null {
  return /^[rf]?(["'])((?:(?!\1).)*)\1$/is.exec(text)?.[2] ?? null;
}

/** The inside of `Name[...]`, with the last part of a dotted name. */
function subscript(text: string): { name: string; inside: string } | null {
  const m = /^([\w.]+)\s*\[(.*)\]$/s.exec(text);
  return m === null ? null : { name: m[1]!.slice(m[1]!.lastIndexOf('.') + 1), inside: m[2]! };
}

/** Dimensions in a string: separated by blanks, or by commas. */
function stringDims(text: string): string[] {
  const bare = text.trim().replace(/^[([](.*)[)\]]$/s, '$1');
  const parts = bare.includes(',') ? splitTopLevel(bare) : bare.split(/\s+/);
  return parts.filter((p) => p !== '').map((p) => p.replace(/^[#?]+/, '').replace(/^\w+=(.+)$/, '$1'));
}

const dimName = /^[A-Za-z_*][\w.]*$|^\d+$|^\.\.\.$/;

/** Dimensions given one by one: strings, numbers, names, `Literal[3]`, slices such as `"batch": 8`. */
function listedDims(items: readonly string[]): AnnotatedShape | null {
  const dims: string[] = [];
  let dtype: DTypeName | null = null;
  for (const item of items) {
    const quoted = unquote(item);
    const inner = subscript(item);
    const sized = /^(["'])(\w+)\1\s*:\s*(.+)$/.exec(item);
    const type =
      /^torch\.\w+$/.test(item) || /^(float|int|bool|float16|float32|float64|bfloat16|int32|int64|uint8)$/.test(item);
    if (sized !== null) dims.push(sized[3] === '...' ? '...' : sized[3]!);
    else if (quoted !== null) dims.push(...stringDims(quoted));
    else if (inner !== null && /^(Literal|L)$/.test(inner.name)) dims.push(inner.inside.trim());
    else if (item.startsWith('[') || item.startsWith('('))
      dims.push(...(listedDims(splitTopLevel(item.slice(1, -1)))?.dims ?? []));
    else if (type) dtype = dtypeOf(item);
    else if (/^-1$/.test(item)) dims.push('...');
    else if (dimName.test(item)) dims.push(item);
    else if (!/^(is_float|is_named)$/.test(item)) return null;
  }
  return dims.length > 0 ? { dims, dtype } : null;
}

function dtypeOf(text: string): DTypeName | null {
  const name = text.replace(/^torch\./, '');
  if (name === 'float') return null;
  if (name === 'int') return 'int64';
  return name in dtypes ? (name as DTypeName) : (dtypeAliases[name] ?? null);
}

const tensorNames =
  /^(Tensor|TensorType|TypedTensor|TT|Array|NDArray|ndarray|FloatTensor|LongTensor|BoolTensor|IntTensor)$/;

/** What an annotation says of a tensor's shape; null when it says nothing. `alias` gives the text that a name stands for. */
export function annotatedShape(
  annotation: string,
  alias: (name: string) => string | null,
  depth = 0,
): AnnotatedShape | null {
  if (depth > 4) return null;
  let text = annotation.trim();
  const forward = unquote(text);
  if (forward !== null) text = forward.trim();
  const sides = text.split(/\s*\|\s*(?=None$)|^None\s*\|\s*/).filter((s) => s !== '' && s !== 'None');
  if (sides.length === 1) text = sides[0]!;
  if (/^[A-Za-z_]\w*$/.test(text)) {
    const target = alias(text);
    return target === null ? null : annotatedShape(target, alias, depth + 1);
  }
  const outer = subscript(text);
  if (outer === null) return null;
  const items = splitTopLevel(outer.inside);
  if (outer.name === 'Optional') return annotatedShape(outer.inside, alias, depth + 1);
  if (outer.name === 'Union') {
    for (const i of items) {
      const found = annotatedShape(i, alias, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }
  if (outer.name === 'Annotated') {
    const inner = annotatedShape(items[0] ?? '', alias, depth + 1);
    if (inner !== null) return inner;
    const notes = items.slice(1).map((i) => subscript(i)?.inside ?? i);
    const called = notes.map((n) => /^\w*(?:[Ss]hape|Dims?)\w*\((.*)\)$/s.exec(n)?.[1] ?? n);
    const found = listedDims(called.flatMap(splitTopLevel));
    // a sentence about the tensor is not its shape
    return found?.dims.every((d) => /^[\w*.+/-]+$/.test(d)) === true && found.dims.length <= 6 ? found : null;
  }
  if (outer.name in jaxtypingNames && items.length === 2) {
    const dims = unquote(items[1]!);
    if (dims === null) return null;
    // an array of an array type: the inner one adds its dimensions
    const inner = annotatedShape(items[0]!, alias, depth + 1);
    return { dims: [...stringDims(dims), ...(inner?.dims ?? [])], dtype: jaxtypingNames[outer.name]! };
  }
  return tensorNames.test(outer.name) ? listedDims(items) : null;
}
