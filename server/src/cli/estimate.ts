/** `ecocompute estimate FILE.py`. */
import type { EstimateReport, Problem } from '../analysis/model.js';
import { estimateText, missingText } from './estimateText.js';
import { helpFlag, listFlag, numberFlag, oneOf, readFlags, targetFlags, targetOf, textFlag } from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { absolute, openEngine, readSource } from './session.js';
import { makeStyle } from './terminal.js';

const flagSpecs = {
  ...helpFlag,
  ...targetFlags,
  entry: { type: 'string' },
  input: { type: 'string', multiple: true },
  format: { type: 'string' },
  depth: { type: 'string' },
} as const;

export async function estimate(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, flagSpecs, 'estimate');
  const format = oneOf(flags, 'format', ['text', 'json'], 'text');
  const depth = numberFlag(flags, 'depth', 'a number of levels') ?? 3;
  const target = targetOf(flags);
  const [path, ...more] = operands;
  if (path === undefined) throw new UsageError('estimate: name a Python file, e.g. "ecocompute estimate model.py".');
  if (more.length > 0)
    throw new UsageError(`estimate: one file at a time; "${more[0]}" is one too many. Inputs are given with --input.`);
  readSource(path, io);

  const engine = await openEngine(flags, io, absolute(path, io));
  const request = {
    file: absolute(path, io),
    entry: textFlag(flags, 'entry'),
    inputs: listFlag(flags, 'input'),
    target,
  };
  const answer = engine.estimate(request);
  engine.dispose();
  const estimates = answer.estimates.map((one) => ({ ...one, file: path }));
  const isNothing = estimates.every((one) => one.missing !== null || !hasFigure(one));
  if (format === 'json')
    io.out(
      `${JSON.stringify({ schemaVersion: 1, estimates: estimates.map(publicFields), problems: answer.problems }, null, 2)}\n`,
    );
  else {
    const options = { style: makeStyle(io.colour), width: io.width, depth, region: target.region };
    for (const one of estimates.filter((each) => each.missing === null)) io.out(estimateText(one, options));
    io.out(
      missingText(
        estimates.filter((each) => each.missing !== null),
        options,
      ),
    );
  }
  for (const problem of answer.problems) io.err(`ecocompute: ${problemText(problem, path, io)}\n`);
  const isUsage = answer.problems.some((problem) => problem.file === '--input' || problem.file === '--entry');
  if (isUsage) return exit.usage;
  if (!isNothing) return exit.fine;
  if (answer.problems.length === 0) io.err(`ecocompute: ${path}: ${whyNothing(estimates)}\n`);
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

function whyNothing(estimates: readonly EstimateReport[]): string {
  const missing = estimates.filter((one) => one.missing !== null).map((one) => `${one.entry} ${one.missing}`);
  return missing.length > 0
    ? `nothing could be estimated: ${missing.join('; ')}. Name a call with --entry.`
    : 'no model found that could be estimated. Name one with --entry.';
}
