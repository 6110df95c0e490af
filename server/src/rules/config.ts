/**
 * Which rules run on a file, and how: layers of configuration (pyproject.toml, editor settings, flags) made into one
 * plain record that the engine is given with the target.
 */
import * as z from 'zod';
import { matchesGlob } from './globs.js';
import { isInPreset, type Preset, severityIn } from './presets.js';
import { allRules } from './registry.js';
import { noSuchRule, selected } from './selectors.js';
import type { Rule, Severity } from './types.js';

/** One source of configuration. A later layer that names `preset` or `select` starts anew; the others add to what was. */
export interface ConfigLayer {
  readonly preset?: Preset | undefined;
  readonly select?: readonly string[] | undefined;
  readonly extendSelect?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly perFileIgnores?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly severity?: Readonly<Record<string, Severity>> | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Percent of an entry's energy. */
  readonly savingsThreshold?: number | undefined;
}

/** What one file is checked with. Plain data, small: it is part of the key of an analysis. */
export interface RuleConfig {
  /** Codes that do not run. */
  readonly off: readonly string[];
  /** Where it differs from the rule's own. */
  readonly severity: Readonly<Record<string, Severity>>;
  readonly options: Readonly<Record<string, unknown>>;
  /** Findings that save less than this share of the entry's energy are hints. */
  readonly savingsThreshold_percent: number;
}

export const defaultThreshold_percent = 1;

/**
 * @param path of the file, relative to the folder of the configuration, with `/`; null when it lies outside
 */
export function ruleConfigOf(layers: readonly ConfigLayer[], path: string | null): RuleConfig {
  let preset: Preset = 'recommended';
  /** Within a layer the more exact name wins; of two as exact, the one that ignores. */
  let isOn = (rule: Rule): boolean => isInPreset(rule.meta, preset);
  const severities: Record<string, Severity> = {};
  const options: Record<string, unknown> = {};
  let threshold = defaultThreshold_percent;
  for (const layer of layers) {
    if (layer.preset !== undefined || layer.select !== undefined) {
      const of: Preset = layer.preset ?? preset;
      preset = of;
      isOn = layer.select === undefined ? (rule) => isInPreset(rule.meta, of) : () => false;
    }
    const before = isOn;
    const on = weights([...(layer.select ?? []), ...(layer.extendSelect ?? [])]);
    const off = weights(layer.ignore ?? []);
    isOn = (rule) => {
      const yes = on.get(rule.meta.code) ?? -1;
      const no = off.get(rule.meta.code) ?? -1;
      return no < 0 && yes < 0 ? before(rule) : yes > no;
    };
    const given = Object.entries(layer.severity ?? {})
      .map(([name, severity]) => ({ severity, means: selected(name) }))
      .sort((a, b) => (a.means?.weight ?? 0) - (b.means?.weight ?? 0));
    for (const { means, severity } of given) for (const code of means?.codes ?? []) severities[code] = severity;
    for (const [name, value] of Object.entries(layer.options ?? {}))
      for (const code of selected(name)?.codes ?? []) options[code] = value;
    threshold = layer.savingsThreshold ?? threshold;
  }
  const here = new Set<string>();
  for (const layer of layers)
    for (const [pattern, names] of Object.entries(layer.perFileIgnores ?? {}))
      if (path !== null && matchesGlob(path, pattern))
        for (const name of names) for (const code of selected(name)?.codes ?? []) here.add(code);
  const used: Preset = preset;
  return {
    off: allRules.filter((rule) => !isOn(rule) || here.has(rule.meta.code)).map((rule) => rule.meta.code),
    severity: Object.fromEntries(
      allRules.flatMap(({ meta }) => {
        const severity = severities[meta.code] ?? severityIn(meta, used);
        return severity === meta.severity ? [] : [[meta.code, severity]];
      }),
    ),
    options,
    savingsThreshold_percent: threshold,
  };
}

/** What runs where nothing is configured. */
export const defaultRuleConfig: RuleConfig = ruleConfigOf([], null);

function weights(names: readonly string[]): Map<string, number> {
  const best = new Map<string, number>();
  for (const name of names) {
    const means = selected(name);
    for (const code of means?.codes ?? []) best.set(code, Math.max(best.get(code) ?? -1, means?.weight ?? 0));
  }
  return best;
}

/** A part of a layer that is wrong, and the layer without it. */
export interface LayerProblem {
  /** `select`, or `per-file-ignores."tests/**"`: keys from the layer down. */
  readonly path: readonly string[];
  /** The offending item of a list. */
  readonly item?: string;
  readonly message: string;
}

/** Takes out names that mean no rule and options that a rule does not take. */
export function checkLayer(layer: ConfigLayer): { layer: ConfigLayer; problems: LayerProblem[] } {
  const problems: LayerProblem[] = [];
  const names = (list: readonly string[] | undefined, path: readonly string[]): string[] | undefined =>
    list?.filter((name) => {
      if (selected(name) !== null) return true;
      problems.push({ path, item: name, message: noSuchRule(name) });
      return false;
    });
  const keys = <T>(table: Readonly<Record<string, T>> | undefined, path: string): Record<string, T> | undefined =>
    table &&
    Object.fromEntries(
      Object.entries(table).filter(([name]) => {
        if (selected(name) !== null) return true;
        problems.push({ path: [path, name], message: noSuchRule(name) });
        return false;
      }),
    );
  const options = keys(layer.options, 'options');
  for (const [name, value] of Object.entries(options ?? {}))
    problems.push(...optionProblems(name, value).map((message) => ({ path: ['options', name], message })));
  const bad = new Set(problems.filter(({ path }) => path[0] === 'options').map(({ path }) => path[1]));
  return {
    layer: {
      ...layer,
      select: names(layer.select, ['select']),
      extendSelect: names(layer.extendSelect, ['extend-select']),
      ignore: names(layer.ignore, ['ignore']),
      perFileIgnores:
        layer.perFileIgnores &&
        Object.fromEntries(
          Object.entries(layer.perFileIgnores).map(([pattern, list]) => [
            pattern,
            names(list, ['per-file-ignores', pattern]) as string[],
          ]),
        ),
      severity: keys(layer.severity, 'severity'),
      options: options && Object.fromEntries(Object.entries(options).filter(([name]) => !bad.has(name))),
    },
    problems,
  };
}

function optionProblems(name: string, value: unknown): string[] {
  return (selected(name)?.codes ?? []).flatMap((code) => {
    const schema = allRules.find((rule) => rule.meta.code === code)?.meta.options;
    if (schema === undefined) return [];
    const strict = schema instanceof z.ZodObject ? schema.strict() : schema;
    const answer = strict.safeParse(value);
    if (answer.success) return [];
    const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    const takes = known.length === 0 ? `${code} takes no options` : `${code} takes ${known.join(', ')}`;
    const wrong = answer.error.issues.map((issue) =>
      issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: expected ${issue.message}`,
    );
    return [`${wrong.join('; ')} (${takes}).`];
  });
}
