/**
 * Peak device memory: parameters and buffers, activations saved for backward, the largest
 * working set, gradients and optimiser state, KV cache; and whether it fits.
 */
import { type Accelerator, accelerators } from '../hardware/accelerators.js';
import type { Interval } from './price.js';

export interface MemoryUse {
  readonly parameters_bytes: number;
  readonly buffers_bytes: number;
  /** Kept for backward (training), in sum over the step. */
  readonly saved_bytes: number;
  /** Largest inputs plus outputs of one kernel. */
  readonly working_bytes: number;
  readonly trainable_bytes: number;
  readonly training: boolean;
  readonly optimiser?: Optimiser;
  readonly kvCache_bytes?: number;
}

export type Optimiser = 'none' | 'sgd' | 'sgd-momentum' | 'adam' | 'adam-8bit' | 'adafactor';

/**
 * Bytes of optimiser state per byte of fp32 trainable parameters: Adam keeps two moments
 * (Kingma and Ba 2015), 8-bit Adam two bytes per parameter, Adafactor row and column sums.
 */
const stateShare: Readonly<Record<Optimiser, number>> = {
  none: 0,
  sgd: 0,
  'sgd-momentum': 1,
  adam: 2,
  'adam-8bit': 0.5,
  adafactor: 0.01,
};

/**
 * Peak bytes. The value counts every part; low assumes that the largest working set overlaps
 * with saved activations; high adds what the caching allocator keeps by rounding and
 * fragmentation (PyTorch rounds to 512 B and 2 MiB blocks) and library workspaces.
 * NaN parts give null.
 */
export function peakMemory(use: MemoryUse): Interval | null {
  const fixed = use.parameters_bytes + use.buffers_bytes + (use.kvCache_bytes ?? 0);
  const training = use.training ? use.trainable_bytes * (1 + stateShare[use.optimiser ?? 'none']) + use.saved_bytes : 0;
  const value = fixed + training + use.working_bytes;
  if (Number.isNaN(value)) return null;
  const low = fixed + training + (use.training ? 0 : use.working_bytes * 0.5);
  const high = (fixed + training) * 1.05 + use.working_bytes * 2;
  return { value, low, high };
}

/** Memory that a context and libraries take before the first tensor, bytes: 0.5 GB, as `nvidia-smi` shows on recent drivers. */
const contextBytes = 0.5e9;

export type Fit = 'fits' | 'tight' | 'does not fit';

/** `tight`: the value fits, the upper end of the interval does not. */
export function fitsOn(memory: Interval, accelerator: Accelerator): Fit {
  const room = accelerator.memory_GB * 1e9 - contextBytes;
  if (memory.high <= room) return 'fits';
  return memory.value <= room ? 'tight' : 'does not fit';
}

/** The smallest accelerators that it fits on, for a message that helps. */
export function smallestThatFit(memory: Interval, count = 3): Accelerator[] {
  return accelerators
    .filter((one) => fitsOn(memory, one) === 'fits')
    .sort((a, b) => a.memory_GB - b.memory_GB || a.id.localeCompare(b.id))
    .slice(0, count);
}
