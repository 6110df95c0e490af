/**
 * What is remembered of constructors and calls holds exactly while what it rests on does: after each edit of a
 * module-level name the answer is that of a new engine.
 */
import { expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { Engine } from '../../server/src/analysis/engine.js';
import { memoryFiles } from './memoryFiles.js';

const file = '/project/m.py';
const text = `import torch
import torch.nn as nn
import sys

WIDTH = 4
SCALE = [2]
ACTS = {}

def register(name):
    def add(cls):
        ACTS[name] = cls
        return cls
    return add

@register('relu')
class Relu(nn.ReLU):
    pass

class Plain(nn.Module):
    def __init__(self, n=4):
        super().__init__()
        self.n = n
        self.layer = nn.Linear(n, n)
    def forward(self, x):
        return self.layer(x)

KINDS = {'plain': Plain}

def width():
    return WIDTH

class Base(nn.Module):
    factor = 1
    def extra(self):
        return nn.Identity()

class Block(Base):
    def __init__(self, kind='plain'):
        super().__init__()
        self.a = nn.Linear(4, WIDTH * 3)
        self.b = nn.Linear(width() * 3, 4)
        self.c = KINDS[kind]()
        self.act = ACTS['relu']()
        self.d = getattr(sys.modules[__name__], 'Plain')()
        self.e = globals()['Plain']()
        self.f = self.extra()
    def forward(self, x):
        x = self.act(self.b(self.a(x)))
        for _ in range(SCALE[0] * self.factor):
            x = self.c(x)
        return self.f(self.e(self.d(x)))

class One(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(), Block(), Block())
    def forward(self, x):
        return self.blocks(x)

class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Block()
        self.second = Block()
        self.third = Block()
    def forward(self, x):
        return self.third(self.second(self.first(x)))

class Every(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(c() for c in LAYERS.values())
    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

LAYERS = {}

def layer(cls):
    LAYERS[cls.__name__] = cls
    return cls

@layer
class First(Plain):
    pass

one = One()
two = Two()
`;

/** Each is done to the text that those before it left. */
const edits: readonly (readonly [string, string])[] = [
  ['WIDTH = 4', 'WIDTH = 6'],
  ['SCALE = [2]', 'SCALE = [3]'],
  ['def __init__(self, n=4):', 'def __init__(self, n=4, bias=True):'],
  ['nn.Linear(n, n)', 'nn.Linear(n, n, bias=False)'],
  ['class Relu(nn.ReLU):\n    pass', 'class Relu(nn.GELU):\n    pass'],
  ['class Relu(nn.GELU):\n    pass', 'class Relu(nn.ReLU):\n    x = 1'],
  [
    "@register('relu')\nclass Relu",
    "@register('silu')\nclass Silu(nn.SiLU):\n    pass\n\n@register('relu')\nclass Relu",
  ],
  ["@register('relu')\nclass Relu(nn.ReLU):\n    x = 1\n", ''],
  ["@register('silu')\nclass Silu", "@register('relu')\nclass Silu"],
  ["KINDS = {'plain': Plain}", "KINDS = {'plain': nn.Identity}"],
  ["KINDS = {'plain': nn.Identity}", "KINDS = {'plain': Plain, 'other': Plain}"],
  ['    factor = 1', '    factor = 2'],
  ['        return nn.Identity()', '        return nn.Linear(4, 4)'],
  ['class Base(nn.Module):', 'class Base(Plain):'],
  ['def width():\n    return WIDTH', 'def width(k=1):\n    return WIDTH * k'],
  ['one = One()', "KINDS['plain'] = nn.Identity\none = One()"],
  ["KINDS['plain'] = nn.Identity\n", ''],
  ['class Two(nn.Module):', 'def range(n):\n    return (0,)\n\nclass Two(nn.Module):'],
  ['def range(n):\n    return (0,)\n\n', ''],
  ["def __init__(self, kind='plain'):", "def __init__(self, kind='other'):"],
  ['WIDTH = 6', 'WIDTH = 4'],
  ['@layer\nclass First', '@layer\nclass Second(Plain):\n    pass\n\n@layer\nclass First'],
  ['@layer\nclass Second(Plain):\n    pass', '@layer\nclass Second(Plain):\n    x = 3'],
  ['@layer\nclass Second', 'class Second'],
  ['class Second', '@layer\nclass Second'],
  ['LAYERS = {}', "LAYERS = {'more': Plain}"],
];

const answer = (e: Engine): unknown => {
  const { estimates, problems } = e.withSavings(file, defaultTarget);
  return [
    problems.map((p) => p.message),
    estimates.map((one) => [one.entry, one.params?.total, one.flops.forward, one.coverage.knownFlopShare, one.missing]),
  ];
};

it('after every edit as in a new engine', async () => {
  const start = (): Promise<Engine> =>
    createEngine({ files: memoryFiles({ [file]: text }), cancelled: () => false, log: () => {} });
  const e = await start();
  e.open(file, text, 1);
  answer(e);
  let now = text;
  let version = 1;
  const seen = new Set<string>();
  for (const [from, to] of edits) {
    const at = now.indexOf(from);
    expect(at, from).toBeGreaterThanOrEqual(0);
    now = now.slice(0, at) + to + now.slice(at + from.length);
    e.change(file, [{ start: at, oldEnd: at + from.length, newText: to }], ++version);
    const fresh = await start();
    fresh.open(file, now, 1);
    const wanted = answer(fresh);
    expect([to, answer(e)]).toEqual([to, wanted]);
    seen.add(JSON.stringify(wanted));
    fresh.dispose();
  }
  e.dispose();
  // the edits do change figures
  expect(seen.size).toBeGreaterThan(10);
});
