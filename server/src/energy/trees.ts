/**
 * Small ensembles of oblivious regression trees (one split per level, as in CatBoost):
 * the shape of an efficiency surface as data. Evaluating one is a few hundred comparisons.
 */
export interface Ensemble {
  /** Names of the features, in the order of the vector. */
  readonly features: readonly string[];
  readonly base: number;
  readonly depth: number;
  /** depth feature indices per tree, flat. */
  readonly split: readonly number[];
  /** depth thresholds per tree, flat: bit set when feature > threshold. */
  readonly threshold: readonly number[];
  /** 2^depth values per tree, flat. */
  readonly leaf: readonly number[];
}

/** Value at a feature vector. NaN features give NaN: what is not known stays so. */
export function evaluate(ensemble: Ensemble, x: ArrayLike<number>): number {
  const { depth, split, threshold, leaf } = ensemble;
  const leaves = 1 << depth;
  for (let i = 0; i < ensemble.features.length; i++) if (Number.isNaN(x[i])) return Number.NaN;
  let sum = ensemble.base;
  for (let tree = 0, at = 0; at < split.length; tree++) {
    let index = 0;
    for (let level = 0; level < depth; level++, at++) {
      if (x[split[at]] > threshold[at]) index |= 1 << level;
    }
    sum += leaf[tree * leaves + index];
  }
  return sum;
}
