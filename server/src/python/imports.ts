/**
 * Modules: found in our own library, the workspace and the selected environment; their
 * top-level statements run when a name they bind is first asked for, so importing a large
 * package touches the few files that matter.
 */
import type { ModuleTree, TopStatement } from '../syntax/ast.js';
import { bindingsOf, indexStatements } from './bindings.js';
import { classOf } from './classes.js';
import { compileTopStatement } from './compileFunction.js';
import { Dependencies, type Ground, Reader, statementReader } from './dependencies.js';
import { Aborted, PyRaise, raise } from './errors.js';
import { Frame } from './frame.js';
import { withLazyTable } from './lazyTable.js';
import type { Machine } from './machine.js';
import { PyModule } from './objects.js';
import { type SourceFile, SourceUnit } from './place.js';
import { Registrations } from './registrations.js';
import { StatementWrites } from './statementWrites.js';
import { heap, PyClass, PyDict, PyList, PyTuple, Unknown, type Value } from './values.js';

export interface FoundModule {
  readonly path: string;
  readonly isPackage: boolean;
  /** Folders for submodules when it is a package. */
  readonly folders: readonly string[];
  /** One of our own models of torch or the standard library. */
  readonly internal: boolean;
}

export interface ImportPorts {
  /** Finds `name` (last part of a dotted name) in folders; null = the top-level search path for code in `from`. */
  find(fullName: string, folders: readonly string[] | null): FoundModule | null;
  /** The parsed file; null when it vanished or cannot be read. */
  tree(path: string, internal: boolean): ModuleTree | null;
  /** Host-implemented names: `math.sqrt`, `torch.matmul`. */
  native(qualifiedName: string): Value | undefined;
  /** As `native`, of releases after the selected one. */
  laterNative(qualifiedName: string): Value | undefined;
  /** Names of third-party modules that rest on compiled code: answered by us in place of the module's own statement. */
  compiled(moduleName: string): ReadonlyMap<string, Value> | undefined;
  /** Whether the source of a module, or of what it star-imports, has the word: a cheap filter before parsing. */
  mentions(moduleName: string, word: string): boolean;
  /** Runs definitions that register themselves under `key` somewhere in the package of `module`; false when there are none. */
  register(module: PyModule, key: string): boolean;
  /** True for modules that exist only as host code (`math`). */
  isNativeModule(name: string): boolean;
  /** Text of a configuration file that the code opens; null when it is not found or not one. */
  text?(path: string): string | null;
  /** Names in a folder; null when it is not found. */
  folder?(path: string): readonly string[] | null;
  /** Text that the code runs with `eval` or `exec`. */
  parse?(text: string): ModuleTree;
}

const endless = 'the code runs longer than the analysis allows';

export class ImportSystem {
  readonly modules = new Map<string, PyModule>();
  /** Depth of module-level code being run on demand: what it computes is not part of a trace. */
  running = 0;
  /** The module-level code being run was asked for by the host, not by a run of an entry. */
  private outsideRuns = false;
  /** Serial number when a module-level statement last ended: older objects may be anyone's. */
  settled = 0;
  private readonly sysModules = new PyDict();
  private readonly missingModules = new Set<string>();
  private readonly registrations: Registrations;
  /** What rests on which module-level names. */
  readonly dependencies = new Dependencies();

  constructor(
    private readonly vm: Machine,
    private readonly ports: ImportPorts,
  ) {
    this.registrations = new Registrations(vm, this, (module, key) => ports.register(module, key));
  }

  /** Loads (not yet runs) a module; null when it cannot be found. */
  load(name: string): PyModule | null {
    const known = this.modules.get(name);
    if (known !== undefined) return known;
    if (this.missingModules.has(name)) return null;
    if (name === 'builtins') return this.builtinsModule();
    const dot = name.lastIndexOf('.');
    let folders: readonly string[] | null = null;
    let parent: PyModule | null = null;
    if (dot >= 0) {
      parent = this.load(name.slice(0, dot));
      if (parent === null) return null;
      if (parent.packagePath === null && !this.ports.isNativeModule(name)) return null;
      folders = parent.packagePath ?? [];
    }
    const found = this.ports.find(name, folders);
    if (found === null) {
      if (this.ports.isNativeModule(name)) {
        const module = new PyModule(name, null);
        module.ns.set('__name__', name);
        this.adopt(module, parent);
        return module;
      }
      this.missingModules.add(name);
      return null;
    }
    const file: SourceFile = { path: found.path, moduleName: name, internal: found.internal };
    const module = new PyModule(name, file);
    if (found.isPackage) module.packagePath = found.folders;
    this.prepare(module, found.path === '' ? null : this.ports.tree(found.path, found.internal), sharedUnit);
    this.adopt(module, parent);
    return module;
  }

  /** `import builtins`. */
  private builtinsModule(): PyModule {
    const module = new PyModule('builtins', null);
    for (const [n, v] of this.vm.builtins) module.ns.set(n, v);
    this.adopt(module, null);
    return module;
  }

  private adopt(module: PyModule, parent: PyModule | null): void {
    this.modules.set(module.name, module);
    if (parent !== null && !parent.pending.has(lastPart(module.name)) && !parent.ns.has(lastPart(module.name)))
      parent.ns.set(lastPart(module.name), module);
  }

  /** A module over a tree: the file being analysed, which may not be importable by name. */
  adoptTree(name: string, file: SourceFile, tree: ModuleTree, packagePath: readonly string[] | null): PyModule {
    const module = new PyModule(name, file);
    module.packagePath = packagePath;
    this.prepare(module, tree, (s) => new SourceUnit(s));
    this.modules.set(name, module);
    return module;
  }

  private prepare(
    module: PyModule,
    tree: ModuleTree | null,
    unitOf: (s: TopStatement, file: SourceFile) => SourceUnit,
  ): void {
    const { ns } = module;
    ns.set('__name__', module.name);
    ns.set('__file__', module.file?.path ?? null);
    ns.set('__doc__', null);
    ns.set('__spec__', null);
    ns.set('__loader__', null);
    ns.set('__package__', module.packagePath !== null ? module.name : parentName(module.name));
    if (module.packagePath !== null) ns.set('__path__', new PyList([...module.packagePath]));
    if (tree === null) return;
    tree = withLazyTable(tree);
    module.tree = tree;
    module.executed = new Uint8Array(tree.statements.length);
    module.units = tree.statements.map((s) => unitOf(s, module.file!));
    indexStatements(module);
    for (const [n, v] of this.ports.compiled(module.name) ?? []) {
      ns.set(n, v);
      module.pending.delete(n);
    }
  }

  /**
   * Takes a module to another tree: function bodies in place, statements that changed or rest on what changed
   * anew when asked for. Gives the code and names that no longer count.
   */
  update(module: PyModule, tree: ModuleTree): { stale: ReadonlySet<Ground>; hasEffects: boolean } {
    const result = this.dependencies.update(module, withLazyTable(tree));
    // names that were nowhere may be somewhere now
    if (result.redone) this.starMisses = new WeakMap();
    module.units.forEach((unit, i) => {
      // a definition that an edit brought may register itself: whoever walks the registry must hear of it
      if (!module.again.has(unit) || module.writes.has(unit) || !unit.text.startsWith('@')) return;
      this.runStatement(module, i);
      if ((module.writes.get(unit)?.reached.size ?? 0) > 0) this.dependencies.redo(module, i, result);
    });
    for (const v of result.unbound) if (v instanceof PyClass) this.vm.forgetSubclass(v);
    return result;
  }

  /** Runs top-level statement `i` if it has not run. */
  runStatement(module: PyModule, i: number): void {
    if (module.executed[i] === 1) return;
    module.executed[i] = 1;
    const observer = heap.observer;
    const writes = new StatementWrites(module);
    heap.observer = writes;
    const { limit } = module;
    module.limit = i;
    // while no run is under way each statement has steps of its own: what is endless fails by itself
    const { fuel, frames, listener } = this.vm;
    const { outsideRuns } = this;
    const isAlone = outsideRuns || (this.running === 0 && frames.length === 0 && listener.recording !== true);
    this.outsideRuns = isAlone;
    if (isAlone) this.vm.fuel = this.vm.fullFuel;
    this.running++;
    const reader = module.file?.internal === true ? null : statementReader(module, module.units[i]!);
    if (reader !== null) this.dependencies.begin(reader);
    try {
      const unit = module.units[i]!;
      unit.code ??= compileTopStatement(module.file!, unit);
      const frame = new Frame(unit.code, module, new Array(unit.code.varnames.length).fill(undefined), []);
      frame.topIndex = i;
      this.vm.runFrame(frame);
      this.registrations.note(module, i);
    } catch (e) {
      const isEndless = isAlone && e instanceof Aborted && e.reason === 'fuel';
      if (!(e instanceof PyRaise || isEndless)) {
        this.unrun(module, i);
        throw e;
      }
      this.failed(module, i, e instanceof PyRaise ? e : new PyRaise('FuelExhausted', endless));
    } finally {
      this.running--;
      this.outsideRuns = outsideRuns;
      if (isAlone) this.vm.fuel = fuel;
      if (reader !== null) this.dependencies.end(reader);
      this.settled = heap.now;
      module.limit = limit;
      heap.observer = observer;
      writes.close(observer);
      const unit = module.units[i]!;
      module.writes.set(unit, writes);
      if (module.again.has(unit) && writes.reached.size > 0) this.vm.listener.rewrote?.();
    }
  }

  /** Runs the statements of a module that define or register `key`. */
  force(module: PyModule, key: string, definitionsOnly = false): boolean {
    let ran = false;
    module.tree?.statements.forEach((s, i) => {
      if (module.executed[i] === 1 || !s.text.includes(key)) return;
      if (s.defines !== null && !s.text.startsWith('@')) return;
      const n = s.node;
      const registers = (n.type === 'FunctionDef' || n.type === 'ClassDef') && n.decorators.length > 0;
      if (!registers && (definitionsOnly || n.type !== 'Expr')) return;
      this.runStatement(module, i);
      ran = true;
    });
    return ran;
  }

  /** A statement that was cut off in the middle has not run. */
  private unrun(module: PyModule, i: number): void {
    module.executed[i] = 0;
    for (const n of bindingsOf(module.tree!.statements[i]!).names) {
      const list = module.pending.get(n) ?? [];
      if (!list.includes(i))
        module.pending.set(
          n,
          [...list, i].sort((a, b) => a - b),
        );
    }
  }

  /** A top-level statement raised: its names become unknown, the rest of the module stays usable. */
  private failed(module: PyModule, i: number, e: PyRaise): void {
    const top = module.tree!.statements[i]!;
    const { type, message } = this.vm.natives.describe(e);
    const why = `${module.name}: ${type}: ${message}`;
    const place = { file: module.file!, unit: module.units[i]!, start: 0, end: top.length };
    this.vm.listener.gap('module statement', why, place, false);
    for (const n of bindingsOf(top).names) if (!module.ns.has(n)) module.ns.set(n, new Unknown(why, place));
  }

  /** Code reads a name of a module, or all of them (`allNames`). */
  reads(module: PyModule, name: string): void {
    const source = this.dependencies.read(module, name);
    if (source !== null) this.vm.listener.reads?.(source);
  }

  /** A module-level name, running what binds it; `before`: only statements above that index count. */
  global(module: PyModule, name: string, before: number): Value | undefined {
    this.reads(module, name);
    const { pending } = module;
    if (pending.size > 0) {
      const list = pending.get(name);
      if (list !== undefined) this.demand(module, name, list, Math.min(before, module.limit));
    }
    const v = module.ns.get(name);
    if (v !== undefined) return v;
    return module.stars.length > 0 ? this.fromStars(module, name, before) : undefined;
  }

  private demand(module: PyModule, name: string, list: number[], before: number): void {
    while (list.length > 0 && list[0]! < before) {
      const i = list.shift()!;
      if (module.executed[i] === 0) this.runStatement(module, i);
    }
    if (list.length === 0) module.pending.delete(name);
  }

  private fromStars(module: PyModule, name: string, before: number): Value | undefined {
    if (name.startsWith('__')) return undefined;
    const missed = this.starMisses.get(module);
    if (missed?.has(name) === true) return undefined;
    for (const full of this.starSources(module, name, before)) {
      const source = this.load(full);
      if (source === null || source === module) continue;
      if (this.searching.has(source)) continue;
      this.searching.add(source);
      try {
        if (!this.exports(source, name)) continue;
        const reader = new Reader(() => {
          module.ns.delete(name);
          return [[module, name]];
        });
        this.dependencies.begin(reader);
        const v = this.attribute(source, name);
        this.dependencies.end(reader);
        if (v === undefined) continue;
        module.ns.set(name, v);
        return v;
      } finally {
        this.searching.delete(source);
      }
    }
    if (before === Number.POSITIVE_INFINITY) {
      if (missed === undefined) this.starMisses.set(module, new Set([name]));
      else missed.add(name);
    }
    return undefined;
  }

  /** Star-imported modules that may have `name`: those it is named after first, of the others only files that mention it. */
  private *starSources(module: PyModule, name: string, before: number): Iterable<string> {
    const rest: string[] = [];
    const flat = name.toLowerCase();
    for (let k = module.stars.length - 1; k >= 0; k--) {
      const i = module.stars[k]!;
      if (i >= before) continue;
      const node = module.tree!.statements[i]!.node;
      if (node.type !== 'ImportFrom') continue;
      const full = node.level > 0 ? this.relative(module, node.module ?? '', node.level) : (node.module ?? '');
      const own = lastPart(full).replaceAll('_', '');
      if (module.stars.length > 8 && !flat.startsWith(own)) rest.push(full);
      else yield full;
    }
    for (const full of rest) if (this.ports.mentions(full, name)) yield full;
  }
  private starMisses = new WeakMap<PyModule, Set<string>>();
  private readonly searching = new Set<PyModule>();

  /** Whether `from source import *` gives `name`. */
  private exports(source: PyModule, name: string): boolean {
    if (source.pending.has('__all__') || source.ns.has('__all__')) {
      const all = this.global(source, '__all__', Number.POSITIVE_INFINITY);
      if (all instanceof PyList || all instanceof PyTuple) return all.items.includes(name);
      return true;
    }
    return !name.startsWith('_');
  }

  text(path: string): string | null {
    return this.ports.text?.(path) ?? null;
  }

  folder(path: string): readonly string[] | null {
    return this.ports.folder?.(path) ?? null;
  }

  parse(text: string): ModuleTree | null {
    return this.ports.parse?.(text) ?? null;
  }

  /** An attribute of a module, undefined when it has none. */
  attribute(module: PyModule, name: string): Value | undefined {
    const v = this.global(module, name, Number.POSITIVE_INFINITY);
    if (v !== undefined) return v;
    const native = this.ports.native(`${module.name}.${name}`);
    if (native !== undefined) {
      module.ns.set(name, native);
      return native;
    }
    if (name === '__dict__') {
      for (const n of [...module.pending.keys()]) this.global(module, n, Number.POSITIVE_INFINITY);
      return this.vm.natives.namespaceDict(module);
    }
    if (name === '__class__') return classOf(module);
    if (
      !name.startsWith('__') &&
      (module.packagePath !== null || this.ports.isNativeModule(`${module.name}.${name}`))
    ) {
      const sub = this.load(`${module.name}.${name}`);
      if (sub !== null) return sub;
    }
    if (!name.startsWith('__')) {
      const fallback = this.global(module, '__getattr__', Number.POSITIVE_INFINITY);
      if (fallback !== undefined) {
        try {
          return this.vm.call(fallback, [name]);
        } catch (e) {
          if (e instanceof PyRaise && this.vm.raisedIs(e, 'AttributeError')) return undefined;
          throw e;
        }
      }
    }
    return undefined;
  }

  /** A name our models do not have: PyTorch itself may, so it is unknown rather than an error. */
  unmodelled(module: PyModule, name: string): Value | undefined {
    if ((module.file !== null && !module.file.internal) || this.guarded()) return undefined;
    const later = this.ports.laterNative(`${module.name}.${name}`);
    if (later !== undefined) {
      const text = `${module.name}.${name} is not in the selected PyTorch; the code is taken as written for a later one`;
      this.vm.listener.assumption(text, 'branch', this.vm.place());
      return later;
    }
    return this.vm.gap(`${module.name}.${name}`, `${module.name}.${name} is not modelled`);
  }

  relative(module: PyModule, name: string, level: number): string {
    let base = module.packagePath !== null ? module.name : parentName(module.name);
    for (let i = 1; i < level; i++) base = parentName(base);
    if (base === '') return name;
    return name === '' ? base : `${base}.${name}`;
  }

  /** The `import` statement. `leaf`: the named module itself, else its first part. */
  importName(from: PyModule, name: string, level: number, leaf: boolean): Value {
    const full = level > 0 ? this.relative(from, name, level) : name;
    const module = this.load(full);
    if (module === null) return this.notFound(full);
    if (leaf) return module;
    return this.load(full.split('.')[0]!) ?? module;
  }

  private notFound(name: string): Value {
    // code that guards an import sees the exception; other code goes on with an unknown module
    if (this.guarded()) raise('ModuleNotFoundError', `No module named '${name}'`);
    return this.vm.gap(
      `import ${name}`,
      `module '${name}' was not found in the workspace or the selected Python environment`,
    );
  }

  private guarded(): boolean {
    const { frames } = this.vm;
    for (let i = frames.length - 1; i >= 0; i--) {
      if (frames[i]!.blocks.length > 0) return true;
      // each module-level statement stands for itself
      if (frames[i]!.topIndex !== Number.POSITIVE_INFINITY) return false;
    }
    return false;
  }

  importFrom(module: Value, name: string): Value {
    if (module instanceof Unknown) return new Unknown(module.why, module.where);
    if (!(module instanceof PyModule)) return this.vm.getAttr(module, name);
    const v = this.attribute(module, name);
    if (v !== undefined) return v;
    const sub = this.load(`${module.name}.${name}`);
    if (sub !== null) return sub;
    if (this.guarded()) raise('ImportError', `cannot import name '${name}' from '${module.name}'`);
    if (module.file === null || module.file.internal)
      return this.vm.gap(`${module.name}.${name}`, `${module.name}.${name} is not modelled`);
    return this.vm.gap(`${module.name}.${name}`, `cannot import name '${name}' from '${module.name}'`);
  }

  /** `from m import *` inside another statement: copies every public name now. */
  importStar(f: Frame, module: Value): void {
    if (!(module instanceof PyModule)) return;
    if (f.topIndex !== Number.POSITIVE_INFINITY && f.globals.stars.includes(f.topIndex)) return;
    const names = new Set([...module.ns.keys(), ...module.pending.keys()]);
    for (const n of names) {
      if (!this.exports(module, n)) continue;
      const v = this.attribute(module, n);
      if (v !== undefined) f.globals.ns.set(n, v);
    }
  }

  /** `sys.modules`. */
  get loaded(): PyDict {
    for (const [n, m] of this.modules) this.sysModules.writable.set(n, [n, m]);
    // the dict is kept by those who ask; modules loaded later are in it too
    this.sysModules.onMiss = (name) => {
      const m = typeof name === 'string' ? this.modules.get(name) : undefined;
      if (m !== undefined) this.sysModules.writable.set(m.name, [m.name, m]);
      return m !== undefined;
    };
    return this.sysModules;
  }
}

const sharedUnits = new WeakMap<TopStatement, { file: SourceFile; unit: SourceUnit }>();

/** Imported files are compiled once for all programs: their code is never replaced in place. */
function sharedUnit(s: TopStatement, file: SourceFile): SourceUnit {
  const known = sharedUnits.get(s);
  if (known !== undefined && known.file.path === file.path && known.file.moduleName === file.moduleName)
    return known.unit;
  const unit = new SourceUnit(s);
  sharedUnits.set(s, { file, unit });
  return unit;
}

function parentName(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(0, dot);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
