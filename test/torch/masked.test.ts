/** torch.masked, torch.signal.windows and torch.newaxis: shapes and dtypes that PyTorch 2.13 gives. */
import { expect, it } from 'vitest';
import { createParser } from '../../server/src/syntax/createParser.js';
import { parseInputSpec } from '../../server/src/trace/inputSpec.js';
import { Program } from '../../server/src/trace/program.js';
import { run } from '../../server/src/trace/run.js';
import { Sources } from '../../server/src/trace/sources.js';

const source = `
import torch
from torch import nn
from torch.masked import softmax

class M(nn.Module):
    def forward(self, x):
        m = x > 0
        return (
            torch.masked.mean(x, 1, mask=m), torch.masked.sum(x, mask=m), softmax(x, -1, mask=m),
            torch.masked.var(x, (0, 1), mask=m), torch.masked.amax(x, 1, keepdim=True, mask=m),
            torch.masked.prod(x, 1, mask=m), torch.masked.argmax(x, 1, mask=m), torch.masked.normalize(x, 2.0, 1, mask=m),
            torch.signal.windows.hann(16), torch.signal.windows.kaiser(7, sym=False), x[torch.newaxis],
            torch.linalg.lu_solve(*torch.linalg.lu_factor(x @ x.mT), x), torch.spmm(x, x.T),
        )
`;

it('masked reductions, windows, newaxis', async () => {
  const files = {
    read: (p: string) => (p === '/code/main.py' ? source : null),
    isDirectory: () => false,
    list: () => [],
  };
  const program = new Program('/code/main.py', {
    sources: new Sources(await createParser(), files),
    pythonPath: [],
    sitePackages: [],
    torchVersion: [2, 13],
    fuel: 1_000_000,
    cancelled: () => false,
  });
  const r = run(program, {
    entry: 'M',
    inputs: [parseInputSpec('3x4')],
    inputSource: 'flag',
    phase: 'inference',
    trainMode: false,
    dtype: null,
    batch: null,
  });
  expect(r.gaps).toEqual([]);
  expect(r.outputs.map((o) => o.shape)).toEqual([
    [3],
    [],
    [3, 4],
    [],
    [3, 1],
    [3],
    [3],
    [3, 4],
    [16],
    [7],
    [1, 3, 4],
    [3, 4],
    [3, 3],
  ]);
  expect(new Set(r.outputs.map((o) => o.dtype))).toEqual(new Set(['float32']));
});
