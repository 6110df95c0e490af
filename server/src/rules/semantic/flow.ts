/**
 * Def-use chains of one function (or of a module's top level): which assignments can
 * reach a use of a name. Python's structured control flow makes this a walk in
 * execution order with a join after each branch; loops are walked twice.
 *
 * What is not followed is marked, so that rules can stay silent: names read by nested
 * functions (`captured`), and names declared `global` or `nonlocal` (`shared`).
 */
import type { Arg, ClassDef, Expr, FunctionDef, Lambda, Name, Pattern, Stmt } from '../../syntax/ast.js';
import { allParameters, forEachArgument, forEachChild, type Node, walk } from './walk.js';

export type DefinitionKind =
  | 'parameter'
  | 'assign'
  /** One element of a tuple on the left: `path` says which. */
  | 'unpack'
  | 'augmented'
  | 'loop'
  | 'with'
  | 'import'
  | 'function'
  | 'class'
  | 'walrus'
  | 'comprehension'
  | 'other';

export interface Definition {
  readonly name: string;
  readonly kind: DefinitionKind;
  /** The Name, Arg or statement that binds it. */
  readonly target: Name | Arg | Stmt;
  /** The expression bound (of the whole right side for `unpack`, the iterable for `loop`, the context for `with`). */
  readonly value: Expr | null;
  readonly stmt: Stmt | null;
  /** Indices into nested tuples, for `unpack`. */
  readonly path: readonly number[];
  readonly uses: Set<Name>;
  /** Read by a nested function, a lambda or a class body. */
  readonly captured: boolean;
}

type State = Map<string, ReadonlySet<Definition>>;

interface Loop {
  readonly exits: State[];
  readonly continues: State[];
}

export class Flow {
  readonly definitions: Definition[] = [];
  readonly shared = new Set<string>();
  private readonly byTarget = new Map<object, Definition>();
  private readonly reachingOf = new Map<Name, Set<Definition>>();
  private readonly captures: ReadonlySet<string>[] = [];
  private readonly names = new Map<string, Definition[]>();
  private readonly captured = new Map<string, boolean>();
  private readonly loops: Loop[] = [];

  constructor(body: readonly Stmt[], parameters: readonly Arg[]) {
    const state: State = new Map();
    for (const parameter of parameters) this.define(state, parameter.arg, 'parameter', parameter, null, null);
    this.block(body, state);
  }

  /** The definitions that can reach a use; empty when the name is not bound in this function. */
  reaching(use: Name): readonly Definition[] {
    return [...(this.reachingOf.get(use) ?? [])];
  }

  /** The one definition that reaches a use, or null. */
  single(use: Name): Definition | null {
    const found = this.reachingOf.get(use);
    return found?.size === 1 ? ([...found][0] as Definition) : null;
  }

  /** True when the function binds the name anywhere. */
  binds(name: string): boolean {
    return this.names.has(name);
  }

  /** True when a nested function, lambda or class body mentions the name. Asked for by few rules: worked out when asked. */
  isCaptured(name: string): boolean {
    let known = this.captured.get(name);
    if (known === undefined) {
      known = this.captures.some((names) => names.has(name));
      this.captured.set(name, known);
    }
    return known;
  }

  /** Every definition of a name, in source order. */
  definitionsOf(name: string): readonly Definition[] {
    return this.names.get(name) ?? [];
  }

  private define(
    state: State,
    name: string,
    kind: DefinitionKind,
    target: Definition['target'],
    value: Expr | null,
    stmt: Stmt | null,
    path: readonly number[] = [],
  ): void {
    let definition = this.byTarget.get(target);
    if (definition === undefined) {
      const flow = this;
      definition = {
        name,
        kind,
        target,
        value,
        stmt,
        path,
        uses: new Set(),
        get captured() {
          return flow.isCaptured(name);
        },
      };
      this.byTarget.set(target, definition);
      this.definitions.push(definition);
      const others = this.names.get(name);
      if (others === undefined) this.names.set(name, [definition]);
      else others.push(definition);
    }
    state.set(name, new Set([definition]));
  }

  private use(state: State, name: Name): void {
    let known = this.reachingOf.get(name);
    if (known === undefined) {
      known = new Set();
      this.reachingOf.set(name, known);
    }
    for (const definition of state.get(name.id) ?? []) {
      known.add(definition);
      definition.uses.add(name);
    }
  }

  /** Runs statements; null when control does not come out at the end. */
  private block(body: readonly Stmt[], state: State): State | null {
    // Code behind a return or raise is never run
    for (const stmt of body) if (!this.statement(stmt, state)) return null;
    return state;
  }

  /** Changes `state` in place; false when control does not continue. */
  private statement(stmt: Stmt, state: State): boolean {
    switch (stmt.type) {
      case 'Assign':
        this.expression(stmt.value, state);
        for (const target of stmt.targets) this.bind(target, state, stmt.value, stmt, 'assign');
        return true;
      case 'AnnAssign':
        if (stmt.value !== null) {
          this.expression(stmt.value, state);
          this.bind(stmt.target, state, stmt.value, stmt, 'assign');
        }
        return true;
      case 'AugAssign':
        if (stmt.target.type === 'Name') {
          this.use(state, stmt.target);
          this.expression(stmt.value, state);
          this.define(state, stmt.target.id, 'augmented', stmt, stmt.value, stmt);
        } else {
          this.expression(stmt.target, state);
          this.expression(stmt.value, state);
        }
        return true;
      case 'Return':
        if (stmt.value !== null) this.expression(stmt.value, state);
        return false;
      case 'Raise':
        if (stmt.exc !== null) this.expression(stmt.exc, state);
        if (stmt.cause !== null) this.expression(stmt.cause, state);
        return false;
      case 'If': {
        this.expression(stmt.test, state);
        const other = new Map(state);
        const first = this.block(stmt.body, state);
        const second = this.block(stmt.orelse, other);
        return replace(state, join([first, second]));
      }
      case 'For':
      case 'While':
        return this.loop(stmt, state);
      case 'With':
        for (const item of stmt.items) {
          this.expression(item.contextExpr, state);
          if (item.optionalVars !== null) this.bind(item.optionalVars, state, item.contextExpr, stmt, 'with');
        }
        return replace(state, this.block(stmt.body, state));
      case 'Try':
        return this.tryStatement(stmt, state);
      case 'Match': {
        this.expression(stmt.subject, state);
        const ends: (State | null)[] = [new Map(state)];
        for (const branch of stmt.cases) {
          const inner = new Map(state);
          this.pattern(branch.pattern, inner, stmt);
          if (branch.guard !== null) this.expression(branch.guard, inner);
          ends.push(this.block(branch.body, inner));
        }
        return replace(state, join(ends));
      }
      case 'FunctionDef':
        for (const decorator of stmt.decorators) this.expression(decorator, state);
        forEachArgument(stmt.args, (child) => this.expression(child, state));
        this.capture(stmt);
        this.define(state, stmt.name, 'function', stmt, null, stmt);
        return true;
      case 'ClassDef':
        for (const decorator of stmt.decorators) this.expression(decorator, state);
        for (const base of stmt.bases) this.expression(base, state);
        this.captures.push(namesReadIn(stmt));
        this.define(state, stmt.name, 'class', stmt, null, stmt);
        return true;
      case 'Import':
      case 'ImportFrom':
        for (const alias of stmt.names) {
          const bound = alias.asname ?? alias.name.split('.')[0] ?? alias.name;
          this.define(state, bound, 'import', stmt, null, stmt);
        }
        return true;
      case 'Global':
      case 'Nonlocal':
        for (const name of stmt.names) this.shared.add(name);
        return true;
      case 'Break':
        this.loops.at(-1)?.exits.push(new Map(state));
        return false;
      case 'Continue':
        this.loops.at(-1)?.continues.push(new Map(state));
        return false;
      case 'Delete':
        for (const target of stmt.targets) {
          this.expression(target, state);
          if (target.type === 'Name') state.delete(target.id);
        }
        return true;
      default:
        forEachChild(stmt, (child) => this.expression(child as Expr, state));
        return true;
    }
  }

  private loop(stmt: Extract<Stmt, { type: 'For' | 'While' }>, state: State): boolean {
    if (stmt.type === 'For') this.expression(stmt.iter, state);
    const before = new Map(state);
    let head: State | null = before;
    const loop: Loop = { exits: [], continues: [] };
    this.loops.push(loop);
    for (let pass = 0; pass < 2; pass++) {
      const inner: State = new Map(head ?? before);
      if (stmt.type === 'For') this.bind(stmt.target, inner, stmt.iter, stmt, 'loop');
      else this.expression(stmt.test, inner);
      const end = this.block(stmt.body, inner);
      head = join([before, end, ...loop.continues]);
    }
    this.loops.pop();
    const infinite = stmt.type === 'While' && stmt.test.type === 'Constant' && stmt.test.value === true;
    const normal = infinite ? null : this.block(stmt.orelse, new Map(head ?? before));
    return replace(state, join([normal, ...loop.exits]));
  }

  private tryStatement(stmt: Extract<Stmt, { type: 'Try' }>, state: State): boolean {
    const before = new Map(state);
    const body = this.block(stmt.body, state);
    const thrown = join([before, body, this.everythingIn(stmt.body, before)]) ?? before;
    const ends: (State | null)[] = [body === null ? null : this.block(stmt.orelse, body)];
    for (const handler of stmt.handlers) {
      const inner = new Map(thrown);
      if (handler.exceptionType !== null) this.expression(handler.exceptionType, inner);
      if (handler.name !== null) inner.delete(handler.name);
      ends.push(this.block(handler.body, inner));
    }
    const after = join(ends);
    const final = this.block(stmt.finalbody, after ?? new Map(thrown));
    return replace(state, after === null ? null : final);
  }

  /** A state in which any definition made inside `body` may have happened: an exception can leave it anywhere. */
  private everythingIn(body: readonly Stmt[], before: State): State {
    const state = new Map(before);
    const inside = new Set<object>();
    for (const stmt of body) walk(stmt, (node) => void inside.add(node));
    for (const definition of this.definitions) {
      if (!inside.has(definition.target)) continue;
      state.set(definition.name, new Set([...(state.get(definition.name) ?? []), definition]));
    }
    return state;
  }

  private bind(
    target: Expr,
    state: State,
    value: Expr,
    stmt: Stmt,
    kind: DefinitionKind,
    path: readonly number[] = [],
  ): void {
    switch (target.type) {
      case 'Name':
        this.define(
          state,
          target.id,
          path.length > 0 && kind === 'assign' ? 'unpack' : kind,
          target,
          value,
          stmt,
          path,
        );
        return;
      case 'Tuple':
      case 'List':
        target.elts.forEach((element, index) => {
          this.bind(element, state, value, stmt, kind, [...path, index]);
        });
        return;
      case 'Starred':
        this.bind(target.value, state, value, stmt, 'other', path);
        return;
      default:
        this.expression(target, state);
    }
  }

  private expression(node: Node, state: State): void {
    switch (node.type) {
      case 'Name':
        this.use(state, node);
        return;
      case 'Constant':
        return;
      case 'Attribute':
        this.expression(node.value, state);
        return;
      case 'Call':
        this.expression(node.func, state);
        for (const arg of node.args) this.expression(arg, state);
        for (const keyword of node.keywords) this.expression(keyword.value, state);
        return;
      case 'BinOp':
        this.expression(node.left, state);
        this.expression(node.right, state);
        return;
      case 'NamedExpr':
        this.expression(node.value, state);
        this.define(state, node.target.id, 'walrus', node.target, node.value, null);
        return;
      case 'Lambda':
        this.capture(node);
        return;
      case 'ListComp':
      case 'SetComp':
      case 'GeneratorExp':
      case 'DictComp': {
        const inner = new Map(state);
        for (const generator of node.generators) {
          this.expression(generator.iter, inner);
          this.bindComprehension(generator.target, inner, generator.iter);
          for (const test of generator.ifs) this.expression(test, inner);
        }
        if (node.type === 'DictComp') {
          this.expression(node.key, inner);
          this.expression(node.value, inner);
        } else this.expression(node.elt, inner);
        return;
      }
      default:
        forEachChild(node, (child) => this.expression(child, state));
    }
  }

  private bindComprehension(target: Expr, state: State, iter: Expr): void {
    walk(target, (node) => {
      if (node.type === 'Name') this.define(state, node.id, 'comprehension', node, iter, null);
    });
  }

  private pattern(pattern: Pattern, state: State, stmt: Stmt): void {
    const named = pattern.type === 'MatchAs' || pattern.type === 'MatchStar' ? pattern.name : null;
    if (named !== null) state.set(named, new Set());
    if (pattern.type === 'MatchAs' && pattern.pattern !== null) this.pattern(pattern.pattern, state, stmt);
    if ('patterns' in pattern) for (const inner of pattern.patterns) this.pattern(inner, state, stmt);
    if (pattern.type === 'MatchClass') for (const inner of pattern.kwdPatterns) this.pattern(inner, state, stmt);
    if (pattern.type === 'MatchMapping' && pattern.rest !== null) state.set(pattern.rest, new Set());
    if (pattern.type === 'MatchValue') this.expression(pattern.value, state);
  }

  private capture(node: FunctionDef | Lambda): void {
    this.captures.push(namesReadIn(node));
  }
}

const readNames = new WeakMap<Node, ReadonlySet<string>>();

/** Names that a function, lambda or class body mentions, except a function's own parameters. Remembered: trees are never changed. */
function namesReadIn(node: FunctionDef | Lambda | ClassDef): ReadonlySet<string> {
  const known = readNames.get(node);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const look = (child: Node): void => {
    if (child.type === 'Name') names.add(child.id);
    else if (child.type === 'FunctionDef' || child.type === 'Lambda' || child.type === 'ClassDef') {
      for (const name of namesReadIn(child)) names.add(name);
      if (child.type !== 'Lambda') for (const decorator of child.decorators) look(decorator);
    } else forEachChild(child, look);
  };
  if (node.type === 'Lambda') look(node.body);
  else for (const stmt of node.body) look(stmt);
  if (node.type !== 'ClassDef') for (const arg of allParameters(node.args)) names.delete(arg.arg);
  readNames.set(node, names);
  return names;
}

function join(states: readonly (State | null)[]): State | null {
  const live = states.filter((state): state is State => state !== null);
  if (live.length === 0) return null;
  const result: State = new Map(live[0]);
  for (const state of live.slice(1)) {
    for (const [name, definitions] of state) {
      const known = result.get(name);
      result.set(
        name,
        known === undefined || known === definitions ? definitions : new Set([...known, ...definitions]),
      );
    }
  }
  return result;
}

/** Makes `state` equal to `next` in place; false when there is no next. */
function replace(state: State, next: State | null): boolean {
  if (next === null) return false;
  if (next !== state) {
    state.clear();
    for (const [name, definitions] of next) state.set(name, definitions);
  }
  return true;
}
