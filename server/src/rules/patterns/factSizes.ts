/** Sizes of what the trace saw. */
import type { TensorFact } from '../facts.js';

const widths: Record<string, number> = {
  float64: 8,
  int64: 8,
  complex64: 8,
  complex128: 16,
  float32: 4,
  int32: 4,
  float16: 2,
  bfloat16: 2,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Elements; NaN when an extent or the rank is not known. */
export function elementsOf(tensor: TensorFact | undefined): number {
  return tensor === undefined || tensor.shape === null
    ? Number.NaN
    : tensor.shape.reduce((product, extent) => product * extent, 1);
}

export function bytesOf(tensor: TensorFact | undefined): number {
  return elementsOf(tensor) * (widths[tensor?.dtype ?? ''] ?? 4);
}

export function isHalf(tensor: TensorFact | undefined): boolean {
  return tensor?.dtype === 'float16' || tensor?.dtype === 'bfloat16';
}
