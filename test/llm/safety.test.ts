/** File patterns, consent's picture of what is sent, local addresses, prompts of the user's, answers made inert. */
import { describe, expect, it } from 'vitest';
import { isLocalAddress } from '../../server/src/llm/call/availability.js';
import { carbonCalculator } from '../../server/src/llm/carbonCalculator.js';
import { execute } from '../../server/src/llm/execute.js';
import { defaultFilePolicy, refusedFile } from '../../server/src/llm/safety/filePolicy.js';
import { inertText, safeCitation } from '../../server/src/llm/safety/output.js';
import type { SendPreview } from '../../server/src/llm/services.js';
import { context, goodExplanation, realPorts, request, services } from './harness.js';
import { script } from './wire.js';

describe('files', () => {
  it.each([
    ['src/model.py', [], [], null],
    ['config/.env', [], [], /deny pattern \*\*\/\.env/],
    ['.env.local', [], [], /deny/],
    ['src/aws_credentials.py', [], [], /deny/],
    ['src/Model.py', ['src/**'], [], null],
    ['lib/model.py', ['src/**'], [], /none of the allow patterns/],
    ['src/private/a.py', ['src/**'], ['**/private/**'], /private/],
    ['src\\private\\a.py', [], ['**/private/**'], /private/],
  ] as const)('%s', (file, allow, deny, reason) => {
    const why = refusedFile(file, { allow, deny: [...defaultFilePolicy.deny, ...deny] });
    if (reason === null) expect(why).toBeNull();
    else expect(why).toMatch(reason);
  });

  it('a denied file goes to no provider, but to the demo', async () => {
    const denied = { ...context, code: [{ ...context.code[0]!, file: 'src/secret_model.py' }] };
    const asked = await execute(
      request('explain_finding', { context: denied, constraints: { model: 'openai/gpt-5.4' } }),
      services(),
    );
    expect([asked.outcome, asked.problem]).toEqual(['failed', expect.stringContaining('may not be sent')]);
    const demo = await execute(
      request('explain_finding', { context: denied, constraints: { model: 'demo/facts' } }),
      services(),
    );
    expect(demo.outcome).toBe('answered');
  });
});

describe('consent', () => {
  const once: typeof fetch = async () => {
    const { status, headers, chunks } = script('openai', goodExplanation, 'none');
    return new Response(chunks.map((c) => c.text).join(''), { status, headers });
  };

  it('shows what is sent, word for word', async () => {
    const previews: SendPreview[] = [];
    let sent = '';
    await execute(
      request('explain_finding', { constraints: { model: 'openai/gpt-5.4' } }),
      services({
        ports: {
          ...realPorts,
          fetch: async (input, init) => {
            sent = String(init?.body);
            return once(input, init);
          },
        },
        consent: async (preview) => {
          previews.push(preview);
          return true;
        },
      }),
    );
    const { messages } = JSON.parse(sent);
    expect(messages.map((m: { content: string }) => m.content)).toEqual([previews[0]!.system, previews[0]!.text]);
    expect(previews[0]).toMatchObject({
      provider: 'openai',
      address: 'https://api.openai.com/v1',
      files: ['src/model.py'],
      local: false,
    });
    // only the last part of the path
    expect(sent).not.toContain('src/model.py');
  });

  it('is not asked for a server on this machine, and is for one elsewhere', async () => {
    for (const [url, asked] of [
      ['http://localhost:11434/v1', 0],
      ['http://192.168.1.5/v1', 0],
      ['https://llm.example/v1', 1],
    ] as const) {
      let count = 0;
      await execute(
        request('explain_finding', { constraints: { model: 'compatible/qwen3:8b' } }),
        services({
          baseUrl: () => url,
          ports: { ...realPorts, fetch: once },
          consent: async () => {
            count++;
            return false;
          },
        }),
      );
      expect([url, count]).toEqual([url, asked]);
    }
  });

  it.each([
    ['http://127.0.0.1:8080', true],
    ['http://[::1]:8080', true],
    ['http://10.1.2.3', true],
    ['http://172.20.0.1', true],
    ['http://172.40.0.1', false],
    ['https://api.openai.com', false],
    ['http://127.0.0.1.evil.example', false],
    ['nonsense', false],
  ])('%s is local: %s', (address, local) => expect(isLocalAddress(address)).toBe(local));
});

it('a prompt of the user’s replaces the built-in one', async () => {
  let text = '';
  await execute(
    request('explain_finding', { constraints: { model: 'openai/gpt-5.4' } }),
    services({
      template: (task) => (task === 'explain_finding' ? 'MINE {facts} {code}' : null),
      consent: async (preview) => {
        text = preview.text;
        return false;
      },
    }),
  );
  expect(text).toMatch(/^MINE - flops\.forward: 8178000000 FLOP/);
});

describe('text of answers', () => {
  it.each([
    ['see [docs](https://x.example/a_(b))', 'see docs'],
    ['![p](http://x/p.png) ok', 'p ok'],
    ['<b>bold</b>', '‹b›bold‹/b›'],
    ['run command:foo now', 'run (address removed) now'],
    ['[a][1]\n[1]: http://x "t"', 'a\n'],
    ['$(rocket) zero\u200bwidth', 'rocket zerowidth'],
    ['plain `x @ y.T` stays', 'plain `x @ y.T` stays'],
  ])('%j', (text, inert) => expect(inertText(text)).toBe(inert));

  it('citations are https and nothing else', () => {
    expect(safeCitation({ title: 'a', url: 'https://x.example/' })).toEqual({ title: 'a', url: 'https://x.example/' });
    for (const url of ['http://x', 'javascript:1', 'https://u:p@x', 'x'])
      expect(safeCitation({ title: 'a', url })).toBeNull();
  });
});

it('the carbon calculator multiplies, and refuses what is no figure', () => {
  expect(carbonCalculator.call({ energy_J: 3.6e6, calls: 2, pue: 1.5, usd_per_kWh: 0.1 })).toMatchObject({
    kWh: 3,
    usd: 0.30000000000000004,
    gCO2e_per_kWh: 475,
  });
  expect(carbonCalculator.call({ energy_J: -1 })).toHaveProperty('error');
  expect(carbonCalculator.call({ energy_J: 1, region: 'nowhere' })).toHaveProperty('error');
});
