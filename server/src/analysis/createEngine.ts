/** Builds the engine: parser, sources, one analysis per document version and target, savings on demand. */
import { allAccelerators, summarise } from '../hardware/accelerators.js';
import { priceOf as hourlyPriceOf } from '../hardware/prices.js';
import { Aborted } from '../python/errors.js';
import { type FileBaseline, newFindings } from '../rules/baseline.js';
import { unusedSuppressions } from '../rules/checkModule.js';
import { defaultRuleConfig } from '../rules/config.js';
import { fixAll } from '../rules/fixes.js';
import type { FixSafety, RuleFinding } from '../rules/types.js';
import { createParser } from '../syntax/createParser.js';
import type { ParserOptions, TextEdit } from '../syntax/parser.js';
import type { Program } from '../trace/program.js';
import { EditedSources, Sources, type SourceView } from '../trace/sources.js';
import { type AnalysedEntry, type AnalysisInput, DocumentAnalysis, energyTarget } from './documentAnalysis.js';
import type {
  CompareRequest,
  Engine,
  EnginePorts,
  EnvironmentOptions,
  EstimateRequest,
  ExplainRequest,
  Target,
  WorkloadAsked,
} from './engine.js';
import { wholeReport } from './estimateReport.js';
import { flowsAt, hoverAt } from './hover.js';
import { offsetAt, positionAt, rangeAt } from './lines.js';
import type {
  AuditReport,
  CallReport,
  EditReport,
  EstimateReport,
  FigureExplanation,
  FigureName,
  FileReport,
  FindingReport,
  HardwareSummary,
  HoverReport,
  Problem,
} from './model.js';
import { pragmaEdits } from './pragmaEdits.js';
import { Requests } from './requests.js';
import { notPriced, type Priced, priceOf, type Shown, shownAs } from './savings.js';
import { explainFlows } from './studies.js';
import { applyWorkspaceFiles } from './workspaceFiles.js';

export interface EngineOptions extends ParserOptions {
  /** Steps a run may take. */
  readonly fuel?: number;
  /** False runs every call (the check that remembering changes nothing). */
  readonly memoise?: boolean;
}

/** An analysis and what the rules find in it as far as it has run. */
interface Analysed {
  readonly analysis: DocumentAnalysis;
  findings: RuleFinding[];
}

/**
 * Steps after which the first stage starts no further model: a few milliseconds after a keystroke, when the
 * others can show their last figures; when a file is opened, what a file of ordinary size takes.
 */
const firstStage = { typing: 800, opening: 60_000 };

/** Calls, loop turns and operators (eight each); the largest model of the truth rows, WaveRNN, needs about a million. */
export const defaultFuel = 5_000_000;

export const defaultTarget: Target = {
  hardware: 'h100-sxm',
  dtype: null,
  region: null,
  phase: null,
  batch: null,
  compiled: false,
  trainMode: false,
  torchVersion: null,
};

export async function createEngine(ports: EnginePorts, options: EngineOptions = {}): Promise<Engine> {
  const parser = await createParser({ log: ports.log, ...options });
  return new RealEngine(ports, new Sources(parser, ports.files), options.fuel ?? defaultFuel, options.memoise ?? true);
}

class RealEngine implements Engine {
  private environment: EnvironmentOptions = { pythonPath: [], sitePackages: [] };
  private readonly analyses = new Map<string, Analysed>();
  /** Programs that have run a file, brought to its next version instead of starting over. */
  private readonly programs = new Map<
    string,
    { live: { program: Program | null }; whatIf: { program: Program | null } }
  >();
  /** The analysis before the last edit and where that edit was, by file and target. */
  private readonly previous = new Map<string, DocumentAnalysis>();
  /** Suppressions without a use when the file was last run as a whole. */
  private readonly unused = new Map<string, ReadonlySet<string>>();
  private readonly focus = new Map<string, number>();
  /** Last known prices by finding: shown until the second stage has new ones. */
  private readonly prices = new Map<string, Priced>();
  private readonly requests: Requests;

  constructor(
    private readonly ports: EnginePorts,
    private readonly sources: Sources,
    private readonly fuel: number,
    private readonly memoise: boolean,
  ) {
    this.requests = new Requests({
      sources,
      input: (file, target) => this.input(file, target),
      shown: (file, target) => this.whole(file, target).analysis.entries,
      inDetail: (file, target) => this.fresh(file, target, sources, null, { modules: true }).entries,
    });
  }

  get parserBackend(): 'native' | 'wasm' {
    return this.sources.parser.backend;
  }

  configure(environment: EnvironmentOptions): void {
    this.environment = environment;
    for (const problem of applyWorkspaceFiles(environment)) this.ports.log(problem);
    this.analyses.clear();
    this.programs.clear();
  }

  open(file: string, text: string, version: number): void {
    this.sources.openDocument(file, text, version);
    this.changed(file);
  }

  change(file: string, edits: Parameters<Engine['change']>[1], version: number): void {
    const before = this.sources.get(file)?.text ?? '';
    this.sources.change(file, edits, version);
    const last = edits[edits.length - 1];
    // an editor may send the whole text: where it begins to differ is where the person works
    if (last !== undefined) this.focus.set(file, last.start + (edits.length > 1 ? 0 : commonPrefix(before, last)));
    this.changed(file);
  }

  close(file: string): void {
    this.sources.close(file);
    // first, because it keeps the last analyses of every file for a while
    this.changed(file);
    for (const map of [this.programs, this.previous, this.focus, this.unused])
      for (const key of [...map.keys()]) if (key === file || key.startsWith(`${file}\0`)) map.delete(key);
  }

  invalidate(file: string): void {
    this.sources.invalidate(file);
    this.changed(file);
  }

  /** The text of a file is another: programs that read it as an import start over, its own are brought along. */
  private changed(file: string): void {
    for (const [key, a] of this.analyses) this.previous.set(key, a.analysis);
    this.analyses.clear();
    for (const [key, p] of this.programs) {
      const own = key === file || key.startsWith(`${file}\0`);
      if (!own && (p.live.program?.reads(file) ?? true)) this.programs.delete(key);
    }
  }

  private programsOf(
    file: string,
    target: Target,
  ): { live: { program: Program | null }; whatIf: { program: Program | null } } {
    const key = `${file}\0${target.torchVersion ?? ''}`;
    let p = this.programs.get(key);
    if (p === undefined) {
      // least recently made goes first
      if (this.programs.size >= 12) this.programs.delete(this.programs.keys().next().value!);
      p = { live: { program: null }, whatIf: { program: null } };
      this.programs.set(key, p);
    }
    return p;
  }

  private analysis(file: string, target: Target): Analysed {
    const key = `${file}\0${JSON.stringify(target)}`;
    let known = this.analyses.get(key);
    if (known === undefined) {
      const { live } = this.programsOf(file, target);
      const previous = this.previous.get(key)?.entries ?? null;
      const steps = previous === null ? firstStage.opening : firstStage.typing;
      const unusedBefore = this.unused.get(key);
      const first = {
        steps,
        focus: this.focus.get(file) ?? 0,
        previous,
        ...(unusedBefore === undefined ? {} : { unusedBefore }),
      };
      const analysis = this.fresh(file, target, this.sources, live.program, first);
      this.previous.delete(key);
      live.program = analysis.program;
      known = { analysis, findings: analysis.findings() };
      this.analyses.set(key, known);
      this.noteUnused(key, file, known);
    }
    return known;
  }

  /** The same with every entry of the file run. */
  private whole(file: string, target: Target): Analysed {
    const known = this.analysis(file, target);
    if (known.analysis.pendingCount === 0) return known;
    known.analysis.complete();
    // more of the file has been traced: guards that could not be decided may be now
    known.findings = known.analysis.findings();
    this.noteUnused(`${file}\0${JSON.stringify(target)}`, file, known);
    return known;
  }

  private noteUnused(key: string, file: string, { analysis, findings }: Analysed): void {
    const source = this.sources.get(file);
    if (analysis.pendingCount === 0 && source !== null) this.unused.set(key, unusedSuppressions(findings, source.text));
  }

  private input(file: string, target: Target): AnalysisInput {
    return {
      file,
      sources: this.sources,
      environment: this.environment,
      target,
      fuel: this.fuel,
      memoise: this.memoise,
      cancelled: this.ports.cancelled,
    };
  }

  private fresh(
    file: string,
    target: Target,
    sources: SourceView,
    program: Program | null,
    more: Partial<AnalysisInput> = {},
  ): DocumentAnalysis {
    const { whatIf } = this.programsOf(file, target);
    return new DocumentAnalysis({ ...this.input(file, target), sources, program, whatIf, ...more });
  }

  /** Analyses an edited text on the file's what-if program. */
  private edited(file: string, target: Target, text: string): DocumentAnalysis {
    const { whatIf } = this.programsOf(file, target);
    const analysis = this.fresh(file, target, new EditedSources(this.sources, file, text), whatIf.program);
    whatIf.program = analysis.program;
    return analysis;
  }

  problems(file: string): Problem[] {
    const source = this.sources.get(file);
    const unreadable = this.sources.unreadable.get(file);
    if (source === null) return [{ file, line: 0, message: unreadable ?? `${file}: no such file` }];
    return source.tree.problems
      .slice(0, 20)
      .map((p) => ({ file, line: positionAt(source.text, p.start).line + 1, message: p.message }));
  }

  analyse(file: string, target: Target): FileReport {
    return this.guarded(file, () => this.fileReport(file, target, false, ({ report }) => report));
  }

  withSavings(file: string, target: Target): FileReport<EstimateReport> {
    return this.guarded(file, () => this.fileReport(file, target, true, wholeReport));
  }

  /** A failure of ours is one problem of the file, never a dead server. A cancelled run leaves nothing behind. */
  private guarded<E extends CallReport>(file: string, make: () => FileReport<E>): FileReport<E> {
    try {
      return make();
    } catch (e) {
      const version = this.sources.version(file) ?? 0;
      if (e instanceof Aborted) {
        this.settle();
        return { file, version, estimates: [], findings: [], problems: [], entriesPending: 0, savingsReady: false };
      }
      return {
        file,
        version,
        estimates: [],
        findings: [],
        problems: [...this.problems(file), this.internalProblem(file, e)],
        entriesPending: 0,
        savingsReady: true,
      };
    }
  }

  /** What went wrong inside, as a problem of the file; nothing of ours that may be half done is used again. */
  private internalProblem(file: string, e: unknown): Problem {
    this.analyses.clear();
    this.programs.clear();
    const message = e instanceof Error ? (e.stack ?? e.message) : String(e);
    this.ports.log(`analysis of ${file} failed: ${message}`);
    return { file, line: 0, message: `internal error: ${e instanceof Error ? e.message : String(e)}` };
  }

  /** After a cancelled run: the programs stay, what the run was in the middle of does not. */
  private settle(): void {
    for (const p of this.programs.values()) {
      p.live.program?.settle();
      p.whatIf.program?.settle();
    }
  }

  private fileReport<E extends CallReport>(
    file: string,
    target: Target,
    withSavings: boolean,
    figuresOf: (entry: AnalysedEntry) => E,
  ): FileReport<E> {
    const source = this.sources.get(file);
    const version = this.sources.version(file) ?? 0;
    if (source === null)
      return {
        file,
        version,
        estimates: [],
        findings: [],
        problems: this.problems(file),
        entriesPending: 0,
        savingsReady: true,
      };
    const { analysis, findings } = withSavings ? this.whole(file, target) : this.analysis(file, target);
    let ready = analysis.pendingCount === 0;
    const threshold = (target.rules ?? defaultRuleConfig).savingsThreshold_percent;
    const reports = findings.flatMap((f) => {
      let priced = this.prices.get(this.priceKey(file, f, target, source.text));
      if (withSavings) priced = this.price(analysis, f, source.text);
      else if (priced === undefined) ready = false;
      const shown = shownAs(f, priced ?? notPriced, threshold);
      return shown === null ? [] : [this.findingReport(file, f, source.text, shown)];
    });
    return {
      file,
      version,
      estimates: analysis.entries.map(figuresOf),
      findings: reports,
      problems: this.problems(file),
      entriesPending: analysis.pendingCount,
      savingsReady: ready,
    };
  }

  /** What the finding's fix changes, worked out once per text. */
  private price(analysis: DocumentAnalysis, f: RuleFinding, text: string): Priced {
    if (this.ports.cancelled()) throw new Aborted('cancelled');
    const { file, target } = analysis.input;
    const key = this.priceKey(file, f, target, text);
    let priced = this.prices.get(key);
    if (priced === undefined) {
      priced = priceOf(analysis, f, text);
      if (this.prices.size > 2000) this.prices.clear();
      this.prices.set(key, priced);
    }
    return priced;
  }

  private priceKey(file: string, f: RuleFinding, target: Target, text: string): string {
    return [file, f.code, text.length, hash(text), f.start, f.end, JSON.stringify(target)].join('|');
  }

  private findingReport(file: string, f: RuleFinding, text: string, shown: Shown): FindingReport {
    const edits: EditReport[] =
      f.fix?.edits.map((e) => ({ range: rangeAt(text, e.start, e.end), newText: e.newText })) ?? [];
    return {
      rule: f.code,
      name: f.name,
      severity: shown.severity,
      file,
      range: rangeAt(text, f.start, f.end),
      message: f.message,
      messageZh: f.messageZh,
      related: f.related.map((r) => ({
        file,
        range: rangeAt(text, r.start, r.end),
        message: r.message,
        messageZh: r.messageZh,
      })),
      saving: shown.saving,
      atRisk: shown.atRisk,
      fix: f.fix === null ? null : { safety: f.fix.safety, title: f.fix.title, titleZh: f.fix.titleZh, edits },
      requires: f.requires,
      docs: f.docs,
    };
  }

  hover(file: string, line: number, column: number, target: Target): HoverReport | null {
    const source = this.sources.get(file);
    if (source === null) return null;
    try {
      const at = offsetAt(source.text, line, column);
      // a place that only a model still to come runs
      return (
        hoverAt(this.analysis(file, target).analysis, source.text, at) ??
        hoverAt(this.whole(file, target).analysis, source.text, at)
      );
    } catch (e) {
      if (e instanceof Aborted) {
        this.settle();
        return null;
      }
      this.analyses.clear();
      this.programs.clear();
      this.ports.log(`hover in ${file} failed: ${String(e)}`);
      return null;
    }
  }

  estimate(request: EstimateRequest): { estimates: EstimateReport[] } {
    return { estimates: this.requests.run(request).map((one) => one.report) };
  }

  workload(request: EstimateRequest & WorkloadAsked): ReturnType<Engine['workload']> {
    return this.requests.workload(request);
  }

  explain(request: ExplainRequest): ReturnType<Engine['explain']> {
    return this.requests.explain(request);
  }

  compare(request: CompareRequest): ReturnType<Engine['compare']> {
    return this.requests.compare(request);
  }

  explainAt(file: string, line: number, column: number, figure: FigureName, target: Target): FigureExplanation | null {
    const source = this.sources.get(file);
    if (source === null) return null;
    const { analysis } = this.whole(file, target);
    const found = flowsAt(analysis, source.text, offsetAt(source.text, line, column));
    if (found === null) return null;
    const at = { title: found.title, file, line: found.range.start.line + 1 };
    return explainFlows(found.flows, found.entry.trace, at, analysis.energy, figure);
  }

  audit(file: string, target: Target, known: FileBaseline | null = null): AuditReport {
    const report = this.withSavings(file, target);
    const source = this.sources.get(file);
    const energy = energyTarget(target);
    const problems = [...report.problems];
    let fixed = source?.text ?? '';
    let after = report.estimates;
    try {
      const text = this.fixAll(file, target, false, known).text;
      if (source !== null && text !== source.text) after = this.edited(file, target, text).entries.map(wholeReport);
      fixed = text;
    } catch (e) {
      if (e instanceof Aborted) throw e;
      problems.push(this.internalProblem(file, e));
    }
    const { accelerator, region } = energy;
    return {
      file,
      hardware: summaryOf(accelerator),
      region: { id: region.id, name: region.name, gCO2ePerKWh: region.gCO2ePerKWh, source: region.source },
      before: report.estimates,
      after,
      findings: known === null || source === null ? report.findings : newFindings(report.findings, source.text, known),
      fixedText: fixed,
      problems,
      sources: [
        ...accelerator.sources.map((s) => s.text),
        region.source,
        energy.pue.source,
        ...(energy.price === null ? [] : [`price: ${energy.price.basis}`]),
      ],
    };
  }

  fixAll(
    file: string,
    target: Target,
    unsafe: boolean,
    known: FileBaseline | null = null,
  ): { text: string; applied: number } {
    const source = this.sources.get(file);
    if (source === null) return { text: '', applied: 0 };
    const safeties: readonly FixSafety[] = unsafe ? ['safe', 'unsafe'] : ['safe'];
    const { text, applied } = fixAll(
      source.text,
      (current) => this.worthFixing(file, target, current, safeties, known),
      safeties,
    );
    return { text, applied };
  }

  /** Findings of a text on the way to its fixed form, without those whose fix would raise the predicted energy. */
  private worthFixing(
    file: string,
    target: Target,
    text: string,
    safeties: readonly FixSafety[],
    known: FileBaseline | null,
  ): readonly RuleFinding[] {
    const isOriginal = text === this.sources.get(file)?.text;
    const isPriced = (f: RuleFinding): boolean =>
      f.saving !== 'at-risk' && f.fix !== null && safeties.includes(f.fix.safety);
    const first = isOriginal ? this.whole(file, target) : null;
    const all = first?.findings ?? this.edited(file, target, text).findings();
    const findings = known === null ? all : notAccepted(all, text, known);
    if (!findings.some(isPriced)) return findings;
    // what is priced must not share its program with the texts it is compared with
    const analysis =
      first?.analysis ??
      this.fresh(file, target, new EditedSources(this.sources, file, text), null, { whatIf: { program: null } });
    return findings.filter((f) => !isPriced(f) || shownAs(f, this.price(analysis, f, text), 0) !== null);
  }

  setInputs(file: string, entry: string, spec: string): readonly EditReport[] {
    const source = this.sources.get(file);
    if (source === null) return [];
    const found = this.whole(file, defaultTarget).analysis.entries.find(
      (e) => e.trace.entry === entry || e.point.name === entry,
    );
    return found === undefined ? [] : pragmaEdits(source, found.point, spec);
  }

  hardware(): readonly HardwareSummary[] {
    return allAccelerators().map(summaryOf);
  }

  dispose(): void {
    this.sources.dispose();
    this.sources.parser.dispose();
  }
}

/** How much of an edit's text stood there before. */
function commonPrefix(before: string, { start, oldEnd, newText }: TextEdit): number {
  let n = 0;
  while (start + n < oldEnd && n < newText.length && before.charCodeAt(start + n) === newText.charCodeAt(n)) n++;
  return n;
}

function summaryOf(a: Parameters<typeof summarise>[0]): HardwareSummary {
  return { ...summarise(a), usdPerHour: hourlyPriceOf(a)?.value ?? null };
}

/** FNV-1a over the text: tells versions apart. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Findings by offset without those that the project accepts, which are known by the text of their line. */
function notAccepted(findings: readonly RuleFinding[], text: string, known: FileBaseline): RuleFinding[] {
  const located = findings.map((finding) => ({
    rule: finding.code,
    range: { start: positionAt(text, finding.start) },
    finding,
  }));
  return newFindings(located, text, known).map(({ finding }) => finding);
}
