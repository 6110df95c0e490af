/** A slice of `npm run fuzz:edits`: analyses that follow edits equal analyses from nothing. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParser } from '../../server/src/syntax/createParser.js';
import type { Parser } from '../../server/src/syntax/parser.js';
import { ownFiles } from './corpus.js';
import { typeInto } from './edits.js';

const files = ownFiles(join(import.meta.dirname, '../..')).filter((f) => !f.name.includes('syntax'));
let parser: Parser;
beforeAll(async () => {
  parser = await createParser({ log: () => {} });
});
afterAll(() => parser.dispose());

describe('typing into files', () => {
  it.each(Array.from({ length: 12 }, (_, i) => [files[(i * 7) % files.length]!.name, i] as const))(
    '%s, seed %i',
    (name, seed) => {
      const file = files.find((f) => f.name === name)!;
      expect(typeInto(parser, file, [], seed, 8)).toBeNull();
    },
  );
});
