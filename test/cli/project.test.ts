/** `audit` in a project: pyproject.toml, selections with --fix, baselines and jobs. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Io } from '../../server/src/cli/io.js';
import { run } from '../../server/src/cli/run.js';

const root = join(import.meta.dirname, '..', '..');
const step = 'import torch\n\n\ndef step(optimizer):\n    optimizer.zero_grad(set_to_none=False)\n';
const attention = `import torch.nn.functional as F


def attend(q, k, v):
    w = F.softmax(q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5, dim=-1)
    return w @ v
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecocompute-project-'));
  mkdirSync(join(folder, '.git'));
  write('step.py', step);
  write('attention.py', attention);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    env: {},
    cwd: folder,
    colour: false,
    width: 100,
    isTerminal: false,
    folder: join(root, 'dist'),
  };
  return { code: await run(args, io), out, err };
}

/** `file rule severity` of what an audit finds. */
async function found(...args: string[]): Promise<string[]> {
  const { code, out, err } = await cli('audit', '.', '--format', 'json', ...args);
  expect([code, err]).toEqual([0, '']);
  const { findings } = JSON.parse(out) as { findings: { file: string; rule: string; severity: string }[] };
  return findings.map(({ file, rule, severity }) => `${file} ${rule} ${severity}`);
}

describe('pyproject.toml', () => {
  it('says which rules run and how loud, and flags overrule it', async () => {
    const codes = (list: string[]) => list.map((one) => one.split(' ')[1]);
    expect(codes(await found())).toEqual(['ECO100', 'ECO604']);
    write('pyproject.toml', '[tool.ecocompute]\nignore = ["ECO1"]\n[tool.ecocompute.severity]\nECO604 = "error"\n');
    expect(await found()).toEqual(['step.py ECO604 error']);
    expect(codes(await found('--select', 'ECO100'))).toEqual(['ECO100']);
    expect(codes(await found('--ignore', 'ECO604'))).toEqual([]);
    write('pyproject.toml', '[tool.ecocompute.per-file-ignores]\n"step.py" = ["ALL"]\n');
    expect(codes(await found())).toEqual(['ECO100']);
  });

  it('says where code runs', async () => {
    write('pyproject.toml', '[tool.ecocompute]\nhardware = "l4"\n');
    const { out } = await cli('audit', 'step.py', '--format', 'markdown');
    expect(out).toContain('L4');
    expect((await cli('audit', 'step.py', '--format', 'markdown', '--hardware', 'h200')).out).not.toContain('L4');
  });

  it('that is wrong ends the audit with one line', async () => {
    write('pyproject.toml', '[tool.ecocompute]\nselect = ["ECO99"]\n');
    const { code, err } = await cli('audit', '.');
    expect(code).toBe(2);
    expect(err).toMatch(/pyproject\.toml:2: tool\.ecocompute\.select: no such rule "ECO99"/);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('--fix', () => {
  it('applies the fixes of the selected rules only', async () => {
    write('both.py', step.replace('False)', 'False)  # eco: ignore[ECO100]'));
    expect((await cli('audit', 'both.py', '--fix', '--select', 'ECO900')).code).toBe(0);
    expect(read('both.py')).toBe(step);
    await cli('audit', 'attention.py', '--fix', '--ignore', 'ECO100');
    expect(read('attention.py')).toBe(attention);
  });
});

describe('a baseline', () => {
  it('holds what is known, and a new finding fails the gate', async () => {
    expect((await cli('audit', '.', '--write-baseline', 'known.json')).err).toBe('2 findings written to known.json\n');
    const gate = () => cli('audit', '.', '--baseline', 'known.json', '--mode', 'block', '--fail-on', 'hint');
    expect((await gate()).code).toBe(0);
    write('step.py', `# moved\n${step}`);
    expect((await gate()).code).toBe(0);
    write('step.py', `${step}    optimizer.zero_grad(set_to_none=False)\n`);
    expect((await gate()).code).toBe(1);
    write('pyproject.toml', '[tool.ecocompute]\nbaseline = "known.json"\n');
    expect((await found()).map((one) => one.split(' ')[0])).toEqual(['step.py']);
  });

  it('may be a git revision', async () => {
    rmSync(join(folder, '.git'), { recursive: true });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x', ...args], { cwd: folder, stdio: 'ignore' });
    git('init', '-q');
    git('add', 'step.py');
    git('commit', '-q', '-m', 'first');
    expect((await found('--baseline', 'HEAD')).map((one) => one.split(' ')[0])).toEqual(['attention.py']);
  });
});

it('--jobs gives what one job gives, in the same order', async () => {
  for (let i = 0; i < 5; i++) write(`m${i}.py`, i % 2 === 0 ? attention : step);
  const one = await cli('audit', '.', '--format', 'json');
  const three = await cli('audit', '.', '--format', 'json', '--jobs', '3');
  expect(three).toEqual(one);
  await cli('audit', '.', '--fix', '--jobs', '2');
  expect(read('attention.py')).toBe(read('m0.py'));
});

it('estimate runs where the project says, unless a flag says otherwise', async () => {
  write('pyproject.toml', '[tool.ecocompute]\nhardware = "l4"\n');
  write(
    'model.py',
    'import torch.nn as nn\n\n\nclass M(nn.Sequential):\n    def __init__(self):\n        super().__init__(nn.Linear(8, 8))\n',
  );
  const hardware = async (...flags: string[]) =>
    JSON.parse((await cli('estimate', 'model.py', '--input', '1x8', '--format', 'json', ...flags)).out).estimates[0]
      .hardware;
  expect([await hardware(), await hardware('--hardware', 'l40s')]).toEqual(['l4', 'l40s']);
});
