/** What the model picker shows: each model's price, latency, carbon and fallbacks, and who is asked when the choice is automatic. */
import type { AiModel, AiOverview } from '../../../shared/ai.js';
import { monthOf } from '../llm/budget.js';
import { Availability } from '../llm/call/availability.js';
import { costOf } from '../llm/routing/callEstimate.js';
import { route } from '../llm/routing/route.js';
import type { AiServices } from '../llm/services.js';
import { tasks } from '../llm/tasks/tasks.js';
import type { Constraints, ModelInfo, Objective, RequestFeatures } from '../llm/types.js';

/** The question that figures are told for: a fix in 100 lines. */
const typical: RequestFeatures = {
  task: 'propose_fix',
  inputTokens: 2000,
  outputTokens: 500,
  codeLines: 100,
  unknowns: 0,
  facts: 10,
  hasImage: false,
  localCoverage: 0.5,
};

export function overviewOf(
  services: AiServices,
  /** null: only totals and figures; nobody is choosing. */
  choice: { readonly objective: Objective; readonly constraints: Constraints } | null,
): AiOverview {
  const { state, ports } = services;
  const month = state.totals.byMonth.get(monthOf(ports.now()));
  const rowOf = (m: ModelInfo): AiModel => {
    const cost = costOf({ inputTokens: typical.inputTokens, outputTokens: typical.outputTokens }, m);
    return {
      ref: m.ref,
      provider: m.provider,
      usdPerMInput: m.usdPerMInput,
      usdPerMOutput: m.usdPerMOutput,
      latencyS: state.health.measuredLatencyS(m.ref) ?? cost.latencyS,
      isMeasured: state.health.measuredLatencyS(m.ref) !== null,
      carbon_g: cost.carbon_g,
      local: m.local,
      inferred: m.inferred,
    };
  };
  return {
    models: services.registry.models.map(rowOf),
    automatic: choice === null ? [] : automaticOrder(services, choice),
    month: { calls: month?.calls ?? 0, costUsd: month?.costUsd ?? 0, carbon_g: month?.carbon_g ?? 0 },
  };
}

function automaticOrder(
  services: AiServices,
  { objective, constraints: { model: _, ...constraints } }: { objective: Objective; constraints: Constraints },
): string[] {
  const available = new Availability(services, constraints);
  const { chosen, fallbacks } = route({
    features: { ...typical, outputTokens: tasks[typical.task].outputTokens },
    objective,
    constraints,
    models: available.models(),
    unavailable: (model) => available.whyNot(model),
    measuredLatencyS: (ref) => services.state.health.measuredLatencyS(ref),
    asked: 'person',
    ...(services.policy === null ? {} : { quality: services.policy.quality, policyVersion: services.policy.version }),
  });
  return chosen === null ? [] : [chosen, ...fallbacks];
}
