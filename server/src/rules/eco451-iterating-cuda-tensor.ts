/** ECO451: Python's own sum and max over a tensor: a tensor, and often a wait, per element. */
import type { Expr, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { usesAccelerator } from './patterns/dataLoaders.js';
import { elementsOf } from './patterns/factSizes.js';
import { hotLoop } from './patterns/loops.js';
import { contains, isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { isTensor } from './patterns/tensors.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { nodeTypes } from './semantic/ownNodes.js';

type For = Extract<Stmt, { type: 'For' }>;

const reductions: Record<string, string> = {
  sum: 'sum()',
  max: 'max()',
  min: 'min()',
  any: 'any()',
  all: 'all()',
  sorted: 'sort()',
};

const loops = nodeTypes('For');

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
    loop: {
      en: 'This loop takes {name} apart on the host: a tensor for each element, and a wait for the GPU to read it. One operator over the whole tensor, or one tolist(), does it at once.',
      zh: '该循环在主机上逐个拆开 {name}：每个元素一个张量，读取时还要等待 GPU。对整个张量用一个算子，或只调用一次 tolist()，即可一次完成。',
    },
    detected: {
      en: '{name}() of Python goes through the tensor one element at a time, a tensor for each{sync}. .{method} is one kernel.',
      zh: 'Python 的 {name}() 会逐个遍历张量元素，每个元素都成为一个张量{sync}。.{method} 只需一个内核。',
    },
  },
  gate: ['for ', 'sum(', 'max(', 'min(', 'any(', 'all(', 'sorted('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    if (usesAccelerator(index))
      context.eachNode(loops, (loop, scope) => {
        if (isReferenceCode(scope.name)) return;
        const name = index.source(loop.iter);
        if (loop.iter.type === 'Constant' || isTensor(loop.iter, index, scope) !== true) return;
        const known = elementsOf(context.kernelsAt(loop.iter).at(-1)?.outputs[0]);
        if (known > 8 || Number.isNaN(known) ? readsElement(loop, index) : false)
          context.report({ messageId: 'loop', node: loop.iter, data: { name } });
      });
    context.eachCall(({ call, scope }) => {
      if (isReferenceCode(scope.name)) return;
      const { func, args } = call;
      if (func.type !== 'Name' || args.length !== 1 || args[0] === undefined) return;
      const method = Object.hasOwn(reductions, func.id) ? reductions[func.id] : undefined;
      if (method === undefined || scope.flow.binds(func.id) || index.topBinding(func.id) !== null) return;
      if (isTensor(args[0], index, scope) !== true) return;
      if (!isForward(scope, index) && hotLoop(call, scope, index) === null) return;
      const seen = context.kernelsAt(args[0]).at(-1)?.outputs[0];
      if (elementsOf(seen) <= 8) return;
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
    });
  },
});

/** `v.item()`, `float(v)`, `if v > 0` with the element of the turn. */
function readsElement(loop: For, index: ModuleIndex): boolean {
  if (loop.target.type !== 'Name') return false;
  const { id } = loop.target;
  const isElement = (node: Expr | undefined): boolean => node?.type === 'Name' && node.id === id;
  return loop.body.some((stmt) =>
    contains(stmt, (node) => {
      if (node.type === 'Call') {
        const { func, args } = node;
        if (func.type === 'Attribute') return func.attr === 'item' && isElement(func.value);
        return func.type === 'Name' && /^(float|int|bool)$/.test(func.id) && isElement(args[0]);
      }
      return node.type === 'If' && new RegExp(`^${id}\\b(?!\\.(size|shape|dim|numel))`).test(index.source(node.test));
    }),
  );
}
