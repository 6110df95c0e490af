/** What the command line says beyond one estimate: comparisons, explanations, workloads, the workspace's own figures. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { applyWorkspaceFiles } from '../../server/src/analysis/workspaceFiles.js';
import type { Io } from '../../server/src/cli/io.js';
import { run } from '../../server/src/cli/run.js';

let folder = '';
const root = process.cwd();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecocompute-cli-energy-'));
  writeFileSync(
    join(folder, 'model.py'),
    `import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, d=512):
        super().__init__()
        self.up = nn.Linear(d, 4 * d)
        self.down = nn.Linear(4 * d, d)

    def forward(self, x):
        return self.down(torch.relu(self.up(x)))
`,
  );
});
afterEach(() => {
  for (const name of ['ecocompute.hardware.json', 'ecocompute.calibration.json'])
    rmSync(join(folder, name), { force: true });
  applyWorkspaceFiles({ hardwareFile: null, calibrationFile: null });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
    width: 120,
    isTerminal: false,
    folder: root,
  };
  return { code: await run(args, io), out, err };
}

const net = ['estimate', 'model.py', '--entry', 'Net()', '--input', '8x512'];

describe('comparisons', () => {
  it('prices every accelerator and dtype, and marks what nothing beats', async () => {
    const { code, out } = await cli(
      ...net,
      '--hardware',
      'h100,l4,a100-80gb',
      '--dtype',
      'bf16,fp32',
      '--format',
      'json',
    );
    expect(code).toBe(0);
    const { schemaVersion, comparisons } = JSON.parse(out);
    expect([schemaVersion, comparisons.length]).toEqual([1, 1]);
    const { rows } = comparisons[0];
    expect(rows.map((row: { hardware: string; dtype: string }) => `${row.hardware} ${row.dtype}`)).toEqual([
      'h100-sxm bfloat16',
      'l4 bfloat16',
      'a100-sxm4-80 bfloat16',
      'h100-sxm float32',
      'l4 float32',
      'a100-sxm4-80 float32',
    ]);
    // the rule of the Pareto set, by hand
    type Row = { time_s: Figure; energy_J: Figure; per_million: { usd: Figure } };
    type Figure = { value: number };
    const better = (a: Row, b: Row): boolean => {
      const f = (r: Row) => [r.time_s.value, r.energy_J.value, r.per_million.usd.value];
      const [x, y] = [f(a), f(b)];
      return x.every((v, i) => v <= y[i]) && x.some((v, i) => v < y[i]);
    };
    for (const row of rows) expect(row.pareto).toBe(!rows.some((other: Row) => better(other, row)));
    expect(rows.every((row: { fits: string }) => row.fits === 'fits')).toBe(true);
  });

  it('shows a table and bars, Markdown and a page with a chart', async () => {
    const lists = ['--hardware', 'h100,l4'];
    const text = (await cli(...net, ...lists)).out;
    expect(text).toMatch(/h100-sxm .*\d mJ .*fits/);
    expect(text).toContain('█');
    expect(text).toContain('★');
    const markdown = (await cli(...net, ...lists, '--format', 'markdown')).out;
    expect(markdown).toContain('| accelerator | dtype |');
    expect(markdown).toContain('<svg');
    const page = (await cli(...net, ...lists, '--format', 'html')).out;
    expect(page).toMatch(/^<!DOCTYPE html>[\s\S]*<svg[\s\S]*Pareto set[\s\S]*<\/html>\n$/);
    expect(page).not.toContain('<script');
  });

  it('takes batches of guessed inputs, per sample', async () => {
    const { code, out, err } = await cli('estimate', 'model.py', '--batch', '1,64', '--format', 'json');
    expect([code, err]).toEqual([0, '']);
    const [{ rows }] = JSON.parse(out).comparisons;
    expect(rows.map((row: { batch: number }) => row.batch)).toEqual([1, 64]);
    expect(rows[1].pareto).toBe(true);
    expect(rows[0].pareto).toBe(false);
  });

  it('says when a batch size changes nothing', async () => {
    const { err } = await cli(...net, '--batch', '1,64');
    expect(err).toContain('--batch changes inputs that are guessed');
  });

  it.each([
    [['--hardware', 'h100,h10'], 'Unknown hardware "h10"'],
    [['--hardware', 'h100,'], 'a value between two commas is missing'],
    [['--dtype', 'bf16,bf17'], '--dtype bf17: not one of'],
    [['--hardware', 'h100,l4', '--serve', 'batch=2'], 'one --hardware'],
    [['--serve', 'prompt=2048,tokens=3'], '"tokens=3" is not one of'],
    [['--parallel', 'data'], '--gpus N'],
    [['--steps', '0'], '--steps 0: not a whole number'],
  ])('refuses %j', async (args, text) => {
    const { code, err } = await cli(...net, ...args);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });
});

describe('explanations', () => {
  it('trace every figure to formula, constants, rows and sources', async () => {
    for (const figure of ['time', 'energy', 'power', 'usd', 'gCO2e', 'memory']) {
      const asked = ['explain', 'model.py', '--entry', 'Net()', '--input', '8x512', '--figure', figure];
      const { code, out } = await cli(...asked, '--format', 'json');
      const [told] = JSON.parse(out).explanations;
      expect([code, told.figure]).toEqual([0, figure]);
      expect(told.value.low).toBeLessThanOrEqual(told.value.value);
      expect(told.formula.length).toBeGreaterThan(10);
      expect(told.sources.length).toBeGreaterThan(0);
      if (figure !== 'memory')
        expect(told.constants.some((one: { from: string }) => /\d+ rows/.test(one.from))).toBe(true);
      expect((await cli(...asked)).out).toContain('## Sources');
    }
    const grams = JSON.parse((await cli('explain', 'model.py', '--figure', 'gCO2e', '--format', 'json')).out);
    expect(grams.explanations[0].steps.map((one: { name: string }) => one.name.split(' ')[0])).toEqual([
      'host',
      'PUE',
      'grid',
    ]);
  });

  it('of a line are part of the whole', async () => {
    const asked = ['explain', 'model.py', '--entry', 'Net()', '--input', '8x512', '--format', 'json'];
    const whole = JSON.parse((await cli(...asked)).out).explanations[0].value.value;
    const line = JSON.parse((await cli(...asked, '--line', '11')).out).explanations[0].value.value;
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThanOrEqual(whole);
    expect((await cli(...asked, '--line', '1')).code).toBe(3);
    expect((await cli(...asked, '--figure', 'joy')).err).toContain('not one of time, energy');
  });
});

describe('the workspace', () => {
  it('adds accelerators, prices and regions, and says what is wrong', async () => {
    writeFileSync(
      join(folder, 'ecocompute.hardware.json'),
      JSON.stringify({
        accelerators: [
          {
            id: 'asic',
            memory_GB: 64,
            bandwidth_GBps: 2000,
            peak_dense_tflops: { fp32: 60 },
            tdp_W: 300,
            source: 'sheet',
          },
          { id: 'wrong', basedOn: 'h100', bandwith_GBps: 3 },
        ],
        prices: [{ accelerator: 'asic', usd_per_hour: 1 }],
        regions: [{ id: 'site', gCO2e_per_kWh: 30, pue: 1.1 }],
      }),
    );
    const { code, out, err } = await cli(
      ...net,
      '--hardware',
      'asic',
      '--region',
      'site',
      '--runs-per-month',
      '3600000',
    );
    expect(code).toBe(0);
    expect(out).toContain('set in ecocompute.hardware.json');
    expect(out).toContain('1.10 PUE × 30 g/kWh (site)');
    expect(out).toContain('Embodied share  unknown');
    expect(err).toContain('accelerators[1]: Unrecognized key: "bandwith_GBps". Did you mean bandwidth_GBps?');
    expect((await cli('hardware')).out).toContain('asic');
    rmSync(join(folder, 'ecocompute.hardware.json'));
    expect((await cli(...net, '--hardware', 'asic')).err).toContain('Unknown hardware "asic"');
  });
});

describe('calibrate', () => {
  /** Rows as the measuring script prints them, of a board that draws 300 W and reaches three tenths of the peak. */
  const rows = [
    {
      group: 'device',
      name: 'NVIDIA H100 80GB HBM3',
      driver: '570.1',
      torch: '2.13.0',
      idle_W: 70,
      idle_with_context_W: 118,
    },
    ...[8192, 4096].map((m) => ({
      group: 'gemm',
      name: `bfloat16 ${m}`,
      dtype: 'bfloat16',
      work: { kind: 'gemm', batch: 1, m, n: m, k: m },
      flops: 2 * m ** 3,
      elementwise: 0,
      bytes: 6 * m * m,
      launches: 1,
      s: (2 * m ** 3) / (0.3 * 989e12),
      J: (300 * 2 * m ** 3) / (0.3 * 989e12),
      s_cv: 0.01,
    })),
    {
      group: 'host',
      name: '100 tiny kernels',
      dtype: 'float32',
      work: { kind: 'memory', pattern: 'elementwise', rows: 1, cols: 8 },
      flops: 0,
      elementwise: 800,
      bytes: 6400,
      launches: 100,
      s: 7e-4,
      J: 0.1,
      s_cv: 0.01,
    },
    {
      group: 'gemm',
      name: 'disturbed',
      dtype: 'bfloat16',
      work: { kind: 'gemm' },
      flops: 1,
      elementwise: 0,
      bytes: 1,
      launches: 1,
      s: 1,
      J: 1,
      s_cv: 0.4,
    },
  ];

  it('fits kept rows and writes what estimates then prefer', async () => {
    writeFileSync(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const big = [
      'estimate',
      'model.py',
      '--entry',
      'Net(4096)',
      '--input',
      '8192x4096',
      '--dtype',
      'bf16',
      '--format',
      'json',
    ];
    const before = JSON.parse((await cli(...big)).out).estimates[0];
    const { code, out, err } = await cli('calibrate', '--rows', 'rows.jsonl');
    expect([code, err]).toEqual([0, 'left out: disturbed: its windows differ by 40 %\n']);
    expect(out).toContain('70.0 W without a CUDA context, 118 W with one');
    const written = JSON.parse(readFileSync(join(folder, 'ecocompute.calibration.json'), 'utf8'));
    expect(written.devices[0]).toMatchObject({
      accelerator: 'h100-sxm',
      rows: 3,
      eager_s: 7e-6,
      idle_with_context_W: 118,
    });
    expect(written.devices[0].power).toBeLessThan(1);
    expect(written.devices[0].ceiling.bf16).toBeGreaterThan(0.27);
    expect(written.devices[0].ceiling.bf16).toBeLessThan(0.36);
    const after = JSON.parse((await cli(...big)).out).estimates[0];
    // three tenths of the peak are less than the shipped constants reach
    expect(after.time_s.value).toBeGreaterThan(before.time_s.value);
    const told = await cli('explain', 'model.py', '--entry', 'Net(4096)', '--input', '8192x4096', '--figure', 'time');
    expect(told.out).toContain('ecocompute.calibration.json: NVIDIA H100 80GB HBM3');
    // other accelerators keep their constants
    const other = [...big.slice(0, -2), '--hardware', 'l4', '--format', 'json'];
    const l4 = JSON.parse((await cli(...other)).out).estimates[0];
    rmSync(join(folder, 'ecocompute.calibration.json'));
    expect(JSON.parse((await cli(...other)).out).estimates[0].time_s).toEqual(l4.time_s);
  });

  it.each([
    [['--window', '0.5'], 'at least 2 s'],
    [['--rows', 'no.jsonl'], 'no.jsonl: cannot be read'],
    [['--hardware', 'h10'], 'Did you mean'],
    [['--python', '/no/such/python'], 'cannot be started (ENOENT); name a Python with PyTorch'],
  ])('refuses %j', async (args, text) => {
    const { code, err } = await cli('calibrate', ...args);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });

  it('names a file that is not a calibration, and prices without it', async () => {
    writeFileSync(join(folder, 'ecocompute.calibration.json'), '{"schemaVersion": 1, "devices": [{"accelerator": 3}]}');
    const { code, err } = await cli(...net);
    expect(code).toBe(0);
    expect(err).toContain('ecocompute.calibration.json: devices.0.accelerator');
  });
});
