/** Differential test: our AST equals CPython's own, positions included, on real packages and on tricky fixtures. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createParser } from '../../server/src/syntax/createParser.js';
import { interpreters, packageFolder, pythonFiles } from './corpora.js';
import { canonical, normalStatements } from './normalForm.js';

const dumper = join(import.meta.dirname, 'dump_ast.py');
const fixtures = join(import.meta.dirname, '../fixtures/syntax');
/** More folders of Python sources to compare on, for whoever wants them (separated like PATH). */
const extraFolders = (process.env.ECOCOMPUTE_EXTRA_SOURCES ?? '').split(delimiter).filter(Boolean);
const python = interpreters.find((name) => spawnSync(name, ['-c', ''], { stdio: 'ignore' }).status === 0);

interface Dumped {
  path: string;
  body?: unknown[];
  error?: string;
}

function dumpAll(paths: readonly string[]): Dumped[] {
  const result = spawnSync(python as string, [dumper], {
    input: paths.join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, PYTHONWARNINGS: 'ignore' },
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return result.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Dumped);
}

/** First difference per file, as `path: ours … / CPython …`. */
async function differences(
  paths: readonly string[],
): Promise<{ different: string[]; compared: number; refused: string[] }> {
  const parser = await createParser({ backend: 'wasm' });
  const different: string[] = [];
  const refused: string[] = [];
  let compared = 0;
  for (let at = 0; at < paths.length; at += 100) {
    for (const { path, body, error } of dumpAll(paths.slice(at, at + 100))) {
      if (body === undefined) {
        refused.push(`${path}: ${error}`);
        continue;
      }
      const tree = parser.parse(readFileSync(path, 'utf8'));
      const ours = normalStatements(tree);
      const theirs = body.map(canonical);
      compared++;
      const first = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, i) => i).find(
        (i) => ours[i] !== theirs[i],
      );
      if (first !== undefined) different.push(describeDifference(path, ours[first] ?? '', theirs[first] ?? ''));
      else if (tree.problems.length > 0) different.push(`${path}: problem ${JSON.stringify(tree.problems[0])}`);
    }
  }
  parser.dispose();
  return { different, compared, refused };
}

function describeDifference(path: string, ours: string, theirs: string): string {
  let at = 0;
  while (at < ours.length && ours[at] === theirs[at]) at++;
  const from = Math.max(0, at - 120);
  return `${path}\n  ours    …${ours.slice(from, at + 160)}\n  CPython …${theirs.slice(from, at + 160)}`;
}

describe.skipIf(python === undefined)('the AST equals CPython’s (where python3 is installed)', () => {
  it('on the tricky fixtures', async () => {
    const { different, compared, refused } = await differences(pythonFiles(fixtures));
    expect(different).toEqual([]);
    // Fixtures newer than this machine's Python are refused by it, never silently: they are named for that.
    for (const line of refused) expect(line).toMatch(/py312|py314|broken/);
    expect(compared).toBeGreaterThan(5);
  });

  for (const folder of extraFolders) {
    it(`on all sources of ${folder} that CPython accepts`, async () => {
      expect((await differences(pythonFiles(folder))).different).toEqual([]);
    }, 900_000);
  }

  for (const name of ['torchvision', 'torchaudio', 'timm']) {
    const folder = packageFolder(name);
    it.skipIf(folder === null)(
      `on all sources of ${name}${folder === null ? ' (skipped: not installed)' : ''}`,
      async () => {
        const { different, compared, refused } = await differences(pythonFiles(folder as string));
        expect(different).toEqual([]);
        expect(refused).toEqual([]);
        expect(compared).toBeGreaterThan(20);
      },
      300_000,
    );
  }
});
