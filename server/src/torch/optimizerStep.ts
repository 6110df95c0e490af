/** What one `optimizer.step()` moves and launches, and the state that it keeps. */
import { type Interp, PyDict, PyList, PyTuple, type Value } from '../python/values.js';
import { dtypes } from './dtype.js';
import type { Kernel, TorchState } from './kernel.js';
import { type Pass, passesOf } from './optimizerTable.js';
import { TensorValue } from './tensor.js';

/** Tensors that one launch of a grouped kernel takes, by how many lists it goes over (aten/native/cuda/MultiTensorApply.cuh). */
const tensorsPerLaunch = [110, 64, 48, 36, 30];
/** Blocks of a launch, and elements that a block works on (the same file). */
const blocksPerLaunch = 320;
const elementsPerBlock = 65536;

function launchesOf(params: readonly TensorValue[], lists: number): number {
  const tensors = tensorsPerLaunch[Math.min(Math.max(lists, 1), tensorsPerLaunch.length) - 1]!;
  let blocks = 0;
  for (const p of params) blocks += Math.ceil(p.numel / elementsPerBlock);
  return Math.max(1, Math.ceil(params.length / tensors), Math.ceil(blocks / blocksPerLaunch));
}

interface Load {
  readonly name: string;
  readonly params: readonly TensorValue[];
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly operations: number;
  readonly flops: number;
  readonly launches: number;
  readonly stateBytes: number;
}

function kernelOf(l: Load): Kernel {
  let numel = 0;
  for (const p of l.params) numel += p.numel;
  return {
    name: l.name,
    inputs: l.params,
    outputs: l.params,
    flops: l.flops,
    elementwise: numel * l.operations,
    usefulFlops: l.flops,
    bytesRead: l.bytesRead,
    bytesWritten: l.bytesWritten,
    dtype: l.params[0]?.dtype ?? dtypes.float32,
    work: { kind: 'memory', pattern: 'elementwise', rows: numel, cols: 1 },
    saved: [],
    savedBytes: 0,
    backward: null,
    isView: l.operations === 0 && l.flops === 0,
    step: { kind: 'optimizer', name: l.name, stateBytes: l.stateBytes, params: l.params, launches: l.launches },
  };
}

const bytesOf = (params: readonly TensorValue[]): number => params.reduce((n, p) => n + p.nbytes, 0);
const numelOf = (params: readonly TensorValue[]): number => params.reduce((n, p) => n + p.numel, 0);

/** Parameters that have a gradient; when nobody knows of any, all that may have one. */
function updated(list: Value | undefined): TensorValue[] {
  const items: readonly Value[] = list instanceof PyList || list instanceof PyTuple ? list.items : [];
  const all = items.filter((p): p is TensorValue => p instanceof TensorValue && p.requiresGrad);
  const given = all.filter((p) => p.grad !== null);
  return given.length > 0 ? given : all;
}

/** Adafactor keeps a mean per row and per column of matrices, of other tensors one per element. */
function adafactorState(p: TensorValue): number {
  if (p.ndim < 2) return p.nbytes;
  const rows = p.shape[p.ndim - 2]!;
  const cols = p.shape[p.ndim - 1]!;
  return (p.numel / cols + p.numel / rows) * p.dtype.itemsize;
}

/** Blocks of 256 elements share a 4-byte scale (bitsandbytes, blockwise 8-bit states); small tensors keep 32-bit states. */
const quantisedFrom = 4096;
function quantisedState(p: TensorValue): number {
  return p.numel < quantisedFrom ? p.numel * 4 : p.numel + 4 * Math.ceil(p.numel / 256);
}

/** The fused 8-bit update: parameter, gradient and states read, parameter and states written, dequantised in registers. */
function eightBit(kind: string, params: readonly TensorValue[], states: number): Kernel[] {
  return params.map((p) => {
    const state = states * quantisedState(p);
    return kernelOf({
      name: kind,
      params: [p],
      bytesRead: 2 * p.nbytes + state,
      bytesWritten: p.nbytes + state,
      operations: 18,
      flops: 0,
      launches: 1,
      stateBytes: state,
    });
  });
}

/** The kernels of one update. `mode`: 'fused' | 'foreach' | 'single'. Null when the optimiser is not modelled. */
export function optimizerKernels(
  kind: string,
  params: readonly TensorValue[],
  mode: string,
  options: ReadonlySet<string>,
): Kernel[] | null {
  if (kind.endsWith('8bit')) return eightBit(kind, params, options.has('one_state') ? 1 : 2);
  const found = passesOf(kind, options);
  if (found === null) return null;
  const stateOf = (ps: readonly TensorValue[]): number =>
    kind === 'adafactor' ? ps.reduce((n, p) => n + adafactorState(p), 0) : bytesOf(ps) * found.states;
  if (mode === 'fused') {
    const bytes = bytesOf(params);
    return [
      kernelOf({
        name: `_fused_${kind}_`,
        params,
        bytesRead: bytes * (2 + found.states),
        bytesWritten: bytes * (1 + found.states),
        operations: found.foreach.reduce((n, p) => n + p[2], 0),
        flops: 0,
        launches: launchesOf(params, 2 + found.states),
        stateBytes: stateOf(params),
      }),
    ];
  }
  const single = mode === 'single';
  const out: Kernel[] = [];
  for (const group of single ? params.map((p) => [p]) : [params]) {
    (single ? found.single : found.foreach).forEach((pass: Pass, i) => {
      const [read, written, operations, flops = 0] = pass;
      // products and row means are of matrices only
      const matrices = group.filter((p) => p.ndim > 1);
      const on = flops > 0 ? matrices : group;
      if (on.length === 0) return;
      const bytes = bytesOf(on);
      out.push(
        kernelOf({
          name: single ? `${kind}_step` : `_foreach_${kind}_step`,
          params: on,
          bytesRead: bytes * read,
          bytesWritten: bytes * written,
          operations,
          flops: flops * numelOf(on),
          launches: single ? 1 : launchesOf(on, read + written),
          stateBytes: i === 0 ? stateOf(group) : 0,
        }),
      );
    });
  }
  return out;
}

/** `_optimizer_step(kind, params, mode, options)`: params that get an update, names of options in force. */
export function optimizerStep(vm: Interp, args: Value[]): Value {
  const [kind, list, mode, given] = args;
  const params = updated(list);
  if (params.length === 0) return null;
  const options = new Set<string>();
  if (given instanceof PyDict) for (const [k, v] of given.entries.values()) if (vm.truthy(v)) options.add(String(k));
  const { sink } = vm.torch as TorchState;
  const kernels = optimizerKernels(String(kind), params, String(mode), options);
  if (kernels === null) vm.gap(`optimiser ${String(kind)}`, `optimiser '${String(kind)}' is not modelled`, 'tensor');
  for (const k of kernels ?? []) sink.kernel(k);
  return null;
}

/** `_optimizer_called()`: an optimiser begins to step. */
export function optimizerCalled(vm: Interp): Value {
  (vm.torch as TorchState).sink.optimizerStep?.();
  return null;
}

/** `_optimizer_state(name, params, states)`: what an optimiser written in Python keeps between steps. */
export function optimizerState(vm: Interp, args: Value[]): Value {
  const tensors = (v: Value | undefined): TensorValue[] =>
    v instanceof PyList ? v.items.filter((t): t is TensorValue => t instanceof TensorValue) : [];
  const params = tensors(args[1]);
  (vm.torch as TorchState).sink.kernel(
    kernelOf({
      name: String(args[0]),
      params,
      bytesRead: 0,
      bytesWritten: 0,
      operations: 0,
      flops: 0,
      launches: 0,
      stateBytes: bytesOf(tensors(args[2])),
    }),
  );
  return null;
}
