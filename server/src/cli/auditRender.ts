/** An audit's reports in the format that was asked for. */
import type { AuditReport, Problem } from '../analysis/model.js';
import { auditJson } from '../audit/json.js';
import type { Locale } from '../audit/messages.js';
import { auditText, manyText } from './auditText.js';
import { type Flags, textFlag } from './flags.js';
import type { Io } from './io.js';
import { readSource } from './session.js';
import { makeStyle } from './terminal.js';

export async function render(
  format: string,
  reports: readonly AuditReport[],
  problems: readonly Problem[],
  locale: Locale,
  flags: Flags,
  io: Io,
): Promise<string> {
  const sources = (report: AuditReport): string | undefined => {
    try {
      return readSource(report.file, io);
    } catch {
      return undefined;
    }
  };
  switch (format) {
    case 'json': {
      const own = problems.filter((problem) => !reports.some((report) => report.problems.includes(problem)));
      return `${JSON.stringify(publicFields(auditJson(reports, own)), null, 2)}\n`;
    }
    case 'markdown': {
      const { renderMarkdown } = await import('../audit/markdown.js');
      return reports.map((report) => renderMarkdown(report, locale)).join('\n');
    }
    case 'html': {
      const { renderPages } = await import('../audit/html.js');
      return renderPages(
        reports.map((report) => ({ report, source: sources(report) })),
        locale,
      );
    }
    case 'sarif': {
      const { renderSarif } = await import('../audit/sarif.js');
      const { allRules } = await import('../rules/registry.js');
      const manifest = (await import('../../../package.json', { with: { type: 'json' } })).default;
      const rules = allRules.map(({ meta }) => ({
        code: meta.code,
        name: meta.name,
        docs: meta.docs,
        description: Object.values(meta.messages)[0]?.en ?? meta.name,
      }));
      return renderSarif(reports, rules, manifest.version);
    }
    default: {
      const style = makeStyle(io.colour && textFlag(flags, 'output') === null);
      const options = { style, width: io.width, locale, quiet: flags['quiet'] === true };
      const shown = reports.filter((report) => reports.length === 1 || report.findings.length > 0);
      return shown.map((report) => auditText(report, sources(report), options)).join('') + manyText(reports, options);
    }
  }
}

/** Estimates without what only editors need. */
function publicFields(json: ReturnType<typeof auditJson>): object {
  return { ...json, estimates: json.estimates.map(({ range: _range, ...rest }) => rest) };
}
