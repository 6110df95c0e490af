/** The llm room's ports on Node: clock, timers, network, the trace folder, the prompt folder, keys of the environment. */
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { AiPorts } from '../llm/ports.js';
import type { Provider } from '../llm/providers/provider.js';
import type { TraceFiles } from '../llm/traces/store.js';
import type { ProcessPort } from '../llm/verify/sandbox.js';

export const nodePorts: AiPorts = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  timer: (ms, then) => {
    const id = setTimeout(then, ms);
    return () => clearTimeout(id);
  },
  random: () => Math.random(),
  fetch: (input, init) => fetch(input, init),
};

/** The trace store's files in one folder, made when first written to; readable by its owner only. */
export function traceFolder(folder: string): TraceFiles {
  const path = (name: string): string => join(folder, name);
  return {
    read: (name) => {
      try {
        return readFileSync(path(name), 'utf8');
      } catch {
        return null;
      }
    },
    append: (name, text) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      appendFileSync(path(name), text, { mode: 0o600 });
    },
    rename: (from, to) => {
      try {
        renameSync(path(from), path(to));
      } catch {
        // it was not there
      }
    },
    remove: (name) => rmSync(path(name), { force: true }),
    size: (name) => statSync(path(name), { throwIfNoEntry: false })?.size ?? 0,
  };
}

export function keyFromEnvironment(env: NodeJS.ProcessEnv): (provider: Provider) => string | null {
  return (provider) => {
    for (const name of provider.keyVariables) {
      const value = env[name]?.trim();
      if (value) return value;
    }
    return null;
  };
}

export function baseUrlFromEnvironment(env: NodeJS.ProcessEnv): (provider: Provider) => string | null {
  return (provider) => (provider.baseUrlVariable === null ? null : env[provider.baseUrlVariable]?.trim() || null);
}

/** Where traces go: `ECOCOMPUTE_AI_FOLDER`, else the user's state folder. */
export function traceFolderPath(env: NodeJS.ProcessEnv): string {
  const own = env['ECOCOMPUTE_AI_FOLDER'];
  if (own) return own;
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '.';
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] ?? home, 'ecocompute');
  return join(env['XDG_STATE_HOME'] ?? join(home, '.local', 'state'), 'ecocompute');
}

/** Processes on Node: for the sandbox that compares numbers. */
export const nodeProcesses: ProcessPort & { readBytes(path: string): string | null } = {
  /** A file as base64, at most 8 MB; null when it cannot be read. */
  readBytes(path) {
    try {
      return statSync(path).size > 8_000_000 ? null : readFileSync(path).toString('base64');
    } catch {
      return null;
    }
  },
  find(program) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      const path = join(folder, program);
      if (folder !== '' && statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
    }
    return null;
  },
  realPath(path) {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  },
  exists: (path) => statSync(path, { throwIfNoEntry: false }) !== undefined,
  folderWith(files) {
    const path = mkdtempSync(join(tmpdir(), 'ecocompute-check-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
    return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
  },
  run(program, args, { timeMs, outputBytes }, signal) {
    return new Promise((resolve) => {
      let stdout = '';
      let stderr = '';
      let timedOut = false;
      // nothing of our environment, keys least of all
      const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'], env: {} });
      const kill = (): void => void child.kill('SIGKILL');
      const timer = setTimeout(() => {
        timedOut = true;
        kill();
      }, timeMs);
      signal.addEventListener('abort', kill, { once: true });
      if (signal.aborted) kill();
      child.stdout.on('data', (data: Buffer) => {
        if (stdout.length < outputBytes) stdout += data.toString();
      });
      child.stderr.on('data', (data: Buffer) => {
        if (stderr.length < outputBytes) stderr += data.toString();
      });
      const end = (code: number | null): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', kill);
        resolve({ code, stdout, stderr, timedOut });
      };
      child.on('error', (error) => {
        stderr += error.message;
        end(null);
      });
      child.on('close', end);
    });
  },
};
