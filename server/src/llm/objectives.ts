/**
 * The objectives as weights, in one table. A score is what an answer is worth less what it takes:
 *
 *   score = quality·P(accepted) − usd·dollars − second·seconds − gram·gCO2e + what the task and the person prefer
 *
 * so `usd: 3` says that a good answer is worth 33 cents to someone who minimises cost.
 * `floor`: a candidate whose predicted quality is below this share of the best candidate's
 * comes after all that are not. The weights of the saving objectives were chosen on the
 * calibration half of the router benchmark (`npm run bench:router -- --calibrate`).
 */
import type { Objective } from './types.js';

export interface Weights {
  readonly quality: number;
  readonly usd: number;
  readonly second: number;
  readonly gram: number;
  readonly floor: number;
}

export const objectiveWeights: Readonly<Record<Objective, Weights>> = {
  maximize_quality: { quality: 1, usd: 0.05, second: 0.0001, gram: 0.002, floor: 0.98 },
  minimize_cost: { quality: 1, usd: 3, second: 0.0005, gram: 0.02, floor: 0.6 },
  minimize_latency: { quality: 1, usd: 0.5, second: 0.015, gram: 0.02, floor: 0.6 },
  minimize_carbon: { quality: 1, usd: 0.5, second: 0.0005, gram: 0.34, floor: 0.6 },
  balanced: { quality: 1, usd: 1, second: 0.001, gram: 0.05, floor: 0.8 },
};
