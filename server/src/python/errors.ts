/** Python exceptions crossing host code. Native functions raise with `raise`, the VM catches and unwinds. */
import type { PyInstance, Value } from './values.js';

/** A Python exception in flight. Not an `Error`: no stack is captured, because models raise and catch often. */
export class PyRaise {
  /** Set once Python code needs the exception object. */
  instance: PyInstance | null = null;
  constructor(
    /** Built-in exception class name: `ValueError`, `RuntimeError` … */
    readonly typeName: string,
    readonly message: string,
  ) {}
}

/**
 * A call further down whose answer is settled (`frame`, `value`): what it runs is left as by an exception that
 * handlers of `Exception` do not see, and the call returns `value`.
 */
export class Answered extends PyRaise {
  constructor(
    readonly frame: object,
    readonly value: Value,
  ) {
    super('GeneratorExit', '');
  }
}

export function raise(typeName: string, message: string): never {
  throw new PyRaise(typeName, message);
}

/** Thrown when fuel runs out or the run is cancelled: passes through Python handlers untouched. */
export class Aborted {
  constructor(readonly reason: 'fuel' | 'cancelled' | 'depth' | 'memory') {}
}
