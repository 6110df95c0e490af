/** ECO104: `attn_implementation="eager"` makes every layer materialise its scores. */
import { defineRule } from './defineRule.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { replaceNode } from './semantic/edits.js';

export default defineRule({
  code: 'ECO104',
  name: 'hf-eager-attention',
  family: 'attention',
  severity: 'warning',
  fixSafety: 'unsafe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim: 'SDPA is the default attention where a model supports it.',
      source: 'https://huggingface.co/docs/transformers/main/en/attention_interface',
    },
  ],
  messages: {
    detected: {
      en: 'attn_implementation="eager" makes every layer keep its whole score tensor in memory; "sdpa" is the default where the model supports it.',
      zh: 'attn_implementation="eager" 使每一层都把整个分数张量放在显存里；模型支持时默认即为 "sdpa"。',
    },
    fix: { en: 'Use "sdpa"', zh: '改用 "sdpa"' },
  },
  gate: ['attn_implementation'],
  check(context) {
    const { index, text } = context;
    // Code that reads the weights needs them
    if (isReferenceCode(context.file) || /output_attentions|\.attentions\b/.test(text)) return;
    for (const call of index.calls) {
      if (
        call.func.type !== 'Attribute' ||
        !/^(from_pretrained|from_config|_from_config|set_attn_implementation)$/.test(call.func.attr)
      )
        continue;
      const value =
        call.keywords.find((keyword) => keyword.arg === 'attn_implementation')?.value ??
        (call.func.attr === 'set_attn_implementation' ? call.args[0] : undefined);
      if (value?.type !== 'Constant' || value.value !== 'eager') continue;
      context.report({
        messageId: 'detected',
        node: value,
        fix: { messageId: 'fix', safety: 'unsafe', edits: [replaceNode(value, '"sdpa"', index)] },
      });
    }
  },
});
