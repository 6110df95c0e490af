/** What the room needs from outside: time, randomness, network. Shells bring the real ones, tests virtual ones. */

export interface AiPorts {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps: what decision times are measured with. */
  readonly elapsed: () => number;
  /** Calls back once after `ms`; the result stops it. */
  readonly timer: (ms: number, then: () => void) => () => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The network. Honours `signal`. */
  readonly fetch: typeof fetch;
}

/** Resolves after `ms`, or at once when the signal is or becomes aborted (the caller looks at the signal). */
export function sleep(ports: AiPorts, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = ports.timer(ms, done);
    signal.addEventListener('abort', done, { once: true });
  });
}

export interface Deadline {
  readonly signal: AbortSignal;
  readonly timedOut: () => boolean;
  /** Time does not count until the result is called, which tells how long that was (milliseconds): a person is reading. */
  readonly pause: () => () => number;
  /** Frees the timer. */
  readonly dispose: () => void;
}

/** A signal that aborts with its parent or when `ms` have passed (Infinity: only with its parent). */
export function deadline(ports: AiPorts, ms: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  let late = false;
  const abort = (): void => controller.abort(parent?.reason);
  if (parent?.aborted) controller.abort(parent.reason);
  parent?.addEventListener('abort', abort, { once: true });
  let left = Math.max(0, ms);
  let since = ports.now();
  let stop = (): void => {};
  let isOver = false;
  const run = (): void => {
    since = ports.now();
    if (left === Infinity) return;
    stop = ports.timer(left, () => {
      late = true;
      controller.abort(new Error('deadline'));
    });
  };
  run();
  return {
    signal: controller.signal,
    timedOut: () => late,
    pause: () => {
      stop();
      const paused = ports.now();
      left = Math.max(0, left - (paused - since));
      return () => {
        if (!isOver) run();
        return ports.now() - paused;
      };
    },
    dispose: () => {
      isOver = true;
      stop();
      parent?.removeEventListener('abort', abort);
    },
  };
}
