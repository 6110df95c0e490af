/** ECO709: gradients clipped while they still carry the scaler's factor. */
import { defineRule } from './defineRule.js';
import { everyCall } from './patterns/calls.js';
import { isManaged } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { saysNear } from './patterns/reach.js';

export default defineRule({
  code: 'ECO709',
  name: 'clip-before-unscale',
  family: 'numerics & losses',
  severity: 'warning',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: '1.6',
  evidence: [
    {
      claim: 'Call unscale_ before clipping: otherwise the threshold is compared with scaled gradients.',
      source: 'https://docs.pytorch.org/docs/stable/notes/amp_examples.html#gradient-clipping',
    },
  ],
  messages: {
    detected: {
      en: 'The gradients still carry the factor of the scaler here, 65,536 at first: clipping to {limit} takes nearly all of them away. Call unscale_ before.',
      zh: '此处梯度仍带有缩放器的系数（初始为 65,536）：按 {limit} 裁剪几乎会去掉全部梯度。应先调用 unscale_。',
    },
  },
  gate: ['clip_grad'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file) || isManaged(index)) return;
    for (const { call, scope, name } of everyCall(index)) {
      if (!/^torch\.nn\.utils\.(clip_grad\.)?clip_grad_(norm|value)_?$/.test(name ?? '')) continue;
      // scaler.scale(loss).backward() above, scaler.step(optimizer) below, in the same function
      const scaled = scope.calls.some(
        (one) => one.start < call.start && /\.scale\(.*\)\.backward/s.test(index.source(one)),
      );
      const stepped = scope.calls.some(
        (one) => one.start > call.start && /scaler\.step$/i.test(index.source(one.func)),
      );
      const limit = call.args[1] ?? call.keywords[0]?.value;
      if (scaled && stepped && !saysNear(/unscale/, scope, index))
        context.report({
          messageId: 'detected',
          node: call,
          data: { limit: limit === undefined ? '…' : index.source(limit) },
        });
    }
  },
});
