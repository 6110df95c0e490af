/** ECO654: every rank trains on the same samples. */
import { defineRule } from './defineRule.js';
import { datasetKind, isTrue, loaderCalls } from './patterns/dataLoaders.js';
import { wrapsInDdp } from './patterns/distributed.js';
import { isManaged } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { saysNear } from './patterns/reach.js';

/** Someone divides the data: a sampler, a shard, slices by rank, a seed of each rank's own. */
const divides =
  /Sampler|IterableDataset|split_dataset|\.shard\(|webdataset|rank\s*::|\[\w*rank\s*:|% ?world_size|seed\s*\+\s*\w*rank|rank \+ seed|shard/i;

export default defineRule({
  code: 'ECO654',
  name: 'ddp-without-distributed-sampler',
  family: 'distributed',
  severity: 'error',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'DistributedSampler restricts data loading to a subset of the dataset for each process.',
      source: 'https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.distributed.DistributedSampler',
    },
  ],
  messages: {
    detected: {
      en: 'This loader has no DistributedSampler: every rank goes through the whole dataset, so n accelerators do n times the work of one epoch.',
      zh: '该加载器没有 DistributedSampler：每个进程都遍历整个数据集，n 个加速器做了 n 倍于一个 epoch 的工作。',
    },
  },
  gate: ['DistributedDataParallel', 'DDP'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file) || isManaged(index)) return;
    if (!wrapsInDdp(index)) return;
    for (const loader of loaderCalls(index)) {
      if (loader.args.has('sampler') || loader.args.has('batch_sampler')) continue;
      // A loader in order may be the evaluation's, where every rank may do the same
      if (!isTrue(loader.args.get('shuffle')) || saysNear(divides, loader.scope, index)) continue;
      // A dataset that cannot be seen may divide itself
      context.report({ messageId: 'detected', node: loader.call, undecided: datasetKind(loader, index) === 'unknown' });
    }
  },
});
