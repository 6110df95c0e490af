/** Declarations of the views. */
import { raise } from '../../python/errors.js';
import { PyList } from '../../python/values.js';
import { op } from '../operator.js';
import { broadcastShapes } from '../strides.js';
import type { TensorValue } from '../tensor.js';
import { clone } from './copy.js';
import {
  asStrided,
  atLeast,
  become,
  chunk,
  complexPart,
  detach,
  diagonal,
  expand,
  flatten,
  list,
  movedim,
  narrow,
  permute,
  reshape,
  select,
  split,
  splitAlong,
  splitSizes,
  squeeze,
  t2,
  tensorSplit,
  transpose,
  unbind,
  unflatten,
  unfoldDim,
  unsqueeze,
  view,
  viewAsComplex,
  viewAsReal,
} from './views.js';

export const viewOperators = [
  op((c, a) => view(c, a.input, a.size), 'Tensor.view(Tensor input, SymInt[]* size)'),
  op((c, a) => {
    const t: TensorValue = a.input;
    if (a.dtype === t.dtype) return c.view('view', t, t.shape, t.strides);
    const ratio = t.dtype.itemsize / a.dtype.itemsize;
    const last = t.shape[t.ndim - 1];
    if (ratio !== 1 && t.ndim === 0)
      raise('RuntimeError', 'self.dim() cannot be 0 to view a tensor as a dtype of another size');
    if (ratio < 1 && last! % (1 / ratio) !== 0)
      raise(
        'RuntimeError',
        `self.size(-1) must be divisible by ${1 / ratio} to view ${t.dtype.name} as ${a.dtype.name}`,
      );
    const shape = t.shape.map((d, i) => (i === t.ndim - 1 ? d * ratio : d));
    const out = c.view(
      'view',
      t,
      shape,
      t.strides.map((s, i) => (i === t.ndim - 1 ? 1 : s * ratio)),
      t.storageOffset * ratio,
    );
    out.dtype = a.dtype;
    return out;
  }, 'Tensor.view(Tensor input, ScalarType dtype)'),
  op((c, a) => view(c, a.input, a.other.shape), 'Tensor.view_as(Tensor input, Tensor other)'),
  op(
    (c, a) => reshape(c, a.input, a.shape),
    'Tensor.reshape(Tensor input, SymInt[]* shape)',
    'torch.reshape(Tensor input, SymInt[] shape)',
  ),
  op((c, a) => reshape(c, a.input, a.other.shape), 'Tensor.reshape_as(Tensor input, Tensor other)'),
  op((c, a) => reshape(c, a.input, [-1]), 'torch.ravel, Tensor.ravel(Tensor input)'),
  op(
    (c, a) => flatten(c, a.input, a.start_dim, a.end_dim),
    'torch.flatten, Tensor.flatten(Tensor input, int start_dim=0, int end_dim=-1)',
  ),
  op(
    (c, a) => unflatten(c, a.input, a.dim, a.sizes),
    'torch.unflatten, Tensor.unflatten(Tensor input, int dim, SymInt[] sizes)',
  ),
  op(
    (c, a) => expand(c, a.input, a.size),
    'Tensor.expand(Tensor input, SymInt[]* size, *, bool implicit=False)',
    'torch.broadcast_to, Tensor.broadcast_to(Tensor input, SymInt[]* size)',
  ),
  op((c, a) => expand(c, a.input, a.other.shape), 'Tensor.expand_as(Tensor input, Tensor other)'),
  op(
    (c, a) => permute(c, a.input, a.dims),
    'Tensor.permute(Tensor input, int[]* dims)',
    'torch.permute(Tensor input, int[] dims)',
  ),
  op(
    (c, a) => transpose(c, a.input, a.dim0, a.dim1),
    'torch.transpose, torch.swapdims, Tensor.transpose, Tensor.swapdims(Tensor input, int dim0, int dim1)',
    'torch.swapaxes, Tensor.swapaxes(Tensor input, int dim0, int dim1)',
    'torch.swapaxes, Tensor.swapaxes(Tensor input, int axis0, int axis1)',
  ),
  op(
    (c, a) => become(a.input, transpose(c, a.input, a.dim0, a.dim1)),
    'Tensor.transpose_, Tensor.swapaxes_, Tensor.swapdims_(Tensor input, int dim0, int dim1)',
  ),
  op((c, a) => t2(c, a.input), 'torch.t, Tensor.t(Tensor input)'),
  op((c, a) => become(a.input, t2(c, a.input)), 'Tensor.t_(Tensor input)'),
  op((c, a) => {
    if (a.input.ndim < 2 && a.input.ndim !== 0)
      raise('RuntimeError', 'tensor.adjoint() is only supported on matrices or batches of matrices.');
    return a.input.ndim === 0 ? a.input : transpose(c, a.input, -2, -1);
  }, 'torch.adjoint, Tensor.adjoint(Tensor input)'),
  op((c, a) => squeeze(c, a.input, null), 'torch.squeeze, Tensor.squeeze(Tensor input)'),
  op((c, a) => squeeze(c, a.input, [a.dim]), 'torch.squeeze, Tensor.squeeze(Tensor input, int dim)'),
  op((c, a) => squeeze(c, a.input, a.dim), 'torch.squeeze, Tensor.squeeze(Tensor input, int[] dim)'),
  op((c, a) => become(a.input, squeeze(c, a.input, null)), 'Tensor.squeeze_(Tensor input)'),
  op((c, a) => become(a.input, squeeze(c, a.input, [a.dim])), 'Tensor.squeeze_(Tensor input, int dim)'),
  op((c, a) => unsqueeze(c, a.input, a.dim), 'torch.unsqueeze, Tensor.unsqueeze(Tensor input, int dim)'),
  op((c, a) => become(a.input, unsqueeze(c, a.input, a.dim)), 'Tensor.unsqueeze_(Tensor input, int dim)'),
  op((c, a) => select(c, a.input, a.dim, a.index), 'torch.select, Tensor.select(Tensor input, int dim, SymInt index)'),
  op(
    (c, a) => narrow(c, a.input, a.dim, a.start, a.length),
    'torch.narrow, Tensor.narrow(Tensor input, int dim, SymInt start, SymInt length)',
  ),
  op(
    (c, a) => clone(c, narrow(c, a.input, a.dim, a.start, a.length)),
    'torch.narrow_copy, Tensor.narrow_copy(Tensor input, int dim, SymInt start, SymInt length)',
  ),
  op(
    (c, a) => list(split(c, a.input, a.split_size, a.dim)),
    'torch.split, Tensor.split, torch.functional.split(Tensor input, SymInt split_size, int dim=0)',
    'torch.split, torch.functional.split(Tensor tensor, SymInt split_size_or_sections, int dim=0)'
      .replace('tensor,', 'input,')
      .replace('split_size_or_sections', 'split_size'),
  ),
  op(
    (c, a) => list(splitSizes(c, a.input, a.split_size, a.dim)),
    'torch.split, Tensor.split, torch.functional.split(Tensor input, SymInt[] split_size, int dim=0)',
    'torch.split_with_sizes, Tensor.split_with_sizes(Tensor input, SymInt[] split_size, int dim=0)',
  ),
  op(
    (c, a) =>
      list(
        typeof a.split_size_or_sections === 'number'
          ? split(c, a.tensor, a.split_size_or_sections, a.dim)
          : splitSizes(c, a.tensor, a.split_size_or_sections, a.dim),
      ),
    'torch.split(Tensor tensor, SymInt split_size_or_sections, int dim=0)',
    'torch.split(Tensor tensor, SymInt[] split_size_or_sections, int dim=0)',
  ),
  op((c, a) => {
    const parts = split(c, a.input, a.split_size, a.dim).map((p) => c.make(p.shape, p.dtype, p.device));
    c.emit('unsafe_split', [a.input], parts, { elementwise: 0 });
    return list(parts);
  }, 'torch.unsafe_split, Tensor.unsafe_split(Tensor input, SymInt split_size, int dim=0)'),
  op(
    (c, a) => list(chunk(c, a.input, a.chunks, a.dim)),
    'torch.chunk, Tensor.chunk, torch.unsafe_chunk, Tensor.unsafe_chunk(Tensor input, int chunks, int dim=0)',
  ),
  op(
    (c, a) => list(tensorSplit(c, a.input, a.indices ?? a.sections ?? a.indices_or_sections, a.dim)),
    'torch.tensor_split, Tensor.tensor_split(Tensor input, int[] indices, int dim=0)',
    'torch.tensor_split, Tensor.tensor_split(Tensor input, int sections, int dim=0)',
    'torch.tensor_split, Tensor.tensor_split(Tensor input, int indices_or_sections, int dim=0)',
    'torch.tensor_split, Tensor.tensor_split(Tensor input, int[] indices_or_sections, int dim=0)',
  ),
  op(
    splitAlong(1, 'hsplit'),
    'torch.hsplit, Tensor.hsplit(Tensor input, int by)',
    'torch.hsplit, Tensor.hsplit(Tensor input, int[] by)',
  ),
  op(
    splitAlong(0, 'vsplit'),
    'torch.vsplit, Tensor.vsplit(Tensor input, int by)',
    'torch.vsplit, Tensor.vsplit(Tensor input, int[] by)',
  ),
  op(
    splitAlong(2, 'dsplit'),
    'torch.dsplit, Tensor.dsplit(Tensor input, int by)',
    'torch.dsplit, Tensor.dsplit(Tensor input, int[] by)',
  ),
  op((c, a) => list(unbind(c, a.input, a.dim)), 'torch.unbind, Tensor.unbind(Tensor input, int dim=0)'),
  op(
    (c, a) => movedim(c, a.input, a.source, a.destination),
    'torch.movedim, Tensor.movedim, torch.moveaxis, Tensor.moveaxis(Tensor input, int[1] source, int[1] destination)',
  ),
  op(
    (c, a) => diagonal(c, a.input, a.offset, a.dim1, a.dim2),
    'torch.diagonal, Tensor.diagonal(Tensor input, int offset=0, int dim1=0, int dim2=1)',
    'torch.linalg.diagonal(Tensor input, *, int offset=0, int dim1=-2, int dim2=-1)',
  ),
  op(
    (c, a) => unfoldDim(c, a.input, a.dimension, a.size, a.step),
    'Tensor.unfold(Tensor input, int dimension, SymInt size, SymInt step)',
  ),
  op(
    (c, a) => asStrided(c, a.input, a.size, a.stride, a.storage_offset),
    'torch.as_strided, Tensor.as_strided(Tensor input, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None)',
  ),
  op(
    (c, a) => become(a.input, asStrided(c, a.input, a.size, a.stride, a.storage_offset)),
    'Tensor.as_strided_(Tensor input, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None)',
  ),
  op((c, a) => detach(c, a.input), 'torch.detach, Tensor.detach(Tensor input)'),
  op((_c, a) => {
    a.input.requiresGrad = false;
    a.input.gradFn = null;
    return a.input;
  }, 'Tensor.detach_(Tensor input)'),
  op((c, a) => viewAsReal(c, a.input), 'torch.view_as_real(Tensor input)'),
  op((c, a) => viewAsComplex(c, a.input), 'torch.view_as_complex(Tensor input)'),
  op((c, a) => complexPart(c, a.input, 0), 'torch.real(Tensor input)'),
  op((c, a) => complexPart(c, a.input, 1), 'torch.imag(Tensor input)'),
  op((c, a) => {
    const shape = broadcastShapes(...a.tensors.map((t: TensorValue) => t.shape));
    return list(a.tensors.map((t: TensorValue) => expand(c, t, shape)));
  }, 'torch.broadcast_tensors(Tensor[]* tensors)'),
  ...([1, 2, 3] as const).flatMap((n) => [
    op((c, a) => atLeast(c, a.input, n), `torch.atleast_${n}d(Tensor input)`),
    op((c, a) => list(a.tensors.map((t: TensorValue) => atLeast(c, t, n))), `torch.atleast_${n}d(Tensor[]* tensors)`),
  ]),
  op((c, a) => new PyList(a.input.shape.map((d: number) => c.int(d))), 'torch._shape_as_tensor(Tensor input)'),
];
