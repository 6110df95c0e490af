/**
 * Language-model serving: prefill and decode apart, KV cache, joules per token against batch
 * and context. A step is the kernels of one token for every sequence (decoder.ts), plus what
 * the serving engine adds per step and per sequence; fitted to vLLM rows of ML.ENERGY.
 */
import type { Accelerator } from '../hardware/accelerators.js';
import { calibratedAccelerator, calibratedConstants } from './calibrationFile.js';
import { type Band, type Constants, constants as fitted } from './constants.js';
import { type CountedLoad, type DecoderShape, type DecoderStep, decoderLoads, kvBytesPerToken } from './decoder.js';
import { energyOf } from './power.js';
import type { Interval } from './price.js';
import { deviceTime } from './time.js';

export interface ServingOptions {
  readonly accelerator: Accelerator;
  /** Sequences decoded together. */
  readonly batch: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Tensor-parallel accelerators. */
  readonly gpus?: number;
  /** Arithmetic: `bfloat16`, `float8_e4m3fn` … */
  readonly dtype?: string;
  readonly weightBytes?: number;
  readonly kvBytes?: number;
  readonly constants?: Constants;
}

/** All figures over all accelerators of the replica. */
export interface ServingEstimate {
  /** Prompt of one sequence. */
  readonly prefill: { readonly time_s: number; readonly energy_J: number };
  /** One step: a token for every sequence. */
  readonly decodeStep: {
    readonly time_s: number;
    readonly energy_J: number;
    /** Keys and values that one step reads. */
    readonly kvRead_bytes: number;
  };
  readonly tokensPerSecond: Interval;
  /** Prefill included, as measured rows count it. */
  readonly joulesPerOutputToken: Interval;
  readonly power_W: Interval;
  readonly kvCache_bytes: number;
  readonly weights_bytes: number;
  readonly fits: boolean;
  readonly basis: string;
}

interface Phase {
  readonly busy: number;
  readonly compute: number;
  readonly memory: number;
}

function phase(loads: readonly CountedLoad[], accelerator: Accelerator, constants: Constants): Phase {
  const precision = { tf32Matmul: false, tf32Conv: true };
  let busy = 0;
  let compute = 0;
  let memory = 0;
  for (const { load, count, expert } of loads) {
    const t = deviceTime(load, accelerator, precision, constants);
    busy += Math.max(t.seconds / (expert ? constants.serving.expert : 1), constants.host.compiled_s) * count;
    compute += t.compute_s * count;
    memory += t.memory_s * count;
  }
  return { busy, compute, memory };
}

/** A decoder as serving sees it: the loads of a pass over some tokens, and what it keeps. */
export interface ServedModel {
  /** Loads of one pass on one of the tensor-parallel accelerators. */
  loads(pass: DecoderStep): readonly CountedLoad[];
  /** Layers with attention, and the width between them: what tensor parallelism reduces. */
  readonly layers: number;
  readonly hidden: number;
  readonly params: number;
  /** Elements of keys and values that one token adds to the cache. */
  readonly kvElements: number;
}

/** A decoder from its widths. */
export function servedShape(shape: DecoderShape): ServedModel {
  return {
    loads: (pass) => decoderLoads(shape, pass),
    layers: shape.layers,
    hidden: shape.hidden,
    params: shape.params,
    kvElements: kvBytesPerToken(shape, 1),
  };
}

/**
 * @returns null where the accelerator publishes no power limit (energy is then not known)
 */
export function estimateServing(shape: DecoderShape, options: ServingOptions): ServingEstimate | null {
  return serve(servedShape(shape), options);
}

/** @returns null where the accelerator publishes no power limit (energy is then not known) */
export function serve(model: ServedModel, options: ServingOptions): ServingEstimate | null {
  const { batch, promptTokens, outputTokens } = options;
  const accelerator = calibratedAccelerator(options.accelerator);
  if (accelerator.tdp_W === null) return null;
  const given = options.constants ?? calibratedConstants(fitted, options.accelerator);
  // Serving kernels reach their own share of the peak: fused and tuned by the engine.
  const ceiling = {
    ...given.matrix.ceiling,
    bf16: given.serving.ceiling,
    fp16: given.serving.ceiling,
    fp8: given.serving.ceiling,
  };
  const constants: Constants = { ...given, matrix: { ...given.matrix, ceiling }, deviceFactor: {} };
  const gpus = options.gpus ?? 1;
  const weightBytes = options.weightBytes ?? 2;
  const kvBytes = options.kvBytes ?? 2;
  const common = {
    dtype: options.dtype ?? 'bfloat16',
    weightBytes,
    kvBytes,
    share: 1 / gpus,
    routing: given.serving.routing,
  };
  const s = constants.serving;
  const link = (accelerator.interconnect_GBps ?? 64) * 0.5e9 * s.link;
  const reduce = (tokens: number) =>
    gpus === 1
      ? 0
      : 2 * model.layers * (s.allReduce_s * Math.log2(gpus) + (tokens * model.hidden * 4 * (gpus - 1)) / gpus / link);
  const decodeLoads = model.loads({
    ...common,
    batch,
    tokens: 1,
    context: promptTokens + outputTokens / 2,
    logits: 1,
  });
  const prefillLoads = model.loads({
    ...common,
    batch: 1,
    tokens: promptTokens,
    context: promptTokens / 2,
    logits: 1 / promptTokens,
  });
  const decode = phase(decodeLoads, accelerator, constants);
  const prefill = phase(prefillLoads, accelerator, constants);
  const onDevice = s.sequence_s * batch;
  const stepWall = decode.busy + onDevice + s.step_s + reduce(batch);
  const linkBusy = constants.power.linkBusy;
  const stepBusy = decode.busy + onDevice * constants.power.servingBusy + reduce(batch) * linkBusy;
  const stepJoules = energyOf(accelerator, stepBusy, stepWall, decode.compute, decode.memory, true, constants);
  const prefillWall = prefill.busy + reduce(promptTokens);
  const startBusy = prefill.busy + reduce(promptTokens) * linkBusy;
  const prefillJoules = energyOf(accelerator, startBusy, prefillWall, prefill.compute, prefill.memory, true, constants);
  // A sequence: its prefill, then outputTokens steps shared with batch - 1 others.
  const perToken_s = stepWall / batch + prefillWall / outputTokens;
  const perToken_J = (stepJoules / batch + prefillJoules / outputTokens) * gpus;
  const bands = constants.bands['serving'] ?? constants.bands['model'];
  const stretch = constants.measuredDevices.includes(accelerator.id) ? 1 : constants.widening.unmeasuredDevice;
  const interval = (value: number, band: Band): Interval => ({
    value,
    low: value * band.low ** stretch,
    high: value * band.high ** stretch,
  });
  const rate = interval(perToken_s, bands.time);
  const kvCache = model.kvElements * kvBytes * (promptTokens + outputTokens) * batch;
  const weights = model.params * weightBytes;
  const watts = interval(perToken_J / perToken_s, bands.power);
  return {
    prefill: { time_s: prefillWall, energy_J: prefillJoules * gpus },
    decodeStep: {
      time_s: stepWall,
      energy_J: stepJoules * gpus,
      kvRead_bytes: model.kvElements * kvBytes * (promptTokens + outputTokens / 2) * batch,
    },
    tokensPerSecond: { value: 1 / rate.value, low: 1 / rate.high, high: 1 / rate.low },
    joulesPerOutputToken: interval(perToken_J, bands.energy),
    power_W: { ...watts, high: Math.min(watts.high, accelerator.tdp_W * gpus) },
    kvCache_bytes: kvCache,
    weights_bytes: weights,
    fits: kvCache + weights <= accelerator.memory_GB * 1e9 * gpus * usableShare,
    basis: `90 % of ${bands.energy.rows} left-out serving measurements (vLLM)${stretch > 1 ? `; widened: no measurement of ${accelerator.name} in the fit` : ''}`,
  };
}

/** What allocators and contexts leave of the memory: the default of vLLM's `gpu_memory_utilization`. */
const usableShare = 0.9;
