/** Bundles the fuzzer and its worker (or `typing`, when that is the first argument), and runs it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { esbuildPythonText } from '../../server/build/pylib.mjs';

const here = import.meta.dirname;
const root = join(here, '../..');
const out = join(root, 'node_modules/.cache/fuzz-build');
mkdirSync(out, { recursive: true });
const worker = join(out, 'fuzzWorker.mjs');
const main = process.argv[2] === 'typing' ? 'typing' : 'fuzz';
if (main === 'typing') process.argv.splice(2, 1);
for (const name of main === 'typing' ? ['typing'] : ['fuzz', 'fuzzWorker']) {
  await esbuild.build({
    entryPoints: [join(here, `${name}.ts`)],
    outfile: join(out, `${name}.mjs`),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { PROJECT_ROOT: JSON.stringify(root), WORKER_FILE: JSON.stringify(worker) },
    plugins: [esbuildPythonText()],
    logLevel: 'warning',
  });
}
await import(pathToFileURL(join(out, `${main}.mjs`)).href);
