/** ECO650: `nn.DataParallel` copies the model to every GPU in every step. */
import { defineRule } from './defineRule.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { qualifiedName } from './semantic/names.js';

export default defineRule({
  code: 'ECO650',
  name: 'nn-dataparallel',
  family: 'distributed',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'DistributedDataParallel offers much better performance and scaling to multiple GPUs.',
      source: 'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html',
    },
    {
      claim: 'Use DistributedDataParallel instead of DataParallel, even on a single node.',
      source: 'https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-nn-ddp-instead',
    },
  ],
  messages: {
    detected: {
      en: 'nn.DataParallel copies the model to every GPU in every step and gathers the outputs on the first; DistributedDataParallel, one process per GPU, only exchanges gradients.',
      zh: 'nn.DataParallel 每一步都把模型复制到所有 GPU 并在第一块上汇总输出；DistributedDataParallel 每 GPU 一个进程，只交换梯度。',
    },
  },
  gate: ['DataParallel'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of [...index.functions, index.top]) {
      for (const call of scope.calls) {
        const name = qualifiedName(call.func, index, scope);
        if (name !== 'torch.nn.DataParallel' && name !== 'torch.nn.parallel.DataParallel') continue;
        // One device: nothing is copied
        const devices = call.args[1] ?? call.keywords.find((keyword) => keyword.arg === 'device_ids')?.value;
        if (devices?.type === 'List' && devices.elts.length === 1) continue;
        context.report({ messageId: 'detected', node: call });
      }
    }
  },
});
