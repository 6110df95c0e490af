/** Packages are found by looking at folders, whichever way Python was installed. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPythonEnvironment } from '../../server/src/lsp/pythonEnvironment.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'eco-python-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, text = ''): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}
function packages(prefix: string, version = 'python3.12', torch?: string): string {
  const folder = join(prefix, 'lib', version, 'site-packages');
  if (torch) file(join(folder, 'torch/version.py'), `__version__ = '${torch}'\n`);
  else mkdirSync(join(root, folder), { recursive: true });
  return join(root, folder);
}
const find = (query: Partial<Parameters<typeof findPythonEnvironment>[0]>) =>
  findPythonEnvironment({ pythonPath: '', workspaceFolder: null, env: {}, ...query });

describe('the Python environment', () => {
  it('is that of the setting first, then VIRTUAL_ENV, then the workspace, then the path', () => {
    const [set, active, local, system] = ['set', 'active', 'ws/.venv', 'sys'].map((name) => packages(name));
    file('set/bin/python');
    file('sys/bin/python3');
    const env = { VIRTUAL_ENV: join(root, 'active'), PATH: join(root, 'sys/bin') };
    const workspaceFolder = join(root, 'ws');
    expect(find({ pythonPath: join(root, 'set/bin/python'), workspaceFolder, env })).toMatchObject({
      origin: 'setting',
      sitePackages: [set],
    });
    expect(find({ workspaceFolder, env })).toMatchObject({ origin: 'VIRTUAL_ENV', sitePackages: [active] });
    expect(find({ workspaceFolder, env: { PATH: env.PATH } })).toMatchObject({
      origin: 'workspace',
      sitePackages: [local],
    });
    expect(find({ env: { PATH: env.PATH } })).toMatchObject({ origin: 'PATH', sitePackages: [system] });
    expect(find({})).toEqual({ origin: 'none', prefix: null, sitePackages: [], torchVersion: null });
  });

  it('is relative to the workspace where the setting says so, and a link to another Python is not followed', () => {
    const local = packages('ws/env');
    mkdirSync(join(root, 'ws/env/bin'));
    symlinkSync(file('elsewhere/bin/python3.12'), join(root, 'ws/env/bin/python'));
    const workspaceFolder = join(root, 'ws');
    for (const pythonPath of ['env/bin/python', '${' + 'workspaceFolder}/env/bin/python', 'env']) {
      expect(find({ pythonPath, workspaceFolder }).sitePackages).toEqual([local]);
    }
  });

  it('includes the base of a venv that was made to see it, and folders of .pth files', () => {
    const venv = packages('venv');
    const base = packages('base');
    const linked = join(root, 'my package');
    mkdirSync(linked);
    file('venv/pyvenv.cfg', `home = ${join(root, 'base/bin')}\ninclude-system-site-packages = true\n`);
    file('venv/lib/python3.12/site-packages/editable.pth', `# a comment\nimport os; os.exit()\n${linked}\nmissing\n`);
    expect(find({ env: { VIRTUAL_ENV: join(root, 'venv') } }).sitePackages).toEqual([venv, base, linked]);
    file('venv/pyvenv.cfg', `home = ${join(root, 'base/bin')}\ninclude-system-site-packages = false\n`);
    expect(find({ env: { VIRTUAL_ENV: join(root, 'venv') } }).sitePackages).toEqual([venv, linked]);
  });

  it('passes launchers without packages on the path by', () => {
    file('shims/python3');
    file('sys/bin/python3');
    const system = packages('sys');
    expect(find({ env: { PATH: `${join(root, 'shims')}:${join(root, 'sys/bin')}` } }).sitePackages).toEqual([system]);
  });

  it('tells which PyTorch it holds, unless nobody chose it', () => {
    packages('venv', 'python3.11', '2.6.0+cu124');
    file('venv/bin/python3');
    expect(find({ env: { VIRTUAL_ENV: join(root, 'venv') } }).torchVersion).toEqual([2, 6]);
    expect(find({ env: { PATH: join(root, 'venv/bin') } }).torchVersion).toBeNull();
  });
});
