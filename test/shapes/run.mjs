/** Bundles the sweep and runs it: `node test/shapes/run.mjs [--slice N] [--only TEXT] [--write]`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { esbuildPythonText } from '../../server/build/pylib.mjs';

const here = import.meta.dirname;
const out = join(here, '../../node_modules/.cache/shapes');
mkdirSync(out, { recursive: true });
const outfile = join(out, 'sweep.mjs');
await esbuild.build({
  entryPoints: [join(here, 'sweep.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  define: { SHAPES_FOLDER: JSON.stringify(here) },
  plugins: [esbuildPythonText()],
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);
