/**
 * Which tier a request goes to. Local analysis answers what it can at no cost; a small model
 * takes simple escalations; only architecture-level ones, and those too hard for a small
 * model, go to a large one.
 */
import { tasks } from '../tasks/tasks.js';
import type { ModelInfo, RequestFeatures, Tier } from '../types.js';
import { difficultyOf } from './difficulty.js';

/** At or above this difficulty a small model is not worth its call. */
export const largeFrom = 0.8;
/** Models up to this skill are small. */
export const smallSkill = 0.7;

export function triage(features: RequestFeatures, asked: 'person' | 'automatic' = 'automatic'): Tier {
  const task = tasks[features.task];
  // a person who asks again has seen the local answer
  if (features.localCoverage >= 1 && task.scope === 'local-first' && asked === 'automatic') return 'local';
  if (task.scope === 'architecture' || difficultyOf(features) >= largeFrom) return 'large';
  return 'small';
}

export function tierOf(model: Pick<ModelInfo, 'skill'>): 'small' | 'large' {
  return model.skill <= smallSkill ? 'small' : 'large';
}
