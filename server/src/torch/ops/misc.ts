/** What belongs to no other family: further in-place forms, weight norm's helper, quantisation and sparse stubs, hooks. */
import { raise } from '../../python/errors.js';
import { NativeFunction, PyTuple, type Value } from '../../python/values.js';
import { type DType, dtypes } from '../dtype.js';
import { StructSequence } from '../objects.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type Bound, type OperatorDeclaration, op } from '../operator.js';
import { isComplex, isFloating, scalarTypeName } from '../promote.js';
import { broadcastShapes } from '../strides.js';
import { numelOf, type TensorValue } from '../tensor.js';
import { dropout } from './activation.js';
import { clone, to } from './copy.js';
import { binary, floatScalar, unary } from './elementwise.js';
import { indexTensor } from './indexing.js';
import { expandValues } from './known.js';
import { groupNorm, layerNorm } from './normalization.js';
import { add, mul, rules, sub, unaryOp } from './pointwise.js';
import { norm } from './reductions.js';
import { detach, view } from './views.js';

/** `isclose`: equal, or within `atol + rtol * |other|`, as ATen composes it. */
function isclose(c: OpCall, a: Bound): TensorValue {
  const { input: x, other: y } = a as { input: TensorValue; other: TensorValue };
  if (x.dtype !== y.dtype) raise('RuntimeError', `${scalarTypeName(x.dtype)} did not match ${scalarTypeName(y.dtype)}`);
  const close = binary(c, 'eq', rules['eq']!, x, y);
  if (x.dtype.kind === 'bool' || (a.rtol === 0 && a.atol === 0)) return close;
  const allowed = add(c, unaryOp(c, 'abs', mul(c, y, floatScalar(a.rtol))), floatScalar(a.atol));
  const actual = unaryOp(c, 'abs', sub(c, x, y));
  const finite = binary(c, 'ne', rules['ne']!, unaryOp(c, 'abs', actual), floatScalar(Number.POSITIVE_INFINITY));
  const number = binary(c, 'eq', rules['eq']!, actual, actual);
  const ok = mul(c, finite, number);
  const within = binary(c, 'le', rules['le']!, actual, allowed);
  c.emit('bitwise_and_', [ok, within], [ok], { differentiable: false });
  c.emit('bitwise_or_', [close, ok], [close], { differentiable: false });
  const shape = broadcastShapes(x.shape, y.shape);
  const p = expandValues(x, shape);
  const q = expandValues(y, shape);
  close.write(
    p !== null && q !== null
      ? p.map((v, i) => Number(v === q[i] || Math.abs(v - q[i]!) <= a.atol + a.rtol * Math.abs(q[i]!)))
      : null,
  );
  return close;
}

/** A quantised copy: one byte per element. */
function quantize(c: OpCall, t: TensorValue, dtype: DType): TensorValue {
  if (t.dtype !== dtypes.float32)
    raise('RuntimeError', `Quantize only works on Float Tensor, got ${scalarTypeName(t.dtype)}`);
  const r = c.like(t, dtype);
  c.emit('quantize_per_tensor', [t], [r], { elementwise: 2 * t.numel, differentiable: false });
  return r;
}

function fakeQuantize(c: OpCall, name: string, t: TensorValue, others: readonly TensorValue[]): TensorValue {
  const r = c.like(t);
  const mask = c.like(t, dtypes.bool);
  c.emit(name, [t, ...others], [r, mask], { elementwise: 4 * t.numel, saved: [mask] });
  return r;
}

const hook = (c: OpCall, what: string): Value => c.gap(what, 'hooks on tensors do not run in an estimate', 'any');

const polynomials = [
  'airy_ai',
  'bessel_y0',
  'bessel_y1',
  'modified_bessel_i0',
  'modified_bessel_i1',
  'modified_bessel_k0',
  'modified_bessel_k1',
  'scaled_modified_bessel_k0',
  'scaled_modified_bessel_k1',
  'spherical_bessel_j0',
];
const families2 = [
  'chebyshev_polynomial_t',
  'chebyshev_polynomial_u',
  'chebyshev_polynomial_v',
  'chebyshev_polynomial_w',
  'shifted_chebyshev_polynomial_t',
  'shifted_chebyshev_polynomial_u',
  'shifted_chebyshev_polynomial_v',
  'shifted_chebyshev_polynomial_w',
  'hermite_polynomial_h',
  'hermite_polynomial_he',
  'laguerre_polynomial_l',
  'legendre_polynomial_p',
];

const copies: readonly [string, string][] = [
  ['as_strided_scatter', 'Tensor src, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None'],
];

export const miscOperators: OperatorDeclaration[] = [
  op(
    isclose,
    'torch.isclose, Tensor.isclose(Tensor input, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False)',
  ),
  op((c, a) => detach(c, a.input), 'torch.detach_copy, torch.alias_copy(Tensor input)'),
  op(
    (c, a) => binary(c, 'xlogy', rules['xlogy']!, a.input, a.other, { inplace: true }),
    'Tensor.xlogy_, torch.xlogy_(Tensor input, Tensor other)',
    'Tensor.xlogy_, torch.xlogy_(Tensor input, Scalar other)',
  ),
  op((c, a) => {
    const t = a.v as TensorValue;
    // norm of everything but one dim: nn.utils.weight_norm's g
    if (a.dim === -1) return norm(c, t, a.pow, null, false);
    if (a.dim === 0)
      return view(c, norm(c, view(c, t, [t.shape[0]!, numelOf(t.shape.slice(1))]), a.pow, [1], false), [
        t.shape[0]!,
        ...t.shape.slice(1).map(() => 1),
      ]);
    return norm(
      c,
      t,
      a.pow,
      t.shape.map((_, i) => i).filter((i) => i !== a.dim),
      true,
    );
  }, 'torch.norm_except_dim, torch._C._VariableFunctions.norm_except_dim(Tensor v, int pow=2, int dim=0)'),
  op((c, a) => {
    const r = layerNorm(c, a.input, a.normalized_shape, a.weight, a.bias);
    const lead = a.input.ndim - a.normalized_shape.length;
    const stat = a.input.shape.map((d: number, i: number) => (i < lead ? d : 1));
    return new PyTuple([r, c.make(stat, r.dtype, r.device), c.make(stat, r.dtype, r.device)]);
  }, 'torch.native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float~ eps)'),
  op((c, a) => {
    const r = groupNorm(c, a.input, a.group, a.weight, a.bias);
    return new PyTuple([r, c.make([a.N, a.group], r.dtype, r.device), c.make([a.N, a.group], r.dtype, r.device)]);
  }, 'torch.native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, SymInt HxW, int group, float~ eps)'),
  op(
    (c, a) => dropout(c, a.input, a.p, a.train, false, 0, true),
    'torch.alpha_dropout(Tensor input, float p, bool train)',
  ),
  op(
    (c, a) => dropout(c, a.input, a.p, a.train, false, 2, true),
    'torch.feature_alpha_dropout(Tensor input, float p, bool train)',
  ),
  op((c, a) => {
    const t = a.input as TensorValue;
    const x = mul(c, t, floatScalar(Math.SQRT1_2));
    return mul(
      c,
      add(c, unary(c, 'erf', { rule: 'float', saves: 'in', complex: false }, x), floatScalar(1)),
      floatScalar(0.5),
    );
  }, 'torch.special.ndtr(Tensor input, *, Tensor? out=None)'),
  ...polynomials.map((n) =>
    op(
      (c, a) => unary(c, `special_${n}`, { rule: 'float', complex: false, differentiable: false }, a.input),
      `torch.special.${n}(Tensor input, *, Tensor? out=None)`,
    ),
  ),
  ...families2.map((n) =>
    op(
      (c, a) => binary(c, `special_${n}`, { rule: 'float', complex: false, differentiable: false }, a.input, a.n),
      `torch.special.${n}(Tensor input, Tensor n, *, Tensor? out=None)`,
      `torch.special.${n}(Tensor input, Scalar n, *, Tensor? out=None)`,
    ),
  ),
  op((c, a) => {
    const t = a.input as TensorValue;
    if (!isFloating(t.dtype)) raise('RuntimeError', 'torch.frexp() only supports floating-point dtypes');
    const mantissa = c.like(t);
    const exponent = c.like(t, dtypes.int32);
    c.emit('frexp', [t], [mantissa, exponent], { saved: [exponent] });
    return new StructSequence('torch.return_types.frexp', ['mantissa', 'exponent'], [mantissa, exponent]);
  }, 'torch.frexp, Tensor.frexp(Tensor input, *, Any out=None)'),
  op((c, a) => {
    const t = a.indices as TensorValue;
    let rest = t.values?.slice() ?? null;
    const out: TensorValue[] = [];
    for (let d = a.shape.length - 1; d >= 0; d--) {
      const n = a.shape[d];
      const column = c.make(t.shape, dtypes.int64, t.device, rest === null ? null : rest.map((x) => x % n));
      c.emit('remainder', [t], [column], { differentiable: false });
      out.unshift(column);
      rest = rest === null ? null : rest.map((x) => Math.floor(x / n));
    }
    return new PyTuple(out);
  }, 'torch.unravel_index(Tensor indices, SymInt[1] shape)'),
  op(
    (c, a) => indexTensor(c, a.input, a.indices),
    'torch.ops.aten.index, torch.index(Tensor input, Tensor?[] indices)',
  ),
  ...copies.map(([n, args]) =>
    op((c, a) => {
      const r = clone(c, a.input);
      c.emit('copy_', [r, a.src], [r], {
        elementwise: 0,
        work: memoryWork('copy', 1, a.src.numel),
        differentiable: false,
      });
      return r;
    }, `torch.${n}, Tensor.${n}(Tensor input, ${args})`),
  ),
  op((c, a) => {
    const r = c.like(a.input);
    c.emit('put', [a.input, a.index, a.source], [r], { elementwise: 0, work: memoryWork('scatter', 1, a.index.numel) });
    return r;
  }, 'torch.put, Tensor.put(Tensor input, Tensor index, Tensor source, bool accumulate=False)'),
  op((c, a) => {
    const r = c.make([a.bins], a.input.dtype, a.input.device);
    const edges = c.make([a.bins + 1], a.input.dtype, a.input.device);
    c.emit('histogram', [a.input], [r, edges], {
      elementwise: a.input.numel,
      work: memoryWork('scatter', 1, a.input.numel),
      differentiable: false,
    });
    return new StructSequence('torch.return_types.histogram', ['hist', 'bin_edges'], [r, edges]);
  }, 'torch.histogram, Tensor.histogram(Tensor input, int bins, *, Any range=None, Tensor? weight=None, bool density=False)'),
  op((c, a) => {
    const r = c.view('view', a.input, a.the_template.shape, a.the_template.strides);
    return r.numel <= a.input.numel ? r : c.make(a.the_template.shape, a.input.dtype, a.input.device);
  }, 'Tensor.resize_as_(Tensor input, Tensor the_template)'),
  // quantisation: sizes and traffic, no scales
  op(
    (c, a) => quantize(c, a.input, a.dtype),
    'torch.quantize_per_tensor(Tensor input, Any~ scale, Any~ zero_point, ScalarType dtype)',
    'torch.quantize_per_channel(Tensor input, Tensor scales, Tensor zero_points, int~ axis, ScalarType dtype)',
  ),
  op((c, a) => {
    const r = c.like(a.input, dtypes.float32);
    c.emit('dequantize', [a.input], [r], { elementwise: 2 * r.numel });
    return r;
  }, 'torch.dequantize, Tensor.dequantize(Tensor input)'),
  op(
    (c, a) => fakeQuantize(c, 'fake_quantize_per_tensor_affine', a.input, []),
    'torch.fake_quantize_per_tensor_affine(Tensor input, Any~ scale, Any~ zero_point, int~ quant_min, int~ quant_max)',
  ),
  op(
    (c, a) => fakeQuantize(c, 'fake_quantize_per_channel_affine', a.input, [a.scale, a.zero_point]),
    'torch.fake_quantize_per_channel_affine(Tensor input, Tensor scale, Tensor zero_point, int~ axis, int~ quant_min, int~ quant_max)',
  ),
  op((c, a) => to(c, a.input, dtypes.int8, null), 'torch.int_repr, Tensor.int_repr(Tensor input)'),
  // sparse layouts are not modelled: the number of stored elements depends on data
  op(
    (c, a) =>
      c.gap(
        c.name,
        'sparse tensors depend on how many elements are stored',
        a.input === undefined ? 'tensor' : 'tensor',
      ),
    'Tensor.to_sparse, Tensor.to_sparse_csr, Tensor.to_sparse_csc, Tensor.to_sparse_bsr, Tensor.to_sparse_coo, Tensor.to_mkldnn(Tensor input, Any layout=None, *, Any blocksize=None, Any dense_dim=None)',
  ),
  op(
    (c) => c.gap(c.name, 'sparse tensors depend on how many elements are stored', 'tensor'),
    'torch.sparse_coo_tensor, torch.sparse_csr_tensor, torch.sparse_compressed_tensor(Any indices, Any values=None, Any size=None, Any more=None, *, Any dtype=None, Any device=None, Any requires_grad=None, Any check_invariants=None, Any is_coalesced=None)',
  ),
  op(
    (c) => hook(c, 'Tensor.register_hook'),
    'Tensor.register_hook, Tensor.register_post_accumulate_grad_hook(Tensor input, Any hook)',
  ),
  op(
    (_c, a) => new PyTuple(a.input.shape.map((_: number, i: number) => i)),
    'Tensor.dim_order(Tensor input, *, Any ambiguity_check=False)',
  ),
  op(
    (c, a) => new NativeFunction('UntypedStorage', () => c.int(a.input.storage.nbytes)),
    'Tensor.storage, Tensor.untyped_storage(Tensor input)',
  ),
  op(
    (_c, a) => (a.input.device.startsWith('cuda') ? 'torch.cuda.FloatStorage' : 'torch.FloatStorage'),
    'Tensor.storage_type(Tensor input)',
  ),
  op(
    () => false,
    'torch.is_autocast_xla_enabled, torch.is_autocast_ipu_enabled, torch.is_anomaly_enabled, torch.are_deterministic_algorithms_enabled, torch.is_warn_always_enabled, torch.is_deterministic_algorithms_warn_only_enabled, torch.is_vulkan_available()',
  ),
  op(() => true, 'torch.is_autocast_cache_enabled, torch.compiled_with_cxx11_abi()'),
  op((c) => c.state.autocast.get('cpu') ?? dtypes.bfloat16, 'torch.get_autocast_cpu_dtype()'),
  op(() => null, 'torch.clear_autocast_cache, torch.init_num_threads()'),
  op(
    (_c, a) => (isComplex(a.input.dtype) ? 'torch.ComplexFloatTensor' : 'torch.FloatTensor'),
    'torch.typename(Tensor input)',
  ),
  op((c) => c.make([5056], dtypes.uint8, 'cpu'), 'torch.get_rng_state()'),
  op(() => null, 'torch.set_rng_state(Any new_state)'),
  op(
    (c, a) => c.gap(c.name, `bytes of a buffer of ${a.dtype.name} are not read`, 'tensor'),
    'torch.frombuffer(Any buffer, *, ScalarType dtype, int count=-1, int offset=0, bool~ requires_grad=False)',
  ),
];
