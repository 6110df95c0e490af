/**
 * What `ecocompute calibrate` measured on the user's own machine (`ecocompute.calibration.json`): the engine prefers
 * it to the shipped constants for the accelerator it was measured on, and leaves every other accelerator alone.
 * One set holds at a time, set by the shell that reads the file.
 */
import * as z from 'zod';
import type { Accelerator } from '../hardware/accelerators.js';
import type { Constants } from './constants.js';

export const calibrationFileName = 'ecocompute.calibration.json';

const share = z.number().positive().max(5);
const device = z.strictObject({
  /** Id in the table, and the name that NVML gave. */
  accelerator: z.string(),
  measured_on: z.string(),
  date: z.string(),
  driver: z.string(),
  torch: z.string(),
  rows: z.number().int().positive(),
  idle_W: z.number().positive().nullable(),
  idle_with_context_W: z.number().positive().nullable(),
  /** Seconds of the host per small kernel in eager mode. */
  eager_s: z.number().positive().nullable(),
  /** Share of the dense peak that the largest GEMMs reach, by peak key. */
  ceiling: z.record(z.string(), share),
  /** Share of peak bandwidth that large element-wise kernels reach, against the shipped surface. */
  elementwise: share.nullable(),
  /** Measured / predicted power beyond idle. */
  power: share.nullable(),
});
const schema = z.strictObject({
  about: z.string().optional(),
  schemaVersion: z.literal(1),
  devices: z.array(device),
});

export type CalibratedDevice = z.infer<typeof device>;

export interface Calibration {
  readonly devices: ReadonlyMap<string, CalibratedDevice>;
  readonly problems: readonly string[];
}

export const noCalibration: Calibration = { devices: new Map(), problems: [] };

/** Reads the file's text. A file that is not right is named with place and remedy, and not used. */
export function parseCalibration(text: string): Calibration {
  const wrong = (why: string): Calibration => ({
    devices: new Map(),
    problems: [`${calibrationFileName}: ${why}; it is not used. "ecocompute calibrate" writes a new one.`],
  });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return wrong(`not JSON (${(error as Error).message})`);
  }
  const read = schema.safeParse(data);
  if (!read.success) {
    const [issue] = read.error.issues;
    return wrong(`${issue?.path.map(String).join('.') || 'top level'}: ${issue?.message ?? 'not understood'}`);
  }
  return { devices: new Map(read.data.devices.map((one) => [one.accelerator, one])), problems: [] };
}

let current: Calibration = noCalibration;
/** Constants by accelerator object and what they were made from: every target of one accelerator shares them. */
let made = new WeakMap<Constants, Map<string, Constants>>();
let devices = new WeakMap<Accelerator, Accelerator>();

export function setCalibration(calibration: Calibration): void {
  current = calibration;
  made = new WeakMap();
  devices = new WeakMap();
}

export function calibrationOf(accelerator: Accelerator): CalibratedDevice | null {
  return current.devices.get(accelerator.id) ?? null;
}

/** The accelerator with its measured idle power in place of the table's. */
export function calibratedAccelerator(accelerator: Accelerator): Accelerator {
  const own = calibrationOf(accelerator);
  if (own === null) return accelerator;
  let one = devices.get(accelerator);
  if (one === undefined) {
    one = {
      ...accelerator,
      idle_W: own.idle_W ?? accelerator.idle_W,
      idleWithContext_W: own.idle_with_context_W ?? accelerator.idleWithContext_W,
    };
    devices.set(accelerator, one);
  }
  return one;
}

/** The constants with what was measured on that accelerator in their place. */
export function calibratedConstants(constants: Constants, accelerator: Accelerator): Constants {
  const own = calibrationOf(accelerator);
  if (own === null) return constants;
  let byId = made.get(constants);
  if (byId === undefined) {
    byId = new Map();
    made.set(constants, byId);
  }
  let one = byId.get(accelerator.id);
  if (one === undefined) {
    one = merged(constants, own);
    byId.set(accelerator.id, one);
  }
  return one;
}

function merged(constants: Constants, own: CalibratedDevice): Constants {
  const { ceiling, elementwise, power, eager_s } = own;
  const scaled = power ?? 1;
  const { [own.accelerator]: _replaced, ...others } = constants.deviceFactor;
  return {
    ...constants,
    deviceFactor: others,
    powerFactor: {},
    powerFloor: {},
    matrix: { ...constants.matrix, measuredCeiling: ceiling },
    pattern:
      elementwise === null
        ? constants.pattern
        : { ...constants.pattern, elementwise, copy: elementwise, pool: elementwise },
    host: { ...constants.host, eager_s: eager_s ?? constants.host.eager_s },
    power: {
      ...constants.power,
      active: constants.power.active * scaled,
      vectorFlops: constants.power.vectorFlops * scaled,
      matrixFlops: constants.power.matrixFlops * scaled,
      bytes: constants.power.bytes * scaled,
    },
    measuredDevices: [...new Set([...constants.measuredDevices, own.accelerator])],
    rows: {
      ...constants.rows,
      calibration: {
        count: own.rows,
        sources: [
          `${calibrationFileName}: ${own.measured_on}, ${own.date}, driver ${own.driver}, PyTorch ${own.torch}`,
        ],
      },
    },
  };
}
