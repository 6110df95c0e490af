/** What findings do between the two stages of an analysis, and what a project's accepted findings are spared. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { Engine } from '../../server/src/analysis/engine.js';
import { fileBaseline } from '../../server/src/rules/baseline.js';

const file = '/p/train.py';
const nothing = { read: () => null, isDirectory: () => false, list: () => [] };
let engine: Engine;

beforeEach(async () => {
  engine = await createEngine({ files: nothing, cancelled: () => false, log: () => {} }, { fuel: 2_000_000 });
});
afterEach(() => engine.dispose());

/** Training is traced in the second stage alone, so each keystroke leaves something to trace. */
const script = `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 8)

    def forward(self, x):
        return self.fc(x)


def main():
    net = Net()
    size = 4  # eco: ignore[ECO100] there was attention here
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(10):
        loss = net(torch.randn(size, 16)).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    main()
`;

const codes = (report: { findings: readonly { rule: string }[] }): string[] =>
  report.findings.map(({ rule }) => rule).filter((rule) => rule === 'ECO900');

it('a suppression without a use stays told while the second stage is to come', () => {
  engine.open(file, script, 1);
  const opened = engine.analyse(file, defaultTarget);
  expect(opened.entriesPending).toBeGreaterThan(0);
  expect(codes(opened), 'not judged before the file has been run').toEqual([]);
  expect(codes(engine.withSavings(file, defaultTarget))).toEqual(['ECO900']);
  const at = script.indexOf('lr=0.1') + 'lr=0.1'.length;
  engine.change(file, [{ start: at, oldEnd: at, newText: '5' }], 2);
  const typed = engine.analyse(file, defaultTarget);
  expect(typed.entriesPending).toBeGreaterThan(0);
  expect(codes(typed)).toEqual(['ECO900']);
  // another one is judged when the file has been run
  const other = script.indexOf('    for _');
  engine.change(file, [{ start: other + 1, oldEnd: other + 1, newText: '   # eco: ignore[ECO103] new\n ' }], 3);
  expect(codes(engine.analyse(file, defaultTarget))).toEqual(['ECO900']);
  expect(codes(engine.withSavings(file, defaultTarget))).toEqual(['ECO900', 'ECO900']);
});

it('what the project accepts is neither fixed nor in the audit', () => {
  const text = `import torch


def kept(x):
    return torch.log(1 + x)


def new(y):
    return torch.log(1 + y)
`;
  engine.open(file, text, 1);
  const report = engine.withSavings(file, defaultTarget);
  const accepted = report.findings.filter(({ range }) => range.start.line === 4);
  expect(accepted.map(({ rule }) => rule)).toEqual(['ECO705']);
  const known = fileBaseline(accepted, text);
  const fixed = engine.fixAll(file, defaultTarget, false, known).text;
  expect(fixed).toContain('return torch.log(1 + x)');
  expect(fixed).toContain('return torch.log1p(y)');
  const audit = engine.audit(file, defaultTarget, known);
  expect(audit.findings.map(({ range }) => range.start.line)).toEqual([8]);
  expect(audit.fixedText).toBe(fixed);
  expect(engine.fixAll(file, defaultTarget, false).text).not.toContain('torch.log(1');
});
