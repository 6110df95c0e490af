/**
 * Training steps: forward plus backward FLOPs of models in train mode, interpreted from source,
 * against FlopCounterMode's counts of real PyTorch (training.py measures them); then one step of each script of
 * training_scripts/ (training_scripts.py).
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { keepResult } from '../robustness/result.js';
import { sitePackagesOf } from './environments.js';

declare const TRUTH_FOLDER: string;

interface Row {
  readonly id: string;
  readonly factory: string;
  readonly setup: string;
  readonly inputs: readonly { readonly shape: number[]; readonly dtype: string }[];
  readonly params: number;
  readonly forward: number;
  readonly total: number;
}

const option = (name: string): string | undefined => {
  const i = process.argv.indexOf(name);
  return i < 0 ? undefined : process.argv[i + 1];
};
const slice = Number(option('--slice') ?? 0);
const only = option('--only');
let rows = JSON.parse(readFileSync(join(TRUTH_FOLDER, 'data/truth_training.json'), 'utf8')) as Row[];
if (only !== undefined) rows = rows.filter((r) => r.id.includes(only));
if (slice > 0) rows = rows.filter((_r, i) => i % Math.max(1, Math.floor(rows.length / slice)) === 0);
const sitePackages = sitePackagesOf('venv');
let passed = 0;
let failed = 0;
for (const row of rows) {
  const packageName = /\bimport (\w+)/.exec(row.setup)![1]!;
  if (!sitePackages.some((f) => existsSync(join(f, packageName)))) {
    console.log(`skipped: ${row.id}: ${packageName} is not installed`);
    continue;
  }
  const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
  engine.configure({ pythonPath: [], sitePackages });
  engine.open('/wrapper/wrapper.py', `import torch\n${row.setup}\n`, 1);
  const inputs = row.inputs.map((i) => `${i.shape.join('x')}:${i.dtype}`);
  const target = { ...defaultTarget, phase: 'training' as const };
  const [e] = engine.estimate({ file: '/wrapper/wrapper.py', entry: row.factory, inputs, target }).estimates;
  engine.dispose();
  const total = e?.flops.forward == null || e.flops.backward == null ? null : e.flops.forward + e.flops.backward;
  if (e?.params?.total === row.params && e.flops.forward === row.forward && total === row.total) passed++;
  else {
    failed++;
    console.log(
      `${row.id}: params ${e?.params?.total}/${row.params} forward ${e?.flops.forward}/${row.forward} total ${total}/${row.total} ${e?.missing ?? ''} ${JSON.stringify(e?.coverage.unknown.slice(0, 2))}`,
    );
  }
}

// whole scripts: one step of their loop, as training_scripts.py measured it
interface ScriptRow {
  readonly script: string;
  readonly total: number;
  readonly backward: number;
}
const scripts = JSON.parse(readFileSync(join(TRUTH_FOLDER, 'data/training_scripts.json'), 'utf8')) as ScriptRow[];
for (const row of scripts) {
  if (only !== undefined && !row.script.includes(only)) continue;
  const file = join(TRUTH_FOLDER, 'training_scripts', `${row.script}.py`);
  const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
  engine.open(file, readFileSync(file, 'utf8'), 1);
  const found = engine.estimate({ file, entry: null, inputs: [], target: defaultTarget }).estimates;
  engine.dispose();
  const e = found.find((one) => one.kind === 'training step');
  const total = e?.flops.forward == null || e.flops.backward == null ? null : e.flops.forward + e.flops.backward;
  if (total === row.total && e?.flops.backward === row.backward) passed++;
  else {
    failed++;
    console.log(
      `${row.script}: total ${total}/${row.total} backward ${e?.flops.backward}/${row.backward} ${e?.missing ?? ''}`,
    );
  }
}
keepResult({
  command: 'truth:training',
  what: 'models and training scripts: FLOPs of forward and backward, states of optimisers',
  seed: null,
  passed,
  failed,
});
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
