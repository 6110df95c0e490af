/**
 * Shape errors against real PyTorch: a finding of the family ECO8xx exactly where PyTorch raised
 * when test/shapes/record.py ran the program, on the line that its traceback names.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { FindingReport } from '../../server/src/analysis/model.js';
import { renderSarif } from '../../server/src/audit/sarif.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { createParser } from '../../server/src/syntax/createParser.js';
import type { Parser } from '../../server/src/syntax/parser.js';
import { sitePackagesOf } from '../truth/environments.js';
import { lineAt, programsIn, shapeErrorsOf, withoutCall } from './programs.js';

const programs = programsIn(fileURLToPath(new URL('./programs', import.meta.url)));
let parser: Parser;
beforeAll(async () => {
  parser = await createParser({ backend: 'wasm' });
});

const seenIn = (text: string): number[] =>
  shapeErrorsOf(parser, '/program.py', text).findings.map((f) => lineAt(text, f.start));

describe('as PyTorch judged', () => {
  it('half of the programs raise, half are their legal neighbours', () => {
    const raising = programs.filter((p) => p.recorded !== null).length;
    expect(programs.length).toBeGreaterThanOrEqual(75);
    expect(raising).toBeGreaterThanOrEqual(35);
    expect(programs.length - raising).toBeGreaterThanOrEqual(35);
  });

  it.each(programs)('$name', ({ text, recorded }) => {
    expect(seenIn(text)).toEqual(recorded === null ? [] : [recorded.line]);
  });

  it('without the call at the end nothing is found that PyTorch accepts, and nearly all that it rejects', () => {
    let found = 0;
    for (const { name, text, recorded } of programs) {
      const lines = seenIn(withoutCall(text));
      if (recorded === null) expect(lines, name).toEqual([]);
      else if (lines.length > 0) {
        expect(lines, name).toEqual([recorded.line]);
        found++;
      }
    }
    const raising = programs.filter((p) => p.recorded !== null).length;
    expect(found / raising).toBeGreaterThanOrEqual(0.9);
  });
});

const text = `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 3)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(128, 10)

    def forward(self, x):
        x = self.pool(self.conv(x))
        x = torch.flatten(x, 1)
        return self.fc(x)
`;

describe('what the shells show', () => {
  const report = async (source: string): Promise<{ findings: readonly FindingReport[]; sarif: string }> => {
    const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} }, { backend: 'wasm' });
    engine.open('/w/model.py', source, 1);
    const audit = engine.audit('/w/model.py', defaultTarget);
    const { findings, problems } = engine.analyse('/w/model.py', defaultTarget);
    engine.dispose();
    expect(problems).toEqual([]);
    return { findings: findings.filter((f) => f.rule.startsWith('ECO8')), sarif: renderSarif([audit], [], '0') };
  };

  it('one diagnostic with both shapes, their places as related information, and SARIF with them', async () => {
    const { findings, sarif } = await report(text);
    expect(findings).toHaveLength(1);
    const finding = findings[0]!;
    expect(finding).toMatchObject({ rule: 'ECO800', severity: 'error', fix: null, saving: null });
    expect(finding.range.start).toEqual({ line: 14, column: 15 });
    expect(finding.message).toBe(
      'mat1 and mat2 shapes cannot be multiplied (64 against 128): input is [1, 64] (from torch.flatten(x, 1), line 14), fc.weight is [10, 128] (line 10). PyTorch raises RuntimeError here when Net() is called.',
    );
    expect(finding.messageZh).toContain('形状不能相乘');
    expect(finding.related.map((r) => [r.range.start.line + 1, r.message])).toEqual([
      [14, 'input [1, 64] comes from here'],
      [10, 'fc.weight [10, 128] comes from here'],
    ]);
    const result = JSON.parse(sarif).runs[0].results.find((r: { ruleId: string }) => r.ruleId === 'ECO800');
    expect(result.level).toBe('error');
    expect(result.relatedLocations).toHaveLength(2);
  });

  it('is silent once it fits, when it is suppressed, and for what the code itself raises', async () => {
    expect((await report(text.replace('128, 10', '64, 10'))).findings).toEqual([]);
    expect((await report(text.replace('self.fc(x)', 'self.fc(x)  # eco: ignore[ECO800] known'))).findings).toEqual([]);
    const raising = text.replace('return self.fc(x)', "raise ValueError('shape [1, 64] does not fit')");
    expect((await report(raising)).findings).toEqual([]);
  });
});

/** A slice of what `node test/shapes/run.mjs` sweeps: model files that are installed here. */
const slice: readonly (readonly ['debian' | 'venv', string])[] = [
  ['debian', 'torchvision/models/resnet.py'],
  ['debian', 'torchvision/models/densenet.py'],
  ['debian', 'torchvision/models/googlenet.py'],
  ['debian', 'torchvision/models/detection/generalized_rcnn.py'],
  ['venv', 'timm/models/convmixer.py'],
  ['venv', 'timm/models/mlp_mixer.py'],
  ['venv', 'timm/layers/attention_pool.py'],
  ['venv', 'timm/layers/patch_embed.py'],
];
const installed = slice.flatMap(([kind, path]) => {
  const site = sitePackagesOf(kind);
  const folder = site.find((f) => existsSync(join(f, path)));
  return folder === undefined ? [] : [{ kind, path, site, file: join(folder, path) }];
});

describe('model files that build', () => {
  it.skipIf(installed.length === 0)(
    `nothing in ${installed.map((x) => x.path).join(', ')}`,
    { timeout: 120_000 },
    () => {
      for (const { kind, file, site } of installed) {
        const { findings } = shapeErrorsOf(parser, file, null, nodeFiles, site, kind === 'debian' ? [1, 13] : [2, 13]);
        expect(
          findings.map((f) => f.message),
          file,
        ).toEqual([]);
      }
    },
  );
});
