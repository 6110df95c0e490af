/**
 * The worker's side: holds one engine, keeps its documents up to date and answers one call
 * after the other. A call that throws is a failed call, never a dead worker.
 */
import type { Engine, EnginePorts, EnvironmentOptions } from '../analysis/engine.js';
import type { CallMessage, EngineCalls, FromWorker, ToWorker } from './engineProtocol.js';

/** The end of the message channel inside the worker. */
export interface HostPort {
  postMessage(message: FromWorker): void;
  on(event: 'message', listener: (message: ToWorker) => void): void;
}

/** What the host needs beside the engine: the calls that other rooms answer. */
export type ExtraCalls = (engine: Engine) => Pick<EngineCalls, 'accelerators' | 'regions' | 'auditPage'>;

/**
 * Creates the engine and serves it. Messages that arrive while it starts are kept in order.
 * `cancelled[0]` holds the id of the call to stop.
 */
export async function hostEngine(
  port: HostPort,
  cancelled: Int32Array,
  files: EnginePorts['files'],
  create: (ports: EnginePorts) => Promise<Engine>,
  extras: ExtraCalls,
): Promise<void> {
  let current = 0;
  const waiting: ToWorker[] = [];
  let handle = (message: ToWorker): void => {
    waiting.push(message);
  };
  port.on('message', (message) => handle(message));
  const isCancelled = () => current !== 0 && Atomics.load(cancelled, 0) === current;

  let engine: Engine;
  try {
    engine = await create({
      files,
      cancelled: isCancelled,
      log: (message) => port.postMessage({ kind: 'log', message }),
    });
  } catch (error) {
    port.postMessage({ kind: 'broken', message: messageOf(error) });
    return;
  }

  const calls = { ...bindCalls(engine), ...extras(engine) } as unknown as Record<
    string,
    (...args: unknown[]) => unknown
  >;
  let environment = '';
  const configure = (next: EnvironmentOptions) => {
    const key = JSON.stringify(next);
    if (key === environment) return;
    environment = key;
    engine.configure(next);
  };

  const answer = (message: CallMessage) => {
    current = message.id;
    try {
      if (isCancelled()) {
        port.postMessage({ kind: 'cancelled', id: message.id });
        return;
      }
      if (message.environment) configure(message.environment);
      const value = calls[message.method](...message.args);
      port.postMessage(
        isCancelled() ? { kind: 'cancelled', id: message.id } : { kind: 'result', id: message.id, value },
      );
    } catch (error) {
      port.postMessage(
        isCancelled()
          ? { kind: 'cancelled', id: message.id }
          : { kind: 'failed', id: message.id, message: messageOf(error) },
      );
    } finally {
      current = 0;
    }
  };

  handle = (message) => {
    try {
      switch (message.kind) {
        case 'open':
          return engine.open(message.file, message.text, message.version);
        case 'change':
          return engine.change(message.file, message.edits, message.version);
        case 'close':
          return engine.close(message.file);
        case 'invalidate':
          for (const file of message.files) engine.invalidate(file);
          return;
        case 'call':
          return answer(message);
      }
    } catch (error) {
      port.postMessage({ kind: 'log', message: `${message.kind}: ${messageOf(error)}` });
    }
  };
  port.postMessage({ kind: 'ready', parserBackend: engine.parserBackend });
  for (const message of waiting.splice(0)) handle(message);
}

function bindCalls(engine: Engine): Omit<EngineCalls, 'accelerators' | 'regions' | 'auditPage'> {
  return {
    analyse: (...args) => engine.analyse(...args),
    withSavings: (...args) => engine.withSavings(...args),
    hover: (...args) => engine.hover(...args),
    estimate: (...args) => engine.estimate(...args),
    explainAt: (...args) => engine.explainAt(...args),
    compare: (...args) => engine.compare(...args),
    audit: (...args) => engine.audit(...args),
    fixAll: (...args) => engine.fixAll(...args),
    setInputs: (...args) => engine.setInputs(...args),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
