/**
 * ECO103: `nn.MultiheadAttention` computes and averages the weights unless told not to;
 * with `need_weights=False` it calls the fused attention.
 */
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { literalNumber, opOf } from './semantic/torchOps.js';

export default defineRule({
  code: 'ECO103',
  name: 'mha-need-weights-default',
  family: 'attention',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim:
        'Set need_weights=False to use the optimized scaled_dot_product_attention and achieve the best performance for MHA.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html',
    },
  ],
  messages: {
    detected: {
      en: 'The attention weights are computed, averaged and thrown away; with need_weights=False nn.MultiheadAttention uses the fused attention.',
      zh: '注意力权重被计算、取平均后又被丢弃；传入 need_weights=False 后 nn.MultiheadAttention 会使用融合注意力。',
    },
    fix: { en: 'Pass need_weights=False', zh: '传入 need_weights=False' },
  },
  gate: ['MultiheadAttention'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    const version = context.facts.torchVersion;
    if (version !== null && version[0] < 2) return;
    for (const scope of [...index.functions, index.top]) {
      for (const call of scope.calls) {
        const op = opOf(call, index, scope);
        if (op?.name !== 'MultiheadAttention' || op.via !== 'module' || !op.plain) continue;
        if (op.args.length > 4 || op.keywords.has('need_weights') || op.keywords.has('average_attn_weights')) continue;
        if (!isWeightDropped(call, index, scope)) continue;
        const edits = [appendArgument(call, 'need_weights=False', index)];
        context.report({ messageId: 'detected', node: call, fix: { messageId: 'fix', safety: 'safe', edits } });
      }
    }
  },
});

/** `mha(...)[0]`, or `out, _ = mha(...)` where the second name is never read. */
function isWeightDropped(call: Call, index: ModuleIndex, scope: Scope): boolean {
  const parent = index.parent(call);
  if (parent?.type === 'Subscript' && parent.value === call) return literalNumber(parent.slice) === 0;
  if (parent?.type !== 'Assign' || parent.value !== call || parent.targets.length !== 1) return false;
  const target = parent.targets[0];
  if (target?.type !== 'Tuple' || target.elts.length !== 2) return false;
  const second = target.elts[1];
  if (second?.type !== 'Name' || scope.flow.shared.has(second.id)) return false;
  const definition = scope.flow.definitions.find((one) => one.target === second);
  return definition !== undefined && definition.uses.size === 0 && !definition.captured;
}
