/** The gate for edits: what passes, and everything that must not. */
import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultTarget } from '../../server/src/analysis/createEngine.js';
import { codeKeys } from '../../server/src/llm/safety/output.js';
import type { Proposal } from '../../server/src/llm/tasks/tasks.js';
import { type CheckedProposal, makeAnswerChecker } from '../../server/src/llm/verify/checkAnswer.js';
import { EditChecker } from '../../server/src/llm/verify/edit.js';
import { checkNumbers } from '../../server/src/llm/verify/numbers.js';
import { makeNumericCheck, sandboxArguments } from '../../server/src/llm/verify/sandbox.js';
import { nodeProcesses } from '../../server/src/lsp/aiPorts.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { createParser } from '../../server/src/syntax/createParser.js';
import type { Parser } from '../../server/src/syntax/parser.js';
import { facts, netSource as model } from './harness.js';

const lineOf = (text: string): number => model.split('\n').findIndex((l) => l.includes(text)) + 1;
const scores = lineOf('scores = ');
const range = { startLine: lineOf('def forward'), endLine: lineOf('return self.out') };
const file = '/project/net.py';

let parser: Parser;
let checker: EditChecker;
beforeAll(async () => {
  parser = await createParser({ backend: 'wasm' });
  checker = new EditChecker({
    parser,
    files: nodeFiles,
    environment: { pythonPath: [], sitePackages: [] },
    cancelled: () => false,
  });
});

function proposal(
  newText: string,
  at: { startLine: number; endLine: number } = { startLine: scores, endLine: scores + 1 },
  more: Partial<Proposal> = {},
): Proposal {
  return { title: 'edit', reasoning: '', edits: [{ ...at, newText }], imports: [], equivalent: null, ...more };
}
const check = (p: Proposal) => checker.check({ file, text: model, target: defaultTarget, range, proposal: p });
const sdpa = '        y = F.scaled_dot_product_attention(q, k, v)';

describe('an edit that keeps everything and saves', () => {
  it('passes, with the energy before and after', () => {
    const verdict = check(proposal(sdpa));
    expect(verdict.reasons).toEqual([]);
    expect(verdict.energy.map((e) => e.entry)).toEqual(['Attention', 'Net()']);
    expect(verdict.energy.every((e) => e.after_J < e.before_J)).toBe(true);
    expect(verdict.text).toBe(
      model
        .split('\n')
        .toSpliced(scores - 1, 2, sdpa)
        .join('\n'),
    );
    expect(verdict.needsNumbers).toBeNull();
  });

  it('may bring a plain import along', () => {
    const verdict = check(
      proposal('        y = scaled_dot_product_attention(q, k, v)', undefined, {
        imports: ['from torch.nn.functional import scaled_dot_product_attention'],
      }),
    );
    expect(verdict.reasons).toEqual([]);
    expect(verdict.text!.split('\n')[3]).toBe('from torch.nn.functional import scaled_dot_product_attention');
  });
});

describe('what must not pass', () => {
  const out = lineOf('return self.out');
  it.each([
    ['outside of the range', proposal('        pass', { startLine: 1, endLine: 1 }), /outside of lines/],
    ['not Python', proposal('        y = F.scaled_dot_product_attention(q, k,'), /does not parse/],
    [
      'nothing changes',
      proposal(
        model
          .split('\n')
          .slice(scores - 1, scores + 1)
          .join('\n'),
      ),
      /nothing changes/,
    ],
    [
      'work deleted',
      proposal('        return x', { startLine: scores, endLine: out }),
      /no longer reaches the output|work with parameter/,
    ],
    [
      'a layer left out',
      proposal('        return y', { startLine: out, endLine: out }),
      /out\.(weight|bias) of .* no longer reaches/,
    ],
    [
      'a layer on fewer tokens',
      proposal('        return self.out(y[:, :1]).expand(b, s, d)', { startLine: out, endLine: out }),
      /work with parameter \S*out\.weight/,
    ],
    ['another shape', proposal(`${sdpa}[..., :8].repeat(1, 1, 1, 2)[..., :15]`), /fails|outputs of/],
    [
      'another dtype',
      proposal('        return self.out(y).half()', { startLine: out, endLine: out }),
      /outputs of .* change/,
    ],
    [
      'more energy',
      proposal(
        `${model
          .split('\n')
          .slice(scores - 1, scores + 1)
          .join('\n')}\n        y = y + 0 * (q @ k.transpose(-2, -1) @ v)`,
      ),
      /more energy/,
    ],
    [
      'nothing saved',
      proposal(
        '        weights = ((q @ k.transpose(-2, -1)) * (d // self.heads) ** -0.5).softmax(-1)\n        y = weights @ v',
      ),
      /saves no energy/,
    ],
    ['an unknown operator', proposal('        y = torch.ops.mine.attention(q, k, v)'), /not understood|not known/],
    ['a command', proposal(`${sdpa}\n        __import__("os").system("true")`), /brings in __import__/],
    [
      'a command by another name',
      proposal(`${sdpa}\n        torch.utils.cpp_extension.load("x", [])`),
      /brings in torch\.utils\.cpp_extension/,
    ],
    ['an import inside', proposal(`${sdpa}\n        import os`), /holds an import/],
    ['an import that acts', proposal(sdpa, undefined, { imports: ['import subprocess'] }), /imports subprocess/],
    [
      'two statements as an import',
      proposal(sdpa, undefined, { imports: ['import math; print(1)'] }),
      /not one import|imports/,
    ],
    ['a renamed module', proposal(sdpa, undefined, { imports: ['import torch as t'] }), /renames torch/],
    [
      'a new function',
      proposal(`        return self.out(y)\n\ndef helper():\n    pass`, { startLine: out, endLine: out }),
      /adds, removes or renames/,
    ],
    [
      'a new method',
      proposal(`        return self.out(y)\n\n    def __del__(self):\n        pass`, { startLine: out, endLine: out }),
      /adds, removes or renames/,
    ],
    ['an address', proposal(`${sdpa}  # see https://evil.example`), /address/],
    ['an invisible character', proposal(`${sdpa}\u200b`), /invisible/],
    ['a placeholder of ours', proposal(`${sdpa}  # [redacted]`), /placeholder/],
    [
      'overlapping edits',
      { ...proposal(sdpa), edits: [...proposal(sdpa).edits, ...proposal('        pass').edits] },
      /overlap/,
    ],
    ['dunder access', proposal(`${sdpa}\n        self.__class__.forward = None`), /brings in self\.__class__/],
  ] as [string, Proposal, RegExp][])('%s', (_, p, reason) => {
    const verdict = check(p);
    expect(verdict.accepted).toBe(false);
    expect(verdict.reasons.join('; ')).toMatch(reason);
  });

  it('attention left out: no parameter shows it, so only numbers may let it pass', async () => {
    const p = proposal('        y = v');
    expect(check(p).reasons).toEqual([]);
    expect(check(p)).toMatchObject({
      accepted: true,
      needsNumbers: expect.stringContaining('products between activations'),
    });
    const answer = await makeChecker(null)(
      { task: 'propose_fix', prompt: '', context: { code: [], facts: [], notes: [], range } },
      { summary: '', assumptions: [], claims: [], proposals: [p, proposal(sdpa)] },
      new AbortController().signal,
    );
    expect(answer).toMatchObject({
      accepted: 1,
      status: 'checked',
      rejected: [{ reasons: [expect.stringContaining('only a comparison of numbers')] }],
    });
  });
});

const makeChecker = (numeric: Parameters<typeof makeAnswerChecker>[0]['numeric']) =>
  makeAnswerChecker({
    parser,
    files: nodeFiles,
    environment: { pythonPath: [], sitePackages: [] },
    cancelled: () => false,
    file,
    text: model,
    numeric,
  });

describe('numeric agreement in the sandbox', () => {
  const python = process.env['ECOCOMPUTE_PYTHON'] ?? '/usr/bin/python3';
  // the code that is compared needs a PyTorch of today, which a system's own Python seldom has
  const needs = 'from torch.nn.functional import scaled_dot_product_attention';
  const possible = nodeProcesses.find('bwrap') !== null && spawnSync(python, ['-c', needs]).status === 0;
  const signal = new AbortController().signal;
  const input = { task: 'propose_fix', prompt: '', context: { code: [], facts: [], notes: [], range } } as const;
  const data = (...proposals: Proposal[]) => ({ summary: '', assumptions: [], claims: [], proposals });

  it.runIf(possible)('verifies what agrees, drops what does not', async () => {
    const answer = await makeChecker(makeNumericCheck({ python, processes: nodeProcesses }))(
      input,
      data(
        proposal(sdpa),
        proposal('        y = F.scaled_dot_product_attention(q, k, v, scale=1.0)'),
        proposal('        y = v'),
      ),
      signal,
    );
    const { proposals } = answer.data as { proposals: CheckedProposal[] };
    expect(proposals.map((p) => [p.status, p.numeric])).toEqual([
      ['verified', expect.stringMatching(/agree in PyTorch to \d/)],
    ]);
    expect(answer.status).toBe('verified');
    expect(answer.rejected.map((r) => r.reasons[0])).toEqual([
      expect.stringContaining('differ in PyTorch'),
      expect.stringContaining('differ in PyTorch'),
    ]);
  });

  it.runIf(possible)('has no network, no environment, cannot write or read elsewhere', async () => {
    const probe = `import json, os, socket, torch
from torch import nn
found = []
try:
    socket.create_connection(("1.1.1.1", 53), 1); found.append("network")
except OSError: pass
for path in ("/check/x", "/usr/x", "/x", os.path.expanduser("~/x")):
    try:
        open(path, "w"); found.append("write " + path)
    except OSError: pass
if os.path.exists(${JSON.stringify(`${process.cwd()}/package.json`)}): found.append("files")
if "ECOCOMPUTE_PYTHON" in os.environ: found.append("environment")
if found: raise RuntimeError(json.dumps(found))
class Net(nn.Module):
    def forward(self, x): return x + 1
`;
    const check = makeNumericCheck({ python, processes: nodeProcesses });
    const result = await check(
      {
        file: '/nowhere/net.py',
        before: probe,
        after: probe,
        entry: 'Net()',
        inputs: [{ shape: [2], dtype: 'float32' }],
      },
      signal,
    );
    expect(result).toEqual({ agrees: true, detail: expect.stringContaining('agree') });
  });

  it.runIf(possible)('ends what does not end, and what takes too much memory', async () => {
    const code = (line: string): string =>
      `import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n        ${line}\n        return x\n`;
    const run = (line: string, more: object) =>
      makeNumericCheck({ python, processes: nodeProcesses, ...more })(
        {
          file: '/nowhere/net.py',
          before: code(line),
          after: code(line),
          entry: 'Net()',
          inputs: [{ shape: [2], dtype: 'float32' }],
        },
        signal,
      );
    expect(await run('while True: pass', { timeMs: 4000 })).toMatchObject({ agrees: null });
    expect((await run('y = torch.ones(10**11)', {})).detail).toMatch(/does not run|without an answer/);
  });

  it('is refused where there is no sandbox', async () => {
    const bare = { ...nodeProcesses, find: () => null };
    const result = await makeNumericCheck({ python, processes: bare })(
      { file, before: model, after: model, entry: 'Net()', inputs: [] },
      signal,
    );
    expect(result).toEqual({ agrees: null, detail: 'not run: there is no sandbox here (bubblewrap, `bwrap`)' });
    expect(sandboxArguments(nodeProcesses, '/usr/bin/python3', '/c', null)).toEqual(
      expect.arrayContaining(['--unshare-all', '--clearenv', '--die-with-parent']),
    );
  });
});

describe('operators and inputs', () => {
  const custom = `import torch
from torch import nn
from my_kernels import fused_scale


# eco: x=(4,64) float32
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(64, 64)

    def forward(self, x):
        return fused_scale(self.fc(x), 2.0)
`;
  const make = (text: string) =>
    makeAnswerChecker({
      parser,
      files: nodeFiles,
      environment: { pythonPath: [], sitePackages: [] },
      cancelled: () => false,
      file,
      text,
      numeric: null,
    });
  const ask = (task: 'resolve_operator' | 'infer_inputs', text: string, data: object) =>
    make(text)(
      { task, prompt: '', context: { code: [], facts: [], notes: [] } },
      { summary: '', assumptions: [], claims: [], confidence: 'high', ...data },
      new AbortController().signal,
    );

  it('an equivalent is taken when the engine then understands more', async () => {
    const good = await ask('resolve_operator', custom, {
      operator: 'fused_scale',
      equivalent: 'def fused_scale(x, s):\n    return torch.relu(x) * s',
    });
    expect(good).toMatchObject({ status: 'checked', accepted: 1 });
    expect(
      (good.data as { estimate: { id: string; value: number }[] }).estimate.find((f) => f.id === 'flops.forward')!
        .value,
    ).toBe(2 * 4 * 64 * 64);
    for (const data of [
      { operator: 'other', equivalent: 'def f(x): return x' },
      { operator: 'fused_scale', equivalent: 'import os' },
      { operator: 'fused_scale', equivalent: 'def f(x, s):\n    return another_unknown(x)' },
    ])
      expect(await ask('resolve_operator', custom, data)).toMatchObject({
        accepted: 0,
        rejected: [{ reasons: [expect.any(String)] }],
      });
  });

  it('inputs are taken when the model takes them', async () => {
    const at = (shape: number[]) =>
      ask('infer_inputs', model, { entry: 'Net()', inputs: [{ name: 'x', shape, dtype: 'float32' }] });
    expect(await at([4, 16, 64])).toMatchObject({ accepted: 1 });
    expect(await at([4, 16, 63])).toMatchObject({
      accepted: 0,
      rejected: [{ reasons: [expect.stringContaining('does not take them')] }],
    });
  });
});

describe('figures', () => {
  const at = (text: string, claims: { fact: string; value: number; unit: string }[] = []) =>
    checkNumbers({ summary: text, assumptions: [], claims }, facts, codeKeys);

  it('leaves right ones alone, in any unit and rounding', () => {
    const text = 'It takes 8.18 GFLOPs (8.2 GFLOP, 8178 MFLOPs), 500 mJ or 0.5 joules, 120 MB, 2 ms.';
    expect(at(text)).toMatchObject({ data: { summary: text }, corrections: [] });
  });

  it('strikes out and corrects wrong ones', () => {
    expect(at('The forward call costs 4.1 GFLOPs.').data.summary).toBe(
      'The forward call costs ~~4.1 GFLOPs~~ 8.178 GFLOP.',
    );
    expect(at('The energy of one call is 2 J, its peak memory 3 GB.').data.summary).toContain('~~2 J~~ 500 mJ');
    const { data, corrections } = at('About 9.5 GFLOPs.', [{ fact: 'flops.forward', value: 9.5, unit: 'GFLOP' }]);
    expect(data).toMatchObject({
      summary: 'About ~~9.5 GFLOPs~~ 8.178 GFLOP.',
      claims: [{ value: 8.178e9, unit: 'FLOP' }],
    });
    expect(corrections.length).toBe(2);
  });

  it('marks what the engine does not know', () => {
    expect(at('It draws 300 W.').data.summary).toBe('It draws 300 W (not confirmed by the engine).');
    expect(at('x', [{ fact: 'made.up', value: 1, unit: 'J' }]).corrections).toMatchObject([{ engine: null }]);
  });
});
