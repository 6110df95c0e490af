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
import { LatestTexts } from '../../syntax/latestTexts.js';
import { type Definition, Flow } from './flow.js';
import { lookOutside } from './looks.js';
import { eachOf, type NodeTypes, ownNodes } from './ownNodes.js';
import { indexOf, type Part, parents, type Scope, scopeOfFunction } from './parts.js';
import { Quiet } from './quiet.js';
import { type Binding, type Bound, boundBy, topBindings } from './topBindings.js';
import type { Node } from './walk.js';

export interface AbsoluteRange {
  readonly start: number;
  readonly end: number;
}

/** One object per text, so that comparing two is comparing references. */
export interface Stamp {
  readonly text: string;
}

const stamps = new LatestTexts<Stamp>(64, (text) => ({ text }));

/** By the stamp of the module: one more per header of a class. */
const stampsOfHeaders = new WeakMap<Stamp, Map<string, Stamp>>();

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
    this.stampFound ??= stamps.of(this.workOutStamp());
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
    lookOutside();
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
    if (parent?.type === 'ClassDef') lookOutside();
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
