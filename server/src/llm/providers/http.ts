/** The network as SDKs see it: refuses pages where an API should be, keeps the headers that SDKs drop. */
import { retryAfter } from './failures.js';
import { ProviderFailure } from './provider.js';

export interface WatchedFetch {
  readonly fetch: typeof fetch;
  /** Of the last answer that was not fine. */
  readonly retryAfterMs: () => number | null;
}

export function watchFetch(inner: typeof fetch, signal: AbortSignal, now: () => number): WatchedFetch {
  let wait: number | null = null;
  const watched: typeof fetch = async (input, init) => {
    // SDKs listen to the signal they were given; a call that was stopped never starts another request
    if (signal.aborted) throw new ProviderFailure('aborted', 'the call was stopped');
    const response = await inner(input, init);
    const type = response.headers.get('content-type') ?? '';
    if (type.includes('text/html')) {
      await response.body?.cancel();
      if (response.status === 407 || response.status < 400 || response.status >= 500)
        throw new ProviderFailure(
          'proxy',
          `a web page (HTTP ${response.status}) came where an API should answer: a proxy or a captive portal`,
          response.status,
        );
    }
    if (!response.ok) wait = retryAfter(response.headers, '', now());
    return response;
  };
  return { fetch: watched, retryAfterMs: () => wait };
}
