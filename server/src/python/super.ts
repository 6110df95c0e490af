/** `super()` objects. */
import { type PyClass, PyObject, type Value } from './values.js';

export class PySuper extends PyObject {
  constructor(
    /** Search starts after this class in the MRO of `start`. */
    readonly after: PyClass,
    readonly self: Value,
    readonly start: PyClass,
  ) {
    super();
  }
}
