/** One version of one file on one target: its entries, their traces and figures, the findings, and what a hover reads. */

import { type Target as EnergyTarget, makeTarget } from '../energy/price.js';
import { findAccelerator } from '../hardware/accelerators.js';
import { findRegion, worldRegion } from '../hardware/carbon.js';
import { checkModule } from '../rules/checkModule.js';
import { defaultRuleConfig, type RuleConfig } from '../rules/config.js';
import type { FactSource } from '../rules/facts.js';
import { factsFromTraces } from '../rules/traceFacts.js';
import type { RuleFinding } from '../rules/types.js';
import type { DTypeName } from '../torch/dtype.js';
import { type EntryPoint, entryPoints } from '../trace/entries.js';
import { type InputSpec, parseDtype } from '../trace/inputSpec.js';
import { Program, type ProgramOptions } from '../trace/program.js';
import { emptyTrace, type RunRequest } from '../trace/runRequest.js';
import type { SourceView } from '../trace/sources.js';
import type { Trace, TraceScope } from '../trace/trace.js';
import { runEntry } from '../trace/training.js';
import { componentTrace, scopesByType } from './components.js';
import type { EnvironmentOptions, Target } from './engine.js';
import { latestTorch } from './environment.js';
import { type Estimated, estimateReport } from './estimateReport.js';
import { byPlace, type Flat, type PlaceFlows } from './flatten.js';
import { rangeAt } from './lines.js';

export interface AnalysedEntry extends Estimated {
  readonly point: EntryPoint;
  readonly trace: Trace;
  readonly flat: Flat;
}

export interface AnalysisInput {
  readonly file: string;
  readonly sources: SourceView;
  readonly environment: EnvironmentOptions;
  readonly target: Target;
  readonly fuel: number;
  readonly memoise?: boolean;
  readonly cancelled: () => boolean;
  /** Only these entries; absent: all. */
  readonly only?: readonly string[];
  /**
   * Machine steps after which the constructor starts no further entry, the entry nearest to `focus` (an
   * offset) being the first; absent: all are run. `complete` runs the rest.
   */
  readonly steps?: number;
  readonly focus?: number;
  /** What the analysis before an edit showed: entries whose turn has not come show it still. */
  readonly previous?: readonly AnalysedEntry[] | null;
  /** What `unusedSuppressions` gave when the file was last run as a whole. */
  readonly unusedBefore?: ReadonlySet<string>;
  /** Also the table of modules. */
  readonly modules?: boolean;
  /** A program over the same file in another version: reused when it can be brought to this one. */
  readonly program?: Program | null;
  /** Keeps the program that runs edited texts from one what-if to the next. */
  readonly whatIf?: { program: Program | null };
}

export function energyTarget(target: Target): EnergyTarget {
  const accelerator = findAccelerator(target.hardware);
  const region =
    target.region === null || target.region === ''
      ? { ok: true as const, value: worldRegion }
      : findRegion(target.region);
  return makeTarget({
    ...(accelerator.ok ? { accelerator: accelerator.value } : {}),
    ...(region.ok ? { region: region.value } : {}),
    phase: target.phase ?? 'inference',
    compiled: target.compiled,
  });
}

export function programOptions(input: Omit<AnalysisInput, 'only'>): ProgramOptions {
  return {
    sources: input.sources,
    pythonPath: input.environment.pythonPath,
    sitePackages: input.environment.sitePackages,
    torchVersion: parseVersion(input.target.torchVersion) ?? input.environment.torchVersion ?? latestTorch,
    fuel: input.fuel,
    memoise: input.memoise ?? true,
    cancelled: input.cancelled,
  };
}

export function parseVersion(text: string | null): readonly [number, number] | null {
  const m = text === null ? null : /^(\d+)\.(\d+)/.exec(text);
  return m === null ? null : [Number(m[1]), Number(m[2])];
}

export class DocumentAnalysis {
  entries: readonly AnalysedEntry[] = [];
  private points: readonly EntryPoint[] = [];
  private pending: EntryPoint[] = [];
  private readonly traced = new Map<EntryPoint, Trace>();
  readonly energy: EnergyTarget;
  /** What ran it; null when there was nothing to run. */
  readonly program: Program | null = null;
  private placed: { entry: AnalysedEntry; places: PlaceFlows[] }[] | null = null;

  constructor(readonly input: AnalysisInput) {
    this.energy = energyTarget(input.target);
    const source = input.sources.get(input.file);
    if (source === null || !mentionsModels(source.text)) return;
    const reused = input.program?.refresh(source.tree) ? input.program : null;
    const p = reused ?? new Program(input.file, programOptions(input));
    this.program = p;
    this.points = entryPoints(p).filter((point) => input.only?.includes(point.entry) ?? true);
    const focus = input.focus ?? 0;
    this.pending = [...this.points];
    if (input.steps !== undefined)
      this.pending.sort((a, b) => turn(a) - turn(b) || distance(a, focus) - distance(b, focus));
    this.trace(input.steps ?? Number.POSITIVE_INFINITY);
  }

  /** Entries that have not been run yet. */
  get pendingCount(): number {
    return this.pending.length;
  }

  /** Runs the entries that the first stage left out. */
  complete(): void {
    if (this.pending.length > 0) this.trace(Number.POSITIVE_INFINITY);
  }

  private trace(steps: number): void {
    const { input, program } = this;
    const source = input.sources.get(input.file);
    if (program === null || source === null) return;
    const last = program.steps + steps;
    const unfinished: EntryPoint[] = [];
    while (this.pending.length > 0 && program.steps < last) {
      const point = this.pending[0]!;
      // a script runs from its first line: never while someone types
      if (point.kind === 'training' && Number.isFinite(steps)) break;
      const trace =
        point.missing !== null && point.kind !== 'training'
          ? unbuilt(point, input.target)
          : runPoint(program, point, input.target, last);
      this.pending.shift();

      if (trace.isPartial === true) unfinished.push(point);
      if (point.kind === 'factory' && trace.params === null && trace.error === null && trace.missing !== null) continue;
      this.traced.set(point, trace);
    }
    this.pending.push(...unfinished);
    const done = this.points
      .filter((point) => this.traced.has(point))
      .map((point) => ({ point, trace: this.traced.get(point)! }));
    const reports = new Map(
      asComponents(done).map(({ point, trace }) => [point, this.report(point, trace, source.text)]),
    );
    this.placed = null;
    this.entries = this.points.flatMap((point) => {
      const own = reports.get(point);
      // a part may find its model among those to come
      const waits = own === undefined ? this.pending.includes(point) : this.pending.length > 0 && isPart(own);
      const shown = waits ? (this.lastKnown(point, source.text) ?? own) : own;
      return shown === undefined ? [] : [shown];
    });
  }

  /** Until its turn comes an entry keeps the figures it had before the edit. */
  private lastKnown(point: EntryPoint, text: string): AnalysedEntry | undefined {
    const before = this.input.previous?.find((e) => e.point.entry === point.entry);
    if (before === undefined) return undefined;
    const range = rangeAt(text, point.nameStart, point.nameEnd);
    return { ...before, point, report: { ...before.report, range, line: range.start.line + 1 } };
  }

  private report(point: EntryPoint, trace: Trace, text: string): AnalysedEntry {
    const range = rangeAt(text, point.nameStart, point.nameEnd);
    const estimated = estimateReport({
      trace,
      target: this.energy,
      sources: this.input.sources,
      file: this.input.file,
      line: range.start.line + 1,
      range,
      dtype: dtypeOf(trace),
      modules: this.input.modules ?? false,
    });
    return { point, trace, ...estimated };
  }

  findings(config: RuleConfig = this.input.target.rules ?? defaultRuleConfig): RuleFinding[] {
    const source = this.input.sources.get(this.input.file);
    if (source === null) return [];
    return checkModule({
      tree: source.tree,
      text: source.text,
      file: this.input.file,
      facts: this.facts(),
      config,
      complete: this.pending.length === 0,
      ...(this.input.unusedBefore === undefined ? {} : { unusedBefore: this.input.unusedBefore }),
    });
  }

  /** Costs by place for each entry, worked out when first asked for. */
  get places(): readonly { entry: AnalysedEntry; places: PlaceFlows[] }[] {
    this.placed ??= this.entries.map((entry) => ({
      entry,
      places: byPlace(entry.trace, this.input.file, this.energy),
    }));
    return this.placed;
  }

  private facts(): FactSource {
    const traces = this.entries.map((entry) => entry.trace);
    return factsFromTraces(traces, this.input.file, {
      torchVersion: programOptions(this.input).torchVersion,
      accelerator: this.energy.accelerator,
    });
  }
}

/** Classes that could not be run alone, or only on guessed inputs, are shown as the model that uses them calls them. */
function asComponents(
  traced: readonly { point: EntryPoint; trace: Trace }[],
): readonly { point: EntryPoint; trace: Trace }[] {
  if (!traced.some(isPart)) return traced;
  const found = new Map<string, { scope: TraceScope; trace: Trace }>();
  // the largest model first: its parts run as the whole runs them
  const size = (t: Trace): number => t.params?.total ?? 0;
  for (const { trace } of [...traced].sort((a, b) => size(b.trace) - size(a.trace)))
    if (trace.error === null && trace.root !== null && trace.step === undefined) scopesByType(trace, found);
  return traced.map((entry) => {
    const part = isPart(entry) ? found.get(entry.point.name) : undefined;
    return part === undefined || part.trace === entry.trace
      ? entry
      : { ...entry, trace: componentTrace(entry.point, part) };
  });
}

/** A class that says too little about its inputs to be run alone. */
function isPart({ point, trace }: { readonly point: EntryPoint; readonly trace: Trace }): boolean {
  return (
    point.kind === 'class' &&
    point.inputs.length === 0 &&
    (trace.error !== null || trace.missing !== null || trace.inputs.some((i) => i.source === 'inferred'))
  );
}

/** Models first, the loops that train them after. */
function turn(point: EntryPoint): number {
  return point.kind === 'training' ? 1 : 0;
}

/** How far a definition is from where the person works. */
function distance(point: EntryPoint, focus: number): number {
  return Math.max(0, point.start - focus, focus - point.end);
}

/** A file that never names a module class has nothing to estimate. */
function mentionsModels(text: string): boolean {
  return text.includes('torch') || text.includes('nn.');
}

function dtypeOf(trace: Trace): string {
  return (
    trace.root?.body.inputs.find((i) => i.dtype.startsWith('float') || i.dtype.startsWith('bfloat'))?.dtype ??
    trace.outputs[0]?.dtype ??
    'float32'
  );
}

function unbuilt(point: EntryPoint, target: Target): Trace {
  return {
    ...emptyTrace({ entry: point.entry, phase: target.phase ?? 'inference' }),
    error: null,
    missing: point.missing,
  };
}

function runPoint(p: Program, point: EntryPoint, target: Target, last: number): Trace {
  return runEntry(p, requestOf(point.entry, point.inputs, 'pragma', target), last);
}

export function requestOf(
  entry: string,
  inputs: readonly InputSpec[],
  inputSource: 'flag' | 'pragma',
  target: Target,
): RunRequest {
  const phase = target.phase ?? 'inference';
  return {
    entry,
    inputs,
    inputSource,
    phase,
    trainMode: target.trainMode || phase === 'training',
    dtype: dtypeName(target.dtype),
    batch: target.batch,
  };
}

function dtypeName(text: string | null): DTypeName | null {
  return text === null || text === '' || text === 'auto' ? null : parseDtype(text);
}
