/** Monthly budgets: what the audited models cost at so many calls a month. */
import type { AuditReport } from '../analysis/model.js';
import { digitsOf, dollars } from '../audit/figures.js';
import { mainComparison } from '../audit/summary.js';
import { type Flags, numberFlag } from './flags.js';
import { UsageError } from './io.js';

export interface Budget {
  readonly runsPerMonth: number;
  readonly usd: number | null;
  readonly kwh: number | null;
  readonly kgco2: number | null;
}

export function readBudget(flags: Flags): Budget | null {
  const usd = numberFlag(flags, 'budget-usd', 'an amount of dollars');
  const kwh = numberFlag(flags, 'budget-kwh', 'an amount of kilowatt-hours');
  const kgco2 = numberFlag(flags, 'budget-kgco2', 'an amount of kilograms');
  const runsPerMonth = numberFlag(flags, 'runs-per-month', 'a number of runs');
  if (usd === null && kwh === null && kgco2 === null) return null;
  if (runsPerMonth === null) throw new UsageError('A budget needs --runs-per-month N: the figures are per call.');
  return { runsPerMonth, usd, kwh, kgco2 };
}

/** One line per budget that is exceeded, or that cannot be checked because a figure is not known. */
export function checkBudget(budget: Budget, reports: readonly AuditReport[]): string[] {
  const mains = reports.map((report) => mainComparison(report)?.before ?? null).filter((one) => one !== null);
  const sum = (read: (one: (typeof mains)[number]) => number | null): number | null =>
    mains.reduce<number | null>((total, one) => {
      const value = read(one);
      return total === null || value === null ? null : total + value;
    }, 0);
  const lines: string[] = [];
  const compare = (
    name: string,
    limit: number | null,
    perCall: number | null,
    show: (value: number) => string,
  ): void => {
    if (limit === null) return;
    if (perCall === null) lines.push(`${name}: cannot be checked, the figure is not known for every model`);
    else if (perCall * budget.runsPerMonth > limit)
      lines.push(`${name}: ${show(perCall * budget.runsPerMonth)} a month is over the budget of ${show(limit)}`);
  };
  compare(
    '--budget-usd',
    budget.usd,
    sum((one) => (one.per_million.usd === null ? null : one.per_million.usd.value / 1e6)),
    dollars,
  );
  compare(
    '--budget-kwh',
    budget.kwh,
    sum((one) => (one.energy_J === null ? null : one.energy_J.value / 3.6e6)),
    (value) => `${digitsOf(value)} kWh`,
  );
  compare(
    '--budget-kgco2',
    budget.kgco2,
    sum((one) => (one.per_million.gCO2e === null ? null : one.per_million.gCO2e.value / 1e9)),
    (value) => `${digitsOf(value)} kg CO2e`,
  );
  return lines;
}
