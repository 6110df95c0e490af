/** What a traced call comes to when it is used: a whole training run, serving, loops of the code, several accelerators, a month. */
import type { CountedLoad } from '../energy/decoder.js';
import { type Monthly, monthlyOf } from '../energy/monthly.js';
import { type ParallelEstimate, parallelEstimate } from '../energy/parallel.js';
import { CostSum, makeTarget, priceLoad, type Target, totals } from '../energy/price.js';
import { type ServedModel, type ServingEstimate, serve } from '../energy/serving.js';
import { tracedDecoder } from '../energy/tracedDecoder.js';
import { type Kernel, onAccelerator } from '../torch/kernel.js';
import type { Trace, TraceNode } from '../trace/trace.js';
import type { CodeFacts } from './codeFacts.js';
import type { WorkloadAsked } from './engine.js';
import { flatten } from './flatten.js';
import type { EstimateReport, Interval, LoopReport, RunReport, ServingReport, WorkloadReport } from './model.js';

/** Kernels that an accelerator runs for a trace, of undecided branches the last side, equal objects counted. */
export function countedKernels(trace: Trace): { kernel: Kernel; count: number }[] {
  const counts = new Map<Kernel, number>();
  const visit = (nodes: readonly TraceNode[]): void => {
    for (const n of nodes) {
      if (n.kind === 'op') for (const k of onAccelerator(n.kernel)) counts.set(k, (counts.get(k) ?? 0) + 1);
      else if (n.kind === 'branch') visit(n.alternatives.at(-1) ?? []);
      else if (n.kind === 'module' || n.kind === 'function') visit(n.body.children);
    }
  };
  if (trace.root !== null) visit(trace.root.body.children);
  return [...counts].map(([kernel, count]) => ({ kernel, count }));
}

const times = (x: Interval | null, by: number | null): Interval | null =>
  x === null || by === null ? null : { value: x.value * by, low: x.low * by, high: x.high * by };

export function workloadOf(
  trace: Trace,
  report: EstimateReport,
  target: Target,
  asked: WorkloadAsked,
  facts: CodeFacts,
  lineAt: (offset: number) => number,
): WorkloadReport {
  const usable =
    trace.missing === null && trace.error === null && trace.root !== null && report.coverage.unknownOps === 0;
  const served = usable
    ? decoderOf(trace)
    : ({ ok: false, why: report.missing ?? 'parts of it are not understood' } as const);
  const parallel = usable ? parallelOf(trace, report, target, asked, facts, served) : null;
  const steps = runOf(report, asked);
  const many = parallel !== null && typeof parallel !== 'string' ? parallel : null;
  const perRun = steps ?? { time_s: many?.time_s ?? report.time_s, energy_J: many?.energy_J ?? report.energy_J };
  return {
    run: steps,
    serving: asked.serve === null ? null : servingOf(served, target, asked.serve),
    loops: usable ? loopsOf(trace, report, target, facts, served, lineAt) : [],
    parallel: typeof parallel === 'string' ? { why: parallel } : parallel,
    parallelInCode:
      facts.parallel === null
        ? null
        : {
            mode: facts.parallel.mode,
            devices: facts.parallel.devices,
            line: lineAt(facts.parallel.start),
            what: facts.parallel.what,
          },
    monthly: asked.runsPerMonth === null ? null : monthlyReport(perRun, asked.runsPerMonth, target, many?.devices ?? 1),
  };
}

function monthlyReport(
  run: Pick<RunReport, 'time_s' | 'energy_J'>,
  runs: number,
  target: Target,
  devices: number,
): Monthly {
  return monthlyOf(run.time_s, run.energy_J, runs, target, devices);
}

/** Steps × epochs, from flags where given, else from the code. */
function runOf(report: EstimateReport, asked: WorkloadAsked): RunReport | null {
  const { training } = report;
  if (asked.steps === null && asked.epochs === null) return null;
  const perEpoch = asked.steps ?? training?.stepsPerEpoch ?? null;
  const epochs = asked.epochs ?? (asked.steps === null ? (training?.epochs ?? 1) : 1);
  const steps = perEpoch === null ? null : perEpoch * epochs;
  return {
    stepsPerEpoch: perEpoch,
    epochs,
    steps,
    why: steps === null ? 'the code does not say how many steps an epoch has; give --steps N' : null,
    time_s: times(report.time_s, steps),
    energy_J: times(report.energy_J, steps),
    usd: times(report.per_million.usd, steps === null ? null : steps / 1e6),
    gCO2e: times(report.per_million.gCO2e, steps === null ? null : steps / 1e6),
  };
}

type Decoder = ReturnType<typeof tracedDecoder> & { readonly sequences?: number; readonly positions?: number };

/** The trace as a decoder: its first input of token ids says sequences and positions. */
function decoderOf(trace: Trace): Decoder {
  if (trace.step !== undefined) return { ok: false, why: 'a training step is not served' };
  const ids = trace.inputs.find((one) => /^int/.test(one.dtype) && one.shape?.length === 2);
  if (ids?.shape == null)
    return { ok: false, why: 'it takes no token ids (an integer input of sequences × positions)' };
  const [sequences, positions] = ids.shape as [number, number];
  const pass = { kernels: countedKernels(trace), sequences, positions, params: trace.params?.total ?? Number.NaN };
  return { ...tracedDecoder(pass), sequences, positions };
}

const weightBytesOf: Readonly<Record<string, number>> = {
  bfloat16: 2,
  float16: 2,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  int8: 1,
  float32: 4,
};

function servingOf(decoder: Decoder, target: Target, asked: NonNullable<WorkloadAsked['serve']>): ServingReport {
  if (!decoder.ok) return { why: decoder.why };
  const { prompt, generate, batch, gpus } = asked;
  const dtype = asked.dtype ?? 'bfloat16';
  const weightBytes = asked.weightBits === null ? (weightBytesOf[dtype] ?? 2) : asked.weightBits / 8;
  const at = (b: number, context: number): ServingEstimate | null =>
    serve(decoder.model, {
      accelerator: target.accelerator,
      batch: b,
      promptTokens: context,
      outputTokens: generate,
      gpus,
      dtype,
      weightBytes,
    });
  const one = at(batch, prompt);
  if (one === null) return { why: `no power limit is published for ${target.accelerator.name}` };
  const point = (b: number, context: number) => {
    const e = at(b, context)!;
    return {
      batch: b,
      prompt: context,
      generate,
      joulesPerToken: e.joulesPerOutputToken,
      tokensPerSecond: e.tokensPerSecond,
      fits: e.fits,
    };
  };
  const batches = [...new Set([1, 8, 32, 128, batch])].sort((a, b) => a - b);
  const contexts = [...new Set([prompt / 4, prompt, prompt * 4].map((x) => Math.max(1, Math.round(x))))];
  const { hostFactor, pue, region, price } = target;
  const million = (x: Interval, by: number): Interval => times(x, by)!;
  const inverse = {
    value: 1 / one.tokensPerSecond.value,
    low: 1 / one.tokensPerSecond.high,
    high: 1 / one.tokensPerSecond.low,
  };
  return {
    why: null,
    prompt,
    generate,
    batch,
    gpus,
    dtype,
    weightBytes,
    prefill: one.prefill,
    decodeStep: one.decodeStep,
    joulesPerToken: one.joulesPerOutputToken,
    tokensPerSecond: one.tokensPerSecond,
    power_W: one.power_W,
    kvCache_bytes: one.kvCache_bytes,
    weights_bytes: one.weights_bytes,
    fits: one.fits,
    perMillionTokens: {
      usd: price === null ? null : million(inverse, (1e6 / 3600) * gpus * price.value),
      gCO2e: million(one.joulesPerOutputToken, (1e6 / 3.6e6) * (1 + hostFactor) * pue.value * region.gCO2ePerKWh),
    },
    byBatch: batches.map((b) => point(b, prompt)),
    byContext: contexts.map((context) => point(batch, context)),
    basis: one.basis,
    notes: [
      ...decoder.notes,
      'priced as a serving engine runs it: fused attention, CUDA graphs, logits of the last position; weights that are quantised are read in their size and computed in 16 bits',
    ],
  };
}

/** Loops of the code around this model, priced as that many calls; `generate()` as prefill and one step per token. */
function loopsOf(
  trace: Trace,
  report: EstimateReport,
  target: Target,
  facts: CodeFacts,
  decoder: Decoder,
  lineAt: (offset: number) => number,
): LoopReport[] {
  const name = /^[A-Za-z_]\w*/.exec(trace.entry)?.[0] ?? '';
  return facts.loops.flatMap((loop): LoopReport[] => {
    if (loop.model !== name) return [];
    const common = { kind: loop.kind, line: lineAt(loop.start), turns: loop.turns, calls: loop.calls };
    if (loop.kind === 'loop') {
      const by = loop.turns * loop.calls;
      return [
        {
          ...common,
          time_s: times(report.time_s, by),
          energy_J: times(report.energy_J, by),
          note: `${loop.turns} turns`,
        },
      ];
    }
    if (!decoder.ok) return [{ ...common, time_s: null, energy_J: null, note: decoder.why }];
    const figures = generated(decoder.model, decoder.sequences!, decoder.positions!, loop.turns, target);
    return [
      {
        ...common,
        ...figures,
        note: `prompt of ${decoder.positions} tokens, then ${loop.turns} steps with a KV cache`,
      },
    ];
  });
}

/** Plain PyTorch, one kernel after the other: prefill, then one step per token. */
function generated(
  model: ServedModel,
  batch: number,
  prompt: number,
  tokens: number,
  target: Target,
): { time_s: Interval | null; energy_J: Interval | null } {
  const own = makeTarget({ accelerator: target.accelerator, region: target.region, compiled: target.compiled });
  const sum = new CostSum(own);
  const add = (loads: readonly CountedLoad[], by: number): void => {
    for (const { load, count } of loads) sum.addCost(priceLoad(load, 1, own), count * by);
  };
  const common = { batch, dtype: 'bfloat16', weightBytes: 2, kvBytes: 2, share: 1, logits: 1 };
  add(model.loads({ ...common, tokens: prompt, context: prompt / 2 }), 1);
  add(model.loads({ ...common, tokens: 1, context: prompt + tokens / 2 }), tokens);
  const { time_s, energy_J } = totals(sum);
  return { time_s, energy_J };
}

function parallelOf(
  trace: Trace,
  report: EstimateReport,
  target: Target,
  asked: WorkloadAsked,
  facts: CodeFacts,
  decoder: Decoder,
): ParallelEstimate | string | null {
  const mode = asked.parallel?.mode ?? facts.parallel?.mode ?? null;
  const devices = asked.parallel?.devices ?? facts.parallel?.devices ?? null;
  if (asked.parallel === null && facts.parallel === null) return null;
  if (mode === null)
    return 'how the accelerators share the work is not in the code; give --parallel data|fsdp|tensor|pipeline';
  if (devices === null)
    return `${facts.parallel?.what ?? mode}: how many accelerators is not in the code; give --gpus N`;
  if (devices < 2) return null;
  if (report.time_s === null || report.energy_J === null || trace.params === null)
    return 'the work on one accelerator is not known';
  const training = trace.phase === 'training';
  const { total } = flatten(trace, target);
  const grad = training ? trace.params.bytes * (trace.params.trainable / Math.max(trace.params.total, 1)) : 0;
  const work = total.flopsForward + total.flopsBackward;
  const rows = decoder.ok ? (decoder.sequences ?? 1) * (decoder.positions ?? 1) : Number.NaN;
  const width = decoder.ok ? rows * decoder.model.hidden * 2 : null;
  return parallelEstimate(
    {
      time_s: report.time_s,
      energy_J: report.energy_J,
      training,
      backwardShare: training && work > 0 ? total.flopsBackward / work : 0,
      weights_bytes: trace.params.bytes,
      gradients_bytes: grad,
      reduced_bytes: decoder.ok && width !== null ? 2 * decoder.model.layers * width : null,
      boundary_bytes: width ?? outputBytes(trace),
      peakMemory_bytes: report.peakMemory_bytes,
      optimiser_bytes: report.memory?.optimiser_bytes ?? 0,
    },
    { mode, devices },
    target,
  );
}

/** What passes between stages is at least what comes out. */
function outputBytes(trace: Trace): number | null {
  const [first] = trace.outputs;
  if (first?.shape == null) return null;
  const bytes = first.shape.reduce((n, extent) => n * extent, 4);
  return Number.isNaN(bytes) ? null : bytes;
}
