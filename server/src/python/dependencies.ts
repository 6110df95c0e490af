/**
 * What was made from what: each run of a top-level statement notes the module-level names it read
 * and the user code it ran, so that an edit re-runs the statements that depend on what changed
 * and nothing else. Building a model is such a reader too.
 */
import type { ModuleTree, TopStatement } from '../syntax/ast.js';
import { bindingsOf, indexStatements } from './bindings.js';
import type { Code } from './bytecode.js';
import { hotSwap, nestedCodes } from './hotSwap.js';
import type { PyModule } from './objects.js';
import { SourceUnit } from './place.js';
import type { StatementWrites } from './statementWrites.js';
import type { PyObject, Value } from './values.js';

/** A module-level name that somebody read; `allNames` stands for the module's whole namespace. */
export class NameSource {
  readonly readers = new Set<Reader>();
}
export const allNames = '*';

/** What a result may rest on: code that ran, and module-level names that it read. */
export type Ground = Code | NameSource;

/** Somebody whose result rests on module-level names and code. */
export class Reader {
  /** What it read is no longer what it was, or its result is thrown away. */
  isStale = false;
  readonly sources = new Set<Set<Reader>>();
  constructor(
    /** Takes its work back: adds code that no longer counts, gives the module-level names that are nobody's now. */
    readonly undo: (change: Change) => Iterable<Spoiled> = () => [],
  ) {}

  /** Its result is thrown away: nobody need tell it anything. */
  drop(): void {
    this.isStale = true;
    for (const s of this.sources) s.delete(this);
    this.sources.clear();
  }
}

/** What an edit did away with: code and names that results rest on, and the values of module-level names. */
export interface Change {
  readonly stale: Set<Ground>;
  readonly unbound: Set<Value>;
  /** Statements that are to run again had written to objects that no statement of the module made. */
  hasEffects: boolean;
}

/** A module-level name whose value is gone. */
export type Spoiled = readonly [module: PyModule, name: string];

/** The run of a top-level statement. */
export function statementReader(module: PyModule, unit: SourceUnit): Reader {
  module.readers.get(unit)?.drop();
  const reader = new Reader((change) => undo(module, module.units.indexOf(unit), change));
  module.readers.set(unit, reader);
  return reader;
}

export class Dependencies {
  private readonly codes = new WeakMap<Code, Set<Reader>>();
  private readonly doubtful = new Set<Reader>();
  /** Who is running, innermost last. */
  private readonly running: Reader[] = [];

  begin(reader: Reader): void {
    this.running.push(reader);
  }

  end(reader: Reader): void {
    // an aborted run leaves readers behind
    for (let top = this.running.pop(); top !== undefined && top !== reader; top = this.running.pop());
  }

  /** Whoever is running took one side of a condition, or both, that could not be decided. */
  doubt(): void {
    const reader = this.running[this.running.length - 1];
    if (reader !== undefined) this.doubtful.add(reader);
  }

  /** Whether anything that still counts did so. */
  get inDoubt(): boolean {
    for (const reader of this.doubtful)
      if (reader.isStale) this.doubtful.delete(reader);
      else return true;
    return false;
  }

  /** Drops whoever was running. */
  rest(): void {
    this.running.length = 0;
  }

  /** Whoever is running reads a name. null: of a module that no edit changes. */
  read(module: PyModule, name: string): NameSource | null {
    if (module.file === null || module.file.internal) return null;
    let source = module.sources.get(name);
    if (source === undefined) {
      source = new NameSource();
      module.sources.set(name, source);
    }
    const reader = this.running[this.running.length - 1];
    if (reader !== undefined) {
      source.readers.add(reader);
      reader.sources.add(source.readers);
    }
    return source;
  }

  /** Function bodies of the user that ran. */
  ran(code: Code): void {
    const reader = this.running[this.running.length - 1];
    if (reader === undefined || code.isClassBody || code.name === '<module>') return;
    note(this.codes, code, reader);
  }

  /**
   * Takes a module from one tree to the next. Function bodies are replaced in place; a statement that
   * changed in another way, and whatever rests on it in any module, runs again when next asked for.
   */
  update(module: PyModule, tree: ModuleTree): Change & { redone: boolean } {
    const compiled = new Map<TopStatement, SourceUnit>();
    const swapped = hotSwap(module, tree, compiled);
    const change: Change = { stale: new Set(swapped ?? []), unbound: new Set(), hasEffects: false };
    if (swapped === null) {
      this.spread(replaceStatements(module, tree, compiled, change), [], change);
      return { ...change, redone: true };
    }
    const readers = [...swapped].flatMap((code) => [...(this.codes.get(code) ?? [])]);
    return { ...change, redone: this.spread([], readers, change) };
  }

  /** A statement that is new and has run wrote to objects of others of its module: these begin anew. */
  redo(module: PyModule, index: number, change: Change): void {
    this.spread(undo(module, index, change), [], change);
  }

  /** From names whose values are gone, and readers that rest on what was replaced, to all that rests on them. @returns whether names are among it */
  private spread(names: Iterable<Spoiled>, work: Reader[], change: Change): boolean {
    let redone = false;
    const spoil = (spoiled: Iterable<Spoiled>): void => {
      for (const [m, name] of spoiled) {
        redone = true;
        for (const source of [m.sources.get(name), m.sources.get(allNames)]) {
          if (source === undefined) continue;
          change.stale.add(source);
          work.push(...source.readers);
        }
      }
    };
    spoil(names);
    for (let reader = work.pop(); reader !== undefined; reader = work.pop()) {
      if (reader.isStale) continue;
      reader.drop();
      spoil(reader.undo(change));
    }
    return redone;
  }
}

function note<K>(
  readers: { get(key: K): Set<Reader> | undefined; set(key: K, s: Set<Reader>): unknown },
  key: K,
  reader: Reader,
): void {
  let set = readers.get(key);
  if (set === undefined) {
    set = new Set();
    readers.set(key, set);
  }
  set.add(reader);
  reader.sources.add(set);
}

/** Takes back what a statement, and all others that bind the same names, did to the module; gives the names. */
function undo(module: PyModule, index: number, change: Change): Spoiled[] {
  const spoiled: Spoiled[] = [];
  const visit = (i: number): void => {
    if (i < 0 || module.executed[i] === 0) return;
    module.executed[i] = 0;
    module.readers.get(module.units[i]!)?.drop();
    const unit = module.units[i]!;
    module.again.add(unit);
    if (unit.code !== null) for (const c of nestedCodes(unit.code)) change.stale.add(c);
    for (const name of bindingsOf(unit.top).names) {
      spoiled.push([module, name]);
      const value = module.ns.get(name);
      if (value !== undefined) change.unbound.add(value);
      module.ns.delete(name);
      const waiting = module.pending.get(name) ?? [];
      if (!waiting.includes(i)) waiting.push(i);
      module.pending.set(
        name,
        waiting.sort((a, b) => a - b),
      );
      module.units.forEach((u, k) => {
        if (module.executed[k] === 1 && bindingsOf(u.top).names.has(name)) visit(k);
      });
    }
    // a registry that it wrote to is filled anew
    const reached = [...(module.writes.get(unit)?.reached ?? [])];
    if (reached.length === 0) return;
    change.hasEffects ||= !areMadeBy(module, reached);
    module.units.forEach((u, k) => {
      const writes = module.writes.get(u);
      if (reached.some((o) => writes?.made(o) === true || writes?.reached.has(o) === true)) visit(k);
    });
  };
  visit(index);
  return spoiled;
}

/** Whether statements of the module made all of them. */
function areMadeBy({ writes }: PyModule, objects: readonly PyObject[]): boolean {
  const runs = [...writes.values()];
  let maker: StatementWrites | undefined;
  return objects.every((o) => {
    if (maker?.made(o) !== true) maker = runs.find((one) => one.made(o));
    return maker !== undefined;
  });
}

/** Gives a module another list of statements. Those that stay in their order keep what they did. */
function replaceStatements(
  module: PyModule,
  tree: ModuleTree,
  compiled: ReadonlyMap<TopStatement, SourceUnit>,
  change: Change,
): Spoiled[] {
  const spoiled: Spoiled[] = [];
  const old = module.tree!;
  const before = new Map<TopStatement, number>();
  old.statements.forEach((s, i) => {
    before.set(s, i);
  });
  const from: number[] = [];
  let last = -1;
  for (const s of tree.statements) {
    const i = before.get(s);
    if (i !== undefined && i > last) {
      from.push(i);
      last = i;
    } else from.push(-1);
  }
  const kept = new Set(from);
  // names of statements that are gone or new are nobody's until they are asked for
  for (let i = 0; i < old.statements.length; i++) {
    if (kept.has(i)) continue;
    spoiled.push(...undo(module, i, change));
    for (const name of bindingsOf(old.statements[i]!).names) spoiled.push([module, name]);
  }
  tree.statements.forEach((s, i) => {
    if (from[i]! >= 0) return;
    for (const name of bindingsOf(s).names) {
      spoiled.push([module, name]);
      old.statements.forEach((o, k) => {
        if (module.executed[k] === 1 && bindingsOf(o).names.has(name)) spoiled.push(...undo(module, k, change));
      });
    }
  });
  const { executed, units } = module;
  module.tree = tree;
  module.executed = Uint8Array.from(from, (i) => (i < 0 ? 0 : executed[i]!));
  module.units = from.map((i, k) => {
    const top = tree.statements[k]!;
    return i < 0 ? (compiled.get(top) ?? new SourceUnit(top)) : units[i]!;
  });
  const stay = new Set(module.units);
  for (const gone of units) {
    if (stay.has(gone)) continue;
    module.readers.delete(gone);
    module.writes.delete(gone);
    module.again.delete(gone);
  }
  for (const [k, unit] of module.units.entries()) if (from[k]! < 0) module.again.add(unit);
  indexStatements(module);
  return spoiled;
}
