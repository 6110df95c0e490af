/** Does the model rank GPUs by energy as the measurements do? */
import type { HeldRow } from '../pipeline.js';

/**
 * Kendall's tau over pairs of GPUs that ran the same model and workload: (concordant - discordant) / pairs.
 * `apart`: only pairs whose measurements differ by more than this share of the smaller.
 */
export function kendallTau(rows: readonly HeldRow[], apart = 0): { tau: number; pairs: number } {
  // One figure per (model, workload, device): the least energy per step and sequence over batch sizes.
  const best = new Map<string, Map<string, { predicted: number; measured: number }>>();
  for (const row of rows) {
    const [model, device, era, workload, batch, gpus] = row.label.split('|');
    // Rows are per board: a token's energy is that of all boards of the replica.
    const tokens = Number(batch) / Number(gpus);
    const key = `${model}|${workload}`;
    const name = `${device}|${era}`;
    const perDevice = best.get(key) ?? new Map();
    const now = { predicted: row.predicted / tokens, measured: row.measured / tokens };
    const before = perDevice.get(name);
    perDevice.set(
      name,
      before
        ? { predicted: Math.min(before.predicted, now.predicted), measured: Math.min(before.measured, now.measured) }
        : now,
    );
    best.set(key, perDevice);
  }
  let concordant = 0;
  let pairs = 0;
  for (const perDevice of best.values()) {
    const list = [...perDevice.values()];
    for (let i = 0; i < list.length; i++) {
      for (let j = i + 1; j < list.length; j++) {
        const [a, b] = [list[i].measured, list[j].measured];
        if (Math.max(a, b) / Math.min(a, b) - 1 < apart) continue;
        pairs++;
        concordant +=
          Math.sign(list[i].predicted - list[j].predicted) === Math.sign(list[i].measured - list[j].measured) ? 1 : -1;
      }
    }
  }
  return { tau: pairs === 0 ? Number.NaN : concordant / pairs, pairs };
}
