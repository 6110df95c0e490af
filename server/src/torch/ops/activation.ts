/** Activation functions, softmax and its kin, dropout. */
import { raise } from '../../python/errors.js';
import { PyTuple, type Value } from '../../python/values.js';
import { type DType, dtypes } from '../dtype.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type OperatorDeclaration, op } from '../operator.js';
import { castValues, isComplex, isFloating, isIntegral, scalarTypeName, shapeText } from '../promote.js';
import { elementwiseStrides, wrapDim } from '../strides.js';
import { contiguousStrides, type TensorValue } from '../tensor.js';
import { to } from './copy.js';
import { binary, floatScalar, type UnaryRule, unary } from './elementwise.js';
import { forLines } from './known.js';
import { add, div, mul, rules, sub, unaryOp } from './pointwise.js';
import { view } from './views.js';

type Act = readonly [kernel: string, rule: UnaryRule, args: string, cost: number];
const f = (saves: 'in' | 'out' | 'none', fn?: (x: number) => number): UnaryRule => ({
  rule: 'floatonly',
  saves,
  complex: false,
  ...(fn ? { fn } : {}),
});
const clampTo = (x: number, lo: number, hi: number): number => Math.min(Math.max(x, lo), hi);

/** Function name -> kernel, rule, further arguments, operations per element. */
const activations: Readonly<Record<string, Act>> = {
  relu: ['relu', { rule: 'same', saves: 'out', complex: false, fn: (x) => Math.max(x, 0) }, '', 1],
  relu6: ['hardtanh', { rule: 'same', saves: 'in', complex: false, fn: (x) => clampTo(x, 0, 6) }, '', 2],
  hardtanh: ['hardtanh', { rule: 'same', saves: 'in', complex: false }, ', float~ min_val=-1.0, float~ max_val=1.0', 2],
  elu: ['elu', f('out'), ', float~ alpha=1.0', 3],
  selu: ['elu', f('out'), '', 3],
  celu: ['celu', f('in'), ', float~ alpha=1.0', 3],
  leaky_relu: ['leaky_relu', f('in'), ', float~ negative_slope=0.01', 2],
  silu: ['silu', f('in', (x) => x / (1 + Math.exp(-x))), '', 4],
  mish: ['mish', f('in'), '', 6],
  hardswish: ['hardswish', f('in', (x) => (x * clampTo(x + 3, 0, 6)) / 6), '', 4],
  hardsigmoid: ['hardsigmoid', f('in', (x) => clampTo(x + 3, 0, 6) / 6), '', 3],
  threshold: ['threshold', { rule: 'same', saves: 'in', complex: false }, ', float~ threshold, float~ value', 1],
};

function activate(c: OpCall, name: string, t: TensorValue, inplace: boolean): TensorValue {
  const [kernel, rule, , cost] = activations[name]!;
  if (
    isIntegral(t.dtype) &&
    t.dtype === dtypes.bool &&
    (name === 'relu' || name.startsWith('hardtanh') || name === 'relu6')
  )
    raise('RuntimeError', `Boolean inputs not supported for ${name}`);
  void cost;
  return unary(c, kernel, rule, t, { inplace });
}

const softmaxValues = (t: TensorValue, dim: number, log: boolean): number[] | null => {
  if (t.values === null) return null;
  const out = t.values.slice();
  forLines(t.ndim === 0 ? [1] : t.shape, dim, (line) => {
    const xs = line.map((p) => out[p]!);
    const m = Math.max(...xs);
    const e = xs.map((x) => Math.exp(x - m));
    const s = e.reduce((a, b) => a + b, 0);
    line.forEach((p, i) => {
      out[p] = log ? xs[i]! - m - Math.log(s) : e[i]! / s;
    });
  });
  return out;
};

/** softmax and log_softmax: `_softmax` with a cast in front where a dtype is asked for. */
export function softmax(
  c: OpCall,
  input: TensorValue,
  dim: number | null,
  dtype: DType | null,
  log = false,
  kernel: string | null = null,
): TensorValue {
  let [t] = c.fp32(input);
  const d0 = dim ?? (t.ndim === 0 || t.ndim === 1 || t.ndim === 3 ? 0 : 1);
  if (dtype !== null && dtype !== t.dtype) {
    // CUDA reads half and writes float in the same kernel
    if (!(t.device.startsWith('cuda') && t.dtype === dtypes.float16 && dtype === dtypes.float32))
      t = to(c, t, dtype, null);
  }
  const d = wrapDim(d0, t.ndim);
  const outType = dtype ?? t.dtype;
  // without elements no kernel is looked for
  if (t.numel !== 0 && (isIntegral(outType) || isComplex(outType)))
    raise(
      'RuntimeError',
      `"${log ? 'log_softmax' : 'softmax'}_lastdim_kernel_impl" not implemented for '${scalarTypeName(outType)}'`,
    );
  const out = c.make(
    t.shape,
    outType,
    t.device,
    castValues(softmaxValues(t, d, log), outType),
    contiguousStrides(t.shape),
  );
  const cols = t.shape[d] ?? 1;
  c.emit(kernel ?? (log ? '_log_softmax' : '_softmax'), [t], [out], {
    elementwise: 5 * t.numel,
    work: memoryWork('softmax', t.numel / cols, cols),
    saved: [out],
  });
  return out;
}

/** Dropout in training below autograd: a mask is drawn, scaled and multiplied. */
export function dropout(
  c: OpCall,
  t: TensorValue,
  p: number,
  training: boolean,
  inplace = false,
  features: 0 | 1 | 2 = 0,
  alpha = false,
): TensorValue {
  if (p < 0 || p > 1) raise('ValueError', `dropout probability has to be between 0 and 1, but got ${p}`);
  if (p === 0 || !training || t.numel === 0) return t;
  const steps = () => dropoutSteps(c, t, p, inplace, features, alpha);
  // fused on CUDA and XPU, and only out of place and with something left
  if (features > 0 || alpha || inplace || p === 1) return steps();
  const [out] = c.composite<[TensorValue]>(
    t,
    () => [steps()],
    () => {
      const result = c.like(t);
      const mask = c.like(t, dtypes.bool);
      c.emit('native_dropout', [t], [result, mask], {
        elementwise: 2 * t.numel,
        work: memoryWork('random', 1, t.numel),
        saved: [mask],
      });
      return [result];
    },
  );
  return out;
}

/** As PyTorch's CPU composes it. */
function dropoutSteps(
  c: OpCall,
  t: TensorValue,
  p: number,
  inplace: boolean,
  features: 0 | 1 | 2,
  alpha: boolean,
): TensorValue {
  if (isIntegral(t.dtype))
    raise('RuntimeError', `result type Float can't be cast to the desired output type ${scalarTypeName(t.dtype)}`);
  const noise =
    features > 0
      ? c.make(
          t.shape.map((x, i) => (i < features ? x : 1)),
          t.dtype,
          t.device,
        )
      : c.like(t);
  const random = memoryWork('random', 1, noise.numel);
  c.emit('bernoulli_', [noise], [noise], { work: random, differentiable: false });
  if (p === 1) return mul(c, t, floatScalar(0));
  if (alpha) {
    const b = add(c, noise, floatScalar(-1));
    binary(c, 'mul', rules['mul']!, b, floatScalar(1), { inplace: true });
    binary(c, 'add', { rule: 'promote' }, b, floatScalar(1), { inplace: true });
    binary(c, 'mul', rules['mul']!, noise, floatScalar(1), { inplace: true });
    const scaled = mul(c, t, noise);
    return binary(c, 'add', { rule: 'promote' }, scaled, b, { inplace: true });
  }
  binary(c, 'div', rules['div']!, noise, floatScalar(1 - p), { inplace: true });
  return binary(c, 'mul', rules['mul']!, t, noise, { inplace });
}

function glu(c: OpCall, t: TensorValue, dim: number): TensorValue {
  if (t.ndim === 0) raise('RuntimeError', 'glu does not support 0-dimensional tensors');
  const d = wrapDim(dim, t.ndim);
  if (t.shape[d]! % 2 !== 0 && !Number.isNaN(t.shape[d]!))
    raise('RuntimeError', `Halving dimension must be even, but dimension ${d} is size ${t.shape[d]}`);
  if (!isFloating(t.dtype)) raise('RuntimeError', `"glu_cpu" not implemented for '${scalarTypeName(t.dtype)}'`);
  const shape = t.shape.map((x, i) => (i === d ? x / 2 : x));
  // both halves are views of the input
  const half = c.make(shape, t.dtype, t.device, null, t.strides);
  const out = c.make(shape, t.dtype, t.device, null, elementwiseStrides(shape, [half]));
  c.emit('glu', [t], [out], { elementwise: 4 * out.numel, saved: [t] });
  return out;
}

function prelu(c: OpCall, t: TensorValue, weight: TensorValue): TensorValue {
  if (t.dtype !== weight.dtype && c.since(2))
    raise(
      'RuntimeError',
      `prelu: Type promoting not supported. Got ${scalarTypeName(t.dtype)} and ${scalarTypeName(weight.dtype)}`,
    );
  if (weight.numel !== 1) {
    if (t.ndim === 0) raise('RuntimeError', 'Not allow zero-dim input tensor.');
    const channels = t.ndim > 1 ? t.shape[1]! : 1;
    if (channels !== weight.numel && !Number.isNaN(channels))
      raise(
        'RuntimeError',
        `Mismatch of parameter numbers and input channel size. Found parameter numbers = ${weight.numel} and channel size = ${channels}.`,
      );
  }
  if (!c.since(2)) {
    const out = c.like(t);
    c.emit('prelu', [t, weight], [out], { elementwise: 2 * t.numel, saved: [t, weight] });
    return out;
  }
  const w =
    weight.ndim === t.ndim
      ? weight
      : view(c, weight, t.ndim < 2 ? t.shape.map(() => 1) : t.shape.map((_, i) => (i === 1 ? weight.numel : 1)));
  const out = c.like(t);
  c.emit('_prelu_kernel', [t, w], [out], { elementwise: 2 * t.numel, saved: [t, w] });
  return out;
}

const sink = (names: string[], args: string): string => `${names.join(', ')}(Tensor input${args})`;

const shrinks: readonly [string, string][] = [
  ['hardshrink', ', float~ lambd=0.5'],
  ['softshrink', ', float~ lambd=0.5'],
];

function channelDropout(names: string, dims: number | null, alpha: boolean): OperatorDeclaration {
  return op(
    (c, a) => {
      if (dims === 1 && a.input.ndim !== 2 && a.input.ndim !== 3) {
        raise(
          'RuntimeError',
          `dropout1d: Expected 2D or 3D input, but received a ${a.input.ndim}D input. (${shapeText(a.input.shape)})`,
        );
      }
      // dropout1d and dropout3d take an input without batch; its first dim is then the channels
      const channelsFirst = (dims === 1 && a.input.ndim === 2) || (dims === 3 && a.input.ndim !== 5);
      return dropout(c, a.input, a.p, a.training, a.inplace, channelsFirst ? 1 : 2, alpha);
    },
    `${names}(Tensor input, float p=0.5, bool training=${names.includes('alpha') ? 'False' : 'True'}, bool inplace=False)`,
  );
}

export const activationOperators: OperatorDeclaration[] = [
  ...Object.entries(activations).flatMap(([name, [, , args]]) => [
    op((c, a) => activate(c, name, a.input, a.inplace), `${sink([`F.${name}`], `${args}, bool inplace=False`)}`),
    op(
      (c, a) => activate(c, name, a.input, true),
      sink([`F.${name}_`, `torch.${name}_`, `torch._C._nn.${name}_`], args),
    ),
    op(
      (c, a) => activate(c, name, a.input, false),
      sink([`torch.${name}`, `torch._C._nn.${name}`, ...(name === 'relu' ? ['Tensor.relu'] : [])], args),
    ),
  ]),
  op((c, a) => activate(c, 'relu', a.input, true), 'Tensor.relu_(Tensor input)'),
  op((c, a) => {
    const [x] = [a.input as TensorValue];
    if (a.approximate !== 'none' && a.approximate !== 'tanh')
      raise('RuntimeError', `approximate argument must be either none or tanh.`);
    return unary(c, 'gelu', f('in'), x);
  }, 'F.gelu, torch._C._nn.gelu(Tensor input, *, str approximate="none")'),
  op((c, a) => unaryOp(c, 'sigmoid', a.input), 'F.sigmoid(Tensor input)'),
  op((c, a) => unaryOp(c, 'tanh', a.input), 'F.tanh(Tensor input)'),
  op(
    (c, a) => unary(c, 'softplus', f('in'), a.input),
    'F.softplus, torch._C._nn.softplus(Tensor input, float~ beta=1, float~ threshold=20)',
  ),
  op(
    (c, a) => unary(c, 'log_sigmoid_forward', f('in'), a.input),
    'F.logsigmoid, torch._C._nn.log_sigmoid(Tensor input)',
  ),
  ...shrinks.map(([n, args]) =>
    op(
      (c, a) => unary(c, n, f('in'), a.input),
      `F.${n}, torch.${n}${n === 'hardshrink' ? ', Tensor.hardshrink' : ''}(Tensor input${args})`,
    ),
  ),
  op(
    (c, a) => div(c, a.input, add(c, unaryOp(c, 'abs', a.input), { value: 1, kind: 'int' })),
    'F.softsign(Tensor input)',
  ),
  op((c, a) => sub(c, a.input, unaryOp(c, 'tanh', a.input)), 'F.tanhshrink(Tensor input)'),
  op(
    (c, a) => unary(c, 'rrelu_with_noise', f('in'), a.input, { inplace: a.inplace, extra: [c.like(a.input)] }),
    'F.rrelu, torch.rrelu(Tensor input, float~ lower=0.125, float~ upper=0.3333, bool training=False, bool inplace=False)',
  ),
  op((c, a) => glu(c, a.input, a.dim), 'F.glu, torch._C._nn.glu(Tensor input, int dim=-1)'),
  op((c, a) => {
    const [x, w] = c.lower(a.input as TensorValue, a.weight as TensorValue);
    return prelu(c, x, w);
  }, 'F.prelu, torch.prelu, Tensor.prelu(Tensor input, Tensor weight)'),
  op(
    (c, a) => softmax(c, a.input, a.dim, a.dtype),
    'F.softmax(Tensor input, int? dim=None, int~ _stacklevel=3, ScalarType? dtype=None)',
  ),
  op(
    (c, a) => softmax(c, a.input, a.dim, a.dtype),
    'torch.softmax, Tensor.softmax, torch.special.softmax(Tensor input, int dim, ScalarType? dtype=None)',
  ),
  op(
    (c, a) => softmax(c, a.input, a.dim, a.dtype, true),
    'F.log_softmax(Tensor input, int? dim=None, int~ _stacklevel=3, ScalarType? dtype=None)',
  ),
  op(
    (c, a) => softmax(c, a.input, a.dim, a.dtype, true),
    'torch.log_softmax, Tensor.log_softmax, torch.special.log_softmax(Tensor input, int dim, ScalarType? dtype=None)',
  ),
  op(
    (c, a) => softmax(c, unary(c, 'neg', { rule: 'same' }, a.input), a.dim, a.dtype),
    'F.softmin(Tensor input, int? dim=None, int~ _stacklevel=3, ScalarType? dtype=None)',
  ),
  op((c, a) => {
    const t: TensorValue = a.logits;
    const noise = c.like(t);
    c.emit('exponential_', [noise], [noise], { work: memoryWork('random', 1, t.numel), differentiable: false });
    const g = unary(c, 'neg', { rule: 'same' }, unaryOp(c, 'log', noise));
    const y = softmax(c, div(c, add(c, t, g), floatScalar(a.tau)), a.dim, null);
    if (!a.hard) return y;
    const index = c.make(
      y.shape.map((d, i) => (i === wrapDim(a.dim, y.ndim) ? 1 : d)),
      dtypes.int64,
      y.device,
    );
    c.emit('max', [y], [c.make(index.shape, y.dtype, y.device), index], { differentiable: false });
    const hard = c.like(y);
    c.emit('zeros_like', [y], [hard], { differentiable: false });
    c.emit('scatter_', [hard, index], [hard], { elementwise: 0, differentiable: false });
    return add(c, sub(c, hard, y), y);
  }, 'F.gumbel_softmax(Tensor logits, float tau=1, bool hard=False, float~ eps=1e-10, int dim=-1)'),
  op(
    (c, a) => dropout(c, a.input, a.p, a.training, a.inplace),
    'F.dropout(Tensor input, float p=0.5, bool training=True, bool inplace=False)',
  ),
  op((c, a) => dropout(c, a.input, a.p, a.train), 'torch.dropout(Tensor input, float p, bool train)'),
  op((c, a) => dropout(c, a.input, a.p, a.train, true), 'torch.dropout_(Tensor input, float p, bool train)'),
  op((c, a) => {
    const r = dropout(c, a.input, a.p, a.train ?? true);
    return new PyTuple([r, c.like(a.input, dtypes.bool)]) as Value;
  }, 'torch.native_dropout(Tensor input, float p, bool? train)'),
  channelDropout('F.dropout1d', 1, false),
  channelDropout('F.dropout2d', 2, false),
  channelDropout('F.dropout3d', 3, false),
  op(
    (c, a) => dropout(c, a.input, a.p, a.training, a.inplace, 0, true),
    'F.alpha_dropout(Tensor input, float p=0.5, bool training=False, bool inplace=False)',
  ),
  channelDropout('F.feature_alpha_dropout', null, true),
  op((c, a) => dropout(c, a.input, a.p, a.train, false, 2), 'torch.feature_dropout(Tensor input, float p, bool train)'),
];
