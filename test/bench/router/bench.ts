/**
 * The router on recorded answers: what it would have cost, how good it would have been, against
 * best-single, cheapest, random and the oracle. Pure; run.mjs reads the files and prints.
 */

import { builtInModels } from '../../../server/src/llm/models/registry.js';
import { objectiveWeights } from '../../../server/src/llm/objectives.js';
import { ruleQuality } from '../../../server/src/llm/routing/difficulty.js';
import { route } from '../../../server/src/llm/routing/route.js';
import {
  type ModelInfo,
  type Objective,
  objectives,
  type RequestFeatures,
  type Tier,
} from '../../../server/src/llm/types.js';

export interface RecordedAnswer {
  readonly quality: number;
  readonly costUsd: number;
  readonly latencyS: number;
  readonly carbon_g: number;
}
export interface BenchTask {
  readonly id: string;
  readonly split?: string;
  readonly features: RequestFeatures;
}
export interface TaskFile {
  readonly models: readonly ModelInfo[];
  readonly tasks: readonly BenchTask[];
}
export type Answers = Readonly<Record<string, Readonly<Record<string, RecordedAnswer>>>>;

export interface Row {
  readonly name: string;
  readonly quality: number;
  readonly costUsd: number;
  readonly latencyS: number;
  readonly carbon_g: number;
}

export interface Report {
  readonly tasks: number;
  readonly escalated: number;
  readonly tiers: Readonly<Record<Tier, number>>;
  readonly decisionP95Ms: number;
  readonly bestSingle: string;
  /** The set records what local analysis answers; without, a model is asked for every task. */
  readonly hasLocal: boolean;
  /** Tasks that no model may be asked for: no answer, quality 0. */
  readonly unanswered: number;
  /** Over the tasks that a model was asked for. */
  readonly rows: readonly Row[];
  /** Over all tasks, local ones at the local answer's quality and no cost. */
  readonly allRows: readonly Row[];
  /** Over all tasks: the router with its local tier against one model for everything. */
  readonly gates: readonly Gate[];
  /** The same over the tasks that a model was asked for: harder, and told beside. */
  readonly strict: readonly Gate[];
  readonly failed: readonly string[];
}

export interface Gate {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly passes: boolean;
}

const nothing: RecordedAnswer = { quality: 0, costUsd: 0, latencyS: 0, carbon_g: 0 };

function mean(answers: readonly RecordedAnswer[], name: string): Row {
  const of = (pick: (a: RecordedAnswer) => number): number =>
    answers.reduce((n, a) => n + pick(a), 0) / Math.max(1, answers.length);
  return {
    name,
    quality: of((a) => a.quality),
    costUsd: of((a) => a.costUsd),
    latencyS: of((a) => a.latencyS),
    carbon_g: of((a) => a.carbon_g),
  };
}

/** The model with the highest mean quality; the cheaper of two equals. Chosen on `tasks`. */
export function bestSingleOf(tasks: readonly BenchTask[], answers: Answers, models: readonly ModelInfo[]): string {
  const rows = models.map((m) =>
    mean(
      tasks.map((t) => answers[t.id]![m.ref]!),
      m.ref,
    ),
  );
  return rows.sort((a, b) => b.quality - a.quality || a.costUsd - b.costUsd)[0]!.name;
}

export function bench(file: TaskFile, answers: Answers, split: string | null, rounds = 1): Report {
  const { models } = file;
  const known = file.tasks.filter((t) => answers[t.id] !== undefined);
  const chosenSplit = known.filter((t) => split === null || t.split === undefined || t.split === split);
  const tasks = chosenSplit.length > 0 ? chosenSplit : known;
  const calibration = known.filter((t) => t.split === 'calibration');
  const hasLocal = tasks.some((t) => answers[t.id]!['local'] !== undefined);
  const decide = (t: BenchTask, objective: Objective) =>
    route({
      features: t.features,
      objective,
      constraints: {},
      models,
      asked: answers[t.id]!['local'] === undefined ? 'person' : 'automatic',
      elapsed: () => performance.now(),
    });
  const tierOf = new Map(tasks.map((t) => [t, decide(t, 'balanced').tier]));
  const escalated = tasks.filter((t) => tierOf.get(t) !== 'local');
  const single = bestSingleOf(calibration.length > 0 ? calibration : tasks, answers, models);

  const rowsFor = (list: readonly BenchTask[], withLocal: boolean): Row[] => {
    const one = (name: string, pick: (t: BenchTask) => RecordedAnswer): Row => mean(list.map(pick), name);
    const at = (t: BenchTask, ref: string): RecordedAnswer => answers[t.id]![ref]!;
    const chosenAnswer = (t: BenchTask, objective: Objective): RecordedAnswer => {
      const { chosen } = decide(t, objective);
      return chosen === null ? nothing : at(t, chosen);
    };
    const isLocal = (t: BenchTask): boolean => withLocal && tierOf.get(t) === 'local';
    const sorted = (t: BenchTask, by: (a: RecordedAnswer) => number): RecordedAnswer =>
      models.map((m) => at(t, m.ref)).sort((a, b) => by(a) - by(b))[0]!;
    const cheapest = [...models].sort(
      (a, b) => a.usdPerMOutput - b.usdPerMOutput || a.joulesPerOutputToken - b.joulesPerOutputToken,
    )[0]!;
    return [
      ...objectives.map((objective) =>
        one(`rules, ${objective}`, (t) => (isLocal(t) ? answers[t.id]!['local']! : chosenAnswer(t, objective))),
      ),
      one(`best single (${single})`, (t) => at(t, single)),
      one(`cheapest (${cheapest.ref})`, (t) => at(t, cheapest.ref)),
      // the expectation over a uniform choice
      one('random', (t) =>
        mean(
          models.map((m) => at(t, m.ref)),
          '',
        ),
      ),
      one('oracle', (t) => sorted(t, (a) => -a.quality * 1e6 + a.costUsd)),
    ];
  };
  const rows = rowsFor(escalated, false);
  const allRows = rowsFor(tasks, true);

  const times: number[] = [];
  // what a user's registry holds, not only the models of the set
  const many = [...models, ...builtInModels];
  const timed = escalated.length > 0 ? escalated : tasks;
  // a small set is gone through more often: the first few decisions are the compiler's
  const passes = rounds === 0 ? 0 : Math.max(rounds, Math.ceil(2000 / (timed.length * objectives.length)));
  for (let round = 0; round < passes; round++)
    for (const t of timed)
      for (const objective of objectives) {
        const start = performance.now();
        route({ features: t.features, objective, constraints: { excludedProviders: ['demo'] }, models: many });
        times.push(performance.now() - start);
      }
  times.sort((a, b) => a - b);
  const decisionP95Ms = times[Math.floor(times.length * 0.95)] ?? 0;

  const savings = (list: readonly Row[]): Gate[] => {
    const find = (name: string): Row => list.find((r) => r.name.startsWith(name))!;
    const reference = find('best single');
    const cost = find('rules, minimize_cost');
    const carbon = find('rules, minimize_carbon');
    return [
      atLeast('minimize_cost: cost below best single, share', 1 - cost.costUsd / reference.costUsd, 0.45),
      atLeast('minimize_cost: quality kept', cost.quality / reference.quality, 0.95),
      atLeast('minimize_carbon: carbon below best single, share', 1 - carbon.carbon_g / reference.carbon_g, 0.45),
      atLeast('minimize_carbon: quality kept', carbon.quality / reference.quality, 0.95),
    ];
  };
  const gates = [
    { what: 'decision p95, ms', value: decisionP95Ms, limit: 1, passes: decisionP95Ms <= 1 },
    ...savings(allRows),
  ];
  const share = (tier: Tier): number => [...tierOf.values()].filter((t) => t === tier).length / tasks.length;
  return {
    tasks: tasks.length,
    escalated: escalated.length,
    tiers: { local: share('local'), small: share('small'), large: share('large') },
    decisionP95Ms,
    hasLocal,
    unanswered: escalated.filter((t) => decide(t, 'balanced').chosen === null).length,
    bestSingle: single,
    rows,
    allRows,
    gates,
    strict: savings(rows),
    failed: gates.filter((g) => !g.passes).map((g) => g.what),
  };
}

function atLeast(what: string, value: number, limit: number) {
  return { what, value, limit, passes: value >= limit };
}

/** Mean recorded quality against the predicted one, by decile of the prediction: whether the constants still hold. */
export function calibration(
  file: TaskFile,
  answers: Answers,
): readonly { readonly predicted: number; readonly seen: number; readonly count: number }[] {
  const bins = Array.from({ length: 10 }, () => ({ predicted: 0, seen: 0, count: 0 }));
  for (const t of file.tasks) {
    if (t.split === 'report') continue;
    for (const m of file.models) {
      const p = ruleQuality(t.features, m);
      const bin = bins[Math.min(9, Math.floor(p * 10))]!;
      bin.predicted += p;
      bin.seen += answers[t.id]![m.ref]!.quality;
      bin.count++;
    }
  }
  return bins.map((b) => ({
    predicted: b.predicted / Math.max(1, b.count),
    seen: b.seen / Math.max(1, b.count),
    count: b.count,
  }));
}

/** Saving and quality kept on the calibration half by weight, over the tasks that a model is asked for. */
export function sweep(file: TaskFile, answers: Answers) {
  const table = objectiveWeights as Record<Objective, { usdShare: number; gramShare: number }>;
  const own = [table.minimize_cost.usdShare, table.minimize_carbon.gramShare] as const;
  const half = { ...file, tasks: file.tasks.filter((t) => t.split !== 'report') };
  const found = [];
  for (const share of [0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.18, 0.22, 0.26]) {
    table.minimize_cost.usdShare = share;
    table.minimize_carbon.gramShare = share;
    const [cost, kept, carbon, kept2] = bench(half, answers, null, 0).strict.map((gate) => gate.value);
    found.push({ share, cost: cost!, kept: kept!, carbon: carbon!, kept2: kept2! });
  }
  [table.minimize_cost.usdShare, table.minimize_carbon.gramShare] = own;
  return found;
}
