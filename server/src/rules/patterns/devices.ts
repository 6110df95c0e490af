/** Moves between host and accelerator. */
import type { Call, Expr } from '../../syntax/ast.js';
import { isConstant, keywordOf } from './calls.js';

export interface Move {
  readonly object: Expr;
  readonly to: 'accelerator' | 'cpu';
  readonly nonBlocking: boolean;
}

/** `x.to(device)`, `x.to("cuda")`, `x.cuda()`, `x.to("cpu", …)`, `x.cpu()`; null where the target is a dtype or cannot be told. */
export function moveOf(call: Call): Move | null {
  const { func } = call;
  if (func.type !== 'Attribute' || call.args.some((arg) => arg.type === 'Starred')) return null;
  const nonBlocking =
    isConstant(keywordOf(call, 'non_blocking'), true) || (func.attr === 'to' && isConstant(call.args[1], true));
  if (func.attr === 'cuda') return { object: func.value, to: 'accelerator', nonBlocking };
  if (func.attr === 'cpu') return { object: func.value, to: 'cpu', nonBlocking };
  if (func.attr !== 'to') return null;
  const target = call.args[0] ?? keywordOf(call, 'device');
  if (target === null || target === undefined) return null;
  if (target.type === 'Constant' && typeof target.value === 'string') {
    if (/^(cuda|xpu|mps)/.test(target.value)) return { object: func.value, to: 'accelerator', nonBlocking };
    return target.value === 'cpu' ? { object: func.value, to: 'cpu', nonBlocking } : null;
  }
  const isDevice =
    (target.type === 'Name' && /^(device|dev|rank|local_rank|gpu|DEVICE)$/.test(target.id)) ||
    (target.type === 'Attribute' && /^(device|local_rank|gpu)$/.test(target.attr));
  return isDevice ? { object: func.value, to: 'accelerator', nonBlocking } : null;
}

/** The name that an expression reads from: `batch` for `batch["x"][0].y`. */
export function rootName(node: Expr): Extract<Expr, { type: 'Name' }> | null {
  if (node.type === 'Name') return node;
  return node.type === 'Attribute' || node.type === 'Subscript' ? rootName(node.value) : null;
}
