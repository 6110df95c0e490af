/**
 * Google Gemini through @google/genai: thinking budget, structured output by response
 * schema, Google Search grounding (citations kept), code execution, and our own functions.
 */
import type { Content, FunctionCall, GenerateContentConfig, Part } from '@google/genai';
import type { Citation } from '../types.js';
import { failureOf, watchedFailureOf } from './failures.js';
import { watchFetch } from './http.js';
import {
  type Provider,
  type ProviderAnswer,
  type ProviderContext,
  ProviderFailure,
  type ProviderRequest,
} from './provider.js';

/** Rounds of calling our functions before the model has to answer. */
const functionRounds = 3;

export const gemini: Provider = {
  id: 'gemini',
  label: 'Google Gemini',
  keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  baseUrlVariable: 'GOOGLE_GEMINI_BASE_URL',
  defaultBaseUrl: 'https://generativelanguage.googleapis.com',
  local: false,
  needsUserAction: false,

  async complete(request, context) {
    const net = watchFetch(context.fetch, context.signal, context.now);
    try {
      const client = await open(context, net.fetch);
      const contents: Content[] = [{ role: 'user', parts: partsOf(request) }];
      const answer = { text: '', inputTokens: 0, outputTokens: 0, counted: false, finish: null as string | null };
      const citations: Citation[] = [];
      const executed: { code: string; output: string }[] = [];
      for (let round = 0; round <= functionRounds; round++) {
        const calls: FunctionCall[] = [];
        const said: Part[] = [];
        answer.text = '';
        answer.finish = null;
        const stream = await client.models.generateContentStream({
          model: request.model,
          contents,
          config: configOf(request, context, round < functionRounds),
        });
        for await (const chunk of stream) {
          const usage = chunk.usageMetadata;
          if (usage?.promptTokenCount !== undefined) {
            answer.counted = true;
            answer.inputTokens = Math.max(answer.inputTokens, usage.promptTokenCount);
            answer.outputTokens = Math.max(
              answer.outputTokens,
              (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
            );
          }
          const blocked = chunk.promptFeedback?.blockReason;
          if (blocked !== undefined) throw new ProviderFailure('refusal', `the prompt was refused: ${blocked}`);
          const candidate = chunk.candidates?.[0];
          if (candidate?.finishReason !== undefined) answer.finish = candidate.finishReason;
          for (const part of candidate?.content?.parts ?? []) {
            if (part.thought) {
              context.onText('');
              continue;
            }
            said.push(part);
            if (part.functionCall !== undefined) calls.push(part.functionCall);
            if (part.executableCode?.code !== undefined) executed.push({ code: part.executableCode.code, output: '' });
            if (part.codeExecutionResult !== undefined && executed.length > 0)
              executed[executed.length - 1]!.output = part.codeExecutionResult.output ?? '';
            if (part.text !== undefined) {
              answer.text += part.text;
              context.onText(part.text);
            }
          }
          for (const source of candidate?.groundingMetadata?.groundingChunks ?? []) {
            const { uri, title } = source.web ?? {};
            if (uri !== undefined && !citations.some((c) => c.url === uri))
              citations.push({ url: uri, title: title ?? uri });
          }
        }
        if (calls.length === 0) break;
        contents.push(
          { role: 'model', parts: said },
          { role: 'user', parts: calls.map((call) => resultOf(call, context)) },
        );
      }
      return {
        text: answer.text,
        usage: answer.counted ? { inputTokens: answer.inputTokens, outputTokens: answer.outputTokens } : null,
        finish: finishOf(answer.finish),
        citations,
        executed,
      } satisfies ProviderAnswer;
    } catch (error) {
      throw watchedFailureOf(error, context, net);
    }
  },

  async health(context) {
    const net = watchFetch(context.fetch, context.signal, context.now);
    try {
      const client = await open(context, net.fetch);
      const models: string[] = [];
      const page = await client.models.list({ config: { pageSize: 100, abortSignal: context.signal } });
      for (const model of page.page) models.push((model.name ?? '').replace(/^models\//, ''));
      return { models };
    } catch (error) {
      throw failureOf(error, context.signal, context.key);
    }
  },
};

async function open({ key, baseUrl }: ProviderContext, fetchPort: typeof fetch) {
  if (key === null) throw new ProviderFailure('auth', 'no key: set GEMINI_API_KEY');
  const { GoogleGenAI } = await import('@google/genai');
  return new GoogleGenAI({
    apiKey: key,
    vertexai: false,
    // response schemas, thinking budgets and grounding are documented for v1beta
    httpOptions: { apiVersion: 'v1beta', ...(baseUrl === null ? {} : { baseUrl }), fetch: fetchPort },
  });
}

function partsOf({ text, image }: ProviderRequest): Part[] {
  const parts: Part[] = [{ text }];
  if (image !== null) parts.push({ inlineData: { mimeType: image.mimeType, data: image.base64 } });
  return parts;
}

function configOf(request: ProviderRequest, context: ProviderContext, mayCall: boolean): GenerateContentConfig {
  const tools: NonNullable<GenerateContentConfig['tools']> = [];
  if (request.tools.includes('search')) tools.push({ googleSearch: {} });
  else if (request.tools.includes('code_execution')) tools.push({ codeExecution: {} });
  else if (request.tools.includes('carbon_calculator') && mayCall && context.functions.length > 0) {
    // one kind of tool per call: the API does not mix its own tools with ours
    tools.push({
      functionDeclarations: context.functions.map(({ name, description, parameters }) => ({
        name,
        description,
        parametersJsonSchema: parameters,
      })),
    });
  }
  return {
    systemInstruction: request.system,
    maxOutputTokens: request.maxOutputTokens + request.thinkingTokens,
    abortSignal: context.signal,
    temperature: 0,
    ...(thinkingOf(request) ?? {}),
    ...(tools.length > 0 ? { tools } : {}),
    // a response schema does not go together with tools: the prompt carries the schema as well
    ...(request.schema !== null && tools.length === 0
      ? { responseMimeType: 'application/json', responseJsonSchema: request.schema }
      : {}),
  };
}

/** 2.5 models take a budget in tokens; before that there is no thinking. */
function thinkingOf({ model, thinkingTokens }: ProviderRequest): Pick<GenerateContentConfig, 'thinkingConfig'> | null {
  if (/gemini-(1|2\.0)/.test(model)) return null;
  // Pro models cannot stop thinking: 128 is the least they take
  const least = model.includes('pro') ? 128 : 0;
  return { thinkingConfig: { thinkingBudget: Math.max(least, thinkingTokens) } };
}

function resultOf(call: FunctionCall, context: ProviderContext): Part {
  const known = context.functions.find((f) => f.name === call.name);
  const response = known === undefined ? { error: `no function ${call.name ?? ''}` } : known.call(call.args ?? {});
  return {
    functionResponse: { name: call.name ?? '', response, ...(call.id === undefined ? {} : { id: call.id }) },
  };
}

function finishOf(reason: string | null): ProviderAnswer['finish'] {
  switch (reason) {
    case 'STOP':
      return 'stop';
    case 'MAX_TOKENS':
      return 'length';
    case 'SAFETY':
    case 'RECITATION':
    case 'BLOCKLIST':
    case 'PROHIBITED_CONTENT':
    case 'SPII':
      return 'refusal';
    case null:
      return 'unfinished';
    default:
      return 'stop';
  }
}
