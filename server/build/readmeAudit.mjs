/**
 * Writes the audit of the example into README.md, between its two comments, as
 * `node dist/cli.js audit examples/llama_gqa.py` prints it. Run it after a change of the
 * energy model or of a rule.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = process.argv[2] ?? join(root, 'dist/cli.js');
const audit = spawnSync(process.execPath, [program, 'audit', 'examples/llama_gqa.py'], {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, NO_COLOR: '1' },
});
if (audit.status !== 0) throw new Error(audit.stderr);
const readme = join(root, 'README.md');
const text = readFileSync(readme, 'utf8');
const fence = `-->\n\`\`\`text\n${audit.stdout.trimEnd()}\n\`\`\`\n<!-- /audit -->`;
const next = text.replace(/-->\n```text\n[\s\S]*?```\n<!-- \/audit -->/, () => fence);
if (!next.includes(fence)) throw new Error('README.md has no audit comments.');
writeFileSync(readme, next);
