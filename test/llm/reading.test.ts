/** A person who reads what is to be sent is not hurried: the deadline stands still, and stopping still works. */
import { beforeAll, expect, it } from 'vitest';
import { execute } from '../../server/src/llm/execute.js';
import { newState } from '../../server/src/llm/services.js';
import { goodExplanation, request, seeded, services, VirtualTime, virtualFetch } from './harness.js';
import { script } from './wire.js';

const HOUR = 3_600_000;

// loading it takes real time, in which virtual time would run away
beforeAll(async () => {
  await import('@google/genai');
});

function reading(readingMs: number) {
  const time = new VirtualTime();
  const network = virtualFetch(time, (format) => script(format, goodExplanation, 'none'));
  const ports = { now: time.now, elapsed: time.now, timer: time.timer, random: seeded(7), fetch: network };
  const consent = () => new Promise<boolean>((resolve) => time.timer(readingMs, () => resolve(true)));
  return { time, services: services({ ports, state: newState(), url: 'http://127.0.0.1:9', consent }) };
}

const asked = { ...request('explain_finding'), constraints: { model: 'gemini/gemini-2.5-flash', maxLatencyMs: 5000 } };

it('an hour of reading is no part of the five seconds that the answer may take', async () => {
  const { time, services } = reading(HOUR);
  let outcome = '';
  void execute(asked, services).then((result) => {
    outcome = result.outcome;
  });
  await time.run(() => outcome !== '');
  expect(outcome).toBe('answered');
  expect(time.now()).toBeGreaterThanOrEqual(HOUR);
});

it('a question that is stopped while the person reads ends at once', async () => {
  const { time, services } = reading(HOUR);
  const stop = new AbortController();
  const start = time.now();
  let ended = -1;
  let outcome = '';
  time.timer(2000, () => stop.abort());
  void execute(asked, services, stop.signal).then((result) => {
    outcome = result.outcome;
    ended = time.now() - start;
  });
  await time.run(() => outcome !== '');
  expect([outcome, ended]).toEqual(['aborted', 2000]);
});
