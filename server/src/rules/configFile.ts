/** `[tool.ecocompute]` of the nearest pyproject.toml: read, checked, with the line of whatever is wrong. */
import { parse, TomlError } from 'smol-toml';
import * as z from 'zod';
import { findAccelerator } from '../hardware/accelerators.js';
import { findRegion } from '../hardware/carbon.js';
import { nearest } from '../hardware/nearest.js';
import { type FilePort, folderOf, joinPath } from '../trace/files.js';
import { type ConfigLayer, checkLayer, type LayerProblem } from './config.js';
import { presets } from './presets.js';

export interface ConfigProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** What the file says about where code runs; absent: nothing. */
export interface TargetDefaults {
  readonly hardware?: string | undefined;
  readonly region?: string | undefined;
  readonly dtype?: string | undefined;
  readonly batch?: number | undefined;
}

export interface ProjectConfig {
  readonly file: string;
  /** Patterns and paths are relative to it. */
  readonly folder: string;
  readonly layer: ConfigLayer;
  readonly target: TargetDefaults;
  /** Path as written. */
  readonly baseline: string | null;
  readonly problems: readonly ConfigProblem[];
}

const severities = ['error', 'warning', 'information', 'hint'] as const;
const dtypes = ['float64', 'float32', 'bfloat16', 'float16', 'float8_e4m3fn', 'float8_e5m2', 'int8'] as const;
const names = z.array(z.string('a list of rules such as ["ECO100", "ECO2"]'), {
  error: 'a list of rules such as ["ECO100", "ECO2"]',
});
const text = (example: string) => z.string(`a text such as "${example}"`);

/** Every key of the table with its type; the messages say what is expected. */
const fields = {
  preset: z.enum(presets, `one of ${presets.join(', ')}`),
  select: names,
  'extend-select': names,
  ignore: names,
  'per-file-ignores': z.record(z.string(), names, 'a table such as {"tests/**" = ["ALL"]}'),
  severity: z.record(
    z.string(),
    z.enum(severities, `one of ${severities.join(', ')}`),
    'a table such as {ECO100 = "error"}',
  ),
  options: z.record(
    z.string(),
    z.record(z.string(), z.unknown(), 'a table of options'),
    'a table with a rule’s options: [tool.ecocompute.options.ECO100]',
  ),
  'savings-threshold': z.number('a number of percent').min(0, 'a number from 0').max(100, 'a number up to 100'),
  baseline: text('ecocompute-baseline.json').min(1),
  hardware: text('h100-sxm'),
  region: text('FRA'),
  dtype: z.enum(dtypes, `one of ${dtypes.join(', ')}`),
  batch: z.int('a whole number').min(1, 'a whole number from 1').max(1_000_000, 'a whole number up to 1,000,000'),
};

/** The text's configuration; null when it has no `[tool.ecocompute]`. What is wrong is left out and told. */
export function parseProjectConfig(toml: string, file: string): ProjectConfig | null {
  // most projects say nothing about us: their file need not even be valid
  if (!toml.includes('ecocompute')) return null;
  const empty = { file, folder: folderOf(file), layer: {}, target: {}, baseline: null };
  let table: unknown;
  try {
    table = (parse(toml) as { tool?: { ecocompute?: unknown } }).tool?.ecocompute;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const what = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
    return { ...empty, problems: [{ file, line: error.line, message: `not valid TOML: ${what}` }] };
  }
  if (table === undefined) return null;
  if (typeof table !== 'object' || table === null || Array.isArray(table)) {
    const line = lineOf(toml, []);
    return { ...empty, problems: [{ file, line, message: 'tool.ecocompute: expected a table, [tool.ecocompute].' }] };
  }
  const problems: LayerProblem[] = [];
  const read = readFields(table as Record<string, unknown>, problems);
  const hardware = read['hardware'] as string | undefined;
  const region = read['region'] as string | undefined;
  const knownHardware = look('hardware', hardware, findAccelerator, problems);
  const knownRegion = look('region', region, findRegion, problems);
  const { layer, problems: wrong } = checkLayer({
    preset: read['preset'] as ConfigLayer['preset'],
    select: read['select'] as ConfigLayer['select'],
    extendSelect: read['extend-select'] as ConfigLayer['extendSelect'],
    ignore: read['ignore'] as ConfigLayer['ignore'],
    perFileIgnores: read['per-file-ignores'] as ConfigLayer['perFileIgnores'],
    severity: read['severity'] as ConfigLayer['severity'],
    options: read['options'] as ConfigLayer['options'],
    savingsThreshold: read['savings-threshold'] as number | undefined,
  });
  return {
    ...empty,
    layer,
    target: {
      hardware: knownHardware,
      region: knownRegion,
      dtype: read['dtype'] as string | undefined,
      batch: read['batch'] as number | undefined,
    },
    baseline: (read['baseline'] as string | undefined) ?? null,
    problems: [...problems, ...wrong]
      .map(({ path, item, message }) => ({
        file,
        line: lineOf(toml, path, item),
        message: `tool.ecocompute.${path.join('.')}: ${message}`,
      }))
      .sort((a, b) => a.line - b.line),
  };
}

function look(
  key: string,
  value: string | undefined,
  find: (name: string) => { ok: true; value: { id: string } } | { ok: false; message: string },
  problems: LayerProblem[],
): string | undefined {
  if (value === undefined) return undefined;
  const answer = find(value);
  if (answer.ok) return answer.value.id;
  problems.push({ path: [key], message: answer.message });
  return undefined;
}

function readFields(table: Record<string, unknown>, problems: LayerProblem[]): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    if (!Object.hasOwn(fields, key)) {
      const near = nearest(key, Object.keys(fields), 1)[0];
      const remedy = near === undefined ? `The keys are ${Object.keys(fields).join(', ')}.` : `Did you mean ${near}?`;
      problems.push({ path: [key], message: `no such key. ${remedy}` });
      continue;
    }
    const answer = fields[key as keyof typeof fields].safeParse(value);
    if (answer.success) read[key] = answer.data;
    else {
      const issue = answer.error.issues[0];
      const inner = (issue?.path ?? []).filter((part) => typeof part === 'string');
      problems.push({ path: [key, ...inner], message: `expected ${issue?.message ?? 'something else'}.` });
    }
  }
  return read;
}

/**
 * Line of a key of the table (1-based): the deepest part of the path that stands in the text, or of the item in its
 * list. A search of lines: the parser keeps no positions.
 */
function lineOf(toml: string, path: readonly string[], item?: string): number {
  const lines = toml.split('\n');
  let header = '';
  let best = { depth: -1, line: 1 };
  lines.forEach((line, at) => {
    const table = /^\s*\[\s*([^[\]]+?)\s*\]\s*(?:#.*)?$/.exec(line)?.[1];
    if (table !== undefined) header = plain(table);
    const key = /^\s*((?:"[^"]*"|'[^']*'|[\w.-])+)\s*=/.exec(line)?.[1];
    const here = `${header}${key === undefined ? '' : `.${plain(key)}`}`.replace(/^\./, '');
    const wanted = ['tool', 'ecocompute', ...path];
    for (let depth = wanted.length; depth >= 2 && depth > best.depth; depth--)
      if (here === wanted.slice(0, depth).join('.')) best = { depth, line: at + 1 };
  });
  if (item === undefined) return best.line;
  const quoted = [`"${item}"`, `'${item}'`];
  for (let at = best.line - 1; at < lines.length; at++)
    if (quoted.some((one) => lines[at]?.includes(one))) return at + 1;
  return best.line;
}

function plain(key: string): string {
  return key.replace(/["']/g, '').replace(/\s*\.\s*/g, '.');
}

/**
 * The configuration for a file: of the nearest pyproject.toml upwards that has one, no further than `root`. Without a
 * root the search ends at the folder of the repository.
 */
export function findProjectConfig(file: string, files: FilePort, root: string | null): ProjectConfig | null {
  const end = root?.replace(/[\\/]$/, '');
  for (let folder = folderOf(file), last = ''; folder !== last; last = folder, folder = folderOf(folder)) {
    const path = joinPath(folder, 'pyproject.toml');
    let toml: string | null;
    try {
      toml = files.read(path);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const problems = [{ file: path, line: 1, message }];
      return { file: path, folder, layer: {}, target: {}, baseline: null, problems };
    }
    const found = toml === null ? null : parseProjectConfig(toml, path);
    if (found !== null) return found;
    if (folder === end || (end === undefined && files.isDirectory(joinPath(folder, '.git')))) return null;
  }
  return null;
}

/** A file's path as patterns see it: relative to the folder, with `/`; null when it lies outside. */
export function relativeTo(folder: string, file: string): string | null {
  const from = `${folder.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  const path = file.replaceAll('\\', '/');
  return path.startsWith(from) ? path.slice(from.length) : null;
}
