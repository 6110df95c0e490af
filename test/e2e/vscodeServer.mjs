/**
 * A real VS Code without a download from the vendor: the server and web workbench inside the
 * npm package code-server, installed on demand into the user's cache folder, keyed by version.
 */
import { execFile, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VERSION = '4.139.1';

/** Folder of VS Code's own server inside the cached package; installs it (minutes) when it is not there. */
export async function ensureVsCode(say = console.log) {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ecocompute-e2e');
  const home = join(cache, `code-server-${VERSION}`);
  const vscode = (folder) => join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  if (
    existsSync(join(vscode(home), 'node_modules', 'node-pty')) &&
    existsSync(join(vscode(home), 'extensions', 'node_modules'))
  )
    return vscode(home);
  say(`installing VS Code's server (code-server ${VERSION}) into ${home}: about two minutes, once`);
  mkdirSync(cache, { recursive: true });
  const building = mkdtempSync(join(cache, 'installing-'));
  const log = createWriteStream(join(cache, 'install.log'));
  const npm = (args, cwd) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
        cwd,
        // the package asks which Node installs it: not the one that an npm around us says it runs on
        env: { ...process.env, npm_config_user_agent: undefined },
        stdio: ['ignore', 'pipe', 'pipe'],
        shell: process.platform === 'win32',
      });
      child.stdout.pipe(log, { end: false });
      child.stderr.pipe(log, { end: false });
      child.on('error', reject);
      child.on('exit', (code) =>
        code === 0
          ? resolve()
          : reject(
              new Error(
                `npm ${args.join(' ')} failed; see ${join(cache, 'install.log')}. On Debian it needs: apt install libkrb5-dev g++ make python3`,
              ),
            ),
      );
    });
  try {
    writeFileSync(join(building, 'package.json'), '{"private":true}');
    await npm(['install', `code-server@${VERSION}`, '--ignore-scripts', '--no-audit', '--no-fund'], building);
    // Its own step that installs VS Code's dependencies; scripts of nothing else run.
    await npm(['run', 'postinstall', '--ignore-scripts=false'], join(building, 'node_modules', 'code-server'));
    rmSync(home, { recursive: true, force: true });
    renameSync(building, home);
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    throw error;
  }
  return vscode(home);
}

/** The browser that is driven. */
export async function findChromium() {
  for (const name of [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    if (!name) continue;
    if (existsSync(name)) return name;
    const found = await run('which', [name]).catch(() => null);
    if (found) return found.stdout.trim();
  }
  throw new Error('no Chromium found: install it (Debian: apt install chromium) or set CHROMIUM to its path');
}

/**
 * Starts a server with its own data and extension folders and the package installed.
 * @param {{ vscode: string, vsix: string, more?: string[], trust?: boolean, driver?: boolean, settings?: object }} options
 *   `more`: packages installed beside ours.
 *   `trust: true` keeps Workspace Trust on, so that Restricted Mode is seen.
 *   `driver: true` lets a page run a test module in the extension host; it also silences notifications.
 */
export async function startServer({ vscode, vsix, more = [], trust = false, driver = false, settings = {} }) {
  const home = mkdtempSync(join(tmpdir(), 'eco-vscode-'));
  const folders = ['--server-data-dir', join(home, 'data'), '--extensions-dir', join(home, 'extensions')];
  const main = join(vscode, 'out', 'server-main.js');
  const accept = ['--accept-server-license-terms', '--disable-telemetry'];
  const machine = join(home, 'data', 'data', 'Machine');
  mkdirSync(machine, { recursive: true });
  const base = {
    'workbench.startupEditor': 'none',
    'telemetry.telemetryLevel': 'off',
    'extensions.ignoreRecommendations': true,
    'chat.disableAIFeatures': true,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'editor.minimap.enabled': false,
    'files.autoSave': 'off',
    'update.mode': 'none',
  };
  writeFileSync(join(machine, 'settings.json'), JSON.stringify({ ...base, ...settings }));
  for (const one of [vsix, ...more]) {
    const install = [main, ...folders, ...accept, '--install-extension', one];
    const installed = await run(process.execPath, install, { env: cleanEnv() });
    if (!/successfully installed/.test(installed.stdout))
      throw new Error(`installing ${one} failed: ${installed.stdout}${installed.stderr}`);
  }

  const args = [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--without-connection-token',
    ...(driver ? ['--enable-smoke-test-driver'] : []),
    ...folders,
    ...accept,
  ];
  const child = spawn(process.execPath, [main, ...args, ...(trust ? [] : ['--disable-workspace-trust'])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: cleanEnv(),
  });
  const log = [];
  child.stdout.on('data', (chunk) => log.push(String(chunk)));
  child.stderr.on('data', (chunk) => log.push(String(chunk)));
  const port = await new Promise((resolve, reject) => {
    child.stdout.on('data', () => {
      const listening = /Extension host agent listening on (\d+)\s/.exec(log.join(''));
      if (listening) resolve(Number(listening[1]));
    });
    child.on('exit', (code) => reject(new Error(`VS Code's server ended with ${code}: ${log.join('')}`)));
  });
  return {
    port,
    home,
    log: () => log.join(''),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Without what an enclosing VS Code or virtual environment would leak into the editor under test. */
function cleanEnv() {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_|VIRTUAL_ENV$)/.test(name)),
  );
  return { ...env, PATH: `${dirname(process.execPath)}:${env.PATH}` };
}
