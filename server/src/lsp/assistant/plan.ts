/**
 * "Under $500 a month on L4, 2 million calls a month": the constraints of a plan, read from
 * a sentence, and what they leave room for. Arithmetic on the engine's figures only.
 */
import { accelerators } from '../../hardware/accelerators.js';

export interface PlanConstraints {
  readonly usdPerMonth: number | null;
  readonly kgCO2ePerMonth: number | null;
  readonly callsPerMonth: number | null;
  /** Ids of the accelerator table. */
  readonly hardware: readonly string[];
}

const factors: Readonly<Record<string, number>> = { k: 1e3, thousand: 1e3, m: 1e6, million: 1e6, b: 1e9, billion: 1e9 };
const perMonth: Readonly<Record<string, number>> = {
  day: 30,
  week: 30 / 7,
  month: 1,
  year: 1 / 12,
  hour: 720,
  second: 2_592_000,
};
const NUMBER = String.raw`(\d[\d,_]*(?:\.\d+)?)\s*(k|m|b|thousand|million|billion)?`;
const PERIOD = String.raw`\s*(?:a|per|each|every|\/)\s*(hour|day|week|month|year|second)`;

/** A sentence may come in several turns: the last mention of a constraint counts. */
export function planConstraints(text: string): PlanConstraints {
  const last = (pattern: RegExp): RegExpMatchArray | undefined => [...text.matchAll(pattern)].at(-1);
  const amount = (found: RegExpMatchArray | undefined, period = found?.[3]): number | null =>
    found === undefined
      ? null
      : Number(found[1]!.replace(/[,_]/g, '')) *
        (factors[found[2]?.toLowerCase() ?? ''] ?? 1) *
        (perMonth[period?.toLowerCase() ?? 'month'] ?? 1);
  const usd =
    last(new RegExp(String.raw`\$\s*${NUMBER}(?:${PERIOD})?`, 'gi')) ??
    last(new RegExp(String.raw`\b${NUMBER}\s*(?:usd|dollars?)(?:${PERIOD})?`, 'gi'));
  const kg = last(new RegExp(String.raw`\b${NUMBER}\s*kg(?:\s*co2e?)?(?:${PERIOD})?`, 'gi'));
  const calls = last(
    new RegExp(String.raw`\b${NUMBER}\s*(?:calls?|requests?|queries|images?|samples?|inferences?)(?:${PERIOD})?`, 'gi'),
  );
  return {
    usdPerMonth: amount(usd),
    kgCO2ePerMonth: amount(kg),
    callsPerMonth: amount(calls),
    hardware: hardwareIn(text),
  };
}

/** Ids of the accelerators that a sentence names: `H100` stands for the variants of it. */
export function hardwareIn(text: string): string[] {
  const words = new Set(text.toLowerCase().match(/[a-z0-9][a-z0-9-]*/g) ?? []);
  const exact = accelerators.filter(({ id }) => words.has(id)).map(({ id }) => id);
  const families = accelerators.filter(({ id }) => {
    const family = id.split('-')[0]!;
    return words.has(family) && /\d/.test(family) && !exact.some((one) => one.split('-')[0] === family);
  });
  return [...exact, ...families.map(({ id }) => id)];
}

/** What is still to be asked for. */
export function missingOf({
  usdPerMonth,
  kgCO2ePerMonth,
  callsPerMonth,
  hardware,
}: PlanConstraints): ('limit' | 'calls' | 'hardware')[] {
  const limits = usdPerMonth !== null || kgCO2ePerMonth !== null;
  return [
    ...(limits || callsPerMonth !== null ? [] : (['limit'] as const)),
    ...(hardware.length > 0 ? [] : (['hardware'] as const)),
    ...(callsPerMonth !== null ? [] : (['calls'] as const)),
  ];
}

/** What a month on one accelerator costs, and the calls that the limits leave room for; null: not known or no limit. */
export interface PlanRow {
  readonly usd: number | null;
  readonly kgCO2e: number | null;
  readonly maxCalls: number | null;
  readonly fits: boolean | null;
}

export function planRow(
  constraints: PlanConstraints,
  perMillion: { readonly usd: number | null; readonly gCO2e: number | null },
): PlanRow {
  const { usdPerMonth, kgCO2ePerMonth, callsPerMonth } = constraints;
  const millions = callsPerMonth === null ? null : callsPerMonth / 1e6;
  const usd = millions === null || perMillion.usd === null ? null : perMillion.usd * millions;
  const kgCO2e = millions === null || perMillion.gCO2e === null ? null : (perMillion.gCO2e * millions) / 1000;
  const rooms = [
    usdPerMonth === null ? null : perMillion.usd === null ? Number.NaN : (usdPerMonth / perMillion.usd) * 1e6,
    kgCO2ePerMonth === null
      ? null
      : perMillion.gCO2e === null
        ? Number.NaN
        : ((kgCO2ePerMonth * 1000) / perMillion.gCO2e) * 1e6,
  ].filter((one) => one !== null);
  const room = rooms.length === 0 ? Number.NaN : Math.min(...rooms);
  const maxCalls = Number.isNaN(room) ? null : Math.floor(room);
  return {
    usd,
    kgCO2e,
    maxCalls,
    fits: maxCalls === null || callsPerMonth === null ? null : callsPerMonth <= maxCalls,
  };
}
