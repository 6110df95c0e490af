/** The what-if stage: what a fix saves is the estimate before it minus the estimate after it, by the same engine. */
import { totals } from '../energy/price.js';
import { everyRule } from '../rules/checkModule.js';
import { applyEdits } from '../rules/fixes.js';
import type { RuleFinding, Severity } from '../rules/types.js';
import { EditedSources } from '../trace/sources.js';
import { type AnalysedEntry, DocumentAnalysis } from './documentAnalysis.js';
import type { AtRiskReport, Interval, SavingReport } from './model.js';

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
  // a model runs in a moment, a training script from its first line: that only where no model shows the line
  const trains = (e: AnalysedEntry): number => (e.trace.step === undefined ? 0 : 1);
  return usable.sort((x, y) => trains(x) - trains(y) || y.flat.total.sum.energy_J - x.flat.total.sum.energy_J);
}

/** The edited text runs on a program of its own, so that the document's places stay what they are. */
function analyseText({ input }: DocumentAnalysis, text: string, entry: string): DocumentAnalysis {
  const made = new DocumentAnalysis({
    ...input,
    steps: Number.POSITIVE_INFINITY,
    previous: null,
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
  const peak = minus(before.memory().peakMemory_bytes, after.memory().peakMemory_bytes);
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

/** What the what-if stage found out about one finding. */
export interface Priced {
  /** Estimate before the fix minus after it; null: there is no fix, or the trace shows nothing. */
  readonly difference: SavingReport | null;
  /** Memory that is held for nothing, of rules about memory. */
  readonly retained: SavingReport | null;
  /** Of the run that a defect endangers. */
  readonly endangered_J: Interval | null;
}

export const notPriced: Priced = { difference: null, retained: null, endangered_J: null };

export function priceOf(a: DocumentAnalysis, f: RuleFinding, text: string): Priced {
  const per: SavingReport['per'] = a.input.target.phase === 'training' ? 'step' : 'call';
  const before = affected(a, f)[0];
  const retained = f.saving === 'memory' ? retainedMemory(a, f, per) : null;
  if (before === undefined) return { ...notPriced, retained };
  return {
    difference: differenceOf(a, f, text, before, before.trace.step === undefined ? per : 'step'),
    retained,
    endangered_J: f.saving === 'at-risk' ? (before.report.training?.run?.energy_J ?? before.report.energy_J) : null,
  };
}

function differenceOf(
  a: DocumentAnalysis,
  f: RuleFinding,
  text: string,
  before: AnalysedEntry,
  per: SavingReport['per'],
): SavingReport | null {
  if (f.fix !== null) {
    const after = analyseText(a, applyEdits(text, f.fix.edits), before.trace.entry);
    return difference(before, after.entries[0], per);
  }
  return f.requires === null || f.saving !== 'energy' ? null : composed(a, f, text, before, per);
}

/** Less than this share is rounding. */
const rounding_percent = 1e-6;

/** How a priced finding is shown. */
export interface Shown {
  readonly severity: Severity;
  readonly saving: SavingReport | null;
  readonly atRisk: AtRiskReport | null;
}

/**
 * The one place that decides what a price means for a finding; null: it is not shown. A finding that promises a
 * saving is dropped when its fix would raise the predicted energy, and is a hint when it saves less than the
 * threshold. A defect saves nothing: it says what is at risk, and what its fix costs.
 */
export function shownAs(f: RuleFinding, priced: Priced, threshold_percent: number): Shown | null {
  const { difference } = priced;
  if (f.saving === 'at-risk') {
    const cost = difference?.energy_J ?? null;
    const isDearer = cost !== null && isRaise(difference);
    return {
      severity: f.severity,
      saving: null,
      atRisk: {
        energy_J: priced.endangered_J,
        fixCost_J: isDearer ? { value: -cost.value, low: -cost.high, high: -cost.low } : null,
      },
    };
  }
  if (isRaise(difference)) return null;
  const saving = f.saving === 'energy' ? difference : priced.retained;
  const percent = f.saving === 'energy' ? (saving?.percent ?? null) : null;
  const isSmall = percent !== null && percent < threshold_percent;
  return { severity: isSmall ? 'hint' : f.severity, saving, atRisk: null };
}

function isRaise(difference: SavingReport | null): boolean {
  return difference?.percent != null && difference.percent < -rounding_percent;
}

/** A finding that has a fix only once another is applied: priced as the second step. */
function composed(
  a: DocumentAnalysis,
  f: RuleFinding,
  text: string,
  before: AnalysedEntry,
  per: SavingReport['per'],
): SavingReport | null {
  // whether or not the rule it needs is switched on
  const first = a
    .findings(everyRule)
    .filter((x) => x.code === f.requires && x.fix !== null)
    .sort((x, y) => Math.abs(x.start - f.start) - Math.abs(y.start - f.start))[0];
  if (first?.fix == null) return null;
  const onceText = applyEdits(text, first.fix.edits);
  const once = analyseText(a, onceText, before.trace.entry);
  const second = once
    .findings(everyRule)
    .filter((x) => x.code === f.code && x.fix !== null)
    .sort((x, y) => Math.abs(x.start - f.start) - Math.abs(y.start - f.start))[0];
  if (second?.fix == null || once.entries[0] === undefined) return null;
  const twice = analyseText(a, applyEdits(onceText, second.fix.edits), before.trace.entry);
  return difference(once.entries[0], twice.entries[0], per);
}

/** Autograd keeps what backward would need: memory that a forward-only call need not hold. */
function retainedMemory(a: DocumentAnalysis, f: RuleFinding, per: SavingReport['per']): SavingReport | null {
  const direct = affected(a, f);
  const known = direct.length > 0 ? direct : a.entries.filter((e) => e.report.energy_J !== null);
  // a training step needs what it keeps
  const candidates = known.filter((e) => e.trace.step === undefined);
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
