/** The audit as SARIF 2.1.0 (OASIS), which code-scanning services read. */
import type { AuditReport, FindingReport, Range } from '../analysis/model.js';
import { savingText } from './summary.js';

export interface SarifRule {
  readonly code: string;
  readonly name: string;
  readonly docs: string;
  readonly description: string;
}

const levels: Record<FindingReport['severity'], 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

export function renderSarif(reports: readonly AuditReport[], rules: readonly SarifRule[], version: string): string {
  const run = {
    tool: {
      driver: {
        name: 'EcoCompute Energy Lint',
        version,
        informationUri: 'https://github.com/ecocompute/ecocompute-energy-lint',
        rules: rules.map((rule) => ({
          id: rule.code,
          name: rule.name,
          shortDescription: { text: rule.description },
          helpUri: rule.docs,
        })),
      },
    },
    columnKind: 'utf16CodeUnits',
    results: reports.flatMap((report) => report.findings.map((finding) => resultOf(finding, rules))),
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function resultOf(finding: FindingReport, rules: readonly SarifRule[]): object {
  const saving = savingText(finding.saving, 'en');
  const location = { artifactLocation: { uri: uriOf(finding.file) }, region: regionOf(finding.range) };
  return {
    ruleId: finding.rule,
    ruleIndex: rules.findIndex((rule) => rule.code === finding.rule),
    level: levels[finding.severity],
    message: { text: saving === null ? finding.message : `${finding.message} Saves ${saving}.` },
    locations: [{ physicalLocation: location }],
    relatedLocations: finding.related.map((related, id) => ({
      id,
      message: { text: related.message },
      physicalLocation: { artifactLocation: { uri: uriOf(related.file) }, region: regionOf(related.range) },
    })),
    ...(finding.fix === null
      ? {}
      : {
          fixes: [
            {
              description: { text: finding.fix.title },
              artifactChanges: [
                {
                  artifactLocation: { uri: uriOf(finding.file) },
                  replacements: finding.fix.edits.map((edit) => ({
                    deletedRegion: regionOf(edit.range),
                    insertedContent: { text: edit.newText },
                  })),
                },
              ],
            },
          ],
        }),
    properties:
      finding.saving === null
        ? {}
        : {
            energySaved_J: finding.saving.energy_J?.value ?? null,
            per: finding.saving.per,
            entry: finding.saving.entry,
          },
  };
}

function regionOf(range: Range): object {
  return {
    startLine: range.start.line + 1,
    startColumn: range.start.column + 1,
    endLine: range.end.line + 1,
    endColumn: range.end.column + 1,
  };
}

function uriOf(file: string): string {
  return file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}
