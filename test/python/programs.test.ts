/**
 * Programs of the supported subset print and raise what CPython 3.11 recorded for them
 * (`npm run truth:python` records again; the recordings are committed, so no Python is needed here).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createParser } from '../../server/src/syntax/createParser.js';
import type { Parser } from '../../server/src/syntax/parser.js';
import { runProgram } from './interpreter.js';

const folder = join(import.meta.dirname, 'programs');

interface Recorded {
  readonly out: string;
  readonly error: string | null;
}

/** Programs of a file, split as record.py does. */
function programsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let name = 'all';
  let lines: string[] = [];
  const keep = () => {
    if (lines.some((l) => l.trim() !== '')) found.set(name, `${lines.join('\n')}\n`);
  };
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const m = /^# --- (.+)$/.exec(line);
    if (m === null) lines.push(line);
    else {
      keep();
      name = m[1]!.trim();
      lines = [];
    }
  }
  keep();
  return found;
}

const typeOf = (error: string | null): string | null => (error === null ? null : error.slice(0, error.indexOf(':')));

let parser: Parser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => parser.dispose());

for (const file of readdirSync(folder).filter((f) => f.endsWith('.py'))) {
  const recorded = JSON.parse(readFileSync(join(folder, file.replace(/\.py$/, '.json')), 'utf8')) as Record<
    string,
    Recorded
  >;
  const programs = programsOf(readFileSync(join(folder, file), 'utf8'));
  describe(file, () => {
    test('every program is recorded', () => {
      expect([...programs.keys()]).toEqual(Object.keys(recorded));
    });
    for (const [name, source] of programs) {
      test(name, () => {
        const wanted = recorded[name]!;
        const got = runProgram(parser, source);
        expect({ out: got.out, error: typeOf(got.error) }, got.gaps.join('\n') || got.error || '').toEqual({
          out: wanted.out,
          error: typeOf(wanted.error),
        });
      });
    }
  });
}
