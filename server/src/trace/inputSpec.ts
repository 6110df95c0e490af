/** Input specifications: `1x3x224x224:float32`, `mask=2x128:bool`, `==True`-style Python expressions, and the pragma comment. */
import type { Comment } from '../syntax/ast.js';
import { type DTypeName, dtypeAliases, dtypes } from '../torch/dtype.js';

export type InputSpec =
  | {
      readonly kind: 'tensor';
      readonly name: string | null;
      readonly shape: readonly number[];
      readonly dtype: DTypeName | null;
    }
  | { readonly kind: 'expression'; readonly name: string | null; readonly text: string };

const shortNames: Readonly<Record<string, DTypeName>> = {
  bf16: 'bfloat16',
  fp16: 'float16',
  fp32: 'float32',
  fp64: 'float64',
  f16: 'float16',
  f32: 'float32',
  i64: 'int64',
  i32: 'int32',
};

export function parseDtype(text: string): DTypeName | null {
  const name = text.replace(/^torch\./, '');
  if (name in dtypes) return name as DTypeName;
  return dtypeAliases[name] ?? shortNames[name] ?? null;
}

/** Throws a message for people when the specification is not understood. */
export function parseInputSpec(text: string): InputSpec {
  const spec = text.trim();
  if (spec.startsWith('=')) return { kind: 'expression', name: null, text: spec.slice(1) };
  const named = /^([A-Za-z_]\w*)=(?=.)/.exec(spec);
  const name = named === null ? null : named[1]!;
  const rest = named === null ? spec : spec.slice(named[0].length);
  if (rest.startsWith('=')) return { kind: 'expression', name, text: rest.slice(1) };
  const [dims, type] = rest.split(':') as [string, string | undefined];
  const dtype = type === undefined ? null : parseDtype(type);
  if (type !== undefined && dtype === null) throw new Error(`input '${text}': '${type}' is not a dtype of PyTorch`);
  if (dims === '' || dims === 'scalar') return { kind: 'tensor', name, shape: [], dtype };
  const shape = dims.split('x').map(Number);
  if (shape.some((d) => !Number.isInteger(d) || d < 0)) {
    throw new Error(
      `input '${text}' is not a shape: write it like 1x3x224x224:float32, or =EXPRESSION for a Python value`,
    );
  }
  return { kind: 'tensor', name, shape, dtype };
}

export interface Pragma {
  readonly start: number;
  readonly end: number;
  readonly inputs: readonly InputSpec[];
}

/** `# eco: x=(8,3,224,224) bf16, mask=(8,128) bool`; null when the comment is not an input pragma. */
export function parsePragma(comment: Comment): Pragma | null {
  const m = /^#\s*eco:\s*(.*)$/.exec(comment.text);
  if (m === null || /^(ignore|off|on)\b/.test(m[1]!)) return null;
  const inputs: InputSpec[] = [];
  const item = /([A-Za-z_]\w*)\s*=\s*(?:\(([\d\s,]*)\)|([\dx]+))\s*:?\s*([A-Za-z_]\w*)?/g;
  for (const found of m[1]!.matchAll(item)) {
    const shape = (found[2] ?? found[3]!.replaceAll('x', ','))
      .split(',')
      .map((d) => d.trim())
      .filter((d) => d !== '')
      .map(Number);
    inputs.push({
      kind: 'tensor',
      name: found[1]!,
      shape,
      dtype: found[4] === undefined ? null : parseDtype(found[4]),
    });
  }
  return inputs.length > 0 ? { start: comment.start, end: comment.end, inputs } : null;
}
