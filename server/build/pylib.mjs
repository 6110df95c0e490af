/**
 * Build support for Python sources that ship inside the bundle: `.py` as text, and
 * the virtual module `virtual:pylib` that maps library paths to their text.
 * One implementation, two adapters (esbuild and Vite/vitest).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const libraryRoots = [join(projectRoot, 'server/src/python/lib'), join(projectRoot, 'server/src/torch/lib')];
const VIRTUAL = 'virtual:pylib';

/** All library files as `{key, file}`, sorted by key so that builds are reproducible. */
export function pythonLibraryFiles() {
  const found = new Map();
  for (const root of libraryRoots) {
    if (!existsSync(root)) continue;
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.py')) continue;
      const file = join(entry.parentPath, entry.name);
      const key = file.slice(root.length + 1).replaceAll('\\', '/');
      const other = found.get(key);
      if (other !== undefined) throw new Error(`${key} exists in two library folders: ${other} and ${file}. Keep one.`);
      found.set(key, file);
    }
  }
  return [...found].map(([key, file]) => ({ key, file })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

function libraryModule(files) {
  const entries = files.map(({ key, file }) => `${JSON.stringify(key)}: ${JSON.stringify(readFileSync(file, 'utf8'))}`);
  return `export default {\n${entries.join(',\n')}\n};\n`;
}

/** @returns {import('esbuild').Plugin} */
export function esbuildPythonText() {
  return {
    name: 'python-text',
    setup(build) {
      build.onResolve({ filter: /^virtual:pylib$/ }, () => ({ path: VIRTUAL, namespace: 'pylib' }));
      build.onLoad({ filter: /.*/, namespace: 'pylib' }, () => {
        const files = pythonLibraryFiles();
        return {
          contents: libraryModule(files),
          loader: 'js',
          watchFiles: files.map((f) => f.file),
          watchDirs: libraryRoots.filter(existsSync),
        };
      });
      build.onLoad({ filter: /\.py$/ }, (args) => ({ contents: readFileSync(args.path, 'utf8'), loader: 'text' }));
    },
  };
}

/** @returns {import('vite').Plugin} */
export function vitePythonText() {
  const resolved = `\0${VIRTUAL}`;
  return {
    name: 'python-text',
    enforce: 'pre',
    resolveId: (id) => (id === VIRTUAL ? resolved : undefined),
    load(id) {
      if (id === resolved) return libraryModule(pythonLibraryFiles());
      if (id.endsWith('.py')) return `export default ${JSON.stringify(readFileSync(id, 'utf8'))};`;
      return undefined;
    },
  };
}
