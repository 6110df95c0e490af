/**
 * What an operator was called with when it raised: the shapes and dtypes of its tensors, for
 * the diagnostic that says which of them do not fit. Kept beside the exception, not in it.
 */
import { PyRaise } from '../python/errors.js';
import { TensorValue } from './tensor.js';

export interface FailedOperand {
  /** Parameter of the operator's schema: `input`, `weight`, `tensors[1]`. */
  readonly role: string;
  readonly tensor: TensorValue;
  /** As it was at the call: in-place code may change the tensor afterwards. */
  readonly shape: readonly number[];
  readonly dtype: string;
}

export interface OperatorFailure {
  /** Qualified name the call was made by: `torch.nn.functional.linear`. */
  readonly operator: string;
  readonly operands: readonly FailedOperand[];
}

const failures = new WeakMap<PyRaise, OperatorFailure>();

/** Remembers the call that raised; the innermost operator counts. Anything that is not a Python exception passes by. */
export function noteFailure(raised: unknown, operator: string, bound: Readonly<Record<string, unknown>>): void {
  if (!(raised instanceof PyRaise) || failures.has(raised)) return;
  const operands: FailedOperand[] = [];
  const add = (role: string, value: unknown): void => {
    if (value instanceof TensorValue)
      operands.push({ role, tensor: value, shape: value.shape, dtype: value.dtype.name });
    else if (Array.isArray(value) && value.length <= 64) value.forEach((v, i) => void add(`${role}[${i}]`, v));
  };
  for (const [role, value] of Object.entries(bound)) add(role, value);
  failures.set(raised, { operator, operands });
}

/** The operator that raised this exception; null when Python code did. */
export function failureOf(raised: PyRaise): OperatorFailure | null {
  return failures.get(raised) ?? null;
}
