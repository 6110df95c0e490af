/**
 * Every setting of the extension: type, default and check in one zod schema. The manifest
 * repeats the defaults because VS Code needs them as data; a test holds the two together.
 * Keys are those of `ecocompute.<key>`.
 */
import * as z from 'zod';

export { SETTINGS_SECTION } from './sections.js';

/** NVIDIA's H100 SXM, the accelerator that figures are for until the user picks another. */
export const DEFAULT_HARDWARE = 'h100-sxm';

const fields = {
  /** Off: no diagnostics, hovers or lenses for the resource. */
  enable: z.boolean().default(true),
  /** An id of the accelerator table. */
  hardware: z.string().trim().min(1).default(DEFAULT_HARDWARE),
  /** A country (ISO 3166 alpha-3) or cloud region whose grid carbon counts; empty: the world's average. */
  region: z.string().trim().default(''),
  /** Casts parameters and float inputs; `auto` takes what the code says. */
  dtype: z.enum(['auto', 'float32', 'bfloat16', 'float16', 'float64']).default('auto'),
  /** `auto`: training where a training step is seen in the code, else inference. */
  phase: z.enum(['auto', 'inference', 'training']).default('auto'),
  /** Batch size for guessed inputs; null: 1. */
  batch: z.number().int().min(1).max(1_000_000).nullable().default(null),
  /** Price the code as `torch.compile` would run it. */
  compiled: z.boolean().default(false),
  /** PyTorch to follow, `2.13`; empty: the selected environment's, else the newest known. */
  torchVersion: z
    .string()
    .regex(/^(\d+\.\d+(\.\d+)?)?$/)
    .default(''),
  /** When diagnostics are worked out. */
  run: z.enum(['onType', 'onSave']).default('onType'),
  /** Work out the saving of every finding on idle time. */
  savings: z.boolean().default(true),
  /** Show params, FLOPs and energy above models. */
  codeLens: z.boolean().default(true),
  /** Show what inputs an estimate assumes, and let them be changed. */
  assumptionLens: z.boolean().default(true),
  /** Show figures in hovers. */
  hover: z.boolean().default(true),
  /** Python interpreter whose packages are read (its files, it is never run); empty: found by itself. */
  pythonPath: z.string().trim().default(''),
  /** More folders in which absolute imports are looked up. */
  extraPaths: z.array(z.string()).default([]),
  /** The rest is on top of the project's pyproject.toml; null and empty: what that says. */
  'rules.preset': z.enum(['recommended', 'all', 'strict']).nullable().default(null),
  'rules.select': z.array(z.string()).nullable().default(null),
  'rules.extendSelect': z.array(z.string()).default([]),
  'rules.ignore': z.array(z.string()).default([]),
  'rules.severity': z.record(z.string(), z.enum(['error', 'warning', 'information', 'hint'])).default({}),
  'rules.options': z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** Percent: findings that save less are hints. */
  savingsThreshold: z.number().min(0).max(100).nullable().default(null),
  /** A file of `ecocompute audit --write-baseline`, whose findings are not shown. */
  baseline: z.string().trim().default(''),
};

export const settingsSchema = z.object(fields);
export type Settings = z.infer<typeof settingsSchema>;
export type SettingKey = keyof Settings;
export const settingKeys = Object.keys(fields) as SettingKey[];
export const defaultSettings: Settings = settingsSchema.parse({});

/** A setting that was refused and replaced by its default. */
export interface SettingProblem {
  readonly key: SettingKey;
  /** The refused value as JSON. */
  readonly value: string;
  readonly expected: string;
}

/** Clients send `rules.select` as `{ rules: { select } }`. */
function within(source: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (table, key) => (typeof table === 'object' && table !== null ? (table as Record<string, unknown>)[key] : undefined),
    source,
  );
}

/**
 * Settings from whatever a client sends. A value that does not fit is replaced by its
 * default and reported; nothing throws. Unknown keys are left out.
 */
export function readSettings(raw: unknown): { settings: Settings; problems: SettingProblem[] } {
  const source: Record<string, unknown> =
    typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
  const problems: SettingProblem[] = [];
  const settings: Record<string, unknown> = {};
  for (const key of settingKeys) {
    const given = source[key] ?? within(source, key.split('.'));
    const value = given === undefined ? defaultSettings[key] : given;
    const parsed = fields[key].safeParse(value);
    if (parsed.success) {
      settings[key] = parsed.data;
    } else {
      settings[key] = defaultSettings[key];
      problems.push({ key, value: JSON.stringify(value), expected: parsed.error.issues[0]?.message ?? '' });
    }
  }
  return { settings: settings as Settings, problems };
}
