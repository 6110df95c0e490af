/** `ecocompute rules`. */
import * as z from 'zod';
import { allRules } from '../rules/registry.js';
import { helpFlag, oneOf, readFlags } from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { makeStyle, table } from './terminal.js';

export function rules(args: readonly string[], io: Io): number {
  const { flags, operands } = readFlags(args, { ...helpFlag, format: { type: 'string' } }, 'rules');
  if (operands.length > 0)
    throw new UsageError(`rules: takes no operand; "ecocompute explain ${operands[0]}" shows one rule.`);
  if (oneOf(flags, 'format', ['text', 'json'], 'text') === 'json') {
    const list = allRules.map(({ meta }) => ({
      code: meta.code,
      name: meta.name,
      family: meta.family,
      severity: meta.severity,
      fixSafety: meta.fixSafety,
      aliases: meta.aliases,
      since: meta.since,
      docs: meta.docs,
      options: z.toJSONSchema(meta.options),
      minTorch: meta.minTorch,
      saving: meta.saving,
      evidence: meta.evidence,
    }));
    io.out(`${JSON.stringify({ rules: list }, null, 2)}\n`);
    return exit.fine;
  }
  const style = makeStyle(io.colour);
  const rows = allRules.map(({ meta }) => [
    style.bold(meta.code),
    meta.name,
    meta.severity,
    meta.fixSafety === null ? '–' : meta.fixSafety,
    style.dim(meta.family),
  ]);
  io.out(`${table([['code', 'name', 'severity', 'fix', 'family'].map(style.dim), ...rows]).join('\n')}\n`);
  return exit.fine;
}
