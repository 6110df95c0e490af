/**
 * `loss.backward()` and `torch.autograd.grad`, called by code that trains: one kernel that
 * stands for the backward of everything its argument rests on, and gradients on the leaves.
 */
import { heap, type Interp, PyList, PyTuple, type Value } from '../python/values.js';
import type { Kernel, TorchState } from './kernel.js';
import { makeTensor, TensorValue } from './tensor.js';

function tensorsOf(v: Value | undefined): TensorValue[] {
  const items: readonly Value[] = v instanceof PyList || v instanceof PyTuple ? v.items : v === undefined ? [] : [v];
  return items.filter((t): t is TensorValue => t instanceof TensorValue);
}

interface Reached {
  readonly kernels: ReadonlySet<Kernel>;
  readonly leaves: ReadonlySet<TensorValue>;
}

function reach(outputs: readonly TensorValue[]): Reached {
  const kernels = new Set<Kernel>();
  const leaves = new Set<TensorValue>();
  const open = [...outputs];
  while (open.length > 0) {
    const t = open.pop()!;
    if (t.gradFn === null) {
      if (t.requiresGrad) leaves.add(t);
      continue;
    }
    if (kernels.has(t.gradFn)) continue;
    kernels.add(t.gradFn);
    open.push(...t.gradFn.inputs);
  }
  return { kernels, leaves };
}

function emit(vm: Interp, outputs: readonly TensorValue[], { kernels, leaves }: Reached): void {
  let flops = 0;
  let bytes = 0;
  for (const { backward } of kernels) {
    flops += backward?.flops ?? 0;
    bytes += backward?.bytes ?? 0;
  }
  if (kernels.size === 0) return;
  (vm.torch as TorchState).sink.kernel({
    name: 'backward',
    inputs: outputs,
    outputs: [...leaves],
    flops,
    elementwise: 0,
    usefulFlops: flops,
    bytesRead: bytes / 2,
    bytesWritten: bytes / 2,
    dtype: outputs[0]!.dtype,
    work: { kind: 'memory', pattern: 'other', rows: kernels.size, cols: 1 },
    saved: [],
    savedBytes: 0,
    backward: null,
    isView: false,
  });
}

/** `Tensor.backward(gradient=None, …)`. */
export function backward(vm: Interp, args: Value[]): Value {
  const outputs = tensorsOf(args[0]);
  const reached = reach(outputs);
  emit(vm, outputs, reached);
  for (const leaf of reached.leaves) {
    if (leaf.grad instanceof TensorValue) continue;
    heap.touch(leaf);
    leaf.grad = makeTensor(leaf.shape, leaf.dtype, leaf.device);
  }
  return null;
}

/** `torch.autograd.grad(outputs, inputs, …)`: one gradient per input. */
export function grad(vm: Interp, args: Value[]): Value {
  const outputs = tensorsOf(args[0]);
  emit(vm, outputs, reach(outputs));
  return new PyTuple(tensorsOf(args[1]).map((t) => makeTensor(t.shape, t.dtype, t.device)));
}
