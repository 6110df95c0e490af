/**
 * The services' wire formats, written from their published schemas: Gemini's
 * streamGenerateContent (SSE), OpenAI's chat completions (SSE; Ollama, vLLM and llama.cpp speak
 * it too), Anthropic's messages (SSE). With faults. The loopback server and the in-process
 * network both play these scripts.
 */

export type Format = 'gemini' | 'openai' | 'anthropic';

export type Fault =
  | 'none'
  | '429'
  | '429-long'
  | '500'
  | '529'
  | 'hang'
  | 'hang-midway'
  | 'slow'
  | 'cut'
  | 'reset'
  | 'bad-json'
  | 'bad-sse'
  | 'wrong-schema'
  | 'refusal'
  | 'empty'
  | 'expired-key'
  | 'not-found'
  | 'proxy-407'
  | 'proxy-502'
  | 'captive-portal';

export const allFaults: readonly Fault[] = [
  'none',
  '429',
  '429-long',
  '500',
  '529',
  'hang',
  'hang-midway',
  'slow',
  'cut',
  'reset',
  'bad-json',
  'bad-sse',
  'wrong-schema',
  'refusal',
  'empty',
  'expired-key',
  'not-found',
  'proxy-407',
  'proxy-502',
  'captive-portal',
];

export interface Script {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Pieces of the body with what is waited before each, milliseconds. */
  readonly chunks: readonly { readonly afterMs: number; readonly text: string }[];
  /** `hang`: the body never ends; `cut`: the connection breaks. `no-answer`: not even a status. */
  readonly end: 'end' | 'hang' | 'cut' | 'no-answer';
}

export interface WireOptions {
  readonly slowMs?: number;
  readonly retryAfterS?: number;
}

/** Which format a request speaks; null: none of them. */
export function formatOf(method: string, path: string): { readonly format: Format; readonly list: boolean } | null {
  if (/\/models\/[^/]+:streamGenerateContent/.test(path)) return { format: 'gemini', list: false };
  if (/\/v1beta\/models(?:\?|$)/.test(path)) return { format: 'gemini', list: true };
  if (path.endsWith('/v1/messages')) return { format: 'anthropic', list: false };
  if (path.endsWith('/v1/chat/completions')) return { format: 'openai', list: false };
  if (method === 'GET' && /\/models(?:\?|$)/.test(path))
    return { format: path.includes('limit=') ? 'anthropic' : 'openai', list: true };
  return null;
}

export function listScript(format: Format): Script {
  const bodies = {
    gemini: {
      models: [{ name: 'models/gemini-2.5-flash', displayName: 'Gemini 2.5 Flash', inputTokenLimit: 1048576 }],
    },
    openai: { object: 'list', data: [{ id: 'gpt-5.4-mini', object: 'model', created: 1, owned_by: 'openai' }] },
    anthropic: {
      data: [
        { type: 'model', id: 'claude-haiku-4-5', display_name: 'Claude Haiku 4.5', created_at: '2025-10-01T00:00:00Z' },
      ],
      has_more: false,
      first_id: 'claude-haiku-4-5',
      last_id: 'claude-haiku-4-5',
    },
  };
  return json(200, bodies[format]);
}

export function script(format: Format, text: string, fault: Fault, options: WireOptions = {}): Script {
  const { slowMs = 40, retryAfterS = 1 } = options;
  switch (fault) {
    case '429':
      return json(429, errorBody(format, 429, 'rate limit reached', 'rate_limit_error'), {
        'retry-after': String(retryAfterS),
      });
    case '429-long':
      return json(429, errorBody(format, 429, 'quota used up', 'rate_limit_error'), { 'retry-after': '3600' });
    case '500':
      return json(500, errorBody(format, 500, 'internal error', 'api_error'));
    case '529':
      return json(format === 'anthropic' ? 529 : 503, errorBody(format, 503, 'overloaded', 'overloaded_error'));
    case 'expired-key':
      return json(
        format === 'gemini' ? 400 : 401,
        errorBody(format, 401, 'API key expired. Please renew the API key.', 'authentication_error'),
      );
    case 'not-found':
      return json(404, errorBody(format, 404, 'model not found', 'not_found_error'));
    case 'proxy-407':
      return page(407, 'Proxy Authentication Required');
    case 'proxy-502':
      return page(502, 'Bad Gateway');
    case 'captive-portal':
      return page(200, 'Please sign in to the network');
    case 'hang':
      return { status: 0, headers: {}, chunks: [], end: 'no-answer' };
    case 'reset':
      return { status: 0, headers: {}, chunks: [], end: 'cut' };
    case 'empty':
      return stream(format, events(format, '', 'stop'), 0, 'end');
    case 'refusal':
      return stream(format, events(format, '', 'refusal'), 0, 'end');
    case 'bad-json':
      return stream(format, events(format, 'Sure! Here is my answer: {"summary": oops', 'stop'), 0, 'end');
    case 'wrong-schema':
      return stream(format, events(format, '{"summary": 12, "claims": "none"}', 'stop'), 0, 'end');
    case 'bad-sse':
      return {
        ...stream(format, [], 0, 'end'),
        chunks: [{ afterMs: 0, text: 'data: {"not": "finished\n\ndata: <<<\n\n' }],
      };
    case 'slow':
      return stream(format, events(format, text, 'stop'), slowMs, 'end');
    case 'cut':
      return stream(format, events(format, text, 'stop').slice(0, 3), 0, 'cut');
    case 'hang-midway':
      return stream(format, events(format, text, 'stop').slice(0, 3), 0, 'hang');
    default:
      return stream(format, events(format, text, 'stop'), 0, 'end');
  }
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    chunks: [{ afterMs: 0, text: JSON.stringify(body) }],
    end: 'end',
  };
}

function page(status: number, title: string): Script {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    chunks: [{ afterMs: 0, text: `<html><head><title>${title}</title></head><body>${title}</body></html>` }],
    end: 'end',
  };
}

function stream(format: Format, list: readonly string[], slowMs: number, end: Script['end']): Script {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', ...(format === 'anthropic' ? { 'request-id': 'req_test' } : {}) },
    chunks: list.map((text) => ({ afterMs: slowMs, text })),
    end,
  };
}

function errorBody(format: Format, code: number, message: string, type: string): unknown {
  if (format === 'gemini')
    return { error: { code, message, status: code === 429 ? 'RESOURCE_EXHAUSTED' : 'INTERNAL' } };
  if (format === 'anthropic') return { type: 'error', error: { type, message }, request_id: 'req_test' };
  return { error: { message, type, param: null, code: null } };
}

function events(format: Format, text: string, finish: 'stop' | 'refusal'): string[] {
  const pieces = text.match(/[\s\S]{1,120}/g) ?? [];
  const tokens = Math.ceil(text.length / 4);
  if (format === 'gemini') {
    const parts = pieces.map((piece) =>
      sse({
        candidates: [{ content: { role: 'model', parts: [{ text: piece }] }, index: 0 }],
        modelVersion: 'gemini-2.5-flash',
      }),
    );
    return [
      ...parts,
      sse({
        candidates: [
          { content: { role: 'model', parts: [] }, finishReason: finish === 'stop' ? 'STOP' : 'SAFETY', index: 0 },
        ],
        usageMetadata: { promptTokenCount: 900, candidatesTokenCount: tokens, totalTokenCount: 900 + tokens },
        modelVersion: 'gemini-2.5-flash',
      }),
    ];
  }
  if (format === 'openai') {
    const chunk = (delta: unknown, reason: string | null): string =>
      sse({
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [{ index: 0, delta, finish_reason: reason }],
      });
    return [
      chunk({ role: 'assistant', content: '' }, null),
      ...pieces.map((piece) => chunk({ content: piece }, null)),
      ...(finish === 'refusal' ? [chunk({ refusal: 'I cannot help with that.' }, null)] : []),
      chunk({}, 'stop'),
      sse({
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [],
        usage: { prompt_tokens: 900, completion_tokens: tokens, total_tokens: 900 + tokens },
      }),
      'data: [DONE]\n\n',
    ];
  }
  const event = (type: string, body: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...body })}\n\n`;
  return [
    event('message_start', {
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 900, output_tokens: 1 },
      },
    }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ...pieces.map((piece) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: piece } })),
    event('content_block_stop', { index: 0 }),
    event('message_delta', {
      delta: { stop_reason: finish === 'stop' ? 'end_turn' : 'refusal', stop_sequence: null },
      usage: { output_tokens: tokens },
    }),
    event('message_stop', {}),
  ];
}

function sse(body: unknown): string {
  return `data: ${JSON.stringify(body)}\n\n`;
}

/** Gemini's stream with a picture of everything it can carry: grounding, executed code, a function call. */
export function geminiGrounded(text: string): Script {
  return stream(
    'gemini',
    [
      sse({
        candidates: [
          {
            content: {
              role: 'model',
              parts: [
                { executableCode: { language: 'PYTHON', code: 'print(2*3)' } },
                { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '6\n' } },
              ],
            },
            index: 0,
          },
        ],
      }),
      sse({ candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0 }] }),
      sse({
        candidates: [
          {
            content: { role: 'model', parts: [] },
            finishReason: 'STOP',
            index: 0,
            groundingMetadata: {
              webSearchQueries: ['L4 price'],
              groundingChunks: [
                { web: { uri: 'https://example.org/l4', title: 'L4' } },
                { web: { uri: 'javascript:alert(1)', title: 'evil' } },
              ],
            },
          },
        ],
        usageMetadata: {
          promptTokenCount: 900,
          candidatesTokenCount: 40,
          thoughtsTokenCount: 60,
          totalTokenCount: 1000,
        },
      }),
    ],
    0,
    'end',
  );
}

export function geminiCallsFunction(name: string, args: unknown): Script {
  return stream(
    'gemini',
    [
      sse({
        candidates: [
          { content: { role: 'model', parts: [{ functionCall: { name, args } }] }, finishReason: 'STOP', index: 0 },
        ],
        usageMetadata: { promptTokenCount: 900, candidatesTokenCount: 20, totalTokenCount: 920 },
      }),
    ],
    0,
    'end',
  );
}

/** As Ollama streams a thinking model: `reasoning` first, empty contents beside it, then the answer. */
export function ollamaThinking(text: string): Script {
  const chunk = (delta: object, reason: string | null = null): string =>
    sse({
      id: 'chatcmpl-123',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'qwen3:8b',
      system_fingerprint: 'fp_ollama',
      choices: [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: reason }],
    });
  const usage = { prompt_tokens: 900, completion_tokens: 80, total_tokens: 980 };
  return stream(
    'openai',
    [
      ...['First {the', ' product}, then'].map((reasoning) => chunk({ content: '', reasoning })),
      ...(text.match(/[\s\S]{1,120}/g) ?? []).map((content) => chunk({ content })),
      chunk({ content: '' }, 'stop'),
      sse({
        id: 'chatcmpl-123',
        object: 'chat.completion.chunk',
        created: 1_700_000_000,
        model: 'qwen3:8b',
        system_fingerprint: 'fp_ollama',
        choices: [],
        usage,
      }),
      'data: [DONE]\n\n',
    ],
    0,
    'end',
  );
}

/** Keywords that strict structured output takes; anything else is refused with 400. */
const schemaKeywords = new Set([
  'type',
  'properties',
  'required',
  'items',
  'enum',
  'const',
  'anyOf',
  'description',
  'additionalProperties',
]);

/** What the services would say of a request that breaks their published rules; null: nothing. */
// biome-ignore lint/suspicious/noExplicitAny: the bodies of three services
export function requestProblem(format: Format, body: any): string | null {
  if (format === 'openai' && body?.response_format?.json_schema?.strict === true)
    return schemaProblem(body.response_format.json_schema.schema);
  if (format !== 'anthropic') return null;
  const { thinking } = body;
  const adaptiveOnly = /opus-4-[7-9]|(?:opus|sonnet|haiku)-5/.test(body.model);
  if (adaptiveOnly && thinking?.type === 'enabled')
    return '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.';
  if (/-4-5$|-3-/.test(body.model) && (thinking?.type === 'adaptive' || body.output_config?.effort !== undefined))
    return 'adaptive thinking and effort are not supported on this model';
  if (thinking?.type === 'enabled' && thinking.budget_tokens >= body.max_tokens)
    return 'max_tokens must be greater than thinking.budget_tokens';
  return schemaProblem(body.output_config?.format?.schema);
}

function schemaProblem(schema: unknown): string | null {
  if (typeof schema !== 'object' || schema === null) return null;
  const node = schema as Record<string, unknown>;
  const wrong = Object.keys(node).find((key) => !schemaKeywords.has(key));
  if (wrong !== undefined) return `Invalid schema for response_format: '${wrong}' is not permitted.`;
  const properties = (node['properties'] ?? {}) as Record<string, unknown>;
  if (node['type'] === 'object') {
    if (node['additionalProperties'] !== false)
      return "Invalid schema for response_format: 'additionalProperties' is required to be supplied and to be false.";
    const required = (node['required'] ?? []) as string[];
    const optional = Object.keys(properties).find((name) => !required.includes(name));
    if (optional !== undefined) return `Invalid schema for response_format: Missing '${optional}' in 'required'.`;
  }
  const below = [...Object.values(properties), node['items'], ...((node['anyOf'] as unknown[] | undefined) ?? [])];
  return below.map(schemaProblem).find((problem) => problem !== null) ?? null;
}

export function badRequest(format: Format, message: string): Script {
  return json(400, errorBody(format, 400, message, 'invalid_request_error'));
}
