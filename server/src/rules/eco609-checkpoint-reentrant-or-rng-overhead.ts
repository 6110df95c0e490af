/** ECO609: a checkpoint that does not say which implementation it means. */
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { everyCall, isPlainCall, keywordOf } from './patterns/calls.js';
import { isReferenceCode } from './patterns/quietCode.js';

export default defineRule({
  code: 'ECO609',
  name: 'checkpoint-reentrant-or-rng-overhead',
  family: 'training loop',
  recommended: false,
  severity: 'information',
  fixSafety: 'unsafe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: '1.11',
  aliases: ['TOR003'],
  evidence: [
    {
      claim:
        'use_reentrant must be passed explicitly; False is recommended: it does not need inputs that require grad and stops recomputation early.',
      source: 'https://docs.pytorch.org/docs/stable/checkpoint.html',
    },
  ],
  messages: {
    detected: {
      en: 'Without use_reentrant this checkpoint means the old implementation: it recomputes all of the segment, and gives no gradients when no input requires one.',
      zh: '未指定 use_reentrant 时使用旧实现：会重新计算整个区段，且当没有输入需要梯度时不产生梯度。',
    },
    fix: { en: 'Add use_reentrant=False', zh: '添加 use_reentrant=False' },
  },
  gate: ['checkpoint'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const { call, name } of everyCall(index)) {
      if (!/^torch\.utils\.checkpoint\.(checkpoint|checkpoint_sequential)$/.test(name ?? '')) continue;
      if (keywordOf(call, 'use_reentrant') !== null || call.keywords.some((one) => one.arg === null)) continue;
      context.report({
        messageId: 'detected',
        node: call,
        fix:
          isPlainCall(call) || call.args.at(-1)?.type === 'Starred'
            ? { messageId: 'fix', safety: 'unsafe', edits: [appendArgument(call, 'use_reentrant=False', index)] }
            : null,
      });
    }
  },
});
