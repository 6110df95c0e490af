/** Builds the engine: parser, sources, one analysis per document version and target, savings on demand. */
import { accelerators, summarise } from '../hardware/accelerators.js';
import { priceOf } from '../hardware/prices.js';
import { Aborted } from '../python/errors.js';
import type { Place } from '../python/place.js';
import { fixAll } from '../rules/fixes.js';
import type { RuleFinding } from '../rules/types.js';
import type { ModuleTree } from '../syntax/ast.js';
import { createParser } from '../syntax/createParser.js';
import type { ParserOptions } from '../syntax/parser.js';
import { parseInputSpec, parsePragma } from '../trace/inputSpec.js';
import { Program } from '../trace/program.js';
import { run } from '../trace/run.js';
import { EditedSources, Sources, type SourceView } from '../trace/sources.js';
import { type AnalysisInput, DocumentAnalysis, energyTarget, programOptions, requestOf } from './documentAnalysis.js';
import type { Engine, EnginePorts, EnvironmentOptions, EstimateRequest, Target } from './engine.js';
import { estimateReport, lineOf } from './estimateReport.js';
import { hoverAt } from './hover.js';
import { offsetAt, positionAt, rangeAt } from './lines.js';
import type {
  AuditReport,
  EditReport,
  EstimateReport,
  FileReport,
  FindingReport,
  HardwareSummary,
  HoverReport,
  Problem,
  Range,
  SavingReport,
} from './model.js';
import { savingOf } from './savings.js';

export interface EngineOptions extends ParserOptions {
  /** Steps a run may take. */
  readonly fuel?: number;
  /** False runs every call (the check that remembering changes nothing). */
  readonly memoise?: boolean;
}

/** Models that a keystroke brings up to date at once; a file with more shows the others' last figures until it rests. */
const firstStage = 12;

/** Calls, loop turns and operators (eight each); the largest model of the truth rows, WaveRNN, needs about a million. */
const defaultFuel = 5_000_000;

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
  private readonly analyses = new Map<string, { analysis: DocumentAnalysis; findings: RuleFinding[] | null }>();
  /** Programs that have run a file, brought to its next version instead of starting over. */
  private readonly programs = new Map<
    string,
    { live: { program: Program | null }; whatIf: { program: Program | null } }
  >();
  /** The analysis before the last edit and where that edit was, by file and target. */
  private readonly previous = new Map<string, DocumentAnalysis>();
  private readonly focus = new Map<string, number>();
  /** Last known savings by finding: shown until the second stage has new ones. */
  private readonly savings = new Map<string, SavingReport | null>();

  constructor(
    private readonly ports: EnginePorts,
    private readonly sources: Sources,
    private readonly fuel: number,
    private readonly memoise: boolean,
  ) {}

  get parserBackend(): 'native' | 'wasm' {
    return this.sources.parser.backend;
  }

  configure(environment: EnvironmentOptions): void {
    this.environment = environment;
    this.analyses.clear();
    this.programs.clear();
  }

  open(file: string, text: string, version: number): void {
    this.sources.openDocument(file, text, version);
    this.changed(file);
  }

  change(file: string, edits: Parameters<Engine['change']>[1], version: number): void {
    this.sources.change(file, edits, version);
    const last = edits[edits.length - 1];
    if (last !== undefined) this.focus.set(file, last.start);
    this.changed(file);
  }

  close(file: string): void {
    this.sources.close(file);
    // first, because it keeps the last analyses of every file for a while
    this.changed(file);
    for (const map of [this.programs, this.previous, this.focus])
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

  private analysis(file: string, target: Target): { analysis: DocumentAnalysis; findings: RuleFinding[] } {
    const key = `${file}\0${JSON.stringify(target)}`;
    let known = this.analyses.get(key);
    if (known === undefined) {
      const { live } = this.programsOf(file, target);
      const first = { limit: firstStage, focus: this.focus.get(file) ?? 0, previous: this.previous.get(key) ?? null };
      const analysis = this.fresh(file, target, this.sources, live.program, first);
      this.previous.delete(key);
      live.program = analysis.program;
      known = { analysis, findings: null };
      this.analyses.set(key, known);
    }
    known.findings ??= known.analysis.findings();
    return { analysis: known.analysis, findings: known.findings };
  }

  private fresh(
    file: string,
    target: Target,
    sources: SourceView,
    program: Program | null,
    more: Partial<AnalysisInput> = {},
  ): DocumentAnalysis {
    const { whatIf } = this.programsOf(file, target);
    return new DocumentAnalysis({
      file,
      sources,
      environment: this.environment,
      target,
      fuel: this.fuel,
      memoise: this.memoise,
      cancelled: this.ports.cancelled,
      program,
      whatIf,
      ...more,
    });
  }

  /** Analyses an edited text on the file's what-if program. */
  private edited(file: string, target: Target, text: string): DocumentAnalysis {
    const { whatIf } = this.programsOf(file, target);
    const analysis = this.fresh(file, target, new EditedSources(this.sources, file, text), whatIf.program);
    whatIf.program = analysis.program;
    return analysis;
  }

  private problems(file: string): Problem[] {
    const source = this.sources.get(file);
    const unreadable = this.sources.unreadable.get(file);
    if (source === null) return [{ file, line: 0, message: unreadable ?? `${file}: no such file` }];
    return source.tree.problems
      .slice(0, 20)
      .map((p) => ({ file, line: positionAt(source.text, p.start).line + 1, message: p.message }));
  }

  analyse(file: string, target: Target): FileReport {
    return this.guarded(file, () => this.fileReport(file, target, false));
  }

  withSavings(file: string, target: Target): FileReport {
    return this.guarded(file, () => this.fileReport(file, target, true));
  }

  /** A failure of ours is one problem of the file, never a dead server. A cancelled run leaves nothing behind. */
  private guarded(file: string, make: () => FileReport): FileReport {
    try {
      return make();
    } catch (e) {
      const version = this.sources.version(file) ?? 0;
      if (e instanceof Aborted) {
        this.settle();
        return { file, version, estimates: [], findings: [], problems: [], entriesPending: 0, savingsReady: false };
      }
      this.analyses.clear();
      this.programs.clear();
      const message = e instanceof Error ? (e.stack ?? e.message) : String(e);
      this.ports.log(`analysis of ${file} failed: ${message}`);
      return {
        file,
        version,
        estimates: [],
        findings: [],
        problems: [
          ...this.problems(file),
          { file, line: 0, message: `internal error: ${e instanceof Error ? e.message : String(e)}` },
        ],
        entriesPending: 0,
        savingsReady: true,
      };
    }
  }

  /** After a cancelled run: the programs stay, what the run was in the middle of does not. */
  private settle(): void {
    for (const p of this.programs.values()) {
      p.live.program?.settle();
      p.whatIf.program?.settle();
    }
  }

  private fileReport(file: string, target: Target, withSavings: boolean): FileReport {
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
    let { analysis, findings } = this.analysis(file, target);
    if (withSavings && analysis.pendingCount > 0) {
      analysis.complete();
      // more of the file has been traced: guards that could not be decided may be now
      findings = analysis.findings();
      const known = this.analyses.get(`${file}\0${JSON.stringify(target)}`);
      if (known !== undefined) known.findings = findings;
    }
    let ready = analysis.pendingCount === 0;
    const reports = findings.map((f) => {
      const key = this.savingKey(file, f, target, source.text);
      if (withSavings) {
        if (this.ports.cancelled()) throw new Aborted('cancelled');
        if (!this.savings.has(key)) this.savings.set(key, savingOf(analysis, f, source.text));
      } else if (!this.savings.has(key)) ready = false;
      return this.findingReport(file, f, source.text, this.savings.get(key) ?? null);
    });
    return {
      file,
      version,
      estimates: analysis.entries.map((e) => e.report),
      findings: reports,
      problems: this.problems(file),
      entriesPending: analysis.pendingCount,
      savingsReady: ready,
    };
  }

  private savingKey(file: string, f: RuleFinding, target: Target, text: string): string {
    if (this.savings.size > 2000) this.savings.clear();
    return [file, f.code, text.length, hash(text), f.start, f.end, JSON.stringify(target)].join('|');
  }

  private findingReport(file: string, f: RuleFinding, text: string, saving: SavingReport | null): FindingReport {
    const edits: EditReport[] =
      f.fix?.edits.map((e) => ({ range: rangeAt(text, e.start, e.end), newText: e.newText })) ?? [];
    return {
      rule: f.code,
      name: f.name,
      severity: f.severity,
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
      saving,
      atRisk: null,
      fix: f.fix === null ? null : { safety: f.fix.safety, title: f.fix.title, titleZh: f.fix.titleZh, edits },
      requires: f.requires,
      docs: f.docs,
    };
  }

  hover(file: string, line: number, column: number, target: Target): HoverReport | null {
    const source = this.sources.get(file);
    if (source === null) return null;
    try {
      return hoverAt(this.analysis(file, target).analysis, source.text, offsetAt(source.text, line, column));
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

  estimate(request: EstimateRequest): { estimates: EstimateReport[]; problems: Problem[] } {
    const { file, target } = request;
    const problems = this.problems(file);
    const source = this.sources.get(file);
    if (source === null) return { estimates: [], problems };
    if (request.entry === null && request.inputs.length === 0) {
      return {
        estimates: this.fresh(file, target, this.sources, null, { modules: true }).entries.map((e) => e.report),
        problems,
      };
    }
    const specs = request.inputs.map(parseInputSpec);
    const input = {
      file,
      sources: this.sources,
      environment: this.environment,
      target,
      fuel: this.fuel,
      memoise: this.memoise,
      cancelled: this.ports.cancelled,
    };
    const entries =
      request.entry !== null ? [request.entry] : this.analysis(file, target).analysis.entries.map((e) => e.trace.entry);
    const estimates: EstimateReport[] = [];
    for (const entry of entries) {
      const program = new Program(file, programOptions(input));
      const trace = run(program, requestOf(entry, specs, 'flag', target));
      const place = trace.place;
      const range = entryRange(source, file, entry, place);
      const { report } = estimateReport({
        trace,
        target: energyTarget(target),
        sources: this.sources,
        file: range !== null || place === null ? file : place.file.path,
        line: range !== null ? range.start.line + 1 : lineOf(this.sources, place),
        range: range ?? rangeAt(source.text, 0, 0),
        dtype: trace.outputs[0]?.dtype ?? target.dtype ?? 'float32',
      });
      estimates.push(report);
    }
    return { estimates, problems };
  }

  audit(file: string, target: Target): AuditReport {
    const report = this.withSavings(file, target);
    const source = this.sources.get(file);
    const energy = energyTarget(target);
    const fixed = source === null ? '' : this.fixAll(file, target, false).text;
    const after =
      source === null || fixed === source.text
        ? report.estimates
        : this.edited(file, target, fixed).entries.map((e) => e.report);
    const { accelerator, region } = energy;
    return {
      file,
      hardware: summaryOf(accelerator),
      region: { id: region.id, name: region.name, gCO2ePerKWh: region.gCO2ePerKWh, source: region.source },
      before: report.estimates,
      after,
      findings: report.findings,
      fixedText: fixed,
      problems: report.problems,
      sources: [
        ...accelerator.sources.map((s) => s.text),
        region.source,
        energy.pue.source,
        ...(energy.price === null ? [] : [`price: ${energy.price.basis}`]),
      ],
    };
  }

  fixAll(file: string, target: Target, unsafe: boolean): { text: string; applied: number } {
    const source = this.sources.get(file);
    if (source === null) return { text: '', applied: 0 };
    const { text, applied } = fixAll(
      source.text,
      (current) =>
        current === source.text ? this.analysis(file, target).findings : this.edited(file, target, current).findings(),
      unsafe ? ['safe', 'unsafe'] : ['safe'],
    );
    return { text, applied };
  }

  setInputs(file: string, entry: string, spec: string): readonly EditReport[] {
    const source = this.sources.get(file);
    if (source === null) return [];
    const found = this.analysis(file, defaultTarget).analysis.entries.find(
      (e) => e.trace.entry === entry || e.point.name === entry,
    );
    if (found === undefined) return [];
    const line = `# eco: ${spec}`;
    const old = source.tree.comments
      .map(parsePragma)
      .find((p) => p !== null && p.start >= found.point.start && p.end <= found.point.end);
    if (old !== undefined && old !== null) return [{ range: rangeAt(source.text, old.start, old.end), newText: line }];
    const aboveIt = source.tree.comments
      .map(parsePragma)
      .find(
        (p) => p !== null && p.end <= found.point.start && source.text.slice(p.end, found.point.start).trim() === '',
      );
    if (aboveIt !== undefined && aboveIt !== null)
      return [{ range: rangeAt(source.text, aboveIt.start, aboveIt.end), newText: line }];
    const eol = source.text.includes('\r\n') ? '\r\n' : '\n';
    return [{ range: rangeAt(source.text, found.point.start, found.point.start), newText: `${line}${eol}` }];
  }

  hardware(): readonly HardwareSummary[] {
    return accelerators.map(summaryOf);
  }

  dispose(): void {
    this.sources.dispose();
    this.sources.parser.dispose();
  }
}

/** Where the entry stands in its file: the class or factory its expression begins with, else the class of the model. */
function entryRange(
  source: { readonly text: string; readonly tree: ModuleTree },
  file: string,
  entry: string,
  place: Place | null,
): Range | null {
  const name = /^[A-Za-z_]\w*/.exec(entry)?.[0];
  for (const s of source.tree.statements) {
    if ((s.node.type === 'ClassDef' || s.node.type === 'FunctionDef') && s.node.name === name) {
      return rangeAt(source.text, s.start + s.node.nameStart, s.start + s.node.nameStart + s.node.name.length);
    }
  }
  if (place === null || place.file.path !== file) return null;
  return rangeAt(source.text, place.unit.start + place.start, place.unit.start + place.start + 1);
}

function summaryOf(a: (typeof accelerators)[number]): HardwareSummary {
  return { ...summarise(a), usdPerHour: priceOf(a)?.value ?? null };
}

/** FNV-1a over the text: tells versions apart. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
