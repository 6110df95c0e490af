/** The fits in order, and every prediction of rows that were left out of them. */
import type { Constants, EfficiencyClass } from '../server/src/energy/constants.js';
import { idlePower } from '../server/src/energy/power.js';
import { accelerators } from '../server/src/hardware/accelerators.js';
import { devices, hostWaits, kernelRows, type MeasuredRow, measuredRows } from './data.js';
import { fitClass, hash, heldOut, prepare } from './fit/kernels.js';
import {
  deviceFactors,
  fitModels,
  type ModelCase,
  modelCases,
  parameters,
  timeOf,
  withParameters,
} from './fit/models.js';
import { boardPower, fitPowers, type PowerPoint } from './fit/power.js';
import { fitQuantisation } from './fit/quantisation.js';
import {
  fitServing,
  powerPoint,
  predictServing,
  type ServingCase,
  servingCases,
  servingParameters,
} from './fit/serving.js';
import type { Held } from './fit/stats.js';
import { quantile } from './fit/stats.js';
import { fitWork, type WorkCase, workCases, workParameters, workPoint } from './fit/workloads.js';
import { startConstants } from './start.js';

export interface HeldRow extends Held {
  readonly suite: string;
}

export interface Outcome {
  readonly constants: Constants;
  readonly kernels: Readonly<Record<EfficiencyClass, { shape: Held[]; device: Held[] }>>;
  /** Left out by model, and by GPU. */
  readonly byModel: { readonly time: HeldRow[]; readonly power: HeldRow[]; readonly energy: HeldRow[] };
  readonly byDevice: { readonly time: HeldRow[]; readonly power: HeldRow[]; readonly energy: HeldRow[] };
  /** Name, value and where it was fitted: the tables of the report. */
  readonly fitted: readonly { name: string; value: number; rows: string }[];
  readonly counts: Constants['rows'];
}

const log = (text: string) => process.stderr.write(`${text}\n`);

/** Everything the whole-workload fits set. */
interface Fit {
  readonly constants: Constants;
  readonly serving: number[];
  readonly work: number[];
}

interface Cases {
  readonly models: readonly ModelCase[];
  readonly serving: readonly ServingCase[];
  readonly work: readonly WorkCase[];
}

/** Most iterations of each search. */
const effort = { serving: 25, models: 30, work: 25, power: 40 };

/** Fits by the rows they saw: a fold that leaves out no row of a part fits that part as the others do. */
const memo = new Map<string, number[]>();

function remember(part: string, rows: readonly { label: string }[], detail: string, search: () => number[]): number[] {
  const key = `${part}|${detail}|${hash(rows.map((one) => one.label).join('\n'))}|${rows.length}`;
  let x = memo.get(key);
  if (!x) {
    x = search();
    memo.set(key, x);
  }
  return x;
}

/** Twice: what the host needs decides where the device waits for it, so traced models are fitted again under the host of the first pass. */
function fitAll(cases: Cases, start: Constants, scale: number): Fit {
  const { eager_s } = fitPass(cases, start, scale).constants.host;
  return fitPass(cases, { ...start, host: { ...start.host, eager_s } }, scale);
}

function fitPass(cases: Cases, start: Constants, scale: number): Fit {
  const detail = String(scale);
  const serving = remember(
    'serving',
    cases.serving,
    detail,
    () => fitServing(cases.serving, start, effort.serving * scale).x,
  );
  const base = { ...start, matrix: { ...start.matrix, bandwidth: Math.exp(serving[0]) } };
  const x = remember(
    'models',
    cases.models,
    `${detail} ${base.matrix.bandwidth} ${base.host.eager_s}`,
    () => fitModels(cases.models, base, effort.models * scale).x,
  );
  const models = withParameters(base, x);
  const withDevices = { ...models, deviceFactor: deviceFactors(cases.models, models) };
  const work = fitWork(cases.work, withDevices, effort.work * scale);
  const hosted = {
    ...withDevices,
    host: { ...withDevices.host, eager_s: Math.exp(work[0]) },
    serving: servingConstants(serving),
  };
  const points = powerPoints(cases, { constants: hosted, serving, work }, true);
  return { constants: fitPowers(points, hosted, effort.power * scale), serving, work };
}

function servingConstants(x: readonly number[]): Constants['serving'] {
  const p = x.map(Math.exp);
  return {
    step_s: p[1],
    sequence_s: p[2],
    ceiling: p[12],
    expert: p[17],
    routing: p[19],
    allReduce_s: p[6],
    link: p[15],
  };
}

function powerPoints(cases: Pick<Cases, 'serving' | 'work'>, fit: Fit, measuredTime: boolean): PowerPoint[] {
  const targets = new Map();
  return [
    ...cases.serving.map((one) =>
      powerPoint(one, predictServing(one, fit.constants, fit.serving, targets), measuredTime),
    ),
    ...cases.work.map((one) => workPoint(one, one.use(fit.constants, fit.work), measuredTime)),
  ];
}

interface Predictions {
  readonly time: HeldRow[];
  readonly power: HeldRow[];
  readonly energy: HeldRow[];
}

function predictAll(cases: Cases, fit: Fit): Predictions {
  const out: Predictions = { time: [], power: [], energy: [] };
  const targets = new Map();
  for (const one of cases.models) {
    out.time.push({
      predicted: timeOf(one, fit.constants, targets),
      measured: one.measured,
      group: one.model,
      device: one.device,
      label: one.label,
      suite: one.suite,
    });
  }
  const points = powerPoints(cases, fit, false);
  const measured = [...cases.serving.map((one) => one.step_s), ...cases.work.map((one) => one.measured_s)];
  points.forEach((point, i) => {
    const row = { group: point.model, device: point.device, label: point.label, suite: point.suite };
    const power = boardPower(point, fit.constants);
    out.time.push({ ...row, predicted: point.wall_s, measured: measured[i] });
    out.power.push({ ...row, predicted: power, measured: point.power_W });
    out.energy.push({ ...row, predicted: power * point.wall_s, measured: point.power_W * measured[i] });
  });
  return out;
}

function select(cases: Cases, keep: (one: { model: string; device: string }) => boolean): Cases {
  return { models: cases.models.filter(keep), serving: cases.serving.filter(keep), work: cases.work.filter(keep) };
}

/** Variants of one architecture (fine-tunes, hub names of the same weights) leave together. */
function modelGroup(model: string): string {
  const name = model.toLowerCase().replace(/^.*\//, '');
  if (/^(meta-)?llama-?3\.1-8b/.test(name)) return 'llama-3.1-8b';
  if (/^(meta-)?llama-?3\.[13]-70b/.test(name)) return 'llama-3-70b';
  return name;
}

function crossValidate(
  cases: Cases,
  start: Constants,
  foldOf: (one: { model: string; device: string }) => string,
): Predictions {
  const all = [...cases.models, ...cases.serving, ...cases.work];
  const folds = [...new Set(all.map(foldOf))].sort();
  const out: Predictions = { time: [], power: [], energy: [] };
  for (const fold of folds) {
    const fit = fitAll(
      select(cases, (one) => foldOf(one) !== fold),
      start,
      0.7,
    );
    const held = predictAll(
      select(cases, (one) => foldOf(one) === fold),
      fit,
    );
    out.time.push(...held.time);
    out.power.push(...held.power);
    out.energy.push(...held.energy);
    log(`  left out ${fold}: ${held.time.length} rows`);
  }
  return out;
}

/**
 * Whole-server power against the boards in it, from MLPerf wall rows of 8-GPU servers. What
 * rises with load counts as boards, so fans and supply losses under load are missed: a lower bound.
 */
function fitHostFactor(rows: readonly MeasuredRow[], constants: Constants): { value: number; count: number } {
  const ids: Readonly<Record<string, string>> = {
    'NVIDIA A100-PCIe-80GB': 'a100-pcie-80',
    'NVIDIA H100-PCIe-80GB': 'h100-pcie',
  };
  const ratios: number[] = [];
  for (const row of rows) {
    const id = ids[row.hardware];
    if (!id || row.gpus !== 8 || row.powerScope !== 'system_wall' || !(row.extra.dynamic_W > 0)) continue;
    const boards = row.extra.dynamic_W + 8 * (devices.get(id)!.idle_W ?? idlePower(devices.get(id)!, constants) * 0.6);
    ratios.push(row.power_W / boards - 1);
  }
  return { value: quantile(ratios, 0.5), count: ratios.length };
}

const kernelClasses = ['elementwise', 'softmax', 'norm', 'gemm'] as const;

function casesOf(rows: readonly MeasuredRow[], start: Constants): Cases {
  return { models: modelCases(rows, start), serving: servingCases(rows), work: workCases(rows) };
}

/** The parts that run side by side, each in its own thread: plain data in, plain data out. */
export type Part = { readonly kind: 'kernels' } | { readonly kind: 'byModel' | 'byDevice'; readonly start: Constants };

export function runPart(part: Part): Outcome['kernels'] | Predictions {
  if (part.kind === 'kernels') {
    const prepared = kernelRows().map(prepare);
    const kernels = {} as Record<EfficiencyClass, { shape: Held[]; device: Held[] }>;
    for (const name of kernelClasses) {
      const mine = prepared.filter((row) => row.class === name);
      // GEMM has twenty thousand rows: with a GPU left out every second one of the others is enough to fit.
      const thin = name === 'gemm' ? mine.filter((_, i) => i % 2 === 0) : mine;
      kernels[name] = {
        shape: heldOut(name, mine, (row) => String(hash(row.family) % 6)),
        device: heldOut(name, thin, (row) => row.device),
      };
      log(`  kernels left out: ${name}, ${mine.length} rows`);
    }
    return kernels;
  }
  const cases = casesOf(measuredRows(), part.start);
  if (part.kind === 'byDevice') return crossValidate(cases, part.start, (one) => one.device);
  // Six folds of traced models and six of the others, so that a fold refits only what it touches.
  const tracedGroups = new Set(cases.models.map((one) => modelGroup(one.model)));
  const rest = new Set([...cases.serving, ...cases.work].map((one) => modelGroup(one.model)));
  const otherGroups = [...rest].filter((group) => !tracedGroups.has(group));
  const foldOfGroup = new Map([
    ...[...tracedGroups].sort().map((group, i) => [group, `traced models ${(i % 6) + 1} of 6`] as const),
    ...otherGroups.sort().map((group, i) => [group, `other models ${(i % 6) + 1} of 6`] as const),
  ]);
  return crossValidate(cases, part.start, (one) => foldOfGroup.get(modelGroup(one.model))!);
}

/** Fits everything; `elsewhere` runs a part in another thread. `known`: an outcome whose fits of single kernels still hold. */
export async function run(elsewhere: (part: Part) => Promise<unknown>, known?: Outcome): Promise<Outcome> {
  const rows = measuredRows();
  const prepared = kernelRows().map(prepare);
  const kernel = {} as Record<EfficiencyClass, Constants['kernel'][EfficiencyClass]>;
  const heldKernels = known === undefined ? elsewhere({ kind: 'kernels' }) : Promise.resolve(known.kernels);
  for (const name of kernelClasses)
    kernel[name] =
      known?.constants.kernel[name] ??
      fitClass(
        name,
        prepared.filter((row) => row.class === name),
      );
  log('kernels fitted');
  // Share of TDP that a context alone draws, where both were measured.
  const idle = [...devices.values()]
    .filter((d) => d.idleWithContext_W !== null && d.tdp_W !== null)
    .map((d) => d.idleWithContext_W! / d.tdp_W!);
  const first = startConstants(kernel);
  const start: Constants = {
    ...first,
    power: { ...first.power, ...idleConstants() },
    matrix: { ...first.matrix, halfLength: fitHalfLength(rows) },
    host: { ...first.host, wait: waitConstants() },
  };
  const cases = casesOf(rows, start);
  const heldModels = elsewhere({ kind: 'byModel', start });
  const heldDevices = elsewhere({ kind: 'byDevice', start });
  const fit = fitAll(cases, start, 1);
  log(
    `whole workloads fitted: ${cases.models.length} traced, ${cases.serving.length} served, ${cases.work.length} others`,
  );
  const host = fitHostFactor(rows, fit.constants);
  const all = [...prepared, ...cases.models, ...cases.serving];
  const measuredDevices = [...new Set(all.map((one) => one.device))].sort();
  const counts: Constants['rows'] = {
    kernels: {
      count: prepared.length,
      sources: ['NeuSight (ASPLOS 2025) single-kernel latencies, fp32, PyTorch 2.1, 8 GPUs'],
    },
    models: {
      count: cases.models.length,
      sources: ['timm benchmark tables', 'NeuSight end-to-end latencies', 'Lambda deep-learning benchmark'],
    },
    serving: { count: cases.serving.length, sources: ['ML.ENERGY leaderboard and benchmark (vLLM, NVML)'] },
    others: {
      count: cases.work.length,
      sources: ['ML.ENERGY (Hugging Face generate, diffusion)', 'Zeus training epochs (NVML)'],
    },
    host: { count: host.count, sources: ['MLPerf Inference v3.0 power submissions (8-GPU servers)'] },
    waits: { count: hostWaits.length, sources: hostWaits.map((one) => one.source) },
    idle: { count: idle.length, sources: ['GPU parking tax (arXiv 2605.23918)'] },
  };
  const fitted = [
    ...parameters.map((name) => ({ name, value: fittedValue(fit.constants, name), rows: 'models' })),
    ...servingParameters.map((name, i) => ({
      name: `serving.${name}`,
      value: Math.exp(fit.serving[i]),
      rows: 'serving',
    })),
    ...workParameters.map((name, i) => ({ name: `others.${name}`, value: Math.exp(fit.work[i]), rows: 'others' })),
    ...Object.entries(fit.constants.power)
      .flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : []))
      .map(([name, value]) => ({
        name: `power.${name}`,
        value,
        rows: name === 'idleShare' || name === 'contextShare' ? 'idle' : 'serving, others',
      })),
    { name: 'host.wait', value: fit.constants.host.wait.value_s, rows: 'waits' },
    { name: 'hostFactor', value: host.value, rows: 'host' },
  ];
  log(fitted.map((one) => `${one.name}=${one.value.toPrecision(3)}`).join(' '));
  const constants: Constants = {
    ...fitQuantisation(fit.constants),
    hostFactor: round(host.value),
    measuredDevices,
    rows: counts,
  };
  const kernels = (await heldKernels) as Outcome['kernels'];
  const byModel = (await heldModels) as Predictions;
  const byDevice = (await heldDevices) as Predictions;
  return { constants, kernels, byModel, byDevice, fitted, counts };
}

function fittedValue(constants: Constants, name: string): number {
  const [a, b] = name.split('.');
  const c = constants as unknown as Record<string, Record<string, number>>;
  const matrix = constants.matrix as unknown as Record<string, unknown>;
  if (a === 'ceiling') return constants.matrix.ceiling[b];
  if (a === 'fusedTraffic') return constants.host.fusedTraffic;
  return b === undefined ? (matrix[a] as number) : c[a][b];
}

/** Shares of TDP that idle boards draw, from those of the table that were measured. */
function idleConstants(): Pick<Constants['power'], 'idleShare' | 'idleByArchitecture' | 'contextShare'> {
  const added = accelerators.flatMap((d) =>
    d.idle_W !== null && d.idleWithContext_W !== null && d.tdp_W !== null
      ? [(d.idleWithContext_W - d.idle_W) / d.tdp_W]
      : [],
  );
  const contextShare = quantile(added, 0.5);
  const shares = new Map<string, number[]>();
  for (const d of accelerators) {
    const idle = d.idleWithContext_W ?? (d.idle_W === null ? null : d.idle_W + contextShare * d.tdp_W!);
    if (idle === null || d.tdp_W === null) continue;
    shares.set(d.architecture, [...(shares.get(d.architecture) ?? []), idle / d.tdp_W]);
  }
  return {
    contextShare: round(contextShare),
    idleShare: round(quantile([...shares.values()].flat(), 0.5)),
    idleByArchitecture: Object.fromEntries([...shares].map(([name, list]) => [name, round(quantile(list, 0.5))])),
  };
}

/** What a synchronisation costs: between the least and the most that were published. */
function waitConstants(): Constants['host']['wait'] {
  const seconds = hostWaits.map((one) => one.seconds);
  const low_s = Math.min(...seconds);
  const high_s = Math.max(...seconds);
  return { value_s: round(Math.sqrt(low_s * high_s)), low_s, high_s };
}

/** Sequence length at which fused attention reaches half of its long-sequence rate, from 512 against the longest measured. */
function fitHalfLength(rows: readonly MeasuredRow[]): number {
  const series = new Map<string, Map<number, number>>();
  for (const row of rows) {
    if (!row.workload.startsWith('attention forward') || row.model === 'standard') continue;
    const length = Number(/seq (\d+)/.exec(row.seq_or_img)?.[1]);
    const key = `${row.model} ${row.seq_or_img.replace(/seq \d+/, '')}`;
    series.set(key, (series.get(key) ?? new Map()).set(length, row.value));
  }
  const halves = [...series.values()].flatMap((points) => {
    const longest = Math.max(...points.keys());
    const short = points.get(512);
    if (short === undefined || longest <= 512) return [];
    const ratio = points.get(longest)! / short;
    // short = rate·512/(512 + h), longest = rate·L/(L + h): solved for h.
    return [(512 * longest * (ratio - 1)) / (longest - 512 * ratio)];
  });
  return round(quantile(halves, 0.5));
}

function round(x: number): number {
  return Number(x.toPrecision(4));
}
