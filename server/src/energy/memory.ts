/** Peak device memory from its parts, and whether it fits. */
import { type Accelerator, allAccelerators } from '../hardware/accelerators.js';
import type { Interval } from './price.js';

/** What lies in device memory at the worst moment, bytes. NaN: not known. */
export interface MemoryParts {
  readonly weights_bytes: number;
  readonly buffers_bytes: number;
  readonly inputs_bytes: number;
  /** Activations at the worst moment, with what autograd keeps and the gradients that are there by then. */
  readonly activations_bytes: number;
  /** The same when every tensor goes with its last use, frames that hold arguments left out. */
  readonly leastActivations_bytes: number;
  /** Largest tensors of one kernel: what a library may take again as workspace. */
  readonly working_bytes: number;
  readonly optimiser_bytes: number;
  readonly kvCache_bytes: number;
}

/**
 * Peak bytes. The value adds the parts; low lets every tensor go with its last use; high adds what the caching
 * allocator keeps by rounding and fragmentation (PyTorch rounds to 512 B and 2 MiB blocks: a tenth of what comes and
 * goes) and one more working set for library workspaces. null where a part is not known.
 */
export function peakOf(parts: MemoryParts): Interval | null {
  const fixed =
    parts.weights_bytes + parts.buffers_bytes + parts.inputs_bytes + parts.optimiser_bytes + parts.kvCache_bytes;
  const value = fixed + parts.activations_bytes;
  const low = fixed + Math.min(parts.leastActivations_bytes, parts.activations_bytes);
  const high = fixed + 1.1 * parts.activations_bytes + parts.working_bytes;
  return Number.isNaN(value + low + high) ? null : { value, low, high };
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
  return allAccelerators()
    .filter((one) => fitsOn(memory, one) === 'fits')
    .sort((a, b) => a.memory_GB - b.memory_GB || a.id.localeCompare(b.id))
    .slice(0, count);
}
