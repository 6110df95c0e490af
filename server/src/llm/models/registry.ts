/** What models there are and what they cost: the built-in table, names inferred, the user's file on top. */
import type { ModelInfo, ModelRef, ToolName } from '../types.js';
import table from './data/models.json' with { type: 'json' };
import type { UserModels } from './userFile.js';

interface Row {
  readonly provider: string;
  readonly model: string;
  readonly context: number;
  readonly output: number;
  readonly vision: boolean;
  readonly tools: readonly string[];
  readonly usd: readonly number[];
  readonly latency: readonly number[];
  readonly joules: readonly number[];
  readonly skill: number;
  readonly reasoning: boolean;
  readonly local?: boolean;
  readonly regions: readonly string[];
  readonly sources: readonly number[];
}

const sources: readonly string[] = table.sourceTable;

export const builtInModels: readonly ModelInfo[] = (table.models as readonly Row[]).map((row) => ({
  ref: `${row.provider}/${row.model}`,
  provider: row.provider,
  model: row.model,
  contextTokens: row.context,
  maxOutputTokens: row.output,
  vision: row.vision,
  structured: true,
  tools: row.tools as readonly ToolName[],
  usdPerMInput: row.usd[0],
  usdPerMOutput: row.usd[1],
  firstTokenS: row.latency[0],
  tokensPerS: row.latency[1],
  joulesPerInputToken: row.joules[0],
  joulesPerOutputToken: row.joules[1],
  skill: row.skill,
  reasoning: row.reasoning,
  local: row.local === true,
  regions: row.regions,
  source: [...new Set(row.sources)].map((i) => sources[i]).join('; '),
  inferred: false,
}));

/** Classes of models by their names, most telling first. Figures are those of the class's usual member. */
const classes: readonly { readonly pattern: RegExp; readonly like: Partial<ModelInfo> & { skill: number } }[] = [
  {
    pattern: /(^|[-_:/.])(nano|tiny|0\.5b|1b|1\.5b|2b|3b|4b)\b/,
    like: {
      skill: 0.28,
      usdPerMInput: 0.1,
      usdPerMOutput: 0.4,
      tokensPerS: 200,
      firstTokenS: 0.3,
      joulesPerInputToken: 0.02,
      joulesPerOutputToken: 0.2,
    },
  },
  {
    pattern: /lite|small|instant|haiku|\b(6|7|8|9|12|13|14)b\b|luna/,
    like: {
      skill: 0.45,
      usdPerMInput: 0.3,
      usdPerMOutput: 1.5,
      tokensPerS: 150,
      firstTokenS: 0.5,
      joulesPerInputToken: 0.05,
      joulesPerOutputToken: 0.4,
    },
  },
  {
    pattern: /mini|flash|medium|terra|\b(20|22|24|27|30|32|34)b\b/,
    like: {
      skill: 0.6,
      usdPerMInput: 0.8,
      usdPerMOutput: 4,
      tokensPerS: 120,
      firstTokenS: 0.8,
      joulesPerInputToken: 0.08,
      joulesPerOutputToken: 0.8,
    },
  },
  {
    pattern: /.*/,
    like: {
      skill: 0.75,
      usdPerMInput: 3,
      usdPerMOutput: 15,
      tokensPerS: 70,
      firstTokenS: 1.5,
      joulesPerInputToken: 0.2,
      joulesPerOutputToken: 2,
    },
  },
];

/** Provider and name tell a model's class; everything about it is then an assumption, and says so. */
export function inferModel(provider: string, model: string): ModelInfo {
  const name = model.toLowerCase();
  const { like } = classes.find(({ pattern }) => pattern.test(name))!;
  const isLocal = provider === 'compatible';
  return {
    ref: `${provider}/${model}`,
    provider,
    model,
    contextTokens: provider === 'gemini' ? 1_048_576 : isLocal ? 32_768 : 128_000,
    maxOutputTokens: 8192,
    vision: /gemini|gpt-[456]|claude|vision|llava|-vl/.test(name),
    structured: true,
    tools: provider === 'gemini' ? ['search', 'code_execution', 'carbon_calculator'] : [],
    usdPerMInput: 3,
    usdPerMOutput: 15,
    firstTokenS: 1.5,
    tokensPerS: 70,
    joulesPerInputToken: 0.2,
    joulesPerOutputToken: 2,
    reasoning: /think|reason|\br1\b|\bo\d\b|pro|opus|gpt-[56]|qwen3/.test(name),
    local: isLocal,
    regions: isLocal ? ['local'] : [],
    source: 'inferred from the name: add it to ecocompute.models.yaml for exact figures',
    inferred: true,
    ...like,
    ...(isLocal ? { usdPerMInput: 0, usdPerMOutput: 0 } : {}),
  };
}

export interface Registry {
  readonly models: readonly ModelInfo[];
  /** By `provider/model`; inferred when it is not in the table. null: not of that form, or disabled. */
  find(ref: ModelRef): ModelInfo | null;
}

export const noUserModels: UserModels = { models: [], disabled: [] };

/** A model of the editor: its name and context are all that it tells. The client sends it text alone. */
export function editorModel({
  id,
  maxInputTokens,
}: {
  readonly id: string;
  readonly maxInputTokens: number;
}): ModelInfo {
  return {
    ...inferModel('vscode', id),
    contextTokens: maxInputTokens,
    vision: false,
    tools: [],
    source: 'a model of the editor; its price is not told, that of its class is assumed',
  };
}

/** `more`: models found at run time. */
export function makeRegistry(user: UserModels = noUserModels, more: readonly ModelInfo[] = []): Registry {
  const byRef = new Map([...builtInModels, ...more].map((m) => [m.ref, m]));
  for (const own of user.models) {
    const known = byRef.get(own.ref) ?? inferModel(own.provider, own.model);
    byRef.set(own.ref, { ...known, ...own, inferred: false });
  }
  const isDisabled = (m: { ref: string; provider: string }): boolean =>
    user.disabled.some((d) => d === m.ref || d === m.provider || (d.endsWith('*') && m.ref.startsWith(d.slice(0, -1))));
  const models = [...byRef.values()].filter((m) => !isDisabled(m));
  return {
    models,
    find(ref) {
      const known = models.find((m) => m.ref === ref);
      if (known !== undefined) return known;
      const slash = ref.indexOf('/');
      if (slash <= 0 || slash === ref.length - 1) return null;
      const made = inferModel(ref.slice(0, slash), ref.slice(slash + 1));
      return isDisabled(made) ? null : made;
    },
  };
}
