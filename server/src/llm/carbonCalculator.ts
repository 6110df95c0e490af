/** Our own function for models that may call one: energy to grams and dollars, by our tables. Pure arithmetic. */
import * as z from 'zod';
import { findRegion, worldRegion } from '../hardware/carbon.js';
import type { OwnFunction } from './providers/provider.js';

const parameters = z.object({
  energy_J: z.number().min(0).describe('Energy of one call, joules'),
  calls: z.number().min(0).default(1_000_000).describe('How many calls'),
  region: z
    .string()
    .default('')
    .describe('Country (ISO alpha-3) or cloud region such as aws:us-east-1; empty: world average'),
  pue: z.number().min(1).max(3).default(1.2).describe('Power usage effectiveness of the data centre'),
  usd_per_kWh: z.number().min(0).nullable().default(null),
});

/** @returns grams CO2e = J / 3.6e6 · PUE · calls · gCO2e/kWh, with every factor named. */
export const carbonCalculator: OwnFunction = {
  name: 'carbon_calculator',
  description:
    'Converts energy per call to kWh, gCO2e and electricity cost with the sourced grid tables of EcoCompute.',
  parameters: (() => {
    const { $schema: _, ...schema } = z.toJSONSchema(parameters, { io: 'input' }) as Record<string, unknown>;
    return schema;
  })(),
  call(args) {
    const parsed = parameters.safeParse(args);
    if (!parsed.success)
      return { error: parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ') };
    const { energy_J, calls, region, pue, usd_per_kWh } = parsed.data;
    const found = region === '' ? { ok: true as const, value: worldRegion } : findRegion(region);
    if (!found.ok) return { error: found.message };
    const kWh = (energy_J / 3.6e6) * pue * calls;
    return {
      kWh,
      gCO2e: kWh * found.value.gCO2ePerKWh,
      usd: usd_per_kWh === null ? null : kWh * usd_per_kWh,
      gCO2e_per_kWh: found.value.gCO2ePerKWh,
      region: found.value.name,
      source: found.value.source,
    };
  },
};
