/** A fault of ours in host code costs the call in which it happens, and is said to be unknown there. */
import { expect, it } from 'vitest';
import { NativeFunction, Unknown } from '../../server/src/python/values.js';
import { createParser } from '../../server/src/syntax/createParser.js';
import { evaluate } from '../../server/src/trace/evaluate.js';
import { Program } from '../../server/src/trace/program.js';
import { Sources } from '../../server/src/trace/sources.js';

it('a TypeError of the host inside a built-in is a gap at that call', async () => {
  const text = 'import torch\nbroken = None\ndef f():\n    y = broken(1)\n    return torch.zeros(2), y\n';
  const files = { read: (p: string) => (p === '/a/b.py' ? text : null), isDirectory: () => true, list: () => [] };
  const program = new Program('/a/b.py', {
    sources: new Sources(await createParser(), files),
    pythonPath: [],
    sitePackages: [],
    torchVersion: [2, 13],
    fuel: 1_000_000,
    cancelled: () => false,
  });
  evaluate(program, 'broken');
  const nothing = undefined as unknown as { length: number };
  program.main!.ns.set('broken', new NativeFunction('torch.broken', () => nothing.length));
  const result = evaluate(program, 'f()') as unknown as { items: unknown[] };
  expect(result.items).toHaveLength(2);
  expect(result.items[1]).toBeInstanceOf(Unknown);
  expect(program.recorder.gaps.map((g) => g.what)).toContain('torch.broken');
});
