/** A workspace's own accelerators, prices and regions: used when right, named when wrong. */
import { describe, expect, it } from 'vitest';
import { findAccelerator } from '../../server/src/hardware/accelerators.js';
import { findRegion } from '../../server/src/hardware/carbon.js';
import { overridesSchema, parseOverrides } from '../../server/src/hardware/overrides.js';

describe('parseOverrides', () => {
  it('adds an accelerator and a changed one, prices and regions', () => {
    const own = parseOverrides(
      JSON.stringify({
        accelerators: [
          {
            id: 'my-asic',
            peak_dense_tflops: { bf16: 500 },
            memory_GB: 64,
            bandwidth_GBps: 2000,
            tdp_W: 400,
            source: 'data sheet',
          },
          { id: 'h100-450w', basedOn: 'H100', tdp_W: 450 },
        ],
        prices: [{ accelerator: 'my-asic', usd_per_hour: 1.5 }],
        regions: [{ id: 'our-site', gCO2e_per_kWh: 30, pue: 1.1 }],
      }),
    );
    expect(own.problems).toEqual([]);
    const asic = findAccelerator('my-asic', own.accelerators);
    expect(asic.ok && asic.value).toMatchObject({ memory_GB: 64, tdp_W: 400, unverified: [] });
    const capped = findAccelerator('h100-450w', own.accelerators);
    expect(capped.ok && capped.value).toMatchObject({ tdp_W: 450, bandwidth_GBps: 3350, unverified: ['tdp_W'] });
    expect(own.prices.get('my-asic')).toBe(1.5);
    const site = findRegion('our-site', own.regions);
    expect(site.ok && site.value.gCO2ePerKWh).toBe(30);
    expect(own.pue.get('our-site')).toBe(1.1);
  });

  it('names what is wrong and where, and keeps the rest', () => {
    const own = parseOverrides(
      JSON.stringify({
        accelerators: [
          { id: 'no-figures' },
          { id: 'fine', basedOn: 'a100' },
          { id: 'typo', basedOn: 'a1000' },
          { id: 'bad', basedOn: 'a100', tdp_W: -3 },
        ],
        prices: [{ accelerator: 'nowhere', usd_per_hour: 1 }],
        extra: true,
      }),
    );
    expect(own.accelerators.map((one) => one.id)).toEqual(['fine']);
    const text = own.problems.join('\n');
    expect(text).toContain('no-figures: needs peak_dense_tflops');
    expect(text).toContain('a1000');
    expect(text).toContain('accelerators[3].tdp_W');
    expect(text).toContain('nowhere');
    expect(text).toContain('extra');
    expect(parseOverrides('{ not json').problems[0]).toContain('is not JSON');
  });

  it('has a JSON schema for completion', () => {
    expect(JSON.stringify(overridesSchema())).toContain('usd_per_hour');
  });
});
