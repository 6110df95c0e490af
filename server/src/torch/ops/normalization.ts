/** Normalisation layers' functions. */
import { raise } from '../../python/errors.js';
import { PyTuple } from '../../python/values.js';
import { dtypes } from '../dtype.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type Bound, op } from '../operator.js';
import { isFloating, isIntegral, scalarTypeName, shapeText } from '../promote.js';
import { isContiguous, preservedStrides, sameShape, suggestsChannelsLast } from '../strides.js';
import { contiguousStrides, numelOf, type TensorValue } from '../tensor.js';
import { contiguous, to } from './copy.js';
import { binary, floatScalar, scalar } from './elementwise.js';
import { add, clamp, div, mul, pow, unaryOp } from './pointwise.js';
import { avgPool } from './pooling.js';
import { mean, norm, vectorNorm } from './reductions.js';
import { expand, squeeze, unsqueeze, view } from './views.js';

/** Element-wise operations per element of a normalisation: mean, variance, scale, shift. */
const normWork = 8;

export function layerNorm(
  c: OpCall,
  input: TensorValue,
  shape: readonly number[],
  w: TensorValue | null,
  b: TensorValue | null,
): TensorValue {
  const [t, weight, bias] = c.fp32(input, w, b) as [TensorValue, TensorValue | null, TensorValue | null];
  if (shape.length < 1)
    raise(
      'RuntimeError',
      `Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = ${shapeText(shape)}`,
    );
  if (weight !== null && !sameShape(weight.shape, shape))
    raise(
      'RuntimeError',
      `Expected weight to be of same shape as normalized_shape, but got weight of shape ${shapeText(weight.shape)} and normalized_shape = ${shapeText(shape)}`,
    );
  if (bias !== null && !sameShape(bias.shape, shape))
    raise(
      'RuntimeError',
      `Expected bias to be of same shape as normalized_shape, but got bias of shape ${shapeText(bias.shape)} and normalized_shape = ${shapeText(shape)}`,
    );
  const lead = t.ndim - shape.length;
  if (
    lead < 0 ||
    shape.some((d, i) => d !== t.shape[lead + i] && !Number.isNaN(d) && !Number.isNaN(t.shape[lead + i]!))
  ) {
    raise(
      'RuntimeError',
      `Given normalized_shape=${shapeText(shape)}, expected input with shape [*, ${shape.join(', ')}], but got input of size${shapeText(t.shape)}`,
    );
  }
  if (!isFloating(t.dtype))
    raise('RuntimeError', `"LayerNormKernelImpl" not implemented for '${scalarTypeName(t.dtype)}'`);
  mixedCheck(t, weight, 'LayerNorm');
  const out = c.make(t.shape, t.dtype, c.commonDevice([t, weight, bias]));
  const stat = [...t.shape.slice(0, lead), ...shape.map(() => 1)];
  const statType =
    t.dtype === dtypes.float16 || t.dtype === dtypes.bfloat16 ? (weight !== null ? weight.dtype : t.dtype) : t.dtype;
  const mu = c.make(stat, statType, t.device);
  const rstd = c.make(stat, statType, t.device);
  const cols = numelOf(shape);
  c.emit('native_layer_norm', [t, weight, bias], [out, mu, rstd], {
    elementwise: normWork * t.numel,
    work: memoryWork('norm', mu.numel, cols),
    saved: [t, mu, rstd, weight],
  });
  return out;
}

/** Half inputs may come with float32 parameters, nothing else may mix. */
function mixedCheck(t: TensorValue, weight: TensorValue | null, what: string): void {
  if (weight === null || weight.dtype === t.dtype) return;
  if ((t.dtype === dtypes.bfloat16 || t.dtype === dtypes.float16) && weight.dtype === dtypes.float32) return;
  raise(
    'RuntimeError',
    `expected scalar type ${scalarTypeName(t.dtype)} but found ${scalarTypeName(weight.dtype)} (${what})`,
  );
}

export function batchNorm(
  c: OpCall,
  t: TensorValue,
  mu: TensorValue | null,
  variance: TensorValue | null,
  weight: TensorValue | null,
  bias: TensorValue | null,
  training: boolean,
): TensorValue {
  if (t.ndim < 2) raise('RuntimeError', `batch_norm: expected at least 2D input (got ${t.ndim}D input)`);
  const channels = t.shape[1]!;
  for (const [p, what] of [
    [mu, 'running_mean'],
    [variance, 'running_var'],
    [weight, 'weight'],
    [bias, 'bias'],
  ] as const) {
    if (p !== null && p.numel !== channels && !Number.isNaN(channels) && !Number.isNaN(p.numel))
      raise('RuntimeError', `${what} should contain ${channels} elements not ${p.numel}`);
  }
  if (!training && (mu === null || variance === null))
    raise('RuntimeError', `running_${mu === null ? 'mean' : 'var'} must be defined in evaluation mode`);
  if (isIntegral(t.dtype)) raise('RuntimeError', `"batch_norm" not implemented for '${scalarTypeName(t.dtype)}'`);
  mixedCheck(t, weight, 'BatchNorm');
  const out = c.make(
    t.shape,
    t.dtype,
    c.commonDevice([t, weight, mu]),
    null,
    suggestsChannelsLast(t) ? preservedStrides(t) : contiguousStrides(t.shape),
  );
  const stat = training ? [channels] : [0];
  const statType = weight?.dtype ?? t.dtype;
  const saveMean = c.make(stat, statType, t.device);
  const saveRstd = c.make(stat, statType, t.device);
  const cudnn = t.device.startsWith('cuda') && weight !== null && bias !== null && mu !== null && training;
  c.emit(cudnn ? 'cudnn_batch_norm' : 'native_batch_norm', [t, weight, bias, mu, variance], [out, saveMean, saveRstd], {
    elementwise: (training ? normWork : 2) * t.numel,
    work: memoryWork('norm', channels, t.numel / channels),
    saved: [t, weight, training ? saveMean : mu, training ? saveRstd : variance],
  });
  if (training) {
    mu?.write(null);
    variance?.write(null);
  }
  return out;
}

export function groupNorm(
  c: OpCall,
  input: TensorValue,
  groups: number,
  w: TensorValue | null,
  b: TensorValue | null,
): TensorValue {
  const [t, weight, bias] = c.fp32(input, w, b) as [TensorValue, TensorValue | null, TensorValue | null];
  if (t.ndim < 2) raise('RuntimeError', `Expected at least 2 dimensions for input tensor but received ${t.ndim}`);
  if (groups <= 0) raise('RuntimeError', `Expected num groups to be greater than 0, got ${groups}`);
  const channels = t.shape[1]!;
  if (channels % groups !== 0)
    raise(
      'RuntimeError',
      `Expected number of channels in input to be divisible by num_groups, but got input of shape ${shapeText(t.shape)} and num_groups=${groups}`,
    );
  for (const [p, what] of [
    [weight, 'weight'],
    [bias, 'bias'],
  ] as const) {
    if (p !== null && (p.ndim !== 1 || p.shape[0] !== channels))
      raise(
        'RuntimeError',
        `Expected ${what} to be a vector of size equal to the number of channels in input, but got ${what} of shape ${shapeText(p.shape)} and input of shape ${shapeText(t.shape)}`,
      );
  }
  if (!isFloating(t.dtype))
    raise('RuntimeError', `"GroupNormKernelImpl" not implemented for '${scalarTypeName(t.dtype)}'`);
  mixedCheck(t, weight, 'GroupNorm');
  const x = isContiguous(t.shape, t.strides) || suggestsChannelsLast(t) ? t : contiguous(c, t);
  const out = c.make(
    t.shape,
    t.dtype,
    c.commonDevice([t, weight]),
    null,
    suggestsChannelsLast(t) ? preservedStrides(t) : contiguousStrides(t.shape),
  );
  const mu = c.make([t.shape[0]!, groups], weight?.dtype ?? t.dtype, t.device);
  const rstd = c.make([t.shape[0]!, groups], weight?.dtype ?? t.dtype, t.device);
  c.emit('native_group_norm', [x, weight, bias], [out, mu, rstd], {
    elementwise: normWork * t.numel,
    work: memoryWork('norm', mu.numel, t.numel / mu.numel),
    saved: [t, mu, rstd, weight],
  });
  return out;
}

function instanceNorm(c: OpCall, a: Bound): TensorValue {
  const t: TensorValue = a.input;
  const useStats = a.use_input_stats;
  if (!useStats && (a.running_mean === null || a.running_var === null))
    raise('RuntimeError', 'Expected running_mean and running_var to be defined when use_input_stats is false');
  if (t.ndim < 2) raise('RuntimeError', `instance_norm: expected at least 2D input`);
  const [n, ch] = t.shape as [number, number];
  if (useStats && numelOf(t.shape.slice(2)) === 1)
    raise(
      'ValueError',
      `Expected more than 1 spatial element when training, got input size torch.Size(${shapeText(t.shape)})`,
    );
  for (const [p, what] of [
    [a.weight, 'weight'],
    [a.bias, 'bias'],
  ] as const) {
    if (p !== null && p.numel !== ch && !Number.isNaN(ch))
      raise('RuntimeError', `${what} should contain ${n * ch} elements not ${p.numel * n}`);
  }
  // per sample and channel: batch_norm over one sample with N*C channels
  const rep = (p: TensorValue | null): TensorValue | null => {
    if (p === null) return null;
    const r = c.make([n * ch], p.dtype, p.device);
    c.emit('repeat', [p], [r], { elementwise: 0, work: memoryWork('copy', 1, r.numel) });
    return r;
  };
  const x = view(c, contiguous(c, t), [1, n * ch, ...t.shape.slice(2)]);
  const r = batchNorm(c, x, rep(a.running_mean), rep(a.running_var), rep(a.weight), rep(a.bias), useStats);
  return view(c, r, t.shape);
}

export function rmsNorm(c: OpCall, t: TensorValue, shape: readonly number[], weight: TensorValue | null): TensorValue {
  const lead = t.ndim - shape.length;
  if (
    lead < 0 ||
    shape.some((d, i) => d !== t.shape[lead + i] && !Number.isNaN(d) && !Number.isNaN(t.shape[lead + i]!))
  )
    raise(
      'RuntimeError',
      `Given normalized_shape=${shapeText(shape)}, expected input with shape [*, ${shape.join(', ')}], but got input of size${shapeText(t.shape)}`,
    );
  if (weight !== null && !sameShape(weight.shape, shape))
    raise(
      'RuntimeError',
      `Expected weight to be of same shape as normalized_shape, but got weight of shape ${shapeText(weight.shape)} and normalized_shape = ${shapeText(shape)}`,
    );
  const steps = () => rmsNormSteps(c, t, shape, weight);
  // one kernel since 2.9 (CUDA, XPU, MPS), unless the weight has another dtype or the input is channels-last
  if (!c.since(2, 9) || (weight !== null && weight.dtype !== t.dtype) || suggestsChannelsLast(t)) return steps();
  const [out] = c.composite<[TensorValue]>(
    t,
    () => [steps()],
    () => {
      const result = c.make(t.shape, t.dtype, c.commonDevice([t, weight]));
      const rstd = c.make([...t.shape.slice(0, lead), ...shape.map(() => 1)], dtypes.float32, t.device);
      c.emit('_fused_rms_norm', [t, weight], [result, rstd], {
        elementwise: 4 * t.numel,
        work: memoryWork('norm', rstd.numel, numelOf(shape)),
        saved: [t, rstd, weight],
        backwardKernels: 1,
      });
      return [result];
    },
  );
  return out;
}

/** As PyTorch's CPU composes it. */
function rmsNormSteps(c: OpCall, t: TensorValue, shape: readonly number[], weight: TensorValue | null): TensorValue {
  const dims = shape.map((_, i) => i - shape.length);
  const half = t.dtype === dtypes.float16 || t.dtype === dtypes.bfloat16;
  const x = half && c.since(2) ? to(c, t, dtypes.float32, null) : t;
  const ms = mean(c, pow(c, x, scalar(2)), dims, true);
  const shifted = c.since(2)
    ? binary(c, 'add', { rule: 'promote' }, ms, floatScalar(1e-6), { inplace: true })
    : add(c, ms, floatScalar(1e-6));
  let r = mul(c, x, unaryOp(c, 'rsqrt', shifted));
  if (weight !== null) r = mul(c, r, weight);
  return r.dtype === t.dtype || !half ? r : to(c, r, t.dtype, null);
}

function normalize(c: OpCall, a: Bound): TensorValue {
  const t: TensorValue = a.input;
  const n = c.since(2) ? vectorNorm(c, t, a.p, a.dim, true) : norm(c, t, a.p, a.dim, true);
  const denominator = expand(c, clampMin(c, n, a.eps), t.shape);
  return div(c, t, denominator);
}

function clampMin(c: OpCall, t: TensorValue, eps: number): TensorValue {
  const out = c.like(t, t.dtype, t.values?.map((x) => Math.max(x, eps)) ?? null);
  c.emit('clamp_min', [t], [out], { saved: [t] });
  return out;
}

function localResponse(c: OpCall, a: Bound): TensorValue {
  const t: TensorValue = a.input;
  if (t.ndim < 3) raise('ValueError', `Expected 3D or higher dimensionality input (got ${t.ndim} dimensions)`);
  if (t.numel === 0) return t;
  let sq = unsqueezeView(c, mul(c, t, t), t.ndim === 3);
  const padded = c.make(
    sq.shape.map((d, i) => (i === 2 ? d + a.size - 1 : d)),
    sq.dtype,
    sq.device,
  );
  c.emit('constant_pad_nd', [sq], [padded], { elementwise: 0, work: memoryWork('copy', 1, padded.numel) });
  const k = t.ndim === 3 ? [a.size, 1] : [a.size, 1, 1];
  sq = avgPool(c, padded, { kernel_size: k, stride: [1], ceil_mode: false }, k.length);
  const pooled = view(c, squeeze(c, sq, [1]), t.shape);
  const scaled = pow(c, add(c, mul(c, pooled, floatScalar(a.alpha)), floatScalar(a.k)), floatScalar(a.beta));
  return div(c, t, scaled);
}

function unsqueezeView(c: OpCall, t: TensorValue, plain: boolean): TensorValue {
  if (plain) return unsqueeze(c, t, 1);
  const s = t.shape;
  return view(c, contiguous(c, t), [s[0]!, 1, s[1]!, s[2]!, numelOf(s.slice(3))]);
}

function checkBatch(t: TensorValue, training: boolean): void {
  if (!training) return;
  const perChannel = t.numel / t.shape[1]!;
  if (perChannel === 1)
    raise(
      'ValueError',
      `Expected more than 1 value per channel when training, got input size torch.Size(${shapeText(t.shape)})`,
    );
}

export const normalizationOperators = [
  op(
    (c, a) => layerNorm(c, a.input, a.normalized_shape, a.weight, a.bias),
    'F.layer_norm, torch.layer_norm(Tensor input, SymInt[1] normalized_shape, Tensor? weight=None, Tensor? bias=None, float~ eps=1e-05, bool~ cudnn_enable=True)',
  ),
  op(
    (c, a) => rmsNorm(c, a.input, a.normalized_shape, a.weight),
    'F.rms_norm, torch.rms_norm(Tensor input, SymInt[1] normalized_shape, Tensor? weight=None, float?~ eps=None)',
  ),
  op((c, a) => {
    if (a.input.ndim >= 2) checkBatch(a.input, a.training);
    return batchNorm(c, a.input, a.running_mean, a.running_var, a.weight, a.bias, a.training);
  }, 'F.batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight=None, Tensor? bias=None, bool training=False, float?~ momentum=0.1, float~ eps=1e-05)'),
  op(
    (c, a) => batchNorm(c, a.input, a.running_mean, a.running_var, a.weight, a.bias, a.training),
    'torch.batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float~ momentum, float~ eps, bool~ cudnn_enabled)',
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    if (
      c.name.startsWith('torch.nn') &&
      t.ndim >= 2 &&
      t.shape[0]! * Math.floor(t.shape[1]! / a.num_groups) * numelOf(t.shape.slice(2)) === 1
    ) {
      raise('ValueError', `Expected more than 1 value per channel when training, got input size ${shapeText(t.shape)}`);
    }
    return groupNorm(c, t, a.num_groups, a.weight, a.bias);
  }, 'F.group_norm, torch.group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float~ eps=1e-05, bool~ cudnn_enabled=True)'),
  op(
    instanceNorm,
    'F.instance_norm(Tensor input, Tensor? running_mean=None, Tensor? running_var=None, Tensor? weight=None, Tensor? bias=None, bool use_input_stats=True, float?~ momentum=0.1, float~ eps=1e-05)',
  ),
  op(
    instanceNorm,
    'torch.instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool use_input_stats, float~ momentum, float~ eps, bool~ cudnn_enabled)',
  ),
  op(normalize, 'F.normalize(Tensor input, float p=2.0, int[1] dim=1, float eps=1e-12, Tensor? out=None)'),
  op(localResponse, 'F.local_response_norm(Tensor input, int size, float alpha=0.0001, float beta=0.75, float k=1.0)'),
  op((c, a) => {
    const n = vectorNorm(
      c,
      a.input,
      a.p.value,
      a.input.shape.map((_: number, i: number) => i).filter((i: number) => i !== (a.dim + a.input.ndim) % a.input.ndim),
      true,
    );
    return mul(c, a.input, clamp(c, n, null, a.maxnorm));
  }, 'torch.renorm, Tensor.renorm(Tensor input, Scalar p, int dim, Scalar maxnorm)'),
  op((c, a) => {
    // torch._weight_norm: v * (g / norm(v)); fused where dim is the first or last
    const v: TensorValue = a.v;
    const g: TensorValue = a.g;
    const fused = a.dim === 0 || a.dim === v.ndim - 1;
    if (!fused)
      return mul(
        c,
        v,
        div(
          c,
          g,
          vectorNorm(
            c,
            v,
            2,
            v.shape.map((_, i) => i).filter((i) => i !== a.dim),
            true,
          ),
        ),
      );
    const w = c.like(v);
    const n = c.like(g);
    c.emit('_weight_norm_interface', [v, g], [w, n], {
      elementwise: 3 * v.numel,
      work: memoryWork('norm', g.numel, v.numel / g.numel),
      saved: [v, g, n],
    });
    return w;
  }, 'torch._weight_norm(Tensor v, Tensor g, int dim=0)'),
  op((c, a) => {
    const r = batchNorm(c, a.input, a.running_mean, a.running_var, a.weight, a.bias, a.training);
    return new PyTuple([
      r,
      c.make([a.input.shape[1]], a.input.dtype, r.device),
      c.make([a.input.shape[1]], a.input.dtype, r.device),
    ]);
  }, 'torch.native_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float~ momentum, float~ eps)'),
];
