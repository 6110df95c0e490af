/** Padding, interpolation, sampling grids, patches, pixel shuffles, torchvision's own operators. */
import { raise } from '../../python/errors.js';
import { PyTuple } from '../../python/values.js';
import { dtypes } from '../dtype.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type Bound, type OperatorDeclaration, op } from '../operator.js';
import { isFloating, isIntegral, scalarTypeName, shapeText } from '../promote.js';
import { preservedStrides, suggestsChannelsLast } from '../strides.js';
import { contiguousStrides, numelOf, type TensorValue } from '../tensor.js';
import { clone } from './copy.js';
import { adaptiveAvgPool } from './pooling.js';
import { permute, reshape, squeeze, unsqueeze, view } from './views.js';

/** Amounts are given from the last dim backwards, as F.pad takes them. */
export function pad(c: OpCall, t: TensorValue, amounts: readonly number[], mode: string, value: number): TensorValue {
  if (amounts.length % 2 !== 0) raise('RuntimeError', 'Padding length must be divisible by 2');
  if (amounts.length > 2 * t.ndim)
    raise(
      'RuntimeError',
      `Padding length should be less than or equal to two times the input dimension but got padding length ${amounts.length} and input of dimension ${t.ndim}`,
    );
  const n = amounts.length / 2;
  const shape = t.shape.map((d, i) => {
    const k = t.ndim - 1 - i;
    return k < n ? d + amounts[2 * k]! + amounts[2 * k + 1]! : d;
  });
  if (mode === 'constant') {
    if (shape.some((d) => d < 0))
      raise(
        'RuntimeError',
        `The input size ${shapeText(t.shape)}, plus negative padding ${shapeText(amounts)}, resulted in a negative output size, which is invalid.`,
      );
    const out = c.make(
      shape,
      t.dtype,
      t.device,
      padValues(t, shape, amounts, value),
      suggestsChannelsLast(t) ? preservedFor(t, shape) : contiguousStrides(shape),
    );
    c.emit('constant_pad_nd', [t], [out], { elementwise: 0, work: memoryWork('copy', 1, out.numel) });
    return out;
  }
  if (value !== 0) raise('ValueError', `Padding mode "${mode}" doesn't take in value argument`);
  if (!['reflect', 'replicate', 'circular'].includes(mode))
    raise('NotImplementedError', `Unrecognised padding mode ${mode}`);
  const rank = t.ndim;
  const supported =
    (n === 1 && (rank === 2 || rank === 3)) ||
    (n === 2 && (rank === 3 || rank === 4)) ||
    (n === 3 && (rank === 4 || rank === 5));
  if (!supported) {
    if (mode === 'circular') {
      if (rank !== n + 2 && rank !== n + 1)
        raise('NotImplementedError', 'Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now');
    } else raise('NotImplementedError', 'Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now');
  }
  for (let k = 0; k < n; k++) {
    const d = t.shape[rank - 1 - k]!;
    const [left, right] = [amounts[2 * k]!, amounts[2 * k + 1]!];
    if (mode === 'reflect' && (left >= d || right >= d))
      raise(
        'RuntimeError',
        `Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (${left}, ${right}) at dimension ${rank - 1 - k} of input ${shapeText(t.shape)}`,
      );
    if (mode === 'circular' && (left > d || right > d))
      raise('RuntimeError', 'Padding value causes wrapping around more than once.');
  }
  if (mode === 'circular' && rank !== n + 2 && rank !== n + 1)
    raise('RuntimeError', `circular padding: input must be ${n + 2}-d`);
  if (shape.some((d) => d < 1))
    raise('RuntimeError', `input (${shapeText(t.shape)}) is too small for padding ${shapeText(amounts)}`);
  const out = c.make(shape, t.dtype, t.device);
  if (mode === 'circular') {
    // the middle, then each side that is padded, copied in place
    let copies = 1;
    for (const a of amounts) if (a > 0) copies++;
    const share = out.numel / copies;
    for (let i = 0; i < copies; i++) {
      const part = c.make([share], t.dtype, t.device);
      c.emit('copy_', [i === 0 ? t : part, part], [part], {
        elementwise: 0,
        work: memoryWork('copy', 1, share),
        differentiable: false,
      });
    }
    if (c.needsGrad(t)) {
      out.requiresGrad = true;
      c.emit('pad_circular', [t], [out], { isView: true, elementwise: 0, work: { kind: 'view' } });
    }
    return out;
  }
  const kernel = `${mode === 'reflect' ? 'reflection' : 'replication'}_pad${n}d`;
  c.emit(kernel, [t], [out], { elementwise: 0, work: memoryWork('copy', 1, out.numel), saved: [] });
  return out;
}

const preservedFor = (t: TensorValue, shape: readonly number[]): readonly number[] => {
  const p = preservedStrides(t);
  const order = p
    .map((s, i) => [s, i] as const)
    .sort((a, b) => b[0] - a[0] || a[1] - b[1])
    .map(([, i]) => i);
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let k = order.length - 1; k >= 0; k--) {
    strides[order[k]!] = step;
    step *= Math.max(1, shape[order[k]!]!);
  }
  return strides;
};

function padValues(
  t: TensorValue,
  shape: readonly number[],
  amounts: readonly number[],
  value: number,
): number[] | null {
  const known = t.values;
  const total = numelOf(shape);
  if (known === null || !(total <= 4096)) return null;
  const step = contiguousStrides(shape);
  const own = contiguousStrides(t.shape);
  return Array.from({ length: total }, (_, k) => {
    let p = 0;
    for (let i = 0; i < shape.length; i++) {
      const back = shape.length - 1 - i;
      const at = (Math.floor(k / step[i]!) % shape[i]!) - (2 * back < amounts.length ? amounts[2 * back]! : 0);
      if (at < 0 || at >= t.shape[i]!) return value;
      p += at * own[i]!;
    }
    return known[p]!;
  });
}

const interpolations: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  nearest: { 3: 'upsample_nearest1d', 4: 'upsample_nearest2d', 5: 'upsample_nearest3d' },
  'nearest-exact': { 3: '_upsample_nearest_exact1d', 4: '_upsample_nearest_exact2d', 5: '_upsample_nearest_exact3d' },
  linear: { 3: 'upsample_linear1d' },
  bilinear: { 4: 'upsample_bilinear2d' },
  bicubic: { 4: 'upsample_bicubic2d' },
  trilinear: { 5: 'upsample_trilinear3d' },
};

function interpolate(c: OpCall, a: Bound): TensorValue {
  const t: TensorValue = a.input;
  const n = t.ndim - 2;
  const mode: string = a.mode;
  const linearMode = ['linear', 'bilinear', 'bicubic', 'trilinear'].includes(mode);
  if (!linearMode && a.align_corners !== null)
    raise(
      'ValueError',
      'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear',
    );
  if (a.size !== null && a.scale_factor !== null)
    raise('ValueError', 'only one of size or scale_factor should be defined');
  if (a.size === null && a.scale_factor === null) raise('ValueError', 'either size or scale_factor should be defined');
  const spread = (xs: number[], what: string): number[] => {
    if (xs.length === 1 && n !== 1) return new Array<number>(n).fill(xs[0]!);
    if (xs.length !== n)
      raise(
        'ValueError',
        `Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of ${shapeText(t.shape.slice(2))} and ${what} of ${shapeText(xs)}`,
      );
    return xs;
  };
  const one = (x: any): number[] => (Array.isArray(x) ? x : [x]);
  if (a.size !== null && Array.isArray(a.size) && a.size.length !== n)
    spread([...a.size, ...(a.size.length === 1 ? [0, 0, 0, 0] : [])], 'output size');
  const size =
    a.size !== null
      ? spread(one(a.size), 'output size')
      : spread(one(a.scale_factor), 'scale_factor').map((s, i) => Math.floor(t.shape[i + 2]! * s));
  if (n < 1)
    raise(
      'NotImplementedError',
      `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${t.ndim}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | area | nearest-exact (got ${mode})`,
    );
  if (mode === 'area') return adaptive(c, t, size, n);
  const kernel = interpolations[mode]?.[t.ndim];
  if (kernel === undefined) raise('NotImplementedError', `Got ${t.ndim}D input, but ${mode} mode needs another rank`);
  if (size.some((d) => d <= 0) || t.shape.slice(2).some((d) => d <= 0))
    raise(
      'RuntimeError',
      `Input and output sizes should be greater than 0, but got input ${shapeText(t.shape.slice(2))} output ${shapeText(size)}`,
    );
  if (t.numel === 0 && t.shape.slice(1).includes(0))
    raise(
      'RuntimeError',
      `Non-empty ${t.ndim}D data tensor expected but got a tensor with sizes ${shapeText(t.shape)}`,
    );
  if (a.antialias && !(mode === 'bilinear' || mode === 'bicubic'))
    raise(
      'ValueError',
      'Anti-alias option is restricted to bilinear and bicubic modes and requires a 4-D tensor as input',
    );
  if (isIntegral(t.dtype) && !(t.dtype === dtypes.uint8))
    raise('RuntimeError', `"${kernel}" not implemented for '${scalarTypeName(t.dtype)}'`);
  const shape = [...t.shape.slice(0, 2), ...size];
  const out = c.make(
    shape,
    t.dtype,
    t.device,
    null,
    suggestsChannelsLast(t) ? preservedFor(t, shape) : contiguousStrides(shape),
  );
  const taps = mode === 'bicubic' ? 16 : mode.startsWith('nearest') ? 0 : 2 ** n;
  c.emit(a.antialias ? `_${kernel}_aa` : kernel, [t], [out], {
    elementwise: 2 * taps * out.numel,
    work: memoryWork('interpolate', 1, out.numel),
  });
  return out;
}

function adaptive(c: OpCall, t: TensorValue, size: number[], n: number): TensorValue {
  if (n === 1) return squeeze(c, adaptiveAvgPool(c, unsqueeze(c, t, -2), [1, size[0]!], 2), [-2]);
  return adaptiveAvgPool(c, t, size, n);
}

function gridSample(c: OpCall, t: TensorValue, grid: TensorValue): TensorValue {
  const [x, g] = c.widest([t, grid]) as [TensorValue, TensorValue];
  if (x.ndim !== g.ndim || (x.ndim !== 4 && x.ndim !== 5))
    raise(
      'RuntimeError',
      `grid_sampler(): expected grid to have ${x.ndim} dimensions like input: input with sizes ${shapeText(x.shape)} and grid with sizes ${shapeText(g.shape)}`,
    );
  if (x.shape[0] !== g.shape[0] && !Number.isNaN(x.shape[0]! + g.shape[0]!))
    raise(
      'RuntimeError',
      `grid_sampler(): expected grid and input to have same batch size, but got input with sizes ${shapeText(x.shape)} and grid with sizes ${shapeText(g.shape)}`,
    );
  if (g.shape[g.ndim - 1] !== x.ndim - 2)
    raise(
      'RuntimeError',
      `grid_sampler(): expected grid to have size ${x.ndim - 2} in last dimension, but got grid with sizes ${shapeText(g.shape)}`,
    );
  if (x.dtype !== g.dtype)
    raise(
      'RuntimeError',
      `grid_sampler(): expected input and grid to have same dtype, but input has ${x.dtype.name} and grid has ${g.dtype.name}`,
    );
  const out = c.make([x.shape[0]!, x.shape[1]!, ...g.shape.slice(1, -1)], x.dtype, c.commonDevice([x, g]));
  c.emit(`grid_sampler_${x.ndim - 2}d`, [x, g], [out], {
    elementwise: out.numel * 4 * (x.ndim - 2),
    work: memoryWork('interpolate', 1, out.numel),
    saved: [x, g],
  });
  return out;
}

function im2col(c: OpCall, a: Bound): TensorValue {
  const t: TensorValue = a.input;
  if (t.ndim !== 3 && t.ndim !== 4)
    raise(
      'RuntimeError',
      `Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: ${shapeText(t.shape)}`,
    );
  const off = t.ndim - 2;
  const blocks = [0, 1].map(
    (i) =>
      Math.floor((t.shape[off + i]! + 2 * a.padding[i] - a.dilation[i] * (a.kernel_size[i] - 1) - 1) / a.stride[i]) + 1,
  );
  if (blocks.some((b) => b < 1))
    raise(
      'RuntimeError',
      `Given input with spatial size (${t.shape.slice(off).join(', ')}), kernel_size=(${a.kernel_size.join(', ')}), dilation=(${a.dilation.join(', ')}), padding=(${a.padding.join(', ')}), calculated shape of the array of sliding blocks as (${blocks.join(', ')}), but its components must be at least one.`,
    );
  const out = c.make(
    [...t.shape.slice(0, off - 1), t.shape[off - 1]! * numelOf(a.kernel_size), numelOf(blocks)],
    t.dtype,
    t.device,
  );
  c.emit('im2col', [t], [out], { elementwise: 0, work: memoryWork('copy', 1, out.numel) });
  return out;
}

function col2im(c: OpCall, a: Bound): TensorValue {
  const t: TensorValue = a.input;
  if (t.ndim !== 2 && t.ndim !== 3)
    raise(
      'RuntimeError',
      `Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, but got: ${shapeText(t.shape)}`,
    );
  const k = numelOf(a.kernel_size);
  const planes = t.shape[t.ndim - 2]!;
  if (planes % k !== 0)
    raise(
      'RuntimeError',
      `Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)=${planes} and kernel_size=(${a.kernel_size.join(', ')}).`,
    );
  const blocks = [0, 1].map(
    (i) =>
      Math.floor((a.output_size[i] + 2 * a.padding[i] - a.dilation[i] * (a.kernel_size[i] - 1) - 1) / a.stride[i]) + 1,
  );
  if (numelOf(blocks) !== t.shape[t.ndim - 1] && !Number.isNaN(numelOf(blocks) + t.shape[t.ndim - 1]!))
    raise(
      'RuntimeError',
      `Given output_size=(${a.output_size.join(', ')}), kernel_size=(${a.kernel_size.join(', ')}), expected size of input's dimension 2 to match the calculated number of sliding blocks ${blocks[0]} * ${blocks[1]} = ${numelOf(blocks)}, but got input.size(2)=${t.shape[t.ndim - 1]}.`,
    );
  const out = c.make([...t.shape.slice(0, -2), planes / k, ...a.output_size], t.dtype, t.device);
  c.emit('col2im', [t], [out], { elementwise: t.numel, work: memoryWork('scatter', 1, t.numel) });
  return out;
}

function shuffled(c: OpCall, name: string, t: TensorValue, shape: readonly number[]): TensorValue {
  const out = c.make(shape, t.dtype, t.device);
  c.emit(name, [t], [out], { elementwise: 0, work: memoryWork('copy', 1, out.numel) });
  return out;
}

function pixelShuffle(c: OpCall, t: TensorValue, r: number): TensorValue {
  if (t.ndim < 3)
    raise(
      'RuntimeError',
      `pixel_shuffle expects input to have at least 3 dimensions, but got input with ${t.ndim} dimension(s)`,
    );
  if (r <= 0) raise('RuntimeError', `pixel_shuffle expects a positive upscale_factor, but got ${r}`);
  const [ch, h, w] = t.shape.slice(-3) as [number, number, number];
  if (ch % (r * r) !== 0)
    raise(
      'RuntimeError',
      `pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=${ch} is not divisible by ${r * r}`,
    );
  const shape = [...t.shape.slice(0, -3), ch / (r * r), h * r, w * r];
  return shuffled(c, 'pixel_shuffle', t, shape);
}

function pixelUnshuffle(c: OpCall, t: TensorValue, r: number): TensorValue {
  if (t.ndim < 3)
    raise(
      'RuntimeError',
      `pixel_unshuffle expects input to have at least 3 dimensions, but got input with ${t.ndim} dimension(s)`,
    );
  const [ch, h, w] = t.shape.slice(-3) as [number, number, number];
  if (h % r !== 0 || w % r !== 0)
    raise(
      'RuntimeError',
      `pixel_unshuffle expects height and width to be divisible by downscale_factor, but input.size(-2)=${h}, input.size(-1)=${w} and downscale_factor=${r}`,
    );
  return shuffled(c, 'pixel_unshuffle', t, [...t.shape.slice(0, -3), ch * r * r, h / r, w / r]);
}

/** torchvision.ops: nms keeps an unknown number of boxes. */
const torchvision: OperatorDeclaration[] = [
  op((c, a) => {
    if (a.dets.ndim !== 2 || a.dets.shape[1] !== 4)
      raise('RuntimeError', `boxes should be a 2d tensor with 4 columns, got ${shapeText(a.dets.shape)}`);
    const out = c.make([Number.NaN], dtypes.int64, a.dets.device);
    c.emit('nms', [a.dets, a.scores], [out], {
      elementwise: a.dets.shape[0] ** 2,
      work: memoryWork('other', 1, a.dets.numel),
      differentiable: false,
    });
    return out;
  }, 'torch.ops.torchvision.nms(Tensor dets, Tensor scores, float~ iou_threshold)'),
  ...['roi_align', 'roi_pool', 'ps_roi_align', 'ps_roi_pool'].map((n) =>
    op((c, a) => {
      const ch = n.startsWith('ps_') ? a.input.shape[1] / (a.pooled_height * a.pooled_width) : a.input.shape[1];
      const out = c.make([a.rois.shape[0], ch, a.pooled_height, a.pooled_width], a.input.dtype, a.input.device);
      const outs = n === 'roi_align' ? [out] : [out, c.make(out.shape, dtypes.int32, out.device)];
      c.emit(n, [a.input, a.rois], outs, {
        elementwise: 16 * out.numel,
        work: memoryWork('interpolate', 1, out.numel),
        saved: [a.input, a.rois],
      });
      return n === 'roi_align' ? out : new PyTuple(outs);
    }, `torch.ops.torchvision.${n}(Tensor input, Tensor rois, float~ spatial_scale, SymInt pooled_height, SymInt pooled_width, int~ sampling_ratio=-1, bool~ aligned=False)`),
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    const w: TensorValue = a.weight;
    const extent = (i: number, s: number, p: number, d: number): number =>
      Math.floor((t.shape[i + 2]! + 2 * p - d * (w.shape[i + 2]! - 1) - 1) / s) + 1;
    const out = c.make(
      [
        t.shape[0]!,
        w.shape[0]!,
        extent(0, a.stride_h, a.pad_h, a.dilation_h),
        extent(1, a.stride_w, a.pad_w, a.dilation_w),
      ],
      t.dtype,
      t.device,
    );
    c.emit('deform_conv2d', [t, w, a.offset, a.mask, a.bias], [out], {
      elementwise: 2 * out.numel * (w.numel / w.shape[0]!),
      work: memoryWork('other', 1, out.numel),
      saved: [t, w, a.offset, a.mask],
    });
    return out;
  }, 'torch.ops.torchvision.deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, int stride_h, int stride_w, int pad_h, int pad_w, int dilation_h, int dilation_w, int groups, int offset_groups, bool use_mask)'),
];

const scales = ['', 'SymInt[]? size=None, float[1]? scale_factor=None'];

export const visionOperators: OperatorDeclaration[] = [
  op(
    (c, a) => pad(c, a.input, a.pad, a.mode, a.value ?? 0),
    'F.pad, torch._C._nn.pad(Tensor input, SymInt[] pad, str mode="constant", float? value=None)',
  ),
  op(
    (c, a) => pad(c, a.input, a.pad, 'constant', a.value.value),
    'torch.constant_pad_nd(Tensor input, SymInt[] pad, Scalar value=0)',
  ),
  ...(['interpolate', 'upsample'] as const).map((n) =>
    op(
      interpolate,
      `F.${n}(Tensor input, SymInt? size=None, float? scale_factor=None, str mode="nearest", bool? align_corners=None, bool? recompute_scale_factor=None, bool antialias=False)`,
      `F.${n}(Tensor input, SymInt[]? size=None, float? scale_factor=None, str mode="nearest", bool? align_corners=None, bool? recompute_scale_factor=None, bool antialias=False)`,
      `F.${n}(Tensor input, ${scales[1]}, str mode="nearest", bool? align_corners=None, bool? recompute_scale_factor=None, bool antialias=False)`,
    ),
  ),
  op(
    (c, a) => interpolate(c, { ...a, mode: 'nearest', align_corners: null, antialias: false }),
    'F.upsample_nearest(Tensor input, SymInt? size=None, float? scale_factor=None)',
  ),
  op(
    (c, a) =>
      interpolate(c, {
        ...a,
        mode: a.input.ndim === 5 ? 'trilinear' : 'bilinear',
        align_corners: true,
        antialias: false,
      }),
    'F.upsample_bilinear(Tensor input, SymInt? size=None, float? scale_factor=None)',
  ),
  op(
    (c, a) => gridSample(c, a.input, a.grid),
    'F.grid_sample(Tensor input, Tensor grid, str mode="bilinear", str padding_mode="zeros", bool? align_corners=None)',
    'torch.grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners)',
  ),
  op((c, a) => {
    const t: TensorValue = a.theta;
    if (!isFloating(t.dtype))
      raise('ValueError', `Expected theta to have floating point type, but got ${t.dtype.name}`);
    const n = a.size.length - 2;
    if (n !== 2 && n !== 3)
      raise(
        'NotImplementedError',
        `affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size ${shapeText(a.size)}`,
      );
    if (t.ndim !== 3 || t.shape[1] !== n || t.shape[2] !== n + 1)
      raise(
        'ValueError',
        `Expected a batch of ${n}D affine matrices of shape Nx${n}x${n + 1} for size ${shapeText(a.size)}. Got ${shapeText(t.shape)}.`,
      );
    const out = c.make([a.size[0], ...a.size.slice(2), n], t.dtype, t.device);
    c.emit('affine_grid_generator', [t], [out], {
      backwardFlops: 2 * out.numel * (n + 1),
      elementwise: 6 * out.numel,
      work: memoryWork('interpolate', 1, out.numel),
    });
    return out;
  }, 'F.affine_grid(Tensor theta, SymInt[] size, bool? align_corners=None)'),
  op(im2col, 'F.unfold(Tensor input, int[2] kernel_size, int[2] dilation=1, int[2] padding=0, int[2] stride=1)'),
  op(
    col2im,
    'F.fold(Tensor input, SymInt[2] output_size, int[2] kernel_size, int[2] dilation=1, int[2] padding=0, int[2] stride=1)',
  ),
  op(
    (c, a) => pixelShuffle(c, a.input, a.upscale_factor),
    'F.pixel_shuffle, torch.pixel_shuffle(Tensor input, int upscale_factor)',
  ),
  op(
    (c, a) => pixelUnshuffle(c, a.input, a.downscale_factor),
    'F.pixel_unshuffle, torch.pixel_unshuffle(Tensor input, int downscale_factor)',
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    if (t.ndim <= 2)
      raise(
        'RuntimeError',
        `channel_shuffle expects input with > 2 dims, but got input with sizes ${shapeText(t.shape)}`,
      );
    if (t.shape[1]! % a.groups !== 0)
      raise(
        'RuntimeError',
        `Number of channels must be divisible by groups. Got ${t.shape[1]} channels and ${a.groups} groups.`,
      );
    if (c.since(2)) return shuffled(c, 'channel_shuffle', t, t.shape);
    const wide = view(c, t, [t.shape[0]!, a.groups, t.shape[1]! / a.groups, ...t.shape.slice(2)]);
    return reshape(
      c,
      clone(c, permute(c, wide, [0, 2, 1, ...wide.shape.map((_, i) => i).slice(3)]), 'contiguous_format'),
      t.shape,
    );
  }, 'F.channel_shuffle, F.native_channel_shuffle, torch.channel_shuffle, torch.native_channel_shuffle(Tensor input, int groups)'),
  op((c, a) => {
    const t: TensorValue = a.input;
    const fold = Math.floor(t.shape[1]! * a.shift_ratio);
    void fold;
    return shuffled(c, 'temporal_shift', t, t.shape);
  }, 'F.temporal_shift(Tensor input, int seg_num, float shift_ratio=0.25)'),
  ...torchvision,
];
