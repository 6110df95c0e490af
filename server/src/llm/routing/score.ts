/** The score: an objective's weights over candidates. Shared by the router and by what compares policies. */
import { objectiveWeights } from '../objectives.js';
import type { Objective } from '../types.js';

export interface Option {
  /** Predicted, 0..1. */
  readonly quality: number;
  readonly costUsd: number;
  readonly latencyS: number;
  readonly carbon_g: number;
}

/** The terms of the sum. */
export interface Parts {
  readonly quality: number;
  readonly cost: number;
  readonly latency: number;
  readonly carbon: number;
}

export interface Ranked<T> {
  readonly option: T;
  readonly score: number;
  readonly parts: Parts;
  /** False: predicted quality is under the floor; it comes after all that pass. */
  readonly passes: boolean;
}

/** Under the floor by so much that no bonus lifts it over one that passes. */
const underFloor = 10;

/** Best first. `bonus`: what the task and the person prefer. */
export function rank<T extends Option>(
  objective: Objective,
  options: readonly T[],
  bonus: (option: T) => number = () => 0,
): { readonly ranked: Ranked<T>[]; readonly floor: number } {
  const weights = objectiveWeights[objective];
  const floor = Math.max(0, ...options.map((one) => one.quality)) * weights.floor;
  const ranked = options.map((option) => {
    const parts: Parts = {
      quality: weights.quality * option.quality,
      cost: -weights.usd * option.costUsd,
      latency: -weights.second * option.latencyS,
      carbon: -weights.gram * option.carbon_g,
    };
    const passes = option.quality >= floor;
    const score = parts.quality + parts.cost + parts.latency + parts.carbon + bonus(option);
    return { option, score: passes ? score : score - underFloor, parts, passes };
  });
  ranked.sort((a, b) => b.score - a.score || a.option.costUsd - b.option.costUsd);
  return { ranked, floor };
}
