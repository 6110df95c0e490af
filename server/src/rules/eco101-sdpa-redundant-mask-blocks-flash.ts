/**
 * ECO101: a causal mask handed to `scaled_dot_product_attention` as a tensor keeps the
 * Flash kernel out and computes the masked half; `is_causal=True` says the same for free.
 */
import type { Call, Expr, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { causalForm } from './patterns/causalMask.js';
import { contains } from './patterns/places.js';
import { isPure } from './patterns/pureCode.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { selfAttribute } from './semantic/classes.js';
import { removeStatements, replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { isSelf } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { opOf } from './semantic/torchOps.js';
import type { OffsetEdit } from './types.js';

export default defineRule({
  code: 'ECO101',
  name: 'sdpa-redundant-mask-blocks-flash',
  family: 'attention',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim: 'is_causal=True assumes the lower triangular mask, so that none has to be made or read.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html',
    },
    {
      claim: 'The Flash kernel is not chosen when a mask tensor is given (check_for_attn_mask).',
      source: 'https://github.com/pytorch/pytorch/blob/main/aten/src/ATen/native/transformers/sdp_utils_cpp.h',
    },
  ],
  messages: {
    detected: {
      en: 'This mask is the causal one: handed over as a tensor it keeps the Flash kernel out and the masked half is computed; is_causal=True says the same.',
      zh: '该掩码就是因果掩码：以张量形式传入会使 Flash 内核无法使用，且被屏蔽的一半仍会计算；is_causal=True 含义相同。',
    },
    fix: { en: 'Pass is_causal=True', zh: '传入 is_causal=True' },
  },
  gate: ['scaled_dot_product_attention'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => {
      for (const call of scope.calls) {
        const op = opOf(call, index, scope);
        if (op?.name !== 'scaled_dot_product_attention' || op.via !== 'function' || !op.plain) continue;
        const mask = op.args[3] ?? op.keywords.get('attn_mask');
        const causal = op.args[5] ?? op.keywords.get('is_causal');
        if (mask === undefined || !(causal === undefined || (causal.type === 'Constant' && causal.value === false)))
          continue;
        const form = causalForm(mask, index, scope);
        // A mask of ones and zeros that is no bool is added to the scores; True for "drop" is another mistake
        if (form === null || form === 'drop' || (form === 'keep' && !isBoolean(mask, index, scope))) continue;
        const edits = fixEdits(call, mask, causal ?? null, op.args.length > 3, scope, index);
        context.report({
          messageId: 'detected',
          node: mask,
          fix: edits === null ? null : { messageId: 'fix', safety: 'safe', edits },
        });
      }
    });
  },
});

/** The mask is made of booleans somewhere on its way. */
function isBoolean(node: Expr, index: ModuleIndex, scope: Scope, depth = 0): boolean {
  if (depth > 8) return false;
  if (node.type === 'Name') {
    const definition = scope.flow.single(node);
    return (
      definition?.kind === 'assign' && definition.value !== null && isBoolean(definition.value, index, scope, depth + 1)
    );
  }
  if (node.type === 'Attribute' && isSelf(node.value, scope)) {
    const attribute = selfAttribute(index.enclosingClass(scope), node.attr, index);
    return attribute !== null && isBoolean(attribute.value, index, attribute.scope, depth + 1);
  }
  return contains(node, (inner) => {
    if (inner.type === 'Compare' || (inner.type === 'UnaryOp' && inner.op === '~')) return true;
    if (inner.type === 'Attribute' && (inner.attr === 'bool' || inner.attr === 'logical_not')) return true;
    if (inner === node || inner.type !== 'Name')
      return inner.type === 'Attribute' && inner !== node && isBoolean(inner, index, scope, depth + 1);
    return isBoolean(inner, index, scope, depth + 1);
  });
}

function fixEdits(
  call: Call,
  mask: Expr,
  causal: Expr | null,
  positional: boolean,
  scope: Scope,
  index: ModuleIndex,
): OffsetEdit[] | null {
  // Given by position, the arguments behind it would move
  if (positional && (call.args.length > 4 || call.keywords.length > 0 || causal !== null)) return null;
  const edits: OffsetEdit[] = [];
  const keyword = call.keywords.find((one) => one.value === mask);
  const unit = index.unitOf(call);
  if (keyword === undefined) edits.push(replaceNode(mask, 'is_causal=True', index));
  else if (causal === null)
    edits.push({ start: unit.start + keyword.start, end: unit.start + keyword.end, newText: 'is_causal=True' });
  else return null;
  const dead = deadDefinition(mask, scope, index);
  if (dead !== null) {
    const lines = removeStatements([dead], index);
    if (lines === null) return null;
    edits.push(...lines);
  }
  return edits;
}

/** The assignment that only made the mask. */
function deadDefinition(mask: Expr, scope: Scope, index: ModuleIndex): Stmt | null {
  const definition = mask.type === 'Name' ? scope.flow.single(mask) : null;
  if (definition?.kind !== 'assign' || definition.value === null || definition.uses.size !== 1 || definition.captured)
    return null;
  const { stmt } = definition;
  return stmt?.type === 'Assign' && stmt.targets.length === 1 && isPure(definition.value, index, scope) ? stmt : null;
}
