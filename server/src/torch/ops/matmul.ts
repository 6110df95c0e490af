/**
 * Matrix products as ATen composes them: mm, bmm, addmm, baddbmm, mv, dot; matmul, linear and their kin are built
 * on these exactly as below autograd, so kernels, copies and counts agree.
 */
import { raise } from '../../python/errors.js';
import { dtypes } from '../dtype.js';
import type { Work } from '../kernel.js';
import { memoryWork, type OpCall } from '../opcall.js';
import type { Bound } from '../operator.js';
import { scalarTypeName, shapeText } from '../promote.js';
import { broadcastShapes, isContiguous } from '../strides.js';
import { numelOf, type TensorValue } from '../tensor.js';
import { clone } from './copy.js';
import { add } from './pointwise.js';
import { expand, permute, reshape, t2, transpose, unsqueeze, view } from './views.js';

export const gemm = (batch: number, m: number, n: number, k: number): Work => ({ kind: 'gemm', batch, m, n, k });

export function sameDType(a: TensorValue, b: TensorValue, what = 'mat1 and mat2'): void {
  if (a.dtype === b.dtype) return;
  raise('RuntimeError', `expected ${what} to have the same dtype, but got: ${cppType(a)} != ${cppType(b)}`);
}

function cppType(t: TensorValue): string {
  const names: Record<string, string> = {
    float32: 'float',
    float64: 'double',
    float16: 'c10::Half',
    bfloat16: 'c10::BFloat16',
    int64: 'long int',
    int32: 'int',
    int16: 'short',
    int8: 'signed char',
    uint8: 'unsigned char',
    bool: 'bool',
    complex64: 'c10::complex<float>',
    complex128: 'c10::complex<double>',
  };
  return names[t.dtype.name] ?? t.dtype.name;
}

export const differs = (a: number, b: number): boolean => a !== b && !Number.isNaN(a) && !Number.isNaN(b);

function noBool(name: string, t: TensorValue): void {
  if (t.dtype === dtypes.bool) raise('RuntimeError', `"${name}" not implemented for 'Bool'`);
}

/** Backward of a product: one product of the same size per operand that needs a gradient. */
function productBackward(
  c: OpCall,
  flops: number,
  a: TensorValue,
  b: TensorValue,
  bias: TensorValue | null,
): { saved: TensorValue[]; backwardFlops: number; backwardKernels: number } {
  const ga = c.needsGrad(a);
  const gb = c.needsGrad(b);
  return {
    saved: [...(gb ? [a] : []), ...(ga ? [b] : [])],
    backwardFlops: flops * (Number(ga) + Number(gb)),
    backwardKernels: Number(ga) + Number(gb) + (bias !== null && c.needsGrad(bias) ? 1 : 0),
  };
}

export function mm(c: OpCall, a: TensorValue, b: TensorValue, out: TensorValue | null = null): TensorValue {
  if (a.ndim !== 2) raise('RuntimeError', 'self must be a matrix');
  if (b.ndim !== 2) raise('RuntimeError', 'mat2 must be a matrix');
  if (differs(a.shape[1]!, b.shape[0]!))
    raise(
      'RuntimeError',
      `mat1 and mat2 shapes cannot be multiplied (${a.shape[0]}x${a.shape[1]} and ${b.shape[0]}x${b.shape[1]})`,
    );
  sameDType(a, b, 'm1 and m2');
  noBool('addmm_impl_cpu_', a);
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1]!;
  const r = c.make([m, n], a.dtype, c.commonDevice([a, b]), mmValues(a, b));
  const flops = 2 * m * k * n;
  c.emit('mm', [a, b, out], [r], {
    flops,
    elementwise: 0,
    work: gemm(1, m, n, k),
    ...productBackward(c, flops, a, b, null),
  });
  return c.intoOut(r, out);
}

function mmValues(a: TensorValue, b: TensorValue): number[] | null {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1]!;
  if (!(m * n * k <= 65536)) return null;
  const x = a.values;
  if (x === null) return null;
  const y = b.values;
  if (y === null) return null;
  const out = new Array<number>(m * n).fill(0);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) for (let l = 0; l < k; l++) out[i * n + j]! += x[i * k + l]! * y[l * n + j]!;
  return a.dtype === dtypes.float32 ? out.map(Math.fround) : out;
}

export function addmm(
  c: OpCall,
  bias: TensorValue,
  a: TensorValue,
  b: TensorValue,
  self: TensorValue | null = null,
): TensorValue {
  if (a.ndim !== 2) raise('RuntimeError', `mat1 must be a matrix, got ${a.ndim}-D tensor`);
  if (b.ndim !== 2) raise('RuntimeError', `mat2 must be a matrix, got ${b.ndim}-D tensor`);
  if (differs(a.shape[1]!, b.shape[0]!))
    raise(
      'RuntimeError',
      `mat1 and mat2 shapes cannot be multiplied (${a.shape[0]}x${a.shape[1]} and ${b.shape[0]}x${b.shape[1]})`,
    );
  sameDType(a, b);
  if (bias.dtype !== a.dtype)
    raise(
      'RuntimeError',
      `self and mat2 must have the same dtype, but got ${scalarTypeName(bias.dtype)} and ${scalarTypeName(b.dtype)}`,
    );
  noBool('addmm_impl_cpu_', a);
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1]!;
  checkExpands(bias, [m, n]);
  const flops = 2 * m * k * n;
  const options = { flops, elementwise: m * n, work: gemm(1, m, n, k), ...productBackward(c, flops, a, b, bias) };
  if (self !== null) {
    if (self.ndim !== 2 || self.shape[0] !== m || self.shape[1] !== n)
      raise(
        'RuntimeError',
        `Bad in-place call: input tensor size ${shapeText(self.shape)} and output tensor size ${shapeText([m, n])} should match`,
      );
    return c.inplace('addmm_', self, [a, b], null, options);
  }
  const r = c.make([m, n], a.dtype, c.commonDevice([bias, a, b]));
  c.emit('addmm', [bias, a, b], [r], options);
  return r;
}

/** `input` of addmm and kin must expand to the product's shape. */
export function checkExpands(bias: TensorValue, shape: readonly number[]): void {
  const off = shape.length - bias.ndim;
  const bad = off < 0 || bias.shape.some((d, i) => d !== 1 && differs(d, shape[i + off]!));
  if (bad) {
    const i = bias.shape.findIndex((d, j) => d !== 1 && differs(d, shape[j + off]!));
    raise(
      'RuntimeError',
      `The expanded size of the tensor (${shape[i + off] ?? '?'}) must match the existing size (${bias.shape[i] ?? '?'}) at non-singleton dimension ${i + off}.  Target sizes: ${shapeText(shape)}.  Tensor sizes: ${shapeText(bias.shape)}`,
    );
  }
}

export function checkBatches(a: TensorValue, b: TensorValue): void {
  if (a.ndim !== 3) raise('RuntimeError', 'batch1 must be a 3D tensor');
  if (b.ndim !== 3) raise('RuntimeError', 'batch2 must be a 3D tensor');
  if (differs(a.shape[0]!, b.shape[0]!) || differs(a.shape[2]!, b.shape[1]!)) {
    raise(
      'RuntimeError',
      `Expected size for first two dimensions of batch2 tensor to be: [${a.shape[0]}, ${a.shape[2]}] but got: [${b.shape[0]}, ${b.shape[1]}]. (batch1 ${shapeText(a.shape)}, batch2 ${shapeText(b.shape)})`,
    );
  }
}

export function bmm(c: OpCall, a: TensorValue, b: TensorValue, out: TensorValue | null = null): TensorValue {
  checkBatches(a, b);
  sameDType(a, b, 'scalar type of both batches');
  noBool('bmm', a);
  const [p, m, k] = a.shape as [number, number, number];
  const n = b.shape[2]!;
  const r = c.make([p, m, n], a.dtype, c.commonDevice([a, b]));
  const flops = 2 * p * m * k * n;
  c.emit('bmm', [a, b, out], [r], {
    flops,
    elementwise: 0,
    work: gemm(p, m, n, k),
    ...productBackward(c, flops, a, b, null),
  });
  return c.intoOut(r, out);
}

export function baddbmm(
  c: OpCall,
  bias: TensorValue,
  a: TensorValue,
  b: TensorValue,
  self: TensorValue | null = null,
): TensorValue {
  checkBatches(a, b);
  sameDType(a, b);
  if (bias.dtype !== a.dtype)
    raise(
      'RuntimeError',
      `Input dtypes must be the same, got: input ${cppType(bias)}, batch1: ${cppType(a)}, batch2: ${cppType(b)}`,
    );
  noBool('baddbmm', a);
  const [p, m, k] = a.shape as [number, number, number];
  const n = b.shape[2]!;
  checkExpands(bias, [p, m, n]);
  const flops = 2 * p * m * k * n;
  const options = { flops, elementwise: p * m * n, work: gemm(p, m, n, k), ...productBackward(c, flops, a, b, bias) };
  if (self !== null) return c.inplace('baddbmm_', self, [a, b], null, options);
  const r = c.make([p, m, n], a.dtype, c.commonDevice([bias, a, b]));
  c.emit('baddbmm', [bias, a, b], [r], options);
  return r;
}

export function mv(c: OpCall, a: TensorValue, v: TensorValue): TensorValue {
  if (a.ndim !== 2 || v.ndim !== 1)
    raise('RuntimeError', `vector + matrix @ vector expected, got 1, ${a.ndim}, ${v.ndim}`);
  if (differs(a.shape[1]!, v.shape[0]!))
    raise(
      'RuntimeError',
      `size mismatch, got input (${a.shape[0]}), mat (${a.shape[0]}x${a.shape[1]}), vec (${v.shape[0]})`,
    );
  if (a.dtype !== v.dtype)
    raise(
      'RuntimeError',
      `expected mat and vec to have the same dtype, but got mat of dtype ${cppType(a)} and vec of dtype ${cppType(v)}`,
    );
  noBool('addmv_impl_cpu', a);
  const r = c.make([a.shape[0]!], a.dtype, c.commonDevice([a, v]));
  c.emit('mv', [a, v], [r], { elementwise: 2 * a.numel, work: gemm(1, a.shape[0]!, 1, a.shape[1]!), saved: [a, v] });
  return r;
}

export function dot(c: OpCall, a: TensorValue, b: TensorValue, name = 'dot'): TensorValue {
  if (a.ndim !== 1 || b.ndim !== 1)
    raise('RuntimeError', `1D tensors expected, but got ${a.ndim}D and ${b.ndim}D tensors`);
  if (a.dtype !== b.dtype)
    raise(
      'RuntimeError',
      `dot : expected both vectors to have same dtype, but found ${scalarTypeName(a.dtype)} and ${scalarTypeName(b.dtype)}`,
    );
  if (differs(a.shape[0]!, b.shape[0]!))
    raise(
      'RuntimeError',
      `inconsistent tensor size, expected tensor ${shapeText(a.shape)} and src ${shapeText(b.shape)} to have the same number of elements, but got ${a.shape[0]} and ${b.shape[0]} elements respectively`,
    );
  noBool('dot', a);
  const r = c.make([], a.dtype, c.commonDevice([a, b]));
  c.emit(name, [a, b], [r], { elementwise: 2 * a.numel, work: memoryWork('reduction', 1, a.numel), saved: [a, b] });
  return r;
}

function squeezed(c: OpCall, t: TensorValue, dim: number): TensorValue {
  const at = dim < 0 ? dim + t.ndim : dim;
  return c.view(
    'squeeze',
    t,
    t.shape.filter((_, i) => i !== at),
    t.strides.filter((_, i) => i !== at),
  );
}

/** Whether the batch dims of the larger operand are folded into the rows of one product. */
function shouldFold(c: OpCall, a: TensorValue, b: TensorValue): boolean {
  const larger = a.ndim >= b.ndim;
  if (c.since(2)) {
    const [t1, t2_] = larger ? [a, b] : [b, a];
    if (!(t1.ndim >= 3 && t2_.ndim <= 2)) return false;
    if (t2_.requiresGrad) return true;
    if (a.ndim === 2) return false;
    if (t1.numel === 0) return true;
    const strides = larger ? t1.strides : swapLast(t1.strides);
    const shape = larger ? t1.shape : swapLast(t1.shape);
    for (let i = 0; i < shape.length - 2; i++) if (differs(strides[i]!, strides[i + 1]! * shape[i + 1]!)) return false;
    return true;
  }
  const t1 = larger ? a : b;
  const n2 = larger ? b.ndim : a.ndim;
  if (!(t1.ndim >= 3 && (n2 === 1 || n2 === 2))) return false;
  return !(t1.ndim === 3 && n2 === 2 && t1.strides[2] !== 1 && t1.strides[0] === t1.shape[1]! * t1.shape[2]!);
}

const swapLast = (xs: readonly number[]): number[] => [...xs.slice(0, -2), xs[xs.length - 1]!, xs[xs.length - 2]!];

export function matmul(c: OpCall, x: TensorValue, y: TensorValue, out: TensorValue | null = null): TensorValue {
  const [a, b] = c.lower(x, y);
  const r = c.withoutAutocast(() => matmulParts(c, a, b));
  return c.intoOut(r, out);
}

function matmulParts(c: OpCall, a: TensorValue, b: TensorValue): TensorValue {
  const n1 = a.ndim;
  const n2 = b.ndim;
  if (n1 === 0 || n2 === 0)
    raise('RuntimeError', `both arguments to matmul need to be at least 1D, but they are ${n1}D and ${n2}D`);
  if (n1 === 1 && n2 === 1) return dot(c, a, b);
  if (n1 === 2 && n2 === 1) return mv(c, a, b);
  if (n1 === 1 && n2 === 2) {
    const row = mm(c, unsqueeze(c, a, 0), b);
    const flat = squeezed(c, row, 0);
    // squeeze_ writes its own metadata: counted as an operator, though no data moves
    c.emit('squeeze_', [row], [row], { elementwise: 0, work: memoryWork('copy', 1, 0), differentiable: false });
    return flat;
  }
  if (n1 === 2 && n2 === 2) return mm(c, a, b);
  checkMatmul(a, b);
  if (c.since(2, 3) && n1 === 3 && n2 === 3 && !c.needsGrad(a) && !c.needsGrad(b)) {
    if (a.shape[0] !== 1 && b.shape[0] === 1) return matmulParts(c, a, squeezed(c, b, 0));
    if (a.shape[0] === 1 && b.shape[0] !== 1) return matmulParts(c, squeezed(c, a, 0), b);
  }
  if (shouldFold(c, a, b)) return folded(c, a, b);
  return batched(c, a, b);
}

function checkMatmul(a: TensorValue, b: TensorValue): void {
  const k1 = a.shape[a.ndim - 1]!;
  const k2 = b.ndim === 1 ? b.shape[0]! : b.shape[b.ndim - 2]!;
  if (differs(k1, k2)) {
    raise(
      'RuntimeError',
      `mat1 and mat2 shapes cannot be multiplied (${shapeText(a.shape)} and ${shapeText(b.shape)})`,
    );
  }
}

function folded(c: OpCall, a: TensorValue, b: TensorValue): TensorValue {
  const larger = a.ndim >= b.ndim;
  const t1 = larger ? a : transpose(c, b, -2, -1);
  const other = larger ? b : a.ndim === 2 ? t2(c, a) : a;
  const rows = reshape(c, t1, [numelOf(t1.shape.slice(0, -1)), t1.shape[t1.ndim - 1]!]);
  const lead = t1.shape.slice(0, -1);
  if (other.ndim === 1) return c.view('_unsafe_view', mv(c, rows, other), lead, contiguousOf(lead));
  const product = mm(c, rows, other);
  const shape = [...lead, other.shape[1]!];
  const r = c.view('_unsafe_view', product, shape, contiguousOf(shape));
  if (larger) return r;
  const back = transpose(c, r, -2, -1);
  return c.since(2) ? back : clone(c, back, 'contiguous_format');
}

function contiguousOf(shape: readonly number[]): number[] {
  const out = new Array<number>(shape.length);
  let s = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    out[i] = s;
    s *= Math.max(shape[i]!, 1);
  }
  return out;
}

function batched(c: OpCall, a: TensorValue, b: TensorValue): TensorValue {
  const n = a.ndim > 1 ? a.shape[a.ndim - 2]! : 1;
  const m1 = a.shape[a.ndim - 1]!;
  const m2 = b.ndim > 1 ? b.shape[b.ndim - 2]! : b.shape[b.ndim - 1]!;
  const p = b.ndim > 1 ? b.shape[b.ndim - 1]! : 1;
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, Math.max(0, b.ndim - 2)));
  const q = numelOf(batch);
  const left = reshape(c, expand(c, a.ndim === 1 ? unsqueeze(c, a, 0) : a, [...batch, n, m1]), [q, n, m1]);
  const right = reshape(c, expand(c, b.ndim === 1 ? unsqueeze(c, b, 1) : b, [...batch, m2, p]), [q, m2, p]);
  const shape = [...batch];
  if (a.ndim > 1) shape.push(n);
  if (b.ndim > 1) shape.push(p);
  const product = bmm(c, left, right);
  return c.view('_unsafe_view', product, shape, contiguousOf(shape));
}

export function linear(c: OpCall, input: TensorValue, weight: TensorValue, bias: TensorValue | null): TensorValue {
  const [x, w, b] = c.lower(input, weight, bias) as [TensorValue, TensorValue, TensorValue | null];
  return c.withoutAutocast(() => linearParts(c, x, w, b));
}

function linearParts(c: OpCall, x: TensorValue, w: TensorValue, b: TensorValue | null): TensorValue {
  if (w.ndim > 2 || w.ndim === 0)
    raise('RuntimeError', `t() expects a tensor with <= 2 dimensions, but self is ${w.ndim}D`);
  if (x.ndim === 0)
    raise('RuntimeError', `both arguments to linear need to be at least 1D, but they are 0D and ${w.ndim}D`);
  if (x.ndim === 2 && b !== null && w.ndim === 2) return addmm(c, b, x, t2(c, w));
  const flattens = c.since(2, 2)
    ? x.ndim !== 2 && isContiguous(x.shape, x.strides)
    : x.ndim === 3 && isContiguous(x.shape, x.strides);
  if (b !== null && w.ndim === 2 && flattens && b.ndim === 1) {
    if (differs(x.shape[x.ndim - 1]!, w.shape[1]!)) {
      const rows = numelOf(x.shape.slice(0, -1));
      raise(
        'RuntimeError',
        `mat1 and mat2 shapes cannot be multiplied (${rows}x${x.shape[x.ndim - 1]} and ${w.shape[1]}x${w.shape[0]})`,
      );
    }
    const rows = view(c, x, [numelOf(x.shape.slice(0, -1)), x.shape[x.ndim - 1]!]);
    const r = addmm(c, b, rows, t2(c, w));
    return view(c, r, [...x.shape.slice(0, -1), w.shape[0]!]);
  }
  const r = matmulParts(c, x, t2(c, w));
  return b === null ? r : add(c, r, b);
}

export function scaledBias(c: OpCall, a: Bound, run: (bias: TensorValue) => TensorValue): TensorValue {
  // beta and alpha are arguments of the kernel: no extra device work
  void c;
  return run(a.input);
}

export const alphaBeta = '*, Scalar beta=1, Scalar alpha=1, Tensor? out=None';

/** Contracts with the cheapest order of association. */
export function multiDot(c: OpCall, tensors: TensorValue[]): TensorValue {
  if (tensors.length < 2) raise('RuntimeError', `multi_dot(): expected at least 2 tensors but got ${tensors.length}`);
  const first = tensors[0]!.ndim === 1 ? unsqueeze(c, tensors[0]!, 0) : tensors[0]!;
  const lastIs1 = tensors[tensors.length - 1]!.ndim === 1;
  const ts = [
    first,
    ...tensors.slice(1, -1),
    lastIs1 ? unsqueeze(c, tensors[tensors.length - 1]!, -1) : tensors[tensors.length - 1]!,
  ];
  const n = ts.length;
  const cost: number[][] = ts.map(() => new Array<number>(n).fill(0));
  const cut: number[][] = ts.map(() => new Array<number>(n).fill(0));
  for (let len = 1; len < n; len++) {
    for (let i = 0; i + len < n; i++) {
      const j = i + len;
      cost[i]![j] = Number.POSITIVE_INFINITY;
      for (let k = i; k < j; k++) {
        const x = cost[i]![k]! + cost[k + 1]![j]! + ts[i]!.shape[0]! * ts[k]!.shape[1]! * ts[j]!.shape[1]!;
        if (x < cost[i]![j]!) {
          cost[i]![j] = x;
          cut[i]![j] = k;
        }
      }
    }
  }
  const go = (i: number, j: number): TensorValue =>
    i === j ? ts[i]! : mm(c, go(i, cut[i]![j]!), go(cut[i]![j]! + 1, j));
  let r = go(0, n - 1);
  if (tensors[0]!.ndim === 1) r = squeezed(c, r, 0);
  if (lastIs1) r = squeezed(c, r, -1);
  return r;
}

export function tensordot(
  c: OpCall,
  a: TensorValue,
  b: TensorValue,
  d1: readonly number[],
  d2: readonly number[],
): TensorValue {
  if (d1.length !== d2.length) raise('RuntimeError', 'both dimension lists should have same length');
  const x = d1.map((d) => (d < 0 ? d + a.ndim : d));
  const y = d2.map((d) => (d < 0 ? d + b.ndim : d));
  x.forEach((d, i) => {
    if (differs(a.shape[d]!, b.shape[y[i]!]!))
      raise(
        'RuntimeError',
        `contracted dimensions need to match, but first has size ${a.shape[d]} in dim ${d} and second has size ${b.shape[y[i]!]} in dim ${y[i]}`,
      );
  });
  const restA = a.shape.map((_, i) => i).filter((i) => !x.includes(i));
  const restB = b.shape.map((_, i) => i).filter((i) => !y.includes(i));
  const k = numelOf(x.map((d) => a.shape[d]!));
  if (c.since(2) && numelOf(restA.map((i) => a.shape[i]!)) === 1 && numelOf(restB.map((i) => b.shape[i]!)) === 1) {
    // a single number: one dot product
    const p = reshape(c, permute(c, a, [...restA, ...x]), [k]);
    const q = reshape(c, permute(c, b, [...y, ...restB]), [k]);
    return view(c, dot(c, p, q), [...restA.map(() => 1), ...restB.map(() => 1)]);
  }
  const left = reshape(c, permute(c, a, [...restA, ...x]), [numelOf(restA.map((i) => a.shape[i]!)), k]);
  const right = reshape(c, permute(c, b, [...y, ...restB]), [k, numelOf(restB.map((i) => b.shape[i]!))]);
  const r = mm(c, left, right);
  return reshape(c, r, [...restA.map((i) => a.shape[i]!), ...restB.map((i) => b.shape[i]!)]);
}

export function addmv(c: OpCall, a: Bound): TensorValue {
  const { mat, vec } = a as { mat: TensorValue; vec: TensorValue };
  if (mat.ndim !== 2 || vec.ndim !== 1)
    raise('RuntimeError', `vector + matrix @ vector expected, got ${a.input.ndim}, ${mat.ndim}, ${vec.ndim}`);
  if (differs(mat.shape[1]!, vec.shape[0]!))
    raise(
      'RuntimeError',
      `size mismatch, got input (${a.input.shape[0]}), mat (${mat.shape[0]}x${mat.shape[1]}), vec (${vec.shape[0]})`,
    );
  checkExpands(a.input, [mat.shape[0]!]);
  const r = c.make([mat.shape[0]!], mat.dtype, c.commonDevice([mat, vec]));
  c.emit('addmv', [a.input, mat, vec], [r], {
    elementwise: 2 * mat.numel,
    work: gemm(1, mat.shape[0]!, 1, mat.shape[1]!),
    saved: [mat, vec],
  });
  return r;
}
