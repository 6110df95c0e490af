/** An audit for people in a terminal. */
import type { AuditReport, FindingReport, Severity } from '../analysis/model.js';
import { percent, quantity, spread, withInterval } from '../audit/figures.js';
import { type Locale, type MessageId, say } from '../audit/messages.js';
import {
  assumptionsOf,
  atRiskText,
  comparisonRows,
  confidenceText,
  fixText,
  headline,
  mainComparison,
  messageOf,
  savingText,
} from '../audit/summary.js';
import { type Style, table, wrap } from './terminal.js';

export interface AuditTextOptions {
  readonly style: Style;
  readonly width: number;
  readonly locale: Locale;
  readonly quiet: boolean;
}

export function auditText(report: AuditReport, source: string | undefined, options: AuditTextOptions): string {
  const { style, locale, width, quiet } = options;
  const main = mainComparison(report);
  if (quiet && report.findings.length === 0) return '';
  const lines: string[] = [style.bold(report.file)];
  const sourceLines = source?.split(/\r?\n/);
  for (const finding of report.findings) lines.push('', ...findingLines(finding, sourceLines, options));
  lines.push('');
  if (main !== null && main.before.energy_J !== null) {
    lines.push(
      `  ${style.bold(main.before.entry)}  ${style.dim(say(locale, 'onHardware', { hardware: report.hardware.name, region: report.region.name }))}`,
    );
    const improves = main.after !== null && main.savedPercent !== null && main.savedPercent >= 0.05;
    lines.push(...barLines(main, improves, options));
    const head = ['', say(locale, 'before'), ...(improves ? [say(locale, 'after'), say(locale, 'saved')] : [])].map(
      style.dim,
    );
    const rows = comparisonRows(main, locale).map((row) => [
      row.label,
      row.before,
      ...(improves ? [row.after, style.green(row.saved)] : []),
    ]);
    lines.push(...table([head, ...rows], ['left', 'right', 'right', 'right']).map((line) => `  ${line}`), '');
  }
  lines.push(...wrap(headline(report, locale), width, '  ').map(style.bold));
  for (const sentence of confidenceText(report, locale, spread(main?.before.energy_J ?? null)))
    lines.push(...wrap(sentence, width, '  ').map(style.dim));
  const missing = report.before.filter((one) => one.missing !== null);
  if (missing.length > 0) {
    const list = missing.map((one) => `${one.entry} (${one.missing})`).join('; ');
    lines.push(...wrap(say(locale, 'missingList', { list }), width, '  ').map(style.dim));
  }
  const assumptions = assumptionsOf(report);
  if (assumptions.length > 0)
    lines.push(
      ...wrap(`${say(locale, 'assumptions')}: ${assumptions.map((one) => one.text).join('; ')}`, width, '  ').map(
        style.dim,
      ),
    );
  return `${lines.join('\n')}\n\n`;
}

const severityIds: Record<Severity, MessageId> = {
  error: 'severityError',
  warning: 'severityWarning',
  information: 'severityInformation',
  hint: 'severityHint',
};

function findingLines(
  finding: FindingReport,
  source: readonly string[] | undefined,
  options: AuditTextOptions,
): string[] {
  const { style, locale, width } = options;
  const paint = { error: style.red, warning: style.yellow, information: style.blue, hint: style.dim }[finding.severity];
  const { start, end } = finding.range;
  const lines = [
    `  ${style.bold(`${finding.file}:${start.line + 1}:${start.column + 1}`)}  ${paint(say(locale, severityIds[finding.severity]))}  ${style.bold(finding.rule)} ${finding.name}`,
  ];
  const code = source?.[start.line];
  if (code !== undefined && code.trim() !== '') {
    const indent = code.length - code.trimStart().length;
    const last = end.line === start.line ? end.column : code.trimEnd().length;
    const shown = code.trim();
    lines.push(`      ${style.dim(String(start.line + 1).padStart(4))} │ ${shown}`);
    lines.push(
      `           │ ${' '.repeat(Math.max(0, start.column - indent))}${paint('^'.repeat(Math.max(1, last - start.column)))}`,
    );
  }
  lines.push(...wrap(messageOf(finding, locale), width, '      '));
  const saving = savingText(finding.saving, locale);
  if (saving !== null) lines.push(...wrap(`${say(locale, 'saving')}: ${saving}`, width, '      ').map(style.green));
  const atRisk = atRiskText(finding, locale);
  if (atRisk !== null) lines.push(`      ${style.yellow(atRisk)}`);
  lines.push(`      ${style.dim(fixText(finding, locale))}`);
  return lines;
}

function barLines(
  main: NonNullable<ReturnType<typeof mainComparison>>,
  improves: boolean,
  options: AuditTextOptions,
): string[] {
  const { style, locale } = options;
  const rows: [string, typeof main.before.energy_J, (text: string) => string][] = [
    [say(locale, 'before'), main.before.energy_J, style.yellow],
  ];
  if (improves && main.after !== null) rows.push([say(locale, 'after'), main.after.energy_J, style.green]);
  const most = Math.max(...rows.map(([, energy]) => energy?.value ?? 0));
  const cells = rows.map(([label, energy, paint]) => [
    label,
    paint('█'.repeat(most === 0 ? 0 : Math.max(1, Math.round(((energy?.value ?? 0) / most) * 28)))),
    withInterval(energy, 'J'),
  ]);
  return table(cells).map((line) => `  ${line}`);
}

/** One line for many files. */
export function manyText(reports: readonly AuditReport[], options: AuditTextOptions): string {
  if (reports.length < 2) return '';
  const findings = reports.flatMap((report) => report.findings);
  if (options.quiet && findings.length === 0) return '';
  const mains = reports
    .map(mainComparison)
    .filter((main) => main !== null && main.before.energy_J !== null && main.after?.energy_J != null);
  const before = mains.reduce((sum, main) => sum + (main?.before.energy_J?.value ?? 0), 0);
  const after = mains.reduce((sum, main) => sum + (main?.after?.energy_J?.value ?? 0), 0);
  const energy =
    before === 0
      ? ''
      : ` Energy per call of the largest model of each file: ${quantity(before, 'J')} → ${quantity(after, 'J')} (${percent(((before - after) / before) * 100)} saved).`;
  return `${options.style.bold(`${reports.length} files, ${findings.length} finding${findings.length === 1 ? '' : 's'}.`)}${energy}\n`;
}
