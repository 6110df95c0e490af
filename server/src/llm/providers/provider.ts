/** The one interface every provider is behind, and the ways a call can fail. */
import type { Citation, ExecuteInput, ToolName, Usage } from '../types.js';

export interface ImagePart {
  readonly mimeType: string;
  readonly base64: string;
}

export interface ProviderRequest {
  readonly model: string;
  /** What the text was made from: only the demo reads it. */
  readonly input: ExecuteInput;
  /** Instructions of ours; never holds code under analysis. */
  readonly system: string;
  readonly text: string;
  readonly image: ImagePart | null;
  /** JSON schema of the answer; null: free text. */
  readonly schema: Record<string, unknown> | null;
  readonly schemaName: string;
  readonly maxOutputTokens: number;
  readonly thinkingTokens: number;
  readonly tools: readonly ToolName[];
}

/** A function of ours that a model may call: pure arithmetic, nothing is read or written. */
export interface OwnFunction {
  readonly name: string;
  readonly description: string;
  readonly parameters: Record<string, unknown>;
  readonly call: (args: unknown) => Record<string, unknown>;
}

export interface ProviderContext {
  readonly fetch: typeof fetch;
  /** Milliseconds since the epoch: for waits that a service names by date. */
  readonly now: () => number;
  readonly key: string | null;
  /** Replaces the provider's own address. */
  readonly baseUrl: string | null;
  readonly signal: AbortSignal;
  /** Called with every piece of text as it arrives; also what shows that the stream is alive. */
  readonly onText: (piece: string) => void;
  readonly functions: readonly OwnFunction[];
  /** Models of the editor; null outside of it. */
  readonly chat: EditorChat | null;
}

export interface ProviderAnswer {
  readonly text: string;
  /** null when the provider did not say; then tokens are estimated. */
  readonly usage: Usage | null;
  readonly finish: 'stop' | 'length' | 'refusal' | 'unfinished';
  readonly citations: readonly Citation[];
  /** Code that the provider ran to check its arithmetic, with what it printed. */
  readonly executed: readonly { readonly code: string; readonly output: string }[];
}

export interface Provider {
  readonly id: string;
  readonly label: string;
  /** Environment variables that may hold the key, first wins; none: no key is needed. */
  readonly keyVariables: readonly string[];
  readonly baseUrlVariable: string | null;
  /** Where it stands by default; null when there is no default. */
  readonly defaultBaseUrl: string | null;
  /** Runs on this machine or inside the editor. */
  readonly local: boolean;
  /** Only from a user's action (editor models). */
  readonly needsUserAction: boolean;
  complete(request: ProviderRequest, context: ProviderContext): Promise<ProviderAnswer>;
  /** A cheap question that shows whether it answers: lists models. */
  health(context: ProviderContext): Promise<{ readonly models: readonly string[] }>;
}

/** The editor's own models (`vscode.lm`), answered by the client. */
export interface EditorChat {
  models(): Promise<readonly { readonly id: string; readonly maxInputTokens: number }[]>;
  /** Streams; rejects with an Error whose message says why. */
  send(model: string, text: string, signal: AbortSignal, onText: (piece: string) => void): Promise<void>;
}

export type FailureKind =
  | 'rate-limit'
  | 'server'
  | 'network'
  | 'proxy'
  | 'timeout'
  | 'auth'
  | 'not-found'
  | 'bad-request'
  | 'refusal'
  | 'empty'
  | 'cut'
  | 'bad-output'
  | 'offline'
  | 'aborted';

export class ProviderFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly status: number | null = null,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/** The same model may be asked again after a wait. */
export function isTransient(kind: FailureKind): boolean {
  return (
    kind === 'rate-limit' ||
    kind === 'server' ||
    kind === 'network' ||
    kind === 'proxy' ||
    kind === 'cut' ||
    kind === 'empty'
  );
}

/** The provider as a whole is unwell: others are asked for a while. */
export function coolsDown(kind: FailureKind): boolean {
  return isTransient(kind) || kind === 'timeout' || kind === 'auth' || kind === 'offline';
}
