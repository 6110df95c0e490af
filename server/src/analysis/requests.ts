/** What is asked for by name rather than shown while typing: estimates with given inputs, workloads, comparisons, explanations. */
import type { Place } from '../python/place.js';
import { parseInputSpec } from '../trace/inputSpec.js';
import { Program } from '../trace/program.js';
import type { SourceView } from '../trace/sources.js';
import type { Trace } from '../trace/trace.js';
import { runEntry } from '../trace/training.js';
import { codeFacts } from './codeFacts.js';
import { type AnalysedEntry, type AnalysisInput, energyTarget, programOptions, requestOf } from './documentAnalysis.js';
import type { CompareRequest, Engine, EstimateRequest, ExplainRequest, Target, WorkloadAsked } from './engine.js';
import { estimateReport, lineOf, wholeReport } from './estimateReport.js';
import { positionAt, rangeAt } from './lines.js';
import type { EstimateReport, Problem, Range } from './model.js';
import { compareStudied, explainStudied, type Point, sameBatch } from './studies.js';
import { workloadOf } from './workload.js';

/** What the engine that answers knows. */
export interface RequestHost {
  readonly sources: SourceView;
  input(file: string, target: Target): AnalysisInput;
  /** Entries of the file as they are shown. */
  shown(file: string, target: Target): readonly AnalysedEntry[];
  /** All entries run afresh, with the table of modules. */
  inDetail(file: string, target: Target): readonly AnalysedEntry[];
}

interface Run {
  readonly trace: Trace;
  readonly report: EstimateReport;
}

export class Requests {
  constructor(private readonly host: RequestHost) {}

  /** Runs what is asked for: one entry with given inputs, or every model of the file. */
  run(request: EstimateRequest): Run[] {
    const { file, target, entry } = request;
    const { host } = this;
    if (host.sources.get(file) === null) return [];
    if (entry === null && request.inputs.length === 0)
      return host.inDetail(file, target).map((one) => ({ trace: one.trace, report: wholeReport(one) }));
    const entries = entry !== null ? [entry] : host.shown(file, target).map((e) => e.trace.entry);
    return entries.map((one) => this.runOne(one, request));
  }

  private runOne(entry: string, { file, target, inputs }: EstimateRequest): Run {
    const { sources } = this.host;
    const text = sources.get(file)!.text;
    const program = new Program(file, programOptions(this.host.input(file, target)));
    const trace = runEntry(program, requestOf(entry, inputs.map(parseInputSpec), 'flag', target));
    const { place } = trace;
    // a training step stands at its loop, as in the list of entries
    const range = entryRange(sources, file, trace.step === undefined ? entry : '', place);
    const estimated = estimateReport({
      trace,
      target: energyTarget(target),
      sources,
      file: range !== null || place === null ? file : place.file.path,
      line: range !== null ? range.start.line + 1 : lineOf(sources, place),
      range: range ?? rangeAt(text, 0, 0),
      dtype: trace.outputs[0]?.dtype ?? target.dtype ?? 'float32',
    });
    return { trace, report: wholeReport(estimated) };
  }

  workload(request: EstimateRequest & WorkloadAsked): ReturnType<Engine['workload']> {
    const runs = this.run(request);
    const source = this.host.sources.get(request.file);
    const target = energyTarget(request.target);
    const facts = source === null ? { loops: [], parallel: null } : codeFacts(source.tree);
    const lineAt = (offset: number): number => (source === null ? 0 : positionAt(source.text, offset).line + 1);
    return {
      estimates: runs.map((one) => one.report),
      workloads: runs.map(({ trace, report }) => workloadOf(trace, report, target, request, facts, lineAt)),
    };
  }

  explain(request: ExplainRequest): ReturnType<Engine['explain']> {
    const runs = this.run(request);
    const target = energyTarget(request.target);
    const explanations = runs.map(({ trace, report: { file, line } }) =>
      explainStudied({ trace, file, line }, target, request.figure, request.line, this.host.sources),
    );
    return { explanations };
  }

  compare(request: CompareRequest): ReturnType<Engine['compare']> {
    const points = new Map<string, { report: EstimateReport; points: Point[] }>();
    const problems: Problem[] = [];
    for (const dtype of request.dtypes) {
      for (const batch of request.batches) {
        for (const { trace, report } of this.run({ ...request, target: { ...request.target, dtype, batch } })) {
          const known = points.get(trace.entry) ?? { report, points: [] };
          known.points.push({ trace, dtype, batch });
          points.set(trace.entry, known);
        }
      }
    }
    if (request.batches.length > 1)
      for (const { report, points: own } of points.values()) problems.push(...sameBatch(report, own));
    const targets = request.hardware.map((hardware) => energyTarget({ ...request.target, hardware }));
    const comparisons = [...points.values()].map(({ report: { entry, file, line, missing }, points: own }) => ({
      entry,
      file,
      line,
      missing,
      rows: compareStudied(own, targets),
    }));
    return { comparisons, problems };
  }
}

/** Where the entry stands in its file: the class or factory its expression begins with, else the class of the model. */
function entryRange(sources: SourceView, file: string, entry: string, place: Place | null): Range | null {
  const { text, tree } = sources.get(file)!;
  const name = /^[A-Za-z_]\w*/.exec(entry)?.[0];
  for (const s of tree.statements) {
    if (s.defines !== null && s.defines.name !== name) continue;
    if ((s.node.type === 'ClassDef' || s.node.type === 'FunctionDef') && s.node.name === name) {
      return rangeAt(text, s.start + s.node.nameStart, s.start + s.node.nameStart + s.node.name.length);
    }
  }
  if (place === null || place.file.path !== file) return null;
  return rangeAt(text, place.unit.start + place.start, place.unit.start + place.start + 1);
}
