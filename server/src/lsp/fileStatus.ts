/** What the status item says about a file: what there is, and why a number is missing. */
import * as l10n from '@vscode/l10n';
import type { FileState, FileStatus } from '../../../shared/protocol.js';
import type { CallReport, FileReport } from '../analysis/model.js';
import type { OpenDocument } from './documents.js';
import { quantity } from './figures.js';
import { entryName } from './findingText.js';
import type { DocumentSettings } from './settingsCache.js';

/** Longer lists are cut: the status item is a glance. */
const MAX_DETAILS = 6;

export function statusOf(
  document: OpenDocument,
  settings: DocumentSettings,
  state: FileState,
  report: FileReport | null,
): FileStatus {
  return {
    uri: document.uri,
    version: document.text.version,
    state,
    hardware: settings.hardwareName,
    findings: report?.findings.length ?? 0,
    summary: report ? summary(report) : '',
    details: state === 'tooLarge' ? [tooLargeMessage()] : report ? details(report) : [],
  };
}

function summary(report: FileReport): string {
  const models = report.estimates;
  if (models.length === 0) return '';
  const known = models.filter((model) => model.energy_J !== null);
  if (known.length === 0) return missingText(models[0]) ?? '';
  const largest = known.reduce((a, b) => ((a.energy_J?.value ?? 0) >= (b.energy_J?.value ?? 0) ? a : b));
  const energy = quantity(largest.energy_J?.value ?? 0, 'J');
  return known.length === 1
    ? `${entryName(largest.entry)}: ${energy}`
    : l10n.t('{0} models, largest {1}: {2}', known.length, entryName(largest.entry), energy);
}

function details(report: FileReport): string[] {
  const lines = [
    ...report.estimates
      .filter((model) => model.missing !== null)
      .map((model) => `${entryName(model.entry)}: ${missingText(model)}`),
    ...report.estimates.flatMap((model) =>
      model.coverage.unknown.map((gap) =>
        l10n.t('{0}: {1} is not understood (line {2}): {3}', entryName(model.entry), gap.what, gap.line, gap.why),
      ),
    ),
    ...report.problems.map((problem) => l10n.t('line {0}: {1}', problem.line, problem.message)),
  ];
  const unique = [...new Set(lines)];
  if (unique.length <= MAX_DETAILS) return unique;
  return [...unique.slice(0, MAX_DETAILS), l10n.t('… and {0} more', unique.length - MAX_DETAILS)];
}

/** `no estimate: needs argument cfg`, `no estimate: my_op is not understood`; null when there is one. */
export function missingText(model: CallReport): string | null {
  if (model.missing !== null) return l10n.t('no estimate: {0}', model.missing);
  if (model.flops.forward !== null || model.energy_J !== null) return null;
  const names = notUnderstood(model);
  return names === '' ? null : l10n.t('no estimate: {0} is not understood', names);
}

/** The first two things of a model that are not understood, by name; empty when all is. */
export function notUnderstood(model: CallReport): string {
  const names = [...new Set(model.coverage.unknown.map((gap) => gap.what))];
  return names.length > 2 ? `${names.slice(0, 2).join(', ')} +${names.length - 2}` : names.join(', ');
}

/** What a file that is too large is told. */
export function tooLargeMessage(): string {
  return l10n.t('This file is larger than 1 MB and is not analysed. Split it, or keep data out of source files.');
}
