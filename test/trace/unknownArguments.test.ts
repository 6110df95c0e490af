/** A mapping that is not known, spread into a call or a dict: what it may have brought is unknown, never the default. */
import { describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { memoryFiles } from './memoryFiles.js';

const text = `import json
from dataclasses import dataclass
import torch.nn as nn

raw = json.load(open('/absent/config.json'))

class Net(nn.Module):
    def __init__(self, hidden=8, **rest):
        super().__init__()
        self.a = nn.Linear(4, hidden)
        self.b = nn.Linear(4, rest.get('width', 2))
    def forward(self, x):
        return self.a(x), self.b(x)

@dataclass
class Config:
    hidden: int = 8

class AttrDict(dict):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__ = self

def through(**kwargs):
    return Net(**kwargs)

updated = {'hidden': 3}
updated.update(**raw)
known = AttrDict({'hidden': 5})
known.width = 7
plain = AttrDict(json.loads('{"hidden": 6}'))
class Shared:
    pass
def shared():
    first, second = Shared(), Shared()
    second.__dict__ = first.__dict__
    first.hidden = 9
    return second.hidden
`;

async function outputs(entry: string): Promise<unknown> {
  const file = '/project/m.py';
  const e = await createEngine({ files: memoryFiles({ [file]: text }), cancelled: () => false, log: () => {} });
  e.open(file, text, 1);
  const { estimates } = e.estimate({ file, entry, inputs: ['2x4'], target: defaultTarget });
  e.dispose();
  return [estimates[0]!.params?.total ?? null, estimates[0]!.outputs.map((o) => o.shape)];
}

describe('f(**unknown)', () => {
  it.each([
    'Net(**raw)',
    'through(**raw)',
    'Net(**{**raw})',
    'Net(**dict(**raw))',
    'Net(**updated)',
    'Net(Config(**raw).hidden, width=Config(**raw).hidden)',
  ])('%s', async (entry) => {
    expect(await outputs(entry)).toEqual([
      null,
      [
        [2, null],
        [2, null],
      ],
    ]);
  });

  it('what is given beside it stays', async () => {
    expect(await outputs('Net(hidden=5, width=3, **raw)')).toEqual([
      40,
      [
        [2, 5],
        [2, 3],
      ],
    ]);
    expect(await outputs('Net(Config(hidden=6, **raw).hidden, width=2)')).toEqual([
      40,
      [
        [2, 6],
        [2, 2],
      ],
    ]);
  });
});

describe('__dict__ that is set', () => {
  it('to the dict itself: entries and attributes are one', async () => {
    expect(await outputs("Net(known.hidden, width=known['width'])")).toEqual([
      60,
      [
        [2, 5],
        [2, 7],
      ],
    ]);
    expect(await outputs('Net(**plain)')).toEqual([
      40,
      [
        [2, 6],
        [2, 2],
      ],
    ]);
  });

  it('to that of another object: both see what either writes', async () => {
    expect(await outputs('Net(shared(), width=1)')).toEqual([
      50,
      [
        [2, 9],
        [2, 1],
      ],
    ]);
  });
});

describe('einops of what an absent package gives', () => {
  it('is unknown, not an error of its own', async () => {
    const file = '/project/m.py';
    const source = `import torch.nn as nn
from einops import rearrange
from absent_package import Attention

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Attention()
    def forward(self, x):
        x = rearrange(x, 'b (three h d) s -> b s three h d', three=3, h=2)
        x, _ = self.inner(x)
        return rearrange(x, 'b s h d -> b (h d) s')
`;
    const e = await createEngine({ files: memoryFiles({ [file]: source }), cancelled: () => false, log: () => {} });
    e.open(file, source, 1);
    const { coverage } = e.estimate({ file, entry: 'Net()', inputs: ['2x24x5'], target: defaultTarget }).estimates[0]!;
    e.dispose();
    expect(coverage.unknown.map((u) => [u.what, u.line])).toEqual([['call', 11]]);
  });
});
