/** Tensors under Python's protocols: len, iteration, truth, item, tolist. */
import { raise } from '../python/errors.js';
import { type Interp, PyList, type Value } from '../python/values.js';
import type { TorchState } from './kernel.js';
import { OpCall } from './opcall.js';
import { unbind } from './ops/views.js';
import type { TensorValue } from './tensor.js';

const call = (interp: Interp, name: string): OpCall => new OpCall(interp, interp.torch as TorchState, name);

/** `len(t)`. */
export function tensorLength(interp: Interp, t: TensorValue): Value {
  if (t.ndim === 0) raise('TypeError', 'len() of a 0-d tensor');
  return call(interp, 'Tensor.__len__').int(t.shape[0]!);
}

/** Rows of a tensor, as iteration gives them; null when their number is not known. */
export function tensorIterate(interp: Interp, t: TensorValue): TensorValue[] | null {
  if (t.ndim === 0) raise('TypeError', 'iteration over a 0-d tensor');
  if (Number.isNaN(t.shape[0]!)) return null;
  return unbind(call(interp, 'Tensor.__iter__'), t, 0);
}

function readBack(c: OpCall, t: TensorValue): void {
  c.emit('_local_scalar_dense', [t], [], { elementwise: 0, differentiable: false });
  c.synchronise(t);
}

/** `bool(t)`: undefined when it depends on data. */
export function tensorTruth(interp: Interp, t: TensorValue): boolean | undefined {
  const n = t.numel;
  if (n > 1) raise('RuntimeError', 'Boolean value of Tensor with more than one value is ambiguous');
  if (n === 0) return false;
  readBack(call(interp, 'Tensor.__bool__'), t);
  const values = t.values;
  return values === null ? undefined : values[0] !== 0;
}

/** `t.item()`: a number, or an Unknown of the dtype's kind. */
export function tensorItem(interp: Interp, t: TensorValue): Value {
  const c = call(interp, 'Tensor.item');
  const n = t.numel;
  if (n !== 1 && !Number.isNaN(n))
    raise(c.since(2) ? 'RuntimeError' : 'ValueError', `a Tensor with ${n} elements cannot be converted to Scalar`);
  readBack(c, t);
  const values = t.values;
  if (values !== null) return c.number(values[0]!, t.dtype);
  const kind = t.dtype.kind === 'bool' ? 'bool' : t.dtype.kind === 'int' ? 'int' : 'float';
  return interp.gap('Tensor.item', 'value depends on data', kind);
}

/** `t.tolist()`: nested lists; an Unknown when the values are not known. */
export function tensorToList(interp: Interp, t: TensorValue): Value {
  const values = t.values;
  const c = call(interp, 'Tensor.tolist');
  c.synchronise(t);
  if (values === null) return interp.gap('Tensor.tolist', 'values depend on data', 'any');
  let at = 0;
  const build = (d: number): Value => {
    if (d === t.ndim) return c.number(values[at++]!, t.dtype);
    return new PyList(Array.from({ length: t.shape[d]! }, () => build(d + 1)));
  };
  return build(0);
}
