/** Expressions that only compute: whether they run or not makes no difference but time. */
import type { Expr } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { opOf } from '../semantic/torchOps.js';
import { walk } from '../semantic/walk.js';

const pure = new Set([
  'ones',
  'zeros',
  'full',
  'tril',
  'triu',
  'arange',
  'to',
  'bool',
  'float',
  'type',
  'type_as',
  'unsqueeze',
  'view',
  'reshape',
  'expand',
  'masked_fill',
  'logical_not',
  'ones_like',
  'zeros_like',
  'mul',
  'matmul',
  'add',
  'sub',
  'div',
  'neg',
  'transpose',
  'mT',
  'T',
  'permute',
]);

/** Running it or not makes no difference but time: torch constructions, numbers, attribute reads. */
export function isPure(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  let isAllPure = true;
  walk(node, (inner) => {
    if (inner.type === 'Call') {
      const op = opOf(inner, index, scope);
      const isNumeric = inner.func.type === 'Attribute' && ['size', 'dim', 'sqrt'].includes(inner.func.attr);
      const isFloat = inner.func.type === 'Name' && inner.func.id === 'float';
      if (!isNumeric && !isFloat && (op === null || op.inPlace || !pure.has(op.name))) isAllPure = false;
    } else if (
      inner.type === 'Await' ||
      inner.type === 'Yield' ||
      inner.type === 'YieldFrom' ||
      inner.type === 'NamedExpr'
    )
      isAllPure = false;
  });
  return isAllPure;
}
