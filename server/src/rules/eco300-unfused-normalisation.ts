/** ECO300: a normalisation in five to eight kernels where PyTorch has one. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { normalisationAt } from './patterns/normalisation.js';
import { isNumber } from './patterns/numbers.js';
import { compiles } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { ensureImport, removeStatements, replaceNode } from './semantic/edits.js';
import { nodeTypes } from './semantic/ownNodes.js';

const titles = { rms_norm: 'RMSNorm', layer_norm: 'LayerNorm' } as const;

const wanted = nodeTypes('BinOp', 'Call');

export default defineRule({
  code: 'ECO300',
  name: 'unfused-normalisation',
  family: 'fusion & memory traffic',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: '2.4',
  evidence: [
    {
      claim: 'Native LayerNorm and GELU: 45.5k to 55.3k tokens/s in GPT-2 training on one A100 (-18 % time).',
      source: 'https://github.com/rasbt/LLMs-from-scratch/tree/main/ch05/10_llm-training-speed',
    },
    {
      claim:
        'A fused RMSNorm, forward and backward, is 1.1 to 8.6 times as fast as the eager one on an A100 (median 4.6).',
      source: 'https://github.com/linkedin/Liger-Kernel/blob/main/benchmark/data/all_benchmark_data.csv',
    },
  ],
  messages: {
    detected: {
      en: 'This is {title} in single steps: each reads and writes the whole tensor. F.{name} computes the same in one kernel.',
      zh: '这是逐步书写的 {title}：每一步都要读写整个张量。F.{name} 用一个内核计算同样的结果。',
    },
    fix: { en: 'Use {call}', zh: '使用 {call}' },
  },
  gate: ['sqrt(', '** -0.5', '**-0.5', '** 0.5', '**0.5'],
  check(context) {
    const { index, facts } = context;
    if (isReferenceCode(context.file)) return;
    context.eachNode(wanted, (node, scope) => {
      if (scope.node === null || isReferenceCode(scope.name)) return true;
      const match = normalisationAt(node as Expr, index, scope);
      // Inductor fuses it by itself
      if (match === null || compiles.near(scope, index)) return true;
      const isNumeric = isNumber(match.eps, index, scope);
      if (isNumeric === false) return true;
      const isTooOld =
        match.name === 'rms_norm' &&
        facts.torchVersion !== null &&
        facts.torchVersion[0] * 100 + facts.torchVersion[1] < 204;
      const functional = ensureImport('torch.nn.functional', index, scope);
      const input = index.source(match.input);
      const call = `${functional.name}.${match.name}(${input}, ${input}.shape[-1:], eps=${index.source(match.eps)})`;
      const factor = match.factor === null ? '' : `${index.source(match.factor)} * `;
      const lines = removeStatements(match.gone, index);
      context.report({
        messageId: 'detected',
        node,
        data: { title: titles[match.name], name: match.name },
        undecided: isNumeric === 'unknown',
        fix:
          lines === null || isTooOld
            ? null
            : {
                messageId: 'fix',
                data: { call },
                safety: 'safe',
                edits: [...functional.edits, ...lines, replaceNode(node, `${factor}${call}`, index)],
              },
      });
      return false;
    });
  },
});
