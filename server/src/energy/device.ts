/** What the time and power models read of an accelerator, in base units (FLOP/s, B/s, W). */
import type { Accelerator } from '../hardware/accelerators.js';

export interface Device {
  /** Dense peak of the kernel's precision, FLOP/s. */
  readonly peak: number;
  readonly bandwidth: number;
  readonly sms: number;
  /** Bytes of last-level cache; NaN when not known. */
  readonly l2: number;
  /** NaN when not published. */
  readonly tdp: number;
}

/** Where the number of multiprocessors or the cache is not published: an H100's size per FLOP/s, so that ratios stay in the fitted range. */
export function deviceOf(accelerator: Accelerator, peak: number): Device {
  return {
    peak,
    bandwidth: accelerator.bandwidth_GBps * 1e9,
    sms: accelerator.smCount ?? 132,
    l2: (accelerator.l2_MB ?? 50) * 1e6,
    tdp: accelerator.tdp_W ?? Number.NaN,
  };
}
