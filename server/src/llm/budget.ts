/** Running totals by task, provider and month, and the monthly stop. Computed from the traces: there is one truth. */
import type { TraceRecord } from './traces/record.js';

export interface Spent {
  readonly calls: number;
  readonly costUsd: number;
  readonly carbon_g: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface SpendingEntry {
  readonly at: number;
  readonly task: string;
  /** null: no provider was asked. */
  readonly provider: string | null;
  readonly costUsd: number;
  readonly carbon_g: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const nothing: Spent = { calls: 0, costUsd: 0, carbon_g: 0, inputTokens: 0, outputTokens: 0 };

export class Totals {
  readonly byTask = new Map<string, Spent>();
  readonly byProvider = new Map<string, Spent>();
  readonly byMonth = new Map<string, Spent>();
  /** Dollars that calls now running are expected to take. */
  reservedUsd = 0;

  /** Sets dollars aside; the result gives them back, once. */
  reserve(usd: number): () => void {
    this.reservedUsd += usd;
    let isOpen = true;
    return () => {
      if (isOpen) this.reservedUsd -= usd;
      isOpen = false;
    };
  }

  add(entry: SpendingEntry): void {
    if (entry.provider === null) return;
    for (const [map, key] of [
      [this.byTask, entry.task],
      [this.byProvider, entry.provider],
      [this.byMonth, monthOf(entry.at)],
    ] as const) {
      const old = map.get(key) ?? nothing;
      map.set(key, {
        calls: old.calls + 1,
        costUsd: old.costUsd + entry.costUsd,
        carbon_g: old.carbon_g + entry.carbon_g,
        inputTokens: old.inputTokens + entry.inputTokens,
        outputTokens: old.outputTokens + entry.outputTokens,
      });
    }
  }

  /** Starts again from what the traces say: other editors and the command line spend from the same budget. */
  restart(records: readonly TraceRecord[]): void {
    for (const map of [this.byTask, this.byProvider, this.byMonth]) map.clear();
    for (const record of records) addToTotals(this, record);
  }

  spentInMonth(now: number): number {
    return this.byMonth.get(monthOf(now))?.costUsd ?? 0;
  }
}

/** What a trace says was spent, on whoever was asked, answer or not. */
export function addToTotals(totals: Totals, record: TraceRecord): void {
  const stated = record.attempts.filter((one) => one.costUsd !== undefined);
  if (stated.length === 0) {
    totals.add({ ...record, provider: record.answeredBy?.split('/')[0] ?? null });
    return;
  }
  for (const { ref, costUsd = 0, carbon_g = 0, inputTokens = 0, outputTokens = 0 } of stated)
    if (inputTokens > 0 || outputTokens > 0)
      totals.add({
        at: record.at,
        task: record.task,
        provider: ref.split('/')[0]!,
        costUsd,
        carbon_g,
        inputTokens,
        outputTokens,
      });
}

/** `2026-11`, in UTC. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

/** Null when the call fits, else a sentence. `budgetUsd` null: no limit. */
export function overBudget(totals: Totals, now: number, expectedUsd: number, budgetUsd: number | null): string | null {
  if (budgetUsd === null) return null;
  const spent = totals.spentInMonth(now) + totals.reservedUsd;
  if (spent + expectedUsd <= budgetUsd) return null;
  return `The month's budget of $${budgetUsd.toFixed(2)} would be passed: $${spent.toFixed(4)} is spent or on its way and this call may cost $${expectedUsd.toFixed(4)}.`;
}

/** A sentence when the call costs more, in dollars or grams, than its fix can save in a year; null when it pays or nothing is known. */
export function notWorthIt(
  call: { readonly costUsd: number; readonly carbon_g: number },
  yearly: { readonly usd: number; readonly gCO2e: number } | undefined,
): string | null {
  if (yearly === undefined) return null;
  if (yearly.usd <= 0 && call.costUsd > 0)
    return `The fix saves no money, and this call costs about $${call.costUsd.toPrecision(2)}.`;
  if (call.costUsd > yearly.usd)
    return `This call costs about $${call.costUsd.toPrecision(2)}, more than the $${yearly.usd.toPrecision(2)} a year that the fix can save.`;
  if (call.carbon_g > yearly.gCO2e)
    return `This call emits about ${call.carbon_g.toPrecision(2)} g CO2e, more than the ${yearly.gCO2e.toPrecision(2)} g a year that the fix can save.`;
  return null;
}
