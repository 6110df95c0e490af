/** ECO406: a DataLoader without a batch size makes batches of one sample. */
import { defineRule } from './defineRule.js';
import { loaderCalls, usesAccelerator } from './patterns/dataLoaders.js';
import { isReferenceCode } from './patterns/quietCode.js';

export default defineRule({
  code: 'ECO406',
  name: 'dataloader-default-batch-size-1',
  family: 'data loading',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'batch_size: how many samples per batch to load (default: 1).',
      source: 'https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader',
    },
    {
      claim: 'Mistral-7B on an A800: 84 to 96 % fewer joules per request at batch 8 to 64.',
      source:
        'https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/docs/source/quantization_performance.mdx',
    },
  ],
  messages: {
    detected: {
      en: 'No batch_size is given, so batches hold one sample: launches and weight traffic are paid for each sample anew.',
      zh: '未指定 batch_size，因此每个批次只有一个样本：每个样本都要重新支付内核启动和权重读取的开销。',
    },
  },
  gate: ['DataLoader'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file) || !usesAccelerator(index)) return;
    for (const { call, args } of loaderCalls(index)) {
      if (args.has('batch_size') || args.has('batch_sampler') || args.has('collate_fn')) continue;
      context.report({ messageId: 'detected', node: call });
    }
  },
});
