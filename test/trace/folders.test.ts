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
