/** Text that does not parse: what did parse survives, and nothing crashes. */
import { describe, expect, it } from 'vitest';
import type { Stmt } from '../../server/src/syntax/ast.js';
import type { Backend } from '../../server/src/syntax/backend/backend.js';
import { createParser, parserOn } from '../../server/src/syntax/createParser.js';
import { brokenTexts } from './brokenTexts.js';

const parser = await createParser({ backend: 'wasm' });
const types = (text: string) => parser.parse(text).statements.map((statement) => statement.node.type);
const named = (statement: Stmt) =>
  statement.type === 'FunctionDef' || statement.type === 'ClassDef' ? statement.name : statement.type;

describe('a statement being typed', () => {
  it('leaves the rest of the file intact', () => {
    expect(types('if x\ny = 1\ndef f(\nz = 3\nclass A:\n    def g(self): pass\n')).toEqual([
      'Error',
      'Assign',
      'Error',
      'ClassDef',
    ]);
  });

  it('keeps the target of an assignment without a value', () => {
    const [statement] = parser.parse('x = \ny = 2\n').statements;
    expect(statement.node.type === 'Assign' || statement.node.type === 'Error').toBe(true);
    expect(types('x = \ny = 2\n').at(-1)).toBe('Assign');
  });

  it('keeps a call whose argument list has a hole, with an Error in it', () => {
    const text = 'x = foo(a, b c)\n';
    expect(JSON.stringify(parser.parse(text).statements[0].node)).toContain('"Error"');
    expect(parser.parse(text).problems).toHaveLength(1);
  });

  it('keeps the methods around an unfinished one', () => {
    const tree = parser.parse(
      'class A:\n    def f(self):\n        x = (\n\n    def g(self):\n        return 1\n\ndef h(): pass\n',
    );
    expect(tree.statements.map((s) => named(s.node)).at(-1)).toBe('h');
    expect(tree.problems.length).toBeGreaterThan(0);
  });

  it.each(brokenTexts)('reports a problem or a tree without Error, in range: %j', (text) => {
    const tree = parser.parse(text);
    const hasError = JSON.stringify(tree.statements.map((s) => s.node)).includes('"Error"');
    if (hasError) expect(tree.problems.length).toBeGreaterThan(0);
    for (const { start, end } of tree.problems) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(text.length);
      expect(start).toBeLessThanOrEqual(end);
    }
    let last = 0;
    for (const statement of tree.statements) {
      expect(statement.start).toBeGreaterThanOrEqual(last);
      expect(text.slice(statement.start, statement.start + statement.length)).toBe(statement.text);
      last = statement.start + statement.length;
    }
  });
});

describe('deep nesting', () => {
  const deep = (open: string, close: string, n: number) =>
    `before = 1\nx = ${open.repeat(n)}1${close.repeat(n)}\nafter = 2\n`;
  it.each([
    ['parentheses', deep('(', ')', 10_000)],
    ['lists', deep('[', ']', 10_000)],
    ['calls', deep('f(', ')', 10_000)],
    ['unary operators', deep('-', '', 10_000)],
    ['dictionaries', deep('{1:', '}', 5_000)],
    ['attributes', `before = 1\nx = a${'.b'.repeat(10_000)}\nafter = 2\n`],
    ['powers', `before = 1\nx = ${'2 ** '.repeat(10_000)}1\nafter = 2\n`],
    ['lambdas', deep('lambda: ', '', 5_000)],
    ['conditionals', `before = 1\nx = ${'1 if a else '.repeat(5_000)}2\nafter = 2\n`],
    [
      'blocks',
      `before = 1\n${Array.from({ length: 90 }, (_, i) => `${' '.repeat(i)}if x:\n`).join('')}${' '.repeat(90)}pass\nafter = 2\n`,
    ],
  ])('of %s does not crash and spares its neighbours', (_, text) => {
    const tree = parser.parse(text);
    expect(tree.statements[0].node.type).toBe('Assign');
    expect(tree.statements.at(-1)?.node.type).toBe('Assign');
    expect(tree.statements.at(-1)?.text).toBe('after = 2');
  });

  it('of long chains of + and elif is no nesting', () => {
    const sum = parser.parse(`x = ${'1 + '.repeat(300)}1\n`);
    expect(sum.problems).toEqual([]);
    const elifs = parser.parse(`if a: pass\n${'elif b: pass\n'.repeat(3_000)}`);
    expect(elifs.problems).toEqual([]);
  });

  it('of unclosed brackets does not crash', () => {
    for (const text of ['('.repeat(10_000), `f(${'['.repeat(5_000)}`, '{'.repeat(3_000)]) {
      expect(parser.parse(text).problems.length).toBeGreaterThan(0);
    }
  });
});

describe('a parser that throws', () => {
  /** A real back end whose n-th parse throws, as a trapped wasm module does. */
  function failing(times: number, log: string[]): Backend {
    let left = times;
    return {
      name: 'wasm',
      parse: () => {
        log.push('parse');
        if (left-- > 0) throw new Error('memory access out of bounds');
        throw new Error('no tree in this test');
      },
      recreate: () => log.push('recreate'),
      dispose: () => {},
    };
  }

  it('is made anew once, then gives an Error statement instead of an exception', () => {
    const log: string[] = [];
    const tree = parserOn(failing(9, log), () => {}).parse('x = 1\n');
    expect(log).toEqual(['parse', 'recreate', 'parse']);
    expect(tree.statements[0].node.type).toBe('Error');
    expect(tree.problems[0].message).toMatch(/memory access out of bounds/);
  });
});
