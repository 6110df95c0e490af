/** Several targets beside each other: which of them nothing beats. */
import type { Fit } from './memory.js';

/** What is compared: the less of each, the better. null: not known. */
export interface Contender {
  readonly time_s: number | null;
  readonly energy_J: number | null;
  readonly usd: number | null;
  readonly fits: Fit | null;
}

/**
 * Which contenders are in the Pareto set: no other is at least as good in time, energy and price and better in one.
 * One that does not fit, or whose time is not known, is never in it; an unknown figure counts as the worst.
 */
export function paretoSet(contenders: readonly Contender[]): boolean[] {
  const figures = (one: Contender) => [one.time_s, one.energy_J, one.usd].map((x) => x ?? Number.POSITIVE_INFINITY);
  const isOut = (one: Contender) => one.fits === 'does not fit' || one.time_s === null;
  return contenders.map((one) => {
    if (isOut(one)) return false;
    const mine = figures(one);
    return !contenders.some((other) => {
      if (other === one || isOut(other)) return false;
      const theirs = figures(other);
      return theirs.every((x, i) => x <= mine[i]) && theirs.some((x, i) => x < mine[i]);
    });
  });
}
