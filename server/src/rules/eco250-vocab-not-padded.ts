/** ECO250: a vocabulary whose size leaves the tensor cores with ragged tiles. */
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { argumentOf } from './patterns/calls.js';
import { choosesPrecision } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { knownNumber } from './patterns/values.js';
import { replaceNode } from './semantic/edits.js';
import { qualifiedName, torchModuleName } from './semantic/names.js';

export default defineRule({
  code: 'ECO250',
  name: 'vocab-not-padded',
  family: 'shape alignment',
  severity: 'warning',
  fixSafety: 'suggestion',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'GPT-2 on one A100: 112.0k to 127.3k tokens/s with a vocabulary of 50,304 instead of 50,257.',
      source: 'https://github.com/rasbt/LLMs-from-scratch/tree/main/ch05/10_llm-training-speed',
    },
    {
      claim: 'Padded vocabulary: 113 to 87 ms per batch.',
      source: 'https://pytorch.org/blog/accelerating-large-language-models/',
    },
  ],
  messages: {
    detected: {
      en: 'A vocabulary of {size} is no multiple of 64: the product of the head takes unaligned kernels. {padded} costs {more} % more work and runs faster in half precision.',
      zh: '词表大小 {size} 不是 64 的倍数：输出层的矩阵乘只能用未对齐内核。{padded} 的计算量多 {more} %，但在半精度下更快。',
    },
    fix: { en: 'Use {padded}; ignore the logits beyond {size}', zh: '使用 {padded}；忽略 {size} 之后的 logits' },
  },
  gate: ['Embedding('],
  check(context) {
    const { index, text } = context;
    if (isReferenceCode(context.file)) return;
    // The shape of a published checkpoint must be kept
    const isPretrained = /pretrained|load_state_dict|load_weights|convert_|state_dict/.test(text);
    for (const owner of index.classes) {
      const layers: { call: Call; type: string }[] = [];
      const scopes = index.functions.filter((scope) => index.enclosingClass(scope) === owner);
      for (const scope of scopes) {
        for (const call of scope.calls) {
          const type = torchModuleName(qualifiedName(call.func, index, scope));
          if (type === 'Embedding' || type === 'Linear') layers.push({ call, type });
        }
      }
      for (const { call, type } of layers) {
        const given = argumentOf(call, 0, 'num_embeddings');
        if (type !== 'Embedding' || given === null) continue;
        const written = index.source(given);
        const head = layers.find(
          (one) => one.type === 'Linear' && sourceOf(argumentOf(one.call, 1, 'out_features'), index) === written,
        );
        const size = knownNumber(given, index, index.scopeOf(call));
        if (head === undefined || size === null || size.value < 8000 || size.value % 64 === 0) continue;
        const padded = 64 * Math.ceil(size.value / 64);
        context.report({
          messageId: 'detected',
          node: size.node,
          data: { size: size.value, padded, more: ((100 * (padded - size.value)) / size.value).toFixed(2) },
          related: [],
          undecided: isPretrained || !choosesPrecision(index),
          fix: {
            messageId: 'fix',
            data: { padded, size: size.value },
            safety: 'suggestion',
            edits: [replaceNode(size.node, String(padded), index)],
          },
        });
      }
    }
  },
});

function sourceOf(
  node: Parameters<typeof replaceNode>[0] | null,
  index: Parameters<typeof replaceNode>[2],
): string | null {
  return node === null ? null : index.source(node);
}
