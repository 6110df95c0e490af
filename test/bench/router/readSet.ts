/**
 * A set of tasks and recorded answers, as files of others have it: what is missing is inferred
 * or left out and said once; what cannot be understood is one message with the remedy.
 */
import { inferModel, makeRegistry } from '../../../server/src/llm/models/registry.js';
import { costOf } from '../../../server/src/llm/routing/callEstimate.js';
import { tasks as taskTable } from '../../../server/src/llm/tasks/tasks.js';
import { type ModelInfo, type RequestFeatures, type TaskId, taskIds } from '../../../server/src/llm/types.js';
import type { Answers, BenchTask, RecordedAnswer, TaskFile } from './bench.js';

/** Known models need no figures. */
const registry = makeRegistry();

export class SetError extends Error {}

type Row = Readonly<Record<string, unknown>>;

export interface ReadSet {
  readonly file: TaskFile;
  readonly answers: Answers;
  /** What was inferred, ignored or left out: a sentence each. */
  readonly notes: readonly string[];
}

/** @throws SetError with what is wrong and what would be right. */
export function readSet(taskJson: unknown, answerJson: unknown): ReadSet {
  const notes: string[] = [];
  const top = rowOf(taskJson, 'the tasks file', '{"models": [...], "tasks": [...]}');
  const models = modelsOf(top['models'], notes);
  const tasks = tasksOf(top['tasks'], notes);
  const recorded = answersOf(answerJson);
  const answers: Record<string, Record<string, RecordedAnswer>> = {};
  const lacking: string[] = [];
  for (const { id, features } of tasks) {
    const row = recorded[id];
    const own: Record<string, RecordedAnswer> = {};
    for (const model of models) {
      const one = answerOf(row?.[model.ref] ?? row?.[model.model], model, features, `${id}, ${model.ref}`);
      if (one !== null) own[model.ref] = one;
    }
    const local = answerOf(row?.['local'], null, features, `${id}, local`);
    if (models.every((model) => own[model.ref] !== undefined)) {
      answers[id] = local === null ? own : { ...own, local };
    } else lacking.push(id);
  }
  if (lacking.length === tasks.length)
    throw new SetError(
      `no task has a recorded answer of every model; write "answers": {"${tasks[0]?.id ?? 'ID'}": {"${models[0]!.ref}": {"quality": 0.9, "costUsd": 0.001, "latencyS": 2, "carbon_g": 0.1}, ...}}.`,
    );
  if (lacking.length > 0)
    notes.push(`${lacking.length} tasks lack an answer of some model and are left out: ${few(lacking)}.`);
  const known = new Set(tasks.map((t) => t.id));
  const strangers = Object.keys(recorded).filter((id) => !known.has(id));
  if (strangers.length > 0)
    notes.push(`Answers to ${strangers.length} tasks that are not in the tasks file are ignored: ${few(strangers)}.`);
  const names = new Set([...models.flatMap((m) => [m.ref, m.model]), 'local']);
  const others = [...new Set(tasks.flatMap(({ id }) => Object.keys(recorded[id] ?? {})))].filter((n) => !names.has(n));
  if (others.length > 0) notes.push(`Answers of models that the tasks file does not list are ignored: ${few(others)}.`);
  const kept = tasks.filter((t) => answers[t.id] !== undefined);
  if (kept.length < 200) notes.push(`Only ${kept.length} tasks: shares and means are uncertain below 200.`);
  return { file: { models, tasks: kept }, answers, notes };
}

function rowOf(value: unknown, what: string, form: string): Row {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw new SetError(`${what} is not of the form ${form}.`);
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new SetError(`"${what}" is not a list with at least one entry.`);
}

function few(names: readonly string[]): string {
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
}

const modelFigures = [
  'contextTokens',
  'maxOutputTokens',
  'usdPerMInput',
  'usdPerMOutput',
  'firstTokenS',
  'tokensPerS',
  'joulesPerInputToken',
  'joulesPerOutputToken',
  'skill',
] as const;

/** By name or with figures; figures that are not stated are those of the name's class. */
function modelsOf(value: unknown, notes: string[]): ModelInfo[] {
  const inferred: string[] = [];
  const models = listOf(value, 'models').map((entry, index) => {
    const row: Row =
      typeof entry === 'string' ? { ref: entry } : rowOf(entry, `models[${index}]`, '{"ref": "provider/name"}');
    const name = row['ref'] ?? row['model'] ?? row['name'];
    if (typeof name !== 'string' || name === '')
      throw new SetError(`models[${index}] has no "ref"; write "ref": "provider/name".`);
    const slash = name.indexOf('/');
    const provider = slash > 0 ? name.slice(0, slash) : typeof row['provider'] === 'string' ? row['provider'] : 'set';
    const base = registry.find(name) ?? inferModel(provider, name);
    const stated: Record<string, number> = {};
    for (const key of modelFigures) {
      const figure = row[key];
      if (figure === undefined || figure === null) continue;
      if (typeof figure !== 'number' || !Number.isFinite(figure) || figure < 0)
        throw new SetError(
          `models[${index}] (${name}): "${key}" is ${JSON.stringify(figure)}, not a number from 0 on.`,
        );
      stated[key] = figure;
    }
    if (
      base.inferred &&
      modelFigures.some((key) => stated[key] === undefined && key !== 'contextTokens' && key !== 'maxOutputTokens')
    )
      inferred.push(name);
    const flag = (key: string, otherwise: boolean): boolean =>
      typeof row[key] === 'boolean' ? (row[key] as boolean) : otherwise;
    return {
      ...base,
      ref: name,
      vision: flag('vision', true),
      structured: flag('structured', true),
      reasoning: flag('reasoning', false),
      local: flag('local', false),
      ...stated,
    };
  });
  const refs = models.map((m) => m.ref);
  const twice = refs.find((ref, i) => refs.indexOf(ref) !== i);
  if (twice !== undefined) throw new SetError(`model ${twice} is listed twice.`);
  if (inferred.length > 0)
    notes.push(`Figures that these models do not state are inferred from their names: ${few(inferred)}.`);
  return models;
}

function tasksOf(value: unknown, notes: string[]): BenchTask[] {
  const partly: string[] = [];
  const seen = new Set<string>();
  const tasks = listOf(value, 'tasks').map((entry, index): BenchTask => {
    const row = rowOf(entry, `tasks[${index}]`, '{"id": "t1", "features": {"task": "explain_finding", ...}}');
    const id = String(row['id'] ?? '');
    if (id === '') throw new SetError(`tasks[${index}] has no "id".`);
    if (seen.has(id)) throw new SetError(`task ${id} is listed twice.`);
    seen.add(id);
    // features may also stand beside the id
    const f = rowOf(row['features'] ?? row, `tasks[${index}].features`, '{"task": "explain_finding", ...}');
    const task = f['task'] ?? row['task'];
    if (!taskIds.includes(task as TaskId))
      throw new SetError(`task ${id}: "task" is ${JSON.stringify(task)}; it is one of ${taskIds.join(', ')}.`);
    const known = taskTable[task as TaskId];
    const figure = (key: string, otherwise: number): number => {
      const stated = f[key];
      if (stated === undefined || stated === null) {
        if (key !== 'facts') partly.push(id);
        return otherwise;
      }
      if (typeof stated !== 'number' || !Number.isFinite(stated) || stated < 0)
        throw new SetError(`task ${id}: "${key}" is ${JSON.stringify(stated)}, not a number from 0 on.`);
      return stated;
    };
    const features: RequestFeatures = {
      task: task as TaskId,
      inputTokens: figure('inputTokens', 2000),
      outputTokens: figure('outputTokens', known.outputTokens),
      codeLines: figure('codeLines', 100),
      unknowns: figure('unknowns', 0),
      facts: figure('facts', 0),
      hasImage: f['hasImage'] === true,
      localCoverage: Math.min(1, figure('localCoverage', 0)),
    };
    return { id, features, ...(typeof row['split'] === 'string' ? { split: row['split'] } : {}) };
  });
  const ids = [...new Set(partly)];
  if (ids.length > 0) notes.push(`${ids.length} tasks do not state all features; usual values are taken: ${few(ids)}.`);
  return tasks;
}

/** Under "answers", or the whole file; by task, or a list of `{id, model, quality, …}`. */
function answersOf(value: unknown): Readonly<Record<string, Row>> {
  const top = Array.isArray(value) ? value : rowOf(value, 'the answers file', '{"answers": {"ID": {"MODEL": {...}}}}');
  const inner = Array.isArray(top) ? top : ((top as Row)['answers'] ?? top);
  if (!Array.isArray(inner))
    return Object.fromEntries(
      Object.entries(rowOf(inner, '"answers"', '{"ID": {"MODEL": {"quality": 0.9, ...}}}')).filter(
        (pair): pair is [string, Row] => typeof pair[1] === 'object' && pair[1] !== null,
      ),
    );
  const byTask: Record<string, Record<string, unknown>> = {};
  for (const [index, entry] of inner.entries()) {
    const row = rowOf(entry, `answers[${index}]`, '{"id": "t1", "model": "provider/name", "quality": 0.9, ...}');
    const id = row['id'] ?? row['task'];
    const model = row['model'] ?? row['ref'];
    if (typeof id !== 'string' || typeof model !== 'string')
      throw new SetError(`answers[${index}] does not say which task ("id") and "model" it is of.`);
    byTask[id] = { ...byTask[id], [model]: row };
  }
  return byTask;
}

/** null: none is recorded. What a call took, where it is not stated, follows from its tokens and the model's figures. */
function answerOf(
  value: unknown,
  model: ModelInfo | null,
  features: RequestFeatures,
  where: string,
): RecordedAnswer | null {
  if (value === undefined || value === null) return null;
  const row = rowOf(
    value,
    `the answer of ${where}`,
    '{"quality": 0.9, "costUsd": 0.001, "latencyS": 2, "carbon_g": 0.1}',
  );
  const { quality } = row;
  if (typeof quality !== 'number' || !(quality >= 0 && quality <= 1))
    throw new SetError(`${where}: "quality" is ${JSON.stringify(quality)}, not a number from 0 to 1.`);
  const tokens = typeof row['outputTokens'] === 'number' ? row['outputTokens'] : features.outputTokens;
  const usual =
    model === null
      ? { costUsd: 0, latencyS: 0, carbon_g: 0 }
      : costOf({ inputTokens: features.inputTokens, outputTokens: tokens }, model);
  const figure = (key: 'costUsd' | 'latencyS' | 'carbon_g'): number => {
    const stated = row[key] ?? usual[key];
    if (typeof stated === 'number' && Number.isFinite(stated) && stated >= 0) return stated;
    throw new SetError(`${where}: "${key}" is ${JSON.stringify(stated)}, not a number from 0 on.`);
  };
  return { quality, costUsd: figure('costUsd'), latencyS: figure('latencyS'), carbon_g: figure('carbon_g') };
}
