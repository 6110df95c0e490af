/**
 * What rules look things up in: the functions, classes, calls and imports of one file.
 * The part that depends on a top-level statement alone is remembered with it, so after a
 * keystroke only the statement that changed is indexed again.
 */
import type {
  Call,
  ClassDef,
  Expr,
  FunctionDef,
  Import,
  ImportFrom,
  ModuleTree,
  Stmt,
  TopStatement,
} from '../../syntax/ast.js';
import { eachBoundName } from './bindings.js';
import { type Definition, Flow } from './flow.js';
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

export interface AbsoluteRange {
  readonly start: number;
  readonly end: number;
}

/** One object per text, so that comparing two is comparing references. */
export interface Stamp {
  readonly text: string;
}

/** The last few: one per open file is what a keystroke needs. */
const stamps: Stamp[] = [];

/** By the stamp of the module: one more per header of a class. */
const stampsOfHeaders = new WeakMap<Stamp, Map<string, Stamp>>();

function stampOf(text: string): Stamp {
  const at = stamps.findIndex((stamp) => stamp.text === text);
  const stamp = at < 0 ? { text } : (stamps.splice(at, 1)[0] as Stamp);
  stamps.unshift(stamp);
  if (stamps.length > 64) stamps.pop();
  return stamp;
}

/** A number per statement object: equal numbers mean the same text. */
const serials = new WeakMap<TopStatement, number>();
let lastSerial = 0;

function serialOf(statement: TopStatement): number {
  let serial = serials.get(statement);
  if (serial === undefined) {
    serial = ++lastSerial;
    serials.set(statement, serial);
  }
  return serial;
}

const partOf = new WeakMap<TopStatement, Part>();
/** Parent of every node of an indexed statement. */
const parents = new WeakMap<Node, Node>();
const scopeOfFunction = new WeakMap<FunctionDef, Scope>();

/**
 * How often something was asked for that neither a function itself nor the stamp of its scope settles: its class,
 * or what stands around it. What was found without any such look holds as long as the function is the same.
 */
let looksOutside = 0;

/** Works something out. @returns the value, and whether it is settled by the function that was looked at and its stamp */
export function withinFunction<T>(work: () => T): { readonly value: T; readonly isWithin: boolean } {
  const before = looksOutside;
  const value = work();
  return { value, isWithin: looksOutside === before };
}

/** Notes that what is used now was found by looking outside the function. */
export function lookOutside(): void {
  looksOutside++;
}

export class ModuleIndex {
  readonly parts: readonly Part[];
  readonly top: Scope;
  /**
   * How often something was asked for that the statement of the asker and the stamp do not settle: the text, other
   * statements, what was worked out for the module. What was found without any such look holds while these two stay.
   */
  looksAround = 0;
  /** Local name -> qualified name, from every import in the file (`F` -> `torch.nn.functional`). */
  readonly imports = new Map<string, string>();
  private readonly units = new Map<Stmt, TopStatement>();
  private readonly allFunctions: Scope[] = [];
  private readonly allClasses: ClassDef[] = [];
  private allCalls: readonly Call[] | null = null;
  private topCalls: readonly Call[] | null = null;
  private topFlow: Flow | null = null;
  private topNames: ReadonlyMap<string, Bound> | null = null;
  private stampFound: Stamp | null = null;
  private readonly results = new Map<unknown, unknown>();
  private readonly classesByName = new Map<string, ClassDef>();
  private readonly functionsByName = new Map<string, FunctionDef>();

  constructor(
    private readonly module: ModuleTree,
    private readonly whole: string,
  ) {
    const self = this;
    this.top = {
      node: null,
      name: '<module>',
      owner: null,
      isMethod: false,
      isOfTopClass: false,
      parent: null,
      unit: null,
      quiet: new Quiet(),
      get flow() {
        self.looksAround++;
        self.topFlow ??= new Flow(
          module.statements.map((statement) => statement.node),
          [],
        );
        return self.topFlow;
      },
      get calls() {
        self.looksAround++;
        self.topCalls ??= self.parts.flatMap((part) => part.ownCalls);
        return self.topCalls;
      },
      bindingOf: () => 'ask',
    };
    this.parts = module.statements.map(indexOf);
    for (const part of this.parts) {
      this.units.set(part.unit.node, part.unit);
      for (const node of part.classes) {
        this.allClasses.push(node);
        if (!this.classesByName.has(node.name)) this.classesByName.set(node.name, node);
      }
      for (const statementImport of part.imports) this.addImports(statementImport);
    }
    for (const part of this.parts)
      for (const scope of part.scopes) {
        this.allFunctions.push(scope);
        if (!scope.isMethod && scope.parent === null && !this.functionsByName.has(scope.name))
          this.functionsByName.set(scope.name, scope.node as FunctionDef);
      }
  }

  get tree(): ModuleTree {
    this.looksAround++;
    return this.module;
  }

  get text(): string {
    this.looksAround++;
    return this.whole;
  }

  get functions(): readonly Scope[] {
    this.looksAround++;
    return this.allFunctions;
  }

  get classes(): readonly ClassDef[] {
    this.looksAround++;
    return this.allClasses;
  }

  get calls(): readonly Call[] {
    this.looksAround++;
    this.allCalls ??= this.parts.flatMap((part) => part.calls);
    return this.allCalls;
  }

  /** Works out what depends on one statement and the stamp alone, whatever is looked at for it. */
  settled<T>(work: () => T): T {
    const before = this.looksAround;
    const value = work();
    this.looksAround = before;
    return value;
  }

  /** Works out what the header of a function's class settles, which is in the stamp of its scope. */
  byHeader<T>(scope: Scope, work: () => T): T {
    const before = looksOutside;
    const value = work();
    // the class of a class stands in a body
    if (scope.isOfTopClass) looksOutside = before;
    return value;
  }

  /** What the meaning of a function depends on outside it: that of names, and the header of its class. */
  stampOf(part: Part): Stamp {
    if (part.header === '') return this.stamp;
    let ofHeaders = stampsOfHeaders.get(this.stamp);
    if (ofHeaders === undefined) {
      ofHeaders = new Map();
      stampsOfHeaders.set(this.stamp, ofHeaders);
    }
    let stamp = ofHeaders.get(part.header);
    if (stamp === undefined) {
      stamp = { text: part.header };
      ofHeaders.set(part.header, stamp);
    }
    return stamp;
  }

  /**
   * What the meaning of names in one statement depends on outside it: imports, the names
   * bound at the top level, and the classes that others inherit from. While it stays the
   * same, what was worked out for an unchanged statement holds.
   */
  get stamp(): Stamp {
    this.stampFound ??= stampOf(this.workOutStamp());
    return this.stampFound;
  }

  private workOutStamp(): string {
    const parts = [...this.imports].map(([local, target]) => `${local}=${target}`);
    for (const { unit } of this.parts) {
      const { node } = unit;
      if (node.type === 'FunctionDef') parts.push(node.name);
      else if (node.type === 'ClassDef') parts.push(`class ${node.name}`);
      else if (node.type !== 'Expr' || boundBy(unit).size > 0) parts.push(`#${serialOf(unit)}`);
    }
    for (const node of this.allClasses) {
      parts.push(node.name);
      for (const base of node.bases) {
        const here = base.type === 'Name' ? this.classesByName.get(base.id) : undefined;
        if (here !== undefined) parts.push(`${node.name}<${serialOf(this.holderOf(here))}`);
      }
    }
    return parts.join();
  }

  /** Absolute UTF-16 offsets of a node. */
  range(node: Node): AbsoluteRange {
    const unit = this.holderOf(node);
    return { start: unit.start + node.start, end: unit.start + node.end };
  }

  /** Source text of a node. */
  source(node: Node): string {
    const { start, end } = this.range(node);
    return this.whole.slice(start, end);
  }

  unitOf(node: Node): TopStatement {
    looksOutside++;
    return this.holderOf(node);
  }

  /** The same, for what is kept with the statement and not told. */
  holderOf(node: Node): TopStatement {
    let current: Node = node;
    for (;;) {
      const unit = this.units.get(current as Stmt);
      if (unit !== undefined) return unit;
      const parent = parents.get(current);
      if (parent === undefined) throw new Error(`A ${node.type} node does not belong to this file.`);
      current = parent;
    }
  }

  parent(node: Node): Node | null {
    const parent = parents.get(node) ?? null;
    if (parent?.type === 'ClassDef') looksOutside++;
    return parent;
  }

  /** The nearest ancestor (or the node itself) that is a statement. */
  statementOf(node: Node): Stmt {
    let current: Node = node;
    while (!isStatement(current)) {
      const parent = this.parent(current);
      if (parent === null) throw new Error(`A ${node.type} node stands in no statement.`);
      current = parent;
    }
    return current;
  }

  /** The function a node's code runs in; the top level for class bodies and module code. */
  scopeOf(node: Node): Scope {
    for (let current = this.parent(node); current !== null; current = this.parent(current)) {
      if (current.type === 'FunctionDef') return scopeOfFunction.get(current) ?? this.top;
    }
    return this.top;
  }

  functionScope(node: FunctionDef): Scope | null {
    return scopeOfFunction.get(node) ?? null;
  }

  /** The class whose body directly holds the function, looking through nested functions for `self`. */
  enclosingClass(scope: Scope): ClassDef | null {
    for (let current: Scope | null = scope; current !== null; current = current.parent) {
      if (current.isMethod) return current.owner;
    }
    return null;
  }

  classNamed(name: string): ClassDef | null {
    const found = this.classesByName.get(name);
    // which names are no classes is in the stamp
    if (found === undefined) return null;
    this.looksAround++;
    return found;
  }

  functionNamed(name: string): FunctionDef | null {
    const found = this.functionsByName.get(name);
    if (found === undefined) return null;
    this.looksAround++;
    return found;
  }

  /** What the module's own code binds a name with, told without following it: imports alone, functions and classes alone, or something else too. */
  topBinding(name: string): Binding | null {
    return this.bindings.get(name)?.binding ?? null;
  }

  /** With what the module's own code binds a name, when it does so once. */
  onlyTopBinding(name: string): Pick<Definition, 'kind' | 'value'> | null {
    return this.bindings.get(name)?.only ?? null;
  }

  /** The module's own code may bind the name to something of a package. */
  mayBeAlias(name: string): boolean {
    return this.bindings.get(name)?.isAlias ?? false;
  }

  private get bindings(): ReadonlyMap<string, Bound> {
    this.topNames ??= topBindings(this.module);
    return this.topNames;
  }

  /** Every definition of a name by the module's own code, in source order. */
  topDefinitions(name: string): readonly Definition[] {
    return this.topBinding(name) === null ? [] : this.top.flow.definitionsOf(name);
  }

  /** The list of statements that holds `stmt`, or null. */
  blockOf(stmt: Stmt): readonly Stmt[] | null {
    const parent = this.parent(stmt);
    if (parent === null) return this.tree.statements.map((statement) => statement.node);
    for (const block of blocksOf(parent)) if (block.includes(stmt)) return block;
    return null;
  }

  /**
   * The nodes of these types in the code that a scope runs itself, without nested functions and classes, in source
   * order. What a node holds is left out when `visit` returns false for it. The lists are kept with the statements.
   */
  eachNode<T extends Node['type']>(
    scope: Scope,
    types: NodeTypes<T>,
    visit: (node: Extract<Node, { type: T }>) => unknown,
  ): void {
    if (scope.node !== null) eachOf(ownNodes(scope.node, scope.node.body, types), visit);
    else {
      this.looksAround++;
      for (const part of this.parts) this.eachTopNode(part, types, visit);
    }
  }

  /** The same for what the module itself runs of one statement. */
  eachTopNode<T extends Node['type']>(
    { unit: { node } }: Part,
    types: NodeTypes<T>,
    visit: (node: Extract<Node, { type: T }>) => unknown,
  ): void {
    if (node.type !== 'FunctionDef' && node.type !== 'ClassDef') eachOf(ownNodes(node, [node], types), visit);
  }

  /** What was worked out for this text, the first time it is asked for. `work` is the key: a function of a module. */
  once<T>(work: (index: ModuleIndex) => T): T {
    this.looksAround++;
    if (!this.results.has(work)) this.results.set(work, work(this));
    return this.results.get(work) as T;
  }

  /** True when `outer` is `node` or holds it. */
  contains(outer: Node, node: Node): boolean {
    for (let current: Node | null = node; current !== null; current = this.parent(current)) {
      if (current === outer) return true;
    }
    return false;
  }

  private addImports(node: Import | ImportFrom): void {
    for (const alias of node.names) {
      if (node.type === 'Import') {
        if (alias.asname !== null) this.imports.set(alias.asname, alias.name);
        else {
          const root = alias.name.split('.')[0] as string;
          this.imports.set(root, root);
        }
      } else if (alias.name !== '*') {
        const module = `${'.'.repeat(node.level)}${node.module ?? ''}`;
        this.imports.set(
          alias.asname ?? alias.name,
          module.endsWith('.') ? module + alias.name : `${module}.${alias.name}`,
        );
      }
    }
  }
}

/** Types of nodes to look for, one object per set, so that lists of them are found again. */
export interface NodeTypes<T extends Node['type']> {
  readonly types: ReadonlySet<T>;
}

const typeSets = new Map<string, NodeTypes<Node['type']>>();

export function nodeTypes<const T extends Node['type']>(...types: readonly T[]): NodeTypes<T> {
  const key = types.join();
  let known = typeSets.get(key);
  if (known === undefined) {
    known = { types: new Set(types) };
    typeSets.set(key, known);
    for (const type of types) typesOfInterest.add(type);
  }
  return known as unknown as NodeTypes<T>;
}

/** Every type that some rule looks for: one walk gathers them all, and lists of a few types are chosen from what it found. */
const typesOfInterest = new Set<string>();

interface OwnNodes {
  readonly all: readonly Node[];
  /** How many types were of interest when they were gathered. */
  readonly types: number;
  readonly lists: Map<NodeTypes<never>, readonly Node[]>;
}

/** Nodes by the function (or top-level statement) whose code they are. */
const nodesOf = new WeakMap<Node, OwnNodes>();

function ownNodes<T extends Node['type']>(
  owner: Node,
  body: readonly Stmt[],
  wanted: NodeTypes<T>,
): readonly Extract<Node, { type: T }>[] {
  let own = nodesOf.get(owner);
  if (own?.types !== typesOfInterest.size) {
    own = { all: gather(body, typesOfInterest), types: typesOfInterest.size, lists: new Map() };
    nodesOf.set(owner, own);
  }
  const key = wanted as unknown as NodeTypes<never>;
  let list = own.lists.get(key);
  if (list === undefined) {
    const types: ReadonlySet<string> = wanted.types;
    list = own.all.filter((node) => types.has(node.type));
    own.lists.set(key, list);
  }
  return list as readonly Extract<Node, { type: T }>[];
}

function gather(body: readonly Stmt[], types: ReadonlySet<string>): Node[] {
  const found: Node[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'FunctionDef' || node.type === 'ClassDef') return;
    if (types.has(node.type)) found.push(node);
    forEachChild(node, visit);
  };
  for (const stmt of body) visit(stmt);
  return found;
}

function eachOf<N extends Node>(nodes: readonly N[], visit: (node: N) => unknown): void {
  for (let at = 0; at < nodes.length; at++) {
    const { start, end } = nodes[at] as N;
    if (visit(nodes[at] as N) !== false) continue;
    // the nodes that it holds come right after it
    while (at + 1 < nodes.length && (nodes[at + 1] as N).start >= start && (nodes[at + 1] as N).end <= end) at++;
  }
}

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

function indexOf(unit: TopStatement): Part {
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

type Binding = 'import' | 'definition' | 'other';

interface Bound {
  readonly binding: Binding;
  /** When the module binds the name once, and not by a function or class of its own: with what. */
  readonly only: Pick<Definition, 'kind' | 'value'> | null;
  /** Some definition is an import or another name: the name may stand for something of a package. */
  readonly isAlias: boolean;
}

/** Names that a top-level statement binds, kept with it. */
const bound = new WeakMap<TopStatement, ReadonlyMap<string, Bound>>();

function boundBy(statement: TopStatement): ReadonlyMap<string, Bound> {
  let names = bound.get(statement);
  if (names === undefined) {
    const { node } = statement;
    const found = new Map<string, Bound>();
    if (node.type === 'FunctionDef' || node.type === 'ClassDef')
      found.set(node.name, { binding: 'definition', only: null, isAlias: false });
    else
      for (const one of new Flow([node], []).definitions) {
        const { name, kind, value } = one;
        const binding = kind === 'import' ? kind : kind === 'function' || kind === 'class' ? 'definition' : 'other';
        const isAlias = kind === 'import' || value?.type === 'Name' || value?.type === 'Attribute';
        join(found, name, { binding, only: { kind, value }, isAlias });
      }
    names = found;
    bound.set(statement, names);
  }
  return names;
}

function join(all: Map<string, Bound>, name: string, one: Bound): void {
  const known = all.get(name);
  if (known === undefined) {
    all.set(name, one);
    return;
  }
  const binding = known.binding === one.binding ? one.binding : 'other';
  all.set(name, { binding, only: null, isAlias: known.isAlias || one.isAlias });
}

function topBindings({ statements }: ModuleTree): ReadonlyMap<string, Bound> {
  const all = new Map<string, Bound>();
  for (const statement of statements) for (const [name, one] of boundBy(statement)) join(all, name, one);
  return all;
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
      looksOutside++;
      const owner = parents.get(node);
      return owner?.type === 'ClassDef' ? owner : null;
    },
    isMethod: holder?.type === 'ClassDef',
    get isOfTopClass() {
      return parents.get(node) === home.unit.node;
    },
    parent,
    get unit() {
      looksOutside++;
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

const statementTypes = new Set<string>([
  'FunctionDef',
  'ClassDef',
  'Return',
  'Delete',
  'Assign',
  'AugAssign',
  'AnnAssign',
  'For',
  'While',
  'If',
  'With',
  'Match',
  'Raise',
  'Try',
  'Assert',
  'Import',
  'ImportFrom',
  'Global',
  'Nonlocal',
  'Expr',
  'Pass',
  'Break',
  'Continue',
  'TypeAlias',
]);

export function isStatement(node: Node): node is Stmt {
  return statementTypes.has(node.type);
}

/** The statement lists directly inside a node. */
export function blocksOf(node: Node): readonly (readonly Stmt[])[] {
  switch (node.type) {
    case 'FunctionDef':
    case 'ClassDef':
    case 'With':
      return [node.body];
    case 'If':
    case 'For':
    case 'While':
      return [node.body, node.orelse];
    case 'Try':
      return [node.body, ...node.handlers.map((handler) => handler.body), node.orelse, node.finalbody];
    case 'Match':
      return node.cases.map((branch) => branch.body);
    default:
      return [];
  }
}

/** The first parameter of a method: `self`, or `cls`. */
export function isSelf(node: Expr, scope: Scope): boolean {
  if (node.type !== 'Name') return false;
  for (let current: Scope | null = scope; current !== null; current = current.parent) {
    if (current.isMethod) {
      if (current.node?.decorators.some((decorator) => decorator.type === 'Name' && decorator.id === 'staticmethod'))
        return false;
      const args = current.node?.args;
      return (args?.posonlyargs[0] ?? args?.args[0])?.arg === node.id;
    }
  }
  return false;
}
