/** Is an expression certainly a tensor? By what makes it, never by its name alone. */
import type { Expr } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { opOf } from '../semantic/torchOps.js';
import type { Guard } from '../types.js';
import { isNumber } from './numbers.js';

/** Functions and methods that give a tensor for a tensor. */
const gives = new Set(
  `abs add mul sub div neg pow sqrt rsqrt exp log log1p expm1 sin cos tanh sigmoid relu gelu silu softmax log_softmax clamp clip
  sum mean std var norm prod cumsum cumprod amax amin argmax argmin any all isnan isinf isfinite eq ne lt le gt ge logical_and
  logical_or logical_not where matmul mm bmm einsum dot outer baddbmm addmm cat stack view reshape permute transpose squeeze
  unsqueeze expand repeat flatten contiguous clone detach to cuda cpu float double half bfloat16 long int bool type_as masked_fill
  gather scatter scatter_add index_select masked_select nonzero tril triu cross_entropy nll_loss mse_loss l1_loss smooth_l1_loss
  binary_cross_entropy binary_cross_entropy_with_logits kl_div huber_loss cosine_similarity dropout linear conv1d conv2d conv3d
  embedding layer_norm rms_norm batch_norm interpolate pad one_hot scaled_dot_product_attention nan_to_num normalize leaky_relu elu softplus max_pool2d avg_pool2d adaptive_avg_pool2d cosine_embedding_loss logsumexp square round floor ceil
  sign flip roll t mT T data`.split(/\s+/),
);
/** Functions that make one from numbers. */
const makes = new Set(
  `tensor as_tensor from_numpy zeros ones full empty rand randn randint randperm arange linspace eye zeros_like ones_like
  rand_like randn_like full_like empty_like multinomial bernoulli normal`.split(/\s+/),
);
const reduces = new Set(['max', 'min', 'median']);

/** True: certainly a tensor; false: certainly something else. */
export function isTensor(node: Expr, index: ModuleIndex, scope: Scope, depth = 0): Guard {
  if (depth > 8) return 'unknown';
  const again = (inner: Expr): Guard => isTensor(inner, index, scope, depth + 1);
  switch (node.type) {
    case 'Constant':
    case 'List':
    case 'Tuple':
    case 'Dict':
    case 'JoinedStr':
      return false;
    case 'BinOp':
    case 'UnaryOp':
    case 'Call': {
      const op = opOf(node, index, scope);
      if (op === null) return 'unknown';
      if (op.via === 'operator') {
        const sides = op.args.map(again);
        return sides.includes(true) ? true : sides.every((side) => side === false) ? false : 'unknown';
      }
      if (op.via === 'module')
        return /Loss$|^(Linear|Conv\dd|LayerNorm|RMSNorm|BatchNorm\dd|Embedding|Softmax|ReLU|GELU|SiLU|Sigmoid|Tanh|Dropout|Sequential)$/.test(
          op.name,
        );
      if (op.via === 'function') {
        if (gives.has(op.name) || makes.has(op.name)) return true;
        return reduces.has(op.name) && op.args.length === 1 && op.keywords.size === 0 ? true : 'unknown';
      }
      const object = op.args[0];
      if (object === undefined) return 'unknown';
      if (['item', 'tolist', 'numpy', 'size', 'dim', 'numel', 'nelement'].includes(op.name)) return false;
      if (gives.has(op.name) || (reduces.has(op.name) && op.args.length === 1)) return again(object);
      return 'unknown';
    }
    case 'Compare':
      return node.ops.every((one) => ['==', '!=', '<', '<=', '>', '>='].includes(one)) &&
        [node.left, ...node.comparators].some((side) => again(side) === true)
        ? true
        : 'unknown';
    case 'Subscript':
      return again(node.value) === true ? true : 'unknown';
    case 'Attribute':
      if (node.attr === 'shape' || node.attr === 'device' || node.attr === 'dtype' || node.attr === 'ndim')
        return false;
      return ['T', 'mT', 'data', 'grad'].includes(node.attr) && again(node.value) === true ? true : 'unknown';
    case 'Name': {
      const definitions = scope.flow.reaching(node);
      if (definitions.length === 0) return 'unknown';
      const answers = definitions.map((definition): Guard => {
        if (definition.kind === 'assign' && definition.value !== null) return again(definition.value);
        if (definition.kind === 'parameter' && 'annotation' in definition.target && !('value' in definition.target)) {
          const { annotation } = definition.target;
          return annotation !== null && /^(torch\.)?(Tensor|LongTensor|FloatTensor)$/.test(index.source(annotation))
            ? true
            : 'unknown';
        }
        return 'unknown';
      });
      return answers.every((answer) => answer === true)
        ? true
        : answers.every((answer) => answer === false)
          ? false
          : 'unknown';
    }
    default:
      return isNumber(node, index, scope) === true ? false : 'unknown';
  }
}

/** Names whose `backward` is called in the function: tensors that carry a graph. */
export function lossNames(scope: Scope): Set<string> {
  const names = new Set<string>();
  for (const call of scope.calls) {
    if (call.func.type !== 'Attribute' || call.func.attr !== 'backward') continue;
    const { value } = call.func;
    const scaled =
      value.type === 'Call' && value.func.type === 'Attribute' && value.func.attr === 'scale'
        ? value.args[0]
        : undefined;
    for (const candidate of [value, scaled, call.args[0]]) if (candidate?.type === 'Name') names.add(candidate.id);
  }
  return names;
}

/** Certainly a tensor, also because `backward` is called on it. */
export function isTensorOrLoss(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  return isTensor(node, index, scope) === true || (node.type === 'Name' && lossNames(scope).has(node.id));
}
