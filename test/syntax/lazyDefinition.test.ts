/** What is told of a definition before it is parsed is what parsing it says; and nothing is parsed that nobody asks for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../server/src/syntax/backend/backend.js';
import { createWasmBackend } from '../../server/src/syntax/backend/wasm.js';
import { chunkStarts, definitionIn } from '../../server/src/syntax/chunks.js';
import { parserOn } from '../../server/src/syntax/createParser.js';
import { lowerChunk } from '../../server/src/syntax/lower/chunk.js';
import { parseWhole } from '../../server/src/syntax/pieces.js';
import { brokenTexts } from './brokenTexts.js';
import { packageFolder, pythonFiles } from './corpora.js';

const backend = await createWasmBackend(undefined);
const read = (folder: string | null) =>
  folder === null ? [] : pythonFiles(folder).map((file) => readFileSync(file, 'utf8'));
const corpora: [string, string[]][] = [
  ['the fixtures', read(join(import.meta.dirname, '../fixtures'))],
  ['torchvision', read(packageFolder('torchvision'))],
  ['torchaudio', read(packageFolder('torchaudio'))],
];

describe('a definition told without parsing it', () => {
  it.each(corpora)('is the one that is parsed, in %s', (_, texts) => {
    let told = 0;
    for (const text of texts) {
      const starts = chunkStarts(text);
      for (const [i, start] of starts.entries()) {
        const chunk = text.slice(start, starts[i + 1] ?? text.length);
        const found = definitionIn(chunk);
        const { statements, comments, hasError } = lowerChunk(parseWhole(backend, chunk), chunk, () => undefined);
        const node = statements[0]?.statement.node;
        const isDefinition = statements.length === 1 && (node?.type === 'ClassDef' || node?.type === 'FunctionDef');
        if (hasError || found === null) {
          // every one that parses is told, but for names that are not plain
          if (!hasError && isDefinition) expect(/^\w+$/.test(node.name)).toBe(false);
          continue;
        }
        told++;
        if (!isDefinition) throw new Error(`no definition: ${chunk.slice(0, 200)}`);
        expect({
          ...found,
          comments: found.comments.map((c) => ({ ...c, text: chunk.slice(c.start, c.end) })),
        }).toEqual({
          kind: node.type === 'ClassDef' ? 'class' : 'function',
          name: node.name,
          start: statements[0].offset,
          end: statements[0].offset + statements[0].statement.length,
          comments,
        });
      }
    }
    if (texts.length > 0) expect(told).toBeGreaterThan(50);
  });

  it.each(['def al.exnet(x):\n    return x\n', 'class al.exnet(B):\n    pass\n', 'def al exnet(x):\n    return x\n'])(
    'is of no name but the one that is parsed, while it is typed: %j',
    (text) => {
      for (const { defines, node } of parserOn(backend, () => {}).parse(text).statements)
        if (defines !== null) expect(defines.name).toBe('name' in node ? node.name : null);
    },
  );

  it('is parsed when it is asked for, once', () => {
    let parsed = 0;
    const counting: Backend = {
      ...backend,
      parse: (text) => {
        parsed++;
        return backend.parse(text);
      },
    };
    const parser = parserOn(counting, () => {});
    const tree = parser.parse('import a\n\n\n@a.b\nclass C(a.D):\n    x = 1\n\n\ndef f():\n    pass\n');
    expect(parsed).toBe(1);
    expect(tree.statements.map(({ defines }) => defines)).toEqual([
      null,
      { kind: 'class', name: 'C' },
      { kind: 'function', name: 'f' },
    ]);
    expect([tree.statements[1].node.type, tree.statements[1].node.start]).toEqual(['ClassDef', 5]);
    expect(tree.statements[1].node).toBe(tree.statements[1].node);
    expect(parsed).toBe(2);
    expect(tree.problems).toEqual([]);
    expect(parsed).toBe(3);
  });

  it.each(brokenTexts)('keeps one statement whatever an error makes of it: %j', (text) => {
    const parser = parserOn(backend, () => {});
    for (const { defines, node, length } of parser.parse(text).statements) {
      expect(node.end).toBeLessThanOrEqual(length);
      if (defines !== null && node.type !== 'Error') expect('name' in node && node.name).toBe(defines.name);
    }
  });
});
