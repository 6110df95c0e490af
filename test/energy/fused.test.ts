/**
 * Operators that PyTorch's CPU composes and accelerators run fused: counted as the CPU runs them, priced as the
 * accelerator does, whether or not the code says where its tensors lie.
 */
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
function estimate(body: string, input: string, target: Partial<typeof defaultTarget> = {}): EstimateReport {
  const file = '/w/m.py';
  const source = `import torch\nfrom torch import nn\nimport torch.nn.functional as F\n\n${body}`;
  engine.open(file, source, ++version);
  const asked = { file, entry: 'M()', inputs: [input], target: { ...defaultTarget, ...target } };
  const { estimates } = engine.estimate(asked);
  expect(engine.problems(file)).toEqual([]);
  expect(estimates[0]!.coverage.unknownOps).toBe(0);
  return estimates[0]!;
}

const model = (layer: string, call: string, device: string) => `
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = ${layer}${device === '' ? '' : `.to('${device}')`}
    def forward(self, x):
        ${device === '' ? '' : `x = x.to('${device}')\n        `}return ${call}
`;

const cases = [
  { name: 'RMSNorm', layer: 'nn.RMSNorm(256)', call: 'self.layer(x)', input: '8x64x256' },
  { name: 'Dropout', layer: 'nn.Dropout(0.1)', call: 'self.layer(x)', input: '64x256' },
  { name: 'LSTM', layer: 'nn.LSTM(256, 128, 2, bidirectional=True)', call: 'self.layer(x)[0]', input: '20x4x256' },
  { name: 'GRU', layer: 'nn.GRU(256, 128, batch_first=True)', call: 'self.layer(x)[1]', input: '4x20x256' },
  { name: 'LSTMCell', layer: 'nn.LSTMCell(256, 128)', call: 'self.layer(x)[0]', input: '4x256' },
  { name: 'GRUCell', layer: 'nn.GRUCell(256, 128)', call: 'self.layer(x)', input: '4x256' },
];

describe.each(cases)('$name', ({ layer, call, input }) => {
  for (const phase of ['inference', 'training'] as const) {
    const target = { phase, trainMode: true };
    it(`costs in ${phase} what it costs where the code names the accelerator`, () => {
      const unplaced = estimate(model(layer, call, ''), input, target);
      const copied = estimate(model('nn.Identity()', 'x', 'cuda'), input, target);
      const placed = estimate(model(layer, call, 'cuda'), input, target);
      expect(unplaced.time_s!.value).toBeGreaterThan(0);
      // the input's copy is all that the placed program has more
      expect(placed.time_s!.value - copied.time_s!.value).toBeCloseTo(unplaced.time_s!.value, 9);
      expect(placed.flops.forward).toBe(unplaced.flops.forward);
    });
  }

  it('is counted as the steps that PyTorch runs on a CPU', () => {
    const unplaced = estimate(model(layer, call, ''), input, { trainMode: true });
    const copied = estimate(model('nn.Identity()', 'x', 'cuda'), input, { trainMode: true });
    const placed = estimate(model(layer, call, 'cuda'), input, { trainMode: true });
    expect(unplaced.coverage.ops).toBeGreaterThan(placed.coverage.ops - copied.coverage.ops);
  });
});

it('RMSNorm needs one launch, its steps five', () => {
  const norm = estimate(model('nn.RMSNorm(256)', 'self.layer(x)', ''), '8x64x256');
  const one = estimate(model('nn.LayerNorm(256)', 'self.layer(x)', ''), '8x64x256');
  const written = 'x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.layer.weight';
  const steps = estimate(model('nn.RMSNorm(256)', written, ''), '8x64x256');
  expect(norm.coverage.ops).toBe(6);
  expect(norm.time_s!.value).toBeCloseTo(one.time_s!.value, 9);
  expect(steps.time_s!.value).toBeGreaterThan(5 * norm.time_s!.value);
});

it('RMSNorm in steps where its weight has another dtype, and before PyTorch 2.9', () => {
  const mixed = 'F.rms_norm(x.bfloat16(), (256,), self.layer.weight)';
  const same = 'F.rms_norm(x.bfloat16(), (256,), self.layer.weight.bfloat16())';
  const of = (call: string) => estimate(model('nn.RMSNorm(256)', call, ''), '8x64x256').time_s!.value;
  expect(of(mixed)).toBeGreaterThan(2 * of(same));
  const old = estimate(model('nn.RMSNorm(256)', 'self.layer(x)', ''), '8x64x256', { torchVersion: '2.8' });
  expect(old.time_s!.value).toBeGreaterThan(4 * of('self.layer(x)'));
});

it('holds no tensor between its steps', () => {
  const layers = 'nn.Sequential(nn.RMSNorm(256), nn.RMSNorm(256))';
  const report = estimate(model(layers, 'self.layer(x)', ''), '1024x256');
  const bytes = 4 * 1024 * 256;
  // two results, and one number a row
  expect(report.memory!.activations_bytes).toBe(2 * bytes + 4 * 1024);
});

it('runs its backward once, however many of its steps the gradient passes through', () => {
  const step = (layer: string) => `
def train():
    model = nn.Sequential(nn.Linear(64, 64), ${layer})
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(10):
        loss = model(torch.randn(8, 64)).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
`;
  const cost = (layer: string) => {
    const file = '/w/t.py';
    engine.open(file, `import torch\nfrom torch import nn\n${step(layer)}`, ++version);
    const { estimates } = engine.estimate({ file, entry: 'train', inputs: [], target: defaultTarget });
    return estimates[0]!.time_s!.value;
  };
  const norm = cost('nn.RMSNorm(64, elementwise_affine=False)') - cost('nn.Identity()');
  const plain = cost('nn.LayerNorm(64, elementwise_affine=False)') - cost('nn.Identity()');
  expect(norm).toBeCloseTo(plain, 9);
});
