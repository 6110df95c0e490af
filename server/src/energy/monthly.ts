/** What a number of runs a month comes to: electricity at the wall, money, carbon, and the share of making the device. */
import { workspaceTables } from '../hardware/workspaceTables.js';
import type { Interval, Target } from './price.js';

export interface Monthly {
  readonly runs: number;
  /** Hours of accelerators. */
  readonly acceleratorHours: Interval | null;
  /** At the wall: boards, host and PUE. */
  readonly kWh: Interval | null;
  readonly usd: Interval | null;
  readonly gCO2e: Interval | null;
  /** Carbon of making the device, by the hours it is used of its life; null: no figure with a source is known. */
  readonly embodied_gCO2e: Interval | null;
  readonly embodiedBasis: string;
}

/** Hours of a year, 365.25 days. */
const hoursOfYear = 8766;

/** @param time_s, energy_J of one run on `devices` accelerators together */
export function monthlyOf(
  time_s: Interval | null,
  energy_J: Interval | null,
  runs: number,
  target: Target,
  devices = 1,
): Monthly {
  const times = (x: Interval | null, by: number): Interval | null =>
    x === null ? null : { value: x.value * by, low: x.low * by, high: x.high * by };
  const hours = times(time_s, (runs * devices) / 3600);
  const kWh = times(energy_J, (runs / 3.6e6) * (1 + target.hostFactor) * target.pue.value);
  const embodied = workspaceTables().embodied.get(target.accelerator.id);
  return {
    runs,
    acceleratorHours: hours,
    kWh,
    usd: target.price === null ? null : times(hours, target.price.value),
    gCO2e: times(kWh, target.region.gCO2ePerKWh),
    embodied_gCO2e:
      embodied === undefined ? null : times(hours, (embodied.kgCO2e * 1000) / (embodied.lifetimeYears * hoursOfYear)),
    embodiedBasis:
      embodied === undefined
        ? 'no figure with a source is known; give embodied_kgCO2e in ecocompute.hardware.json'
        : `${embodied.kgCO2e} kg over ${embodied.lifetimeYears} years of use (${embodied.source})`,
  };
}
