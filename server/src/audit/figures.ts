/**
 * Figures as reports show them: SI prefixes, two significant digits for estimates, three
 * for counts. A figure that is not known is a dash, never a number.
 */
import type { Interval } from '../analysis/model.js';

const prefixes: readonly (readonly [number, string])[] = [
  [1e18, 'E'],
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
  [1e-12, 'p'],
];

export const unknown = '–';

/** `quantity(8178368512, 'FLOP', 3)` → `8.18 GFLOP`; null → `–`. */
export function quantity(value: number | null | undefined, unit: string, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return unknown;
  if (value === 0) return `0 ${unit}`.trimEnd();
  // Rounded first, so that 999.6 becomes 1 k and not 1000
  const rounded = Number(value.toPrecision(digits));
  const [factor, prefix] =
    prefixes.find(([limit]) => Math.abs(rounded) >= limit) ?? (prefixes.at(-1) as [number, string]);
  return `${digitsOf(rounded / factor, digits)} ${prefix}${unit}`.trimEnd();
}

/** Energy of a whole run: joules while they are few, else watt-hours and kilowatt-hours as a bill counts them. */
export function energyOfRun(joules: number): string {
  return joules < 3600 ? quantity(joules, 'J') : quantity(joules / 3600, 'Wh');
}

/** Significant digits without an exponent: `1200`, `120`, `12`, `1.2`, `1.0`. */
export function digitsOf(value: number, digits = 2): string {
  if (value === 0) return '0';
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  return Number(value.toPrecision(digits)).toFixed(Math.max(0, digits - whole));
}

/** `12 J (9.8 to 15 J)`: value and 90 % interval with one prefix, the value's. */
export function withInterval(interval: Interval | null, unit: string): string {
  if (interval === null) return unknown;
  const { value, low, high } = interval;
  if (value === 0 || low === high) return quantity(value, unit);
  const rounded = Number(value.toPrecision(2));
  const [factor, prefix] =
    prefixes.find(([limit]) => Math.abs(rounded) >= limit) ?? (prefixes.at(-1) as [number, string]);
  const part = (number: number): string => digitsOf(number / factor);
  return `${part(value)} ${prefix}${unit} (${part(low)}–${part(high)})`;
}

/** `$1,200`, `$12`, `$0.12`. */
export function dollars(value: number | null | undefined): string {
  if (value === null || value === undefined) return unknown;
  if (Math.abs(value) >= 100) return `$${grouped(Math.round(Number(value.toPrecision(2))))}`;
  return `$${digitsOf(value)}`;
}

/** Grams, kilograms or tonnes of CO2 equivalent. */
export function grams(value: number | null | undefined): string {
  if (value === null || value === undefined) return unknown;
  if (value >= 1e6) return `${digitsOf(value / 1e6)} t`;
  return quantity(value, 'g');
}

export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? unknown : `${digitsOf(value)} %`;
}

/** `25,557,032`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

export function shape(extents: readonly (number | null)[] | null): string {
  if (extents === null) return '?';
  return extents.length === 0 ? 'scalar' : extents.map((extent) => extent ?? '?').join('×');
}

/** Counts of things as people say them: `25.6 M`, `8.03 B`. */
export function count(value: number | null | undefined): string {
  return quantity(value, '', 3).replace(/ G$/, ' B');
}

/** Half the width of the interval as a share of the value: `±18 %`. */
export function spread(interval: Interval | null): string {
  if (interval === null || interval.value === 0) return unknown;
  const half = Math.max(interval.high - interval.value, interval.value - interval.low) / interval.value;
  return `±${digitsOf(half * 100)} %`;
}
