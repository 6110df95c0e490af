/** The score: an objective's weights over candidates. Shared by the router and by what compares policies. */
import { objectiveWeights } from '../objectives.js';
import type { Objective } from '../types.js';

export interface Option {
  /** Predicted, 0..1. */
  readonly quality: number;
  readonly costUsd: number;
  readonly latencyS: number;
  readonly carbon_g: number;
  /** Of a typical call to the same model; absent: this call's. */
  readonly typical?: { readonly costUsd: number; readonly carbon_g: number };
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

/** How many typical calls this takes; at most so many that no quality outweighs it when they are free. */
function share(part: number, whole: number): number {
  return part <= 0 ? 0 : Math.min(part / whole, 100);
}

/** Best first. `bonus`: what the task and the person prefer. */
export function rank<T extends Option>(
  objective: Objective,
  options: readonly T[],
  bonus: (option: T) => number = () => 0,
): { readonly ranked: Ranked<T>[]; readonly floor: number } {
  const weights = objectiveWeights[objective];
  const best = options.reduce<Option | null>((a, b) => (a === null || b.quality > a.quality ? b : a), null);
  const floor = (best?.quality ?? 0) * weights.floor;
  const typical = best?.typical ?? best ?? { costUsd: 0, carbon_g: 0 };
  const ranked = options.map((option) => {
    const parts: Parts = {
      quality: weights.quality * option.quality,
      cost: -weights.usd * option.costUsd - weights.usdShare * share(option.costUsd, typical.costUsd),
      latency: -weights.second * option.latencyS,
      carbon: -weights.gram * option.carbon_g - weights.gramShare * share(option.carbon_g, typical.carbon_g),
    };
    const passes = option.quality >= floor;
    const score = parts.quality + parts.cost + parts.latency + parts.carbon + bonus(option);
    return { option, score: passes ? score : score - underFloor, parts, passes };
  });
  ranked.sort((a, b) => b.score - a.score || a.option.costUsd - b.option.costUsd);
  return { ranked, floor };
}
