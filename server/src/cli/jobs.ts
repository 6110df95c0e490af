/** `--jobs N`: files spread over engines in worker threads. Answers come in the order of the files, whoever was first. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentOptions } from '../analysis/engine.js';
import { EngineClient } from '../lsp/engineClient.js';
import type { CallArguments, CallName, CallResult } from '../lsp/engineProtocol.js';
import { type Flags, textFlag } from './flags.js';
import { type Io, UsageError } from './io.js';

/** @throws UsageError */
export function jobsOf(flags: Flags): number {
  const text = textFlag(flags, 'jobs');
  if (text === null) return 1;
  if (text === 'auto') return Math.max(1, availableParallelism());
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 256) return jobs;
  throw new UsageError(`--jobs ${text}: not a whole number from 1 to 256, nor auto.`);
}

export class EnginePool {
  private readonly clients: EngineClient[];

  /** @throws UsageError when the worker's program is not beside the command line's. */
  constructor(
    count: number,
    private readonly environment: EnvironmentOptions,
    io: Io,
  ) {
    const workerFile = join(io.folder, 'worker.js');
    if (!existsSync(workerFile)) throw new UsageError('--jobs: worker.js is missing beside cli.js; use --jobs 1.');
    const log = (message: string): void => {
      if (io.env['ECOCOMPUTE_DEBUG'] !== undefined) io.err(`${message}\n`);
    };
    this.clients = Array.from(
      { length: count },
      () =>
        new EngineClient({
          workerFile,
          documents: () => [],
          log,
          onReady: () => {},
          onCrash: (reason) => log(`a worker stopped: ${reason}`),
          // as much as one engine in this process may take
          fuel: null,
        }),
    );
  }

  /** One call per item, as many at a time as there are workers; a call that fails is an Error in its place. */
  async map<T, M extends CallName>(
    items: readonly T[],
    method: M,
    args: (item: T) => CallArguments<M>,
    onStart: (item: T) => void,
  ): Promise<(CallResult<M> | Error)[]> {
    const answers: (CallResult<M> | Error)[] = new Array(items.length);
    let next = 0;
    const work = async (client: EngineClient): Promise<void> => {
      for (let at = next++; at < items.length; at = next++) {
        const item = items[at] as T;
        onStart(item);
        try {
          answers[at] = await client.call(method, args(item), { priority: 1, environment: this.environment });
        } catch (error) {
          answers[at] = error instanceof Error ? error : new Error(String(error));
        }
      }
    };
    await Promise.all(this.clients.map(work));
    return answers;
  }

  dispose(): void {
    for (const client of this.clients) client.dispose();
  }
}
