/** The `for … in … if …` clauses of comprehensions. */
import type { Comprehension, Expr } from '../ast.js';
import type { Context } from './context.js';
import { lowerExpression } from './expressions.js';
import { Kind } from './kinds.js';

export function lowerGenerators(c: Context, node: number): Comprehension[] {
  const generators: { target: Expr; iter: Expr; ifs: Expr[]; isAsync: boolean }[] = [];
  for (const clause of c.named(node)) {
    if (c.kind(clause) === Kind.ForInClause) generators.push(lowerForIn(c, clause));
    else if (c.kind(clause) === Kind.IfClause)
      generators.at(-1)?.ifs.push(lowerExpression(c, c.named(clause)[0] ?? clause));
  }
  return generators;
}

function lowerForIn(c: Context, node: number): { target: Expr; iter: Expr; ifs: Expr[]; isAsync: boolean } {
  const isAsync = c.find(node, Kind.TokenAsync) >= 0;
  const [target, ...iterables] = c.named(node);
  if (c.isBroken(node) || iterables.length === 0)
    return { target: c.error(node), iter: c.error(node), ifs: [], isAsync };
  const iters = iterables.map((part) => lowerExpression(c, part));
  const iter: Expr =
    iters.length === 1 ? iters[0] : { type: 'Tuple', start: iters[0].start, end: c.endOf(node), elts: iters };
  return { target: lowerExpression(c, target), iter, ifs: [], isAsync };
}
