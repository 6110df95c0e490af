/** What is made of a checkpoint that nobody has is loaded as one that fits: layers and their outputs stay known. */
import { describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { memoryFiles } from './memoryFiles.js';

const text = `import torch
import torch.nn as nn
import torch.utils.model_zoo as model_zoo

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 8)
        self.head = nn.Linear(8, 8)
        self.init_weight()
    def forward(self, x):
        return self.head(self.fc(x))

class Updated(Net):
    def init_weight(self):
        own = self.state_dict()
        for k, v in model_zoo.load_url('https://models/net.pth').items():
            if 'fc' in k:
                continue
            own.update({k: v})
        self.load_state_dict(own)

class Filtered(Net):
    def init_weight(self):
        own = self.state_dict()
        loaded = torch.load('net.pth', map_location='cpu')['model']
        own.update({k: v for k, v in loaded.items() if k in own and v.shape == own[k].shape})
        self.load_state_dict(own, strict=False)

class Renamed(Net):
    def init_weight(self):
        loaded = torch.load('net.pth')
        for k in ['head.weight', 'head.bias']:
            if k in loaded and loaded[k].shape != self.head.weight.shape:
                del loaded[k]
        renamed = {}
        for k, v in loaded.items():
            renamed[k.replace('backbone.', '')] = v
        message = self.load_state_dict(renamed, strict=False)
        if message.missing_keys:
            print(message)

class Wrong(Net):
    def init_weight(self):
        self.load_state_dict({'fc.weight': torch.zeros(3, 3)}, strict=False)
`;

async function estimate(entry: string) {
  const file = '/project/m.py';
  const engine = await createEngine({ files: memoryFiles({ [file]: text }), cancelled: () => false, log: () => {} });
  engine.open(file, text, 1);
  const result = engine.estimate({ file, entry, inputs: ['2x4'], target: defaultTarget });
  engine.dispose();
  return result.estimates[0]!;
}

describe('a checkpoint that is not there', () => {
  it.each(['Updated()', 'Filtered()', 'Renamed()'])('%s', async (entry) => {
    const { flops, outputs } = await estimate(entry);
    expect(outputs).toEqual([{ shape: [2, 8], dtype: 'float32' }]);
    expect(flops.forward).toBe(384);
  });

  it('a state that is known and does not fit still raises', async () => {
    const { flops, outputs } = await estimate('Wrong()');
    expect(outputs).toEqual([]);
    expect(flops.forward).toBeNull();
  });
});
