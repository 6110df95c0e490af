/**
 * The running example after fix-all computes what it computed before, in real PyTorch.
 * Skipped where no Python with PyTorch 2.5 or newer is found: `ECOCOMPUTE_PYTHON`
 * names one, else `python3` of the PATH is asked.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../server/src/analysis/createEngine.js';
import type { Target } from '../../server/src/analysis/engine.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { hasTorch, python } from './pytorch.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const example = fileURLToPath(new URL('../../examples/llama_gqa.py', import.meta.url));

const target: Target = {
  hardware: 'h100-sxm',
  dtype: null,
  region: null,
  phase: null,
  batch: null,
  compiled: false,
  trainMode: false,
  torchVersion: null,
};

describe('examples/llama_gqa.py', () => {
  it('fix-all applies all five rules, ECO102 after ECO100, and audits clean', async () => {
    const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
    const before = engine.audit(example, target);
    expect(before.findings.map((finding) => finding.rule)).toEqual(['ECO300', 'ECO102', 'ECO100', 'ECO161', 'ECO150']);
    const fixed = engine.fixAll(example, target, false);
    expect(fixed.applied).toBe(5);
    engine.open(example, fixed.text, 2);
    const after = engine.audit(example, target);
    expect(after.findings).toEqual([]);
    const energy = (report: typeof before) =>
      Math.max(...report.before.map((estimate) => estimate.energy_J?.value ?? 0));
    expect(energy(after)).toBeLessThan(energy(before) * 0.8);
    engine.dispose();
  });

  it.skipIf(!hasTorch())(
    'gives the same outputs with equal weights in PyTorch',
    async () => {
      const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
      const { text } = engine.fixAll(example, target, false);
      engine.dispose();
      const folder = mkdtempSync(join(tmpdir(), 'ecocompute-'));
      try {
        writeFileSync(join(folder, 'fixed.py'), text);
        const out = execFileSync(python, [join(here, 'prove_equal.py'), example, join(folder, 'fixed.py')], {
          encoding: 'utf8',
        });
        const result = JSON.parse(out);
        expect(result.same_parameters).toBe(true);
        expect(result.same_shape).toBe(true);
        expect(result.no_grad).toBe(true);
        // Rounding of the type: 2^-23 and 2^-8 per operation, some hundred operations deep
        expect(result['torch.float32']).toBeLessThan(1e-5);
        expect(result['torch.bfloat16']).toBeLessThan(3e-2);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    300_000,
  );
});
