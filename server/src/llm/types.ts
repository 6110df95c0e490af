/** The words of this room: requests, candidates, decisions, results. Everything here is plain data. */
import type { Provider } from './providers/provider.js';

export const objectives = [
  'maximize_quality',
  'minimize_cost',
  'minimize_latency',
  'minimize_carbon',
  'balanced',
] as const;
export type Objective = (typeof objectives)[number];

export const taskIds = [
  'explain_finding',
  'propose_fix',
  'resolve_operator',
  'infer_inputs',
  'architecture_review',
  'report_narrative',
  'analyse_profile',
] as const;
export type TaskId = (typeof taskIds)[number];

/** `provider/model`, for example `gemini/gemini-2.5-flash`. */
export type ModelRef = string;

export interface Constraints {
  /** US dollars for the whole call with its repair round. */
  readonly maxCostUsd?: number;
  /** Milliseconds until the result, retries and fallbacks included. */
  readonly maxLatencyMs?: number;
  /** Milliseconds after which a second provider is asked as well; absent: never (hedging is off). */
  readonly hedgeAfterMs?: number;
  /** Output tokens of one answer. */
  readonly maxTokens?: number;
  /** Grams CO2e for the whole call. */
  readonly maxCarbon_g?: number;
  /** Nothing else but `fallbacks` is asked when it is set. */
  readonly model?: ModelRef;
  readonly preferredProviders?: readonly string[];
  readonly excludedProviders?: readonly string[];
  /** Order of what is tried after the chosen model; absent: by score, or nothing when `model` is set. */
  readonly fallbacks?: readonly ModelRef[];
  /** Only models that run on this machine or network. */
  readonly localOnly?: boolean;
  /** Only providers that keep data in this region: `eu`, `us`. */
  readonly region?: string;
}

/** A figure of the engine: what demo answers are built from and claims are held against. */
export interface Fact {
  /** `flops.forward`, `finding.saving.energy`. */
  readonly id: string;
  readonly label: string;
  /** null: not known. */
  readonly value: number | null;
  readonly unit: FactUnit;
}
export type FactUnit =
  | 'FLOP'
  | 'B'
  | 's'
  | 'J'
  | 'W'
  | 'USD'
  | 'gCO2e'
  | 'USD/1M calls'
  | 'gCO2e/1M calls'
  | 'percent'
  | 'count';

export interface CodeBlock {
  /** Path relative to the workspace; only its last part is sent. */
  readonly file: string;
  /** 1-based line of the first line of `text`. */
  readonly startLine: number;
  readonly text: string;
}

export interface TaskContext {
  readonly code: readonly CodeBlock[];
  readonly facts: readonly Fact[];
  /** Sentences of ours: the finding's message, why something is unknown, assumptions. */
  readonly notes: readonly string[];
  /** Things the engine did not understand here; absent: counted by the facts that are not known. */
  readonly gaps?: number;
  /** Lines an edit may replace, 1-based and inclusive, in the first code block's file. */
  readonly range?: { readonly startLine: number; readonly endLine: number };
  /** What local analysis already has to say: the answer of the local tier. */
  readonly local?: LocalAnswer;
  readonly image?: { readonly mimeType: 'image/png' | 'image/jpeg' | 'image/webp'; readonly base64: string };
  /** The model at hand and how it is called, as the engine sees it. */
  readonly model?: {
    readonly entry: string;
    readonly inputs: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[];
  };
  /** A fix the engine itself has. */
  readonly engineFix?: {
    readonly title: string;
    readonly edits: readonly { readonly startLine: number; readonly endLine: number; readonly newText: string }[];
  };
  /** Saving a year of the fix at stake, when known. */
  readonly yearlySaving?: { readonly usd: number; readonly gCO2e: number };
}

export interface LocalAnswer {
  /** Complete: nothing a model could add is missing. */
  readonly complete: boolean;
  readonly text: string;
}

export interface ExecuteInput {
  readonly task: TaskId;
  /** What the person asks, in their words; empty for the task's own question. */
  readonly prompt: string;
  readonly context: TaskContext;
}

export interface ExecuteRequest {
  readonly input: ExecuteInput;
  readonly objective: Objective;
  readonly constraints: Constraints;
}

/** What one model may do and costs. */
export interface ModelInfo {
  readonly ref: ModelRef;
  readonly provider: string;
  readonly model: string;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly vision: boolean;
  readonly structured: boolean;
  readonly tools: readonly ToolName[];
  /** US dollars per million tokens. */
  readonly usdPerMInput: number;
  readonly usdPerMOutput: number;
  /** Seconds to the first token and output tokens a second. */
  readonly firstTokenS: number;
  readonly tokensPerS: number;
  /** Joules per token, data-centre overhead included. */
  readonly joulesPerInputToken: number;
  readonly joulesPerOutputToken: number;
  /** Prior in 0..1 on the scale of `difficulty`; see docs/ai.md. */
  readonly skill: number;
  readonly reasoning: boolean;
  readonly local: boolean;
  readonly regions: readonly string[];
  readonly source: string;
  /** True when the figures were inferred from the name. */
  readonly inferred: boolean;
}
export type ToolName = 'search' | 'code_execution' | 'carbon_calculator';

export type Tier = 'local' | 'small' | 'large';

/** What the router looks at: numbers only, no source text. */
export interface RequestFeatures {
  readonly task: TaskId;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly codeLines: number;
  readonly unknowns: number;
  readonly facts: number;
  readonly hasImage: boolean;
  /** 0: local analysis has nothing, 0.5 partly, 1 all. */
  readonly localCoverage: number;
}

export interface Candidate {
  readonly ref: ModelRef;
  readonly eligible: boolean;
  /** Larger is better; null when not eligible. */
  readonly score: number | null;
  /** Predicted. */
  readonly quality: number;
  readonly costUsd: number;
  readonly latencyS: number;
  readonly carbon_g: number;
  /** Why it scored so, or why it may not be asked. */
  readonly reason: string;
}

export interface RoutingDecision {
  readonly tier: Tier;
  /** 0..1. */
  readonly difficulty: number;
  readonly objective: Objective;
  /** null: local tier, or nothing is eligible. */
  readonly chosen: ModelRef | null;
  readonly reason: string;
  /** Tried in this order after `chosen`. */
  readonly fallbacks: readonly ModelRef[];
  readonly candidates: readonly Candidate[];
  readonly policyVersion: string;
  /** Probability with which the policy picks `chosen`: 1 for a deterministic one. */
  readonly propensity: number;
  readonly decisionMs: number;
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface Citation {
  readonly title: string;
  readonly url: string;
}

export type ProviderTable = Readonly<Record<string, Provider>>;
