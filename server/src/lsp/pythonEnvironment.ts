/**
 * Where the packages of the user's Python lie, found by reading the file system alone:
 * no Python is run, so this works in Restricted Mode and on machines without one.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

export interface EnvironmentQuery {
  /** The interpreter from the settings; empty: look for one. */
  readonly pythonPath: string;
  /** The folder that holds the file, as workspace folder or parent. */
  readonly workspaceFolder: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface PythonEnvironment {
  /** What it was found by, for the log. */
  readonly origin: 'setting' | 'VIRTUAL_ENV' | 'CONDA_PREFIX' | 'workspace' | 'PATH' | 'none';
  readonly prefix: string | null;
  readonly sitePackages: readonly string[];
  /** Major and minor of the PyTorch installed there; null: none, or nobody chose this Python and it merely came first on the path. */
  readonly torchVersion: readonly [number, number] | null;
}

const NONE: PythonEnvironment = { origin: 'none', prefix: null, sitePackages: [], torchVersion: null };

/** The first of setting, VIRTUAL_ENV, the workspace's .venv or venv, CONDA_PREFIX and PATH that has packages. */
export function findPythonEnvironment(query: EnvironmentQuery): PythonEnvironment {
  const candidates: [PythonEnvironment['origin'], string | null][] = [
    ['setting', query.pythonPath ? prefixOf(expand(query.pythonPath, query)) : null],
    ['VIRTUAL_ENV', query.env['VIRTUAL_ENV'] ?? null],
    ['workspace', query.workspaceFolder ? join(query.workspaceFolder, '.venv') : null],
    ['workspace', query.workspaceFolder ? join(query.workspaceFolder, 'venv') : null],
    ['CONDA_PREFIX', query.env['CONDA_PREFIX'] ?? null],
    ...pythonsOnPath(query.env).map((prefix): [PythonEnvironment['origin'], string] => ['PATH', prefix]),
  ];
  for (const [origin, prefix] of candidates) {
    if (!prefix) continue;
    const sitePackages = sitePackagesOf(prefix);
    if (sitePackages.length > 0)
      return { origin, prefix, sitePackages, torchVersion: origin === 'PATH' ? null : torchVersionIn(sitePackages) };
  }
  return NONE;
}

/** From `torch/version.py`, which every build of PyTorch writes. */
function torchVersionIn(sitePackages: readonly string[]): readonly [number, number] | null {
  for (const folder of sitePackages) {
    const found = /__version__\s*(?::\s*\w+\s*)?=\s*['"](\d+)\.(\d+)/.exec(
      read(join(folder, 'torch', 'version.py')) ?? '',
    );
    if (found) return [Number(found[1]), Number(found[2])];
  }
  return null;
}

/** `~`, `${workspaceFolder}` and paths relative to the workspace. */
function expand(path: string, query: EnvironmentQuery): string {
  const home = query.env['HOME'] ?? query.env['USERPROFILE'] ?? '~';
  const folder = query.workspaceFolder ?? '.';
  const plain = path.replace(/^~(?=[\\/]|$)/, home).replace(/\$\{workspaceFolder\}/g, () => folder);
  return isAbsolute(plain) ? plain : join(folder, plain);
}

/** `/venv/bin/python` → `/venv`; a folder is taken as the prefix itself. Links are not followed: a venv's python is one. */
function prefixOf(path: string): string {
  if (isDirectory(path)) return path;
  const folder = dirname(path);
  return /[\\/](bin|Scripts)$/i.test(folder) ? dirname(folder) : folder;
}

function sitePackagesOf(prefix: string): string[] {
  const found: string[] = [];
  const add = (folder: string) => {
    if (!found.includes(folder) && isDirectory(folder)) found.push(folder);
  };
  const addVersions = (lib: string) => {
    for (const name of pythonFolders(lib)) {
      add(join(lib, name, 'site-packages'));
      add(join(lib, name, 'dist-packages'));
    }
  };
  addVersions(join(prefix, 'lib'));
  addVersions(join(prefix, 'lib64'));
  add(join(prefix, 'Lib', 'site-packages'));
  // Debian's system Python keeps packages of its own and of the administrator apart.
  if (prefix === '/usr') {
    addVersions('/usr/local/lib');
    add('/usr/lib/python3/dist-packages');
  }
  const base = baseOfVenv(prefix);
  if (base) for (const folder of sitePackagesOf(base)) add(folder);
  for (const folder of [...found]) for (const extra of pathFiles(folder)) add(extra);
  return found;
}

/** python3.11, python3.12 …, the newest first. */
function pythonFolders(lib: string): string[] {
  const minor = (name: string) => Number(/^python3\.(\d+)/.exec(name)?.[1] ?? -1);
  return list(lib)
    .filter((name) => minor(name) >= 0)
    .sort((a, b) => minor(b) - minor(a));
}

/** The Python that a virtual environment also sees, when it was made to. */
function baseOfVenv(prefix: string): string | null {
  const config = read(join(prefix, 'pyvenv.cfg'));
  if (config === null || !/^include-system-site-packages\s*=\s*true\s*$/im.test(config)) return null;
  const home = /^home\s*=\s*(.+?)\s*$/im.exec(config)?.[1];
  if (!home) return null;
  const base = /[\\/]bin$/.test(home) ? dirname(home) : home;
  return base === prefix ? null : base;
}

/** Folders that `.pth` files add: how editable installs are linked. */
function pathFiles(folder: string): string[] {
  return list(folder)
    .filter((name) => name.endsWith('.pth'))
    .flatMap((name) => (read(join(folder, name)) ?? '').split(/\r?\n/))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !/^import[ \t]/.test(line))
    .map((line) => (isAbsolute(line) ? line : join(folder, line)));
}

/** Prefixes of all interpreters on the path: the first may be a launcher without packages (pyenv's shims). */
function pythonsOnPath(env: EnvironmentQuery['env']): string[] {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = ['python3', 'python', 'python.exe'];
  return folders.flatMap((folder) => {
    const name = names.find((one) => isFile(join(folder, one)));
    return name ? [prefixOf(join(folder, name))] : [];
  });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
