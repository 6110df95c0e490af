/**
 * Convolutions: all ranks, transposed, grouped, dilated, 'same' and 'valid'. FLOPs as FlopCounterMode's
 * `conv_flop_count`: 2 x batch x product of the weight's shape x spatial positions of the output (of the input when transposed).
 */
import { raise } from '../../python/errors.js';
import type { Work } from '../kernel.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type Bound, op } from '../operator.js';
import { scalarTypeName, shapeText } from '../promote.js';
import { channelsLastStrides, isContiguous, suggestsChannelsLast } from '../strides.js';
import { contiguousStrides, numelOf, type TensorValue } from '../tensor.js';
import { unsqueeze, view } from './views.js';

export interface ConvArgs {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly transposed: boolean;
  readonly outputPadding: readonly number[];
  readonly groups: number;
}

const spread = (xs: readonly number[], n: number, what: string): number[] => {
  if (xs.length === n) return xs.slice();
  if (xs.length === 1) return new Array<number>(n).fill(xs[0]!);
  return raise(
    'RuntimeError',
    `expected ${what} to be a single integer value or a list of ${n} values to match the convolution dimensions, but got ${what}=${shapeText(xs)}`,
  );
};

export function convolution(
  c: OpCall,
  input: TensorValue,
  weight: TensorValue,
  bias: TensorValue | null,
  args: ConvArgs,
): TensorValue {
  const n = weight.ndim - 2;
  const stride = spread(args.stride, n, 'stride');
  const padding = spread(args.padding, n, 'padding');
  const dilation = spread(args.dilation, n, 'dilation');
  const outputPadding = spread(args.outputPadding, n, 'output_padding');
  const { groups, transposed } = args;
  check(input, weight, bias, { stride, padding, dilation, transposed, outputPadding, groups });
  const k = weight.shape.slice(2);
  const outChannels = transposed ? weight.shape[1]! * groups : weight.shape[0]!;
  const spatial = k.map((size, i) => {
    const x = input.shape[i + 2]!;
    return transposed
      ? (x - 1) * stride[i]! - 2 * padding[i]! + dilation[i]! * (size - 1) + outputPadding[i]! + 1
      : Math.floor((x + 2 * padding[i]! - dilation[i]! * (size - 1) - 1) / stride[i]!) + 1;
  });
  if (spatial.some((d) => (transposed ? d < 1 : d < 0))) {
    raise(
      'RuntimeError',
      `Given input size per channel: (${input.shape.slice(2).join(' x ')}). Calculated output size per channel: (${spatial.join(' x ')}). Output size is too small`,
    );
  }
  const shape = [input.shape[0]!, outChannels, ...spatial];
  const last = n >= 2 && (suggestsLast(input) || suggestsLast(weight));
  const out = c.make(
    shape,
    input.dtype,
    c.commonDevice([input, weight, bias]),
    null,
    last ? channelsLastStrides(shape) : contiguousStrides(shape),
  );
  const positions = numelOf(transposed ? input.shape.slice(2) : spatial);
  const flops = 2 * input.shape[0]! * positions * weight.numel;
  const gi = c.needsGrad(input);
  const gw = c.needsGrad(weight);
  // FlopCounterMode takes the full channel product for the weight's gradient, groups or not
  const weightFlops = 2 * numelOf(k) * positions * input.shape[0]! * input.shape[1]! * outChannels;
  const work: Work = {
    kind: 'conv',
    groups,
    m: input.shape[0]! * (transposed ? positions : numelOf(spatial)),
    n: outChannels / groups,
    k: (input.shape[1]! / groups) * numelOf(k),
    spatialDims: n,
    kernelPositions: numelOf(k),
    transposed,
    depthwise: groups > 1 && groups === input.shape[1],
  };
  c.emit('convolution', [input, weight, bias], [out], {
    flops,
    elementwise: bias === null ? 0 : out.numel,
    work,
    saved: [gw ? input : null, gi ? weight : null],
    backwardFlops: (gi ? flops : 0) + (gw ? weightFlops : 0),
    backwardKernels: 1,
  });
  return out;
}

const suggestsLast = (t: TensorValue): boolean => suggestsChannelsLast(t) && !isContiguous(t.shape, t.strides);

function check(input: TensorValue, weight: TensorValue, bias: TensorValue | null, a: ConvArgs): void {
  const n = weight.ndim - 2;
  if (a.groups <= 0) raise('RuntimeError', 'non-positive groups is not supported');
  if (a.padding.some((p) => p < 0)) raise('RuntimeError', 'negative padding is not supported');
  if (a.outputPadding.some((p) => p < 0)) raise('RuntimeError', 'negative output_padding is not supported');
  if (a.stride.some((s) => s <= 0)) raise('RuntimeError', 'non-positive stride is not supported');
  if (a.dilation.some((d) => d <= 0)) raise('RuntimeError', 'dilation should be greater than zero');
  if (a.transposed && a.outputPadding.some((p, i) => p >= a.stride[i]! && p >= a.dilation[i]!))
    raise(
      'RuntimeError',
      `output padding must be smaller than either stride or dilation, but got output_padding_height: ${a.outputPadding[0]} stride_height: ${a.stride[0]} dilation_height: ${a.dilation[0]}`,
    );
  if (input.ndim !== weight.ndim)
    raise(
      'RuntimeError',
      `Expected ${n + 2}D (unbatched) or ${n + 2}D (batched) input to conv${n}d, but got input of size: ${shapeText(input.shape)}`,
    );
  const [w0, w1] = weight.shape as [number, number];
  const channels = input.shape[1]!;
  const text = `Given groups=${a.groups}, weight of size ${shapeText(weight.shape)}`;
  if (w0 < a.groups)
    raise(
      'RuntimeError',
      `${text}, expected weight to be at least ${a.groups} at dimension 0, but got weight of size ${shapeText(weight.shape)} instead`,
    );
  if (w0 % a.groups !== 0)
    raise(
      'RuntimeError',
      `${text}, expected weight to be divisible by ${a.groups} at dimension 0, but got weight of size [${weight.shape.join(', ')}] instead`,
    );
  const wanted = a.transposed ? w0 : w1 * a.groups;
  if (channels !== wanted && !Number.isNaN(channels) && !Number.isNaN(wanted)) {
    raise(
      'RuntimeError',
      `${a.transposed ? 'Given transposed=1' : `Given groups=${a.groups}`}, weight of size ${shapeText(weight.shape)}, expected input${shapeText(input.shape)} to have ${wanted} channels, but got ${channels} channels instead`,
    );
  }
  const biasSize = a.transposed ? w1 * a.groups : w0;
  if (bias !== null && (bias.ndim !== 1 || bias.shape[0] !== biasSize)) {
    raise(
      'RuntimeError',
      `${text}, expected bias to be 1-dimensional with ${biasSize} elements, but got bias of size ${shapeText(bias.shape)} instead`,
    );
  }
  if (input.dtype !== weight.dtype)
    raise(
      'RuntimeError',
      `Input type (${scalarTypeName(input.dtype)}) and weight type (${scalarTypeName(weight.dtype)}) should be the same`,
    );
  if (bias !== null && bias.dtype !== input.dtype)
    raise(
      'RuntimeError',
      `Input type (${scalarTypeName(input.dtype)}) and bias type (${scalarTypeName(bias.dtype)}) should be the same`,
    );
  if (!a.transposed) {
    const padded = input.shape.slice(2).map((d, i) => d + 2 * a.padding[i]!);
    const kernel = weight.shape.slice(2).map((d, i) => a.dilation[i]! * (d - 1) + 1);
    if (padded.some((d, i) => d < kernel[i]!))
      raise(
        'RuntimeError',
        `Calculated padded input size per channel: (${padded.join(' x ')}). Kernel size: (${kernel.join(' x ')}). Kernel size can't be greater than actual input size`,
      );
    if (weight.shape.slice(2).some((d) => d === 0)) raise('RuntimeError', 'non-positive kernel size');
  }
}

/** A call of F.conv*d: unbatched inputs get a batch dim for the time of the kernel. */
function conv(n: number, transposed: boolean) {
  return (c: OpCall, a: Bound): TensorValue => {
    const [input, weight, bias] = c.lower(a.input, a.weight, a.bias) as [TensorValue, TensorValue, TensorValue | null];
    const name = `conv${transposed ? '_transpose' : ''}${n}d`;
    if (weight.ndim !== n + 2)
      raise(
        'RuntimeError',
        `weight should have at least ${n + 2} dimensions: expected ${n + 2}-dimensional weight for ${name}, but got ${weight.ndim}-dimensional weight of size ${shapeText(weight.shape)}`,
      );
    if (input.ndim !== n + 1 && input.ndim !== n + 2)
      raise(
        'RuntimeError',
        `Expected ${n + 1}D (unbatched) or ${n + 2}D (batched) input to ${name}, but got input of size: ${shapeText(input.shape)}`,
      );
    const batched = input.ndim === n + 2;
    let x = batched ? input : unsqueeze(c, input, 0);
    let padding: number[] = [];
    if (typeof a.padding === 'string') {
      if (a.padding === 'valid') padding = new Array<number>(n).fill(0);
      else if (a.padding === 'same') {
        if (a.stride.some((s: number) => s !== 1))
          raise('RuntimeError', "padding='same' is not supported for strided convolutions");
        const dilation = spread(a.dilation, n, 'dilation');
        const total = weight.shape.slice(2).map((k, i) => dilation[i]! * (k - 1));
        if (total.some((t) => t % 2 === 1))
          x = padRight(
            c,
            x,
            total.map((t) => t % 2),
          );
        padding = total.map((t) => Math.floor(t / 2));
      } else raise('RuntimeError', `Invalid padding string: '${a.padding}'`);
    } else padding = a.padding;
    const out = convolution(c, x, weight, bias, {
      stride: a.stride,
      padding,
      dilation: a.dilation,
      transposed,
      outputPadding: a.output_padding ?? [0],
      groups: a.groups,
    });
    return batched ? out : view(c, out, out.shape.slice(1));
  };
}

/** One more row or column of zeros at the end where 'same' needs an odd amount. */
function padRight(c: OpCall, t: TensorValue, extra: readonly number[]): TensorValue {
  const shape = t.shape.map((d, i) => (i < 2 ? d : d + extra[i - 2]!));
  const out = c.make(shape, t.dtype, t.device);
  c.emit('constant_pad_nd', [t], [out], { elementwise: 0, work: memoryWork('copy', 1, out.numel) });
  return out;
}

export const convolutionOperators = [1, 2, 3]
  .flatMap((n) => [
    op(
      conv(n, false),
      `F.conv${n}d, torch.conv${n}d(Tensor input, Tensor weight, Tensor? bias=None, int[${n}] stride=1, int[${n}] padding=0, int[${n}] dilation=1, int groups=1)`,
      `F.conv${n}d, torch.conv${n}d(Tensor input, Tensor weight, Tensor? bias=None, int[${n}] stride=1, str padding="valid", int[${n}] dilation=1, int groups=1)`,
    ),
    op(
      conv(n, true),
      `F.conv_transpose${n}d, torch.conv_transpose${n}d(Tensor input, Tensor weight, Tensor? bias=None, int[${n}] stride=1, int[${n}] padding=0, int[${n}] output_padding=0, int groups=1, int[${n}] dilation=1)`,
    ),
  ])
  .concat([
    op(
      (c, a) =>
        convolution(c, a.input, a.weight, a.bias, {
          stride: a.stride,
          padding: a.padding,
          dilation: a.dilation,
          transposed: a.transposed,
          outputPadding: a.output_padding,
          groups: a.groups,
        }),
      'torch.convolution(Tensor input, Tensor weight, Tensor? bias, int[] stride, int[] padding, int[] dilation, bool transposed, int[] output_padding, int groups)',
    ),
    op((c, a) => {
      if (a.input.ndim !== 3) raise('RuntimeError', 'Input must have 3 dims: time, batch, in_channel');
      const [t, b] = a.input.shape;
      const [k, ci, co] = a.weight.shape;
      const out = c.make([t + 2 * a.pad - k + 1, b, co], a.input.dtype, a.input.device);
      c.emit('conv_tbc', [a.input, a.weight, a.bias], [out], {
        elementwise: 2 * out.numel * k * ci,
        saved: [a.input, a.weight],
      });
      return out;
    }, 'torch.conv_tbc, F.conv_tbc(Tensor input, Tensor weight, Tensor bias, int pad=0)'),
  ]);
