/** ECO310: a CNN in half precision that keeps its images as NCHW. */
import * as z from 'zod';
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { methodCalls, methodName } from './patterns/calls.js';
import { standsFor } from './patterns/inline.js';
import { convolutionsOf } from './patterns/layers.js';
import { compiles } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';

export default defineRule({
  code: 'ECO310',
  name: 'channels-last-missing-for-cnn',
  family: 'fusion & memory traffic',
  severity: 'information',
  fixSafety: 'suggestion',
  saving: 'formula',
  since: '0.1.0',
  minTorch: '1.5',
  evidence: [
    {
      claim: 'ResNet-50 with AMP: 22 % more images/s in channels_last; 8 to 35 % over torchvision models on Volta.',
      source: 'https://docs.pytorch.org/tutorials/intermediate/memory_format_tutorial.html',
    },
  ],
  messages: {
    detected: {
      en: 'This CNN of {count} convolutions runs in half precision with NCHW tensors: tensor-core kernels transpose each of them. channels_last spares that.',
      zh: '该 CNN（{count} 个卷积）以半精度、NCHW 布局运行：张量核心内核要对每个张量做转置。channels_last 可省去。',
    },
    fix: {
      en: 'Move the model with memory_format=torch.channels_last (the images too)',
      zh: '以 memory_format=torch.channels_last 移动模型（输入图像也要）',
    },
  },
  options: z.object({
    'min-convolutions': z
      .int('a whole number')
      .min(1, 'a number from 1')
      .default(8)
      .describe('Models with fewer 2-D convolutions are left alone.'),
  }),
  gate: ['.to(', '.cuda('],
  check(context) {
    const { index, text } = context;
    if (isReferenceCode(context.file) || compiles(index) || text.includes('channels_last')) return;
    if (!/autocast|\.half\(\)|bfloat16|float16/.test(text)) return;
    const { hardware } = context.facts;
    if (hardware !== null && (hardware.vendor !== 'NVIDIA' || (hardware.computeCapability ?? 7) < 7)) return;
    for (const { call, scope, object } of methodCalls(index, 'to', 'cuda')) {
      const target = call.args[0];
      const isCuda = methodName(call) === 'cuda';
      const isDevice =
        isCuda ||
        (target !== undefined && /^(["']cuda|device$|self\.device$|args\.device$)/.test(index.source(target)));
      if (!isDevice) continue;
      const value = standsFor(object, scope);
      const count = value.type === 'Call' ? convolutionsOf(value as Call, index, scope) : null;
      if (count === null || count < context.options['min-convolutions']) continue;
      context.report({
        messageId: 'detected',
        node: call,
        data: { count },
        // Only to() takes a memory format
        fix: isCuda
          ? null
          : {
              messageId: 'fix',
              safety: 'suggestion',
              edits: [appendArgument(call, 'memory_format=torch.channels_last', index)],
            },
      });
    }
  },
});
