/** What a version of PyTorch does not have is absent: every name that we model against the names both installed versions list. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSession } from './modules/engine.js';

interface Names {
  readonly version: string;
  readonly names: Readonly<Record<string, string>>;
}
const recorded = ['1.13', '2.13'].map(
  (v) => JSON.parse(readFileSync(join(import.meta.dirname, 'data', `names-${v}.json`), 'utf8')) as Names,
);
const list = (n: Names, owner: string): string[] => (n.names[owner] ?? '').split(' ').filter((x) => x !== '');
const owners = [...new Set(recorded.flatMap((n) => Object.keys(n.names)))];
const program = `import torch
${owners
  .filter((o) => !['torch', 'torch.Tensor', 'torch.nn.Module'].includes(o))
  .map((o) => `try:\n    import ${o}\nexcept ImportError:\n    pass\n`)
  .join('')}
def present(owner, names):
    return ' '.join([n for n in names.split(' ') if hasattr(owner, n)])
`;

/** Names that we have and that version has not. */
async function modelled(version: Names): Promise<{ extra: string[]; count: number }> {
  const [major, minor] = version.version.split('.').map(Number) as [number, number];
  const session = await openSession(program, [major, minor]);
  const extra: string[] = [];
  let count = 0;
  for (const owner of owners) {
    const every = [...new Set(recorded.flatMap((n) => list(n, owner)))];
    const parent = owner.slice(0, owner.lastIndexOf('.'));
    const there = list(version, owner);
    if (there.length === 0) {
      const child = owner.slice(parent.length + 1);
      expect(session.str(session.run(`hasattr(${parent}, '${child}')`).value), owner).toBe('False');
      continue;
    }
    const ran = session.run(`present(${owner}, '${every.join(' ')}')`);
    expect(ran.error, owner).toBeNull();
    const ours = session.str(ran.value).split(' ');
    count += ours.length;
    for (const name of ours) if (!there.includes(name)) extra.push(`${owner}.${name}`);
  }
  return { extra, count };
}

it.each(recorded)('PyTorch $version has every name that we answer for', async (version) => {
  const { extra, count } = await modelled(version);
  // names that a version lost (they only warned there) are not hidden
  expect(extra.filter((n) => !/\.(align_to|refine_names|rename|onnx)$/.test(n))).toEqual([]);
  expect(count).toBeGreaterThan(1500);
});

it('names that both versions have and we model are there in both', async () => {
  const sessions = await Promise.all([openSession(program, [1, 13]), openSession(program, [2, 13])]);
  for (const owner of owners) {
    const both = list(recorded[0]!, owner).filter((n) => list(recorded[1]!, owner).includes(n));
    if (both.length === 0) continue;
    const [old, recent] = sessions.map((s) => s.str(s.run(`present(${owner}, '${both.join(' ')}')`).value));
    expect(old, owner).toBe(recent);
  }
});
