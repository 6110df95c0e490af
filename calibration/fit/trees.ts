/**
 * Gradient boosting of oblivious trees (one split per level) for Huber loss on a log ratio:
 * Friedman 2001, with leaf values shrunk as in ridge regression. Deterministic: no sampling.
 */
import { type Ensemble, evaluate } from '../../server/src/energy/trees.js';

export interface BoostOptions {
  readonly trees: number;
  readonly depth: number;
  readonly rate: number;
  /** Added to each leaf's weight. */
  readonly ridge: number;
  readonly bins: number;
  /** Residuals beyond this pull no harder. */
  readonly huber: number;
}

export const defaultBoost: BoostOptions = { trees: 240, depth: 4, rate: 0.12, ridge: 4, bins: 40, huber: 0.3 };

/** Thresholds that cut a feature into bins of about equal weight. */
function thresholdsOf(values: Float64Array, bins: number): number[] {
  const sorted = Float64Array.from(values).sort();
  const cuts = new Set<number>();
  for (let i = 1; i < bins; i++) {
    const at = Math.floor((i * sorted.length) / bins);
    const a = sorted[Math.max(at - 1, 0)];
    const b = sorted[at];
    cuts.add(a === b ? previousDistinct(sorted, at) : (a + b) / 2);
  }
  return [...cuts].filter((cut) => Number.isFinite(cut) && cut < sorted[sorted.length - 1]).sort((x, y) => x - y);
}

function previousDistinct(sorted: Float64Array, at: number): number {
  let i = at;
  while (i > 0 && sorted[i - 1] === sorted[at]) i--;
  return i === 0 ? sorted[0] : (sorted[i - 1] + sorted[at]) / 2;
}

export function boost(
  features: readonly string[],
  rows: readonly Float64Array[],
  target: Float64Array,
  weight: Float64Array,
  options: BoostOptions = defaultBoost,
): Ensemble {
  const n = rows.length;
  const cuts: number[][] = [];
  const binned: Uint8Array[] = [];
  for (let f = 0; f < features.length; f++) {
    const column = Float64Array.from(rows, (row) => row[f]);
    cuts[f] = thresholdsOf(column, options.bins);
    const bins = new Uint8Array(n);
    for (let i = 0; i < n; i++) {
      let b = 0;
      while (b < cuts[f].length && column[i] > cuts[f][b]) b++;
      bins[i] = b;
    }
    binned[f] = bins;
  }
  const base = weightedMedian(target, weight);
  const prediction = new Float64Array(n).fill(base);
  const split: number[] = [];
  const threshold: number[] = [];
  const leaf: number[] = [];
  const leaves = 1 << options.depth;
  const gradient = new Float64Array(n);
  const node = new Uint8Array(n);
  for (let tree = 0; tree < options.trees; tree++) {
    for (let i = 0; i < n; i++) {
      const r = target[i] - prediction[i];
      gradient[i] = weight[i] * Math.max(-options.huber, Math.min(options.huber, r));
    }
    node.fill(0);
    for (let level = 0; level < options.depth; level++) {
      const best = bestSplit(level, features.length, cuts, binned, node, gradient, weight, options.ridge);
      split.push(best.feature);
      threshold.push(best.feature < 0 ? 0 : cuts[best.feature][best.bin]);
      if (best.feature < 0) split[split.length - 1] = 0;
      const column = binned[split[split.length - 1]];
      for (let i = 0; i < n; i++) if (best.feature >= 0 && column[i] > best.bin) node[i] |= 1 << level;
      if (best.feature < 0) threshold[threshold.length - 1] = Number.MAX_VALUE;
    }
    const sum = new Float64Array(leaves);
    const mass = new Float64Array(leaves);
    for (let i = 0; i < n; i++) {
      sum[node[i]] += gradient[i];
      mass[node[i]] += weight[i];
    }
    const values = Array.from(sum, (s, l) => (options.rate * s) / (mass[l] + options.ridge));
    for (let i = 0; i < n; i++) prediction[i] += values[node[i]];
    leaf.push(...values);
  }
  const round = (x: number) => Number(x.toPrecision(5));
  return {
    features,
    base: round(base),
    depth: options.depth,
    split,
    threshold: threshold.map(round),
    leaf: leaf.map((x) => Number(x.toFixed(5))),
  };
}

function bestSplit(
  level: number,
  count: number,
  cuts: readonly number[][],
  binned: readonly Uint8Array[],
  node: Uint8Array,
  gradient: Float64Array,
  weight: Float64Array,
  ridge: number,
): { feature: number; bin: number } {
  const groups = 1 << level;
  let best = { feature: -1, bin: 0 };
  let bestGain = 1e-12;
  for (let f = 0; f < count; f++) {
    const bins = cuts[f].length + 1;
    if (bins < 2) continue;
    const g = new Float64Array(groups * bins);
    const w = new Float64Array(groups * bins);
    const column = binned[f];
    for (let i = 0; i < node.length; i++) {
      const at = node[i] * bins + column[i];
      g[at] += gradient[i];
      w[at] += weight[i];
    }
    const gains = new Float64Array(bins - 1);
    for (let group = 0; group < groups; group++) {
      let totalG = 0;
      let totalW = 0;
      for (let b = 0; b < bins; b++) {
        totalG += g[group * bins + b];
        totalW += w[group * bins + b];
      }
      if (totalW === 0) continue;
      const whole = (totalG * totalG) / (totalW + ridge);
      let leftG = 0;
      let leftW = 0;
      for (let b = 0; b + 1 < bins; b++) {
        leftG += g[group * bins + b];
        leftW += w[group * bins + b];
        const rightG = totalG - leftG;
        const rightW = totalW - leftW;
        gains[b] += (leftG * leftG) / (leftW + ridge) + (rightG * rightG) / (rightW + ridge) - whole;
      }
    }
    for (let b = 0; b + 1 < bins; b++) {
      if (gains[b] > bestGain) {
        bestGain = gains[b];
        best = { feature: f, bin: b };
      }
    }
  }
  return best;
}

export function weightedMedian(values: ArrayLike<number>, weight: ArrayLike<number>): number {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  let total = 0;
  for (let i = 0; i < weight.length; i++) total += weight[i];
  let run = 0;
  for (const i of order) {
    run += weight[i];
    if (run >= total / 2) return values[i];
  }
  return order.length === 0 ? 0 : values[order[order.length - 1]];
}

export { evaluate };
