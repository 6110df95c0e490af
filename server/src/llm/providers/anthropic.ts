/** Anthropic's Messages API through @anthropic-ai/sdk, with structured output. */
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import { failureOf, watchedFailureOf } from './failures.js';
import { watchFetch } from './http.js';
import {
  type Provider,
  type ProviderAnswer,
  type ProviderContext,
  ProviderFailure,
  type ProviderRequest,
} from './provider.js';

/** The API takes no smaller thinking budget. */
const leastThinking = 1024;

export const anthropic: Provider = {
  id: 'anthropic',
  label: 'Anthropic Claude',
  keyVariables: ['ANTHROPIC_API_KEY'],
  baseUrlVariable: 'ANTHROPIC_BASE_URL',
  defaultBaseUrl: 'https://api.anthropic.com',
  local: false,
  needsUserAction: false,

  async complete(request, context) {
    const net = watchFetch(context.fetch, context.signal, context.now);
    try {
      const client = await open(context, net.fetch);
      const stream = await client.messages.create(bodyOf(request), { signal: context.signal });
      let text = '';
      let inputTokens = 0;
      let outputTokens = 0;
      let stop: string | null = null;
      for await (const event of stream) {
        if (event.type === 'message_start') inputTokens = event.message.usage.input_tokens;
        else if (event.type === 'content_block_delta') {
          const piece = event.delta.type === 'text_delta' ? event.delta.text : '';
          text += piece;
          context.onText(piece);
        } else if (event.type === 'message_delta') {
          stop = event.delta.stop_reason ?? stop;
          outputTokens = event.usage.output_tokens;
        }
      }
      return {
        text,
        usage: stop === null ? null : { inputTokens, outputTokens },
        finish: finishOf(stop),
        citations: [],
        executed: [],
      } satisfies ProviderAnswer;
    } catch (error) {
      throw watchedFailureOf(error, context, net);
    }
  },

  async health(context) {
    const net = watchFetch(context.fetch, context.signal, context.now);
    try {
      const client = await open(context, net.fetch);
      const page = await client.models.list({ limit: 100 }, { signal: context.signal });
      return { models: page.data.map((m) => m.id) };
    } catch (error) {
      throw failureOf(error, context.signal, context.key);
    }
  },
};

async function open({ key, baseUrl }: ProviderContext, fetchPort: typeof fetch) {
  if (key === null) throw new ProviderFailure('auth', 'no key: set ANTHROPIC_API_KEY');
  const { Anthropic } = await import('@anthropic-ai/sdk');
  return new Anthropic({
    apiKey: key,
    authToken: null,
    credentials: null,
    config: null,
    baseURL: baseUrl ?? anthropic.defaultBaseUrl,
    fetch: fetchPort,
    maxRetries: 0,
    timeout: 3_600_000,
    logLevel: 'off',
  });
}

/** From 4.6 on models think as much as they find right; older ones want a budget. Names without a number are newer. */
function isAdaptive(model: string): boolean {
  const version = /(?<!\d)(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/.exec(model);
  return version === null || Number(version[1]) + Number(version[2] ?? 0) / 100 >= 4.06;
}

function thinkingOf({ model, thinkingTokens }: ProviderRequest): Pick<MessageCreateParamsStreaming, 'thinking'> {
  if (thinkingTokens < leastThinking) return {};
  if (isAdaptive(model)) return { thinking: { type: 'adaptive' } };
  return { thinking: { type: 'enabled', budget_tokens: thinkingTokens } };
}

function effortOf({ model, thinkingTokens }: ProviderRequest): { effort?: 'low' | 'medium' | 'high' } {
  if (!isAdaptive(model)) return {};
  return { effort: thinkingTokens < leastThinking ? 'low' : thinkingTokens > 4096 ? 'high' : 'medium' };
}

function bodyOf(request: ProviderRequest): MessageCreateParamsStreaming {
  const thinks = request.thinkingTokens >= leastThinking;
  const output = {
    ...effortOf(request),
    ...(request.schema === null ? {} : { format: { type: 'json_schema' as const, schema: request.schema } }),
  };
  return {
    model: request.model,
    stream: true,
    max_tokens: request.maxOutputTokens + (thinks ? request.thinkingTokens : 0),
    system: request.system,
    messages: [
      {
        role: 'user',
        content: [
          ...(request.image === null
            ? []
            : [
                {
                  type: 'image' as const,
                  source: {
                    type: 'base64' as const,
                    media_type: request.image.mimeType as 'image/png',
                    data: request.image.base64,
                  },
                },
              ]),
          { type: 'text', text: request.text },
        ],
      },
    ],
    ...thinkingOf(request),
    ...(Object.keys(output).length === 0 ? {} : { output_config: output }),
  };
}

function finishOf(reason: string | null): ProviderAnswer['finish'] {
  if (reason === null) return 'unfinished';
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length';
  return reason === 'refusal' ? 'refusal' : 'stop';
}
