/** Figures that only the editor shows; the others come from the reports' own (audit/figures.ts). */
import { digitsOf, grams as mass, percent as percentOf } from '../audit/figures.js';

export { dollars, energyOfRun, quantity, shape, withInterval } from '../audit/figures.js';

const units: readonly (readonly [number, string])[] = [
  [1e12, ' T'],
  [1e9, ' B'],
  [1e6, ' M'],
  [1e3, ' k'],
];

/** Parameters as people say them, three significant digits: `25.6 M`, `8.03 B`. */
export function count(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const unit = units.find(([factor]) => rounded >= factor);
  return unit ? `${digitsOf(rounded / unit[0], 3)}${unit[1]}` : String(value);
}

/** `1.2 kg CO2e`. */
export function grams(value: number): string {
  return `${mass(value)} CO2e`;
}

/** A share 0..1: `12 %`. */
export function share(value: number): string {
  return percentOf(value * 100);
}
