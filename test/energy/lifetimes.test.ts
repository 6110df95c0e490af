/** Peak memory against sums done by hand: what is alive at the worst moment, nothing more. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { Engine } from '../../server/src/analysis/engine.js';
import type { EstimateReport } from '../../server/src/analysis/model.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({
    files: { read: () => null, isDirectory: () => false, list: () => [] },
    cancelled: () => false,
    log: () => {},
  });
});

let version = 0;
function estimate(source: string, input: string, target: Partial<typeof defaultTarget> = {}): EstimateReport {
  const file = '/w/m.py';
  engine.open(file, `import torch\nfrom torch import nn\n\n${source}`, ++version);
  const { estimates } = engine.estimate({
    file,
    entry: 'M()',
    inputs: [input],
    target: { ...defaultTarget, ...target },
  });
  expect(engine.problems(file)).toEqual([]);
  return estimates[0]!;
}

/** Bytes of a float32 tensor. */
const f = (...extents: number[]) => extents.reduce((a, b) => a * b, 4);

const chain = (layers: string) => `
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(${layers})
    def forward(self, x):
        return self.net(x)
`;

describe('inference', () => {
  it('keeps weights, input and the two tensors of one layer', () => {
    const report = estimate(chain('nn.Linear(1000, 4000, bias=False), nn.Linear(4000, 10, bias=False)'), '100x1000');
    expect(report.memory).toMatchObject({
      weights_bytes: f(1000, 4000) + f(4000, 10),
      inputs_bytes: f(100, 1000),
      activations_bytes: f(100, 4000) + f(100, 10),
    });
  });

  it('does not add up what is gone: a deep chain takes two activations, not sixty', () => {
    const layers = Array.from({ length: 60 }, () => 'nn.Linear(256, 256, bias=False)').join(', ');
    const report = estimate(chain(layers), '1024x256');
    expect(report.memory!.activations_bytes).toBe(2 * f(1024, 256));
  });

  it('keeps a residual over its branch', () => {
    const source = `
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(64, 512, bias=False)
        self.up = nn.Linear(512, 2048, bias=False)
        self.down = nn.Linear(2048, 512, bias=False)
    def forward(self, x):
        h = self.stem(x)
        return h + self.down(torch.relu(self.up(h)))
`;
    const report = estimate(source, '10x64');
    // worst: relu, with the residual, its input and its output
    expect(report.memory!.activations_bytes).toBe(f(10, 512) + 2 * f(10, 2048));
  });

  it('frees what a call from memory made: equal blocks do not pile up', () => {
    const source = `
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Linear(128, 512, bias=False)
        self.down = nn.Linear(512, 128, bias=False)
    def forward(self, x):
        return x + self.down(self.up(x))

class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(Block() for _ in range(24))
    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x
`;
    const report = estimate(source, '8x128');
    // x (given by the loop), up, down; the first x is the input and counted there
    expect(report.memory!.activations_bytes).toBe(f(8, 128) + f(8, 512) + f(8, 128));
  });
});

describe('training', () => {
  it('keeps what backward needs and adds gradients as it goes', () => {
    const source = chain('nn.Linear(1000, 4000, bias=False), nn.ReLU(), nn.Linear(4000, 10, bias=False)');
    const report = estimate(source, '100x1000', { phase: 'training' });
    const weights = f(1000, 4000) + f(4000, 10);
    // backward of the first layer: all gradients are there, its input (the model's) is kept, its output's gradient flows
    expect(report.memory!.weights_bytes).toBe(weights);
    expect(report.memory!.activations_bytes).toBeGreaterThanOrEqual(weights);
    expect(report.memory!.activations_bytes).toBeLessThanOrEqual(weights + 4 * f(100, 4000) + 2 * f(100, 1000));
  });

  it('holds optimiser state in a step that stands in the code', () => {
    const report = (() => {
      const file = '/w/t.py';
      engine.open(
        file,
        `import torch
from torch import nn

def train():
    model = nn.Linear(1000, 1000, bias=False)
    opt = torch.optim.Adam(model.parameters())
    for _ in range(3):
        opt.zero_grad()
        loss = model(torch.randn(4, 1000)).sum()
        loss.backward()
        opt.step()
`,
        ++version,
      );
      return engine.estimate({ file, entry: 'train()', inputs: [], target: defaultTarget }).estimates[0]!;
    })();
    expect(report.kind).toBe('training step');
    const { weights_bytes, optimiser_bytes } = report.memory!;
    // two moments of every parameter, and a step counter
    expect(optimiser_bytes).toBeGreaterThanOrEqual(2 * f(1000, 1000));
    expect(optimiser_bytes).toBeLessThan(2.01 * f(1000, 1000));
    expect(report.peakMemory_bytes!.value).toBeGreaterThanOrEqual(4 * f(1000, 1000));
    expect(weights_bytes).toBe(f(1000, 1000));
  });
});

describe('fits', () => {
  it('says where a model does not fit, and where it would', () => {
    const source = chain('nn.Linear(60000, 60000, bias=False), nn.Linear(60000, 60000, bias=False)');
    const report = estimate(source, '1x60000', { hardware: 'l4' });
    expect(report.memory).toMatchObject({ fits: 'does not fit', memory_bytes: 24e9 });
    expect(report.memory!.fitsOn.length).toBeGreaterThan(0);
  });
});
