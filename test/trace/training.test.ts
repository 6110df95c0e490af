/**
 * Training loops found in code: one step of each script of test/truth/training_scripts costs the FLOPs that
 * FlopCounterMode counted in real PyTorch (training_scripts.py), and keeps the same optimiser states.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { EstimateReport } from '../../server/src/analysis/model.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';

interface Row {
  readonly script: string;
  readonly steps: number;
  readonly total: number;
  readonly backward: number;
  readonly optimizers: readonly { readonly name: string; readonly state_bytes: number; readonly params: number }[];
}

const truth = join(import.meta.dirname, '../truth');
const rows = JSON.parse(readFileSync(join(truth, 'data/training_scripts.json'), 'utf8')) as Row[];
const sum = (xs: readonly number[]): number => xs.reduce((n, x) => n + x, 0);

async function open(text: string, file = '/project/train.py') {
  const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
  engine.open(file, text, 1);
  return engine;
}

async function estimates(
  text: string,
  entry: string | null = null,
  target = defaultTarget,
  inputs: string[] = [],
): Promise<EstimateReport[]> {
  const engine = await open(text);
  const { estimates: found } = engine.estimate({ file: '/project/train.py', entry, inputs, target });
  engine.dispose();
  return found;
}

async function step(text: string): Promise<EstimateReport> {
  const found = (await estimates(text)).filter((e) => e.kind === 'training step');
  expect(found).toHaveLength(1);
  return found[0]!;
}

const small = (body: string, setup = ''): string => `import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

model = nn.Linear(10, 10)
loader = DataLoader(TensorDataset(torch.randn(64, 10)), batch_size=8)
optimizer = torch.optim.AdamW(model.parameters())
${setup}
${body}`;

const loop = `for epoch in range(5):
    for (x,) in loader:
        loss = model(x).square().mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
`;

describe('training scripts', () => {
  it.each(rows.map((r) => [r.script, r] as const))('one step of %s', async (name, row) => {
    const e = await step(readFileSync(join(truth, 'training_scripts', `${name}.py`), 'utf8'));
    expect(e.coverage.unknown).toEqual([]);
    expect(e.flops.forward! + e.flops.backward!).toBe(row.total);
    expect(e.flops.backward).toBe(row.backward);
    const { training } = e;
    expect(sum(training!.optimizers.map((o) => o.params))).toBe(sum(row.optimizers.map((o) => o.params)));
    // Muon's and LBFGS' states are those of their own passes
    expect(sum(training!.optimizers.map((o) => o.state_bytes!))).toBe(sum(row.optimizers.map((o) => o.state_bytes)));
    if (training!.steps !== null) expect(training!.steps).toBe(row.steps);
    expect(e.energy_J!.value).toBeGreaterThan(0);
  });
});

describe('a training step', () => {
  it('stands at its loop, with the steps and epochs of the code', async () => {
    const e = await step(small(loop));
    expect(e).toMatchObject({ entry: '__main__', phase: 'training', line: 10, missing: null });
    expect(e.training).toMatchObject({ loopLine: 10, iterationsPerStep: 1, stepsPerEpoch: 8, epochs: 5, steps: 40 });
    expect(e.training!.run.energy_J!.value).toBeCloseTo(40 * e.energy_J!.value, 9);
  });

  it('costs the same whatever phase is asked for: backward is counted once', async () => {
    const [inference] = await estimates(small(loop), '__main__');
    const [training] = await estimates(small(loop), '__main__', { ...defaultTarget, phase: 'training' });
    expect(inference!.flops).toEqual(training!.flops);
    expect(inference!.energy_J).toEqual(training!.energy_J);
    // one product forward; backward only the weight's, the input needs no gradient
    expect(inference!.flops).toMatchObject({ forward: 2 * 8 * 10 * 10, backward: 2 * 8 * 10 * 10 });
  });

  it('stops at the first whole step, however long the run', async () => {
    const long = loop.replace('range(5)', 'range(100000)');
    const e = await step(small(long));
    expect(e.training).toMatchObject({ epochs: 100000, steps: 800000 });
  });

  it('keeps optimiser states and gradients in its memory', async () => {
    const adam = await step(small(loop));
    const sgd = await step(small(loop, 'optimizer = torch.optim.SGD(model.parameters())'));
    expect(adam.peakMemory_bytes!.low - sgd.peakMemory_bytes!.low).toBe(2 * 110 * 4);
    expect(sgd.peakMemory_bytes!.low).toBeGreaterThanOrEqual(2 * 110 * 4);
  });

  it('adds no gradient to nothing, and reads what is there', async () => {
    const kept = await step(small(loop.replace('        optimizer.zero_grad()\n', '')));
    const cleared = await step(small(loop));
    expect(kept.flops).toEqual(cleared.flops);
  });

  it('says which arguments nobody gives', async () => {
    const text = `import torch\n\n\ndef train(model, loader, optimizer):\n    for x, y in loader:\n        model(x).sum().backward()\n        optimizer.step()\n`;
    const e = await step(text);
    expect(e.entry).toBe('train()');
    expect(e.missing).toBe('needs arguments model, loader, optimizer');
    expect(e.energy_J).toBeNull();
  });

  it('runs with the arguments that flags give', async () => {
    const text = `${small('')}
def train(net, batches, opt, epochs=3):
    for epoch in range(epochs):
        for (x,) in batches:
            net(x).sum().backward()
            opt.step()
`;
    for (const entry of ['train', 'train()']) {
      const [e] = await estimates(text, entry, defaultTarget, ['=model', '=loader', '=optimizer']);
      expect(e).toMatchObject({ entry: 'train()', kind: 'training step', missing: null });
      expect(e!.training).toMatchObject({ stepsPerEpoch: 8, epochs: 3 });
      expect(e!.line).toBe(e!.training!.loopLine);
    }
  });

  it('runs with the arguments of the call in the same file', async () => {
    const text = `${small('')}
def train(model, loader, optimizer, epochs=3):
    for epoch in range(epochs):
        for (x,) in loader:
            optimizer.zero_grad()
            model(x).sum().backward()
            optimizer.step()

train(model, loader, optimizer)
`;
    const e = await step(text);
    expect(e).toMatchObject({ entry: 'train()', missing: null });
    expect(e.training).toMatchObject({ stepsPerEpoch: 8, epochs: 3 });
  });

  it('is no figure when its work is not known', async () => {
    const e = await step(
      small(loop.replace('model(x)', 'mystery_cuda_op(model(x))'), 'from nowhere import mystery_cuda_op'),
    );
    expect(e.flops.forward).toBeNull();
    expect(e.coverage.unknownOps).toBeGreaterThan(0);
    expect(e.energy_J).toBeNull();
  });

  it('is not found where nothing trains', async () => {
    const found = await estimates(small('for (x,) in loader:\n    model(x)\n'));
    expect(found.filter((e) => e.kind === 'training step')).toEqual([]);
  });

  it('costs at the lines of backward and step', async () => {
    const text = small(loop);
    const engine = await open(text);
    engine.withSavings('/project/train.py', defaultTarget);
    const at = (needle: string) =>
      engine.hover('/project/train.py', ...lineAndColumn(text, text.indexOf(needle) + 2), defaultTarget);
    const backward = at('loss.backward()');
    const update = at('optimizer.step()');
    engine.dispose();
    expect(backward).toMatchObject({ title: 'loss.backward', entry: '__main__', flops: 1600 });
    expect(backward!.energy_J!.value).toBeGreaterThan(0);
    expect(update).toMatchObject({ title: 'optimizer.step', entry: '__main__' });
    expect(update!.bytes).toBeGreaterThan(0);
  });
});

function lineAndColumn(text: string, offset: number): [line: number, column: number] {
  const before = text.slice(0, offset).split('\n');
  return [before.length - 1, before[before.length - 1]!.length];
}
