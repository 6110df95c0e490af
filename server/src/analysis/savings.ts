/** The what-if stage: what a fix saves is the estimate before it minus the estimate after it, by the same engine. */
import { totals } from '../energy/price.js';
import { applyEdits } from '../rules/fixes.js';
import type { RuleFinding } from '../rules/types.js';
import { EditedSources } from '../trace/sources.js';
import { type AnalysedEntry, DocumentAnalysis } from './documentAnalysis.js';
import type { Interval, SavingReport } from './model.js';

/** Entries whose run passes through the finding; the dearest of them is the one reported. */
function affected(a: DocumentAnalysis, f: RuleFinding): AnalysedEntry[] {
  const touching = a.places
    .filter(({ places }) =>
      places.some((p) => {
        const start = p.place.unit.start + p.place.start;
        const end = p.place.unit.start + p.place.end;
        return start < f.end && end > f.start;
      }),
    )
    .map((x) => x.entry);
  const usable = (touching.length > 0 ? touching : []).filter((e) => e.report.energy_J !== null);
  return usable.sort((x, y) => y.flat.total.sum.energy_J - x.flat.total.sum.energy_J);
}

/** The edited text runs on a program of its own, so that the document's places stay what they are. */
function analyseText({ input }: DocumentAnalysis, text: string, entry: string): DocumentAnalysis {
  const made = new DocumentAnalysis({
    ...input,
    sources: new EditedSources(input.sources, input.file, text),
    only: [entry],
    program: input.whatIf?.program ?? null,
  });
  if (input.whatIf !== undefined) input.whatIf.program = made.program;
  return made;
}

function difference(
  before: AnalysedEntry,
  after: AnalysedEntry | undefined,
  per: SavingReport['per'],
): SavingReport | null {
  if (after === undefined || after.report.energy_J === null || before.report.energy_J === null) return null;
  const was = before.flat.total.sum;
  const now = after.flat.total.sum;
  const saved = was.energy_J - now.energy_J;
  const a = totals(was);
  const b = totals(now);
  // both sides share the model's error: the difference keeps the relative width of the larger figure
  const spread: Interval | null = a.energy_J === null ? null : scaled(saved, a.energy_J);
  const minus = (x: Interval | null, y: Interval | null): number | null =>
    x === null || y === null ? null : x.value - y.value;
  const peak = minus(before.report.peakMemory_bytes, after.report.peakMemory_bytes);
  return {
    entry: before.trace.entry,
    per,
    energy_J: saved === 0 ? null : spread,
    percent: was.energy_J > 0 ? (100 * saved) / was.energy_J : null,
    time_s: was.time_s - now.time_s,
    peakMemory_bytes: peak,
    usd_per_million: minus(a.usdPerMillion, b.usdPerMillion),
    gCO2e_per_million: minus(a.gCO2ePerMillion, b.gCO2ePerMillion),
  };
}

function scaled(value: number, like: Interval): Interval {
  const low = (value * like.low) / like.value;
  const high = (value * like.high) / like.value;
  return { value, low: Math.min(low, high), high: Math.max(low, high) };
}

export function savingOf(a: DocumentAnalysis, f: RuleFinding, text: string): SavingReport | null {
  if (f.saving === 'at-risk' || f.saving === 'formula') return null;
  const per: SavingReport['per'] = a.input.target.phase === 'training' ? 'step' : 'call';
  if (f.saving === 'memory') return retainedMemory(a, f, per);
  const entries = affected(a, f);
  const before = entries[0];
  if (before === undefined) return null;
  if (f.fix !== null) {
    const after = analyseText(a, applyEdits(text, f.fix.edits), before.trace.entry);
    return difference(before, after.entries[0], per);
  }
  if (f.requires === null) return null;
  return composed(a, f, text, before, per);
}

/** A finding that has a fix only once another is applied: priced as the second step. */
function composed(
  a: DocumentAnalysis,
  f: RuleFinding,
  text: string,
  before: AnalysedEntry,
  per: SavingReport['per'],
): SavingReport | null {
  const first = a
    .findings()
    .filter((x) => x.code === f.requires && x.fix !== null)
    .sort((x, y) => Math.abs(x.start - f.start) - Math.abs(y.start - f.start))[0];
  if (first?.fix == null) return null;
  const onceText = applyEdits(text, first.fix.edits);
  const once = analyseText(a, onceText, before.trace.entry);
  const second = once
    .findings()
    .filter((x) => x.code === f.code && x.fix !== null)
    .sort((x, y) => Math.abs(x.start - f.start) - Math.abs(y.start - f.start))[0];
  if (second?.fix == null || once.entries[0] === undefined) return null;
  const twice = analyseText(a, applyEdits(onceText, second.fix.edits), before.trace.entry);
  return difference(once.entries[0], twice.entries[0], per);
}

/** Autograd keeps what backward would need: memory that a forward-only call need not hold. */
function retainedMemory(a: DocumentAnalysis, f: RuleFinding, per: SavingReport['per']): SavingReport | null {
  const direct = affected(a, f);
  const candidates = direct.length > 0 ? direct : a.entries.filter((e) => e.report.energy_J !== null);
  const entry = [...candidates].sort((x, y) => y.flat.total.savedBytes - x.flat.total.savedBytes)[0];
  if (entry === undefined || !(entry.flat.total.savedBytes > 0)) return null;
  return {
    entry: entry.trace.entry,
    per,
    energy_J: null,
    percent: null,
    time_s: null,
    peakMemory_bytes: entry.flat.total.savedBytes,
    usd_per_million: null,
    gCO2e_per_million: null,
  };
}
