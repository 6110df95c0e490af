/** Properties of estimates: how figures scale, and that remembering calls or keeping what an edit left alone changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';

const model = `import torch
import torch.nn as nn


class Attention(nn.Module):
    def __init__(self, dim: int = 64, heads: int = 4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x):
        b, s, d = x.shape
        q, k, v = self.qkv(x).view(b, s, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-2, -1)) * (d // self.heads) ** -0.5
        return self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, s, d))


class Net(nn.Module):
    def __init__(self, depth: int = 3, dim: int = 64):
        super().__init__()
        self.blocks = nn.ModuleList(Attention(dim) for _ in range(depth))
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, 10)

    def forward(self, x):
        for block in self.blocks:
            x = x + block(x)
        return self.head(self.norm(x).mean(1))
`;

async function engine(text: string, memoise = true) {
  const e = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} }, { memoise });
  e.open('/project/net.py', text, 1);
  return e;
}

function flops(e: Awaited<ReturnType<typeof engine>>, input: string): number {
  const [estimate] = e.estimate({
    file: '/project/net.py',
    entry: 'Net()',
    inputs: [input],
    target: defaultTarget,
  }).estimates;
  expect(estimate?.coverage).toMatchObject({ unknownOps: 0, knownFlopShare: 1 });
  return estimate!.flops.forward!;
}

describe('figures scale as the mathematics does', () => {
  it('is linear in the batch', async () => {
    const e = await engine(model);
    const one = flops(e, '1x16x64:float32');
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 64 }), (b) => flops(e, `${b}x16x64:float32`) === b * one),
      { numRuns: 20, seed: 1 },
    );
  });

  it('is quadratic in the sequence, beside a linear part', async () => {
    const e = await engine(model);
    const at = (s: number): number => flops(e, `1x${s}x64:float32`);
    // the head sees one row whatever the length: f(s) = a s² + b s + c, so third differences vanish and the second is 2a
    const [f1, f2, f3, f4] = [at(8), at(16), at(24), at(32)];
    expect(f3! - 2 * f2! + f1!).toBe(f4! - 2 * f3! + f2!);
    // 3 layers x 2 products x 2 FLOPs x 64 channels, times 8² between the points, twice
    expect(f3! - 2 * f2! + f1!).toBe(3 * 2 * 2 * 64 * 64 * 2);
  });
});

describe('remembered calls', () => {
  it('give the same report as calls that all run', async () => {
    const request = {
      file: '/project/net.py',
      entry: 'Net(depth=12)',
      inputs: ['2x32x64:float32'],
      target: defaultTarget,
    };
    const [with_] = (await engine(model)).estimate(request).estimates;
    const [without] = (await engine(model, false)).estimate(request).estimates;
    expect(with_).toEqual(without);
    expect(with_!.modules.length).toBeGreaterThan(30);
  });
});

describe('edits', () => {
  const edits: readonly [string, string][] = [
    ['return self.head(self.norm(x).mean(1))', 'return self.head(self.norm(x + x).mean(1))'],
    ['x = x + block(x)', 'x = x + block(x) * 2'],
    ['depth: int = 3', 'depth: int = 5'],
    ['self.norm = nn.LayerNorm(dim)', 'self.norm = nn.Identity()'],
    ['heads: int = 4', 'heads: int = 8'],
    ['scores.softmax(-1)', 'scores.softmax(-1).relu()'],
    ['import torch\n', 'import torch\nimport math\n'],
    ['return self.out(', 'return self.out(nonsense('],
  ];

  it('one after another end where a fresh start ends', async () => {
    const live = await engine(model);
    live.analyse('/project/net.py', defaultTarget);
    let text = model;
    let version = 2;
    const toggled = new Set<number>();
    const sequence = fc.sample(fc.integer({ min: 0, max: edits.length - 1 }), { numRuns: 40, seed: 7 });
    for (const i of sequence) {
      const [a, b] = edits[i]!;
      const [from, to] = toggled.has(i) ? [b, a] : [a, b];
      const start = text.indexOf(from);
      if (start < 0) continue;
      if (toggled.has(i)) toggled.delete(i);
      else toggled.add(i);
      text = text.slice(0, start) + to + text.slice(start + from.length);
      live.change('/project/net.py', [{ start, oldEnd: start + from.length, newText: to }], version++);
      const fresh = await engine(text);
      // the first stage of a fresh start has more to do, so it may leave more to the second
      live.analyse('/project/net.py', defaultTarget);
      const a1 = live.withSavings('/project/net.py', defaultTarget);
      const a2 = fresh.withSavings('/project/net.py', defaultTarget);
      expect({ ...a1, version: 0 }).toEqual({ ...a2, version: 0 });
      const line = text.split('\n').findIndex((l) => l.includes('self.head('));
      expect(live.hover('/project/net.py', line, 20, defaultTarget)).toEqual(
        fresh.hover('/project/net.py', line, 20, defaultTarget),
      );
      fresh.dispose();
    }
  });

  it('that make a module-level statement endless cost what rests on it, as from nothing', async () => {
    const net = (name: string, width: string): string =>
      `class ${name}(nn.Module):\n    def __init__(self, width=${width}):\n        super().__init__()\n        self.fc = nn.Linear(width, 2)\n\n    def forward(self, x):\n        return self.fc(x)\n\n\n`;
    const text = `import torch\nfrom torch import nn\n\n\ndef size():\n    n = 8\n    while n < 0:\n        n = n + 1\n    return n\n\n\nN = size()\n\n\n${net('Before', '4')}${net('On', 'N')}${net('After', '5')}`;
    const open = async (source: string) => {
      const e = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} }, { fuel: 20_000 });
      e.open('/project/net.py', source, 1);
      return e;
    };
    const totals = (e: Awaited<ReturnType<typeof open>>) =>
      e.withSavings('/project/net.py', defaultTarget).estimates.map((x) => [x.entry, x.params?.total ?? null]);
    const live = await open(text);
    expect(totals(live)).toEqual([
      ['Before()', 10],
      ['On()', 18],
      ['After()', 12],
    ]);
    const start = text.indexOf('n < 0');
    live.change('/project/net.py', [{ start, oldEnd: start + 5, newText: 'n > 0' }], 2);
    const fresh = await open(text.replace('n < 0', 'n > 0'));
    expect(totals(fresh)).toEqual([
      ['Before()', 10],
      ['On()', null],
      ['After()', 12],
    ]);
    expect(totals(live)).toEqual(totals(fresh));
    live.dispose();
    fresh.dispose();
  });
});

describe('what the text is blamed for', () => {
  const broken = `${model}\n\ndef train(net)\n    net.train()\n`;

  it('is told of the whole file, while an estimate reads what its model needs', async () => {
    const e = await engine(broken);
    expect(flops(e, '1x16x64:float32')).toBe(flops(await engine(model), '1x16x64:float32'));
    const line = broken.slice(0, broken.indexOf('def train')).split('\n').length;
    expect(e.problems('/project/net.py').map((one) => one.line)).toContain(line);
  });

  it('is why there is nothing, when it cannot be read', async () => {
    const e = await engine(model);
    expect(e.problems('/project/none.py').map((one) => one.message)).toEqual(['/project/none.py: no such file']);
    const asked = { file: '/project/none.py', entry: null, inputs: [], target: defaultTarget };
    expect(e.estimate(asked).estimates).toEqual([]);
  });
});
