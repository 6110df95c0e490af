/** The audit report as Markdown: for pull requests, wikis and chats. */
import type { AuditReport } from '../analysis/model.js';
import { grams, spread, withInterval } from './figures.js';
import { type Locale, say } from './messages.js';
import {
  assumptionsOf,
  atRiskText,
  comparisonRows,
  confidenceText,
  contextText,
  fixText,
  headline,
  mainComparison,
  messageOf,
  savingText,
} from './summary.js';

export function renderMarkdown(report: AuditReport, locale: Locale = 'en'): string {
  const lines: string[] = [`# ${plain(say(locale, 'title', { file: report.file }))}`, ''];
  lines.push(`**${plain(headline(report, locale))}**`, '');
  lines.push(plain(contextText(report, locale)), '');

  const main = mainComparison(report);
  if (main !== null && main.before.energy_J !== null) {
    lines.push(
      `| ${plain(main.before.entry)} | ${say(locale, 'before')} | ${say(locale, 'after')} | ${say(locale, 'saved')} |`,
      '| --- | ---: | ---: | ---: |',
    );
    for (const row of comparisonRows(main, locale))
      lines.push(`| ${row.label} | ${row.before} | ${row.after} | ${row.saved} |`);
    lines.push('');
  }

  lines.push(`## ${say(locale, 'findings')}`, '');
  if (report.findings.length === 0) lines.push(say(locale, 'clean'), '');
  for (const finding of report.findings) {
    const line = say(locale, 'line', { line: finding.range.start.line + 1 });
    const saving = savingText(finding.saving, locale) ?? say(locale, 'savingNone');
    lines.push(
      `- **${line}** [${finding.rule} ${finding.name}](${finding.docs}): ${plain(messageOf(finding, locale))}`,
    );
    lines.push(`  ${say(locale, 'saving')}: ${plain(saving)}. ${plain(fixText(finding, locale))}.`);
    const atRisk = atRiskText(finding, locale);
    if (atRisk !== null) lines.push(`  ${atRisk}`);
  }
  lines.push('', `## ${say(locale, 'models')}`, '');
  lines.push(
    `| ${say(locale, 'model')} | ${say(locale, 'energyPerCall')} | ${say(locale, 'timePerCall')} | ${say(locale, 'carbon')} |`,
    '| --- | ---: | ---: | ---: |',
  );
  for (const estimate of report.before) {
    const figure =
      estimate.missing === null
        ? withInterval(estimate.energy_J, 'J')
        : say(locale, 'missing', { why: estimate.missing });
    lines.push(
      `| ${plain(estimate.entry)} | ${plain(figure)} | ${withInterval(estimate.time_s, 's')} | ${grams(estimate.per_million.gCO2e?.value)} |`,
    );
  }

  lines.push('', `## ${say(locale, 'confidence')}`, '');
  for (const sentence of confidenceText(report, locale, spread(main?.before.energy_J ?? null)))
    lines.push(plain(sentence), '');
  list(
    lines,
    say(locale, 'assumptions'),
    assumptionsOf(report).map(({ text, source }) => `${text} (${source})`),
  );
  list(
    lines,
    say(locale, 'problems'),
    report.problems.map((problem) => `${problem.file}:${problem.line} ${problem.message}`),
  );
  list(lines, say(locale, 'sources'), report.sources);
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function list(lines: string[], title: string, items: readonly string[]): void {
  if (items.length === 0) return;
  lines.push(`## ${title}`, '', ...items.map((item) => `- ${plain(item)}`), '');
}

/** Text from source code must not become markup. */
function plain(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|#]/g, (character) =>
      character === '<' ? '&lt;' : character === '>' ? '&gt;' : `\\${character}`,
    )
    .replace(/\r?\n/g, ' ');
}
