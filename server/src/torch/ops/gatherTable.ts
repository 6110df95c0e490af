/** Declarations of gathering, scattering, masks and embeddings. */
import { raise } from '../../python/errors.js';
import { dtypes } from '../dtype.js';
import { memoryWork } from '../opcall.js';
import { op } from '../operator.js';
import { scalarTypeName } from '../promote.js';
import { broadcastShapes } from '../strides.js';
import {
  embedding,
  embeddingBag,
  gather,
  indexOther,
  indexSelect,
  maskedFill,
  oneHot,
  scatterRun,
  srcForms,
  takeAlong,
} from './gather.js';

export const gatherOperators = [
  op(
    (c, a) => gather(c, a.input, a.dim, a.index),
    'torch.gather, Tensor.gather(Tensor input, int dim, Tensor index, *, bool~ sparse_grad=False, Tensor? out=None)',
  ),
  op(
    takeAlong,
    'torch.take_along_dim, Tensor.take_along_dim(Tensor input, Tensor indices, int? dim=None, *, Tensor? out=None)',
  ),
  op(scatterRun('scatter', false), ...srcForms('torch.scatter, Tensor.scatter', ', *, str? reduce=None')),
  op(scatterRun('scatter', true), ...srcForms('Tensor.scatter_', ', *, str? reduce=None')),
  op(
    scatterRun('scatter_add', false),
    'torch.scatter_add, Tensor.scatter_add(Tensor input, int dim, Tensor index, Tensor src)',
  ),
  op(scatterRun('scatter_add', true), 'Tensor.scatter_add_(Tensor input, int dim, Tensor index, Tensor src)'),
  op(
    scatterRun('scatter_reduce', false),
    'torch.scatter_reduce, Tensor.scatter_reduce(Tensor input, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True)',
  ),
  op(
    scatterRun('scatter_reduce', true),
    'Tensor.scatter_reduce_(Tensor input, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True)',
  ),
  op(
    (c, a) => indexSelect(c, a.input, a.dim, a.index),
    'torch.index_select, Tensor.index_select(Tensor input, int dim, Tensor index, *, Tensor? out=None)',
  ),
  ...[false, true].flatMap((inplace) => {
    const n = (name: string): string => (inplace ? `Tensor.${name}_` : `torch.${name}, Tensor.${name}`);
    return [
      op(
        (c, a) => indexOther(c, 'index_add', a, inplace),
        `${n('index_add')}(Tensor input, int dim, Tensor index, Tensor source, *, Scalar alpha=1)`,
      ),
      op(
        (c, a) => indexOther(c, 'index_copy', a, inplace),
        `${n('index_copy')}(Tensor input, int dim, Tensor index, Tensor source)`,
      ),
      op(
        (c, a) => indexOther(c, 'index_reduce', a, inplace),
        `${n('index_reduce')}(Tensor input, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True)`,
      ),
      op(
        (c, a) => indexOther(c, 'index_fill', a, inplace),
        `${n('index_fill')}(Tensor input, int dim, Tensor index, Scalar value)`,
        `${n('index_fill')}(Tensor input, int dim, Tensor index, Tensor value)`,
      ),
      op(
        (c, a) => maskedFill(c, a.input, a.mask, a.value, inplace),
        `${n('masked_fill')}(Tensor input, Tensor mask, Scalar value)`,
        `${n('masked_fill')}(Tensor input, Tensor mask, Tensor value)`,
      ),
      op(
        (c, a) => {
          if (a.mask.dtype !== dtypes.bool)
            raise('RuntimeError', 'masked_scatter: expected mask to be a boolean tensor');
          if (a.source.dtype !== a.input.dtype)
            raise(
              'RuntimeError',
              `masked_scatter: expected self and source to have same dtypes but got ${scalarTypeName(a.input.dtype)} and ${scalarTypeName(a.source.dtype)}`,
            );
          const options = { elementwise: 0, work: memoryWork('scatter', 1, a.input.numel), saved: [a.mask] };
          const shape = broadcastShapes(a.input.shape, a.mask.shape);
          if (inplace) return c.inplace('masked_scatter_', a.input, [a.mask, a.source], null, options);
          const out = c.make(shape, a.input.dtype, a.input.device);
          c.emit('masked_scatter', [a.input, a.mask, a.source], [out], options);
          return out;
        },
        `${n('masked_scatter')}(Tensor input, Tensor mask, Tensor source)`,
      ),
    ];
  }),
  op((c, a) => {
    if (a.index.dtype !== dtypes.int64)
      raise('RuntimeError', `take(): Expected a long tensor for index, but got ${scalarTypeName(a.index.dtype)}`);
    const iv = a.index.values;
    const tv = a.input.values;
    const out = c.make(
      a.index.shape,
      a.input.dtype,
      a.input.device,
      iv !== null && tv !== null ? iv.map((i: number) => tv[i < 0 ? i + tv.length : i]) : null,
    );
    c.emit('take', [a.input, a.index], [out], {
      elementwise: 0,
      work: memoryWork('gather', 1, out.numel),
      saved: [a.index],
    });
    return out;
  }, 'torch.take, Tensor.take(Tensor input, Tensor index)'),
  op(
    (c, a) =>
      c.inplace('put_', a.input, [a.index, a.source], null, {
        elementwise: 0,
        work: memoryWork('scatter', 1, a.index.numel),
      }),
    'Tensor.put_(Tensor input, Tensor index, Tensor source, bool accumulate=False)',
  ),
  op(
    (c, a) => embedding(c, a.weight, a.input, a.sparse),
    'F.embedding(Tensor input, Tensor weight, int?~ padding_idx=None, float?~ max_norm=None, float~ norm_type=2.0, bool~ scale_grad_by_freq=False, bool sparse=False)',
  ),
  op(
    (c, a) => embedding(c, a.weight, a.indices),
    'torch.embedding(Tensor weight, Tensor indices, int~ padding_idx=-1, bool~ scale_grad_by_freq=False, bool~ sparse=False)',
  ),
  op(
    embeddingBag,
    'F.embedding_bag(Tensor input, Tensor weight, Tensor? offsets=None, float?~ max_norm=None, float~ norm_type=2, bool~ scale_grad_by_freq=False, str mode="mean", bool~ sparse=False, Tensor? per_sample_weights=None, bool include_last_offset=False, int?~ padding_idx=None)',
  ),
  op(
    (c, a) => oneHot(c, a.tensor, a.num_classes),
    'F.one_hot, torch._C._nn.one_hot(Tensor tensor, SymInt num_classes=-1)',
  ),
  ...[
    ['select_scatter', 'int dim, int index'],
    ['slice_scatter', 'int dim=0, int? start=None, int? end=None, int step=1'],
    ['diagonal_scatter', 'int offset=0, int dim1=0, int dim2=1'],
  ].map(([name, args]) =>
    op((c, a) => {
      const out = c.like(a.input);
      c.emit(name!, [a.input, a.src], [out], { elementwise: 0, work: memoryWork('copy', 1, out.numel) });
      return out;
    }, `torch.${name}, Tensor.${name}(Tensor input, Tensor src, ${args})`),
  ),
];
