/**
 * Who is asked, in order, until an answer is acceptable. With hedging a second provider is
 * asked when the first has not answered after a while: the first acceptable answer wins, the
 * other call is aborted, and what it took until then is counted.
 */

import type { Prompt } from '../safety/prompt.js';
import type { AiServices } from '../services.js';
import { answerSchema, tasks } from '../tasks/tasks.js';
import type { ExecuteRequest, ModelRef, RoutingDecision } from '../types.js';
import type { Availability } from './availability.js';
import { Conversation, type Turn, type TurnAnswer } from './conversation.js';
import type { Ledger } from './ledger.js';
import type { Permission } from './permission.js';

export type Asked =
  | { readonly kind: 'answered'; readonly ref: ModelRef; readonly answer: TurnAnswer; readonly repaired: boolean }
  /** Answered, but nothing of it passed the checks. */
  | {
      readonly kind: 'dropped';
      readonly ref: ModelRef;
      readonly answer: TurnAnswer;
      readonly repaired: boolean;
      readonly problem: string;
    }
  | { readonly kind: 'failed'; readonly problem: string }
  | Refused;

interface Refused {
  readonly kind: 'refused';
  readonly problem: string;
}

interface Running {
  readonly ref: ModelRef;
  readonly provider: string;
  readonly stop: AbortController;
  readonly ended: Promise<{ readonly of: Running; readonly turn: Turn }>;
}

export class Turns {
  private readonly problems: string[] = [];
  private waiting: ModelRef[] = [];
  private isFirst = true;
  /** Whose text is shown while it arrives: two at once would be unreadable. */
  private speaker: Running | null = null;

  constructor(
    private readonly request: ExecuteRequest,
    private readonly services: AiServices,
    private readonly prompt: Prompt,
    private readonly available: Availability,
    private readonly permission: Permission,
    private readonly ledger: Ledger,
    private readonly signal: AbortSignal,
    /** When the deadline is, had nobody been reading (milliseconds since the epoch). */
    private readonly end: number,
  ) {}

  async run(decision: RoutingDecision): Promise<Asked> {
    this.waiting = [decision.chosen!, ...decision.fallbacks];
    while (this.waiting.length > 0 && !this.signal.aborted) {
      const first = await this.next();
      if (first === null) break;
      if ('kind' in first) return first;
      const asked = await this.race(first);
      if (asked !== null) return asked;
    }
    return {
      kind: 'failed',
      problem: this.problems.length > 0 ? this.problems.slice(0, 4).join('; ') : 'No model could be asked.',
    };
  }

  /** Starts the next in line that may be asked. null: there is none. */
  private async next(): Promise<Running | Refused | null> {
    for (let ref = this.waiting.shift(); ref !== undefined && !this.signal.aborted; ref = this.waiting.shift()) {
      const found = this.available.find(ref);
      if (found === null) continue;
      // an earlier failure of this very call may have shown that the provider is down
      if (!this.isFirst && this.available.whyNot(found.model) !== null) continue;
      this.isFirst = false;
      const permit = await this.permission.ask(found.model, found.provider, false);
      if (permit.granted) return this.start(ref, found, permit.release, false);
      if (permit.final) return { kind: 'refused', problem: permit.problem };
      this.problems.push(permit.problem);
    }
    return null;
  }

  /** Starts the best one of another provider that may be asked without a question. null: there is none. */
  private async second(first: Running): Promise<Running | null> {
    for (const ref of this.waiting) {
      const found = this.available.find(ref);
      if (found === null || found.provider.id === first.provider || this.available.whyNot(found.model) !== null)
        continue;
      const permit = await this.permission.ask(found.model, found.provider, true);
      if (!permit.granted) continue;
      if (this.signal.aborted) {
        permit.release();
        return null;
      }
      this.waiting = this.waiting.filter((one) => one !== ref);
      return this.start(ref, found, permit.release, true);
    }
    return null;
  }

  private start(
    ref: ModelRef,
    { model, provider }: NonNullable<ReturnType<Availability['find']>>,
    release: () => void,
    isHedge: boolean,
  ): Running {
    const stop = new AbortController();
    const follow = (): void => stop.abort(this.signal.reason);
    this.signal.addEventListener('abort', follow, { once: true });
    if (this.signal.aborted) follow();
    // the last one in line may use all that is left
    const left = this.end + this.permission.waitedMs - this.services.ports.now();
    const keepsTime = this.waiting.length > 0;
    const budgetMs = keepsTime ? left * 0.6 : left;
    const { task } = this.request.input;
    const talk = new Conversation(this.request, this.services, this.prompt, answerSchema(tasks[task]), this.ledger);
    let self: Running | null = null;
    const onText = (piece: string): void => {
      this.speaker ??= self;
      if (this.speaker === self) this.services.onEvent({ kind: 'text', ref, piece });
    };
    const ended = talk
      .ask({ ref, model, provider, budgetMs, keepsTime, signal: stop.signal, isHedge, onText })
      .finally(() => {
        release();
        this.signal.removeEventListener('abort', follow);
        if (this.speaker === self) this.speaker = null;
      })
      .then((turn) => ({ of: self!, turn }));
    // a loser that fails inside is nobody's business any more
    ended.catch(() => {});
    self = { ref, provider: provider.id, stop, ended };
    return self;
  }

  /** One model, or two at once. null: neither answered. */
  private async race(first: Running): Promise<Asked | null> {
    const running = new Set([first]);
    let dropped: Asked | null = null;
    const hedge = this.hedgeTimer();
    try {
      while (running.size > 0) {
        const event = await Promise.race([...[...running].map((one) => one.ended), ...hedge.rings()]);
        if (event === 'hedge') {
          const second = await this.second(first);
          if (second !== null) running.add(second);
          continue;
        }
        const { of, turn } = event;
        running.delete(of);
        if (turn.answer === null) {
          this.problems.push(`${of.ref}: ${turn.problem}`);
          this.services.onEvent({ kind: 'failed', ref: of.ref, message: turn.problem });
          continue;
        }
        const { answer, repaired } = turn;
        const { accepted, rejected } = answer.check;
        if (accepted > 0 || rejected.length === 0) return { kind: 'answered', ref: of.ref, answer, repaired };
        dropped ??= {
          kind: 'dropped',
          ref: of.ref,
          answer,
          repaired,
          problem: `Every proposal was dropped: ${rejected.map((r) => r.reasons[0]).join('; ')}`,
        };
      }
      return dropped;
    } finally {
      hedge.stop();
      for (const loser of running) loser.stop.abort(new Error('another model answered first'));
    }
  }

  /** Rings once after the delay; never without one, nor for questions that nobody waits for. */
  private hedgeTimer(): { rings(): Promise<'hedge'>[]; stop(): void } {
    const { hedgeAfterMs } = this.request.constraints;
    if (hedgeAfterMs === undefined || this.services.asked !== 'person' || this.waiting.length === 0)
      return { rings: () => [], stop: () => {} };
    let hasRung = false;
    let stop = (): void => {};
    const bell = new Promise<'hedge'>((resolve) => {
      stop = this.services.ports.timer(hedgeAfterMs, () => resolve('hedge'));
    }).then((ring) => {
      hasRung = true;
      return ring;
    });
    return { rings: () => (hasRung ? [] : [bell]), stop };
  }
}
