/** ECO302: four and more element-wise steps over one large tensor, each a kernel of its own. */
import type { Expr, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import type { KernelFact } from './facts.js';
import { activationAt } from './patterns/activations.js';
import { bytesOf, elementsOf } from './patterns/factSizes.js';
import { bodyOf } from './patterns/gradMode.js';
import { normalisationAt } from './patterns/normalisation.js';
import { chainOf, isElementwise, isPointwiseKernel } from './patterns/pointwise.js';
import { compiles } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { decoratorInsertion, ensureImport } from './semantic/edits.js';
import { walk } from './semantic/walk.js';

export default defineRule({
  code: 'ECO302',
  name: 'unfused-pointwise-chain',
  family: 'fusion & memory traffic',
  severity: 'warning',
  fixSafety: 'suggestion',
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim: 'SDXL 3.31 to 2.54 s with torch.compile (-23 %).',
      source: 'https://pytorch.org/blog/accelerating-generative-ai-3/',
    },
    {
      claim: 'Fusing element-wise work in BERT: 22.9 % fewer bytes moved, 1.19 times as fast end to end.',
      source: 'https://arxiv.org/abs/2007.00072',
    },
  ],
  messages: {
    detected: {
      en: '{count} element-wise steps over {size} MB, each reading and writing all of it; fused they read and write it once.',
      zh: '对 {size} MB 数据做了 {count} 个逐元素步骤，每步都完整读写一遍；融合后只需读写一次。',
    },
    fix: { en: 'Compile {name} with @{torch}.compile', zh: '用 @{torch}.compile 编译 {name}' },
  },
  gate: ['torch'],
  check(context) {
    const { index, facts } = context;
    if (!facts.available || isReferenceCode(context.file) || compiles(index)) return;
    context.eachFunction((scope) => {
      if (isReferenceCode(scope.name)) return;
      // From the end: what feeds a chain that was reported belongs to it
      const fed = new Set<Stmt>();
      for (const stmt of [...bodyOf(scope, index)].reverse()) {
        walk(stmt, (node) => {
          if (fed.has(node as Stmt)) return false;
          if (node.type === 'FunctionDef' || node.type === 'ClassDef') return false;
          if ((node.type !== 'BinOp' && node.type !== 'Call') || !isElementwise(node as Expr, index, scope))
            return true;
          const chain = chainOf(node as Expr, index, scope);
          if (chain.ops < 4) return true;
          const kernels = [node, ...chain.feeding]
            .flatMap((one) => context.kernelsAt(one))
            .filter((one) => isPointwiseKernel(one.name));
          const large = largestOf(kernels);
          // Steps on numbers and on small factors are no kernels of this size; branches of the trace count once
          const count = Math.min(large.length, chain.ops);
          if (count < 4) return true;
          // A formula that PyTorch has as one operator is another rule's
          if (activationAt(node as Expr, index, scope) !== null || normalisationAt(node as Expr, index, scope) !== null)
            return false;
          for (const one of chain.feeding) fed.add(one);
          const torch = ensureImport('torch', index, scope);
          const canCompile =
            scope.node !== null && scope.owner === null && scope.parent === null && scope.node.decorators.length === 0;
          context.report({
            messageId: 'detected',
            node,
            data: { count, size: Math.round(bytesOf(large[0]?.outputs[0]) / 1e6) },
            fix:
              canCompile && scope.node !== null
                ? {
                    messageId: 'fix',
                    data: { name: scope.name, torch: torch.name },
                    safety: 'suggestion',
                    edits: [...torch.edits, decoratorInsertion(scope.node, `@${torch.name}.compile`, index)],
                  }
                : null,
          });
          return false;
        });
      }
    });
  },
});

/** The kernels over 1 MB of the largest size, in the one entry that has the largest: several entries may run a line. */
function largestOf(kernels: readonly KernelFact[]): KernelFact[] {
  const size = (one: KernelFact): number => elementsOf(one.outputs[0]) || 0;
  const largest = Math.max(0, ...kernels.map(size));
  const first = kernels.find((one) => size(one) === largest);
  return kernels.filter(
    (one) => size(one) === largest && one.entry === first?.entry && bytesOf(one.outputs[0]) > 2 ** 20,
  );
}
