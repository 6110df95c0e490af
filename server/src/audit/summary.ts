/** What every renderer says first: the model that matters and what the fixes change. */
import type { AuditReport, EstimateReport, FindingReport, Interval, SavingReport } from '../analysis/model.js';
import { dollars, grams, percent, quantity } from './figures.js';
import { type Locale, say } from './messages.js';

export interface Comparison {
  readonly before: EstimateReport;
  /** The same entry after the safe fixes; null when it is no longer there. */
  readonly after: EstimateReport | null;
  /** Energy saved, in percent; null when either is not known. */
  readonly savedPercent: number | null;
}

/** The entry with the most energy stands for the file: smaller entries are usually parts of it. */
export function mainComparison(report: AuditReport): Comparison | null {
  const known = report.before.filter((estimate) => estimate.energy_J !== null);
  const before =
    known.sort((a, b) => (b.energy_J as Interval).value - (a.energy_J as Interval).value)[0] ?? report.before[0];
  return before === undefined ? null : compare(before, report);
}

export function compare(before: EstimateReport, report: AuditReport): Comparison {
  const after =
    report.after.find((estimate) => estimate.entry === before.entry && estimate.phase === before.phase) ?? null;
  const from = before.energy_J?.value ?? null;
  const to = after?.energy_J?.value ?? null;
  return {
    before,
    after,
    savedPercent: from === null || to === null || from === 0 ? null : ((from - to) / from) * 100,
  };
}

export function addIntervals(intervals: readonly (Interval | null)[]): Interval | null {
  const known = intervals.filter((interval): interval is Interval => interval !== null);
  if (known.length === 0) return null;
  return known.reduce((sum, next) => ({
    value: sum.value + next.value,
    low: sum.low + next.low,
    high: sum.high + next.high,
  }));
}

/** `12 J per call of Llama (31 %)`, `1.2 GB less peak memory`, or null when the trace shows nothing. */
export function savingText(saving: SavingReport | null, locale: Locale): string | null {
  if (saving === null) return null;
  const parts: string[] = [];
  if (saving.energy_J !== null && saving.energy_J.value > 0) {
    const per = say(locale, saving.per === 'step' ? 'perStep' : saving.per === 'run' ? 'perRun' : 'perCall');
    parts.push(
      say(locale, 'savingEnergy', {
        energy: quantity(saving.energy_J.value, 'J'),
        per,
        entry: saving.entry,
        percent: percent(saving.percent),
      }),
    );
  }
  if (saving.peakMemory_bytes !== null && saving.peakMemory_bytes > 0) {
    parts.push(say(locale, 'savingMemory', { memory: quantity(saving.peakMemory_bytes, 'B') }));
  }
  return parts.length === 0 ? null : parts.join(', ');
}

/** `at risk: 38 J, its fix costs 0.4 J`, or null for what is no defect. */
export function atRiskText({ atRisk }: FindingReport, locale: Locale): string | null {
  if (atRisk === null) return null;
  const parts: string[] = [];
  if (atRisk.energy_J !== null) parts.push(say(locale, 'atRisk', { energy: quantity(atRisk.energy_J.value, 'J') }));
  if (atRisk.fixCost_J !== null) parts.push(say(locale, 'fixCosts', { energy: quantity(atRisk.fixCost_J.value, 'J') }));
  return parts.length === 0 ? null : parts.join(', ');
}

/** The finding's sentence in the reader's language. */
export function messageOf(finding: FindingReport, locale: Locale): string {
  return locale === 'zh' ? finding.messageZh : finding.message;
}

export function fixText(finding: FindingReport, locale: Locale): string {
  if (finding.fix === null)
    return finding.requires === null ? say(locale, 'noFix') : say(locale, 'fixAfter', { rule: finding.requires });
  const kind =
    finding.fix.safety === 'safe' ? 'fixSafe' : finding.fix.safety === 'unsafe' ? 'fixUnsafe' : 'fixSuggestion';
  return `${locale === 'zh' ? finding.fix.titleZh : finding.fix.title} (${say(locale, kind)})`;
}

/** Hardware, grid, and that nothing was run. */
export function contextText(report: AuditReport, locale: Locale): string {
  const note = report.hardware.verified ? '' : say(locale, 'unverified');
  return say(locale, 'context', { hardware: report.hardware.name, region: report.region.name, note });
}

export function headline(report: AuditReport, locale: Locale): string {
  const main = mainComparison(report);
  if (main === null) return say(locale, 'noModels');
  if (main.before.energy_J === null) return say(locale, 'headlineUnknown');
  const before = quantity(main.before.energy_J.value, 'J');
  if (main.after?.energy_J == null || main.savedPercent === null || main.savedPercent < 0.05)
    return say(locale, 'headlineNoFix', { before });
  return say(locale, 'headline', {
    before,
    after: quantity(main.after.energy_J.value, 'J'),
    percent: percent(main.savedPercent),
  });
}

/** Assumptions of every estimate, each once. */
export function assumptionsOf(report: AuditReport): { text: string; source: string }[] {
  const seen = new Set<string>();
  return report.before
    .filter((estimate) => estimate.missing === null)
    .flatMap((estimate) => estimate.assumptions)
    .filter(({ text }) => !seen.has(text) && seen.add(text) !== undefined)
    .map(({ text, source }) => ({ text, source }));
}

/** What the figures rest on, in a sentence or two. */
export function confidenceText(report: AuditReport, locale: Locale, spread: string): string[] {
  const main = mainComparison(report);
  if (main === null) return [];
  const { coverage, entry } = main.before;
  const lines = [
    say(locale, 'confidenceText', { entry, spread, known: coverage.ops - coverage.unknownOps, ops: coverage.ops }),
  ];
  if (coverage.unknown.length > 0) {
    const list = coverage.unknown
      .map((gap) => `${gap.what} (${say(locale, 'line', { line: gap.line })}: ${gap.why})`)
      .join('; ');
    lines.push(say(locale, 'confidenceUnknown', { list }));
  }
  return lines;
}

/** Rows of the before/after table: label, before, after. */
export function comparisonRows(
  comparison: Comparison,
  locale: Locale,
): { label: string; before: string; after: string; saved: string }[] {
  const { before, after } = comparison;
  const row = (
    label: string,
    read: (estimate: EstimateReport) => number | null | undefined,
    show: (value: number | null | undefined) => string,
  ) => {
    const from = read(before) ?? null;
    const to = after === null ? null : (read(after) ?? null);
    const saved = from === null || to === null || from === 0 ? null : ((from - to) / from) * 100;
    return {
      label,
      before: show(from),
      after: show(to),
      saved: saved === null || Math.abs(saved) < 0.05 ? '' : percent(saved),
    };
  };
  return [
    row(
      say(locale, 'energyPerCall'),
      (estimate) => estimate.energy_J?.value,
      (value) => quantity(value, 'J'),
    ),
    row(
      say(locale, 'timePerCall'),
      (estimate) => estimate.time_s?.value,
      (value) => quantity(value, 's'),
    ),
    row(
      say(locale, 'peakMemory'),
      (estimate) => estimate.peakMemory_bytes?.value,
      (value) => quantity(value, 'B'),
    ),
    row(
      say(locale, 'flops'),
      (estimate) => estimate.flops.forward,
      (value) => quantity(value, 'FLOP', 3),
    ),
    row(say(locale, 'carbon'), (estimate) => estimate.per_million.gCO2e?.value, grams),
    row(say(locale, 'cost'), (estimate) => estimate.per_million.usd?.value, dollars),
  ];
}
