/** What a price means for a finding: dropped, a hint, or at risk; and what the engine makes of it. */
import { describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { AuditReport, SavingReport } from '../../server/src/analysis/model.js';
import { notPriced, shownAs } from '../../server/src/analysis/savings.js';
import { auditJson } from '../../server/src/audit/json.js';
import { ruleConfigOf } from '../../server/src/rules/config.js';
import type { RuleFinding, SavingKind } from '../../server/src/rules/types.js';
import { readFixture } from './harness.js';

function finding(saving: SavingKind): RuleFinding {
  const text = { message: '', messageZh: '', messageId: 'm', data: {}, docs: '', name: 'n' };
  return {
    ...text,
    code: 'ECO100',
    severity: 'warning',
    start: 0,
    end: 1,
    related: [],
    fix: null,
    requires: null,
    saving,
  };
}

function difference(percent: number): SavingReport {
  const energy_J = { value: percent, low: percent - 1, high: percent + 1 };
  const none = { time_s: 0, peakMemory_bytes: 0, usd_per_million: 0, gCO2e_per_million: 0 };
  return { entry: 'M()', per: 'call', energy_J, percent, ...none };
}

describe('a finding that promises a saving', () => {
  it.each(['energy', 'memory', 'formula'] as const)(
    '(%s) is dropped when its fix raises the predicted energy',
    (kind) => {
      expect(shownAs(finding(kind), { ...notPriced, difference: difference(-0.01) }, 1)).toBeNull();
      // rounding of equal sums
      expect(shownAs(finding(kind), { ...notPriced, difference: difference(-1e-9) }, 1)).not.toBeNull();
    },
  );

  it('is a hint below the threshold, and keeps its level while it has no price', () => {
    const severity = (percent: number, threshold: number) =>
      shownAs(finding('energy'), { ...notPriced, difference: difference(percent) }, threshold)?.severity;
    expect([severity(0.9, 1), severity(1, 1), severity(0.9, 0), severity(4, 5)]).toEqual([
      'hint',
      'warning',
      'warning',
      'hint',
    ]);
    expect(shownAs(finding('energy'), notPriced, 1)?.severity).toBe('warning');
    expect(shownAs(finding('formula'), { ...notPriced, difference: difference(0) }, 1)).toMatchObject({
      severity: 'warning',
      saving: null,
    });
  });
});

it('a defect is shown whatever its fix costs: what is at risk, what the fix costs, and no saving', () => {
  const endangered_J = { value: 100, low: 80, high: 120 };
  expect(shownAs(finding('at-risk'), { ...notPriced, difference: difference(-5), endangered_J }, 1)).toEqual({
    severity: 'warning',
    saving: null,
    atRisk: { energy_J: endangered_J, fixCost_J: { value: 5, low: 4, high: 6 } },
  });
  expect(shownAs(finding('at-risk'), { ...notPriced, difference: difference(5), endangered_J }, 1)?.atRisk).toEqual({
    energy_J: endangered_J,
    fixCost_J: null,
  });
});

describe('the engine', () => {
  const nothing = { read: () => null, isDirectory: () => false, list: () => [] };
  const audit = async (text: string, threshold: number): Promise<AuditReport> => {
    const engine = await createEngine({ files: nothing, cancelled: () => false, log: () => {} });
    try {
      engine.open('/m.py', text, 1);
      const rules = ruleConfigOf([{ preset: 'all', savingsThreshold: threshold }], null);
      return engine.audit('/m.py', { ...defaultTarget, rules });
    } finally {
      engine.dispose();
    }
  };

  it('says of a defect what is at risk, and adds none of it to what is saved', async () => {
    const report = await audit(readFixture('ECO001.py'), 1);
    const defects = report.findings.filter((one) => one.atRisk !== null && one.rule === 'ECO001');
    const priced = defects.find((one) => one.atRisk?.energy_J != null);
    expect(priced?.atRisk?.energy_J?.value).toBeGreaterThan(0);
    expect(priced?.atRisk?.fixCost_J?.value).toBeGreaterThan(0);
    for (const one of report.findings) expect(one.saving === null || one.atRisk === null).toBe(true);
    const { summary } = auditJson([{ ...report, findings: defects }]);
    expect(summary.energy_J).toEqual(auditJson([{ ...report, findings: [] }]).summary.energy_J);
  });

  it('tells small savings as hints, by the threshold of the configuration', async () => {
    const severities = async (threshold: number) =>
      (await audit(readFixture('ECO301.py'), threshold)).findings
        .filter((one) => one.saving?.percent != null)
        .map((one) => one.severity);
    const [loud, quiet] = [await severities(0), await severities(100)];
    expect(loud.length).toBeGreaterThan(0);
    expect(loud).not.toContain('hint');
    expect(new Set(quiet)).toEqual(new Set(['hint']));
  });
});
