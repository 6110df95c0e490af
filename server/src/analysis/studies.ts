/**
 * Studies of traces: why a figure is what it is, and one model over accelerators, dtypes and batch sizes.
 * Pure functions of traces; the engine runs the code, the shells show what comes back.
 */
import { type Contender, paretoSet } from '../energy/compare.js';
import { explainFigure, type Figure } from '../energy/explain.js';
import { fitsOn, peakOf } from '../energy/memory.js';
import { bandsOf, type CostSum, type Target, totals } from '../energy/price.js';
import type { SourceView } from '../trace/sources.js';
import type { Trace } from '../trace/trace.js';
import { lineOf, memoryParts } from './estimateReport.js';
import { byPlace, type Flows, flatten } from './flatten.js';
import type { CallReport, ComparisonRow, FigureExplanation, FigureName, Interval, Problem } from './model.js';

export interface Studied {
  readonly trace: Trace;
  readonly file: string;
  readonly line: number;
}

const units: Readonly<Record<FigureName, string>> = {
  time: 's',
  energy: 'J',
  power: 'W',
  usd: 'USD per million calls',
  gCO2e: 'gCO2e per million calls',
  memory: 'B',
};

/** The explanation of a figure of the whole entry, or of what runs at one line of the file. */
export function explainStudied(
  studied: Studied,
  target: Target,
  figure: FigureName,
  line: number | null,
  sources: SourceView,
): FigureExplanation {
  const { trace } = studied;
  const common = {
    entry: trace.entry,
    file: studied.file,
    figure,
    unit: units[figure],
    hardware: target.accelerator.id,
  };
  if (line === null || line === studied.line || figure === 'memory')
    return { ...common, line: studied.line, title: trace.entry, ...whole(trace, target, figure) };
  const flows = flowsAtLine(trace, studied.file, line, target, sources);
  if (flows === null)
    return {
      ...common,
      line,
      title: `line ${line}`,
      ...nothing(`nothing that costs runs at line ${line} for ${trace.entry}`),
    };
  return { ...common, line, title: `line ${line} of ${trace.entry}`, ...of(flows, trace, figure) };
}

/** The explanation of a figure of one place that a hover shows. */
export function explainFlows(
  flows: Flows,
  trace: Trace,
  at: { readonly title: string; readonly file: string; readonly line: number },
  target: Target,
  figure: FigureName,
): FigureExplanation {
  return {
    entry: trace.entry,
    figure,
    unit: units[figure],
    hardware: target.accelerator.id,
    ...at,
    ...(figure === 'memory' ? whole(trace, target, figure) : of(flows, trace, figure)),
  };
}

type Body = Omit<FigureExplanation, 'entry' | 'file' | 'line' | 'title' | 'figure' | 'unit' | 'hardware'>;

function nothing(why: string): Body {
  return {
    value: null,
    why,
    formula: '',
    inputs: [],
    constants: [],
    steps: [],
    classes: [],
    interval: '',
    sources: [],
  };
}

function whole(trace: Trace, target: Target, figure: FigureName): Body {
  if (trace.missing !== null || trace.root === null) return nothing(trace.missing ?? 'the model could not be run');
  const { total } = flatten(trace, target);
  return figure === 'memory' ? memory(trace, total, target) : of(total, trace, figure);
}

/** Everything whose place begins on the line: calls of modules count once, with what runs inside. */
function flowsAtLine(trace: Trace, file: string, line: number, target: Target, sources: SourceView): Flows | null {
  let best: Flows | null = null;
  for (const { place, flows, kind } of byPlace(trace, file, target)) {
    if (kind !== 'call' || lineOf(sources, place) !== line) continue;
    if (best === null || flows.sum.time_s > best.sum.time_s) best = flows;
  }
  return best;
}

function of(flows: Flows, trace: Trace, figure: Exclude<FigureName, 'memory'>): Body {
  const { sum } = flows;
  const figures = totals(sum);
  const values: Record<Figure, Interval | null> = {
    time: figures.time_s,
    energy: figures.energy_J,
    power: figures.power_W,
    usd: figures.usdPerMillion,
    gCO2e: figures.gCO2ePerMillion,
  };
  const told = explainFigure(figure, sum);
  const known = (x: number) => (Number.isNaN(x) ? null : x);
  const value = values[figure];
  return {
    value,
    why: value === null ? whyUnknown(sum, trace, figure) : null,
    formula: told.formula,
    inputs: [
      { name: 'FLOPs', value: known(sum.flops), unit: 'FLOP' },
      { name: 'memory traffic', value: known(sum.bytes), unit: 'B' },
      { name: 'kernel launches', value: known(sum.launches), unit: '' },
      { name: 'time', value: known(sum.time_s), unit: 's' },
      { name: 'of it limited by arithmetic', value: known(sum.compute_s), unit: 's' },
      { name: 'of it limited by memory bandwidth', value: known(sum.memory_s), unit: 's' },
      { name: 'of it waiting for the host', value: known(sum.overhead_s), unit: 's' },
      { name: 'energy of the accelerator board', value: known(sum.energy_J), unit: 'J' },
    ],
    constants: told.constants.map((one) => ({ ...one, value: known(one.value) })),
    steps: told.steps,
    classes: told.classes,
    interval: told.interval,
    sources: told.sources,
  };
}

function whyUnknown(sum: CostSum, trace: Trace, figure: FigureName): string {
  if (sum.gaps > 0) {
    const [gap] = trace.gaps.filter((one) => one.isOperator);
    return `${sum.gaps} operator call${sum.gaps === 1 ? ' is' : 's are'} not understood${gap === undefined ? '' : ` (${gap.what}: ${gap.why})`}`;
  }
  if (figure === 'usd' && sum.target.price === null)
    return 'no price is listed for the accelerator; add one to ecocompute.hardware.json';
  if (figure !== 'time' && sum.target.accelerator.tdp_W === null)
    return 'no power limit is published for the accelerator';
  return 'an extent that the figure rests on is not known';
}

function memory(trace: Trace, flows: Flows, target: Target): Body {
  const parts = memoryParts(trace, flows);
  const peak = parts === null ? null : peakOf(parts);
  if (parts === null || peak === null) return nothing('an extent or the parameters are not known');
  return {
    ...nothing(''),
    value: peak,
    why: null,
    formula:
      'weights + buffers + inputs + optimiser state + KV cache + activations at the worst moment (each tensor from the kernel that makes it to its last use; arguments as long as their call; what autograd keeps until its backward has run; gradients from there on)',
    inputs: [
      { name: 'weights', value: parts.weights_bytes, unit: 'B' },
      { name: 'buffers', value: parts.buffers_bytes, unit: 'B' },
      { name: 'inputs', value: parts.inputs_bytes, unit: 'B' },
      { name: 'activations at the worst moment', value: parts.activations_bytes, unit: 'B' },
      { name: 'the same, each tensor gone with its last use', value: parts.leastActivations_bytes, unit: 'B' },
      { name: 'largest tensors of one kernel', value: parts.working_bytes, unit: 'B' },
      { name: 'optimiser state', value: parts.optimiser_bytes, unit: 'B' },
      {
        name: `memory of ${target.accelerator.name} (${fitsOn(peak, target.accelerator)})`,
        value: target.accelerator.memory_GB * 1e9,
        unit: 'B',
      },
    ],
    interval:
      'low: every tensor goes with its last use; high: a tenth more of what comes and goes, for the rounding of the caching allocator, and one more working set for library workspaces',
    sources: ['counted from the trace; nothing in it is fitted'],
  };
}

/** One point of a comparison. */
export interface Point {
  readonly trace: Trace;
  readonly dtype: string | null;
  readonly batch: number | null;
}

/** Batch sizes only change inputs that are guessed: where they change nothing, that is said. */
export function sameBatch({ entry, file, line }: CallReport, points: readonly Point[]): Problem[] {
  const shapes = new Set(points.map(shapesOf));
  const batches = new Set(points.map((one) => one.batch));
  if (shapes.size > 1 || batches.size < 2) return [];
  return [
    {
      file,
      line,
      message: `${entry}: --batch changes inputs that are guessed, and these are given: all rows are of the same inputs.`,
    },
  ];
}

const shapesOf = ({ trace }: Point): string => JSON.stringify(trace.inputs.map((one) => one.shape));

/** Every point on every target, the Pareto set marked; per call, and per sample where batch sizes differ. */
export function compareStudied(points: readonly Point[], targets: readonly Target[]): ComparisonRow[] {
  const rows = points.flatMap((point) => targets.map((target) => row(point, target)));
  // a batch size that changed nothing is no number of samples
  const isReal = new Set(points.map(shapesOf)).size > 1;
  const contenders = rows.map((one): Contender => {
    const samples = isReal ? (one.batch ?? 1) : 1;
    const share = (x: Interval | null) => (x === null ? null : x.value / samples);
    return {
      time_s: share(one.time_s),
      energy_J: share(one.energy_J),
      usd: share(one.per_million.usd),
      fits: one.fits,
    };
  });
  const best = paretoSet(contenders);
  return rows.map((one, i) => ({ ...one, pareto: best[i] === true }));
}

function row({ trace, dtype, batch }: Point, target: Target): ComparisonRow {
  const isBroken = trace.error !== null || trace.missing !== null || trace.root === null;
  const { total } = flatten(trace, target);
  const figures = totals(total.sum);
  const parts = isBroken ? null : memoryParts(trace, total);
  const peak = parts === null ? null : peakOf(parts);
  const sure = <T>(x: T): T | null => (isBroken ? null : x);
  return {
    hardware: target.accelerator.id,
    name: target.accelerator.name,
    dtype,
    batch,
    inputs: trace.inputs.map((one) => ({
      name: one.name,
      shape: one.shape?.map((x) => (Number.isNaN(x) ? null : x)) ?? null,
    })),
    time_s: sure(figures.time_s),
    energy_J: sure(figures.energy_J),
    power_W: sure(figures.power_W),
    per_million: { usd: sure(figures.usdPerMillion), gCO2e: sure(figures.gCO2ePerMillion) },
    peakMemory_bytes: peak,
    fits: peak === null ? null : fitsOn(peak, target.accelerator),
    basis: bandsOf(total.sum).basis,
    pareto: false,
  };
}
