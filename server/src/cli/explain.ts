/** `ecocompute explain CODE`: the rule's page, as it stands in docs/rules/. */
import { nearest } from '../hardware/nearest.js';
import { pages } from '../rules/pages.js';
import { allRules } from '../rules/registry.js';
import { helpFlag, oneOf, readFlags } from './flags.js';
import { exit, type Io, UsageError } from './io.js';

export function explain(args: readonly string[], io: Io): number {
  const { flags, operands } = readFlags(args, { ...helpFlag, format: { type: 'string' } }, 'explain');
  const format = oneOf(flags, 'format', ['text', 'json'], 'text');
  const [wanted, ...more] = operands;
  if (wanted === undefined)
    throw new UsageError('explain: name a rule, e.g. "ecocompute explain ECO100". "ecocompute rules" lists them.');
  if (more.length > 0) throw new UsageError(`explain: one rule at a time; "${more[0]}" is one too many.`);
  const rule = allRules.find(
    ({ meta }) =>
      meta.code === wanted.toUpperCase() || meta.name === wanted.toLowerCase() || meta.aliases.includes(wanted),
  );
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
