/** What `execute` works with: everything that lives longer than one call comes from the shell. */

import { addToTotals, Totals } from './budget.js';
import { defaultRetryRules, type RetryRules } from './call/attempt.js';
import { AnswerCache } from './call/cache.js';
import { ModelHealth } from './call/health.js';
import { RateLimiter } from './call/rateLimit.js';
import { makeRegistry, type Registry } from './models/registry.js';
import type { AiPorts } from './ports.js';
import type { EditorChat, Provider } from './providers/provider.js';
import { providers } from './providers/registry.js';
import type { QualityModel } from './routing/difficulty.js';
import { defaultFilePolicy, type FilePolicy } from './safety/filePolicy.js';
import type { HiddenCharacter } from './safety/invisible.js';
import type { Redaction } from './safety/redact.js';
import type { TraceRecord } from './traces/record.js';
import type { TraceStore } from './traces/store.js';
import type { ExecuteInput, ModelRef, TaskId } from './types.js';

/** Exactly what would leave the machine, for the person to look at. */
export interface SendPreview {
  readonly provider: string;
  readonly providerLabel: string;
  readonly model: string;
  /** Where to: the host's address. */
  readonly address: string | null;
  readonly local: boolean;
  readonly system: string;
  readonly text: string;
  readonly imageBytes: number;
  readonly files: readonly string[];
  readonly redactions: readonly Redaction[];
  readonly hidden: readonly HiddenCharacter[];
  readonly shortened: boolean;
  readonly expectedCostUsd: number;
  readonly expectedCarbon_g: number;
  /** That the call costs more than it can save; null when it pays or nothing is known. */
  readonly warning: string | null;
  /** Nobody is to be asked now: yes only where sending to this service was allowed before. */
  readonly silent: boolean;
}

/** What a checker of answers found: edits and what the engine can run. See verify/. */
export interface AnswerCheck {
  readonly data: unknown;
  readonly status: 'verified' | 'checked' | 'unchecked';
  readonly accepted: number;
  readonly rejected: readonly { readonly what: string; readonly reasons: readonly string[] }[];
}
export type AnswerChecker = (input: ExecuteInput, data: unknown, signal: AbortSignal) => Promise<AnswerCheck>;

export type AiEvent =
  | { readonly kind: 'routed'; readonly chosen: ModelRef | null; readonly reason: string }
  | { readonly kind: 'asking'; readonly ref: ModelRef; readonly round: number }
  | { readonly kind: 'text'; readonly ref: ModelRef; readonly piece: string }
  | { readonly kind: 'failed'; readonly ref: ModelRef; readonly message: string }
  | { readonly kind: 'cost'; readonly costUsd: number; readonly carbon_g: number; readonly monthUsd: number };

export interface AiState {
  readonly health: ModelHealth;
  readonly limiter: RateLimiter;
  readonly cache: AnswerCache<{ data: unknown; check: AnswerCheck; ref: ModelRef; corrections: number }>;
  readonly totals: Totals;
}

export function newState(requestsPerMinute = 60): AiState {
  return {
    health: new ModelHealth(),
    limiter: new RateLimiter(requestsPerMinute),
    cache: new AnswerCache(),
    totals: new Totals(),
  };
}

/** State as past calls left it: what was spent, how quick models were. */
export function stateFrom(records: readonly TraceRecord[], requestsPerMinute = 60): AiState {
  const state = newState(requestsPerMinute);
  for (const record of records) {
    const ref = record.answeredBy;
    addToTotals(state.totals, record);
    const last = record.attempts.findLast((one) => one.ref === ref);
    if (ref !== null && record.outcome === 'answered' && last !== undefined && last.failure === null)
      state.health.succeeded(ref, '', last.ms / 1000 / last.tries);
  }
  return state;
}

export interface AiServices {
  readonly ports: AiPorts;
  readonly state: AiState;
  readonly registry: Registry;
  readonly providers: readonly Provider[];
  /** null: no key. */
  readonly key: (provider: Provider) => string | null;
  /** null: the provider's own. */
  readonly baseUrl: (provider: Provider) => string | null;
  readonly chat: EditorChat | null;
  /** Asked before anything goes to a provider that is not on this machine. */
  readonly consent: (preview: SendPreview) => Promise<boolean>;
  readonly filePolicy: FilePolicy;
  readonly budgetUsdPerMonth: number | null;
  readonly store: TraceStore | null;
  /** Whether traces may hold the question and the code. */
  readonly keepSource: boolean;
  readonly checkAnswer: AnswerChecker | null;
  /** A prompt of the user's for a task, or null. */
  readonly template: (task: TaskId) => string | null;
  readonly policy: { readonly version: string; readonly quality: QualityModel } | null;
  readonly exploration: number;
  readonly retry: RetryRules;
  readonly asked: 'person' | 'automatic';
  readonly onEvent: (event: AiEvent) => void;
  /** Grams per kWh where the models run. */
  readonly gCO2ePerKWh: number | null;
}

/** Services with the usual parts; a shell gives ports, keys and consent. */
export function makeServices(
  given: Pick<AiServices, 'ports' | 'key' | 'baseUrl' | 'consent'> & Partial<AiServices>,
): AiServices {
  return {
    state: newState(),
    registry: makeRegistry(),
    providers,
    chat: null,
    filePolicy: defaultFilePolicy,
    budgetUsdPerMonth: null,
    store: null,
    keepSource: false,
    checkAnswer: null,
    template: () => null,
    policy: null,
    exploration: 0,
    retry: defaultRetryRules,
    asked: 'person',
    onEvent: () => {},
    gCO2ePerKWh: null,
    ...given,
  };
}
