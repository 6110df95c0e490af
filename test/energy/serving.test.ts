/** Serving, memory, quantisation, comparison, explanation: directions that physics and the measured rows fix. */
import { describe, expect, it } from 'vitest';
import { paretoSet } from '../../server/src/energy/compare.js';
import { constants } from '../../server/src/energy/constants.js';
import { activeParams, type DecoderShape, kvBytesPerToken } from '../../server/src/energy/decoder.js';
import { explainFigure } from '../../server/src/energy/explain.js';
import { fitsOn, type MemoryParts, peakOf, smallestThatFit } from '../../server/src/energy/memory.js';
import { CostSum, makeTarget, totals } from '../../server/src/energy/price.js';
import { quantisationAdvice } from '../../server/src/energy/quantisation.js';
import { estimateServing } from '../../server/src/energy/serving.js';
import { type Accelerator, findAccelerator } from '../../server/src/hardware/accelerators.js';
import { dtypes } from '../../server/src/torch/dtype.js';
import type { Kernel } from '../../server/src/torch/kernel.js';

const device = (name: string): Accelerator => {
  const found = findAccelerator(name);
  if (!found.ok) throw new Error(found.message);
  return found.value;
};

/** Llama 3.1 8B, its configuration file. */
const llama8b: DecoderShape = {
  layers: 32,
  hidden: 4096,
  heads: 32,
  kvHeads: 8,
  headDim: 128,
  ffn: 14336,
  gated: true,
  vocab: 128256,
  params: 8030261248,
};
/** TinyLlama 1.1B. */
const tiny: DecoderShape = {
  layers: 22,
  hidden: 2048,
  heads: 32,
  kvHeads: 4,
  headDim: 64,
  ffn: 5632,
  gated: true,
  vocab: 32000,
  params: 1100048384,
};

describe('estimateServing', () => {
  const serve = (batch: number, outputTokens = 400, promptTokens = 200, name = 'h100') =>
    estimateServing(llama8b, { accelerator: device(name), batch, promptTokens, outputTokens })!;

  it('spends less per token at larger batches and more at longer contexts', () => {
    expect(serve(64).joulesPerOutputToken.value).toBeLessThan(serve(8).joulesPerOutputToken.value / 3);
    expect(serve(64, 4000).joulesPerOutputToken.value).toBeGreaterThan(serve(64, 400).joulesPerOutputToken.value);
    expect(serve(64, 400, 4000).prefill.energy_J).toBeGreaterThan(serve(64, 400, 400).prefill.energy_J * 8);
  });

  it('meets a measured row: Llama 3.1 8B, vLLM, H100, batch 128: 0.095 J per token, 7,037 tokens/s', () => {
    const estimate = serve(128, 405, 120);
    expect(0.0951).toBeGreaterThan(estimate.joulesPerOutputToken.low);
    expect(0.0951).toBeLessThan(estimate.joulesPerOutputToken.high);
    expect(7037).toBeGreaterThan(estimate.tokensPerSecond.low);
    expect(7037).toBeLessThan(estimate.tokensPerSecond.high);
    expect(estimate.power_W.high).toBeLessThanOrEqual(700);
  });

  it('counts the KV cache and says when it does not fit', () => {
    expect(kvBytesPerToken(llama8b, 2)).toBe(131072);
    expect(serve(8).fits).toBe(true);
    expect(serve(512, 4000, 4000).fits).toBe(false);
    expect(
      estimateServing(llama8b, { accelerator: device('tpu-v4'), batch: 1, promptTokens: 10, outputTokens: 10 }),
    ).toBeNull();
  });

  it('counts active parameters of a mixture', () => {
    const mixtral: DecoderShape = {
      layers: 32,
      hidden: 4096,
      heads: 32,
      kvHeads: 8,
      headDim: 128,
      ffn: 14336,
      gated: true,
      vocab: 32000,
      params: 46702792704,
      experts: { count: 8, perToken: 2, shared: 0, layers: 32, denseFfn: 14336 },
    };
    expect(activeParams(mixtral)).toBe(12879925248);
  });
});

describe('quantisationAdvice', () => {
  const options = { batch: 1, context: 256, compiled: false };
  it('knows that LLM.int8() costs more energy and that 4 bits pay at 7 B, not at 1 B', () => {
    const int8 = quantisationAdvice(llama8b, device('rtx-4090'), 'bnb-int8', options, constants);
    expect(int8.energyChange).toBeGreaterThan(0);
    expect(int8.reasons.join()).toContain('host work');
    expect(quantisationAdvice(llama8b, device('rtx-4090'), 'bnb-nf4', options, constants).energyChange).toBeLessThan(0);
    expect(quantisationAdvice(tiny, device('rtx-4090'), 'bnb-nf4', options, constants).energyChange).toBeGreaterThan(0);
  });
  it('says when no measurement stands behind a scheme', () => {
    expect(quantisationAdvice(llama8b, device('h100'), 'weight-only-int4', options, constants)).toMatchObject({
      measured: false,
    });
  });
});

describe('peakOf', () => {
  const parts: MemoryParts = {
    weights_bytes: 16e9,
    buffers_bytes: 1e9,
    inputs_bytes: 0.5e9,
    activations_bytes: 10e9,
    leastActivations_bytes: 8e9,
    working_bytes: 1e9,
    optimiser_bytes: 0,
    kvCache_bytes: 0,
  };
  it('adds the parts, with room for the allocator above and none below', () => {
    expect(peakOf(parts)).toEqual({ value: 27.5e9, low: 25.5e9, high: 29.5e9 });
    expect(peakOf({ ...parts, activations_bytes: Number.NaN })).toBeNull();
  });
  it('says where it fits', () => {
    const inference = peakOf({ ...parts, activations_bytes: 1e9, leastActivations_bytes: 1e9 })!;
    const training = peakOf({ ...parts, activations_bytes: 36e9, optimiser_bytes: 32e9 })!;
    expect(fitsOn(inference, device('rtx-4090'))).toBe('fits');
    expect(fitsOn(training, device('h100'))).toBe('does not fit');
    expect(smallestThatFit(training).every((one) => one.memory_GB >= 86)).toBe(true);
  });
});

const gemm = (m: number, n: number, k: number): Kernel => ({
  name: 'mm',
  inputs: [],
  outputs: [],
  flops: 2 * m * n * k,
  elementwise: 0,
  usefulFlops: 2 * m * n * k,
  bytesRead: 2 * (m * k + k * n),
  bytesWritten: 2 * m * n,
  dtype: dtypes.bfloat16,
  work: { kind: 'gemm', batch: 1, m, n, k },
  saved: [],
  savedBytes: 0,
  backward: null,
  isView: false,
});

describe('paretoSet and explainFigure', () => {
  it('marks what nothing beats', () => {
    const one = (
      time_s: number | null,
      energy_J: number,
      usd: number | null,
      fits: 'fits' | 'does not fit' = 'fits',
    ) => ({
      time_s,
      energy_J,
      usd,
      fits,
    });
    // the fastest, the most frugal, one beaten by both, one that does not fit, one not known, one whose price is not known
    const list = [
      one(1, 5, 5),
      one(3, 2, 5),
      one(4, 6, 6),
      one(0.5, 1, 1, 'does not fit'),
      one(null, 1, 1),
      one(0.9, 5, null),
    ];
    expect(paretoSet(list)).toEqual([true, true, false, false, false, true]);
    // equals are both in it
    expect(paretoSet([one(1, 1, 1), one(1, 1, 1)])).toEqual([true, true]);
  });

  it('traces a figure to formula, constants, rows and sources', () => {
    const sum = new CostSum(makeTarget({ accelerator: device('h100') }));
    sum.add(gemm(4096, 4096, 4096));
    for (const figure of ['time', 'energy', 'power', 'usd', 'gCO2e'] as const) {
      const explanation = explainFigure(figure, sum);
      expect(explanation.formula.length).toBeGreaterThan(10);
      expect(explanation.sources.length).toBeGreaterThan(0);
      if (figure !== 'power') expect(explanation.constants.length).toBeGreaterThan(2);
    }
    expect(explainFigure('energy', sum).constants.find((one) => one.name === 'TDP')!.value).toBe(700);
    expect(totals(sum).basis).toMatch(/90 % of \d+/);
  });
});
