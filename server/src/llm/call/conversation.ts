/** One model's turn: question, answer, checks, and one repair round with the reasons. */
import { carbonCalculator } from '../carbonCalculator.js';
import { portableSchema } from '../providers/portableSchema.js';
import { coolsDown, type Provider, type ProviderAnswer, type ProviderFailure } from '../providers/provider.js';
import { tokensOf } from '../routing/features.js';
import { codeKeys, inertAnswer, safeCitation } from '../safety/output.js';
import { limits, type Prompt } from '../safety/prompt.js';
import type { AiServices, AnswerCheck } from '../services.js';
import type { AnswerBase } from '../tasks/task.js';
import { tasks } from '../tasks/tasks.js';
import type { Citation, ExecuteRequest, ModelInfo, ModelRef } from '../types.js';
import { type Correction, checkNumbers } from '../verify/numbers.js';
import { attempt } from './attempt.js';
import type { Ledger } from './ledger.js';
import { parseAnswer } from './parseAnswer.js';

export interface Round {
  readonly ref: ModelRef;
  readonly model: ModelInfo;
  readonly provider: Provider;
  readonly budgetMs: number;
  /** As in `AttemptInput`. */
  readonly keepsTime: boolean;
  readonly signal: AbortSignal;
  readonly isHedge: boolean;
  readonly onText: (piece: string) => void;
}

export interface TurnAnswer {
  readonly check: AnswerCheck;
  readonly corrections: readonly Correction[];
  readonly citations: readonly Citation[];
  readonly executed: ProviderAnswer['executed'];
}

export interface Turn {
  readonly answer: TurnAnswer | null;
  readonly problem: string;
  readonly repaired: boolean;
}

export class Conversation {
  constructor(
    private readonly request: ExecuteRequest,
    private readonly services: AiServices,
    private readonly prompt: Prompt,
    private readonly schema: Record<string, unknown>,
    private readonly ledger: Ledger,
  ) {}

  async ask(round: Round): Promise<Turn> {
    const { services } = this;
    const end = services.ports.now() + round.budgetMs;
    let text = this.prompt.text;
    let best: TurnAnswer | null = null;
    let problem = '';
    let repaired = false;
    for (let turn = 0; turn < 2; turn++) {
      if (round.signal.aborted) break;
      repaired = turn > 0;
      services.onEvent({ kind: 'asking', ref: round.ref, round: turn });
      const one = await this.once(round, text, end - services.ports.now());
      if (one.answer === null) {
        problem = one.problem;
        break;
      }
      const judged = await this.judge(one.answer, round.signal);
      if (judged.answer !== null) {
        // of two tries the one with more that holds
        if (best === null || judged.answer.check.accepted >= best.check.accepted) best = judged.answer;
        if (judged.complaints.length === 0 || best.check.accepted > 0) return { answer: best, problem: '', repaired };
      }
      problem = judged.complaints.join('; ') || 'the answer did not pass the checks';
      if (judged.leak) break;
      text = this.repairText(judged.complaints);
    }
    return { answer: best, problem, repaired };
  }

  private async once(
    { ref, model, provider, keepsTime, signal, isHedge, onText }: Round,
    text: string,
    budgetMs: number,
  ): Promise<{ answer: ProviderAnswer | null; problem: string }> {
    const { services, request, prompt } = this;
    const task = tasks[request.input.task];
    const maxTokens = Math.min(model.maxOutputTokens, request.constraints.maxTokens ?? task.outputTokens * 4);
    const meter = this.ledger.question(model, tokensOf(prompt.system + text), isHedge);
    const result = await attempt({
      ports: services.ports,
      provider,
      request: {
        model: model.model,
        input: request.input,
        system: prompt.system,
        text,
        image: request.input.context.image ?? null,
        schema: model.structured ? portableSchema(this.schema) : null,
        schemaName: task.id,
        maxOutputTokens: maxTokens,
        thinkingTokens:
          model.reasoning && request.constraints.maxTokens === undefined
            ? Math.min(task.thinkingTokens, Math.max(0, model.maxOutputTokens - maxTokens))
            : 0,
        tools: task.needs.tools.filter((tool) => model.tools.includes(tool)),
      },
      context: {
        fetch: services.ports.fetch,
        now: services.ports.now,
        key: services.key(provider),
        baseUrl: services.baseUrl(provider),
        functions: [carbonCalculator],
        chat: services.chat,
      },
      rules: services.retry,
      limiter: services.state.limiter,
      signal,
      budgetMs,
      keepsTime,
      onText,
      meter,
    });
    const now = services.ports.now();
    const { failure, answer } = result;
    if (answer !== null) services.state.health.succeeded(ref, provider.id, result.elapsedMs / 1000 / result.tries);
    else if (failure !== null && coolsDown(failure.kind) && failure.kind !== 'aborted')
      // a wrong key or a dead network concerns all models of the provider
      services.state.health.failed(
        failure.kind === 'auth' || failure.kind === 'offline' || failure.kind === 'proxy' ? provider.id : ref,
        failure.message,
        now,
        failure.retryAfterMs,
      );
    meter.end(failure === null ? null : failure.kind, now);
    return { answer, problem: failure === null ? '' : sentence(failure) };
  }

  /** Everything that stands between an answer and the person. */
  private async judge(
    answer: ProviderAnswer,
    signal: AbortSignal,
  ): Promise<{ answer: TurnAnswer | null; complaints: readonly string[]; leak: boolean }> {
    const { request, services, prompt } = this;
    const task = tasks[request.input.task];
    if (answer.text.includes(prompt.nonce))
      return { answer: null, complaints: ['the answer repeats the instructions it was given'], leak: true };
    const parsed = parseAnswer(task, answer.text);
    if (!parsed.ok)
      return {
        answer: null,
        complaints:
          answer.finish === 'length' ? ['the answer was cut at its token limit', ...parsed.reasons] : parsed.reasons,
        leak: false,
      };
    const inert = inertAnswer(parsed.value as AnswerBase, codeKeys);
    const { data, corrections } = checkNumbers(inert, request.input.context.facts, codeKeys);
    const check: AnswerCheck =
      services.checkAnswer === null
        ? { data, status: 'unchecked', accepted: 0, rejected: [] }
        : await services.checkAnswer(request.input, data, signal);
    const citations = answer.citations.flatMap((c) => safeCitation(c) ?? []);
    const complaints =
      check.accepted === 0 ? check.rejected.flatMap((r) => r.reasons.map((why) => `${r.what}: ${why}`)) : [];
    return { answer: { check, corrections, citations, executed: answer.executed }, complaints, leak: false };
  }

  private repairText(complaints: readonly string[]): string {
    const list = complaints
      .slice(0, 8)
      .map((c) => `- ${c.slice(0, limits.note)}`)
      .join('\n');
    return `${this.prompt.text}\n\nYour previous answer was not accepted, for these reasons:\n${list}\nAnswer again, in full, without these faults.`;
  }
}

function sentence(failure: ProviderFailure): string {
  const status = failure.status === null ? '' : ` (HTTP ${failure.status})`;
  switch (failure.kind) {
    case 'auth':
      return `the key was not accepted${status}: ${failure.message}`;
    case 'rate-limit':
      return `too many requests${status}`;
    case 'server':
      return `the service failed${status}`;
    default:
      return `${failure.message}${status}`;
  }
}
