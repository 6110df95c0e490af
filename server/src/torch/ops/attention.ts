/**
 * scaled_dot_product_attention. Since PyTorch 2 one fused kernel (counted at full cost as FlopCounterMode's
 * `sdpa_flop`), before that the products it stands for.
 */
import { raise } from '../../python/errors.js';
import { dtypes } from '../dtype.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { op } from '../operator.js';
import { isFloating, scalarTypeName, shapeText } from '../promote.js';
import { broadcastShapes, preservedStrides } from '../strides.js';
import { numelOf, type TensorValue } from '../tensor.js';
import { dropout, softmax } from './activation.js';
import { floatScalar } from './elementwise.js';
import { repeatInterleave } from './join.js';
import { matmul } from './matmul.js';
import { add, mul } from './pointwise.js';
import { transpose } from './views.js';

interface Sdpa {
  query: TensorValue;
  key: TensorValue;
  value: TensorValue;
  attn_mask: TensorValue | null;
  dropout_p: number;
  is_causal: boolean;
  scale: number | null;
  enable_gqa: boolean;
}

function check(a: Sdpa): void {
  const { query: q, key: k, value: v } = a;
  if (q.ndim < 2 || k.ndim < 2 || v.ndim < 2)
    raise(
      'RuntimeError',
      `Expected query, key, and value to all be  at least 2 dimensional, but got Query dim: ${q.ndim}, Key dim: ${k.ndim}, Value dim: ${v.ndim} instead.`,
    );
  if (q.dtype !== k.dtype || q.dtype !== v.dtype)
    raise(
      'RuntimeError',
      `Expected query, key, and value to have the same dtype, but got query.dtype: ${q.dtype.name} key.dtype: ${k.dtype.name} and value.dtype: ${v.dtype.name} instead.`,
    );
  if (a.is_causal && a.attn_mask !== null)
    raise('RuntimeError', '_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True');
  if (
    a.attn_mask !== null &&
    a.attn_mask.dtype !== dtypes.bool &&
    a.attn_mask.dtype !== q.dtype &&
    a.attn_mask.dtype !== dtypes.float32
  ) {
    raise(
      'RuntimeError',
      `Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: ${a.attn_mask.dtype.name} and  query.dtype: ${q.dtype.name} instead.`,
    );
  }
  if (!isFloating(q.dtype)) raise('RuntimeError', `"baddbmm" not implemented for '${scalarTypeName(q.dtype)}'`);
  const d = q.shape[q.ndim - 1]!;
  const dk = k.shape[k.ndim - 1]!;
  const t = k.shape[k.ndim - 2]!;
  const tv = v.shape[v.ndim - 2]!;
  const differs = (x: number, y: number): boolean => x !== y && !Number.isNaN(x) && !Number.isNaN(y);
  if (differs(d, dk) || differs(t, tv)) {
    raise(
      'RuntimeError',
      `mat1 and mat2 shapes cannot be multiplied: query ${shapeText(q.shape)}, key ${shapeText(k.shape)}, value ${shapeText(v.shape)}`,
    );
  }
  if (a.enable_gqa && q.ndim > 2) {
    const hq = q.shape[q.ndim - 3]!;
    const hk = k.shape[k.ndim - 3]!;
    const hv = v.shape[v.ndim - 3]!;
    if (hq % hk !== 0 || hq % hv !== 0)
      raise(
        'RuntimeError',
        `Number of heads in key and value must divide the number of heads in query (query ${shapeText(q.shape)}, key ${shapeText(k.shape)}, value ${shapeText(v.shape)})`,
      );
  } else {
    broadcastShapes(q.shape.slice(0, -2), k.shape.slice(0, -2));
    broadcastShapes(k.shape.slice(0, -2), v.shape.slice(0, -2));
  }
  if (a.attn_mask !== null) {
    const m = a.attn_mask;
    const target = [...q.shape.slice(0, -1), t];
    const off = target.length - m.ndim;
    if (off < 0 || m.shape.some((x, i) => x !== 1 && differs(x, target[i + off]!))) {
      raise(
        'RuntimeError',
        `The expanded size of the tensor must match the existing size: attn_mask ${shapeText(m.shape)} does not broadcast to ${shapeText(target)}`,
      );
    }
  }
}

/** Queries and keys multiplied, masked, softmaxed and multiplied with the values: what the fused kernel stands for. */
function composite(c: OpCall, a: Sdpa, modern: boolean): TensorValue {
  let { query: q, key: k, value: v } = a;
  const s = q.shape[q.ndim - 2]!;
  const t = k.shape[k.ndim - 2]!;
  if (a.enable_gqa && q.ndim > 2) {
    const hq = q.shape[q.ndim - 3]!;
    if (k.shape[k.ndim - 3] !== hq) {
      k = repeatInterleave(c, k, hq / k.shape[k.ndim - 3]!, k.ndim - 3);
      v = repeatInterleave(c, v, hq / v.shape[v.ndim - 3]!, v.ndim - 3);
    }
  }
  q = mul(c, q, floatScalar(Number.NaN));
  let kt = transpose(c, k, -2, -1);
  if (modern) kt = mul(c, kt, floatScalar(Number.NaN));
  let att = matmul(c, q, kt);
  if (a.is_causal) {
    const mask = c.make([s, t], dtypes.bool, q.device);
    c.emit('ones', [], [mask], { work: memoryWork('factory', 1, mask.numel) });
    const lower = c.make([s, t], dtypes.bool, q.device);
    c.emit('tril', [mask], [lower], { elementwise: 0, work: memoryWork('copy', 1, mask.numel) });
    if (modern) att = add(c, att, floatMask(c, lower, q));
    else {
      const inverse = c.make([s, t], dtypes.bool, q.device);
      c.emit('bitwise_not', [lower], [inverse], {});
      att = maskedFill(c, att, inverse);
    }
  } else if (a.attn_mask !== null) {
    if (a.attn_mask.dtype !== dtypes.bool) att = add(c, att, a.attn_mask);
    else if (modern) att = add(c, att, floatMask(c, a.attn_mask, q));
    else {
      const inverse = c.like(a.attn_mask);
      c.emit('bitwise_not', [a.attn_mask], [inverse], {});
      att = maskedFill(c, att, inverse);
    }
  }
  att = softmax(c, att, -1, null, false, modern ? '_safe_softmax' : null);
  if (a.dropout_p > 0) att = dropout(c, att, a.dropout_p, true);
  return matmul(c, att, v);
}

function maskedFill(c: OpCall, t: TensorValue, mask: TensorValue): TensorValue {
  const out = c.make(broadcastShapes(t.shape, mask.shape), t.dtype, t.device);
  c.emit('masked_fill', [t, mask], [out], { saved: [mask] });
  return out;
}

/** A bool mask becomes 0 and -inf before a fused kernel. */
function floatMask(c: OpCall, mask: TensorValue, q: TensorValue): TensorValue {
  const out = c.make(mask.shape, q.dtype, q.device);
  for (let i = 0; i < 2; i++)
    c.emit('scalar_tensor', [], [c.make([], q.dtype, q.device)], { work: memoryWork('factory', 1, 1) });
  const scalars = [c.make([], q.dtype, q.device), c.make([], q.dtype, q.device)];
  c.emit('where', [mask, ...scalars], [out], { differentiable: false });
  return out;
}

function fused(c: OpCall, a: Sdpa): TensorValue {
  const { query: q, key: k, value: v } = a;
  const mask = a.attn_mask !== null && a.attn_mask.dtype === dtypes.bool ? floatMask(c, a.attn_mask, q) : a.attn_mask;
  const [b, h, s, d] = q.shape as [number, number, number, number];
  const kv = k.shape[1]!;
  const t = k.shape[2]!;
  const dv = v.shape[3]!;
  // the result has the layout of the query
  const out = c.make([b, h, s, dv], q.dtype, c.commonDevice([q, k, v]), null, preservedStrides(q));
  const lse = c.make([b, h, s], dtypes.float32, q.device);
  const flops = 2 * b * h * s * t * (d + dv);
  // As FlopCounterMode counts on the meta device, where attention is its composite: the gradients of query, key, scores
  // and value, four products. A fused kernel forms the scores once more, which that count does not show.
  const backwardFlops = 2 * b * h * s * t * (2 * d + 2 * dv);
  const causal = a.is_causal;
  const cuda = q.device.startsWith('cuda');
  const name = !cuda
    ? '_scaled_dot_product_flash_attention_for_cpu'
    : mask !== null || q.dtype === dtypes.float32
      ? '_scaled_dot_product_efficient_attention'
      : '_scaled_dot_product_flash_attention';
  c.emit(name, [q, k, v, mask], [out, lse], {
    flops,
    // only pairs with key <= query count when causal
    useful: causal ? 2 * b * h * (d + dv) * causalPairs(s, t) : flops,
    elementwise: 5 * b * h * s * t,
    work: { kind: 'attention', heads: b * h, kvHeads: b * kv, s, t, d, dv, causal, masked: mask !== null },
    saved: [q, k, v, out, lse, mask],
    backwardFlops,
    backwardKernels: 1,
  });
  return out;
}

/** Pairs (i, j) with j <= i for s queries over t keys, upper-left aligned as `is_causal` means it. */
function causalPairs(s: number, t: number): number {
  return s <= t ? (s * (s + 1)) / 2 : (t * (t + 1)) / 2 + (s - t) * t;
}

export function scaledDotProductAttention(c: OpCall, given: Sdpa): TensorValue {
  const [query, key, value, mask] = c.lower(
    given.query,
    given.key,
    given.value,
    given.attn_mask?.dtype === dtypes.bool ? null : given.attn_mask,
  ) as [TensorValue, TensorValue, TensorValue, TensorValue | null];
  const a: Sdpa = {
    ...given,
    query,
    key,
    value,
    attn_mask: given.attn_mask?.dtype === dtypes.bool ? given.attn_mask : mask,
  };
  check(a);
  const { query: q, key: k, value: v } = a;
  return c.withoutAutocast(() => {
    if (!c.since(2)) return composite(c, a, false);
    const four = q.ndim === 4 && k.ndim === 4 && v.ndim === 4;
    const heads = a.enable_gqa || (q.shape[1] === k.shape[1] && q.shape[1] === v.shape[1]);
    const batch = q.shape[0] === k.shape[0] && q.shape[0] === v.shape[0];
    const sameWidth = Object.is(q.shape[3], v.shape[3]);
    if (
      q.device === 'meta' ||
      !four ||
      !heads ||
      !batch ||
      !sameWidth ||
      numelOf(q.shape) === 0 ||
      c.needsGrad(a.attn_mask)
    )
      return composite(c, a, true);
    return fused(c, a);
  });
}

export const attentionOperators = [
  op(
    (c, a) => scaledDotProductAttention(c, a),
    'F.scaled_dot_product_attention, torch._C._nn.scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0.0, bool~ is_causal=False, *, float?~ scale=None, bool enable_gqa=False)',
  ),
];
