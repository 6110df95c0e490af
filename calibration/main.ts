/**
 * `npm run calibrate` fits every constant of the energy model from the measured rows,
 * writes `server/src/energy/constants.generated.json` and `docs/energy-model.md`, and
 * prints the targets against what is reached. `-- --report` prints the last result only.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './data.js';
import { run } from './pipeline.js';
import { withBands } from './report/bands.js';
import { documentOf } from './report/document.js';
import { type TargetRow, targetsOf, targetTable } from './report/targets.js';

const resultFile = join(root, 'calibration/data/result.json');

if (process.argv.includes('--report') && existsSync(resultFile)) {
  const saved: { dated: string; targets: TargetRow[] } = JSON.parse(readFileSync(resultFile, 'utf8'));
  process.stdout.write(
    `${targetTable(saved.targets)}\nFitted ${saved.dated}; docs/energy-model.md has the detail. Run "npm run calibrate" to fit again.\n`,
  );
} else {
  const outcome = run();
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
