/**
 * The top-level statements of a file with their functions, classes and calls. What is found in a function at the top
 * of a file, or in a class there, goes on with its node when the code around it is edited.
 */
import type { Call, ClassDef, FunctionDef, Import, ImportFrom, Stmt, TopStatement } from '../../syntax/ast.js';
import { eachBoundName } from './bindings.js';
import { Flow } from './flow.js';
import { lookOutside } from './looks.js';
import { Quiet } from './quiet.js';
import { allParameters, forEachChild, type Node } from './walk.js';

/** A function, or the module's top level (`node` null). It lives as long as its function, whatever is edited around it. */
export interface Scope {
  readonly node: FunctionDef | null;
  readonly name: string;
  /** The class whose body holds the function. */
  readonly owner: ClassDef | null;
  readonly isMethod: boolean;
  /** Whether that class is a top-level statement. */
  readonly isOfTopClass: boolean;
  readonly parent: Scope | null;
  /** The top-level statement that holds the function; null for the module. */
  readonly unit: TopStatement | null;
  /** Which rules have nothing to say about it. */
  readonly quiet: Quiet;
  readonly flow: Flow;
  readonly calls: readonly Call[];
  /** Whether `flow` binds a name, as far as can be told without working it out: `parameter`, and nothing else does. */
  bindingOf(name: string): 'none' | 'parameter' | 'ask';
}

/** One top-level statement. */
export interface Part {
  readonly unit: TopStatement;
  /** What a class is but for its body: its name, decorators, bases; empty for anything else. */
  readonly header: string;
  /** Of its functions, in source order. */
  readonly scopes: readonly Scope[];
  readonly classes: readonly ClassDef[];
  readonly calls: readonly Call[];
  /** Calls that no function holds: the module runs them itself. */
  readonly ownCalls: readonly Call[];
  readonly imports: readonly (Import | ImportFrom)[];
  /** Which rules have nothing to say about it. */
  readonly quiet: Quiet;
  /** Answers to questions about its text. */
  readonly answers: Map<(text: string) => boolean, boolean>;
}

const partOf = new WeakMap<TopStatement, Part>();
/** Parent of every node of an indexed statement. */
export const parents = new WeakMap<Node, Node>();
export const scopeOfFunction = new WeakMap<FunctionDef, Scope>();

/** What a walk through a statement finds, in source order. */
interface Found {
  readonly scopes: Scope[];
  readonly classes: ClassDef[];
  readonly calls: Call[];
  readonly ownCalls: Call[];
  readonly imports: (Import | ImportFrom)[];
}

/** Of a function at the top of a file or in a class there: it holds as long as the function is the same object. */
interface Member extends Found {
  /** The statement that it stands in now. */
  readonly home: Home;
}

interface Home {
  unit: TopStatement;
}

const members = new WeakMap<FunctionDef, Member>();

export function indexOf(unit: TopStatement): Part {
  const known = partOf.get(unit);
  if (known !== undefined) return known;
  const { node } = unit;
  const found = node.type === 'FunctionDef' ? memberOf(node, unit) : walkThrough(node, { unit });
  const header = node.type === 'ClassDef' ? unit.text.slice(0, node.body[0]?.start ?? unit.length) : '';
  const part = { ...found, unit, header, quiet: new Quiet(), answers: new Map() };
  partOf.set(unit, part);
  return part;
}

function memberOf(node: FunctionDef, unit: TopStatement): Member {
  let member = members.get(node);
  if (member === undefined) {
    const home = { unit };
    member = { ...walkThrough(node, home), home };
    members.set(node, member);
  }
  member.home.unit = unit;
  return member;
}

function walkThrough(root: Stmt, home: Home): Found {
  const found: Found = { scopes: [], classes: [], calls: [], ownCalls: [], imports: [] };
  const callsOf = new Map<FunctionDef, Call[]>();
  const boundIn = new Map<FunctionDef, Set<string>>();
  /** In source order; what is not a scope yet becomes one at the end. */
  const functions: (FunctionDef | Scope)[] = [];
  let parent: Node = root;
  let own = found.ownCalls;
  let names: Set<string> | null = null;
  const bind = (name: string): void => void names?.add(name);
  const look = (node: Node): void => {
    if (names !== null) eachBoundName(node, bind);
    if (node.type === 'Call') {
      found.calls.push(node);
      own.push(node);
    } else if (node.type === 'FunctionDef') {
      functions.push(node);
      own = [];
      callsOf.set(node, own);
      names = new Set();
      boundIn.set(node, names);
    } else if (node.type === 'ClassDef') found.classes.push(node);
    else if (node.type === 'Import' || node.type === 'ImportFrom') found.imports.push(node);
    parent = node;
    forEachChild(node, visit);
  };
  const visit = (node: Node): void => {
    const outer = parent;
    parents.set(node, outer);
    if (outer === root && root.type === 'ClassDef' && node.type === 'FunctionDef') {
      const member = memberOf(node, home.unit);
      functions.push(...member.scopes);
      found.classes.push(...member.classes);
      found.calls.push(...member.calls);
      found.imports.push(...member.imports);
      return;
    }
    const outerCalls = own;
    const outerNames = names;
    look(node);
    parent = outer;
    own = outerCalls;
    names = outerNames;
  };
  look(root);
  for (const one of functions)
    found.scopes.push(
      'flow' in one ? one : scopeFor(one, callsOf.get(one) ?? [], boundIn.get(one) as Set<string>, home),
    );
  return found;
}

/** A function's scope: nothing in it depends on other statements. Outer functions come first. */
function scopeFor(node: FunctionDef, calls: readonly Call[], bound: ReadonlySet<string>, home: Home): Scope {
  const holder = parents.get(node);
  let parent: Scope | null = null;
  for (let current = holder; current !== undefined && parent === null; current = parents.get(current))
    if (current.type === 'FunctionDef') parent = scopeOfFunction.get(current) ?? null;
  const parameters = allParameters(node.args);
  let flow: Flow | null = null;
  const scope: Scope = {
    node,
    name: node.name,
    get owner() {
      lookOutside();
      const owner = parents.get(node);
      return owner?.type === 'ClassDef' ? owner : null;
    },
    isMethod: holder?.type === 'ClassDef',
    get isOfTopClass() {
      return parents.get(node) === home.unit.node;
    },
    parent,
    get unit() {
      lookOutside();
      return home.unit;
    },
    quiet: new Quiet(),
    get flow() {
      flow ??= new Flow(node.body, parameters);
      return flow;
    },
    calls,
    bindingOf: (name) =>
      bound.has(name) ? 'ask' : parameters.some((parameter) => parameter.arg === name) ? 'parameter' : 'none',
  };
  scopeOfFunction.set(node, scope);
  return scope;
}
