/** The router: filter and score, tiers, the benchmark's gates on the open set, models of the user's file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInModels, inferModel, makeRegistry } from '../../server/src/llm/models/registry.js';
import { parseModelsFile } from '../../server/src/llm/models/userFile.js';
import { type RouteInput, route } from '../../server/src/llm/routing/route.js';
import { type ModelInfo, objectives, type RequestFeatures } from '../../server/src/llm/types.js';
import { bench } from '../bench/router/bench.js';
import { readSet, SetError } from '../bench/router/readSet.js';
import { seeded } from './harness.js';

const features: RequestFeatures = {
  task: 'propose_fix',
  inputTokens: 2000,
  outputTokens: 1500,
  codeLines: 120,
  unknowns: 0,
  facts: 10,
  hasImage: false,
  localCoverage: 0.5,
};
const models = builtInModels.filter((m) => m.provider !== 'demo');
const decide = (more: Partial<RouteInput> = {}) =>
  route({ features, objective: 'balanced', constraints: {}, models, ...more });

describe('filter', () => {
  const reason = (ref: string, more: Partial<RouteInput>) => decide(more).candidates.find((c) => c.ref === ref)!.reason;

  it('says of every candidate why it scored so or may not be asked', () => {
    const { candidates, chosen, fallbacks } = decide();
    expect(candidates.length).toBe(models.length);
    expect(candidates.every((c) => c.reason.length > 10)).toBe(true);
    expect([chosen, ...fallbacks].length).toBe(candidates.filter((c) => c.eligible).length);
  });

  it('keeps to constraints and needs', () => {
    expect(reason('openai/gpt-5.4', { constraints: { localOnly: true } })).toContain('only local models');
    expect(reason('openai/gpt-5.4', { constraints: { excludedProviders: ['openai'] } })).toContain('excluded');
    expect(reason('deepseek/deepseek-v4-pro', { constraints: { region: 'eu' } })).toContain('keep data in eu');
    expect(reason('anthropic/claude-opus-4-7', { constraints: { maxCostUsd: 0.001 } })).toContain(
      'over the maximum of $0.001',
    );
    expect(reason('compatible/qwen3:8b', { constraints: { maxLatencyMs: 5000 } })).toContain('over the maximum of 5 s');
    expect(reason('anthropic/claude-opus-4-7', { constraints: { maxCarbon_g: 0.01 } })).toContain(
      'over the maximum of 0.01 g',
    );
    expect(
      reason('groq/llama-3.1-8b-instant', { features: { ...features, task: 'analyse_profile', hasImage: true } }),
    ).toContain('pictures');
    expect(reason('compatible/qwen3:8b', { features: { ...features, inputTokens: 90_000 } })).toContain('too short');
    expect(decide({ constraints: { model: 'openai/gpt-5.4' } })).toMatchObject({
      chosen: 'openai/gpt-5.4',
      fallbacks: [],
    });
    expect(decide({ constraints: { localOnly: true } }).chosen).toMatch(/^compatible\//);
    expect(decide({ constraints: { localOnly: true, excludedProviders: ['compatible'] } }).chosen).toBeNull();
  });

  it('gives each objective what it asks for', () => {
    const at = Object.fromEntries(
      objectives.map((objective) => {
        const d = decide({ objective });
        return [objective, d.candidates.find((c) => c.ref === d.chosen)!];
      }),
    );
    expect(at['minimize_cost']!.costUsd).toBeLessThanOrEqual(at['maximize_quality']!.costUsd);
    expect(at['minimize_carbon']!.carbon_g).toBeLessThanOrEqual(at['maximize_quality']!.carbon_g);
    expect(at['minimize_latency']!.latencyS).toBeLessThanOrEqual(at['maximize_quality']!.latencyS);
    expect(at['maximize_quality']!.quality).toBeGreaterThanOrEqual(
      0.98 * Math.max(...decide().candidates.map((c) => c.quality)),
    );
  });

  it('takes fallbacks in the order that was given, and prefers a preferred provider', () => {
    const fallbacks = ['groq/llama-3.1-8b-instant', 'openai/gpt-5.4'];
    expect(decide({ constraints: { fallbacks } }).fallbacks).toEqual(fallbacks);
    expect(decide({ constraints: { preferredProviders: ['anthropic'] } }).chosen).toMatch(/^anthropic\//);
  });

  it('explores with the share it is told, and logs the propensity', () => {
    const random = seeded(3);
    const runs = Array.from({ length: 4000 }, () => decide({ exploration: 0.2, random }));
    const best = decide().chosen;
    const n = decide().fallbacks.length + 1;
    const greedy = runs.filter((r) => r.chosen === best);
    expect(greedy.length / runs.length).toBeCloseTo(0.8 + 0.2 / n, 1);
    expect(greedy[0]!.propensity).toBeCloseTo(0.8 + 0.2 / n, 9);
    expect(runs.find((r) => r.chosen !== best)!.propensity).toBeCloseTo(0.2 / n, 9);
  });
});

describe('tiers', () => {
  it('answers locally what local analysis knows, unless a person asks again', () => {
    const known = { ...features, localCoverage: 1 };
    expect(decide({ features: known })).toMatchObject({ tier: 'local', chosen: null });
    expect(decide({ features: known, asked: 'person' }).chosen).not.toBeNull();
    expect(decide({ features: { ...features, task: 'architecture_review' } }).tier).toBe('large');
  });
});

describe('the benchmark on the open set', () => {
  const folder = join(import.meta.dirname, '..', 'bench', 'router', 'data');
  const file = JSON.parse(readFileSync(join(folder, 'tasks.json'), 'utf8'));
  const { answers } = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8'));

  it('passes every gate on the half that nothing was calibrated on', () => {
    const report = bench(file, answers, 'report', 3);
    expect(report.tasks).toBeGreaterThanOrEqual(200);
    expect(report.failed).toEqual([]);
    expect(report.strict.filter((gate) => !gate.passes)).toEqual([]);
    expect(report.tiers.local).toBeGreaterThan(0.8);
    expect(report.tiers.large).toBeLessThan(0.05);
  });

  it('a router that always asked the best single model would fail (the gates are gates)', () => {
    const single = file.models.filter((m: { ref: string }) => m.ref === 'synthetic/frontier');
    expect(bench({ ...file, models: single }, answers, 'report').strict.filter((gate) => !gate.passes)).toHaveLength(2);
  });

  it('does not depend on what models cost: the same choices at a tenth of all prices', () => {
    const cheaper = {
      ...file,
      models: file.models.map((m: ModelInfo) => ({
        ...m,
        usdPerMInput: m.usdPerMInput / 10,
        usdPerMOutput: m.usdPerMOutput / 10,
      })),
    };
    const quality = (set: typeof file) =>
      bench(set, answers, 'report').rows.find((row) => row.name === 'rules, minimize_cost')!.quality;
    expect(Math.abs(quality(cheaper) - quality(file))).toBeLessThan(0.01);
  });
});

describe('reading a set', () => {
  const answer = { quality: 1, costUsd: 0.1, latencyS: 1, carbon_g: 1 };
  const tasks = {
    extra: 1,
    models: [{ ref: 'a/b-mini', note: 'x' }, 'a/large'],
    tasks: [
      { id: 't2', features: { task: 'propose_fix' } },
      { id: 't1', task: 'explain_finding', inputTokens: 5 },
    ],
  };
  const both = { 'a/large': { quality: 0.5 }, 'a/b-mini': answer };

  it('takes any order, names without figures, fields it does not know, and says so once each', () => {
    const { file, answers, notes } = readSet(tasks, { answers: { t9: {}, t1: { ...both, 'x/y': answer }, t2: both } });
    expect(file.tasks.map((t) => t.id)).toEqual(['t2', 't1']);
    expect(file.models.map((m) => m.ref)).toEqual(['a/b-mini', 'a/large']);
    expect(answers['t1']!['a/large']!.costUsd).toBeGreaterThan(0);
    expect(notes).toHaveLength(5);
    expect(notes.join('\n')).toMatch(/inferred from their names: a\/b-mini, a\/large/);
    expect(notes.join('\n')).toMatch(/ignored: t9/);
    expect(notes.join('\n')).toMatch(/ignored: x\/y/);
    expect(bench(file, answers, null).gates).toHaveLength(5);
  });

  it('takes a list of answers, and leaves out tasks that lack one', () => {
    const { file, notes } = readSet(tasks, [
      { id: 't1', model: 'a/large', quality: 1 },
      { id: 't1', model: 'a/b-mini', quality: 1 },
      { id: 't2', model: 'a/large', quality: 1 },
    ]);
    expect(file.tasks.map((t) => t.id)).toEqual(['t1']);
    expect(notes.join('\n')).toMatch(/1 tasks lack an answer of some model and are left out: t2/);
  });

  it.each([
    [[], {}, /the tasks file is not of the form/],
    [{ models: [], tasks: [] }, {}, /"models" is not a list with at least one entry/],
    [{ ...tasks, models: [{}] }, {}, /models\[0\] has no "ref"/],
    [{ ...tasks, models: ['a/b', 'a/b'] }, {}, /a\/b is listed twice/],
    [{ ...tasks, models: [{ ref: 'a/b', skill: 'good' }] }, {}, /"skill" is "good", not a number/],
    [{ ...tasks, tasks: [{ id: 'x', features: { task: 'sing' } }] }, {}, /"task" is "sing"; it is one of explain/],
    [tasks, { answers: {} }, /no task has a recorded answer of every model; write/],
    [tasks, { t1: { ...both, 'a/large': { quality: 7 } } }, /t1, a\/large: "quality" is 7, not a number from 0 to 1/],
  ])('%#: one clear message', (file, answers, message) => {
    expect(() => readSet(file, answers)).toThrow(message);
    expect(() => readSet(file, answers)).toThrow(SetError);
  });
});

describe('models', () => {
  it('infers what a name tells', () => {
    expect(inferModel('openai', 'gpt-9-mini').usdPerMOutput).toBeLessThan(inferModel('openai', 'gpt-9').usdPerMOutput);
    expect(inferModel('compatible', 'qwen2.5-coder:3b')).toMatchObject({
      local: true,
      usdPerMInput: 0,
      inferred: true,
    });
    expect(makeRegistry().find('anthropic/claude-x')).toMatchObject({
      provider: 'anthropic',
      inferred: true,
      vision: true,
    });
    expect(makeRegistry().find('nonsense')).toBeNull();
  });

  it('reads ecocompute.models.yaml: adds, overrides, disables', () => {
    const parsed = parseModelsFile(
      'models:\n  - model: openai/mine\n    usd_per_million: [1, 2]\n    skill: 0.9\n  - model: openai/gpt-5.4\n    skill: 0.5\ndisable: [deepseek, "groq/llama*"]\n',
    );
    expect(parsed.ok).toBe(true);
    if (!parsed.ok) return;
    const registry = makeRegistry(parsed.value);
    expect(registry.find('openai/mine')).toMatchObject({ usdPerMOutput: 2, skill: 0.9, inferred: false });
    expect(registry.find('openai/gpt-5.4')).toMatchObject({ skill: 0.5, usdPerMOutput: 15 });
    expect(registry.models.some((m) => m.provider === 'deepseek' || m.ref.startsWith('groq/llama'))).toBe(false);
    expect(registry.find('deepseek/deepseek-v4-pro')).toBeNull();
  });

  it.each([
    ['models:\n  - model: gpt\n', 2, /models\.0\.model: is not of the form provider\/name/],
    ['models:\n  - model: a/b\n    skill: 2\n', 3, /skill/],
    ['models:\n  - model: a/b\n    price: 2\n', 2, /price/],
    ['models: [\n', 2, /not YAML/],
  ])('names line and remedy: %j', (text, line, message) => {
    const parsed = parseModelsFile(text);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.problems[0]!.message).toMatch(message);
    expect(parsed.problems[0]!.line).toBe(line);
  });
});
