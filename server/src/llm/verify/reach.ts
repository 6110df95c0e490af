/**
 * Which parameters reach the output, and with how much work. Deleting a layer saves energy
 * too; this is what tells it from saving. Follows storages through the kernels of a trace
 * that was run without remembered calls, so that tensors are the very ones that were passed.
 */
import { PyDict, type PyInstance } from '../../python/values.js';
import type { Kernel } from '../../torch/kernel.js';
import { isModule } from '../../torch/moduleClass.js';
import { type Storage, TensorValue } from '../../torch/tensor.js';
import type { Trace, TraceNode } from '../../trace/trace.js';

export interface ParameterUse {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Whether anything computed from it is part of the result. */
  readonly reaches: boolean;
  /** FLOPs of operators that take it (or a cast or view of it) and reach the output. */
  readonly flops: number;
}

export interface Use {
  /** By dotted name, shared tensors under their first name. */
  readonly parameters: ReadonlyMap<string, ParameterUse>;
  /** FLOPs of products between activations alone (attention's) that reach the output. */
  readonly activationFlops: number;
  /** Calls, by kind, of what no product stands for: softmax, norms, activation functions. Fused attention holds one softmax. */
  readonly nonlinear: ReadonlyMap<string, number>;
}

export function useOf(module: PyInstance, trace: Trace): Use {
  const parameters = namedParameters(module);
  const byStorage = new Map<Storage, string>();
  for (const [name, tensor] of parameters) if (!byStorage.has(tensor.storage)) byStorage.set(tensor.storage, name);

  const kernels: Kernel[] = [];
  if (trace.root !== null) gather(trace.root.body.children, kernels);

  const live = new Set<Storage>((trace.outputTensors ?? []).map((t) => t.storage));
  const counted: Kernel[] = [];
  for (let i = kernels.length - 1; i >= 0; i--) {
    const kernel = kernels[i]!;
    if (!kernel.outputs.some((t) => live.has(t.storage))) continue;
    counted.push(kernel);
    for (const t of kernel.inputs) live.add(t.storage);
  }
  counted.reverse();

  // a cast or a transposed copy of a weight is still that weight
  const madeOf = new Map<Storage, ReadonlySet<string>>();
  for (const [storage, name] of byStorage) madeOf.set(storage, new Set([name]));
  const flops = new Map<string, number>();
  let activationFlops = 0;
  const nonlinear = new Map<string, number>();
  for (const kernel of counted) {
    const kind = nonlinearKind(kernel);
    if (kind !== null) nonlinear.set(kind, (nonlinear.get(kind) ?? 0) + 1);
    const sources = kernel.inputs.map((t) => madeOf.get(t.storage));
    if (kernel.flops > 0) {
      if (sources.every((one) => one === undefined)) activationFlops += kernel.flops;
      for (const name of new Set(sources.flatMap((s) => (s === undefined ? [] : [...s]))))
        flops.set(name, (flops.get(name) ?? 0) + kernel.flops);
    } else if (sources.length > 0 && sources.every((s) => s !== undefined)) {
      const all = new Set(sources.flatMap((s) => [...s!]));
      for (const t of kernel.outputs) if (!byStorage.has(t.storage)) madeOf.set(t.storage, all);
    }
  }
  const use = new Map<string, ParameterUse>();
  for (const [name, tensor] of parameters) {
    const first = byStorage.get(tensor.storage)!;
    use.set(name, {
      shape: tensor.shape,
      dtype: tensor.dtype.name,
      reaches: live.has(tensor.storage),
      flops: flops.get(first) ?? 0,
    });
  }
  return { parameters: use, activationFlops, nonlinear };
}

function nonlinearKind({ name, work }: Kernel): string | null {
  if (work.kind === 'attention' || (work.kind === 'memory' && work.pattern === 'softmax')) return 'softmax';
  if (work.kind === 'memory' && work.pattern === 'norm') return 'norm';
  const bare = name.replace(/_$/, '');
  return activations.has(bare) ? bare : null;
}

const activations = new Set([
  'relu',
  'gelu',
  'silu',
  'sigmoid',
  'tanh',
  'elu',
  'leaky_relu',
  'hardswish',
  'hardsigmoid',
  'hardtanh',
  'mish',
  'softplus',
  'prelu',
  'glu',
  'log_sigmoid',
  'log_sigmoid_forward',
]);

/** Every side of a branch that could not be decided counts. */
function gather(nodes: readonly TraceNode[], into: Kernel[]): void {
  for (const node of nodes) {
    if (node.kind === 'op') into.push(node.kernel);
    else if (node.kind === 'branch') for (const side of node.alternatives) gather(side, into);
    else if (node.kind === 'module' || node.kind === 'function') gather(node.body.children, into);
  }
}

function namedParameters(
  module: PyInstance,
  prefix = '',
  found = new Map<string, TensorValue>(),
  seen = new Set<PyInstance>(),
): Map<string, TensorValue> {
  if (seen.has(module)) return found;
  seen.add(module);
  const own = module.attrs?.get('_parameters');
  if (own instanceof PyDict)
    for (const [name, tensor] of own.entries.values())
      if (tensor instanceof TensorValue) found.set(prefix + String(name), tensor);
  const children = module.attrs?.get('_modules');
  if (children instanceof PyDict)
    for (const [name, child] of children.entries.values())
      if (isModule(child)) namedParameters(child, `${prefix}${String(name)}.`, found, seen);
  return found;
}

/** Names of buffers and parameters both matter to a checkpoint. */
export function bufferNames(
  module: PyInstance,
  prefix = '',
  found: string[] = [],
  seen = new Set<PyInstance>(),
): string[] {
  if (seen.has(module)) return found;
  seen.add(module);
  const own = module.attrs?.get('_buffers');
  if (own instanceof PyDict)
    for (const [name, tensor] of own.entries.values())
      if (tensor instanceof TensorValue) found.push(`${prefix}${String(name)}:${tensor.shape.join('x')}`);
  const children = module.attrs?.get('_modules');
  if (children instanceof PyDict)
    for (const [name, child] of children.entries.values())
      if (isModule(child)) bufferNames(child, `${prefix}${String(name)}.`, found, seen);
  return found;
}
