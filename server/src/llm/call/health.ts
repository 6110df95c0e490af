/** What calls have shown about models: cooling down after failures, and measured latency. The shell keeps it between calls. */
import type { ModelRef } from '../types.js';

export class ModelHealth {
  private readonly failures = new Map<string, { count: number; until: number; why: string }>();
  private readonly latency = new Map<ModelRef, { seconds: number; calls: number }>();

  /** `key`: a model or a provider. Cools down for 30 s, doubled with each failure in a row, at most 15 minutes. */
  failed(key: string, why: string, now: number, retryAfterMs: number | null): void {
    const count = (this.failures.get(key)?.count ?? 0) + 1;
    const wait = Math.max(retryAfterMs ?? 0, Math.min(900_000, 30_000 * 2 ** (count - 1)));
    this.failures.set(key, { count, until: now + wait, why });
  }

  succeeded(ref: ModelRef, provider: string, seconds: number): void {
    this.failures.delete(ref);
    this.failures.delete(provider);
    const old = this.latency.get(ref);
    // a moving mean: a change of the service shows within a few calls
    this.latency.set(ref, {
      seconds: old === undefined ? seconds : old.seconds + 0.3 * (seconds - old.seconds),
      calls: (old?.calls ?? 0) + 1,
    });
  }

  /** Why it is not asked at this moment, or null. */
  coolingDown(key: string, now: number): string | null {
    const f = this.failures.get(key);
    if (f === undefined || f.until <= now) return null;
    return `cooling down for ${Math.ceil((f.until - now) / 1000)} s after: ${f.why}`;
  }

  /** Seconds of a call, from three calls on. */
  measuredLatencyS(ref: ModelRef): number | null {
    const l = this.latency.get(ref);
    return l !== undefined && l.calls >= 3 ? l.seconds : null;
  }
}
