/** Declarations of the matrix products. */
import { raise } from '../../python/errors.js';
import { op } from '../operator.js';
import { scalarTypeName, shapeText } from '../promote.js';
import type { ScalarArg } from '../schema.js';
import { elementwiseStrides } from '../strides.js';
import type { TensorValue } from '../tensor.js';
import {
  addmm,
  addmv,
  alphaBeta,
  baddbmm,
  bmm,
  checkBatches,
  checkExpands,
  differs,
  dot,
  gemm,
  linear,
  matmul,
  mm,
  multiDot,
  mv,
  scaledBias,
  tensordot,
} from './matmul.js';
import { mul } from './pointwise.js';
import { view } from './views.js';

export const matmulOperators = [
  op((c, a) => {
    const [x, y] = c.lower(a.input, a.mat2);
    return mm(c, x, y, a.out);
  }, 'torch.mm, torch.spmm, Tensor.mm(Tensor input, Tensor mat2, *, Tensor? out=None)'),
  op((c, a) => {
    const [x, y] = c.lower(a.input, a.mat2);
    return bmm(c, x, y, a.out);
  }, 'torch.bmm, Tensor.bmm(Tensor input, Tensor mat2, *, Tensor? out=None)'),
  op((c, a) => {
    const [z, x, y] = c.lower(a.input, a.mat1, a.mat2);
    return scaledBias(c, { ...a, input: z }, (b) => addmm(c, b, x, y));
  }, `torch.addmm, Tensor.addmm(Tensor input, Tensor mat1, Tensor mat2, ${alphaBeta})`),
  op(
    (c, a) => addmm(c, a.input, a.mat1, a.mat2, a.input),
    'Tensor.addmm_(Tensor input, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1)',
  ),
  op((c, a) => {
    const [z, x, y] = c.lower(a.input, a.batch1, a.batch2);
    return baddbmm(c, z, x, y);
  }, `torch.baddbmm, Tensor.baddbmm(Tensor input, Tensor batch1, Tensor batch2, ${alphaBeta})`),
  op(
    (c, a) => baddbmm(c, a.input, a.batch1, a.batch2, a.input),
    'Tensor.baddbmm_(Tensor input, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1)',
  ),
  op((c, a) => {
    const [z, x, y] = c.lower(a.input, a.batch1, a.batch2) as [TensorValue, TensorValue, TensorValue];
    checkBatches(x, y);
    if (z.dtype !== x.dtype || x.dtype !== y.dtype)
      raise(
        'RuntimeError',
        `self and mat2 must have the same dtype, but got ${scalarTypeName(x.dtype)} and ${scalarTypeName(y.dtype)}`,
      );
    const shape = [x.shape[1]!, y.shape[2]!];
    checkExpands(z, shape);
    const r = c.make(shape, x.dtype, x.device);
    c.emit('addbmm', [z, x, y], [r], {
      elementwise: 2 * x.numel * y.shape[2]!,
      work: gemm(x.shape[0]!, shape[0]!, shape[1]!, x.shape[2]!),
      saved: [x, y],
      backwardFlops: 2 * x.numel * y.shape[2]! * (Number(c.needsGrad(x)) + Number(c.needsGrad(y))),
    });
    return r;
  }, `torch.addbmm, Tensor.addbmm(Tensor input, Tensor batch1, Tensor batch2, ${alphaBeta})`),
  op((c, a) => mv(c, a.input, a.vec), 'torch.mv, Tensor.mv(Tensor input, Tensor vec, *, Tensor? out=None)'),
  op(addmv, `torch.addmv, Tensor.addmv(Tensor input, Tensor mat, Tensor vec, ${alphaBeta})`),
  op((c, a) => dot(c, a.input, a.tensor), 'torch.dot, Tensor.dot(Tensor input, Tensor tensor, *, Tensor? out=None)'),
  op(
    (c, a) => dot(c, a.input, a.other, 'vdot'),
    'torch.vdot, Tensor.vdot(Tensor input, Tensor other, *, Tensor? out=None)',
  ),
  op(
    (c, a) => matmul(c, a.input, a.other, a.out),
    'torch.matmul, Tensor.matmul, torch.linalg.matmul(Tensor input, Tensor other, *, Tensor? out=None)',
    'Tensor.__matmul__(Tensor input, Tensor other)',
  ),
  op((c, a) => matmul(c, a.other, a.input), 'Tensor.__rmatmul__(Tensor input, Tensor other)'),
  op(
    (c, a) => linear(c, a.input, a.weight, a.bias),
    'F.linear, torch._C._nn.linear(Tensor input, Tensor weight, Tensor? bias=None)',
  ),
  op(
    (c, a) => multiDot(c, a.tensors),
    'torch.linalg.multi_dot(Tensor[] tensors, *, Tensor? out=None)',
    'torch.chain_matmul(Tensor[]* tensors)',
  ),
  op((c, a) => {
    if (a.input.ndim !== 1 || a.vec2.ndim !== 1)
      raise('RuntimeError', `outer: Expected 1-D argument self, but got ${a.input.ndim}-D`);
    return mul(c, view(c, a.input, [a.input.shape[0], 1]), a.vec2);
  }, 'torch.outer, torch.ger, Tensor.outer, Tensor.ger(Tensor input, Tensor vec2, *, Tensor? out=None)'),
  op((c, a) => {
    const x: TensorValue = a.input;
    const y: TensorValue = a.other;
    if (x.ndim === 0 || y.ndim === 0) return mul(c, x, y);
    if (differs(x.shape[x.ndim - 1]!, y.shape[y.ndim - 1]!))
      raise(
        'RuntimeError',
        `inner() the last dimension must match on both input tensors but got shapes ${shapeText(x.shape)} and ${shapeText(y.shape)}`,
      );
    return tensordot(c, x, y, [-1], [-1]);
  }, 'torch.inner, Tensor.inner(Tensor input, Tensor other, *, Tensor? out=None)'),
  op((c, a) => {
    const d = [...Array(a.dims).keys()];
    if (a.dims < 0) raise('RuntimeError', `tensordot expects dims >= 0, but got dims=${a.dims}`);
    return tensordot(
      c,
      a.a,
      a.b,
      d.map((i) => a.a.ndim - a.dims + i),
      d,
    );
  }, 'torch.tensordot, torch.functional.tensordot(Tensor a, Tensor b, int dims=2)'),
  op((c, a) => {
    const pick = (v: any): number[] => (Array.isArray(v) ? v : typeof v === 'number' ? [v] : v.items.map(Number));
    const items = a.dims.items;
    return tensordot(c, a.a, a.b, pick(items[0]), pick(items[1]));
  }, 'torch.tensordot, torch.functional.tensordot(Tensor a, Tensor b, Any dims)'),
  op((c, a) => {
    const shape = [a.vec1.shape[0], a.vec2.shape[0]];
    const r = c.make(shape, c.resultType(a.input, a.vec1), a.input.device, null, elementwiseStrides(shape, [a.input]));
    checkExpands(a.input, r.shape);
    c.emit('addr', [a.input, a.vec1, a.vec2], [r], { elementwise: 3 * r.numel, saved: [a.vec1, a.vec2] });
    return r;
  }, `torch.addr, Tensor.addr(Tensor input, Tensor vec1, Tensor vec2, ${alphaBeta})`),
];
export type { ScalarArg };
