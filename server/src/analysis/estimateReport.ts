/** A trace and a target to the figures people and machines read. */
import { fitsOn, type MemoryParts, peakOf, smallestThatFit } from '../energy/memory.js';
import { type Interval as EnergyInterval, type Target, totals } from '../energy/price.js';
import type { Accelerator } from '../hardware/accelerators.js';
import type { Place } from '../python/place.js';
import { dtypes } from '../torch/dtype.js';
import type { Kernel } from '../torch/kernel.js';
import { parseDtype } from '../trace/inputSpec.js';
import type { SourceView } from '../trace/sources.js';
import { isOpenEnded, type Trace, type TraceNode } from '../trace/trace.js';
import { type Flat, type Flows, flatten } from './flatten.js';
import { type Lifetimes, lifetimesOf } from './lifetimes.js';
import { positionAt } from './lines.js';
import type {
  CallReport,
  EstimateReport,
  Interval,
  MemoryFigures,
  MemoryReport,
  ModuleReport,
  Range,
  TensorReport,
} from './model.js';
import { stepMemory, trainingReport } from './trainingReport.js';

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

/** Worst moments of traces: the same whatever they are priced on. */
const lifetimes = new WeakMap<Trace, Lifetimes | null>();

/** What lies in memory at the worst moment of the trace; null when the model was not built. */
export function memoryParts(trace: Trace, flows: Flows): MemoryParts | null {
  const { params } = trace;
  if (params === null) return null;
  let life = lifetimes.get(trace);
  if (life === undefined) {
    life = lifetimesOf(trace);
    lifetimes.set(trace, life);
  }
  const step = trace.step === undefined ? null : stepMemory(trace);
  const working = flows.largestWorkingSet;
  const trains = trace.phase === 'training';
  // too long to walk, or an extent is not known: what is kept and the largest working set bound it
  const kept = step === null ? (trains ? flows.savedBytes + params.bytes : 0) : step.saved + step.gradients;
  return {
    weights_bytes: params.bytes,
    buffers_bytes: params.bufferBytes,
    inputs_bytes: trace.inputs.reduce((n, i) => n + bytesOf(i), 0),
    activations_bytes: (trains ? life?.withBackward_bytes : life?.live_bytes) ?? kept + working,
    leastActivations_bytes: (trains ? life?.withBackward_bytes : life?.least_bytes) ?? kept + working / 2,
    // weights are read where they lie: no workspace is as large as they are
    working_bytes: life?.working_bytes ?? working,
    optimiser_bytes: step === null ? 0 : step.optimizers.reduce((n, o) => n + o.stateBytes, 0),
    kvCache_bytes: 0,
  };
}

/** Bytes of an input; what is no tensor takes none. */
function bytesOf({ shape, dtype }: { readonly shape: readonly number[] | null; readonly dtype: string }): number {
  const known = parseDtype(dtype);
  if (known === null || shape === null) return 0;
  return shape.reduce((n, extent) => n * extent, 1) * dtypes[known].itemsize;
}

/** Peak memory in its parts, and whether it fits on the accelerator it was priced for. */
function memoryFigures(parts: MemoryParts | null, accelerator: Accelerator): MemoryFigures {
  const peak = parts === null ? null : peakOf(parts);
  if (parts === null || peak === null) return { peakMemory_bytes: peak, memory: null };
  const fits = fitsOn(peak, accelerator);
  const memory: MemoryReport = {
    weights_bytes: parts.weights_bytes + parts.buffers_bytes,
    inputs_bytes: parts.inputs_bytes,
    activations_bytes: parts.activations_bytes,
    optimiser_bytes: parts.optimiser_bytes,
    fits,
    memory_bytes: accelerator.memory_GB * 1e9,
    fitsOn: fits === 'fits' ? [] : smallestThatFit(peak).map((one) => one.id),
  };
  return { peakMemory_bytes: peak, memory };
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

/** The figures of a trace; those of memory are worked out when they are first asked for. */
export interface Estimated {
  readonly report: CallReport;
  readonly memory: () => MemoryFigures;
}

export function wholeReport({ report, memory }: Estimated): EstimateReport {
  return { ...report, ...memory() };
}

export function estimateReport(input: EstimateInput): Estimated & { readonly flat: Flat } {
  const { trace, target, sources } = input;
  const flat = flatten(trace, target);
  const { total } = flat;
  const broken = trace.error !== null || trace.missing !== null || trace.root === null;
  const dear = totals(total.sum);
  const cheap = flat.cheap === null ? null : totals(flat.cheap.sum);
  const building = trace.gaps.filter((g) => g.isOperator && g.building === true).length;
  const unknownOps = total.unknownOps + building + (trace.error !== null && trace.missing === null ? 1 : 0);
  const figure = (x: number): number | null => (broken || unknownOps > 0 ? null : known(x));
  const interval = (a: EnergyInterval | null, b: EnergyInterval | null | undefined): Interval | null =>
    broken ? null : span(a, b ?? null);
  const unknown = flat.gaps
    .filter((g) => g.isOperator || isOpenEnded(g))
    .map((g) => ({ what: g.what, line: lineOf(sources, g.place), why: g.why }));
  if (trace.error !== null && trace.missing === null) {
    unknown.unshift({ what: trace.error.type, line: lineOf(sources, trace.error.place), why: trace.error.message });
  }
  let share: number | null = 1;
  const isOpen = total.loops || trace.gaps.some((g) => g.building === true && isOpenEnded(g));
  if (broken || unknownOps > 0 || isOpen || Number.isNaN(total.flopsForward)) share = null;
  else if (flat.cheap !== null)
    share = flat.cheap.flopsForward < total.flopsForward ? flat.cheap.flopsForward / total.flopsForward : null;
  if (share !== 1 && unknown.length === 0)
    for (const n of undecided(trace)) unknown.push({ what: n.what, line: lineOf(sources, n.place), why: n.why });
  const training = trace.phase === 'training';
  const time_s = interval(dear.time_s, cheap?.time_s);
  const energy_J = interval(dear.energy_J, cheap?.energy_J);
  const report: CallReport = {
    entry: trace.entry,
    kind: trace.step === undefined ? 'model' : 'training step',
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
    time_s,
    energy_J,
    power_W: broken ? null : dear.power_W,
    per_million: {
      usd: interval(dear.usdPerMillion, cheap?.usdPerMillion),
      gCO2e: interval(dear.gCO2ePerMillion, cheap?.gCO2ePerMillion),
    },
    coverage: { ops: total.ops, unknownOps, knownFlopShare: share, unknown: unknown.slice(0, 50) },
    assumptions: trace.assumptions.map((a) => ({ text: a.text, source: a.source })),
    modules: input.modules === false || (broken && trace.root === null) ? [] : moduleReports(flat, sources),
    training: trainingReport(trace, { time_s, energy_J, bytes: figure(total.bytesOptimizer) }, (place) =>
      lineOf(sources, place),
    ),
    missing: trace.missing ?? (trace.error !== null ? `${trace.error.type}: ${trace.error.message}` : null),
    range: input.range,
  };
  let figures: MemoryFigures | null = null;
  const memory = (): MemoryFigures => {
    figures ??= memoryFigures(broken ? null : memoryParts(trace, total), target.accelerator);
    return figures;
  };
  return { report, memory, flat };
}

/** What leaves figures open though everything was understood: conditions on data, else the first work on an extent that depends on data. */
function undecided(trace: Trace): { what: string; why: string; place: Place | null }[] {
  const branches = trace.gaps.filter((g) => g.what === 'branch');
  if (branches.length > 0) return branches;
  const first = trace.root === null ? null : firstOpen(trace.root.body.children, null, new Set());
  return first === null
    ? []
    : [{ what: 'extent', why: `the work of ${first.kernel.name} rests on data`, place: first.place }];
}

/** The first operator whose work is not known, and the user's line that leads to it. */
function firstOpen(
  nodes: readonly TraceNode[],
  outer: Place | null,
  seen: Set<object>,
): { kernel: Kernel; place: Place | null } | null {
  for (const n of nodes) {
    if (n.kind === 'op') {
      if (Number.isNaN(n.kernel.flops)) return { kernel: n.kernel, place: n.place ?? outer };
      continue;
    }
    if (n.kind === 'gap' || n.kind === 'assumption') continue;
    const place = n.kind === 'branch' ? outer : (n.callPlace ?? outer);
    for (const inner of n.kind === 'branch' ? n.alternatives : [n.body.children]) {
      if (seen.has(inner)) continue;
      seen.add(inner);
      const found = firstOpen(inner, place, seen);
      if (found !== null) return found;
    }
  }
  return null;
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
