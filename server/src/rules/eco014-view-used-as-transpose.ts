/** ECO014: dimensions swapped by reading the same memory in another order. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { methodCalls } from './patterns/calls.js';
import { standsFor } from './patterns/inline.js';
import { layerNamed } from './patterns/layers.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { replaceNode } from './semantic/edits.js';
import { isSelf, type ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { literalNumber } from './semantic/torchOps.js';

export default defineRule({
  code: 'ECO014',
  name: 'view-used-as-transpose',
  family: 'model structure',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'view keeps the order of the elements; permute and transpose change which dimension is which.',
      source: 'https://docs.pytorch.org/docs/stable/tensor_view.html',
    },
  ],
  messages: {
    detected: {
      en: '{method} moves {name} from dimension 1 to dimension 2 by reading the same memory in another order: rows of different {name} are mixed. transpose moves a dimension.',
      zh: '{method} 用另一种顺序读取同一块内存，把 {name} 从第 1 维挪到第 2 维：不同 {name} 的行会混在一起。移动维度应使用 transpose。',
    },
    fix: { en: 'Split first, then transpose', zh: '先拆分，再转置' },
  },
  gate: ['.view(', '.reshape('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const { call, scope, object } of methodCalls(index, 'view', 'reshape')) {
      const target = call.args.length === 1 && call.args[0]?.type === 'Tuple' ? call.args[0].elts : call.args;
      if (target.some((one) => one.type === 'Starred')) continue;
      // Three names, or a name as the third of four
      const moved = target.length === 3 ? target : target.length === 4 ? [target[0], target[2]] : [];
      if (moved.length === 0 || moved.some((one) => one?.type !== 'Name')) continue;
      const order = orderOf(object, index, scope);
      if (order === null) continue;
      const parts = movedParts(target, order);
      if (parts === null) continue;
      if (/einops|flip|channel_shuffle|window/.test(index.source(scope.node ?? call))) continue;
      const seen = context.kernelsAt(call).at(-1)?.outputs[0]?.shape ?? null;
      if (seen !== null && (seen[1] === 1 || seen[2] === 1)) continue;
      const method = `.${(call.func as Extract<Expr, { type: 'Attribute' }>).attr}`;
      const text =
        parts.length === 0
          ? `${index.source(object)}.transpose(1, 2)`
          : `${index.source(object)}${method}(${parts.map((one) => index.source(one)).join(', ')}).transpose(1, 2)`;
      context.report({
        messageId: 'detected',
        node: call,
        data: { method: `${method.slice(1)}()`, name: order.second },
        fix: { messageId: 'fix', safety: 'unsafe', edits: [replaceNode(call, text, index)] },
      });
    }
  },
});

/**
 * What to split into before the transposition: (B, S, C) read as (B, H, S, D), where S has moved and nothing has
 * been transposed; nothing to split for (B, S, C) read as (B, C, S). Null when the order is kept.
 */
function movedParts(target: readonly Expr[], order: Order): Expr[] | null {
  if (target.length === 3) {
    const [batch, second, third] = target as [Expr, Expr, Expr];
    return order.third !== null &&
      isName(batch, order.batch) &&
      isName(second, order.third) &&
      isName(third, order.second)
      ? []
      : null;
  }
  if (target.length !== 4) return null;
  const [batch, heads, second, last] = target as [Expr, Expr, Expr, Expr];
  if (!isName(batch, order.batch) || !isName(second, order.second) || isName(heads, order.second)) return null;
  // A dimension of one moves nothing: (B, H, W) read as (B, 1, H, W)
  if (literalNumber(heads) === 1) return null;
  return [batch, second, heads, last];
}

interface Order {
  readonly batch: string;
  readonly second: string;
  readonly third: string | null;
}

/** Names of the first extents of a tensor that a linear layer made from `x` with `B, S, C = x.shape`. */
function orderOf(object: Expr, index: ModuleIndex, scope: Scope): Order | null {
  const value = standsFor(object, scope);
  let input: Expr = value;
  if (value.type === 'Call') {
    const layer = linearInput(value, index, scope);
    if (layer === null) return null;
    input = layer;
  }
  if (input.type !== 'Name') return null;
  const reaching = scope.flow.reaching(input);
  for (const definition of scope.flow.definitions) {
    if (
      definition.kind !== 'unpack' ||
      definition.path[0] !== 1 ||
      definition.path.length !== 1 ||
      definition.value === null
    )
      continue;
    const source = shapeOf(definition.value);
    if (source?.type !== 'Name' || source.id !== input.id) continue;
    const own = scope.flow.reaching(source);
    if (own.length !== reaching.length || !own.every((one) => reaching.includes(one))) continue;
    const siblings = scope.flow.definitions.filter((one) => one.value === definition.value && one.kind === 'unpack');
    const first = siblings.find((one) => one.path[0] === 0);
    // Only tensors of three dimensions
    if (siblings.length > 3 || first === undefined || first.name === '_' || first.name === definition.name) continue;
    if (scope.flow.definitionsOf(first.name).length > 1 || scope.flow.definitionsOf(definition.name).length > 1)
      continue;
    const stmt = definition.stmt;
    const width = stmt?.type === 'Assign' && stmt.targets[0]?.type === 'Tuple' ? stmt.targets[0].elts.length : 0;
    // What a layer made has another width than the tensor that was unpacked
    const last = siblings.find((one) => one.path[0] === 2);
    const third =
      value.type !== 'Call' && last !== undefined && last.name !== first.name && last.name !== definition.name
        ? last.name
        : null;
    if (width === 3) return { batch: first.name, second: definition.name, third };
  }
  return null;
}

/** `self.q(x)` with `self.q = nn.Linear(...)`: the x. */
function linearInput(call: Call, index: ModuleIndex, scope: Scope): Expr | null {
  if (call.func.type !== 'Attribute' || !isSelf(call.func.value, scope) || call.args.length !== 1) return null;
  const layer = layerNamed(call.func.attr, index.enclosingClass(scope), index);
  if (layer?.type !== 'Linear') return null;
  // self.q(self.norm(x)): a norm keeps the shape
  const input = call.args[0] as Expr;
  if (input.type !== 'Call' || input.func.type !== 'Attribute' || !isSelf(input.func.value, scope)) return input;
  const before = layerNamed(input.func.attr, index.enclosingClass(scope), index);
  const keepsShape = before !== null && /Norm$|^Dropout$|^(GELU|ReLU|SiLU|Identity)$/.test(before.type);
  return keepsShape && input.args.length === 1 ? (input.args[0] as Expr) : input;
}

/** The x of `x.shape` and `x.size()`. */
function shapeOf(node: Expr): Expr | null {
  if (node.type === 'Attribute' && node.attr === 'shape') return node.value;
  return node.type === 'Call' && node.func.type === 'Attribute' && node.func.attr === 'size' && node.args.length === 0
    ? node.func.value
    : null;
}

function isName(node: Expr, name: string): boolean {
  return node.type === 'Name' && node.id === name;
}
