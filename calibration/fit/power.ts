/** Board power from use: idle, a share whenever kernels run, shares per FLOP and byte; fitted to NVML rows. */
import type { Constants } from '../../server/src/energy/constants.js';
import { idlePower, useShare } from '../../server/src/energy/power.js';
import type { Accelerator } from '../../server/src/hardware/accelerators.js';
import { leastAbsolute } from './search.js';

export interface PowerPoint {
  readonly accelerator: Accelerator;
  readonly wall_s: number;
  readonly busy_s: number;
  readonly compute_s: number;
  readonly memory_s: number;
  /** Seconds in which the host and small kernels keep the clocks up, and which fitted share of them counts as busy. */
  readonly extra_s?: number;
  readonly extraKind?: 'old' | 'new';
  /** Seconds in collectives. */
  readonly link_s?: number;
  readonly matrix: boolean;
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
  const tdp = point.accelerator.tdp_W ?? Number.NaN;
  const idle = idlePower(point.accelerator, constants);
  const wall = point.wall_s;
  const share = useShare(
    point.accelerator,
    Math.min((point.busy_s + extra + link) / wall, 1),
    point.compute_s / wall,
    point.memory_s / wall,
    point.matrix,
    constants,
  );
  return Math.min(idle + (tdp - idle) * share, tdp);
}

export const powerStart = [0.2, 0.7, 0.75, 0.45, 0.8, 0.8, 0.2, 1, 0.5].map(Math.log);

export function withPower(constants: Constants, logs: readonly number[]): Constants {
  const [active, vectorFlops, matrixFlops, bytes, exponent, servingBusy, servingBusyOld, gddr, linkBusy] = logs.map(
    Math.exp,
  );
  return {
    ...constants,
    power: {
      ...constants.power,
      active,
      vectorFlops,
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

export function fitPower(points: readonly PowerPoint[], constants: Constants, iterations: number): number[] {
  const perSuite = new Map<string, number>();
  for (const one of points) perSuite.set(one.suite, (perSuite.get(one.suite) ?? 0) + 1);
  const weights = points.map((one) => 1 / Math.sqrt(perSuite.get(one.suite)!));
  const residuals = (x: readonly number[]) => {
    const trial = withPower(constants, x);
    return Float64Array.from(points, (one) => Math.log(boardPower(one, trial) / one.power_W));
  };
  return leastAbsolute({ residuals, weight: Float64Array.from(weights), pull: 0.001 }, powerStart, iterations).x;
}

/** Median of measured / predicted power beyond idle per device, shrunk as if four more points agreed with the model. */
export function powerFactors(points: readonly PowerPoint[], constants: Constants): Record<string, number> {
  const logs = new Map<string, number[]>();
  for (const one of points) {
    const idle = idlePower(one.accelerator, constants);
    const beyond = boardPower(one, constants) - idle;
    if (!(one.power_W > idle && beyond > 0)) continue;
    logs.set(one.device, [...(logs.get(one.device) ?? []), Math.log((one.power_W - idle) / beyond)]);
  }
  return Object.fromEntries(
    [...logs].map(([device, list]) => {
      const middle = list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
      return [device, Number(Math.exp((middle * list.length) / (list.length + 4)).toPrecision(4))];
    }),
  );
}
