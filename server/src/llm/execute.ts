/**
 * The one entry point: a task, an objective and constraints in; a checked answer, the routing
 * decision and a trace out. Stateless: what outlives the call is in `services`. It never throws
 * and always ends, at the latest when its deadline has passed.
 */
import { notWorthIt, overBudget } from './budget.js';
import { contentKey } from './call/cache.js';
import { Conversation, type Round } from './call/conversation.js';
import { type Deadline, deadline } from './ports.js';
import type { Provider } from './providers/provider.js';
import { costOf, expectedUsage } from './routing/callEstimate.js';
import { featuresOf } from './routing/features.js';
import { route } from './routing/route.js';
import { refusedFile } from './safety/filePolicy.js';
import { buildPrompt, type Prompt } from './safety/prompt.js';
import type { AiServices, AnswerCheck, SendPreview } from './services.js';
import { type Answers, answerSchema, tasks } from './tasks/tasks.js';
import { type TraceRecord, traceVersion } from './traces/record.js';
import type {
  Citation,
  ExecuteRequest,
  ModelInfo,
  ModelRef,
  RequestFeatures,
  RoutingDecision,
  TaskId,
} from './types.js';
import type { Correction } from './verify/numbers.js';

export interface ExecuteResult<T extends TaskId = TaskId> {
  readonly outcome: TraceRecord['outcome'];
  /** null when there is no answer, or when the local answer stands. */
  readonly data: Answers[T] | null;
  /** What local analysis says, when it was the answer. */
  readonly local: string | null;
  /** `verified`: numeric agreement was seen; `checked`: everything short of it; `unchecked`: text with its figures corrected. */
  readonly status: AnswerCheck['status'];
  /** Proposals that were dropped, with why. */
  readonly rejected: AnswerCheck['rejected'];
  readonly corrections: readonly Correction[];
  readonly citations: readonly Citation[];
  readonly executed: readonly { readonly code: string; readonly output: string }[];
  /** One sentence when there is no answer; null otherwise. */
  readonly problem: string | null;
  /** That the call costs more than its fix can save. */
  readonly warning: string | null;
  readonly answeredBy: ModelRef | null;
  readonly decision: RoutingDecision;
  readonly trace: TraceRecord;
}

export async function execute<T extends TaskId>(
  request: ExecuteRequest & { input: { task: T } },
  services: AiServices,
  signal: AbortSignal = new AbortController().signal,
): Promise<ExecuteResult<T>> {
  return (await new Execution(request, services).run(signal)) as ExecuteResult<T>;
}

/** This machine, or a network that addresses it privately. */
export function isLocalAddress(address: string): boolean {
  try {
    const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
    return (
      host === 'localhost' ||
      host === '::1' ||
      host.endsWith('.local') ||
      /^(127|10)\.\d+\.\d+\.\d+$|^192\.168\.\d+\.\d+$|^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(host)
    );
  } catch {
    return false;
  }
}

class Execution {
  private readonly start: number;
  private readonly attempts: TraceRecord['attempts'] = [];
  private spentUsd = 0;
  private spent_g = 0;
  private inputTokens = 0;
  private outputTokens = 0;
  private repaired = false;
  private corrections: readonly Correction[] = [];
  private check: AnswerCheck = { data: null, status: 'unchecked', accepted: 0, rejected: [] };
  private citations: Citation[] = [];
  private executed: { code: string; output: string }[] = [];
  private answeredBy: ModelRef | null = null;
  private time: Deadline | null = null;
  /** Milliseconds that the person took to read what is to be sent: no part of the deadline. */
  private waitedMs = 0;
  private warning: string | null = null;
  private features: RequestFeatures;
  private readonly id: string;

  constructor(
    private readonly request: ExecuteRequest,
    private readonly services: AiServices,
  ) {
    this.start = services.ports.now();
    this.features = featuresOf(request.input);
    const r = (): string => Math.floor(services.ports.random() * 2 ** 32).toString(36);
    this.id = `${this.start.toString(36)}-${r()}${r()}`;
  }

  async run(signal: AbortSignal): Promise<ExecuteResult> {
    const { request, services } = this;
    const task = tasks[request.input.task];
    const limit = Math.min(request.constraints.maxLatencyMs ?? task.maxLatencyMs, 3_600_000);
    const time = deadline(services.ports, limit, signal);
    this.time = time;
    let decision = this.emptyDecision();
    try {
      const prompt = buildPrompt(task, request.input, services.ports.random, services.template(task.id) ?? task.prompt);
      this.features = featuresOf(request.input, prompt.text + prompt.system);
      decision = this.decide();
      services.onEvent({ kind: 'routed', chosen: decision.chosen, reason: decision.reason });
      if (decision.tier === 'local')
        return this.done('local', decision, null, request.input.context.local?.text ?? null);
      const cacheKey = this.cacheKey();
      const cached = services.state.cache.get(cacheKey, services.ports.now());
      if (cached !== null) {
        this.check = cached.check;
        this.answeredBy = cached.ref;
        return this.done('cached', decision, null);
      }
      if (decision.chosen === null) return this.done('failed', decision, decision.reason);
      const stopped = new Promise<'stopped'>((resolve) => {
        time.signal.addEventListener('abort', () => resolve('stopped'), { once: true });
        if (time.signal.aborted) resolve('stopped');
      });
      const answered = await Promise.race([this.askInTurn(decision, prompt, time.signal, this.start + limit), stopped]);
      if (answered === 'stopped' || time.signal.aborted) return this.stopped(time.timedOut(), limit, decision);
      if (answered.kind === 'answered') {
        if (this.answeredBy !== null && this.answeredBy !== 'demo/facts')
          services.state.cache.set(
            cacheKey,
            { data: this.check.data, check: this.check, ref: this.answeredBy, corrections: this.corrections.length },
            services.ports.now(),
          );
        return this.done('answered', decision, null);
      }
      return this.done(answered.kind, decision, answered.problem);
    } catch (error) {
      if (time.signal.aborted) return this.stopped(time.timedOut(), limit, decision);
      const message = error instanceof Error ? error.message : String(error);
      return this.done('failed', decision, `Something went wrong inside: ${message}`);
    } finally {
      time.dispose();
    }
  }

  private stopped(timedOut: boolean, limitMs: number, decision: RoutingDecision): ExecuteResult {
    return timedOut
      ? this.done('timeout', decision, `No answer within ${limitMs / 1000} s.`)
      : this.done('aborted', decision, 'Stopped.');
  }

  private decide(): RoutingDecision {
    const { request, services } = this;
    const { constraints } = request;
    const models = services.registry.models.map((model) => this.placed(model));
    for (const ref of [constraints.model, ...(constraints.fallbacks ?? [])]) {
      if (ref === undefined || models.some((m) => m.ref === ref)) continue;
      const made = services.registry.find(ref);
      if (made !== null) models.push(this.placed(made));
    }
    return route({
      features: this.features,
      objective: request.objective,
      constraints,
      models,
      unavailable: (model) => this.unavailable(model),
      measuredLatencyS: (ref) => services.state.health.measuredLatencyS(ref),
      asked: services.asked,
      exploration: services.exploration,
      random: services.ports.random,
      elapsed: services.ports.elapsed,
      ...(services.policy === null ? {} : { quality: services.policy.quality, policyVersion: services.policy.version }),
    });
  }

  /** A server of the user's is local only where its address is. */
  private placed(model: ModelInfo): ModelInfo {
    const provider = this.services.providers.find((one) => one.id === model.provider);
    if (!model.local || provider === undefined || provider.baseUrlVariable === null) return model;
    const address = this.services.baseUrl(provider);
    return address === null || isLocalAddress(address) ? model : { ...model, local: false, regions: [] };
  }

  private unavailable(model: ModelInfo): string | null {
    const { services } = this;
    const provider = services.providers.find((one) => one.id === model.provider);
    if (provider === undefined) return `no provider ${model.provider}`;
    if (provider.id === 'demo' && this.request.constraints.model !== model.ref && !this.onlyDemo())
      return 'the demo is asked only when nothing else can be';
    if (provider.needsUserAction && services.asked !== 'person')
      return 'editor models are asked only when a person asks';
    if (provider.id === 'vscode' && services.chat === null) return 'only available inside VS Code';
    if (!provider.local && provider.keyVariables.length > 0 && services.key(provider) === null)
      return `no key (${provider.keyVariables[0]})`;
    if (
      provider.local &&
      provider.baseUrlVariable !== null &&
      services.baseUrl(provider) === null &&
      provider.defaultBaseUrl === null
    )
      return `no address (${provider.baseUrlVariable})`;
    const now = services.ports.now();
    return services.state.health.coolingDown(provider.id, now) ?? services.state.health.coolingDown(model.ref, now);
  }

  /** No other provider is set up. */
  private onlyDemo(): boolean {
    const { services } = this;
    return !services.providers.some((p) =>
      p.id === 'demo'
        ? false
        : p.id === 'vscode'
          ? services.chat !== null
          : p.local
            ? services.baseUrl(p) !== null || p.defaultBaseUrl !== null
            : services.key(p) !== null,
    );
  }

  private async askInTurn(
    decision: RoutingDecision,
    prompt: Prompt,
    signal: AbortSignal,
    end: number,
  ): Promise<{ kind: 'answered' } | { kind: 'dropped' | 'failed' | 'refused'; problem: string }> {
    const { services, request } = this;
    const order = [decision.chosen!, ...decision.fallbacks];
    const problems: string[] = [];
    for (const [index, ref] of order.entries()) {
      if (signal.aborted) break;
      const model = services.registry.find(ref);
      const provider = services.providers.find((one) => one.id === model?.provider);
      if (model === null || provider === undefined) continue;
      // an earlier failure of this very call may have shown that the provider is down
      if (index > 0 && this.unavailable(model) !== null) continue;
      const blocked = await this.mayAsk(model, provider, prompt);
      if (blocked !== null) {
        if (blocked.final) return { kind: 'refused', problem: blocked.problem };
        problems.push(blocked.problem);
        continue;
      }
      if (signal.aborted) break;
      // the last one in line may use all that is left
      const left = end + this.waitedMs - services.ports.now();
      const share = index < order.length - 1 ? left * 0.6 : left;
      const round: Round = { ref, model, provider, budgetMs: share, signal };
      const talk = new Conversation(request, services, prompt, answerSchema(tasks[request.input.task]));
      const result = await talk.ask(round);
      this.account(result.usages, model);
      this.attempts.push(...result.attempts);
      this.repaired ||= result.repaired;
      if (result.answer !== null) {
        this.answeredBy = ref;
        this.check = result.answer.check;
        this.corrections = result.answer.corrections;
        this.citations = [...result.answer.citations];
        this.executed = [...result.answer.executed];
        const { accepted, rejected } = this.check;
        if (accepted === 0 && rejected.length > 0) {
          return {
            kind: 'dropped',
            problem: `Every proposal was dropped: ${rejected.map((r) => r.reasons[0]).join('; ')}`,
          };
        }
        return { kind: 'answered' };
      }
      problems.push(`${ref}: ${result.problem}`);
      services.onEvent({ kind: 'failed', ref, message: result.problem });
      if (result.final) return { kind: 'dropped', problem: result.problem };
    }
    return {
      kind: 'failed',
      problem: problems.length > 0 ? problems.slice(0, 4).join('; ') : 'No model could be asked.',
    };
  }

  /** Budget and consent. `final`: asking another model would be asking around a no. */
  private async mayAsk(
    model: ModelInfo,
    provider: Provider,
    prompt: Prompt,
  ): Promise<{ problem: string; final: boolean } | null> {
    const { services, request } = this;
    const task = tasks[request.input.task];
    const expected = costOf(
      expectedUsage(this.features, model, task.thinkingTokens),
      model,
      services.gCO2ePerKWh ?? undefined,
    );
    const budget = overBudget(
      services.state.totals,
      services.ports.now(),
      expected.costUsd,
      services.budgetUsdPerMonth,
    );
    if (budget !== null && expected.costUsd > 0) return { problem: budget, final: false };
    const { maxCostUsd, maxCarbon_g } = request.constraints;
    if (maxCostUsd !== undefined && this.spentUsd + expected.costUsd > maxCostUsd)
      return { problem: `the maximum of $${maxCostUsd} for this call is used up`, final: false };
    if (maxCarbon_g !== undefined && this.spent_g + expected.carbon_g > maxCarbon_g)
      return { problem: `the maximum of ${maxCarbon_g} g for this call is used up`, final: false };
    this.warning = notWorthIt(expected, request.input.context.yearlySaving);
    if (this.warning !== null && services.asked === 'automatic') return { problem: this.warning, final: false };
    // the demo and a server on this machine send nothing anywhere
    if (provider.id === 'demo' || this.placed(model).local) return null;
    const refused = request.input.context.code
      .map((block) => refusedFile(block.file, services.filePolicy))
      .find((why) => why !== null);
    if (refused != null) return { problem: refused, final: false };
    const preview: SendPreview = {
      provider: provider.id,
      providerLabel: provider.label,
      model: model.model,
      address: services.baseUrl(provider) ?? provider.defaultBaseUrl,
      local: model.local,
      system: prompt.system,
      text: prompt.text,
      imageBytes: Math.floor(((request.input.context.image?.base64.length ?? 0) * 3) / 4),
      files: request.input.context.code.map((block) => block.file),
      redactions: prompt.redactions,
      hidden: prompt.hidden,
      shortened: prompt.shortened,
      expectedCostUsd: expected.costUsd,
      expectedCarbon_g: expected.carbon_g,
      warning: this.warning,
    };
    const resume = this.time?.pause();
    const agreed = await services.consent(preview).finally(() => {
      this.waitedMs += resume?.() ?? 0;
    });
    if (agreed) return null;
    return { problem: `Nothing was sent: sending to ${provider.label} was not allowed.`, final: true };
  }

  private account(usages: readonly { inputTokens: number; outputTokens: number }[], model: ModelInfo): void {
    const { services, request } = this;
    for (const usage of usages) {
      const cost = costOf(usage, model, services.gCO2ePerKWh ?? undefined);
      this.spentUsd += cost.costUsd;
      this.spent_g += cost.carbon_g;
      this.inputTokens += usage.inputTokens;
      this.outputTokens += usage.outputTokens;
      services.state.totals.add({
        at: services.ports.now(),
        task: request.input.task,
        provider: model.provider,
        costUsd: cost.costUsd,
        carbon_g: cost.carbon_g,
        ...usage,
      });
    }
    services.onEvent({
      kind: 'cost',
      costUsd: this.spentUsd,
      carbon_g: this.spent_g,
      monthUsd: services.state.totals.spentInMonth(services.ports.now()),
    });
  }

  private cacheKey(): string {
    const { input, objective, constraints } = this.request;
    const { range, ...context } = input.context;
    return contentKey(
      input.task,
      input.prompt,
      objective,
      JSON.stringify(constraints),
      JSON.stringify(range ?? null),
      JSON.stringify(context),
      this.services.template(input.task) ?? '',
    );
  }

  private emptyDecision(): RoutingDecision {
    return {
      tier: 'small',
      difficulty: 0,
      objective: this.request.objective,
      chosen: null,
      reason: 'not routed',
      fallbacks: [],
      candidates: [],
      policyVersion: this.services.policy?.version ?? 'rules-1',
      propensity: 1,
      decisionMs: 0,
    };
  }

  private done(
    outcome: TraceRecord['outcome'],
    decision: RoutingDecision,
    problem: string | null,
    local: string | null = null,
  ): ExecuteResult {
    const { services, request, check } = this;
    const { input } = request;
    const hasAnswer = outcome === 'answered' || outcome === 'cached';
    const trace: TraceRecord = {
      schemaVersion: traceVersion,
      id: this.id,
      at: this.start,
      task: input.task,
      objective: request.objective,
      features: this.features,
      tier: decision.tier,
      difficulty: decision.difficulty,
      policy_version: decision.policyVersion,
      propensity: decision.propensity,
      candidates: [...decision.candidates],
      chosen: decision.chosen,
      answeredBy: this.answeredBy,
      attempts: [...this.attempts],
      outcome,
      decisionMs: decision.decisionMs,
      latencyMs: services.ports.now() - this.start,
      inputTokens: this.inputTokens,
      outputTokens: this.outputTokens,
      costUsd: this.spentUsd,
      carbon_g: this.spent_g,
      verification: {
        status: check.status,
        accepted: check.accepted,
        rejected: check.rejected.length,
        // reasons may quote the code: kept short, and only our own sentences
        reasons: check.rejected.flatMap((r) => r.reasons.map((text) => text.slice(0, 160))).slice(0, 6),
        corrections: this.corrections.length,
        repaired: this.repaired,
      },
      user_feedback: null,
      source: services.keepSource
        ? { prompt: input.prompt, code: input.context.code.map((block) => block.text).join('\n') }
        : null,
    };
    try {
      services.store?.append(trace);
    } catch {
      // a full disk must not cost the answer
    }
    return {
      outcome,
      data: hasAnswer ? (check.data as ExecuteResult['data']) : null,
      local,
      status: check.status,
      rejected: check.rejected,
      corrections: this.corrections,
      citations: this.citations,
      executed: this.executed,
      problem,
      warning: this.warning,
      answeredBy: this.answeredBy,
      decision,
      trace,
    };
  }
}
