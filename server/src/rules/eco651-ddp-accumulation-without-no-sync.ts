/** ECO651: gradients exchanged after each micro-batch, though only their sum is used. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { wrapsInDdp } from './patterns/distributed.js';
import { callsIn, trainingLoops } from './patterns/loops.js';
import { isConditional } from './patterns/places.js';
import { isManaged } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { saysNear } from './patterns/reach.js';
import { commandLineDefault, knownNumber } from './patterns/values.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { walk } from './semantic/walk.js';

export default defineRule({
  code: 'ECO651',
  name: 'ddp-accumulation-without-no-sync',
  family: 'distributed',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Several nodes: 2.00 to 0.91 s per batch with no_sync; one node 0.50 to 0.41.',
      source: 'https://huggingface.co/docs/accelerate/concept_guides/gradient_synchronization',
    },
  ],
  messages: {
    detected: {
      en: 'DistributedDataParallel exchanges all gradients at every backward, but the optimiser steps only now and then. Run the forward and backward of the steps between under no_sync().',
      zh: 'DistributedDataParallel 每次反向都会交换全部梯度，而优化器并非每步更新。中间各步的前向与反向应放在 no_sync() 中。',
    },
  },
  gate: ['DistributedDataParallel', 'DDP'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file) || isManaged(index)) return;
    if (!wrapsInDdp(index)) return;
    for (const { loop, scope, backward } of trainingLoops(index)) {
      if (isConditional(backward, scope, index, loop)) continue;
      const steps = callsIn(loop, scope, index).filter((call) => isOptimizerStep(call, index.source(call)));
      // Every step of the optimiser stands under `if (i + 1) % k == 0`
      const isAccumulating =
        steps.length > 0 &&
        steps.every((call) => {
          for (let current = index.parent(call); current !== null && current !== loop; current = index.parent(current))
            if (current.type === 'If' && isEveryFew(current.test, index, scope)) return true;
          return false;
        });
      const steers = /no_sync|require_backward_grad_sync|set_requires_gradient_sync|\.accumulate\(/;
      if (isAccumulating && !saysNear(steers, scope, index)) context.report({ messageId: 'detected', node: backward });
    }
  },
});

/** `i % k == 0`; where k is 1 unless somebody says otherwise, every step is the optimiser's. */
function isEveryFew(test: Expr, index: ModuleIndex, scope: Scope): boolean {
  let found = false;
  walk(test, (node) => {
    if (node.type !== 'BinOp' || node.op !== '%') return;
    const every = knownNumber(node.right, index, scope)?.value ?? commandLineDefault(node.right, index);
    if (every !== 1) found = true;
  });
  return found;
}

function isOptimizerStep(call: Call, text: string): boolean {
  return call.func.type === 'Attribute' && call.func.attr === 'step' && !/sched|lr_|profiler|^prof\./i.test(text);
}
