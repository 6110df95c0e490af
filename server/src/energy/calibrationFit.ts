/**
 * From measured rows of one machine to the constants the engine prefers there: each is the one that makes the engine's
 * own price of a row meet its measurement, and the median over the rows that it decides.
 */
import * as z from 'zod';
import type { Accelerator } from '../hardware/accelerators.js';
import { matrixPeak } from '../hardware/peaks.js';
import type { Work } from '../torch/kernel.js';
import type { CalibratedDevice } from './calibrationFile.js';
import { type Constants, constants as fitted } from './constants.js';
import { idlePower, useShare } from './power.js';
import { deviceTime, type KernelLoad } from './time.js';

const number = z.number();
const deviceRow = z.looseObject({
  group: z.literal('device'),
  name: z.string(),
  driver: z.string(),
  torch: z.string(),
  idle_W: number.nullable(),
  idle_with_context_W: number.nullable(),
});
const caseRow = z.looseObject({
  group: z.enum(['gemm', 'memory', 'attention', 'host']),
  name: z.string(),
  dtype: z.string(),
  work: z.looseObject({ kind: z.enum(['gemm', 'memory', 'attention']) }),
  flops: number,
  elementwise: number,
  bytes: number,
  launches: number,
  s: number.positive(),
  J: number,
  s_cv: number,
});

export interface MeasuredCase {
  readonly group: string;
  readonly name: string;
  readonly load: KernelLoad;
  readonly launches: number;
  readonly tf32: boolean;
  readonly s: number;
  readonly J: number;
}

export interface MeasuredDevice {
  readonly name: string;
  readonly driver: string;
  readonly torch: string;
  readonly idle_W: number | null;
  readonly idle_with_context_W: number | null;
}

export type Rows =
  | {
      readonly ok: true;
      readonly device: MeasuredDevice;
      readonly cases: readonly MeasuredCase[];
      readonly skipped: readonly string[];
    }
  | { readonly ok: false; readonly why: string };

/** Windows of one case that differ by more than this were disturbed. */
const mostSpread = 0.1;

/** Reads what the measuring script printed: one JSON object per line. */
export function readRows(text: string): Rows {
  let device: MeasuredDevice | null = null;
  const cases: MeasuredCase[] = [];
  const skipped: string[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      return { ok: false, why: `line ${at + 1} is not JSON: ${line.slice(0, 80)}` };
    }
    const failure = z.looseObject({ error: z.string(), message: z.string() }).safeParse(row);
    if (failure.success) return { ok: false, why: failure.data.message };
    const head = deviceRow.safeParse(row);
    if (head.success) device = head.data;
    const one = caseRow.safeParse(row);
    if (!one.success) continue;
    const { group, name, dtype, work, flops, elementwise, bytes, launches, s, J, s_cv } = one.data;
    if (s_cv > mostSpread) {
      skipped.push(`${name}: its windows differ by ${Math.round(s_cv * 100)} %`);
      continue;
    }
    const tf32 = dtype === 'tf32';
    const load = { work: work as unknown as Work, flops, elementwise, bytes, dtype: tf32 ? 'float32' : dtype };
    cases.push({ group, name, load, launches, tf32, s, J });
  }
  if (device === null) return { ok: false, why: 'no line describes the device' };
  return { ok: true, device, cases, skipped };
}

function median(values: readonly number[]): number | null {
  const known = values.filter((x) => Number.isFinite(x) && x > 0).sort((a, b) => a - b);
  return known.length === 0 ? null : Number(known[Math.floor((known.length - 1) / 2)]!.toPrecision(4));
}

/** @param date of the measurement, ISO */
export function fitDevice(
  accelerator: Accelerator,
  device: MeasuredDevice,
  cases: readonly MeasuredCase[],
  date: string,
): CalibratedDevice {
  const base: Constants = { ...fitted, deviceFactor: {}, powerFactor: {}, powerFloor: {} };
  // Launches are no part of single kernels of this size; they get their own row.
  const seconds = (one: MeasuredCase, constants: Constants): number =>
    deviceTime(one.load, accelerator, { tf32Matmul: one.tf32, tf32Conv: true }, constants).seconds;
  const ceiling: Record<string, number> = {};
  const perKey = new Map<string, number[]>();
  for (const one of cases) {
    const { work } = one.load;
    if (work.kind !== 'gemm' || Math.min(work.m, work.n, work.k) < 1024) continue;
    const rate = matrixPeak(accelerator, one.load.dtype, false, { tf32Matmul: one.tf32, tf32Conv: true });
    if (rate === null || !rate.matrix) continue;
    const full: Constants = { ...base, matrix: { ...base.matrix, measuredCeiling: { [rate.key]: 1 } } };
    perKey.set(rate.key, [...(perKey.get(rate.key) ?? []), seconds(one, full) / one.s]);
  }
  for (const [key, values] of perKey) {
    const value = median(values);
    if (value !== null) ceiling[key] = Math.min(value, 1);
  }
  const streams = cases.filter(
    (one) => one.load.work.kind === 'memory' && one.load.work.pattern === 'elementwise' && one.group === 'memory',
  );
  const whole: Constants = { ...base, pattern: { ...base.pattern, elementwise: 1 } };
  const elementwise = median(streams.map((one) => seconds(one, whole) / one.s));
  const eager_s = median(cases.filter((one) => one.group === 'host').map((one) => one.s / one.launches));
  const withIdle: Accelerator = {
    ...accelerator,
    idleWithContext_W: device.idle_with_context_W ?? accelerator.idleWithContext_W,
  };
  const constants: Constants = { ...base, matrix: { ...base.matrix, measuredCeiling: ceiling } };
  const idle = idlePower(withIdle, constants);
  const power = median(
    cases
      .filter((one) => one.group !== 'host')
      .map((one) => {
        const watts = one.J / one.s;
        // at the power limit nothing is learnt about what lies below
        if (accelerator.tdp_W === null || watts > accelerator.tdp_W * 0.97) return Number.NaN;
        const t = deviceTime(one.load, accelerator, { tf32Matmul: one.tf32, tf32Conv: true }, constants);
        const onMatrix = t.rate?.matrix ?? false;
        const share = useShare(withIdle, 1, t.compute_s / one.s, t.memory_s / one.s, onMatrix, constants);
        return (watts - idle) / ((accelerator.tdp_W - idle) * share);
      }),
  );
  return {
    accelerator: accelerator.id,
    measured_on: device.name,
    date,
    driver: device.driver,
    torch: device.torch,
    rows: cases.length,
    idle_W: device.idle_W,
    idle_with_context_W: device.idle_with_context_W,
    eager_s,
    ceiling,
    elementwise,
    power,
  };
}
