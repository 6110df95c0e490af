/** ECO404: workers that end with each epoch and start again with the next. */
import type { Name } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { type LoaderCall, loaderCalls, workers } from './patterns/dataLoaders.js';
import { enclosingLoop } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';

export default defineRule({
  code: 'ECO404',
  name: 'workers-respawned-every-epoch',
  family: 'data loading',
  severity: 'information',
  fixSafety: 'suggestion',
  saving: 'formula',
  since: '0.1.0',
  minTorch: '1.7',
  evidence: [
    {
      claim: 'persistent_workers keeps the worker processes and their Dataset copies alive between epochs.',
      source: 'https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader',
    },
  ],
  messages: {
    detected: {
      en: 'The workers of this DataLoader end and start again with every epoch, and the GPU waits for them; persistent_workers=True keeps them.',
      zh: '该 DataLoader 的工作进程在每个 epoch 结束后退出并重新启动，GPU 需要等待；persistent_workers=True 可保留它们。',
    },
    fix: { en: 'Add persistent_workers=True', zh: '添加 persistent_workers=True' },
  },
  gate: ['num_workers'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const loader of loaderCalls(index)) {
      const count = workers(loader);
      if (loader.args.has('persistent_workers') || count === null || count === 0) continue;
      if (!isReadEveryEpoch(loader, index)) continue;
      const edits = [appendArgument(loader.call, 'persistent_workers=True', index)];
      context.report({
        messageId: 'detected',
        node: loader.call,
        fix: { messageId: 'fix', safety: 'suggestion', edits },
      });
    }
  },
});

/** The loader's name is iterated by a loop that stands in another loop of the same function. */
function isReadEveryEpoch(loader: LoaderCall, index: ModuleIndex): boolean {
  const stmt = index.statementOf(loader.call);
  const target = stmt.type === 'Assign' && stmt.targets.length === 1 ? stmt.targets[0] : undefined;
  if (target?.type !== 'Name') return false;
  const definition = loader.scope.flow.definitions.find((one) => one.target === target);
  return [...(definition?.uses ?? [])].some((use: Name) => {
    const inner = index.statementOf(use);
    return (
      inner.type === 'For' && index.contains(inner.iter, use) && enclosingLoop(inner, loader.scope, index) !== null
    );
  });
}
