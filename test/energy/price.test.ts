/** Pricing: additive, unknown is never zero, power within TDP, precision as PyTorch's defaults. */
import { describe, expect, it } from 'vitest';
import { CostSum, makeTarget, priceKernel, totals } from '../../server/src/energy/price.js';
import { type Accelerator, accelerators, findAccelerator } from '../../server/src/hardware/accelerators.js';
import { findRegion } from '../../server/src/hardware/carbon.js';
import { type DTypeName, dtypes } from '../../server/src/torch/dtype.js';
import type { Kernel, Work } from '../../server/src/torch/kernel.js';

const device = (name: string): Accelerator => {
  const found = findAccelerator(name);
  if (!found.ok) throw new Error(found.message);
  return found.value;
};

function kernel(work: Work, flops: number, bytes: number, dtype: DTypeName = 'float32', elementwise = 0): Kernel {
  return {
    name: 'test',
    inputs: [],
    outputs: [],
    flops,
    elementwise,
    usefulFlops: flops,
    bytesRead: bytes / 2,
    bytesWritten: bytes / 2,
    dtype: dtypes[dtype],
    work,
    saved: [],
    savedBytes: 0,
    backward: { flops: 2 * flops, bytes: 2 * bytes, kernels: 2 },
    isView: work.kind === 'view',
  };
}

const gemm = (m: number, n: number, k: number, dtype: DTypeName = 'float32') => {
  const size = dtypes[dtype].itemsize;
  return kernel({ kind: 'gemm', batch: 1, m, n, k }, 2 * m * n * k, size * (m * k + k * n + m * n), dtype);
};
const relu = (n: number) =>
  kernel({ kind: 'memory', pattern: 'elementwise', rows: 1, cols: n }, 0, 8 * n, 'float32', n);

describe('priceKernel', () => {
  it('stays above the roofline and below TDP on every accelerator', () => {
    for (const accelerator of accelerators) {
      const target = makeTarget({ accelerator });
      for (const one of [
        gemm(4096, 4096, 4096),
        gemm(1, 4096, 4096),
        gemm(4096, 4096, 4096, 'bfloat16'),
        relu(1 << 24),
        relu(64),
      ]) {
        const cost = priceKernel(one, target);
        const roof = Math.max(
          one.flops / (Math.max(...(Object.values(accelerator.peakDenseTflops) as number[])) * 1e12),
          cost.bytes / (accelerator.bandwidth_GBps * 1e9),
        );
        expect(cost.time_s, accelerator.id).toBeGreaterThan(roof * 0.9);
        if (accelerator.tdp_W === null) expect(cost.energy_J).toBeNaN();
        else {
          expect(cost.energy_J).toBeGreaterThan(0);
          expect(cost.energy_J / cost.time_s, accelerator.id).toBeLessThanOrEqual(accelerator.tdp_W * 1.0001);
        }
      }
    }
  });

  it('names what limits a kernel', () => {
    const target = makeTarget();
    expect(priceKernel(gemm(8192, 8192, 8192), target).bound).toBe('compute');
    expect(priceKernel(relu(1 << 26), target).bound).toBe('memory');
    expect(priceKernel(relu(16), target).bound).toBe('overhead');
    expect(priceKernel(relu(16), makeTarget({ compiled: true })).time_s).toBeLessThan(
      priceKernel(relu(16), target).time_s,
    );
  });

  it('runs float32 matmul without TF32 and bf16 on matrix units', () => {
    const plain = priceKernel(gemm(4096, 4096, 4096), makeTarget());
    expect(priceKernel(gemm(4096, 4096, 4096), makeTarget({ tf32Matmul: true })).time_s).toBeLessThan(plain.time_s / 2);
    expect(priceKernel(gemm(4096, 4096, 4096, 'bfloat16'), makeTarget()).time_s).toBeLessThan(plain.time_s / 4);
    expect(priceKernel(gemm(4096, 4096, 4096), makeTarget({ dtype: 'bfloat16' })).time_s).toBeLessThan(
      plain.time_s / 4,
    );
  });

  it('counts backward when training', () => {
    const one = gemm(2048, 2048, 2048);
    const inference = priceKernel(one, makeTarget());
    const training = priceKernel(one, makeTarget({ phase: 'training' }));
    expect(training.time_s / inference.time_s).toBeGreaterThan(2);
    expect(training.flops).toBe(3 * one.flops);
  });
});

describe('CostSum and totals', () => {
  it('adds: parts sum to the whole', () => {
    const target = makeTarget();
    const a = new CostSum(target);
    const b = new CostSum(target);
    const all = new CostSum(target);
    a.add(gemm(512, 512, 512), 3);
    b.add(relu(4096), 7);
    all.merge(a);
    all.merge(b);
    expect(all.time_s).toBeCloseTo(a.time_s + b.time_s, 12);
    expect(all.energy_J).toBeCloseTo(a.energy_J + b.energy_J, 12);
  });

  it('says null, never 0, for what is not known', () => {
    const sum = new CostSum(makeTarget());
    sum.add(gemm(512, 512, 512));
    sum.add(kernel({ kind: 'memory', pattern: 'gather', rows: Number.NaN, cols: 8 }, 0, Number.NaN));
    expect(totals(sum)).toMatchObject({
      time_s: null,
      energy_J: null,
      power_W: null,
      usdPerMillion: null,
      gCO2ePerMillion: null,
    });
    const gap = new CostSum(makeTarget());
    gap.add(gemm(512, 512, 512));
    gap.addGap();
    expect(totals(gap).energy_J).toBeNull();
    const tpu = new CostSum(makeTarget({ accelerator: device('tpu-v4') }));
    tpu.add(gemm(512, 512, 512, 'bfloat16'));
    expect(totals(tpu).energy_J).toBeNull();
    expect(totals(tpu).time_s).not.toBeNull();
    expect(totals(tpu).usdPerMillion).toBeNull();
  });

  it('gives intervals, wider for hardware without measurements or verified figures', () => {
    const width = (name: string) => {
      const sum = new CostSum(makeTarget({ accelerator: device(name) }));
      for (let i = 0; i < 4; i++) sum.add(gemm(1024, 1024, 1024, 'bfloat16'));
      sum.add(relu(1 << 24), 4);
      const { time_s } = totals(sum);
      expect(time_s!.low).toBeLessThan(time_s!.value);
      expect(time_s!.high).toBeGreaterThan(time_s!.value);
      return time_s!.high / time_s!.low;
    };
    expect(width('b200')).toBeGreaterThan(width('h100'));
    expect(width('b100')).toBeGreaterThan(width('b200'));
  });

  it('puts host, PUE and grid into grams as named steps, and the listed price into dollars', () => {
    const region = findRegion('FRA');
    const sum = new CostSum(makeTarget({ region: region.ok ? region.value : undefined, usdPerHour: 3.6 }));
    sum.add(gemm(2048, 2048, 2048));
    const figures = totals(sum);
    const factor = figures.steps.gCO2e.reduce((product, step) => product * step.factor, 1);
    expect(figures.gCO2ePerMillion!.value).toBeCloseTo((figures.energy_J!.value / 3.6e6) * 1e6 * factor, 9);
    expect(figures.usdPerMillion!.value).toBeCloseTo(figures.time_s!.value * 1000, 9);
  });

  it('prices a kernel once, and answers from memory when it comes again', () => {
    const sum = new CostSum(makeTarget());
    const kernels = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? gemm(64 + i, 512, 512) : relu(1000 + i)));
    const fresh = kernels.map((one) => sum.add(one));
    expect(new Set(fresh).size).toBe(kernels.length);
    for (const [i, one] of kernels.entries()) expect(sum.add(one)).toBe(fresh[i]);
    expect(new CostSum(makeTarget({ accelerator: device('b200') })).add(kernels[0]!)).not.toEqual(fresh[0]);
  });
});
