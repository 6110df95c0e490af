/** ECO405: a loader or its workers started anew in every step. */
import { defineRule } from './defineRule.js';
import { everyScope } from './patterns/calls.js';
import { loaderCalls } from './patterns/dataLoaders.js';
import { rootName } from './patterns/devices.js';
import { hotLoop, namesBoundIn } from './patterns/loops.js';
import { isConditional } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';

export default defineRule({
  code: 'ECO405',
  name: 'dataloader-recreated-per-step',
  family: 'data loading',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Each iter(DataLoader) starts its workers and its sampler anew.',
      source: 'https://docs.pytorch.org/docs/stable/data.html#single-and-multi-process-data-loading',
    },
  ],
  messages: {
    detected: {
      en: 'next(iter({name})) in every step starts the loader anew: workers start and end for one batch, and a shuffled epoch never gets past its first.',
      zh: '每一步都执行 next(iter({name}))：为一个批次反复启动与结束工作进程，打乱后的 epoch 永远停在第一个批次。',
    },
    built: {
      en: 'A DataLoader is built in every step: its workers start and end for each.',
      zh: '每一步都新建一个 DataLoader：其工作进程也随之反复启动与结束。',
    },
  },
  gate: ['iter(', 'DataLoader('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of everyScope(index)) {
      for (const call of scope.calls) {
        if (call.func.type !== 'Name' || call.func.id !== 'next' || call.args[0]?.type !== 'Call') continue;
        const inner = call.args[0];
        const source = inner.args[0];
        if (inner.func.type !== 'Name' || inner.func.id !== 'iter' || source === undefined) continue;
        const loop = hotLoop(call, scope, index);
        const root = rootName(source);
        if (loop === null || root === null || isConditional(call, scope, index, loop)) continue;
        // A loader of its own per turn, and anything that is not called a loader
        if (namesBoundIn(loop).has(root.id) || !/load|iter|_dl$|^dl$/i.test(index.source(source))) continue;
        context.report({ messageId: 'detected', node: call, data: { name: index.source(source) } });
      }
    }
    for (const { call, scope } of loaderCalls(index)) {
      const loop = hotLoop(call, scope, index);
      // Around a whole epoch it is the workers' restart of ECO404, not this
      const isStep = loop !== null && !isConditional(call, scope, index, loop) && !isIterated(call, index);
      const assigned = index.parent(call);
      const name = assigned?.type === 'Assign' && assigned.targets[0]?.type === 'Name' ? assigned.targets[0].id : null;
      const feedsLoop =
        name !== null && loop !== null && new RegExp(`for .* in .*\\b${name}\\b`).test(index.source(loop));
      if (isStep && !feedsLoop) context.report({ messageId: 'built', node: call });
    }
  },
});

function isIterated(
  call: Parameters<Parameters<typeof loaderCalls>[0]['parent']>[0],
  index: Parameters<typeof loaderCalls>[0],
): boolean {
  for (let current = index.parent(call); current !== null; current = index.parent(current)) {
    if (current.type === 'For') return index.contains(current.iter, call);
    if (current.type === 'FunctionDef') return false;
  }
  return false;
}
