/** What the traces add up to: spent by task, provider and month, who answered, what was thrown away. */
import type { AiSpent, AiUsage } from '../../../shared/ai.js';
import { addToTotals, type Spent, Totals } from '../llm/budget.js';
import { rulePolicyVersion } from '../llm/routing/route.js';
import type { TraceRecord } from '../llm/traces/record.js';

export function usageOf(records: readonly TraceRecord[], learned: string | null): AiUsage {
  const totals = new Totals();
  for (const record of records) addToTotals(totals, record);
  const rows = (map: ReadonlyMap<string, Spent>): AiSpent[] =>
    [...map].map(([of, { calls, costUsd, carbon_g }]) => ({ of, calls, costUsd, carbon_g }));
  const tier = (name: TraceRecord['tier']): number => records.filter((r) => r.tier === name).length;
  const judged = (...verdicts: readonly TraceRecord['user_feedback'][]): number =>
    records.filter((r) => verdicts.includes(r.user_feedback)).length;
  return {
    byTask: rows(totals.byTask),
    byProvider: rows(totals.byProvider),
    byMonth: rows(totals.byMonth).sort((a, b) => b.of.localeCompare(a.of)),
    questions: records.length,
    tiers: { local: tier('local'), small: tier('small'), large: tier('large') },
    discardedUsd: records.reduce((sum, record) => sum + discarded(record), 0),
    accepted: judged('accepted', 'up'),
    rejected: judged('rejected', 'down'),
    policy: learned ?? rulePolicyVersion,
  };
}

/** Dollars of a question for which no answer was shown: all of it without one, else its lost and failed calls. */
function discarded(record: TraceRecord): number {
  if (record.outcome !== 'answered') return record.costUsd;
  return record.attempts.filter((one) => one.failure !== null).reduce((sum, one) => sum + (one.costUsd ?? 0), 0);
}
