/**
 * Runs every *.bench.ts of this folder, each in a process of its own and bundled as the
 * product is, and writes docs/performance.md: `npm run bench [-- --only NAME] [--quick] [--no-write]`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { esbuildPythonText } from '../../server/build/pylib.mjs';
import { performanceDocument } from './document.mjs';

const here = import.meta.dirname;
const root = join(here, '../..');
const argument = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const only = argument('--only');
const quick = process.argv.includes('--quick');

// Inside node_modules, so that bundled files still resolve packages.
const out = join(root, 'node_modules/.cache/bench');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const load = loadavg()[0];

/** First line of a program's answer; undefined when it does not run. */
function answer(program, args) {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  return done.status === 0 ? done.stdout.trim().split('\n')[0] : undefined;
}

const built = spawnSync(process.execPath, ['esbuild.mjs', '--production', '--outdir', join(out, 'dist')], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);
cpSync(join(root, 'l10n'), join(out, 'l10n'), { recursive: true });

const names = ['keystrokes', 'engine', 'rules', 'server', 'processes', 'syntax', 'memory'];
const found = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));
const strays = found.filter((name) => !names.includes(name));
if (strays.length > 0) throw new Error(`${strays.join(', ')}: name the new benchmark in run.mjs`);

const sections = [];
let failed = false;
for (const name of names.filter((name) => only === undefined || name === only)) {
  const outfile = join(out, `${name}.mjs`);
  await esbuild.build({
    entryPoints: [{ in: join(here, `${name}.bench.ts`), out: name }],
    outdir: out,
    outExtension: { '.js': '.mjs' },
    // a process loads what it measures, and no more
    splitting: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { BENCH_FOLDER: JSON.stringify(here) },
    plugins: [esbuildPythonText()],
    logLevel: 'warning',
  });
  console.log(`\n${name}`);
  const result = join(out, `${name}.json`);
  const env = { ...process.env, BENCH_RESULT: result, BENCH_DIST: join(out, 'dist'), BENCH_QUICK: quick ? '1' : '0' };
  const done = spawnSync(process.execPath, ['--expose-gc', outfile], { stdio: 'inherit', env });
  if (done.status === 0) sections.push(...JSON.parse(readFileSync(result, 'utf8')));
  else {
    failed = true;
    console.error(`${name}: ended with ${done.status ?? done.signal}`);
  }
}

const python = process.env.ECOCOMPUTE_PYTHON ?? 'python3';
const beside = process.env.ECOCOMPUTE_PYTHON === undefined ? '' : dirname(process.env.ECOCOMPUTE_PYTHON);
process.env.PATH = `${beside}${delimiter}${process.env.PATH}`;
const tools = [
  `Node ${process.versions.node}`,
  answer(python, ['-c', 'import torch; print("PyTorch", torch.__version__)']) ?? 'no PyTorch',
  answer('ruff', ['--version']) ?? 'no ruff',
];
if (only === undefined && !quick && !failed && !process.argv.includes('--no-write')) {
  writeFileSync(
    join(root, 'docs/performance.md'),
    performanceDocument({ sections, tools, command: 'npm run bench', load }),
  );
  console.log('\nWritten: docs/performance.md');
} else if (process.argv.includes('--print')) {
  console.log(performanceDocument({ sections, tools, command: 'npm run bench', load }));
}
process.exitCode = failed ? 1 : 0;
