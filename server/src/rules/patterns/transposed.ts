/** Keys that are transposed, and reads of a tensor's shape and type alone. */
import type { Expr, Name } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { argument, literalNumber, opOf } from '../semantic/torchOps.js';

/** K when the expression is K with its last two dimensions swapped in place. */
export function untransposed(node: Expr, index: ModuleIndex, scope: Scope): Expr | null {
  const op = opOf(node, index, scope);
  const first = op?.args[0];
  if (op === null || first === undefined) return null;
  if (op.name === 'mT' || op.name === 'T' || op.name === 't') return first;
  if (op.name === 'transpose' || op.name === 'swapaxes' || op.name === 'swapdims') {
    const dims = [literalNumber(argument(op, 1, 'dim0', 'axis0')), literalNumber(argument(op, 2, 'dim1', 'axis1'))]
      .sort()
      .join();
    return ['-1,-2', '2,3', '1,2'].includes(dims) ? first : null;
  }
  if (op.name === 'permute') {
    const dims = (op.args.length === 2 && op.args[1]?.type === 'Tuple' ? op.args[1].elts : op.args.slice(1))
      .map(literalNumber)
      .join();
    return ['0,1,3,2', '0,2,1', '0,1,-1,-2'].includes(dims) ? first : null;
  }
  return null;
}

/** The operand is a transposed tensor further back: `k = x.permute(0, 2, 3, 1)`, or carries the name of a key. */
export function looksTransposed(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  const op = opOf(node, index, scope);
  if (op !== null) return ['permute', 'transpose'].includes(op.name);
  if (node.type !== 'Name') return false;
  if (/^(k|key|keys|k_?t|key_?t)(_|$)/i.test(node.id)) return true;
  const definition = scope.flow.single(node);
  return definition?.kind === 'assign' && definition.value !== null && looksTransposed(definition.value, index, scope);
}

/** `scores.dtype`, `mask.expand_as(scores)`: the use asks for shape, type or device and not for values. */
export function readsMetadata(use: Name, index: ModuleIndex): boolean {
  const parent = index.parent(use);
  if (parent?.type === 'Attribute') return ['dtype', 'device', 'shape', 'size', 'dim', 'ndim'].includes(parent.attr);
  return (
    parent?.type === 'Call' &&
    parent.func.type === 'Attribute' &&
    ['expand_as', 'type_as', 'view_as', 'new_tensor'].includes(parent.func.attr) &&
    parent.args[0] === use
  );
}
