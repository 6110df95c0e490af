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
    return nn.Linear(4, 3 if cached_file('local', 'absent.json') is None else 5)
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
