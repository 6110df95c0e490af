/**
 * Triage on a corpus: every question that the rule fixtures and the example give rise to by
 * themselves (why, fix, inputs, story of each file, each operator not understood).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { contextOf } from '../../server/src/llm/context.js';
import { builtInModels } from '../../server/src/llm/models/registry.js';
import { featuresOf } from '../../server/src/llm/routing/features.js';
import { route } from '../../server/src/llm/routing/route.js';
import type { TaskId } from '../../server/src/llm/types.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { pages } from '../../server/src/rules/pages.js';
import { root } from '../lsp/harness.js';

it('at least 80 % stay local, at most 5 % go to a large model', async () => {
  const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
  const fixtures = join(root, 'test/fixtures/rules');
  const files = [
    ...readdirSync(fixtures)
      .filter((f) => f.endsWith('.py') && !f.includes('.fixed'))
      .map((f) => join(fixtures, f)),
    join(root, 'examples/llama_gqa.py'),
  ];
  const tiers = { local: 0, small: 0, large: 0 };
  const models = builtInModels.filter((m) => m.provider !== 'demo');
  const byTask: Record<string, number> = {};
  let cost = 0;
  const count = (
    task: TaskId,
    path: string,
    text: string,
    report: ReturnType<typeof engine.withSavings>,
    line: number | null,
    rule = '',
  ) => {
    const context = contextOf({ task, file: path, text, report, line, page: pages[rule] ?? '' });
    const decision = route({
      features: featuresOf({ task, prompt: '', context }),
      objective: 'balanced',
      constraints: {},
      models,
      asked: 'automatic',
    });
    tiers[decision.tier]++;
    byTask[`${task} ${decision.tier}`] = (byTask[`${task} ${decision.tier}`] ?? 0) + 1;
    cost += decision.candidates.find((c) => c.ref === decision.chosen)?.costUsd ?? 0;
  };
  for (const path of files) {
    const text = readFileSync(path, 'utf8');
    const report = engine.withSavings(path, defaultTarget);
    for (const f of report.findings)
      for (const task of ['explain_finding', 'propose_fix'] as const)
        count(task, path, text, report, f.range.start.line + 1, f.rule);
    // an operator is asked about once per file, whoever calls it
    const asked = new Set<string>();
    for (const e of report.estimates) {
      if (e.missing === null && e.inputs.some((i) => i.source === 'inferred' || i.source === 'default'))
        count('infer_inputs', path, text, report, null);
      for (const u of e.coverage.unknown) {
        if (asked.has(u.what)) continue;
        asked.add(u.what);
        count('resolve_operator', path, text, report, u.line);
      }
    }
    if (report.estimates.length > 0) count('report_narrative', path, text, report, null);
  }
  engine.dispose();
  const total = tiers.local + tiers.small + tiers.large;
  expect(total).toBeGreaterThan(200);
  const shares = Object.fromEntries(Object.entries(tiers).map(([tier, n]) => [tier, n / total]));
  console.log(
    `triage: ${total} questions, ${JSON.stringify(shares)}, mean cost $${(cost / total).toFixed(6)}, ${JSON.stringify(byTask)}`,
  );
  expect(shares['local']).toBeGreaterThanOrEqual(0.8);
  expect(shares['large']).toBeLessThanOrEqual(0.05);
});
