/**
 * Figures as people read them: SI prefixes, two significant digits for estimates, three
 * for counts. A figure that is not known is never shown as a number.
 */
import type { Interval } from '../analysis/model.js';

const PREFIXES: readonly (readonly [number, string])[] = [
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

/** `si(8178368512, 'FLOP', 3)` → `8.18 GFLOP`. */
export function si(value: number, unit: string, digits = 2): string {
  const { scaled, prefix } = scale(value, digits);
  return `${scaled} ${prefix}${unit}`.trimEnd();
}

function scale(value: number, digits: number): { scaled: string; prefix: string } {
  if (value === 0 || !Number.isFinite(value)) return { scaled: String(value), prefix: '' };
  // Rounded first, so that 999.6 becomes 1.0 k and not 1000.
  const rounded = Number(value.toPrecision(digits));
  const [factor, prefix] = PREFIXES.find(([f]) => Math.abs(rounded) >= f) ?? PREFIXES[PREFIXES.length - 1];
  return { scaled: plain(rounded / factor, digits), prefix };
}

/** Significant digits without an exponent: 120, 12, 1.2. */
function plain(value: number, digits: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(digits)));
}

/** Prefixes for counts of things: 25.6 M, 8.03 B. */
export function count(value: number): string {
  const units: [number, string][] = [
    [1e12, ' T'],
    [1e9, ' B'],
    [1e6, ' M'],
    [1e3, ' k'],
  ];
  const rounded = Number(value.toPrecision(3));
  const unit = units.find(([factor]) => rounded >= factor);
  return unit ? `${plain(rounded / unit[0], 3)}${unit[1]}` : String(value);
}

/** `1.2 mJ`, and with bounds `1.2 mJ (0.9 mJ to 1.6 mJ)`. */
export function interval(value: Interval, unit: string): string {
  if (value.low === value.high) return si(value.value, unit);
  return `${si(value.value, unit)} (${si(value.low, unit)} – ${si(value.high, unit)})`;
}

export function dollars(value: number): string {
  if (value === 0) return '$0';
  if (value >= 1000) return `$${si(value, '').replace(' ', '')}`;
  return `$${plain(value, 2)}`;
}

/** Grams of CO2 equivalent; tonnes are said as such. */
export function grams(value: number): string {
  if (value >= 1e6) return `${plain(value / 1e6, 2)} t CO2e`;
  return `${si(value, 'g')} CO2e`;
}

/** Share 0..1 as percent with two digits. */
export function percent(share: number): string {
  return `${plain(share * 100, 2)} %`;
}

/** `1×3×224×224`; unknown dims are `?`, a scalar is `scalar`. */
export function shape(dims: readonly (number | null)[] | null): string {
  if (dims === null) return '?';
  return dims.length === 0 ? 'scalar' : dims.map((dim) => dim ?? '?').join('×');
}
