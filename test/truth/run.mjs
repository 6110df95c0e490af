/** Bundles a suite of this folder and runs it: `node test/truth/run.mjs models|inputs [options]`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { esbuildPythonText } from '../../server/build/pylib.mjs';

const here = import.meta.dirname;
const suite = process.argv[2];
const out = join(here, '../../node_modules/.cache/truth');
mkdirSync(out, { recursive: true });
const outfile = join(out, `${suite}.mjs`);
await esbuild.build({
  entryPoints: [join(here, `${suite}.ts`)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  define: { TRUTH_FOLDER: JSON.stringify(here) },
  plugins: [esbuildPythonText()],
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);
