/** The Python files that a path means: itself, or all below a folder except what is no source of the project. */
import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFiles } from '../lsp/nodeFiles.js';
import { type Io, UsageError } from './io.js';
import { absolute } from './session.js';

export interface FoundFile {
  readonly path: string;
  /** True when the person named this very file. */
  readonly named: boolean;
}

const skipped = new Set([
  'node_modules',
  '__pycache__',
  'site-packages',
  'dist-packages',
  'venv',
  'env',
  'build',
  'dist',
]);

export function pythonFiles(path: string, io: Io): FoundFile[] {
  const full = absolute(path, io);
  if (!nodeFiles.isDirectory(full)) return [{ path, named: true }];
  const found: FoundFile[] = [];
  walk(path, full, found, 0);
  if (found.length === 0) throw new UsageError(`${path}: no .py files in this folder.`);
  return found;
}

function walk(shown: string, full: string, found: FoundFile[], depth: number): void {
  // Symbolic links are not followed, so depth is what the disk has
  if (depth > 64) return;
  let entries: Dirent[];
  try {
    entries = readdirSync(full, { withFileTypes: true });
  } catch {
    return;
  }
  if (depth > 0 && entries.some((entry) => entry.name === 'pyvenv.cfg')) return;
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && !skipped.has(entry.name))
        walk(join(shown, entry.name), join(full, entry.name), found, depth + 1);
    } else if (entry.isFile() && entry.name.endsWith('.py'))
      found.push({ path: join(shown, entry.name), named: false });
  }
}
