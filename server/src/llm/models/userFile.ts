/**
 * `ecocompute.models.yaml`: models the user adds, overrides or disables.
 *
 *   models:
 *     - model: openai/gpt-5.4-mini        # provider/name; what is left out keeps its figure
 *       usd_per_million: [0.75, 4.5]      # input, output
 *   disable: [deepseek, groq/llama-3.1-8b-instant, openai/gpt-4*]
 */
import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import type { ModelInfo } from '../types.js';

export interface UserModels {
  readonly models: readonly (Partial<ModelInfo> & Pick<ModelInfo, 'ref' | 'provider' | 'model'>)[];
  readonly disabled: readonly string[];
}

const pair = z.tuple([z.number().min(0), z.number().min(0)]);
const row = z.strictObject({
  model: z.string().regex(/^[\w.-]+\/\S+$/, 'is not of the form provider/name'),
  context: z.int().min(256).optional(),
  output: z.int().min(16).optional(),
  vision: z.boolean().optional(),
  structured: z.boolean().optional(),
  tools: z.array(z.enum(['search', 'code_execution', 'carbon_calculator'])).optional(),
  usd_per_million: pair.optional(),
  latency: z.strictObject({ first_token_s: z.number().min(0), tokens_per_s: z.number().positive() }).optional(),
  joules_per_token: pair.optional(),
  skill: z.number().min(0).max(1).optional(),
  reasoning: z.boolean().optional(),
  local: z.boolean().optional(),
  regions: z.array(z.string()).optional(),
  source: z.string().optional(),
});
/** Schema of the file, for editors that complete YAML by JSON schema. */
export const modelsFileSchema = z.strictObject({
  models: z.array(row).default([]),
  disable: z.array(z.string().min(1)).default([]),
});

export type ModelsFile =
  | { readonly ok: true; readonly value: UserModels }
  | { readonly ok: false; readonly problems: readonly { readonly line: number; readonly message: string }[] };

/** Reads the file's text. Every problem names its line (1-based) and what would be right. */
export function parseModelsFile(text: string): ModelsFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map((e) => ({ line: lines.linePos(e.pos[0]).line, message: `not YAML: ${e.message}` })),
    };
  }
  const parsed = modelsFileSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => {
        const node = document.getIn(issue.path as (string | number)[], true) as
          | { range?: readonly number[] }
          | undefined;
        const parent = document.getIn(issue.path.slice(0, -1) as (string | number)[], true) as
          | { range?: readonly number[] }
          | undefined;
        const at = node?.range?.[0] ?? parent?.range?.[0] ?? 0;
        return { line: lines.linePos(at).line, message: `${issue.path.join('.') || 'the file'}: ${issue.message}` };
      }),
    };
  }
  const { models, disable } = parsed.data;
  return {
    ok: true,
    value: {
      disabled: disable,
      models: models.map((m) => {
        const slash = m.model.indexOf('/');
        return {
          ref: m.model,
          provider: m.model.slice(0, slash),
          model: m.model.slice(slash + 1),
          ...(m.context === undefined ? {} : { contextTokens: m.context }),
          ...(m.output === undefined ? {} : { maxOutputTokens: m.output }),
          ...(m.vision === undefined ? {} : { vision: m.vision }),
          ...(m.structured === undefined ? {} : { structured: m.structured }),
          ...(m.tools === undefined ? {} : { tools: m.tools }),
          ...(m.usd_per_million === undefined
            ? {}
            : { usdPerMInput: m.usd_per_million[0], usdPerMOutput: m.usd_per_million[1] }),
          ...(m.latency === undefined
            ? {}
            : { firstTokenS: m.latency.first_token_s, tokensPerS: m.latency.tokens_per_s }),
          ...(m.joules_per_token === undefined
            ? {}
            : { joulesPerInputToken: m.joules_per_token[0], joulesPerOutputToken: m.joules_per_token[1] }),
          ...(m.skill === undefined ? {} : { skill: m.skill }),
          ...(m.reasoning === undefined ? {} : { reasoning: m.reasoning }),
          ...(m.local === undefined ? {} : { local: m.local }),
          ...(m.regions === undefined ? {} : { regions: m.regions }),
          source: m.source ?? 'ecocompute.models.yaml',
        };
      }),
    },
  };
}
