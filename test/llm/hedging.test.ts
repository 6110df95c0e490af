/** Hedging: a second provider after a while, the first acceptable answer wins, the loser is aborted and counted. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { execute } from '../../server/src/llm/execute.js';
import { newState } from '../../server/src/llm/services.js';
import type { Constraints } from '../../server/src/llm/types.js';
import { goodExplanation, request, services } from './harness.js';
import { FaultServer } from './server.js';
import { type Fault, type Format, script } from './wire.js';

const server = new FaultServer();
let url = '';
beforeAll(async () => {
  url = await server.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.seen.length = 0;
  server.aborted = 0;
});

const first = 'gemini/gemini-2.5-flash';
const second = 'anthropic/claude-haiku-4-5';
const third = 'openai/gpt-5.4-mini';

/** Gemini first, then Anthropic, then OpenAI. */
function ask(
  faults: Partial<Record<Format, Fault>>,
  constraints: Partial<Constraints> = {},
  more: Parameters<typeof services>[0] = {},
) {
  server.answer = ({ format }) => script(format, goodExplanation, faults[format] ?? 'none');
  return execute(
    request('explain_finding', {
      constraints: {
        preferredProviders: ['gemini'],
        excludedProviders: ['groq', 'deepseek', 'compatible'],
        fallbacks: [second, third],
        maxLatencyMs: 20_000,
        hedgeAfterMs: 40,
        ...constraints,
      },
    }),
    services({
      url,
      registry: {
        models: [first, second, third].map((ref) => registry.find(ref)!),
        find: (ref) => registry.find(ref),
      },
      ...more,
    }),
  );
}
const { registry } = services();

describe('hedging', () => {
  it('is off unless it is asked for', async () => {
    const result = await ask({ gemini: 'slow' }, {});
    expect(result.trace.attempts.length).toBeGreaterThan(0);
    server.seen.length = 0;
    server.answer = ({ format }) => script(format, goodExplanation, format === 'gemini' ? 'slow' : 'none');
    const plain = await execute(
      request('explain_finding', { constraints: { preferredProviders: ['gemini'] } }),
      services({ url }),
    );
    expect([plain.outcome, server.seen.length]).toEqual(['answered', 1]);
  });

  it('a silent first model: the second wins, the first is cut off, and what it took is counted', async () => {
    const state = newState();
    const result = await ask({ gemini: 'hang-midway' }, {}, { state });
    expect([result.outcome, result.answeredBy]).toEqual(['answered', second]);
    expect(server.seen.map((s) => s.format)).toEqual(['gemini', 'anthropic']);
    await vi.waitFor(() => expect(server.aborted).toBe(1), { timeout: 30_000, interval: 5 });
    const lost = result.trace.attempts.find((a) => a.ref === first)!;
    const won = result.trace.attempts.find((a) => a.ref === second)!;
    expect(lost.failure).toBe('aborted');
    expect([won.failure, won.hedge]).toEqual([null, true]);
    expect(lost.inputTokens).toBeGreaterThan(100);
    expect(lost.outputTokens).toBeGreaterThan(0);
    expect(lost.costUsd).toBeGreaterThan(0);
    expect(result.trace.costUsd).toBeCloseTo(lost.costUsd! + won.costUsd!, 12);
    expect(state.totals.byProvider.get('gemini')!.costUsd).toBeCloseTo(lost.costUsd!, 12);
    expect(state.totals.reservedUsd).toBeCloseTo(0, 12);
    // losing a race is no failure: the first may be asked again at once
    expect(state.health.coolingDown(first, Date.now())).toBeNull();
  });

  it('a first model that answers in time is left alone', async () => {
    const result = await ask({}, { hedgeAfterMs: 10_000 });
    expect([result.answeredBy, server.seen.length, server.aborted]).toEqual([first, 1, 0]);
  });

  it('an answer that is not acceptable does not win', async () => {
    const result = await ask({ gemini: 'slow', anthropic: 'refusal' });
    expect([result.outcome, result.answeredBy]).toEqual(['answered', first]);
    expect(result.trace.attempts.find((a) => a.ref === second)!.failure).toBe('refusal');
  });

  it('when both fail the next in line is asked', async () => {
    const result = await ask(
      { gemini: 'hang-midway', anthropic: 'hang-midway' },
      {},
      { retry: { retries: 0, firstWaitMs: 5, longestWaitMs: 10, stallMs: 2500 } },
    );
    expect([result.problem, result.answeredBy]).toEqual([null, third]);
    expect(result.trace.attempts.map((a) => [a.ref, a.failure])).toEqual([
      [first, 'timeout'],
      [second, 'timeout'],
      [third, null],
    ]);
  });

  it('a stop ends both', async () => {
    const stop = new AbortController();
    server.answer = ({ format }) => script(format, goodExplanation, 'hang-midway');
    const running = execute(
      request('explain_finding', { constraints: { hedgeAfterMs: 20, maxLatencyMs: 20_000 } }),
      services({ url }),
      stop.signal,
    );
    await vi.waitFor(() => expect(server.seen.length).toBe(2), { timeout: 30_000, interval: 5 });
    stop.abort();
    const result = await running;
    expect(result.outcome).toBe('aborted');
    await vi.waitFor(() => expect(server.aborted).toBe(2), { timeout: 30_000, interval: 5 });
    expect(result.trace.attempts.map((a) => a.failure)).toEqual(['aborted', 'aborted']);
    expect(result.trace.attempts.every((a) => a.costUsd! > 0)).toBe(true);
  });

  it('never mixes the texts of two models', async () => {
    const speakers: string[] = [];
    await ask(
      { gemini: 'slow', anthropic: 'slow' },
      { hedgeAfterMs: 10 },
      {
        onEvent: (event) => {
          if (event.kind === 'text' && speakers.at(-1) !== event.ref) speakers.push(event.ref);
        },
      },
    );
    expect(server.seen.length).toBe(2);
    expect(speakers.length).toBe(1);
  });

  it.each([
    ['the month’s budget', { budgetUsdPerMonth: 0.004 }, {}],
    ['the maximum of the call', {}, { maxCostUsd: 0.004 }],
    ['a person who was not asked before', { consent: async (p: { silent: boolean }) => !p.silent }, {}],
    ['a question that nobody waits for', { asked: 'automatic' as const }, {}],
  ])('asks no second one past %s', async (_, more, constraints) => {
    const result = await ask({ gemini: 'slow' }, { hedgeAfterMs: 10, ...constraints }, more);
    expect([result.outcome, result.answeredBy, server.seen.length]).toEqual(['answered', first, 1]);
  });
});
