/** Expressions: from grammar nodes to the AST's expression types. */
import type { BinaryOperator, CompareOperator, Expr, Keyword } from '../ast.js';
import { lowerGenerators } from './comprehensions.js';
import { type Context, maxDepth } from './context.js';
import { Kind, operatorText } from './kinds.js';
import { lowerNumber, lowerString } from './literals.js';
import { lowerParameters } from './parameters.js';
import { isAndXor, lowerAndXor, regroup } from './precedence.js';
import { lowerTypeExpression } from './types.js';

export function lowerExpression(c: Context, node: number): Expr {
  if (c.flat.missing.has(node)) return c.error(node, 'An expression is missing here.');
  if (c.depth >= maxDepth) {
    c.report(c.flat.start[node], c.flat.end[node], `Nested more than ${maxDepth} levels deep: not analysed.`);
    return c.error(node, `Nested more than ${maxDepth} levels deep.`);
  }
  c.depth++;
  const result = lower(c, node);
  c.depth--;
  return regroup(result);
}

function lower(c: Context, node: number): Expr {
  const kind = c.kind(node);
  const start = c.startOf(node);
  const end = c.endOf(node);
  switch (kind) {
    case Kind.Identifier:
      return { type: 'Name', start, end, id: identifierText(c, node) };
    case Kind.Integer:
    case Kind.Float:
      return lowerNumber(c, node);
    case Kind.True:
      return { type: 'Constant', start, end, kind: 'bool', value: true };
    case Kind.False:
      return { type: 'Constant', start, end, kind: 'bool', value: false };
    case Kind.None:
      return { type: 'Constant', start, end, kind: 'none', value: null };
    case Kind.Ellipsis:
      return { type: 'Constant', start, end, kind: 'ellipsis', value: null };
    case Kind.List:
    case Kind.ListPattern:
      return { type: 'List', start, end, elts: elements(c, node) };
    case Kind.Set:
      return { type: 'Set', start, end, elts: elements(c, node) };
    case Kind.Tuple:
    case Kind.ExpressionList:
    case Kind.PatternList:
      return { type: 'Tuple', start, end, elts: elements(c, node) };
    case Kind.TuplePattern:
      return lowerTuplePattern(c, node);
    case Kind.ArgumentList:
      return c.error(node);
    case Kind.DottedName:
      return lowerDottedName(c, node);
    case Kind.Type:
    case Kind.GenericType:
    case Kind.UnionType:
    case Kind.MemberType:
    case Kind.SplatType:
    case Kind.ConstrainedType:
      return lowerTypeExpression(c, node);
    default:
  }
  // Everything below has a fixed shape: with a hole in it, what it means is not known.
  if (kind !== Kind.Call && kind !== Kind.Dictionary && kind !== Kind.Subscript && c.isBroken(node))
    return c.error(node);
  switch (kind) {
    case Kind.String:
    case Kind.ConcatenatedString:
      return lowerString(c, node);
    case Kind.Attribute:
      return lowerAttribute(c, node);
    case Kind.Call:
      return lowerCall(c, node);
    case Kind.Subscript:
      return lowerSubscript(c, node);
    case Kind.Slice:
      return lowerSlice(c, node);
    case Kind.BinaryOperator:
      return isAndXor(c, node) ? lowerAndXor(c, node, (part) => lowerExpression(c, part)) : lowerBinary(c, node);
    case Kind.UnaryOperator:
    case Kind.NotOperator: {
      const op = operatorText(c.kind(node + 1)) as '-' | '+' | '~' | 'not';
      return { type: 'UnaryOp', start, end, op, operand: only(c, node) };
    }
    case Kind.BooleanOperator:
      return lowerBoolean(c, node);
    case Kind.ComparisonOperator:
      return lowerComparison(c, node);
    case Kind.ConditionalExpression: {
      const [body, test, orelse] = c.named(node);
      if (orelse === undefined) return c.error(node);
      return {
        type: 'IfExp',
        start,
        end,
        test: lowerExpression(c, test),
        body: lowerExpression(c, body),
        orelse: lowerExpression(c, orelse),
      };
    }
    case Kind.ParenthesizedExpression:
    case Kind.ParenthesizedListSplat:
    case Kind.AsPatternTarget:
      return only(c, node);
    case Kind.AsPattern:
      // of a with item, which takes the target
      return c.isCut(node) ? only(c, node) : c.error(node);
    case Kind.Dictionary:
      return lowerDictionary(c, node);
    case Kind.ListComprehension:
    case Kind.SetComprehension:
    case Kind.GeneratorExpression: {
      const type =
        kind === Kind.ListComprehension ? 'ListComp' : kind === Kind.SetComprehension ? 'SetComp' : 'GeneratorExp';
      const [body] = c.named(node);
      if (body === undefined) return c.error(node);
      return { type, start, end, elt: lowerExpression(c, body), generators: lowerGenerators(c, node) };
    }
    case Kind.DictionaryComprehension: {
      const [pair] = c.named(node);
      if (pair === undefined || c.kind(pair) !== Kind.Pair || c.isBroken(pair)) return c.error(node);
      const [key, value] = c.named(pair).map((part) => lowerExpression(c, part));
      return { type: 'DictComp', start, end, key, value, generators: lowerGenerators(c, node) };
    }
    case Kind.ListSplat:
    case Kind.ListSplatPattern:
      return { type: 'Starred', start, end, value: only(c, node) };
    case Kind.Lambda: {
      const parts = c.named(node);
      const body = parts.at(-1);
      if (body === undefined) return c.error(node);
      const parameters = parts.length > 1 ? parts[0] : -1;
      return { type: 'Lambda', start, end, args: lowerParameters(c, parameters), body: lowerExpression(c, body) };
    }
    case Kind.NamedExpression: {
      const [target, value] = c.named(node).map((part) => lowerExpression(c, part));
      if (target?.type !== 'Name' || value === undefined) return c.error(node);
      return { type: 'NamedExpr', start, end, target, value };
    }
    case Kind.Yield: {
      const [value] = c.named(node);
      if (c.find(node, Kind.TokenFrom) >= 0) return { type: 'YieldFrom', start, end, value: only(c, node) };
      return { type: 'Yield', start, end, value: value === undefined ? null : lowerExpression(c, value) };
    }
    case Kind.Await:
      return lowerAwait(c, node);
    default:
      return c.error(node);
  }
}

/** An identifier as Python sees it: NFKC-normalised (Python reference, "Identifiers and keywords"). */
export function identifierText(c: Context, node: number): string {
  const text = c.source(node);
  return /^[\x00-\x7f]*$/.test(text) ? text : text.normalize('NFKC');
}

function only(c: Context, node: number): Expr {
  const [child] = c.named(node);
  return child === undefined ? c.error(node) : lowerExpression(c, child);
}

/** Elements of a list-like node; a part that did not parse stays in its place as an Error node. */
export function elements(c: Context, node: number): Expr[] {
  return c.named(node).map((child) => lowerExpression(c, child));
}

function lowerTuplePattern(c: Context, node: number): Expr {
  const parts = c.named(node);
  if (parts.length === 1 && c.find(node, Kind.TokenComma) < 0) return lowerExpression(c, parts[0]);
  return { type: 'Tuple', start: c.startOf(node), end: c.endOf(node), elts: elements(c, node) };
}

/** `a.b.c` in decorators and patterns. */
export function lowerDottedName(c: Context, node: number): Expr {
  const start = c.startOf(node);
  let value: Expr | null = null;
  for (const part of c.named(node)) {
    const end = c.endOf(part);
    if (c.kind(part) !== Kind.Identifier) return c.error(node);
    const id = identifierText(c, part);
    value =
      value === null
        ? { type: 'Name', start, end, id }
        : { type: 'Attribute', start, end, value, attr: id, attrStart: c.startOf(part) };
  }
  return value ?? c.error(node);
}

function lowerAttribute(c: Context, node: number): Expr {
  const [object, name] = c.named(node);
  if (name === undefined) return c.error(node);
  return {
    type: 'Attribute',
    start: c.startOf(node),
    end: c.endOf(node),
    value: lowerExpression(c, object),
    attr: identifierText(c, name),
    attrStart: c.startOf(name),
  };
}

function lowerCall(c: Context, node: number): Expr {
  const start = c.startOf(node);
  const end = c.endOf(node);
  const [func, args, ...rest] = c.named(node);
  if (func === undefined || c.kind(func) === Kind.Error || rest.length > 0) return c.error(node);
  const callee = lowerExpression(c, func);
  if (args !== undefined && c.kind(args) === Kind.GeneratorExpression) {
    return { type: 'Call', start, end, func: callee, args: [lowerExpression(c, args)], keywords: [] };
  }
  if (args === undefined || c.kind(args) !== Kind.ArgumentList) return c.error(node);
  const lowered = lowerArguments(c, args);
  return { type: 'Call', start, end, func: callee, args: lowered.args, keywords: lowered.keywords };
}

/** Call arguments and class bases. */
export function lowerArguments(c: Context, node: number): { args: Expr[]; keywords: Keyword[] } {
  const args: Expr[] = [];
  const keywords: Keyword[] = [];
  const { next } = c.flat;
  for (let child = node + 1; child < next[node]; child = next[child]) {
    const kind = c.kind(child);
    if (kind === Kind.Token || kind >= Kind.TokenAs) continue;
    const start = c.startOf(child);
    const end = c.endOf(child);
    if (kind === Kind.DictionarySplat) {
      keywords.push({ start, end, arg: null, value: only(c, child) });
    } else if (kind === Kind.KeywordArgument && !c.isBroken(child)) {
      const [name, value] = c.named(child);
      const lowered = value === undefined ? c.error(child) : lowerExpression(c, value);
      keywords.push({ start, end, arg: identifierText(c, name), value: lowered });
    } else {
      args.push(lowerExpression(c, child));
    }
  }
  return { args, keywords };
}

function lowerSubscript(c: Context, node: number): Expr {
  const { next } = c.flat;
  const parts = c.named(node);
  const value = parts[0];
  if (parts.length < 2 || c.kind(value) === Kind.Error) return c.error(node);
  let commas = 0;
  let stop = 0;
  for (let child = next[value]; child < next[node]; child = next[child]) {
    const isComma = c.kind(child) === Kind.TokenComma;
    if (isComma) commas++;
    else if (c.kind(child) !== Kind.Token) stop = c.flat.end[child];
    if (isComma) stop = c.text.indexOf(',', stop) + 1;
  }
  const slices = parts.slice(1).map((part) => lowerExpression(c, part));
  const first = slices[0];
  const single = slices.length === 1 && commas === 0 && first.type !== 'Starred';
  return {
    type: 'Subscript',
    start: c.startOf(node),
    end: c.endOf(node),
    value: lowerExpression(c, value),
    slice: single ? first : { type: 'Tuple', start: first.start, end: stop - c.base, elts: slices },
  };
}

function lowerSlice(c: Context, node: number): Expr {
  const { next } = c.flat;
  const bounds: (Expr | null)[] = [null, null, null];
  let at = 0;
  for (let child = node + 1; child < next[node]; child = next[child]) {
    if (c.kind(child) === Kind.TokenColon) at++;
    else if (at < 3) bounds[at] = lowerExpression(c, child);
  }
  const [lower, upper, step] = bounds;
  return { type: 'Slice', start: c.startOf(node), end: c.endOf(node), lower, upper, step };
}

/** The grammar reads `await a ** 2` as `await (a ** 2)`; Python awaits `a` (reference, "Operator precedence"). */
function lowerAwait(c: Context, node: number): Expr {
  const start = c.startOf(node);
  const [child] = c.named(node);
  const value = only(c, node);
  if (child === undefined || c.kind(child) !== Kind.BinaryOperator || value.type !== 'BinOp') {
    return { type: 'Await', start, end: c.endOf(node), value };
  }
  return { ...value, start, left: { type: 'Await', start, end: value.left.end, value: value.left } };
}

/** Left-leaning chains (`a + b + c + …`) are walked in a loop, not by recursion. */
function lowerBinary(c: Context, node: number): Expr {
  const chain: number[] = [];
  let leftmost = node;
  while (
    c.kind(leftmost) === Kind.BinaryOperator &&
    !isAndXor(c, leftmost) &&
    chain.length + c.depth < maxDepth &&
    !c.isBroken(leftmost)
  ) {
    chain.push(leftmost);
    leftmost++;
  }
  c.depth += chain.length;
  let left = lowerExpression(c, leftmost);
  c.depth -= chain.length;
  for (const level of chain.reverse()) {
    const operator = c.next(level + 1);
    const right = lowerExpression(c, c.next(operator));
    const op = operatorText(c.kind(operator)) as BinaryOperator;
    left = { type: 'BinOp', start: c.startOf(level), end: c.endOf(level), left, op, right };
  }
  return left;
}

function lowerBoolean(c: Context, node: number): Expr {
  const operator = c.kind(c.next(node + 1));
  const values: number[] = [];
  let at = node;
  while (c.kind(at) === Kind.BooleanOperator && c.kind(c.next(at + 1)) === operator && !c.isBroken(at)) {
    values.push(c.next(c.next(at + 1)));
    at++;
  }
  values.push(at);
  return {
    type: 'BoolOp',
    start: c.startOf(node),
    end: c.endOf(node),
    op: operatorText(operator) as 'and' | 'or',
    values: values.reverse().map((value) => lowerExpression(c, value)),
  };
}

function lowerComparison(c: Context, node: number): Expr {
  const { next } = c.flat;
  const ops: CompareOperator[] = [];
  const operands: Expr[] = [];
  for (let child = node + 1; child < next[node]; child = next[child]) {
    const op = operatorText(c.kind(child));
    if (op !== null) ops.push((op === '<>' ? '!=' : op) as CompareOperator);
    else operands.push(lowerExpression(c, child));
  }
  const [left, ...comparators] = operands;
  return { type: 'Compare', start: c.startOf(node), end: c.endOf(node), left, ops, comparators };
}

function lowerDictionary(c: Context, node: number): Expr {
  const keys: (Expr | null)[] = [];
  const values: Expr[] = [];
  for (const part of c.named(node)) {
    const kind = c.kind(part);
    if (kind === Kind.Pair && !c.isBroken(part)) {
      const [key, value] = c.named(part);
      keys.push(lowerExpression(c, key));
      values.push(lowerExpression(c, value));
    } else {
      keys.push(null);
      values.push(kind === Kind.DictionarySplat ? only(c, part) : c.error(part));
    }
  }
  return { type: 'Dict', start: c.startOf(node), end: c.endOf(node), keys, values };
}
