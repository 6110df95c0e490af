/**
 * The built program, as a user and a CI job run it: the example from estimate to fix, and
 * the faults that files can have. `npm test` builds first; alone: `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = join(root, 'dist/cli.js');
const example = 'examples/llama_gqa.py';
let folder = '';

function cli(args: readonly string[], cwd = root): { code: number | null; out: string; err: string } {
  const result = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    timeout: 60_000,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

beforeAll(() => {
  expect(existsSync(program), 'dist/cli.js is missing: npm run build').toBe(true);
  folder = mkdtempSync(join(tmpdir(), 'ecocompute-cli-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the running example', () => {
  it('is estimated: 8,030,261,248 parameters, everything understood', () => {
    const { code, out, err } = cli(['estimate', example, '--entry', 'Llama(LlamaConfig())', '--format', 'json']);
    expect([code, err]).toEqual([0, '']);
    const { schemaVersion, estimates } = JSON.parse(out);
    expect(schemaVersion).toBe(1);
    const [llama] = estimates;
    expect(llama.params.total).toBe(8030261248);
    expect(llama.coverage).toMatchObject({ unknownOps: 0, knownFlopShare: 1, unknown: [] });
    expect(llama.file).toBe(example);
    for (const figure of [llama.energy_J, llama.time_s, llama.power_W, llama.peakMemory_bytes, llama.per_million.usd]) {
      expect(figure.low).toBeGreaterThan(0);
      expect(figure.value).toBeGreaterThanOrEqual(figure.low);
      expect(figure.high).toBeGreaterThanOrEqual(figure.value);
    }
  });

  it('is audited: five findings, joules saved where the trace shows them', () => {
    const { code, out, err } = cli(['audit', example, '--format', 'json']);
    expect([code, err]).toEqual([0, '']);
    const { findings, summary } = JSON.parse(out);
    expect(findings.map((finding: { rule: string }) => finding.rule)).toEqual([
      'ECO300',
      'ECO102',
      'ECO100',
      'ECO161',
      'ECO150',
    ]);
    const lines = readFileSync(join(root, example), 'utf8').split('\n');
    for (const finding of findings) {
      expect(finding.file).toBe(example);
      expect(finding.docs).toContain(finding.rule.toLowerCase());
      const { start, end } = finding.range;
      expect(lines[start.line]?.slice(start.column, end.column)).toMatch(
        /rsqrt|repeat_interleave|matmul|lm_head|model\(/,
      );
    }
    const joules = (rule: string) =>
      findings.find((finding: { rule: string }) => finding.rule === rule).saving.energy_J.value;
    expect(joules('ECO100')).toBeGreaterThan(0);
    expect(joules('ECO161')).toBeGreaterThan(0);
    expect(summary.optimised_energy_J.value).toBeLessThan(summary.energy_J.value);
  });

  it('is fixed: the file audits clean, a second fix changes nothing', () => {
    cpSync(join(root, example), join(folder, 'model.py'));
    const diff = cli(['audit', 'model.py', '--diff'], folder);
    expect(diff.out).toContain('+        out = F.scaled_dot_product_attention(q, k, v, is_causal=True');
    expect(readFileSync(join(folder, 'model.py'), 'utf8')).toBe(readFileSync(join(root, example), 'utf8'));
    expect(cli(['audit', 'model.py', '--fix'], folder).err).toBe('5 fixes changed 1 file\n');
    const fixed = readFileSync(join(folder, 'model.py'), 'utf8');
    expect(JSON.parse(cli(['audit', 'model.py', '--format', 'json'], folder).out).findings).toEqual([]);
    expect(cli(['audit', 'model.py', '--fix'], folder).err).toBe('0 fixes changed 0 files\n');
    expect(readFileSync(join(folder, 'model.py'), 'utf8')).toBe(fixed);
  });

  it('gates: exit 1 in block mode at the threshold, and over a budget', () => {
    expect(cli(['audit', example, '--mode', 'block']).code).toBe(0);
    const blocked = cli(['audit', example, '--mode', 'block', '--fail-on', 'warning']);
    expect(blocked.code).toBe(1);
    expect(blocked.err).toBe('ecocompute: 4 findings at or over warning\n');
    const ignored = cli(['audit', example, '--mode', 'block', '--fail-on', 'warning', '--select', 'ECO161']);
    expect(ignored.err).toBe('ecocompute: 1 finding at or over warning\n');
    const over = cli(['audit', example, '--mode', 'block', '--budget-usd', '1', '--runs-per-month', '1000000']);
    expect(over.code).toBe(1);
    expect(over.err).toContain('over the budget of $1.0');
  });

  it.each(['markdown', 'html', 'sarif'])('writes %s to a file', (format) => {
    const file = join(folder, `report.${format}`);
    const { code, out } = cli(['audit', example, '--format', format, '--output', file]);
    expect([code, out]).toEqual([0, '']);
    for (const rule of ['ECO100', 'ECO102', 'ECO150', 'ECO161', 'ECO300'])
      expect(readFileSync(file, 'utf8')).toContain(rule);
  });
});

describe('faults: one clear message or a partial result', () => {
  const write = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return name;
  };
  const model =
    'import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 8)\n\n    def forward(self, x):\n        return self.fc(x)\n';

  it.each([
    ['empty.py', '', 3],
    ['no_models.py', 'x = 1\n', 3],
    ['half.py', `${model}\n\nif `, 0],
    ['error.py', `def broken(:\n    pass\n\n\n${model}`, 0],
    ['crlf.py', model.replaceAll('\n', '\r\n'), 0],
    ['tabs.py', model.replaceAll('    ', '\t'), 0],
    ['bom.py', `\ufeff${model}`, 0],
    ['no_import.py', `import does_not_exist\n${model}`, 0],
    ['needs.py', model.replace('__init__(self)', '__init__(self, width)').replaceAll('8', 'width'), 3],
  ])('estimate %s', (name, content, expected) => {
    const { code, out, err } = cli(['estimate', write(name, content), '--format', 'json'], folder);
    expect(code, err).toBe(expected);
    expect(JSON.parse(out).schemaVersion).toBe(1);
    if (expected === 0)
      expect(JSON.parse(out).estimates.find((one: { entry: string }) => one.entry.startsWith('Net')).params.total).toBe(
        72,
      );
    else expect(err.trimEnd().split('\n')).toHaveLength(1);
    const audited = cli(['audit', name, '--format', 'json'], folder);
    expect(audited.code, audited.err).toBe(0);
  });

  it.each([
    ['latin1.py', Buffer.from('# caf\xe9\nimport torch\n', 'latin1'), /latin1\.py is not UTF-8/],
    ['huge.py', Buffer.alloc(6_000_000, '#'), /huge\.py is 6\.0 MB/],
  ])('%s is refused with its name', (name, content, message) => {
    write(name, content);
    for (const command of ['estimate', 'audit']) {
      const { code, out, err } = cli([command, name], folder);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(message);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('recursion without end is a reported gap', () => {
    const text = `${model.replace('return self.fc(x)', 'return self.forward(self.fc(x))')}`;
    const { code, out } = cli(['estimate', write('recursion.py', text), '--format', 'json'], folder);
    expect([0, 3]).toContain(code);
    const [net] = JSON.parse(out).estimates;
    expect(net.missing !== null || net.coverage.unknownOps > 0 || net.energy_J === null).toBe(true);
  });

  it('a 3 MB file is audited', () => {
    const filler = Array.from(
      { length: 60_000 },
      (_, at) => `value_${at} = "some text that takes its place ${at}"`,
    ).join('\n');
    const { code, out } = cli(['audit', write('large.py', `${model}\n${filler}\n`), '--format', 'json'], folder);
    expect(code).toBe(0);
    expect(JSON.parse(out).summary.files).toBe(1);
  });

  it('a folder: every .py below it, no virtual environments, unreadable files are told', () => {
    const project = join(folder, 'project');
    for (const path of ['pkg', '.venv/lib', 'env39', '__pycache__'])
      mkdirSync(join(project, path), { recursive: true });
    writeFileSync(join(project, 'env39/pyvenv.cfg'), '');
    for (const path of ['a.py', 'pkg/b.py', '.venv/lib/c.py', 'env39/d.py', '__pycache__/e.py'])
      writeFileSync(join(project, path), model);
    writeFileSync(join(project, 'bad.py'), Buffer.from('\xff\xfe\xff', 'latin1'));
    const { code, out } = cli(['audit', 'project', '--format', 'json'], folder);
    expect(code).toBe(0);
    const { summary, estimates, problems } = JSON.parse(out);
    expect([...new Set(estimates.map((one: { file: string }) => one.file))].sort()).toEqual(
      ['project/a.py', 'project/pkg/b.py'].map((path) => join(path)),
    );
    expect(summary.files).toBe(2);
    expect(problems.map((problem: { file: string }) => problem.file)).toEqual([join('project/bad.py')]);
  });
});
