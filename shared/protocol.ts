/**
 * What client and server say to each other beyond the Language Server Protocol: method
 * names and payloads as plain data. Names only, no message types of a library, so that
 * either side can use its own.
 */

/** Requests from client to server. */
export const requests = {
  /** `FileParams` → `ModelSummary[]`: the models of a file, with what is assumed about their inputs. */
  models: 'ecocompute/models',
  /** `SetInputsParams` → `SetInputsResult`: the edit that writes the pragma comment. */
  setInputs: 'ecocompute/setInputs',
  /** `FileParams` → `AuditResult`: the full report of a file. */
  audit: 'ecocompute/audit',
  /** nothing → `Accelerator[]`. */
  hardware: 'ecocompute/hardware',
  /** nothing → `Region[]`. */
  regions: 'ecocompute/regions',
  /** `CompareParams` → `ComparisonRow[]`: one model on several accelerators. */
  compare: 'ecocompute/compare',
  /** `CompareParams` → `ComparisonPage`: the same as a table and a chart. */
  comparePage: 'ecocompute/comparePage',
  /** `ExplainParams` → `Explained | null`: where the figure at a place comes from; null where nothing costs. */
  explain: 'ecocompute/explain',
  /** nothing → `ServerStatus`. */
  serverStatus: 'ecocompute/serverStatus',
} as const;

/** Notifications from server to client. */
export const notifications = {
  /** `FileStatus`, after each finished analysis of an open file. */
  fileStatus: 'ecocompute/fileStatus',
  /** `ServerStatus`, whenever it changes. */
  serverStatusChanged: 'ecocompute/serverStatusChanged',
} as const;

/** Commands that code lenses and code actions name and the client registers. */
export const clientCommands = {
  setInputs: 'ecocompute.setInputs',
  audit: 'ecocompute.auditFile',
  /** `[uri, line, character, figure]`. */
  explain: 'ecocompute.explainFigure',
} as const;

/** Commands that the server itself carries out (`workspace/executeCommand`). */
export const serverCommands = {
  /** `[uri]`: opens a rule's page in the browser. */
  openPage: 'ecocompute.server.openPage',
  /** `[uri, entry, spec]`: writes the pragma comment, for clients without a command of their own. */
  applyInputs: 'ecocompute.server.applyInputs',
} as const;

export const FIX_ALL_KIND = 'source.fixAll.ecocompute';
export const DIAGNOSTIC_SOURCE = 'EcoCompute';

/** What the client tells at start, as `initializationOptions`. */
export interface InitializationOptions {
  /** The client registers `clientCommands`; lenses may name them. */
  readonly commands?: boolean;
  /** Settings for clients that do not answer `workspace/configuration`. */
  readonly settings?: unknown;
}

export interface FileParams {
  readonly uri: string;
}

/** A 0-based line and UTF-16 column, as in LSP. */
export interface WirePosition {
  readonly line: number;
  readonly character: number;
}
export interface WireEdit {
  readonly range: { readonly start: WirePosition; readonly end: WirePosition };
  readonly newText: string;
}

/** A model that the file defines. */
export interface ModelSummary {
  readonly entry: string;
  readonly line: number;
  /** `x=(1,3,224,224) float32`: what the pragma would say of the inputs in use. */
  readonly spec: string;
  /** True when nothing but a guess gave the shapes. */
  readonly guessed: boolean;
  readonly assumptions: readonly string[];
  /** Why there is no number, or null. */
  readonly missing: string | null;
}

export interface SetInputsParams extends FileParams {
  readonly entry: string;
  readonly spec: string;
}
export interface SetInputsResult {
  readonly edits: readonly WireEdit[];
  /** The document version that the edits are for. */
  readonly version: number;
}

export interface AuditResult {
  /** Body of an HTML page: no script, no style of its own. */
  readonly html: string;
  readonly css: string;
  readonly title: string;
}

/** One row of the hardware picker. */
export interface Accelerator {
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  readonly releaseYear: number | null;
  /** Dense peak of the fastest 16-bit format, TFLOP/s; null when not known. */
  readonly peak16_tflops: number | null;
  readonly memory_GB: number;
  readonly bandwidth_GBps: number;
  readonly tdp_W: number | null;
  readonly usdPerHour: number | null;
  readonly verified: boolean;
}

export interface Region {
  readonly id: string;
  readonly name: string;
  readonly gCO2ePerKWh: number;
}

export interface CompareParams extends FileParams {
  /** Null: the first model of the file. */
  readonly entry: string | null;
  readonly hardware: readonly string[];
}
export interface ComparisonRow {
  readonly hardware: string;
  readonly name: string;
  readonly time: string;
  readonly energy: string;
  readonly usdPerMillion: string;
  readonly gCO2ePerMillion: string;
  /** Joules, to sort by; null when unknown. */
  readonly energy_J: number | null;
}

/** Body of a page: no script, no style of its own. */
export interface ComparisonPage {
  readonly title: string;
  readonly css: string;
  readonly html: string;
}

export interface ExplainParams extends FileParams, WirePosition {
  readonly figure: 'time' | 'energy' | 'power' | 'usd' | 'gCO2e' | 'memory';
}
export interface Explained {
  readonly title: string;
  readonly markdown: string;
}

export type FileState = 'analysing' | 'ready' | 'disabled' | 'tooLarge' | 'failed';

/** What the status item of a file shows. */
export interface FileStatus {
  readonly uri: string;
  readonly version: number;
  readonly state: FileState;
  readonly hardware: string;
  readonly findings: number;
  /** `3 models, 1.2 J` or why there is no number; empty when there is nothing to say. */
  readonly summary: string;
  /** Whole sentences: what is missing, what went wrong. */
  readonly details: readonly string[];
}

export type Health = 'starting' | 'ok' | 'warning' | 'error';

export interface ServerStatus {
  readonly health: Health;
  /** A sentence for people; empty when all is well. */
  readonly message: string;
  /** Which parser runs, once the engine has started. */
  readonly parserBackend: 'native' | 'wasm' | null;
  /** How often the engine was restarted after a crash. */
  readonly restarts: number;
  readonly processId: number;
}
