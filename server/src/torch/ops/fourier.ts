/** Fourier transforms: torch.fft.*, stft and istft. */
import { raise } from '../../python/errors.js';
import type { Value } from '../../python/values.js';
import { type DType, dtypes } from '../dtype.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type Bound, type OperatorDeclaration, op } from '../operator.js';
import { isComplex, isIntegral, scalarTypeName, shapeText, toComplexDType, toRealDType } from '../promote.js';
import { wrapDim, wrapDims } from '../strides.js';
import { contiguousStrides, type TensorValue } from '../tensor.js';
import { to } from './copy.js';
import { floatScalar } from './elementwise.js';
import { factory } from './factories.js';
import { roll } from './join.js';
import { div, mul } from './pointwise.js';
import { asStrided, squeeze, transpose, unsqueeze } from './views.js';
import { pad } from './vision.js';

type Kind = 'c2c' | 'r2c' | 'c2r';

/** The input a transform works on: integers become the default dtype, reals complex where needed. */
function promoted(c: OpCall, t: TensorValue, complex: boolean): TensorValue {
  let d: DType = isIntegral(t.dtype) ? c.state.defaultDtype : t.dtype;
  if (d === dtypes.bfloat16 || (d === dtypes.float16 && !t.device.startsWith('cuda')))
    raise('RuntimeError', `Unsupported dtype ${scalarTypeName(d)}`);
  if (complex) d = toComplexDType(d);
  return d === t.dtype ? t : to(c, t, d, null);
}

/** Cut or zero-padded along dims to the wanted lengths, as resize_fft_input does. */
function resized(c: OpCall, t: TensorValue, dims: readonly number[], sizes: readonly number[]): TensorValue {
  let x = t;
  const amounts = new Array<number>(2 * t.ndim).fill(0);
  let grows = false;
  dims.forEach((d, i) => {
    const want = sizes[i]!;
    const have = x.shape[d]!;
    if (want < have)
      x = c.view(
        'slice',
        x,
        x.shape.map((s, k) => (k === d ? want : s)),
        x.strides,
      );
    else if (want > have) {
      amounts[2 * (t.ndim - 1 - d) + 1] = want - have;
      grows = true;
    }
  });
  return grows ? pad(c, x, amounts, 'constant', 0) : x;
}

function transform(
  c: OpCall,
  kind: Kind,
  t: TensorValue,
  dims: readonly number[],
  outLast: number | null,
  dtype: DType,
): TensorValue {
  const last = dims[dims.length - 1]!;
  const shape = t.shape.map((d, i) => (i === last && outLast !== null ? outLast : d));
  const out = c.make(shape, dtype, t.device, null, contiguousStrides(shape));
  let n = 1;
  for (const d of dims) n *= kind === 'c2r' && d === last ? outLast! : t.shape[d]!;
  c.emit(`_fft_${kind}`, [t], [out], {
    elementwise: 5 * Math.max(t.numel, out.numel) * Math.log2(Math.max(2, n)),
    work: memoryWork('fft', Math.max(t.numel, out.numel) / n, n),
  });
  return out;
}

function one(c: OpCall, kind: Kind, input: TensorValue, n: number | null, dim: number, forceReal = false): TensorValue {
  if (input.ndim === 0 && !c.since(2, 0)) raise('IndexError', 'Dimension specified as -1 but tensor has no dimensions');
  if (kind === 'r2c' && isComplex(input.dtype))
    raise('RuntimeError', `rfft expects a real input tensor, but got ${scalarTypeName(input.dtype)}`);
  void forceReal;
  const t = promoted(c, input, kind !== 'r2c');
  const d = wrapDim(dim, t.ndim, false);
  const size = n ?? (kind === 'c2r' ? 2 * (t.shape[d]! - 1) : t.shape[d]!);
  if (size < 1) raise('RuntimeError', `Invalid number of data points (${size}) specified`);
  const x = resized(c, t, [d], [kind === 'c2r' ? Math.floor(size / 2) + 1 : size]);
  if (kind === 'c2c') return transform(c, kind, x, [d], null, t.dtype);
  if (kind === 'r2c') return transform(c, kind, x, [d], Math.floor(size / 2) + 1, toComplexDType(t.dtype));
  return transform(c, kind, x, [d], size, toRealDType(t.dtype));
}

/** A real input to fft goes through the half transform and is completed: one `_fft_r2c`. */
function fft(c: OpCall, a: Bound): TensorValue {
  const t: TensorValue = a.input;
  if (isComplex(t.dtype)) return one(c, 'c2c', t, a.n, a.dim);
  const x = promoted(c, t, false);
  const d = wrapDim(a.dim, x.ndim, false);
  const size = a.n ?? x.shape[d];
  if (size < 1) raise('RuntimeError', `Invalid number of data points (${size}) specified`);
  return transform(c, 'r2c', resized(c, x, [d], [size]), [d], null, toComplexDType(x.dtype));
}

function many(c: OpCall, kind: Kind, a: Bound, fallback: number[] | null): TensorValue {
  const input: TensorValue = a.input;
  if (kind === 'r2c' && isComplex(input.dtype))
    raise('RuntimeError', `rfftn expects a real-valued input tensor, but got ${scalarTypeName(input.dtype)}`);
  const t = promoted(c, input, kind !== 'r2c');
  const given: number[] | null = a.dim ?? fallback;
  const dims =
    given === null
      ? a.s === null
        ? t.shape.map((_, i) => i)
        : t.shape.map((_, i) => i).slice(-a.s.length)
      : wrapDims(given, t.ndim);
  if (dims.length === 0 && kind !== 'c2c') raise('RuntimeError', `${c.name}() must transform at least one axis`);
  const sizes = dims.map((d, i) => {
    const s = a.s === null || a.s[i] === -1 ? null : (a.s[i] as number);
    if (s !== null) return s;
    return kind === 'c2r' && i === dims.length - 1 ? 2 * (t.shape[d]! - 1) : t.shape[d]!;
  });
  if (sizes.some((s) => s < 1)) raise('RuntimeError', `Invalid number of data points (${shapeText(sizes)}) specified`);
  const lastSize = sizes[sizes.length - 1]!;
  const inner = kind === 'c2r' ? [...sizes.slice(0, -1), Math.floor(lastSize / 2) + 1] : sizes;
  const x = resized(c, t, dims, inner);
  if (dims.length === 0) return x;
  if (kind === 'c2c') return transform(c, 'c2c', x, dims, null, t.dtype);
  if (kind === 'r2c') return transform(c, 'r2c', x, dims, Math.floor(lastSize / 2) + 1, toComplexDType(t.dtype));
  return transform(c, 'c2r', x, dims, lastSize, toRealDType(t.dtype));
}

/** Frames of the signal, windowed, then one half transform. */
function stft(c: OpCall, a: Bound): Value {
  let t: TensorValue = a.input;
  if (t.ndim < 1 || t.ndim > 2)
    raise('RuntimeError', `stft(${t.dtype.name}${shapeText(t.shape)}): expected a 1D or 2D tensor`);
  // real numbers no longer become complex ones unless they are asked for
  const isComplexGiven = isComplex(t.dtype) || (a.window !== null && isComplex(a.window.dtype));
  if (a.return_complex === null && !isComplexGiven && c.since(2))
    raise(
      'RuntimeError',
      'stft requires the return_complex parameter be given for real inputs, and will further require that return_complex=True in a future PyTorch release.',
    );
  const n = a.n_fft;
  const hop = a.hop_length ?? Math.floor(n / 4);
  const winLength = a.win_length ?? n;
  const single = t.ndim === 1;
  if (a.center) {
    const half = Math.floor(n / 2);
    const wide = unsqueeze(c, single ? unsqueeze(c, t, 0) : t, 0);
    t = squeeze(c, pad(c, wide, [half, half], a.pad_mode, 0), [0]);
    if (single) t = squeeze(c, t, [0]);
  }
  if (single) t = unsqueeze(c, t, 0);
  const length = t.shape[1]!;
  if (n <= 0 || n > length) raise('RuntimeError', `stft(): expected 0 < n_fft < ${length}, but got n_fft=${n}`);
  if (hop <= 0) raise('RuntimeError', `stft(): expected hop_length > 0, but got hop_length=${hop}`);
  if (a.window !== null && (a.window.ndim !== 1 || a.window.shape[0] !== winLength))
    raise(
      'RuntimeError',
      `stft(): expected a 1D window tensor of size equal to win_length=${winLength}, but got window with size ${shapeText(a.window.shape)}`,
    );
  const frames = 1 + Math.floor((length - n) / hop);
  let x = asStrided(
    c,
    t,
    [t.shape[0]!, frames, n],
    [t.strides[0]!, hop * t.strides[1]!, t.strides[1]!],
    t.storageOffset,
  );
  if (a.window !== null) {
    let w: TensorValue = a.window;
    if (winLength < n)
      w = pad(c, w, [Math.floor((n - winLength) / 2), n - winLength - Math.floor((n - winLength) / 2)], 'constant', 0);
    x = mul(c, x, w);
  }
  const onesided = a.onesided ?? !isComplex(t.dtype);
  let out = onesided
    ? transform(c, 'r2c', x, [2], Math.floor(n / 2) + 1, toComplexDType(t.dtype))
    : transform(
        c,
        'c2c',
        isComplex(x.dtype) ? x : to(c, x, toComplexDType(x.dtype), null),
        [2],
        null,
        toComplexDType(t.dtype),
      );
  if (a.normalized) out = mul(c, out, floatScalar(1 / Math.sqrt(n)));
  const swapped = transpose(c, out, 1, 2);
  c.emit('transpose_', [out], [out], { elementwise: 0, work: memoryWork('copy', 1, 0), differentiable: false });
  out = swapped;
  if (single) out = squeeze(c, out, [0]);
  if (!(a.return_complex ?? isComplexGiven)) {
    const real = c.view(
      'view_as_real',
      out,
      [...out.shape, 2],
      [...out.strides.map((s) => 2 * s), 1],
      out.storageOffset * 2,
    );
    real.dtype = toRealDType(out.dtype);
    return real;
  }
  return out;
}

function istft(c: OpCall, a: Bound): Value {
  const t: TensorValue = a.input;
  const n = a.n_fft;
  const hop = a.hop_length ?? Math.floor(n / 4);
  const frames = t.shape[t.ndim - 1]!;
  const spectrum = transpose(c, t.ndim === 2 ? unsqueeze(c, t, 0) : t, 1, 2);
  let x = transform(c, 'c2r', spectrum, [2], n, toRealDType(t.dtype));
  if (a.window !== null) x = mul(c, x, a.window);
  const full = n + hop * (frames - 1);
  const length = a.length ?? (a.center ? full - 2 * Math.floor(n / 2) : full);
  const added = c.make([x.shape[0]!, full], x.dtype, x.device);
  c.emit('unfold_backward', [x], [added], { elementwise: x.numel, work: memoryWork('scatter', 1, x.numel) });
  const envelope = c.make([1, full], x.dtype, x.device);
  c.emit('unfold_backward', [c.make([1, frames, n], x.dtype, x.device)], [envelope], {
    elementwise: frames * n,
    work: memoryWork('scatter', 1, frames * n),
  });
  let out = div(c, added, envelope);
  out = c.view('slice', out, [x.shape[0]!, length], out.strides);
  return t.ndim === 2 ? squeeze(c, out, [0]) : out;
}

const oneArgs = '(Tensor input, SymInt? n=None, int dim=-1, str?~ norm=None, *, Tensor? out=None)';
const manyArgs = '(Tensor input, SymInt[1]? s=None, int[1]? dim=None, str?~ norm=None, *, Tensor? out=None)';

function shift(c: OpCall, a: Bound, forward: boolean): TensorValue {
  const t: TensorValue = a.input;
  const dims: number[] = a.dim ?? t.shape.map((_, i) => i);
  const shifts = dims.map((d) => {
    const n = t.shape[wrapDim(d, t.ndim)]!;
    return forward ? Math.floor(n / 2) : Math.floor((n + 1) / 2);
  });
  return dims.length === 0 ? t : roll(c, t, shifts, dims);
}

export const fourierOperators: OperatorDeclaration[] = [
  op(fft, `torch.fft.fft${oneArgs}`),
  op(fft, `torch.fft.ifft${oneArgs}`),
  op((c, a) => one(c, 'r2c', a.input, a.n, a.dim), `torch.fft.rfft${oneArgs}`, `torch.fft.ihfft${oneArgs}`),
  op((c, a) => one(c, 'c2r', a.input, a.n, a.dim), `torch.fft.irfft${oneArgs}`, `torch.fft.hfft${oneArgs}`),
  op((c, a) => many(c, 'c2c', a, null), `torch.fft.fftn, torch.fft.ifftn${manyArgs}`),
  op((c, a) => many(c, 'c2c', a, [-2, -1]), `torch.fft.fft2, torch.fft.ifft2${manyArgs}`),
  op((c, a) => many(c, 'r2c', a, null), `torch.fft.rfftn, torch.fft.ihfftn${manyArgs}`),
  op((c, a) => many(c, 'r2c', a, [-2, -1]), `torch.fft.rfft2, torch.fft.ihfft2${manyArgs}`),
  op((c, a) => many(c, 'c2r', a, null), `torch.fft.irfftn, torch.fft.hfftn${manyArgs}`),
  op((c, a) => many(c, 'c2r', a, [-2, -1]), `torch.fft.irfft2, torch.fft.hfft2${manyArgs}`),
  op((c, a) => shift(c, a, true), 'torch.fft.fftshift(Tensor input, int[1]? dim=None)'),
  op((c, a) => shift(c, a, false), 'torch.fft.ifftshift(Tensor input, int[1]? dim=None)'),
  op(
    (c, a) => factory(c, 'fft_fftfreq', [a.n], a, null),
    'torch.fft.fftfreq(SymInt n, float~ d=1.0, *, ScalarType? dtype=None, Device? device=None, bool?~ requires_grad=False, Tensor? out=None, Layout?~ layout=None)',
  ),
  op(
    (c, a) => factory(c, 'fft_rfftfreq', [Math.floor(a.n / 2) + 1], a, null),
    'torch.fft.rfftfreq(SymInt n, float~ d=1.0, *, ScalarType? dtype=None, Device? device=None, bool?~ requires_grad=False, Tensor? out=None, Layout?~ layout=None)',
  ),
  op(
    stft,
    'torch.stft, Tensor.stft, torch.functional.stft(Tensor input, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, str pad_mode="reflect", bool normalized=False, bool? onesided=None, bool? return_complex=None)',
  ),
  op(
    istft,
    'torch.istft, Tensor.istft(Tensor input, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, bool normalized=False, bool? onesided=None, SymInt? length=None, bool return_complex=False)',
  ),
];
