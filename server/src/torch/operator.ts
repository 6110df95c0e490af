/**
 * How an operator is declared: once, as one entry of its family's file.
 *
 * A schema is written as in PyTorch's native_functions.yaml, with every qualified name it
 * is known by in front:
 *
 *   'torch.softmax, Tensor.softmax(Tensor input, int dim, *, ScalarType? dtype=None)'
 *
 * The binder checks and converts the Python arguments by the schema (raising TypeError as
 * PyTorch does), so `run` sees plain host values: Tensor -> TensorValue, int -> number,
 * int[] -> number[], float -> number, bool -> boolean, str -> string, ScalarType -> DType,
 * Scalar -> { value, kind }, Tensor[] -> TensorValue[], Value -> as is; `?` allows null.
 * When an argument that matters is Unknown, the binder answers for the operator: the call is
 * reported as a coverage gap and its result is Unknown.
 */
import type { Value } from '../python/values.js';
import type { OpCall } from './opcall.js';

/** Arguments by name, converted as the schema says: their types stand in the schema, not in TypeScript. */
export type Bound = any;

export interface OperatorDeclaration {
  /** One or more signatures with their qualified names. */
  readonly schemas: readonly string[];
  /** Runs shape and dtype rules, emits kernels through `c`, and gives the result. Raises RuntimeError etc. where PyTorch does. */
  readonly run: (c: OpCall, a: Bound) => Value;
}

/** Declares one operator. */
export function op(run: OperatorDeclaration['run'], ...schemas: string[]): OperatorDeclaration {
  return { schemas, run };
}
