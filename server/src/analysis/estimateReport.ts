/** A trace and a target to the figures people and machines read. */
import { type Interval as EnergyInterval, type Target, totals } from '../energy/price.js';
import type { Place } from '../python/place.js';
import type { SourceView } from '../trace/sources.js';
import type { Trace } from '../trace/trace.js';
import { type Flat, type Flows, flatten } from './flatten.js';
import { positionAt } from './lines.js';
import type { EstimateReport, Interval, ModuleReport, Range, TensorReport } from './model.js';

export const known = (x: number): number | null => (Number.isNaN(x) ? null : x);

export function tensorReport(t: {
  readonly name?: string;
  readonly shape: readonly number[] | null;
  readonly dtype: string;
}): TensorReport {
  const shape = t.shape === null ? null : t.shape.map(known);
  return t.name === undefined ? { shape, dtype: t.dtype } : { name: t.name, shape, dtype: t.dtype };
}

/** 1-based line of a place in whatever file it stands. */
export function lineOf(sources: SourceView, place: Place | null): number {
  if (place === null) return 0;
  const source = sources.get(place.file.path);
  if (source === null) return 0;
  return positionAt(source.text, place.unit.start + place.start).line + 1;
}

/** Weights, buffers, inputs and the largest working set; when autograd records, what it keeps and the gradients. */
export function peakMemory(trace: Trace, flows: Flows): Interval | null {
  if (trace.params === null) return null;
  const fixed = trace.params.bytes + trace.params.bufferBytes;
  if (Number.isNaN(fixed)) return null;
  const working = flows.largestWorkingSet;
  if (Number.isNaN(working)) return null;
  if (trace.phase === 'training') {
    const kept = flows.savedBytes + trace.params.bytes;
    if (Number.isNaN(kept)) return null;
    return { value: fixed + kept + working / 2, low: fixed + kept, high: fixed + kept * 1.3 + working };
  }
  // a kernel's tensors live together; weights among them are counted once
  return { value: fixed + working / 2, low: fixed, high: fixed + 2 * working };
}

export interface EstimateInput {
  readonly trace: Trace;
  readonly target: Target;
  readonly sources: SourceView;
  readonly file: string;
  readonly line: number;
  readonly range: Range;
  readonly dtype: string;
  /** False leaves the module table out: editors do not show it on every keystroke. */
  readonly modules?: boolean;
}

/** Widens an interval down to the cheaper side of undecided branches. */
function span(dear: EnergyInterval | null, cheap: EnergyInterval | null): Interval | null {
  if (dear === null) return null;
  return cheap === null ? dear : { value: dear.value, low: Math.min(dear.low, cheap.low), high: dear.high };
}

export function estimateReport(input: EstimateInput): { report: EstimateReport; flat: Flat } {
  const { trace, target, sources } = input;
  const flat = flatten(trace, target);
  const { total } = flat;
  const broken = trace.error !== null || trace.missing !== null || trace.root === null;
  const dear = totals(total.sum);
  const cheap = flat.cheap === null ? null : totals(flat.cheap.sum);
  const unknownOps = total.unknownOps + (trace.error !== null && trace.missing === null ? 1 : 0);
  const figure = (x: number): number | null => (broken || unknownOps > 0 ? null : known(x));
  const interval = (a: EnergyInterval | null, b: EnergyInterval | null | undefined): Interval | null =>
    broken ? null : span(a, b ?? null);
  const unknown = flat.gaps
    .filter((g) => g.isOperator || g.what === 'loop')
    .map((g) => ({ what: g.what, line: lineOf(sources, g.place), why: g.why }));
  if (trace.error !== null && trace.missing === null) {
    unknown.unshift({ what: trace.error.type, line: lineOf(sources, trace.error.place), why: trace.error.message });
  }
  let share: number | null = 1;
  if (broken || unknownOps > 0 || total.loops || Number.isNaN(total.flopsForward)) share = null;
  else if (flat.cheap !== null)
    share = flat.cheap.flopsForward < total.flopsForward ? flat.cheap.flopsForward / total.flopsForward : null;
  const training = trace.phase === 'training';
  const report: EstimateReport = {
    entry: trace.entry,
    file: input.file,
    line: input.line,
    phase: trace.phase,
    hardware: target.accelerator.id,
    dtype: input.dtype,
    inputs: trace.inputs.map((i) => ({
      name: i.name,
      shape: i.shape === null ? null : i.shape.map(known),
      dtype: i.dtype,
      source: i.source,
    })),
    outputs: trace.outputs.map(tensorReport),
    params:
      trace.params === null || Number.isNaN(trace.params.total)
        ? null
        : { total: trace.params.total, trainable: trace.params.trainable },
    flops: {
      forward: figure(total.flopsForward),
      backward: training ? figure(total.flopsBackward) : null,
      elementwise: figure(total.elementwise),
    },
    bytes: { forward: figure(total.bytesForward), backward: training ? figure(total.bytesBackward) : null },
    peakMemory_bytes: broken ? null : peakMemory(trace, total),
    time_s: interval(dear.time_s, cheap?.time_s),
    energy_J: interval(dear.energy_J, cheap?.energy_J),
    power_W: broken ? null : dear.power_W,
    per_million: {
      usd: interval(dear.usdPerMillion, cheap?.usdPerMillion),
      gCO2e: interval(dear.gCO2ePerMillion, cheap?.gCO2ePerMillion),
    },
    coverage: { ops: total.ops, unknownOps, knownFlopShare: share, unknown: unknown.slice(0, 50) },
    assumptions: trace.assumptions.map((a) => ({ text: a.text, source: a.source })),
    modules: input.modules === false || (broken && trace.root === null) ? [] : moduleReports(flat, sources),
    missing: trace.missing ?? (trace.error !== null ? `${trace.error.type}: ${trace.error.message}` : null),
    range: input.range,
  };
  return { report, flat };
}

function moduleReports(flat: Flat, sources: SourceView): ModuleReport[] {
  return [...flat.modules().values()].map((m) => {
    const { flows } = m;
    const cost = flows.sum.cost();
    const sure = (x: number): number | null => (flows.unknownOps > 0 ? null : known(x));
    return {
      path: m.path,
      type: m.scope.typeName,
      line: lineOf(sources, m.scope.definedAt),
      calls: m.calls,
      params: m.scope.body.params,
      flops: sure(flows.flopsForward),
      bytes: sure(flows.bytesForward),
      time_s: cost.time_s,
      energy_J: cost.energy_J,
      bound: cost.bound,
    };
  });
}
