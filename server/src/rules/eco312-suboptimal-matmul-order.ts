/** ECO312: a chain of products in the dear order. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import type { KernelFact } from './facts.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { operand, replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { nodeTypes } from './semantic/ownNodes.js';
import type { Scope } from './semantic/parts.js';
import { opOf, type TorchOp } from './semantic/torchOps.js';

const wanted = nodeTypes('BinOp', 'Call');

export default defineRule({
  code: 'ECO312',
  name: 'suboptimal-matmul-order',
  family: 'fusion & memory traffic',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  aliases: ['TOR101'],
  evidence: [
    {
      claim: 'The order of a chain of products decides its work; multi_dot picks the best.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.linalg.multi_dot.html',
    },
  ],
  messages: {
    detected: {
      en: 'Multiplied from the left this chain costs {left} MFLOP, from the right {right}.',
      zh: '该连乘从左计算需 {left} MFLOP，从右计算只需 {right}。',
    },
    fix: { en: 'Multiply {inner} first', zh: '先计算 {inner}' },
  },
  gate: ['@', 'matmul', '.mm('],
  check(context) {
    const { index, facts } = context;
    if (!facts.available || isReferenceCode(context.file)) return;
    context.eachNode(wanted, (node, scope) => {
      const outer = product(node as Expr, index, scope);
      const inner = outer === null ? null : product(outer.args[0] as Expr, index, scope);
      if (outer === null || inner === null) return true;
      const cost = costs(context.kernelsAt(node));
      if (cost === null || cost.right > 0.8 * cost.left || cost.left - cost.right < 1e6) return true;
      const [a, b, c] = [inner.args[0] as Expr, inner.args[1] as Expr, outer.args[1] as Expr];
      const first = `${operand(b, index)} @ ${operand(c, index)}`;
      context.report({
        messageId: 'detected',
        node,
        data: { left: (cost.left / 1e6).toPrecision(3), right: (cost.right / 1e6).toPrecision(3) },
        fix: {
          messageId: 'fix',
          data: { inner: first },
          safety: 'safe',
          edits: [replaceNode(node, `${operand(a, index)} @ (${first})`, index)],
        },
      });
      return false;
    });
  },
});

function product(node: Expr, index: ModuleIndex, scope: Scope): TorchOp | null {
  const op = opOf(node, index, scope);
  const isProduct =
    op !== null && ['matmul', 'mm', 'mv'].includes(op.name) && op.args.length === 2 && op.keywords.size === 0;
  return isProduct ? op : null;
}

/** FLOPs of (A B) C and of A (B C) for matrices, C a matrix or a vector; null when the trace saw anything else. */
function costs(kernels: readonly KernelFact[]): { left: number; right: number } | null {
  const products = kernels.filter((kernel) => /^(mm|mv|matmul|addmm|addmv)$/.test(kernel.name));
  const [one, two] = products;
  const shapes = [one?.inputs[0]?.shape, one?.inputs[1]?.shape, two?.inputs[1]?.shape];
  const [a, b, c] = shapes;
  if (
    products.length !== 2 ||
    a?.length !== 2 ||
    b?.length !== 2 ||
    c === undefined ||
    c === null ||
    c.length > 2 ||
    c.length < 1
  )
    return null;
  const [n, m] = a as [number, number];
  const k = b[1] as number;
  const p = c.length === 2 ? (c[1] as number) : 1;
  const left = 2 * n * m * k + 2 * n * k * p;
  const right = 2 * m * k * p + 2 * n * m * p;
  return Number.isNaN(left + right) ? null : { left, right };
}
