/**
 * How hard a request is, and how likely a model of a given skill is to get it right: two
 * lines that anyone can recompute. Difficulty and skill share one scale (a Rasch model):
 *
 *   difficulty = base(task) + 0.22·size + 0.15·unknowns − 0.10·localCoverage,    clamped to 0..1
 *   quality    = 1 / (1 + exp(−(9·(skill − difficulty) + 1.4)))
 *
 * `size` is 0 at 20 lines of code and 1 at 2,000, `unknowns` 1 from six unknown figures on.
 * The constants were fitted on the calibration half of the router benchmark.
 */
import { tasks } from '../tasks/tasks.js';
import type { ModelInfo, RequestFeatures } from '../types.js';

export const difficultyWeights = { size: 0.22, unknowns: 0.15, local: -0.1 } as const;
export const qualityCurve = { slope: 9, offset: 1.4 } as const;

export function sizeOf(codeLines: number): number {
  return clamp(Math.log10(Math.max(1, codeLines) / 20) / 2);
}

export function unknownShare(unknowns: number): number {
  return Math.min(1, unknowns / 6);
}

export function difficultyOf(features: RequestFeatures): number {
  return clamp(
    tasks[features.task].baseDifficulty +
      difficultyWeights.size * sizeOf(features.codeLines) +
      difficultyWeights.unknowns * unknownShare(features.unknowns) +
      difficultyWeights.local * features.localCoverage,
  );
}

/** Probability that a model's answer is accepted. */
export type QualityModel = (features: RequestFeatures, model: Pick<ModelInfo, 'ref' | 'skill'>) => number;

export const ruleQuality: QualityModel = (features, model) =>
  1 / (1 + Math.exp(-(qualityCurve.slope * (model.skill - difficultyOf(features)) + qualityCurve.offset)));

export function clamp(x: number): number {
  return Math.min(1, Math.max(0, x));
}
