/** The trace store survives crashes and rotates; learned policies are offered only when they win. */
import { describe, expect, it } from 'vitest';
import { notWorthIt, overBudget, Totals } from '../../server/src/llm/budget.js';
import { execute } from '../../server/src/llm/execute.js';
import { compareTo, estimate, inversePropensity, type LoggedChoice } from '../../server/src/llm/learn/offPolicy.js';
import { evaluatePolicies, learnedQuality, successOf, trainPolicy } from '../../server/src/llm/learn/policy.js';
import { builtInModels } from '../../server/src/llm/models/registry.js';
import { route, rulePolicyVersion } from '../../server/src/llm/routing/route.js';
import { stateFrom } from '../../server/src/llm/services.js';
import { type TraceRecord, traceSchema } from '../../server/src/llm/traces/record.js';
import { type TraceFiles, TraceStore } from '../../server/src/llm/traces/store.js';
import type { RequestFeatures } from '../../server/src/llm/types.js';
import { usageOf } from '../../server/src/lsp/aiUsage.js';
import { context, request, seeded, services } from './harness.js';

class MemoryFiles implements TraceFiles {
  readonly files = new Map<string, string>();
  read = (name: string): string | null => this.files.get(name) ?? null;
  append = (name: string, text: string): void => void this.files.set(name, (this.files.get(name) ?? '') + text);
  rename = (from: string, to: string): void => {
    const text = this.files.get(from);
    if (text === undefined) return;
    this.files.delete(from);
    this.files.set(to, text);
  };
  remove = (name: string): void => void this.files.delete(name);
  size = (name: string): number => this.files.get(name)?.length ?? 0;
}

async function oneTrace(more: Parameters<typeof services>[0] = {}): Promise<TraceRecord> {
  return (
    await execute(
      request('explain_finding', { constraints: { model: 'demo/facts' } }),
      services({ key: () => null, ...more }),
    )
  ).trace;
}

describe('traces', () => {
  it('hold what the schema says and no source text', async () => {
    const trace = await oneTrace();
    expect(traceSchema.parse(trace)).toEqual(trace);
    expect(JSON.stringify(trace)).not.toContain('return x @ x.T');
    expect((await oneTrace({ keepSource: true })).source!.code).toContain('return x @ x.T');
    expect(trace).toMatchObject({
      outcome: 'answered',
      answeredBy: 'demo/facts',
      policy_version: rulePolicyVersion,
      propensity: 1,
    });
  });

  it('survive a crash in the middle of a line', async () => {
    const files = new MemoryFiles();
    const trace = await oneTrace();
    new TraceStore(files).append(trace);
    files.append('traces.jsonl', '{"schemaVersion":1,"id":"cut');
    const store = new TraceStore(files);
    store.append({ ...trace, id: 'next' });
    store.feedback('next', 'accepted', 1);
    expect(store.read()).toMatchObject({
      damaged: 1,
      records: [{ id: trace.id }, { id: 'next', user_feedback: 'accepted' }],
    });
  });

  it('rotate, export, clear', async () => {
    const files = new MemoryFiles();
    const trace = await oneTrace();
    const store = new TraceStore(files, { maxBytes: JSON.stringify(trace).length * 3, keep: 2 });
    for (let i = 0; i < 20; i++) store.append({ ...trace, id: `t${i}` });
    expect([...files.files.keys()].sort()).toEqual(['traces.1.jsonl', 'traces.2.jsonl', 'traces.jsonl']);
    const ids = store.read().records.map((r) => Number(r.id.slice(1)));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(ids.at(-1)).toBe(19);
    expect(JSON.parse(store.exportJson(0))).toMatchObject({ schemaVersion: 1, exportedAt: '1970-01-01T00:00:00.000Z' });
    store.clear();
    expect(files.files.size).toBe(0);
  });

  it('add up: every call that was paid for is in the totals, and what was thrown away is told', async () => {
    const trace = await oneTrace();
    const attempt = { tries: 1, ms: 5, inputTokens: 10, outputTokens: 1, carbon_g: 1 };
    const asked = {
      ...trace,
      costUsd: 0.3,
      attempts: [
        { ...attempt, ref: 'openai/a', failure: 'timeout', costUsd: 0.1 },
        { ...attempt, ref: 'gemini/b', failure: null, costUsd: 0.2 },
      ],
      answeredBy: 'gemini/b',
    };
    // nobody answered, and it cost all the same
    const lost = { ...asked, outcome: 'failed' as const, answeredBy: null };
    const usage = usageOf([asked, lost], null);
    expect(usage.byProvider).toEqual([
      { of: 'openai', calls: 2, costUsd: 0.2, carbon_g: 2 },
      { of: 'gemini', calls: 2, costUsd: 0.4, carbon_g: 2 },
    ]);
    expect(usage).toMatchObject({ questions: 2, discardedUsd: 0.4, policy: rulePolicyVersion });
    const { totals } = stateFrom([lost]);
    expect(totals.spentInMonth(lost.at)).toBeCloseTo(0.3, 12);
    // another process has appended a record
    totals.restart([lost, asked]);
    expect(totals.spentInMonth(lost.at)).toBeCloseTo(0.6, 12);
  });

  it('a store that cannot be written to costs no answer', async () => {
    const files = new MemoryFiles();
    files.append = () => {
      throw new Error('disk full');
    };
    expect((await oneTrace({ store: new TraceStore(files) })).outcome).toBe('answered');
  });
});

/** Traces as a person would make them, exploring; `truth` says how likely each model's answer is accepted. */
function simulate(
  count: number,
  truth: (ref: string, f: RequestFeatures) => number,
  exploration: number,
  blank: TraceRecord,
): TraceRecord[] {
  const random = seeded(11);
  const models = builtInModels.filter((m) =>
    ['openai/gpt-5.4', 'openai/gpt-5.4-mini', 'gemini/gemini-2.5-flash', 'groq/openai/gpt-oss-120b'].includes(m.ref),
  );
  return Array.from({ length: count }, (_, i) => {
    const features: RequestFeatures = {
      task: random() < 0.5 ? 'propose_fix' : 'resolve_operator',
      inputTokens: 2000,
      outputTokens: 1000,
      codeLines: Math.round(20 + 500 * random()),
      unknowns: Math.floor(4 * random()),
      facts: 10,
      hasImage: false,
      localCoverage: 0,
    };
    const decision = route({ features, objective: 'balanced', constraints: {}, models, exploration, random });
    const right = random() < truth(decision.chosen!, features);
    const candidate = decision.candidates.find((c) => c.ref === decision.chosen)!;
    return {
      ...blank,
      id: `s${i}`,
      at: i,
      features,
      candidates: [...decision.candidates],
      chosen: decision.chosen,
      answeredBy: decision.chosen,
      propensity: decision.propensity,
      outcome: right ? 'answered' : 'dropped',
      costUsd: candidate.costUsd,
      verification: { ...blank.verification, accepted: right ? 1 : 0, rejected: right ? 0 : 1 },
    } as TraceRecord;
  });
}

describe('what a trace says of the model that was chosen', () => {
  const attempt = { ref: 'a/a', tries: 1, ms: 1, failure: null };
  it.each([
    ['it answered', 'a/a', [attempt], 1],
    [
      'it failed and a fallback answered',
      'b/b',
      [
        { ...attempt, failure: 'timeout' },
        { ...attempt, ref: 'b/b' },
      ],
      0,
    ],
    [
      'it lost the race',
      'b/b',
      [
        { ...attempt, failure: 'aborted' },
        { ...attempt, ref: 'b/b' },
      ],
      null,
    ],
    ['it was not asked', 'b/b', [{ ...attempt, ref: 'b/b' }], null],
  ])('%s', async (_, answeredBy, attempts, success) => {
    expect(successOf({ ...(await oneTrace()), chosen: 'a/a', answeredBy, attempts })).toBe(success);
  });
});

describe('learning', () => {
  it('needs enough answers', () => {
    expect(trainPolicy([])).toMatchObject({ ok: false, why: expect.stringContaining('at least 60') });
  });

  it('learns that a model is better than its prior says', async () => {
    const traces = simulate(3000, (ref) => (ref === 'groq/openai/gpt-oss-120b' ? 0.95 : 0.35), 0.5, await oneTrace());
    const policy = trainPolicy(traces);
    expect(policy.ok).toBe(true);
    if (!policy.ok) return;
    const quality = learnedQuality(policy.value);
    const of = (ref: string): number => quality(traces[0]!.features, builtInModels.find((m) => m.ref === ref)!);
    expect(of('groq/openai/gpt-oss-120b')).toBeGreaterThan(0.8);
    expect(of('openai/gpt-5.4')).toBeLessThan(0.6);
    const report = evaluatePolicies(traces);
    expect(report.values['learned']!.value).toBeGreaterThan(report.values['rules']!.value);
    expect(report.lines.join('\n')).toContain('Coefficients');
    // it agrees with the best single model here, so it cannot win against that one
    expect(report.wins).toBe(false);
  });

  it('wins when the right model depends on the request', async () => {
    const truth = (ref: string, f: RequestFeatures): number =>
      ref === 'openai/gpt-5.4' ? 0.97 : ref === 'groq/openai/gpt-oss-120b' ? (f.codeLines < 150 ? 0.97 : 0.05) : 0.2;
    const report = evaluatePolicies(simulate(6000, truth, 0.6, await oneTrace()));
    expect(report.values['learned']!.low).toBeGreaterThan(report.values['random']!.high);
  });

  it('is not offered without exploration', async () => {
    const report = evaluatePolicies(simulate(600, () => 0.5, 0, await oneTrace()));
    expect(report.wins).toBe(false);
    expect(report.lines.join(' ')).toContain('turn exploration on');
  });

  it('doubly robust estimates find the true value of a policy', () => {
    const random = seeded(5);
    const value = { a: 0.3, b: 0.7 } as Record<string, number>;
    const logged: LoggedChoice[] = Array.from({ length: 4000 }, () => {
      const chosen = random() < 0.8 ? 'a' : 'b';
      return {
        chosen,
        propensity: chosen === 'a' ? 0.8 : 0.2,
        reward: random() < value[chosen]! ? 1 : 0,
        // a model of rewards that is wrong: robust means the estimate is right all the same
        expected: new Map([
          ['a', 0.9],
          ['b', 0.1],
        ]),
        actions: { b: new Map([['b', 1]]), a: new Map([['a', 1]]) },
      };
    });
    for (const dr of [estimate(logged, 'b'), inversePropensity(logged, 'b')]) {
      expect(dr.low).toBeLessThan(0.7);
      expect(dr.high).toBeGreaterThan(0.7);
      expect(dr.high - dr.low).toBeLessThan(0.2);
    }
    expect(compareTo(logged, 'b', 'a').low).toBeGreaterThan(0.2);
  });
});

describe('money and grams', () => {
  it('adds up by task, provider and month, and stops at the budget', () => {
    const totals = new Totals();
    const at = Date.UTC(2026, 10, 20);
    for (const provider of ['openai', 'gemini', null])
      totals.add({ at, task: 'propose_fix', provider, costUsd: 2, carbon_g: 1, inputTokens: 10, outputTokens: 5 });
    expect(totals.byTask.get('propose_fix')).toEqual({
      calls: 2,
      costUsd: 4,
      carbon_g: 2,
      inputTokens: 20,
      outputTokens: 10,
    });
    expect(totals.spentInMonth(at)).toBe(4);
    expect(totals.spentInMonth(Date.UTC(2026, 11, 1))).toBe(0);
    expect(overBudget(totals, at, 1, 5)).toBeNull();
    expect(overBudget(totals, at, 1.01, 5)).toContain('$5.00');
  });

  it('warns when a call costs more than its fix saves in a year', () => {
    expect(notWorthIt({ costUsd: 0.02, carbon_g: 1 }, { usd: 0.01, gCO2e: 100 })).toContain(
      'more than the $0.010 a year',
    );
    expect(notWorthIt({ costUsd: 0.02, carbon_g: 1 }, { usd: 1, gCO2e: 0.5 })).toContain('g CO2e');
    expect(notWorthIt({ costUsd: 0.02, carbon_g: 1 }, { usd: 1, gCO2e: 5 })).toBeNull();
    expect(notWorthIt({ costUsd: 0.02, carbon_g: 1 }, undefined)).toBeNull();
  });

  it('asks nobody on its own when the call cannot pay', async () => {
    const result = await execute(
      request('propose_fix', {
        context: { ...context, yearlySaving: { usd: 1e-9, gCO2e: 1e-9 } },
        constraints: { model: 'openai/gpt-5.4' },
      }),
      services({ asked: 'automatic' }),
    );
    expect([result.outcome, result.problem]).toEqual(['failed', expect.stringContaining('more than the $')]);
  });
});
