/**
 * What the engine answers, as plain data: it crosses the worker boundary and is what the
 * shells (lsp, cli, mcp) render. Positions are 0-based lines and UTF-16 columns.
 * A figure that is not known is null, never 0.
 */
import type { Monthly } from '../energy/monthly.js';
import type { ParallelEstimate, ParallelMode } from '../energy/parallel.js';
import type { AcceleratorSummary } from '../hardware/accelerators.js';

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
export interface Position {
  readonly line: number;
  readonly column: number;
}
export interface Range {
  readonly start: Position;
  readonly end: Position;
}
export interface TensorReport {
  readonly name?: string;
  readonly shape: readonly (number | null)[] | null;
  readonly dtype: string;
}
export type Bound = 'compute' | 'memory' | 'overhead';

export interface ModuleReport {
  readonly path: string;
  readonly type: string;
  readonly line: number;
  readonly calls: number;
  readonly params: number;
  readonly flops: number | null;
  readonly bytes: number | null;
  readonly time_s: number | null;
  readonly energy_J: number | null;
  readonly bound: Bound | null;
}

/** Peak memory in its parts, and whether it fits. */
export interface MemoryReport {
  /** Parameters and buffers. */
  readonly weights_bytes: number;
  readonly inputs_bytes: number;
  /** At the worst moment, with what autograd keeps and the gradients that are there by then. */
  readonly activations_bytes: number;
  readonly optimiser_bytes: number;
  /** On the accelerator that was priced; `tight`: the value fits, the upper end of the interval does not. */
  readonly fits: 'fits' | 'tight' | 'does not fit';
  readonly memory_bytes: number;
  /** The smallest accelerators that it fits on, where it does not fit. */
  readonly fitsOn: readonly string[];
}

/** A training step that stands in the code: a loop that computes gradients and steps an optimiser. */
export interface TrainingReport {
  /** 1-based line of the loop; 0 when the step stands in no loop. */
  readonly loopLine: number;
  /** Turns of the loop that make one step: more than one when gradients accumulate. */
  readonly iterationsPerStep: number;
  readonly stepsPerEpoch: number | null;
  readonly epochs: number | null;
  /** Steps of the whole run; of one epoch when the code does not say how many there are. */
  readonly steps: number | null;
  readonly optimizers: readonly {
    readonly name: string;
    readonly params: number;
    readonly state_bytes: number | null;
  }[];
  /** What the optimisers read and write in one step. */
  readonly optimizerBytes: number | null;
  /** All steps together. */
  readonly run: { readonly time_s: Interval | null; readonly energy_J: Interval | null };
}

/** Peak memory: apart, because it takes a walk over the whole trace that a keystroke need not wait for. */
export interface MemoryFigures {
  readonly peakMemory_bytes: Interval | null;
  readonly memory: MemoryReport | null;
}

/** One element of `estimates` in the JSON of `ecocompute estimate` (docs: the command-line contract), plus what editors need. */
export interface EstimateReport extends CallReport, MemoryFigures {}

/** What one call or training step of an entry computes and costs. */
export interface CallReport {
  readonly entry: string;
  readonly kind: 'model' | 'training step';
  readonly file: string;
  /** 1-based, as in the JSON contract. */
  readonly line: number;
  readonly phase: 'inference' | 'training';
  readonly hardware: string;
  readonly dtype: string;
  readonly inputs: readonly { name: string; shape: readonly (number | null)[] | null; dtype: string; source: string }[];
  readonly outputs: readonly TensorReport[];
  readonly params: { readonly total: number; readonly trainable: number } | null;
  readonly flops: {
    readonly forward: number | null;
    readonly backward: number | null;
    readonly elementwise: number | null;
  };
  readonly bytes: { readonly forward: number | null; readonly backward: number | null };
  readonly time_s: Interval | null;
  readonly energy_J: Interval | null;
  readonly power_W: Interval | null;
  readonly per_million: { readonly usd: Interval | null; readonly gCO2e: Interval | null };
  readonly coverage: {
    readonly ops: number;
    readonly unknownOps: number;
    readonly knownFlopShare: number | null;
    readonly unknown: readonly { what: string; line: number; why: string }[];
  };
  readonly assumptions: readonly { text: string; source: string }[];
  readonly modules: readonly ModuleReport[];
  /** Set for training steps found in code. */
  readonly training: TrainingReport | null;
  /** Why there is no number: "needs argument cfg"; null when there is one. */
  readonly missing: string | null;
  /** Where a lens goes: the class or factory name. */
  readonly range: Range;
}

/** What a hover shows for the layer, call, class or factory at a place. */
export interface HoverReport {
  readonly range: Range;
  /** `Conv2d  layer1.0.conv1`, `F.softmax`, `class Llama`, `resnet50()` … */
  readonly title: string;
  readonly kind: 'model' | 'module' | 'call' | 'line';
  /** The entry whose estimate this is part of. */
  readonly entry: string;
  readonly inputs: readonly TensorReport[];
  readonly outputs: readonly TensorReport[];
  /** How often it runs in one call of the entry. */
  readonly calls: number;
  readonly params: number | null;
  readonly flops: number | null;
  readonly bytes: number | null;
  /** FLOP per byte. */
  readonly intensity: number | null;
  readonly bound: Bound | null;
  readonly time_s: Interval | null;
  readonly energy_J: Interval | null;
  readonly usdPerMillion: Interval | null;
  readonly gCO2ePerMillion: Interval | null;
  /** Share of the entry's energy, 0..1. */
  readonly energyShare: number | null;
  readonly assumptions: readonly string[];
  readonly unknown: readonly string[];
  /** One line: what the interval rests on. */
  readonly basis: string;
  /** On the loop of a training step. */
  readonly training?: TrainingReport | null;
  /** On a model: peak memory in its parts, and whether it fits. */
  readonly memory?: (MemoryReport & { readonly peak: Interval | null }) | null;
}

/** What `explain` is asked about. */
export type FigureName = 'time' | 'energy' | 'power' | 'usd' | 'gCO2e' | 'memory';

/** A figure traced to its formula, constants, the rows they were fitted on and sources. */
export interface FigureExplanation {
  readonly entry: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** What the figure is of: the entry, a call, a line. */
  readonly title: string;
  readonly figure: FigureName;
  readonly unit: string;
  readonly hardware: string;
  readonly value: Interval | null;
  /** Why there is no value; null when there is one. */
  readonly why: string | null;
  readonly formula: string;
  /** What the trace counted: FLOPs, bytes, launches, seconds by limit; of memory its parts. */
  readonly inputs: readonly { readonly name: string; readonly value: number | null; readonly unit: string }[];
  readonly constants: readonly {
    readonly name: string;
    /** null: a surface of many constants, or not published. */
    readonly value: number | null;
    readonly unit: string;
    /** Rows it was fitted on, or the source it was read from. */
    readonly from: string;
    readonly verified: boolean;
  }[];
  /** Named steps to money and grams, multiplied in this order. */
  readonly steps: readonly {
    readonly name: string;
    readonly factor: number;
    readonly unit: string;
    readonly source: string;
  }[];
  /** Seconds by class of kernel. */
  readonly classes: readonly { readonly class: string; readonly time_s: number; readonly share: number }[];
  /** What the interval rests on. */
  readonly interval: string;
  readonly sources: readonly string[];
}

/** One model on one accelerator, in one dtype, at one batch size. */
export interface ComparisonRow {
  readonly hardware: string;
  readonly name: string;
  /** null: as the code has it. */
  readonly dtype: string | null;
  readonly batch: number | null;
  readonly inputs: readonly { readonly name: string; readonly shape: readonly (number | null)[] | null }[];
  readonly time_s: Interval | null;
  readonly energy_J: Interval | null;
  readonly power_W: Interval | null;
  readonly per_million: { readonly usd: Interval | null; readonly gCO2e: Interval | null };
  readonly peakMemory_bytes: Interval | null;
  readonly fits: 'fits' | 'tight' | 'does not fit' | null;
  /** What the interval rests on. */
  readonly basis: string;
  /** No other row is at least as good in time, energy and price, per sample, and better in one. */
  readonly pareto: boolean;
}

export interface Comparison {
  readonly entry: string;
  readonly file: string;
  readonly line: number;
  readonly missing: string | null;
  readonly rows: readonly ComparisonRow[];
}

/** A training run: steps × epochs. */
export interface RunReport {
  readonly stepsPerEpoch: number | null;
  readonly epochs: number;
  readonly steps: number | null;
  /** Why there is no figure. */
  readonly why: string | null;
  readonly time_s: Interval | null;
  readonly energy_J: Interval | null;
  readonly usd: Interval | null;
  readonly gCO2e: Interval | null;
}

interface ServingPoint {
  readonly batch: number;
  readonly prompt: number;
  readonly generate: number;
  readonly joulesPerToken: Interval;
  readonly tokensPerSecond: Interval;
  readonly fits: boolean;
}

/** A language model behind a serving engine; `why`: it is not one, or something is not known. */
export type ServingReport =
  | { readonly why: string }
  | {
      readonly why: null;
      readonly prompt: number;
      readonly generate: number;
      readonly batch: number;
      readonly gpus: number;
      readonly dtype: string;
      readonly weightBytes: number;
      /** The prompt of one sequence. */
      readonly prefill: { readonly time_s: number; readonly energy_J: number };
      /** One token for every sequence of the batch. */
      readonly decodeStep: { readonly time_s: number; readonly energy_J: number; readonly kvRead_bytes: number };
      readonly joulesPerToken: Interval;
      readonly tokensPerSecond: Interval;
      readonly power_W: Interval;
      readonly kvCache_bytes: number;
      readonly weights_bytes: number;
      readonly fits: boolean;
      readonly perMillionTokens: { readonly usd: Interval | null; readonly gCO2e: Interval };
      readonly byBatch: readonly ServingPoint[];
      readonly byContext: readonly ServingPoint[];
      readonly basis: string;
      readonly notes: readonly string[];
    };

/** A loop of the code around the model: denoising steps, tokens of `generate()`. */
export interface LoopReport {
  readonly kind: 'loop' | 'generate';
  readonly line: number;
  readonly turns: number;
  readonly calls: number;
  readonly time_s: Interval | null;
  readonly energy_J: Interval | null;
  readonly note: string;
}

/** What a call comes to when it is used. */
export interface WorkloadReport {
  readonly run: RunReport | null;
  readonly serving: ServingReport | null;
  readonly loops: readonly LoopReport[];
  readonly parallel: ParallelEstimate | { readonly why: string } | null;
  readonly parallelInCode: {
    readonly mode: ParallelMode;
    readonly devices: number | null;
    readonly line: number;
    readonly what: string;
  } | null;
  readonly monthly: Monthly | null;
}

export type Severity = 'error' | 'warning' | 'information' | 'hint';
export interface EditReport {
  readonly range: Range;
  readonly newText: string;
}
export interface SavingReport {
  readonly entry: string;
  readonly per: 'call' | 'step' | 'run';
  readonly energy_J: Interval | null;
  readonly percent: number | null;
  readonly time_s: number | null;
  readonly peakMemory_bytes: number | null;
  readonly usd_per_million: number | null;
  readonly gCO2e_per_million: number | null;
}
export interface AtRiskReport {
  /** Of the call, step or run that the defect endangers. */
  readonly energy_J: Interval | null;
  /** What the correct code uses more, per call or step; null: no more, or not known. */
  readonly fixCost_J: Interval | null;
}
export interface FindingReport {
  readonly rule: string;
  readonly name: string;
  readonly severity: Severity;
  readonly file: string;
  readonly range: Range;
  readonly message: string;
  readonly messageZh: string;
  /** Other places that explain it. */
  readonly related: readonly { file: string; range: Range; message: string; messageZh: string }[];
  /** null until the what-if stage has run, or when the trace shows no saving. */
  readonly saving: SavingReport | null;
  /** Of defects: never added to savings. */
  readonly atRisk: AtRiskReport | null;
  readonly fix: {
    readonly safety: 'safe' | 'unsafe' | 'suggestion';
    readonly title: string;
    readonly titleZh: string;
    readonly edits: readonly EditReport[];
  } | null;
  /** Rule whose fix makes room for a fix of this one; null when it stands alone. */
  readonly requires: string | null;
  readonly docs: string;
}

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface FileReport<Estimate extends CallReport = CallReport> {
  readonly file: string;
  readonly version: number;
  readonly estimates: readonly Estimate[];
  readonly findings: readonly FindingReport[];
  readonly problems: readonly Problem[];
  /** Models whose figures are still to come (or are those from before the last edit): the second stage has them. */
  readonly entriesPending: number;
  /** True once savings of all findings have been worked out. */
  readonly savingsReady: boolean;
}

/** The whole file before and after all safe fixes. */
export interface AuditReport {
  readonly file: string;
  readonly hardware: HardwareSummary;
  readonly region: {
    readonly id: string;
    readonly name: string;
    readonly gCO2ePerKWh: number;
    readonly source: string;
  };
  readonly before: readonly EstimateReport[];
  readonly after: readonly EstimateReport[];
  readonly findings: readonly FindingReport[];
  readonly fixedText: string;
  readonly problems: readonly Problem[];
  /** Where the figures come from: hardware, price, carbon, energy-model sources. */
  readonly sources: readonly string[];
}

export interface HardwareSummary extends AcceleratorSummary {
  readonly usdPerHour: number | null;
}
