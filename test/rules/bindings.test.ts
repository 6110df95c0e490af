/** What is told of a function's names without following its control flow agrees with what following it finds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModuleIndex } from '../../server/src/rules/semantic/moduleIndex.js';
import { walk } from '../../server/src/rules/semantic/walk.js';
import { createParser } from '../../server/src/syntax/createParser.js';
import { packageFolder, pythonFiles } from '../syntax/corpora.js';

const parser = await createParser({ backend: 'wasm' });
const torchvision = packageFolder('torchvision');
const files = [
  ...pythonFiles(join(import.meta.dirname, '../fixtures')),
  ...(torchvision === null ? [] : pythonFiles(torchvision)),
];

const written = `
def f(a, b, *c, d=1, **e):
    with open(a) as (x, [y, *z]):
        import m.n, o as p
    for i, (j, k) in b:
        l = [q for q, r in c if (s := q)]
        a += 1
        self.t = u[v] = 2
    class W:
        inner = 1
    def g(h):
        return h
    return lambda w: w
`;

describe('the names that a function binds', () => {
  it('are those that its flow defines, when it has them at all', () => {
    const counts = { none: 0, parameter: 0, ask: 0 };
    for (const text of [written, ...files.map((file) => readFileSync(file, 'utf8'))]) {
      const index = new ModuleIndex(parser.parse(text), text);
      for (const scope of index.functions) {
        const names = new Set(scope.flow.definitions.map(({ name }) => name));
        walk(scope.node!, (node) => {
          if (node.type === 'Name') names.add(node.id);
        });
        for (const name of names) {
          const told = scope.bindingOf(name);
          counts[told]++;
          const kinds = new Set(scope.flow.definitionsOf(name).map(({ kind }) => kind));
          if (told === 'none') expect([name, ...kinds]).toEqual([name]);
          if (told === 'parameter') expect([name, ...kinds]).toEqual([name, 'parameter']);
        }
      }
    }
    expect(counts.none).toBeGreaterThan(50);
    expect(counts.parameter).toBeGreaterThan(20);
    expect(counts.ask).toBeGreaterThan(20);
  });
});
