/**
 * What one `optimizer.step()` moves and launches.
 *
 * Each optimiser is a list of passes over its parameters as PyTorch's `foreach`
 * implementations run them (torch/optim, `_multi_tensor_*`): how many tensors of the
 * parameter's size a pass reads and writes. `fused` does everything in one pass, `single`
 * launches the same passes for every parameter.
 */
import { raise } from '../python/errors.js';
import { type Interp, PyDict, PyList, PyTuple, type Value } from '../python/values.js';
import { dtypes } from './dtype.js';
import type { Kernel, TorchState } from './kernel.js';
import { TensorValue } from './tensor.js';

/** Tensors read, tensors written, arithmetic operations per element. */
type Pass = readonly [read: number, written: number, operations: number];

interface Optimizer {
  readonly passes: readonly Pass[];
  /** State tensors of the parameter's size, read and written once by the fused form. */
  readonly states: number;
}

const weightDecayL2: Pass = [2, 1, 2];
const decoupledDecay: Pass = [1, 1, 1];

/** Second moment, root and update of the Adam family. */
const adam: readonly Pass[] = [
  [2, 1, 3],
  [1, 1, 1],
  [3, 1, 3],
  [1, 1, 1],
  [1, 1, 1],
  [1, 1, 1],
  [3, 1, 3],
];

function passesOf(kind: string, options: ReadonlySet<string>): Optimizer {
  const decay = options.has('weight_decay') ? [weightDecayL2] : [];
  switch (kind) {
    case 'sgd':
      return options.has('momentum')
        ? {
            passes: [
              ...decay,
              [1, 1, 1],
              [2, 1, 2],
              ...(options.has('nesterov') ? [[2, 1, 2] as Pass] : []),
              [2, 1, 2],
            ],
            states: 1,
          }
        : { passes: [...decay, [2, 1, 2]], states: 0 };
    case 'adam':
    case 'nadam':
    case 'radam':
      return {
        passes: [...decay, ...adam, ...(options.has('amsgrad') ? [[2, 1, 1] as Pass] : [])],
        states: options.has('amsgrad') ? 3 : 2,
      };
    case 'adamw':
      return {
        passes: [
          ...(options.has('weight_decay') ? [decoupledDecay] : []),
          ...adam,
          ...(options.has('amsgrad') ? [[2, 1, 1] as Pass] : []),
        ],
        states: options.has('amsgrad') ? 3 : 2,
      };
    case 'adamax':
      return { passes: [...decay, [2, 1, 3], [1, 1, 1], [1, 1, 1], [1, 1, 1], [2, 1, 1], [3, 1, 3]], states: 2 };
    case 'adagrad':
      return { passes: [...decay, [3, 1, 3], [1, 1, 1], [1, 1, 1], [3, 1, 3]], states: 1 };
    case 'adadelta':
      return {
        passes: [
          ...decay,
          [1, 1, 1],
          [3, 1, 3],
          [1, 1, 1],
          [1, 1, 1],
          [1, 1, 1],
          [1, 1, 1],
          [2, 1, 1],
          [2, 1, 1],
          [1, 1, 1],
          [3, 1, 3],
          [2, 1, 2],
        ],
        states: 2,
      };
    case 'rmsprop':
      return {
        passes: [
          ...decay,
          [1, 1, 1],
          [3, 1, 3],
          [1, 1, 1],
          [1, 1, 1],
          [3, 1, 3],
          ...(options.has('momentum') ? [[2, 1, 2] as Pass] : []),
        ],
        states: options.has('momentum') ? 2 : 1,
      };
    case 'rprop':
      return {
        passes: [
          [2, 1, 1],
          [1, 1, 1],
          [2, 1, 2],
          [1, 1, 1],
          [2, 1, 1],
          [3, 1, 2],
        ],
        states: 2,
      };
    case 'asgd':
      return { passes: [...decay, [1, 1, 1], [2, 1, 2], [2, 1, 3]], states: 1 };
    case 'lbfgs':
      return {
        passes: [
          [2, 1, 2],
          [2, 0, 2],
          [2, 1, 2],
          [2, 1, 2],
        ],
        states: 2,
      };
    case 'adafactor':
      // row and column moments are small; the full-size passes are square, normalise, update
      return {
        passes: [...(options.has('weight_decay') ? [decoupledDecay] : []), [1, 0, 2], [1, 1, 3], [1, 0, 2], [2, 1, 2]],
        states: 0,
      };
    case 'muon':
      return {
        passes: [...(options.has('weight_decay') ? [decoupledDecay] : []), [2, 1, 3], [2, 1, 3], [2, 1, 2]],
        states: 1,
      };
    default:
      return raise('ValueError', `unknown optimiser '${kind}'`);
  }
}

function kernelOf(
  name: string,
  params: readonly TensorValue[],
  read: number,
  written: number,
  operations: number,
): Kernel {
  let numel = 0;
  let bytes = 0;
  for (const p of params) {
    numel += p.numel;
    bytes += p.nbytes;
  }
  return {
    name,
    inputs: params,
    outputs: params,
    flops: 0,
    elementwise: numel * operations,
    usefulFlops: 0,
    bytesRead: bytes * read,
    bytesWritten: bytes * written,
    dtype: params[0]?.dtype ?? dtypes.float32,
    work: { kind: 'memory', pattern: 'elementwise', rows: numel, cols: 1 },
    saved: [],
    savedBytes: 0,
    backward: null,
    isView: false,
  };
}

/** `_optimizer_step(kind, params, mode, options)`: params that get an update, 'fused' | 'foreach' | 'single', names of options in force. */
export function optimizerStep(vm: Interp, args: Value[]): Value {
  const [kind, list, mode, given] = args;
  const items: readonly Value[] = list instanceof PyList || list instanceof PyTuple ? list.items : [];
  const params = items.filter((p): p is TensorValue => p instanceof TensorValue);
  if (params.length === 0) return null;
  const options = new Set<string>();
  if (given instanceof PyDict) for (const [k, v] of given.entries.values()) if (vm.truthy(v)) options.add(String(k));
  const { passes, states } = passesOf(String(kind), options);
  const { sink } = vm.torch as TorchState;
  if (mode === 'fused') {
    sink.kernel(
      kernelOf(
        `_fused_${String(kind)}_`,
        params,
        2 + states,
        1 + states,
        passes.reduce((n, p) => n + p[2], 0),
      ),
    );
    return null;
  }
  const groups = mode === 'single' ? params.map((p) => [p]) : [params];
  for (const group of groups)
    for (const [read, written, operations] of passes)
      sink.kernel(
        kernelOf(
          mode === 'single' ? `${String(kind)}_step` : `_foreach_${String(kind)}_step`,
          group,
          read,
          written,
          operations,
        ),
      );
  return null;
}
