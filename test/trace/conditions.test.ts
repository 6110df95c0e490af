/** What an undecided condition adds, in a constructor or a call, leaves no total that claims to be all. */
import { describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { memoryFiles } from './memoryFiles.js';

const text = `import json
import torch
import torch.nn as nn

raw = json.load(open('/absent/config.json'))

class Loaded(nn.Module):
    def __init__(self, n, c=None):
        super().__init__()
        self.a = nn.Linear(n, n)
        state, kept = self.state_dict(), {}
        for k, v in torch.load('absent.pth').items():
            if k in state and state[k].shape == v.shape:
                kept[k] = v
        state.update(kept)
        self.load_state_dict(state)
    def forward(self, x):
        return self.a(x)

class Counted(nn.Module):
    def __init__(self, n, c=None):
        super().__init__()
        self.a = nn.Linear(n, n)
        found = [k for k in torch.load('absent.pth') if 'weight' in k]
        self.b = nn.Sequential(*[nn.Linear(n, n) for _ in found])
    def forward(self, x):
        return self.b(self.a(x))

class Frozen(nn.Module):
    def __init__(self, n, c=None):
        super().__init__()
        self.a = nn.Linear(n, n)
        for k in torch.load('absent.pth'):
            self.a.requires_grad_(False)
    def forward(self, x):
        return self.a(x)

class Experts(nn.Module):
    def __init__(self, n, c=None):
        super().__init__()
        self.gate = nn.Linear(n, 2)
        self.experts = nn.ModuleList([nn.Linear(n, n), nn.Linear(n, n)])
    def forward(self, x):
        chosen = self.gate(x).argmax(-1)
        y = torch.zeros_like(x)
        for i, expert in enumerate(self.experts):
            mask = chosen == i
            if mask.any():
                y[mask] = expert(x[mask])
        return y

class Routed(Experts):
    def forward(self, x):
        return self.experts[0](x[self.gate(x).argmax(-1) == 0])

class Either(nn.Module):
    def __init__(self, n, c=None):
        super().__init__()
        self.a = nn.Linear(n, n)
        if c is None:
            self.b = nn.Identity()
        else:
            self.b = nn.Linear(n, 100)
    def forward(self, x):
        return self.a(x)

class Added(nn.Module):
    def __init__(self, n, c=None):
        super().__init__()
        self.a = nn.Linear(n, n)
        if c:
            self.b = nn.Linear(n, 100)
    def forward(self, x):
        return self.a(x)

class Appended(nn.Module):
    def __init__(self, n, c=None):
        super().__init__()
        self.a = nn.Sequential(nn.Linear(n, n))
        if c:
            self.a.append(nn.Linear(n, 100))
    def forward(self, x):
        return self.a(x)

class Chosen(nn.Module):
    def __init__(self, n, c=None):
        super().__init__()
        self.a = nn.Linear(n, n)
        self.w = nn.Parameter(torch.zeros(n)) if c else None
    def forward(self, x):
        return self.a(x)

class Layers(nn.Module):
    def __init__(self, n, c=1):
        super().__init__()
        self.a = nn.Sequential(*[nn.Linear(n, n) for _ in range(c)])
    def forward(self, x):
        return self.a(x)

class Aside(nn.Module):
    def __init__(self, n, c=None):
        super().__init__()
        self.a = nn.Linear(n, n)
        self.note = 'with' if c else 'without'
    def forward(self, x):
        return self.a(x)

class Longer(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.a = nn.Linear(n, n)
    def forward(self, x):
        parts = [x]
        if x.sum() > 0:
            parts.append(x)
        return self.a(torch.cat(parts))

class Written(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.a = nn.Linear(n, n)
        self.times = 1
    def forward(self, x):
        if x.sum() > 0:
            pass
        else:
            self.times = 3
        return self.a(x.repeat(self.times, 1))
`;

async function estimate(entry: string) {
  const engine = await createEngine({
    files: memoryFiles({ '/w/net.py': text }),
    cancelled: () => false,
    log: () => {},
  });
  const [one] = engine.estimate({
    file: '/w/net.py',
    entry,
    inputs: ['x=2x5:float32'],
    target: defaultTarget,
  }).estimates;
  engine.dispose();
  return one!;
}

describe('an undecided condition', () => {
  it.each(['Either', 'Added', 'Appended', 'Chosen', 'Layers'])('in a constructor: parameters of %s', async (name) => {
    const { params, coverage } = await estimate(`${name}(5, **raw)`);
    expect(params).toBeNull();
    if (name !== 'Either' && name !== 'Chosen') expect(coverage.knownFlopShare).toBeNull();
  });

  it('that decides no layer leaves the parameters known', async () => {
    const { params, coverage } = await estimate('Aside(5, **raw)');
    expect([params?.total, coverage.knownFlopShare]).toEqual([30, 1]);
  });

  it('over a checkpoint leaves the weights as they are once the last layer is made', async () => {
    const totals = async (name: string) => (await estimate(`${name}(5)`)).params?.total ?? null;
    expect(await totals('Loaded')).toBe(30);
    expect(await totals('Counted')).toBeNull();
    expect(await totals('Frozen')).toBeNull();
  });

  it('in a call: a side whose work is not known is not taken for none', async () => {
    const { flops, coverage } = await estimate('Experts(5)');
    expect([flops.forward, coverage.knownFlopShare]).toEqual([null, null]);
    expect(coverage.unknown[0]!.what).toBe('branch');
    const routed = await estimate('Routed(5)');
    expect([routed.flops.forward, routed.coverage.unknown.map(({ what, line }) => [what, line > 0])]).toEqual([
      null,
      [['extent', true]],
    ]);
  });

  it('in a call: a list that is longer on one side', async () => {
    const { coverage } = await estimate('Longer(5)');
    expect(coverage.knownFlopShare).toBeNull();
    expect(coverage.unknown.map(({ what }) => what)).toEqual(['condition']);
  });

  it('in a call: what only its second side writes is not taken for granted', async () => {
    const { flops, coverage } = await estimate('Written(5)');
    expect([flops.forward, coverage.knownFlopShare]).toEqual([null, null]);
  });
});
