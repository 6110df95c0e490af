/** `ecocompute estimate FILE.py`: one model on one target, over several, served, or as a whole run. */
import { writeFileSync } from 'node:fs';
import type { EstimateReport, Problem } from '../analysis/model.js';
import { axesOf, renderComparisons } from './compare.js';
import { estimateText, missingText } from './estimateText.js';
import {
  type Flags,
  helpFlag,
  listFlag,
  numberFlag,
  oneOf,
  readFlags,
  targetFlags,
  targetOf,
  textFlag,
} from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { Projects } from './project.js';
import { absolute, openEngine, readSource } from './session.js';
import { makeStyle } from './terminal.js';
import { publicWorkload, workloadOf, workloadText } from './workload.js';

const flagSpecs = {
  ...helpFlag,
  ...targetFlags,
  entry: { type: 'string' },
  input: { type: 'string', multiple: true },
  format: { type: 'string' },
  depth: { type: 'string' },
  output: { type: 'string' },
  'runs-per-month': { type: 'string' },
  steps: { type: 'string' },
  epochs: { type: 'string' },
  gpus: { type: 'string' },
  parallel: { type: 'string' },
  serve: { type: 'string' },
} as const;

export async function estimate(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, flagSpecs, 'estimate');
  const format = oneOf(flags, 'format', ['text', 'json', 'markdown', 'html'], 'text');
  const depth = numberFlag(flags, 'depth', 'a number of levels') ?? 3;
  const axes = axesOf(flags);
  // flags that do not fit are told before anything about the file
  if (axes === null) targetOf(flags);
  const [path, ...more] = operands;
  if (path === undefined) throw new UsageError('estimate: name a Python file, e.g. "ecocompute estimate model.py".');
  if (more.length > 0)
    throw new UsageError(`estimate: one file at a time; "${more[0]}" is one too many. Inputs are given with --input.`);
  readSource(path, io);
  const target = axes?.target ?? new Projects(flags, io).targetOf(path);

  const file = absolute(path, io);
  const request = { file, entry: textFlag(flags, 'entry'), inputs: listFlag(flags, 'input'), target };
  if (axes !== null && (flags['serve'] !== undefined || flags['gpus'] !== undefined))
    throw new UsageError('--serve and --gpus price one target: name one --hardware, --dtype and --batch.');
  const asked = axes === null ? workloadOf(flags) : null;
  const engine = await openEngine(flags, io, file);
  try {
    const problems = engine.problems(file);
    if (asked === null || format === 'markdown' || format === 'html') {
      const answer = engine.compare({
        ...request,
        hardware: axes?.hardware ?? [target.hardware],
        dtypes: axes?.dtypes ?? [target.dtype],
        batches: axes?.batches ?? [target.batch],
      });
      problems.push(...answer.problems);
      const comparisons = answer.comparisons.map((one) => ({ ...one, file: shown(one.file, path, io) }));
      const json = { schemaVersion: 1, estimates: [], comparisons, problems };
      write(
        format === 'json' ? `${JSON.stringify(json, null, 2)}\n` : renderComparisons(comparisons, format, io),
        flags,
        io,
      );
      return finish(
        comparisons.every((one) => one.rows.every((row) => row.time_s === null)),
        problems,
        path,
        io,
        () => comparisons.map((one) => `${one.entry} ${one.missing ?? 'has parts that are not understood'}`),
      );
    }
    const { estimates: reports, workloads } = engine.workload({ ...request, ...asked });
    const estimates = reports.map((one) => ({ ...one, file: shown(one.file, path, io) }));
    const isNothing = estimates.every((one) => one.missing !== null || !hasFigure(one));
    if (format === 'json') {
      const json = {
        schemaVersion: 1,
        estimates: estimates.map((one, i) => ({ ...publicFields(one), ...publicWorkload(workloads[i]) })),
        problems,
      };
      write(`${JSON.stringify(json, null, 2)}\n`, flags, io);
    } else {
      const options = { style: makeStyle(io.colour), width: io.width, depth, region: target.region };
      const texts = estimates.flatMap((one, i) =>
        one.missing === null ? [estimateText(one, options), workloadText(workloads[i], options)] : [],
      );
      const missing = missingText(
        estimates.filter((each) => each.missing !== null),
        options,
      );
      write(`${texts.join('')}${missing}`, flags, io);
    }
    return finish(isNothing, problems, path, io, () =>
      estimates.filter((one) => one.missing !== null).map((one) => `${one.entry} ${one.missing}`),
    );
  } finally {
    engine.dispose();
  }
}

function shown(file: string, path: string, io: Io): string {
  return file === absolute(path, io) ? path : file;
}

function write(text: string, flags: Flags, io: Io): void {
  const output = textFlag(flags, 'output');
  if (output === null) {
    io.out(text);
    return;
  }
  try {
    writeFileSync(absolute(output, io), text);
  } catch (error) {
    throw new UsageError(
      `--output ${output}: cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
    );
  }
}

/** Problems to standard error, and the exit code. */
function finish(
  isNothing: boolean,
  problems: readonly Problem[],
  path: string,
  io: Io,
  missing: () => string[],
): number {
  for (const problem of problems) io.err(`ecocompute: ${problemText(problem, path, io)}\n`);
  if (problems.some((problem) => problem.file.startsWith('--'))) return exit.usage;
  if (!isNothing) return exit.fine;
  if (problems.length === 0) io.err(`ecocompute: ${path}: ${whyNothing(missing())}\n`);
  return exit.nothing;
}

function hasFigure(one: EstimateReport): boolean {
  return one.flops.forward !== null || one.energy_J !== null || one.params !== null || one.coverage.ops > 0;
}

/** Without what only editors need. */
function publicFields(one: EstimateReport): object {
  const { range: _range, ...rest } = one;
  return rest;
}

function problemText(problem: Problem, path: string, io: Io): string {
  const file = problem.file === absolute(path, io) ? path : problem.file;
  return `${file}${problem.line > 0 ? `:${problem.line}` : ''}: ${problem.message}`;
}

function whyNothing(missing: readonly string[]): string {
  return missing.length > 0
    ? `nothing could be estimated: ${missing.join('; ')}. Name a call with --entry.`
    : 'no model found that could be estimated. Name one with --entry.';
}
