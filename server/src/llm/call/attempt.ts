/**
 * Asks one model until it answers or it is no use: retries with the wait that the service
 * asks for, a limit per try, a guard against streams that stand still, and a stop that is
 * obeyed even by code that ignores its signal.
 */
import { type AiPorts, deadline, sleep } from '../ports.js';
import { failureOf } from '../providers/failures.js';
import {
  isTransient,
  type Provider,
  type ProviderAnswer,
  type ProviderContext,
  ProviderFailure,
  type ProviderRequest,
} from '../providers/provider.js';
import type { Meter } from './ledger.js';
import type { RateLimiter } from './rateLimit.js';

export interface RetryRules {
  /** Tries after the first. */
  readonly retries: number;
  readonly firstWaitMs: number;
  /** A longer wait than this is not waited for: another model is asked. */
  readonly longestWaitMs: number;
  /** A stream without a word for so long has died. */
  readonly stallMs: number;
}

export const defaultRetryRules: RetryRules = { retries: 2, firstWaitMs: 500, longestWaitMs: 20_000, stallMs: 20_000 };

export interface AttemptInput {
  readonly ports: AiPorts;
  readonly provider: Provider;
  readonly request: ProviderRequest;
  readonly context: Omit<ProviderContext, 'signal' | 'onText'>;
  readonly rules: RetryRules;
  readonly limiter: RateLimiter;
  readonly signal: AbortSignal;
  /** Milliseconds for all tries together. */
  readonly budgetMs: number;
  /**
   * Whether a try is broken off when the budget is spent. false: the budget is all that the caller has, whose
   * signal strikes then; two clocks for one moment would leave to chance which of them is heard.
   */
  readonly keepsTime: boolean;
  readonly onText: (piece: string) => void;
  /** Told of every request, whatever becomes of it. */
  readonly meter: Meter;
}

export interface AttemptResult {
  readonly answer: ProviderAnswer | null;
  readonly failure: ProviderFailure | null;
  readonly tries: number;
  readonly elapsedMs: number;
}

export async function attempt(input: AttemptInput): Promise<AttemptResult> {
  const { ports, rules, signal } = input;
  const start = ports.now();
  const end = start + input.budgetMs;
  let failure = new ProviderFailure('timeout', 'no time was left to ask');
  let tries = 0;
  while (tries <= rules.retries && !signal.aborted) {
    const place = input.limiter.take(input.request.model === '' ? '' : input.provider.id, ports.now());
    if (place > 0) {
      if (ports.now() + place >= end) {
        failure = new ProviderFailure(
          'rate-limit',
          `our own limit of ${input.limiter.perMinute} requests a minute is reached`,
        );
        break;
      }
      await sleep(ports, place, signal);
      if (signal.aborted) break;
    }
    const left = end - ports.now();
    if (left <= 0) break;
    tries++;
    const one = await oneTry(input, input.keepsTime ? left : Infinity);
    if (one.answer !== null) return { answer: one.answer, failure: null, tries, elapsedMs: ports.now() - start };
    failure = one.failure!;
    if (!isTransient(failure.kind) || tries > rules.retries) break;
    // full jitter around an exponential wait, unless the service says how long
    const wait = failure.retryAfterMs ?? rules.firstWaitMs * 2 ** (tries - 1) * (0.5 + ports.random());
    if (wait > rules.longestWaitMs || ports.now() + wait >= end) break;
    await sleep(ports, wait, signal);
  }
  if (signal.aborted) failure = new ProviderFailure('aborted', 'the call was stopped');
  return { answer: null, failure, tries, elapsedMs: ports.now() - start };
}

async function oneTry(
  { ports, provider, request, context, rules, signal, onText, meter }: AttemptInput,
  limitMs: number,
): Promise<{ answer: ProviderAnswer | null; failure: ProviderFailure | null }> {
  const time = deadline(ports, limitMs, signal);
  let stalled = false;
  const stall = new AbortController();
  const follow = (): void => stall.abort(time.signal.reason);
  time.signal.addEventListener('abort', follow, { once: true });
  if (time.signal.aborted) follow();
  let stopGuard = ports.timer(rules.stallMs, die);
  function die(): void {
    stalled = true;
    stall.abort(new Error('stalled'));
  }
  const late = (): ProviderFailure =>
    stalled
      ? new ProviderFailure('timeout', `not a word for ${rules.stallMs / 1000} s`)
      : time.timedOut()
        ? new ProviderFailure('timeout', `no answer within ${(limitMs / 1000).toFixed(1)} s`)
        : new ProviderFailure('aborted', 'the call was stopped');
  let finished = false;
  let heard = 0;
  const stopped = new Promise<never>((_, reject) => {
    stall.signal.addEventListener('abort', () => reject(late()), { once: true });
  });
  stopped.catch(() => {});
  meter.sent();
  try {
    const running = provider.complete(request, {
      ...context,
      signal: stall.signal,
      onText: (piece) => {
        if (finished || stall.signal.aborted) return;
        stopGuard();
        stopGuard = ports.timer(rules.stallMs, die);
        if (piece === '') return;
        heard += piece.length;
        meter.heard(piece);
        onText(piece);
      },
    });
    // what a stopped call still says is nobody's business
    running.catch(() => {});
    const answer = await Promise.race([running, stopped]);
    meter.heard(answer.text.slice(heard));
    meter.over(answer.usage, true);
    return checked(answer);
  } catch (error) {
    const failure = stall.signal.aborted ? late() : failureOf(error, stall.signal, context.key);
    // what we break off ourselves has been read by the service
    meter.over(null, stall.signal.aborted || failure.kind === 'timeout' || failure.kind === 'cut');
    return { answer: null, failure };
  } finally {
    finished = true;
    stopGuard();
    time.dispose();
    time.signal.removeEventListener('abort', follow);
    if (!stall.signal.aborted) stall.abort(new Error('finished'));
  }
}

/** Answers that are none. */
function checked(answer: ProviderAnswer): { answer: ProviderAnswer | null; failure: ProviderFailure | null } {
  const fail = (failure: ProviderFailure) => ({ answer: null, failure });
  if (answer.finish === 'refusal') return fail(new ProviderFailure('refusal', 'the model refused to answer'));
  if (answer.finish === 'unfinished') return fail(new ProviderFailure('cut', 'the answer broke off before its end'));
  if (answer.text.trim() === '') return fail(new ProviderFailure('empty', 'the answer is empty'));
  return { answer, failure: null };
}
