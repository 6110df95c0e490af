/** Real SDKs against a loopback server that speaks their wire formats, well and badly. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { execute } from '../../server/src/llm/execute.js';
import { findProvider, providers } from '../../server/src/llm/providers/registry.js';
import { newState } from '../../server/src/llm/services.js';
import { taskIds } from '../../server/src/llm/types.js';
import { context, goodExplanation, realPorts, request, services } from './harness.js';
import { FaultServer } from './server.js';
import { type Fault, geminiCallsFunction, geminiGrounded, ollamaThinking, script } from './wire.js';

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

const models = {
  gemini: 'gemini/gemini-2.5-flash',
  openai: 'openai/gpt-5.4-mini',
  anthropic: 'anthropic/claude-haiku-4-5',
  groq: 'groq/openai/gpt-oss-120b',
  deepseek: 'deepseek/deepseek-v4-flash',
  compatible: 'compatible/qwen3:8b',
} as const;

function ask(model: string, more: Parameters<typeof services>[0] = {}, ms = 10_000) {
  return execute(request('explain_finding', { constraints: { model, maxLatencyMs: ms } }), services({ url, ...more }));
}

describe('every provider answers through its SDK', () => {
  it.each(Object.entries(models))('%s', async (provider, model) => {
    server.answer = ({ format }) => script(format, goodExplanation, 'none');
    const pieces: string[] = [];
    const result = await ask(model, {
      onEvent: (event) => {
        if (event.kind === 'text') pieces.push(event.piece);
      },
    });
    expect([result.problem, result.outcome, result.answeredBy]).toEqual([null, 'answered', model]);
    expect(result.data).toMatchObject({ assumptions: ['batch 1'] });
    expect(pieces.length).toBeGreaterThan(1);
    expect(result.trace).toMatchObject({ inputTokens: 900, answeredBy: model });
    expect(result.trace.costUsd > 0).toBe(provider !== 'compatible');
    expect(result.trace.carbon_g).toBeGreaterThan(0);
    const [seen] = server.seen;
    expect(JSON.stringify(seen!.headers)).toContain('test-key-0123456789');
    // the schema goes along in the service's own words
    const { body } = seen!;
    const schema =
      body.generationConfig?.responseJsonSchema ??
      body.output_config?.format?.schema ??
      body.response_format?.json_schema?.schema ??
      body.response_format;
    expect(schema).toBeTruthy();
  });
});

describe('every task is asked in a form that the services take', () => {
  const all = [
    'openai/gpt-5.4',
    'anthropic/claude-haiku-4-5',
    'anthropic/claude-sonnet-4-6',
    'anthropic/claude-opus-4-7',
  ];
  it.each(all.flatMap((model) => taskIds.map((task) => [model, task] as const)))('%s: %s', async (model, task) => {
    server.answer = ({ format }) => script(format, goodExplanation, 'refusal');
    const image = { mimeType: 'image/png', base64: 'AAAA' } as const;
    const result = await execute(
      request(task, { constraints: { model }, context: task === 'analyse_profile' ? { ...context, image } : context }),
      services({ url }),
    );
    // the server has read the request and refuses for a reason of its own
    expect([result.problem, server.seen.length]).toEqual([`${model}: the model refused to answer`, 1]);
  });
});

describe('servers of one’s own', () => {
  it('Ollama: thinking beside the answer is no part of it', async () => {
    server.answer = () => ollamaThinking(goodExplanation);
    const result = await ask(models.compatible);
    expect([result.problem, result.trace.outputTokens, result.trace.costUsd]).toEqual([null, 80, 0]);
  });

  it('llama.cpp: thinking in front of the answer is no part of it', async () => {
    server.answer = ({ format }) => script(format, `<think>so {this</think>\n${goodExplanation}`, 'none');
    expect((await ask(models.compatible)).problem).toBeNull();
  });

  it('an address without /v1 is told', async () => {
    const result = await ask(models.compatible, { baseUrl: () => `${url}/nowhere` });
    expect(result.problem).toContain(`the address may have to end in /v1: ${url}/nowhere/v1`);
  });
});

describe('faults', () => {
  const formats = ['gemini', 'openai', 'anthropic', 'compatible'] as const;

  it.each(formats)('%s: 429 with Retry-After is waited for, then answered', async (provider) => {
    server.answer = ({ format }, index) =>
      script(format, goodExplanation, index === 0 ? '429' : 'none', { retryAfterS: 0.2 });
    const start = performance.now();
    const result = await ask(models[provider]);
    expect(result.outcome).toBe('answered');
    expect(performance.now() - start).toBeGreaterThanOrEqual(190);
    expect(result.trace.attempts).toMatchObject([{ tries: 2, failure: null }]);
  });

  it.each(formats)('%s: 500 twice, then answered', async (provider) => {
    server.answer = ({ format }, index) => script(format, goodExplanation, index < 2 ? '500' : 'none');
    const result = await ask(models[provider]);
    expect([result.outcome, server.seen.length]).toEqual(['answered', 3]);
  });

  const ends: readonly (readonly [Fault, RegExp, number])[] = [
    ['429-long', /too many requests/, 1],
    ['500', /the service failed/, 3],
    ['529', /the service failed/, 3],
    ['cut', /broke off|ended early|Incomplete/, 3],
    ['reset', /broke off|fetch failed|Connection error|closed/i, 3],
    ['bad-sse', /not JSON|ended early|broke off|empty/, 3],
    ['refusal', /refused/, 1],
    ['empty', /empty/, 3],
    ['expired-key', /key was not accepted/, 1],
    ['not-found', /not found/, 1],
    ['proxy-407', /proxy/i, 3],
    ['proxy-502', /proxy/i, 3],
    ['captive-portal', /web page/, 3],
    ['bad-json', /not a JSON object/, 2],
    ['wrong-schema', /summary: /, 2],
  ];
  it.each(formats.flatMap((p) => ends.map(([fault, message, calls]) => [p, fault, message, calls] as const)))(
    '%s: %s ends with a clear sentence',
    async (provider, fault, message, calls) => {
      server.answer = ({ format }) => script(format, goodExplanation, fault);
      const result = await ask(models[provider]);
      expect(result.outcome).toBe('failed');
      expect(result.problem).toMatch(message);
      expect(result.problem).not.toContain('test-key-0123456789');
      expect(server.seen.length).toBe(calls);
    },
  );

  it.each(formats.flatMap((p) => (['hang', 'hang-midway'] as const).map((f) => [p, f] as const)))(
    '%s: %s is given up at the deadline and the connection closed',
    async (provider, fault) => {
      server.answer = ({ format }) => script(format, goodExplanation, fault);
      let heard = false;
      const result = await ask(models[provider], {
        // the deadline strikes when the service has the question, and what there is of its answer has arrived
        ports: striking(10_000, () => () => server.seen.length === 1 && (fault === 'hang' || heard)),
        retry: { retries: 0, firstWaitMs: 5, longestWaitMs: 10, stallMs: 60_000 },
        onEvent: (event) => {
          heard ||= event.kind === 'text';
        },
      });
      expect(result.outcome).toBe('timeout');
      expect(result.problem).toMatch(/^No answer within/);
      await until(() => server.aborted === 1);
    },
  );

  it('a stream that stands still is given up before the deadline', async () => {
    server.answer = ({ format }) => script(format, goodExplanation, 'hang-midway');
    const result = await ask(models.openai, { retry: { retries: 0, firstWaitMs: 5, longestWaitMs: 10, stallMs: 100 } });
    expect(result.problem).toContain('not a word');
  });

  it('a slow stream is an answer, as long as words come', async () => {
    server.answer = ({ format }) => script(format, goodExplanation, 'slow', { slowMs: 20 });
    const stallMs = 60_000;
    // four pieces without a word heard are a standstill
    const ports = striking(stallMs, () => {
      const due = server.written + 4;
      return () => server.written >= due;
    });
    const before = server.written;
    const result = await ask(models.openai, {
      ports,
      retry: { retries: 0, firstWaitMs: 5, longestWaitMs: 10, stallMs },
    });
    expect(result.outcome).toBe('answered');
    expect(server.written - before).toBeGreaterThan(4);
  });

  it('a bad answer is repaired once, with the reasons', async () => {
    server.answer = ({ format }, index) => script(format, goodExplanation, index === 0 ? 'wrong-schema' : 'none');
    const result = await ask(models.openai);
    expect([result.outcome, result.trace.verification.repaired]).toEqual(['answered', true]);
    expect(JSON.stringify(server.seen[1]!.body)).toContain('was not accepted');
  });

  it('stopping stops: the connection is closed at once', async () => {
    server.answer = ({ format }) => script(format, goodExplanation, 'hang-midway');
    const stop = new AbortController();
    const running = execute(
      request('explain_finding', { constraints: { model: models.anthropic } }),
      services({
        url,
        onEvent: (event) => {
          if (event.kind === 'text') stop.abort();
        },
      }),
      stop.signal,
    );
    const result = await running;
    expect(result.outcome).toBe('aborted');
    await until(() => server.aborted === 1);
  });

  it('nobody there: said at once', async () => {
    const closed = new FaultServer();
    const dead = await closed.start();
    await closed.stop();
    const result = await execute(
      request('explain_finding', { constraints: { model: models.compatible } }),
      services({ url: dead }),
    );
    expect(result.outcome).toBe('failed');
    expect(result.problem).toMatch(/nothing answers there|Connection error|broke off/);
  });
});

describe('the chain of models', () => {
  it('falls back to the next model, and the failed provider cools down', async () => {
    const state = newState();
    server.answer = ({ format }) => script(format, goodExplanation, format === 'gemini' ? 'expired-key' : 'none');
    const chain = {
      objective: 'minimize_cost',
      constraints: {
        preferredProviders: ['gemini'],
        excludedProviders: ['groq', 'deepseek', 'compatible'],
        fallbacks: ['openai/gpt-5.4-mini', 'anthropic/claude-haiku-4-5'],
      },
    } as const;
    const first = await execute(request('explain_finding', chain), services({ url, state }));
    expect(first.decision.chosen).toMatch(/^gemini\//);
    expect(first.answeredBy).toBe('openai/gpt-5.4-mini');
    expect(first.trace.attempts.map((a) => a.failure)).toEqual(['auth', null]);
    const second = await execute(request('report_narrative', chain), services({ url, state }));
    expect(second.decision.candidates.find((c) => c.ref === 'gemini/gemini-2.5-flash')!.reason).toMatch(/cooling down/);
  });

  it('answers once for the same content', async () => {
    const state = newState();
    server.answer = ({ format }) => script(format, goodExplanation, 'none');
    await ask(models.openai, { state });
    const again = await ask(models.openai, { state });
    expect([again.outcome, server.seen.length, again.trace.costUsd]).toEqual(['cached', 1, 0]);
  });

  it('stops at the month’s budget', async () => {
    const state = newState();
    state.totals.add({
      at: Date.now(),
      task: 'x',
      provider: 'openai',
      costUsd: 5,
      carbon_g: 0,
      inputTokens: 0,
      outputTokens: 0,
    });
    const result = await ask(models.openai, { state, budgetUsdPerMonth: 5 });
    expect([result.outcome, server.seen.length]).toEqual(['failed', 0]);
    expect(result.problem).toContain('budget of $5.00');
  });

  it('sends nothing without consent, and shows what it would send', async () => {
    const previews: string[] = [];
    const result = await ask(models.anthropic, {
      consent: async (preview) => {
        previews.push(preview.text);
        return false;
      },
    });
    expect([result.outcome, server.seen.length]).toEqual(['refused', 0]);
    expect(previews[0]).toContain('return x @ x.T');
  });
});

describe('Gemini’s own abilities', () => {
  const gemini = findProvider('gemini')!;
  const call = (
    tools: readonly ('search' | 'code_execution' | 'carbon_calculator')[],
    functions: readonly never[] = [],
  ) =>
    gemini.complete(
      {
        model: 'gemini-2.5-flash',
        input: request().input,
        system: 's',
        text: 't',
        image: null,
        schema: { type: 'object' },
        schemaName: 'x',
        maxOutputTokens: 100,
        thinkingTokens: 512,
        tools,
      },
      {
        fetch: realPorts.fetch,
        now: realPorts.now,
        key: 'k1234',
        baseUrl: url,
        signal: new AbortController().signal,
        onText: () => {},
        functions,
        chat: null,
      },
    );

  it('grounds by search, keeps citations and executed code, sends the thinking budget', async () => {
    server.answer = () => geminiGrounded('{"a": 1}');
    const answer = await call(['search']);
    expect(answer.citations).toEqual([
      { url: 'https://example.org/l4', title: 'L4' },
      { url: 'javascript:alert(1)', title: 'evil' },
    ]);
    expect(answer.executed).toEqual([{ code: 'print(2*3)', output: '6\n' }]);
    expect(answer.usage).toEqual({ inputTokens: 900, outputTokens: 100 });
    expect(server.seen[0]!.body).toMatchObject({
      tools: [{ googleSearch: {} }],
      generationConfig: { thinkingConfig: { thinkingBudget: 512 } },
    });
  });

  it('calls our carbon calculator and goes on with its result', async () => {
    const { carbonCalculator } = await import('../../server/src/llm/carbonCalculator.js');
    server.answer = (_, index) =>
      index === 0
        ? geminiCallsFunction('carbon_calculator', { energy_J: 3.6, calls: 1e6, region: 'FRA', pue: 1 })
        : script('gemini', '{"a": 1}', 'none');
    const answer = await call(['carbon_calculator'], [carbonCalculator as never]);
    expect(answer.text).toBe('{"a": 1}');
    const reply = server.seen[1]!.body.contents.at(-1).parts[0].functionResponse;
    expect(reply.response).toMatchObject({ kWh: 1, region: 'France' });
  });
});

describe('health', () => {
  it.each(['gemini', 'openai', 'anthropic', 'compatible'])('%s lists its models', async (id) => {
    const provider = providers.find((p) => p.id === id)!;
    const { models: found } = await provider.health({
      fetch: realPorts.fetch,
      now: realPorts.now,
      key: 'k1234',
      baseUrl: id === 'gemini' || id === 'anthropic' ? url : `${url}/v1`,
      signal: new AbortController().signal,
      onText: () => {},
      functions: [],
      chat: null,
    });
    expect(found.length).toBe(1);
  });
});

async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(condition()).toBe(true), { timeout: 30_000, interval: 5 });
}

/** Real time, but for timers of about `ms`: those strike when a condition holds that begins with them. */
function striking(ms: number, begin: () => () => boolean): typeof realPorts {
  return {
    ...realPorts,
    timer: (after, then) => {
      if (after > ms || after < ms * 0.5) return realPorts.timer(after, then);
      const holds = begin();
      const id = setInterval(() => {
        if (!holds()) return;
        clearInterval(id);
        then();
      }, 1);
      return () => clearInterval(id);
    },
  };
}
