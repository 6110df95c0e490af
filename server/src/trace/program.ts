/** A program to analyse: one machine over the workspace, our library and the selected environment. */
import { nativeModules } from '../python/builtins/modules/index.js';
import { classOf } from '../python/classes.js';
import type { FoundModule, ImportPorts } from '../python/imports.js';
import { Machine } from '../python/machine.js';
import type { PyModule } from '../python/objects.js';
import type { SourceFile } from '../python/place.js';
import { type Value } from '../python/values.js';
import type { ModuleTree } from '../syntax/ast.js';
import { dtypes } from '../torch/dtype.js';
import { torchNative } from '../torch/host.js';
import type { TorchState } from '../torch/kernel.js';
import { baseName, folderOf, joinPath } from './files.js';
import { findLibraryModule, libraryTree } from './library.js';
import { Recorder } from './recorder.js';
import type { SourceView } from './sources.js';

export interface ProgramOptions {
  readonly sources: SourceView;
  /** Folders for absolute imports after the file's own project root. */
  readonly pythonPath: readonly string[];
  readonly sitePackages: readonly string[];
  readonly torchVersion: readonly [number, number];
  readonly fuel: number;
  readonly cancelled: () => boolean;
}

/** Real source of these packages is never read: they are modelled. */
const modelled = new Set(['torch', 'numpy', 'einops']);

export class Program implements ImportPorts {
  readonly machine: Machine;
  readonly recorder = new Recorder();
  readonly state: TorchState;
  readonly main: PyModule | null;
  private readonly roots: readonly string[];

  constructor(
    readonly file: string,
    readonly options: ProgramOptions,
  ) {
    const { sources } = options;
    this.state = {
      gradEnabled: true, inferenceMode: false, autocast: new Map(), defaultDtype: dtypes.float32, defaultDevice: 'cpu',
      version: options.torchVersion, sink: this.recorder, scopes: this.recorder,
    };
    const { root, name, isPackage } = projectOf(sources, file);
    this.roots = [root, ...options.pythonPath, ...options.sitePackages];
    this.machine = new Machine({ imports: this, listener: this.recorder, fuel: options.fuel, cancelled: options.cancelled, torch: this.state });
    this.recorder.machine = this.machine;
    const source = sources.get(file);
    if (source === null) {
      this.main = null;
      return;
    }
    const sourceFile: SourceFile = { path: file, moduleName: name, internal: false };
    // parents first: relative imports resolve against them
    const dot = name.lastIndexOf('.');
    if (dot >= 0) this.machine.imports.load(name.slice(0, dot));
    this.main = this.machine.imports.adoptTree(name, sourceFile, source.tree, isPackage ? [folderOf(file)] : null);
  }

  find(fullName: string, folders: readonly string[] | null): FoundModule | null {
    const last = fullName.slice(fullName.lastIndexOf('.') + 1);
    const top = fullName.split('.')[0]!;
    if (folders === null || folders[0]?.startsWith('lib:') === true) {
      const own = folders === null && !modelled.has(top) ? this.findIn([this.roots[0]!], last) : null;
      if (own !== null) return own;
      const lib = findLibraryModule(fullName);
      if (lib !== null) return { path: lib.path, isPackage: lib.isPackage, folders: [`lib:${fullName}`], internal: true };
      if (folders !== null || modelled.has(top) || this.isNativeModule(fullName)) return null;
      return this.findIn(this.roots.slice(1), last);
    }
    return this.findIn(folders, last);
  }

  private findIn(folders: readonly string[], name: string): FoundModule | null {
    const { sources } = this.options;
    for (const f of folders) {
      if (sources.has(f, name)) {
        const folder = joinPath(f, name);
        if (sources.has(folder, '__init__.py')) return { path: joinPath(folder, '__init__.py'), isPackage: true, folders: [folder], internal: false };
      }
      if (sources.has(f, `${name}.py`)) return { path: joinPath(f, `${name}.py`), isPackage: false, folders: [], internal: false };
    }
    // a namespace package
    const spaces = folders.filter((f) => sources.has(f, name) && sources.isDirectory(joinPath(f, name))).map((f) => joinPath(f, name));
    return spaces.length > 0 ? { path: '', isPackage: true, folders: spaces, internal: false } : null;
  }

  tree(path: string, internal: boolean): ModuleTree | null {
    const { sources } = this.options;
    return internal ? libraryTree(sources.parser, path) : (sources.get(path)?.tree ?? null);
  }

  native(qualifiedName: string): Value | undefined {
    if (qualifiedName.startsWith('torch.')) return torchNative(qualifiedName, this.state.version);
    const dot = qualifiedName.lastIndexOf('.');
    return nativeModules[qualifiedName.slice(0, dot)]?.[qualifiedName.slice(dot + 1)];
  }

  isNativeModule(name: string): boolean {
    return nativeModules[name] !== undefined;
  }
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

export { classOf };
