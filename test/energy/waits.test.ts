/** What it costs that the host reads a result: it waits for the device, and then the device for the host. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { Engine } from '../../server/src/analysis/engine.js';
import type { EstimateReport } from '../../server/src/analysis/model.js';
import { constants } from '../../server/src/energy/constants.js';
import { idlePower } from '../../server/src/energy/power.js';
import { makeTarget } from '../../server/src/energy/price.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({
    files: { read: () => null, isDirectory: () => false, list: () => [] },
    cancelled: () => false,
    log: () => {},
  });
});

let version = 0;
function estimate(body: string, target: Partial<typeof defaultTarget> = {}): EstimateReport {
  const file = '/w/m.py';
  const forward = body.replace(/\n/g, '\n        ');
  const source = `import torch\nfrom torch import nn\n\nclass M(nn.Module):\n    def forward(self, x):\n        ${forward}\n`;
  engine.open(file, source, ++version);
  const asked = { file, entry: 'M()', inputs: ['64x256'], target: { ...defaultTarget, ...target } };
  const { estimates } = engine.estimate(asked);
  expect(engine.problems(file)).toEqual([]);
  return estimates[0]!;
}

const { wait } = constants.host;
/** Waits in a report: what its time has over that of the same operators without. */
const waits = (report: EstimateReport, without: EstimateReport) =>
  (report.time_s!.value - without.time_s!.value) / wait.value_s;

describe('a wait of the host', () => {
  const plain = () => estimate('y = x * 2\nreturn y.flatten()');

  it.each([
    ['cpu()', 'y = x * 2\nreturn y.cpu().flatten()', 1],
    ['cpu() is read once, whatever is done with it on the host', 'y = (x * 2).cpu()\ny.cpu()\nreturn y.flatten()', 1],
    ['a detached view is no kernel and no wait', 'y = x * 2\ny.detach()\nreturn y.flatten()', 0],
    ['two tensors are two waits', 'y = x * 2\nx.cpu()\nreturn y.cpu().flatten()', 2],
  ])('%s', (_name, body, count) => {
    expect(waits(estimate(body), plain())).toBeCloseTo(count, 6);
  });

  it.each([
    ['item()', 'y = x.sum()\ny.item()\nreturn y'],
    ['a condition on data', 'y = x.sum()\nif y > 0:\n    pass\nreturn y'],
    ['float()', 'y = x.sum()\nfloat(y)\nreturn y'],
    ['text of a number', 'y = x.sum()\nf"{y:.3f}"\nreturn y'],
    ['a copy to the host', 'y = x.to("cuda").to("cpu")\nreturn y'],
    ['a mask', 'y = torch.arange(9)\nreturn y[y > 3]'],
    ['nonzero', 'y = torch.arange(9)\nreturn y.nonzero()'],
    ['unique', 'y = torch.arange(9)\nreturn y.unique()'],
  ])('%s waits', (_name, body) => {
    const report = estimate(body);
    // kernels alone have an upper end below twice the lower one
    expect(report.time_s!.high - 2 * report.time_s!.low).toBeGreaterThan(wait.high_s / 4);
  });

  it('is not made up where nothing is read', () => {
    const report = estimate('y = torch.arange(9)\nreturn (x.sum() * 2, y[y * 0])');
    expect(report.time_s!.high - 2 * report.time_s!.low).toBeLessThan(0);
  });

  it('is no operator: counts and FLOPs stay those of PyTorch', () => {
    const read = estimate('y = x * 2\nreturn y.cpu().flatten()');
    expect(read.coverage.ops).toBe(plain().coverage.ops);
    expect(read.coverage.unknownOps).toBe(0);
  });

  it('draws idle power, and its interval is that of the published ends', () => {
    const before = plain();
    const after = estimate('y = x * 2\nreturn y.cpu().flatten()');
    const target = makeTarget();
    const idle = idlePower(target.accelerator, constants);
    const room = target.accelerator.tdp_W! - idle;
    const floor = (constants.powerFloor[target.accelerator.id] ?? 0) * room;
    expect(after.energy_J!.value - before.energy_J!.value).toBeCloseTo((idle + floor) * wait.value_s, 9);
    expect(after.time_s!.low - before.time_s!.low).toBeCloseTo(wait.low_s, 9);
    expect(after.time_s!.high - before.time_s!.high).toBeCloseTo(wait.high_s, 9);
  });
});
