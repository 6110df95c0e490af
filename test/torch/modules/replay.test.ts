/** What real PyTorch 2.13 gave for recorded module cases (judge.py --record), against our library in our machine. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type RecordedCase, replay } from './replay.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const prelude = readFileSync(at('./prelude.py'), 'utf8');
const cases = readFileSync(at('../../data/torch/modules.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedCase);

/** Constructor -> why it may differ. */
const known: Readonly<Record<string, string>> = {
  'nn.utils.parametrizations.orthogonal(nn.Linear(4, 6))':
    'torch.linalg.householder_product is not an operator of ours',
};

/** Argument checks that PyTorch happens to make inside an operator; ours computes what was meant. */
const unchecked = [
  /^nn\.LPPool1d\(.*\((2|1|3),\)/,
  /^nn\.InstanceNorm3d\(6, eps=1e-3, momentum=0\.2, track_running_stats=True\)/,
];

describe('torch.nn modules', () => {
  it('have the parameters, outputs, FLOPs and errors of PyTorch', async () => {
    expect(cases.length).toBeGreaterThan(900);
    const found = await replay(prelude, cases);
    const wrong = found.filter((m) => {
      const { ctor } = cases[m.index]!;
      return known[ctor] === undefined && !(m.what === 'error' && unchecked.some((u) => u.test(ctor)));
    });
    expect(
      wrong.map(
        (m) => `${m.what}: ${cases[m.index]!.ctor} | ${cases[m.index]!.args}: PyTorch ${m.real}, ours ${m.ours}`,
      ),
    ).toEqual([]);
  });
});
