/** Both back ends give the same tree: on the fixtures, on broken text, and on all of torchvision's sources. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createParser } from '../../server/src/syntax/createParser.js';
import type { Parser } from '../../server/src/syntax/parser.js';
import { brokenTexts } from './brokenTexts.js';
import { packageFolder, pythonFiles } from './corpora.js';
import { wholeTree } from './normalForm.js';

const fixtures = pythonFiles(join(import.meta.dirname, '../fixtures/syntax'));
const wasm = await createParser({ backend: 'wasm' });
let native: Parser | null = null;
let reason = '';
try {
  native = await createParser({ backend: 'native' });
} catch (error) {
  reason = (error as Error).message;
}
const torchvision = packageFolder('torchvision');

afterAll(() => {
  wasm.dispose();
  native?.dispose();
});

describe.skipIf(native === null)(`native and wasm agree${reason && ` (skipped: ${reason})`}`, () => {
  const same = (text: string) => expect(wholeTree(wasm.parse(text))).toEqual(wholeTree((native as Parser).parse(text)));

  it.each(fixtures.map((file) => [file.slice(file.lastIndexOf('/') + 1), file]))('on %s', (_, file) => {
    same(readFileSync(file, 'utf8'));
  });

  it.each(brokenTexts)('on broken text %j', (text) => {
    same(text);
  });

  it.skipIf(torchvision === null)(
    `on all sources of torchvision${torchvision === null ? ' (skipped: not installed)' : ''}`,
    () => {
      const files = pythonFiles(torchvision as string);
      expect(files.length).toBeGreaterThan(50);
      const different = files.filter((file) => {
        const text = readFileSync(file, 'utf8');
        return (
          JSON.stringify(wholeTree(wasm.parse(text)), bigint) !==
          JSON.stringify(wholeTree((native as Parser).parse(text)), bigint)
        );
      });
      expect(different).toEqual([]);
    },
    300_000,
  );
});

function bigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

describe('choosing a back end', () => {
  it('says which one runs, and never fails to start on auto', async () => {
    const lines: string[] = [];
    const parser = await createParser({ log: (line) => lines.push(line) });
    expect(lines.at(-1)).toBe(`Python parser: ${parser.backend} tree-sitter.`);
    expect(parser.parse('x = 1').statements).toHaveLength(1);
    parser.dispose();
  });

  it('names the missing files and the remedy when the wasm folder is wrong', async () => {
    await expect(createParser({ backend: 'wasm', wasmFolder: import.meta.dirname })).rejects.toThrow(
      /lacks web-tree-sitter\.wasm/,
    );
  });
});
