/** 10,000 requests through the real SDKs with random faults, in virtual time: every one ends, and by its deadline. */
import { expect, it } from 'vitest';
import { type ExecuteResult, execute } from '../../server/src/llm/execute.js';
import { newState } from '../../server/src/llm/services.js';
import { objectives, type TaskId } from '../../server/src/llm/types.js';
import { goodExplanation, request, seeded, services, VirtualTime, virtualFetch } from './harness.js';
import { allFaults, script } from './wire.js';

it('10,000 randomised requests end within their deadlines', async () => {
  const random = seeded(20261120);
  const time = new VirtualTime();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  // what comes back is an explanation: to other tasks it is a wrong answer
  const kinds = [...Array(5).fill('explain_finding'), 'report_narrative', 'propose_fix', 'infer_inputs'] as TaskId[];
  // virtual time would run on while a library is read from disk
  await Promise.all([import('@google/genai'), import('openai'), import('@anthropic-ai/sdk')]);
  // half of all answers are good, so that fallbacks have something to find
  let open = 0;
  const network = virtualFetch(
    time,
    (format) =>
      script(format, goodExplanation, random() < 0.5 ? 'none' : pick(allFaults), {
        slowMs: 50 + random() * 4000,
        retryAfterS: Math.ceil(random() * 30),
      }),
    (change) => {
      open += change;
    },
  );
  const results: { result: ExecuteResult; took: number; limit: number; stopped: boolean }[] = [];
  const total = 10_000;
  // a few hundred at a time, as one server would see them
  const batch = 250;
  const shared = newState(100_000);
  const ports = { now: time.now, elapsed: time.now, timer: time.timer, random, fetch: network };
  for (let from = 0; from < total; from += batch) {
    let left = batch;
    for (let i = 0; i < batch; i++) {
      const limit = pick([20, 100, 400, 1000, 3000, 8000, 20_000, 45_000, 120_000]);
      const stop = new AbortController();
      const willStop = random() < 0.1;
      if (willStop) time.timer(random() * limit * 1.5, () => stop.abort());
      const start = time.now();
      const tries = Math.floor(random() * 4);
      const one = request(pick(kinds), {
        objective: pick(objectives),
      });
      const prompt = random() < 0.5 ? '' : String(random());
      void execute(
        {
          ...one,
          input: { ...one.input, prompt },
          constraints: {
            maxLatencyMs: limit,
            // from at once to long after most answers
            ...(random() < 0.5 ? { hedgeAfterMs: random() ** 3 * 3000 } : {}),
            ...(random() < 0.5
              ? {
                  model: pick([
                    'gemini/gemini-2.5-flash',
                    'openai/gpt-5.4-mini',
                    'anthropic/claude-haiku-4-5',
                    'compatible/qwen3:8b',
                  ]),
                }
              : {}),
          },
        },
        services({
          ports,
          state: random() < 0.7 ? newState(30) : shared,
          url: 'http://127.0.0.1:9',
          retry: {
            retries: tries,
            firstWaitMs: 1 + random() * 3000,
            longestWaitMs: 30_000,
            stallMs: 500 + random() * 20_000,
          },
        }),
        stop.signal,
      ).then((result) => {
        results.push({ result, took: time.now() - start, limit, stopped: stop.signal.aborted });
        left--;
      });
    }
    await time.run(() => left === 0);
  }
  expect(results.length).toBe(total);
  expect(results.filter(({ took, limit }) => took > limit + 1)).toEqual([]);
  const count = (outcome: string): number => results.filter((r) => r.result.outcome === outcome).length;
  // each way of ending was met
  for (const outcome of ['answered', 'cached', 'failed', 'timeout', 'aborted'])
    expect([outcome, count(outcome) > 20]).toEqual([outcome, true]);
  // nothing goes on behind a call that has ended
  expect(open).toBe(0);
  const traces = results.map(({ result }) => result.trace);
  expect(traces.filter((t) => Math.abs(t.costUsd - t.attempts.reduce((n, a) => n + a.costUsd!, 0)) > 1e-9)).toEqual([]);
  const hedged = traces.filter((t) => t.attempts.some((a) => a.hedge));
  const winner = (t: (typeof hedged)[number]) => t.attempts.find((a) => a.failure === null && a.ref === t.answeredBy);
  expect(hedged.length).toBeGreaterThan(200);
  for (const isHedge of [true, undefined])
    expect(hedged.filter((t) => t.outcome === 'answered' && winner(t)?.hedge === isHedge).length).toBeGreaterThan(20);
  expect(Math.abs(shared.totals.reservedUsd)).toBeLessThan(1e-9);
  expect(
    results.every(
      ({ result }) =>
        (result.problem === null) ===
        (result.outcome === 'answered' || result.outcome === 'cached' || result.outcome === 'local'),
    ),
  ).toBe(true);
  expect(results.some(({ stopped, result }) => stopped && result.outcome === 'answered' && result.data === null)).toBe(
    false,
  );
}, 600_000);
