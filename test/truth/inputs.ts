/**
 * Inputs nobody wrote down, in three sets: the model rows run without `--input`, models of other styles
 * (test/fixtures/inputs), and a sample of timm's factories. Right means that every input has the rank and dtype that
 * the model's authors use, every extent that the model or its caller fixes, and that the model accepts it; for the last
 * two sets the parameters too, and the FLOPs wherever every extent is fixed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { EstimateReport } from '../../server/src/analysis/model.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { sitePackagesOf } from './environments.js';

declare const TRUTH_FOLDER: string;

interface Row {
  readonly id: string;
  /** Absent: the entry that the engine finds under the name of the id. */
  readonly factory?: string;
  readonly setup?: string;
  readonly file?: string;
  /** null: an extent that the model leaves open. */
  readonly inputs?: readonly { readonly shape?: (number | null)[]; readonly dtype?: string }[];
  readonly params?: number;
  readonly flops?: number | null;
}

const argument = (name: string): string | undefined => {
  const i = process.argv.indexOf(name);
  return i < 0 ? undefined : process.argv[i + 1];
};
const slice = Number(argument('--slice') ?? 0);
const only = argument('--only');

function rowsOf(file: string): Row[] {
  let rows = (JSON.parse(readFileSync(join(TRUTH_FOLDER, 'data', file), 'utf8')) as Row[]).filter(
    (r) => !r.id.startsWith('micro/') && (only === undefined || r.id.includes(only)),
  );
  if (slice > 0) rows = rows.filter((_r, i) => i % Math.max(1, Math.floor(rows.length / slice)) === 0);
  return rows;
}

async function estimateOf(
  row: Row,
  sitePackages: string[],
  torchVersion: string | null,
): Promise<EstimateReport | undefined> {
  const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} }, { fuel: 50_000_000 });
  engine.configure({ pythonPath: [], sitePackages });
  const path = row.file === undefined ? '/wrapper/wrapper.py' : `/fixtures/${row.file}`;
  const text =
    row.file === undefined
      ? `import torch\nimport torch.nn as nn\n${row.setup ?? ''}\n`
      : readFileSync(join(TRUTH_FOLDER, '../fixtures/inputs', row.file), 'utf8');
  engine.open(path, text, 1);
  const target = { ...defaultTarget, torchVersion };
  const name = row.id.slice(row.id.indexOf('/') + 1);
  const { estimates } = engine.estimate({ file: path, entry: row.factory ?? null, inputs: [], target });
  engine.dispose();
  return row.factory === undefined ? estimates.find((e) => e.entry.startsWith(`${name}(`)) : estimates[0];
}

/** What is wrong with the inputs, the parameters or the FLOPs; null when nothing is. */
function faultOf(row: Row, e: EstimateReport | undefined, count: number): string | null {
  if (e === undefined) return 'no such entry';
  if (e.missing !== null) return e.missing;
  const wanted = (row.inputs ?? []).slice(0, count);
  for (const [i, want] of wanted.entries()) {
    const got = e.inputs[i];
    // dicts and tuples show their first tensor
    if (got === undefined && i > 0 && e.inputs.length === 1) continue;
    const shape = want.shape;
    const fits =
      shape === undefined ||
      (got?.shape?.length === shape.length &&
        got.dtype === (want.dtype ?? 'float32') &&
        (row.params === undefined || shape.every((d, k) => d === null || d === got.shape![k])));
    if (!fits) return `wanted ${shape?.join('x')}:${want.dtype}, got ${got?.shape?.join('x')}:${got?.dtype}`;
  }
  if (row.params !== undefined && e.params?.total !== row.params) return `parameters ${e.params?.total}/${row.params}`;
  if (typeof row.flops === 'number' && e.flops.forward !== row.flops) return `FLOPs ${e.flops.forward}/${row.flops}`;
  return null;
}

interface Tally {
  readonly name: string;
  right: number;
  judged: number;
  readonly faults: string[];
  readonly sources: Map<string, number>;
}

async function judge(name: string, rows: Row[], environment: 'debian' | 'venv'): Promise<Tally> {
  const t: Tally = { name, right: 0, judged: 0, faults: [], sources: new Map() };
  const sitePackages = sitePackagesOf(environment);
  for (const row of rows) {
    const packageName = /\bimport (\w+)/.exec(row.setup ?? '')?.[1];
    if (packageName !== undefined && !sitePackages.some((f) => existsSync(join(f, packageName)))) {
      console.log(`skipped: ${row.id}: ${packageName} is not installed`);
      continue;
    }
    const e = await estimateOf(row, sitePackages, environment === 'debian' && row.file === undefined ? '1.13' : null);
    // rows that were recorded for other ends judge their first input
    const fault = faultOf(
      row,
      e,
      row.params !== undefined && environment === 'debian' && row.file === undefined ? 1 : 9,
    );
    t.judged++;
    const source = e?.inputs[0]?.source ?? 'none';
    t.sources.set(source, (t.sources.get(source) ?? 0) + 1);
    if (fault === null) t.right++;
    else {
      t.faults.push(`| ${row.id} | ${fault.slice(0, 160).replaceAll('|', '/').replaceAll('\n', ' ')} |`);
      console.log(`${row.id}: ${fault}`);
    }
  }
  console.log(`${name}: ${t.right} of ${t.judged} right`);
  return t;
}

/** The rows of the model suite have one input that counts, and extents that are as good as others. */
const models = rowsOf('truth_open.json').map(
  ({ id, factory, setup, inputs }): Row => ({
    id,
    ...(factory === undefined ? {} : { factory }),
    ...(setup === undefined ? {} : { setup }),
    inputs: (inputs ?? []).slice(0, 1),
  }),
);
const tallies = [
  await judge('torchvision, torchaudio', models, 'debian'),
  await judge('other styles', rowsOf('truth_inputs.json'), 'debian'),
  await judge('timm', rowsOf('truth_timm_inputs.json'), 'venv'),
];
if (process.argv.includes('--write')) write();

/** docs/inputs-accuracy.md: what this run saw. */
function write(): void {
  const line = (t: Tally): string =>
    `| ${t.name} | ${t.judged} | ${t.right} | ${[...t.sources].map(([s, n]) => `${s} ${n}`).join(', ')} |`;
  writeFileSync(
    join(TRUTH_FOLDER, '../../docs/inputs-accuracy.md'),
    `# Inputs nobody wrote down

Written by \`npm run truth:inference-of-inputs -- --write\` on ${new Date().toISOString().slice(0, 10)}; not edited by hand.${slice > 0 ? ' A part of the rows: every n-th of each set.' : ''}

Each model runs without any input given. Right: the model accepts what was chosen, and rank, dtype and every extent that the model or its caller fixes are those its authors use. For the other styles (\`test/fixtures/inputs\`) and for timm (a sample of its factories with a fixed seed, at the input size that timm states) the parameters are equal to PyTorch's too, and the FLOPs to FlopCounterMode's wherever every extent is fixed.

| models | judged | right | source of the first input |
| --- | --- | --- | --- |
${tallies.map(line).join('\n')}

## Not right

| model | what |
| --- | --- |
${tallies.flatMap((t) => t.faults).join('\n')}
`,
  );
}

const right = tallies.reduce((n, t) => n + t.right, 0);
const judged = tallies.reduce((n, t) => n + t.judged, 0);
const share = judged === 0 ? 1 : right / judged;
console.log(`${right} of ${judged} right (${(100 * share).toFixed(0)} %)`);
// nine in ten is the bar for each set; the suite as a whole passes or fails
const enough = tallies.every((t) => t.judged === 0 || t.right / t.judged >= 0.9);
console.log(enough ? '1 passed, 0 failed' : '0 passed, 1 failed');
if (!enough) process.exitCode = 1;
