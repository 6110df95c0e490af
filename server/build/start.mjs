/**
 * `npm start`: builds what is missing, audits the example in the terminal and says how to
 * see the same in VS Code.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const run = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

if (!existsSync(join(root, 'dist/cli.js'))) {
  const status = run('esbuild.mjs');
  if (status !== 0) process.exit(status);
  console.log('');
}
const status = run('dist/cli.js', 'audit', 'examples/llama_gqa.py');
if (status === 0) {
  console.log(
    [
      'The same while you type, in VS Code:',
      '  1. open this folder in VS Code and press F5: a second window opens with the extension',
      '  2. open examples/llama_gqa.py there; "EcoCompute: Audit This File" opens the report',
      'or install it: npm run package, then "Extensions: Install from VSIX…".',
      '',
      'More: node dist/cli.js --help',
    ].join('\n'),
  );
}
process.exit(status);
