/** `ecocompute audit PATH…`. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { setImmediate as nextTask } from 'node:timers/promises';
import type { Engine } from '../analysis/engine.js';
import type { AuditReport, Problem, Severity } from '../analysis/model.js';
import { localeOf } from '../audit/messages.js';
import type { FileBaseline } from '../rules/baseline.js';
import { render } from './auditRender.js';
import { isFile, type KnownFindings, knownAt, readBaseline, renderReports, withoutKnown } from './baseline.js';
import { type Budget, checkBudget, readBudget } from './budget.js';
import { unifiedDiff } from './diff.js';
import { type Flags, helpFlag, oneOf, readFlags, targetFlags, textFlag } from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { EnginePool, jobsOf } from './jobs.js';
import { Progress } from './progress.js';
import { Projects, ruleFlags } from './project.js';
import { pythonFiles } from './pythonFiles.js';
import { absolute, environmentOf, openEngine, readSource } from './session.js';

const flagSpecs = {
  ...helpFlag,
  ...targetFlags,
  ...ruleFlags,
  format: { type: 'string' },
  output: { type: 'string' },
  mode: { type: 'string' },
  'fail-on': { type: 'string' },
  'budget-usd': { type: 'string' },
  'budget-kwh': { type: 'string' },
  'budget-kgco2': { type: 'string' },
  'runs-per-month': { type: 'string' },
  baseline: { type: 'string' },
  'write-baseline': { type: 'string' },
  jobs: { type: 'string' },
  fix: { type: 'boolean' },
  'fix-unsafe': { type: 'boolean' },
  diff: { type: 'boolean' },
  language: { type: 'string' },
  quiet: { type: 'boolean' },
} as const;

const severities: readonly Severity[] = ['hint', 'information', 'warning', 'error'];

/** What every step of one audit needs. */
interface Run {
  readonly paths: readonly string[];
  readonly flags: Flags;
  readonly projects: Projects;
  readonly engine: Engine;
  readonly pool: EnginePool | null;
  readonly io: Io;
}

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
  const projects = new Projects(flags, io);
  const jobs = jobsOf(flags);
  const isFixing = flags['fix'] === true || flags['fix-unsafe'] === true || flags['diff'] === true;
  const newBaseline = textFlag(flags, 'write-baseline');
  if (newBaseline !== null && isFixing)
    throw new UsageError('--write-baseline: fix first, then write the baseline of what is left.');
  if (operands.length === 0) throw new UsageError('audit: name files or folders, e.g. "ecocompute audit src".');

  const files = operands.flatMap((path) => pythonFiles(path, io));
  const paths = files.map((file) => file.path);
  for (const file of files) {
    if (file.named) readSource(file.path, io);
    projects.configOf(file.path);
  }
  const first = absolute(paths[0] ?? operands[0] ?? '.', io);
  const workers = Math.min(jobs, paths.length);
  const pool = workers > 1 ? new EnginePool(workers, environmentOf(flags, io, first), io) : null;
  const engine = await openEngine(flags, io, first);
  const run: Run = { paths, flags, projects, engine, pool, io };
  try {
    if (isFixing) return await fixFiles(run);
    const known = newBaseline === null ? knownFindings(run) : () => undefined;
    const { reports, problems } = await auditFiles(run, known);
    if (newBaseline !== null) return writeBaseline(newBaseline, reports, problems, run);
    const rendered = await render(format, reports, problems, locale, flags, io);
    const output = textFlag(flags, 'output');
    if (output === null) io.out(rendered);
    else write(output, rendered, io);
    if (format === 'text' && output === null) tell(problems, io);
    return gate(reports, mode, failOn, budget, io);
  } finally {
    pool?.dispose();
    engine.dispose();
  }
}

function tell(problems: readonly Problem[], io: Io): void {
  for (const { file, line, message } of problems)
    io.err(`ecocompute: ${file}${line > 0 ? `:${line}` : ''}: ${message}\n`);
}

/** The flag's baseline for all files, else each file's own from its pyproject.toml. */
function knownFindings({ paths, flags, projects, engine, io }: Run): KnownFindings {
  const flag = textFlag(flags, 'baseline');
  if (flag !== null) {
    return isFile(flag, io)
      ? readBaseline(flag, flag, io)
      : knownAt(flag, paths, (path) => projects.targetOf(path), engine, io);
  }
  const read = new Map<string, KnownFindings>();
  return (path): FileBaseline | undefined => {
    const file = projects.baselineOf(path);
    if (file === null) return undefined;
    let known = read.get(file);
    if (known === undefined) {
      known = readBaseline(file, file, io);
      read.set(file, known);
    }
    return known(path);
  };
}

function writeBaseline(
  file: string,
  reports: readonly AuditReport[],
  problems: readonly Problem[],
  { flags, io }: Run,
): number {
  write(file, renderReports(reports, file, io), io);
  tell(problems, io);
  const count = reports.reduce((sum, report) => sum + report.findings.length, 0);
  if (flags['quiet'] !== true) io.err(`${count} finding${count === 1 ? '' : 's'} written to ${file}\n`);
  return exit.fine;
}

async function auditFiles(
  { paths, flags, projects, engine, pool, io }: Run,
  known: KnownFindings,
): Promise<{ reports: AuditReport[]; problems: Problem[] }> {
  const progress = new Progress(paths.length, io, flags['quiet'] === true);
  const reports: AuditReport[] = [];
  const problems: Problem[] = [];
  const readable = paths.filter((path) => {
    try {
      readSource(path, io);
      return true;
    } catch (error) {
      // A file that cannot be read among many is told, the others go on
      const message = error instanceof Error ? error.message : String(error);
      problems.push({ file: path, line: 0, message: message.replace(`${path}: `, '').replace(`${path} `, '') });
      return false;
    }
  });
  const add = (path: string, answer: AuditReport | Error): void => {
    if (answer instanceof Error) problems.push({ file: path, line: 0, message: answer.message });
    else reports.push(withoutKnown(withPath(answer, path, io), known(path), io));
  };
  if (pool === null) {
    for (const path of readable) {
      progress.step(path);
      add(path, engine.audit(absolute(path, io), projects.targetOf(path)));
      // what weak references named during a task is held until it ends
      await nextTask();
    }
  } else {
    const answers = await pool.map(
      readable,
      'audit',
      (path) => [absolute(path, io), projects.targetOf(path)],
      (path) => progress.step(path),
    );
    readable.forEach((path, at) => void add(path, answers[at] as AuditReport | Error));
  }
  progress.end();
  return { reports, problems: [...problems, ...reports.flatMap((report) => report.problems)] };
}

/** The report with the path as the person wrote it. */
function withPath(report: AuditReport, path: string, io: Io): AuditReport {
  const full = absolute(path, io);
  const short = (file: string): string =>
    file === full ? path : relative(io.cwd, file).startsWith('..') ? file : relative(io.cwd, file);
  return {
    ...report,
    file: path,
    before: report.before.map((one) => ({ ...one, file: short(one.file) })),
    after: report.after.map((one) => ({ ...one, file: short(one.file) })),
    findings: report.findings.map((finding) => ({
      ...finding,
      file: short(finding.file),
      related: finding.related.map((one) => ({ ...one, file: short(one.file) })),
    })),
    problems: report.problems.map((problem) => ({ ...problem, file: short(problem.file) })),
  };
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

async function fixFiles({ paths, flags, projects, engine, pool, io }: Run): Promise<number> {
  const unsafe = flags['fix-unsafe'] === true;
  const progress = new Progress(paths.length, io, flags['quiet'] === true);
  const answers =
    pool === null
      ? paths.map((path) => {
          progress.step(path);
          return engine.fixAll(absolute(path, io), projects.targetOf(path), unsafe);
        })
      : await pool.map(
          paths,
          'fixAll',
          (path) => [absolute(path, io), projects.targetOf(path), unsafe],
          (path) => progress.step(path),
        );
  progress.end();
  let applied = 0;
  let changed = 0;
  paths.forEach((path, at) => {
    const before = readSource(path, io);
    const result = answers[at] as { text: string; applied: number } | Error;
    if (result instanceof Error) {
      io.err(`ecocompute: ${path}: ${result.message}\n`);
      return;
    }
    if (result.applied === 0 || result.text === before) return;
    applied += result.applied;
    changed += 1;
    if (flags['diff'] === true) io.out(unifiedDiff(path, before, result.text));
    else write(path, result.text, io);
  });
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
