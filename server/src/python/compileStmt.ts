/** Statements to instructions. */
import type { ExceptHandler, Expr, For, Stmt, Try, While, With } from '../syntax/ast.js';
import { Op } from './bytecode.js';
import { type Emitter, type FlowBlock, Label } from './compileBase.js';
import { assign, binaryOperators, compareOperators, condition, expr } from './compileExpr.js';
import { classDef, functionDef } from './compileFunction.js';
import { match } from './compileMatch.js';
import { takePart } from './exceptionGroups.js';

export function block(c: Emitter, body: readonly Stmt[]): void {
  for (const s of body) stmt(c, s);
}

export function stmt(c: Emitter, s: Stmt): void {
  const before = c.mark(s);
  switch (s.type) {
    case 'FunctionDef':
      functionDef(c, s);
      break;
    case 'ClassDef':
      classDef(c, s);
      break;
    case 'Return':
      if (s.value === null) c.op(Op.LOAD_CONST, c.constant(null));
      else expr(c, s.value);
      unwindForReturn(c);
      c.op(Op.RETURN);
      break;
    case 'Delete':
      for (const t of s.targets) deleteTarget(c, t);
      break;
    case 'Assign':
      expr(c, s.value);
      s.targets.forEach((t, i) => {
        if (i < s.targets.length - 1) c.op(Op.DUP);
        assign(c, t);
      });
      break;
    case 'AugAssign':
      augAssign(c, s);
      break;
    case 'AnnAssign':
      if (s.value !== null) {
        expr(c, s.value);
        assign(c, s.target);
      }
      if (c.scope.kind === 'class' && s.target.type === 'Name') {
        const text = c.u.unit.text.slice(s.annotation.start, s.annotation.end);
        c.op(Op.LOAD_CONST, c.constant(text));
        c.op(Op.ANNOTATE, c.extra(s.target.id));
      }
      break;
    case 'For':
      forLoop(c, s);
      break;
    case 'While':
      whileLoop(c, s);
      break;
    case 'If': {
      const otherwise = new Label();
      const end = new Label();
      condition(c, s.test, otherwise, end);
      block(c, s.body);
      if (s.orelse.length > 0) c.jump(Op.JUMP, end);
      c.here(otherwise);
      block(c, s.orelse);
      c.here(end);
      break;
    }
    case 'With':
      withStmt(c, s, 0);
      break;
    case 'Match':
      match(c, s);
      break;
    case 'Raise':
      if (s.exc !== null) expr(c, s.exc);
      if (s.cause !== null) expr(c, s.cause);
      c.op(Op.RAISE, s.exc === null ? 0 : s.cause === null ? 1 : 2);
      break;
    case 'Try':
      tryStmt(c, s);
      break;
    case 'Assert': {
      const ok = new Label();
      expr(c, s.test);
      c.branch(c.jump(Op.POP_JUMP_IF_TRUE, ok), ok);
      c.op(Op.LOAD_GLOBAL, c.name('AssertionError'));
      if (s.msg !== null) {
        expr(c, s.msg);
        c.op(Op.CALL, 1);
      } else c.op(Op.CALL, 0);
      c.op(Op.RAISE, 1);
      c.here(ok);
      break;
    }
    case 'Import':
      for (const a of s.names) {
        c.mark(a);
        // `import a.b` binds a; `import a.b as x` binds the submodule
        c.op(Op.IMPORT_NAME, c.extra({ module: a.name, level: 0, leaf: a.asname !== null }));
        c.store(a.asname ?? a.name.split('.')[0]!);
      }
      break;
    case 'ImportFrom': {
      c.op(Op.IMPORT_NAME, c.extra({ module: s.module ?? '', level: s.level, leaf: true }));
      if (s.names.length === 1 && s.names[0]!.name === '*') {
        c.op(Op.IMPORT_STAR);
        break;
      }
      for (const a of s.names) {
        c.mark(a);
        c.op(Op.IMPORT_FROM, c.name(a.name));
        c.store(a.asname ?? a.name);
      }
      c.op(Op.POP);
      break;
    }
    case 'Expr':
      if (s.value.type === 'Constant') break;
      expr(c, s.value);
      c.op(Op.POP);
      break;
    case 'Break':
    case 'Continue':
      leaveLoop(c, s.type === 'Break');
      break;
    case 'TypeAlias':
      c.op(Op.LOAD_CONST, c.constant(c.u.unit.text.slice(s.value.start, s.value.end)));
      assign(c, s.name);
      break;
    case 'Error':
      c.op(Op.GAP, c.constant(s.message));
      c.op(Op.POP);
      break;
    default:
      break;
  }
  c.mark(before);
}

function deleteTarget(c: Emitter, t: Expr): void {
  c.mark(t);
  switch (t.type) {
    case 'Name':
      c.delete(t.id);
      return;
    case 'Attribute':
      expr(c, t.value);
      c.op(Op.DELETE_ATTR, c.attr(t.attr));
      return;
    case 'Subscript':
      expr(c, t.value);
      expr(c, t.slice);
      c.op(Op.DELETE_SUBSCR);
      return;
    case 'Tuple':
    case 'List':
      for (const e of t.elts) deleteTarget(c, e);
      return;
    default:
      return;
  }
}

function augAssign(c: Emitter, s: Stmt & { type: 'AugAssign' }): void {
  const op = binaryOperators.indexOf(s.op);
  const t = s.target;
  switch (t.type) {
    case 'Attribute':
      expr(c, t.value);
      c.op(Op.DUP);
      c.op(Op.LOAD_ATTR, c.attr(t.attr));
      expr(c, s.value);
      c.mark(s);
      c.op(Op.INPLACE, op);
      c.op(Op.ROT2);
      c.op(Op.STORE_ATTR, c.attr(t.attr));
      return;
    case 'Subscript':
      expr(c, t.value);
      expr(c, t.slice);
      c.op(Op.DUP2);
      c.op(Op.SUBSCR);
      expr(c, s.value);
      c.mark(s);
      c.op(Op.INPLACE, op);
      c.op(Op.ROT3);
      c.op(Op.STORE_SUBSCR);
      return;
    case 'Name':
      c.load(t.id);
      expr(c, s.value);
      c.mark(s);
      c.op(Op.INPLACE, op);
      c.store(t.id);
      return;
    default:
      c.op(Op.GAP, c.constant('augmented assignment to this target'));
      c.op(Op.POP);
  }
}

function forLoop(c: Emitter, s: For): void {
  const next = new Label();
  const done = new Label();
  const end = new Label();
  expr(c, s.iter);
  c.mark(s.iter);
  c.op(Op.GET_ITER);
  c.label(next);
  c.jump(Op.FOR_ITER, done);
  assign(c, s.target);
  c.flow.push({ kind: 'loop', continueTo: next, breakTo: end, popsIterator: true });
  block(c, s.body);
  c.flow.pop();
  c.jump(Op.JUMP, next);
  c.patch(next);
  c.here(done);
  block(c, s.orelse);
  c.here(end);
}

function whileLoop(c: Emitter, s: While): void {
  const next = new Label();
  const done = new Label();
  const end = new Label();
  c.label(next);
  const always = s.test.type === 'Constant' && (s.test.value === true || (s.test.kind === 'int' && s.test.value !== 0));
  if (!always) {
    expr(c, s.test);
    c.branch(c.jump(Op.POP_JUMP_IF_FALSE, done), done, true);
  }
  c.flow.push({ kind: 'loop', continueTo: next, breakTo: end, popsIterator: false });
  block(c, s.body);
  c.flow.pop();
  c.jump(Op.JUMP, next);
  c.patch(next);
  c.here(done);
  block(c, s.orelse);
  c.here(end);
}

/** Calls the context manager's exit, whose bound method is on top of the stack, without an exception. */
function callExit(c: Emitter): void {
  for (let i = 0; i < 3; i++) c.op(Op.LOAD_CONST, c.constant(null));
  c.op(Op.CALL, 3);
  c.op(Op.POP);
}

/** Leaves all blocks with the return value on top of the stack. */
function unwindForReturn(c: Emitter): void {
  const saved = c.flow.slice();
  for (let i = saved.length - 1; i >= 0; i--) {
    const b = saved[i]!;
    c.flow.length = i;
    leave(c, b, true);
  }
  c.flow.push(...saved);
}

function leave(c: Emitter, b: FlowBlock, withValue: boolean): void {
  switch (b.kind) {
    case 'loop':
      if (b.popsIterator && withValue) {
        c.op(Op.ROT2);
        c.op(Op.POP);
      }
      return;
    case 'try':
      c.op(Op.POP_BLOCK);
      return;
    case 'finally':
      c.op(Op.POP_BLOCK);
      b.emitBody();
      return;
    case 'with':
      c.op(Op.POP_BLOCK);
      if (withValue) c.op(Op.ROT2);
      callExit(c);
      return;
    case 'handler':
      c.op(Op.POP_HANDLED);
      if (b.name !== null) forget(c, b.name);
  }
}

/** The name of an `except … as name` ends with its handler; a body may have deleted it before. */
function forget(c: Emitter, name: string): void {
  c.op(Op.LOAD_CONST, c.constant(null));
  c.store(name);
  c.delete(name);
}

function leaveLoop(c: Emitter, isBreak: boolean): void {
  const saved = c.flow.slice();
  for (let i = saved.length - 1; i >= 0; i--) {
    const b = saved[i]!;
    c.flow.length = i;
    if (b.kind === 'loop') {
      if (isBreak && b.popsIterator) c.op(Op.POP);
      c.jump(Op.JUMP, isBreak ? b.breakTo : b.continueTo);
      break;
    }
    leave(c, b, false);
  }
  c.flow.length = 0;
  c.flow.push(...saved);
}

function withStmt(c: Emitter, s: With, index: number): void {
  if (index === s.items.length) {
    block(c, s.body);
    return;
  }
  const item = s.items[index]!;
  const handler = new Label();
  const suppressed = new Label();
  const end = new Label();
  expr(c, item.contextExpr);
  c.mark(item.contextExpr);
  c.jump(Op.SETUP_WITH, handler);
  c.flow.push({ kind: 'with' });
  if (item.optionalVars !== null) assign(c, item.optionalVars);
  else c.op(Op.POP);
  withStmt(c, s, index + 1);
  c.flow.pop();
  c.mark(item.contextExpr);
  c.op(Op.POP_BLOCK);
  callExit(c);
  c.jump(Op.JUMP, end);
  c.here(handler);
  c.op(Op.PUSH_HANDLED);
  c.op(Op.WITH_EXIT_EXC);
  c.jump(Op.POP_JUMP_IF_TRUE, suppressed);
  c.op(Op.RERAISE);
  c.here(suppressed);
  c.op(Op.POP);
  c.op(Op.POP_HANDLED);
  c.op(Op.POP);
  c.here(end);
}

function tryStmt(c: Emitter, s: Try): void {
  if (s.finalbody.length === 0) {
    tryExcept(c, s);
    return;
  }
  const handler = new Label();
  const end = new Label();
  c.jump(Op.SETUP_TRY, handler);
  c.flow.push({ kind: 'finally', emitBody: () => block(c, s.finalbody) });
  if (s.handlers.length > 0) tryExcept(c, s);
  else {
    block(c, s.body);
    block(c, s.orelse);
  }
  c.flow.pop();
  c.op(Op.POP_BLOCK);
  block(c, s.finalbody);
  c.jump(Op.JUMP, end);
  c.here(handler);
  c.op(Op.PUSH_HANDLED);
  c.flow.push({ kind: 'handler', name: null });
  block(c, s.finalbody);
  c.flow.pop();
  c.op(Op.RERAISE);
  c.here(end);
}

function tryExcept(c: Emitter, s: Try): void {
  const handlers = new Label();
  const end = new Label();
  c.jump(Op.SETUP_TRY, handlers);
  c.flow.push({ kind: 'try' });
  block(c, s.body);
  c.flow.pop();
  c.op(Op.POP_BLOCK);
  block(c, s.orelse);
  c.jump(Op.JUMP, end);
  c.here(handlers);
  c.op(Op.PUSH_HANDLED);
  if (s.isStar) {
    exceptStar(c, s.handlers);
    c.jump(Op.JUMP, end);
    c.patch(end);
    c.here(end);
    return;
  }
  for (const h of s.handlers) {
    const next = new Label();
    if (h.exceptionType !== null) {
      expr(c, h.exceptionType);
      c.op(Op.CHECK_EXC_MATCH);
      c.jump(Op.POP_JUMP_IF_FALSE, next);
    }
    if (h.name !== null) c.store(h.name);
    else c.op(Op.POP);
    c.flow.push({ kind: 'handler', name: h.name });
    block(c, h.body);
    c.flow.pop();
    c.op(Op.POP_HANDLED);
    if (h.name !== null) forget(c, h.name);
    c.jump(Op.JUMP, end);
    c.here(next);
  }
  c.op(Op.RERAISE);
  c.here(end);
}

/** Clauses of `except*`, each with its part of the group; what none takes is raised again. The group is on the stack. */
function exceptStar(c: Emitter, handlers: readonly ExceptHandler[]): void {
  for (const h of handlers) {
    const next = new Label();
    c.op(Op.LOAD_CONST, c.constant(takePart));
    c.op(Op.ROT2);
    if (h.exceptionType !== null) expr(c, h.exceptionType);
    c.op(Op.CALL, 2);
    c.op(Op.UNPACK_SEQUENCE, 2);
    // rest below, part above: the part is put away before the body runs, which leaves the rest alone
    c.op(Op.DUP);
    c.op(Op.LOAD_CONST, c.constant(null));
    c.op(Op.COMPARE, compareOperators.indexOf('is'));
    const none = new Label();
    c.jump(Op.POP_JUMP_IF_TRUE, none);
    if (h.name !== null) c.store(h.name);
    else c.op(Op.POP);
    c.flow.push({ kind: 'handler', name: h.name });
    block(c, h.body);
    c.flow.pop();
    if (h.name !== null) forget(c, h.name);
    c.jump(Op.JUMP, next);
    c.here(none);
    c.op(Op.POP);
    c.here(next);
  }
  const raised = new Label();
  c.op(Op.DUP);
  c.op(Op.LOAD_CONST, c.constant(null));
  c.op(Op.COMPARE, compareOperators.indexOf('is'));
  c.jump(Op.POP_JUMP_IF_TRUE, raised);
  c.op(Op.RERAISE);
  c.here(raised);
  c.op(Op.POP);
  c.op(Op.POP_HANDLED);
}
