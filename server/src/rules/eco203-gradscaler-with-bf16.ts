/** ECO203: gradient scaling for a type that does not need it. */
import { defineRule } from './defineRule.js';
import { autocastCalls } from './patterns/autocasts.js';
import { appendArgument } from './patterns/callEdits.js';
import { everyCall, isPlainCall, keywordOf } from './patterns/calls.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { isWithin } from './patterns/reach.js';

export default defineRule({
  code: 'ECO203',
  name: 'gradscaler-with-bf16',
  family: 'precision & quantisation',
  severity: 'information',
  fixSafety: 'suggestion',
  saving: 'formula',
  since: '0.1.0',
  minTorch: '1.10',
  evidence: [
    {
      claim: 'bfloat16 has the exponent of float32; scaling exists for the range of float16.',
      source: 'https://docs.pytorch.org/docs/stable/amp.html#gradient-scaling',
    },
  ],
  messages: {
    detected: {
      en: 'Autocast runs in bfloat16, which needs no gradient scaling: the scaler reads all gradients once more and makes the host wait in every step.',
      zh: 'autocast 使用 bfloat16，不需要梯度缩放：缩放器每步都要再读一遍全部梯度，并让主机等待。',
    },
    fix: { en: 'Switch the scaler off', zh: '关闭缩放器' },
  },
  gate: ['GradScaler'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    const casts = autocastCalls(index);
    if (!casts.some((one) => one.dtype === 'bfloat16')) return;
    for (const { call, scope, name } of everyCall(index)) {
      if (!/^torch\.(cuda\.)?amp\.(grad_scaler\.)?GradScaler$/.test(name ?? '') || !isPlainCall(call)) continue;
      if (keywordOf(call, 'enabled') !== null || call.args.length > 1) continue;
      // The casts of the program that the scaler belongs to
      const own = casts.filter((one) => isWithin(one.call, scope, index));
      if (own.length === 0 || !own.every((one) => one.dtype === 'bfloat16')) continue;
      context.report({
        messageId: 'detected',
        node: call,
        fix: { messageId: 'fix', safety: 'suggestion', edits: [appendArgument(call, 'enabled=False', index)] },
      });
    }
  },
});
