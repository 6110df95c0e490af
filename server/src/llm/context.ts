/** A task's context from the engine's reports: facts with ids, notes, the lines at hand. */
import type { EstimateReport, FileReport, FindingReport, Interval } from '../analysis/model.js';
import { factText } from './safety/facts.js';
import type { Fact, FactUnit, LocalAnswer, TaskContext, TaskId } from './types.js';

/** Lines of code sent around the place at hand. */
const around = 120;

export function factsOfEstimate(one: EstimateReport): Fact[] {
  const value = (x: Interval | null): number | null => x?.value ?? null;
  const of = (id: string, label: string, v: number | null, unit: FactUnit): Fact => ({ id, label, value: v, unit });
  return [
    of('params.total', 'Parameters', one.params?.total ?? null, 'count'),
    of('flops.forward', 'FLOPs of one forward call', one.flops.forward, 'FLOP'),
    ...(one.phase === 'training'
      ? [of('flops.backward', 'FLOPs of one backward pass', one.flops.backward, 'FLOP')]
      : []),
    of('bytes.forward', 'Memory traffic of one forward call', one.bytes.forward, 'B'),
    of('memory.peak', 'Peak memory', value(one.peakMemory_bytes), 'B'),
    of('time', 'Time of one call', value(one.time_s), 's'),
    of('energy', 'Energy of one call', value(one.energy_J), 'J'),
    of('power', 'Mean power', value(one.power_W), 'W'),
    of('cost', 'Accelerator cost', value(one.per_million.usd), 'USD/1M calls'),
    of('carbon', 'Carbon', value(one.per_million.gCO2e), 'gCO2e/1M calls'),
  ];
}

export function factsOfSaving(finding: FindingReport): Fact[] {
  const s = finding.saving;
  if (s === null) return [];
  const of = (id: string, label: string, value: number | null, unit: FactUnit): Fact[] =>
    value === null ? [] : [{ id: `saving.${id}`, label, value, unit }];
  return [
    ...of('energy', 'Energy the fix saves', s.energy_J?.value ?? null, 'J'),
    ...of('percent', 'Share of the energy the fix saves', s.percent, 'percent'),
    ...of('time', 'Time the fix saves', s.time_s, 's'),
    ...of('memory', 'Peak memory the fix saves', s.peakMemory_bytes, 'B'),
    ...of('cost', 'Cost the fix saves', s.usd_per_million, 'USD/1M calls'),
    ...of('carbon', 'Carbon the fix saves', s.gCO2e_per_million, 'gCO2e/1M calls'),
  ];
}

export interface ContextOptions {
  readonly task: TaskId;
  /** Path relative to the workspace. */
  readonly file: string;
  readonly text: string;
  readonly report: FileReport<EstimateReport>;
  /** 1-based; the finding or unknown operator at this line is meant. null: the file as a whole. */
  readonly line: number | null;
  /** The page of the finding's rule, as Markdown. */
  readonly page?: string;
  /** Calls a month, for the yearly saving. */
  readonly callsPerMonth?: number;
}

export function findingAt(report: FileReport, line: number): FindingReport | null {
  const covers = report.findings.filter((f) => f.range.start.line + 1 <= line && f.range.end.line + 1 >= line);
  // the innermost
  return covers.sort((a, b) => lines(a) - lines(b))[0] ?? null;
}
const lines = (f: FindingReport): number => f.range.end.line - f.range.start.line;

export function contextOf(options: ContextOptions): TaskContext {
  const { report, line, text, file } = options;
  const finding = line === null ? null : findingAt(report, line);
  const estimate = estimateFor(report, line);
  const facts = [
    ...(estimate === null ? [] : factsOfEstimate(estimate)),
    ...(finding === null ? [] : factsOfSaving(finding)),
  ];
  const unknownHere = (estimate?.coverage.unknown ?? []).filter(
    (u) => line === null || u.line === line || finding === null,
  );
  const notes = [
    ...(finding === null
      ? []
      : [finding.message, ...finding.related.map((r) => `line ${r.range.start.line + 1}: ${r.message}`)]),
    ...unknownHere.map((u) => `Not understood in line ${u.line}: ${u.what}: ${u.why}`),
    ...(line === null ? report.findings.map((f) => `${f.rule} in line ${f.range.start.line + 1}: ${f.message}`) : []),
    ...(estimate?.assumptions ?? []).map((a) => `Assumption: ${a.text} (${a.source})`),
    ...(estimate === null ? [] : [`Priced on ${estimate.hardware}, ${estimate.dtype}, ${estimate.phase}`]),
  ];
  const range = rangeOf(finding, unknownHere, line, text);
  const fix = finding?.fix ?? null;
  const local = localAnswer(options, finding, estimate);
  const inputs = (estimate?.inputs ?? []).filter((i) => i.shape?.every((n) => n !== null));
  return {
    code: [window(text, file, range)],
    facts,
    notes,
    gaps: new Set(unknownHere.map((u) => u.what)).size,
    ...(range === null ? {} : { range }),
    ...(local === null ? {} : { local }),
    ...(estimate === null
      ? {}
      : {
          model: {
            entry: estimate.entry,
            inputs: inputs.map((i) => ({ name: i.name, shape: i.shape as readonly number[], dtype: i.dtype })),
          },
        }),
    ...(fix === null ? {} : { engineFix: { title: fix.title, edits: wholeLines(fix.edits, text) } }),
    ...yearly(finding, options.callsPerMonth),
  };
}

/** What the engine itself has to say to a task, and whether a model could add anything. null: nothing. */
function localAnswer(
  { task, page = '' }: ContextOptions,
  finding: FindingReport | null,
  estimate: EstimateReport | null,
): LocalAnswer | null {
  switch (task) {
    case 'explain_finding':
      return finding === null ? null : { complete: page !== '', text: [finding.message, page].join('\n\n').trim() };
    case 'propose_fix':
      if (finding === null) return null;
      return finding.fix === null
        ? { complete: false, text: finding.message }
        : {
            complete: true,
            text: `${finding.message}\n\n${finding.fix.title} (${finding.fix.safety} fix of ${finding.rule}).`,
          };
    case 'infer_inputs': {
      if (estimate === null || estimate.missing !== null || estimate.inputs.length === 0) return null;
      const shapes = estimate.inputs.map(
        (i) => `${i.name}=(${i.shape?.map((n) => n ?? '?').join(',') ?? '?'}) ${i.dtype}`,
      );
      // inputs that the model takes are an answer, even when they were found by trying
      return {
        complete: estimate.inputs.every((i) => i.shape?.every((n) => n !== null)),
        text: `# eco: ${shapes.join(', ')}`,
      };
    }
    case 'report_narrative': {
      if (estimate === null) return null;
      const figures = factsOfEstimate(estimate);
      return {
        // what is not known is said to be so: a model has no other figures
        complete: true,
        text: `${estimate.entry} on ${estimate.hardware}: ${figures.map((f) => `${f.label.toLowerCase()} ${factText(f)}`).join(', ')}.`,
      };
    }
    default:
      return null;
  }
}

/** The dearest entry that is estimated; else the first. With a line, the entry whose saving or gap is there. */
export function estimateFor(report: FileReport<EstimateReport>, line: number | null): EstimateReport | null {
  const finding = line === null ? null : findingAt(report, line);
  const named = report.estimates.find((e) => e.entry === finding?.saving?.entry);
  if (named !== undefined) return named;
  const gap = report.estimates.find((e) => e.coverage.unknown.some((u) => u.line === line));
  if (gap !== undefined) return gap;
  return [...report.estimates].sort((a, b) => (b.energy_J?.value ?? 0) - (a.energy_J?.value ?? 0))[0] ?? null;
}

function rangeOf(
  finding: FindingReport | null,
  unknown: EstimateReport['coverage']['unknown'],
  line: number | null,
  text: string,
): { startLine: number; endLine: number } | null {
  if (finding !== null) {
    const edits = finding.fix?.edits ?? [];
    const first = Math.min(
      finding.range.start.line,
      ...finding.related.map((r) => r.range.start.line),
      ...edits.map((e) => e.range.start.line),
    );
    const last = Math.max(finding.range.end.line, ...edits.map((e) => e.range.end.line));
    return { startLine: first + 1, endLine: last + 1 };
  }
  const at = line ?? unknown[0]?.line ?? null;
  // line 0: the place lies in another file
  return at === null || at < 1 ? null : statementAround(text, at);
}

/** The function around a line, by indentation: where an edit without a finding may change something. */
export function statementAround(text: string, line: number): { startLine: number; endLine: number } {
  const all = text.split('\n');
  const indentOf = (s: string): number => s.length - s.trimStart().length;
  let start = Math.min(line, all.length) - 1;
  const own = indentOf(all[start] ?? '');
  for (let i = start; i >= 0; i--) {
    const s = all[i]!;
    if (/^\s*(async\s+)?def\s/.test(s) && (indentOf(s) < own || i === start)) {
      start = i;
      break;
    }
    if (i === 0) return { startLine: line, endLine: line };
  }
  const outer = indentOf(all[start]!);
  let end = start;
  for (let i = start + 1; i < all.length; i++) {
    if (all[i]!.trim() === '') continue;
    if (indentOf(all[i]!) <= outer) break;
    end = i;
  }
  return { startLine: start + 1, endLine: end + 1 };
}

function window(
  text: string,
  file: string,
  range: { startLine: number; endLine: number } | null,
): TaskContext['code'][number] {
  const all = text.split('\n');
  if (range === null || all.length <= 2 * around) return { file, startLine: 1, text };
  const from = Math.max(0, range.startLine - 1 - around);
  return { file, startLine: from + 1, text: all.slice(from, range.endLine + around).join('\n') };
}

/** The engine's character edits as whole lines, each line once. */
function wholeLines(
  edits: NonNullable<FindingReport['fix']>['edits'],
  text: string,
): { startLine: number; endLine: number; newText: string }[] {
  const all = text.split('\n');
  const sorted = [...edits].sort(
    (a, b) => b.range.start.line - a.range.start.line || b.range.start.column - a.range.start.column,
  );
  const out: { startLine: number; endLine: number; newText: string }[] = [];
  for (const e of sorted) {
    const { start, end } = e.range;
    const previous = out[out.length - 1];
    const joins = previous !== undefined && previous.startLine <= end.line + 1;
    // a line that a later edit changed already is continued from its new text
    const lastLine = joins && previous.startLine === end.line + 1 ? previous.newText : (all[end.line] ?? '');
    const tail = joins ? lastLine.slice(end.column) : lastLine.slice(end.column);
    const newText = `${(all[start.line] ?? '').slice(0, start.column)}${e.newText}${tail}`;
    if (joins) {
      out.pop();
      out.push({ startLine: start.line + 1, endLine: previous.endLine, newText });
    } else out.push({ startLine: start.line + 1, endLine: end.line + 1, newText });
  }
  return out.reverse();
}

function yearly(finding: FindingReport | null, callsPerMonth: number | undefined): Pick<TaskContext, 'yearlySaving'> {
  const s = finding?.saving;
  if (callsPerMonth === undefined || s?.usd_per_million == null || s.gCO2e_per_million == null) return {};
  const millions = (callsPerMonth * 12) / 1e6;
  return { yearlySaving: { usd: s.usd_per_million * millions, gCO2e: s.gCO2e_per_million * millions } };
}
