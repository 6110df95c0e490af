/** Models of which a base class or a decorator is in a package that is not there: the rest is read, and nothing calls itself complete. */
import { describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { EstimateReport } from '../../server/src/analysis/model.js';
import { memoryFiles } from './memoryFiles.js';

async function estimate(text: string, entry: string): Promise<EstimateReport> {
  const file = '/project/m.py';
  const e = await createEngine({ files: memoryFiles({ [file]: text }), cancelled: () => false, log: () => {} });
  e.open(file, text, 1);
  // the second answer comes from a program that has run the class statements already
  e.estimate({ file, entry, inputs: ['2x4'], target: defaultTarget });
  const { estimates } = e.estimate({ file, entry, inputs: ['2x4'], target: defaultTarget });
  e.dispose();
  return estimates[0]!;
}

const head = 'import torch.nn as nn\nfrom nowhere.there import Base, MODELS, fp16\n';

describe('a part that is not known', () => {
  it('a base class: what the text adds is estimated, the sums are not known', async () => {
    const r = await estimate(
      `${head}class Net(Base):
    def __init__(self):
        super().__init__(init_cfg=None)
        del self.fc
        self.a = nn.Linear(4, 5)
    def forward(self, x):
        return self.a(x)
`,
      'Net()',
    );
    expect(r.outputs.map((o) => o.shape)).toEqual([[2, 5]]);
    expect(r.modules.map((m) => [m.path, m.params, m.flops])).toContainEqual(['a', 25, 80]);
    expect([r.params, r.flops.forward, r.coverage.knownFlopShare]).toEqual([null, null, null]);
    expect(r.coverage.unknown.map((u) => u.why).join()).toContain("module 'nowhere.there' was not found");
  });

  it('what only the unknown base could give is unknown, not an error', async () => {
    const r = await estimate(
      `${head}class Net(Base):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 5)
    def forward(self, x):
        return self.a(self.encode(x))
`,
      'Net()',
    );
    expect(r.coverage.unknownOps).toBeGreaterThan(0);
    expect(r.coverage.unknown.some((u) => u.why.includes('has no attribute'))).toBe(false);
  });

  it('a decorator of a class or of a method gives back what it decorates, in doubt', async () => {
    const registered = `${head}@MODELS.register_module()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 5)
    def forward(self, x):
        return self.a(x)
`;
    const method = `${head}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 5)
    @fp16()
    def forward(self, x):
        return self.a(x)
`;
    for (const text of [registered, method]) {
      const r = await estimate(text, 'Net()');
      expect(r.outputs.map((o) => o.shape)).toEqual([[2, 5]]);
      expect(r.coverage.knownFlopShare).toBeNull();
      expect(r.coverage.unknown.some((u) => u.why.includes('has a decorator that is not known'))).toBe(true);
    }
  });

  it('a class beside it is complete', async () => {
    const r = await estimate(
      `${head}@MODELS.register_module()
class Other(Base):
    def forward(self, x):
        return x
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 5)
    def forward(self, x):
        return self.a(x)
`,
      'Net()',
    );
    expect([r.params?.total, r.flops.forward, r.coverage.knownFlopShare]).toEqual([25, 80, 1]);
  });
});
