/** Bundles run.ts and runs it: `npm run truth:operators -- --count 5000 --seed 1 --python /path/to/python`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'truth-operators-'));
const outfile = join(folder, 'run.mjs');
await build({
  entryPoints: [join(here, 'run.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile,
  logLevel: 'error',
});
const result = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ORACLE_DIR: here },
});
rmSync(folder, { recursive: true, force: true });
process.exit(result.status ?? 1);
