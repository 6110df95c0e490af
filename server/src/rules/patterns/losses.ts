/** Loss functions, as calls or as modules. */
import type { Expr } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { argument, opOf } from '../semantic/torchOps.js';

/** The input of a loss call by name of its function (`cross_entropy`) or class (`CrossEntropyLoss`); null for anything else. */
export function lossInput(
  node: Expr,
  functionName: string,
  className: string,
  index: ModuleIndex,
  scope: Scope,
): { input: Expr; via: 'function' | 'module' } | null {
  const op = opOf(node, index, scope);
  if (op === null || !op.plain) return null;
  if (op.via === 'function' && op.name === functionName) {
    const input = argument(op, 0, 'input');
    return input === null ? null : { input, via: 'function' };
  }
  if (op.via === 'module' && op.name === className) {
    const input = argument(op, 0, 'input');
    return input === null ? null : { input, via: 'module' };
  }
  return null;
}
