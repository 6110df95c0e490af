/** The measuring script on the CPU, its energy counter replaced by a recorded one. Skipped without PyTorch. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRows } from '../../server/src/energy/calibrationFit.js';

const python = process.env['ECOCOMPUTE_PYTHON'] ?? 'python3';
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;
if (!hasTorch) console.warn(`measuring script not tested: ${python} has no PyTorch (set ECOCOMPUTE_PYTHON)`);

const script = join(import.meta.dirname, '..', '..', 'calibration', 'measure', 'measure.py');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecocompute-measure-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function measure(readings: readonly number[], ...args: string[]) {
  const recorded = join(folder, 'counter.json');
  writeFileSync(recorded, JSON.stringify(readings));
  return spawnSync(python, [script, '--recorded', recorded, '--window', '0.01', ...args], { encoding: 'utf8' });
}

describe.skipIf(!hasTorch)('measure.py', () => {
  it('reads the counter around each window and reports joules per call, and idle both ways', () => {
    // 1 J between any two readings
    const readings = Array.from({ length: 60 }, (_, i) => i * 1000);
    const { status, stdout, stderr } = measure(readings, '--only', 'host,attention', '--repeats', '2');
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ group: 'device', driver: 'recorded', repeats: 2 });
    expect(lines[0].idle_W).toBeGreaterThan(0);
    expect(lines[0].idle_with_context_W).toBeGreaterThan(0);
    expect(lines.slice(1).map((row) => row.group)).toEqual(['attention', 'attention', 'host']);
    for (const row of lines.slice(1)) {
      expect(row.J * row.iters).toBeCloseTo(1, 9);
      expect(row.J_cv).toBe(0);
      expect(row.W).toBeCloseTo(row.J / row.s, 6);
      expect(row.iters).toBeGreaterThanOrEqual(3);
    }
    expect(lines.at(-1).launches).toBe(100);
    const rows = readRows(stdout);
    expect(rows.ok && rows.cases.length + rows.skipped.length).toBe(3);
  });

  it('says in one object what went wrong', () => {
    const { status, stdout } = measure([0, 1000, 2000], '--only', 'host', '--repeats', '2');
    expect(status).toBe(1);
    expect(readRows(stdout)).toEqual({ ok: false, why: 'the recorded counter has no reading left' });
  });

  it('lists its cases without a GPU', () => {
    const { status, stdout } = spawnSync(python, [script, '--list'], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout.trim().split('\n').length).toBeGreaterThan(25);
  });
});

describe('without a GPU', () => {
  it('ends with a message, not a traceback', () => {
    const { status, stdout } = spawnSync(python, [script], { encoding: 'utf8' });
    // where this runs on a machine with a free GPU there is nothing to refuse
    if (status === 0) return;
    const { error, message } = JSON.parse(stdout.trim().split('\n').at(-1)!);
    expect(['nvml-missing', 'no-gpu', 'no-counter', 'busy', 'no-torch', 'no-cuda']).toContain(error);
    expect(message.length).toBeGreaterThan(20);
  });
});
