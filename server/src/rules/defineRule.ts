/** Declares a rule. The page's address is derived here, so no rule can miss its link. */
import * as z from 'zod';
import type { Rule, RuleMeta } from './types.js';

export const docsRoot = 'https://github.com/ecocompute/ecocompute-energy-lint/blob/main/docs/rules/';

type Declared<MessageId extends string> = Omit<RuleMeta<MessageId>, 'docs' | 'options' | 'aliases' | 'recommended'> & {
  readonly aliases?: readonly string[];
  readonly recommended?: boolean;
};

/** File name of a rule's page and, with `.ts`, of the rule: `eco100-materialised-attention`. */
export function slugOf(meta: { readonly code: string; readonly name: string }): string {
  return `${meta.code.toLowerCase()}-${meta.name}`;
}

export function defineRule<
  const MessageId extends string,
  Schema extends z.ZodType = z.ZodObject<Record<never, never>>,
>(
  declared: Declared<MessageId> & {
    readonly options?: Schema;
    readonly gate: readonly string[];
    readonly check: Rule<MessageId, z.infer<Schema>>['check'];
  },
): Rule {
  const { gate, check, options, ...meta } = declared;
  const full: RuleMeta<MessageId> = {
    ...meta,
    aliases: meta.aliases ?? [],
    recommended: meta.recommended ?? true,
    options: options ?? z.object({}),
    docs: `${docsRoot}${slugOf(meta)}.md`,
  };
  // The registry holds rules of any option type; `checkModule` hands each rule what its own schema parsed
  return { meta: full, gate, check } as unknown as Rule;
}
