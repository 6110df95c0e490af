/** `ecocompute rules`. */
import * as z from 'zod';
import { assumptionsOf, formulaOf } from '../rules/pages.js';
import { isInPreset, presets, severityIn } from '../rules/presets.js';
import { allRules } from '../rules/registry.js';
import { helpFlag, oneOf, readFlags } from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { makeStyle, table } from './terminal.js';

export function rules(args: readonly string[], io: Io): number {
  const { flags, operands } = readFlags(
    args,
    { ...helpFlag, format: { type: 'string' }, preset: { type: 'string' } },
    'rules',
  );
  if (operands.length > 0)
    throw new UsageError(`rules: takes no operand; "ecocompute explain ${operands[0]}" shows one rule.`);
  const preset = oneOf(flags, 'preset', presets, 'all');
  const shown = allRules.filter((rule) => isInPreset(rule.meta, preset));
  if (oneOf(flags, 'format', ['text', 'json'], 'text') === 'json') {
    const list = shown.map(({ meta }) => ({
      code: meta.code,
      name: meta.name,
      family: meta.family,
      severity: severityIn(meta, preset),
      fixSafety: meta.fixSafety,
      aliases: meta.aliases,
      since: meta.since,
      docs: meta.docs,
      options: z.toJSONSchema(meta.options),
      minTorch: meta.minTorch,
      presets: presets.filter((one) => isInPreset(meta, one)),
      saving: meta.saving,
      formula: formulaOf(meta.code),
      assumptions: assumptionsOf(meta.code),
      evidence: meta.evidence,
    }));
    io.out(`${JSON.stringify({ rules: list }, null, 2)}\n`);
    return exit.fine;
  }
  const style = makeStyle(io.colour);
  const rows = shown.map(({ meta }) => [
    style.bold(meta.code),
    meta.name,
    severityIn(meta, preset),
    meta.fixSafety === null ? '–' : meta.fixSafety,
    style.dim(meta.family),
  ]);
  io.out(`${table([['code', 'name', 'severity', 'fix', 'family'].map(style.dim), ...rows]).join('\n')}\n`);
  return exit.fine;
}
