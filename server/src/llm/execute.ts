/**
 * The one entry point: a task, an objective and constraints in; a checked answer, the routing
 * decision and a trace out. Stateless: what outlives the call is in `services`. It never throws
 * and always ends, at the latest when its deadline has passed.
 */
import { Availability } from './call/availability.js';
import { contentKey } from './call/cache.js';
import { Ledger } from './call/ledger.js';
import { Permission } from './call/permission.js';
import { Turns } from './call/turns.js';
import { deadline } from './ports.js';
import { featuresOf } from './routing/features.js';
import { route, rulePolicyVersion } from './routing/route.js';
import { buildPrompt } from './safety/prompt.js';
import type { AiServices, AnswerCheck } from './services.js';
import { type Answers, tasks } from './tasks/tasks.js';
import { type TraceRecord, traceVersion } from './traces/record.js';
import type { Citation, ExecuteRequest, ModelRef, RequestFeatures, RoutingDecision, TaskId } from './types.js';
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

class Execution {
  private readonly start: number;
  private readonly ledger: Ledger;
  private repaired = false;
  private corrections: readonly Correction[] = [];
  private check: AnswerCheck = { data: null, status: 'unchecked', accepted: 0, rejected: [] };
  private citations: Citation[] = [];
  private executed: { code: string; output: string }[] = [];
  private answeredBy: ModelRef | null = null;
  private permission: Permission | null = null;
  private features: RequestFeatures;
  private readonly id: string;

  constructor(
    private readonly request: ExecuteRequest,
    private readonly services: AiServices,
  ) {
    this.start = services.ports.now();
    const { ports, state, gCO2ePerKWh } = services;
    this.ledger = new Ledger({
      now: ports.now,
      totals: state.totals,
      task: request.input.task,
      gCO2ePerKWh,
      onSpent: () => this.tellCost(),
    });
    this.features = featuresOf(request.input);
    const r = (): string => Math.floor(services.ports.random() * 2 ** 32).toString(36);
    this.id = `${this.start.toString(36)}-${r()}${r()}`;
  }

  async run(signal: AbortSignal): Promise<ExecuteResult> {
    const { request, services } = this;
    const task = tasks[request.input.task];
    const limit = Math.min(request.constraints.maxLatencyMs ?? task.maxLatencyMs, 3_600_000);
    const time = deadline(services.ports, limit, signal);
    const available = new Availability(services, request.constraints);
    let decision = this.emptyDecision();
    try {
      const prompt = buildPrompt(task, request.input, services.ports.random, services.template(task.id) ?? task.prompt);
      this.features = featuresOf(request.input, prompt.text + prompt.system);
      decision = this.decide(available);
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
      this.permission = new Permission(request, services, this.features, prompt, this.ledger, time);
      const end = this.start + limit;
      const { permission, ledger } = this;
      const turns = new Turns(request, services, prompt, available, permission, ledger, time.signal, end);
      const asked = await Promise.race([turns.run(decision), stopped]);
      if (asked === 'stopped' || time.signal.aborted) return this.stopped(time.timedOut(), limit, decision);
      if (asked.kind === 'failed' || asked.kind === 'refused') return this.done(asked.kind, decision, asked.problem);
      this.answeredBy = asked.ref;
      this.repaired = asked.repaired;
      this.check = asked.answer.check;
      this.corrections = asked.answer.corrections;
      this.citations = [...asked.answer.citations];
      this.executed = [...asked.answer.executed];
      if (asked.kind === 'answered') {
        if (this.answeredBy !== null && this.answeredBy !== 'demo/facts')
          services.state.cache.set(
            cacheKey,
            { data: this.check.data, check: this.check, ref: this.answeredBy, corrections: this.corrections.length },
            services.ports.now(),
          );
        return this.done('answered', decision, null);
      }
      return this.done('dropped', decision, asked.problem);
    } catch (error) {
      if (time.signal.aborted) return this.stopped(time.timedOut(), limit, decision);
      const message = error instanceof Error ? error.message : String(error);
      return this.done('failed', decision, `Something went wrong inside: ${message}`);
    } finally {
      time.dispose();
    }
  }

  private stopped(timedOut: boolean, limitMs: number, decision: RoutingDecision): ExecuteResult {
    this.ledger.close(timedOut ? 'timeout' : 'aborted');
    return timedOut
      ? this.done('timeout', decision, `No answer within ${limitMs / 1000} s.`)
      : this.done('aborted', decision, 'Stopped.');
  }

  private decide(available: Availability): RoutingDecision {
    const { request, services } = this;
    const { constraints } = request;
    return route({
      features: this.features,
      objective: request.objective,
      constraints,
      models: available.models(),
      unavailable: (model) => available.whyNot(model),
      measuredLatencyS: (ref) => services.state.health.measuredLatencyS(ref),
      asked: services.asked,
      exploration: services.exploration,
      random: services.ports.random,
      elapsed: services.ports.elapsed,
      ...(services.policy === null ? {} : { quality: services.policy.quality, policyVersion: services.policy.version }),
    });
  }

  private tellCost(): void {
    const { services, ledger } = this;
    services.onEvent({
      kind: 'cost',
      costUsd: ledger.costUsd,
      carbon_g: ledger.carbon_g,
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
      policyVersion: this.services.policy?.version ?? rulePolicyVersion,
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
    const { services, request, check, ledger } = this;
    // a call that lost its race may not have noticed yet
    ledger.close('aborted');
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
      attempts: [...ledger.attempts],
      outcome,
      decisionMs: decision.decisionMs,
      latencyMs: services.ports.now() - this.start,
      inputTokens: ledger.inputTokens,
      outputTokens: ledger.outputTokens,
      costUsd: ledger.costUsd,
      carbon_g: ledger.carbon_g,
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
      warning: this.permission?.warning ?? null,
      answeredBy: this.answeredBy,
      decision,
      trace,
    };
  }
}
