/**
 * The routing decision: first a filter by what the task needs and the person allows, then a
 * score by the objective's weights. Pure and quick; every candidate keeps its score and reason.
 */
import { objectiveWeights } from '../objectives.js';
import type { Task } from '../tasks/task.js';
import { tasks } from '../tasks/tasks.js';
import type {
  Candidate,
  Constraints,
  ModelInfo,
  ModelRef,
  Objective,
  RequestFeatures,
  RoutingDecision,
  Tier,
} from '../types.js';
import { type CallCost, costOf, expectedUsage, typicalCall } from './callEstimate.js';
import { clamp, difficultyOf, type QualityModel, ruleQuality } from './difficulty.js';
import { type Option, type Parts, rank } from './score.js';
import { tierOf, triage } from './triage.js';

export const rulePolicyVersion = 'rules-2';
/** Lifts a provider the person prefers over everything else that passes the floor by less than this. */
const preferredBonus = 0.5;
/** Puts a large model behind every small one, before those under the floor. */
const kept = 5;

export interface RouteInput {
  readonly features: RequestFeatures;
  readonly objective: Objective;
  readonly constraints: Constraints;
  readonly models: readonly ModelInfo[];
  /** Why a model cannot be asked now (no key, cooling down, disabled); null when it can. */
  readonly unavailable?: (model: ModelInfo) => string | null;
  /** Measured seconds instead of the table's, when there are any. */
  readonly measuredLatencyS?: (ref: ModelRef) => number | null;
  readonly quality?: QualityModel;
  readonly policyVersion?: string;
  readonly asked?: 'person' | 'automatic';
  /** Share of calls that try another candidate, so that policies can be compared later; 0 unless turned on. */
  readonly exploration?: number;
  readonly random?: () => number;
  readonly elapsed?: () => number;
}

interface Scored {
  readonly model: ModelInfo;
  readonly cost: CallCost;
  readonly quality: number;
}

export function route(input: RouteInput): RoutingDecision {
  const start = input.elapsed?.() ?? 0;
  const tier = input.constraints.model === undefined ? triage(input.features, input.asked) : 'small';
  const decision = tier === 'local' ? localDecision(input) : chooseModel(input, tier);
  return { ...decision, decisionMs: (input.elapsed?.() ?? 0) - start };
}

type Decided = Omit<RoutingDecision, 'decisionMs'>;

function localDecision({ features, objective, policyVersion }: RouteInput): Decided {
  return {
    tier: 'local',
    difficulty: difficultyOf(features),
    objective,
    chosen: null,
    reason: 'Local analysis answers this completely; no model is asked.',
    fallbacks: [],
    candidates: [],
    policyVersion: policyVersion ?? rulePolicyVersion,
    propensity: 1,
  };
}

function chooseModel(input: RouteInput, tier: Tier): Decided {
  const { features, objective, constraints } = input;
  const task = tasks[features.task];
  const predict = input.quality ?? ruleQuality;
  const refused = new Map<ModelInfo, string>();
  const scored: Scored[] = [];
  const costs = new Map<ModelInfo, Scored>();
  for (const model of input.models) {
    const usage = expectedUsage(features, model, task.thinkingTokens);
    const raw = costOf(usage, model);
    const measured = input.measuredLatencyS?.(model.ref) ?? null;
    const one = {
      model,
      quality: predict(features, model),
      cost: measured === null ? raw : { ...raw, latencyS: measured },
    };
    costs.set(model, one);
    const why = refusal(input, one, usage.outputTokens);
    if (why === null) scored.push(one);
    else refused.set(model, why);
  }
  const preferred = constraints.preferredProviders ?? [];
  const bestSmall = Math.max(0, ...scored.filter((one) => tierOf(one.model) === 'small').map((one) => one.quality));
  const keepsLarge =
    tier === 'small' && constraints.model === undefined && bestSmall >= objectiveWeights[objective].smallEnough;
  /** A large model is not asked a small question; it stays as a fallback. */
  const isKept = (model: ModelInfo): boolean =>
    keepsLarge && tierOf(model) === 'large' && !preferred.includes(model.provider);
  const options = scored.map((one) => ({
    ...one.cost,
    quality: one.quality,
    model: one.model,
    typical: typicalCall(one.model),
  }));
  const { ranked, floor } = rank(
    objective,
    options,
    (one) => bonusOf(task, one, preferred) - (isKept(one.model) ? kept : 0),
  );
  const explored = explore(input, ranked.length);
  // a model that was named comes first whatever its score, then its fallbacks in their order
  const named = [constraints.model, ...(constraints.fallbacks ?? [])].flatMap(
    (ref) => ranked.find((one) => one.option.model.ref === ref) ?? [],
  );
  const first = constraints.model === undefined ? ranked[explored.index] : named[0];
  const candidates: Candidate[] = input.models.map((model) => {
    const one = costs.get(model)!;
    const r = ranked.find((x) => x.option.model === model);
    return {
      ref: model.ref,
      eligible: r !== undefined,
      score: r === undefined ? null : round(r.score),
      quality: round(one.quality),
      costUsd: one.cost.costUsd,
      latencyS: round(one.cost.latencyS),
      carbon_g: one.cost.carbon_g,
      reason:
        r === undefined
          ? refused.get(model)!
          : isKept(model)
            ? `kept for harder questions: a small model is right with probability ${bestSmall.toFixed(2)}`
            : r.passes
              ? partsText(r.parts, bonusOf(task, r.option, preferred))
              : `predicted quality ${one.quality.toFixed(2)} is under the floor ${floor.toFixed(2)} of ${objective}`,
    };
  });
  const decided = {
    tier: first === undefined ? tier : tier === 'large' ? tier : tierOf(first.option.model),
    difficulty: difficultyOf(features),
    objective,
    candidates,
    policyVersion: input.policyVersion ?? rulePolicyVersion,
    propensity: first === undefined ? 1 : explored.propensity,
  } as const;
  if (first === undefined) {
    const reasons = [...new Set([...refused.values()])].slice(0, 3).join('; ');
    return { ...decided, chosen: null, reason: `No model may be asked: ${reasons || 'none is known'}.`, fallbacks: [] };
  }
  const others = ranked.filter((one) => one !== first).map((one) => one.option.model.ref);
  const allowed = new Set(others);
  return {
    ...decided,
    chosen: first.option.model.ref,
    reason:
      explored.index === 0
        ? constraints.model !== undefined
          ? first.option.model.ref === constraints.model
            ? `${constraints.model} was named.`
            : `${constraints.model} cannot be asked (${refused.get(input.models.find((m) => m.ref === constraints.model)!) ?? 'not known'}); this is its fallback.`
          : `Highest score for ${objective} among ${ranked.length} of ${input.models.length} models (difficulty ${decided.difficulty.toFixed(2)}).`
        : 'Exploration: another candidate than the best is tried now and then so that policies can be compared.',
    fallbacks: constraints.fallbacks === undefined ? others : constraints.fallbacks.filter((ref) => allowed.has(ref)),
  };
}

/** Why this model may not be asked; null when it may. */
function refusal(input: RouteInput, { model, cost }: Scored, outputTokens: number): string | null {
  const { constraints, features } = input;
  const { needs } = tasks[features.task];
  if (constraints.model !== undefined && constraints.model !== model.ref && !isFallback(constraints, model.ref))
    return `only ${[constraints.model, ...(constraints.fallbacks ?? [])].join(', ')} may be asked`;
  if (constraints.excludedProviders?.includes(model.provider)) return `provider ${model.provider} is excluded`;
  if (constraints.localOnly && !model.local) return 'not local, and only local models are allowed';
  if (constraints.region !== undefined && !model.local && !model.regions.includes(constraints.region))
    return `the provider does not promise to keep data in ${constraints.region}`;
  if (needs.structured && !model.structured) return 'no structured output';
  if ((needs.vision || features.hasImage) && !model.vision) return 'cannot see pictures';
  const lacking = needs.requiredTools.find((tool) => !model.tools.includes(tool));
  if (lacking !== undefined) return `lacks the tool ${lacking}`;
  const needed = features.inputTokens + outputTokens;
  if (model.contextTokens < Math.max(needed, needs.minContextTokens))
    return `context of ${model.contextTokens} tokens is too short for ${needed}`;
  if (constraints.maxCostUsd !== undefined && cost.costUsd > constraints.maxCostUsd)
    return `would cost $${cost.costUsd.toPrecision(2)}, over the maximum of $${constraints.maxCostUsd}`;
  // a model that was named is asked: its deadline holds anyway
  if (
    constraints.model !== model.ref &&
    !isFallback(constraints, model.ref) &&
    constraints.maxLatencyMs !== undefined &&
    cost.latencyS * 1000 > constraints.maxLatencyMs
  )
    return `would take ${cost.latencyS.toPrecision(2)} s, over the maximum of ${constraints.maxLatencyMs / 1000} s`;
  if (constraints.maxCarbon_g !== undefined && cost.carbon_g > constraints.maxCarbon_g)
    return `would emit ${cost.carbon_g.toPrecision(2)} g, over the maximum of ${constraints.maxCarbon_g} g`;
  return input.unavailable?.(model) ?? null;
}

function isFallback(constraints: Constraints, ref: ModelRef): boolean {
  return constraints.fallbacks?.includes(ref) === true;
}

/** Seconds and dollars at which a task's liking for speed and price has faded. */
const slow = 60;
const dear = 0.05;

function bonusOf(task: Task, one: Option & { readonly model: ModelInfo }, preferred: readonly string[]): number {
  return (
    (one.model.reasoning ? task.prefers.reasoning : 0) +
    task.prefers.speed * clamp(1 - one.latencyS / slow) +
    task.prefers.price * clamp(1 - one.costUsd / dear) +
    (preferred.includes(one.model.provider) ? preferredBonus : 0)
  );
}

function partsText(parts: Parts, bonus: number): string {
  const term = (name: string, value: number): string =>
    `${value < 0 ? '−' : '+'} ${name} ${Math.abs(value).toFixed(3)}`;
  return `quality ${parts.quality.toFixed(3)} ${term('cost', parts.cost)} ${term('latency', parts.latency)} ${term('carbon', parts.carbon)} ${term('preference', bonus)}`;
}

/** ε-greedy over the ranking; the propensity is that of what was picked. */
function explore(input: RouteInput, count: number): { index: number; propensity: number } {
  const e = input.exploration ?? 0;
  if (e <= 0 || count < 2 || input.random === undefined || input.constraints.model !== undefined)
    return { index: 0, propensity: 1 };
  const greedy = 1 - e + e / count;
  const u = input.random();
  if (u < greedy) return { index: 0, propensity: greedy };
  return {
    index: 1 + Math.min(count - 2, Math.floor(((u - greedy) / (1 - greedy)) * (count - 1))),
    propensity: e / count,
  };
}

function round(x: number): number {
  return Math.round(x * 1e4) / 1e4;
}
