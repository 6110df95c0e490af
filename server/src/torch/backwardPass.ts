/**
 * `loss.backward()` and `torch.autograd.grad`, called by code that trains: one kernel that
 * stands for the backward of everything its argument rests on, and gradients on the leaves.
 * Autograd's graph is what `Kernel.next` links; a kernel that is not reached costs nothing.
 */
import { heap, type Interp, type Keywords, PyList, PyTuple, type Value } from '../python/values.js';
import { dtypes } from './dtype.js';
import type { BackwardCost, Kernel, TorchState } from './kernel.js';
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
  const again = new Set<Kernel>();
  const open: (Kernel | TensorValue)[] = outputs.filter((t) => t.requiresGrad).map((t) => t.gradFn ?? t);
  while (open.length > 0) {
    const node = open.pop()!;
    if (node instanceof TensorValue) {
      leaves.add(node);
      continue;
    }
    if (kernels.has(node)) continue;
    kernels.add(node);
    // a checkpointed call runs again as a whole
    for (const k of node.recomputed ?? []) again.add(k);
    open.push(...(node.next ?? []));
  }
  return { kernels: again.size === 0 ? kernels : new Set([...kernels, ...again]), leaves };
}

/** A part of a graph: its kernels in an order in which each comes after all that use its outputs. */
interface Path {
  readonly kernels: readonly Kernel[];
  /** Of each kernel, how many of its matrix inputs lead on, and how many have a gradient at all. */
  readonly share: ReadonlyMap<Kernel, readonly [leading: number, all: number]>;
}

/** What lies between the outputs and `inputs`: `torch.autograd.grad` computes no other gradient. */
function pathTo(outputs: readonly TensorValue[], inputs: readonly TensorValue[]): Path {
  const wanted = new Set<Kernel | TensorValue>(inputs.map((t) => t.gradFn ?? t));
  const leads = new Map<Kernel, boolean>();
  const finished: Kernel[] = [];
  const stack: Kernel[] = outputs.flatMap((t) => (t.gradFn === null ? [] : [t.gradFn]));
  const entered = new Set<Kernel>();
  const does = (n: Kernel | TensorValue): boolean =>
    wanted.has(n) || (!(n instanceof TensorValue) && leads.get(n) === true);
  while (stack.length > 0) {
    const k = stack[stack.length - 1]!;
    if (leads.has(k)) {
      stack.pop();
      continue;
    }
    if (!entered.has(k)) {
      entered.add(k);
      for (const n of k.next ?? []) if (!(n instanceof TensorValue) && !entered.has(n)) stack.push(n);
      continue;
    }
    stack.pop();
    leads.set(k, (k.next ?? []).some(does));
    finished.push(k);
  }
  const kernels = finished.filter((k) => leads.get(k) === true).reverse();
  const share = new Map<Kernel, readonly [number, number]>();
  for (const k of kernels) {
    // biases and other vectors cost no product
    const matrices = (k.next ?? []).filter((_n, i) => (gradInputs(k)[i]?.ndim ?? 2) > 1);
    share.set(k, [matrices.filter(does).length, matrices.length]);
  }
  return { kernels, share };
}

const gradInputs = (k: Kernel): readonly TensorValue[] => k.inputs.filter((t) => t.requiresGrad);

/** The kernel as a part of a backward pass in which only some of its inputs get a gradient. */
function narrowed(k: Kernel, share: readonly [number, number] | undefined): Kernel {
  if (share === undefined || k.backward === null || share[0] === share[1] || share[1] === 0) return k;
  const { flops, bytes, kernels } = k.backward;
  const part = share[0] / share[1];
  return {
    ...k,
    backward: { flops: flops * part, bytes: bytes * part, kernels: Math.max(1, Math.round(kernels * part)) },
  };
}

function emit(vm: Interp, outputs: readonly TensorValue[], { kernels, leaves }: Reached, accumulated: number): void {
  const parts = [...kernels].filter((k) => k.backward !== null);
  if (parts.length === 0) return;
  let flops = 0;
  let bytes = accumulated;
  for (const { backward } of parts) {
    flops += backward!.flops;
    bytes += backward!.bytes;
  }
  (vm.torch as TorchState).sink.kernel({
    name: 'backward',
    inputs: outputs,
    outputs: [...leaves],
    flops,
    elementwise: 0,
    usefulFlops: flops,
    bytesRead: bytes / 2,
    bytesWritten: bytes / 2,
    dtype: outputs[0]?.dtype ?? dtypes.float32,
    work: { kind: 'memory', pattern: 'other', rows: kernels.size, cols: 1 },
    saved: [],
    savedBytes: 0,
    backward: null,
    isView: false,
    step: { kind: 'backward', parts, gradBytes: accumulated },
  });
}

/** Gradients of leaves that have one already are added to it: read both, write one. */
function accumulate(vm: Interp, outputs: readonly TensorValue[], reached: Reached): void {
  let accumulated = 0;
  for (const leaf of reached.leaves) if (leaf.grad instanceof TensorValue) accumulated += 3 * leaf.nbytes;
  emit(vm, outputs, reached, accumulated);
  for (const leaf of reached.leaves) {
    if (leaf.grad instanceof TensorValue) continue;
    heap.touch(leaf);
    leaf.grad = makeTensor(leaf.shape, leaf.dtype, leaf.device);
  }
}

const told = (vm: Interp): void => {
  (vm.torch as TorchState).sink.backward?.();
};

/** `Tensor.backward(gradient=None, retain_graph=None, create_graph=False, inputs=None)`, also `torch.autograd.backward`. */
export function backward(vm: Interp, args: Value[], kwargs: Keywords = null): Value {
  told(vm);
  const outputs = tensorsOf(args[0]);
  const reached = reach(outputs);
  const inputs = tensorsOf(kwargs?.get('inputs') ?? args[4]);
  if (inputs.length === 0) accumulate(vm, outputs, reached);
  else {
    const { kernels, share } = pathTo(outputs, inputs);
    accumulate(vm, outputs, {
      kernels: new Set(kernels.map((k) => narrowed(k, share.get(k)))),
      leaves: new Set(inputs),
    });
  }
  return null;
}

/** `torch.autograd.grad(outputs, inputs, …)`: one gradient per input. */
export function grad(vm: Interp, args: Value[], kwargs: Keywords = null): Value {
  const outputs = tensorsOf(args[0] ?? kwargs?.get('outputs'));
  const inputs = tensorsOf(args[1] ?? kwargs?.get('inputs'));
  const path = pathTo(outputs, inputs);
  emit(
    vm,
    outputs,
    { kernels: new Set(path.kernels.map((k) => narrowed(k, path.share.get(k)))), leaves: new Set() },
    0,
  );
  const create = kwargs?.get('create_graph') ?? args[4];
  const derived = create === true ? differentiable(path) : null;
  return new PyTuple(
    inputs.map((t) => {
      const g = makeTensor(t.shape, t.dtype, t.device);
      const from = derived === null ? [] : path.kernels.filter((k) => k.next!.includes(t.gradFn ?? t));
      if (from.length > 0) {
        g.requiresGrad = true;
        g.gradFn = node(
          'grad',
          g,
          from.map((k) => derived!.get(k)!),
          { flops: 0, bytes: 0, kernels: 0 },
        );
      }
      return g;
    }),
  );
}

function node(
  name: string,
  output: TensorValue | null,
  next: (Kernel | TensorValue)[],
  backward: BackwardCost,
): Kernel {
  return {
    name,
    inputs: [],
    outputs: output === null ? [] : [output],
    flops: 0,
    elementwise: 0,
    usefulFlops: 0,
    bytesRead: 0,
    bytesWritten: 0,
    dtype: output?.dtype ?? dtypes.float32,
    work: { kind: 'view' },
    saved: [],
    savedBytes: 0,
    backward,
    isView: true,
    next,
  };
}

/**
 * `create_graph=True`: the gradients' own graph. The backward of a call depends on the gradient that comes in and on
 * what the call saved; a product's backward is products again, whose two factors each get a gradient at the same cost.
 */
function differentiable({ kernels, share }: Path): Map<Kernel, Kernel> {
  const made = new Map<Kernel, Kernel>();
  const incoming = new Map<Kernel, Kernel[]>();
  for (const k of kernels) {
    const gradients = incoming.get(k) ?? [];
    const products = share.get(k)?.[0] ?? 0;
    const wanted = gradInputs(k).filter((_t, i) => {
      const n = k.next![i];
      return n !== undefined && (n instanceof TensorValue ? false : made.has(n) || kernels.includes(n));
    });
    // of a product the gradient of one factor depends on the other
    const used = k.saved.filter((t) => t.requiresGrad && (k.flops === 0 || products > 1 || !wanted.includes(t)));
    const factors = k.flops === 0 ? 0 : products * ((gradients.length > 0 ? 1 : 0) + (used.length > 0 ? 1 : 0));
    const own = node(`${k.name}_backward`, null, [...gradients, ...used.map((t) => t.gradFn ?? t)], {
      flops: k.flops * factors,
      bytes: 2 * (k.backward?.bytes ?? 0),
      kernels: k.backward?.kernels ?? 0,
    });
    made.set(k, own);
    for (const n of k.next ?? []) {
      if (n instanceof TensorValue) continue;
      const list = incoming.get(n);
      if (list === undefined) incoming.set(n, [own]);
      else list.push(own);
    }
  }
  return made;
}
