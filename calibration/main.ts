/**
 * `npm run calibrate` fits every constant of the energy model from the measured rows,
 * writes `server/src/energy/constants.generated.json` and `docs/energy-model.md`, and
 * prints the targets against what is reached. `-- --report` prints the last result only.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { root } from './data.js';
import { type Outcome, type Part, run, runPart } from './pipeline.js';
import { withBands } from './report/bands.js';
import { documentOf } from './report/document.js';
import { type TargetRow, targetsOf, targetTable } from './report/targets.js';

/**
 * `--save FILE` keeps what the fits gave, `--from FILE` writes constants and report from it without fitting again,
 * `--kernels FILE` takes the fits of single kernels from it and fits the rest: for changes that touch them not.
 */
function flag(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

const resultFile = join(root, 'calibration/data/result.json');

function elsewhere(part: Part): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: part });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (!isMainThread) {
  parentPort?.postMessage(runPart(workerData as Part));
} else if (process.argv.includes('--report') && existsSync(resultFile)) {
  const saved: { dated: string; targets: TargetRow[] } = JSON.parse(readFileSync(resultFile, 'utf8'));
  process.stdout.write(
    `${targetTable(saved.targets)}\nFitted ${saved.dated}; docs/energy-model.md has the detail. Run "npm run calibrate" to fit again.\n`,
  );
} else {
  const from = flag('--from');
  const read = (path: string): Outcome => JSON.parse(readFileSync(path, 'utf8'));
  const kernels = flag('--kernels');
  const outcome =
    from === undefined ? await run(elsewhere, kernels === undefined ? undefined : read(kernels)) : read(from);
  const save = flag('--save');
  if (save !== undefined) writeFileSync(save, JSON.stringify(outcome));
  const dated = new Date().toISOString().slice(0, 10);
  const constants = { ...withBands(outcome), dated };
  const about = 'Written by npm run calibrate from the measured rows in calibration/data. Not edited by hand.';
  writeFileSync(
    join(root, 'server/src/energy/constants.generated.json'),
    `${JSON.stringify({ about, ...constants })}\n`,
  );
  const targets = targetsOf(outcome, constants);
  writeFileSync(resultFile, `${JSON.stringify({ dated, targets }, null, 1)}\n`);
  mkdirSync(join(root, 'docs/images'), { recursive: true });
  const { markdown, images } = documentOf(outcome, constants, targets, dated);
  writeFileSync(join(root, 'docs/energy-model.md'), markdown);
  for (const [name, svg] of Object.entries(images)) writeFileSync(join(root, 'docs/images', name), svg);
  process.stdout.write(`${targetTable(targets)}\n`);
}
