/** Patterns of `match` (PEP 634): from grammar nodes to CPython's pattern types. */
import type { Expr, Pattern } from '../ast.js';
import { type Context, maxDepth } from './context.js';
import { identifierText, lowerDottedName, lowerExpression } from './expressions.js';
import { Kind, operatorText } from './kinds.js';

/** A pattern that did not parse: it can match nothing that is known. */
function broken(c: Context, node: number): Pattern {
  return { type: 'MatchValue', start: c.startOf(node), end: c.endOf(node), value: c.error(node) };
}

export function lowerPattern(c: Context, node: number): Pattern {
  if (c.depth >= maxDepth) return broken(c, node);
  c.depth++;
  const pattern = lower(c, node);
  c.depth--;
  return pattern;
}

function lower(c: Context, node: number): Pattern {
  const start = c.startOf(node);
  const end = c.endOf(node);
  if (c.isBroken(node)) return broken(c, node);
  const parts = c.named(node);
  switch (c.kind(node)) {
    case Kind.CasePattern:
      return lowerCasePattern(c, node);
    case Kind.TokenUnderscore:
      return { type: 'MatchAs', start, end, pattern: null, name: null };
    case Kind.None:
      return { type: 'MatchSingleton', start, end, value: null };
    case Kind.True:
    case Kind.False:
      return { type: 'MatchSingleton', start, end, value: c.kind(node) === Kind.True };
    case Kind.DottedName: {
      if (parts.length > 1) return { type: 'MatchValue', start, end, value: lowerDottedName(c, node) };
      const name = identifierText(c, node);
      return { type: 'MatchAs', start, end, pattern: null, name: name === '_' ? null : name };
    }
    case Kind.Identifier:
      return { type: 'MatchAs', start, end, pattern: null, name: identifierText(c, node) };
    case Kind.Integer:
    case Kind.Float:
    case Kind.String:
    case Kind.ConcatenatedString:
      return { type: 'MatchValue', start, end, value: lowerExpression(c, node) };
    case Kind.ComplexPattern:
      return { type: 'MatchValue', start, end, value: lowerComplex(c, node) };
    case Kind.ListPattern:
      return { type: 'MatchSequence', start, end, patterns: parts.map((part) => lowerPattern(c, part)) };
    case Kind.TuplePattern:
      if (parts.length === 1 && c.find(node, Kind.TokenComma) < 0 && !isSplat(c, parts[0]))
        return lowerPattern(c, parts[0]);
      return { type: 'MatchSequence', start, end, patterns: parts.map((part) => lowerPattern(c, part)) };
    case Kind.UnionPattern:
      return lowerUnion(c, node);
    case Kind.AsPattern:
      return {
        type: 'MatchAs',
        start,
        end,
        pattern: lowerPattern(c, parts[0]),
        name: identifierText(c, parts[parts.length - 1]),
      };
    case Kind.SplatPattern:
      return { type: 'MatchStar', start, end, name: parts.length > 0 ? identifierText(c, parts[0]) : null };
    case Kind.DictPattern:
      return lowerMapping(c, node);
    case Kind.ClassPattern:
      return lowerClass(c, node);
    default:
      return broken(c, node);
  }
}

function isSplat(c: Context, node: number): boolean {
  return (
    c.kind(node) === Kind.SplatPattern || (c.kind(node) === Kind.CasePattern && c.kind(node + 1) === Kind.SplatPattern)
  );
}

/** A wrapper around one pattern, `_`, or a signed number (whose sign is a token of its own). */
function lowerCasePattern(c: Context, node: number): Pattern {
  const first = node + 1;
  const [inner] = c.named(node);
  if (inner === undefined) {
    return { type: 'MatchAs', start: c.startOf(node), end: c.endOf(node), pattern: null, name: null };
  }
  if (first !== inner) {
    const value = negated(c, c.startOf(node), inner);
    return { type: 'MatchValue', start: c.startOf(node), end: c.endOf(node), value };
  }
  return lowerPattern(c, inner);
}

function negated(c: Context, start: number, number: number): Expr {
  return { type: 'UnaryOp', start, end: c.endOf(number), op: '-', operand: lowerExpression(c, number) };
}

/** `-1 + 2j`. */
function lowerComplex(c: Context, node: number): Expr {
  const { next } = c.flat;
  const start = c.startOf(node);
  let negative = false;
  let left: Expr | null = null;
  let op: '+' | '-' = '+';
  for (let child = node + 1; child < next[node]; child = next[child]) {
    const operator = operatorText(c.kind(child));
    if (operator !== null && left === null) negative = operator === '-';
    else if (operator !== null) op = operator as '+' | '-';
    else if (left === null) left = negative ? negated(c, start, child) : lowerExpression(c, child);
    else return { type: 'BinOp', start, end: c.endOf(node), left, op, right: lowerExpression(c, child) };
  }
  return left ?? c.error(node);
}

/** Alternatives; a sign and an underscore are tokens, so they are looked at one by one. */
function lowerUnion(c: Context, node: number): Pattern {
  const { next } = c.flat;
  const patterns: Pattern[] = [];
  let sign = -1;
  for (let child = node + 1; child < next[node]; child = next[child]) {
    const kind = c.kind(child);
    const operator = operatorText(kind);
    if (operator === '-') sign = patterns.length === 0 ? c.startOf(node) : signBefore(c, next[child]);
    else if (kind === Kind.TokenUnderscore) {
      const at = c.endOf(node) - 1;
      patterns.push({ type: 'MatchAs', start: at, end: at + 1, pattern: null, name: null });
    } else if (kind !== Kind.Token && kind < Kind.TokenAs) {
      if (sign < 0) patterns.push(lowerPattern(c, child));
      else patterns.push({ type: 'MatchValue', start: sign, end: c.endOf(child), value: negated(c, sign, child) });
      sign = -1;
    }
  }
  return { type: 'MatchOr', start: c.startOf(node), end: c.endOf(node), patterns };
}

/** Relative offset of the `-` that precedes a number. */
function signBefore(c: Context, number: number): number {
  return c.text.lastIndexOf('-', c.flat.start[number]) - c.base;
}

function lowerMapping(c: Context, node: number): Pattern {
  const { next } = c.flat;
  const keys: Expr[] = [];
  const patterns: Pattern[] = [];
  let rest: string | null = null;
  let sign = false;
  let expectsKey = true;
  for (let child = node + 1; child < next[node]; child = next[child]) {
    const kind = c.kind(child);
    if (kind === Kind.TokenColon) expectsKey = false;
    else if (kind === Kind.TokenComma) expectsKey = true;
    else if (operatorText(kind) === '-') sign = true;
    else if (kind === Kind.SplatPattern) rest = identifierText(c, c.named(child)[0] ?? child);
    else if (kind === Kind.Token || kind >= Kind.TokenAs) continue;
    else if (!expectsKey) patterns.push(lowerPattern(c, child));
    else {
      keys.push(sign ? negated(c, signBefore(c, child), child) : mappingKey(c, child));
      sign = false;
    }
  }
  return { type: 'MatchMapping', start: c.startOf(node), end: c.endOf(node), keys, patterns, rest };
}

function mappingKey(c: Context, node: number): Expr {
  return c.kind(node) === Kind.ComplexPattern ? lowerComplex(c, node) : lowerExpression(c, node);
}

/** The pattern inside a `case_pattern`, or the node itself. */
function unwrapped(c: Context, node: number): number {
  return c.kind(node) === Kind.CasePattern ? (c.named(node)[0] ?? node) : node;
}

function lowerClass(c: Context, node: number): Pattern {
  const [cls, ...args] = c.named(node);
  const patterns: Pattern[] = [];
  const kwdAttrs: string[] = [];
  const kwdPatterns: Pattern[] = [];
  for (const arg of args) {
    const inner = unwrapped(c, arg);
    // The grammar reads `A(x=p as q)` as `A((x=p) as q)`.
    const captured = c.kind(inner) === Kind.AsPattern ? c.named(inner) : [];
    const keyword = captured.length === 2 ? unwrapped(c, captured[0]) : inner;
    if (c.kind(keyword) !== Kind.KeywordPattern) {
      patterns.push(lowerPattern(c, arg));
      continue;
    }
    kwdAttrs.push(identifierText(c, keyword + 1));
    const value = lowerKeywordValue(c, keyword);
    if (keyword === inner) kwdPatterns.push(value);
    else {
      const name = identifierText(c, captured[1]);
      kwdPatterns.push({ type: 'MatchAs', start: value.start, end: c.endOf(inner), pattern: value, name });
    }
  }
  const value = lowerDottedName(c, cls);
  return {
    type: 'MatchClass',
    start: c.startOf(node),
    end: c.endOf(node),
    cls: value,
    patterns,
    kwdAttrs,
    kwdPatterns,
  };
}

/** What follows `name=` in a class pattern; a sign or an underscore there is a bare token. */
function lowerKeywordValue(c: Context, node: number): Pattern {
  const [, value] = c.named(node);
  const end = c.endOf(node);
  if (value === undefined) return { type: 'MatchAs', start: end - 1, end, pattern: null, name: null };
  const equal = c.find(node, Kind.TokenEqual);
  if (equal < 0 || c.next(equal) === value) return lowerPattern(c, value);
  const start = signBefore(c, value);
  return { type: 'MatchValue', start, end, value: negated(c, start, value) };
}
