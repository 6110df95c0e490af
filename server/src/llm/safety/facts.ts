/** Facts as text: what prompts list and people read. */
import type { Fact, FactUnit } from '../types.js';

const prefixes: readonly (readonly [number, string])[] = [
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
];

/** `8.18 GFLOP`, `1.2 mJ`, `$0.53 per million calls`, `not known`. */
export function factText(fact: Pick<Fact, 'value' | 'unit'>): string {
  return fact.value === null ? 'not known' : figureText(fact.value, fact.unit);
}

export function figureText(value: number, unit: FactUnit): string {
  switch (unit) {
    case 'count':
      return Number.isInteger(value) ? value.toLocaleString('en-US') : digits(value);
    case 'percent':
      return `${digits(value)} %`;
    case 'USD':
      return `$${digits(value)}`;
    case 'USD/1M calls':
      return `$${digits(value)} per million calls`;
    case 'gCO2e':
      return `${digits(value)} gCO2e`;
    case 'gCO2e/1M calls':
      return `${digits(value)} gCO2e per million calls`;
    default: {
      const size = Math.abs(value);
      const [scale, prefix] = (size === 0 ? undefined : prefixes.find(([s]) => size >= s)) ?? [1, ''];
      return `${digits(value / scale)} ${prefix}${unit}`;
    }
  }
}

function digits(x: number): string {
  return String(Number(x.toPrecision(4)));
}
