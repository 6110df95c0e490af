/** What an accelerator-hour costs: list prices and market indexes, dated. Prices move weekly. */

import type { Accelerator } from './accelerators.js';
import table from './data/prices.json' with { type: 'json' };
import { workspaceTables } from './workspaceTables.js';

export interface PriceRow {
  readonly accelerator: string;
  readonly provider: string;
  readonly instance: string;
  readonly gpus: number;
  readonly usdPerGpuHour: number;
  /** `on_demand`, `market_index` … */
  readonly type: string;
  readonly date: string;
  readonly source: string;
}

export interface HourlyPrice {
  /** USD per accelerator-hour. */
  readonly value: number;
  /** Lowest and highest row on record. */
  readonly low: number;
  readonly high: number;
  /** How the value was chosen among the rows. */
  readonly basis: string;
  readonly rows: readonly PriceRow[];
}

export const priceRows: readonly PriceRow[] = table.prices.map((row) => ({
  ...row,
  source: table.sourceTable[row.source],
}));

/** null when no price is on record: cost is then not known, never 0. */
export function priceOf(accelerator: Accelerator): HourlyPrice | null {
  const own = workspaceTables().prices.get(accelerator.id);
  if (own !== undefined) return { value: own, low: own, high: own, basis: 'set in ecocompute.hardware.json', rows: [] };
  const rows = priceRows.filter((row) => row.accelerator === accelerator.id);
  const summary = table.summary.find((one) => one.accelerator === accelerator.id);
  if (summary?.suggested != null) {
    // Summaries were made from the rows by judgement between market and list price; the rows bound them.
    const low = Math.min(summary.low, summary.suggested);
    return {
      value: summary.suggested,
      low,
      high: Math.max(summary.high, summary.suggested),
      basis: summary.basis ?? '',
      rows,
    };
  }
  if (rows.length === 0) return null;
  const values = rows.map((row) => row.usdPerGpuHour).sort((a, b) => a - b);
  const value = values[Math.floor((values.length - 1) / 2)];
  return { value, low: values[0], high: values[values.length - 1], basis: 'median of the rows', rows };
}

export interface ElectricityPrice {
  readonly region: string;
  readonly sector: string;
  readonly currency: string;
  readonly perKWh: number;
  readonly year: number;
  readonly source: string;
}

/** Low confidence (secondary pages): shown as a separate line, never added to the accelerator price. */
export const electricityPrices: readonly ElectricityPrice[] = table.electricity.map((row) => ({
  ...row,
  source: table.sourceTable[row.source],
}));
