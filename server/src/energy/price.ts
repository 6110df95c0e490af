/**
 * Kernels to seconds, joules, dollars and grams. The API other rooms use:
 *
 *   makeTarget(options): Target                         what to price on (hardware, region, price, mode)
 *   priceKernel(kernel, target): KernelCost             one call; additive; cached per kernel object
 *   new CostSum(target); sum.add(kernel, count); sum.addGap(); sum.merge(other)
 *   sum.cost(): {time_s, energy_J, flops, bytes, bound} plain sums, null where unknown (hovers over subsets)
 *   totals(sum): Totals                                 figures with intervals and named steps
 *   explainFigure(figure, sum): Explanation             formula, constants, rows, sources (explain.ts)
 *
 * Figures that are not known are NaN inside and null outside, never 0.
 */
import { type Accelerator, defaultAccelerator, isVerified } from '../hardware/accelerators.js';
import { type Pue, pueOf, type Region, worldRegion } from '../hardware/carbon.js';
import { type HourlyPrice, priceOf } from '../hardware/prices.js';
import { type Kernel, onAccelerator, reachedOnAccelerator } from '../torch/kernel.js';
import { calibratedAccelerator, calibratedConstants } from './calibrationFile.js';
import { type Band, type Constants, constants as fitted } from './constants.js';
import { energyOf } from './power.js';
import { deviceTime, type KernelLoad } from './time.js';

/** Same shape as `Interval` of the reports: value with its 90 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export type Bound = 'compute' | 'memory' | 'overhead';

export interface TargetOptions {
  readonly accelerator?: Accelerator;
  readonly region?: Region;
  readonly phase?: 'inference' | 'training';
  /** CUDA graphs and fusion of element-wise chains, as `torch.compile` does. */
  readonly compiled?: boolean;
  /** Re-prices float arithmetic and traffic in this dtype (the trace itself keeps its own). */
  readonly dtype?: string | null;
  readonly tf32Matmul?: boolean;
  readonly tf32Conv?: boolean;
  /** Overrides of the tables. */
  readonly usdPerHour?: number | null;
  readonly pue?: number;
  readonly hostFactor?: number;
  readonly constants?: Constants;
}

export interface Target {
  readonly accelerator: Accelerator;
  readonly region: Region;
  readonly phase: 'inference' | 'training';
  readonly compiled: boolean;
  readonly dtype: string | null;
  readonly tf32Matmul: boolean;
  readonly tf32Conv: boolean;
  /** Whose measured errors apply: a training step found in code is priced call by call, and is training all the same. */
  readonly family: 'inference' | 'compiled' | 'training';
  readonly price: HourlyPrice | null;
  readonly pue: Pue;
  readonly hostFactor: number;
  readonly constants: Constants;
  /** Prices by kernel object: a trace shares kernels, so a keystroke pays only for new ones. */
  readonly cache: WeakMap<Kernel, KernelCost>;
}

export interface KernelCost {
  /** Wall seconds of forward, plus backward when training. NaN: not known. */
  readonly time_s: number;
  /** Joules of the accelerator board. */
  readonly energy_J: number;
  readonly flops: number;
  readonly bytes: number;
  readonly bound: Bound;
  /** Seconds by what limits them. */
  readonly compute_s: number;
  readonly memory_s: number;
  readonly overhead_s: number;
  /** Of `time_s` and `energy_J`: the host waiting for the device. */
  readonly wait_s: number;
  readonly wait_J: number;
  readonly class: string;
  /** Kernel launches. */
  readonly launches: number;
}

export function makeTarget(options: TargetOptions = {}): Target {
  const listed = options.accelerator ?? defaultAccelerator();
  const accelerator = calibratedAccelerator(listed);
  const region = options.region ?? worldRegion;
  const constants = options.constants ?? calibratedConstants(fitted, listed);
  const usd = options.usdPerHour;
  const own = usd == null ? null : { value: usd, low: usd, high: usd, basis: 'set by the user', rows: [] };
  const pue =
    options.pue === undefined
      ? pueOf(region)
      : { provider: 'user', value: options.pue, year: null, source: 'set by the user' };
  return {
    accelerator,
    region,
    phase: options.phase ?? 'inference',
    compiled: options.compiled ?? false,
    dtype: options.dtype ?? null,
    tf32Matmul: options.tf32Matmul ?? false,
    tf32Conv: options.tf32Conv ?? true,
    family: options.phase === 'training' ? 'training' : options.compiled === true ? 'compiled' : 'inference',
    price: own ?? priceOf(accelerator),
    pue,
    hostFactor: options.hostFactor ?? constants.hostFactor,
    constants,
    cache: new WeakMap(),
  };
}

const forwardTargets = new WeakMap<Target, Target>();

/** The same target for a trace that holds its backward passes itself: kernels cost what they do when called, no more. */
export function asCalled(target: Target): Target {
  if (target.phase === 'inference' && target.family === 'training') return target;
  let own = forwardTargets.get(target);
  if (own === undefined) {
    own = { ...target, phase: 'inference', family: 'training', cache: new WeakMap() };
    forwardTargets.set(target, own);
  }
  return own;
}

const itemsizes: Readonly<Record<string, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  int8: 1,
  int4: 0.5,
};

/** Cost of one call of a kernel on the target: forward, and backward when the target trains. */
export function priceKernel(kernel: Kernel, target: Target): KernelCost {
  const known = target.cache.get(kernel);
  if (known) return known;
  const cost = compute(kernel, target);
  target.cache.set(kernel, cost);
  return cost;
}

function compute(kernel: Kernel, target: Target): KernelCost {
  if (kernel.waits === true) return waitOf(target);
  if (kernel.fused !== undefined) return fusedCost(onAccelerator(kernel), target);
  if (kernel.isView || kernel.work.kind === 'view') return { ...nothing, class: 'view' };
  if (kernel.step?.kind === 'backward') return backwardPass(kernel.step, target);
  const { scale, dtype } = precisionOf(kernel, target);
  const bytes = (trafficRead(kernel) + kernel.bytesWritten) * scale;
  const forward = priceLoad(
    { work: kernel.work, flops: kernel.flops, elementwise: kernel.elementwise, bytes, dtype },
    kernel.step?.launches ?? kernel.launches ?? 1,
    target,
  );
  const back = target.phase === 'training' ? backwardOf(kernel, scale, dtype, target) : null;
  return back === null ? forward : plus(forward, back);
}

/**
 * The host waits for the device and then the device for the host: the copy's round trip and the launches that the host
 * could not make ahead. Compiled or not: a graph ends where the host reads.
 */
function waitOf({ accelerator, constants }: Target): KernelCost {
  const seconds = constants.host.wait.value_s;
  const joules = energyOf(accelerator, 0, seconds, 0, 0, false, constants);
  return {
    ...nothing,
    time_s: seconds,
    energy_J: joules,
    overhead_s: seconds,
    wait_s: seconds,
    wait_J: joules,
    class: 'wait',
  };
}

/** Of a composite the kernels that an accelerator runs for it; nothing where another of its steps carries them. */
function fusedCost(kernels: readonly Kernel[], target: Target): KernelCost {
  const costs = kernels.map((one) => priceKernel(one, target));
  const [dearest] = [...costs].sort((a, b) => b.time_s - a.time_s);
  return costs.reduce(plus, { ...nothing, class: dearest?.class ?? 'view' });
}

function backwardOf(kernel: Kernel, scale: number, dtype: string, target: Target): KernelCost | null {
  if (kernel.backward === null) return null;
  const { flops, bytes, kernels } = kernel.backward;
  return priceLoad(
    { work: kernel.work, flops, elementwise: kernel.elementwise, bytes: bytes * scale, dtype, backward: true },
    Math.max(kernels, 1),
    target,
  );
}

/** `loss.backward()` as code calls it: the backward of each call that it reaches, and gradients added to those there are. */
function backwardPass(step: { parts: readonly Kernel[]; gradBytes: number }, target: Target): KernelCost {
  let sum: KernelCost = { ...nothing, class: 'elementwise' };
  const seconds = new Map<string, number>();
  for (const part of reachedOnAccelerator(step.parts)) {
    const { scale, dtype } = precisionOf(part, target);
    const cost = part.work.kind === 'view' ? null : backwardOf(part, scale, dtype, target);
    if (cost === null) continue;
    seconds.set(cost.class, (seconds.get(cost.class) ?? 0) + cost.time_s);
    sum = plus(sum, cost);
  }
  if (step.gradBytes > 0) {
    const elements = step.gradBytes / 12;
    const work = { kind: 'memory', pattern: 'elementwise', rows: elements, cols: 1 } as const;
    sum = plus(
      sum,
      priceLoad({ work, flops: 0, elementwise: elements, bytes: step.gradBytes, dtype: 'float32' }, 1, target),
    );
  }
  const [dominant] = [...seconds].sort((a, b) => b[1] - a[1]);
  return { ...sum, class: dominant?.[0] ?? sum.class };
}

function precisionOf(kernel: Kernel, target: Target): { scale: number; dtype: string } {
  if (target.dtype === null || kernel.dtype.kind !== 'float') return { scale: 1, dtype: kernel.dtype.name };
  const scale = (itemsizes[target.dtype] ?? kernel.dtype.itemsize) / kernel.dtype.itemsize;
  return { scale, dtype: target.dtype };
}

/** A gather touches the rows it returns, not the whole table: what it reads is what it writes, plus indices. */
function trafficRead(kernel: Kernel): number {
  const { work, bytesRead, bytesWritten } = kernel;
  const gathers = work.kind === 'memory' && work.pattern === 'gather';
  return gathers ? Math.min(bytesRead, 2 * bytesWritten) : bytesRead;
}

const nothing: Omit<KernelCost, 'class'> = {
  time_s: 0,
  energy_J: 0,
  flops: 0,
  bytes: 0,
  bound: 'overhead',
  compute_s: 0,
  memory_s: 0,
  overhead_s: 0,
  wait_s: 0,
  wait_J: 0,
  launches: 0,
};

function plus(a: KernelCost, b: KernelCost): KernelCost {
  const total = {
    time_s: a.time_s + b.time_s,
    energy_J: a.energy_J + b.energy_J,
    flops: a.flops + b.flops,
    bytes: a.bytes + b.bytes,
    compute_s: a.compute_s + b.compute_s,
    memory_s: a.memory_s + b.memory_s,
    overhead_s: a.overhead_s + b.overhead_s,
    wait_s: a.wait_s + b.wait_s,
    wait_J: a.wait_J + b.wait_J,
    launches: a.launches + b.launches,
    class: a.class,
  };
  return { ...total, bound: boundOf(total) };
}

function boundOf(cost: { compute_s: number; memory_s: number; overhead_s: number }): Bound {
  if (cost.overhead_s > Math.max(cost.compute_s, cost.memory_s)) return 'overhead';
  return cost.compute_s > cost.memory_s ? 'compute' : 'memory';
}

/**
 * A load that is not a `Kernel`: the what-ifs of serving and calibration. `launches`
 * kernels share the load.
 */
export function priceLoad(load: KernelLoad, launches: number, target: Target): KernelCost {
  const { constants, accelerator, compiled } = target;
  const { host } = constants;
  const fusible =
    compiled && load.work.kind === 'memory' && (load.work.pattern === 'elementwise' || load.work.pattern === 'copy');
  const priced = fusible ? { ...load, bytes: load.bytes * host.fusedTraffic } : load;
  const device = deviceTime(priced, accelerator, target, constants);
  const launch = (compiled ? host.compiled_s * (fusible ? host.fusedTraffic : 1) : host.eager_s) * launches;
  // Launches overlap with the device's work: the slower of the two is what passes.
  const wall = Number.isNaN(device.seconds) ? Number.NaN : Math.max(device.seconds, launch);
  const onMatrixUnits = device.rate?.matrix ?? false;
  const joules = energyOf(
    accelerator,
    device.seconds,
    wall,
    device.compute_s,
    device.memory_s,
    onMatrixUnits,
    constants,
  );
  const overhead = Number.isNaN(wall) ? Number.NaN : Math.max(0, wall - device.seconds);
  const inDevice = wall - overhead;
  const isCompute = device.bound === 'compute';
  const parts = { compute_s: isCompute ? inDevice : 0, memory_s: isCompute ? 0 : inDevice, overhead_s: overhead };
  return {
    time_s: wall,
    energy_J: joules,
    flops: load.flops,
    bytes: priced.bytes,
    ...parts,
    wait_s: 0,
    wait_J: 0,
    bound: boundOf(parts),
    class: device.class,
    launches,
  };
}

/** A running sum over (kernel, count) pairs: whole models and any part of them. */
export class CostSum {
  time_s = 0;
  energy_J = 0;
  flops = 0;
  bytes = 0;
  compute_s = 0;
  memory_s = 0;
  overhead_s = 0;
  wait_s = 0;
  wait_J = 0;
  launches = 0;
  /** Operators that are not known: totals are then not known either. */
  gaps = 0;
  /** Seconds by efficiency class: the interval rests on the classes that dominate. */
  readonly byClass = new Map<string, number>();
  constructor(readonly target: Target) {}

  add(kernel: Kernel, count = 1): KernelCost {
    const cost = priceKernel(kernel, this.target);
    this.addCost(cost, count);
    return cost;
  }

  addCost(cost: KernelCost, count = 1): void {
    this.time_s += cost.time_s * count;
    this.energy_J += cost.energy_J * count;
    this.flops += cost.flops * count;
    this.bytes += cost.bytes * count;
    this.compute_s += cost.compute_s * count;
    this.memory_s += cost.memory_s * count;
    this.overhead_s += cost.overhead_s * count;
    this.wait_s += cost.wait_s * count;
    this.wait_J += cost.wait_J * count;
    this.launches += cost.launches * count;
    this.byClass.set(cost.class, (this.byClass.get(cost.class) ?? 0) + cost.time_s * count);
  }

  /** Work that is not understood: one operator, or more. */
  addGap(count = 1): void {
    this.gaps += count;
  }

  merge(other: CostSum, count = 1): void {
    this.time_s += other.time_s * count;
    this.energy_J += other.energy_J * count;
    this.flops += other.flops * count;
    this.bytes += other.bytes * count;
    this.compute_s += other.compute_s * count;
    this.memory_s += other.memory_s * count;
    this.overhead_s += other.overhead_s * count;
    this.wait_s += other.wait_s * count;
    this.wait_J += other.wait_J * count;
    this.launches += other.launches * count;
    this.gaps += other.gaps * count;
    for (const [name, seconds] of other.byClass)
      this.byClass.set(name, (this.byClass.get(name) ?? 0) + seconds * count);
  }

  /** Plain sums; null where something in them is not known. */
  cost(): {
    time_s: number | null;
    energy_J: number | null;
    flops: number | null;
    bytes: number | null;
    bound: Bound | null;
  } {
    const known = (x: number) => (Number.isNaN(x) || this.gaps > 0 ? null : x);
    const time = known(this.time_s);
    return {
      time_s: time,
      energy_J: known(this.energy_J),
      flops: known(this.flops),
      bytes: known(this.bytes),
      bound: time === null || time === 0 ? null : boundOf(this),
    };
  }
}

/** One named step from a figure to the next: "host factor x1.25". */
export interface Step {
  readonly name: string;
  readonly factor: number;
  readonly unit: string;
  readonly source: string;
}

export interface Totals {
  readonly time_s: Interval | null;
  readonly energy_J: Interval | null;
  readonly power_W: Interval | null;
  /** Accelerator-hours x listed price, per million calls. */
  readonly usdPerMillion: Interval | null;
  /** Board energy x host factor x PUE x grid intensity, per million calls. */
  readonly gCO2ePerMillion: Interval | null;
  /** Electricity of a million calls at the wall, kWh: a line of its own, not part of `usd`. */
  readonly kWhPerMillion: Interval | null;
  readonly bound: Bound | null;
  readonly steps: { readonly usd: readonly Step[]; readonly gCO2e: readonly Step[] };
  /** One line: what the interval rests on. */
  readonly basis: string;
}

/** The figures of a sum with their 90 % intervals. */
export function totals(sum: CostSum): Totals {
  const { target } = sum;
  const { accelerator, region, pue, hostFactor, price } = target;
  const plain = sum.cost();
  const bands = bandsOf(sum);
  // of the waits of the host the two ends are known, not how wrong a model is
  const { wait } = target.constants.host;
  const interval = (value: number | null, band: Band, waits = 0): Interval | null =>
    value === null
      ? null
      : {
          value,
          low: (value - waits) * band.low + (waits * wait.low_s) / wait.value_s,
          high: (value - waits) * band.high + (waits * wait.high_s) / wait.value_s,
        };
  const time = interval(plain.time_s, bands.time, sum.wait_s);
  const energy = interval(plain.energy_J, bands.energy, sum.wait_J);
  const watts =
    plain.time_s === null || plain.energy_J === null || plain.time_s === 0 ? null : plain.energy_J / plain.time_s;
  const tdp = accelerator.tdp_W ?? Number.POSITIVE_INFINITY;
  const powerBand = interval(watts, bands.power);
  const power = powerBand && { ...powerBand, high: Math.min(powerBand.high, tdp) };
  const usd = time === null || price === null ? null : mapInterval(time, (s) => (s / 3600) * 1e6 * price.value);
  const kWh = energy && mapInterval(energy, (joules) => (joules / 3.6e6) * 1e6 * (1 + hostFactor) * pue.value);
  const grams = kWh && mapInterval(kWh, (x) => x * region.gCO2ePerKWh);
  return {
    time_s: time,
    energy_J: energy,
    power_W: power,
    usdPerMillion: usd,
    gCO2ePerMillion: grams,
    kWhPerMillion: kWh,
    bound: plain.bound,
    steps: {
      usd:
        price === null
          ? []
          : [{ name: 'price per accelerator-hour', factor: price.value, unit: 'USD/h', source: price.basis }],
      gCO2e: [
        {
          name: 'host factor',
          factor: 1 + hostFactor,
          unit: 'x',
          source: `fitted: whole server against its boards, ${target.constants.rows['host']?.count ?? 0} rows (${target.constants.rows['host']?.sources.join('; ') ?? ''})`,
        },
        { name: `PUE (${pue.provider})`, factor: pue.value, unit: 'x', source: pue.source },
        { name: `grid ${region.name}`, factor: region.gCO2ePerKWh, unit: 'gCO2e/kWh', source: region.source },
      ],
    },
    basis: bands.basis,
  };
}

function mapInterval(interval: Interval, f: (x: number) => number): Interval {
  return { value: f(interval.value), low: f(interval.low), high: f(interval.high) };
}

/** What the rows behind a band are. */
const rowsOf: Readonly<Record<string, string>> = {
  model: 'whole models',
  inference: 'models, inference',
  compiled: 'models, compiled',
  training: 'models, training',
  generate: 'models that wait for the host',
};

const microseconds = (s: number): string => String(Number((s * 1e6).toPrecision(2)));

/** The residual quantiles that apply to a sum, widened for hardware outside the fit or with unverified figures. */
export function bandsOf(sum: CostSum): { time: Band; energy: Band; power: Band; basis: string } {
  const { accelerator, constants } = sum.target;
  const { bands, widening, measuredDevices } = constants;
  let dominant = '';
  // waits of the host have ends of their own
  const priced = sum.time_s - sum.wait_s;
  for (const [name, seconds] of sum.byClass) if (name !== 'wait' && seconds > 0.9 * priced) dominant = name;
  // Where the host decides, errors are those of eager generate(), which waits for it.
  const isHostBound = sum.overhead_s - sum.wait_s > 0.5 * priced;
  const family = isHostBound && sum.target.family === 'inference' ? 'generate' : sum.target.family;
  const key = dominant in bands ? dominant : family in bands ? family : 'model';
  const measured = measuredDevices.includes(accelerator.id);
  const verified = isVerified(accelerator);
  const stretch = (measured ? 1 : widening.unmeasuredDevice) * (verified ? 1 : widening.unverified);
  const wide = (band: Band): Band => ({ ...band, low: band.low ** stretch, high: band.high ** stretch });
  const chosen = bands[key] ?? bands['model'];
  const rows = chosen.time.rows;
  const why = [
    `90 % of ${rows} left-out measurements (${rowsOf[key] ?? `${key} kernels`})`,
    measured ? '' : `widened: no measurement of ${accelerator.name} in the fit`,
    verified ? '' : 'widened: hardware figures not verified',
    sum.wait_s > 0
      ? `${Math.round(sum.wait_s / constants.host.wait.value_s)} waits of the host, ${microseconds(constants.host.wait.low_s)} to ${microseconds(constants.host.wait.high_s)} us each`
      : '',
  ];
  return {
    time: wide(chosen.time),
    energy: wide(chosen.energy),
    power: wide(chosen.power),
    basis: why.filter((s) => s !== '').join('; '),
  };
}
