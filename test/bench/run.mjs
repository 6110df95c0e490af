/** Runs every *.bench.ts in this folder (bundled, so that timings are those of the product). */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { esbuildPythonText } from '../../server/build/pylib.mjs';

const here = import.meta.dirname;
// Inside node_modules, so that bundled files still resolve packages.
const out = join(here, '../../node_modules/.cache/bench');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const name of readdirSync(here).filter((file) => file.endsWith('.bench.ts'))) {
  const outfile = join(out, name.replace(/\.ts$/, '.mjs'));
  await esbuild.build({
    entryPoints: [join(here, name)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { BENCH_FOLDER: JSON.stringify(here) },
    plugins: [esbuildPythonText()],
    logLevel: 'warning',
  });
  console.log(`\n${name}`);
  await import(pathToFileURL(outfile).href);
}
