/**
 * Fits ln(measured / roofline) of single kernels by class (gemm, elementwise, softmax, norm)
 * and predicts rows left out by shape family and by GPU.
 */
import type { EfficiencyClass } from '../../server/src/energy/constants.js';
import { deviceOf } from '../../server/src/energy/device.js';
import { gemmFeatures, gemmVector, memoryFeatures, memoryVector } from '../../server/src/energy/features.js';
import type { Ensemble } from '../../server/src/energy/trees.js';
import { devices, type KernelRow } from '../data.js';
import type { Held } from './stats.js';
import { boost, defaultBoost, evaluate } from './trees.js';

export interface Prepared {
  readonly class: EfficiencyClass;
  readonly op: string;
  readonly device: string;
  /** Rows that share it share a shape family. */
  readonly family: string;
  readonly label: string;
  readonly x: Float64Array;
  readonly roof: number;
  readonly measured: number;
}

const classes: Readonly<Record<string, EfficiencyClass>> = {
  linear: 'gemm',
  bmm: 'gemm',
  softmax: 'softmax',
  ln: 'norm',
};

/** Operands of element-wise kernels: a trailing `u` means one tensor and a scalar. */
const unary = new Set(['addu', 'divu', 'mulu', 'powu', 'relu', 'gelu', 'tanh']);

export function prepare(row: KernelRow): Prepared {
  const accelerator = devices.get(row.device)!;
  const device = deviceOf(accelerator, accelerator.peakDenseTflops['fp32']! * 1e12);
  const kind = classes[row.op] ?? 'elementwise';
  if (kind === 'gemm') {
    const { B, M, N, K } = row;
    // A linear layer is one GEMM over all rows; its weight is read once.
    const linear = row.op === 'linear';
    const batch = linear ? 1 : B;
    const m = linear ? B * M : M;
    const bytes = 4 * batch * (m * K + K * N + m * N);
    const roof = Math.max((2 * batch * m * N * K) / device.peak, bytes / device.bandwidth);
    const family = linear ? `linear ${N}x${K}` : `bmm ${M}x${N}x${K}`;
    return {
      class: kind,
      op: row.op,
      device: row.device,
      family,
      label: `${family} m=${m} b=${batch}`,
      x: gemmVector(batch, m, N, K, bytes, device),
      roof,
      measured: row.seconds,
    };
  }
  const elements = row.B * row.H;
  const tensors = kind !== 'elementwise' || unary.has(row.op) ? 2 : 3;
  const bytes = 4 * elements * tensors;
  const rows = kind === 'elementwise' ? 1 : row.B;
  // Element-wise kernels have no rows: their size is their traffic (as in the engine).
  const cols = kind === 'elementwise' ? bytes / 8 : row.H;
  return {
    class: kind,
    op: row.op,
    device: row.device,
    family: `${row.op} H=${row.H}`,
    label: `${row.op} ${row.B}x${row.H}`,
    x: memoryVector(rows, cols, bytes, device),
    roof: bytes / device.bandwidth,
    measured: row.seconds,
  };
}

const featureNames: Readonly<Record<EfficiencyClass, readonly string[]>> = {
  gemm: gemmFeatures,
  elementwise: memoryFeatures,
  softmax: memoryFeatures,
  norm: memoryFeatures,
};

export function fitClass(name: EfficiencyClass, rows: readonly Prepared[]): Ensemble {
  // Every device weighs the same: the rows per device differ by a factor of two and more.
  const perDevice = new Map<string, number>();
  for (const row of rows) perDevice.set(row.device, (perDevice.get(row.device) ?? 0) + 1);
  const weight = Float64Array.from(rows, (row) => rows.length / perDevice.size / perDevice.get(row.device)!);
  const target = Float64Array.from(rows, (row) => Math.log(row.measured / row.roof));
  const options =
    name === 'gemm' ? { ...defaultBoost, trees: 320, depth: 5, rate: 0.15 } : { ...defaultBoost, trees: 120, depth: 3 };
  return boost(
    featureNames[name],
    rows.map((row) => row.x),
    target,
    weight,
    options,
  );
}

export function predict(ensemble: Ensemble, row: Prepared): number {
  return row.roof * Math.exp(evaluate(ensemble, row.x));
}

/** Folds: `fold of a row -> model fitted on all other folds -> prediction`. */
export function heldOut(name: EfficiencyClass, rows: readonly Prepared[], foldOf: (row: Prepared) => string): Held[] {
  const folds = [...new Set(rows.map(foldOf))].sort();
  const out: Held[] = [];
  for (const fold of folds) {
    const train = rows.filter((row) => foldOf(row) !== fold);
    const test = rows.filter((row) => foldOf(row) === fold);
    if (train.length === 0) continue;
    const ensemble = fitClass(name, train);
    for (const row of test) {
      out.push({
        predicted: predict(ensemble, row),
        measured: row.measured,
        group: row.family,
        device: row.device,
        label: `${row.op} ${row.label}`,
      });
    }
  }
  return out;
}

/** A stable number from a name, for folds that do not depend on the order of rows. */
export function hash(text: string): number {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return h >>> 0;
}
