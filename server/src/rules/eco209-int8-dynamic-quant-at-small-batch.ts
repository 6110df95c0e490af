/** ECO209: int8 activations where a token at a time is produced. */
import { defineRule } from './defineRule.js';
import { everyCall } from './patterns/calls.js';
import { isReferenceCode } from './patterns/quietCode.js';

const dynamic =
  /^torchao\.(?:\w+\.)*(Int8DynamicActivationInt8WeightConfig|int8_dynamic_activation_int8_weight|apply_dynamic_quant|change_linear_weights_to_int8_dqtensors)$/;

export default defineRule({
  code: 'ECO209',
  name: 'int8-dynamic-quant-at-small-batch',
  family: 'precision & quantisation',
  severity: 'error',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.2',
  evidence: [
    {
      claim: 'Llama-3-8B on an A100, batch 1: 95.64 tokens/s in bf16, 8.61 with dynamic int8 activations.',
      source: 'https://github.com/pytorch/ao/blob/main/torchao/quantization/README.md',
    },
    {
      claim: 'SDXL, bound by arithmetic: 2.52 to 2.43 s, so there it helps.',
      source: 'https://pytorch.org/blog/accelerating-generative-ai-3/',
    },
  ],
  messages: {
    detected: {
      en: '{name} quantises activations in every step. A decoding step at a small batch is bound by memory, not by arithmetic: measured eleven times as slow at batch 1. Weight-only int8 is the one that saves there.',
      zh: '{name} 每一步都要量化激活值。小批次解码受限于内存而非算力：批次为 1 时实测慢 11 倍。此处能节省的是仅权重 int8。',
    },
  },
  gate: ['torchao'],
  check(context) {
    const { index, text } = context;
    if (isReferenceCode(context.file)) return;
    // It decodes, and nothing bound by arithmetic is in sight
    if (!/\.generate\(|CausalLM|next_token|kv_cache|past_key_values/.test(text)) return;
    if (/diffusers|torchvision|timm\b|prefill_only|batch_size\s*=\s*(3[2-9]|[4-9]\d|\d{3,})/.test(text)) return;
    for (const { call, name } of everyCall(index)) {
      const found = dynamic.exec(name ?? '')?.[1];
      // How many requests run together cannot be seen
      if (found !== undefined)
        context.report({ messageId: 'detected', node: call, data: { name: found }, undecided: true });
    }
  },
});
