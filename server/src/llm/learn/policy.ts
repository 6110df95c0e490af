/**
 * The learned policy: logistic regression of "was the answer accepted" on the rule's own
 * prediction, size, unknowns and one offset per model, with ridge. Small, trained here on the
 * person's own traces, and readable: its coefficients are printed.
 *
 *   quality = 1 / (1 + exp(−(a + b·(skill − difficulty)·9 + c·size + d·unknowns + offset[model])))
 */
import * as z from 'zod';
import { difficultyOf, type QualityModel, qualityCurve, sizeOf, unknownShare } from '../routing/difficulty.js';
import { rank } from '../routing/score.js';
import type { TraceRecord } from '../traces/record.js';
import type { ModelRef } from '../types.js';
import { compareTo, estimate, type Interval, type LoggedChoice } from './offPolicy.js';

/** Fewer judged answers than this teach nothing. */
const leastTraces = 60;
const ridge = 1;

export interface LearnedPolicy {
  readonly version: string;
  readonly coefficients: {
    readonly intercept: number;
    readonly margin: number;
    readonly size: number;
    readonly unknowns: number;
  };
  readonly offsets: Readonly<Record<ModelRef, number>>;
  readonly trainedOn: number;
}

/** Of the model that was chosen. 1: accepted or verified; 0: rejected, dropped, failed; null: says nothing. */
export function successOf(trace: TraceRecord): number | null {
  if (trace.answeredBy !== null && trace.answeredBy !== trace.chosen) {
    // another one's answer: the chosen one failed, or it was never asked, or it lost a race that it might have won
    const own = trace.attempts.findLast((one) => one.ref === trace.chosen);
    return own === undefined || own.failure === 'aborted' ? null : 0;
  }
  if (trace.user_feedback === 'accepted' || trace.user_feedback === 'up') return 1;
  if (trace.user_feedback === 'rejected' || trace.user_feedback === 'down') return 0;
  if (trace.outcome === 'answered') return trace.verification.rejected > 0 && trace.verification.accepted === 0 ? 0 : 1;
  return trace.outcome === 'dropped' || trace.outcome === 'failed' || trace.outcome === 'timeout' ? 0 : null;
}

/** Cost counts against success, so that a policy cannot win by asking the dearest: a cent is a tenth of an answer. */
export function rewardOf(success: number, costUsd: number): number {
  return success - Math.min(1, costUsd * 10);
}

interface Example {
  readonly x: readonly number[];
  readonly model: ModelRef;
  readonly y: number;
}

function inputs(trace: Pick<TraceRecord, 'features'>, skill: number): number[] {
  const { features } = trace;
  return [
    1,
    qualityCurve.slope * (skill - difficultyOf(features)),
    sizeOf(features.codeLines),
    unknownShare(features.unknowns),
  ];
}

/** The skill that the logged prediction implies: no registry is needed to read a trace. */
function skillIn(trace: TraceRecord, quality: number): number {
  const q = Math.min(0.9999, Math.max(0.0001, quality));
  return difficultyOf(trace.features) + (Math.log(q / (1 - q)) - qualityCurve.offset) / qualityCurve.slope;
}

export function trainPolicy(
  traces: readonly TraceRecord[],
): { readonly ok: true; readonly value: LearnedPolicy } | { readonly ok: false; readonly why: string } {
  const examples: Example[] = [];
  for (const trace of traces) {
    const y = successOf(trace);
    const chosen = trace.candidates.find((c) => c.ref === trace.chosen);
    if (y === null || chosen === undefined) continue;
    examples.push({ x: inputs(trace, skillIn(trace, chosen.quality)), model: chosen.ref, y });
  }
  if (examples.length < leastTraces)
    return { ok: false, why: `A policy needs at least ${leastTraces} judged answers; there are ${examples.length}.` };
  const refs = [...new Set(examples.map((e) => e.model))].sort();
  const weights = [qualityCurve.offset, 1, 0, 0, ...refs.map(() => 0)];
  const prior = [...weights];
  const rows = examples.map((e) => ({ x: [...e.x, ...refs.map((ref) => (ref === e.model ? 1 : 0))], y: e.y }));
  newton(weights, prior, rows);
  return {
    ok: true,
    value: {
      version: `learned-1-${examples.length}-${fingerprint(weights)}`,
      coefficients: { intercept: weights[0]!, margin: weights[1]!, size: weights[2]!, unknowns: weights[3]! },
      offsets: Object.fromEntries(refs.map((ref, i) => [ref, weights[4 + i]!])),
      trainedOn: examples.length,
    },
  };
}

/** Newton's method on the penalised log-likelihood; the penalty pulls towards the rule policy. */
function newton(w: number[], prior: readonly number[], rows: readonly { x: readonly number[]; y: number }[]): void {
  const n = w.length;
  for (let step = 0; step < 25; step++) {
    const gradient = w.map((v, i) => ridge * (v - prior[i]!));
    const hessian = w.map((_, i) => w.map((__, j) => (i === j ? ridge : 0)));
    for (const { x, y } of rows) {
      const p = sigmoid(dot(w, x));
      for (let i = 0; i < n; i++) {
        if (x[i] === 0) continue;
        gradient[i]! += (p - y) * x[i]!;
        for (let j = 0; j < n; j++) hessian[i]![j]! += p * (1 - p) * x[i]! * x[j]!;
      }
    }
    const delta = solve(hessian, gradient);
    // a full step can overshoot where the curve is flat: halve it until the loss falls
    const before = loss(w, prior, rows);
    const start = [...w];
    let share = 1;
    for (; share > 1e-6; share /= 2) {
      for (let i = 0; i < n; i++) w[i] = start[i]! - share * delta[i]!;
      if (loss(w, prior, rows) <= before) break;
    }
    if (share * delta.reduce((sum, d) => sum + Math.abs(d), 0) < 1e-9) return;
  }
}

/** Penalised negative log-likelihood. */
function loss(
  w: readonly number[],
  prior: readonly number[],
  rows: readonly { x: readonly number[]; y: number }[],
): number {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += (ridge / 2) * (w[i]! - prior[i]!) ** 2;
  for (const { x, y } of rows) {
    const z = dot(w, x);
    // log(1 + e^z) without overflow
    sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y * z;
  }
  return sum;
}

/** Gaussian elimination with pivoting; the matrix is small and positive definite. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const a = matrix.map((row, i) => [...row, right[i]!]);
  for (let col = 0; col < n; col++) {
    let pivot = col;
    for (let r = col + 1; r < n; r++) if (Math.abs(a[r]![col]!) > Math.abs(a[pivot]![col]!)) pivot = r;
    [a[col], a[pivot]] = [a[pivot]!, a[col]!];
    for (let r = col + 1; r < n; r++) {
      const f = a[r]![col]! / a[col]![col]!;
      for (let c = col; c <= n; c++) a[r]![c]! -= f * a[col]![c]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let r = n - 1; r >= 0; r--) {
    let sum = a[r]![n]!;
    for (let c = r + 1; c < n; c++) sum -= a[r]![c]! * x[c]!;
    x[r] = sum / a[r]![r]!;
  }
  return x;
}

export function learnedQuality(policy: LearnedPolicy): QualityModel {
  const { intercept, margin, size, unknowns } = policy.coefficients;
  const w = [intercept, margin, size, unknowns];
  return (features, model) => sigmoid(dot(w, inputs({ features }, model.skill)) + (policy.offsets[model.ref] ?? 0));
}

export interface PolicyReport {
  readonly lines: readonly string[];
  readonly values: Readonly<Record<string, Interval>>;
  /** Only then is the learned policy offered. */
  readonly wins: boolean;
}

/** Trains on the older half of the traces and compares on the newer half. */
export function evaluatePolicies(traces: readonly TraceRecord[], full?: LearnedPolicy): PolicyReport {
  const judged = traces
    .filter((t) => successOf(t) !== null && t.candidates.some((c) => c.ref === t.chosen))
    .sort((a, b) => a.at - b.at);
  const half = Math.floor(judged.length / 2);
  const trained = trainPolicy(judged.slice(0, half));
  if (!trained.ok) return { lines: [`Nothing to compare yet. ${trained.why}`], values: {}, wins: false };
  const policy = trained.value;
  const quality = learnedQuality(policy);
  const eligible = (t: TraceRecord) => t.candidates.filter((c) => c.eligible);
  const predicted = (t: TraceRecord, ref: ModelRef): number => {
    const c = t.candidates.find((one) => one.ref === ref)!;
    return quality(t.features, { ref, skill: skillIn(t, c.quality) });
  };
  const bestSingle = bestSingleOf(judged.slice(0, half));
  const policies: Record<string, (t: TraceRecord) => ReadonlyMap<ModelRef, number>> = {
    random: (t) => new Map(eligible(t).map((c) => [c.ref, 1 / eligible(t).length])),
    cheapest: (t) => only([...eligible(t)].sort((a, b) => a.costUsd - b.costUsd)[0]!.ref),
    'best-single': (t) => only(eligible(t).some((c) => c.ref === bestSingle) ? bestSingle : eligible(t)[0]!.ref),
    rules: (t) => only([...eligible(t)].sort((a, b) => (b.score ?? -99) - (a.score ?? -99))[0]!.ref),
    learned: (t) =>
      only(
        rank(
          t.objective,
          eligible(t).map((c) => ({ ...c, quality: predicted(t, c.ref) })),
        ).ranked[0]!.option.ref,
      ),
  };
  const logged: LoggedChoice[] = judged.slice(half).map((t) => ({
    chosen: t.chosen!,
    propensity: t.propensity,
    reward: rewardOf(successOf(t)!, t.costUsd),
    expected: new Map(eligible(t).map((c) => [c.ref, rewardOf(predicted(t, c.ref), c.costUsd)])),
    actions: Object.fromEntries(Object.entries(policies).map(([name, choose]) => [name, choose(t)])),
  }));
  const names = Object.keys(policies);
  const values = Object.fromEntries(names.map((name) => [name, estimate(logged, name)]));
  const deterministic = logged.filter((l) => l.propensity >= 1).length;
  const against = names
    .filter((name) => name !== 'learned')
    .map((name) => ({ name, gain: compareTo(logged, 'learned', name) }));
  const wins = deterministic < logged.length / 2 && against.every(({ gain }) => gain.low > 0);
  const lines = [
    `Policy ${(full ?? policy).version}, trained on ${(full ?? policy).trainedOn} answers; compared on the ${logged.length} newest (doubly robust, 95 % intervals):`,
    ...names.map((name) => `  ${name.padEnd(12)} ${intervalText(values[name]!)}`),
    ...against.map(({ name, gain }) => `  learned against ${name}: ${intervalText(gain)}`),
    `Coefficients: intercept ${policy.coefficients.intercept.toFixed(2)}, margin ${policy.coefficients.margin.toFixed(2)}, size ${policy.coefficients.size.toFixed(2)}, unknowns ${policy.coefficients.unknowns.toFixed(2)}; ${Object.entries(
      policy.offsets,
    )
      .map(([ref, o]) => `${ref} ${o >= 0 ? '+' : ''}${o.toFixed(2)}`)
      .join(', ')}`,
    deterministic >= logged.length / 2
      ? 'Most choices were made without exploration, so other policies cannot be compared on them: turn exploration on for a while.'
      : wins
        ? 'The learned policy wins against every one: it can be turned on.'
        : 'The learned policy does not win against every one: it is not offered.',
  ];
  return { lines, values, wins };
}

function only(ref: ModelRef): ReadonlyMap<ModelRef, number> {
  return new Map([[ref, 1]]);
}

function bestSingleOf(traces: readonly TraceRecord[]): ModelRef {
  const sums = new Map<ModelRef, { n: number; sum: number }>();
  for (const t of traces) {
    const s = sums.get(t.chosen!) ?? { n: 0, sum: 0 };
    sums.set(t.chosen!, { n: s.n + 1, sum: s.sum + rewardOf(successOf(t)!, t.costUsd) });
  }
  // a model asked once or twice proves nothing
  const enough = [...sums].filter(([, s]) => s.n >= 5);
  return (enough.length > 0 ? enough : [...sums]).sort((a, b) => b[1].sum / b[1].n - a[1].sum / a[1].n)[0]![0];
}

function intervalText({ value, low, high }: Interval): string {
  return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function fingerprint(values: readonly number[]): string {
  let h = 0x811c9dc5;
  for (const v of values) h = Math.imul(h ^ Math.round(v * 1e6), 0x01000193);
  return (h >>> 0).toString(36);
}

const policySchema = z.object({
  version: z.string(),
  coefficients: z.object({ intercept: z.number(), margin: z.number(), size: z.number(), unknowns: z.number() }),
  offsets: z.record(z.string(), z.number()),
  trainedOn: z.number(),
});

/** A saved policy; null when the text is none. */
export function readPolicy(text: string | null): LearnedPolicy | null {
  if (text === null) return null;
  try {
    return policySchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
