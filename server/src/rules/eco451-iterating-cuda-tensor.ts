/** ECO451: Python's own sum and max over a tensor: a tensor, and often a wait, per element. */
import { defineRule } from './defineRule.js';
import { everyScope } from './patterns/calls.js';
import { elementsOf } from './patterns/factSizes.js';
import { hotLoop } from './patterns/loops.js';
import { isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { isTensor } from './patterns/tensors.js';

const reductions: Record<string, string> = {
  sum: 'sum()',
  max: 'max()',
  min: 'min()',
  any: 'any()',
  all: 'all()',
  sorted: 'sort()',
};

export default defineRule({
  code: 'ECO451',
  name: 'iterating-cuda-tensor',
  family: 'Python overhead',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Reading elements of a CUDA tensor one by one synchronises for each.',
      source:
        'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html#avoid-unnecessary-cpu-gpu-synchronization',
    },
  ],
  messages: {
    detected: {
      en: '{name}() of Python goes through the tensor one element at a time, a tensor for each{sync}. .{method} is one kernel.',
      zh: 'Python 的 {name}() 会逐个遍历张量元素，每个元素都成为一个张量{sync}。.{method} 只需一个内核。',
    },
  },
  gate: ['sum(', 'max(', 'min(', 'any(', 'all(', 'sorted('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of everyScope(index)) {
      if (isReferenceCode(scope.name)) continue;
      for (const call of scope.calls) {
        const { func, args } = call;
        if (func.type !== 'Name' || args.length !== 1 || args[0] === undefined) continue;
        const method = Object.hasOwn(reductions, func.id) ? reductions[func.id] : undefined;
        if (method === undefined || scope.flow.binds(func.id) || index.top.flow.binds(func.id)) continue;
        if (isTensor(args[0], index, scope) !== true) continue;
        if (!isForward(scope, index) && hotLoop(call, scope, index) === null) continue;
        const seen = context.kernelsAt(args[0]).at(-1)?.outputs[0];
        if (elementsOf(seen) <= 8) continue;
        // Adding up only launches; comparing reads every element back
        const waits = func.id !== 'sum';
        context.report({
          messageId: 'detected',
          node: call,
          data: {
            name: func.id,
            method,
            sync: waits ? { en: ', and waits for the GPU each time', zh: '，且每次都等待 GPU' } : { en: '', zh: '' },
          },
        });
      }
    }
  },
});
