/** Pooling: max, average, adaptive, fractional, Lp, unpooling. */
import { raise } from '../../python/errors.js';
import { PyTuple, type Value } from '../../python/values.js';
import { dtypes } from '../dtype.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type Bound, type OperatorDeclaration, op } from '../operator.js';
import { isIntegral, scalarTypeName, shapeText } from '../promote.js';
import { channelsLastStrides, isContiguous, suggestsChannelsLast } from '../strides.js';
import { contiguousStrides, numelOf, type TensorValue } from '../tensor.js';
import { scalar, unary } from './elementwise.js';
import { mul, pow, unaryOp } from './pointwise.js';
import { mean } from './reductions.js';
import { squeeze, unsqueeze } from './views.js';

/** Output extent of a pooling window (pooling_output_shape). */
export function poolExtent(
  x: number,
  k: number,
  padding: number,
  stride: number,
  dilation: number,
  ceil: boolean,
): number {
  const n = x + 2 * padding - dilation * (k - 1) - 1;
  let out = Math.floor((n + (ceil ? stride - 1 : 0)) / stride) + 1;
  // the last window must start inside the input or its left padding
  if (ceil && (out - 1) * stride >= x + padding) out--;
  return out;
}

function windows(
  a: Bound,
  n: number,
  name: string,
): { k: number[]; stride: number[]; padding: number[]; dilation: number[] } {
  const spread = (xs: number[] | null | undefined, fallback: number[]): number[] => {
    if (xs == null || xs.length === 0) return fallback;
    if (xs.length === 1) return new Array<number>(n).fill(xs[0]!);
    if (xs.length !== n)
      raise('RuntimeError', `${name}: kernel_size must either be a single int, or a tuple of ${n} ints`);
    return xs;
  };
  const k = spread(a.kernel_size, new Array<number>(n).fill(1));
  const stride = spread(a.stride, k);
  if (stride.some((s) => s <= 0)) raise('RuntimeError', `stride should not be zero`);
  if (k.some((s) => s <= 0))
    raise('RuntimeError', `kernel size should be greater than zero, but got kernel ${shapeText(k)}`);
  return {
    k,
    stride,
    padding: spread(a.padding, new Array<number>(n).fill(0)),
    dilation: spread(a.dilation, new Array<number>(n).fill(1)),
  };
}

export function checkPoolInput(t: TensorValue, n: number, name: string): void {
  if (t.ndim !== n + 1 && t.ndim !== n + 2)
    raise('RuntimeError', `${name}() Expected ${n + 1}D or ${n + 2}D tensor, but got: ${shapeText(t.shape)}`);
  // only the batch may be empty
  if (t.shape.slice(t.ndim === n + 2 ? 1 : 0).some((d) => d === 0))
    raise('RuntimeError', `${name}() Expected tensor with optional 0 dim batch size, but got: ${shapeText(t.shape)}`);
}

function pooledShape(t: TensorValue, n: number, extents: readonly number[], name: string): number[] {
  if (extents.some((d) => d < 1))
    raise(
      'RuntimeError',
      `Given input size: (${t.shape.slice(-n - 1).join('x')}). Calculated output size: (${[t.shape[t.ndim - n - 1], ...extents].join('x')}). Output size is too small (${name})`,
    );
  return [...t.shape.slice(0, t.ndim - n), ...extents];
}

const layout = (t: TensorValue, shape: readonly number[]): number[] =>
  suggestsChannelsLast(t) && !isContiguous(t.shape, t.strides) && shape.length === t.ndim
    ? channelsLastStrides(shape)
    : contiguousStrides(shape);

export function maxPool(c: OpCall, t: TensorValue, a: Bound, n: number): { output: TensorValue; indices: TensorValue } {
  const name = `max_pool${n}d`;
  const w = windows(a, n, name);
  if (w.dilation.some((d) => d <= 0)) raise('RuntimeError', `${name}() dilation should be greater than zero`);
  checkPoolInput(t, n, name);
  if (w.padding.some((p, i) => p > Math.floor((w.dilation[i]! * (w.k[i]! - 1) + 1) / 2) || p < 0))
    raise(
      'RuntimeError',
      `pad should be at most half of effective kernel size, but got pad=${w.padding[0]}, kernel_size=${w.k[0]} and dilation=${w.dilation[0]}`,
    );
  if (isIntegral(t.dtype) && (t.dtype === dtypes.bool || n === 3))
    raise('RuntimeError', `"max_pool" not implemented for '${scalarTypeName(t.dtype)}'`);
  const shape = pooledShape(
    t,
    n,
    w.k.map((k, i) =>
      poolExtent(t.shape[t.ndim - n + i]!, k, w.padding[i]!, w.stride[i]!, w.dilation[i]!, a.ceil_mode),
    ),
    name,
  );
  const output = c.make(shape, t.dtype, t.device, null, layout(t, shape));
  const indices = c.make(shape, dtypes.int64, t.device, null, layout(t, shape));
  c.emit(`${name}_with_indices`, [t], [output, indices], {
    elementwise: output.numel * numelOf(w.k),
    work: memoryWork('pool', output.numel, numelOf(w.k)),
    saved: [t, indices],
  });
  return { output, indices };
}

function maxPool1d(
  c: OpCall,
  t: TensorValue,
  a: Bound,
  wantsIndices: boolean,
): { output: TensorValue; indices: TensorValue } {
  if (t.ndim !== 2 && t.ndim !== 3)
    raise('RuntimeError', `max_pool1d() Expected 2D or 3D input tensor, but got ${shapeText(t.shape)}`);
  const w = windows(a, 1, 'max_pool1d');
  void wantsIndices;
  const wide = unsqueeze(c, t, -2);
  const r = maxPool(
    c,
    wide,
    {
      kernel_size: [1, w.k[0]!],
      stride: [1, w.stride[0]!],
      padding: [0, w.padding[0]!],
      dilation: [1, w.dilation[0]!],
      ceil_mode: a.ceil_mode,
    },
    2,
  );
  return { output: squeeze(c, r.output, [-2]), indices: squeeze(c, r.indices, [-2]) };
}

export function avgPool(c: OpCall, t: TensorValue, a: Bound, n: number): TensorValue {
  const name = `avg_pool${n}d`;
  const w = windows(a, n, name);
  checkPoolInput(t, n, name);
  if (w.padding.some((p, i) => p > Math.floor(w.k[i]! / 2) || p < 0))
    raise(
      'RuntimeError',
      `pad should be at most half of effective kernel size, but got pad=${w.padding[0]}, kernel_size=${w.k[0]} and dilation=1`,
    );
  if (n === 3 && w.k.some((k, i) => t.shape[t.ndim - 3 + i]! < k)) {
    raise(
      'RuntimeError',
      `input image (T: ${t.shape[t.ndim - 3]} H: ${t.shape[t.ndim - 2]} W: ${t.shape[t.ndim - 1]}) smaller than kernel size (kT: ${w.k[0]} kH: ${w.k[1]} kW: ${w.k[2]})`,
    );
  }
  if (a.divisor_override === 0) raise('RuntimeError', 'divisor must be not zero');
  if (isIntegral(t.dtype) && t.dtype !== dtypes.int64)
    raise('RuntimeError', `"${name}_out_frame" not implemented for '${scalarTypeName(t.dtype)}'`);
  const shape = pooledShape(
    t,
    n,
    w.k.map((k, i) => poolExtent(t.shape[t.ndim - n + i]!, k, w.padding[i]!, w.stride[i]!, 1, a.ceil_mode)),
    name,
  );
  const out = c.make(shape, t.dtype, t.device, null, layout(t, shape));
  c.emit(name, [t], [out], {
    elementwise: out.numel * numelOf(w.k),
    work: memoryWork('pool', out.numel, numelOf(w.k)),
    saved: [t],
  });
  return out;
}

function adaptiveSize(t: TensorValue, size: readonly (number | null)[], n: number): number[] {
  if (size.length !== n) raise('RuntimeError', `adaptive pooling: output_size must be ${n}`);
  return size.map((s, i) => s ?? t.shape[t.ndim - n + i]!);
}

export function adaptiveAvgPool(c: OpCall, t: TensorValue, size: readonly (number | null)[], n: number): TensorValue {
  const name = `adaptive_avg_pool${n}d`;
  const extents = adaptiveSize(t, size, n);
  if (extents.some((d) => d < 0))
    raise(
      'RuntimeError',
      `${name}: elements of output_size must be greater than or equal to 0 but received {${extents.join(', ')}}`,
    );
  if (t.ndim !== n + 1 && t.ndim !== n + 2)
    raise('RuntimeError', `${name}(): Expected ${n + 1}D or ${n + 2}D tensor, but got ${shapeText(t.shape)}`);
  if (t.shape.slice(-n).some((d) => d === 0))
    raise(
      'RuntimeError',
      `${name}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes ${shapeText(t.shape)}`,
    );
  if (n > 1 && extents.every((d) => d === 1)) {
    const dims = Array.from({ length: n }, (_, i) => i - n);
    return mean(c, t, dims, true);
  }
  if (isIntegral(t.dtype))
    raise('RuntimeError', `"adaptive_avg_pool" not implemented for '${scalarTypeName(t.dtype)}'`);
  const shape = [...t.shape.slice(0, t.ndim - n), ...extents];
  const out = c.make(shape, t.dtype, t.device, null, layout(t, shape));
  c.emit(`_${name}`, [t], [out], {
    elementwise: t.numel,
    work: memoryWork('pool', out.numel, t.numel / out.numel),
    saved: [t],
  });
  return out;
}

function adaptiveMaxPool(
  c: OpCall,
  t: TensorValue,
  size: readonly (number | null)[],
  n: number,
): { output: TensorValue; indices: TensorValue } {
  const name = `adaptive_max_pool${n}d`;
  const extents = adaptiveSize(t, size, n);
  if (t.ndim !== n + 1 && t.ndim !== n + 2)
    raise('RuntimeError', `${name}(): Expected ${n + 1}D or ${n + 2}D tensor, but got: ${shapeText(t.shape)}`);
  if (t.shape.slice(-n).some((d) => d === 0))
    raise(
      'RuntimeError',
      `${name}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes ${shapeText(t.shape)}`,
    );
  if (isIntegral(t.dtype)) raise('RuntimeError', `"${name}" not implemented for '${scalarTypeName(t.dtype)}'`);
  const shape = [...t.shape.slice(0, t.ndim - n), ...extents];
  const output = c.make(shape, t.dtype, t.device, null, layout(t, shape));
  const indices = c.make(shape, dtypes.int64, t.device, null, layout(t, shape));
  c.emit(name, [t], [output, indices], {
    elementwise: t.numel,
    work: memoryWork('pool', output.numel, t.numel / output.numel),
    saved: [t, indices],
  });
  return { output, indices };
}

const adaptive1d = <T extends { output: TensorValue; indices: TensorValue } | TensorValue>(
  c: OpCall,
  t: TensorValue,
  size: readonly (number | null)[],
  run: (c: OpCall, t: TensorValue, size: (number | null)[], n: number) => T,
  name: string,
): TensorValue[] => {
  if (t.ndim !== 2 && t.ndim !== 3)
    raise('RuntimeError', `${name}(): Expected 2D or 3D tensor, but got ${shapeText(t.shape)}`);
  const r = run(c, unsqueeze(c, t, -2), [1, size[0]!], 2);
  return ('output' in r ? [r.output, r.indices] : [r as TensorValue]).map((x) => squeeze(c, x, [-2]));
};

function lpPool(c: OpCall, a: Bound, n: 1 | 2 | 3): TensorValue {
  const w = windows(a, n, `lp_pool${n}d`);
  const p = scalar(a.norm_type);
  const powered = pow(c, a.input, p);
  let out: TensorValue;
  if (n === 1)
    out = squeeze(
      c,
      avgPool(
        c,
        unsqueeze(c, powered, -2),
        { kernel_size: [1, w.k[0]!], stride: [1, w.stride[0]!], ceil_mode: a.ceil_mode },
        2,
      ),
      [-2],
    );
  else out = avgPool(c, powered, { kernel_size: w.k, stride: w.stride, ceil_mode: a.ceil_mode }, n);
  const signed = mul(
    c,
    unaryOp(c, 'sign', out),
    unary(c, 'relu', { rule: 'same', saves: 'out' }, unaryOp(c, 'abs', out)),
  );
  return pow(c, mul(c, signed, scalar(numelOf(w.k))), scalar(1 / a.norm_type, 'float'));
}

function unpool(c: OpCall, a: Bound, n: number): TensorValue {
  const t: TensorValue = a.input;
  if (a.indices.dtype !== dtypes.int64)
    raise('RuntimeError', `elements in indices should be type int64 but got: ${scalarTypeName(a.indices.dtype)}`);
  if (a.indices.shape.some((d: number, i: number) => d !== t.shape[i]))
    raise(
      'RuntimeError',
      `Expected shape of indices to be same as that of the input tensor (${shapeText(t.shape)}) but got indices tensor with shape: ${shapeText(a.indices.shape)}`,
    );
  const w = windows(a, n, `max_unpool${n}d`);
  const size =
    a.output_size !== null
      ? a.output_size.slice(-n)
      : w.k.map((k, i) => (t.shape[t.ndim - n + i]! - 1) * w.stride[i]! + k - 2 * w.padding[i]!);
  const out = c.make([...t.shape.slice(0, t.ndim - n), ...size], t.dtype, t.device);
  c.emit(`max_unpool${n}d`, [t, a.indices], [out], {
    elementwise: 0,
    work: memoryWork('scatter', 1, out.numel),
    saved: [a.indices],
  });
  return out;
}

const pair = (r: { output: TensorValue; indices: TensorValue }): Value => new PyTuple([r.output, r.indices]);

function fractional(c: OpCall, a: Bound, n: number): { output: TensorValue; indices: TensorValue } {
  const t: TensorValue = a.input;
  const size: number[] =
    a.output_size ?? t.shape.slice(-n).map((d, i) => Math.floor(d * a.output_ratio[i % a.output_ratio.length]));
  const samples = c.make([t.shape[0]!, t.shape[1]!, n], t.dtype, t.device);
  if (a._random_samples === null) c.emit('rand', [], [samples], { work: memoryWork('random', 1, samples.numel) });
  const shape = [...t.shape.slice(0, t.ndim - n), ...size];
  const output = c.make(shape, t.dtype, t.device);
  const indices = c.make(shape, dtypes.int64, t.device);
  c.emit(`fractional_max_pool${n}d`, [t, a._random_samples ?? samples], [output, indices], {
    elementwise: output.numel * numelOf(a.kernel_size),
    work: memoryWork('pool', output.numel, numelOf(a.kernel_size)),
    saved: [t, indices],
  });
  return { output, indices };
}

const poolArgs = (n: number): string =>
  `Tensor input, int[${n}] kernel_size, int[${n}]? stride=None, int[${n}] padding=0`;

export const poolingOperators: OperatorDeclaration[] = [
  op(
    (c, a) => {
      const r = maxPool1d(c, a.input, a, a.return_indices);
      return a.return_indices ? pair(r) : r.output;
    },
    `F.max_pool1d, torch.max_pool1d(${poolArgs(1)}, int[1] dilation=1, bool ceil_mode=False, bool return_indices=False)`,
  ),
  op(
    (c, a) => pair(maxPool1d(c, a.input, a, true)),
    `F.max_pool1d_with_indices, torch.max_pool1d_with_indices(${poolArgs(1)}, int[1] dilation=1, bool ceil_mode=False, bool return_indices=False)`,
  ),
  op(
    (c, a) => {
      const t: TensorValue = a.input;
      if (t.ndim !== 2 && t.ndim !== 3)
        raise(
          'RuntimeError',
          `Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got: ${shapeText(t.shape)}`,
        );
      const w = windows(a, 1, 'avg_pool1d');
      const wide = unsqueeze(c, t, -2);
      return squeeze(
        c,
        avgPool(
          c,
          wide,
          { kernel_size: [1, w.k[0]!], stride: [1, w.stride[0]!], padding: [0, w.padding[0]!], ceil_mode: a.ceil_mode },
          2,
        ),
        [-2],
      );
    },
    `F.avg_pool1d, torch.avg_pool1d(${poolArgs(1)}, bool ceil_mode=False, bool count_include_pad=True)`,
  ),
  ...[2, 3].flatMap((n) => [
    op(
      (c, a) => {
        const r = maxPool(c, a.input, a, n);
        return a.return_indices ? pair(r) : r.output;
      },
      `F.max_pool${n}d, torch.max_pool${n}d(${poolArgs(n)}, int[${n}] dilation=1, bool ceil_mode=False, bool return_indices=False)`,
    ),
    op(
      (c, a) => pair(maxPool(c, a.input, a, n)),
      `F.max_pool${n}d_with_indices, torch._C._nn.max_pool${n}d_with_indices(${poolArgs(n)}, int[${n}] dilation=1, bool ceil_mode=False, bool return_indices=False)`,
    ),
    op(
      (c, a) => avgPool(c, a.input, a, n),
      `F.avg_pool${n}d, torch._C._nn.avg_pool${n}d(${poolArgs(n)}, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None)`,
    ),
    op((c, a) => {
      const r = fractional(c, a, n);
      return a.return_indices ? pair(r) : r.output;
    }, `F.fractional_max_pool${n}d(Tensor input, int[${n}] kernel_size, int[${n}]? output_size=None, float[${n}]? output_ratio=None, bool return_indices=False, Tensor? _random_samples=None)`),
  ]),
  ...([1, 2, 3] as const).flatMap((n) => [
    op(
      (c, a) => {
        const size: (number | null)[] = Array.isArray(a.output_size) ? a.output_size : new Array(n).fill(a.output_size);
        return n === 1
          ? adaptive1d(c, a.input, size, adaptiveAvgPool, 'adaptive_avg_pool1d')[0]!
          : adaptiveAvgPool(c, a.input, size, n);
      },
      ...adaptiveSchemas(
        `F.adaptive_avg_pool${n}d, torch.adaptive_avg_pool${n}d, torch._C._nn.adaptive_avg_pool${n}d`,
        n,
        '',
      ),
    ),
    op(
      (c, a) => {
        const size: (number | null)[] = Array.isArray(a.output_size) ? a.output_size : new Array(n).fill(a.output_size);
        const r =
          n === 1
            ? adaptive1d(c, a.input, size, adaptiveMaxPool, 'adaptive_max_pool1d')
            : Object.values(adaptiveMaxPool(c, a.input, size, n));
        return a.return_indices ? new PyTuple(r) : r[0]!;
      },
      ...adaptiveSchemas(`F.adaptive_max_pool${n}d, torch.adaptive_max_pool${n}d`, n, ', bool return_indices=False'),
    ),
    op(
      (c, a) => lpPool(c, a, n),
      `F.lp_pool${n}d(Tensor input, float norm_type, int[${n}] kernel_size, int[${n}]? stride=None, bool ceil_mode=False)`,
    ),
    op(
      (c, a) => unpool(c, a, n),
      `F.max_unpool${n}d(Tensor input, Tensor indices, int[${n}] kernel_size, int[${n}]? stride=None, int[${n}] padding=0, int[]? output_size=None)`,
    ),
  ]),
];

/** `output_size` is one int or a tuple in which None keeps the input's extent. */
function adaptiveSchemas(names: string, n: number, tail: string): string[] {
  return [`${names}(Tensor input, int?[${n}] output_size${tail})`];
}
