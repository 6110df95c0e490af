/** ECO403: pinning a batch in the step that needs it. */
import { defineRule } from './defineRule.js';
import { methodCalls } from './patterns/calls.js';
import { hotLoop } from './patterns/loops.js';
import { isReferenceCode } from './patterns/quietCode.js';

export default defineRule({
  code: 'ECO403',
  name: 'pin-memory-in-main-thread',
  family: 'data loading',
  severity: 'information',
  fixSafety: 'suggestion',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'pin_memory() in the main thread blocks the host; tensor.pin_memory().to(device, non_blocking=True) is slower than a plain copy.',
      source: 'https://docs.pytorch.org/tutorials/intermediate/pinmem_nonblock.html',
    },
  ],
  messages: {
    detected: {
      en: 'pin_memory() copies the batch on the host, and the host waits: slower than the plain copy to the device. DataLoader(pin_memory=True) does it beside the step.',
      zh: 'pin_memory() 会在主机上复制批次并阻塞主机：比直接复制到设备更慢。DataLoader(pin_memory=True) 可在步骤之外完成。',
    },
    fix: { en: 'Leave it out', zh: '去掉它' },
  },
  gate: ['.pin_memory('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const { call, scope, object } of methodCalls(index, 'pin_memory')) {
      const outer = index.parent(call);
      const isMoved = outer?.type === 'Attribute' && (outer.attr === 'to' || outer.attr === 'cuda');
      if (call.args.length > 0 || !isMoved || hotLoop(call, scope, index) === null) continue;
      context.report({
        messageId: 'detected',
        node: call,
        fix: {
          messageId: 'fix',
          safety: 'suggestion',
          edits: [{ start: index.range(object).end, end: index.range(call).end, newText: '' }],
        },
      });
    }
  },
});
