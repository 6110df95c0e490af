/**
 * The messages between the LSP thread and the engine's worker thread. Everything is plain
 * data (structured clone); a shared integer carries cancellation, because a message could
 * not reach a worker that is busy.
 */
import type { Accelerator, AuditResult, Region } from '../../../shared/protocol.js';
import type { Engine, EnvironmentOptions, Target } from '../analysis/engine.js';
import type { FileBaseline } from '../rules/baseline.js';
import type { TextEdit } from '../syntax/parser.js';

/** What the worker can be asked: the engine's own questions and a few that combine them. */
export interface EngineCalls
  extends Pick<
    Engine,
    'analyse' | 'withSavings' | 'hover' | 'estimate' | 'explainAt' | 'compare' | 'audit' | 'fixAll' | 'setInputs'
  > {
  accelerators(): Accelerator[];
  regions(): Region[];
  /** The rendered report of `file`, whose text is `source`, in the language `locale`. */
  auditPage(file: string, target: Target, locale: string, source: string, known: FileBaseline | null): AuditResult;
}

export type CallName = keyof EngineCalls;
export type CallArguments<M extends CallName> = Parameters<EngineCalls[M]>;
export type CallResult<M extends CallName> = ReturnType<EngineCalls[M]>;

export interface OpenMessage {
  readonly kind: 'open';
  readonly file: string;
  readonly text: string;
  readonly version: number;
}
export interface ChangeMessage {
  readonly kind: 'change';
  readonly file: string;
  readonly edits: readonly TextEdit[];
  readonly version: number;
}
export interface CloseMessage {
  readonly kind: 'close';
  readonly file: string;
}
export interface InvalidateMessage {
  readonly kind: 'invalidate';
  readonly files: readonly string[];
}
export interface CallMessage {
  readonly kind: 'call';
  /** Positive and increasing; what the shared integer holds to cancel this call. */
  readonly id: number;
  readonly method: CallName;
  readonly args: readonly unknown[];
  /** Null: the question has nothing to do with Python packages, the present ones stay. */
  readonly environment: EnvironmentOptions | null;
}
export type ToWorker = OpenMessage | ChangeMessage | CloseMessage | InvalidateMessage | CallMessage;

export type FromWorker =
  | { readonly kind: 'ready'; readonly parserBackend: 'native' | 'wasm' }
  /** The engine could not be created at all. */
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'log'; readonly message: string }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'cancelled'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** `workerData` of the engine's worker. Element 0 holds the id of the call to stop. */
export interface WorkerData {
  readonly cancelled: Int32Array;
  /** Steps a run may take; null: the engine's own limit, absent: that of an editor. */
  readonly fuel?: number | null;
}
