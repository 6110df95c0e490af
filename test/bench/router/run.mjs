/**
 * `npm run bench:router -- [--tasks FILE] [--answers FILE] [--split NAME] [--calibrate] [--json]`.
 * Without files: the open set, thresholds from its calibration half, figures of its report half.
 * Exit 1 when a gate fails, 2 when the set cannot be read.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';

const { values } = parseArgs({
  options: {
    tasks: { type: 'string' },
    answers: { type: 'string' },
    split: { type: 'string' },
    calibrate: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});
const folder = import.meta.dirname;
const cache = join(folder, '..', '..', '..', 'node_modules', '.cache', 'ecocompute-tests');
mkdirSync(cache, { recursive: true });
const bundle = join(cache, 'routerBench.mjs');
await esbuild.build({
  stdin: { contents: "export * from './bench.ts'; export * from './readSet.ts';", resolveDir: folder, loader: 'ts' },
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
});
const { bench, calibration, sweep, readSet, SetError } = await import(pathToFileURL(bundle).href);

function read(flag, fallback) {
  const path = values[flag] ?? join(folder, fallback);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    console.error(`--${flag} ${path}: ${error instanceof Error ? error.message : error}`);
    process.exit(2);
  }
}

function readBoth() {
  if ((values.tasks === undefined) !== (values.answers === undefined)) {
    console.error('Name both --tasks FILE and --answers FILE, or neither.');
    process.exit(2);
  }
  try {
    return readSet(read('tasks', 'data/tasks.json'), read('answers', 'data/answers.json'));
  } catch (error) {
    if (!(error instanceof SetError)) throw error;
    console.error(`The set cannot be used: ${error.message}`);
    process.exit(2);
  }
}
const { file: tasks, answers, notes } = readBoth();
for (const note of notes) console.error(note);

if (values.calibrate) {
  console.log('predicted  seen  answers');
  for (const b of calibration(tasks, answers))
    console.log(`${b.predicted.toFixed(2).padStart(9)}  ${b.seen.toFixed(2)}  ${b.count}`);
  console.log('share  cost below  quality kept  carbon below  quality kept');
  for (const f of sweep(tasks, answers))
    console.log(
      [
        f.share.toFixed(2).padStart(5),
        f.cost.toFixed(3).padStart(10),
        f.kept.toFixed(3).padStart(12),
        f.carbon.toFixed(3).padStart(12),
        f.kept2.toFixed(3).padStart(12),
      ].join('  '),
    );
  process.exit(0);
}

// a set kept apart has no halves: all of it is reported
const split = values.split ?? (values.tasks === undefined ? 'report' : null);
const report = bench(tasks, answers, split, 10);
if (values.json) console.log(JSON.stringify(report, null, 2));
else {
  const percent = (x) => `${(100 * x).toFixed(1)} %`;
  const { tiers } = report;
  console.log(
    `${report.tasks} tasks: local ${percent(tiers.local)}, small ${percent(tiers.small)}, large ${percent(tiers.large)}; decision p95 ${report.decisionP95Ms.toFixed(3)} ms`,
  );
  const print = (title, rows) => {
    console.log(`\n${title}`);
    console.log(`${''.padEnd(38)}quality   $/1000   s      g CO2e/1000`);
    for (const r of rows)
      console.log(
        `${r.name.padEnd(38)}${r.quality.toFixed(3)}   ${(1000 * r.costUsd).toFixed(3).padStart(7)}  ${r.latencyS.toFixed(2).padStart(5)}  ${(1000 * r.carbon_g).toFixed(1).padStart(8)}`,
      );
  };
  print(`The ${report.escalated} tasks that a model is asked for`, report.rows);
  print('All tasks, local answers included', report.allRows);
  const at = (name) => report.rows.find((r) => r.name.startsWith(name));
  console.log(
    `\nOracle gap of balanced: ${(at('oracle').quality - at('rules, balanced').quality).toFixed(3)} quality at ${(at('rules, balanced').costUsd / at('oracle').costUsd).toFixed(1)} times the oracle's cost.`,
  );
  if (report.unanswered > 0)
    console.log(`${report.unanswered} tasks for which no model may be asked count as quality 0.`);
  const tell = (g, missed) =>
    console.log(`${g.passes ? 'pass' : missed}  ${g.what}: ${g.value.toFixed(3)} (limit ${g.limit})`);
  console.log(
    report.hasLocal
      ? '\nAll tasks: the router with its local tier against the best single model for everything'
      : '\nAll tasks; the set records no local answers, so a model is asked for each',
  );
  for (const g of report.gates) tell(g, 'FAIL');
  if (report.hasLocal) {
    console.log('\nOnly the tasks that a model is asked for (told beside, decides nothing)');
    for (const g of report.strict) tell(g, 'miss');
  }
}
process.exit(report.failed.length > 0 ? 1 : 0);
