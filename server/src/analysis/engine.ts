/**
 * The engine as shells see it: documents in, reports out. It runs in a worker thread (lsp)
 * or in process (cli). Nothing here throws for bad input: problems are part of the reports.
 */

import type { ParallelMode } from '../energy/parallel.js';
import type { FileBaseline } from '../rules/baseline.js';
import type { RuleConfig } from '../rules/config.js';
import type { TextEdit } from '../syntax/parser.js';
import type { FilePort } from '../trace/files.js';
import type {
  AuditReport,
  Comparison,
  EditReport,
  EstimateReport,
  FigureExplanation,
  FigureName,
  FileReport,
  HardwareSummary,
  HoverReport,
  Problem,
  WorkloadReport,
} from './model.js';

/** What to price on. Every field has a default. */
export interface Target {
  readonly hardware: string;
  /** Casts parameters and float inputs when set. */
  readonly dtype: string | null;
  readonly region: string | null;
  readonly phase: 'inference' | 'training' | null;
  readonly batch: number | null;
  readonly compiled: boolean;
  readonly trainMode: boolean;
  /** PyTorch to follow, `2.13`; null: the selected environment's, else the newest known. */
  readonly torchVersion: string | null;
  /** Which rules run on the file and how; absent: the recommended ones. */
  readonly rules?: RuleConfig;
}

export interface EstimateRequest {
  readonly file: string;
  /** Python expression; null: every model the file defines that can be built. */
  readonly entry: string | null;
  /** `--input` specs as the command line takes them. */
  readonly inputs: readonly string[];
  readonly target: Target;
}

export interface ExplainRequest extends EstimateRequest {
  readonly figure: FigureName;
  /** 1-based line whose part of the figure is meant; null: the whole entry. */
  readonly line: number | null;
}

/** What beside one call is asked for. */
export interface WorkloadAsked {
  readonly steps: number | null;
  readonly epochs: number | null;
  readonly serve: {
    readonly prompt: number;
    readonly generate: number;
    readonly batch: number;
    readonly gpus: number;
    /** Arithmetic; null: bfloat16. */
    readonly dtype: string | null;
    /** Bits of a weight; null: those of the dtype. */
    readonly weightBits: number | null;
  } | null;
  readonly parallel: { readonly mode: ParallelMode | null; readonly devices: number } | null;
  readonly runsPerMonth: number | null;
}

export interface CompareRequest extends EstimateRequest {
  readonly hardware: readonly string[];
  /** null: as the code has it. */
  readonly dtypes: readonly (string | null)[];
  readonly batches: readonly (number | null)[];
}

export interface EnvironmentOptions {
  /** Where absolute imports are looked up after the file's own project root. */
  readonly pythonPath: readonly string[];
  /** site-packages folders of the selected Python, in order. */
  readonly sitePackages: readonly string[];
  /** PyTorch of the selected environment; absent: the newest known. */
  readonly torchVersion?: readonly [number, number] | null;
  /** Texts of the workspace's `ecocompute.hardware.json` and `ecocompute.calibration.json`; null: there is none, absent: as they are. */
  readonly hardwareFile?: string | null;
  readonly calibrationFile?: string | null;
}

export type { FilePort } from '../trace/files.js';

export interface EnginePorts {
  readonly files: FilePort;
  /** True when the current run should stop; polled by fuel checks. */
  readonly cancelled: () => boolean;
  readonly log: (message: string) => void;
}

export interface Engine {
  readonly parserBackend: 'native' | 'wasm';
  configure(environment: EnvironmentOptions): void;
  /** Opens or replaces a document's text: it shadows the file on disk. */
  open(file: string, text: string, version: number): void;
  change(file: string, edits: readonly TextEdit[], version: number): void;
  close(file: string): void;
  /** A file on disk changed. */
  invalidate(file: string): void;
  /** Fast stage: estimates and findings, savings as last known. */
  analyse(file: string, target: Target): FileReport;
  /** Second stage: the same with peak memory and every saving worked out by re-estimating the edited text. */
  withSavings(file: string, target: Target): FileReport<EstimateReport>;
  hover(file: string, line: number, column: number, target: Target): HoverReport | null;
  /**
   * What the file's text itself is blamed for: syntax errors in all of it, or why it cannot be read. An estimate reads
   * no more of a file than its model needs.
   */
  problems(file: string): Problem[];
  estimate(request: EstimateRequest): { estimates: EstimateReport[] };
  /** Estimates, and beside each what it comes to when it is used: a run, serving, loops, several accelerators, a month. */
  workload(request: EstimateRequest & WorkloadAsked): {
    estimates: EstimateReport[];
    workloads: WorkloadReport[];
  };
  /** Formula, constants, rows and sources behind a figure of each entry. */
  explain(request: ExplainRequest): { explanations: FigureExplanation[] };
  /** The same for what a hover shows at a place (0-based line and column); null where a hover shows nothing. */
  explainAt(file: string, line: number, column: number, figure: FigureName, target: Target): FigureExplanation | null;
  /** Each entry on every accelerator, in every dtype, at every batch size; `problems` are of what was asked for. */
  compare(request: CompareRequest): { comparisons: Comparison[]; problems: Problem[] };
  /** `known`: findings that the project accepts; they are not listed and not fixed. */
  audit(file: string, target: Target, known?: FileBaseline | null): AuditReport;
  /** Text after all safe fixes (and unsafe ones when asked), to a fixpoint. */
  fixAll(file: string, target: Target, unsafe: boolean, known?: FileBaseline | null): { text: string; applied: number };
  /** The pragma edit that sets the inputs of the model at a line: `# eco: x=(8,3,224,224) float32`. */
  setInputs(file: string, entry: string, spec: string): readonly EditReport[];
  hardware(): readonly HardwareSummary[];
  dispose(): void;
}
