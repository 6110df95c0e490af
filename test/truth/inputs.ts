/**
 * Inputs nobody wrote down: the model rows run without `--input`. Right means that the first
 * input has the rank and dtype that the model's authors use, and that the model accepts it, so
 * every dimension that the model itself fixes is right too.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { sitePackagesOf } from './environments.js';

declare const TRUTH_FOLDER: string;

interface Row {
  readonly id: string;
  readonly factory: string;
  readonly setup?: string;
  readonly inputs?: readonly { readonly shape?: number[]; readonly dtype?: string }[];
}

const sliceAt = process.argv.indexOf('--slice');
const slice = sliceAt < 0 ? 0 : Number(process.argv[sliceAt + 1]);
const all = JSON.parse(readFileSync(join(TRUTH_FOLDER, 'data/truth_open.json'), 'utf8')) as Row[];
let rows = all.filter((r) => !r.id.startsWith('micro/'));
if (slice > 0) rows = rows.filter((_r, i) => i % Math.max(1, Math.floor(rows.length / slice)) === 0);
const sitePackages = sitePackagesOf('debian');
let right = 0;
let judged = 0;
for (const row of rows) {
  const packageName = /\bimport (\w+)/.exec(row.setup ?? '')?.[1];
  if (packageName !== undefined && !sitePackages.some((f) => existsSync(join(f, packageName)))) {
    console.log(`skipped: ${row.id}: ${packageName} is not installed`);
    continue;
  }
  const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
  engine.configure({ pythonPath: [], sitePackages });
  engine.open('/wrapper/wrapper.py', `import torch\nimport torch.nn as nn\n${row.setup ?? ''}\n`, 1);
  const target = { ...defaultTarget, torchVersion: '1.13' };
  const [e] = engine.estimate({ file: '/wrapper/wrapper.py', entry: row.factory, inputs: [], target }).estimates;
  engine.dispose();
  const want = row.inputs?.[0];
  const got = e?.inputs[0];
  judged++;
  const ok =
    e !== undefined &&
    e.missing === null &&
    (want?.shape === undefined ||
      (got?.shape?.length === want.shape.length && got.dtype === (want.dtype ?? 'float32')));
  if (ok) right++;
  else
    console.log(
      `${row.id}: wanted ${want?.shape?.join('x')}:${want?.dtype}, got ${got?.shape?.join('x')}:${got?.dtype} ${e?.missing ?? ''}`,
    );
}
const share = judged === 0 ? 1 : right / judged;
console.log(`${right} of ${judged} right (${(100 * share).toFixed(0)} %)`);
// nine in ten is the bar; the suite as a whole passes or fails
const enough = share >= 0.9;
console.log(enough ? '1 passed, 0 failed' : '0 passed, 1 failed');
if (!enough) process.exitCode = 1;
