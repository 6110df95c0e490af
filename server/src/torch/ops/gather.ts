/** Gathering and scattering along dims, masks, embeddings. */
import { raise } from '../../python/errors.js';
import type { Value } from '../../python/values.js';
import { dtypes } from '../dtype.js';
import { memoryWork, type OpCall } from '../opcall.js';
import type { Bound } from '../operator.js';
import { scalarTypeName, shapeText } from '../promote.js';
import type { ScalarArg } from '../schema.js';
import { broadcastShapes, sameShape, wrapDim } from '../strides.js';
import { contiguousStrides, maxKnownElements, numelOf, TensorValue } from '../tensor.js';
import { expandValues } from './known.js';
import { view } from './views.js';

function needIndex(name: string, index: TensorValue, also32 = false): void {
  if (index.dtype === dtypes.int64 || (also32 && index.dtype === dtypes.int32)) return;
  raise('RuntimeError', `${name}(): Expected dtype int${also32 ? '32/int64' : '64'} for index`);
}

export function gather(c: OpCall, t: TensorValue, dim: number, index: TensorValue): TensorValue {
  const d = wrapDim(dim, t.ndim);
  needIndex('gather', index, c.since(2, 8));
  if (index.numel !== 0) {
    if (Math.max(1, index.ndim) !== Math.max(1, t.ndim))
      raise(
        'RuntimeError',
        `Index tensor must have the same number of dimensions as input tensor (index ${shapeText(index.shape)}, input ${shapeText(t.shape)})`,
      );
    index.shape.forEach((n, i) => {
      if (i !== d && n > t.shape[i]!)
        raise(
          'RuntimeError',
          `Size does not match at dimension ${i} expected index ${shapeText(index.shape)} to be no larger than self ${shapeText(t.shape)} apart from dimension ${d}`,
        );
    });
  }
  let values: number[] | null = null;
  if (t.values !== null && index.values !== null && t.ndim > 0 && index.ndim > 0) {
    const step = contiguousStrides(t.shape);
    const own = contiguousStrides(index.shape);
    values = index.values.map((v, k) => {
      let p = 0;
      index.shape.forEach((n, i) => {
        p += (i === d ? v : Math.floor(k / own[i]!) % n) * step[i]!;
      });
      return t.values![p]!;
    });
  }
  const out = c.make(index.shape, t.dtype, t.device, values);
  c.emit('gather', [t, index], [out], {
    elementwise: 0,
    work: memoryWork('gather', 1, out.numel),
    saved: [index],
    backwardBytes: t.nbytes + 2 * out.nbytes,
  });
  return out;
}

interface Scatter {
  name: string;
  inplace: boolean;
  value?: ScalarArg;
  src?: TensorValue;
}

function scatter(c: OpCall, t: TensorValue, dim: number, index: TensorValue, s: Scatter): TensorValue {
  const d = wrapDim(dim, t.ndim);
  needIndex(s.name, index, c.since(2, 8));
  if (index.numel !== 0) {
    if (Math.max(1, index.ndim) !== Math.max(1, t.ndim))
      raise('RuntimeError', 'Index tensor must have the same number of dimensions as self tensor');
    index.shape.forEach((n, i) => {
      if ((i !== d && n > t.shape[i]!) || (s.src !== undefined && n > (s.src.shape[i] ?? 1))) {
        raise(
          'RuntimeError',
          `Expected index ${shapeText(index.shape)} to be no larger than self ${shapeText(t.shape)} apart from dimension ${d}${s.src ? ` and to be no larger size than src ${shapeText(s.src.shape)}` : ''}`,
        );
      }
    });
  }
  if (s.src !== undefined && s.src.dtype !== t.dtype)
    raise('RuntimeError', `${s.name}(): Expected self.dtype to be equal to src.dtype`);
  let values: number[] | null = null;
  if (
    t.values !== null &&
    index.values !== null &&
    t.ndim > 0 &&
    index.ndim === t.ndim &&
    (s.value !== undefined || (s.src?.values && sameShape(s.src.shape, index.shape))) &&
    (s.name === 'scatter' || s.name === 'scatter_add')
  ) {
    values = t.values.slice();
    const step = contiguousStrides(t.shape);
    const own = contiguousStrides(index.shape);
    index.values.forEach((v, k) => {
      let p = 0;
      index.shape.forEach((n, i) => {
        p += (i === d ? v : Math.floor(k / own[i]!) % n) * step[i]!;
      });
      const x = s.value?.value ?? s.src!.values![k]!;
      values![p] = s.name === 'scatter_add' ? values![p]! + x : x;
    });
  }
  const options = {
    elementwise: s.name === 'scatter' ? 0 : index.numel,
    work: memoryWork('scatter', 1, index.numel),
    saved: [index],
  };
  if (s.inplace) return c.inplace(`${s.name}_`, t, [index, s.src], values, options);
  const out = c.make(t.shape, t.dtype, t.device, values);
  c.emit(s.name, [t, index, s.src], [out], options);
  return out;
}

export function indexSelect(c: OpCall, t: TensorValue, dim: number, index: TensorValue): TensorValue {
  const d = wrapDim(dim, t.ndim);
  if (index.ndim > 1)
    raise(c.since(2) ? 'IndexError' : 'IndexError', 'index_select(): Index is supposed to be a vector');
  if (index.dtype !== dtypes.int64 && index.dtype !== dtypes.int32)
    raise('RuntimeError', 'index_select(): Expected dtype int32 or int64 for index');
  if (t.ndim === 0 && index.numel !== 1) raise('IndexError', 'index_select(): Index to scalar can have only 1 value');
  if (t.ndim > 0 && t.shape[d] === 0 && index.numel > 0)
    raise('RuntimeError', 'index_select(): self indexing axis dim should be positive');
  const shape = t.shape.map((n, i) => (i === d ? index.numel : n));
  let values: number[] | null = null;
  if (t.values !== null && index.values !== null && t.ndim > 0 && numelOf(shape) <= maxKnownElements) {
    const inner = numelOf(t.shape.slice(d + 1));
    const outer = numelOf(t.shape.slice(0, d));
    values = [];
    for (const v of index.values) if (v < 0 || v >= t.shape[d]!) raise('IndexError', 'index out of range in self');
    for (let o = 0; o < outer; o++)
      for (const v of index.values)
        for (let i = 0; i < inner; i++) values.push(t.values[(o * t.shape[d]! + v) * inner + i]!);
  }
  const out = c.make(shape, t.dtype, t.device, values);
  c.emit('index_select', [t, index], [out], {
    elementwise: 0,
    work: memoryWork('gather', 1, out.numel),
    saved: [index],
    backwardBytes: t.nbytes + 2 * out.nbytes,
  });
  return out;
}

export function indexOther(
  c: OpCall,
  name: 'index_add' | 'index_copy' | 'index_fill' | 'index_reduce',
  a: Bound,
  inplace: boolean,
): TensorValue {
  const t: TensorValue = a.input;
  const d = wrapDim(a.dim, t.ndim);
  const index: TensorValue = a.index;
  const source: TensorValue | null = a.source ?? null;
  if (index.ndim > 1)
    raise(
      'IndexError',
      `${name}_(): Index is supposed to be a vector, but got dim: ${index.ndim} with type: ${scalarTypeName(index.dtype)} and size: ${shapeText(index.shape)}`,
    );
  if (index.dtype !== dtypes.int64 && !(name !== 'index_copy' && name !== 'index_fill' && index.dtype === dtypes.int32))
    raise(name === 'index_fill' ? 'IndexError' : 'RuntimeError', `${name}_(): Expected dtype int64 for index.`);
  if (source !== null) {
    if (source.dtype !== t.dtype)
      raise(
        'RuntimeError',
        `${name}_(): self (${scalarTypeName(t.dtype)}) and source (${scalarTypeName(source.dtype)}) must have the same scalar type`,
      );
    const bad =
      source.ndim !== t.ndim && source.ndim !== 0
        ? true
        : source.ndim === t.ndim &&
          source.shape.some((n, i) => (i === d ? n !== index.numel : n !== t.shape[i]) && !Number.isNaN(n));
    if (bad)
      raise(
        name === 'index_copy' ? 'IndexError' : 'RuntimeError',
        `${name}_(): Source ${shapeText(source.shape)} does not fit self ${shapeText(t.shape)} at index ${shapeText(index.shape)} along dim ${d}`,
      );
  }
  const options = {
    elementwise: name === 'index_add' ? (source?.numel ?? 0) : 0,
    work: memoryWork('scatter', 1, source?.numel ?? index.numel),
    saved: [index],
  };
  if (inplace)
    return c.inplace(`${name}_`, t, [index, source, a.value instanceof TensorValue ? a.value : null], null, options);
  const out = name === 'index_fill' ? c.like(t) : c.make(t.shape, t.dtype, t.device);
  c.emit(name, [t, index, source], [out], options);
  return out;
}

export function maskedFill(
  c: OpCall,
  t: TensorValue,
  mask: TensorValue,
  value: ScalarArg | TensorValue,
  inplace: boolean,
): TensorValue {
  if (mask.dtype !== dtypes.bool && !(mask.dtype === dtypes.uint8 && !c.since(2)))
    raise('RuntimeError', `masked_fill_ only supports boolean masks, but got mask with dtype ${mask.dtype.name}`);
  const vt = value instanceof TensorValue ? value : null;
  if (vt !== null && vt.ndim > 0)
    raise(
      'RuntimeError',
      `masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${vt.ndim} dimension(s).`,
    );
  const shape = broadcastShapes(t.shape, mask.shape);
  const x = vt === null ? (value as ScalarArg).value : (vt.values?.[0] ?? Number.NaN);
  const m = expandValues(mask, shape);
  const v = expandValues(t, shape);
  const values = m !== null && v !== null && !Number.isNaN(x) ? v.map((y, i) => (m[i] !== 0 ? x : y)) : null;
  const options = { saved: [mask] };
  if (inplace) {
    if (!sameShape(shape, t.shape))
      raise(
        'RuntimeError',
        `output with shape ${shapeText(t.shape)} doesn't match the broadcast shape ${shapeText(shape)}`,
      );
    return c.inplace('masked_fill_', t, [mask, vt], values, options);
  }
  const out = c.make(shape, t.dtype, c.commonDevice([t, mask]), values);
  c.emit('masked_fill', [t, mask, vt], [out], options);
  return out;
}

export function embedding(c: OpCall, weight: TensorValue, index: TensorValue, sparse = false): TensorValue {
  if (weight.ndim !== 2) raise('RuntimeError', "'weight' must be 2-D");
  if (index.dtype !== dtypes.int64 && index.dtype !== dtypes.int32)
    raise(
      'RuntimeError',
      `Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.${scalarTypeName(index.dtype)}Tensor instead (while checking arguments for embedding)`,
    );
  const rows = weight.shape[0]!;
  for (const v of index.values ?? []) if (v < 0 || v >= rows) raise('IndexError', 'index out of range in self');
  const out = c.make([...index.shape, weight.shape[1]!], weight.dtype, c.commonDevice([weight, index]));
  c.emit('embedding', [weight, index], [out], {
    elementwise: 0,
    work: memoryWork('gather', index.numel, weight.shape[1]!),
    saved: [index],
    backwardBytes: out.nbytes * 2 + (sparse ? 0 : weight.nbytes),
    backwardKernels: 1,
  });
  return out;
}

export function embeddingBag(c: OpCall, a: Bound): Value {
  const { input, weight } = a as { input: TensorValue; weight: TensorValue };
  let indices = input;
  let offsets: TensorValue | null = a.offsets;
  if (!['sum', 'mean', 'max'].includes(a.mode)) raise('ValueError', 'mode has to be one of sum, mean or max');
  if (input.ndim === 2) {
    if (offsets !== null)
      raise(
        'ValueError',
        'if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences.',
      );
    offsets = c.make([input.shape[0]!], input.dtype, input.device);
    c.emit('arange', [], [offsets], { work: memoryWork('factory', 1, offsets.numel) });
    indices = view(c, input, [-1]);
  } else if (input.ndim === 1) {
    if (offsets === null) raise('ValueError', 'offsets has to be a 1D Tensor but got None');
    if (offsets.ndim !== 1) raise('ValueError', `offsets has to be a 1D Tensor`);
  } else raise('ValueError', `input has to be 1D or 2D Tensor, but got Tensor of dimension ${input.ndim}`);
  if (a.per_sample_weights !== null) {
    if (a.mode !== 'sum')
      raise(
        'NotImplementedError',
        `embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got mode='${a.mode}'). Please open a feature request on GitHub.`,
      );
    if (!sameShape(a.per_sample_weights.shape, input.shape))
      raise(
        'ValueError',
        `embedding_bag: If per_sample_weights (${shapeText(a.per_sample_weights.shape)}) is not None, then it must have the same shape as the input (${shapeText(input.shape)})`,
      );
  }
  const bags = offsets!.shape[0]! - (a.include_last_offset ? 1 : 0);
  const out = c.make([bags, weight.shape[1]!], weight.dtype, weight.device);
  const side = [
    c.make([a.mode === 'sum' ? 0 : indices.numel], indices.dtype, indices.device),
    c.make([bags], indices.dtype, indices.device),
    c.make([bags], indices.dtype, indices.device),
  ];
  c.emit(
    c.gradMode && weight.requiresGrad ? '_embedding_bag' : '_embedding_bag_forward_only',
    [weight, indices, offsets, a.per_sample_weights],
    [out, ...side],
    {
      elementwise: indices.numel * weight.shape[1]!,
      work: memoryWork('gather', indices.numel, weight.shape[1]!),
      saved: [indices, offsets],
      backwardBytes: out.nbytes + weight.nbytes,
    },
  );
  return out;
}

export function oneHot(c: OpCall, t: TensorValue, classes: number): TensorValue {
  if (t.dtype !== dtypes.int64) raise('RuntimeError', 'one_hot is only applicable to index tensor of type LongTensor.');
  const known = t.values;
  const n = classes > 0 ? classes : known !== null && known.length > 0 ? Math.max(...known) + 1 : Number.NaN;
  if (classes === 0) raise('RuntimeError', 'Class values must be smaller than num_classes.');
  const total = t.numel * n;
  const values =
    known !== null && total <= maxKnownElements
      ? known.flatMap((v) => Array.from({ length: n }, (_, i) => Number(i === v)))
      : null;
  const out = c.make([...t.shape, n], dtypes.int64, t.device, values);
  const bounds = ['min', 'max'].map(() => c.make([], t.dtype, t.device));
  if (c.since(2)) c.emit('aminmax', [t], bounds, { elementwise: 2 * t.numel, differentiable: false });
  for (const [i, b] of bounds.entries()) {
    if (!c.since(2)) c.emit(i === 0 ? 'min' : 'max', [t], [b], { elementwise: t.numel, differentiable: false });
    c.emit('_local_scalar_dense', [b], [], { elementwise: 0, differentiable: false });
    c.synchronise(b);
  }
  c.emit('zeros', [], [out], { work: memoryWork('factory', 1, out.numel), differentiable: false });
  c.emit('scatter_', [out, t], [out], {
    elementwise: 0,
    work: memoryWork('scatter', 1, t.numel),
    differentiable: false,
  });
  return out;
}

export function takeAlong(c: OpCall, a: Bound): TensorValue {
  if (a.indices.dtype !== dtypes.int64)
    raise(
      'RuntimeError',
      `torch.take_along_dim(): dtype of indices should be Long but got ${scalarTypeName(a.indices.dtype)}`,
    );
  if (a.dim === null) return gather(c, view(c, a.input, [-1]), 0, view(c, a.indices, [-1]));
  const d = wrapDim(a.dim, a.input.ndim);
  const wrapped = (t: TensorValue): TensorValue => {
    if (!c.since(2, 6)) return t;
    const r = c.like(t, t.dtype, t.values);
    c.emit('remainder', [t], [r], { differentiable: false });
    return r;
  };
  if (a.input.ndim !== a.indices.ndim)
    raise(
      'RuntimeError',
      `torch.take_along_dim(): input and indices should have the same number of dimensions, but got ${a.input.ndim} dimensions for input, and ${a.indices.ndim} dimensions for indices`,
    );
  const other = broadcastShapes(
    a.input.shape.map((x: number, i: number) => (i === d ? 1 : x)),
    a.indices.shape.map((x: number, i: number) => (i === d ? 1 : x)),
  );
  const widen = (t: TensorValue): TensorValue => {
    const shape = other.map((x, i) => (i === d ? t.shape[d]! : x));
    return sameShape(shape, t.shape)
      ? t
      : c.view(
          'expand',
          t,
          shape,
          t.strides.map((s, i) => (t.shape[i] === 1 && shape[i] !== 1 ? 0 : s)),
        );
  };
  return gather(c, widen(a.input), d, wrapped(widen(a.indices)));
}

export const srcForms = (names: string, tail = ''): string[] => [
  `${names}(Tensor input, int dim, Tensor index, Tensor src${tail})`,
  `${names}(Tensor input, int dim, Tensor index, Scalar src${tail})`,
  `${names}(Tensor input, int dim, Tensor index, Scalar value${tail})`,
];
export const scatterRun =
  (name: string, inplace: boolean) =>
  (c: OpCall, a: Bound): TensorValue => {
    const src = a.src ?? a.value;
    return scatter(
      c,
      a.input,
      a.dim,
      a.index,
      src instanceof TensorValue ? { name, inplace, src } : { name, inplace, value: src },
    );
  };
