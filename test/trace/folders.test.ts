/** Folders of the sources that code lists, and functions called at module level that rebind globals. */
import { expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { memoryFiles } from './memoryFiles.js';

const text = `import json
from pathlib import Path
import torch.nn as nn
CONFIGS = {}
def rescan():
    global CONFIGS
    found = {}
    folder = Path(__file__).parent / 'configs/'
    if folder.is_dir():
        for f in folder.glob('*.json'):
            found[f.stem] = json.load(open(f))
    CONFIGS = found
rescan()
def build(name):
    if name not in CONFIGS:
        raise RuntimeError(name)
    return nn.Linear(4, CONFIGS[name]['width'])
`;

it('a registry that is filled from configuration files of its package', async () => {
  const files = { '/project/m.py': text, '/project/configs/small.json': '{"width": 6}' };
  const e = await createEngine({ files: memoryFiles(files), cancelled: () => false, log: () => {} });
  e.open('/project/m.py', text, 1);
  const { estimates } = e.estimate({
    file: '/project/m.py',
    entry: "build('small')",
    inputs: ['2x4'],
    target: defaultTarget,
  });
  e.dispose();
  expect([estimates[0]!.params?.total, estimates[0]!.coverage.knownFlopShare]).toEqual([30, 1]);
});

const net = `import torch.nn as nn
class Net(nn.Module):
    def __init__(self, n=3):
        super().__init__()
        self.layer = nn.Linear(4, n)
    def forward(self, x):
        return self.layer(x)
`;
const zoo = `import glob
import importlib
import os
import yaml
from os.path import basename, dirname, isfile, join

paths = [f for f in glob.glob(join(dirname(__file__), '*.py')) if isfile(f) and not f.endswith('__init__.py')]
GLOBBED = {basename(f)[:-3]: importlib.import_module('.' + basename(f)[:-3], __name__).Net for f in paths}
LISTED = {}
for f in os.listdir(dirname(__file__)):
    if f.endswith('.py') and not f.startswith('_'):
        LISTED[f[:-3]] = getattr(importlib.import_module(f'zoo.{f[:-3]}'), 'Net')
WALKED = {}
for root, dirs, files in os.walk(dirname(os.path.abspath(__file__))):
    for f in files:
        if f in ('small.py', 'large.py') and os.path.exists(join(root, f)):
            WALKED[f[:-3]] = importlib.import_module('zoo.' + f[:-3]).Net
with os.scandir(dirname(__file__)) as entries:
    FOLDERS = [e.name for e in entries if e.is_dir()]

def load(name):
    path = join(dirname(__file__), 'configs', name + '.yaml')
    if not os.path.exists(path):
        raise FileNotFoundError(path)
    with open(path) as f:
        return GLOBBED['large'](**yaml.safe_load(f))

def counted():
    assert sorted(GLOBBED) == sorted(LISTED) == sorted(WALKED) == ['large', 'small'] and FOLDERS == ['configs']
    found = [basename(f) for f in glob.glob(join(dirname(__file__), '**', '*.yaml'), recursive=True)]
    assert found == [basename(f) for f in glob.glob(join(dirname(__file__), '*', '[w-z]*.yaml'))] == ['wide.yaml']
    assert not os.path.isdir(join(dirname(__file__), 'small.py')) and os.path.isdir(join(dirname(__file__), 'configs'))
    return LISTED['small'](n=len(found) + len(GLOBBED))
`;

it.each([
  ["GLOBBED['small']()", 15],
  ["WALKED['large'](2)", 10],
  // PyYAML takes n for text, not for False
  ["load('wide')", 40],
  ['counted()', 15],
])('a zoo that lists its own folder: %s', async (entry, params) => {
  const files = {
    '/project/zoo/__init__.py': zoo,
    '/project/zoo/small.py': net,
    '/project/zoo/large.py': net,
    '/project/zoo/configs/wide.yaml': 'n: 8\n',
  };
  const e = await createEngine({ files: memoryFiles(files), cancelled: () => false, log: () => {} });
  const file = '/project/zoo/__init__.py';
  e.open(file, zoo, 1);
  const { estimates } = e.estimate({ file, entry, inputs: ['2x4'], target: defaultTarget });
  e.dispose();
  expect([estimates[0]!.params?.total, estimates[0]!.coverage.knownFlopShare]).toEqual([params, 1]);
});
