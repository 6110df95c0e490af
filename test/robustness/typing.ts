/**
 * `npm run fuzz:edits -- --count N --seed S [--file NAME] [--result FILE]`: seeded typing into our files and those of
 * installed packages. `--file` and the seed that a difference names type the same again.
 */
import { parseArgs } from 'node:util';
import { defaultFuel } from '../../server/src/analysis/createEngine.js';
import { createParser } from '../../server/src/syntax/createParser.js';
import { sitePackagesOf } from '../truth/environments.js';
import { ownFiles, packageFiles } from './corpus.js';
import { typeInto } from './edits.js';
import { keepResult } from './result.js';

declare const PROJECT_ROOT: string;
const perFile = 20;
/** Every edit analyses the file twice, once from nothing. */
const maxLength = 25_000;

const { values } = parseArgs({
  options: {
    count: { type: 'string' },
    seed: { type: 'string' },
    file: { type: 'string' },
    result: { type: 'string' },
  },
});
const count = Number(values.count ?? 400);
const seed = Number(values.seed ?? 1);
const parser = await createParser({ log: () => {} });
const packages = [...sitePackagesOf('venv'), ...sitePackagesOf('debian')];
const files = [...ownFiles(PROJECT_ROOT), ...packageFiles(packages)].filter((f) =>
  values.file === undefined ? f.text.length <= maxLength : f.name === values.file,
);
if (files.length === 0) throw new Error(`There is no file ${values.file}: name it as a difference does.`);
console.log(`${files.length} files, ${count} edits from seed ${seed}`);
let passed = 0;
let failed = 0;
let limited = 0;
for (let i = 0; passed + failed < count; i++) {
  const file = files[(i * 37) % files.length]!;
  const edits = Math.min(perFile, count - passed - failed);
  let difference = typeInto(parser, file, packages, seed + i, edits);
  if (difference !== null) {
    difference = typeInto(parser, file, packages, seed + i, edits, defaultFuel);
    if (difference === null) {
      limited += 1;
      console.log(`${file.name}, seed ${seed + i}: a run ended for want of steps`);
    }
  }
  if (difference === null) passed += edits;
  else {
    passed += difference.step - 1;
    failed += 1;
    console.log(
      `${difference.file}, seed ${difference.seed}, edit ${difference.step}: ${JSON.stringify(difference.edit)}`,
    );
    console.log(difference.what.slice(0, 2000));
  }
  if (i % 50 === 49) console.log(`${passed + failed} edits`);
}
keepResult({
  command: 'fuzz:edits',
  what: `edits typed into ${files.length} files: brought along = from nothing`,
  seed,
  passed,
  failed,
});
console.log(`${passed} passed, ${failed} failed; ${limited} files differed only where a run ended for want of steps`);
process.exitCode = failed > 0 ? 1 : 0;
