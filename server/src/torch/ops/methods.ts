/** Tensor methods and functions that ask about tensors, and constructors of PyTorch's small objects. */
import { raise } from '../../python/errors.js';
import { heap, Unknown, type Value } from '../../python/values.js';
import { finfo, iinfo, makeDevice, sizeOf } from '../attributes.js';
import type { DType } from '../dtype.js';
import { TorchDevice, TorchGenerator, TorchSize } from '../objects.js';
import type { OpCall } from '../opcall.js';
import { op } from '../operator.js';
import { isComplex, isFloating, promoteTypes } from '../promote.js';
import { tensorItem, tensorLength, tensorToList, tensorTruth } from '../protocol.js';
import { asTensor } from '../schema.js';
import { isDense, sameShape, wrapDim } from '../strides.js';
import { numelOf, TensorValue } from '../tensor.js';

const number = (c: OpCall, t: TensorValue, kind: 'int' | 'float' | 'bool'): Value => {
  const v = tensorItem(c.interp, t);
  if (v instanceof Unknown) return new Unknown(v.why, v.where, kind);
  return v;
};

export const methodOperators = [
  op((c, a) => sizeOf(c.interp, a.input.shape), 'Tensor.size(Tensor input)'),
  op((c, a) => {
    if (a.input.ndim === 0) raise('IndexError', 'Dimension specified as 0 but tensor has no dimensions');
    return c.int(a.input.shape[wrapDim(a.dim, a.input.ndim)]);
  }, 'Tensor.size(Tensor input, int dim)'),
  op((_c, a) => a.input.ndim, 'Tensor.dim, Tensor.ndimension, torch.ndim(Tensor input)'),
  op((c, a) => c.int(a.input.numel), 'torch.numel, Tensor.numel, Tensor.nelement, Tensor.__numel__(Tensor input)'),
  op((_c, a) => Math.ceil(a.input.dtype.itemsize), 'Tensor.element_size(Tensor input)'),
  op(
    (c, a) => (a.dim === null ? c.ints(a.input.strides) : c.int(a.input.strides[wrapDim(a.dim, a.input.ndim)])),
    'Tensor.stride(Tensor input, int? dim=None)',
  ),
  op((c, a) => c.int(a.input.storageOffset), 'Tensor.storage_offset(Tensor input)'),
  op((_c, a) => a.input.storage.id * 64, 'Tensor.data_ptr(Tensor input)'),
  op(
    (_c, a) => (a.input.device.startsWith('cuda') ? Number(a.input.device.split(':')[1] ?? 0) : -1),
    'Tensor.get_device(Tensor input)',
  ),
  op((_c, a) => isFloating(a.input.dtype), 'torch.is_floating_point, Tensor.is_floating_point(Tensor input)'),
  op((_c, a) => isComplex(a.input.dtype), 'torch.is_complex, Tensor.is_complex(Tensor input)'),
  op((_c, a) => a.input.dtype.signed, 'torch.is_signed, Tensor.is_signed(Tensor input)'),
  op(
    () => false,
    'torch.is_conj, Tensor.is_conj, torch.is_neg, Tensor.is_neg, Tensor.is_pinned, Tensor.is_shared, Tensor.is_distributed, torch.is_distributed, torch.is_inference, Tensor.is_inference, Tensor.is_coalesced(Tensor input)',
  ),
  op(
    (_c, a) => sameShape(a.input.shape, a.other.shape),
    'torch.is_same_size, Tensor.is_same_size(Tensor input, Tensor other)',
  ),
  op((_c, a) => asTensor(a.obj) !== null, 'torch.is_tensor(Any obj)'),
  op(() => false, 'torch.is_storage(Any obj)'),
  op(
    (_c, a) => isDense(a.input.shape, a.input.strides),
    'torch._C._is_non_overlapping_and_dense, torch.is_non_overlapping_and_dense(Tensor input)',
  ),
  op((c, a) => tensorItem(c.interp, a.input), 'Tensor.item(Tensor input)'),
  op((c, a) => tensorToList(c.interp, a.input), 'Tensor.tolist(Tensor input)'),
  op((c, a) => number(c, a.input, 'int'), 'Tensor.__int__, Tensor.__index__(Tensor input)'),
  op((c, a) => number(c, a.input, 'float'), 'Tensor.__float__(Tensor input)'),
  op(
    (c, a) => tensorTruth(c.interp, a.input) ?? c.interp.gap('Tensor.__bool__', 'depends on data', 'bool'),
    'Tensor.__bool__, Tensor.is_nonzero, torch.is_nonzero(Tensor input)',
  ),
  op((c, a) => tensorLength(c.interp, a.input), 'Tensor.__len__(Tensor input)'),
  op((c, a) => {
    const values = a.input.values;
    const x =
      asTensor(a.element) === null
        ? typeof a.element === 'number'
          ? a.element
          : null
        : (asTensor(a.element)!.values?.[0] ?? null);
    if (values === null || x === null) return c.interp.gap('Tensor.__contains__', 'depends on data', 'bool');
    return values.includes(x);
  }, 'Tensor.__contains__(Tensor input, Any element)'),
  op((_c, a) => {
    heap.touch(a.input);
    if (a.requires_grad && !isFloating(a.input.dtype) && !isComplex(a.input.dtype))
      raise('RuntimeError', 'only Tensors of floating point dtype can require gradients');
    if (!a.requires_grad && a.input.gradFn !== null)
      raise(
        'RuntimeError',
        "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().",
      );
    if (a.input.requiresGrad !== a.requires_grad) heap.parts++;
    a.input.requiresGrad = a.requires_grad;
    return a.input;
  }, 'Tensor.requires_grad_(Tensor input, bool requires_grad=True)'),
  op(() => null, 'Tensor.retain_grad, Tensor.record_stream(Tensor input, Any stream=None)'),
  op((_c, a) => a.input.serial, 'Tensor.__hash__(Tensor input)'),
  op((_c, a) => a.input, 'Tensor.refine_names, Tensor.rename, Tensor.align_to(Tensor input, Any[]* names)'),
  op((_c, a) => a.input, 'Tensor.as_subclass(Tensor input, Any cls)'),
  op((_c, a) => a.input, 'Tensor.numpy, Tensor.__array__(Tensor input, Any dtype=None, *, bool force=False)'),
  op((c, a) => {
    heap.touch(a.input);
    const grown = numelOf(a.size) > a.input.numel;
    const t = c.make(a.size, a.input.dtype, a.input.device);
    a.input.shape = t.shape;
    a.input.strides = t.strides;
    if (grown) a.input.storage = t.storage;
    return a.input;
  }, 'Tensor.resize_(Tensor input, SymInt[]* size, *, MemoryFormat? memory_format=None)'),
  op((_c, a) => {
    if (a.source !== null) {
      heap.touch(a.input);
      for (const k of ['shape', 'strides', 'dtype', 'device', 'storage', 'storageOffset', 'base', 'values'] as const)
        (a.input as any)[k] = a.source[k];
    }
    return a.input;
  }, 'Tensor.set_(Tensor input, Tensor? source=None)'),
  op(
    (c, a) => {
      const operands = [a.tensor1, a.tensor2].map((x: any) => (x instanceof TensorValue ? x : x));
      return c.resultType(...operands);
    },
    'torch.result_type(Tensor tensor1, Tensor tensor2)',
    'torch.result_type(Tensor tensor1, Scalar tensor2)',
    'torch.result_type(Scalar tensor1, Tensor tensor2)',
    'torch.result_type(Scalar tensor1, Scalar tensor2)',
  ),
  op((_c, a) => promoteTypes(a.type1, a.type2), 'torch.promote_types(ScalarType type1, ScalarType type2)'),
  op((_c, a) => {
    const rank = (d: DType): number => ['bool', 'int', 'float', 'complex'].indexOf(d.kind);
    return rank(a.from_) <= rank(a.to);
  }, 'torch.can_cast(ScalarType from_, ScalarType to)'),
  op((c) => c.state.defaultDtype, 'torch.get_default_dtype()'),
  op((c, a) => {
    c.state.defaultDtype = a.d;
    return null;
  }, 'torch.set_default_dtype(ScalarType d)'),
  op((c) => makeDevice(c.state.defaultDevice, null), 'torch.get_default_device()'),
  op((c, a) => {
    c.state.defaultDevice = a.device ?? 'cpu';
    return null;
  }, 'torch.set_default_device(Device? device)'),
  op((c) => c.state.gradEnabled, 'torch.is_grad_enabled()'),
  op((c) => c.state.inferenceMode, 'torch.is_inference_mode_enabled()'),
  op(
    (c, a) => (a.device_type === null ? c.state.autocast.size > 0 : c.state.autocast.has(a.device_type)),
    'torch.is_autocast_enabled(str? device_type=None)',
  ),
  op((c) => c.state.autocast.has('cpu'), 'torch.is_autocast_cpu_enabled()'),
  op(
    (c, a) => c.state.autocast.get(a.device_type) ?? c.state.defaultDtype,
    'torch.get_autocast_dtype(str device_type)',
  ),
  op((c) => c.state.autocast.get('cuda') ?? c.state.defaultDtype, 'torch.get_autocast_gpu_dtype()'),
  op((_c, a) => finfo(a.dtype), 'torch.finfo(ScalarType dtype)'),
  op((c) => finfo(c.state.defaultDtype), 'torch.finfo()'),
  op((_c, a) => iinfo(a.dtype), 'torch.iinfo(ScalarType dtype)'),
  op((_c, a) => makeDevice(a.type, a.index), 'torch.device(Any type, int? index=None)'),
  op((_c, a) => (a.device instanceof TorchDevice ? a.device : makeDevice(a.device, null)), 'torch.device(Any device)'),
  op((_c, a) => new TorchGenerator(a.device), 'torch.Generator(str device="cpu")', 'torch.Generator(Device device)'),
  op((c, a) => new TorchSize([...c.interp.iterate(a.iterable)]), 'torch.Size(Any iterable)'),
  op(() => new TorchSize([]), 'torch.Size()'),
  op(() => new TorchGenerator('cpu'), 'torch.manual_seed, torch.random.manual_seed, torch.seed(Any seed=None)'),
  op(
    () => null,
    'torch.set_num_threads, torch.set_float32_matmul_precision, torch.set_deterministic_debug_mode, torch.set_printoptions, torch.use_deterministic_algorithms, torch.set_flush_denormal, torch.set_num_interop_threads, torch.set_warn_always(Any value=None, *, Any warn_only=None, Any precision=None, Any sci_mode=None, Any linewidth=None, Any threshold=None, Any profile=None, Any edgeitems=None)',
  ),
  op(() => 1, 'torch.get_num_threads()'),
  op(() => 'highest', 'torch.get_float32_matmul_precision()'),
  op((c, a) => {
    const ok =
      a.condition instanceof TensorValue
        ? tensorTruth(c.interp, a.condition)
        : a.condition instanceof Unknown
          ? undefined
          : c.interp.truthy(a.condition);
    if (ok === false) raise('AssertionError', c.interp.str(a.message));
    return null;
  }, 'torch._assert(Any condition, Any message="")'),
  op((c, a) => {
    const ok = a.cond instanceof Unknown ? undefined : c.interp.truthy(a.cond);
    if (ok === false) raise('RuntimeError', 'Expected cond to be True, but got False.');
    return null;
  }, 'torch._check, torch._check_is_size, torch._check_value, torch._check_type(Any cond, Any message=None)'),
];
