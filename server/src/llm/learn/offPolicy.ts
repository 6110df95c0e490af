/**
 * What another policy would have earned on logged choices (Dudík, Langford, Li 2011):
 * doubly robust, DR = Σ π(a)·q̂(a) + π(chosen)/p·(r − q̂(chosen)), and plain inverse propensity.
 * Intervals: normal, 95 %, over the choices. Weights are cut at 20 to bound the variance.
 */
import type { ModelRef } from '../types.js';

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface LoggedChoice {
  readonly chosen: ModelRef;
  /** With which the logging policy made it. */
  readonly propensity: number;
  readonly reward: number;
  /** q̂ by action. */
  readonly expected: ReadonlyMap<ModelRef, number>;
  /** Probability of each action, by policy. */
  readonly actions: Readonly<Record<string, ReadonlyMap<ModelRef, number>>>;
}

const largestWeight = 20;

function doublyRobust(l: LoggedChoice, policy: string): number {
  const actions = l.actions[policy]!;
  let direct = 0;
  for (const [action, p] of actions) direct += p * (l.expected.get(action) ?? 0);
  const weight = Math.min(largestWeight, (actions.get(l.chosen) ?? 0) / l.propensity);
  return direct + weight * (l.reward - (l.expected.get(l.chosen) ?? 0));
}

export function estimate(logged: readonly LoggedChoice[], policy: string): Interval {
  return interval(logged.map((l) => doublyRobust(l, policy)));
}

/** Inverse propensity scoring alone: no model of rewards, wider. */
export function inversePropensity(logged: readonly LoggedChoice[], policy: string): Interval {
  return interval(
    logged.map((l) => Math.min(largestWeight, (l.actions[policy]!.get(l.chosen) ?? 0) / l.propensity) * l.reward),
  );
}

/** How much more one policy earns than another, choice by choice: narrower than comparing two intervals. */
export function compareTo(logged: readonly LoggedChoice[], policy: string, baseline: string): Interval {
  return interval(logged.map((l) => doublyRobust(l, policy) - doublyRobust(l, baseline)));
}

function interval(values: readonly number[]): Interval {
  const n = values.length;
  if (n === 0) return { value: 0, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, n - 1);
  const half = 1.96 * Math.sqrt(variance / n);
  return { value: mean, low: mean - half, high: mean + half };
}
