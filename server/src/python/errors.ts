/** Python exceptions crossing host code. Native functions raise with `raise`, the VM catches and unwinds. */
import type { PyInstance } from './values.js';

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

export function raise(typeName: string, message: string): never {
  throw new PyRaise(typeName, message);
}

/** Thrown when fuel runs out or the run is cancelled: passes through Python handlers untouched. */
export class Aborted {
  constructor(readonly reason: 'fuel' | 'cancelled' | 'depth' | 'memory') {}
}
