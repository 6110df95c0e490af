/**
 * Where a file trains: functions and script statements that compute gradients, found in the tree
 * without running anything. Each root (a script, or a function that no other training function of the
 * file calls) is one entry; its lens stands at the loop.
 */
import { lookup } from '../python/classes.js';
import { PyFunction, type PyModule } from '../python/objects.js';
import { PyClass, type Value } from '../python/values.js';
import type { ClassDef, Expr, For, FunctionDef, ModuleTree, Stmt, TopStatement, While } from '../syntax/ast.js';
import { definitionOf } from './shapeHints.js';

type Loop = For | While;

/** A name or attribute that a function or statement uses, with the loops around it, outermost first. */
interface Site {
  readonly name: string;
  readonly isMethod: boolean;
  readonly node: Expr;
  readonly loops: readonly Loop[];
}

/** A function, a method or a statement of the script. */
interface Unit {
  readonly name: string;
  readonly owner: ClassDef | null;
  readonly node: FunctionDef | Stmt;
  readonly top: number;
  readonly sites: readonly Site[];
  /** Those that may train by themselves; most functions of a file of models have none. */
  readonly leads: readonly Site[];
}

export interface TrainingRoot {
  /** `train()`, or `__main__` when the loop stands in the script itself. */
  readonly entry: string;
  readonly name: string;
  readonly kind: 'script' | 'function';
  /** Calls it: for functions; null for scripts. */
  readonly call: string | null;
  /** Indices of the script's statements that train. */
  readonly statements: ReadonlySet<number>;
  /** Arguments that nobody gives. */
  readonly missing: string | null;
  /** Top-level statement in which the loop stands, and the loop's keyword (or the function's name), relative to it. */
  readonly top: number;
  readonly start: number;
  readonly end: number;
}

/** Gradients are computed, or made ready for: a scaler of one's own may do the former out of sight. */
const gradientMethods = new Set(['backward', 'manual_backward', 'zero_grad']);
const isBackward = (s: Site): boolean => s.isMethod && gradientMethods.has(s.name);

/** Functions of other files that a training script may call. */
const trainingName = /train|fit|epoch|step|learn|optimi[sz]e|run|main|update/i;
const isLead = (s: Site): boolean => isBackward(s) || (s.isMethod ? s.name === 'fit' : trainingName.test(s.name));

type UnitInside = Omit<Unit, 'top'>;

const perStatement = new WeakMap<Stmt, readonly UnitInside[]>();
const perBody = new WeakMap<readonly Stmt[], Pick<Unit, 'sites' | 'leads'>>();

/** Of a function, whose body goes on as long as an edit leaves it alone, or of a statement of the script. */
function sitesOf(body: readonly Stmt[]): Pick<Unit, 'sites' | 'leads'> {
  let known = perBody.get(body);
  if (known === undefined) {
    const sites = sitesIn(body);
    known = { sites, leads: sites.filter(isLead) };
    perBody.set(body, known);
  }
  return known;
}

function sitesIn(body: readonly Stmt[]): Site[] {
  const sites: Site[] = [];
  const visit = (node: unknown, loops: readonly Loop[]): void => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) {
      for (const n of node) visit(n, loops);
      return;
    }
    const n = node as Stmt | Expr;
    // a function that is passed on is called by whoever gets it
    if (n.type === 'Name') sites.push({ name: n.id, isMethod: false, node: n, loops });
    else if (n.type === 'Attribute') sites.push({ name: n.attr, isMethod: true, node: n, loops });
    const inner = n.type === 'For' || n.type === 'While' ? [...loops, n] : loops;
    for (const key in node) {
      const value = (node as Record<string, unknown>)[key];
      if (typeof value === 'object' && value !== null) visit(value, key === 'body' ? inner : loops);
    }
  };
  visit(body, []);
  return sites;
}

function unitsOf(node: Stmt): readonly UnitInside[] {
  const known = perStatement.get(node);
  if (known !== undefined) return known;
  const units: UnitInside[] = [];
  const unit = (name: string, owner: ClassDef | null, n: Stmt, body: readonly Stmt[]): void =>
    void units.push({ name, owner, node: n, ...sitesOf(body) });
  const take = (n: Stmt, owner: ClassDef | null): void => {
    if (n.type === 'FunctionDef') unit(n.name, owner, n, n.body);
    else if (n.type === 'ClassDef') {
      if (owner === null) for (const m of n.body) if (m.type === 'FunctionDef') take(m, n);
    } else if (n.type !== 'Import' && n.type !== 'ImportFrom' && owner === null) unit('', owner, n, [n]);
  };
  take(node, null);
  perStatement.set(node, units);
  return units;
}

export type Resolve = (name: string, module?: PyModule) => Value | undefined;

/** Whether a function of another file computes gradients itself or through functions beside it. */
function trainsElsewhere(f: Value | undefined, resolve: Resolve, depth = 3): boolean {
  if (depth === 0) return false;
  // Its methods alone: classes that hold one another have no end
  if (f instanceof PyClass)
    return (
      lookup(f, '__is_nn_module__') !== true &&
      [...f.dict.values()].some((m) => m instanceof PyFunction && trainsElsewhere(m, resolve, 1))
    );
  if (!(f instanceof PyFunction) || f.code.file.internal) return false;
  const node = definitionOf(f);
  if (node === null) return false;
  const { sites } = sitesOf(node.body);
  if (sites.some(isBackward)) return true;
  const names = new Set(sites.filter((s) => !s.isMethod && trainingName.test(s.name)).map((s) => s.name));
  for (const name of names)
    if (name !== f.code.name && trainsElsewhere(resolve(name, f.globals), resolve, depth - 1)) return true;
  return false;
}

/** What one top-level statement says of training, before anybody looks into it. */
interface Hints {
  /** Names that it imports. */
  readonly imports: readonly string[];
  /** Whether one of them may train. */
  readonly importsTraining: boolean;
  /** Whether it imports a library whose trainers have a method `fit`. */
  readonly fits: boolean;
  /** Whether a method that computes gradients is named. */
  readonly namesGradients: boolean;
}

const hints = new WeakMap<TopStatement, Hints>();

/** Statements that an edit left alone are known. */
function hintsOf(statement: TopStatement): Hints {
  let known = hints.get(statement);
  if (known === undefined) {
    const { text } = statement;
    const node = statement.defines === null ? statement.node : null;
    const imports = node?.type === 'ImportFrom' ? node.names.map((a) => a.asname ?? a.name) : [];
    known = {
      imports,
      importsTraining: imports.some((name) => trainingName.test(name)),
      fits: (node?.type === 'Import' || node?.type === 'ImportFrom') && text.includes('lightning'),
      namesGradients: [...gradientMethods].some((method) => text.includes(method)),
    };
    hints.set(statement, known);
  }
  return known;
}

/** `resolve`: the value of a name in the file, run on demand. */
export function trainingRoots(tree: ModuleTree, resolve: Resolve): TrainingRoot[] {
  const all = tree.statements.map(hintsOf);
  const fits = all.some((one) => one.fits);
  // without any of it a file trains nothing
  if (!fits && !all.some((one) => one.importsTraining || one.namesGradients)) return [];
  const imported = new Set(all.flatMap((one) => one.imports));
  const elsewhere = new Map<string, boolean>();
  const importedTrains = (name: string): boolean => {
    let known = elsewhere.get(name);
    if (known === undefined) {
      known = imported.has(name) && trainingName.test(name) && trainsElsewhere(resolve(name), resolve);
      elsewhere.set(name, known);
    }
    return known;
  };
  // which units train: directly, or through one that does
  const direct = (u: UnitInside): Site | undefined =>
    u.leads.find(
      (s) => isBackward(s) || (fits && s.isMethod && s.name === 'fit') || (!s.isMethod && importedTrains(s.name)),
    );
  if (!tree.statements.some((s) => unitsOf(s.node).some((u) => direct(u) !== undefined))) return [];
  const units: Unit[] = tree.statements.flatMap((s, top) => unitsOf(s.node).map((u) => ({ ...u, top })));
  const functions = new Map<string, Unit[]>();
  for (const u of units) if (u.name !== '') functions.set(u.name, [...(functions.get(u.name) ?? []), u]);
  // a method is known by its name alone
  const callees = (u: Unit, s: Site): readonly Unit[] =>
    (functions.get(s.name) ?? []).filter((f) => f !== u && (f.owner !== null) === s.isMethod);
  const trains = new Set(units.filter((u) => direct(u) !== undefined));
  for (let grew = true; grew; ) {
    grew = false;
    for (const u of units) {
      if (trains.has(u)) continue;
      if (u.sites.some((s) => callees(u, s).some((f) => trains.has(f)))) {
        trains.add(u);
        grew = true;
      }
    }
  }
  // a model's own backward helper, or an autograd function, is no training loop
  const called = new Set<Unit>();
  const reach = (u: Unit): void => {
    for (const s of u.sites)
      for (const f of callees(u, s)) {
        if (!trains.has(f) || called.has(f)) continue;
        called.add(f);
        reach(f);
      }
  };
  const script = units.filter((u) => u.name === '' && trains.has(u));
  for (const u of script) reach(u);
  const roots: TrainingRoot[] = [];
  if (script.length > 0) {
    const statements = new Set(script.map((u) => u.top));
    const at = loopOf(script[0]!, direct, callees, trains);
    const name = at.unit.name === '' ? '__main__' : at.unit.name;
    roots.push({
      entry: at.unit.name === '' ? '__main__' : `${name}()`,
      name,
      kind: 'script',
      call: null,
      statements,
      missing: null,
      ...at.where,
    });
  }
  const rest = units.filter((u) => u.name !== '' && trains.has(u) && !called.has(u));
  const below = new Set<Unit>();
  for (const u of rest) {
    called.clear();
    reach(u);
    for (const c of called) if (c !== u) below.add(c);
  }
  for (const u of rest) {
    if (below.has(u)) continue;
    const at = loopOf(u, direct, callees, trains);
    const node = u.node as FunctionDef;
    const required = requiredOf(node, u.owner !== null);
    const name = at.unit.name;
    roots.push({
      entry: `${name}()`,
      name,
      kind: 'function',
      call: u.owner === null ? `${u.name}()` : `${u.owner.name}().${u.name}()`,
      statements: new Set(),
      missing: required.length === 0 ? null : `needs argument${required.length > 1 ? 's' : ''} ${required.join(', ')}`,
      ...at.where,
    });
  }
  return roots;
}

function requiredOf(f: FunctionDef, isMethod: boolean): string[] {
  const { args } = f;
  const positional = [...args.posonlyargs, ...args.args].slice(isMethod ? 1 : 0);
  return [...positional, ...args.kwonlyargs].filter((a) => a.default === null).map((a) => a.arg);
}

/** The loop that trains, followed from a root through its calls to where gradients are computed. */
function loopOf(
  root: Unit,
  direct: (u: Unit) => Site | undefined,
  callees: (u: Unit, s: Site) => readonly Unit[],
  trains: ReadonlySet<Unit>,
): { unit: Unit; where: { top: number; start: number; end: number } } {
  let unit = root;
  const way: { readonly unit: Unit; readonly loop: Loop | null; readonly start: number }[] = [];
  const seen = new Set<Unit>();
  for (;;) {
    seen.add(unit);
    const own = direct(unit);
    const further = (s: Site): Unit | undefined => callees(unit, s).find((f) => trains.has(f) && !seen.has(f));
    const on: Site | undefined = own ?? unit.sites.find((s) => further(s) !== undefined);
    if (on === undefined) break;
    way.push({ unit, loop: innermost(on, own !== undefined, unit), start: on.node.start });
    if (own !== undefined) break;
    unit = further(on)!;
  }
  for (let i = way.length - 1; i >= 0; i--) {
    const { unit: u, loop } = way[i]!;
    if (loop !== null) {
      const length = loop.type === 'For' ? 3 : 5;
      return { unit: u, where: { top: u.top, start: loop.start, end: loop.start + length } };
    }
  }
  // a trainer that others wrote has its loop elsewhere
  const last = way[way.length - 1];
  const u = last?.unit ?? root;
  const start = u.node.type === 'FunctionDef' && u.name !== '' ? u.node.nameStart : (last?.start ?? u.node.start);
  return { unit: u, where: { top: u.top, start, end: start + Math.max(u.name.length, 2) } };
}

/** Around a backward pass the innermost loop in which an optimiser steps too, else the outermost around it. */
function innermost(site: Site, isDirect: boolean, unit: Unit): Loop | null {
  const { loops } = site;
  if (!isDirect) return loops[loops.length - 1] ?? null;
  for (let i = loops.length - 1; i >= 0; i--)
    if (unit.sites.some((s) => s.isMethod && s.name === 'step' && s.loops.includes(loops[i]!))) return loops[i]!;
  return loops[loops.length - 1] ?? null;
}
