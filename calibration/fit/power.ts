/** Board power from use: idle, a share whenever kernels run, shares per FLOP and byte; fitted to NVML rows. */
import type { Constants } from '../../server/src/energy/constants.js';
import { dynamicEnergy, idlePower, type PowerPart } from '../../server/src/energy/power.js';
import type { Accelerator } from '../../server/src/hardware/accelerators.js';
import { leastAbsolute } from './search.js';

export interface PowerPoint {
  readonly accelerator: Accelerator;
  readonly wall_s: number;
  /** What runs, kernel by kernel. */
  readonly parts: readonly PowerPart[];
  /** Seconds in which the host and small kernels keep the clocks up, and which fitted share of them counts as busy. */
  readonly extra_s?: number;
  readonly extraKind?: 'old' | 'new';
  /** Seconds in collectives. */
  readonly link_s?: number;
  /** Measured, per board. */
  readonly power_W: number;
  readonly model: string;
  readonly device: string;
  readonly suite: string;
  readonly label: string;
}

/** Watts of one board under the constants. */
export function boardPower(point: PowerPoint, constants: Constants): number {
  const extra =
    (point.extra_s ?? 0) * (point.extraKind === 'new' ? constants.power.servingBusy : constants.power.servingBusyOld);
  const link = (point.link_s ?? 0) * constants.power.linkBusy;
  const beyond = dynamicEnergy(point.accelerator, point.parts, extra + link, point.wall_s, constants) / point.wall_s;
  return Math.min(idlePower(point.accelerator, constants) + beyond, point.accelerator.tdp_W ?? Number.NaN);
}

/** Vector units relative to matrix units, so that where no row decides they are alike. */
const powerStart = [0.2, 1, 0.75, 0.45, 0.8, 0.8, 0.2, 1, 0.5].map(Math.log);

function withPower(constants: Constants, logs: readonly number[]): Constants {
  const [active, vector, matrixFlops, bytes, exponent, servingBusy, servingBusyOld, gddr, linkBusy] = logs.map(
    Math.exp,
  );
  return {
    ...constants,
    power: {
      ...constants.power,
      active,
      vectorFlops: vector * matrixFlops,
      matrixFlops,
      bytes,
      exponent,
      servingBusy: Math.min(servingBusy, 1),
      servingBusyOld: Math.min(servingBusyOld, 1),
      gddr,
      linkBusy: Math.min(linkBusy, 1),
    },
  };
}

function fitPower(points: readonly PowerPoint[], constants: Constants, iterations: number): number[] {
  const perSuite = new Map<string, number>();
  for (const one of points) perSuite.set(one.suite, (perSuite.get(one.suite) ?? 0) + 1);
  const weights = points.map((one) => 1 / Math.sqrt(perSuite.get(one.suite)!));
  const residuals = (x: readonly number[]) => {
    const trial = withPower(constants, x);
    return Float64Array.from(points, (one) => Math.log(boardPower(one, trial) / one.power_W));
  };
  return leastAbsolute({ residuals, weight: Float64Array.from(weights), pull: 0.001 }, powerStart, iterations).x;
}

/** A shift of this much weighs as much as twenty times its square in rows. */
const shrinkage = 20;

/** Factor and floor of each board, from the residuals of its rows, shrunk towards none. */
function boards(points: readonly PowerPoint[], constants: Constants): Pick<Constants, 'powerFactor' | 'powerFloor'> {
  const powerFactor: Record<string, number> = {};
  const powerFloor: Record<string, number> = {};
  for (const device of [...new Set(points.map((one) => one.device))].sort()) {
    const mine = points.filter((one) => one.device === device);
    const { accelerator } = mine[0];
    const idle = idlePower(accelerator, constants);
    // a board that waits still draws something
    const lowest = (-0.5 * idle) / (accelerator.tdp_W! - idle);
    const { id } = accelerator;
    const floorOf = (x: number) => Math.max(x, lowest);
    const residuals = ([floor, log]: readonly number[]) => {
      const own = { ...constants, powerFactor: { [id]: Math.exp(log) }, powerFloor: { [id]: floorOf(floor) } };
      return Float64Array.from(mine, (one) => Math.log(boardPower(one, own) / one.power_W));
    };
    const weight = new Float64Array(mine.length).fill(1);
    const [floor, log] = leastAbsolute({ residuals, weight, pull: shrinkage / mine.length }, [0, 0], 20).x;
    powerFactor[id] = Number(Math.exp(log).toPrecision(4));
    powerFloor[id] = Number(floorOf(floor).toPrecision(3));
  }
  return { powerFactor, powerFloor };
}

/** The law of all boards and what sets each apart, by turns: one board far off must not bend the law. */
export function fitPowers(points: readonly PowerPoint[], constants: Constants, iterations: number): Constants {
  let fitted = { ...constants, powerFactor: {}, powerFloor: {} } as Constants;
  for (let round = 0; round < 2; round++) {
    const law = withPower(fitted, fitPower(points, fitted, iterations));
    fitted = { ...law, ...boards(points, law) };
  }
  return fitted;
}
