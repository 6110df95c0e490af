/**
 * `npm run truth:operators -- [--count N] [--seed S] [--only NAME] [--python BIN]`: fresh random calls of the
 * declared operators, run by a real PyTorch and by the catalogue; shapes, dtypes, known values, FLOPs forward
 * and backward, and who raises. Layouts (strides) and traffic that differ are counted apart. `--record FILE` keeps the calls that agree as JSON lines, gzipped.
 * `--result FILE` writes the dated counts as JSON: docs/accuracy.md prints those under test/torch/results/.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { operatorNames } from '../../../server/src/torch/registry.js';
import { type Answer, type Case, compare } from './replay.js';

const args = new Map<string, string>();
for (let i = 2; i < process.argv.length; i += 2)
  args.set(process.argv[i]!.replace(/^--/, ''), process.argv[i + 1] ?? '');
const here = process.env['ORACLE_DIR'] ?? dirname(fileURLToPath(import.meta.url));
const python = args.get('python') ?? 'python3';
const names = join(mkdtempSync(join(tmpdir(), 'truth-operators-')), 'names.txt');
writeFileSync(names, [...operatorNames()].join('\n'));
const version = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
if (version.status !== 0) {
  console.error(`truth:operators needs a Python with PyTorch; ${python} has none. Name one with --python.`);
  process.exit(2);
}
const [major, minor] = version.stdout
  .trim()
  .split('.')
  .map((x) => Number.parseInt(x, 10)) as [number, number];
const seed = args.get('seed') ?? '1';
const run = spawnSync(
  python,
  [
    join(here, 'generate.py'),
    '--seed',
    seed,
    '--count',
    args.get('count') ?? '5000',
    '--only',
    args.get('only') ?? '',
    '--names',
    names,
  ],
  { encoding: 'utf8', maxBuffer: 1 << 30 },
);
if (run.status !== 0) {
  console.error(run.stderr.slice(-2000));
  process.exit(2);
}
const wrong = new Map<string, string[]>();
const layouts = new Map<string, string[]>();
const kernels = new Map<string, string[]>();
let total = 0;
let raised = 0;
const kept: string[] = [];
for (const line of run.stdout.split('\n')) {
  if (line === '') continue;
  const item = JSON.parse(line) as Case & { r: Answer };
  total++;
  if (item.r.x !== undefined) raised++;
  const c = compare(item, item.r, [major, minor]);
  const { r: _r, ...call } = item;
  if (c.mismatch === null) kept.push(line);
  if (c.mismatch !== null) {
    const kind = / strides \[/.test(c.mismatch) ? layouts : wrong;
    (kind.get(item.op) ?? kind.set(item.op, []).get(item.op)!).push(
      `${c.mismatch}\n      ${JSON.stringify(call).slice(0, 400)}`,
    );
  }
  if (c.mismatch === null && c.kernels !== null)
    (kernels.get(item.op) ?? kernels.set(item.op, []).get(item.op)!).push(
      `${c.kernels}\n      ${JSON.stringify(call).slice(0, 300)}`,
    );
}
const record = args.get('record');
if (record !== undefined)
  writeFileSync(
    record,
    gzipSync([JSON.stringify({ version: [major, minor], seed }), ...kept].join('\n'), { level: 9 }),
  );
const count = (m: Map<string, string[]>): number => [...m.values()].reduce((s, l) => s + l.length, 0);
const show = Number(args.get('show') ?? 1);
for (const [title, map] of [
  ['MISMATCH', wrong],
  ['layout', layouts],
  ['kernels', kernels],
] as const) {
  if (title === 'kernels' && args.get('kernels') === 'no') continue;
  for (const [op, list] of [...map].sort((a, b) => b[1].length - a[1].length))
    for (const text of list.slice(0, show)) console.log(`${title} ${op} (${list.length}): ${text}`);
}
const called = new Set<string>();
for (const line of kept) called.add((JSON.parse(line) as Case).op);
console.log(
  `PyTorch ${major}.${minor}, seed ${seed}: ${total} calls (${raised} raise) of ${called.size} operators; layouts differ in ${count(layouts)} calls, kernel lists or bytes in ${count(kernels)} calls of ${kernels.size} operators`,
);
const failed = count(wrong);
const resultFile = args.get('result');
if (resultFile !== undefined)
  writeFileSync(
    resultFile,
    `${JSON.stringify(
      {
        command: 'truth:operators',
        date: new Date().toISOString().slice(0, 10),
        pytorch: version.stdout.trim(),
        seed: Number(seed),
        calls: total,
        raising: raised,
        operators: called.size,
        passed: total - failed,
        failed,
        failures: Object.fromEntries([...wrong].map(([op, list]) => [op, list.length])),
        layoutDiffers: count(layouts),
        trafficDiffers: count(kernels),
      },
      null,
      2,
    )}\n`,
  );
console.log(`${total - failed} passed, ${failed} failed`);
process.exit(failed > 0 && args.get('strict') === 'yes' ? 1 : 0);
