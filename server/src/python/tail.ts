/** What a native function returns when Python code should run in its place, on the machine's own stack. */
import { type Keywords, PyObject, type Value } from './values.js';

export class TailCall extends PyObject {
  constructor(
    readonly func: Value,
    readonly args: Value[],
    readonly kwargs: Keywords,
    /** Applied to the result. */
    readonly exit: ((result: Value) => Value) | null,
    /** Called when an exception leaves the call. */
    readonly unwind: (() => void) | null,
  ) {
    super();
  }
}
