/** The inputs of an estimate as its pragma comment would say them: `x=(1,3,224,224) float32`. */
import type { CallReport } from '../analysis/model.js';

/** Unknown dims are left to be filled in as `?`. Inputs without a shape are left out. */
export function inputSpec(estimate: CallReport): string {
  return estimate.inputs
    .filter((input) => input.shape !== null)
    .map((input) => `${input.name}=(${tuple(input.shape ?? [])}) ${input.dtype}`)
    .join(', ');
}

/** The same as `--input` takes them: `x=1x3x224x224:float32`. Empty when a shape is not known. */
export function inputFlags(estimate: CallReport): string[] {
  const flags = estimate.inputs.map(({ name, shape, dtype }) =>
    shape?.every((dim) => dim !== null) ? `${name}=${shape.join('x')}:${dtype}` : '',
  );
  return flags.includes('') ? [] : flags;
}

/** Python's way to write a tuple of one. */
function tuple(dims: readonly (number | null)[]): string {
  const text = dims.map((dim) => dim ?? '?').join(',');
  return dims.length === 1 ? `${text},` : text;
}

/** True when at least one shape came from nowhere in the code. */
export function isGuessed(estimate: CallReport): boolean {
  return estimate.inputs.some((input) => input.source === 'default' || input.source === 'inferred');
}
