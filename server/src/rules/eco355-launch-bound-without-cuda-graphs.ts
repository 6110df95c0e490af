/** ECO355: one token at a time, each operator launched by Python. */
import { defineRule } from './defineRule.js';
import { everyScope, keywordOf } from './patterns/calls.js';
import { usesAccelerator } from './patterns/dataLoaders.js';
import { isGradOff } from './patterns/gradMode.js';
import { modelCall } from './patterns/modelCalls.js';
import { enclosingLoop } from './patterns/places.js';
import { compiles } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';

export default defineRule({
  code: 'ECO355',
  name: 'launch-bound-without-cuda-graphs',
  family: 'compile & launch',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim:
        'Llama-2-7B, batch 1, one A100: 25.5 to 107 tokens/s with a static cache and torch.compile(mode="reduce-overhead").',
      source: 'https://pytorch.org/blog/accelerating-generative-ai-2/',
    },
    {
      claim: 'Mask R-CNN 1.70 times, BERT at 4096 GPUs 1.12 times as fast with CUDA graphs.',
      source: 'https://pytorch.org/blog/accelerating-pytorch-with-cuda-graphs/',
    },
  ],
  messages: {
    detected: {
      en: 'A decoding step launches every operator of the model for one token: the GPU waits for Python between them. With static shapes torch.compile(mode="reduce-overhead") replays one CUDA graph.',
      zh: '每个解码步都要为一个 token 逐个启动模型的全部算子：GPU 在其间等待 Python。形状固定时，torch.compile(mode="reduce-overhead") 可重放一张 CUDA 图。',
    },
  },
  gate: ['argmax', 'multinomial'],
  check(context) {
    const { index, text } = context;
    if (isReferenceCode(context.file) || !usesAccelerator(index) || compiles(index)) return;
    if (/CUDAGraph|cuda\.graph|make_graphed_callables|vllm|batch_size\s*=\s*\d{2,}/.test(text)) return;
    for (const scope of everyScope(index)) {
      const call = scope.calls.find((one) => {
        const loop = enclosingLoop(one, scope, index);
        if (loop === null || modelCall(one, index, scope) === null || !isGradOff(one, scope, index)) return false;
        // A loss over whole texts: nothing is decoded
        if (keywordOf(one, 'labels') !== null) return false;
        const body = index.source(loop);
        const samples = /argmax|multinomial/.test(body);
        // With a cache of keys and values each turn computes one token
        const isCached = /past_key_values|past_kv|kv_cache|input_pos|start_pos|prev_pos|use_cache|cache_position/.test(
          index.source(one) + body,
        );
        return samples && isCached;
      });
      // Shapes that change, and memory for graphs, cannot be seen
      if (call !== undefined) context.report({ messageId: 'detected', node: call, undecided: true });
    }
  },
});
