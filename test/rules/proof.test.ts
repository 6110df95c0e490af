/**
 * Proof of the safe fixes: each case runs in real PyTorch as written and fixed, with equal
 * weights and inputs; outputs and gradients agree to rounding, parameters keep their names,
 * FLOPs do not grow. Skipped without PyTorch 2.5 or newer (`ECOCOMPUTE_PYTHON`, else `python3`).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkModule } from '../../server/src/rules/checkModule.js';
import { fixAll } from '../../server/src/rules/fixes.js';
import { allRules } from '../../server/src/rules/registry.js';
import { factsOf, sharedParser } from './harness.js';
import { hasTorch, python } from './pytorch.js';

const folder = fileURLToPath(new URL('proof/', import.meta.url));
const files = readdirSync(folder).filter((name) => /^ECO\d{3}\.py$/.test(name));

/** Safe fixes that leave nothing to compare: they remove a call without a result or a comment, or add a decorator. */
const withoutResult = ['ECO150', 'ECO358', 'ECO508', 'ECO900'];

async function fixed(name: string): Promise<{ text: string; applied: number }> {
  const parser = await sharedParser();
  const analyse = (text: string) =>
    checkModule({
      tree: parser.parse(text),
      text,
      file: 'model.py',
      facts: factsOf(text),
      options: { select: [name.slice(0, 6)] },
    });
  return fixAll(readFileSync(join(folder, name), 'utf8'), analyse, ['safe']);
}

it('every safe fix has a proof', () => {
  const safe = allRules.filter((rule) => rule.meta.fixSafety === 'safe').map((rule) => rule.meta.code);
  expect(
    files
      .map((name) => name.slice(0, 6))
      .concat(withoutResult)
      .sort(),
  ).toEqual(safe.sort());
});

it.each(files)('%s: a fix is applied to every case', async (name) => {
  const { text, applied } = await fixed(name);
  const cases = readFileSync(join(folder, name), 'utf8').match(/^(def (?!one|three|grouped|repeat_kv)|class )/gm) ?? [];
  expect(applied).toBeGreaterThanOrEqual(cases.length);
  expect(text).toContain('CASES');
});

describe.skipIf(!hasTorch())('in PyTorch', () => {
  let report: Record<string, Record<string, CaseResult>> = {};

  beforeAll(async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'ecocompute-proof-'));
    try {
      for (const name of files) writeFileSync(join(scratch, name), (await fixed(name)).text);
      const out = execFileSync(python, ['-W', 'ignore', join(folder, 'run.py'), folder, scratch, ...files], {
        encoding: 'utf8',
      });
      report = JSON.parse(out);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }, 300_000);

  it.each(files)('%s computes the same', (name) => {
    const cases = Object.entries(report[name] ?? {});
    expect(cases.length).toBeGreaterThan(0);
    for (const [label, result] of cases) {
      expect(result.outputs, `${label}: shapes or dtypes of the outputs differ`).not.toBeNull();
      expect(result.gradients, `${label}: gradients differ in number or shape`).not.toBeNull();
      // float32: 2^-23 per operation, sums of some hundred terms
      expect(result.outputs, `${label}: outputs`).toBeLessThan(2e-5);
      expect(result.gradients, `${label}: gradients`).toBeLessThan(1e-4);
      expect(result.parameters, `${label}: parameters`).toBe(true);
      expect(result.flops[1], `${label}: FLOPs`).toBeLessThanOrEqual(result.flops[0]);
    }
  });
});

interface CaseResult {
  readonly outputs: number | null;
  readonly gradients: number | null;
  readonly parameters: boolean;
  readonly flops: readonly [number, number];
}
