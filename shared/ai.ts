/**
 * What client and server say to each other about language models. The server routes, asks,
 * checks; the client holds keys (SecretStorage), asks for consent, shows, applies. Rule: no
 * code leaves the machine unless the user turned that on for that workspace.
 */
import type { FileParams, WireEdit } from './protocol.js';

/** Requests from client to server. */
export const aiRequests = {
  /** `AskParams` → `AskResult`. Only from a user's action, or automatically when the user switched that on. */
  ask: 'ecocompute/ai/ask',
  /** `FeedbackParams` → nothing. A running ask is stopped by cancelling its request. */
  feedback: 'ecocompute/ai/feedback',
  /** `OverviewParams` → `AiOverview`: models with price, latency and carbon, totals of the month, health is asked apart. */
  overview: 'ecocompute/ai/overview',
  /** `HealthParams` → `ProviderHealth[]`. */
  health: 'ecocompute/ai/health',
  /** nothing → `AiUsage`: what the traces add up to. */
  usage: 'ecocompute/ai/usage',
  /** `{}` → `string`: the traces as a data set. */
  exportTraces: 'ecocompute/ai/exportTraces',
  clearTraces: 'ecocompute/ai/clearTraces',
} as const;

/** Requests from server to client. A client that does not answer them has no keys, no consent and no models. */
export const aiClientRequests = {
  /** `{ provider }` → `string | null`: from SecretStorage. */
  key: 'ecocompute/ai/key',
  /** `Preview` → `boolean`: shows exactly what will be sent. */
  consent: 'ecocompute/ai/consent',
  /** nothing → `{ id, maxInputTokens }[]`: `vscode.lm` models. */
  editorModels: 'ecocompute/ai/editorModels',
  /** `{ id, model, text }` → nothing when the answer is complete; pieces come as `editorText`. Stopped by cancelling. */
  editorSend: 'ecocompute/ai/editorSend',
} as const;

/** Notifications. */
export const aiNotifications = {
  /** Server to client, `AiProgress`: text as it arrives, costs, failures. */
  progress: 'ecocompute/ai/progress',
  /** Client to server, `{ id, piece }`. */
  editorText: 'ecocompute/ai/editorText',
} as const;

export type AiTask =
  | 'explain_finding'
  | 'propose_fix'
  | 'resolve_operator'
  | 'infer_inputs'
  | 'architecture_review'
  | 'report_narrative'
  | 'analyse_profile';

/** How the workspace is set up; the client sends it with each ask. All of it restricted in untrusted workspaces. */
export interface AiSettings {
  readonly objective?: 'maximize_quality' | 'minimize_cost' | 'minimize_latency' | 'minimize_carbon' | 'balanced';
  /** `provider/model`: this one and, when it fails, those of `fallbacks`. */
  readonly model?: string;
  readonly fallbacks?: readonly string[];
  readonly localOnly?: boolean;
  readonly region?: string;
  readonly excludedProviders?: readonly string[];
  readonly preferredProviders?: readonly string[];
  readonly maxCostUsd?: number;
  readonly budgetUsdPerMonth?: number;
  /** Files that may be sent; patterns, deny before allow. */
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  /** Address by provider, for example of an own server. */
  readonly baseUrls?: Readonly<Record<string, string>>;
  /** Compare numbers in this Python, in a sandbox; absent: not allowed. */
  readonly runPython?: string;
  readonly keepSource?: boolean;
  readonly callsPerMonth?: number;
  /** Seconds after which a second provider is asked as well; absent: never. */
  readonly hedgeAfterS?: number;
}

export interface AskParams extends FileParams {
  /** Chosen by the client; names this ask in notifications. */
  readonly id: string;
  readonly task: AiTask;
  /** 0-based; null: the file as a whole. */
  readonly line: number | null;
  readonly prompt: string;
  readonly asked: 'person' | 'automatic';
  readonly settings: AiSettings;
  readonly image?: { readonly mimeType: 'image/png' | 'image/jpeg' | 'image/webp'; readonly base64: string };
}

export interface AiProposal {
  readonly title: string;
  readonly reasoning: string;
  /** Whole lines of the document at `version`. Shown as a diff, labelled AI-made; never part of fix-all. */
  readonly edits: readonly WireEdit[];
  /** `verified`: numeric agreement was seen; `checked`: everything short of it. */
  readonly status: 'verified' | 'checked';
  readonly verification: string;
  readonly energy: readonly { readonly entry: string; readonly before_J: number; readonly after_J: number }[];
  /** Of this edit at the calls a month of the settings; null: not known. */
  readonly yearlySaving: { readonly usd: number; readonly gCO2e: number } | null;
  /** That the call cost more than that. */
  readonly warning: string | null;
}

export interface AskResult {
  readonly version: number;
  readonly outcome: 'answered' | 'local' | 'cached' | 'dropped' | 'failed' | 'refused' | 'aborted' | 'timeout';
  /** Markdown without links, commands or HTML. */
  readonly text: string;
  readonly proposals: readonly AiProposal[];
  readonly rejected: readonly { readonly what: string; readonly reasons: readonly string[] }[];
  readonly corrections: number;
  readonly citations: readonly { readonly title: string; readonly url: string }[];
  readonly assumptions: readonly string[];
  /** `provider/model`; `demo/facts` is the offline demo and must be labelled so. */
  readonly answeredBy: string | null;
  readonly reason: string;
  readonly problem: string | null;
  readonly warning: string | null;
  readonly costUsd: number;
  readonly carbon_g: number;
  readonly yearlySaving: { readonly usd: number; readonly gCO2e: number } | null;
  readonly traceId: string;
  /** Answer as data, for `infer_inputs` and `resolve_operator`. */
  readonly data: unknown;
}

export interface AiPreview {
  readonly askId: string;
  readonly provider: string;
  readonly providerLabel: string;
  readonly model: string;
  readonly address: string | null;
  readonly system: string;
  readonly text: string;
  readonly imageBytes: number;
  readonly files: readonly string[];
  readonly redactions: readonly { readonly line: number; readonly what: string }[];
  readonly hidden: number;
  readonly expectedCostUsd: number;
  readonly expectedCarbon_g: number;
  readonly warning: string | null;
  /** Nobody is to be disturbed: yes only where sending was allowed for the workspace. */
  readonly silent: boolean;
}

export interface AiProgress {
  readonly askId: string;
  readonly kind: 'routed' | 'asking' | 'text' | 'failed' | 'cost';
  readonly message: string;
}

export interface FeedbackParams {
  readonly traceId: string;
  readonly feedback: 'accepted' | 'rejected' | 'up' | 'down';
}

/** A row of the model picker. */
export interface AiModel {
  readonly ref: string;
  readonly provider: string;
  readonly usdPerMInput: number;
  readonly usdPerMOutput: number;
  /** Seconds for a typical answer of 500 tokens. */
  readonly latencyS: number;
  /** Seconds of calls made, not of the table. */
  readonly isMeasured: boolean;
  /** Grams for it. */
  readonly carbon_g: number;
  readonly local: boolean;
  /** Figures inferred from the name. */
  readonly inferred: boolean;
}

export interface OverviewParams {
  /** With these, `automatic` is told. */
  readonly settings?: AiSettings;
}

export interface AiOverview {
  readonly models: readonly AiModel[];
  /** Who is asked for a typical fix when no model is set: the first, then those that follow when it fails. Empty: nobody can be. */
  readonly automatic: readonly string[];
  readonly month: { readonly calls: number; readonly costUsd: number; readonly carbon_g: number };
}

export interface AiSpent {
  /** A task, a provider, a month (`2026-11`). */
  readonly of: string;
  readonly calls: number;
  readonly costUsd: number;
  readonly carbon_g: number;
}

export interface AiUsage {
  readonly byTask: readonly AiSpent[];
  readonly byProvider: readonly AiSpent[];
  readonly byMonth: readonly AiSpent[];
  readonly questions: number;
  /** Questions by who answered them. */
  readonly tiers: { readonly local: number; readonly small: number; readonly large: number };
  /** Calls whose answer was lost, refused or dropped: dollars of all that was spent. */
  readonly discardedUsd: number;
  /** Judged by the person. */
  readonly accepted: number;
  readonly rejected: number;
  /** `rules-2`, or the learned one. */
  readonly policy: string;
}

export interface HealthParams {
  /** As in `AiSettings`. */
  readonly baseUrls?: AiSettings['baseUrls'];
}

export interface ProviderHealth {
  readonly id: string;
  readonly label: string;
  /** `ready`: answers; `off`: no key or address; `failing`: does not answer, see message. */
  readonly state: 'ready' | 'off' | 'failing';
  readonly message: string;
}
