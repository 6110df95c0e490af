/** What a hover shows: the smallest call, constructor, class or factory around a position that the trace knows. */
import { totals } from '../energy/price.js';
import type { AnalysedEntry, DocumentAnalysis } from './documentAnalysis.js';
import { known, tensorReport } from './estimateReport.js';
import type { Flows, PlaceFlows } from './flatten.js';
import { rangeAt } from './lines.js';
import type { HoverReport, Range } from './model.js';

/** What a hover shows at a place, as flows: a model by its name, else the smallest call around the place. */
export function flowsAt(
  a: DocumentAnalysis,
  text: string,
  offset: number,
): { entry: AnalysedEntry; flows: Flows; title: string; range: Range } | null {
  const named = entryAt(a, offset);
  if (named !== undefined) {
    const range = rangeAt(text, named.point.nameStart, named.point.nameEnd);
    return { entry: named, flows: named.flat.total, title: titleOf(named), range };
  }
  const best = placeAt(a, offset);
  if (best === null) return null;
  const { entry, place, start, end } = best;
  return {
    entry,
    flows: place.flows,
    title: titleOfPlace(place, text.slice(start, end)),
    range: rangeAt(text, start, end),
  };
}

export function hoverAt(a: DocumentAnalysis, text: string, offset: number): HoverReport | null {
  const named = entryAt(a, offset);
  if (named !== undefined) return modelHover(a, named, text);
  const best = placeAt(a, offset);
  if (best === null) return null;
  const { entry, place, start, end } = best;
  const scope = place.scope;
  return {
    ...figures(a, entry, place.flows),
    range: rangeAt(text, start, end),
    title: titleOfPlace(place, text.slice(start, end)),
    kind: scope !== null ? 'module' : 'call',
    entry: entry.trace.entry,
    inputs: place.inputs.map(tensorReport),
    outputs: place.outputs.map(tensorReport),
    calls: place.calls,
    params: scope === null ? null : scope.body.params,
    assumptions: entry.trace.assumptions.map((x) => x.text),
    unknown:
      place.flows.unknownOps > 0
        ? entry.trace.gaps
            .filter((g) => g.isOperator)
            .map((g) => `${g.what}: ${g.why}`)
            .slice(0, 4)
        : [],
  };
}

function entryAt(a: DocumentAnalysis, offset: number): AnalysedEntry | undefined {
  return a.entries.find((e) => offset >= e.point.nameStart && offset <= e.point.nameEnd);
}

function titleOfPlace({ scope }: PlaceFlows, source: string): string {
  const head = /^[\w.]+/.exec(source)?.[0] ?? source.split('\n')[0]!.slice(0, 40);
  return scope !== null ? `${scope.typeName}${scope.name === '' ? '' : `  ${scope.name}`}` : head;
}

function placeAt(
  a: DocumentAnalysis,
  offset: number,
): { entry: AnalysedEntry; place: PlaceFlows; start: number; end: number } | null {
  let best: { entry: AnalysedEntry; place: PlaceFlows; start: number; end: number } | null = null;
  for (const { entry, places } of a.places) {
    for (const place of places) {
      const start = place.place.unit.start + place.place.start;
      const end = place.place.unit.start + place.place.end;
      if (offset < start || offset > end) continue;
      const size = end - start;
      const bestSize = best === null ? Number.POSITIVE_INFINITY : best.end - best.start;
      // several entries may pass here: the one that does most says most
      if (
        size < bestSize ||
        (size === bestSize && best !== null && place.flows.flopsForward > best.place.flows.flopsForward)
      )
        best = { entry, place, start, end };
    }
  }
  return best;
}

function modelHover(a: DocumentAnalysis, e: AnalysedEntry, text: string): HoverReport {
  const { report, trace } = e;
  const { memory, peakMemory_bytes } = e.memory();
  return {
    ...figures(a, e, e.flat.total),
    range: rangeAt(text, e.point.nameStart, e.point.nameEnd),
    title: titleOf(e),
    training: report.training,
    kind: 'model',
    entry: trace.entry,
    inputs: report.inputs.map((i) => ({ name: i.name, shape: i.shape, dtype: i.dtype })),
    outputs: report.outputs,
    calls: 1,
    memory: memory === null ? null : { ...memory, peak: peakMemory_bytes },
    params: report.params?.total ?? null,
    assumptions: trace.assumptions.map((x) => x.text),
    unknown:
      report.missing !== null
        ? [report.missing]
        : report.coverage.unknown.map((u) => `${u.what}: ${u.why}${u.line > 0 ? ` (line ${u.line})` : ''}`).slice(0, 4),
  };
}

function titleOf({ point, trace }: AnalysedEntry): string {
  if (point.kind === 'training') return `training step  ${trace.entry}`;
  return point.kind === 'class' ? `class ${point.name}` : trace.entry;
}

function figures(
  _a: DocumentAnalysis,
  e: AnalysedEntry,
  flows: Flows,
): Pick<
  HoverReport,
  | 'flops'
  | 'bytes'
  | 'intensity'
  | 'bound'
  | 'time_s'
  | 'energy_J'
  | 'usdPerMillion'
  | 'gCO2ePerMillion'
  | 'energyShare'
  | 'basis'
> {
  const t = totals(flows.sum);
  const sure = flows.unknownOps === 0;
  const work = e.trace.step === undefined ? flows.flopsForward : flows.flopsForward + flows.flopsBackward;
  const flops = sure ? known(work) : null;
  // what the device moves: of a gather the rows it touches, not the whole table
  const bytes = sure ? known(flows.sum.bytes) : null;
  const whole = e.flat.total.sum.energy_J;
  const broken = e.trace.missing !== null;
  return {
    flops: broken ? null : flops,
    bytes: broken ? null : bytes,
    intensity: flops === null || bytes === null || bytes === 0 ? null : flops / bytes,
    bound: t.bound,
    time_s: broken ? null : t.time_s,
    energy_J: broken ? null : t.energy_J,
    usdPerMillion: broken ? null : t.usdPerMillion,
    gCO2ePerMillion: broken ? null : t.gCO2ePerMillion,
    energyShare: t.energy_J === null || !(whole > 0) ? null : Math.min(1, t.energy_J.value / whole),
    basis: t.basis,
  };
}
