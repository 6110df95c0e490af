/** `match` statements: each subject lives in a hidden variable, so a failing pattern leaves the stack as it was. */
import type { Match, NodeBase, Pattern } from '../syntax/ast.js';
import { Op } from './bytecode.js';
import { type Emitter, Label } from './compileBase.js';
import { compareOperators, expr } from './compileExpr.js';
import { block } from './compileStmt.js';

let counter = 0;

function hidden(c: Emitter): string {
  const name = `.match${counter++}`;
  if (c.scope.kind !== 'module' && c.scope.kind !== 'class') c.scope.bound.add(name);
  return name;
}

export function match(c: Emitter, s: Match): void {
  const subject = hidden(c);
  expr(c, s.subject);
  c.store(subject);
  const end = new Label();
  for (const k of s.cases) {
    const fail = new Label();
    pattern(c, k.pattern, subject, fail);
    if (k.guard !== null) {
      expr(c, k.guard);
      c.jump(Op.POP_JUMP_IF_FALSE, fail);
    }
    block(c, k.body);
    c.jump(Op.JUMP, end);
    c.here(fail);
  }
  c.here(end);
}

function failUnless(c: Emitter, fail: Label): void {
  c.jump(Op.POP_JUMP_IF_FALSE, fail);
}

function compareWith(c: Emitter, op: '==' | 'is' | 'is not' | '>='): void {
  c.op(Op.COMPARE, compareOperators.indexOf(op));
}

/** Binds element `index` of the sequence in variable `from` to a new hidden variable. */
function element(c: Emitter, from: string, index: number): string {
  const name = hidden(c);
  c.load(from);
  c.op(Op.LOAD_CONST, c.constant(index));
  c.op(Op.SUBSCR);
  c.store(name);
  return name;
}

function pattern(c: Emitter, p: Pattern, subject: string, fail: Label): void {
  c.mark(p as NodeBase);
  switch (p.type) {
    case 'MatchValue':
      c.load(subject);
      expr(c, p.value);
      compareWith(c, '==');
      failUnless(c, fail);
      return;
    case 'MatchSingleton':
      c.load(subject);
      c.op(Op.LOAD_CONST, c.constant(p.value));
      compareWith(c, 'is');
      failUnless(c, fail);
      return;
    case 'MatchAs':
      if (p.pattern !== null) pattern(c, p.pattern, subject, fail);
      if (p.name !== null) {
        c.load(subject);
        c.store(p.name);
      }
      return;
    case 'MatchOr': {
      const matched = new Label();
      p.patterns.forEach((alternative, i) => {
        if (i === p.patterns.length - 1) {
          pattern(c, alternative, subject, fail);
          return;
        }
        const next = new Label();
        pattern(c, alternative, subject, next);
        c.jump(Op.JUMP, matched);
        c.here(next);
      });
      c.here(matched);
      return;
    }
    case 'MatchSequence': {
      c.load(subject);
      c.op(Op.MATCH_SEQUENCE);
      failUnless(c, fail);
      const star = p.patterns.findIndex((q) => q.type === 'MatchStar');
      c.load(subject);
      c.op(Op.GET_LEN);
      c.op(Op.LOAD_CONST, c.constant(star < 0 ? p.patterns.length : p.patterns.length - 1));
      compareWith(c, star < 0 ? '==' : '>=');
      failUnless(c, fail);
      p.patterns.forEach((q, i) => {
        if (q.type === 'MatchStar') {
          if (q.name === null) return;
          c.op(Op.BUILD_LIST, 0);
          c.load(subject);
          c.op(Op.LOAD_CONST, c.constant(i));
          const after = p.patterns.length - i - 1;
          c.op(Op.LOAD_CONST, c.constant(after === 0 ? null : -after));
          c.op(Op.LOAD_CONST, c.constant(null));
          c.op(Op.BUILD_SLICE, 3);
          c.op(Op.SUBSCR);
          c.op(Op.LIST_EXTEND, 1);
          c.store(q.name);
          return;
        }
        pattern(c, q, element(c, subject, star >= 0 && i > star ? i - p.patterns.length : i), fail);
      });
      return;
    }
    case 'MatchMapping': {
      c.load(subject);
      c.op(Op.MATCH_MAPPING);
      failUnless(c, fail);
      c.load(subject);
      for (const k of p.keys) expr(c, k);
      c.op(Op.BUILD_TUPLE, p.keys.length);
      c.op(Op.MATCH_KEYS);
      unpackMatched(c, p.patterns, fail);
      if (p.rest !== null) {
        c.load(subject);
        for (const k of p.keys) expr(c, k);
        c.op(Op.BUILD_TUPLE, p.keys.length);
        c.op(Op.MATCH_REST);
        c.store(p.rest);
      }
      return;
    }
    case 'MatchClass':
      c.load(subject);
      expr(c, p.cls);
      c.op(Op.MATCH_CLASS, c.extra({ positional: p.patterns.length, names: p.kwdAttrs }));
      unpackMatched(c, [...p.patterns, ...p.kwdPatterns], fail);
      return;
    default:
      return;
  }
}

/** The stack holds a tuple of matched values, or None when the pattern failed. */
function unpackMatched(c: Emitter, patterns: readonly Pattern[], fail: Label): void {
  const values = hidden(c);
  c.store(values);
  c.load(values);
  c.op(Op.LOAD_CONST, c.constant(null));
  compareWith(c, 'is not');
  failUnless(c, fail);
  patterns.forEach((q, i) => {
    pattern(c, q, element(c, values, i), fail);
  });
}
