/** The shape of an expression as the trace saw it. */
import type { Expr } from '../../syntax/ast.js';
import type { Scope } from '../semantic/parts.js';
import type { RuleContext } from '../types.js';
import { standsFor } from './inline.js';

/** Extents; null when nothing ran there, or different runs saw different shapes. */
export function seenShape(
  node: Expr,
  scope: Scope,
  context: Pick<RuleContext, 'kernelsAt' | 'modulesAt' | 'index'>,
): readonly number[] | null {
  const value = standsFor(node, scope);
  const { end } = context.index.range(value);
  // The last operator of an expression ends where the expression ends
  const kernels = context
    .kernelsAt(value)
    .filter((kernel) => kernel.end === end || kernel.start <= context.index.range(value).start);
  const modules = context.modulesAt(value).filter((module) => module.end === end);
  const last =
    modules.length > 0 ? modules.map((one) => one.outputs[0]) : kernels.slice(-1).map((one) => one.outputs[0]);
  const shapes = last.map((one) => one?.shape ?? null);
  const [first] = shapes;
  if (first === undefined || first === null || first.some(Number.isNaN)) return null;
  return shapes.every((one) => one !== null && one.join() === first.join()) ? first : null;
}
