/** Linear algebra beyond products, and diagonals. */
import { raise } from '../../python/errors.js';
import { PyTuple, type Value } from '../../python/values.js';
import { type DType, dtypes } from '../dtype.js';
import { StructSequence } from '../objects.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type OperatorDeclaration, op } from '../operator.js';
import { isDifferentiable, scalarTypeName, toComplexDType, toRealDType } from '../promote.js';
import { broadcastShapes, wrapDim } from '../strides.js';
import { contiguousStrides, numelOf, type TensorValue } from '../tensor.js';
import { clone } from './copy.js';
import { matmul, mm } from './matmul.js';
import { mul, sub } from './pointwise.js';
import { mean } from './reductions.js';
import { diagonal, transpose } from './views.js';

export function square(t: TensorValue, name: string): void {
  if (t.ndim < 2) raise('RuntimeError', `${name}: The input tensor A must have at least 2 dimensions.`);
  const [m, n] = t.shape.slice(-2) as [number, number];
  if (m !== n && !Number.isNaN(m + n))
    raise('RuntimeError', `${name}: A must be batches of square matrices, but they are ${m} by ${n} matrices`);
  floating(t, name);
}

export function floating(t: TensorValue, name: string): void {
  if (!isDifferentiable(t.dtype))
    raise(
      'RuntimeError',
      `${name}: Expected a floating point or complex tensor as input. Got ${scalarTypeName(t.dtype)}`,
    );
  if (t.dtype.itemsize < 4)
    raise('RuntimeError', `${name}: Low precision dtypes not supported. Got ${scalarTypeName(t.dtype)}`);
}

export const matrix = (t: TensorValue, name: string): void => {
  if (t.ndim < 2) raise('RuntimeError', `${name}: The input tensor A must have at least 2 dimensions.`);
  floating(t, name);
};

/** Cubic work of a factorisation. */
const cubic = (t: TensorValue): number => {
  const [m, n] = t.shape.slice(-2) as [number, number];
  return (t.numel / (m * n)) * m * n * Math.min(m, n);
};

const colMajor = (shape: readonly number[]): number[] => {
  const s = contiguousStrides(shape);
  const n = shape.length;
  if (n < 2) return s;
  s[n - 2] = 1;
  s[n - 1] = Math.max(1, shape[n - 2]!);
  return s;
};

export function solver(
  c: OpCall,
  name: string,
  inputs: readonly TensorValue[],
  outputs: readonly { shape: readonly number[]; dtype: DType; col?: boolean }[],
  differentiable = true,
): TensorValue[] {
  const made = outputs.map((o) =>
    c.make(o.shape, o.dtype, inputs[0]!.device, null, o.col ? colMajor(o.shape) : contiguousStrides(o.shape)),
  );
  c.emit(name, inputs, made, {
    elementwise: 2 * cubic(inputs[0]!),
    work: memoryWork('other', 1, inputs[0]!.numel),
    saved: [...inputs, ...made],
    // composed of products that depend on the kernel: not counted, so not known
    backwardFlops: Number.NaN,
    differentiable,
  });
  return made;
}

export const batch = (t: TensorValue): number[] => t.shape.slice(0, -2);
export const named = (name: string, fields: string[], ts: TensorValue[]): Value =>
  new StructSequence(`torch.return_types.${name}`, fields, ts);

function svd(c: OpCall, t: TensorValue, full: boolean, valuesOnly = false): TensorValue[] {
  matrix(t, 'linalg.svd');
  const [m, n] = t.shape.slice(-2) as [number, number];
  const k = Math.min(m, n);
  const b = batch(t);
  return solver(
    c,
    '_linalg_svd',
    [t],
    valuesOnly
      ? [
          { shape: [...b, 0], dtype: t.dtype },
          { shape: [...b, k], dtype: toRealDType(t.dtype) },
          { shape: [...b, 0], dtype: t.dtype },
        ]
      : [
          { shape: [...b, m, full ? m : k], dtype: t.dtype, col: true },
          { shape: [...b, k], dtype: toRealDType(t.dtype) },
          { shape: [...b, full ? n : k, n], dtype: t.dtype, col: true },
        ],
  );
}

function qr(c: OpCall, t: TensorValue, mode: string): TensorValue[] {
  matrix(t, 'linalg.qr');
  const [m, n] = t.shape.slice(-2) as [number, number];
  const k = Math.min(m, n);
  const b = batch(t);
  return solver(
    c,
    'linalg_qr',
    [t],
    [
      { shape: mode === 'r' ? [0] : [...b, m, mode === 'complete' ? m : k], dtype: t.dtype, col: mode !== 'r' },
      { shape: [...b, mode === 'complete' ? m : k, n], dtype: t.dtype, col: true },
    ],
  );
}

function solve(c: OpCall, a: TensorValue, b: TensorValue): TensorValue {
  square(a, 'linalg.solve');
  const n = a.shape[a.ndim - 1]!;
  const vector = b.ndim === 1 || (a.ndim - 1 === b.ndim && b.shape.every((d, i) => d === a.shape[i]));
  if (b.shape[b.ndim - (vector ? 1 : 2)] !== n)
    raise(
      'RuntimeError',
      `linalg.solve: Incompatible shapes of A and B for the equation AX = B (${n}x${n} and ${b.shape[b.ndim - 2] ?? b.shape[0]}x${b.shape[b.ndim - 1]})`,
    );
  const lead = broadcastShapes(batch(a), vector ? b.shape.slice(0, -1) : batch(b));
  const shape = vector ? [...lead, n] : [...lead, n, b.shape[b.ndim - 1]!];
  return solver(c, '_linalg_solve_ex', [a, b], [{ shape, dtype: a.dtype, col: !vector }])[0]!;
}

function diag(c: OpCall, t: TensorValue, offset: number): TensorValue {
  if (t.ndim !== 1 && t.ndim !== 2) raise('RuntimeError', `diag(): Supports 1D or 2D tensors. Got ${t.ndim}D`);
  return t.ndim === 1 ? diagEmbed(c, t, offset, 0, 1) : clone(c, diagonal(c, t, offset));
}

function diagEmbed(c: OpCall, t: TensorValue, offset: number, dim1: number, dim2: number): TensorValue {
  const rank = t.ndim + 1;
  const a = wrapDim(dim1, rank);
  const b = wrapDim(dim2, rank);
  if (a === b) raise('RuntimeError', `diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  const n = t.shape[t.ndim - 1]! + Math.abs(offset);
  const rest = t.shape.slice(0, -1);
  const shape = Array.from({ length: rank }, (_, i) => (i === a || i === b ? n : rest.shift()!));
  const out = c.make(shape, t.dtype, t.device);
  c.emit('diag_embed', [t], [out], { elementwise: 0, work: memoryWork('copy', 1, out.numel) });
  return out;
}

function cross(c: OpCall, x: TensorValue, y: TensorValue, dim: number): TensorValue {
  if (x.ndim !== y.ndim) raise('RuntimeError', `linalg.cross: inputs must have the same number of dimensions.`);
  const shape = broadcastShapes(x.shape, y.shape);
  const d = wrapDim(dim, shape.length);
  if (x.shape[d] !== 3 || y.shape[d] !== 3)
    raise(
      'RuntimeError',
      `linalg.cross: inputs dimension ${dim} must have length 3. Got ${x.shape[d]} and ${y.shape[d]}`,
    );
  const out = c.make(shape, c.resultType(x, y), x.device);
  c.emit('linalg_cross', [x, y], [out], { elementwise: 3 * out.numel, saved: [x, y] });
  return out;
}

function power(c: OpCall, t: TensorValue, n: number): TensorValue {
  square(t, 'linalg.matrix_power');
  if (n === 0) {
    // the identity, written over a copy
    const r = clone(c, t);
    r.values = null;
    return r;
  }
  if (n === 1) return clone(c, t);
  let result: TensorValue | null = null;
  let z = t;
  let k = Math.abs(n);
  if (n === 3) return matmul(c, matmul(c, t, t), t);
  while (k > 0) {
    if (k % 2 === 1) result = result === null ? z : matmul(c, result, z);
    k = Math.floor(k / 2);
    if (k > 0) z = matmul(c, z, z);
  }
  return result!;
}

function covariance(c: OpCall, t: TensorValue): TensorValue {
  if (t.ndim > 2)
    raise(
      'RuntimeError',
      `cov(): expected input to have two or fewer dimensions but got an input with ${t.ndim} dimensions`,
    );
  if (t.ndim < 2) {
    const out = c.make([], t.dtype, t.device);
    c.emit('var', [t], [out], { elementwise: 4 * t.numel, work: memoryWork('reduction', 1, t.numel), saved: [t] });
    return out;
  }
  const centred = sub(c, t, mean(c, t, [1], true));
  return mul(c, mm(c, centred, transpose(c, centred, 0, 1)), { value: 1, kind: 'float' });
}

const simple = (
  names: string,
  kernel: string,
  name: string,
  shapeOf: (t: TensorValue) => readonly number[],
  dtypeOf: (t: TensorValue) => DType = (t) => t.dtype,
  check: (t: TensorValue, n: string) => void = square,
  col = false,
): OperatorDeclaration =>
  op((c, a) => {
    check(a.input, name);
    return solver(c, kernel, [a.input], [{ shape: shapeOf(a.input), dtype: dtypeOf(a.input), col }])[0]!;
  }, `${names}(Tensor input, *, Tensor? out=None)`);

const same = (t: TensorValue): readonly number[] => t.shape;
const noMatrix = (t: TensorValue): readonly number[] => batch(t);
const vector = (t: TensorValue): readonly number[] => t.shape.slice(0, -1);

export const linalgOperators: OperatorDeclaration[] = [
  simple('torch.linalg.det, torch.det, Tensor.det', '_linalg_det', 'linalg.det', noMatrix),
  simple('torch.logdet, Tensor.logdet', '_linalg_slogdet', 'logdet', noMatrix),
  op((c, a) => {
    square(a.input, 'linalg.slogdet');
    const b = batch(a.input);
    return named(
      'linalg_slogdet',
      ['sign', 'logabsdet'],
      solver(
        c,
        '_linalg_slogdet',
        [a.input],
        [
          { shape: b, dtype: a.input.dtype },
          { shape: b, dtype: toRealDType(a.input.dtype) },
        ],
      ),
    );
  }, 'torch.linalg.slogdet, torch.slogdet, Tensor.slogdet(Tensor input)'),
  simple(
    'torch.linalg.inv, torch.inverse, Tensor.inverse',
    'linalg_inv_ex',
    'linalg.inv',
    same,
    undefined,
    square,
    true,
  ),
  simple(
    'torch.linalg.matrix_exp, torch.matrix_exp, Tensor.matrix_exp',
    'linalg_matrix_exp',
    'linalg.matrix_exp',
    same,
  ),
  simple('torch.linalg.eigvals', 'linalg_eigvals', 'linalg.eigvals', vector, (t) => toComplexDType(t.dtype)),
  op((c, a) => {
    square(a.input, 'linalg.eigh');
    return solver(c, '_linalg_eigh', [a.input], [{ shape: vector(a.input), dtype: toRealDType(a.input.dtype) }])[0]!;
  }, 'torch.linalg.eigvalsh(Tensor input, str UPLO="L", *, Tensor? out=None)'),
  op((c, a) => {
    square(a.input, 'linalg.eigh');
    return named(
      'linalg_eigh',
      ['eigenvalues', 'eigenvectors'],
      solver(
        c,
        '_linalg_eigh',
        [a.input],
        [
          { shape: vector(a.input), dtype: toRealDType(a.input.dtype) },
          { shape: a.input.shape, dtype: a.input.dtype, col: true },
        ],
      ),
    );
  }, 'torch.linalg.eigh(Tensor input, str UPLO="L", *, Any out=None)'),
  op((c, a) => {
    square(a.input, 'linalg.eig');
    const d = toComplexDType(a.input.dtype);
    return named(
      'linalg_eig',
      ['eigenvalues', 'eigenvectors'],
      solver(
        c,
        'linalg_eig',
        [a.input],
        [
          { shape: vector(a.input), dtype: d },
          { shape: a.input.shape, dtype: d, col: true },
        ],
      ),
    );
  }, 'torch.linalg.eig(Tensor input, *, Any out=None)'),
  op(
    (c, a) => named('linalg_svd', ['U', 'S', 'Vh'], svd(c, a.input, a.full_matrices)),
    'torch.linalg.svd(Tensor input, bool full_matrices=True, *, str? driver=None, Any out=None)',
  ),
  op((c, a) => {
    const [u, s, vh] = svd(c, a.input, !a.some) as [TensorValue, TensorValue, TensorValue];
    return named('svd', ['U', 'S', 'V'], [u, s, transpose(c, vh, -2, -1)]);
  }, 'torch.svd, Tensor.svd(Tensor input, bool some=True, bool compute_uv=True)'),
  op(
    (c, a) => svd(c, a.input, false, true)[1]!,
    'torch.linalg.svdvals(Tensor input, *, str? driver=None, Tensor? out=None)',
  ),
  op((c, a) => {
    matrix(a.input, 'svd_lowrank');
    const k = a.q ?? 6;
    const b = batch(a.input);
    const [m, n] = a.input.shape.slice(-2);
    return new PyTuple(
      solver(
        c,
        'svd_lowrank',
        [a.input],
        [
          { shape: [...b, m, k], dtype: a.input.dtype },
          { shape: [...b, k], dtype: a.input.dtype },
          { shape: [...b, n, k], dtype: a.input.dtype },
        ],
      ),
    );
  }, 'torch.svd_lowrank, torch.pca_lowrank(Tensor input, int? q=6, int~ niter=2)'),
  op(
    (c, a) => named('linalg_qr', ['Q', 'R'], qr(c, a.input, a.mode)),
    'torch.linalg.qr(Tensor input, str mode="reduced", *, Any out=None)',
  ),
  op(
    (c, a) => named('qr', ['Q', 'R'], qr(c, a.input, a.some ? 'reduced' : 'complete')),
    'torch.qr, Tensor.qr(Tensor input, bool some=True)',
  ),
  op((c, a) => {
    square(a.input, 'linalg.cholesky');
    return solver(c, 'linalg_cholesky_ex', [a.input], [{ shape: a.input.shape, dtype: a.input.dtype, col: true }])[0]!;
  }, 'torch.linalg.cholesky, torch.cholesky, Tensor.cholesky(Tensor input, *, bool upper=False, Tensor? out=None)'),
  op((c, a) => {
    matrix(a.input, 'linalg.pinv');
    const [m, n] = a.input.shape.slice(-2);
    return solver(c, 'linalg_pinv', [a.input], [{ shape: [...batch(a.input), n, m], dtype: a.input.dtype }])[0]!;
  }, 'torch.linalg.pinv, torch.pinverse, Tensor.pinverse(Tensor input, *, float?~ atol=None, float?~ rtol=None, bool hermitian=False)'),
  op((c, a) => {
    matrix(a.input, 'linalg.matrix_rank');
    return solver(c, '_linalg_svd', [a.input], [{ shape: batch(a.input), dtype: dtypes.int64 }], false)[0]!;
  }, 'torch.linalg.matrix_rank(Tensor input, float?~ tol=None, bool hermitian=False)'),
  op((c, a) => {
    matrix(a.input, 'linalg.cond');
    return solver(c, '_linalg_svd', [a.input], [{ shape: batch(a.input), dtype: toRealDType(a.input.dtype) }])[0]!;
  }, 'torch.linalg.cond(Tensor input, Any p=None)'),
  op((c, a) => solve(c, a.A, a.B), 'torch.linalg.solve(Tensor A, Tensor B, *, bool left=True, Tensor? out=None)'),
  op((c, a) => {
    square(a.A, 'linalg.solve_triangular');
    return solver(
      c,
      'linalg_solve_triangular',
      [a.A, a.B],
      [{ shape: [...broadcastShapes(batch(a.A), batch(a.B)), ...a.B.shape.slice(-2)], dtype: a.B.dtype, col: true }],
    )[0]!;
  }, 'torch.linalg.solve_triangular(Tensor A, Tensor B, *, bool upper, bool left=True, bool unitriangular=False)'),
  op((c, a) => {
    square(a.A, 'triangular_solve');
    return named(
      'triangular_solve',
      ['solution', 'cloned_coefficient'],
      solver(
        c,
        'triangular_solve',
        [a.b, a.A],
        [
          { shape: a.b.shape, dtype: a.b.dtype, col: true },
          { shape: a.A.shape, dtype: a.A.dtype, col: true },
        ],
      ),
    );
  }, 'torch.triangular_solve, Tensor.triangular_solve(Tensor b, Tensor A, bool upper=True, bool transpose=False, bool unitriangular=False)'),
  op(
    (c, a) =>
      solver(
        c,
        'cholesky_solve',
        [a.L, a.B],
        [{ shape: [...broadcastShapes(batch(a.L), batch(a.B)), ...a.B.shape.slice(-2)], dtype: a.B.dtype }],
      )[0]!,
    'torch.cholesky_solve(Tensor B, Tensor L, bool upper=False)',
    'Tensor.cholesky_solve(Tensor B, Tensor L, bool upper=False)',
  ),
  simple('torch.cholesky_inverse, Tensor.cholesky_inverse', 'cholesky_inverse', 'cholesky_inverse', same),
  op((c, a) => {
    const b: number[] = batch(a.A);
    const n = a.A.shape[a.A.ndim - 1];
    return named(
      'linalg_lstsq',
      ['solution', 'residuals', 'rank', 'singular_values'],
      solver(
        c,
        'linalg_lstsq',
        [a.A, a.B],
        [
          { shape: [...b, n, a.B.shape[a.B.ndim - 1]], dtype: a.A.dtype },
          { shape: [0], dtype: a.A.dtype },
          { shape: b, dtype: dtypes.int64 },
          { shape: [0], dtype: a.A.dtype },
        ],
      ),
    );
  }, 'torch.linalg.lstsq(Tensor A, Tensor B, float?~ rcond=None, *, str? driver=None)'),
  op((c, a) => {
    matrix(a.input, 'linalg.lu');
    const [m, n] = a.input.shape.slice(-2);
    const k = Math.min(m, n);
    const b = batch(a.input);
    return named(
      'linalg_lu',
      ['P', 'L', 'U'],
      solver(
        c,
        'linalg_lu',
        [a.input],
        [
          { shape: [...b, m, m], dtype: a.input.dtype },
          { shape: [...b, m, k], dtype: a.input.dtype },
          { shape: [...b, k, n], dtype: a.input.dtype },
        ],
      ),
    );
  }, 'torch.linalg.lu(Tensor input, *, bool pivot=True)'),
  op((c, a) => {
    matrix(a.input, 'linalg.lu_factor');
    const [m, n] = a.input.shape.slice(-2);
    return named(
      'linalg_lu_factor',
      ['LU', 'pivots'],
      solver(
        c,
        'linalg_lu_factor_ex',
        [a.input],
        [
          { shape: a.input.shape, dtype: a.input.dtype, col: true },
          { shape: [...batch(a.input), Math.min(m, n)], dtype: dtypes.int32 },
        ],
      ),
    );
  }, 'torch.linalg.lu_factor, torch.lu(Tensor input, *, bool pivot=True)'),
  op(
    (c, a) => power(c, a.input, a.n),
    'torch.linalg.matrix_power, torch.matrix_power, Tensor.matrix_power(Tensor input, int n)',
  ),
  op(
    (c, a) => cross(c, a.input, a.other, a.dim),
    'torch.linalg.cross(Tensor input, Tensor other, *, int dim=-1, Tensor? out=None)',
  ),
  op(
    (c, a) => cross(c, a.input, a.other, a.dim ?? Math.max(0, a.input.shape.indexOf(3))),
    'torch.cross, Tensor.cross(Tensor input, Tensor other, int? dim=None, *, Tensor? out=None)',
  ),
  op((c, a) => {
    const shape = broadcastShapes(a.x.shape, a.y.shape);
    const d = wrapDim(a.dim, shape.length);
    const out = c.make(
      shape.filter((_, i) => i !== d),
      c.resultType(a.x, a.y),
      a.x.device,
    );
    c.emit('linalg_vecdot', [a.x, a.y], [out], { elementwise: 2 * numelOf(shape), saved: [a.x, a.y] });
    return out;
  }, 'torch.linalg.vecdot(Tensor x, Tensor y, *, int dim=-1, Tensor? out=None)'),
  op(
    (c, a) => diag(c, a.input, a.diagonal),
    'torch.diag, Tensor.diag(Tensor input, int diagonal=0, *, Tensor? out=None)',
  ),
  op(
    (c, a) => diagEmbed(c, a.input, a.offset, a.dim1, a.dim2),
    'torch.diag_embed, Tensor.diag_embed(Tensor input, int offset=0, int dim1=-2, int dim2=-1)',
  ),
  op(
    (c, a) =>
      diagEmbed(c, a.input.ndim === 1 ? a.input : c.view('view', a.input, [a.input.numel], [1]), a.offset, -2, -1),
    'torch.diagflat, Tensor.diagflat(Tensor input, int offset=0)',
  ),
  op(
    (c, a) => covariance(c, a.input),
    'torch.cov, torch.corrcoef, Tensor.cov, Tensor.corrcoef(Tensor input, *, int~ correction=1)',
  ),
];
