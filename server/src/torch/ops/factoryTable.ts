/** Declarations of the factories and random numbers. */
import { raise } from '../../python/errors.js';
import { PyTuple } from '../../python/values.js';
import { dtypes } from '../dtype.js';
import { TorchSize } from '../objects.js';
import { type MemoryPattern, memoryWork } from '../opcall.js';
import { op } from '../operator.js';
import { isFloating, scalarTypeName } from '../promote.js';
import { maxKnownElements, type TensorValue } from '../tensor.js';
import {
  arange,
  asTensorFrom,
  eye,
  factory,
  fill,
  fromData,
  fullDType,
  inplaceRandom,
  like,
  likeOpts,
  newForms,
  opts,
  requireGrad,
  space,
  triangle,
  triangleIndices,
} from './factories.js';
import { stack } from './join.js';
import { reshape } from './views.js';

export const factoryOperators = [
  ...(['zeros', 'ones', 'empty', 'rand', 'randn'] as const).flatMap((n) => {
    const value = n === 'zeros' ? 0 : n === 'ones' ? 1 : null;
    const pattern: MemoryPattern = n === 'rand' || n === 'randn' ? 'random' : 'factory';
    return [
      op((c, a) => factory(c, n, a.size, a, value, pattern), `torch.${n}(SymInt[]* size, ${opts})`),
      op((c, a) => like(c, `${n}_like`, a.input, a, value, pattern), `torch.${n}_like(Tensor input, ${likeOpts})`),
    ];
  }),
  op(
    (c, a) => factory(c, 'full', a.size, { ...a, dtype: a.dtype ?? fullDType(c, a.fill_value) }, a.fill_value.value),
    `torch.full(SymInt[] size, Scalar fill_value, ${opts})`,
  ),
  op(
    (c, a) => like(c, 'full_like', a.input, a, a.fill_value.value),
    `torch.full_like(Tensor input, Scalar fill_value, ${likeOpts})`,
  ),
  op((c, a) => {
    const t = c.make(a.size, a.dtype ?? c.state.defaultDtype, a.device ?? c.state.defaultDevice, null, a.stride);
    c.emit('empty_strided', [], [t], { isView: true, elementwise: 0, work: { kind: 'view' } });
    return requireGrad(c, t, a);
  }, `torch.empty_strided(SymInt[] size, SymInt[] stride, ${opts})`),
  op(
    (c, a) => arange(c, { value: 0, kind: 'int' }, a.end, { value: 1, kind: 'int' }, a),
    `torch.arange(Scalar end, ${opts})`,
  ),
  op((c, a) => arange(c, a.start, a.end, a.step, a), `torch.arange(Scalar start, Scalar end, Scalar step=1, ${opts})`),
  op((c, a) => {
    const n = Math.floor((a.end.value - a.start.value) / a.step.value) + 1;
    return factory(
      c,
      'range',
      [n],
      a,
      Array.from({ length: Math.min(n, maxKnownElements + 1) }, (_, i) => a.start.value + i * a.step.value),
    );
  }, `torch.range(Scalar start, Scalar end, Scalar step=1, ${opts})`),
  op((c, a) => space(c, 'linspace', a), `torch.linspace(Scalar start, Scalar end, SymInt steps, ${opts})`),
  op(
    (c, a) => space(c, 'logspace', a),
    `torch.logspace(Scalar start, Scalar end, SymInt steps, float base=10.0, ${opts})`,
  ),
  op((c, a) => eye(c, a.n, a.m ?? a.n, a), `torch.eye(SymInt n, SymInt? m=None, ${opts})`),
  op(
    (c, a) => fromData(c, a.data, a),
    'torch.tensor(Any data, *, ScalarType? dtype=None, Device? device=None, bool?~ requires_grad=False, bool?~ pin_memory=False)',
  ),
  op(
    (c, a) =>
      fromData(c, a.data, {
        dtype: a.dtype ?? a.input.dtype,
        device: a.device ?? a.input.device,
        requires_grad: a.requires_grad,
      }),
    'Tensor.new_tensor(Tensor input, Any data, *, ScalarType? dtype=None, Device? device=None, bool?~ requires_grad=False, Layout?~ layout=None, bool?~ pin_memory=False)',
  ),
  op(
    (c, a) => asTensorFrom(c, a.data, a.dtype, a.device),
    'torch.as_tensor, torch.asarray(Any data, ScalarType? dtype=None, Device? device=None, *, bool? copy=None, bool?~ requires_grad=False)',
  ),
  op((c, a) => asTensorFrom(c, a.data, null, null), 'torch.from_numpy(Any data)'),
  op((c, a) => factory(c, 'scalar_tensor', [], a, a.s.value), `torch.scalar_tensor(Scalar s, ${opts})`),
  ...(
    [
      ['FloatTensor', dtypes.float32],
      ['LongTensor', dtypes.int64],
      ['DoubleTensor', dtypes.float64],
      ['IntTensor', dtypes.int32],
      ['BoolTensor', dtypes.bool],
      ['HalfTensor', dtypes.float16],
      ['ByteTensor', dtypes.uint8],
      ['Tensor', dtypes.float32],
    ] as const
  ).flatMap(([n, dtype]) => [
    op(
      (c, a) => factory(c, 'empty', a.size, { dtype }, null),
      `torch.${n}, torch.legacy.${n}(SymInt[]* size)`.replace(`torch.${n}, `, n === 'Tensor' ? '' : `torch.${n}, `),
    ),
  ]),
  ...(
    [
      ['FloatTensor', dtypes.float32],
      ['LongTensor', dtypes.int64],
      ['DoubleTensor', dtypes.float64],
      ['IntTensor', dtypes.int32],
      ['BoolTensor', dtypes.bool],
      ['HalfTensor', dtypes.float16],
      ['ByteTensor', dtypes.uint8],
    ] as const
  ).map(([n, dtype]) => op((c, a) => fromData(c, a.data, { dtype }), `torch.legacy.data.${n}(Any data)`)),
  ...newForms.map(([n, value]) =>
    op(
      (c, a) =>
        factory(
          c,
          `new_${n}`,
          a.size,
          { ...a, dtype: a.dtype ?? a.input.dtype, device: a.device ?? a.input.device },
          value,
          'factory',
          [a.input],
        ),
      `Tensor.new_${n}(Tensor input, SymInt[]* size, ${opts})`,
    ),
  ),
  op(
    (c, a) =>
      factory(
        c,
        'new_full',
        a.size,
        { ...a, dtype: a.dtype ?? a.input.dtype, device: a.device ?? a.input.device },
        a.fill_value.value,
        'factory',
        [a.input],
      ),
    `Tensor.new_full(Tensor input, SymInt[] size, Scalar fill_value, ${opts})`,
  ),
  op((c, a) => {
    const like = { dtype: a.input.dtype, device: a.input.device };
    // a size is a size, any other sequence is data
    if (a.data instanceof TorchSize || typeof a.data === 'number')
      return factory(c, 'new_empty', a.data instanceof TorchSize ? a.data.items.map(Number) : [a.data], like, null);
    return fromData(c, a.data, like);
  }, 'Tensor.new(Tensor input, Any data)'),
  op((c, a) => {
    const size = a.size.length === 0 ? [0] : a.size;
    return factory(c, 'new_empty', size, { dtype: a.input.dtype, device: a.input.device }, null);
  }, 'Tensor.new(Tensor input, SymInt[]* size)'),
  op(
    (c, a) =>
      factory(
        c,
        'new_empty_strided',
        a.size,
        { dtype: a.dtype ?? a.input.dtype, device: a.device ?? a.input.device },
        null,
      ),
    `Tensor.new_empty_strided(Tensor input, SymInt[] size, SymInt[] stride, ${opts})`,
  ),
  op((c, a) => {
    if (a.low >= a.high)
      raise('RuntimeError', `random_ expects 'from' to be less than 'to', but got from=${a.low} >= to=${a.high}`);
    return factory(c, 'randint', a.size, { ...a, dtype: a.dtype ?? dtypes.int64 }, null, 'random');
  }, `torch.randint(SymInt low, SymInt high, SymInt[] size, ${opts})`),
  op((c, a) => {
    if (a.high <= 0)
      raise('RuntimeError', `random_ expects 'from' to be less than 'to', but got from=0 >= to=${a.high}`);
    return factory(c, 'randint', a.size, { ...a, dtype: a.dtype ?? dtypes.int64 }, null, 'random');
  }, `torch.randint(SymInt high, SymInt[] size, ${opts})`),
  op(
    (c, a) => like(c, 'randint_like', a.input, a, null, 'random'),
    `torch.randint_like(Tensor input, SymInt low, SymInt high, ${likeOpts})`,
    `torch.randint_like(Tensor input, SymInt high, ${likeOpts})`,
  ),
  op(
    (c, a) => factory(c, 'randperm', [a.n], { ...a, dtype: a.dtype ?? dtypes.int64 }, null, 'random'),
    `torch.randperm(SymInt n, ${opts})`,
  ),
  op(
    (c, a) => factory(c, 'normal', a.size, a, null, 'random'),
    `torch.normal(float~ mean, float~ std, SymInt[] size, ${opts})`,
  ),
  op(
    (c, a) => like(c, 'normal', a.mean, {}, null, 'random'),
    'torch.normal(Tensor mean, Tensor std, *, Generator?~ generator=None)',
    'torch.normal(Tensor mean, float~ std=1, *, Generator?~ generator=None)',
  ),
  op(
    (c, a) => like(c, 'normal', a.std, {}, null, 'random'),
    'torch.normal(float~ mean, Tensor std, *, Generator?~ generator=None)',
  ),
  op((c, a) => {
    if (!isFloating(a.input.dtype))
      raise('RuntimeError', `"bernoulli_tensor_cpu_p_" not implemented for '${scalarTypeName(a.input.dtype)}'`);
    const r = c.make(a.input.shape, a.input.dtype, a.input.device);
    c.emit('bernoulli', [a.input], [r], { work: memoryWork('random', 1, r.numel) });
    return r;
  }, 'torch.bernoulli, Tensor.bernoulli(Tensor input, float?~ p=None, *, Generator?~ generator=None)'),
  op((c, a) => {
    const r = c.like(a.input);
    c.emit('poisson', [a.input], [r], { work: memoryWork('random', 1, r.numel) });
    return r;
  }, 'torch.poisson, torch.binomial(Tensor input, Tensor? prob=None, *, Generator?~ generator=None)'),
  // what torch.distributions samples with
  op((c, a) => {
    const r = c.like(a.input);
    c.emit('_standard_gamma', [a.input], [r], { work: memoryWork('random', 1, r.numel) });
    return r;
  }, 'torch._standard_gamma, torch._sample_dirichlet(Tensor input, Generator?~ generator=None)'),
  op(
    (c, a) => c.inplace('bernoulli_', a.input, [], null, { work: memoryWork('random', 1, a.input.numel) }),
    'Tensor.bernoulli_(Tensor input, float~ p=0.5, *, Generator?~ generator=None)',
    'Tensor.bernoulli_(Tensor input, Tensor p, *, Generator?~ generator=None)',
  ),
  ...inplaceRandom.map((s) =>
    op(
      (c, a) =>
        c.inplace(s.slice(0, s.indexOf('(')), a.input, [], null, {
          work: memoryWork('random', 1, a.input.numel),
        }),
      `Tensor.${s}`,
    ),
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    if (t.ndim < 1 || t.ndim > 2) raise('RuntimeError', 'prob_dist must be 1 or 2 dim');
    if (!isFloating(t.dtype))
      raise(
        'RuntimeError',
        `multinomial only supports floating-point dtypes for input, got: ${scalarTypeName(t.dtype)}`,
      );
    if (a.num_samples <= 0) raise('RuntimeError', 'cannot sample n_sample <= 0 samples');
    if (!a.replacement && a.num_samples > t.shape[t.ndim - 1]!)
      raise('RuntimeError', 'cannot sample n_sample > prob_dist.size(-1) samples without replacement');
    const r = c.make([...t.shape.slice(0, -1), a.num_samples], dtypes.int64, t.device);
    c.emit('multinomial', [t], [r], {
      elementwise: t.numel,
      work: memoryWork('random', 1, t.numel),
      differentiable: false,
    });
    return r;
  }, 'torch.multinomial, Tensor.multinomial(Tensor input, SymInt num_samples, bool replacement=False, *, Generator?~ generator=None)'),
  ...(['tril', 'triu'] as const).flatMap((n) => [
    op(
      (c, a) => triangle(c, n, a.input, a.diagonal),
      `torch.${n}, Tensor.${n}(Tensor input, int diagonal=0, *, Tensor? out=None)`,
    ),
    op((c, a) => triangle(c, n, a.input, a.diagonal, true), `Tensor.${n}_(Tensor input, int diagonal=0)`),
    op((c, a) => triangleIndices(c, `${n}_indices`, a), `torch.${n}_indices(int row, int col, int offset=0, ${opts})`),
  ]),
  op(
    (c, a) => fill(c, a.input, a.value),
    'Tensor.fill_(Tensor input, Scalar value)',
    'Tensor.fill_(Tensor input, Tensor value)',
  ),
  op((c, a) => {
    const r = c.like(
      a.input,
      a.input.dtype,
      a.input.numel <= maxKnownElements ? new Array(a.input.numel).fill(a.value.value) : null,
    );
    c.emit('fill', [a.input], [r], {});
    return r;
  }, 'torch.fill(Tensor input, Scalar value)'),
  op(
    (c, a) =>
      c.inplace('zero_', a.input, [], a.input.numel <= maxKnownElements ? new Array(a.input.numel).fill(0) : null, {
        elementwise: 0,
        work: memoryWork('factory', 1, a.input.numel),
      }),
    'Tensor.zero_, torch.zero_(Tensor input)',
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    const values =
      t.values?.map((x, k) =>
        Math.floor(k / t.shape[t.ndim - 1]!) === k % t.shape[t.ndim - 1]! ? a.fill_value.value : x,
      ) ?? null;
    return c.inplace('fill_diagonal_', t, [], t.ndim === 2 ? values : null, {});
  }, 'Tensor.fill_diagonal_(Tensor input, Scalar fill_value, bool wrap=False)'),
  ...['hann_window', 'hamming_window', 'blackman_window', 'bartlett_window', 'kaiser_window'].map((n) =>
    op(
      (c, a) => factory(c, n, [a.window_length], a, null),
      `torch.${n}(SymInt window_length, bool periodic=True, float?~ alpha=None, float?~ beta=None, ${opts})`,
    ),
  ),
  op((c, a) => {
    const ts: TensorValue[] = a.tensors;
    const shape = ts.map((t) => t.numel);
    if (ts.some((t) => t.ndim > 1))
      raise('RuntimeError', 'torch.meshgrid: Expected 0D or 1D tensor in the tensor list');
    if (a.indexing !== 'ij' && a.indexing !== 'xy')
      raise('RuntimeError', `torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${a.indexing}`);
    const swap = a.indexing === 'xy' && ts.length >= 2;
    const order = swap ? [1, 0, ...shape.keys()].slice(0, 2).concat([...shape.keys()].slice(2)) : [...shape.keys()];
    const full = order.map((i) => shape[i]!);
    return new PyTuple(
      ts.map((t, i) => {
        const at = order.indexOf(i);
        const strides = full.map((_, d) => (d === at ? (t.strides[0] ?? 1) : 0));
        return c.view('expand', t, full, strides);
      }),
    );
  }, 'torch.meshgrid, torch.functional.meshgrid(Tensor[]* tensors, *, str indexing="ij")'),
  op((c, a) => {
    const ts: TensorValue[] = a.tensors;
    if (ts.some((t) => t.ndim !== 1)) raise('RuntimeError', 'Expect a 1D vector');
    if (ts.length === 1) return ts[0]!;
    const sizes = ts.map((t) => t.numel);
    const columns = ts.map((t, i) =>
      reshape(
        c,
        c.view(
          'expand',
          t,
          sizes,
          sizes.map((_, d) => (d === i ? t.strides[0]! : 0)),
        ),
        [-1],
      ),
    );
    return stack(c, columns, 1);
  }, 'torch.cartesian_prod(Tensor[]* tensors)'),
];
