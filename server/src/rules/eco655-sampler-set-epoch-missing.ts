/** ECO655: the same order in every epoch. */
import { defineRule } from './defineRule.js';
import { everyCall, isConstant, keywordOf } from './patterns/calls.js';
import { outerLoop, trainingLoops } from './patterns/loops.js';
import { isManaged } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { says } from './patterns/reach.js';

export default defineRule({
  code: 'ECO655',
  name: 'sampler-set-epoch-missing',
  family: 'distributed',
  severity: 'warning',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Without set_epoch() at the beginning of each epoch the same ordering is always used.',
      source: 'https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.distributed.DistributedSampler',
    },
  ],
  messages: {
    detected: {
      en: 'Nothing calls set_epoch() on this sampler, so every epoch goes through the samples in the same order.',
      zh: '没有对该采样器调用 set_epoch()，因此每个 epoch 的样本顺序都相同。',
    },
  },
  gate: ['DistributedSampler'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file) || isManaged(index) || says(/set_epoch/, index)) return;
    const hasEpochs = trainingLoops(index).some(({ loop, scope }) => outerLoop(loop, scope, index) !== null);
    if (!hasEpochs) return;
    for (const { call, name } of everyCall(index)) {
      if (!/^torch\.utils\.data\.(distributed\.)?DistributedSampler$/.test(name ?? '')) continue;
      if (isConstant(keywordOf(call, 'shuffle'), false)) continue;
      // The validation's sampler need not be shuffled anew
      if (/val|test|eval/i.test(index.source(index.statementOf(call)))) continue;
      context.report({ messageId: 'detected', node: call });
    }
  },
});
