/** ECO202: float16 gradients that nothing keeps from becoming zero. */
import { defineRule } from './defineRule.js';
import { autocastCalls, withOf } from './patterns/autocasts.js';
import { appendArgument } from './patterns/callEdits.js';
import { keywordOf } from './patterns/calls.js';
import { enclosingLoop } from './patterns/places.js';
import { isManaged } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { saysNear } from './patterns/reach.js';
import { ensureImport, replaceNode } from './semantic/edits.js';

export default defineRule({
  code: 'ECO202',
  name: 'fp16-autocast-without-gradscaler',
  family: 'precision & quantisation',
  severity: 'warning',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: '1.10',
  evidence: [
    {
      claim: 'Gradients of small magnitude flush to zero in float16; gradient scaling prevents it.',
      source: 'https://docs.pytorch.org/docs/stable/amp.html#gradient-scaling',
    },
  ],
  messages: {
    detected: {
      en: 'float16 under autocast, and the loss goes backward unscaled: small gradients become zero and the run trains badly or not at all.',
      zh: 'autocast 使用 float16，而损失未经缩放就反向传播：小梯度会变为零，训练效果变差甚至失败。',
    },
    fix: { en: 'Use bfloat16, which has the range of float32', zh: '改用 bfloat16，其数值范围与 float32 相同' },
  },
  gate: ['autocast'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file) || isManaged(index)) return;
    for (const { call, scope, dtype, isOn } of autocastCalls(index)) {
      const block = withOf(call, index);
      if (dtype !== 'float16' || !isOn || block === null) continue;
      const backward = scope.calls.find(
        (one) =>
          one.func.type === 'Attribute' &&
          one.func.attr === 'backward' &&
          one.start > call.start &&
          enclosingLoop(one, scope, index) === enclosingLoop(block, scope, index),
      );
      // Someone scales, by hand or by a scaler of any name
      if (
        backward === undefined ||
        saysNear(/scaler\.|GradScaler\(|loss_scale|\.scale\(|scale_loss|bfloat16/i, scope, index)
      )
        continue;
      const torch = ensureImport('torch', index, scope);
      const given = keywordOf(call, 'dtype');
      const edit =
        given === null
          ? appendArgument(call, `dtype=${torch.name}.bfloat16`, index)
          : replaceNode(given, `${torch.name}.bfloat16`, index);
      context.report({
        messageId: 'detected',
        node: call,
        fix: { messageId: 'fix', safety: 'unsafe', edits: [...torch.edits, edit] },
      });
    }
  },
});
