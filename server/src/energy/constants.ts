/**
 * The fitted constants, as `npm run calibrate` writes them. Nothing in
 * `constants.generated.json` is edited by hand: the calibration program fits it from the
 * measured rows in `calibration/data` and `docs/energy-model.md` shows how well.
 */
import generated from './constants.generated.json' with { type: 'json' };
import type { Ensemble } from './trees.js';

/** Residual quantiles of rows left out of the fit: the factors on a value that give its interval. */
export interface Band {
  /** Multipliers for low and high; low < 1 < high. */
  readonly low: number;
  readonly high: number;
  /** Share of left-out rows inside. */
  readonly coverage: number;
  /** How many rows were left out and predicted. */
  readonly rows: number;
}

export type EfficiencyClass = 'gemm' | 'elementwise' | 'softmax' | 'norm';

export interface Constants {
  readonly dated: string;
  /** ln(measured time / roofline time) by class, from single-kernel latencies. */
  readonly kernel: Readonly<Record<EfficiencyClass, Ensemble>>;
  /** Efficiency on matrix units relative to the same shape on vector units, and ceilings, by class. */
  readonly matrix: {
    /** Share of the dense peak a large GEMM reaches, by peak key; `other` for the rest. */
    readonly ceiling: Readonly<Record<string, number>>;
    /** Seconds that a kernel needs to ramp up and drain, added to its roofline time. */
    readonly ramp_s: number;
    readonly conv: number;
    readonly depthwiseBandwidth: number;
    readonly attentionFused: number;
    readonly bandwidth: number;
  };
  /** Bandwidth efficiency of access patterns without kernel rows, relative to element-wise. */
  readonly pattern: Readonly<Record<string, number>>;
  readonly host: {
    /** Host time per operator call in eager mode: the device waits when it is faster. */
    readonly eager_s: number;
    /** Per kernel inside a CUDA graph or a compiled region. */
    readonly compiled_s: number;
    /** Share of element-wise traffic that is left after fusion. */
    readonly fusedTraffic: number;
  };
  /** Shares of (TDP - idle with context) drawn at full use of each part. */
  readonly power: {
    /** Idle with context as a share of TDP where it was not measured. */
    readonly idleShare: number;
    /** Drawn whenever kernels run. */
    readonly active: number;
    readonly vectorFlops: number;
    readonly matrixFlops: number;
    readonly bytes: number;
  };
  /** (whole-server power / sum of GPU boards) - 1. */
  readonly hostFactor: number;
  readonly bands: Readonly<Record<string, { readonly time: Band; readonly energy: Band; readonly power: Band }>>;
  /** Extra widening, as a factor on ln(high/low), from leave-one-GPU-out against GPUs in the fit. */
  readonly widening: { readonly unmeasuredDevice: number; readonly unverified: number };
  readonly rows: Readonly<Record<string, { readonly count: number; readonly sources: readonly string[] }>>;
  /** Accelerator ids with rows in the fit. */
  readonly measuredDevices: readonly string[];
}

export const constants = generated as unknown as Constants;
