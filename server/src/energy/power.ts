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

/**
 * Watts while a context is alive and nothing runs: measured, else idle without a context and what a context adds, else
 * the share of TDP of the same generation, else of all. NaN without TDP.
 */
export function idlePower(accelerator: Accelerator, constants: Constants): number {
  const { idleWithContext_W, idle_W, tdp_W, architecture } = accelerator;
  if (idleWithContext_W !== null) return idleWithContext_W;
  if (tdp_W === null) return Number.NaN;
  const { idleShare, idleByArchitecture, contextShare } = constants.power;
  if (idle_W !== null) return idle_W + contextShare * tdp_W;
  return tdp_W * (idleByArchitecture[architecture] ?? idleShare);
}

/**
 * Share of (TDP - idle) that is drawn.
 * @param busy, compute, memory fractions of wall time: kernels running, at dense peak, at peak bandwidth
 */
export function useShare(
  accelerator: Accelerator,
  busy: number,
  compute: number,
  memory: number,
  onMatrixUnits: boolean,
  constants: Constants,
): number {
  const p = constants.power;
  // Power rises steeply with the first use of the arithmetic units and then flattens: an exponent below 1.
  const used = busy === 0 ? 0 : busy * Math.min(compute / busy, 1) ** p.exponent;
  const bytes = p.bytes * (accelerator.memoryType.startsWith('GDDR') ? p.gddr : 1);
  const share = p.active * busy + (onMatrixUnits ? p.matrixFlops : p.vectorFlops) * used + bytes * memory;
  return share * (constants.powerFactor[accelerator.id] ?? 1);
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
  if (wall_s === 0) return { seconds: 0, joules: 0 };
  const tdp = accelerator.tdp_W ?? Number.NaN;
  const idle = idlePower(accelerator, constants);
  const share = useShare(
    accelerator,
    Math.min(busy_s / wall_s, 1),
    compute_s / wall_s,
    memory_s / wall_s,
    onMatrixUnits,
    constants,
  );
  const watts = idle + (tdp - idle) * share;
  if (!(watts > tdp)) return { seconds: wall_s, joules: watts * wall_s };
  // At the cap clocks fall until power equals TDP: the dynamic energy takes (TDP - idle) watts to spend.
  const seconds = wall_s * share;
  return { seconds, joules: tdp * seconds };
}
