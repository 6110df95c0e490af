/** Einsum equations of attention: which layout the operands have. */
import type { Expr } from '../../syntax/ast.js';
import type { TorchOp } from '../semantic/torchOps.js';

/** How an operand must be changed to end in (sequence, head dimension): nothing, or `.transpose(1, 2)` for (batch, sequence, head, dim). */
export type Layout = 'plain' | 'swap';

/** `scores = einsum(q, k)`: operands and their layouts; null when it is no product of queries and keys. */
export function scoresEinsum(
  op: TorchOp,
): { query: Expr; key: Expr; queryLayout: Layout | null; keyLayout: Layout | null; scores: string } | null {
  const parsed = parse(op);
  if (parsed === null) return null;
  const { left, right, output } = parsed;
  const contracted = [...left].filter((letter) => right.includes(letter) && !output.includes(letter));
  const s = output.at(-2);
  const t = output.at(-1);
  if (contracted.length !== 1 || s === undefined || t === undefined) return null;
  const batch = output.slice(0, -2);
  const forward = left.includes(s) && right.includes(t) && !left.includes(t) && !right.includes(s);
  const backward = right.includes(s) && left.includes(t) && !right.includes(t) && !left.includes(s);
  if (!forward && !backward) return null;
  const [q, k] = forward ? [left, right] : [right, left];
  return {
    query: forward ? parsed.first : parsed.second,
    key: forward ? parsed.second : parsed.first,
    queryLayout: layoutOf(q, batch, s, contracted[0] as string),
    keyLayout: layoutOf(k, batch, t, contracted[0] as string),
    scores: output,
  };
}

/** `out = einsum(weights, v)`: null when it is not the product with the values. `weights` is the operand that holds the scores. */
export function valuesEinsum(
  op: TorchOp,
  weights: Expr,
): { value: Expr; valueLayout: Layout | null; outputLayout: Layout | null } | null {
  const parsed = parse(op);
  if (parsed === null) return null;
  const isFirst = parsed.first === weights;
  if (!isFirst && parsed.second !== weights) return null;
  const w = isFirst ? parsed.left : parsed.right;
  const v = isFirst ? parsed.right : parsed.left;
  const { output } = parsed;
  const batch = w.slice(0, -2);
  const s = w.at(-2);
  const t = w.at(-1);
  if (s === undefined || t === undefined || output.includes(t) || !v.includes(t) || v.includes(s)) return null;
  const d = [...v].find((letter) => letter !== t && !batch.includes(letter));
  if (d === undefined) return null;
  return {
    value: isFirst ? parsed.second : parsed.first,
    valueLayout: layoutOf(v, batch, t, d),
    outputLayout: layoutOf(output, batch, s, d),
  };
}

function layoutOf(letters: string, batch: string, sequence: string, dim: string): Layout | null {
  if (letters === batch + sequence + dim) return 'plain';
  return batch.length === 2 && letters === `${batch[0]}${sequence}${batch[1]}${dim}` ? 'swap' : null;
}

function parse(op: TorchOp): { left: string; right: string; output: string; first: Expr; second: Expr } | null {
  const [equation, first, second, third] = op.args;
  if (op.name !== 'einsum' || third !== undefined || first === undefined || second === undefined) return null;
  if (equation?.type !== 'Constant' || typeof equation.value !== 'string') return null;
  const match = /^([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)$/.exec(equation.value.replace(/\s+/g, ''));
  if (match === null) return null;
  return { left: match[1] as string, right: match[2] as string, output: match[3] as string, first, second };
}
