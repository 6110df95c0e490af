/**
 * ECO102: grouped-query attention that copies every key and value head for each of its
 * query heads. `scaled_dot_product_attention(..., enable_gqa=True)` reads them in place.
 */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import type { FactSource } from './facts.js';
import { attentionsIn } from './patterns/attention.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { type RepeatedHeads, repeatedHeads, withoutCopies } from './patterns/repeatKv.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { argument, opOf } from './semantic/torchOps.js';
import type { Guard, Message, OffsetEdit, RuleContext } from './types.js';

type Ids = 'detected' | 'afterFusing' | 'blocked' | 'values' | 'fix';

/** Largest head dimension of the fused kernels that know grouped heads. */
const largestHeadDim = 256;

export default defineRule({
  code: 'ECO102',
  name: 'gqa-repeat-kv',
  family: 'attention',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: '2.5',
  evidence: [
    {
      claim: 'enable_gqa=True attends with fewer key and value heads than query heads.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html',
    },
    {
      claim: 'With head dimensions above 256 the composite kernel is chosen.',
      source: 'https://github.com/huggingface/transformers/pull/46960',
    },
    {
      claim: 'With a mask the composite kernel is chosen, which once asked for 45 GiB.',
      source: 'https://github.com/Comfy-Org/ComfyUI/pull/15135',
    },
    {
      claim: 'In float32 the composite kernel is chosen.',
      source: 'https://github.com/facebookresearch/sapiens2/pull/3',
    },
  ],
  messages: {
    detected: {
      en: 'Each key and value head is copied for its query heads before attention; enable_gqa=True attends to them in place.',
      zh: '注意力计算前为每个查询头复制了键头和值头；enable_gqa=True 可直接使用原有的头。',
    },
    afterFusing: {
      en: 'Each key and value head is copied for its query heads. Once attention is one fused call (ECO100), enable_gqa=True attends to them in place.',
      zh: '为每个查询头复制了键头和值头。先按 ECO100 改为一次融合调用，之后 enable_gqa=True 即可直接使用原有的头。',
    },
    blocked: {
      en: 'Each key and value head is copied for its query heads before attention. enable_gqa=True would avoid it, but no fix is offered: {reasons}.',
      zh: '注意力计算前为每个查询头复制了键头和值头。enable_gqa=True 可避免复制，但不提供修复：{reasons}。',
    },
    values: { en: 'The value heads are copied here.', zh: '值头在此处复制。' },
    fix: { en: 'Attend to the heads in place with enable_gqa=True', zh: '使用 enable_gqa=True，不再复制各头' },
  },
  gate: ['repeat_interleave', 'expand', 'repeat_kv'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => {
      if (isReferenceCode(scope.name)) return;
      for (const call of scope.calls) {
        const op = opOf(call, index, scope);
        if (op?.name !== 'scaled_dot_product_attention' || op.via !== 'function' || !op.plain) continue;
        if (op.keywords.has('enable_gqa')) continue;
        const pair = pairOf(argument(op, 1, 'key'), argument(op, 2, 'value'), index, scope);
        if (pair !== null) reportFused(call, argument(op, 3, 'attn_mask'), pair, context);
      }
      for (const attention of attentionsIn(scope, index)) {
        const pair = pairOf(attention.key, attention.value, index, scope);
        if (pair === null) continue;
        context.report({
          messageId: 'afterFusing',
          node: pair.key.node,
          related: [{ node: pair.value.node, messageId: 'values' }],
          requires: 'ECO100',
          // How sure it is follows from the call that attention will be: see `reportFused`
          undecided: !context.facts.available,
        });
      }
    });
  },
});

interface Pair {
  readonly key: RepeatedHeads;
  readonly value: RepeatedHeads;
}

function pairOf(key: Expr | null, value: Expr | null, index: ModuleIndex, scope: Scope): Pair | null {
  if (key === null || value === null) return null;
  const first = repeatedHeads(key, index, scope);
  const second = repeatedHeads(value, index, scope);
  return first === null || second === null ? null : { key: first, value: second };
}

function reportFused(call: Call, mask: Expr | null, pair: Pair, context: RuleContext<Ids>): void {
  const { index } = context;
  const guards = guardsOf(call, mask, context);
  const reasons = guards.filter((guard) => guard.state !== true).map((guard) => guard.reason);
  const copies = withoutCopies([pair.key, pair.value], index);
  const edits: OffsetEdit[] | null = copies === null ? null : [...copies, enableGqa(call, index)];
  const related = [{ node: pair.value.node, messageId: 'values' as const }];
  if (reasons.length > 0 || edits === null) {
    const listed: Message =
      reasons.length > 0
        ? join(reasons)
        : { en: 'the copies do not stand on lines of their own', zh: '复制语句并非各占一行' };
    context.report({ messageId: 'blocked', node: pair.key.node, data: { reasons: listed }, related, undecided: true });
    return;
  }
  context.report({
    messageId: 'detected',
    node: pair.key.node,
    related,
    fix: { messageId: 'fix', safety: 'safe', edits },
  });
}

interface GuardReason {
  readonly state: Guard;
  readonly reason: Message;
}

/** The conditions under which a fused kernel that knows grouped heads is chosen. */
function guardsOf(call: Call, mask: Expr | null, context: RuleContext<Ids>): GuardReason[] {
  const { facts } = context;
  const seen = context.kernelsAt(call).filter((kernel) => kernel.name.includes('attention'));
  const halves: Guard =
    seen.length === 0 ? 'unknown' : seen.every((kernel) => /float16/.test(kernel.inputs[0]?.dtype ?? ''));
  const dims = seen.flatMap((kernel) => kernel.inputs.slice(0, 3).map((input) => input.shape?.at(-1) ?? Number.NaN));
  const small: Guard =
    dims.length === 0 || dims.some(Number.isNaN)
      ? 'unknown'
      : dims.every((dim) => dim <= largestHeadDim && dim === dims[0]);
  const noMask = mask === null || (mask.type === 'Constant' && mask.value === null);
  return [
    {
      state: noMask,
      reason: { en: 'a mask makes PyTorch choose the composite kernel', zh: '带掩码时 PyTorch 会选用组合内核' },
    },
    {
      state: halves,
      reason:
        halves === false
          ? {
              en: 'outside float16 and bfloat16 PyTorch chooses the composite kernel',
              zh: '非 float16/bfloat16 时 PyTorch 会选用组合内核',
            }
          : { en: 'the dtype is not known', zh: 'dtype 未知' },
    },
    {
      state: small,
      reason: {
        en: `the head dimension is not known to be at most ${largestHeadDim} for keys and values alike`,
        zh: `无法确定键和值的头维度相同且不超过 ${largestHeadDim}`,
      },
    },
    { state: isRecent(facts), reason: { en: 'PyTorch 2.5 or newer is needed', zh: '需要 PyTorch 2.5 或更新版本' } },
    {
      state: isAmpere(facts),
      reason: { en: 'a GPU of compute capability 8.0 or newer is needed', zh: '需要计算能力 8.0 及以上的 GPU' },
    },
  ];
}

function isRecent(facts: FactSource): Guard {
  const version = facts.torchVersion;
  return version === null ? 'unknown' : version[0] > 2 || (version[0] === 2 && version[1] >= 5);
}

function isAmpere(facts: FactSource): Guard {
  const { hardware } = facts;
  if (hardware === null) return 'unknown';
  if (hardware.vendor.toLowerCase() !== 'nvidia') return false;
  return hardware.computeCapability === null ? 'unknown' : hardware.computeCapability >= 8;
}

function join(messages: readonly Message[]): Message {
  return { en: messages.map((message) => message.en).join('; '), zh: messages.map((message) => message.zh).join('；') };
}

function enableGqa(call: Call, index: ModuleIndex): OffsetEdit {
  const unit = index.unitOf(call);
  const last = Math.max(...call.args.map((arg) => arg.end), ...call.keywords.map((keyword) => keyword.end));
  const at = unit.start + last;
  return { start: at, end: at, newText: ', enable_gqa=True' };
}
