/** Loss functions, as torch.nn.functional composes them. */
import { raise } from '../../python/errors.js';
import { dtypes } from '../dtype.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type Bound, type OperatorDeclaration, op } from '../operator.js';
import { isIntegral, scalarTypeName, shapeText } from '../promote.js';
import { broadcastShapes, sameShape, wrapDim } from '../strides.js';
import { numelOf, type TensorValue } from '../tensor.js';
import { softmax } from './activation.js';
import { clone } from './copy.js';
import { binary, floatScalar, nary, unary } from './elementwise.js';
import { add, addSub, clamp, div, mul, pow, rules, sub, unaryOp } from './pointwise.js';
import { mean, reduceSum, vectorNorm } from './reductions.js';
import { expand, reshape, view } from './views.js';

const reductions = ['none', 'mean', 'sum'];

function reductionOf(a: Bound): string {
  let r: string = a.reduction;
  if (a.size_average !== undefined && (a.size_average !== null || a.reduce !== null)) {
    r = a.reduce === false ? 'none' : a.size_average === false ? 'sum' : 'mean';
  }
  if (!reductions.includes(r)) raise('ValueError', `${r} is not a valid value for reduction`);
  return r;
}

const finish = (c: OpCall, t: TensorValue, r: string): TensorValue =>
  r === 'none' ? t : r === 'mean' ? mean(c, t, null, false) : reduceSum(c, t, null, false);

/** One kernel that also reduces: mse_loss, smooth_l1_loss, binary_cross_entropy … */
function fused(
  c: OpCall,
  kernel: string,
  input: TensorValue,
  target: TensorValue,
  r: string,
  cost: number,
  others: readonly (TensorValue | null)[] = [],
): TensorValue {
  const shape = broadcastShapes(input.shape, target.shape);
  const dtype = c.resultType(input, target);
  const out = r === 'none' ? c.elementwiseResult(shape, dtype, [input, target]) : c.make([], dtype, input.device);
  c.emit(kernel, [input, target, ...others], [out], {
    elementwise: cost * numelOf(shape),
    work: memoryWork(r === 'none' ? 'elementwise' : 'reduction', 1, numelOf(shape)),
    saved: [input, target],
  });
  return out;
}

/** Broadcasts as F.mse_loss does before calling the kernel. */
function broadcasted(c: OpCall, a: Bound): [TensorValue, TensorValue] {
  const shape = broadcastShapes(a.input.shape, a.target.shape);
  return [expand(c, a.input, shape), expand(c, a.target, shape)];
}

function nllLoss(
  c: OpCall,
  input: TensorValue,
  target: TensorValue,
  weight: TensorValue | null,
  r: string,
): TensorValue {
  const n = input.ndim;
  if (n < 1) raise('ValueError', `Expected 1 or more dimensions (got ${n})`);
  if (n !== 1 && input.shape[0] !== target.shape[0] && !Number.isNaN(input.shape[0]! + (target.shape[0] ?? 0)))
    raise(
      'ValueError',
      `Expected input batch_size (${input.shape[0]}) to match target batch_size (${target.shape[0]}).`,
    );
  if (target.dtype !== dtypes.int64 && target.dtype !== dtypes.uint8)
    raise('RuntimeError', `expected scalar type Long but found ${scalarTypeName(target.dtype)}`);
  const classes = input.shape[n === 1 ? 0 : 1]!;
  if (weight !== null && (weight.ndim !== 1 || weight.numel !== classes))
    raise(
      'RuntimeError',
      `weight tensor should be defined either for all ${classes} classes or no classes but got weight tensor of shape: ${shapeText(weight.shape)}`,
    );
  const positions = n === 1 ? [] : [input.shape[0]!, ...input.shape.slice(2)];
  if (!sameShape(target.shape, positions) && !positions.some(Number.isNaN) && !target.shape.some(Number.isNaN)) {
    raise(
      'RuntimeError',
      `input and target shapes do not match: input ${shapeText(input.shape)}, target ${shapeText(target.shape)}`,
    );
  }
  const spatial = n > 2;
  if (n === 3 || n > 4) {
    // other ranks are folded to 4-d
    const x = reshape(c, input, [input.shape[0]!, classes, 1, numelOf(input.shape.slice(2))]);
    const y = reshape(c, target, [input.shape[0]!, 1, numelOf(input.shape.slice(2))]);
    const out = nllKernel(c, x, y, weight, r, 'nll_loss2d_forward', [x.shape[0]!, 1, x.shape[3]!]);
    return r === 'none' ? view(c, out, positions) : out;
  }
  return nllKernel(c, input, target, weight, r, spatial ? 'nll_loss2d_forward' : 'nll_loss_forward', positions);
}

function nllKernel(
  c: OpCall,
  x: TensorValue,
  y: TensorValue,
  weight: TensorValue | null,
  r: string,
  name: string,
  positions: readonly number[],
): TensorValue {
  const out = c.make(r === 'none' ? positions : [], x.dtype, c.commonDevice([x, y]));
  const total = c.make([], x.dtype, x.device);
  c.emit(name, [x, y, weight], [out, total], {
    elementwise: y.numel,
    work: memoryWork('reduction', 1, y.numel),
    saved: [y, total, weight],
    backwardBytes: x.nbytes + y.nbytes,
  });
  return out;
}

function crossEntropy(c: OpCall, a: Bound): TensorValue {
  const { input, target, weight } = a as { input: TensorValue; target: TensorValue; weight: TensorValue | null };
  const r = reductionOf(a);
  if (a.label_smoothing < 0 || a.label_smoothing > 1)
    raise('RuntimeError', `label_smoothing must be between 0.0 and 1.0. Got: ${a.label_smoothing}`);
  const classDim = input.ndim === 1 ? 0 : 1;
  const probabilities = sameShape(input.shape, target.shape) && target.dtype.kind === 'float';
  const logp = softmax(c, input, classDim, null, true);
  if (probabilities) {
    const weighted = weight === null ? logp : mul(c, logp, weight);
    const product = mul(c, weighted, target);
    if (r === 'none') return unaryNeg(c, reduceSum(c, product, [classDim], false));
    const total = unaryNeg(c, reduceSum(c, product, null, false));
    return r === 'sum' ? total : div(c, total, { value: input.numel / (input.shape[classDim] ?? 1), kind: 'int' });
  }
  if (target.dtype.kind === 'float')
    raise('RuntimeError', `expected scalar type Long but found ${scalarTypeName(target.dtype)}`);
  const nll = nllLoss(c, logp, target, weight, r);
  if (a.label_smoothing === 0) return nll;
  // smoothing adds the mean over classes
  const smooth = unaryNeg(c, reduceSum(c, logp, [classDim], false));
  const ignored = binary(c, 'eq', rules['eq']!, target, { value: -100, kind: 'int' });
  c.emit('masked_fill_', [smooth, ignored], [smooth], {});
  let rest = smooth;
  if (r === 'mean') {
    const kept = unary(c, 'bitwise_not', { rule: 'same', differentiable: false }, ignored);
    rest = div(c, reduceSum(c, smooth, null, false), reduceSum(c, kept, null, false));
  } else if (r === 'sum') rest = reduceSum(c, smooth, null, false);
  return add(c, mul(c, nll, floatScalar(1)), mul(c, rest, floatScalar(1)));
}

const unaryNeg = (c: OpCall, t: TensorValue): TensorValue => unary(c, 'neg', { rule: 'same' }, t);

function bceLogits(c: OpCall, a: Bound): TensorValue {
  const { input: x, target: y } = a as { input: TensorValue; target: TensorValue };
  if (!sameShape(x.shape, y.shape) && !x.shape.some(Number.isNaN) && !y.shape.some(Number.isNaN)) {
    raise(
      'ValueError',
      `Target size (torch.Size(${shapeText(y.shape)})) must be the same as input size (torch.Size(${shapeText(x.shape)}))`,
    );
  }
  return fused(c, 'binary_cross_entropy_with_logits', x, y, reductionOf(a), 8, [a.weight, a.pos_weight]);
}

function klDiv(c: OpCall, a: Bound): TensorValue {
  const reduction = a.reduction === 'batchmean' ? 'sum' : reductionOf(a);
  const { input, target } = a as { input: TensorValue; target: TensorValue };
  let out: TensorValue;
  if (a.log_target) out = mul(c, unaryOp(c, 'exp', target), sub(c, target, input));
  else out = sub(c, nary(c, 'xlogy', [target, target], { saved: [target] }), mul(c, target, input));
  out = finish(c, out, reduction);
  return a.reduction === 'batchmean' && input.ndim !== 0 ? div(c, out, { value: input.shape[0]!, kind: 'int' }) : out;
}

export function cosineSimilarity(c: OpCall, x1: TensorValue, x2: TensorValue, dim: number): TensorValue {
  const common = c.resultType(x1, x2);
  if (isIntegral(common))
    raise('RuntimeError', `expected common dtype to be floating point, yet common dtype is ${scalarTypeName(common)}`);
  const shape = broadcastShapes(x1.shape, x2.shape);
  const d = wrapDim(dim, shape.length);
  const wide = c.since(2) ? [x1, x2] : [expand(c, x1, shape), expand(c, x2, shape)];
  const [a, b] = wide as [TensorValue, TensorValue];
  const into = (name: string, t: TensorValue): TensorValue =>
    unary(c, name, { rule: 'same', saves: 'in' }, t, { inplace: true });
  if (!c.since(2)) {
    const squares = [a, b].map((t) => reduceSum(c, pow(c, t, { value: 2, kind: 'int' }), [d], true));
    for (const s of squares) into('clamp_min', s);
    for (const s of squares) into('sqrt', s);
    return reduceSum(c, mul(c, div(c, a, squares[0]!), div(c, b, squares[1]!)), [d], false);
  }
  const norms = [a, b].map((t) =>
    clone(c, vectorNorm(c, t, 2, [d < shape.length - t.ndim ? 0 : d - (shape.length - t.ndim)], true)),
  );
  for (const n of norms) into('clamp_min', n);
  return reduceSum(c, mul(c, div(c, a, norms[0]!), div(c, b, norms[1]!)), [d], false);
}

function pairwise(c: OpCall, a: TensorValue, b: TensorValue, p: number, keepdim: boolean): TensorValue {
  const d = add(c, sub(c, a, b), floatScalar(1e-6));
  return vectorNorm(c, d, p, [-1], keepdim, null, 'norm');
}

function cdist(c: OpCall, x1: TensorValue, x2: TensorValue, p: number): TensorValue {
  if (x1.ndim < 2) raise('RuntimeError', `cdist only supports at least 2D tensors, X1 got: ${x1.ndim}D`);
  if (x2.ndim < 2) raise('RuntimeError', `cdist only supports at least 2D tensors, X2 got: ${x2.ndim}D`);
  const k1 = x1.shape[x1.ndim - 1]!;
  const k2 = x2.shape[x2.ndim - 1]!;
  if (k1 !== k2 && !Number.isNaN(k1 + k2))
    raise('RuntimeError', `X1 and X2 must have the same number of columns. X1: ${k1} X2: ${k2}`);
  if (isIntegral(x1.dtype))
    raise('RuntimeError', `cdist only supports floating-point dtypes, X1 got: ${scalarTypeName(x1.dtype)}`);
  const batch = broadcastShapes(x1.shape.slice(0, -2), x2.shape.slice(0, -2));
  const r = x1.shape[x1.ndim - 2]!;
  const s = x2.shape[x2.ndim - 2]!;
  const out = c.make([...batch, r, s], x1.dtype, x1.device);
  const euclid = p === 2 && (r > 25 || s > 25);
  c.emit(euclid ? '_euclidean_dist' : '_cdist_forward', [x1, x2], [out], {
    elementwise: 3 * out.numel * k1,
    saved: [x1, x2, out],
  });
  return out;
}

const legacy = ', bool? size_average=None, bool? reduce=None, str reduction="mean"';
const pair = 'Tensor input, Tensor target';

function simple(name: string, args: string, run: (c: OpCall, a: Bound) => TensorValue): OperatorDeclaration {
  return op((c, a) => finish(c, run(c, a), reductionOf(a)), `F.${name}(${pair}${args})`);
}

export const lossOperators = [
  op((c, a) => {
    const [x, y] = broadcasted(c, a);
    return fused(c, 'mse_loss', x, y, reductionOf(a), 3);
  }, `F.mse_loss(${pair}${legacy}, Tensor? weight=None)`),
  op((c, a) => {
    const [x, y] = broadcasted(c, a);
    return finish(c, unaryOp(c, 'abs', sub(c, x, y)), reductionOf(a));
  }, `F.l1_loss(${pair}${legacy}, Tensor? weight=None)`),
  op((c, a) => {
    const [x, y] = broadcasted(c, a);
    return a.beta === 0
      ? finish(c, unaryOp(c, 'abs', sub(c, x, y)), reductionOf(a))
      : fused(c, 'smooth_l1_loss', x, y, reductionOf(a), 4);
  }, `F.smooth_l1_loss(${pair}${legacy}, float beta=1.0)`),
  op((c, a) => {
    const [x, y] = broadcasted(c, a);
    return fused(c, 'huber_loss', x, y, reductionOf(a), 4);
  }, `F.huber_loss(${pair}, str reduction="mean", float~ delta=1.0, Tensor? weight=None)`),
  op((c, a) => {
    const { input: x, target: y } = a;
    if (!sameShape(x.shape, y.shape))
      raise(
        'ValueError',
        `Using a target size (torch.Size(${shapeText(y.shape)})) that is different to the input size (torch.Size(${shapeText(x.shape)})) is deprecated. Please ensure they have the same size.`,
      );
    return fused(c, 'binary_cross_entropy', x, y, reductionOf(a), 6, [a.weight]);
  }, `F.binary_cross_entropy(${pair}, Tensor? weight=None${legacy})`),
  op(
    bceLogits,
    `F.binary_cross_entropy_with_logits(${pair}, Tensor? weight=None${legacy}, Tensor? pos_weight=None)`,
    `torch.binary_cross_entropy_with_logits(${pair}, Tensor? weight=None, Tensor? pos_weight=None, str reduction="mean")`,
  ),
  op(
    crossEntropy,
    `F.cross_entropy(${pair}, Tensor? weight=None, bool? size_average=None, int~ ignore_index=-100, bool? reduce=None, str reduction="mean", float label_smoothing=0.0)`,
  ),
  op(
    (c, a) => nllLoss(c, a.input, a.target, a.weight, reductionOf(a)),
    `F.nll_loss(${pair}, Tensor? weight=None, bool? size_average=None, int~ ignore_index=-100, bool? reduce=None, str reduction="mean")`,
  ),
  op(klDiv, `F.kl_div(${pair}${legacy}, bool log_target=False)`),
  simple(
    'poisson_nll_loss',
    `, bool log_input=True, bool full=False, bool? size_average=None, float~ eps=1e-08, bool? reduce=None, str reduction="mean"`,
    (c, a) => sub(c, unaryOp(c, 'exp', a.input), mul(c, a.target, a.input)),
  ),
  op((c, a) => {
    if (c.needsGrad(a.target)) {
      raise(
        'RuntimeError',
        "The function 'soft_margin_loss' is not differentiable with respect to argument 'target'. This input cannot have requires_grad True.",
      );
    }
    return fused(c, 'soft_margin_loss', a.input, a.target, reductionOf(a), 5);
  }, `F.soft_margin_loss(${pair}${legacy})`),
  op((c, a) => {
    const margin = clamp(c, addSub(c, 'rsub', a.input, floatScalar(1), null), floatScalar(0), null);
    const zero = c.like(a.target);
    c.emit('zeros_like', [a.target], [zero], { differentiable: false });
    const one = nary(
      c,
      'where',
      [nary(c, 'ne', [a.target], { dtype: dtypes.bool, differentiable: false }), margin, zero],
      { dtype: margin.dtype },
    );
    const two = nary(
      c,
      'where',
      [nary(c, 'ne', [a.target], { dtype: dtypes.bool, differentiable: false }), a.input, zero],
      { dtype: margin.dtype },
    );
    return finish(c, add(c, one, two), reductionOf(a));
  }, `F.hinge_embedding_loss(${pair}, float~ margin=1.0, bool? size_average=None, bool? reduce=None, str reduction="mean")`),
  op((c, a) => {
    const d = clamp(
      c,
      add(c, mul(c, unaryNeg(c, a.target), sub(c, a.input1, a.input2)), floatScalar(a.margin)),
      floatScalar(0),
      null,
    );
    return finish(c, d, reductionOf(a));
  }, 'F.margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin=0, bool? size_average=None, bool? reduce=None, str reduction="mean")'),
  op((c, a) => {
    const dist = (x: TensorValue, y: TensorValue): TensorValue => pairwise(c, x, y, a.p, false);
    const d = clamp(
      c,
      add(c, sub(c, dist(a.anchor, a.positive), dist(a.anchor, a.negative)), floatScalar(a.margin)),
      floatScalar(0),
      null,
    );
    return finish(c, d, reductionOf(a));
  }, 'F.triplet_margin_loss, torch.triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1.0, float p=2, float~ eps=1e-06, bool swap=False, bool? size_average=None, bool? reduce=None, str reduction="mean")'),
  op((c, a) => {
    const cos = cosineSimilarity(c, a.input1, a.input2, 1);
    const loss = nary(c, 'where', [a.target, cos], { dtype: cos.dtype });
    return finish(c, loss, reductionOf(a));
  }, 'F.cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float~ margin=0, bool? size_average=None, bool? reduce=None, str reduction="mean")'),
  op((c, a) => {
    const v = a.var.shape === undefined ? a.input : a.var;
    const loss = mul(
      c,
      add(c, unaryOp(c, 'log', v), div(c, nary(c, 'pow', [sub(c, a.input, a.target)], { saved: [a.input] }), v)),
      floatScalar(0.5),
    );
    return finish(c, loss, reductionOf(a));
  }, 'F.gaussian_nll_loss(Tensor input, Tensor target, Tensor var, bool full=False, float~ eps=1e-06, str reduction="mean")'),
  op((c, a) => {
    const ls = (t: TensorValue): TensorValue => unary(c, 'log_sigmoid_forward', { rule: 'same', saves: 'in' }, t);
    const loss = unaryNeg(
      c,
      add(
        c,
        mul(c, a.target, ls(a.input)),
        mul(c, addSub(c, 'rsub', a.target, { value: 1, kind: 'int' }, null), ls(unaryNeg(c, a.input))),
      ),
    );
    const n = a.input.shape[a.input.ndim - 1];
    return finish(c, div(c, reduceSum(c, loss, [-1], false), { value: n, kind: 'int' }), reductionOf(a));
  }, `F.multilabel_soft_margin_loss(${pair}, Tensor? weight=None${legacy})`),
  ...['multi_margin_loss', 'multilabel_margin_loss'].map((n) =>
    op(
      (c, a) => {
        const r = reductionOf(a);
        const out = c.make(r === 'none' ? a.input.shape.slice(0, -1) : [], a.input.dtype, a.input.device);
        c.emit(n, [a.input, a.target], [out], { elementwise: 3 * a.input.numel, saved: [a.input, a.target] });
        return out;
      },
      `F.${n}(${pair}${n === 'multi_margin_loss' ? ', int p=1, float~ margin=1.0, Tensor? weight=None' : ''}${legacy})`,
    ),
  ),
  op((c, a) => {
    const lp: TensorValue = a.log_probs;
    const r = reductionOf(a);
    const [t, n] = lp.ndim === 3 ? (lp.shape as [number, number]) : [lp.shape[0]!, 1];
    const loss = c.make(lp.ndim === 3 ? [n] : [], lp.dtype, lp.device);
    const alpha = c.make([n, t, Number.isNaN(t) ? Number.NaN : 2 * t + 1], lp.dtype, lp.device);
    c.emit('_ctc_loss', [lp, a.targets], [loss, alpha], {
      elementwise: 6 * alpha.numel,
      work: memoryWork('scan', n, t),
      saved: [lp, alpha],
    });
    return r === 'mean' ? mean(c, loss, null, false) : r === 'sum' ? reduceSum(c, loss, null, false) : loss;
  }, 'F.ctc_loss, torch.ctc_loss(Tensor log_probs, Tensor targets, Any input_lengths, Any target_lengths, int~ blank=0, str reduction="mean", bool~ zero_infinity=False)'),
  op(
    (c, a) => cosineSimilarity(c, a.x1, a.x2, a.dim),
    'F.cosine_similarity, torch.cosine_similarity(Tensor x1, Tensor x2, int dim=1, float~ eps=1e-08)',
  ),
  op(
    (c, a) => pairwise(c, a.x1, a.x2, a.p, a.keepdim),
    'F.pairwise_distance, torch.pairwise_distance(Tensor x1, Tensor x2, float p=2.0, float~ eps=1e-06, bool keepdim=False)',
  ),
  op(
    (c, a) => cdist(c, a.x1, a.x2, a.p),
    'torch.cdist, torch.functional.cdist(Tensor x1, Tensor x2, float p=2.0, str?~ compute_mode=None)',
  ),
  op((c, a) => {
    const n = a.input.shape[0];
    const out = c.make([(n * (n - 1)) / 2], a.input.dtype, a.input.device);
    c.emit('_pdist_forward', [a.input], [out], {
      elementwise: 3 * out.numel * a.input.shape[1],
      saved: [a.input, out],
    });
    return out;
  }, 'F.pdist, torch.pdist(Tensor input, float p=2.0)'),
  op((c, a) => {
    const x1 = a.input1 as TensorValue;
    const x2 = a.input2 as TensorValue;
    const w = a.weight as TensorValue;
    const [o, i, j] = w.shape as [number, number, number];
    if (x1.ndim !== x2.ndim || x1.shape.slice(0, -1).some((d, k) => d !== x2.shape[k]))
      raise(
        'RuntimeError',
        `bilinear(): input batch dimensions do not match: got ${shapeText(x1.shape)} and ${shapeText(x2.shape)}`,
      );
    if (x1.shape[x1.ndim - 1] !== i || x2.shape[x2.ndim - 1] !== j)
      raise(
        'RuntimeError',
        `bilinear(): input sizes do not match weight: got ${shapeText(x1.shape)}, ${shapeText(x2.shape)} but expected ${shapeText(w.shape)}`,
      );
    const rows = numelOf(x1.shape.slice(0, -1));
    const out = c.make([rows, o], x1.dtype, x1.device);
    c.emit('_trilinear', [x1, w, x2], [out], { elementwise: 2 * rows * o * i * j, saved: [x1, w, x2] });
    const r = view(c, out, [...x1.shape.slice(0, -1), o]);
    return a.bias === null ? r : add(c, r, a.bias);
  }, 'F.bilinear, torch.bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None)'),
];
