/** Fits what bitsandbytes adds per linear layer to the measured pairs, and counts the signs that come out right. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Constants } from '../../server/src/energy/constants.js';
import type { DecoderShape } from '../../server/src/energy/decoder.js';
import { quantisationAdvice, type Scheme } from '../../server/src/energy/quantisation.js';
import type { Accelerator } from '../../server/src/hardware/accelerators.js';
import { devices, root } from '../data.js';
import { minimiseWithRestarts } from './search.js';

export interface Pair {
  readonly gpu: string;
  readonly accelerator: Accelerator;
  readonly model: string;
  readonly shape: DecoderShape;
  readonly scheme: Scheme;
  readonly change: number;
  /** J per token in 16 bits. */
  readonly before_J: number;
}

const folder = join(root, 'calibration/data');

export function quantisationPairs(): Pair[] {
  const known: { models: Record<string, DecoderShape>; devices: Record<string, string> } = JSON.parse(
    readFileSync(join(folder, 'quantised_models.json'), 'utf8'),
  );
  const [, ...lines] = readFileSync(join(folder, 'quantisation_energy.csv'), 'utf8').trim().split(/\r?\n/);
  return lines.map((line) => {
    const c = line.split(',');
    const scheme: Scheme = c[4] === 'INT8' ? 'bnb-int8' : 'bnb-nf4';
    return {
      gpu: c[0],
      accelerator: devices.get(known.devices[c[0]])!,
      model: c[2],
      shape: known.models[c[2]],
      scheme,
      change: Number(c[9]) / 100,
      before_J: Number(c[7]) / 1000,
    };
  });
}

const start = [1.5e-5, 3e-5, 2e-4, 2, 2].map(Math.log);

function withQuantisation(constants: Constants, x: readonly number[]): Constants {
  const [launch_s, nf4Host_s, int8Host_s, nf4Kernel, int8Kernel] = x.map(Math.exp);
  return {
    ...constants,
    quantisation: {
      launch_s,
      nf4Host_s,
      int8Host_s,
      nf4Kernel: Math.max(nf4Kernel, 1),
      int8Kernel: Math.max(int8Kernel, 1),
    },
  };
}

export const decodeOptions = { batch: 1, context: 256, compiled: false };

export function predictPair(pair: Pair, constants: Constants): { change: number; before_J: number } {
  const advice = quantisationAdvice(pair.shape, pair.accelerator, pair.scheme, decodeOptions, constants);
  return { change: advice.energyChange, before_J: advice.before.energy_J };
}

export function fitQuantisation(constants: Constants, pairs: readonly Pair[] = quantisationPairs()): Constants {
  const loss = (x: readonly number[]) => {
    const trial = withQuantisation(constants, x);
    let sum = 0;
    for (const pair of pairs) {
      const p = predictPair(pair, trial);
      // The change is what matters; the level of the 16-bit run only anchors the host's speed.
      sum +=
        Math.abs(Math.log((1 + p.change) / (1 + pair.change))) + 0.15 * Math.abs(Math.log(p.before_J / pair.before_J));
      // A wrong sign beyond 5 % is the error that misleads.
      if (Math.abs(pair.change) >= 0.05 && Math.sign(p.change) !== Math.sign(pair.change))
        sum += 0.5 + 2 * Math.abs(p.change);
    }
    return sum / pairs.length + 0.001 * x.reduce((s, v, i) => s + (v - start[i]) ** 2, 0);
  };
  return withQuantisation(constants, minimiseWithRestarts(loss, start, 2400, 6).x);
}

export function quantisationResult(constants: Constants): { right: number; rows: number; wrong: string[] } {
  const pairs = quantisationPairs().filter((pair) => Math.abs(pair.change) >= 0.05);
  const wrong = pairs.filter((pair) => Math.sign(predictPair(pair, constants).change) !== Math.sign(pair.change));
  return {
    right: pairs.length - wrong.length,
    rows: pairs.length,
    wrong: wrong.map((pair) => `${pair.gpu} ${pair.model} ${pair.scheme}`),
  };
}
