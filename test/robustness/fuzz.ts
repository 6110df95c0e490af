/**
 * `npm run fuzz -- --count 100000 [--seed N] [--workers 2] [--packages]`: damages real files and
 * looks for a throw, an internal error, nonsense figures, or a hang. Case n of a seed is the same on every machine.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { sitePackagesOf } from '../truth/environments.js';
import { ownFiles, packageFiles } from './corpus.js';
import { apply, mutate } from './mutate.js';
import { keepResult } from './result.js';

declare const PROJECT_ROOT: string;
declare const WORKER_FILE: string;

const argument = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const count = argument('--count', 2_000);
const first = argument('--seed', 1);
const workers = argument('--workers', 2);
/** A case that takes longer hangs: its steps are bounded, so it should take seconds at most. */
const HANG_MS = argument('--hang', 30_000);
const fuel = argument('--fuel', 200_000);

const sitePackages = process.argv.includes('--packages')
  ? [...sitePackagesOf('venv'), ...sitePackagesOf('debian')]
  : [];
const corpus = [...ownFiles(PROJECT_ROOT), ...packageFiles(sitePackages)];
const folder = join(PROJECT_ROOT, 'node_modules/.cache/fuzz');
mkdirSync(folder, { recursive: true });
console.log(`${corpus.length} files, ${count} cases from seed ${first}, ${workers} workers`);

let next = first;
let done = 0;
let failed = 0;
const times: number[] = [];
const kinds = new Map<string, number>();

function fail(seed: number, complaints: readonly string[]): void {
  failed++;
  const kind = complaints[0].replace(/\d+/g, 'N').slice(0, 160);
  const seen = (kinds.get(kind) ?? 0) + 1;
  kinds.set(kind, seen);
  if (seen > 3) return;
  const { name, text } = corpus[seed % corpus.length];
  let damaged = text;
  for (const edit of mutate(text, seed)) damaged = apply(damaged, edit);
  const path = join(folder, `${seed}.py`);
  writeFileSync(path, damaged);
  console.log(`seed ${seed} (${name}): ${complaints.join('; ').slice(0, 600)}\n  ${path}`);
}

function run(): Promise<void> {
  return new Promise((resolve) => {
    const start = () => {
      const worker = new Worker(WORKER_FILE, { workerData: { corpus, sitePackages, fuel, root: PROJECT_ROOT } });
      let seed = -1;
      let timer: NodeJS.Timeout | undefined;
      const again = () => {
        clearTimeout(timer);
        void worker.terminate();
        start();
      };
      const give = () => {
        clearTimeout(timer);
        if (next >= first + count) {
          void worker.terminate();
          resolve();
          return;
        }
        seed = next++;
        timer = setTimeout(() => {
          done++;
          fail(seed, [`hangs: no answer in ${HANG_MS / 1000} s`]);
          again();
        }, HANG_MS);
        worker.postMessage(seed);
      };
      worker.on('message', (message: { ready?: true; complaints: string[]; ms: number }) => {
        if (message.ready !== true) {
          done++;
          times.push(message.ms);
          if (message.complaints.length > 0) fail(seed, message.complaints);
          if (done % 1000 === 0) console.log(`${done} done, ${failed} failed`);
        }
        give();
      });
      worker.on('error', (error) => {
        done++;
        fail(seed, [`the worker died: ${error instanceof Error ? error.message : String(error)}`]);
        again();
      });
    };
    start();
  });
}

await Promise.all(Array.from({ length: workers }, run));
times.sort((a, b) => a - b);
const at = (q: number) => (times.length === 0 ? 0 : times[Math.floor(q * (times.length - 1))]).toFixed(0);
console.log(`ms per case: median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, most ${at(1)}`);
for (const [kind, n] of [...kinds].sort((a, b) => b[1] - a[1])) console.log(`${n} × ${kind}`);
keepResult({
  command: 'fuzz',
  what: `damaged files, from ${corpus.length}: an answer within the fuel, no crash, no hang`,
  seed: first,
  passed: done - failed,
  failed,
});
console.log(`${done - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
