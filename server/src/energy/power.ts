/**
 * Energy of the accelerator board: E = idle·t + (TDP - idle)·(active·t + bytes and FLOPs
 * shares), after the energy roofline [Choi et al., IPDPS 2013]: energies of FLOPs and bytes
 * add while their times overlap. Power never passes TDP: the kernel is stretched instead.
 */
import type { Accelerator } from '../hardware/accelerators.js';
import type { Constants } from './constants.js';

export interface Joules {
  readonly seconds: number;
  readonly joules: number;
}

/** Watts while a context is alive and nothing runs: measured, else a fitted share of TDP. NaN without TDP. */
export function idlePower(accelerator: Accelerator, constants: Constants): number {
  return (
    accelerator.idleWithContext_W ??
    (accelerator.tdp_W === null ? Number.NaN : accelerator.tdp_W * constants.power.idleShare)
  );
}

/**
 * @param busy_s seconds the device works, wall_s seconds that pass (busy plus waiting for the host)
 * @param compute_s, memory_s the same work at dense peak and at peak bandwidth
 * @returns seconds after the clamp, joules NaN where no TDP is published
 */
export function energyOf(
  accelerator: Accelerator,
  busy_s: number,
  wall_s: number,
  compute_s: number,
  memory_s: number,
  onMatrixUnits: boolean,
  constants: Constants,
): Joules {
  const tdp = accelerator.tdp_W ?? Number.NaN;
  const idle = idlePower(accelerator, constants);
  const p = constants.power;
  const span = tdp - idle;
  const flopShare = onMatrixUnits ? p.matrixFlops : p.vectorFlops;
  const dynamic = span * (p.active * busy_s + flopShare * compute_s + p.bytes * memory_s);
  const joules = idle * wall_s + dynamic;
  if (!(joules > tdp * wall_s)) return { seconds: wall_s, joules };
  // At the cap clocks fall until power equals TDP: t = dynamic / (TDP - idle).
  const seconds = dynamic / span;
  return { seconds, joules: tdp * seconds };
}
