/** Our own Python models of torch and the standard library, parsed once per process. */
import pylib from 'virtual:pylib';
import type { ModuleTree } from '../syntax/ast.js';
import type { Parser } from '../syntax/parser.js';

const trees = new Map<string, ModuleTree>();
const packages = new Set<string>();
for (const path of Object.keys(pylib)) {
  const parts = path.split('/');
  for (let i = 1; i < parts.length; i++) packages.add(parts.slice(0, i).join('/'));
}

export interface LibraryModule {
  /** Path inside the library; '' for a package without a file of its own. */
  readonly path: string;
  readonly isPackage: boolean;
}

export function findLibraryModule(dottedName: string): LibraryModule | null {
  const base = dottedName.replaceAll('.', '/');
  if (pylib[`${base}/__init__.py`] !== undefined) return { path: `${base}/__init__.py`, isPackage: true };
  if (pylib[`${base}.py`] !== undefined) return { path: `${base}.py`, isPackage: false };
  return packages.has(base) ? { path: '', isPackage: true } : null;
}

export function libraryTree(parser: Parser, path: string): ModuleTree | null {
  let tree = trees.get(path);
  if (tree === undefined) {
    const text = pylib[path];
    if (text === undefined) return null;
    tree = parser.parse(text);
    trees.set(path, tree);
  }
  return tree;
}
