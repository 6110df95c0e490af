/** Expressions of entries and inputs name `torch`, `nn` and `np` as everyone does, whatever the file imports. */
import { expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { memoryFiles } from './memoryFiles.js';

const text = `from torch.nn import Linear, Module

class Net(Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner
    def forward(self, pair):
        return self.inner(pair[0]), pair[1]
`;

async function estimate(source: string, entry: string, input: string) {
  const file = '/project/m.py';
  const e = await createEngine({ files: memoryFiles({ [file]: source }), cancelled: () => false, log: () => {} });
  e.open(file, source, 1);
  const { estimates } = e.estimate({ file, entry, inputs: [input], target: defaultTarget });
  e.dispose();
  return estimates[0]!.outputs.map((o) => o.shape);
}

it('where the file imports parts of torch only', async () => {
  expect(await estimate(text, 'Net(nn.Linear(4, 8))', '=[torch.ones(2, 4), torch.tensor(np.zeros(3))]')).toEqual([
    [2, 8],
    [3],
  ]);
});

it('but the name is the one of the file where it has one', async () => {
  const own = `${text}\nclass nn:\n    @staticmethod\n    def Linear(a, b):\n        return Linear(a, b + 1)\n`;
  expect(await estimate(own, 'Net(nn.Linear(4, 8))', '=[torch.ones(2, 4) for _ in range(2)]')).toEqual([
    [2, 9],
    [2, 4],
  ]);
});
