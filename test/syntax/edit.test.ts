/** Incremental edits give what parsing from scratch gives, and unchanged statements keep their identity. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createParser } from '../../server/src/syntax/createParser.js';
import type { ParsedFile, TextEdit } from '../../server/src/syntax/parser.js';
import { packageFolder, pythonFiles } from './corpora.js';
import { wholeTree } from './normalForm.js';

const parser = await createParser({ backend: 'wasm' });
const fixtures = pythonFiles(join(import.meta.dirname, '../fixtures/syntax')).map((file) => readFileSync(file, 'utf8'));
const torchvision = packageFolder('torchvision');
const real =
  torchvision === null
    ? []
    : pythonFiles(join(torchvision, 'models'))
        .slice(0, 12)
        .map((file) => readFileSync(file, 'utf8'));
const texts = [...fixtures, ...real].filter((text) => text.length > 0);

const snippets = [
  'x',
  ' ',
  '\n',
  '(',
  ')',
  '"',
  "'''",
  '#',
  ':',
  '\\',
  'def f():\n',
  '    ',
  'if ',
  '\n\n',
  ', ',
  '*',
  'é',
  '🎉',
  '\r\n',
  '@d\n',
  'else:',
  ']',
  '{',
  '=',
  'lambda ',
  'class A:\n    pass\n',
];

describe('an edit', () => {
  it('equals a parse from scratch, for random edits over real text', () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      drop: fc.integer({ min: 0, max: 40 }),
      insert: fc.array(fc.constantFrom(...snippets), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        (text, rounds) => {
          const file = parser.open(text);
          for (const round of rounds) {
            const edits: TextEdit[] = [];
            let length = file.text.length;
            for (const { at, drop, insert } of round) {
              const start = Math.floor(at * length);
              const oldEnd = Math.min(length, start + drop);
              const newText = insert.join('');
              edits.push({ start, oldEnd, newText });
              length += newText.length - (oldEnd - start);
            }
            file.edit(edits);
            expect(file.text.length).toBe(length);
            expect(wholeTree(file.tree)).toEqual(wholeTree(parser.parse(file.text)));
          }
          file.dispose();
        },
      ),
      { seed: 20261120, numRuns: 100 },
    );
  });

  it('equals a parse from scratch after every key of a typed line', () => {
    const where = fc.record({
      text: fc.constantFrom(...texts),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      typed: fc.constantFrom(
        'y = f(a)[1]\n    ',
        'x',
        '  # eco: x\n',
        "'s' ",
        'if z:\n        pass\n    ',
        '.view(1, 2)',
        '\n\n',
      ),
    });
    fc.assert(
      fc.property(where, ({ text, at, typed }) => {
        const file = parser.open(text);
        const start = Math.floor(at * text.length);
        for (let i = 0; i < typed.length; i++) file.edit([{ start: start + i, oldEnd: start + i, newText: typed[i] }]);
        expect(wholeTree(file.tree)).toEqual(wholeTree(parser.parse(file.text)));
        for (let i = typed.length; i > 0; i--) {
          file.edit([{ start: start + i - 1, oldEnd: start + i, newText: '' }]);
          expect(wholeTree(file.tree)).toEqual(wholeTree(parser.parse(file.text)));
        }
        expect(file.text).toBe(text);
        file.dispose();
      }),
      { seed: 20261121, numRuns: 40 },
    );
  });

  /** One function that holds every statement of the fixtures that parses, so that each is copied from the tree before. */
  it('leaves every kind of statement beside it as a parse from scratch reads it, edit after edit', () => {
    const bodies = texts
      .map((text) => parser.parse(text))
      .flatMap((tree) => (tree.problems.length > 0 ? [] : tree.statements.map((s) => s.text)))
      .map((text) => text.replaceAll(/^(?=.)/gm, '    '));
    const kept = bodies.filter((text) => parser.parse(`def f():\n${text}\n`).problems.length === 0);
    kept.push(
      '    with open(p) as f, (a if b else c as d), (x and y) as z:\n        f(d)',
      '    with (open(p) as f, lock):\n        f(d)',
    );
    for (const body of kept) {
      const file = parser.open(`def f():\n${body}\n    return 1\n`);
      for (const digit of '23') {
        const at = file.text.length - 2;
        file.edit([{ start: at, oldEnd: at + 1, newText: digit }]);
      }
      expect(wholeTree(file.tree)).toEqual(wholeTree(parser.parse(file.text)));
      file.dispose();
    }
  });

  it('equals it where a string with a line feed in it hides the end of a function', () => {
    const lines = Array.from({ length: 12 }, (_, i) => `    row_${i} = table.get('${i}', [${i}, ${i + 1}])\n`).join('');
    const file = parser.open(`def main():\n${lines}    globals()['\nname'] = 1000\n    print(1)\n\n\nmain()\n`);
    for (const [old, to] of [
      ['1000', '1001'],
      ['1001', '1002'],
    ]) {
      const start = file.text.indexOf(old);
      file.edit([{ start, oldEnd: start + old.length, newText: to }]);
      expect(wholeTree(file.tree)).toEqual(wholeTree(parser.parse(file.text)));
    }
    file.dispose();
  });

  const source = 'import a\n\ndef f():\n    return 1\n\ndef g():\n    # note\n    return 2\n\nx = f() + g()\n';

  it('keeps the objects of statements it does not touch and moves their start', () => {
    const file = parser.open(source);
    const before = [...file.tree.statements];
    const starts = before.map((s) => s.start);
    const at = source.indexOf('return 1');
    file.edit([{ start: at, oldEnd: at, newText: 'y = 3\n    ' }]);
    const after = file.tree.statements;
    expect(after.map((s, i) => s === before[i])).toEqual([true, false, true, true]);
    expect(after[2].start).toBe(starts[2] + 10);
    expect(file.tree.comments).toEqual([
      { start: source.indexOf('# note') + 10, end: source.indexOf('# note') + 16, text: '# note' },
    ]);
  });

  it('keeps every object when only a comment or a blank line changes between statements', () => {
    const file = parser.open(source);
    const before = [...file.tree.statements];
    file.edit([{ start: 9, oldEnd: 9, newText: '# a comment\n\n' }]);
    expect(file.tree.statements.every((s, i) => s === before[i])).toBe(true);
    expect(file.tree.comments).toHaveLength(2);
  });

  it('keeps the objects of statements that move', () => {
    const file = parser.open('def f():\n    return 1\n\ndef g():\n    return 2\n');
    const [f, g] = file.tree.statements;
    file.edit([{ start: 0, oldEnd: file.text.length, newText: 'def g():\n    return 2\n\ndef f():\n    return 1\n' }]);
    expect(new Set(file.tree.statements)).toEqual(new Set([f, g]));
    for (const { start, text } of file.tree.statements) expect(file.text.slice(start, start + text.length)).toBe(text);
  });

  describe('in a class', () => {
    const model = (name: string): string =>
      `class ${name}:\n    a = 1\n\n    @staticmethod\n    def first(x):\n        return x.first\n\n    def second(self):\n        def inner(y):\n            return y\n        return inner(self.z)\n`;
    const methods = (file: ParsedFile, at = 0) => {
      const { node } = file.tree.statements[at];
      return node.type === 'ClassDef' ? node.body.filter((stmt) => stmt.type === 'FunctionDef') : [];
    };
    const replace = (file: ParsedFile, from: string, to: string, last = false): void => {
      const start = last ? file.text.lastIndexOf(from) : file.text.indexOf(from);
      file.edit([{ start, oldEnd: start + from.length, newText: to }]);
      expect(wholeTree(file.tree)).toEqual(wholeTree(parser.parse(file.text)));
    };

    it('keeps the nodes of methods it does not touch, where they stand now', () => {
      const file = parser.open(model('A'));
      replace(file, 'a = 1', 'a = 23');
      const before = methods(file);
      replace(file, 'a = 23', 'a = 456');
      expect(methods(file)).toEqual(before);
      expect(methods(file).map((method, i) => method === before[i])).toEqual([true, true]);
      replace(file, 'x.first', 'x.last');
      expect(methods(file).map((method, i) => method === before[i])).toEqual([false, true]);
      file.dispose();
    });

    it('leaves those of another class with the same methods to that class', () => {
      const file = parser.open(`${model('A')}\n${model('B')}`);
      for (const last of [false, true, false, true]) {
        replace(file, 'a = ', 'a = 1', last);
        replace(file, 'a = ', 'a = 1', last);
        const [a, b] = [methods(file), methods(file, 1)];
        expect(a.filter((method) => b.includes(method))).toEqual([]);
      }
      file.dispose();
    });

    it('keeps one of two that are alike', () => {
      const twice = '    def same(self):\n        return 1\n';
      const file = parser.open(`class A:\n    a = 1\n${twice}${twice}`);
      for (const to of ['a = 12', 'a = 123', 'a = 1234']) replace(file, /a = \d+/.exec(file.text)?.[0] ?? '', to);
      const [one, other] = methods(file);
      expect(one).not.toBe(other);
      file.dispose();
    });
  });
});
