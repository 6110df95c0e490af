/** Factorisations with their solvers, tensor equations, and products of scaled or grouped matrices. */
import { raise } from '../../python/errors.js';
import { dtypes } from '../dtype.js';
import type { OpCall } from '../opcall.js';
import { type OperatorDeclaration, op } from '../operator.js';
import { broadcastShapes } from '../strides.js';
import { numelOf, type TensorValue } from '../tensor.js';
import { batch, floating, matrix, named, solver, square } from './linalg.js';
import { differs, gemm } from './matmul.js';

const rows = (t: TensorValue): number => t.shape[t.ndim - 2]!;
const columns = (t: TensorValue): number => t.shape[t.ndim - 1]!;

/** What the `_ex` forms give beside the result: a status for each matrix. */
const info = (t: TensorValue) => ({ shape: batch(t), dtype: dtypes.int32 });

function householder(c: OpCall, input: TensorValue, tau: TensorValue): TensorValue {
  matrix(input, 'torch.linalg.householder_product');
  if (rows(input) < columns(input))
    raise(
      'RuntimeError',
      'torch.linalg.householder_product: input.shape[-2] must be greater than or equal to input.shape[-1]',
    );
  if (columns(input) < columns(tau))
    raise(
      'RuntimeError',
      'torch.linalg.householder_product: input.shape[-1] must be greater than or equal to tau.shape[-1]',
    );
  return solver(
    c,
    'linalg_householder_product',
    [input, tau],
    [{ shape: input.shape, dtype: input.dtype, col: true }],
  )[0]!;
}

function luSolve(c: OpCall, lu: TensorValue, pivots: TensorValue, b: TensorValue, left: boolean): TensorValue {
  square(lu, 'torch.linalg.lu_solve');
  const n = left ? rows(b) : columns(b);
  if (differs(n, columns(lu)))
    raise(
      'RuntimeError',
      `linalg.lu_solve: Incompatible shapes of A and B for the equation ${left ? 'AX = B' : 'XA = B'} (${rows(lu)}x${columns(lu)} and ${rows(b)}x${columns(b)})`,
    );
  const shape = [...broadcastShapes(batch(lu), batch(b)), ...b.shape.slice(-2)];
  return solver(c, 'linalg_lu_solve', [lu, pivots, b], [{ shape, dtype: lu.dtype, col: left }])[0]!;
}

/** `tensorsolve`: x with tensordot(A, x) = B. */
function tensorSolve(c: OpCall, a: TensorValue, b: TensorValue): TensorValue {
  floating(a, 'linalg.tensorsolve');
  const shape = a.shape.slice(b.ndim);
  if (differs(numelOf(shape), b.numel))
    raise(
      'RuntimeError',
      'Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim])',
    );
  return solver(c, '_linalg_solve_ex', [a, b], [{ shape, dtype: a.dtype }])[0]!;
}

function tensorInverse(c: OpCall, a: TensorValue, ind: number): TensorValue {
  if (ind <= 0) raise('RuntimeError', 'Expected a strictly positive integer for `ind`');
  const lead = a.shape.slice(0, ind);
  const rest = a.shape.slice(ind);
  if (differs(numelOf(lead), numelOf(rest)))
    raise('RuntimeError', 'Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind])');
  return solver(c, 'linalg_inv_ex', [a], [{ shape: [...rest, ...lead], dtype: a.dtype }])[0]!;
}

/** `_scaled_mm`: a product of 8-bit matrices, scaled (FlopCounterMode counts it as `mm`). */
function scaledMm(c: OpCall, a: TensorValue, b: TensorValue, dtype: typeof dtypes.float32 | null): TensorValue {
  if (a.ndim !== 2 || b.ndim !== 2) raise('RuntimeError', 'mat1 and mat2 must be matrices');
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1]!;
  if (differs(k, b.shape[0]!))
    raise('RuntimeError', `mat1 and mat2 shapes cannot be multiplied (${m}x${k} and ${b.shape[0]}x${n})`);
  const out = c.make([m, n], dtype ?? a.dtype, a.device);
  const flops = 2 * m * n * k;
  c.emit('_scaled_mm', [a, b], [out], { flops, elementwise: 0, work: gemm(1, m, n, k), differentiable: false });
  return out;
}

/** `grouped_mm`: one product for each group of rows (or for each matrix of a batch). */
function groupedMm(
  c: OpCall,
  a: TensorValue,
  b: TensorValue,
  groups: number,
  dtype: typeof dtypes.float32 | null,
): TensorValue {
  const both2d = a.ndim === 2 && b.ndim === 2;
  const m = rows(a);
  const n = columns(b);
  const k = columns(a);
  // ragged along k, along m, along n, or not at all
  const shape = both2d ? [groups, m, n] : a.ndim === 3 && b.ndim === 3 ? [a.shape[0]!, m, n] : [m, n];
  if (!both2d && differs(k, rows(b))) raise('RuntimeError', 'contraction dimension of mat_a and mat_b must match');
  const count = a.ndim === 3 && b.ndim === 3 ? a.shape[0]! : 1;
  const flops = 2 * count * m * n * k;
  const out = c.make(shape, dtype ?? a.dtype, a.device);
  c.emit('_grouped_mm', [a, b], [out], {
    flops,
    elementwise: 0,
    work: gemm(count, m, n, k),
    saved: [a, b],
    backwardFlops: 2 * flops,
  });
  return out;
}

export const factorisationOperators: OperatorDeclaration[] = [
  op(
    (c, a) => householder(c, a.input, a.tau),
    'torch.linalg.householder_product, torch.orgqr, Tensor.orgqr(Tensor input, Tensor tau, *, Tensor? out=None)',
  ),
  op((c, a) => {
    matrix(a.input, 'geqrf');
    const k = Math.min(rows(a.input), columns(a.input));
    return named(
      'geqrf',
      ['a', 'tau'],
      solver(
        c,
        'geqrf',
        [a.input],
        [
          { shape: a.input.shape, dtype: a.input.dtype, col: true },
          { shape: [...batch(a.input), k], dtype: a.input.dtype },
        ],
      ),
    );
  }, 'torch.geqrf, Tensor.geqrf(Tensor input, *, Any out=None)'),
  op(
    (c, a) =>
      solver(c, 'ormqr', [a.input, a.tau, a.other], [{ shape: a.other.shape, dtype: a.other.dtype, col: true }])[0]!,
    'torch.ormqr, Tensor.ormqr(Tensor input, Tensor tau, Tensor other, bool left=True, bool transpose=False, *, Tensor? out=None)',
  ),
  op((c, a) => {
    square(a.input, 'linalg.cholesky');
    return named(
      'linalg_cholesky_ex',
      ['L', 'info'],
      solver(
        c,
        'linalg_cholesky_ex',
        [a.input],
        [{ shape: a.input.shape, dtype: a.input.dtype, col: true }, info(a.input)],
      ),
    );
  }, 'torch.linalg.cholesky_ex(Tensor input, *, bool upper=False, bool check_errors=False, Any out=None)'),
  op((c, a) => {
    square(a.A, 'linalg.inv');
    return named(
      'linalg_inv_ex',
      ['inverse', 'info'],
      solver(c, 'linalg_inv_ex', [a.A], [{ shape: a.A.shape, dtype: a.A.dtype, col: true }, info(a.A)]),
    );
  }, 'torch.linalg.inv_ex(Tensor A, *, bool check_errors=False, Any out=None)'),
  op((c, a) => {
    square(a.A, 'linalg.solve');
    const vector = a.B.ndim === 1;
    const shape = vector ? a.B.shape : [...broadcastShapes(batch(a.A), batch(a.B)), ...a.B.shape.slice(-2)];
    return named(
      'linalg_solve_ex',
      ['result', 'info'],
      solver(c, '_linalg_solve_ex', [a.A, a.B], [{ shape, dtype: a.A.dtype, col: !vector }, info(a.A)]),
    );
  }, 'torch.linalg.solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False, Any out=None)'),
  op((c, a) => {
    matrix(a.A, 'linalg.lu_factor');
    return named(
      'linalg_lu_factor_ex',
      ['LU', 'pivots', 'info'],
      solver(
        c,
        'linalg_lu_factor_ex',
        [a.A],
        [
          { shape: a.A.shape, dtype: a.A.dtype, col: true },
          { shape: [...batch(a.A), Math.min(rows(a.A), columns(a.A))], dtype: dtypes.int32 },
          info(a.A),
        ],
      ),
    );
  }, 'torch.linalg.lu_factor_ex(Tensor A, *, bool pivot=True, bool check_errors=False, Any out=None)'),
  op(
    (c, a) => luSolve(c, a.LU, a.pivots, a.B, a.left),
    'torch.linalg.lu_solve(Tensor LU, Tensor pivots, Tensor B, *, bool left=True, bool adjoint=False, Tensor? out=None)',
  ),
  op(
    (c, a) => luSolve(c, a.LU_data, a.LU_pivots, a.input, true),
    'torch.lu_solve, Tensor.lu_solve(Tensor input, Tensor LU_data, Tensor LU_pivots, *, Tensor? out=None)',
  ),
  op((c, a) => {
    square(a.input, 'torch.linalg.ldl_factor');
    return named(
      'linalg_ldl_factor',
      ['LD', 'pivots'],
      solver(
        c,
        'linalg_ldl_factor_ex',
        [a.input],
        [
          { shape: a.input.shape, dtype: a.input.dtype, col: true },
          { shape: a.input.shape.slice(0, -1), dtype: dtypes.int32 },
        ],
      ),
    );
  }, 'torch.linalg.ldl_factor(Tensor input, *, bool hermitian=False, Any out=None)'),
  op((c, a) => {
    square(a.LD, 'torch.linalg.ldl_solve');
    const shape = [...broadcastShapes(batch(a.LD), batch(a.B)), ...a.B.shape.slice(-2)];
    return solver(c, 'linalg_ldl_solve', [a.LD, a.pivots, a.B], [{ shape, dtype: a.B.dtype, col: true }], false)[0]!;
  }, 'torch.linalg.ldl_solve(Tensor LD, Tensor pivots, Tensor B, *, bool hermitian=False, Tensor? out=None)'),
  op(
    (c, a) => tensorSolve(c, a.input, a.other),
    'torch.linalg.tensorsolve(Tensor input, Tensor other, int[]?~ dims=None, *, Tensor? out=None)',
  ),
  op(
    (c, a) => tensorInverse(c, a.input, a.ind),
    'torch.linalg.tensorinv(Tensor input, int ind=2, *, Tensor? out=None)',
  ),
  op(
    (c, a) => scaledMm(c, a.input, a.mat2, a.out_dtype),
    'torch._scaled_mm(Tensor input, Tensor mat2, Tensor~ scale_a, Tensor~ scale_b, Tensor?~ bias=None, Tensor?~ scale_result=None, ScalarType? out_dtype=None, bool?~ use_fast_accum=False)',
  ),
  op(
    (c, a) => groupedMm(c, a.mat_a, a.mat_b, a.offs?.numel ?? 1, a.out_dtype),
    'torch._grouped_mm, torch.nn.functional.grouped_mm(Tensor mat_a, Tensor mat_b, *, Tensor? offs=None, Tensor?~ bias=None, ScalarType? out_dtype=None)',
  ),
];
