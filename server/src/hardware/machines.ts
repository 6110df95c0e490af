/** How accelerators stand in machines: how many share the fast links, and what the network gives each beyond them. */
import type { Accelerator } from './accelerators.js';
import table from './data/machines.json' with { type: 'json' };

export interface Machine {
  /** Accelerators that the scale-up links of `interconnect_GBps` join. */
  readonly perMachine: number;
  /** Between machines, one way, per accelerator, GB/s. */
  readonly network_GBps: number;
  readonly source: string;
}

/** Where no reference system is listed: the common chassis. The network behind it is not assumed. */
export const usualPerMachine = 8;

/** @returns null where neither the table nor the workspace says how machines of it are joined */
export function machineOf({ id, machine }: Accelerator): Machine | null {
  if (machine !== undefined) return machine;
  return table.machines.find((one) => one.accelerators.includes(id)) ?? null;
}
