/** What a rule's page says of its options: made from their schema, so that it cannot be out of date. */
import * as z from 'zod';
import type { RuleMeta } from './types.js';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, { type?: string; default?: unknown; description?: string }>>;
}

/** Markdown with its heading; null for rules that take none. */
export function optionsSection(meta: RuleMeta): string | null {
  const { properties } = z.toJSONSchema(meta.options, { io: 'input' }) as JsonSchema;
  const rows = Object.entries(properties ?? {});
  const [first] = rows;
  if (first === undefined) return null;
  return [
    '## Options',
    '',
    'In pyproject.toml, or in the setting `ecocompute.rules.options`:',
    '',
    '```toml',
    `[tool.ecocompute.options.${meta.code}]`,
    ...rows.map(([name, { default: value }]) => `${name} = ${JSON.stringify(value)}`),
    '```',
    '',
    '| option | type | default | |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ([name, { type, default: value, description }]) =>
        `| \`${name}\` | ${type ?? ''} | ${JSON.stringify(value)} | ${description ?? ''} |`,
    ),
  ].join('\n');
}
