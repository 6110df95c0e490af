/** The hardware tables hold what datasheets state: dense peaks, plausible units, sources. */
import { describe, expect, it } from 'vitest';
import {
  type Accelerator,
  accelerators,
  cellOf,
  defaultAccelerator,
  findAccelerator,
  summarise,
} from '../../server/src/hardware/accelerators.js';
import { findRegion, pueOf, regions } from '../../server/src/hardware/carbon.js';
import { matrixPeak, vectorPeak } from '../../server/src/hardware/peaks.js';
import { priceOf, priceRows } from '../../server/src/hardware/prices.js';

const byId = (id: string): Accelerator => {
  const found = findAccelerator(id);
  if (!found.ok) throw new Error(found.message);
  return found.value;
};

describe('accelerators', () => {
  it('lists 51 with unique ids and H100 SXM as the default', () => {
    expect(new Set(accelerators.map((one) => one.id)).size).toBe(51);
    expect(defaultAccelerator().id).toBe('h100-sxm');
  });

  it('finds names as people write them', () => {
    for (const [name, id] of [
      ['H100', 'h100-sxm'],
      ['NVIDIA H100 SXM5 80GB', 'h100-sxm'],
      ['A100', 'a100-sxm4-80'],
      ['b200', 'b200'],
      ['RTX_4090', 'rtx-4090'],
      ['NVIDIA GeForce RTX 5090', 'rtx-5090'],
      ['MI300X', 'mi300x'],
      ['trillium', 'tpu-v6e'],
    ]) {
      expect(byId(name).id).toBe(id);
    }
  });

  it('names near misses', () => {
    const found = findAccelerator('h100-smx');
    expect(found.ok).toBe(false);
    if (!found.ok) expect(found.message).toContain('h100-sxm');
  });

  it('sells nothing sparse as dense', () => {
    // With-sparsity figures as the datasheets print them: none may stand as a dense peak.
    const sparse: Record<string, Record<string, number>> = {
      'h100-sxm': { bf16: 1979, fp16: 1979, fp8: 3958, int8: 3958, tf32: 989 },
      'h100-pcie': { bf16: 1513, fp8: 3026 },
      'a100-sxm4-80': { bf16: 624, tf32: 312, int8: 1248 },
      l4: { bf16: 242, fp8: 485 },
      l40s: { bf16: 733, fp8: 1466, tf32: 366 },
      'rtx-4090': { bf16: 330.4, fp8: 1321 },
      b200: { bf16: 4500, fp8: 9000, fp4: 18000 },
      mi300x: { bf16: 2614.9, fp8: 5229.8 },
    };
    for (const [id, peaks] of Object.entries(sparse)) {
      for (const [key, value] of Object.entries(peaks))
        expect(byId(id).peakDenseTflops[key], `${id} ${key}`).toBeLessThan(value * 0.75);
    }
    // Halving the width at most doubles the rate of the same units.
    for (const one of accelerators) {
      const { bf16, fp8, fp16, tf32 } = one.peakDenseTflops;
      if (one.vendor === 'NVIDIA' && bf16 !== undefined && fp8 !== undefined && one.id !== 'rubin')
        expect(fp8 / bf16, one.id).toBeLessThan(2.1);
      if (one.vendor === 'NVIDIA' && bf16 !== undefined && fp16 !== undefined) expect(fp16, one.id).toBe(bf16);
      if (one.vendor === 'NVIDIA' && bf16 !== undefined && tf32 !== undefined)
        expect(tf32, one.id).toBeLessThanOrEqual(bf16);
    }
  });

  it('gives SXM siblings the same compute and different bandwidth', () => {
    expect(byId('h200-sxm').peakDenseTflops).toEqual(byId('h100-sxm').peakDenseTflops);
    expect(byId('h200-sxm').bandwidth_GBps).toBeGreaterThan(byId('h100-sxm').bandwidth_GBps);
    expect(byId('a100-sxm4-40').peakDenseTflops).toEqual(byId('a100-sxm4-80').peakDenseTflops);
    expect(byId('a100-sxm4-80').bandwidth_GBps).toBeGreaterThan(byId('a100-sxm4-40').bandwidth_GBps);
  });

  it('keeps figures in their units', () => {
    for (const one of accelerators) {
      expect(one.bandwidth_GBps, one.id).toBeGreaterThan(150);
      expect(one.bandwidth_GBps, one.id).toBeLessThan(30_000);
      expect(one.memory_GB, one.id).toBeGreaterThanOrEqual(8);
      for (const peak of Object.values(one.peakDenseTflops)) expect(peak, one.id).toBeGreaterThan(0.1);
      if (one.tdp_W !== null) expect(one.tdp_W, one.id).toBeGreaterThan(40);
      if (one.idleWithContext_W !== null) expect(one.idleWithContext_W, one.id).toBeGreaterThan(one.idle_W ?? 0);
      expect(one.sources.length + one.unverified.length, one.id).toBeGreaterThan(0);
    }
  });

  it('says of each cell whether a source was read', () => {
    expect(cellOf(byId('h100-sxm'), 'bandwidth_GBps')).toMatchObject({ value: 3350, verified: true });
    expect(cellOf(byId('h100-sxm'), 'idleWithContext_W').sources.join()).toContain('parking');
    expect(cellOf(byId('rtx-4090'), 'peak.fp8')).toMatchObject({ verified: false, sources: [] });
    expect(cellOf(byId('tpu-v4'), 'tdp_W')).toMatchObject({ value: null, verified: false });
    expect(summarise(byId('b100')).verified).toBe(false);
    expect(summarise(byId('h100-sxm')).verified).toBe(true);
  });
});

describe('peaks', () => {
  const precision = { tf32Matmul: false, tf32Conv: true };
  it('follows PyTorch: float32 matmul without TF32, cuDNN with it', () => {
    expect(matrixPeak(byId('h100'), 'float32', false, precision)).toMatchObject({ key: 'fp32', matrix: false });
    expect(matrixPeak(byId('h100'), 'float32', true, precision)).toMatchObject({ key: 'tf32', matrix: true });
    expect(matrixPeak(byId('v100'), 'float32', true, precision)).toMatchObject({ key: 'fp32', matrix: false });
    expect(matrixPeak(byId('t4'), 'bfloat16', false, precision)).toMatchObject({ key: 'fp32' });
    expect(vectorPeak(byId('a100'), 'float64')).toMatchObject({ key: 'fp64' });
  });
});

describe('carbon and prices', () => {
  it('finds cloud regions, countries and zones', () => {
    for (const [name, id] of [
      ['aws:us-east-1', 'aws:us-east-1'],
      ['US-EAST-1', 'aws:us-east-1'],
      ['France', 'FRA'],
      ['swe', 'SWE'],
      ['US', 'USA'],
      ['SE3', 'SE3'],
      ['world', 'world'],
    ]) {
      const found = findRegion(name);
      expect(found.ok && found.value.id, name).toBe(id);
    }
    expect(findRegion('us-eest-1')).toMatchObject({ ok: false });
    for (const region of regions) {
      expect(region.gCO2ePerKWh, region.id).toBeGreaterThan(0);
      expect(region.gCO2ePerKWh, region.id).toBeLessThan(1400);
    }
  });

  it('says when a cloud region is a proxy', () => {
    const aws = findRegion('aws:us-east-1');
    expect(aws.ok && aws.value.proxiedFrom).toContain('GCP');
    expect(aws.ok && pueOf(aws.value).value).toBe(1.15);
  });

  it('prices what is on record and nothing else', () => {
    const h100 = priceOf(byId('h100'))!;
    expect(h100.value).toBeGreaterThanOrEqual(h100.low);
    expect(h100.value).toBeLessThanOrEqual(h100.high);
    expect(priceOf(byId('tpu-v4'))).toBeNull();
    for (const row of priceRows) expect(row.usdPerGpuHour).toBeGreaterThan(0);
  });
});
