/**
 * Energy of the accelerator board: E = idle·t + (TDP - idle)·(active·t + bytes and FLOPs
 * shares), after the energy roofline [Choi et al., IPDPS 2013]: energies of FLOPs and bytes
 * add while their times overlap. Power never passes TDP. That clocks fall where it would is in the measured efficiencies
 * of `time.ts` (kernels ran on boards with their limits, `powerExponent` carries it to others): it is not counted again.
 */
import type { Accelerator } from '../hardware/accelerators.js';
import type { Constants } from './constants.js';

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

/** What a board draws beyond the idle of the table while a workload is under way, kernels or not: a share of (TDP - idle). */
const floorOf = (accelerator: Accelerator, constants: Constants): number => constants.powerFloor[accelerator.id] ?? 0;

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
  return share * (constants.powerFactor[accelerator.id] ?? 1) + floorOf(accelerator, constants);
}

/** A kernel, or several alike: seconds that it runs, and the same work at dense peak and at peak bandwidth. */
export interface PowerPart {
  readonly busy_s: number;
  readonly compute_s: number;
  readonly memory_s: number;
  readonly matrix: boolean;
}

/**
 * Joules beyond idle of kernels one after the other, each at its own power and never above TDP, as the engine prices
 * them: the power of the mean use of all would be higher, for it flattens as use rises.
 * @param spinning_s seconds in which kernels run that hardly compute (collectives, the serving engine's small kernels)
 * @param wall_s seconds that pass; where the parts take longer, each runs so much faster
 */
export function dynamicEnergy(
  accelerator: Accelerator,
  parts: readonly PowerPart[],
  spinning_s: number,
  wall_s: number,
  constants: Constants,
): number {
  const tdp = accelerator.tdp_W ?? Number.NaN;
  const room = tdp - idlePower(accelerator, constants);
  const busy = parts.reduce((sum, one) => sum + one.busy_s, spinning_s);
  const pace = Math.min(1, wall_s / busy);
  const waiting = Math.max(wall_s - busy * pace, 0);
  let shares =
    useShare(accelerator, 1, 0, 0, true, constants) * spinning_s * pace + floorOf(accelerator, constants) * waiting;
  for (const { busy_s, compute_s, memory_s, matrix } of parts) {
    const seconds = busy_s * pace;
    if (seconds === 0) continue;
    const share = useShare(accelerator, 1, compute_s / seconds, memory_s / seconds, matrix, constants);
    shares += (Number.isNaN(share) ? Number.NaN : Math.min(share, 1)) * seconds;
  }
  return room * shares;
}

/**
 * @param busy_s seconds the device works, wall_s seconds that pass (busy plus waiting for the host)
 * @param compute_s, memory_s the same work at dense peak and at peak bandwidth
 * @returns joules; NaN where no TDP is published
 */
export function energyOf(
  accelerator: Accelerator,
  busy_s: number,
  wall_s: number,
  compute_s: number,
  memory_s: number,
  onMatrixUnits: boolean,
  constants: Constants,
): number {
  if (wall_s === 0) return 0;
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
  return Math.min(watts, tdp) * wall_s;
}
