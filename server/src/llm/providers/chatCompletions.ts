/** The chat-completions wire format through the `openai` SDK: OpenAI itself and everyone who speaks it. */
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { failureOf, watchedFailureOf } from './failures.js';
import { watchFetch } from './http.js';
import {
  type Provider,
  type ProviderAnswer,
  type ProviderContext,
  ProviderFailure,
  type ProviderRequest,
} from './provider.js';

/** How services that speak the format differ. */
export interface ChatDialect {
  readonly id: string;
  readonly label: string;
  readonly keyVariables: readonly string[];
  readonly baseUrlVariable: string | null;
  readonly defaultBaseUrl: string | null;
  readonly local: boolean;
  /** `json_schema` (strict), `json_object` (the schema is in the prompt only). */
  readonly format: 'json_schema' | 'json_object';
  /** `max_completion_tokens` (OpenAI) or `max_tokens`. */
  readonly tokenLimit: 'max_completion_tokens' | 'max_tokens';
  /** Reasoning models of OpenAI take no temperature. */
  readonly temperature: boolean;
  readonly effort: boolean;
}

export function chatProvider(dialect: ChatDialect): Provider {
  return {
    id: dialect.id,
    label: dialect.label,
    keyVariables: dialect.keyVariables,
    baseUrlVariable: dialect.baseUrlVariable,
    defaultBaseUrl: dialect.defaultBaseUrl,
    local: dialect.local,
    needsUserAction: false,

    async complete(request, context) {
      const net = watchFetch(context.fetch, context.signal, context.now);
      try {
        const client = await open(dialect, context, net.fetch);
        const stream = await client.chat.completions.create(bodyOf(dialect, request), { signal: context.signal });
        let text = '';
        let finish: string | null = null;
        let refused = '';
        let usage: ProviderAnswer['usage'] = null;
        for await (const chunk of stream) {
          if (chunk.usage)
            usage = { inputTokens: chunk.usage.prompt_tokens, outputTokens: chunk.usage.completion_tokens };
          const choice = chunk.choices?.[0];
          if (choice === undefined) continue;
          if (choice.finish_reason) finish = choice.finish_reason;
          if (choice.delta?.refusal) refused += choice.delta.refusal;
          const piece = choice.delta?.content ?? '';
          text += piece;
          context.onText(piece);
        }
        return {
          text,
          usage,
          finish: refused !== '' ? 'refusal' : finishOf(finish),
          citations: [],
          executed: [],
        };
      } catch (error) {
        throw watchedFailureOf(error, context, net, (failure) => addressHint(dialect, context, failure));
      }
    },

    async health(context) {
      const net = watchFetch(context.fetch, context.signal, context.now);
      try {
        const client = await open(dialect, context, net.fetch);
        const page = await client.models.list({ signal: context.signal });
        return { models: page.data.map((m) => m.id) };
      } catch (error) {
        throw failureOf(error, context.signal, context.key);
      }
    },
  };
}

async function open(dialect: ChatDialect, { key, baseUrl }: ProviderContext, fetchPort: typeof fetch) {
  if (key === null && dialect.keyVariables.length > 0 && !dialect.local)
    throw new ProviderFailure('auth', `no key: set ${dialect.keyVariables[0]}`);
  const address = baseUrl ?? dialect.defaultBaseUrl;
  if (address === null) throw new ProviderFailure('bad-request', `no address: set ${dialect.baseUrlVariable}`);
  const { OpenAI } = await import('openai');
  return new OpenAI({
    // local servers take any key, the SDK wants one
    apiKey: key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: address,
    fetch: fetchPort,
    // retries are ours: one place counts them
    maxRetries: 0,
    timeout: 3_600_000,
    logLevel: 'off',
  });
}

/** Own servers speak this format under `/v1`; their plain address is what people know. */
function addressHint({ local }: ChatDialect, { baseUrl }: ProviderContext, { kind }: ProviderFailure): string {
  const lacks = local && kind === 'not-found' && baseUrl !== null && !/\/v\d+\/?$/.test(baseUrl);
  return lacks ? `; the address may have to end in /v1: ${baseUrl.replace(/\/$/, '')}/v1` : '';
}

function bodyOf(dialect: ChatDialect, request: ProviderRequest): ChatCompletionCreateParamsStreaming {
  const limit = request.maxOutputTokens + (dialect.effort ? request.thinkingTokens : 0);
  return {
    model: request.model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: request.system },
      {
        role: 'user',
        content:
          request.image === null
            ? request.text
            : [
                { type: 'text', text: request.text },
                {
                  type: 'image_url',
                  image_url: { url: `data:${request.image.mimeType};base64,${request.image.base64}` },
                },
              ],
      },
    ],
    ...(dialect.tokenLimit === 'max_tokens' ? { max_tokens: limit } : { max_completion_tokens: limit }),
    ...(dialect.temperature ? { temperature: 0 } : {}),
    ...(dialect.effort && /^(gpt-[5-9]|o\d)/.test(request.model)
      ? { reasoning_effort: request.thinkingTokens === 0 ? 'low' : request.thinkingTokens > 4096 ? 'high' : 'medium' }
      : {}),
    ...(request.schema === null
      ? {}
      : dialect.format === 'json_schema'
        ? {
            response_format: {
              type: 'json_schema' as const,
              json_schema: { name: request.schemaName, strict: true, schema: request.schema },
            },
          }
        : { response_format: { type: 'json_object' as const } }),
  };
}

function finishOf(reason: string | null): ProviderAnswer['finish'] {
  if (reason === null) return 'unfinished';
  if (reason === 'length') return 'length';
  if (reason === 'content_filter') return 'refusal';
  return 'stop';
}
