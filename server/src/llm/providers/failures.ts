/** Errors of the SDKs and of fetch, as failures we know how to answer. Never carries a key. */
import { type FailureKind, ProviderFailure } from './provider.js';

interface Shaped {
  readonly status?: unknown;
  readonly code?: unknown;
  readonly headers?: unknown;
  readonly message?: unknown;
  readonly name?: unknown;
  readonly cause?: unknown;
}

/** `key` is cut out of the message wherever a service repeats it. */
export function failureOf(error: unknown, signal: AbortSignal, key: string | null): ProviderFailure {
  const own = [error, ...chain((error as Shaped | null)?.cause)].find((one) => one instanceof ProviderFailure);
  if (own !== undefined) return own as ProviderFailure;
  const e = (typeof error === 'object' && error !== null ? error : { message: String(error) }) as Shaped;
  const message = withoutSecrets(firstLine(String(e.message ?? e)), key);
  if (signal.aborted) return new ProviderFailure('aborted', 'the call was stopped');
  const status = typeof e.status === 'number' ? e.status : typeof e.code === 'number' ? e.code : null;
  if (status !== null && status >= 400) {
    const told = withoutSecrets(firstLine(sentenceIn(String(e.message ?? e))), key);
    return new ProviderFailure(kindOf(status, message), told, status, retryAfter(e.headers, message, null));
  }
  const causes = [e, ...chain(e.cause)].map(
    (x) => `${String(x.name ?? '')} ${String(x.code ?? '')} ${String(x.message ?? '')}`,
  );
  const all = causes.join(' ');
  // Node's fetch answers HTTP 407 with a network error that has neither a code nor a message
  const { cause } = [e, ...chain(e.cause)].find((one) => one.message === 'fetch failed') ?? {};
  if (cause instanceof Error && cause.message === '' && !('code' in cause))
    return new ProviderFailure(
      'proxy',
      'the request was not let through: a proxy that wants a password shows like this',
    );
  if (/ENOTFOUND|EAI_AGAIN|ENETUNREACH|ENETDOWN/.test(all))
    return new ProviderFailure('offline', `not reachable: ${message}`);
  if (/ECONNREFUSED/.test(all)) return new ProviderFailure('network', `nothing answers there: ${message}`);
  if (/proxy|SELF_SIGNED|CERT_|certificate/i.test(all))
    return new ProviderFailure('proxy', `proxy or certificate: ${message}`);
  if (/JSON|Unexpected token|parse/i.test(all))
    return new ProviderFailure('cut', `the answer ended early or is not JSON: ${message}`);
  if (/terminated|socket|ECONNRESET|premature|aborted|other side closed/i.test(all))
    return new ProviderFailure('cut', `the connection broke off: ${message}`);
  return new ProviderFailure('network', message);
}

/** The same for a call whose answers were watched: when to come again may stand in a header that the SDK drops. */
export function watchedFailureOf(
  error: unknown,
  { signal, key }: { readonly signal: AbortSignal; readonly key: string | null },
  net: { retryAfterMs(): number | null },
  hint: (failure: ProviderFailure) => string = () => '',
): ProviderFailure {
  const failure = failureOf(error, signal, key);
  const { kind, message, status, retryAfterMs } = failure;
  return new ProviderFailure(kind, message + hint(failure), status, retryAfterMs ?? net.retryAfterMs());
}

function kindOf(status: number, message: string): FailureKind {
  if (status === 429) return 'rate-limit';
  if (status === 407 || ((status === 502 || status === 503 || status === 504) && /proxy|<html/i.test(message)))
    return 'proxy';
  if (status === 401 || status === 403 || (status === 400 && /api.?key/i.test(message))) return 'auth';
  if (status === 404) return 'not-found';
  if (status === 408) return 'timeout';
  // Anthropic's "overloaded" is 529
  if (status >= 500) return 'server';
  return 'bad-request';
}

function* chain(cause: unknown): Generator<Shaped> {
  let at = cause;
  for (let depth = 0; depth < 5 && typeof at === 'object' && at !== null; depth++) {
    yield at as Shaped;
    at = (at as Shaped).cause;
  }
}

/** `Retry-After` in seconds or as a date (only when `now` is known), `retry-after-ms`, or Gemini's `retryDelay` in the body. */
export function retryAfter(headers: unknown, message: string, now: number | null): number | null {
  const get = (name: string): string | null => {
    if (headers instanceof Headers) return headers.get(name);
    const record = headers as Record<string, string> | undefined | null;
    return record?.[name] ?? null;
  };
  const ms = get('retry-after-ms');
  if (ms !== null && Number.isFinite(Number(ms))) return Math.max(0, Number(ms));
  const text = get('retry-after');
  if (text !== null) {
    const seconds = Number(text);
    if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
    const date = Date.parse(text);
    if (Number.isFinite(date) && now !== null) return Math.max(0, date - now);
  }
  const delay = /"?retryDelay"?\s*[:=]\s*"?(\d+(?:\.\d+)?)s/.exec(message);
  return delay === null ? null : Number(delay[1]) * 1000;
}

export function withoutSecrets(text: string, key: string | null): string {
  let clean = text;
  if (key !== null && key.length >= 4) clean = clean.split(key).join('[key]');
  return clean.replace(/\b(sk-[\w-]{6,}|AIza[\w-]{10,}|gsk_\w{10,}|Bearer\s+\S+)/g, '[key]').slice(0, 400);
}

/** SDKs put the service's whole JSON into the message; the sentence for people is in its `error.message`. */
function sentenceIn(text: string): string {
  try {
    const body = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as {
      error?: { message?: unknown };
    };
    const inner = body.error?.message;
    return typeof inner === 'string' && inner !== '' ? sentenceIn(inner) : text;
  } catch {
    return text;
  }
}

function firstLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
