/** Expressions to instructions. Every expression leaves exactly one value on the stack. */
import type { Call, Comprehension, Dict, Expr, JoinedStr } from '../syntax/ast.js';
import { Op } from './bytecode.js';
import { Emitter, Label } from './compileBase.js';
import { compileFunction, emitFunction } from './compileFunction.js';
import { Ellipsis, PyBytes, PyComplex, PyFloat, PyTuple, type Value } from './values.js';

export const binaryOperators = ['+', '-', '*', '/', '//', '%', '**', '@', '<<', '>>', '&', '|', '^'] as const;
export const compareOperators = ['==', '!=', '<', '<=', '>', '>=', 'is', 'is not', 'in', 'not in'] as const;
export const unaryOperators = ['-', '+', '~'] as const;

export function constantValue(e: Expr & { type: 'Constant' }): Value {
  switch (e.kind) {
    case 'float':
      return new PyFloat(e.value as number);
    case 'imaginary':
      return new PyComplex(0, e.value as number);
    case 'bytes':
      return new PyBytes(e.value as string);
    case 'ellipsis':
      return Ellipsis;
    case 'none':
      return null;
    default:
      return e.value as Value;
  }
}

/** A literal tuple of literals, as one constant. */
function constantTuple(elts: readonly Expr[]): PyTuple | null {
  const items: Value[] = [];
  for (const e of elts) {
    if (e.type !== 'Constant') return null;
    items.push(constantValue(e));
  }
  return new PyTuple(items);
}

export function expr(c: Emitter, e: Expr): void {
  const before = c.mark(e);
  switch (e.type) {
    case 'Name':
      c.load(e.id);
      break;
    case 'Constant':
      c.op(Op.LOAD_CONST, c.constant(constantValue(e)));
      break;
    case 'Attribute':
      expr(c, e.value);
      c.op(Op.LOAD_ATTR, c.attr(e.attr));
      break;
    case 'Subscript':
      expr(c, e.value);
      expr(c, e.slice);
      c.op(Op.SUBSCR);
      break;
    case 'Slice':
      part(c, e.lower);
      part(c, e.upper);
      part(c, e.step);
      c.op(Op.BUILD_SLICE, 3);
      break;
    case 'Call':
      call(c, e);
      break;
    case 'BinOp':
      expr(c, e.left);
      expr(c, e.right);
      c.op(Op.BINARY, binaryOperators.indexOf(e.op));
      break;
    case 'UnaryOp':
      expr(c, e.operand);
      if (e.op === 'not') c.op(Op.NOT);
      else c.op(Op.UNARY, unaryOperators.indexOf(e.op));
      break;
    case 'BoolOp': {
      const end = new Label();
      const op = e.op === 'and' ? Op.JUMP_IF_FALSE_OR_POP : Op.JUMP_IF_TRUE_OR_POP;
      e.values.forEach((v, i) => {
        expr(c, v);
        if (i < e.values.length - 1) c.branch(c.jump(op, end), end);
      });
      c.here(end);
      break;
    }
    case 'Compare':
      compare(c, e);
      break;
    case 'IfExp': {
      const otherwise = new Label();
      const end = new Label();
      condition(c, e.test, otherwise, end);
      expr(c, e.body);
      c.jump(Op.JUMP, end);
      c.here(otherwise);
      expr(c, e.orelse);
      c.here(end);
      break;
    }
    case 'Lambda':
      emitFunction(c, e.args, null, () => compileFunction(c, e, '<lambda>'));
      break;
    case 'Tuple': {
      const constant = constantTuple(e.elts);
      if (constant !== null) c.op(Op.LOAD_CONST, c.constant(constant));
      else sequence(c, e.elts, Op.BUILD_TUPLE);
      break;
    }
    case 'List':
      sequence(c, e.elts, Op.BUILD_LIST);
      break;
    case 'Set':
      sequence(c, e.elts, Op.BUILD_SET);
      break;
    case 'Dict':
      dict(c, e);
      break;
    case 'ListComp':
      comprehension(c, e, '<listcomp>', e.generators, Op.BUILD_LIST, () => [[e.elt], Op.LIST_APPEND]);
      break;
    case 'SetComp':
      comprehension(c, e, '<setcomp>', e.generators, Op.BUILD_SET, () => [[e.elt], Op.SET_ADD]);
      break;
    case 'DictComp':
      comprehension(c, e, '<dictcomp>', e.generators, Op.BUILD_MAP, () => [[e.key, e.value], Op.MAP_ADD]);
      break;
    case 'GeneratorExp':
      comprehension(c, e, '<genexpr>', e.generators, null, () => [[e.elt], Op.YIELD]);
      break;
    case 'JoinedStr':
      joined(c, e);
      break;
    case 'FormattedValue':
      joined(c, { type: 'JoinedStr', values: [e], start: e.start, end: e.end });
      break;
    case 'Starred':
      // only reached in places where Python itself refuses a star
      expr(c, e.value);
      break;
    case 'NamedExpr':
      expr(c, e.value);
      c.op(Op.DUP);
      c.store(e.target.id);
      break;
    case 'Yield':
      if (e.value === null) c.op(Op.LOAD_CONST, c.constant(null));
      else expr(c, e.value);
      c.op(Op.YIELD);
      break;
    case 'YieldFrom':
      expr(c, e.value);
      c.op(Op.GET_ITER);
      c.op(Op.LOAD_CONST, c.constant(null));
      c.op(Op.YIELD_FROM);
      break;
    case 'Await':
      expr(c, e.value);
      c.op(Op.AWAIT);
      break;
    default:
      c.op(Op.GAP, c.constant(e.message));
  }
  c.mark(before);
}

function part(c: Emitter, e: Expr | null): void {
  if (e === null) c.op(Op.LOAD_CONST, c.constant(null));
  else expr(c, e);
}

/** Jumps to `otherwise` when `test` is false; `join` is where both outcomes meet. */
export function condition(c: Emitter, test: Expr, otherwise: Label, join: Label): void {
  if (test.type === 'UnaryOp' && test.op === 'not') {
    expr(c, test.operand);
    c.branch(c.jump(Op.POP_JUMP_IF_TRUE, otherwise), join);
    return;
  }
  expr(c, test);
  c.branch(c.jump(Op.POP_JUMP_IF_FALSE, otherwise), join);
}

/** Builds a tuple, list or set display, with stars. */
function sequence(c: Emitter, elts: readonly Expr[], build: Op.BUILD_TUPLE | Op.BUILD_LIST | Op.BUILD_SET): void {
  const firstStar = elts.findIndex((e) => e.type === 'Starred');
  if (firstStar < 0) {
    for (const e of elts) expr(c, e);
    c.op(build, elts.length);
    return;
  }
  for (const e of elts.slice(0, firstStar)) expr(c, e);
  c.op(build === Op.BUILD_SET ? Op.BUILD_SET : Op.BUILD_LIST, firstStar);
  for (const e of elts.slice(firstStar)) {
    if (e.type === 'Starred') {
      expr(c, e.value);
      c.op(build === Op.BUILD_SET ? Op.SET_UPDATE : Op.LIST_EXTEND, 1);
    } else {
      expr(c, e);
      c.op(build === Op.BUILD_SET ? Op.SET_ADD : Op.LIST_APPEND, 1);
    }
  }
  if (build === Op.BUILD_TUPLE) c.op(Op.LIST_TO_TUPLE);
}

function dict(c: Emitter, e: Dict): void {
  const firstStar = e.keys.indexOf(null);
  const plain = firstStar < 0 ? e.keys.length : firstStar;
  for (let i = 0; i < plain; i++) {
    expr(c, e.keys[i]!);
    expr(c, e.values[i]!);
  }
  c.op(Op.BUILD_MAP, plain);
  for (let i = plain; i < e.keys.length; i++) {
    const key = e.keys[i]!;
    if (key === null) {
      expr(c, e.values[i]!);
      c.op(Op.DICT_UPDATE, 1);
    } else {
      expr(c, key);
      expr(c, e.values[i]!);
      c.op(Op.MAP_ADD, 1);
    }
  }
}

function compare(c: Emitter, e: Expr & { type: 'Compare' }): void {
  expr(c, e.left);
  if (e.ops.length === 1) {
    expr(c, e.comparators[0]!);
    c.op(Op.COMPARE, compareOperators.indexOf(e.ops[0]!));
    return;
  }
  const fail = new Label();
  const end = new Label();
  e.ops.forEach((op, i) => {
    expr(c, e.comparators[i]!);
    if (i < e.ops.length - 1) {
      c.op(Op.DUP);
      c.op(Op.ROT3);
      c.op(Op.COMPARE, compareOperators.indexOf(op));
      c.jump(Op.JUMP_IF_FALSE_OR_POP, fail);
    } else {
      c.op(Op.COMPARE, compareOperators.indexOf(op));
    }
  });
  c.jump(Op.JUMP, end);
  c.here(fail);
  c.op(Op.ROT2);
  c.op(Op.POP);
  c.here(end);
}

function call(c: Emitter, e: Call): void {
  const method = e.func.type === 'Attribute' ? e.func : null;
  const spread = e.args.some((a) => a.type === 'Starred') || e.keywords.some((k) => k.arg === null);
  if (method !== null && !spread) {
    expr(c, method.value);
    c.mark(method);
    c.op(Op.LOAD_METHOD, c.attr(method.attr));
  } else {
    expr(c, e.func);
  }
  if (!spread) {
    for (const a of e.args) expr(c, a);
    for (const k of e.keywords) expr(c, k.value);
    c.mark(e);
    if (e.keywords.length === 0) c.op(method !== null ? Op.CALL_METHOD : Op.CALL, e.args.length);
    else {
      const names = c.extra({ positional: e.args.length, names: e.keywords.map((k) => k.arg!) });
      c.op(method !== null ? Op.CALL_METHOD_KW : Op.CALL_KW, names);
    }
    // zero-argument super(): class and self are passed by the machine
    return;
  }
  sequence(c, e.args, Op.BUILD_LIST);
  if (e.keywords.length > 0) {
    c.op(Op.BUILD_MAP, 0);
    for (const k of e.keywords) {
      if (k.arg === null) {
        expr(c, k.value);
        c.op(Op.DICT_MERGE, 1);
      } else {
        c.op(Op.LOAD_CONST, c.constant(k.arg));
        expr(c, k.value);
        c.op(Op.MAP_ADD, 1);
      }
    }
  }
  c.mark(e);
  c.op(Op.CALL_EX, e.keywords.length > 0 ? 1 : 0);
}

function joined(c: Emitter, e: JoinedStr): void {
  for (const v of e.values) {
    if (v.type === 'FormattedValue') {
      expr(c, v.value);
      if (v.formatSpec !== null) joined(c, v.formatSpec);
      const conversion = v.conversion === null ? 0 : v.conversion === 's' ? 1 : v.conversion === 'r' ? 2 : 3;
      c.op(Op.FORMAT_VALUE, conversion | (v.formatSpec !== null ? 4 : 0));
    } else {
      expr(c, v);
    }
  }
  c.op(Op.BUILD_STRING, e.values.length);
}

type Element = readonly [readonly Expr[], Op];

function comprehension(
  c: Emitter,
  node: Expr,
  name: string,
  generators: readonly Comprehension[],
  build: Op | null,
  element: () => Element,
): void {
  const scope = c.u.symbols.byNode.get(node)!;
  const inner = new Emitter(c.u, scope, name, `${c.code.qualname}.<locals>.${name}`, node);
  inner.code.argcount = 1;
  inner.code.isGenerator = build === null;
  if (build !== null) inner.op(build, 0);
  const [values, add] = element();
  const level = (i: number): void => {
    const g = generators[i]!;
    const next = new Label();
    const done = new Label();
    if (i === 0) inner.load('.0');
    else {
      expr(inner, g.iter);
      inner.op(Op.GET_ITER);
    }
    inner.label(next);
    inner.jump(Op.FOR_ITER, done);
    assign(inner, g.target);
    for (const test of g.ifs) {
      const proceed = new Label();
      const skip = new Label();
      condition(inner, test, skip, proceed);
      inner.jump(Op.JUMP, proceed);
      inner.here(skip);
      inner.jump(Op.JUMP, next);
      inner.here(proceed);
    }
    if (i + 1 < generators.length) level(i + 1);
    else {
      for (const v of values) expr(inner, v);
      if (add === Op.YIELD) {
        inner.op(Op.YIELD);
        inner.op(Op.POP);
      } else inner.op(add, i + 2);
    }
    inner.jump(Op.JUMP, next);
    inner.patch(next);
    inner.here(done);
  };
  level(0);
  if (build === null) inner.op(Op.LOAD_CONST, inner.constant(null));
  inner.op(Op.RETURN);
  const code = inner.finish();
  makeClosure(c, code, 0);
  expr(c, generators[0]!.iter);
  c.op(Op.GET_ITER);
  c.op(Op.CALL, 1);
}

/** Pushes a function over `code`; flags: 1 positional defaults tuple, 2 keyword defaults dict lie below. */
export function makeClosure(c: Emitter, code: import('./bytecode.js').Code, flags: number): void {
  if (code.freevars.length > 0) {
    for (const name of code.freevars) c.op(Op.LOAD_CLOSURE, c.deref(name));
    c.op(Op.BUILD_TUPLE, code.freevars.length);
    flags |= 4;
  }
  c.op(Op.MAKE_FUNCTION, (c.extra(code) << 4) | flags);
}

/** Stores the value on top of the stack into `target`. */
export function assign(c: Emitter, target: Expr): void {
  const before = c.mark(target);
  switch (target.type) {
    case 'Name':
      c.store(target.id);
      break;
    case 'Attribute':
      expr(c, target.value);
      c.op(Op.STORE_ATTR, c.attr(target.attr));
      break;
    case 'Subscript':
      expr(c, target.value);
      expr(c, target.slice);
      c.op(Op.STORE_SUBSCR);
      break;
    case 'Tuple':
    case 'List': {
      const star = target.elts.findIndex((t) => t.type === 'Starred');
      if (star < 0) c.op(Op.UNPACK_SEQUENCE, target.elts.length);
      else c.op(Op.UNPACK_EX, star | ((target.elts.length - star - 1) << 12));
      for (const t of target.elts) assign(c, t.type === 'Starred' ? t.value : t);
      break;
    }
    case 'Starred':
      assign(c, target.value);
      break;
    default:
      c.op(Op.POP);
  }
  c.mark(before);
}
