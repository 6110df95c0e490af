/** How host objects of other rooms (tensors, dtypes …) take part in attribute access, subscripts and iteration. */
import type { Interp, PyObject, Value } from './values.js';

export interface HostProtocol<T extends PyObject = PyObject> {
  /** Attributes that are neither in the instance dict nor in the class; undefined when there is none. */
  getAttr?(vm: Interp, object: T, name: string): Value | undefined;
  /** False when the attribute is an ordinary one. */
  setAttr?(vm: Interp, object: T, name: string, value: Value): boolean;
  getItem?(vm: Interp, object: T, index: Value): Value;
  setItem?(vm: Interp, object: T, index: Value, value: Value): void;
  length?(vm: Interp, object: T): number | undefined;
  iterate?(vm: Interp, object: T): Iterable<Value>;
  /** undefined when it cannot be known. */
  truth?(vm: Interp, object: T): boolean | undefined;
}

const none: HostProtocol = {};

export function setProtocol<T extends PyObject>(host: { prototype: T }, protocol: HostProtocol<T>): void {
  (host.prototype as unknown as { hostProtocol: HostProtocol<T> }).hostProtocol = protocol;
}

export function protocolOf(object: PyObject): HostProtocol {
  return (object as unknown as { hostProtocol?: HostProtocol }).hostProtocol ?? none;
}
