/** What a report says of a training step beside its cost: optimisers, memory, steps and epochs of the run. */
import type { Place } from '../python/place.js';
import { type Kernel, onAccelerator } from '../torch/kernel.js';
import type { TensorValue } from '../torch/tensor.js';
import type { Trace, TraceNode } from '../trace/trace.js';
import type { Interval, TrainingReport } from './model.js';

interface StepMemory {
  /** Most bytes that autograd keeps at a time. */
  readonly saved: number;
  readonly gradients: number;
  readonly optimizers: readonly { readonly name: string; readonly params: number; readonly stateBytes: number }[];
}

/** What one step keeps: activations until the next backward, gradients, states of the optimisers. */
export function stepMemory(trace: Trace): StepMemory {
  let kept = 0;
  let most = 0;
  const leaves = new Set<TensorValue>();
  const optimizers = new Map<TensorValue | undefined, { name: string; params: number; stateBytes: number }>();
  const add = (k: Kernel): void => {
    if (k.step?.kind === 'backward') {
      if (!(kept <= most)) most = kept;
      kept = 0;
      for (const t of k.outputs) leaves.add(t);
    } else if (k.step?.kind === 'optimizer') {
      const { name, params, stateBytes } = k.step;
      const known = optimizers.get(params[0]);
      const numel = params.reduce((n, p) => n + p.numel, 0);
      if (known === undefined) optimizers.set(params[0], { name: optimizerName(name), params: numel, stateBytes });
      else if (known.params < numel) known.params = numel;
    } else for (const one of onAccelerator(k)) kept += one.savedBytes;
  };
  const visit = (nodes: readonly TraceNode[]): void => {
    for (const n of nodes) {
      if (n.kind === 'op') add(n.kernel);
      else if (n.kind === 'branch') visit(n.alternatives[n.alternatives.length - 1] ?? []);
      else if (n.kind === 'module' || n.kind === 'function') visit(n.body.children);
    }
  };
  if (trace.root !== null) visit(trace.root.body.children);
  let gradients = 0;
  for (const t of leaves) gradients += t.nbytes;
  // one update of every parameter on its own is still one optimiser
  const merged = new Map<string, { name: string; params: number; stateBytes: number }>();
  for (const o of optimizers.values()) {
    const m = merged.get(o.name);
    if (m === undefined) merged.set(o.name, { ...o });
    else {
      m.params += o.params;
      m.stateBytes += o.stateBytes;
    }
  }
  return { saved: Number.isNaN(kept) ? Number.NaN : Math.max(most, kept), gradients, optimizers: [...merged.values()] };
}

const optimizerName = (kernel: string): string => kernel.replace(/^_(foreach|fused)_/, '').replace(/_(step)?$/, '');

const scaled = (i: Interval | null, by: number | null): Interval | null =>
  i === null || by === null ? null : { value: i.value * by, low: i.low * by, high: i.high * by };

export function trainingReport(
  trace: Trace,
  figures: { readonly time_s: Interval | null; readonly energy_J: Interval | null; readonly bytes: number | null },
  lineOf: (place: Place | null) => number,
): TrainingReport | null {
  const { step } = trace;
  if (step === undefined || trace.root === null) return null;
  const { stepsPerEpoch, epochs } = step;
  const steps = stepsPerEpoch === null ? null : stepsPerEpoch * (epochs ?? 1);
  return {
    loopLine: lineOf(step.loop),
    iterationsPerStep: step.turns,
    stepsPerEpoch,
    epochs,
    steps,
    optimizers: stepMemory(trace).optimizers.map((o) => ({
      name: o.name,
      params: o.params,
      state_bytes: Number.isNaN(o.stateBytes) ? null : o.stateBytes,
    })),
    optimizerBytes: figures.bytes,
    run: { time_s: scaled(figures.time_s, steps), energy_J: scaled(figures.energy_J, steps) },
  };
}
