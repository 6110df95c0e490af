/** Requests a minute to one provider, as a token bucket. */

export class RateLimiter {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    /** Requests a minute; also how many may go at once. */
    readonly perMinute: number = 60,
  ) {}

  /** Takes a place and tells how many milliseconds to wait for it. */
  take(provider: string, now: number): number {
    const rate = this.perMinute / 60_000;
    const bucket = this.buckets.get(provider) ?? { tokens: this.perMinute, at: now };
    const tokens = Math.min(this.perMinute, bucket.tokens + Math.max(0, now - bucket.at) * rate) - 1;
    this.buckets.set(provider, { tokens, at: now });
    return tokens >= 0 ? 0 : -tokens / rate;
  }
}
