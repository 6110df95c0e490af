/** Functions, lambdas and classes to code objects, and the top-level statement that holds them. */
import type { Arguments, ClassDef, Expr, FunctionDef, Lambda } from '../syntax/ast.js';
import { type Code, Op } from './bytecode.js';
import { Emitter, type Unit } from './compileBase.js';
import { expr, makeClosure } from './compileExpr.js';
import { block } from './compileStmt.js';
import type { SourceFile, SourceUnit } from './place.js';
import { SymbolTable } from './symbols.js';

/** Compiles one top-level statement of a module. */
export function compileTopStatement(file: SourceFile, source: SourceUnit): Code {
  const { top } = source;
  const unit: Unit = { file, unit: source, symbols: new SymbolTable([top.node], top) };
  const c = new Emitter(unit, unit.symbols.module, '<module>', '<module>', top.node);
  block(c, [top.node]);
  c.op(Op.LOAD_CONST, c.constant(null));
  c.op(Op.RETURN);
  return c.finish();
}

/** Compiles an expression in a module's namespace; its value is the result. */
export function compileExpression(file: SourceFile, source: SourceUnit, e: Expr): Code {
  const unit: Unit = {
    file,
    unit: source,
    symbols: new SymbolTable([{ type: 'Expr', value: e, start: e.start, end: e.end }], source),
  };
  const c = new Emitter(unit, unit.symbols.module, '<expression>', '<expression>', e);
  expr(c, e);
  c.op(Op.RETURN);
  return c.finish();
}

function qualify(c: Emitter, name: string): string {
  if (c.scope.kind === 'module') return name;
  return c.scope.kind === 'class' ? `${c.code.qualname}.${name}` : `${c.code.qualname}.<locals>.${name}`;
}

export function compileFunction(c: Emitter, node: FunctionDef | Lambda, name: string): Code {
  const scope = c.u.symbols.byNode.get(node)!;
  const inner = new Emitter(c.u, scope, name, qualify(c, name), node);
  const { code } = inner;
  const a = node.args;
  code.posonly = a.posonlyargs.length;
  code.argcount = a.posonlyargs.length + a.args.length;
  code.kwonly = a.kwonlyargs.length;
  code.hasVarargs = a.vararg !== null;
  code.hasVarkw = a.kwarg !== null;
  code.isGenerator = scope.isGenerator;
  if (node.type === 'Lambda') {
    expr(inner, node.body);
    inner.op(Op.RETURN);
  } else {
    code.docstring = node.docstring;
    code.isAsync = node.isAsync;
    block(inner, node.body);
    inner.op(Op.LOAD_CONST, inner.constant(null));
    inner.op(Op.RETURN);
  }
  return inner.finish();
}

/** Pushes defaults and the function object. `annotate` keeps parameter annotations as source ranges. */
export function emitFunction(c: Emitter, args: Arguments, node: FunctionDef | null, compile: () => Code): void {
  let flags = 0;
  const positional = [...args.posonlyargs, ...args.args].filter((a) => a.default !== null);
  if (positional.length > 0) {
    for (const a of positional) expr(c, a.default!);
    c.op(Op.BUILD_TUPLE, positional.length);
    flags |= 1;
  }
  const keyword = args.kwonlyargs.filter((a) => a.default !== null);
  if (keyword.length > 0) {
    for (const a of keyword) {
      c.op(Op.LOAD_CONST, c.constant(a.arg));
      expr(c, a.default!);
    }
    c.op(Op.BUILD_MAP, keyword.length);
    flags |= 2;
  }
  makeClosure(c, compile(), flags);
  if (node !== null) {
    const annotations = annotationTexts(c, args, node);
    if (annotations.size > 0) c.op(Op.ANNOTATE, c.extra(annotations));
  }
}

/** Annotations as source text, in CPython's order: they are evaluated when something reads them. */
function annotationTexts(c: Emitter, args: Arguments, node: FunctionDef): Map<string, string> {
  const out = new Map<string, string>();
  const text = (e: Expr): string => c.u.unit.text.slice(e.start, e.end);
  for (const a of [...args.posonlyargs, ...args.args, args.vararg, ...args.kwonlyargs, args.kwarg]) {
    if (a !== null && a.annotation !== null) out.set(a.arg, text(a.annotation));
  }
  if (node.returns !== null) out.set('return', text(node.returns));
  return out;
}

export function functionDef(c: Emitter, node: FunctionDef): void {
  for (const d of node.decorators) expr(c, d);
  const before = c.mark({ start: node.nameStart, end: node.nameStart + node.name.length });
  emitFunction(c, node.args, node, () => compileFunction(c, node, node.name));
  c.mark(before);
  for (let i = node.decorators.length - 1; i >= 0; i--) {
    const b = c.mark(node.decorators[i]!);
    c.op(Op.DECORATE, 0);
    c.op(Op.CALL, 1);
    c.mark(b);
  }
  c.store(node.name);
}

export function classDef(c: Emitter, node: ClassDef): void {
  for (const d of node.decorators) expr(c, d);
  const scope = c.u.symbols.byNode.get(node)!;
  const inner = new Emitter(c.u, scope, node.name, qualify(c, node.name), node);
  inner.code.isClassBody = true;
  inner.code.docstring = node.docstring;
  block(inner, node.body);
  if (scope.cells.has('__class__')) inner.op(Op.LOAD_CLOSURE, inner.deref('__class__'));
  else inner.op(Op.LOAD_CONST, inner.constant(null));
  inner.op(Op.RETURN);
  const code = inner.finish();
  if (code.freevars.length > 0) {
    for (const name of code.freevars) c.op(Op.LOAD_CLOSURE, c.deref(name));
    c.op(Op.BUILD_TUPLE, code.freevars.length);
  } else c.op(Op.LOAD_CONST, c.constant(null));
  // bases may be starred; keywords may be **mapping
  const list: Expr = { type: 'List', elts: node.bases, start: node.start, end: node.end };
  expr(c, list);
  c.op(Op.BUILD_MAP, 0);
  for (const k of node.keywords) {
    if (k.arg === null) {
      expr(c, k.value);
      c.op(Op.DICT_MERGE, 1);
    } else {
      c.op(Op.LOAD_CONST, c.constant(k.arg));
      expr(c, k.value);
      c.op(Op.MAP_ADD, 1);
    }
  }
  const before = c.mark({ start: node.nameStart, end: node.nameStart + node.name.length });
  c.op(Op.BUILD_CLASS, c.extra(code));
  c.mark(before);
  for (let i = 0; i < node.decorators.length; i++) {
    c.op(Op.DECORATE, 0);
    c.op(Op.CALL, 1);
  }
  c.store(node.name);
}
