/**
 * Modules: found in our own library, the workspace and the selected environment; their
 * top-level statements run when a name they bind is first asked for, so importing a large
 * package touches the few files that matter.
 */
import type { ModuleTree, TopStatement } from '../syntax/ast.js';
import { bindingsOf } from './bindings.js';
import { classOf } from './classes.js';
import { compileTopStatement } from './compileFunction.js';
import { PyRaise, raise } from './errors.js';
import { Frame } from './frame.js';
import type { Machine } from './machine.js';
import { PyModule } from './objects.js';
import { type SourceFile, SourceUnit } from './place.js';
import { heap, PyDict, PyInstance, PyList, PySet, PyTuple, Unknown, type Value } from './values.js';

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
  /** Names of third-party modules that rest on compiled code: answered by us in place of the module's own statement. */
  compiled(moduleName: string): ReadonlyMap<string, Value> | undefined;
  /** Whether the source of a module, or of what it star-imports, has the word: a cheap filter before parsing. */
  mentions(moduleName: string, word: string): boolean;
  /** Runs definitions that register themselves under `key` somewhere in the package of `module`; false when there are none. */
  register(module: PyModule, key: string): boolean;
  /** True for modules that exist only as host code (`math`). */
  isNativeModule(name: string): boolean;
}

export class ImportSystem {
  readonly modules = new Map<string, PyModule>();
  /** Depth of module-level code being run on demand: what it computes is not part of a trace. */
  running = 0;
  private readonly sysModules = new PyDict();
  private readonly missingModules = new Set<string>();
  private readonly askedFor = new WeakSet<PyModule>();

  constructor(
    private readonly vm: Machine,
    private readonly ports: ImportPorts,
  ) {}

  /** Whether another module of the user's has asked for this one: it then holds names of it. */
  isImported(module: PyModule): boolean {
    return this.askedFor.has(module);
  }

  /** Loads (not yet runs) a module; null when it cannot be found. */
  load(name: string): PyModule | null {
    const known = this.modules.get(name);
    if (known !== undefined) {
      this.askedFor.add(known);
      return known;
    }
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
    this.prepare(module, found.path === '' ? null : this.ports.tree(found.path, found.internal));
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
    this.prepare(module, tree);
    this.modules.set(name, module);
    return module;
  }

  private prepare(module: PyModule, tree: ModuleTree | null): void {
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
    module.units = tree.statements.map((s) => new SourceUnit(s));
    tree.statements.forEach((s, i) => {
      const b = bindingsOf(s.node);
      if (b.isStar) module.stars.push(i);
      for (const n of b.names) {
        const list = module.pending.get(n);
        if (list === undefined) module.pending.set(n, [i]);
        else list.push(i);
      }
    });
    for (const [n, v] of this.ports.compiled(module.name) ?? []) {
      ns.set(n, v);
      module.pending.delete(n);
    }
  }

  /** Runs top-level statement `i` if it has not run. */
  runStatement(module: PyModule, i: number): void {
    if (module.executed[i] === 1) return;
    module.executed[i] = 1;
    const observer = heap.observer;
    heap.observer = null;
    const { limit } = module;
    module.limit = i;
    this.running++;
    try {
      let code = module.codes[i];
      if (code === undefined) {
        code = compileTopStatement(module.file!, module.units[i]!);
        module.codes[i] = code;
      }
      const frame = new Frame(code, module, new Array(code.varnames.length).fill(undefined), []);
      frame.topIndex = i;
      this.vm.runFrame(frame);
      this.noteRegistries(module, i);
    } catch (e) {
      if (!(e instanceof PyRaise)) {
        this.unrun(module, i);
        throw e;
      }
      this.failed(module, i, e);
    } finally {
      this.running--;
      module.limit = limit;
      heap.observer = observer;
    }
  }

  /** Dicts that a module keeps for others to register in: a miss looks for definitions that have not run yet. */
  private noteRegistries(module: PyModule, i: number): void {
    if (module.file === null || module.file.internal) return;
    const { node } = module.tree!.statements[i]!;
    if (node.type !== 'Assign' && node.type !== 'AnnAssign') return;
    for (const name of bindingsOf(node).names) {
      const v = module.ns.get(name);
      if (v instanceof PyDict) this.watch(module, v);
      else if (v instanceof PySet) this.watch(module, v);
      else if (v instanceof PyInstance)
        for (const x of v.attrs!.values()) if (x instanceof PyDict) this.watch(module, x);
    }
  }

  private watch(module: PyModule, container: PyDict | PySet): void {
    const tried = new Set<string>();
    container.onMiss = (key) => {
      if (typeof key !== 'string' || tried.has(key) || !/^[A-Za-z_][\w.-]*$/.test(key)) return false;
      tried.add(key);
      return this.ports.register(module, key);
    };
  }

  /** Runs the statements of a module that define or register `key`. */
  force(module: PyModule, key: string): boolean {
    let ran = false;
    module.tree?.statements.forEach((s, i) => {
      if (module.executed[i] === 1 || !s.text.includes(key)) return;
      const n = s.node;
      const registers = (n.type === 'FunctionDef' || n.type === 'ClassDef') && n.decorators.length > 0;
      if (!registers && n.type !== 'Expr') return;
      this.runStatement(module, i);
      ran = true;
    });
    return ran;
  }

  /** A statement that was cut off in the middle has not run. */
  private unrun(module: PyModule, i: number): void {
    module.executed[i] = 0;
    for (const n of bindingsOf(module.tree!.statements[i]!.node).names) {
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
    for (const n of bindingsOf(top.node).names) if (!module.ns.has(n)) module.ns.set(n, new Unknown(why, place));
  }

  /** A module-level name, running what binds it; `before`: only statements above that index count. */
  global(module: PyModule, name: string, before: number): Value | undefined {
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
        const v = this.attribute(source, name);
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
  private readonly starMisses = new WeakMap<PyModule, Set<string>>();
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
    for (const [n, m] of this.modules) this.sysModules.entries.set(n, [n, m]);
    return this.sysModules;
  }
}

/**
 * The lazy-module idiom: `if TYPE_CHECKING: <imports> else: sys.modules[__name__] = _LazyModule(…)`.
 * What type checkers see is what the lazy module gives, so its imports stand in for the table.
 */
function withLazyTable(tree: ModuleTree): ModuleTree {
  const isLazy = (s: TopStatement): boolean =>
    s.node.type === 'If' &&
    s.node.test.type === 'Name' &&
    s.node.test.id === 'TYPE_CHECKING' &&
    s.node.orelse.length > 0 &&
    s.text.includes('sys.modules[__name__]');
  if (!tree.statements.some(isLazy)) return tree;
  const statements = tree.statements.flatMap((s) => {
    if (!isLazy(s) || s.node.type !== 'If') return [s];
    return s.node.body.map((node): TopStatement => ({ start: s.start, length: s.length, text: s.text, node }));
  });
  return { ...tree, statements };
}

function parentName(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(0, dot);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
