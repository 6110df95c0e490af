/**
 * Numbers that are not known but differ by a known amount: `data[i : i + block]` has `block` elements whatever `i` is.
 * The links live beside the values and die with them.
 */
import type { Value } from './values.js';

interface Offset {
  readonly base: object;
  readonly by: number;
}

const offsets = new WeakMap<object, Offset>();

const of = (v: object): Offset => offsets.get(v) ?? { base: v, by: 0 };

/** Notes that `sum` is `value + by`. */
export function noteOffset(sum: object, value: object, by: number): void {
  const { base, by: before } = of(value);
  offsets.set(sum, { base, by: before + by });
}

/** How much larger `b` is than `a`; null when nothing says. */
export function distanceOf(a: Value, b: Value): number | null {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return null;
  const from = of(a);
  const to = of(b);
  return from.base === to.base ? to.by - from.by : null;
}
