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
    /** The same, measured on this accelerator (`ecocompute calibrate`): it counts as it is, by peak key. */
    readonly measuredCeiling?: Readonly<Record<string, number>>;
    /** Seconds that a kernel needs to ramp up and drain, added to its roofline time. */
    readonly ramp_s: number;
    /** Convolutions against GEMMs, and grouped (not depth-wise) ones against plain ones. */
    readonly conv: number;
    readonly grouped: number;
    /** Share of bandwidth that depth-wise convolutions reach. */
    readonly depthwiseBandwidth: number;
    /** Fused attention against GEMMs, and the sequence length at which half of that is reached. */
    readonly attention: number;
    readonly halfLength: number;
    /** Reduction depth k at which half of the ceiling is reached. */
    readonly halfDepth: number;
    /** Share of bandwidth that GEMM and attention reach when bound by memory; convolutions have their own. */
    readonly bandwidth: number;
    readonly convBandwidth: number;
    /** Exponent on (TDP / dense peak, relative to 1.28 W per TFLOP/s): the less power per FLOP, the further clocks fall under load. */
    readonly powerExponent: number;
  };
  /** Efficiency of backward against forward of the same class. */
  readonly backward: { readonly matrix: number; readonly memory: number };
  /** Measured time / predicted time of an accelerator's whole models, shrunk towards 1: boost clocks and cooling differ from the data sheet. */
  readonly deviceFactor: Readonly<Record<string, number>>;
  /** Bandwidth efficiency of access patterns without kernel rows, relative to element-wise. */
  readonly pattern: Readonly<Record<string, number>>;
  readonly host: {
    /** Host time per operator call in eager mode: the device waits when it is faster. */
    readonly eager_s: number;
    /** Per kernel inside a CUDA graph or a compiled region. */
    readonly compiled_s: number;
    /** Seconds lost where the host reads a result: the ends are measured (`calibration/data/host_waits.json`), the value is between them. */
    readonly wait: { readonly value_s: number; readonly low_s: number; readonly high_s: number };
    /** Share of element-wise traffic that is left after fusion. */
    readonly fusedTraffic: number;
  };
  /** bitsandbytes in eager decoding, fitted to measured pairs: host seconds per launch and per linear layer, kernel time factors. */
  readonly quantisation: {
    readonly launch_s: number;
    readonly nf4Host_s: number;
    readonly int8Host_s: number;
    readonly nf4Kernel: number;
    readonly int8Kernel: number;
  };
  /** Language-model serving (vLLM, CUDA graphs): what is added to the kernels of a step. */
  readonly serving: {
    /** Seconds per step, and per sequence in it (scheduling, sampling, paged attention). */
    readonly step_s: number;
    readonly sequence_s: number;
    /** Share of peak that prefill GEMMs reach. */
    readonly ceiling: number;
    /** Grouped expert GEMMs against plain ones. */
    readonly expert: number;
    /** Exponent on the tokens that choose experts (decoder.ts). */
    readonly routing: number;
    /** Seconds per all-reduce of tensor parallelism and doubling of the accelerators in it, and share of the one-way link bandwidth reached. */
    readonly allReduce_s: number;
    readonly link: number;
  };
  /** Shares of (TDP - idle with context) drawn at full use of each part. */
  readonly power: {
    /** Idle with context as a share of TDP where nothing was measured on the generation. */
    readonly idleShare: number;
    /** The same by generation, from the accelerators of it that were measured. */
    readonly idleByArchitecture: Readonly<Record<string, number>>;
    /** What a context adds to idle without one, as a share of TDP. */
    readonly contextShare: number;
    /** Drawn whenever kernels run. */
    readonly active: number;
    readonly vectorFlops: number;
    readonly matrixFlops: number;
    readonly bytes: number;
    /** GDDR against HBM: energy per byte, relative to (TDP - idle). */
    readonly gddr: number;
    /** Share of the time in collectives that counts as busy: their kernels spin while they wait. */
    readonly linkBusy: number;
    /** On the used share of the arithmetic units. */
    readonly exponent: number;
    /** Share of what a serving engine adds per sequence that counts as busy (the older vLLM of 2024 is only fitted along). */
    readonly servingBusy: number;
    readonly servingBusyOld: number;
  };
  /** Measured / predicted power beyond idle of an accelerator's workloads, shrunk towards 1: boards of one TDP differ. */
  readonly powerFactor: Readonly<Record<string, number>>;
  /** Beyond idle while a workload runs, between its kernels too, as a share of (TDP - idle), shrunk towards 0: idle differs by board, driver and clocks. */
  readonly powerFloor: Readonly<Record<string, number>>;
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
