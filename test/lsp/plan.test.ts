/** Plans within limits: what a sentence says, what is asked back, and the arithmetic. */
import { describe, expect, it } from 'vitest';
import { hardwareIn, missingOf, planConstraints, planRow } from '../../server/src/lsp/assistant/plan.js';

describe('constraints of a plan', () => {
  it('are read from a sentence', () => {
    expect(planConstraints('under $500 a month on L4, 2 million calls a month')).toEqual({
      usdPerMonth: 500,
      kgCO2ePerMonth: null,
      callsPerMonth: 2e6,
      hardware: ['l4'],
    });
    expect(planConstraints('1.5k dollars per year, 10 kg CO2e a week, 3 requests per second')).toMatchObject({
      usdPerMonth: 125,
      kgCO2ePerMonth: expect.closeTo(42.857, 2),
      callsPerMonth: 7_776_000,
    });
    expect(planConstraints('$1,200').usdPerMonth).toBe(1200);
  });

  it('of later turns count', () => {
    expect(planConstraints('under $500 a month. no, $300 a month').usdPerMonth).toBe(300);
  });

  it('that are missing are asked for, one after the other', () => {
    expect(missingOf(planConstraints('plan something'))).toEqual(['limit', 'hardware', 'calls']);
    expect(missingOf(planConstraints('under $500 a month on L4'))).toEqual(['calls']);
    expect(missingOf(planConstraints('under $500 a month on L4. 1 million calls'))).toEqual([]);
    expect(missingOf(planConstraints('1 million calls a month on T4'))).toEqual([]);
  });

  it('name accelerators by id or family, and no ordinary word is one', () => {
    expect(hardwareIn('on an L4 or T4')).toEqual(expect.arrayContaining(['l4', 't4']));
    expect(hardwareIn('H100').every((id) => id.startsWith('h100'))).toBe(true);
    expect(hardwareIn('H100').length).toBeGreaterThan(1);
    expect(hardwareIn('h100-sxm')).toEqual(['h100-sxm']);
    expect(hardwareIn('apple pie on a rtx')).toEqual([]);
  });
});

describe('a month', () => {
  const limits = { usdPerMonth: 100, kgCO2ePerMonth: null, callsPerMonth: 4e6, hardware: ['l4'] };

  it('costs what its calls cost, and fits or does not', () => {
    expect(planRow(limits, { usd: 20, gCO2e: 500 })).toEqual({ usd: 80, kgCO2e: 2, maxCalls: 5e6, fits: true });
    expect(planRow(limits, { usd: 50, gCO2e: 500 })).toMatchObject({ usd: 200, maxCalls: 2e6, fits: false });
    expect(planRow({ ...limits, kgCO2ePerMonth: 1 }, { usd: 20, gCO2e: 500 })).toMatchObject({
      maxCalls: 2e6,
      fits: false,
    });
  });

  it('whose price is not known fits nothing and breaks nothing', () => {
    expect(planRow(limits, { usd: null, gCO2e: 500 })).toEqual({ usd: null, kgCO2e: 2, maxCalls: null, fits: null });
  });
});
