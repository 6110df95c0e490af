/** Bundles the calibration program and runs it: `npm run calibrate [-- --report]`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const entry = process.env.CALIBRATE_ENTRY ?? 'calibration/main.ts';
const folder = mkdtempSync(join(tmpdir(), 'calibrate-'));
const outfile = join(folder, 'main.mjs');
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
  sourcemap: 'inline',
});
try {
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
