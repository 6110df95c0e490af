/** Which module-level names a top-level statement binds or modifies: the key of evaluation on demand. */
import type { Expr, Pattern, Stmt, TopStatement } from '../syntax/ast.js';
import type { PyModule } from './objects.js';

export interface Bindings {
  readonly names: ReadonlySet<string>;
  /** `from x import *` directly at the top level. */
  readonly isStar: boolean;
}

/** Notes which statements of a module that have not run bind which names, and which star-import. */
export function indexStatements(module: PyModule): void {
  module.stars = [];
  module.pending = new Map();
  const rebound = new Map<string, Set<string>>();
  for (const s of module.tree!.statements) {
    if (s.defines !== null && !/\bglobal\b/.test(s.text)) continue;
    const { node } = s;
    if (node.type === 'FunctionDef') {
      const names = new Set<string>();
      globals(node.body, names);
      if (names.size > 0) rebound.set(node.name, names);
    }
  }
  module.tree!.statements.forEach((s, i) => {
    const b = bindingsOf(s);
    if (b.isStar) module.stars.push(i);
    if (module.executed[i] === 1) return;
    const called = rebound.size > 0 && s.defines === null ? calledName(s.node) : null;
    const names = called === null ? b.names : new Set([...b.names, ...(rebound.get(called) ?? [])]);
    for (const name of names) {
      const list = module.pending.get(name);
      if (list === undefined) module.pending.set(name, [i]);
      else list.push(i);
    }
  });
}

/** `f` of a statement `f(…)`. */
function calledName(s: Stmt): string | null {
  if (s.type !== 'Expr' || s.value.type !== 'Call' || s.value.func.type !== 'Name') return null;
  return s.value.func.id;
}

/** Names that the body of a function declares `global`, in whatever block. */
function globals(body: readonly Stmt[], out: Set<string>): void {
  for (const s of body) {
    if (s.type === 'Global') for (const n of s.names) out.add(n);
    if ('body' in s && s.type !== 'FunctionDef' && s.type !== 'ClassDef') globals(s.body as readonly Stmt[], out);
    if ('orelse' in s) globals(s.orelse as readonly Stmt[], out);
  }
}

export function bindingsOf(top: TopStatement): Bindings {
  if (top.defines !== null) return { names: new Set([top.defines.name]), isStar: false };
  const s = top.node;
  const names = new Set<string>();
  collect(s, names);
  const isStar = s.type === 'ImportFrom' && s.names.length === 1 && s.names[0]!.name === '*';
  return { names, isStar };
}

function block(body: readonly Stmt[], out: Set<string>): void {
  for (const s of body) collect(s, out);
}

function collect(s: Stmt, out: Set<string>): void {
  switch (s.type) {
    case 'FunctionDef':
    case 'ClassDef':
      out.add(s.name);
      return;
    case 'Assign':
      for (const t of s.targets) target(t, out);
      walrus(s.value, out);
      return;
    case 'AugAssign':
    case 'AnnAssign':
      target(s.target, out);
      return;
    case 'Delete':
      for (const t of s.targets) target(t, out);
      return;
    case 'For':
      target(s.target, out);
      block(s.body, out);
      block(s.orelse, out);
      return;
    case 'While':
    case 'If':
      block(s.body, out);
      block(s.orelse, out);
      walrus(s.test, out);
      return;
    case 'With':
      for (const i of s.items) if (i.optionalVars !== null) target(i.optionalVars, out);
      block(s.body, out);
      return;
    case 'Try':
      block(s.body, out);
      for (const h of s.handlers) {
        if (h.name !== null) out.add(h.name);
        block(h.body, out);
      }
      block(s.orelse, out);
      block(s.finalbody, out);
      return;
    case 'Match':
      for (const c of s.cases) {
        pattern(c.pattern, out);
        block(c.body, out);
      }
      return;
    case 'Import':
      for (const a of s.names) out.add(a.asname ?? a.name.split('.')[0]!);
      return;
    case 'ImportFrom':
      for (const a of s.names) if (a.name !== '*') out.add(a.asname ?? a.name);
      return;
    case 'TypeAlias':
      target(s.name, out);
      return;
    case 'Expr':
      effects(s.value, out);
      return;
    default:
      return;
  }
}

/** Root names of targets: `x`, and `x.a = …`, `x[k] = …` which modify `x`. */
function target(t: Expr, out: Set<string>): void {
  switch (t.type) {
    case 'Name':
      out.add(t.id);
      return;
    case 'Attribute':
    case 'Subscript':
    case 'Starred':
      target(t.value, out);
      return;
    case 'Tuple':
    case 'List':
      for (const e of t.elts) target(e, out);
      return;
    default:
      return;
  }
}

/** Calls that change none of their arguments. */
const harmless = new Set(['print', 'len', 'isinstance', 'repr', 'str']);

/** `names.append(…)` and `register(names, …)` modify `names`. */
function effects(e: Expr, out: Set<string>): void {
  if (e.type === 'NamedExpr') out.add(e.target.id);
  if (e.type !== 'Call') return;
  if (e.func.type === 'Name' && harmless.has(e.func.id)) return;
  if (e.func.type === 'Attribute') target(e.func.value, out);
  for (const a of e.args) if (a.type === 'Name') out.add(a.id);
}

function walrus(e: Expr, out: Set<string>): void {
  if (e.type === 'NamedExpr') out.add(e.target.id);
  else if (e.type === 'Compare') walrus(e.left, out);
  else if (e.type === 'BoolOp') for (const v of e.values) walrus(v, out);
}

function pattern(p: Pattern, out: Set<string>): void {
  if (p.type === 'MatchAs') {
    if (p.name !== null) out.add(p.name);
    if (p.pattern !== null) pattern(p.pattern, out);
  } else if (p.type === 'MatchStar') {
    if (p.name !== null) out.add(p.name);
  } else if (p.type === 'MatchSequence' || p.type === 'MatchOr') for (const q of p.patterns) pattern(q, out);
  else if (p.type === 'MatchMapping') {
    for (const q of p.patterns) pattern(q, out);
    if (p.rest !== null) out.add(p.rest);
  } else if (p.type === 'MatchClass') for (const q of [...p.patterns, ...p.kwdPatterns]) pattern(q, out);
}
