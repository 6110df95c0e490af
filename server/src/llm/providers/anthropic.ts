/** Anthropic's Messages API through @anthropic-ai/sdk, with structured output. */
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import { failureOf } from './failures.js';
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
      const failure = failureOf(error, context.signal, context.key);
      throw new ProviderFailure(
        failure.kind,
        failure.message,
        failure.status,
        failure.retryAfterMs ?? net.retryAfterMs(),
      );
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

function bodyOf(request: ProviderRequest): MessageCreateParamsStreaming {
  const thinks = request.thinkingTokens >= leastThinking;
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
    ...(thinks ? { thinking: { type: 'enabled' as const, budget_tokens: request.thinkingTokens } } : {}),
    ...(request.schema === null
      ? {}
      : { output_config: { format: { type: 'json_schema' as const, schema: request.schema } } }),
  };
}

function finishOf(reason: string | null): ProviderAnswer['finish'] {
  if (reason === null) return 'unfinished';
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length';
  return reason === 'refusal' ? 'refusal' : 'stop';
}
