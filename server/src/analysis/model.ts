/**
 * What the engine answers, as plain data: it crosses the worker boundary and is what the
 * shells (lsp, cli, mcp) render. Positions are 0-based lines and UTF-16 columns.
 * A figure that is not known is null, never 0.
 */
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

/** One element of `estimates` in the JSON of `ecocompute estimate` (docs: the command-line contract), plus what editors need. */
export interface EstimateReport {
  readonly entry: string;
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
  readonly peakMemory_bytes: Interval | null;
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
  readonly atRisk: { readonly energy_J: Interval | null } | null;
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

export interface FileReport {
  readonly file: string;
  readonly version: number;
  readonly estimates: readonly EstimateReport[];
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
