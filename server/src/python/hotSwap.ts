/**
 * Replacing function bodies in place: an edit inside a method keeps the class, its instances
 * and everything built from it. Possible when nothing but code inside functions changed.
 */

import type { TopStatement } from '../syntax/ast.js';
import { bindingsOf } from './bindings.js';
import type { Code } from './bytecode.js';
import { compileTopStatement } from './compileFunction.js';
import type { PyModule } from './objects.js';
import { SourceUnit } from './place.js';
import type { Value } from './values.js';
import { PyBytes, PyComplex, PyFloat, PyTuple } from './values.js';

function isCode(x: unknown): x is Code {
  return typeof x === 'object' && x !== null && 'ops' in x && 'branches' in x;
}

function sameConstant(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof PyFloat && b instanceof PyFloat) return a.value === b.value;
  if (a instanceof PyComplex && b instanceof PyComplex) return a.real === b.real && a.imag === b.imag;
  if (a instanceof PyBytes && b instanceof PyBytes) return a.value === b.value;
  if (a instanceof PyTuple && b instanceof PyTuple)
    return a.items.length === b.items.length && a.items.every((x, i) => sameConstant(x, b.items[i]!));
  return false;
}

const sameList = (a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

/** Everything a run of this code itself depends on, nested code aside. */
function sameContent(a: Code, b: Code): boolean {
  return (
    sameList(a.ops, b.ops) &&
    sameList(a.names, b.names) &&
    a.consts.length === b.consts.length &&
    a.consts.every((c, i) => sameConstant(c, b.consts[i]!)) &&
    a.extras.length === b.extras.length &&
    a.extras.every(
      (x, i) =>
        isCode(x) === isCode(b.extras[i]) &&
        (isCode(x) || JSON.stringify(plain(x)) === JSON.stringify(plain(b.extras[i]))),
    )
  );
}

function plain(x: unknown): unknown {
  return x instanceof Map ? [...x] : x;
}

/** A code object and all that are defined inside it. */
export function* nestedCodes(code: Code): Generator<Code> {
  yield code;
  for (const x of code.extras) if (isCode(x)) yield* nestedCodes(x);
}

/** What callers and closures rely on. */
function sameInterface(a: Code, b: Code): boolean {
  const params = a.argcount + a.kwonly + (a.hasVarargs ? 1 : 0) + (a.hasVarkw ? 1 : 0);
  return (
    a.name === b.name &&
    a.qualname === b.qualname &&
    a.posonly === b.posonly &&
    a.argcount === b.argcount &&
    a.kwonly === b.kwonly &&
    a.hasVarargs === b.hasVarargs &&
    a.hasVarkw === b.hasVarkw &&
    a.isGenerator === b.isGenerator &&
    a.isAsync === b.isAsync &&
    a.isClassBody === b.isClassBody &&
    sameList(a.freevars, b.freevars) &&
    sameList(a.cellvars, b.cellvars) &&
    sameList(a.varnames.slice(0, params), b.varnames.slice(0, params))
  );
}

/** The same in content and place, code defined inside functions included (what definitions hold is paired by itself). */
function isSame(a: Code, b: Code): boolean {
  return (
    sameList(a.starts, b.starts) &&
    sameContent(a, b) &&
    (isDefinition(a) || a.extras.every((x, i) => !isCode(x) || isSame(x, b.extras[i] as Code)))
  );
}

/** Code that runs when the definition itself is executed: module statements and class bodies. */
function isDefinition(c: Code): boolean {
  return c.name === '<module>' || c.isClassBody;
}

/** Pairs of old and new code, or false when the change reaches beyond function bodies. */
function pair(old: Code, fresh: Code, out: [Code, Code][]): boolean {
  if (!sameInterface(old, fresh)) return false;
  if (isDefinition(old)) {
    if (!sameContent(old, fresh)) return false;
    for (let i = 0; i < old.extras.length; i++) {
      const x = old.extras[i];
      if (isCode(x) && !pair(x, fresh.extras[i] as Code, out)) return false;
    }
  }
  out.push([old, fresh]);
  return true;
}

function become(old: Code, fresh: Code): void {
  old.ops = fresh.ops;
  old.starts = fresh.starts;
  old.ends = fresh.ends;
  old.consts = fresh.consts;
  old.names = fresh.names;
  old.varnames = fresh.varnames;
  old.cellParams = fresh.cellParams;
  old.docstring = fresh.docstring;
  old.branches = fresh.branches;
  old.start = fresh.start;
  old.end = fresh.end;
  // nested definitions are already paired; other nested functions are made anew on each run
  if (!isDefinition(old)) old.extras = fresh.extras;
}

/**
 * Takes a module from one tree to the next. Gives the code objects that are no longer what they
 * were (changed, or moved within their statement), or null when statements must be run anew: `compiled` has those
 * that have been compiled by then.
 */
export function hotSwap(
  module: PyModule,
  tree: PyModule['tree'],
  compiled: Map<TopStatement, SourceUnit>,
): ReadonlySet<Code> | null {
  const old = module.tree;
  if (old === null || tree === null || module.file === null || old.statements.length !== tree.statements.length)
    return null;
  const changed: [number, TopStatement][] = [];
  for (let i = 0; i < tree.statements.length; i++)
    if (old.statements[i] !== tree.statements[i]) changed.push([i, tree.statements[i]!]);
  if (changed.length > 4) return null;
  const stale = new Set<Code>();
  const work: { index: number; top: TopStatement; pairs: [Code, Code][]; made: Code | null }[] = [];
  for (const [index, top] of changed) {
    const before = old.statements[index]!;
    if (before.defines?.kind !== top.defines?.kind) return null;
    if (top.defines === null && before.node.type !== top.node.type) return null;
    const { code } = module.units[index]!;
    if (code === null) {
      // never run: only the names it binds must be the same
      const a = bindingsOf(before);
      const b = bindingsOf(top);
      if (a.isStar !== b.isStar || a.names.size !== b.names.size || [...a.names].some((n) => !b.names.has(n)))
        return null;
      work.push({ index, top, pairs: [], made: null });
      continue;
    }
    const unit = new SourceUnit(top);
    unit.code = compileTopStatement(module.file, unit);
    compiled.set(top, unit);
    const pairs: [Code, Code][] = [];
    if (!pair(code, unit.code, pairs)) return null;
    work.push({ index, top, pairs, made: unit.code });
  }
  for (const { index, top, pairs, made } of work) {
    const unit = module.units[index]!;
    unit.top = top;
    // what functions define inside is taken over as it is
    for (const code of made === null ? [] : nestedCodes(made)) code.unit = unit;
    for (const [a, b] of pairs) {
      if (!isSame(a, b)) stale.add(a);
      become(a, b);
    }
  }
  module.tree = tree;
  return stale;
}
