/** ECO400: without workers the samples are loaded while the accelerator waits. */
import { defineRule } from './defineRule.js';
import { datasetKind, isBeyondHelp, loaderCalls, usesAccelerator, workers } from './patterns/dataLoaders.js';
import { isReferenceCode } from './patterns/quietCode.js';

export default defineRule({
  code: 'ECO400',
  name: 'dataloader-num-workers-zero',
  family: 'data loading',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  aliases: ['TOR401'],
  evidence: [
    {
      claim: 'num_workers > 0 loads asynchronously, beside training.',
      source: 'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html',
    },
    {
      claim: 'The profiler reports it as "Synchronous Data Loading".',
      source: 'https://github.com/pytorch/pytorch/blob/main/torch/profiler/_pattern_matcher.py',
    },
  ],
  messages: {
    detected: {
      en: 'This DataLoader reads its samples in the main process (num_workers is 0): the accelerator waits for each batch and draws idle power meanwhile.',
      zh: '该 DataLoader 在主进程中读取样本（num_workers 为 0）：加速器要等待每个批次，期间仍消耗空闲功率。',
    },
  },
  gate: ['DataLoader'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file) || !usesAccelerator(index)) return;
    for (const loader of loaderCalls(index)) {
      if (workers(loader) !== 0 || isBeyondHelp(loader, index)) continue;
      const kind = datasetKind(loader, index);
      if (kind === 'memory' || kind === 'cheap') continue;
      context.report({ messageId: 'detected', node: loader.call, undecided: kind === 'unknown' });
    }
  },
});
