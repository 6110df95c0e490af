/**
 * Host functions that only our Python models of torch call: what is known of a value,
 * initialisation that costs nothing, custom autograd functions.
 */

import { isOpen } from '../python/builtins/hash.js';
import { binaryOp } from '../python/builtins/operators.js';
import { PyRaise } from '../python/errors.js';
import type { Machine } from '../python/machine.js';
import {
  heap,
  type Interp,
  type Keywords,
  type NativeCall,
  NativeFunction,
  PyDict,
  PyFloat,
  PyList,
  PyTuple,
  Unknown,
  UnknownModel,
  type Value,
} from '../python/values.js';
import { backward, grad } from './backwardPass.js';
import { type BackwardCost, type Kernel, onAccelerator, type TorchState } from './kernel.js';
import { OpCall } from './opcall.js';
import { optimizerCalled, optimizerState, optimizerStep } from './optimizerStep.js';
import { carriesValues } from './promote.js';
import { filled, makeTensor, TensorValue } from './tensor.js';

const unknownCost: BackwardCost = { flops: Number.NaN, bytes: Number.NaN, kernels: Number.NaN };

const numberOf = (v: Value | undefined): number | null =>
  typeof v === 'number' ? v : typeof v === 'boolean' ? Number(v) : v instanceof PyFloat ? v.value : null;

/** Whether the value decides a branch: not an `Unknown`, and for a tensor, its elements are known. */
function isKnown(v: Value): boolean {
  if (v instanceof Unknown) return false;
  return !(v instanceof TensorValue) || v.values !== null;
}

/** Whether the keys and values of a mapping are known: a checkpoint from outside, or what is made of one, is not. */
function isKnownMapping(v: Value): boolean {
  if (!(v instanceof PyDict)) return !(v instanceof Unknown);
  return !isOpen(v) && [...v.entries.values()].every(([k, x]) => !(k instanceof Unknown || x instanceof Unknown));
}

/** `_init_(tensor, value=None)`: in-place initialisation. Random ones leave the content unknown. */
function initialise(vm: Interp, args: Value[]): Value {
  const [t, value] = args;
  if (!(t instanceof TensorValue))
    return t instanceof Unknown ? t : vm.gap('torch.nn.init', 'what is initialised is not a tensor');
  heap.touch(t);
  const fill = value === undefined || value === null ? null : numberOf(value);
  t.values = fill !== null && carriesValues(t.dtype) ? filled(t.numel, fill) : null;
  return t;
}

const tensorsIn = (v: Value): TensorValue[] =>
  v instanceof TensorValue ? [v] : v instanceof PyTuple ? v.items.filter((x) => x instanceof TensorValue) : [];

/** What `cls.backward(ctx, *grads)` runs, measured aside: its kernels are not part of the forward trace. */
function backwardCost(vm: Interp, cls: Value, ctx: Value, outputs: readonly TensorValue[]): BackwardCost {
  const machine = vm as Machine;
  const state = vm.torch as TorchState;
  const { sink, scopes, gradEnabled } = state;
  const { listener } = machine;
  let flops = 0;
  let bytes = 0;
  let kernels = 0;
  let understood = true;
  state.sink = {
    kernel(k: Kernel): void {
      flops += k.flops;
      if (k.isView) return;
      for (const one of onAccelerator(k)) {
        bytes += one.bytesRead + one.bytesWritten;
        kernels++;
      }
    },
  };
  state.scopes = null;
  state.gradEnabled = false;
  machine.listener = {
    ...listener,
    gap: () => {
      understood = false;
    },
  } as typeof listener;
  try {
    const result = vm.call(vm.getAttr(cls, 'backward'), [
      ctx,
      ...outputs.map((t) => makeTensor(t.shape, t.dtype, t.device)),
    ]);
    if (result instanceof Unknown) understood = false;
  } catch (e) {
    if (!(e instanceof PyRaise)) throw e;
    understood = false;
  } finally {
    state.sink = sink;
    state.scopes = scopes;
    state.gradEnabled = gradEnabled;
    machine.listener = listener;
  }
  return understood ? { flops, bytes, kernels } : unknownCost;
}

/** `_function_output(cls, ctx, inputs, output)`: links the output of `Function.apply` into the autograd graph. */
function functionOutput(vm: Interp, args: Value[]): Value {
  const [cls, ctx, inputs, output] = args as [Value, Value, Value, Value];
  const outs = tensorsIn(output).filter((t) => t.dtype.kind === 'float' || t.dtype.kind === 'complex');
  if (outs.length === 0) return output;
  const kernel: Kernel = {
    name: 'autograd_function',
    inputs: tensorsIn(inputs),
    outputs: outs,
    flops: 0,
    elementwise: 0,
    usefulFlops: 0,
    bytesRead: 0,
    bytesWritten: 0,
    dtype: outs[0]!.dtype,
    work: { kind: 'view' },
    saved: [],
    savedBytes: 0,
    backward: backwardCost(vm, cls, ctx, outs),
    isView: true,
    next: tensorsIn(inputs).flatMap((t) => (t.requiresGrad ? [t.gradFn ?? t] : [])),
  };
  for (const t of outs) {
    heap.touch(t);
    t.requiresGrad = true;
    t.gradFn = kernel;
  }
  (vm.torch as TorchState).sink.kernel(kernel);
  return output;
}

/**
 * `_checkpoint(function, args, kwargs, reentrant)`: the call's kernels keep nothing for backward, which runs them again.
 * Without `reentrant` the second run stops as soon as everything saved is there (torch/utils/checkpoint.py, early stop):
 * a last product saves only its inputs, so it is not computed twice.
 */
function checkpoint(vm: Interp, args: Value[]): Value {
  const [fn, positional, keywords, reentrant] = args;
  const callArgs = positional instanceof PyTuple ? [...positional.items] : [];
  const callKeywords: Keywords =
    keywords instanceof PyDict ? new Map([...keywords.entries.values()].map(([k, v]) => [String(k), v])) : null;
  const state = vm.torch as TorchState;
  if (!state.gradEnabled) return vm.call(fn!, callArgs, callKeywords);
  const { sink } = state;
  const ran: Kernel[] = [];
  state.sink = {
    kernel(k: Kernel): void {
      ran.push(k);
      sink.kernel(k);
    },
  };
  let result: Value;
  try {
    result = vm.call(fn!, callArgs, callKeywords);
  } finally {
    state.sink = sink;
  }
  let last = ran.length;
  if (reentrant !== true) {
    last = ran.findLastIndex((k) => k.saved.length > 0);
    if (last >= 0 && ran[last]!.saved.some((t) => ran[last]!.outputs.includes(t))) last++;
  }
  const recomputed = ran.filter((k, i) => i < last && !k.isView);
  const runAgain = (k: Kernel, again: boolean): void => {
    const { backward } = k;
    Object.assign(k, {
      recomputed,
      saved: [],
      savedBytes: 0,
      backward:
        again || backward !== null
          ? {
              flops: (backward?.flops ?? 0) + (again ? k.flops : 0),
              bytes: (backward?.bytes ?? 0) + (again ? k.bytesRead + k.bytesWritten : 0),
              kernels: (backward?.kernels ?? 0) + (again ? 1 : 0),
            }
          : null,
    });
  };
  for (const [i, k] of ran.entries()) {
    runAgain(k, i < last && !k.isView);
    if (k.fused?.last === true) for (const one of k.fused.kernels) runAgain(one, i < last);
  }
  return result;
}

/** `_quiet(function, *args)`: work of the host (reading and collating data) that is no part of the device's. */
function quiet(vm: Interp, args: Value[]): Value {
  const state = vm.torch as TorchState;
  const { sink } = state;
  state.sink = { kernel() {} };
  try {
    return vm.call(args[0]!, args.slice(1));
  } finally {
    state.sink = sink;
  }
}

/** `_loader(count)`: a data loader begins to give batches. Whether somebody runs the loop for one step only. */
function loader(vm: Interp, args: Value[]): Value {
  const [count] = args;
  (vm.torch as TorchState).sink.loader?.(typeof count === 'number' ? count : null);
  return (vm as Machine).loops !== null;
}

/** `Tensor.__format__`: of one element as its number, of others as their text. */
function formatTensor(vm: Interp, args: Value[]): Value {
  const [t, spec] = args;
  if (t instanceof TensorValue && t.ndim === 0)
    new OpCall(vm, vm.torch as TorchState, 'Tensor.__format__').synchronise(t);
  if (!(t instanceof TensorValue) || t.numel !== 1 || spec === '') return vm.call(vm.getAttr(t!, '__str__'), []);
  return new Unknown('the value of a tensor', vm.place(), 'str');
}

/** `_caller_arguments()`: the arguments of the user's function that is running. */
function callerArguments(vm: Interp): Value {
  const { frames } = vm as Machine;
  const found = new PyDict();
  const frame = frames.findLast((f) => !f.code.file.internal);
  if (frame === undefined) return found;
  const { code } = frame;
  for (let i = 1; i < code.argcount + code.kwonly; i++) {
    const name = code.varnames[i]!;
    const v = frame.locals[i];
    if (v !== undefined) found.writable.set(name, [name, v]);
  }
  return found;
}

/** `float`, `int` or `bool` when nested lists and tuples hold nothing but numbers, `None` otherwise. */
function numbersIn(vm: Interp, data: Value): string | null {
  if (typeof data === 'boolean') return 'bool';
  if (typeof data === 'number') return 'int';
  if (data instanceof PyFloat) return 'float';
  if (!(data instanceof PyList || data instanceof PyTuple) || data.cls !== null) return null;
  vm.spend(Math.ceil(data.items.length / 16));
  let found: string | null = 'bool';
  for (const x of data.items) {
    const kind = numbersIn(vm, x);
    if (kind === null) return null;
    if (kind === 'float' || (kind === 'int' && found === 'bool')) found = kind;
  }
  return found;
}

/** `_on_numbers(operator, function)`: the operator on two Python numbers, the function on anything else. */
function onNumbers(_vm: Interp, [operator, otherwise]: Value[]): Value {
  return new NativeFunction('numpy.ufunc', (vm, args, kwargs) =>
    args.length === 2 && kwargs === null && args.every((a) => typeof a === 'number' || a instanceof PyFloat)
      ? binaryOp(vm as Machine, operator as '**', args[0]!, args[1]!)
      : vm.call(otherwise!, args, kwargs),
  );
}

const functions: Record<string, NativeCall> = {
  _numbers_in: (vm, [data]) => numbersIn(vm, data!),
  _on_numbers: onNumbers,
  _caller_arguments: callerArguments,
  _loader: loader,
  _quiet: quiet,
  _checkpoint: checkpoint,
  _is_known: (_vm, [v]) => isKnown(v!),
  _is_known_mapping: (_vm, [v]) => isKnownMapping(v!),
  _is_unknown: (_vm, [v]) => v instanceof Unknown,
  _init_: initialise,
  _function_output: functionOutput,
  _optimizer_called: optimizerCalled,
  _optimizer_state: optimizerState,
  _optimizer_step: optimizerStep,
  _gap: (vm, [what]) => {
    vm.gap(String(what), `${String(what)} is not modelled`, 'tensor');
    return null;
  },
  _assume: (vm, [text]) => {
    (vm as Machine).listener.assumption(String(text), 'loop', vm.place());
    return null;
  },
  _unknown: (vm, [why]) => new Unknown(String(why), vm.place()),
  _unknown_model: (vm, [why]) => new UnknownModel(String(why), vm.place()),
};

const native = (name: string, call: NativeCall, binds = false): NativeFunction => new NativeFunction(name, call, binds);

export const libraryNatives: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...Object.entries(functions).map(([name, call]): [string, Value] => [
    `torch._C.${name}`,
    native(`torch._C.${name}`, call),
  ]),
  ['torch.autograd.backward', native('torch.autograd.backward', backward)],
  ['torch.autograd.grad', native('torch.autograd.grad', grad)],
]);

/** Tensor methods beside the operators'. */
export const tensorMethods: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['backward', native('Tensor.backward', backward, true)],
  ['__format__', native('Tensor.__format__', formatTensor, true)],
]);
