/** ECO204: a pretrained model loaded in float32 to answer, not to learn. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { everyCall, isPlainCall } from './patterns/calls.js';
import { choosesPrecision } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { ensureImport } from './semantic/edits.js';

const models = /^(diffusers|transformers)\.(?:\w+\.)*(\w+)\.from_pretrained$/;
const notModels = /Tokenizer|Processor|Config|FeatureExtractor|Scheduler|ImageProcessor/;

export default defineRule({
  code: 'ECO204',
  name: 'fp32-model-inference',
  family: 'precision & quantisation',
  severity: 'warning',
  fixSafety: 'suggestion',
  saving: 'formula',
  since: '0.1.0',
  minTorch: '1.10',
  evidence: [
    {
      claim: 'SDXL on an A100: 7.36 s in float32, 4.63 s in bfloat16.',
      source: 'https://pytorch.org/blog/accelerating-generative-ai-3/',
    },
    {
      claim: 'transformers 5 loads a checkpoint in its own dtype; older versions load float32.',
      source: 'https://github.com/huggingface/transformers/blob/main/MIGRATION_GUIDE_V5.md',
    },
  ],
  messages: {
    detected: {
      en: '{name} is loaded without a dtype, which means float32: each weight costs four bytes where two would do.',
      zh: '{name} 加载时未指定 dtype，即 float32：每个权重占四个字节，而两个就够。',
    },
    review: {
      en: '{name} is loaded without a dtype: before transformers 5 that means float32, four bytes for each weight where two would do.',
      zh: '{name} 加载时未指定 dtype：在 transformers 5 之前即为 float32，每个权重占四个字节，而两个就够。',
    },
    fix: { en: 'Load it in bfloat16', zh: '以 bfloat16 加载' },
  },
  gate: ['from_pretrained'],
  check(context) {
    const { index, text } = context;
    if (isReferenceCode(context.file) || choosesPrecision(index)) return;
    // Who trains it decides otherwise
    if (/\.backward\(|Trainer\b|optim\b|optimizer|\.train\(|push_to_hub|save_pretrained/.test(text)) return;
    if (!/\.cuda\(|["']cuda|device_map|\.to\(\s*(device|self\.device|args\.device)/.test(text)) return;
    for (const { call, scope, name } of everyCall(index)) {
      const [, library, type] = models.exec(name ?? '') ?? [];
      if (library === undefined || type === undefined || notModels.test(type) || !isPlainCall(call)) continue;
      if (
        call.keywords.some((keyword) =>
          /dtype|quantization_config|variant|load_in|gguf_file|config/.test(keyword.arg ?? ''),
        )
      )
        continue;
      if (isOnCpu(call.keywords.find((keyword) => keyword.arg === 'device_map')?.value)) continue;
      const torch = ensureImport('torch', index, scope);
      const isDiffusion = library === 'diffusers';
      context.report({
        messageId: isDiffusion ? 'detected' : 'review',
        node: call,
        data: { name: type },
        undecided: !isDiffusion,
        fix: {
          messageId: 'fix',
          safety: 'suggestion',
          edits: [
            ...torch.edits,
            appendArgument(call, `${isDiffusion ? 'torch_dtype' : 'dtype'}=${torch.name}.bfloat16`, index),
          ],
        },
      });
    }
  },
});

function isOnCpu(node: Expr | undefined): boolean {
  return node?.type === 'Constant' && node.value === 'cpu';
}
