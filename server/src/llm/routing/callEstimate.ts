/** What one call is expected to cost: dollars, seconds, grams; and what it did cost. */
import { worldRegion } from '../../hardware/carbon.js';
import type { ModelInfo, RequestFeatures, Usage } from '../types.js';

export interface CallCost {
  readonly costUsd: number;
  readonly latencyS: number;
  readonly carbon_g: number;
}

/** Thinking tokens that a reasoning model spends beside its answer, as a share of the task's budget. */
const thinkingShare = 0.5;

export function expectedUsage(features: RequestFeatures, model: ModelInfo, thinkingTokens: number): Usage {
  return {
    inputTokens: features.inputTokens,
    outputTokens: features.outputTokens + (model.reasoning ? Math.round(thinkingTokens * thinkingShare) : 0),
  };
}

/** `gCO2ePerKWh`: of the grid the model runs on; where the provider does not say, the world's average. */
export function costOf(usage: Usage, model: ModelInfo, gCO2ePerKWh: number = worldRegion.gCO2ePerKWh): CallCost {
  const joules = usage.inputTokens * model.joulesPerInputToken + usage.outputTokens * model.joulesPerOutputToken;
  return {
    costUsd: (usage.inputTokens * model.usdPerMInput + usage.outputTokens * model.usdPerMOutput) / 1e6,
    latencyS: model.firstTokenS + usage.outputTokens / model.tokensPerS,
    carbon_g: (joules / 3.6e6) * gCO2ePerKWh,
  };
}

/** The yardstick for shares of cost: 4,000 tokens in, 1,000 out, as many again where the model thinks. */
export function typicalCall(model: ModelInfo): CallCost {
  return costOf({ inputTokens: 4000, outputTokens: model.reasoning ? 2000 : 1000 }, model);
}
