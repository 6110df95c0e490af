/**
 * Containers that modules register into when they are imported (`BACKENDS.append(…)`, `@register`), under statements
 * that run on demand: when such a container is walked, or a key is missing, the registering statements of the package
 * run in the order in which CPython's imports would have run them.
 */
import type { Expr, Stmt, TopStatement } from '../syntax/ast.js';
import { bindingsOf } from './bindings.js';
import type { ImportSystem } from './imports.js';
import type { Machine } from './machine.js';
import type { PyModule } from './objects.js';
import { PyClass, PyDict, PyInstance, PyList, type PyObject, PySet } from './values.js';

/** What completes a container before it is walked. */
const incomplete = new WeakMap<PyObject, () => void>();
let any = false;

export function watchContainer(container: PyObject, complete: () => void): void {
  any = true;
  incomplete.set(container, complete);
}

/** Called before a list, dict or set is walked or measured. */
export function completeContainer(container: PyObject): void {
  if (!any) return;
  const complete = incomplete.get(container);
  if (complete === undefined) return;
  incomplete.delete(container);
  complete();
}

/** Modules followed from a package's `__init__`: a larger package is asked by name only. */
const moduleLimit = 80;

/** The parts of a statement that run whenever the module is imported. */
function* always(s: Stmt): Iterable<Stmt> {
  yield s;
  if (s.type === 'If') {
    if (s.test.type === 'Name' && s.test.id === 'TYPE_CHECKING') return;
    if (s.test.type === 'Attribute' && s.test.attr === 'TYPE_CHECKING') return;
    for (const x of [...s.body, ...s.orelse]) yield* always(x);
  } else if (s.type === 'Try') for (const x of [...s.body, ...s.orelse, ...s.finalbody]) yield* always(x);
  else if (s.type === 'With') for (const x of s.body) yield* always(x);
}

/** Of a top-level statement, without definitions. */
function runAlways(top: TopStatement): Iterable<Stmt> {
  return top.defines === null ? always(top.node) : [];
}

/** Rather than a statement that works out a value. */
function isDefinitionOrCall(top: TopStatement | undefined): boolean {
  const type = top?.node.type;
  return type === 'FunctionDef' || type === 'ClassDef' || type === 'Expr';
}

function root(e: Expr): string | null {
  for (let x = e; ; ) {
    if (x.type === 'Name') return x.id;
    if (x.type === 'Attribute' || x.type === 'Subscript') x = x.value;
    else if (x.type === 'Call') x = x.func;
    else return null;
  }
}

export class Registrations {
  private readonly done = new WeakSet<PyModule>();
  constructor(
    private readonly vm: Machine,
    private readonly imports: ImportSystem,
    /** Runs definitions that register under a key, found by their text. */
    private readonly register: (module: PyModule, key: string) => boolean,
  ) {}

  /** Dicts that a module keeps for others to register in: a miss looks for definitions that have not run yet. */
  note(module: PyModule, i: number): void {
    if (module.file === null || module.file.internal) return;
    const top = module.tree!.statements[i]!;
    const { type } = top.node;
    if (type !== 'Assign' && type !== 'AnnAssign' && type !== 'ClassDef') return;
    for (const name of bindingsOf(top).names) {
      const v = module.ns.get(name);
      if (v instanceof PyDict || v instanceof PySet) this.watch(module, name, v);
      else if (v instanceof PyList && v.items.length === 0) this.watchWalks(module, name, v);
      else if (v instanceof PyInstance || v instanceof PyClass)
        // a table that a class only reads, such as the synonyms of a configuration's fields, is no registry
        for (const [attribute, x] of v instanceof PyClass ? v.dict : v.attrs!)
          if (x instanceof PyDict && (v instanceof PyInstance || this.fills(module, attribute)))
            this.watch(module, attribute, x);
          else if (x instanceof PyList && x.items.length === 0) this.watchWalks(module, attribute, x);
    }
  }

  /** An empty container that functions of its module fill is filled before it is walked. */
  private watchWalks(module: PyModule, name: string, container: PyDict | PySet | PyList): void {
    if (this.fills(module, name)) watchContainer(container, () => void this.run(module));
  }

  private watch(module: PyModule, name: string, container: PyDict | PySet): void {
    const tried = new Set<string>();
    let registered = false;
    container.onMiss = (key) => {
      if (key instanceof PyInstance || key instanceof PyClass) {
        // members of enumerations, classes: whatever this module registers by decorator
        if (registered) return false;
        registered = true;
        return this.imports.force(module, '@', true);
      }
      if (typeof key !== 'string' || tried.has(key) || !/^[A-Za-z_][\w.-]*$/.test(key)) return false;
      const running = this.running();
      // a definition that asks whether its own name is taken misses, as it should
      if (running?.defines?.name === key) return false;
      tried.add(key);
      return (
        this.register(module, key) || (!isDefinitionOrCall(running) && this.fills(module, name) && this.run(module))
      );
    };
    if ((container instanceof PySet ? container.items : container.entries).size === 0)
      this.watchWalks(module, name, container);
  }

  /** The innermost statement at the top of a module that is being run. */
  private running(): TopStatement | undefined {
    const { frames } = this.vm;
    for (let i = frames.length - 1; i >= 0; i--) {
      const { topIndex, globals } = frames[i]!;
      if (topIndex !== Number.POSITIVE_INFINITY) return globals.tree?.statements[topIndex];
    }
    return undefined;
  }

  /** Whether a function or class of the module puts things into the container of that name (or attribute). */
  fills(registry: PyModule, name: string): boolean {
    const n = name.replace(/[^\w]/g, '');
    const into = new RegExp(
      `\\b${n}(?:\\.(?:append|add|update|setdefault|extend|insert)\\(|\\[[^\\]\\n]*\\]\\s*=[^=])`,
    );
    return registry.tree!.statements.some(
      (s) => s.text.includes(n) && into.test(s.text) && (s.node.type === 'FunctionDef' || s.node.type === 'ClassDef'),
    );
  }

  /** Runs every statement that may register in the containers of `registry`; false when there was none to run. */
  run(registry: PyModule): boolean {
    if (this.done.has(registry) || registry.tree === null) return false;
    this.done.add(registry);
    const own = new Set(registry.tree.statements.flatMap((s) => [...bindingsOf(s).names]));
    const hooks = registry.tree.statements.some((s) => /__init_subclass__|metaclass/.test(s.text));
    let ran = false;
    const order = this.order(registry);
    for (const module of order ?? []) {
      const names = module === registry ? own : importedFrom(module, registry, own);
      if (names.size === 0) continue;
      module.tree!.statements.forEach((s, i) => {
        if (module.executed[i] === 1 || !mayRegister(s, hooks) || !registers(s.node, names, hooks)) return;
        this.imports.runStatement(module, i);
        ran = true;
      });
    }
    return ran;
  }

  /** Modules in the order in which importing the package would finish them; null when there are too many. */
  private order(registry: PyModule): PyModule[] | null {
    const top = registry.name.split('.')[0]!;
    const isPackage = registry.name.includes('.') || registry.packagePath !== null;
    const folder = folderOf(registry.file?.path ?? '');
    const belongs = (m: PyModule): boolean =>
      m.file !== null &&
      !m.file.internal &&
      (isPackage ? m.name === top || m.name.startsWith(`${top}.`) : m.file.path.startsWith(folder));
    const seen = new Set<PyModule>();
    const out: PyModule[] = [];
    const visit = (m: PyModule | null): boolean => {
      if (m === null || seen.has(m) || m.tree === null) return true;
      if (seen.size >= moduleLimit) return false;
      seen.add(m);
      for (const s of m.tree.statements)
        for (const x of runAlways(s))
          for (const full of this.targets(m, x)) {
            // what lies outside is not even read
            if (isPackage && full !== top && !full.startsWith(`${top}.`)) continue;
            const target = this.imports.load(full);
            if (target !== null && belongs(target) && !visit(target)) return false;
          }
      out.push(m);
      return true;
    };
    const started = [...this.imports.modules.values()].filter(
      (m) => belongs(m) || (m.name === '__main__' && !isPackage),
    );
    const roots = isPackage ? [this.imports.load(top), ...started] : started;
    for (const m of roots) if (!visit(m)) return null;
    return out;
  }

  /** Full names that an import statement loads, packages before what is in them. */
  private targets(m: PyModule, s: Stmt): string[] {
    if (s.type === 'Import') return s.names.flatMap((a) => prefixes(a.name));
    if (s.type !== 'ImportFrom') return [];
    const base = s.level > 0 ? this.imports.relative(m, s.module ?? '', s.level) : (s.module ?? '');
    return [...prefixes(base), ...s.names.filter((a) => a.name !== '*').map((a) => `${base}.${a.name}`)];
  }
}

function prefixes(name: string): string[] {
  const parts = name.split('.');
  return parts.map((_, i) => parts.slice(0, i + 1).join('.'));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Names under which a module knows the registry's module or what is in it. */
function importedFrom(module: PyModule, registry: PyModule, own: ReadonlySet<string>): Set<string> {
  const names = new Set<string>();
  const last = registry.name.slice(registry.name.lastIndexOf('.') + 1);
  for (const s of module.tree!.statements)
    for (const x of runAlways(s)) {
      if (x.type !== 'ImportFrom' && x.type !== 'Import') continue;
      for (const a of x.names) {
        if (a.name === '*') for (const n of own) names.add(n);
        else if (x.type === 'ImportFrom' ? own.has(a.name) || a.name === last : a.name === registry.name)
          names.add(a.asname ?? (x.type === 'Import' ? a.name.split('.')[0]! : a.name));
      }
    }
  return names;
}

/** Told without parsing a definition: only its decorators run others' code, and its bases when there are hooks. */
function mayRegister({ defines, text }: TopStatement, hooks: boolean): boolean {
  return defines === null || text.startsWith('@') || (hooks && defines.kind === 'class');
}

function registers(s: Stmt, names: ReadonlySet<string>, hooks: boolean): boolean {
  const known = (e: Expr): boolean => names.has(root(e) ?? '');
  switch (s.type) {
    case 'FunctionDef':
      return s.decorators.some(known);
    case 'ClassDef':
      return s.decorators.some(known) || (hooks && (s.bases.some(known) || s.keywords.some((k) => known(k.value))));
    case 'Expr':
      return s.value.type === 'Call' && (known(s.value.func) || s.value.args.some(known));
    case 'Assign':
      return s.targets.some((t) => t.type === 'Subscript' && known(t.value));
    case 'AugAssign':
      return known(s.target);
    case 'For':
      return s.body.some((x) => registers(x, names, hooks));
    case 'If':
    case 'Try':
      return [...always(s)].some((x) => x !== s && registers(x, names, hooks));
    default:
      return false;
  }
}
