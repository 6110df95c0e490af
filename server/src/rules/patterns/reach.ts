/**
 * What is said near a function, in code: in its own class or function, in what it calls and in what calls it, and at the
 * top level of the module. A file often holds several programs; what one of them does says nothing about the others. And
 * comments and docstrings say nothing at all: "no zero_grad here" is no zero_grad.
 */
import type { Stmt, TopStatement } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { type Node, walk } from '../semantic/walk.js';

/** The words stand in the code, not only in a comment or a docstring. */
export function says(words: RegExp, index: ModuleIndex): boolean {
  return sayers(words, index).length > 0;
}

/** The words stand in code that runs with the function. */
export function saysNear(words: RegExp, scope: Scope, index: ModuleIndex): boolean {
  const units = sayers(words, index);
  if (units.length === 0) return false;
  const reach = reachOf(scope, index);
  return units.some((unit) => reach.has(unit));
}

/** What statements say, kept with them: after a keystroke one of them is read again. */
const said = new WeakMap<TopStatement, Map<string, boolean>>();

/** The statements in whose code the words stand. */
function sayers(words: RegExp, index: ModuleIndex): readonly TopStatement[] {
  const known = index.once(sayersByWords);
  let found = known.get(words.source);
  if (found === undefined) {
    found = index.tree.statements.filter((unit) => unitSays(words, unit, index));
    known.set(words.source, found);
  }
  return found;
}

function sayersByWords(): Map<string, readonly TopStatement[]> {
  return new Map();
}

function unitSays(words: RegExp, unit: TopStatement, index: ModuleIndex): boolean {
  let answers = said.get(unit);
  if (answers === undefined) {
    answers = new Map();
    said.set(unit, answers);
  }
  let answer = answers.get(words.source);
  if (answer === undefined) {
    answer = words.test(unit.text) && words.test(codeOf(unit, index));
    answers.set(words.source, answer);
  }
  return answer;
}

/** The node stands in code that runs with the function. */
export function isWithin(node: Node, scope: Scope, index: ModuleIndex): boolean {
  return reachOf(scope, index).has(index.unitOf(node));
}

const codes = new WeakMap<TopStatement, string>();

/** The text of a statement without comments and docstrings. */
function codeOf(unit: TopStatement, index: ModuleIndex): string {
  let code = codes.get(unit);
  if (code === undefined) {
    code = withoutProse(unit, index);
    codes.set(unit, code);
  }
  return code;
}

function withoutProse(unit: TopStatement, index: ModuleIndex): string {
  const { start, text } = unit;
  const holes: { start: number; end: number }[] = [];
  for (const comment of commentsByUnit(index).get(unit) ?? [])
    holes.push({ start: comment.start - start, end: comment.end - start });
  const dropDocstring = (body: readonly Stmt[]): void => {
    const first = body[0];
    if (first?.type === 'Expr' && first.value.type === 'Constant' && typeof first.value.value === 'string')
      holes.push({ start: first.start, end: first.end });
  };
  dropDocstring([unit.node]);
  walk(unit.node, (node) => {
    if (node.type === 'FunctionDef' || node.type === 'ClassDef') dropDocstring(node.body);
  });
  let code = '';
  let at = 0;
  for (const hole of holes.sort((a, b) => a.start - b.start)) {
    if (hole.start < at) continue;
    code += text.slice(at, hole.start);
    at = hole.end;
  }
  return code + text.slice(at);
}

function commentsByUnit(index: ModuleIndex): ReadonlyMap<TopStatement, readonly { start: number; end: number }[]> {
  return index.once(sortComments);
}

function sortComments(index: ModuleIndex): ReadonlyMap<TopStatement, { start: number; end: number }[]> {
  const found = new Map<TopStatement, { start: number; end: number }[]>();
  const { statements, comments } = index.tree;
  let at = 0;
  for (const comment of comments) {
    while (at < statements.length && endOf(statements[at] as TopStatement) <= comment.start) at++;
    const unit = statements[at];
    if (unit === undefined) break;
    if (comment.start < unit.start) continue;
    const own = found.get(unit);
    if (own === undefined) found.set(unit, [comment]);
    else own.push(comment);
  }
  return found;
}

function endOf(unit: TopStatement): number {
  return unit.start + unit.text.length;
}

interface Unit {
  /** Functions and classes that the statement binds, and the methods of its classes. */
  readonly functions: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  readonly calls: ReadonlySet<string>;
  readonly methodCalls: ReadonlySet<string>;
  /** Names of the classes' bases. */
  readonly bases: ReadonlySet<string>;
  readonly isDefinition: boolean;
}

const units = new WeakMap<TopStatement, Unit>();

function unitOf(statement: TopStatement): Unit {
  let unit = units.get(statement);
  if (unit !== undefined) return unit;
  const functions = new Set<string>();
  const methods = new Set<string>();
  const calls = new Set<string>();
  const methodCalls = new Set<string>();
  const bases = new Set<string>();
  const { node } = statement;
  walk(node, (inner) => {
    if (inner.type === 'FunctionDef') functions.add(inner.name);
    else if (inner.type === 'ClassDef') {
      functions.add(inner.name);
      for (const stmt of inner.body) if (stmt.type === 'FunctionDef') methods.add(stmt.name);
      for (const base of inner.bases) if (base.type === 'Name') bases.add(base.id);
    } else if (inner.type === 'Call') {
      if (inner.func.type === 'Name') calls.add(inner.func.id);
      else if (inner.func.type === 'Attribute') methodCalls.add(inner.func.attr);
    }
  });
  for (const name of methods) functions.delete(name);
  unit = {
    functions,
    methods,
    calls,
    methodCalls,
    bases,
    isDefinition: node.type === 'FunctionDef' || node.type === 'ClassDef',
  };
  units.set(statement, unit);
  return unit;
}

function reachOf(scope: Scope, index: ModuleIndex): ReadonlySet<TopStatement> {
  if (scope.unit === null || !unitOf(scope.unit).isDefinition) return new Set(index.tree.statements);
  const known = index.once(reaches);
  let reach = known.get(scope.unit);
  if (reach === undefined) {
    reach = workOutReach(scope.unit, index);
    known.set(scope.unit, reach);
  }
  return reach;
}

function reaches(): Map<TopStatement, ReadonlySet<TopStatement>> {
  return new Map();
}

function workOutReach(own: TopStatement, index: ModuleIndex): ReadonlySet<TopStatement> {
  const names = index.once(unitsByName);
  const reach = new Set<TopStatement>();
  const close = (next: (unit: Unit) => Iterable<TopStatement>): void => {
    const seen = new Set([own]);
    for (const from of seen) for (const to of next(unitOf(from))) seen.add(to);
    for (const one of seen) reach.add(one);
  };
  // what it calls; what a class inherits runs with it
  close((unit) => [
    ...found(unit.calls, names.functions),
    ...found(unit.methodCalls, names.methods),
    ...found(unit.bases, names.functions),
  ]);
  // what calls it
  close((unit) => [...found(unit.functions, names.callers), ...found(unit.methods, names.methodCallers)]);
  // An import alone does nothing
  for (const statement of index.tree.statements)
    if (!unitOf(statement).isDefinition && !/^Import/.test(statement.node.type)) reach.add(statement);
  return reach;
}

type ByName = ReadonlyMap<string, readonly TopStatement[]>;

/** Who defines and who calls what, in one file. */
function unitsByName(index: ModuleIndex): Record<'functions' | 'methods' | 'callers' | 'methodCallers', ByName> {
  const maps = {
    functions: new Map<string, TopStatement[]>(),
    methods: new Map<string, TopStatement[]>(),
    callers: new Map<string, TopStatement[]>(),
    methodCallers: new Map<string, TopStatement[]>(),
  };
  const add = (map: Map<string, TopStatement[]>, names: Iterable<string>, statement: TopStatement): void => {
    for (const name of names) {
      const own = map.get(name);
      if (own === undefined) map.set(name, [statement]);
      else own.push(statement);
    }
  };
  for (const statement of index.tree.statements) {
    const unit = unitOf(statement);
    add(maps.functions, unit.functions, statement);
    add(maps.methods, unit.methods, statement);
    add(maps.callers, unit.calls, statement);
    add(maps.methodCallers, unit.methodCalls, statement);
  }
  return maps;
}

function* found(names: ReadonlySet<string>, map: ByName): Generator<TopStatement> {
  for (const name of names) yield* map.get(name) ?? [];
}
