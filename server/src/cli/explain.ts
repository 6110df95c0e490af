/** `ecocompute explain CODE`: a rule's page. `ecocompute explain FILE.py --figure energy`: where a figure comes from. */
import type { FigureName } from '../analysis/model.js';
import { nearest } from '../hardware/nearest.js';
import { helpFlag, listFlag, numberFlag, oneOf, readFlags, targetFlags, textFlag } from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { Projects } from './project.js';
import { absolute, openEngine, readSource } from './session.js';

const flagSpecs = {
  ...helpFlag,
  ...targetFlags,
  format: { type: 'string' },
  figure: { type: 'string' },
  entry: { type: 'string' },
  input: { type: 'string', multiple: true },
  line: { type: 'string' },
} as const;

const figures: readonly FigureName[] = ['time', 'energy', 'power', 'usd', 'gCO2e', 'memory'];

export async function explain(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, flagSpecs, 'explain');
  const format = oneOf(flags, 'format', ['text', 'json'], 'text');
  const [wanted, ...more] = operands;
  if (wanted === undefined)
    throw new UsageError(
      'explain: name a rule, e.g. "ecocompute explain ECO100", or a file and a figure, e.g. "ecocompute explain model.py --figure energy". "ecocompute rules" lists the rules.',
    );
  if (more.length > 0) throw new UsageError(`explain: one rule or file at a time; "${more[0]}" is one too many.`);
  const isFile = wanted.endsWith('.py') || flags['figure'] !== undefined;
  if (!isFile) return explainRule(wanted, format, io);
  const figure = oneOf(flags, 'figure', figures, 'energy');
  const line = numberFlag(flags, 'line', 'a line number');
  if (line !== null && (line < 1 || !Number.isInteger(line)))
    throw new UsageError(`--line ${line}: not a line number; the first line is 1.`);
  readSource(wanted, io);
  const file = absolute(wanted, io);
  const engine = await openEngine(flags, io, file);
  try {
    const problems = engine.problems(file);
    const { explanations } = engine.explain({
      file,
      entry: textFlag(flags, 'entry'),
      inputs: listFlag(flags, 'input'),
      target: new Projects(flags, io).targetOf(wanted),
      figure,
      line,
    });
    const told = explanations.map((one) => (one.file === file ? { ...one, file: wanted } : one));
    // of a line: the entries that run it
    const shown = line === null ? told : told.filter((one) => one.value !== null);
    const list = shown.length > 0 ? shown : told;
    if (format === 'json') io.out(`${JSON.stringify({ schemaVersion: 1, explanations: list, problems }, null, 2)}\n`);
    else {
      const { explanationMarkdown } = await import('../audit/explanation.js');
      io.out(list.map((one) => explanationMarkdown(one, 'en')).join('\n'));
    }
    for (const problem of problems) io.err(`ecocompute: ${problem.file}: ${problem.message}\n`);
    if (problems.some((problem) => problem.file.startsWith('--'))) return exit.usage;
    if (list.some((one) => one.value !== null)) return exit.fine;
    if (list.length === 0)
      io.err(`ecocompute: ${wanted}: no model found that could be estimated. Name one with --entry.\n`);
    return exit.nothing;
  } finally {
    engine.dispose();
  }
}

async function explainRule(wanted: string, format: 'text' | 'json', io: Io): Promise<number> {
  const { codesNamed } = await import('../rules/aliases.js');
  const { pages } = await import('../rules/pages.js');
  const { allRules } = await import('../rules/registry.js');
  const [found] = codesNamed(wanted);
  const rule = allRules.find(({ meta }) => meta.code === found);
  if (rule === undefined) {
    const near = nearest(
      wanted.toUpperCase(),
      allRules.map(({ meta }) => meta.code),
      2,
    );
    throw new UsageError(
      `explain: no rule "${wanted}".${near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''} "ecocompute rules" lists them.`,
    );
  }
  const { code } = rule.meta;
  const markdown = pages[code] ?? '';
  io.out(format === 'json' ? `${JSON.stringify({ code, markdown }, null, 2)}\n` : markdown);
  return exit.fine;
}
