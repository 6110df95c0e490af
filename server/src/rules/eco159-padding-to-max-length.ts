/** ECO159: every text padded to the longest there could be. */
import * as z from 'zod';
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyCall, isConstant, keywordOf } from './patterns/calls.js';
import { contains } from './patterns/places.js';
import { compiles } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { knownNumber } from './patterns/values.js';
import { replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';

export default defineRule({
  code: 'ECO159',
  name: 'padding-to-max-length',
  family: 'inference/serving & KV cache',
  severity: 'information',
  fixSafety: 'suggestion',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Dynamic padding pads to the longest of the batch instead of the longest of all.',
      source: 'https://huggingface.co/docs/transformers/pad_truncation',
    },
  ],
  messages: {
    detected: {
      en: 'padding="max_length" fills every text up to the limit, and the model computes every pad: linear layers in proportion, attention quadratically. Pad to the longest of the batch.',
      zh: 'padding="max_length" 会把每条文本都填充到上限，模型也要计算每个填充位：线性层成正比，注意力成平方。应填充到批次中最长的一条。',
    },
    fix: { en: 'Pad to the longest of the batch', zh: '填充到批次中最长的一条' },
  },
  options: z.object({
    'max-length': z
      .int('a whole number')
      .min(0, 'a number from 0')
      .default(77)
      .describe('Limits up to this many tokens are left alone.'),
  }),
  gate: ['max_length'],
  check(context) {
    const { index, text } = context;
    if (isReferenceCode(context.file) || compiles(index)) return;
    // Shapes that must not change: other accelerators, text encoders of diffusion models, chunks of one length
    if (/xla|tpu|neuron|habana|optimum|clip|diffus|text_encoder|onnx|tensorrt|group_texts|block_size/i.test(text))
      return;
    for (const { call, scope } of everyCall(index)) {
      const padding = keywordOf(call, 'padding');
      if (padding === null || !isConstant(padding, 'max_length')) continue;
      if (!/token|processor|encode/i.test(index.source(call.func))) continue;
      const limit = knownNumber(keywordOf(call, 'max_length'), index, scope)?.value ?? null;
      if (limit !== null && limit <= context.options['max-length']) continue;
      // The context that a text encoder was trained with, filled: what it makes of the pads is used too
      const longest = keywordOf(call, 'max_length');
      if (longest?.type === 'Attribute' && longest.attr === 'model_max_length' && /caption|prompt/i.test(text))
        continue;
      // The length is decided elsewhere: labels and the like are filled up to it by hand
      if (longest !== null && isFilledByHand(longest, scope, index)) continue;
      // One text at a time, for a batch that is put together later, needs a collator too
      context.report({
        messageId: 'detected',
        node: padding,
        fix: { messageId: 'fix', safety: 'suggestion', edits: [replaceNode(padding, '"longest"', index)] },
      });
    }
  },
});

/** `labels + [-100] * (limit - len(labels))` beside it: whoever reads the batch counts on that length. */
function isFilledByHand(limit: Expr, scope: Scope, index: ModuleIndex): boolean {
  const text = index.source(limit);
  return (scope.node?.body ?? []).some((stmt) =>
    contains(
      stmt,
      (node) =>
        node.type === 'BinOp' &&
        node.op === '*' &&
        [node.left, node.right].some(
          (side) =>
            side.type === 'BinOp' &&
            side.op === '-' &&
            index.source(side.left) === text &&
            side.right.type === 'Call' &&
            side.right.func.type === 'Name' &&
            side.right.func.id === 'len',
        ),
    ),
  );
}
