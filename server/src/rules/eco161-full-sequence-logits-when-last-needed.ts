/**
 * ECO161: a projection (usually to the vocabulary) of every position, of which only the
 * last is read. Slicing before the projection computes the same for one position.
 */
import { defineRule } from './defineRule.js';
import { isLastPositionOnly, lastPositionUses } from './patterns/lastPosition.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { operand } from './semantic/edits.js';
import { opOf } from './semantic/torchOps.js';
import type { Guard } from './types.js';

export default defineRule({
  code: 'ECO161',
  name: 'full-sequence-logits-when-last-needed',
  family: 'inference/serving & KV cache',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: '1.0',
  evidence: [
    {
      claim: 'Language models of the transformers library take logits_to_keep for the same reason.',
      source: 'https://huggingface.co/docs/transformers/main/en/model_doc/llama',
    },
    {
      claim: 'A projection treats each position alone: slicing before and after agree to rounding.',
      source: 'examples/llama_gqa.py, test/rules/examplePytorch.test.ts',
    },
  ],
  messages: {
    detected: {
      en: 'All {positions} positions are projected to {features} features, but only the last one is read.',
      zh: '对全部 {positions} 个位置做了到 {features} 维的投影，但只用到最后一个位置。',
    },
    detectedUnknown: {
      en: 'Every position is projected, but only the last one is read.',
      zh: '对每个位置都做了投影，但只用到最后一个位置。',
    },
    read: { en: 'Only the last position is read here.', zh: '此处只读取最后一个位置。' },
    fix: { en: 'Project only the last position', zh: '只投影最后一个位置' },
  },
  gate: ['-1'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of index.functions) {
      for (const call of scope.calls) {
        const op = opOf(call, index, scope);
        const isProjection =
          op?.plain &&
          ((op.via === 'module' && op.name === 'Linear') || (op.via === 'function' && op.name === 'linear'));
        if (!isProjection || op === null) continue;
        const input = op.args[0];
        if (input === undefined || isLastPositionOnly(input, scope)) continue;
        const uses = lastPositionUses(call, index, scope);
        const first = uses?.[0];
        if (uses === null || first === undefined) continue;

        const { start: from, end: to } = index.range(call);
        const seen = context.modulesAt(call).filter((module) => module.start === from && module.end === to);
        const ranks = seen.map((module) => module.outputs[0]?.shape ?? null).filter((one) => one !== null);
        // `[:, -1]` of two dimensions is a column
        if (ranks.some((one) => one.length === 2)) continue;
        const shape = ranks[0] ?? null;
        const positions = shape?.at(-2) ?? Number.NaN;
        const hasSequence: Guard = uses.some((use) => use.rankIsSure) || shape !== null ? true : 'unknown';
        // One position is nothing to save
        if (positions === 1) continue;
        const slice = uses.every((use) => use.fromTheEnd) ? '[..., -1:, :]' : '[:, -1:]';
        if (uses.some((use) => use.fromTheEnd) && slice !== '[..., -1:, :]') continue;
        const { start, end } = index.range(input);
        context.report({
          messageId: Number.isNaN(positions) ? 'detectedUnknown' : 'detected',
          node: call,
          data: { positions: positions.toLocaleString('en'), features: (shape?.at(-1) ?? 0).toLocaleString('en') },
          related: [{ node: first.node, messageId: 'read' }],
          fix: {
            messageId: 'fix',
            safety: 'safe',
            edits: [{ start, end, newText: `${operand(input, index)}${slice}` }],
          },
          undecided: hasSequence === 'unknown',
        });
      }
    }
  },
});
