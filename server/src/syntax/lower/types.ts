/** Annotations: the grammar gives types their own nodes where CPython has plain expressions. */
import type { Expr } from '../ast.js';
import type { Context } from './context.js';
import { identifierText, lowerExpression } from './expressions.js';
import { Kind, operatorText } from './kinds.js';

export function lowerTypeExpression(c: Context, node: number): Expr {
  const start = c.startOf(node);
  const end = c.endOf(node);
  const parts = c.named(node);
  if (parts.length === 0 || c.isBroken(node)) return c.error(node);
  switch (c.kind(node)) {
    case Kind.Type:
      return lowerExpression(c, parts[0]);
    case Kind.GenericType:
      return {
        type: 'Subscript',
        start,
        end,
        value: lowerExpression(c, parts[0]),
        slice: lowerParameters(c, parts[1]),
      };
    case Kind.UnionType:
      return lowerUnion(c, node);
    case Kind.MemberType: {
      if (parts.length < 2) return c.error(node);
      const attr = identifierText(c, parts[1]);
      return {
        type: 'Attribute',
        start,
        end,
        value: lowerExpression(c, parts[0]),
        attr,
        attrStart: c.startOf(parts[1]),
      };
    }
    case Kind.SplatType:
      return { type: 'Starred', start, end, value: lowerExpression(c, parts[0]) };
    default:
      // A constrained type parameter (`T: int`): its bound does not change what runs.
      return lowerExpression(c, parts[0]);
  }
}

/** `[A, B]` after a generic name: one type, or a tuple of them. */
function lowerParameters(c: Context, node: number): Expr {
  const types = c.named(node).map((part) => lowerArgument(c, part));
  const hasComma = c.find(node, Kind.TokenComma) >= 0;
  if (types.length === 1 && !hasComma && types[0].type !== 'Starred') return types[0];
  if (types.length === 0) return c.error(node);
  const end = c.endThroughComma(c.named(node).at(-1) as number);
  return { type: 'Tuple', start: types[0].start, end, elts: types };
}

/** `A | B | C`: the grammar nests to the right, Python to the left. */
function lowerUnion(c: Context, node: number): Expr {
  const members: number[] = [];
  const collect = (part: number) => {
    const inner = c.kind(part) === Kind.Type ? (c.named(part)[0] ?? part) : part;
    const isUnion = c.kind(inner) === Kind.UnionType || isBar(c, inner);
    if (isUnion && !c.isBroken(inner)) for (const member of c.named(inner)) collect(member);
    else members.push(part);
  };
  for (const part of c.named(node)) collect(part);
  const [first, ...rest] = members;
  const start = c.startOf(node);
  let left = lowerExpression(c, first);
  for (const part of rest) {
    left = { type: 'BinOp', start, end: c.endOf(part), left, op: '|', right: lowerExpression(c, part) };
  }
  return left;
}

/** `A | B` where the grammar saw an expression. */
function isBar(c: Context, node: number): boolean {
  return c.kind(node) === Kind.BinaryOperator && operatorText(c.kind(c.next(node + 1))) === '|';
}

/** One argument of a generic. `X[A: B]` is a slice there, though the grammar sees a type parameter with a bound. */
function lowerArgument(c: Context, node: number): Expr {
  const inner = c.kind(node) === Kind.Type ? (c.named(node)[0] ?? node) : node;
  if (c.kind(inner) !== Kind.ConstrainedType || c.isBroken(inner)) return lowerExpression(c, node);
  const [lower, upper] = c.named(inner).map((part) => lowerExpression(c, part));
  return { type: 'Slice', start: c.startOf(inner), end: c.endOf(inner), lower, upper: upper ?? null, step: null };
}
