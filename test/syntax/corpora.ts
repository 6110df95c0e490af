/** Real Python sources to test on: packages found through the interpreters this machine has. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Interpreters to ask: the one named by ECOCOMPUTE_PYTHON, the one on PATH, then the distribution's own. */
export const interpreters = [process.env.ECOCOMPUTE_PYTHON, 'python3', '/usr/bin/python3'].filter((p): p is string =>
  Boolean(p),
);

/** The folder of an importable package (found, not imported), or null. */
export function packageFolder(name: string): string | null {
  const code = `import importlib.util as u; s = u.find_spec(${JSON.stringify(name)}); print(s.origin if s else "")`;
  for (const python of interpreters) {
    try {
      const found = execFileSync(python, ['-c', code], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
      if (found.endsWith('__init__.py')) return dirname(found);
    } catch {
      // This interpreter is not here; the next one may be.
    }
  }
  return null;
}

/** All .py files below a folder, sorted. */
export function pythonFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
