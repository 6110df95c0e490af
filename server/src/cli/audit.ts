/** `ecocompute audit PATH…`. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Engine, Target } from '../analysis/engine.js';
import type { AuditReport, FindingReport, Problem, Severity } from '../analysis/model.js';
import { auditJson } from '../audit/json.js';
import { type Locale, localeOf } from '../audit/messages.js';
import { auditText, manyText } from './auditText.js';
import { type Budget, checkBudget, readBudget } from './budget.js';
import { unifiedDiff } from './diff.js';
import { type Flags, helpFlag, oneOf, readFlags, targetFlags, targetOf, textFlag } from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { Progress } from './progress.js';
import { pythonFiles } from './pythonFiles.js';
import { absolute, openEngine, readSource } from './session.js';
import { makeStyle } from './terminal.js';

const flagSpecs = {
  ...helpFlag,
  ...targetFlags,
  format: { type: 'string' },
  output: { type: 'string' },
  mode: { type: 'string' },
  'fail-on': { type: 'string' },
  'budget-usd': { type: 'string' },
  'budget-kwh': { type: 'string' },
  'budget-kgco2': { type: 'string' },
  'runs-per-month': { type: 'string' },
  baseline: { type: 'string' },
  jobs: { type: 'string' },
  fix: { type: 'boolean' },
  'fix-unsafe': { type: 'boolean' },
  diff: { type: 'boolean' },
  select: { type: 'string' },
  ignore: { type: 'string' },
  language: { type: 'string' },
  quiet: { type: 'boolean' },
} as const;

const severities: readonly Severity[] = ['hint', 'information', 'warning', 'error'];

export async function audit(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, flagSpecs, 'audit');
  const format = oneOf(flags, 'format', ['text', 'json', 'markdown', 'html', 'sarif'], 'text');
  const mode = oneOf(flags, 'mode', ['block', 'audit'], 'audit');
  const failOn = oneOf(flags, 'fail-on', severities, 'error');
  const locale =
    flags['language'] === undefined
      ? localeOf(undefined)
      : localeOf(oneOf(flags, 'language', ['en', 'zh', 'zh-cn'], 'en'));
  const budget = readBudget(flags);
  const target = targetOf(flags);
  const codes = await codesOf(flags);
  if (textFlag(flags, 'baseline') !== null)
    throw new UsageError('--baseline: not built yet. Compare two runs of "audit --format json" instead.');
  if (textFlag(flags, 'jobs') !== null && textFlag(flags, 'jobs') !== '1')
    throw new UsageError('--jobs: only 1 for now; files are audited one after another.');
  const isFixing = flags['fix'] === true || flags['fix-unsafe'] === true || flags['diff'] === true;
  if (isFixing && (codes.select !== null || codes.ignore.length > 0)) {
    throw new UsageError(
      '--fix and --diff apply the fixes of all rules; --select and --ignore with them are not built yet.',
    );
  }
  if (operands.length === 0) throw new UsageError('audit: name files or folders, e.g. "ecocompute audit src".');

  const files = operands.flatMap((path) => pythonFiles(path, io));
  for (const file of files.filter((one) => one.named)) readSource(file.path, io);
  const engine = await openEngine(flags, io, absolute(files[0]?.path ?? operands[0] ?? '.', io));
  try {
    if (isFixing) {
      return fixFiles(
        files.map((file) => file.path),
        flags,
        engine,
        target,
        io,
      );
    }
    const { reports, problems } = auditFiles(
      files.map((file) => file.path),
      engine,
      target,
      codes,
      flags,
      io,
    );
    const rendered = await render(format, reports, problems, locale, target, flags, io);
    const output = textFlag(flags, 'output');
    if (output === null) io.out(rendered);
    else write(output, rendered, io);
    if (format === 'text' && output === null)
      for (const problem of problems)
        io.err(`ecocompute: ${problem.file}${problem.line > 0 ? `:${problem.line}` : ''}: ${problem.message}\n`);
    return gate(reports, mode, failOn, budget, io);
  } finally {
    engine.dispose();
  }
}

interface Codes {
  readonly select: readonly string[] | null;
  readonly ignore: readonly string[];
}

async function codesOf(flags: Flags): Promise<Codes> {
  const { allRules } = await import('../rules/registry.js');
  const { nearest } = await import('../hardware/nearest.js');
  const known = allRules.map((rule) => rule.meta.code);
  const read = (name: string): string[] | null => {
    const text = textFlag(flags, name);
    if (text === null) return null;
    return text.split(',').map((part) => {
      const code = part.trim().toUpperCase();
      if (known.includes(code)) return code;
      const near = nearest(code, known, 2);
      throw new UsageError(
        `--${name} ${part.trim()}: no such rule.${near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''}`,
      );
    });
  };
  return { select: read('select'), ignore: read('ignore') ?? [] };
}

function auditFiles(
  paths: readonly string[],
  engine: Engine,
  target: Target,
  codes: Codes,
  flags: Flags,
  io: Io,
): { reports: AuditReport[]; problems: Problem[] } {
  const progress = new Progress(paths.length, io, flags['quiet'] === true);
  const reports: AuditReport[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    progress.step(path);
    try {
      readSource(path, io);
      reports.push(withPath(engine.audit(absolute(path, io), target), path, codes, io));
    } catch (error) {
      // A file that cannot be read among many is told, the others go on
      const message = error instanceof Error ? error.message : String(error);
      problems.push({ file: path, line: 0, message: message.replace(`${path}: `, '').replace(`${path} `, '') });
    }
  }
  progress.end();
  return { reports, problems: [...problems, ...reports.flatMap((report) => report.problems)] };
}

/** The report with the path as the person wrote it, and only the rules asked for. */
function withPath(report: AuditReport, path: string, codes: Codes, io: Io): AuditReport {
  const full = absolute(path, io);
  const short = (file: string): string =>
    file === full ? path : relative(io.cwd, file).startsWith('..') ? file : relative(io.cwd, file);
  const isAsked = (finding: FindingReport): boolean =>
    (codes.select?.includes(finding.rule) ?? true) && !codes.ignore.includes(finding.rule);
  return {
    ...report,
    file: path,
    before: report.before.map((one) => ({ ...one, file: short(one.file) })),
    after: report.after.map((one) => ({ ...one, file: short(one.file) })),
    findings: report.findings.filter(isAsked).map((finding) => ({
      ...finding,
      file: short(finding.file),
      related: finding.related.map((one) => ({ ...one, file: short(one.file) })),
    })),
    problems: report.problems.map((problem) => ({ ...problem, file: short(problem.file) })),
  };
}

async function render(
  format: string,
  reports: readonly AuditReport[],
  problems: readonly Problem[],
  locale: Locale,
  target: Target,
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
      void target;
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

function gate(reports: readonly AuditReport[], mode: string, failOn: Severity, budget: Budget | null, io: Io): number {
  const over = budget === null ? [] : checkBudget(budget, reports);
  for (const line of over) io.err(`ecocompute: ${line}\n`);
  const least = severities.indexOf(failOn);
  const failing = reports
    .flatMap((report) => report.findings)
    .filter((finding) => severities.indexOf(finding.severity) >= least);
  if (mode !== 'block') return exit.fine;
  if (failing.length > 0)
    io.err(`ecocompute: ${failing.length} finding${failing.length === 1 ? '' : 's'} at or over ${failOn}\n`);
  return failing.length > 0 || over.length > 0 ? exit.gateFailed : exit.fine;
}

function fixFiles(paths: readonly string[], flags: Flags, engine: Engine, target: Target, io: Io): number {
  let applied = 0;
  let changed = 0;
  for (const path of paths) {
    const before = readSource(path, io);
    const result = engine.fixAll(absolute(path, io), target, flags['fix-unsafe'] === true);
    if (result.applied === 0 || result.text === before) continue;
    applied += result.applied;
    changed += 1;
    if (flags['diff'] === true) io.out(unifiedDiff(path, before, result.text));
    else write(path, result.text, io);
  }
  const verb = flags['diff'] === true ? 'would change' : 'changed';
  if (flags['quiet'] !== true)
    io.err(`${applied} fix${applied === 1 ? '' : 'es'} ${verb} ${changed} file${changed === 1 ? '' : 's'}\n`);
  return exit.fine;
}

function write(path: string, text: string, io: Io): void {
  try {
    writeFileSync(absolute(path, io), text);
  } catch (error) {
    throw new UsageError(`${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
  }
}
