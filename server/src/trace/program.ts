/** A program to analyse: one machine over the workspace, our library and the selected environment. */
import { nativeModules } from '../python/builtins/modules/index.js';
import type { Code } from '../python/bytecode.js';
import type { Ground, Reader } from '../python/dependencies.js';
import type { FoundModule, ImportPorts } from '../python/imports.js';
import { Machine } from '../python/machine.js';
import type { PyModule } from '../python/objects.js';
import type { SourceFile } from '../python/place.js';
import { heap, type PyInstance, type Value } from '../python/values.js';
import type { ModuleTree } from '../syntax/ast.js';
import { dtypes } from '../torch/dtype.js';
import { torchNative } from '../torch/host.js';
import type { TorchState } from '../torch/kernel.js';
import { operatorNames } from '../torch/registry.js';
import { asOf, isLater } from '../torch/since.js';
import { answeredNames } from './answeredNames.js';
import { baseName, folderOf, joinPath } from './files.js';
import type { Attempts, ChosenInput } from './inputs.js';
import { findLibraryModule, libraryTree } from './library.js';
import { restsOnAny } from './memo.js';
import { Recorder } from './recorder.js';
import type { SourceView } from './sources.js';
import type { Gap, Trace } from './trace.js';

export interface ProgramOptions {
  readonly sources: SourceView;
  /** Folders for absolute imports after the file's own project root. */
  readonly pythonPath: readonly string[];
  readonly sitePackages: readonly string[];
  readonly torchVersion: readonly [number, number];
  readonly fuel: number;
  /** False: no call is answered from memory. */
  readonly memoise?: boolean;
  readonly cancelled: () => boolean;
}

/** A callee made from an entry expression, ready to be called. */
export interface BuiltEntry {
  readonly callee: Value;
  readonly module: PyInstance | null;
  readonly gaps: readonly Gap[];
  /** User code that building it ran, and module-level names that it read. */
  readonly rests: ReadonlySet<Ground>;
  readonly params: NonNullable<Trace['params']>;
  /** Whether layers or weights are there only if an undecided condition holds, so that nobody can count them. */
  readonly uncounted: boolean;
  /** Why attributes of its modules are unknown. */
  readonly unknownMembers: () => ReadonlySet<string>;
  /** What it read of modules. */
  readonly reader: Reader;
  /** Guessed inputs by the request they answer. */
  readonly guesses: Map<string, Attempts>;
  /** The guess that the model took last, by request. */
  readonly taken: Map<string, ChosenInput[]>;
}

/** Objects that one run may make: a model of a few thousand layers needs under a million. */
const objectLimit = 12_000_000;

/** Later than any release. */
const newest = [Number.POSITIVE_INFINITY, 0] as const;

/** Real source of these packages is never read: they are modelled. */
const modelled = new Set(['torch', 'numpy', 'einops']);
/** Sub-packages that are modelled inside packages whose other source is read: they would look for data on disk. */
const modelledParts = new Set(['torchvision.datasets', 'torchvision.transforms', 'torchvision.transforms.v2']);
/** Modelled only where the selected environment does not have them. */
const substitutes = new Set(['torchvision']);

export class Program implements ImportPorts {
  readonly machine: Machine;
  readonly recorder = new Recorder();
  readonly state: TorchState;
  main: PyModule | null = null;
  /** Built models by what they were built from; see run.ts. */
  readonly built = new Map<string, BuiltEntry>();
  /** Entries and inputs as code, by their text. */
  readonly expressions = new Map<string, Code>();
  private readonly roots: readonly string[];
  private readonly name: string;
  /** Configuration files that the code has opened. */
  private readonly texts = new Set<string>();
  private readonly isPackage: boolean;

  constructor(
    readonly file: string,
    readonly options: ProgramOptions,
  ) {
    const { sources } = options;
    this.state = {
      gradEnabled: true,
      inferenceMode: false,
      autocast: new Map(),
      defaultDtype: dtypes.float32,
      defaultDevice: 'cpu',
      outerDevices: [],
      version: options.torchVersion,
      sink: this.recorder,
      scopes: this.recorder,
    };
    const { root, name, isPackage } = projectOf(sources, file);
    this.roots = [root, ...options.pythonPath, ...options.sitePackages];
    this.machine = new Machine({
      imports: this,
      listener: this.recorder,
      fuel: options.fuel,
      cancelled: options.cancelled,
      torch: this.state,
    });
    this.recorder.machine = this.machine;
    this.recorder.memoise = options.memoise ?? true;
    this.name = name;
    this.isPackage = isPackage;
    const source = sources.get(file);
    if (source === null) return;
    // parents first: relative imports resolve against them
    const dot = name.lastIndexOf('.');
    if (dot >= 0) this.machine.imports.load(name.slice(0, dot));
    this.load(source.tree);
  }

  /** Machine steps taken since the program was made. */
  get steps(): number {
    return this.spent + this.options.fuel - this.machine.fuel;
  }
  private spent = 0;

  /** A full tank and an empty stack for the next run: one that ran dry leaves nothing behind. */
  refuel(): void {
    const { machine } = this;
    this.spent = this.steps;
    machine.fuel = this.options.fuel;
    machine.serialLimit = heap.now + objectLimit;
    machine.frames.length = 0;
  }

  private load(tree: ModuleTree): void {
    this.refuel();
    const file: SourceFile = { path: this.file, moduleName: this.name, internal: false };
    this.main = this.machine.imports.adoptTree(this.name, file, tree, this.isPackage ? [folderOf(this.file)] : null);
    this.forgetBuilt();
  }

  private forgetBuilt(): void {
    for (const b of this.built.values()) b.reader.drop();
    this.built.clear();
  }

  /**
   * Brings the program to another tree of its file: what rests on nothing that changed stays. False when
   * there was no file to begin with.
   */
  refresh(tree: ModuleTree): boolean {
    if (this.main === null) return false;
    this.refuel();
    if (this.main.tree === tree) return true;
    const { stale, hasEffects } = this.machine.imports.update(this.main, tree);
    const { memory, constructors } = this.recorder;
    if (hasEffects) this.recorder.forgetAll();
    else {
      memory.forget(stale);
      constructors.forget(stale);
    }
    for (const [key, b] of this.built) {
      if (!b.reader.isStale && !restsOnAny(b.rests, stale)) continue;
      b.reader.drop();
      this.built.delete(key);
    }
    return true;
  }

  /** Puts the machine back to rest after a run was cut off in the middle. */
  settle(): void {
    this.machine.rest();
    this.recorder.rest();
    // a model that was being built or called may be half changed
    this.forgetBuilt();
  }

  /** True when code of that file has been read. */
  reads(path: string): boolean {
    for (const m of this.machine.imports.modules.values()) if (m.file?.path === path) return true;
    return this.texts.has(path);
  }

  find(fullName: string, folders: readonly string[] | null): FoundModule | null {
    if (isLater(fullName, this.options.torchVersion)) return null;
    const last = fullName.slice(fullName.lastIndexOf('.') + 1);
    const top = fullName.split('.')[0]!;
    if (folders === null && substitutes.has(top)) {
      const real = this.findIn(this.roots, last);
      if (real !== null) return real;
    }
    if (folders === null || folders[0]?.startsWith('lib:') === true || modelledParts.has(fullName)) {
      const own = folders === null && !modelled.has(top) ? this.findIn([this.roots[0]!], last) : null;
      if (own !== null) return own;
      const lib = findLibraryModule(fullName);
      if (lib !== null)
        return { path: lib.path, isPackage: lib.isPackage, folders: [`lib:${fullName}`], internal: true };
      if (modelled.has(top) || this.isNativeModule(fullName)) return null;
      // what our model of a package leaves out is read from the package itself
      return folders === null ? this.findIn(this.roots.slice(1), last) : this.findReal(fullName);
    }
    return this.findIn(folders, last);
  }

  private findReal(fullName: string): FoundModule | null {
    let folders: readonly string[] = this.roots;
    let found: FoundModule | null = null;
    for (const part of fullName.split('.')) {
      found = this.findIn(folders, part);
      if (found === null) return null;
      folders = found.folders;
    }
    return found;
  }

  private findIn(folders: readonly string[], name: string): FoundModule | null {
    const { sources } = this.options;
    for (const f of folders) {
      if (sources.has(f, name)) {
        const folder = joinPath(f, name);
        if (sources.has(folder, '__init__.py'))
          return { path: joinPath(folder, '__init__.py'), isPackage: true, folders: [folder], internal: false };
      }
      if (sources.has(f, `${name}.py`))
        return { path: joinPath(f, `${name}.py`), isPackage: false, folders: [], internal: false };
    }
    // a namespace package
    const spaces = folders
      .filter((f) => sources.has(f, name) && sources.isDirectory(joinPath(f, name)))
      .map((f) => joinPath(f, name));
    return spaces.length > 0 ? { path: '', isPackage: true, folders: spaces, internal: false } : null;
  }

  tree(path: string, internal: boolean): ModuleTree | null {
    const { sources } = this.options;
    if (!internal) return sources.get(path)?.tree ?? null;
    const tree = libraryTree(sources.parser, path);
    if (tree === null || !path.startsWith('torch/')) return tree;
    const module = path.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.');
    return asOf(tree, module, this.options.torchVersion);
  }

  laterNative(qualifiedName: string): Value | undefined {
    return isLater(qualifiedName, this.state.version) ? torchNative(qualifiedName, newest) : undefined;
  }

  native(qualifiedName: string): Value | undefined {
    if (qualifiedName.startsWith('torch.')) return torchNative(qualifiedName, this.state.version);
    const dot = qualifiedName.lastIndexOf('.');
    return nativeModules[qualifiedName.slice(0, dot)]?.[qualifiedName.slice(dot + 1)];
  }

  mentions(moduleName: string, word: string): boolean {
    const { sources } = this.options;
    const seen = new Set<string>();
    const look = (name: string): boolean => {
      if (seen.has(name)) return false;
      seen.add(name);
      const found = this.locate(name);
      if (found === null || found.path === '') return false;
      const text = sources.get(found.path)?.text ?? '';
      if (text.includes(word)) return true;
      const base = found.isPackage ? name : name.slice(0, name.lastIndexOf('.'));
      for (const m of text.matchAll(/^\s*from \.(\w+) import \*/gm)) if (look(`${base}.${m[1]}`)) return true;
      return false;
    };
    return look(moduleName);
  }

  /** Where a dotted module is, without loading it. */
  private locate(name: string): FoundModule | null {
    let folders: readonly string[] | null = null;
    let found: FoundModule | null = null;
    const parts = name.split('.');
    for (let i = 0; i < parts.length; i++) {
      found = this.find(parts.slice(0, i + 1).join('.'), folders);
      if (found === null) return null;
      folders = found.folders;
    }
    return found;
  }

  register(module: PyModule, key: string): boolean {
    const { imports } = this.machine;
    const { sources } = this.options;
    // definitions by name, and names given to a decorator
    const words = [`def ${key}(`, `class ${key}(`, `class ${key}:`, `'${key}'`, `"${key}"`];
    let ran = false;
    let read = 0;
    const visit = (name: string, path: string): void => {
      const text = sources.get(path)?.text;
      if (text === undefined || read++ > 4000 || !text.includes(key) || !words.some((w) => text.includes(w))) return;
      const m = imports.load(name);
      if (m !== null && m.tree !== null && imports.force(m, key)) ran = true;
    };
    const walk = (folder: string, prefix: string, depth: number): void => {
      if (depth > 5 || ran) return;
      const names = sources.list(folder);
      for (const n of names) {
        if (n.endsWith('.py')) visit(n === '__init__.py' ? prefix : `${prefix}.${n.slice(0, -3)}`, joinPath(folder, n));
        if (ran) return;
      }
      for (const n of names) {
        if (!n.includes('.') && n !== '__pycache__' && sources.has(joinPath(folder, n), '__init__.py'))
          walk(joinPath(folder, n), `${prefix}.${n}`, depth + 1);
      }
    };
    if (module.file === null) return false;
    visit(module.name, module.file.path);
    // the folder of the registry first, then the whole package
    const own =
      module.packagePath !== null ? module.name : module.name.slice(0, Math.max(0, module.name.lastIndexOf('.')));
    if (!ran && own !== '') walk(folderOf(module.file.path), own, 5);
    if (!ran && own !== '') {
      const top = own.split('.')[0]!;
      const found = this.locate(top);
      if (found !== null && found.folders.length > 0) walk(found.folders[0]!, top, 0);
    }
    return ran;
  }

  compiled(moduleName: string): ReadonlyMap<string, Value> | undefined {
    return answeredNames.get(moduleName);
  }

  parse(text: string): ModuleTree {
    return this.options.sources.parser.parse(text);
  }

  /** Relative paths are looked up beside the file, then in the project. */
  private places(path: string): string[] {
    return /^(\/|[A-Za-z]:[\\/])/.test(path)
      ? [path]
      : [folderOf(this.file), this.roots[0]!].map((folder) => joinPath(folder, path.replace(/^(\.\/)+/, '')));
  }

  /** Names in a folder in order, null when there is none: a program may run elsewhere, so it may exist there. */
  folder(path: string): readonly string[] | null {
    const { sources } = this.options;
    const at = this.places(path.replace(/(.)\/+$/, '$1')).find((p) => sources.isDirectory(p));
    return at === undefined ? null : [...sources.list(at)].sort();
  }

  text(path: string): string | null {
    if (!/\.(json|ya?ml|toml|ini|cfg|conf|txt)$/.test(path)) return null;
    for (const at of this.places(path)) {
      const { sources } = this.options;
      if (!sources.has(folderOf(at), baseName(at))) continue;
      const text = sources.get(at)?.text;
      if (text === undefined || text.length >= 1_000_000) continue;
      this.texts.add(at);
      return text;
    }
    return null;
  }

  isNativeModule(name: string): boolean {
    return nativeModules[name] !== undefined || (name.startsWith('torch.') && operatorNamespaces().has(name));
  }
}

let namespaces: Set<string> | null = null;
/** `torch.ops`, `torch.ops.torchvision` …: every dotted prefix of an operator's name. */
function operatorNamespaces(): ReadonlySet<string> {
  if (namespaces === null) {
    namespaces = new Set();
    for (const name of operatorNames('torch.')) {
      for (let dot = name.lastIndexOf('.'); dot > 5; dot = name.lastIndexOf('.', dot - 1))
        namespaces.add(name.slice(0, dot));
    }
  }
  return namespaces;
}

/** The folder above the outermost package that holds `file`, and the dotted name it has from there. */
export function projectOf(sources: SourceView, file: string): { root: string; name: string; isPackage: boolean } {
  const isPackage = baseName(file) === '__init__.py';
  let folder = folderOf(file);
  const parts = isPackage ? [] : [baseName(file).replace(/\.pyi?$/, '')];
  while (folder !== '' && folder !== '/' && sources.has(folder, '__init__.py')) {
    parts.unshift(baseName(folder));
    folder = folderOf(folder);
  }
  return { root: folder, name: parts.join('.'), isPackage };
}
