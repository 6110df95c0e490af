/**
 * The LSP thread's side of the engine: one worker, one call at a time, the most urgent
 * first. Idle work steps aside for anything a person waits for. A worker that dies is
 * replaced and told its documents again; the call it died of fails.
 */
import { Worker } from 'node:worker_threads';
import type { EnvironmentOptions } from '../analysis/engine.js';
import type {
  CallArguments,
  CallMessage,
  CallName,
  CallResult,
  FromWorker,
  OpenMessage,
  ToWorker,
  WorkerData,
} from './engineProtocol.js';
import { workerLimits } from './workerLimits.js';

/** 0: a person waits; 1: diagnostics; 2: idle work, interrupted by the others. */
export type Priority = 0 | 1 | 2;

export interface CallOptions {
  readonly priority: Priority;
  readonly environment: EnvironmentOptions | null;
  /** Calls about a file are dropped by `cancelFile`. */
  readonly file?: string;
  readonly token?: CancellationLike;
}

export interface CancellationLike {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

/** The call was stopped before it had a result. */
export class CallCancelled extends Error {
  override readonly name = 'CallCancelled';
}
/** The engine failed, or its worker died, while it answered. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  /** `fatal`: the question took the worker down; asking it again would do so again. */
  constructor(
    message: string,
    readonly fatal = false,
  ) {
    super(message);
  }
}

interface Job {
  /** Gets a new number when the call is asked again. */
  message: CallMessage;
  readonly priority: Priority;
  readonly file: string | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Stopped for good, by whoever asked. */
  dropped: boolean;
  watchdog?: NodeJS.Timeout;
}

export interface EngineClientOptions {
  readonly workerFile: string;
  /** The documents to tell a new worker. */
  readonly documents: () => Iterable<OpenMessage>;
  readonly log: (message: string) => void;
  readonly onReady: (parserBackend: 'native' | 'wasm') => void;
  /** The worker died; `again` says whether a new one was started. */
  readonly onCrash: (reason: string, again: boolean) => void;
  /** Steps a run may take; null: the engine's own limit, absent: that of an editor. */
  readonly fuel?: number | null;
}

/** After so many deaths without one answer between them, wait for the next edit. */
const MAX_DEATHS_IN_A_ROW = 4;
/** A cancelled call that does not come back within this time has its worker replaced. */
const CANCEL_GRACE_MS = 10_000;

export class EngineClient {
  private worker: Worker | null = null;
  private cancelled = new Int32Array(new SharedArrayBuffer(4));
  private running: Job | null = null;
  private queue: Job[] = [];
  private nextId = 1;
  private deaths = 0;
  private disposed = false;
  private broken: string | null = null;

  constructor(private readonly options: EngineClientOptions) {}

  start(): void {
    if (this.worker || this.disposed) return;
    this.broken = null;
    this.cancelled = new Int32Array(new SharedArrayBuffer(4));
    const { fuel } = this.options;
    const workerData: WorkerData = { cancelled: this.cancelled, ...(fuel === undefined ? {} : { fuel }) };
    const worker = new Worker(this.options.workerFile, {
      workerData,
      resourceLimits: workerLimits,
    });
    this.worker = worker;
    worker.on('message', (message: FromWorker) => {
      if (this.worker === worker) this.receive(message);
    });
    let reason = '';
    worker.on('error', (error) => {
      reason = error.message;
    });
    worker.on('exit', (code) => {
      if (this.worker === worker) this.died(reason || `exit code ${code}`);
    });
    for (const document of this.options.documents()) worker.postMessage(document);
    this.next();
  }

  /** Tells the worker about documents and files. Starts it again if it had given up. */
  tell(message: Exclude<ToWorker, CallMessage>): void {
    if (!this.worker) {
      this.deaths = 0;
      // A new worker is told all open documents, this one's news among them.
      this.start();
      return;
    }
    this.worker.postMessage(message);
  }

  /**
   * Asks the engine.
   * @throws {CallCancelled} when the token fires, the file changes or the client is disposed
   * @throws {CallFailed} when the engine throws or its worker dies
   */
  call<M extends CallName>(method: M, args: CallArguments<M>, options: CallOptions): Promise<CallResult<M>> {
    if (this.disposed || options.token?.isCancellationRequested) return Promise.reject(new CallCancelled(method));
    if (this.broken !== null) return Promise.reject(new CallFailed(this.broken));
    if (!this.worker && this.deaths >= MAX_DEATHS_IN_A_ROW) {
      return Promise.reject(new CallFailed('the engine stopped several times and waits for the next edit'));
    }
    return new Promise((resolve, reject) => {
      const job: Job = {
        message: { kind: 'call', id: this.nextId++, method, args, environment: options.environment },
        priority: options.priority,
        file: options.file,
        resolve: resolve as (value: unknown) => void,
        reject,
        dropped: false,
      };
      options.token?.onCancellationRequested(() => this.drop(job));
      this.queue.push(job);
      this.start();
      this.next();
    });
  }

  /** Stops every call about a file: its text has changed or it was closed. */
  cancelFile(file: string): void {
    for (const job of [...this.queue, ...(this.running ? [this.running] : [])]) {
      if (job.file === file) this.drop(job);
    }
  }

  dispose(): void {
    this.disposed = true;
    const worker = this.worker;
    this.worker = null;
    for (const job of [...this.queue, ...(this.running ? [this.running] : [])])
      job.reject(new CallCancelled('disposed'));
    clearTimeout(this.running?.watchdog);
    this.queue = [];
    this.running = null;
    void worker?.terminate();
  }

  private drop(job: Job): void {
    if (job.dropped) return;
    if (job === this.running) {
      job.dropped = true;
      this.interrupt(job);
      return;
    }
    const at = this.queue.indexOf(job);
    if (at < 0) return;
    this.queue.splice(at, 1);
    job.dropped = true;
    job.reject(new CallCancelled(job.message.method));
  }

  private interrupt(job: Job): void {
    Atomics.store(this.cancelled, 0, job.message.id);
    job.watchdog ??= setTimeout(() => {
      if (this.running === job) void this.worker?.terminate();
    }, CANCEL_GRACE_MS).unref();
  }

  private next(): void {
    if (!this.worker || this.queue.length === 0) return;
    this.queue.sort((a, b) => a.priority - b.priority || a.message.id - b.message.id);
    if (this.running) {
      if (this.running.priority === 2 && this.queue[0].priority < 2) this.interrupt(this.running);
      return;
    }
    const job = this.queue.shift() as Job;
    this.running = job;
    this.worker.postMessage(job.message);
  }

  private receive(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.options.onReady(message.parserBackend);
        return;
      case 'log':
        this.options.log(message.message);
        return;
      case 'broken': {
        this.broken = message.message;
        this.options.onCrash(message.message, false);
        for (const job of this.queue.splice(0)) job.reject(new CallFailed(message.message));
        this.running?.reject(new CallFailed(message.message));
        this.running = null;
        return;
      }
      default:
        this.settle(message);
    }
  }

  private settle(message: Extract<FromWorker, { id: number }>): void {
    const job = this.running;
    if (!job || job.message.id !== message.id) return;
    clearTimeout(job.watchdog);
    this.running = null;
    this.deaths = 0;
    if (job.dropped) {
      job.reject(new CallCancelled(job.message.method));
    } else if (message.kind === 'result') {
      job.resolve(message.value);
    } else if (message.kind === 'failed') {
      job.reject(new CallFailed(message.message));
    } else {
      // Stepped aside for something more urgent: the same question under a new number.
      job.message = { ...job.message, id: this.nextId++ };
      job.watchdog = undefined;
      this.queue.push(job);
    }
    this.next();
  }

  private died(reason: string): void {
    this.worker = null;
    if (this.disposed) return;
    const job = this.running;
    this.running = null;
    clearTimeout(job?.watchdog);
    const hung = job?.dropped === true && job.watchdog !== undefined;
    this.deaths += 1;
    const again = this.deaths < MAX_DEATHS_IN_A_ROW;
    this.options.onCrash(hung ? 'it did not stop when asked to' : reason, again);
    job?.reject(job.dropped ? new CallCancelled(job.message.method) : new CallFailed(reason, true));
    if (again) {
      this.start();
      return;
    }
    for (const waiting of this.queue.splice(0)) waiting.reject(new CallFailed(reason));
  }
}
