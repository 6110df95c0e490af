/** A chunk parsed in pieces is the chunk parsed whole, whenever it parses; and pieces fail when the whole does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../server/src/syntax/backend/wasm.js';
import { bodyOf, chunkStarts } from '../../server/src/syntax/chunks.js';
import { parserOn } from '../../server/src/syntax/createParser.js';
import { lowerChunk } from '../../server/src/syntax/lower/chunk.js';
import { joinsStatements, Pieces, parseWhole } from '../../server/src/syntax/pieces.js';
import { packageFolder, pythonFiles } from './corpora.js';
import { wholeTree } from './normalForm.js';

const backend = await createWasmBackend(undefined);
const read = (files: string[]) => files.map((file) => readFileSync(file, 'utf8'));
const fixtures = read(pythonFiles(join(import.meta.dirname, '../fixtures/syntax')));
const examples = read(pythonFiles(join(import.meta.dirname, '../../examples')));
const torchvision = packageFolder('torchvision');
const real = torchvision === null ? [] : read(pythonFiles(torchvision));

function chunksOf(text: string): string[] {
  const starts = chunkStarts(text);
  return starts.map((start, i) => text.slice(start, starts[i + 1] ?? text.length));
}
const lowered = (text: string, how: 'whole' | 'pieces') =>
  lowerChunk(how === 'whole' ? parseWhole(backend, text) : new Pieces().parse(backend, text), text, () => undefined);

describe('the pieces of a chunk', () => {
  it.each([
    ['the fixtures and examples', [...fixtures, ...examples]],
    ['all sources of torchvision', real],
  ])('give the tree of the whole, on %s', (_, texts) => {
    let split = 0;
    for (const chunk of texts.flatMap(chunksOf)) {
      const whole = lowered(chunk, 'whole');
      if (whole.hasError) continue;
      if (bodyOf(chunk) !== null && chunk.length > 400) split++;
      expect(lowered(chunk, 'pieces')).toEqual(whole);
    }
    if (texts.length > 0) expect(split).toBeGreaterThan(5);
  });

  it('fail exactly when the whole does, where something was typed or cut', () => {
    const bodies = [...examples, ...real.slice(0, 30)].flatMap(chunksOf).filter((chunk) => chunk.length > 400);
    const typed = fc.constantFrom(
      ' ',
      '\n',
      '(',
      ')',
      ':',
      '*',
      '"',
      ' // 1',
      'x',
      '@d\n',
      '    ',
      '\\',
      ',',
      '0.',
      '#',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 12 }),
        typed,
        (body, at, drop, text) => {
          const where = Math.floor(at * body.length);
          const edited = body.slice(0, where) + text + body.slice(where + drop);
          // what begins a statement of the file there is a chunk of its own
          for (const chunk of chunksOf(edited)) {
            const whole = lowered(chunk, 'whole');
            const pieces = lowered(chunk, 'pieces');
            expect(pieces.hasError).toBe(whole.hasError || joinsStatements(parseWhole(backend, chunk), chunk));
            if (!pieces.hasError) expect(pieces).toEqual(whole);
          }
        },
      ),
      { seed: 20261122, numRuns: 600 },
    );
  });

  it('tell an unfinished line from the one below it, which the whole takes for its end', () => {
    const rest = '    y = 1\n'.repeat(60);
    for (const line of ['x = a.', 'x: int =', 'x = 1 +']) {
      const text = `def f(a):\n    ${line}\n    b = 2\n${rest}`;
      const read = parserOn(backend, () => {}).parse(text);
      expect(read.problems).toHaveLength(1);
      const file = parserOn(backend, () => {}).open(text.replace(line, 'x = 0'));
      file.edit([{ start: 14, oldEnd: 19, newText: line }]);
      expect(file.text).toBe(text);
      expect(wholeTree(file.tree)).toEqual(wholeTree(read));
    }
  });

  it('leave the methods around an unfinished line as they are', () => {
    const method = (name: string) =>
      `    def ${name}(self, x):\n${`        x = self.layer(x) * 2\n`.repeat(8)}        return x\n`;
    const text = `class A(Base):\n    """Doc."""\n${method('f')}        y = (x[\n${method('g')}    z = 3\n`;
    const [{ statement }] = lowered(text, 'pieces').statements;
    if (statement.node.type !== 'ClassDef') throw new Error(statement.node.type);
    expect(statement.node.body.map((s) => (s.type === 'FunctionDef' ? s.name : s.type))).toEqual([
      'Expr',
      'f',
      'g',
      'Assign',
    ]);
    expect(lowered(text, 'pieces').problems.length).toBeGreaterThan(0);
  });
});
