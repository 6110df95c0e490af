/**
 * The audit report as HTML. `renderBody` is what the editor's panel shows; `renderPage`
 * is a page of its own: nothing is loaded, there is no script, it prints.
 */
import type { AuditReport, FindingReport } from '../analysis/model.js';
import { count, quantity, spread, withInterval } from './figures.js';
import { type Locale, type MessageId, say } from './messages.js';
import { pageCss, reportCss } from './style.js';
import {
  assumptionsOf,
  atRiskText,
  type Comparison,
  comparisonRows,
  confidenceText,
  contextText,
  fixText,
  headline,
  mainComparison,
  messageOf,
  savingText,
} from './summary.js';

export interface HtmlOptions {
  readonly locale?: Locale;
  /** The file's text, to show each finding's line. */
  readonly source?: string;
}

export function renderPage(report: AuditReport, options: HtmlOptions = {}): string {
  return renderPages([{ report, source: options.source }], options.locale ?? 'en');
}

/** One page for several files. */
export function renderPages(
  parts: readonly { report: AuditReport; source: string | undefined }[],
  locale: Locale,
): string {
  const files = parts.map(({ report }) => baseName(report.file)).join(', ');
  const bodies = parts.map(({ report, source }) =>
    renderBody(report, source === undefined ? { locale } : { locale, source }),
  );
  return [
    '<!doctype html>',
    `<html lang="${locale === 'zh' ? 'zh-CN' : 'en'}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>${escapeHtml(say(locale, 'title', { file: files }))}</title>`,
    `<style>${pageCss}${reportCss}</style>`,
    '</head>',
    `<body>${bodies.join('\n')}</body>`,
    '</html>',
    '',
  ].join('\n');
}

export function renderBody(report: AuditReport, options: HtmlOptions = {}): string {
  const locale = options.locale ?? 'en';
  const main = mainComparison(report);
  const t = (id: MessageId, data: Record<string, string | number> = {}): string => escapeHtml(say(locale, id, data));
  return [
    '<main class="eco-report">',
    `<h1>${t('title', { file: baseName(report.file) })}</h1>`,
    `<p class="eco-headline">${escapeHtml(headline(report, locale))}</p>`,
    `<p class="eco-muted">${escapeHtml(contextText(report, locale))}</p>`,
    main !== null && main.before.energy_J !== null ? bars(main, locale) + figures(main, locale) : '',
    `<section><h2>${t('findings')}</h2>${findings(report, locale, options.source)}</section>`,
    models(report, locale),
    `<section><h2>${t('confidence')}</h2>${confidenceText(report, locale, spread(main?.before.energy_J ?? null))
      .map((line) => `<p>${escapeHtml(line)}</p>`)
      .join('')}</section>`,
    list(
      t('assumptions'),
      assumptionsOf(report).map(
        ({ text, source }) => `${escapeHtml(text)} <span class="eco-muted">${escapeHtml(source)}</span>`,
      ),
    ),
    list(
      t('problems'),
      report.problems.map((problem) => escapeHtml(`${problem.file}:${problem.line} ${problem.message}`)),
    ),
    list(t('sources'), report.sources.map(linked)),
    '</main>',
  ].join('\n');
}

/** Energy before and after as two bars with their intervals. */
function bars(main: Comparison, locale: Locale): string {
  const rows: [MessageId, string, typeof main.before.energy_J][] = [['before', 'eco-bar-before', main.before.energy_J]];
  if (main.after !== null && main.savedPercent !== null && main.savedPercent >= 0.05)
    rows.push(['after', 'eco-bar-after', main.after.energy_J]);
  const largest = Math.max(...rows.map(([, , energy]) => energy?.high ?? 0));
  const share = (value: number): string => `${largest === 0 ? 0 : ((value / largest) * 100).toFixed(1)}%`;
  const body = rows
    .filter(([, , energy]) => energy !== null)
    .map(([id, style, energy]) => {
      const { value, low, high } = energy as NonNullable<typeof energy>;
      const range =
        low === high
          ? ''
          : `<span class="eco-range" style="left:${share(low)};width:calc(${share(high)} - ${share(low)})"></span>`;
      return `<div class="eco-bar-row"><span class="eco-bar-label">${escapeHtml(say(locale, id))}</span><span class="eco-bar-track"><span class="eco-bar ${style}" style="width:${share(value)}"></span>${range}</span><span class="eco-bar-value">${escapeHtml(withInterval(energy, 'J'))}</span></div>`;
    })
    .join('');
  return `<figure class="eco-bars" aria-label="${escapeHtml(say(locale, 'energyPerCall'))}"><figcaption>${escapeHtml(say(locale, 'energyPerCall'))} · <code>${escapeHtml(main.before.entry)}</code></figcaption>${body}</figure>`;
}

function figures(main: Comparison, locale: Locale): string {
  const head = ['measure', 'before', 'after', 'saved']
    .map(
      (id, at) =>
        `<th${at > 0 ? ' class="eco-number"' : ''} scope="col">${escapeHtml(say(locale, id as MessageId))}</th>`,
    )
    .join('');
  const rows = comparisonRows(main, locale)
    .map(
      (row) =>
        `<tr><th scope="row">${escapeHtml(row.label)}</th><td class="eco-number">${escapeHtml(row.before)}</td><td class="eco-number">${escapeHtml(row.after)}</td><td class="eco-number eco-saved">${escapeHtml(row.saved)}</td></tr>`,
    )
    .join('');
  return `<table class="eco-figures"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
}

const severityIds: Record<FindingReport['severity'], MessageId> = {
  error: 'severityError',
  warning: 'severityWarning',
  information: 'severityInformation',
  hint: 'severityHint',
};

function findings(report: AuditReport, locale: Locale, source: string | undefined): string {
  if (report.findings.length === 0) return `<p>${escapeHtml(say(locale, 'clean'))}</p>`;
  const lines = source?.split(/\r?\n/);
  const items = report.findings.map((finding) => {
    const number = finding.range.start.line + 1;
    const code = lines?.[finding.range.start.line]?.trim();
    const saving = savingText(finding.saving, locale);
    const atRisk = atRiskText(finding, locale);
    return [
      `<li class="eco-finding eco-${finding.severity}">`,
      `<div class="eco-finding-head"><span class="eco-severity">${escapeHtml(say(locale, severityIds[finding.severity]))}</span> <a href="${escapeHtml(finding.docs)}">${escapeHtml(finding.rule)}</a> ${escapeHtml(finding.name)} <span class="eco-line" data-line="${number}" tabindex="0" role="link">${escapeHtml(say(locale, 'line', { line: number }))}</span></div>`,
      `<p>${escapeHtml(messageOf(finding, locale))}</p>`,
      code === undefined || code === '' ? '' : `<pre><code>${escapeHtml(code)}</code></pre>`,
      `<p class="eco-muted">${saving === null ? '' : `<strong class="eco-saved">${escapeHtml(saving)}</strong> · `}${atRisk === null ? '' : `${escapeHtml(atRisk)} · `}${escapeHtml(fixText(finding, locale))}</p>`,
      '</li>',
    ].join('');
  });
  return `<ol class="eco-findings">${items.join('\n')}</ol>`;
}

function models(report: AuditReport, locale: Locale): string {
  if (report.before.length === 0) return '';
  const t = (id: MessageId): string => escapeHtml(say(locale, id));
  const head = `<tr><th scope="col">${t('model')}</th><th class="eco-number" scope="col">${t('params')}</th><th class="eco-number" scope="col">${t('flops')}</th><th class="eco-number" scope="col">${t('energyPerCall')}</th><th class="eco-number" scope="col">${t('timePerCall')}</th></tr>`;
  const rows = report.before.map((estimate) => {
    const name = `<th scope="row"><span class="eco-line" data-line="${estimate.line}" tabindex="0" role="link"><code>${escapeHtml(estimate.entry)}</code></span></th>`;
    if (estimate.missing !== null)
      return `<tr>${name}<td colspan="4" class="eco-muted">${escapeHtml(say(locale, 'missing', { why: estimate.missing }))}</td></tr>`;
    const cells = [
      count(estimate.params?.total),
      quantity(estimate.flops.forward, 'FLOP', 3),
      withInterval(estimate.energy_J, 'J'),
      withInterval(estimate.time_s, 's'),
    ];
    return `<tr>${name}${cells.map((cell) => `<td class="eco-number">${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  return `<section><h2>${t('models')}</h2><div class="eco-scroll"><table><thead>${head}</thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0
    ? ''
    : `<section><h2>${title}</h2><ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul></section>`;
}

function linked(text: string): string {
  return escapeHtml(text).replace(/https:\/\/[^\s<>"')]+/g, (url) => `<a href="${url}">${url}</a>`);
}

function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
