/**
 * Interprets the models of the truth rows from their sources and compares with what real
 * PyTorch measured: parameters, FLOPs and output shapes exactly, sub-module FLOPs exactly,
 * bytes and operator counts within tolerance. `--memory`: each row is run a second time with
 * nothing remembered, and both reports must be equal.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { Engine } from '../../server/src/analysis/engine.js';
import type { EstimateReport } from '../../server/src/analysis/model.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { sitePackagesOf } from './environments.js';

declare const TRUTH_FOLDER: string;

interface Row {
  readonly id: string;
  readonly factory: string;
  readonly setup?: string;
  readonly inputs?: readonly (InputRow | boolean | number | string)[];
  readonly input_expr?: string | null;
  readonly kwargs?: Readonly<Record<string, InputRow>>;
  readonly params: number;
  readonly flops: number;
  readonly bytes_rw?: number;
  readonly aten_ops?: number;
  readonly output_shapes: number[][];
  readonly submodule_flops?: Readonly<Record<string, number>>;
  readonly data_dependent?: boolean;
  readonly versions?: string;
}
interface InputRow {
  readonly shape: number[];
  readonly dtype?: string;
  readonly name?: string;
}

const argument = (name: string): string | undefined => {
  const i = process.argv.indexOf(name);
  return i < 0 ? undefined : process.argv[i + 1];
};
const slice = Number(argument('--slice') ?? 0);
const only = argument('--only');
const verbose = process.argv.includes('--verbose');
const bothWays = process.argv.includes('--memory');

function spec(i: InputRow | boolean | number | string, name?: string): string {
  const prefix = name === undefined ? '' : `${name}=`;
  if (typeof i !== 'object') return `${prefix}=${i === true ? 'True' : i === false ? 'False' : JSON.stringify(i)}`;
  return `${prefix}${i.shape.length === 0 ? 'scalar' : i.shape.join('x')}:${i.dtype ?? 'float32'}`;
}

function specs(row: Row): string[] {
  const out: string[] = [];
  if (row.input_expr) {
    // a Python tuple of one expression, as the rows write it
    const inner = row.input_expr.trim().replace(/^\(/, '').replace(/,?\)$/, '');
    out.push(`=${inner}`);
  } else for (const i of row.inputs ?? []) out.push(spec(i, typeof i === 'object' ? i.name : undefined));
  for (const [k, v] of Object.entries(row.kwargs ?? {})) out.push(spec(v, k));
  return out;
}

interface Verdict {
  readonly row: Row;
  /** `bounded`: parameters and FLOPs exact, extents of the output depend on the data and are said to be unknown. */
  readonly state: 'exact' | 'bounded' | 'WRONG' | 'incomplete' | 'failed';
  readonly complete: boolean;
  readonly detail: string;
  readonly sub: boolean;
  readonly bytesRatio: number | null;
  readonly opsRatio: number | null;
  readonly ms: number;
}

function judge(row: Row, e: EstimateReport | undefined, message: string, ms: number): Verdict {
  if (e === undefined)
    return { row, state: 'failed', complete: false, detail: message, sub: false, bytesRatio: null, opsRatio: null, ms };
  const shapes = e.outputs.map((o) => o.shape);
  const loose = row.data_dependent === true;
  const same =
    e.params?.total === row.params &&
    (loose || e.flops.forward === row.flops) &&
    (loose || JSON.stringify(shapes.slice(0, row.output_shapes.length)) === JSON.stringify(row.output_shapes));
  const complete = e.coverage.unknownOps === 0 && e.coverage.knownFlopShare === 1;
  const modules = new Map(e.modules.map((m) => [m.path, m.flops]));
  const wanted = Object.entries(row.submodule_flops ?? {}).filter(([k]) => k.split('.').length <= 2);
  const wrongSub = wanted.filter(([k, v]) => (modules.get(k) ?? (v === 0 ? 0 : null)) !== v).map(([k]) => k);
  const open =
    e.params?.total === row.params &&
    e.flops.forward === row.flops &&
    shapes.length >= row.output_shapes.length &&
    row.output_shapes.every(
      (want, i) => shapes[i]?.length === want.length && want.every((d, k) => (shapes[i]![k] ?? d) === d),
    );
  const state = same ? 'exact' : complete ? 'WRONG' : open ? 'bounded' : 'incomplete';
  const detail = same
    ? wrongSub.length > 0
      ? `sub-modules differ: ${wrongSub.slice(0, 4).join(', ')}`
      : ''
    : `params ${e.params?.total ?? null}/${row.params} flops ${e.flops.forward}/${row.flops} out ${JSON.stringify(shapes).slice(0, 80)}/${JSON.stringify(row.output_shapes).slice(0, 80)} ${e.missing ?? ''} ${JSON.stringify(e.coverage.unknown.slice(0, 2))}`;
  return {
    row,
    state,
    complete,
    detail,
    sub: wrongSub.length === 0,
    ms,
    bytesRatio: e.bytes.forward !== null && row.bytes_rw ? e.bytes.forward / row.bytes_rw : null,
    opsRatio: row.aten_ops ? e.coverage.ops / row.aten_ops : null,
  };
}

/** Why a row is listed among those that are not exact in everything. */
function whyNoted({ row, state, complete }: Verdict): string {
  if (state === 'bounded')
    return 'parameters and FLOPs exact; how many boxes come out depends on the data, so the extent is reported as unknown';
  if (state !== 'exact') return state;
  if (row.data_dependent === true)
    return 'what runs depends on the data: parameters are compared and exact, FLOPs and shapes have nothing to be compared with; not called complete';
  return complete ? 'sub-modules differ' : 'exact, but not called complete';
}

function firstDifference(a: unknown, b: unknown): string {
  const x = JSON.stringify(a) ?? '';
  const y = JSON.stringify(b) ?? '';
  let i = 0;
  while (i < x.length && x[i] === y[i]) i++;
  return `${x.slice(Math.max(0, i - 80), i + 80)} / ${y.slice(Math.max(0, i - 80), i + 80)}`;
}

async function suite(file: string, environment: 'debian' | 'venv'): Promise<Verdict[]> {
  const rows = JSON.parse(readFileSync(join(TRUTH_FOLDER, 'data', file), 'utf8')) as Row[];
  let chosen = rows.filter((r) => only === undefined || r.id.includes(only));
  if (slice > 0) chosen = chosen.filter((_r, i) => i % Math.max(1, Math.floor(rows.length / slice)) === 0);
  const sitePackages = sitePackagesOf(environment);
  const verdicts: Verdict[] = [];
  for (const row of chosen) {
    const packageName = /\bimport (\w+)/.exec(row.setup ?? '')?.[1];
    if (
      packageName !== undefined &&
      packageName !== 'torch' &&
      !sitePackages.some((f) => existsSync(join(f, packageName)))
    ) {
      console.log(`skipped: ${row.id}: ${packageName} is not installed`);
      continue;
    }
    const path = '/wrapper/wrapper.py';
    const engineOf = async (memoise: boolean): Promise<Engine> => {
      const engine = await createEngine(
        { files: nodeFiles, cancelled: () => false, log: () => {} },
        { fuel: 50_000_000, memoise },
      );
      engine.configure({ pythonPath: [], sitePackages });
      const text = `import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n${row.setup ?? ''}\n`;
      engine.open(path, text, 1);
      return engine;
    };
    const engine = await engineOf(true);
    const target = { ...defaultTarget, torchVersion: row.versions?.includes('FlopCounterMode') ? null : '1.13' };
    const t = performance.now();
    let estimate: EstimateReport | undefined;
    let message = '';
    try {
      const r = engine.estimate({ file: path, entry: row.factory, inputs: specs(row), target });
      estimate = r.estimates[0];
    } catch (e) {
      message = e instanceof Error ? (e.stack ?? e.message) : String(e);
    }
    let v = judge(row, estimate, message, performance.now() - t);
    if (bothWays) {
      const slow = await engineOf(false);
      const plain = slow.estimate({ file: path, entry: row.factory, inputs: specs(row), target }).estimates[0];
      slow.dispose();
      if (JSON.stringify(plain) !== JSON.stringify(estimate))
        v = { ...v, state: 'WRONG', detail: `remembered and run anew differ: ${firstDifference(plain, estimate)}` };
    }
    verdicts.push(v);
    if (v.state !== 'exact' || !v.complete || v.detail !== '' || verbose) {
      const off = v.bytesRatio !== null ? ` bytes x${v.bytesRatio.toFixed(3)} ops x${v.opsRatio?.toFixed(3)}` : '';
      console.log(
        `${row.id} ${v.state}${v.complete ? '' : ' (not called complete)'} ${v.detail.slice(0, 600)}${off} ${v.ms.toFixed(0)} ms`,
      );
    }
    engine.dispose();
  }
  return verdicts;
}

const verdicts = [...(await suite('truth_open.json', 'debian')), ...(await suite('truth_open_packages.json', 'venv'))];
const count = (f: (v: Verdict) => boolean): number => verdicts.filter(f).length;
const exact = verdicts.filter((v) => v.state === 'exact');
const within = (x: number | null, tolerance: number): boolean => x !== null && Math.abs(x - 1) <= tolerance;
const measured = exact.filter((v) => v.bytesRatio !== null);
console.log(
  `of ${exact.length} exact rows: sub-modules all equal ${exact.filter((v) => v.sub).length}, complete ${exact.filter((v) => v.complete).length}; of ${measured.length} with counts: bytes within 5 % ${measured.filter((v) => within(v.bytesRatio, 0.05)).length}, operator count within 10 % ${measured.filter((v) => within(v.opsRatio, 0.1)).length}`,
);
console.log(
  `exact ${exact.length}, bounded ${count((v) => v.state === 'bounded')}, wrong ${count((v) => v.state === 'WRONG')}, incomplete ${count((v) => v.state === 'incomplete')}, failed ${count((v) => v.state === 'failed')}`,
);
if (process.argv.includes('--write')) writeAccuracy();

/** The dated results of `truth:operators` and `truth:modules`, one table row each. */
function callResults(): string {
  const folder = join(TRUTH_FOLDER, '../torch/results');
  return readdirSync(folder)
    .filter((f) => f.endsWith('.json'))
    .sort()
    .map((f) => {
      const r = JSON.parse(readFileSync(join(folder, f), 'utf8')) as Record<string, string | number>;
      return `| ${['command', 'date', 'pytorch', 'seed', 'calls', 'raising', 'passed', 'failed'].map((k) => r[k]).join(' | ')} |`;
    })
    .join('\n');
}

/** The dated results of the other full runs. */
function otherResults(): string {
  const folder = join(TRUTH_FOLDER, '../robustness/results');
  return (existsSync(folder) ? readdirSync(folder) : [])
    .filter((f) => f.endsWith('.json'))
    .sort()
    .map((f) => {
      const r = JSON.parse(readFileSync(join(folder, f), 'utf8')) as Record<string, string | number | null>;
      return `| ${['command', 'date', 'what', 'seed', 'passed', 'failed'].map((k) => r[k] ?? '').join(' | ')} |`;
    })
    .join('\n');
}

/** docs/accuracy.md: what this run saw. */
function writeAccuracy(): void {
  const families: readonly [string, (id: string) => boolean][] = [
    ['single layers and functions', (id) => id.startsWith('micro/')],
    [
      'torchvision classification, segmentation, video, optical flow',
      (id) => id.startsWith('tv/') && !id.startsWith('tv/det_'),
    ],
    ['torchvision detection', (id) => id.startsWith('tv/det_')],
    ['torchaudio', (id) => id.startsWith('ta/')],
    ['transformers', (id) => id.startsWith('hf/')],
    ['timm', (id) => id.startsWith('timm2/')],
  ];
  const lines = families.map(([name, has]) => {
    const own = verdicts.filter((v) => has(v.row.id));
    const n = (state: Verdict['state']): number => own.filter((v) => v.state === state).length;
    return `| ${name} | ${own.length} | ${n('exact')} | ${n('bounded')} | ${n('incomplete') + n('failed')} | ${n('WRONG')} | ${own.filter((v) => v.complete).length} |`;
  });
  const notes = verdicts
    .filter((v) => v.state !== 'exact' || !v.complete || !v.sub)
    .map((v) => {
      return `| ${v.row.id} | ${whyNoted(v)} | ${v.detail.slice(0, 160).replaceAll('|', '/')} |`;
    });
  const loose = measured
    .filter((v) => !within(v.bytesRatio, 0.05) || !within(v.opsRatio, 0.1))
    .map((v) => `| ${v.row.id} | ${v.bytesRatio!.toFixed(3)} | ${v.opsRatio!.toFixed(3)} |`);
  writeFileSync(
    join(TRUTH_FOLDER, '../../docs/accuracy.md'),
    `# Accuracy

Written by \`npm run truth -- --write\` on ${new Date().toISOString().slice(0, 10)}; not edited by hand.

The engine interprets the source of each model and compares with what real PyTorch measured (\`test/truth/data\`): parameters, forward FLOPs and output shapes, digit by digit. Rows of torchvision 0.14 and torchaudio 0.13 were measured on PyTorch 1.13, rows of transformers 5.18 and timm 1.0.29 with FlopCounterMode on PyTorch 2.13.

| models | rows | exact | bounded | unknown | wrong | called complete |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

- exact: every compared figure equals PyTorch's (where they depend on the data: the parameters). bounded: parameters and FLOPs equal, an extent is reported as unknown. unknown: a figure is missing and said to be. wrong: a figure differs while the estimate calls itself complete.
- Of ${exact.length} exact rows, sub-module FLOPs to depth 2 all equal in ${exact.filter((v) => v.sub).length}.
- Of ${measured.length} exact rows with measured traffic, bytes are within 5 % in ${measured.filter((v) => within(v.bytesRatio, 0.05)).length}, operator counts within 10 % in ${measured.filter((v) => within(v.opsRatio, 0.1)).length}.

## Operators and modules, call by call

Random, seeded calls against real PyTorch; a call fails too when PyTorch raises and we do not, or the other way round. Dated results: \`test/torch/results\`.

| command | date | PyTorch | seed | calls | of them PyTorch raises | passed | failed |
| --- | --- | --- | --- | --- | --- | --- | --- |
${callResults()}

## Other full runs

Dated results: \`test/robustness/results\`. Inputs that nobody wrote down have [a page of their own](inputs-accuracy.md).

| command | date | what | seed | passed | failed |
| --- | --- | --- | --- | --- | --- |
${otherResults()}

## Rows that are not exact in everything

| row | what | detail |
| --- | --- | --- |
${notes.join('\n')}

## Traffic or operator counts outside the tolerance

| row | bytes, ours / measured | operators, ours / measured |
| --- | --- | --- |
${loose.join('\n')}
`,
  );
}

const passed = count((v) => v.state === 'exact' || v.state === 'bounded');
const failures = verdicts.length - passed;
console.log(`${passed} passed, ${failures} failed`);
if (failures > 0) process.exitCode = 1;
