/**
 * Guessed inputs: extents that a model folds into channels or features, where its error says how many it wants, and
 * what a `forward` of `*args` hands on.
 */
import { expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { memoryFiles } from './memoryFiles.js';

const text = `import torch
import torch.nn as nn

class Frames(nn.Module):
    def __init__(self, num_frame=5, num_feat=8):
        super().__init__()
        self.first = nn.Conv2d(3, num_feat, 3, padding=1)
        self.fusion = nn.Conv2d(num_frame * num_feat, num_feat, 1)
    def forward(self, x):
        b, t, c, h, w = x.size()
        feat = self.first(x.view(-1, c, h, w)).view(b, -1, h, w)
        return self.fusion(feat)

class Tokens(nn.Module):
    def __init__(self, n=6, dim=4):
        super().__init__()
        self.embed = nn.Embedding(10, dim)
        self.head = nn.Linear(n * dim, 3)
    def forward(self, ids):
        return self.head(self.embed(ids).flatten(1))

class Handed(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 16, 16)
    def features(self, x, masks=None):
        return self.patches(x)
    def forward(self, *args, is_training=False, **kwargs):
        out = self.features(*args, **kwargs)
        return out if is_training else out.mean((2, 3))
`;

it.each([
  ['Handed()', [1, 3, 224, 224], 2408448],
  ['Frames()', [1, 5, 3, 224, 224], 140492800],
  ['Tokens()', [1, 6], 144],
])('%s', async (entry, shape, flops) => {
  const file = '/project/m.py';
  const e = await createEngine({ files: memoryFiles({ [file]: text }), cancelled: () => false, log: () => {} });
  e.open(file, text, 1);
  const { estimates } = e.estimate({ file, entry, inputs: [], target: defaultTarget });
  e.dispose();
  expect([estimates[0]!.inputs[0]!.shape, estimates[0]!.flops.forward]).toEqual([shape, flops]);
});
