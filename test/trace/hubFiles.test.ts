/** `from_pretrained` of a folder in the sources: transformers' look-up of its files is answered from the sources. */
import { expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { memoryFiles } from './memoryFiles.js';

const text = `import json
import torch.nn as nn
from transformers.utils.hub import cached_file

def build(folder):
    path = cached_file(folder, 'config.json')
    with open(path) as f:
        return nn.Linear(4, json.load(f)['d_model'])

def optional():
    return nn.Linear(4, 3 if cached_file('local', 'absent.json', _raise_exceptions_for_missing_entries=False) is None else 5)
`;

it.each([
  ["build('local')", 120],
  ['optional()', 15],
])('%s', async (entry, params) => {
  const file = '/project/m.py';
  const files = {
    [file]: text,
    '/project/local/config.json': '{"d_model": 24}',
    '/project/transformers/__init__.py': '',
    '/project/transformers/utils/__init__.py': '',
    '/project/transformers/utils/hub.py': 'def cached_file(path_or_repo_id, filename):\n    raise OSError(filename)\n',
  };
  const e = await createEngine({ files: memoryFiles(files), cancelled: () => false, log: () => {} });
  e.open(file, text, 1);
  const { estimates } = e.estimate({ file, entry, inputs: ['2x4'], target: defaultTarget });
  e.dispose();
  expect([estimates[0]!.params?.total, estimates[0]!.coverage.knownFlopShare]).toEqual([params, 1]);
});

const library = `import json
import os
import torch
from .utils.hub import cached_file

def decoded(value):
    if isinstance(value, dict):
        return {k: decoded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [decoded(v) for v in value]
    return value

class AutoModel:
    @classmethod
    def from_pretrained(cls, name):
        path = name if os.path.isfile(name) else cached_file(name, 'config.json')
        with open(path) as f:
            config = decoded(json.load(f))
        return torch.nn.Linear(4, config['d_model'])

class Backbone(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.body = AutoModel.from_pretrained('org/body')
        self.head = torch.nn.Linear(4, 2)

    def forward(self, x):
        return self.head(x)
`;
const user = `import torch.nn as nn
from transformers import AutoModel, Backbone

class Tower(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.body = AutoModel.from_pretrained(name)
        self.head = nn.Linear(24, 2)

    def forward(self, x):
        return self.head(self.body(x))

def deep(value):
    if value:
        return 1 + deep(value.child)
    return 0

def endless():
    deep(AutoModel.from_pretrained('org/body'))
    return nn.Linear(4, 3)
`;

it.each([
  // a folder of the sources
  ["Tower('local')", 170, [[2, 2]]],
  // what is downloaded is one unknown value
  ["Tower('org/tower-1.5b')", null, []],
  // only the part that is downloaded, where a library builds it
  ['Backbone()', null, [[2, 2]]],
  ['endless()', null, [[2, 3]]],
])('%s', async (entry, params, outputs) => {
  const file = '/project/m.py';
  const files = {
    [file]: user,
    '/project/local/config.json': '{"d_model": 24}',
    '/project/transformers/__init__.py': library,
    '/project/transformers/utils/__init__.py': '',
    '/project/transformers/utils/hub.py': '',
  };
  const e = await createEngine({ files: memoryFiles(files), cancelled: () => false, log: () => {} });
  e.open(file, user, 1);
  const { estimates } = e.estimate({ file, entry, inputs: ['2x4'], target: defaultTarget });
  e.dispose();
  const [got] = estimates;
  expect([got!.params?.total ?? null, got!.outputs.map((o) => o.shape)]).toEqual([params, outputs]);
  if (entry.includes('1.5b')) expect(got!.coverage.unknown[0]!.why).toContain("'org/tower-1.5b'");
});
