/**
 * What one execution spends, call by call, while it happens: every try opens a line, and a
 * line that is broken off (a lost race, a deadline, a stop) is closed with the tokens that had
 * gone and come by then, because services charge for those. Where a service states its usage,
 * that is what counts.
 */
import type { Totals } from '../budget.js';
import { costOf } from '../routing/callEstimate.js';
import { tokensOf } from '../routing/features.js';
import type { TraceRecord } from '../traces/record.js';
import type { ModelInfo, Usage } from '../types.js';

type Attempt = TraceRecord['attempts'][number];

/** Followed by attempt.ts through the tries of one question. */
export interface Meter {
  /** A request leaves. */
  sent(): void;
  /** Text has come. */
  heard(piece: string): void;
  /** The request is over. `usage` null: not stated by the service. `charged`: whether it costs anything when nothing was heard. */
  over(usage: Usage | null, charged: boolean): void;
}

export interface LedgerPorts {
  readonly now: () => number;
  readonly totals: Totals;
  readonly task: string;
  readonly gCO2ePerKWh: number | null;
  /** After each request that cost something, and at the end. */
  readonly onSpent: () => void;
}

export class Ledger {
  readonly attempts: Attempt[] = [];
  costUsd = 0;
  carbon_g = 0;
  inputTokens = 0;
  outputTokens = 0;
  /** Dollars and grams that calls now running are expected to take. */
  private readonly expected = new Set<{ readonly costUsd: number; readonly carbon_g: number }>();
  private readonly open = new Set<LedgerLine>();

  constructor(private readonly ports: LedgerPorts) {}

  /** One question to one model. `inputTokens`: as far as can be told before. */
  question(model: ModelInfo, inputTokens: number, isHedge: boolean): LedgerLine {
    const line = new LedgerLine(this, model, inputTokens, isHedge, this.ports.now());
    this.open.add(line);
    return line;
  }

  /** Sets aside what a call is expected to take, here and in the month; the result gives it back. */
  reserve(cost: { readonly costUsd: number; readonly carbon_g: number }): () => void {
    const one = { ...cost };
    this.expected.add(one);
    const release = this.ports.totals.reserve(cost.costUsd);
    return () => {
      this.expected.delete(one);
      release();
    };
  }

  /** Spent and set aside. */
  committed(): { readonly costUsd: number; readonly carbon_g: number } {
    let { costUsd, carbon_g } = this;
    for (const one of this.expected) {
      costUsd += one.costUsd;
      carbon_g += one.carbon_g;
    }
    return { costUsd, carbon_g };
  }

  spend(model: ModelInfo, usage: Usage): { costUsd: number; carbon_g: number } {
    const { totals, task, now, gCO2ePerKWh, onSpent } = this.ports;
    const { costUsd, carbon_g } = costOf(usage, model, gCO2ePerKWh ?? undefined);
    this.costUsd += costUsd;
    this.carbon_g += carbon_g;
    this.inputTokens += usage.inputTokens;
    this.outputTokens += usage.outputTokens;
    totals.add({ at: now(), task, provider: model.provider, costUsd, carbon_g, ...usage });
    onSpent();
    return { costUsd, carbon_g };
  }

  ended(line: LedgerLine, attempt: Attempt): void {
    if (this.open.delete(line)) this.attempts.push(attempt);
  }

  /** Ends what still runs. */
  close(failure: 'aborted' | 'timeout'): void {
    for (const line of this.open) line.end(failure, this.ports.now());
  }
}

export class LedgerLine implements Meter {
  private running: { heard: number } | null = null;
  private tries = 0;
  private isEnded = false;
  private readonly sums = { inputTokens: 0, outputTokens: 0, costUsd: 0, carbon_g: 0 };

  constructor(
    private readonly ledger: Ledger,
    private readonly model: ModelInfo,
    private readonly expectedInput: number,
    private readonly isHedge: boolean,
    private readonly start: number,
  ) {}

  sent(): void {
    if (this.isEnded) return;
    this.tries++;
    this.running = { heard: 0 };
  }

  heard(piece: string): void {
    if (this.running !== null) this.running.heard += tokensOf(piece);
  }

  over(usage: Usage | null, charged: boolean): void {
    const { running } = this;
    if (this.isEnded || running === null) return;
    this.running = null;
    if (usage === null && !charged && running.heard === 0) return;
    const used = usage ?? { inputTokens: this.expectedInput, outputTokens: running.heard };
    const cost = this.ledger.spend(this.model, used);
    this.sums.inputTokens += used.inputTokens;
    this.sums.outputTokens += used.outputTokens;
    this.sums.costUsd += cost.costUsd;
    this.sums.carbon_g += cost.carbon_g;
  }

  /** Later calls change nothing. */
  end(failure: string | null, now: number): void {
    if (this.isEnded) return;
    this.over(null, true);
    this.isEnded = true;
    this.ledger.ended(this, {
      ref: this.model.ref,
      tries: this.tries,
      ms: now - this.start,
      failure,
      ...this.sums,
      ...(this.isHedge ? { hedge: true } : {}),
    });
  }
}
