/** Code that puts tensors on an accelerator while nobody moves the model: it is taken as moved, and that is said. */
import { describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { memoryFiles } from './memoryFiles.js';

const text = `import torch
import torch.nn as nn

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(4, 8)
    def forward(self, x):
        hidden = (torch.zeros(x.size(0), 8).to(device), torch.zeros(x.size(0), 8).to(device))
        return self.cell(x, hidden)[0] + torch.ones(8).cuda()

class Split(nn.Module):
    def forward(self, x):
        return x.to('cuda:0') + x.to('cuda:1')
`;

function estimate(entry: string) {
  const file = '/project/m.py';
  const e = createEngine({ files: memoryFiles({ [file]: text }), cancelled: () => false, log: () => {} });
  return e.then((engine) => {
    engine.open(file, text, 1);
    const result = engine.estimate({ file, entry, inputs: ['2x4'], target: defaultTarget });
    engine.dispose();
    return result.estimates[0]!;
  });
}

describe('tensors on the CPU and on an accelerator', () => {
  it('are taken as on the accelerator', async () => {
    const e = await estimate('Net()');
    expect(e.outputs.map((o) => o.shape)).toEqual([[2, 8]]);
    // as PyTorch counts it on one device: 2 · 2 · (4 + 8) · 4 · 8
    expect(e.flops.forward).toBe(1536);
    expect(e.coverage.unknownOps).toBe(0);
    expect(e.assumptions.some((a) => a.text.includes('taken as on cuda:0'))).toBe(true);
  });

  it('two accelerators do not meet', async () => {
    const e = await estimate('Split()');
    expect(e.flops.forward).toBeNull();
    expect(e.coverage.unknown[0]!.what).toBe('RuntimeError');
  });
});
