/** How host objects of other rooms (tensors, dtypes …) take part in attribute access, subscripts and iteration. */
import type { Interp, PyObject, Value } from './values.js';

export interface HostProtocol {
  /** Attributes that are neither in the instance dict nor in the class; undefined when there is none. */
  getAttr?(vm: Interp, object: any, name: string): Value | undefined;
  /** False when the attribute is an ordinary one. */
  setAttr?(vm: Interp, object: any, name: string, value: Value): boolean;
  getItem?(vm: Interp, object: any, index: Value): Value;
  setItem?(vm: Interp, object: any, index: Value, value: Value): void;
  length?(vm: Interp, object: any): number | undefined;
  iterate?(vm: Interp, object: any): Iterable<Value>;
  /** undefined when it cannot be known. */
  truth?(vm: Interp, object: any): boolean | undefined;
}

const none: HostProtocol = {};

export function setProtocol(host: { prototype: PyObject }, protocol: HostProtocol): void {
  (host.prototype as unknown as { hostProtocol: HostProtocol }).hostProtocol = protocol;
}

export function protocolOf(object: PyObject): HostProtocol {
  return (object as unknown as { hostProtocol?: HostProtocol }).hostProtocol ?? none;
}
