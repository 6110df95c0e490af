/** Inputs and constructor arguments that nobody gives: where they are found, and what is said about them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { EstimateReport } from '../../server/src/analysis/model.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { annotatedShape } from '../../server/src/trace/shapeAnnotations.js';
import { docstringDims } from '../../server/src/trace/shapeHints.js';
import { memoryFiles } from './memoryFiles.js';

const fixtures = join(import.meta.dirname, '../fixtures/inputs');

interface Row {
  readonly id: string;
  readonly file: string;
  readonly inputs: readonly { readonly shape: readonly (number | null)[]; readonly dtype: string }[];
  readonly params: number;
  readonly flops: number | null;
}

const rows = JSON.parse(readFileSync(join(import.meta.dirname, '../truth/data/truth_inputs.json'), 'utf8')) as Row[];

async function estimatesOf(
  path: string,
  text: string,
  others: Readonly<Record<string, string>> = {},
): Promise<readonly EstimateReport[]> {
  const files = Object.keys(others).length > 0 ? memoryFiles({ [path]: text, ...others }) : nodeFiles;
  const e = await createEngine({ files, cancelled: () => false, log: () => {} });
  e.open(path, text, 1);
  const { estimates } = e.estimate({ file: path, entry: null, inputs: [], target: defaultTarget });
  e.dispose();
  return estimates;
}

describe('models in other authors’ styles take what PyTorch takes', () => {
  for (const file of [...new Set(rows.map((r) => r.file))]) {
    it(file, async () => {
      const estimates = await estimatesOf(`/project/${file}`, readFileSync(join(fixtures, file), 'utf8'));
      for (const row of rows.filter((r) => r.file === file)) {
        const name = row.id.slice(row.id.indexOf('/') + 1);
        const e = estimates.find((x) => x.entry.startsWith(`${name}(`));
        const where = `${row.id}: ${JSON.stringify(e?.inputs)} ${e?.missing ?? ''}`;
        expect(e?.missing, where).toBe(null);
        expect(e?.params?.total, where).toBe(row.params);
        for (const [i, want] of row.inputs.entries()) {
          const got = e!.inputs[i];
          // dicts and tuples show their first tensor
          if (got === undefined && i > 0) continue;
          expect(got?.dtype, where).toBe(want.dtype);
          expect(
            got!.shape!.map((d, k) => (want.shape[k] === null ? null : d)),
            where,
          ).toEqual(want.shape);
        }
        if (row.flops !== null) expect(e?.flops.forward, where).toBe(row.flops);
        expect(e!.assumptions.length, where).toBeGreaterThan(0);
      }
    });
  }
});

const model = `import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.fc = nn.Linear(width, classes)

    def forward(self, x):
        return self.fc(x)
`;

describe('constructor arguments', () => {
  const entryOf = async (text: string, others: Readonly<Record<string, string>> = {}) => {
    const [e] = await estimatesOf('/project/net.py', text, others);
    return { entry: e!.entry, params: e!.params?.total ?? null, missing: e!.missing };
  };

  it('are missing when nothing says them', async () => {
    expect((await entryOf(model)).missing).toBe('needs arguments width, classes');
  });
  it('come from a call in a function', async () => {
    const text = `${model}\n\ndef test_net():\n    classes = 3\n    net = Net(width=2 * 4, classes=classes)\n    net(torch.zeros(5, 8))\n`;
    expect(await entryOf(text)).toEqual({ entry: 'Net(width=8, classes=3)', params: 27, missing: null });
  });
  it('come from a preset', async () => {
    const text = `${model}\n\nPRESETS = {'small': dict(width=4, classes=2), 'large': dict(width=40, classes=2)}\n`;
    expect(await entryOf(text)).toEqual({ entry: 'Net(**PRESETS["small"])', params: 10, missing: null });
  });
  it('come from module values of the same names', async () => {
    expect(await entryOf(`${model}\n\nWIDTH = 6\nclasses = 2\n`)).toEqual({
      entry: 'Net(width=WIDTH, classes=classes)',
      params: 14,
      missing: null,
    });
  });
  it('come from a JSON or YAML file beside the file', async () => {
    expect(await entryOf(model, { '/project/config.json': '{"model": {"width": 7, "classes": 1}}' })).toEqual({
      entry: 'Net(width=7, classes=1)',
      params: 8,
      missing: null,
    });
    expect(await entryOf(model, { '/project/run.yaml': 'lr: 1e-3\nnet:\n  width: 9\n  classes: 2\n' })).toEqual({
      entry: 'Net(width=9, classes=2)',
      params: 20,
      missing: null,
    });
  });
  it('come from a file that the code opens', async () => {
    const text = `import yaml\n${model}\n\ndef main():\n    with open('conf.yml') as f:\n        conf = yaml.safe_load(f)\n    net = Net(**conf['net'])\n    net(torch.zeros(2, conf['net']['width']))\n`;
    expect(await entryOf(text, { '/project/conf.yml': 'net: {width: 11, classes: 2}\n' })).toEqual({
      entry: 'Net(width=11, classes=2)',
      params: 24,
      missing: null,
    });
  });
});

describe('guesses follow edits', () => {
  it('of the call that the input came from', async () => {
    const text = `${model}\n\ndef main():\n    net = Net(8, 2)\n    net(torch.zeros(5, 8))\n`;
    const e = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
    e.open('/project/net.py', text, 1);
    // right after a keystroke the model still gets what it took before
    const shape = () => e.withSavings('/project/net.py', defaultTarget).estimates[0]!.inputs[0]!.shape;
    expect(shape()).toEqual([5, 8]);
    const start = text.indexOf('zeros(5') + 6;
    e.change('/project/net.py', [{ start, oldEnd: start + 1, newText: '33' }], 2);
    expect(shape()).toEqual([33, 8]);
    e.dispose();
  });

  it('whatever another model used up before', async () => {
    const endless =
      'class Endless(nn.Module):\n    def forward(self, x):\n        n = 0\n        while True:\n            n = n + 1\n';
    const text = `import torch\nfrom torch import nn\n\n\n${endless}\n\n${model.slice(model.indexOf('class'))}\n\ndef main():\n    net = Net(8, 2)\n    net(torch.zeros(5, 8))\n`;
    const files = nodeFiles;
    const e = await createEngine({ files, cancelled: () => false, log: () => {} }, { fuel: 20_000 });
    e.open('/project/net.py', text, 1);
    const entries = () => e.withSavings('/project/net.py', defaultTarget).estimates.map((x) => [x.entry, x.inputs]);
    const fresh = entries();
    expect(fresh[1]).toMatchObject(['Net(8, 2)', [{ shape: [5, 8], source: 'call' }]]);
    // the model is still there, the endless one runs first
    const start = text.indexOf('n + 1') + 4;
    e.change('/project/net.py', [{ start, oldEnd: start + 1, newText: '2' }], 2);
    expect(entries()).toEqual(fresh);
    e.dispose();
  });
});

describe('annotations', () => {
  const alias = (name: string): string | null => (name === 'Image' ? 'Float[Tensor, "b 3 h w"]' : null);
  const cases: readonly [string, readonly string[] | null, string | null][] = [
    ['Float[Tensor, "batch seq dim"]', ['batch', 'seq', 'dim'], null],
    ["jaxtyping.Int64[torch.Tensor, 'b 4']", ['b', '4'], 'int64'],
    ['Optional[Bool[Tensor, "b t"]]', ['b', 't'], 'bool'],
    ['Float[Tensor, "b n"] | None', ['b', 'n'], null],
    ['"Float[Tensor, \'... d\']"', ['...', 'd'], null],
    ['Float[Tensor, "#b dim//2 width=32"]', ['b', 'dim//2', '32'], null],
    ['Image', ['b', '3', 'h', 'w'], null],
    ['Annotated[Tensor, "B 3 224 224"]', ['B', '3', '224', '224'], null],
    ['Annotated[torch.Tensor, ("b", 7)]', ['b', '7'], null],
    ['Annotated[Tensor, "the image to classify, as floats in range"]', null, null],
    ['TensorType["batch", 3, 224, float]', ['batch', '3', '224'], null],
    ['Tensor[int, B, Literal[3]]', ['B', '3'], 'int64'],
    ['torch.Tensor', null, null],
    ['List[Tensor]', null, null],
    ['Dict[str, int]', null, null],
  ];
  for (const [text, dims, dtype] of cases)
    it(text, () => {
      const found = annotatedShape(text, alias);
      expect(found?.dims ?? null).toEqual(dims);
      if (dims !== null) expect(found?.dtype ?? null).toBe(dtype);
    });
});

describe('docstrings', () => {
  const cases: readonly [string, readonly string[] | null][] = [
    ['x: (B, T, C)', ['B', 'T', 'C']],
    ['x (Tensor): of dimension (batch, (n_time - 2) * hop, 3)', ['batch', '(n_time - 2) * hop', '3']],
    [':param x: tensor of shape [N, 4]', ['N', '4']],
    ['x : Tensor\n    Shape (batch, 6).', ['batch', '6']],
    ['y: (B, T)', null],
    ['x (int): how many (at least one)', null],
  ];
  for (const [text, dims] of cases) it(text, () => expect(docstringDims(text, 'x')).toEqual(dims));
});
