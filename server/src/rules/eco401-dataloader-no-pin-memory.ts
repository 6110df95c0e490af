/** ECO401: batches in pageable memory are copied twice and cannot overlap with work. */
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { datasetKind, isBeyondHelp, loaderCalls, usesAccelerator, workers } from './patterns/dataLoaders.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { says } from './patterns/reach.js';

export default defineRule({
  code: 'ECO401',
  name: 'dataloader-no-pin-memory',
  family: 'data loading',
  severity: 'information',
  fixSafety: 'suggestion',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'pin_memory=True enables fast asynchronous copies from the host to the GPU.',
      source: 'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html',
    },
    {
      claim: 'GPT-2 on one A100: 28,399 to 28,402 tokens/s; for token data it changes nothing.',
      source: 'https://github.com/rasbt/LLMs-from-scratch/blob/main/ch05/10_llm-training-speed/README.md',
    },
  ],
  messages: {
    detected: {
      en: 'Batches of this DataLoader are copied to the GPU from pageable memory, through a staging buffer; with pin_memory=True the copy is direct and can overlap.',
      zh: '该 DataLoader 的批次从可分页内存经中转缓冲区复制到 GPU；pin_memory=True 可直接复制并与计算重叠。',
    },
    fix: { en: 'Add pin_memory=True', zh: '添加 pin_memory=True' },
  },
  gate: ['DataLoader'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file) || !usesAccelerator(index) || says(/\btorch_xla\b/, index)) return;
    for (const loader of loaderCalls(index)) {
      // Where the samples are read in the main process that comes first (ECO400)
      if (loader.args.has('pin_memory') || workers(loader) === 0 || datasetKind(loader, index) === 'memory') continue;
      if (isBeyondHelp(loader, index)) continue;
      // Tensors and what has a pin_memory() are pinned; DGL's graphs have none
      if (loader.args.has('collate_fn') && says(/\bimport dgl\b|\bfrom dgl\b/, index)) continue;
      const edits = [appendArgument(loader.call, 'pin_memory=True', index)];
      context.report({
        messageId: 'detected',
        node: loader.call,
        fix: { messageId: 'fix', safety: 'suggestion', edits },
      });
    }
  },
});
