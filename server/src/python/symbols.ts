/** Scope analysis: which names of a function, class or comprehension are local, cell, free or global. */
import type { Arguments, Comprehension, Expr, Pattern, Stmt } from '../syntax/ast.js';

export type ScopeKind = 'module' | 'function' | 'class' | 'comprehension';

export class Scope {
  readonly bound = new Set<string>();
  readonly used = new Set<string>();
  readonly globals = new Set<string>();
  readonly nonlocals = new Set<string>();
  readonly children: Scope[] = [];
  readonly params: string[] = [];
  free = new Set<string>();
  cells = new Set<string>();
  isGenerator = false;
  constructor(
    readonly kind: ScopeKind,
    readonly node: object,
    readonly parent: Scope | null,
  ) {}
}

/** Scopes of a top-level statement, found by the AST node that opens them. */
export class SymbolTable {
  readonly byNode = new Map<object, Scope>();
  readonly module: Scope;
  constructor(statements: readonly Stmt[], root: object) {
    this.module = new Scope('module', root, null);
    this.byNode.set(root, this.module);
    for (const s of statements) this.stmt(s, this.module);
    resolve(this.module);
  }

  private open(kind: ScopeKind, node: object, parent: Scope): Scope {
    const scope = new Scope(kind, node, parent);
    parent.children.push(scope);
    this.byNode.set(node, scope);
    return scope;
  }

  private params(args: Arguments, scope: Scope, outer: Scope): void {
    for (const a of [...args.posonlyargs, ...args.args, ...args.kwonlyargs]) {
      if (a.default !== null) this.expr(a.default, outer);
    }
    const add = (name: string): void => {
      scope.params.push(name);
      scope.bound.add(name);
    };
    for (const a of args.posonlyargs) add(a.arg);
    for (const a of args.args) add(a.arg);
    for (const a of args.kwonlyargs) add(a.arg);
    if (args.vararg !== null) add(args.vararg.arg);
    if (args.kwarg !== null) add(args.kwarg.arg);
  }

  private body(stmts: readonly Stmt[], scope: Scope): void {
    for (const s of stmts) this.stmt(s, scope);
  }

  private stmt(s: Stmt, scope: Scope): void {
    switch (s.type) {
      case 'FunctionDef': {
        scope.bound.add(s.name);
        for (const d of s.decorators) this.expr(d, scope);
        const inner = this.open('function', s, scope);
        this.params(s.args, inner, scope);
        this.body(s.body, inner);
        return;
      }
      case 'ClassDef': {
        scope.bound.add(s.name);
        for (const d of s.decorators) this.expr(d, scope);
        for (const b of s.bases) this.expr(b, scope);
        for (const k of s.keywords) this.expr(k.value, scope);
        const inner = this.open('class', s, scope);
        this.body(s.body, inner);
        return;
      }
      case 'Return':
        if (s.value !== null) this.expr(s.value, scope);
        return;
      case 'Delete':
        for (const t of s.targets) this.target(t, scope);
        return;
      case 'Assign':
        this.expr(s.value, scope);
        for (const t of s.targets) this.target(t, scope);
        return;
      case 'AugAssign':
        this.expr(s.value, scope);
        this.expr(s.target, scope);
        this.target(s.target, scope);
        return;
      case 'AnnAssign':
        // A class body keeps its annotations (dataclasses read them); elsewhere they are not evaluated.
        if (scope.kind === 'class') this.expr(s.annotation, scope);
        if (s.value !== null) this.expr(s.value, scope);
        this.target(s.target, scope);
        return;
      case 'For':
        this.expr(s.iter, scope);
        this.target(s.target, scope);
        this.body(s.body, scope);
        this.body(s.orelse, scope);
        return;
      case 'While':
      case 'If':
        this.expr(s.test, scope);
        this.body(s.body, scope);
        this.body(s.orelse, scope);
        return;
      case 'With':
        for (const item of s.items) {
          this.expr(item.contextExpr, scope);
          if (item.optionalVars !== null) this.target(item.optionalVars, scope);
        }
        this.body(s.body, scope);
        return;
      case 'Match':
        this.expr(s.subject, scope);
        for (const c of s.cases) {
          this.pattern(c.pattern, scope);
          if (c.guard !== null) this.expr(c.guard, scope);
          this.body(c.body, scope);
        }
        return;
      case 'Raise':
        if (s.exc !== null) this.expr(s.exc, scope);
        if (s.cause !== null) this.expr(s.cause, scope);
        return;
      case 'Try':
        this.body(s.body, scope);
        for (const h of s.handlers) {
          if (h.exceptionType !== null) this.expr(h.exceptionType, scope);
          if (h.name !== null) scope.bound.add(h.name);
          this.body(h.body, scope);
        }
        this.body(s.orelse, scope);
        this.body(s.finalbody, scope);
        return;
      case 'Assert':
        this.expr(s.test, scope);
        if (s.msg !== null) this.expr(s.msg, scope);
        return;
      case 'Import':
        for (const a of s.names) scope.bound.add(a.asname ?? a.name.split('.')[0]!);
        return;
      case 'ImportFrom':
        for (const a of s.names) if (a.name !== '*') scope.bound.add(a.asname ?? a.name);
        return;
      case 'Global':
        for (const n of s.names) scope.globals.add(n);
        return;
      case 'Nonlocal':
        for (const n of s.names) scope.nonlocals.add(n);
        return;
      case 'Expr':
        this.expr(s.value, scope);
        return;
      case 'TypeAlias':
        this.target(s.name, scope);
        return;
      default:
        return;
    }
  }

  private target(t: Expr, scope: Scope): void {
    switch (t.type) {
      case 'Name':
        scope.bound.add(t.id);
        return;
      case 'Tuple':
      case 'List':
        for (const e of t.elts) this.target(e, scope);
        return;
      case 'Starred':
        this.target(t.value, scope);
        return;
      default:
        this.expr(t, scope);
    }
  }

  private pattern(p: Pattern, scope: Scope): void {
    switch (p.type) {
      case 'MatchValue':
        this.expr(p.value, scope);
        return;
      case 'MatchSequence':
      case 'MatchOr':
        for (const q of p.patterns) this.pattern(q, scope);
        return;
      case 'MatchMapping':
        for (const k of p.keys) this.expr(k, scope);
        for (const q of p.patterns) this.pattern(q, scope);
        if (p.rest !== null) scope.bound.add(p.rest);
        return;
      case 'MatchClass':
        this.expr(p.cls, scope);
        for (const q of [...p.patterns, ...p.kwdPatterns]) this.pattern(q, scope);
        return;
      case 'MatchStar':
        if (p.name !== null) scope.bound.add(p.name);
        return;
      case 'MatchAs':
        if (p.pattern !== null) this.pattern(p.pattern, scope);
        if (p.name !== null) scope.bound.add(p.name);
        return;
      default:
        return;
    }
  }

  private comprehension(
    node: object,
    generators: readonly Comprehension[],
    elements: readonly Expr[],
    scope: Scope,
  ): void {
    this.expr(generators[0]!.iter, scope);
    const inner = this.open('comprehension', node, scope);
    inner.params.push('.0');
    inner.bound.add('.0');
    generators.forEach((g, i) => {
      if (i > 0) this.expr(g.iter, inner);
      this.target(g.target, inner);
      for (const c of g.ifs) this.expr(c, inner);
    });
    for (const e of elements) this.expr(e, inner);
  }

  private expr(e: Expr, scope: Scope): void {
    switch (e.type) {
      case 'Name':
        scope.used.add(e.id);
        return;
      case 'Attribute':
        this.expr(e.value, scope);
        return;
      case 'Subscript':
        this.expr(e.value, scope);
        this.expr(e.slice, scope);
        return;
      case 'Call':
        this.expr(e.func, scope);
        for (const a of e.args) this.expr(a, scope);
        for (const k of e.keywords) this.expr(k.value, scope);
        // zero-argument super() reads the enclosing class through a hidden cell
        if (e.func.type === 'Name' && e.func.id === 'super' && e.args.length === 0) scope.used.add('__class__');
        return;
      case 'BinOp':
        this.expr(e.left, scope);
        this.expr(e.right, scope);
        return;
      case 'UnaryOp':
        this.expr(e.operand, scope);
        return;
      case 'BoolOp':
        for (const v of e.values) this.expr(v, scope);
        return;
      case 'Compare':
        this.expr(e.left, scope);
        for (const c of e.comparators) this.expr(c, scope);
        return;
      case 'IfExp':
        this.expr(e.test, scope);
        this.expr(e.body, scope);
        this.expr(e.orelse, scope);
        return;
      case 'Lambda': {
        const inner = this.open('function', e, scope);
        this.params(e.args, inner, scope);
        this.expr(e.body, inner);
        return;
      }
      case 'Tuple':
      case 'List':
      case 'Set':
        for (const x of e.elts) this.expr(x, scope);
        return;
      case 'Dict':
        for (const k of e.keys) if (k !== null) this.expr(k, scope);
        for (const v of e.values) this.expr(v, scope);
        return;
      case 'ListComp':
      case 'SetComp':
      case 'GeneratorExp':
        this.comprehension(e, e.generators, [e.elt], scope);
        if (e.type === 'GeneratorExp') this.byNode.get(e)!.isGenerator = true;
        return;
      case 'DictComp':
        this.comprehension(e, e.generators, [e.key, e.value], scope);
        return;
      case 'JoinedStr':
        for (const v of e.values) this.expr(v, scope);
        return;
      case 'FormattedValue':
        this.expr(e.value, scope);
        if (e.formatSpec !== null) this.expr(e.formatSpec, scope);
        return;
      case 'Starred':
        this.expr(e.value, scope);
        return;
      case 'Slice':
        if (e.lower !== null) this.expr(e.lower, scope);
        if (e.upper !== null) this.expr(e.upper, scope);
        if (e.step !== null) this.expr(e.step, scope);
        return;
      case 'NamedExpr': {
        this.expr(e.value, scope);
        // binds in the nearest scope that is not a comprehension
        let s = scope;
        while (s.kind === 'comprehension' && s.parent !== null) {
          s.nonlocals.add(e.target.id);
          s = s.parent;
        }
        if (s !== scope && s.kind === 'module')
          for (let c = scope; c !== s; c = c.parent!) {
            c.nonlocals.delete(e.target.id);
            c.globals.add(e.target.id);
          }
        s.bound.add(e.target.id);
        return;
      }
      case 'Yield':
        scope.isGenerator = true;
        if (e.value !== null) this.expr(e.value, scope);
        return;
      case 'YieldFrom':
        scope.isGenerator = true;
        this.expr(e.value, scope);
        return;
      case 'Await':
        this.expr(e.value, scope);
        return;
      default:
        return;
    }
  }
}

/** Works out cells and free variables bottom-up. */
function resolve(scope: Scope): void {
  for (const child of scope.children) resolve(child);
  for (const name of scope.globals) scope.bound.delete(name);
  for (const name of scope.nonlocals) scope.bound.delete(name);
  const wanted = new Set<string>();
  for (const name of [...scope.used, ...scope.nonlocals]) {
    if (!scope.bound.has(name) && !scope.globals.has(name)) wanted.add(name);
  }
  for (const child of scope.children) {
    for (const name of child.free) {
      const owns = scope.kind === 'class' ? name === '__class__' : scope.kind !== 'module' && scope.bound.has(name);
      if (owns) scope.cells.add(name);
      else wanted.add(name);
    }
  }
  scope.free = new Set();
  if (scope.kind === 'module') return;
  for (const name of wanted) if (isBoundAbove(scope, name)) scope.free.add(name);
}

function isBoundAbove(scope: Scope, name: string): boolean {
  for (let s = scope.parent; s !== null && s.kind !== 'module'; s = s.parent) {
    if (s.kind === 'class') {
      if (name === '__class__') return true;
      continue;
    }
    if (s.globals.has(name)) return false;
    if (s.bound.has(name) && !s.nonlocals.has(name)) return true;
  }
  return false;
}
