/**
 * Compound statements. As in CPython, a decorated definition starts at its `def` or
 * `class`, not at the first decorator. A header that did not parse leaves an Error node
 * in its place, so that the body is still known and running it is a coverage gap.
 */
import type { ExceptHandler, Expr, MatchCase, Pattern, Stmt, WithItem } from '../ast.js';
import type { Context } from './context.js';
import { identifierText, lowerArguments, lowerExpression } from './expressions.js';
import { Kind } from './kinds.js';
import { lowerParameters } from './parameters.js';
import { lowerPattern } from './patterns.js';
import { lowerBody, lowerRun, statementRuns } from './statements.js';

export function isCompound(kind: Kind): boolean {
  switch (kind) {
    case Kind.ClassDefinition:
    case Kind.DecoratedDefinition:
    case Kind.ForStatement:
    case Kind.FunctionDefinition:
    case Kind.IfStatement:
    case Kind.MatchStatement:
    case Kind.TryStatement:
    case Kind.WhileStatement:
    case Kind.WithStatement:
      return true;
    default:
      return false;
  }
}

export function lowerCompound(c: Context, node: number): Stmt {
  switch (c.kind(node)) {
    case Kind.FunctionDefinition:
      return lowerFunction(c, node, []);
    case Kind.ClassDefinition:
      return lowerClass(c, node, []);
    case Kind.DecoratedDefinition:
      return lowerDecorated(c, node);
    case Kind.IfStatement:
      return lowerIf(c, node);
    case Kind.ForStatement:
      return lowerFor(c, node);
    case Kind.WhileStatement:
      return {
        type: 'While',
        start: c.startOf(node),
        end: c.endOf(node),
        test: header(c, node, 0),
        body: block(c, node),
        orelse: clauseBody(c, c.find(node, Kind.ElseClause)),
      };
    case Kind.TryStatement:
      return lowerTry(c, node);
    case Kind.WithStatement:
      return lowerWith(c, node);
    case Kind.MatchStatement:
      return lowerMatch(c, node);
    default:
      return c.error(node);
  }
}

/** The statements of a node's block; empty while the block is still being typed. */
function block(c: Context, node: number): Stmt[] {
  const found = c.find(node, Kind.Block);
  return found < 0 ? [] : lowerBody(c, found);
}

/** The statements of a class; methods whose source is known from before keep their nodes. */
function classBody(c: Context, node: number): Stmt[] {
  const found = c.find(node, Kind.Block);
  if (found < 0) return [];
  const { members } = c;
  if (members === null) return lowerBody(c, found);
  return statementRuns(c, found).map(([first, last]) => {
    const kind = c.kind(first);
    const isMethod = kind === Kind.FunctionDefinition || kind === Kind.DecoratedDefinition;
    if (first !== last || !isMethod || !c.isSound(first)) return lowerRun(c, first, last);
    const source = c.source(first);
    const start = c.startOf(first);
    const known = members.take(source, start);
    if (known !== null) return known;
    const before = c.reports;
    const method = lowerRun(c, first, last);
    if (c.reports === before) members.keep(source, start, method);
    return method;
  });
}

function clauseBody(c: Context, clause: number): Stmt[] {
  return clause < 0 ? [] : block(c, clause);
}

/** Named children before the block. */
function headerParts(c: Context, node: number): number[] {
  const parts: number[] = [];
  for (const part of c.named(node)) {
    if (c.kind(part) === Kind.Block) break;
    parts.push(part);
  }
  return parts;
}

/** The header's expression at an index; an Error node when the header did not parse. */
function header(c: Context, node: number, index: number): Expr {
  const part = headerParts(c, node)[index];
  if (part === undefined || c.isBroken(node)) return headerError(c, node);
  return lowerExpression(c, part);
}

function headerError(c: Context, node: number): Expr {
  const body = c.find(node, Kind.Block);
  const end = body < 0 ? c.endOf(node) : Math.max(c.startOf(node), c.startOf(body));
  return { type: 'Error', start: c.startOf(node), end, message: 'This header did not parse.' };
}

function docstringOf(body: readonly Stmt[]): string | null {
  const first = body[0];
  if (first?.type !== 'Expr' || first.value.type !== 'Constant' || first.value.kind !== 'str') return null;
  return first.value.value as string;
}

function lowerDecorated(c: Context, node: number): Stmt {
  const decorators: Expr[] = [];
  for (const part of c.named(node)) {
    const kind = c.kind(part);
    if (kind === Kind.Decorator) {
      const [expression] = c.named(part);
      decorators.push(expression === undefined || c.isBroken(part) ? c.error(part) : lowerExpression(c, expression));
    } else if (kind === Kind.FunctionDefinition) return lowerFunction(c, part, decorators);
    else if (kind === Kind.ClassDefinition) return lowerClass(c, part, decorators);
  }
  return c.error(node);
}

function lowerFunction(c: Context, node: number, decorators: Expr[]): Stmt {
  const name = c.find(node, Kind.Identifier);
  const parameters = c.find(node, Kind.Parameters);
  const returns = c.find(node, Kind.Type);
  if (name < 0) return c.error(node);
  const body = block(c, node);
  const docstring = docstringOf(body);
  if (c.isBroken(node) || (parameters >= 0 && c.isBroken(parameters))) body.unshift(headerError(c, node) as Stmt);
  return {
    type: 'FunctionDef',
    start: c.startOf(node),
    end: c.endOf(node),
    name: identifierText(c, name),
    nameStart: c.startOf(name),
    args: lowerParameters(c, parameters),
    returns: returns < 0 ? null : lowerExpression(c, returns),
    decorators,
    body,
    isAsync: c.find(node, Kind.TokenAsync) >= 0,
    docstring,
  };
}

function lowerClass(c: Context, node: number, decorators: Expr[]): Stmt {
  const name = c.find(node, Kind.Identifier);
  const bases = c.find(node, Kind.ArgumentList);
  if (name < 0) return c.error(node);
  const body = classBody(c, node);
  const docstring = docstringOf(body);
  if (c.isBroken(node)) body.unshift(headerError(c, node) as Stmt);
  const args = bases < 0 ? { args: [], keywords: [] } : lowerArguments(c, bases);
  return {
    type: 'ClassDef',
    start: c.startOf(node),
    end: c.endOf(node),
    name: identifierText(c, name),
    nameStart: c.startOf(name),
    bases: args.args,
    keywords: args.keywords,
    decorators,
    body,
    docstring,
  };
}

/** `elif` becomes an `If` alone in `orelse`; built from the last clause so that long chains do not recurse. */
function lowerIf(c: Context, node: number): Stmt {
  const end = c.endOf(node);
  const clauses = c.named(node).filter((part) => c.kind(part) === Kind.ElifClause);
  const otherwise = c.find(node, Kind.ElseClause);
  let orelse = clauseBody(c, otherwise);
  for (const clause of clauses.reverse()) {
    orelse = [
      { type: 'If', start: c.startOf(clause), end, test: header(c, clause, 0), body: block(c, clause), orelse },
    ];
  }
  return { type: 'If', start: c.startOf(node), end, test: header(c, node, 0), body: block(c, node), orelse };
}

function lowerFor(c: Context, node: number): Stmt {
  return {
    type: 'For',
    start: c.startOf(node),
    end: c.endOf(node),
    target: header(c, node, 0),
    iter: header(c, node, 1),
    body: block(c, node),
    orelse: clauseBody(c, c.find(node, Kind.ElseClause)),
    isAsync: c.find(node, Kind.TokenAsync) >= 0,
  };
}

function lowerTry(c: Context, node: number): Stmt {
  const handlers: ExceptHandler[] = [];
  let isStar = false;
  for (const part of c.named(node)) {
    if (c.kind(part) !== Kind.ExceptClause) continue;
    handlers.push(lowerHandler(c, part));
    // The star of `except*` is the clause's second token.
    if (/^except\s*\*/.test(c.source(part))) isStar = true;
  }
  return {
    type: 'Try',
    start: c.startOf(node),
    end: c.endOf(node),
    body: block(c, node),
    handlers,
    orelse: clauseBody(c, c.find(node, Kind.ElseClause)),
    finalbody: clauseBody(c, c.find(node, Kind.FinallyClause)),
    isStar,
  };
}

function lowerHandler(c: Context, node: number): ExceptHandler {
  return { start: c.startOf(node), end: c.endOf(node), ...caught(c, node), body: block(c, node) };
}

/** What an `except` clause catches, and the name it binds. */
function caught(c: Context, node: number): { exceptionType: Expr | null; name: string | null } {
  const values = headerParts(c, node);
  if (c.isBroken(node)) return { exceptionType: headerError(c, node), name: null };
  if (values.length === 0) return { exceptionType: null, name: null };
  const [value] = values;
  if (c.kind(value) === Kind.AsPattern) {
    const [type, target] = c.named(value);
    const name = target === undefined ? null : identifierText(c, c.named(target)[0] ?? target);
    return { exceptionType: lowerExpression(c, type), name };
  }
  if (values.length === 1) return { exceptionType: lowerExpression(c, value), name: null };
  const last = values[values.length - 1];
  if (c.find(node, Kind.TokenAs) >= 0) {
    return { exceptionType: lowerExpression(c, value), name: identifierText(c, last) };
  }
  // `except A, B:` without parentheses (PEP 758).
  const elts = values.map((part) => lowerExpression(c, part));
  return { exceptionType: { type: 'Tuple', start: c.startOf(value), end: c.endOf(last), elts }, name: null };
}

function lowerWith(c: Context, node: number): Stmt {
  const clause = c.find(node, Kind.WithClause);
  const items: WithItem[] = [];
  if (clause < 0 || c.isBroken(node) || c.isBroken(clause)) {
    items.push({ contextExpr: headerError(c, node), optionalVars: null });
  } else {
    for (const item of withItems(c, clause)) items.push(lowerWithItem(c, item));
  }
  return {
    type: 'With',
    start: c.startOf(node),
    end: c.endOf(node),
    items,
    body: block(c, node),
    isAsync: c.find(node, Kind.TokenAsync) >= 0,
  };
}

/** The items of a with clause. `with (a, b):` has two items, not one tuple (reference, "The with statement"). */
function withItems(c: Context, clause: number): number[] {
  const items = c.named(clause).map((item) => c.named(item)[0] ?? item);
  const [only] = items;
  const isTuple = items.length === 1 && c.kind(only) === Kind.Tuple && !c.isBroken(only);
  return isTuple ? c.named(only) : items;
}

/**
 * The grammar may put `as name` inside the parentheses' expression or inside its last
 * operand (`a if b else c as d`). Finds it, and cuts it off the nodes around it.
 */
function takeTarget(c: Context, node: number): number {
  const chain: number[] = [];
  let at = node;
  while (c.kind(at) !== Kind.AsPattern) {
    const last = c.named(at).at(-1);
    const passes =
      c.kind(at) === Kind.ConditionalExpression ||
      c.kind(at) === Kind.BooleanOperator ||
      (c.kind(at) === Kind.ParenthesizedExpression && chain.length === 0);
    if (last === undefined || !passes) return -1;
    chain.push(at);
    at = last;
  }
  const [context, target] = c.named(at);
  if (target === undefined || c.isBroken(at)) return -1;
  for (const outer of [...chain, at]) c.cut(outer, context);
  return target;
}

function lowerWithItem(c: Context, node: number): WithItem {
  const target = takeTarget(c, node);
  const contextExpr = lowerExpression(c, node);
  return { contextExpr, optionalVars: target < 0 ? null : lowerExpression(c, target) };
}

function lowerMatch(c: Context, node: number): Stmt {
  const subjects = headerParts(c, node);
  let subject: Expr = header(c, node, 0);
  const hasComma = c.find(node, Kind.TokenComma) >= 0;
  if (hasComma && subject.type !== 'Error') {
    const elts = subjects.map((part) => lowerExpression(c, part));
    const end = c.endThroughComma(subjects[subjects.length - 1]);
    subject = { type: 'Tuple', start: c.startOf(subjects[0]), end, elts };
  }
  const body = c.find(node, Kind.Block);
  const cases = body < 0 ? [] : c.named(body).filter((part) => c.kind(part) === Kind.CaseClause);
  return {
    type: 'Match',
    start: c.startOf(node),
    end: c.endOf(node),
    subject,
    cases: cases.map((part) => lowerCase(c, part)),
  };
}

function lowerCase(c: Context, node: number): MatchCase {
  const parts = headerParts(c, node);
  const patterns = parts.filter((part) => c.kind(part) === Kind.CasePattern);
  const guardClause = parts.find((part) => c.kind(part) === Kind.IfClause);
  const guard = guardClause === undefined ? null : header(c, guardClause, 0);
  const body = block(c, node);
  if (c.isBroken(node) || patterns.length === 0) {
    const value = headerError(c, node);
    return { pattern: { type: 'MatchValue', start: value.start, end: value.end, value }, guard, body };
  }
  const lowered = patterns.map((part) => lowerPattern(c, part));
  const isSequence = lowered.length > 1 || c.find(node, Kind.TokenComma) >= 0 || lowered[0].type === 'MatchStar';
  if (!isSequence) return { pattern: lowered[0], guard, body };
  const end = c.endThroughComma(patterns[patterns.length - 1]);
  const sequence: Pattern = { type: 'MatchSequence', start: lowered[0].start, end, patterns: lowered };
  return { pattern: sequence, guard, body };
}
