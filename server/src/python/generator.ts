/** Generators: a frame that pauses at `yield`. */
import type { Frame } from './frame.js';
import { type Interp, PyIterator, type Value } from './values.js';

/** What a generator needs of the machine. */
export interface Resumer extends Interp {
  /** Runs the frame until it yields or ends; undefined at the end (the return value is then in `generator.result`). */
  resume(generator: PyGenerator, sent: Value): Value | undefined;
}

export class PyGenerator extends PyIterator {
  started = false;
  finished = false;
  running = false;
  result: Value = null;
  constructor(
    readonly frame: Frame,
    readonly name: string,
    readonly isCoroutine: boolean,
  ) {
    super();
  }
  next(vm: Interp): Value | undefined {
    return (vm as Resumer).resume(this, null);
  }
}
