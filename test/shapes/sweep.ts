/**
 * No false alarms: analyses every model file of torchvision, torchaudio, timm and transformers that is
 * installed and lists the findings ECO8xx. `node test/shapes/run.mjs [--slice N] [--only TEXT] [--write]`;
 * `--write` adds a dated line to results.md.
 */
import { appendFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { createParser } from '../../server/src/syntax/createParser.js';
import { sitePackagesOf } from '../truth/environments.js';
import { lineAt, shapeErrorsOf } from './programs.js';

declare const SHAPES_FOLDER: string;

const packages: readonly (readonly ['debian' | 'venv', string, readonly [number, number]])[] = [
  ['debian', 'torchvision/models', [1, 13]],
  ['debian', 'torchaudio/models', [1, 13]],
  ['venv', 'timm/layers', [2, 13]],
  ['venv', 'timm/models', [2, 13]],
  ['venv', 'transformers/models', [2, 13]],
];

const argument = (name: string): string | undefined => {
  const i = process.argv.indexOf(name);
  return i < 0 ? undefined : process.argv[i + 1];
};
const only = argument('--only');
const every = Number(argument('--slice') ?? 1);

function* pythonFiles(path: string): Generator<string> {
  for (const name of readdirSync(path).sort()) {
    const inner = join(path, name);
    if (statSync(inner).isDirectory()) yield* pythonFiles(inner);
    else if (name.endsWith('.py')) yield inner;
  }
}

const parser = await createParser();
const lines: string[] = [];
for (const [kind, folder, version] of packages) {
  const site = sitePackagesOf(kind);
  const root = site.map((s) => join(s, folder)).find((f) => existsSync(f));
  if (root === undefined) {
    console.log(`skipped: ${folder} is not installed`);
    continue;
  }
  let files = 0;
  let entries = 0;
  let failed = 0;
  let found = 0;
  let at = 0;
  for (const file of pythonFiles(root)) {
    if (at++ % every !== 0 || !(only === undefined || file.includes(only))) continue;
    const result = shapeErrorsOf(parser, file, null, nodeFiles, site, version);
    files++;
    entries += result.entries;
    failed += result.failed;
    found += result.findings.length;
    const text = nodeFiles.read(file) ?? '';
    for (const f of result.findings) console.log(`${file}:${lineAt(text, f.start)} ${f.code} ${f.message}`);
  }
  const line = `${folder}: ${files} files, ${entries} models and factories, ${failed} that do not run alone, ${found} findings ECO8xx`;
  console.log(line);
  lines.push(line);
}
if (process.argv.includes('--write')) {
  const day = new Date().toISOString().slice(0, 10);
  appendFileSync(join(SHAPES_FOLDER, 'results.md'), `| ${day} | ${lines.join('; ')} |\n`);
}
