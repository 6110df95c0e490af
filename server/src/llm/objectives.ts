/**
 * The objectives as weights, in one table. A score is what an answer is worth less what it takes:
 *
 *   score = quality·P(accepted) − usd·dollars − second·seconds − gram·gCO2e
 *           − usdShare·dollars/D − gramShare·gCO2e/G + what the task and the person prefer
 *
 * D and G: dollars and grams of a typical call to the best candidate. `usdShare: 0.1` says that
 * an answer that costs nothing may be a tenth less likely to be right than one at that price.
 * Being shares, these two hold whatever models cost; the others are absolute: `usd: 1` says that
 * a good answer is worth a dollar. `floor`: a candidate whose predicted quality is below this
 * share of the best candidate's comes after all that are not. `smallEnough`: large models are kept
 * for large questions while a small one is as likely as this to be right (2: never). The shares were chosen on synthetic
 * sets of other models, prices, mixes and noise than the benchmark's, and checked on its
 * calibration half (`npm run bench:router -- --calibrate`).
 */
import type { Objective } from './types.js';

export interface Weights {
  readonly quality: number;
  readonly usd: number;
  readonly second: number;
  readonly gram: number;
  readonly usdShare: number;
  readonly gramShare: number;
  readonly floor: number;
  readonly smallEnough: number;
}

export const objectiveWeights: Readonly<Record<Objective, Weights>> = {
  maximize_quality: {
    quality: 1,
    usd: 0.05,
    second: 0.0001,
    gram: 0.002,
    usdShare: 0,
    gramShare: 0,
    floor: 0.98,
    smallEnough: 2,
  },
  minimize_cost: {
    quality: 1,
    usd: 0,
    second: 0.0005,
    gram: 0,
    usdShare: 0.1,
    gramShare: 0,
    floor: 0.85,
    smallEnough: 2,
  },
  minimize_latency: {
    quality: 1,
    usd: 0.5,
    second: 0.015,
    gram: 0.02,
    usdShare: 0,
    gramShare: 0,
    floor: 0.6,
    smallEnough: 0.85,
  },
  minimize_carbon: {
    quality: 1,
    usd: 0,
    second: 0.0005,
    gram: 0,
    usdShare: 0,
    gramShare: 0.18,
    floor: 0.8,
    smallEnough: 2,
  },
  balanced: { quality: 1, usd: 1, second: 0.001, gram: 0.05, usdShare: 0, gramShare: 0, floor: 0.8, smallEnough: 0.75 },
};
