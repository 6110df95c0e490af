/** An engine for one command: files of the disk, the Python environment found by reading folders. */
import { dirname, isAbsolute, resolve } from 'node:path';
import { createEngine } from '../analysis/createEngine.js';
import type { Engine, EnvironmentOptions } from '../analysis/engine.js';
import { nodeFiles } from '../lsp/nodeFiles.js';
import { findPythonEnvironment } from '../lsp/pythonEnvironment.js';
import { type Flags, listFlag } from './flags.js';
import { type Io, UsageError } from './io.js';

/** Where a command looks up imports. @throws UsageError when `--python-path` names no folder. */
export function environmentOf(flags: Flags, io: Io, firstFile: string): EnvironmentOptions {
  const pythonPath = listFlag(flags, 'python-path').map((folder) => {
    const path = absolute(folder, io);
    if (!nodeFiles.isDirectory(path)) throw new UsageError(`--python-path ${folder}: not a folder.`);
    return path;
  });
  const workspaceFolder = io.cwd === dirname(firstFile) ? io.cwd : dirname(firstFile);
  const { sitePackages } = findPythonEnvironment({ pythonPath: '', workspaceFolder, env: io.env });
  return { pythonPath, sitePackages };
}

/** @throws UsageError when `--python-path` names no folder. */
export async function openEngine(flags: Flags, io: Io, firstFile: string): Promise<Engine> {
  const environment = environmentOf(flags, io, firstFile);
  const engine = await createEngine({
    files: nodeFiles,
    cancelled: () => false,
    log: (message) => {
      if (io.env['ECOCOMPUTE_DEBUG'] !== undefined) io.err(`${message}\n`);
    },
  });
  engine.configure(environment);
  return engine;
}

export function absolute(path: string, io: Io): string {
  return isAbsolute(path) ? path : resolve(io.cwd, path);
}

/** The text of a source file. @throws UsageError naming the file when it cannot be read. */
export function readSource(path: string, io: Io): string {
  const full = absolute(path, io);
  if (nodeFiles.isDirectory(full))
    throw new UsageError(`${path}: a folder, not a file. Name a .py file, or use "ecocompute audit ${path}".`);
  let text: string | null;
  try {
    text = nodeFiles.read(full);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.replace(full, path) : String(error));
  }
  if (text === null) throw new UsageError(`${path}: no such file, or it cannot be read.`);
  return text;
}
