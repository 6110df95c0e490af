/** The audit as the command-line contract's JSON. */
import type { AuditReport, EstimateReport, FindingReport, Interval, Problem } from '../analysis/model.js';
import { addIntervals, mainComparison } from './summary.js';

export interface AuditJson {
  readonly schemaVersion: 1;
  readonly findings: readonly FindingReport[];
  readonly estimates: readonly EstimateReport[];
  readonly summary: {
    readonly files: number;
    readonly findings: number;
    /** The entry with the most energy of each file, added up; null when none is known. */
    readonly energy_J: Interval | null;
    readonly optimised_energy_J: Interval | null;
  };
  readonly problems: readonly Problem[];
}

export function auditJson(reports: readonly AuditReport[], problems: readonly Problem[] = []): AuditJson {
  const mains = reports.map(mainComparison).filter((main) => main !== null && main.before.energy_J !== null);
  const findings = reports.flatMap((report) => report.findings);
  return {
    schemaVersion: 1,
    findings,
    estimates: reports.flatMap((report) => report.before),
    summary: {
      files: reports.length,
      findings: findings.length,
      energy_J: addIntervals(mains.map((main) => main?.before.energy_J ?? null)),
      optimised_energy_J: addIntervals(mains.map((main) => main?.after?.energy_J ?? main?.before.energy_J ?? null)),
    },
    problems: [...problems, ...reports.flatMap((report) => report.problems)],
  };
}
