/** ECO614: an optimiser made anew in every epoch or step forgets its momentum. */
import { defineRule } from './defineRule.js';
import { callsNamed } from './patterns/calls.js';
import { contains, enclosingLoop, isConditional } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';

export default defineRule({
  code: 'ECO614',
  name: 'optimizer-recreated-in-loop',
  family: 'training loop',
  severity: 'warning',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Optimisers hold state per parameter, such as momentum, which a new object does not have.',
      source: 'https://docs.pytorch.org/docs/stable/optim.html#how-to-use-an-optimizer',
    },
  ],
  messages: {
    detected: {
      en: '{name} is made anew in every round of this loop, for the same parameters: its state is thrown away and allocated again each time.',
      zh: '该循环每一轮都为相同的参数重新创建 {name}：其状态每次都被丢弃并重新分配。',
    },
  },
  gate: ['optim'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const { call, scope, name: made } of callsNamed(index, /^torch\.optim\./)) {
      const name = /^torch\.optim\.(?:\w+\.)?([A-Z]\w*)$/.exec(made ?? '')?.[1];
      const loop = name === undefined ? null : enclosingLoop(call, scope, index);
      if (name === undefined || loop === null || /Scheduler|LR$/.test(name) || isConditional(call, scope, index, loop))
        continue;
      const parameters = call.args[0];
      const owner =
        parameters?.type === 'Call' && parameters.func.type === 'Attribute' && parameters.func.attr === 'parameters'
          ? parameters.func.value
          : null;
      if (owner?.type !== 'Name') continue;
      // A model that is made or chosen in the loop needs an optimiser of its own; one that is not trained here is a test
      const isMadeHere = scope.flow
        .definitionsOf(owner.id)
        .some((definition) => index.contains(loop, definition.target as never));
      const trains = contains(
        loop,
        (node) => node.type === 'Call' && node.func.type === 'Attribute' && node.func.attr === 'backward',
      );
      if (isMadeHere || !trains) continue;
      context.report({ messageId: 'detected', node: call, data: { name } });
    }
  },
});
