/** Declarations of the reductions. */
import { raise } from '../../python/errors.js';
import { dtypes } from '../dtype.js';
import { StructSequence } from '../objects.js';
import { memoryWork } from '../opcall.js';
import { op } from '../operator.js';
import { wrapDim } from '../strides.js';
import type { TensorValue } from '../tensor.js';
import { binary } from './elementwise.js';
import { foldValues } from './known.js';
import { rules } from './pointwise.js';
import {
  allDims,
  arg,
  argMax,
  argMedian,
  argMin,
  boolean,
  correctionOf,
  deviation,
  deviationMean,
  extremum,
  logsumexp,
  mean,
  nanmean,
  noComplexNan,
  norm,
  prod,
  quantile,
  reduce,
  reducedShape,
  reduceSum,
  reductionFamily,
  sumDType,
  vectorNorm,
  withIndices,
} from './reductions.js';
import { flatten } from './views.js';

export const reductionOperators = [
  ...reductionFamily('sum', (c, t, d, k, dt, out) => {
    const [x] = c.fp32(t);
    return reduceSum(c, x, d, k, dt, 'sum', out);
  }),
  ...reductionFamily('nansum', (c, t, d, k, dt) => {
    noComplexNan(t);
    return reduceSum(c, t, d, k, dt, 'nansum');
  }),
  ...reductionFamily('mean', (c, t, d, k, dt, out) => mean(c, t, d, k, dt, out)),
  ...reductionFamily('nanmean', (c, t, d, k, dt) => nanmean(c, t, d, k, dt)),
  ...reductionFamily('prod', (c, t, d, k, dt) => {
    const [x] = c.fp32(t);
    return prod(c, x, d, k, dt);
  }),
  ...(['all', 'any'] as const).flatMap((n) => [
    op((c, a) => boolean(c, n, a.input, null, false), `torch.${n}, Tensor.${n}(Tensor input)`),
    op(
      (c, a) => boolean(c, n, a.input, [a.dim], a.keepdim, a.out),
      `torch.${n}, Tensor.${n}(Tensor input, int dim, bool keepdim=False, *, Tensor? out=None)`,
    ),
    op(
      (c, a) => boolean(c, n, a.input, a.dim, a.keepdim, a.out),
      `torch.${n}, Tensor.${n}(Tensor input, int[]? dim, bool keepdim=False, *, Tensor? out=None)`,
    ),
  ]),
  ...(['max', 'min'] as const).flatMap((n) => [
    op((c, a) => extremum(c, n, a.input, null, false), `torch.${n}, Tensor.${n}(Tensor input)`),
    // before the overload with a dim, which would take an integer tensor without dimensions
    op(
      (c, a) =>
        binary(c, n === 'max' ? 'maximum' : 'minimum', rules[n === 'max' ? 'maximum' : 'minimum']!, a.input, a.other, {
          out: a.out,
        }),
      `torch.${n}, Tensor.${n}(Tensor input, Tensor other, *, Tensor? out=None)`,
    ),
    op(
      (c, a) => withIndices(c, n, a.input, a.dim, a.keepdim, n === 'max' ? argMax : argMin),
      `torch.${n}, Tensor.${n}(Tensor input, int dim, bool keepdim=False, *, Any out=None)`,
    ),
    op(
      (c, a) => extremum(c, `a${n}`, a.input, a.dim, a.keepdim, a.out),
      `torch.a${n}, Tensor.a${n}(Tensor input, int[1] dim=[], bool keepdim=False, *, Tensor? out=None)`,
    ),
    op(
      (c, a) => arg(c, `arg${n}`, a.input, a.dim, a.keepdim),
      `torch.arg${n}, Tensor.arg${n}(Tensor input, int? dim=None, bool keepdim=False, *, Tensor? out=None)`,
    ),
  ]),
  op((c, a) => {
    const t: TensorValue = a.input;
    const dims = a.dim === null ? allDims(t, null) : [wrapDim(a.dim, t.ndim)];
    if (a.dim === null && t.numel === 0)
      raise(
        'RuntimeError',
        'aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.',
      );
    if (a.dim !== null && t.shape[dims[0]!] === 0)
      raise('IndexError', `aminmax: Expected reduction dim ${dims[0]} to have non-zero size.`);
    const shape = reducedShape(t, dims, a.keepdim);
    const lo = c.make(
      shape,
      t.dtype,
      t.device,
      foldValues(t, dims, (l) => Math.min(...l)),
    );
    const hi = c.make(
      shape,
      t.dtype,
      t.device,
      foldValues(t, dims, (l) => Math.max(...l)),
    );
    c.emit('aminmax', [t], [lo, hi], {
      elementwise: 2 * t.numel,
      work: memoryWork('reduction', lo.numel, t.numel / lo.numel),
      saved: [t],
    });
    return new StructSequence('torch.return_types.aminmax', ['min', 'max'], [lo, hi]);
  }, 'torch.aminmax, Tensor.aminmax(Tensor input, *, int? dim=None, bool keepdim=False, Any out=None)'),
  ...(['median', 'nanmedian'] as const).flatMap((n) => [
    op(
      (c, a) =>
        reduce(c, a.input, allDims(a.input, null), false, {
          name: n,
          dtype: a.input.dtype,
          fold: (l) => l[argMedian(l)]!,
          saved: [a.input],
        }),
      `torch.${n}, Tensor.${n}(Tensor input)`,
    ),
    op(
      (c, a) => withIndices(c, n, a.input, a.dim, a.keepdim, argMedian),
      `torch.${n}, Tensor.${n}(Tensor input, int dim, bool keepdim=False, *, Any out=None)`,
    ),
  ]),
  op(
    (c, a) => withIndices(c, 'mode', a.input, a.dim, a.keepdim, null),
    'torch.mode, Tensor.mode(Tensor input, int dim=-1, bool keepdim=False, *, Any out=None)',
  ),
  op((c, a) => {
    const size = a.input.ndim === 0 ? 1 : a.input.shape[wrapDim(a.dim, a.input.ndim)];
    if (a.k < 1 || a.k > size)
      raise('RuntimeError', `kthvalue(): selected number k out of range for dimension ${a.dim}`);
    return withIndices(
      c,
      'kthvalue',
      a.input,
      a.dim,
      a.keepdim,
      (l) => l.map((x, i) => [x, i] as const).sort((p, q) => p[0] - q[0])[a.k - 1]![1],
    );
  }, 'torch.kthvalue, Tensor.kthvalue(Tensor input, int k, int dim=-1, bool keepdim=False, *, Any out=None)'),
  ...(['var', 'std'] as const).flatMap((n) => [
    op(
      (c, a) => deviation(c, n, a.input, null, false, correctionOf(a)),
      `torch.${n}, Tensor.${n}(Tensor input, bool unbiased=True)`,
    ),
    op(
      (c, a) => deviation(c, n, a.input, a.dim, a.keepdim, correctionOf(a)),
      `torch.${n}, Tensor.${n}(Tensor input, int[1]? dim, bool unbiased=True, bool keepdim=False)`,
      `torch.${n}, Tensor.${n}(Tensor input, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False, Tensor? out=None)`,
    ),
    op(
      (c, a) => deviationMean(c, `${n}_mean`, a.input, a.dim ?? null, a.keepdim ?? false),
      `torch.${n}_mean(Tensor input, int[1]? dim, bool unbiased=True, bool keepdim=False)`,
      `torch.${n}_mean(Tensor input, bool unbiased)`,
      `torch.${n}_mean(Tensor input, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False)`,
    ),
  ]),
  op(
    (c, a) => logsumexp(c, a.input, a.dim, a.keepdim),
    'torch.logsumexp, Tensor.logsumexp, torch.special.logsumexp(Tensor input, int[1] dim, bool keepdim=False, *, Tensor? out=None)',
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    const dims = allDims(t, a.dim);
    return reduce(c, t, dims, false, {
      name: 'count_nonzero',
      dtype: dtypes.int64,
      fold: (l) => l.filter((x) => x !== 0).length,
      differentiable: false,
    });
  }, 'torch.count_nonzero, Tensor.count_nonzero(Tensor input, int[1]? dim=None)'),
  op((c, a) => {
    const [x] = c.fp32(a.input as TensorValue);
    return norm(c, x, a.p instanceof Object && 'value' in a.p ? a.p.value : a.p, a.dim, a.keepdim, a.dtype);
  }, 'torch.norm, Tensor.norm, torch.functional.norm(Tensor input, Any p="fro", int[1]? dim=None, bool keepdim=False, Tensor? out=None, ScalarType? dtype=None)'),
  op(
    (c, a) => vectorNorm(c, a.input, a.ord.value, a.dim, a.keepdim, a.dtype),
    'torch.linalg.vector_norm(Tensor input, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None, Tensor? out=None)',
  ),
  op(
    (c, a) => {
      const t: TensorValue = a.input;
      const p = a.ord === null ? 2 : typeof a.ord === 'string' ? 2 : Number(a.ord.value ?? a.ord);
      if (a.ord !== null && a.dim === null && typeof a.ord !== 'string' && t.ndim > 2)
        raise(
          'RuntimeError',
          `linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got ${t.ndim}D.`,
        );
      return vectorNorm(c, t, p, a.dim, a.keepdim, a.dtype);
    },
    'torch.linalg.norm(Tensor input, Any ord=None, int[1]? dim=None, bool keepdim=False, *, Tensor? out=None, ScalarType? dtype=None)',
    'torch.linalg.matrix_norm(Tensor input, Any ord="fro", int[] dim=[-2,-1], bool keepdim=False, *, ScalarType? dtype=None, Tensor? out=None)',
  ),
  op((c, a) => {
    const diff = binary(c, 'sub', { rule: 'promote' }, a.input, a.other);
    return norm(c, diff, a.p.value, null, false);
  }, 'torch.dist, Tensor.dist(Tensor input, Tensor other, Scalar p=2)'),
  op(
    quantile,
    'torch.quantile, Tensor.quantile, torch.nanquantile, Tensor.nanquantile(Tensor input, float q, int? dim=None, bool keepdim=False, *, str interpolation="linear", Tensor? out=None)',
    'torch.quantile, Tensor.quantile, torch.nanquantile, Tensor.nanquantile(Tensor input, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation="linear", Tensor? out=None)',
  ),
  op((c, a) => {
    if (a.input.ndim !== 2) raise('RuntimeError', 'trace: expected a matrix');
    const t: TensorValue = a.input;
    const r = c.make([], sumDType(t.dtype), t.device);
    c.emit('trace', [t], [r], {
      elementwise: Math.min(t.shape[0]!, t.shape[1]!),
      work: memoryWork('reduction', 1, t.numel),
    });
    return r;
  }, 'torch.trace, Tensor.trace(Tensor input)'),
  op((c, a) => {
    const x = a.input;
    const same =
      x.shape.length === a.other.shape.length && x.shape.every((d: number, i: number) => d === a.other.shape[i]);
    c.emit('equal', [x, a.other], [], { elementwise: x.numel, differentiable: false });
    c.synchronise(x);
    if (!same) return false;
    const p = x.values;
    const q = a.other.values;
    return p !== null && q !== null
      ? p.every((v: number, i: number) => v === q[i])
      : c.gap(c.name, 'depends on values of tensors', 'bool');
  }, 'torch.equal, Tensor.equal(Tensor input, Tensor other)'),
  op((c, a) => {
    c.emit('_nested_tensor_from_mask_left_aligned', [a.t, a.mask], [], {
      elementwise: a.mask.numel,
      differentiable: false,
    });
    c.synchronise(a.mask);
    // the path that padded tensors take
    return false;
  }, 'torch._nested_tensor_from_mask_left_aligned(Tensor t, Tensor mask)'),
  op((c, a) => {
    const p = a.input.values;
    const q = a.other.values;
    if (p === null || q === null || p.length !== q.length) return c.gap(c.name, 'depends on values of tensors', 'bool');
    return p.every((v: number, i: number) => v === q[i] || Math.abs(v - q[i]) <= a.atol + a.rtol * Math.abs(q[i]));
  }, 'torch.allclose, Tensor.allclose(Tensor input, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False)'),
  op((c, a) => {
    const t: TensorValue = a.input;
    const size = [...a.size];
    let x = t;
    const lead = t.ndim - size.length;
    const dims = t.shape.map((_, i) => i).filter((i) => i < lead || (size[i - lead] === 1 && t.shape[i] !== 1));
    if (dims.length > 0) x = reduceSum(c, t, dims, true);
    return lead > 0 ? flatten(c, x, 0, lead) : x;
  }, 'Tensor.sum_to_size(Tensor input, SymInt[]* size)'),
];
