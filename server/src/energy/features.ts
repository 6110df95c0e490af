/**
 * The features on which efficiency depends: size relative to the machine, shape, tiles and
 * waves. Used alike by the fit and by the engine, so the two cannot drift apart.
 */
import type { Device } from './device.js';

export const gemmFeatures = [
  'logIdeal',
  'logIntensityRatio',
  'logK',
  'logMinMN',
  'logMaxMN',
  'logBatch',
  'tileFill128',
  'tileFill64',
  'waveFill128x128',
  'logTilesPerSm',
  'k32Fill',
  'aligned4',
  'logBalance',
  'logTdpPerFlop',
  'logSms',
  'logL2PerBytes',
  'waveFill64x64',
  'waveFill256x128',
  'waveFill128x64',
  'tileFill256x128',
  'tileFill32',
  'logMPerN',
  'single',
  'logN',
  'logM',
] as const;

export const memoryFeatures = [
  'logIdeal',
  'logRows',
  'logCols',
  'logRowsPerSm',
  'colsAligned4',
  'cols1024Fill',
  'logBalance',
  'logTdpPerFlop',
  'logSms',
  'logL2PerBytes',
  'logBytesPerElement',
] as const;

const log2 = (x: number) => Math.log2(Math.max(x, 1e-30));
const fill = (x: number, tile: number) => x / (Math.ceil(x / tile) * tile);

/** How full the last wave of output tiles over the multiprocessors is, 0..1: libraries pick among several tile sizes. */
function waveFill(batch: number, m: number, n: number, tileM: number, tileN: number, sms: number): number {
  const tiles = (batch * Math.ceil(m / tileM) * Math.ceil(n / tileN)) / sms;
  return tiles / Math.ceil(tiles);
}

/** batch x (m,k)·(k,n) in an element type of `itemsize` bytes; `bytes` is its minimum traffic. */
export function gemmVector(
  batch: number,
  m: number,
  n: number,
  k: number,
  bytes: number,
  device: Device,
): Float64Array {
  const flops = 2 * batch * m * n * k;
  const compute = flops / device.peak;
  const memory = bytes / device.bandwidth;
  const tiles = batch * Math.ceil(m / 128) * Math.ceil(n / 128);
  const perSm = tiles / device.sms;
  const x = new Float64Array(gemmFeatures.length);
  x[0] = log2(Math.max(compute, memory));
  x[1] = log2(compute / memory);
  x[2] = log2(k);
  x[3] = log2(Math.min(m, n));
  x[4] = log2(Math.max(m, n));
  x[5] = log2(batch);
  x[6] = fill(m, 128) * fill(n, 128);
  x[7] = fill(m, 64) * fill(n, 64);
  x[8] = perSm / Math.ceil(perSm);
  x[9] = log2(perSm);
  x[10] = fill(k, 32);
  x[11] = (k % 4 === 0 ? 1 : 0) + (n % 4 === 0 ? 1 : 0) + (m % 4 === 0 ? 1 : 0);
  x[12] = log2(device.peak / device.bandwidth);
  x[13] = log2(device.tdp / device.peak);
  x[14] = log2(device.sms);
  x[15] = log2(device.l2 / bytes);
  if (Number.isNaN(device.tdp)) x[13] = log2(10e-12);
  x[16] = waveFill(batch, m, n, 64, 64, device.sms);
  x[17] = waveFill(batch, m, n, 256, 128, device.sms);
  x[18] = waveFill(batch, m, n, 128, 64, device.sms);
  x[19] = fill(m, 256) * fill(n, 128);
  x[20] = fill(m, 32) * fill(n, 32);
  x[21] = log2(m / n);
  x[22] = batch === 1 ? 1 : 0;
  x[23] = log2(n);
  x[24] = log2(m);
  return x;
}

/** rows x cols of a kernel bound by memory. */
export function memoryVector(rows: number, cols: number, bytes: number, device: Device): Float64Array {
  const x = new Float64Array(memoryFeatures.length);
  x[0] = log2(bytes / device.bandwidth);
  x[1] = log2(rows);
  x[2] = log2(cols);
  x[3] = log2(rows / device.sms);
  x[4] = cols % 4 === 0 ? 1 : 0;
  x[5] = fill(cols, 1024);
  x[6] = log2(device.peak / device.bandwidth);
  x[7] = Number.isNaN(device.tdp) ? log2(10e-12) : log2(device.tdp / device.peak);
  x[8] = log2(device.sms);
  x[9] = log2(device.l2 / bytes);
  x[10] = log2(bytes / (rows * cols));
  return x;
}
