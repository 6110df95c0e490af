/** Arithmetic on known element values: broadcasting reads, maps, axis-wise folds. */
import { maxKnownElements, numelOf, type TensorValue } from '../tensor.js';

/** Row-major values of `t` broadcast to `shape`; null when unknown or too many. */
export function expandValues(t: TensorValue, shape: readonly number[]): readonly number[] | null {
  const total = numelOf(shape);
  if (!(total <= maxKnownElements)) return null;
  const values = t.values;
  if (values === null) return null;
  if (values.length === total) return values;
  if (values.length === 1) return new Array<number>(total).fill(values[0]!);
  const n = shape.length;
  const off = n - t.ndim;
  const steps = new Array<number>(n).fill(0);
  let step = 1;
  for (let i = t.ndim - 1; i >= 0; i--) {
    if (t.shape[i] !== 1) steps[i + off] = step;
    step *= t.shape[i]!;
  }
  const out = new Array<number>(total);
  const index = new Array<number>(n).fill(0);
  let at = 0;
  for (let i = 0; i < total; i++) {
    out[i] = values[at]!;
    for (let d = n - 1; d >= 0; d--) {
      at += steps[d]!;
      if (++index[d]! < shape[d]!) break;
      at -= steps[d]! * shape[d]!;
      index[d] = 0;
    }
  }
  return out;
}

/** Calls `visit` for every line of values along `dim`: positions of the line's elements in row-major order. */
export function forLines(
  shape: readonly number[],
  dim: number,
  visit: (positions: number[], line: number) => void,
): void {
  const n = shape[dim] ?? 1;
  let inner = 1;
  for (let i = dim + 1; i < shape.length; i++) inner *= shape[i]!;
  let outer = 1;
  for (let i = 0; i < dim; i++) outer *= shape[i]!;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const positions = new Array<number>(n);
      for (let k = 0; k < n; k++) positions[k] = (o * n + k) * inner + i;
      visit(positions, o * inner + i);
    }
  }
}

/** Folds known values over `dims`; the result is row-major over the remaining dims. */
export function foldValues(t: TensorValue, dims: readonly number[], fold: (line: number[]) => number): number[] | null {
  const values = t.values;
  if (values === null) return null;
  const kept = t.shape.map((_, i) => i).filter((i) => !dims.includes(i));
  const total = numelOf(kept.map((i) => t.shape[i]!));
  const lines: number[][] = Array.from({ length: total }, () => []);
  const index = new Array<number>(t.ndim).fill(0);
  for (let i = 0; i < values.length; i++) {
    let line = 0;
    for (const k of kept) line = line * t.shape[k]! + index[k]!;
    lines[line]!.push(values[i]!);
    for (let d = t.ndim - 1; d >= 0; d--) {
      if (++index[d]! < t.shape[d]!) break;
      index[d] = 0;
    }
  }
  return lines.map(fold);
}
