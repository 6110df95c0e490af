/** Where the searches start. Every value here is replaced by a fit; what no row decides is marked so in the report. */
import type { Constants } from '../server/src/energy/constants.js';

export function startConstants(kernel: Constants['kernel']): Constants {
  const band = { low: 0.7, high: 1.4, coverage: Number.NaN, rows: 0 };
  return {
    dated: '',
    kernel,
    matrix: {
      ceiling: { fp16: 0.75, bf16: 0.75, tf32: 0.7, fp32: 0.7, other: 0.7 },
      ramp_s: 2e-6,
      conv: 0.8,
      grouped: 0.6,
      depthwiseBandwidth: 0.5,
      attention: 0.6,
      halfLength: 200,
      halfDepth: 64,
      bandwidth: 0.8,
      convBandwidth: 0.6,
      powerExponent: 0.1,
    },
    backward: { matrix: 0.9, memory: 0.9 },
    deviceFactor: {},
    pattern: {
      elementwise: 0.9,
      copy: 0.9,
      softmax: 1,
      norm: 0.9,
      reduction: 1,
      pool: 0.9,
      gather: 0.6,
      scatter: 0.4,
      scan: 0.6,
      sort: 0.2,
      interpolate: 0.7,
      fft: 0.5,
      random: 0.8,
      factory: 1,
      other: 0.8,
    },
    host: { eager_s: 6e-6, compiled_s: 1.5e-6, fusedTraffic: 0.3 },
    quantisation: { launch_s: 1.5e-5, nf4Host_s: 3e-5, int8Host_s: 2e-4, nf4Kernel: 2, int8Kernel: 2 },
    serving: { step_s: 2e-3, sequence_s: 4e-5, ceiling: 0.7, expert: 0.8, allReduce_s: 4e-5, link: 0.5 },
    power: { idleShare: 0.17, active: 0.2, vectorFlops: 0.7, matrixFlops: 0.75, bytes: 0.45, exponent: 0.8 },
    hostFactor: 0.25,
    bands: { model: { time: band, energy: band, power: band } },
    widening: { unmeasuredDevice: 1.4, unverified: 1.3 },
    rows: {},
    measuredDevices: [],
  };
}
