/**
 * Operators that the grammar binds otherwise than Python (reference, "Operator precedence").
 */
import type { Expr } from '../ast.js';
import type { Context } from './context.js';
import { Kind, operatorText } from './kinds.js';

/**
 * The grammar reads `*a[1:]` as `(*a)[1:]` and `x := a if b else c` as `(x := a) if b else c`.
 * A star or a walrus that an operator took as its first operand is put outside, as in CPython.
 */
export function regroup(node: Expr): Expr {
  switch (node.type) {
    case 'Attribute':
    case 'Subscript':
      return outside(node, node.value, (value) => ({ ...node, start: value.start, value }));
    case 'Call':
      return outside(node, node.func, (func) => ({ ...node, start: func.start, func }));
    case 'BinOp':
    case 'Compare':
      return outside(node, node.left, (left) => ({ ...node, start: left.start, left }));
    case 'BoolOp': {
      const [first, ...rest] = node.values;
      return outside(node, first, (value) => ({ ...node, start: value.start, values: [value, ...rest] }));
    }
    case 'IfExp':
      return outside(node, node.body, (body) => ({ ...node, start: body.start, body }));
    default:
      return node;
  }
}

/** An unparenthesised first operand begins where the whole expression does. */
function outside(node: Expr, first: Expr, rebuild: (operand: Expr) => Expr): Expr {
  if (first.start !== node.start) return node;
  if (first.type === 'Starred')
    return { type: 'Starred', start: node.start, end: node.end, value: rebuild(first.value) };
  if (first.type === 'NamedExpr') {
    return { type: 'NamedExpr', start: node.start, end: node.end, target: first.target, value: rebuild(first.value) };
  }
  return node;
}

/** Whether a node is `a & b` or `a ^ b`. */
export function isAndXor(c: Context, node: number): boolean {
  if (c.kind(node) !== Kind.BinaryOperator) return false;
  const op = operatorText(c.kind(c.next(node + 1)));
  return op === '&' || op === '^';
}

/** A chain of `&` and `^`, which the grammar ranks the wrong way round: `&` binds tighter. */
export function lowerAndXor(c: Context, node: number, lowerOperand: (node: number) => Expr): Expr {
  const operands: number[] = [];
  const ops: string[] = [];
  const collect = (part: number) => {
    if (!isAndXor(c, part) || c.isBroken(part) || operands.length > 200) {
      operands.push(part);
      return;
    }
    const operator = c.next(part + 1);
    collect(part + 1);
    ops.push(operatorText(c.kind(operator)) as string);
    collect(c.next(operator));
  };
  collect(node);
  const join = (left: Expr, op: '&' | '^', right: Expr, from: number, to: number): Expr => ({
    type: 'BinOp',
    start: c.startOf(operands[from]),
    end: c.endOf(operands[to]),
    left,
    op,
    right,
  });
  let result: Expr | null = null;
  for (let at = 0; at < operands.length; ) {
    const first = at;
    let group = lowerOperand(operands[at]);
    while (ops[at] === '&') {
      at++;
      group = join(group, '&', lowerOperand(operands[at]), first, at);
    }
    result = result === null ? group : join(result, '^', group, 0, at);
    at++;
  }
  return result as Expr;
}
