/**
 * What weight quantisation does to the energy of decoding, with reasons. Smaller weights
 * save traffic, which pays only where traffic limits: at small sizes the host's extra work
 * per linear layer (bitsandbytes: look up scales, launch dequantisation; LLM.int8() adds
 * row statistics, outlier decomposition and a second matmul) costs more than is saved.
 * The per-layer costs are fitted to the 29 measured pairs in calibration/data/quantisation_energy.csv.
 */
import type { Accelerator } from '../hardware/accelerators.js';
import type { Constants } from './constants.js';
import { type DecoderShape, decoderLoads } from './decoder.js';
import { energyOf } from './power.js';
import { deviceTime } from './time.js';

export type Scheme = 'none' | 'bnb-int8' | 'bnb-nf4' | 'weight-only-int8' | 'weight-only-int4' | 'fp8';

/** What a scheme adds per linear layer; `fitted` says whether rows decided it. */
export interface SchemeCost {
  readonly weightBytes: number;
  /** Host seconds per linear layer beyond a plain launch. */
  readonly host_s: number;
  /** Time of the GEMV's weight pass against a plain one of the same bytes (dequantisation arithmetic). */
  readonly kernelFactor: number;
  readonly fitted: boolean;
}

export interface DecodeCost {
  /** Per token of one sequence. */
  readonly time_s: number;
  readonly energy_J: number;
  readonly hostShare: number;
}

export interface QuantisationAdvice {
  readonly before: DecodeCost;
  readonly after: DecodeCost;
  /** (after - before) / before. */
  readonly energyChange: number;
  readonly reasons: readonly string[];
  /** False where no measured pair decided the scheme's constants. */
  readonly measured: boolean;
}

/** Schemes without measured pairs run one fused kernel per linear layer: their traffic changes, nothing is added. */
const unmeasured: Readonly<Record<string, SchemeCost>> = {
  'weight-only-int8': { weightBytes: 1, host_s: 0, kernelFactor: 1, fitted: false },
  'weight-only-int4': { weightBytes: 0.5, host_s: 0, kernelFactor: 1, fitted: false },
  fp8: { weightBytes: 1, host_s: 0, kernelFactor: 1, fitted: false },
};

export function schemeCost(scheme: Scheme, constants: Constants): SchemeCost {
  if (scheme === 'none') return { weightBytes: 2, host_s: 0, kernelFactor: 1, fitted: true };
  const q = constants.quantisation;
  if (scheme === 'bnb-int8') return { weightBytes: 1, host_s: q.int8Host_s, kernelFactor: q.int8Kernel, fitted: true };
  // NF4: 4 bits and an 8-bit scale per 64 weights.
  if (scheme === 'bnb-nf4')
    return { weightBytes: 0.5 + 1 / 64, host_s: q.nf4Host_s, kernelFactor: q.nf4Kernel, fitted: true };
  return unmeasured[scheme];
}

/** Linear layers per decoder layer: q, k, v, o, gate, up, down. */
const linearsPerLayer = (shape: DecoderShape) => (shape.gated ? 7 : 6);
/** Kernels of one decoder layer in eager mode, linear layers included (traced Llama step: 1,362 in 32 layers). */
const kernelsPerLayer = 42.5;

export interface DecodeOptions {
  readonly batch: number;
  readonly context: number;
  /** Inside CUDA graphs or a serving engine the host's work per launch disappears. */
  readonly compiled: boolean;
}

/** One decoding step in eager mode (or compiled), per sequence. */
export function decodeCost(
  shape: DecoderShape,
  accelerator: Accelerator,
  scheme: Scheme,
  options: DecodeOptions,
  constants: Constants,
): DecodeCost {
  const cost = schemeCost(scheme, constants);
  const precision = { tf32Matmul: false, tf32Conv: true };
  const common = { batch: options.batch, tokens: 1, context: options.context, kvBytes: 2, share: 1, logits: 1 };
  const dtype = accelerator.peakDenseTflops['bf16'] === undefined ? 'float16' : 'bfloat16';
  const loads = decoderLoads(shape, { ...common, dtype, weightBytes: cost.weightBytes });
  const launch = options.compiled ? constants.host.compiled_s : constants.quantisation.launch_s;
  let device = 0;
  let compute = 0;
  let memory = 0;
  for (const { load, count } of loads) {
    const isWeight = load.work.kind === 'gemm';
    const isHead = isWeight && load.work.kind === 'gemm' && load.work.n === shape.vocab;
    // The output layer stays in 16 bits.
    const real = isHead ? { ...load, bytes: (load.bytes * 2) / cost.weightBytes } : load;
    const t = deviceTime(real, accelerator, precision, constants);
    device += t.seconds * count * (isWeight && !isHead ? cost.kernelFactor : 1);
    compute += t.compute_s * count;
    memory += t.memory_s * count;
  }
  const linears = linearsPerLayer(shape) * shape.layers;
  const host = launch * kernelsPerLayer * shape.layers + (options.compiled ? 0 : cost.host_s * linears);
  // Host and device overlap imperfectly at batch 1: a smooth maximum (p-norm) between the two.
  const p = 3;
  const wall = (host ** p + device ** p) ** (1 / p);
  const joules = energyOf(accelerator, device, wall, compute, memory, true, constants);
  return { time_s: wall / options.batch, energy_J: joules / options.batch, hostShare: host / (host + device) };
}

/** Energy before and after quantising, with why it goes the way it goes. */
export function quantisationAdvice(
  shape: DecoderShape,
  accelerator: Accelerator,
  scheme: Scheme,
  options: DecodeOptions,
  constants: Constants,
): QuantisationAdvice {
  const before = decodeCost(shape, accelerator, 'none', options, constants);
  const after = decodeCost(shape, accelerator, scheme, options, constants);
  const cost = schemeCost(scheme, constants);
  const change = after.energy_J / before.energy_J - 1;
  const reasons: string[] = [];
  const traffic = 1 - cost.weightBytes / 2;
  reasons.push(`weight traffic falls by ${Math.round(traffic * 100)} %`);
  if (before.hostShare > 0.5) reasons.push('decoding at this size waits for the host, so less traffic saves little');
  if (cost.host_s > 0 && !options.compiled)
    reasons.push(`${scheme} adds ${Math.round(cost.host_s * 1e6)} us of host work per linear layer and token`);
  if (cost.kernelFactor > 1.05)
    reasons.push(
      `its kernels take ${cost.kernelFactor.toFixed(1)}x the time of a plain pass over the same bytes (dequantisation)`,
    );
  if (options.batch > 16) reasons.push('at this batch the GEMMs are no longer bound by weights');
  if (!cost.fitted) reasons.push('no measured pair of this scheme: an estimate from traffic alone');
  return { before, after, energyChange: change, reasons, measured: cost.fitted };
}
