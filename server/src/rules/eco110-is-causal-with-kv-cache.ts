/** ECO110: a causal mask aligned at the wrong corner. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { isConstant, keywordOf } from './patterns/calls.js';
import { isSteady } from './patterns/inline.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { opOf } from './semantic/torchOps.js';

const pastName = /past|cache|prev|memory/i;

export default defineRule({
  code: 'ECO110',
  name: 'is-causal-with-kv-cache',
  family: 'attention',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim: 'is_causal=True means a lower-triangular mask aligned at the top left when the lengths differ.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html',
    },
  ],
  messages: {
    detected: {
      en: 'With a cache there are more keys than queries, and is_causal=True aligns at the top left: a single query sees the first key only. What is generated is wrong.',
      zh: '使用缓存时键多于查询，而 is_causal=True 按左上角对齐：单个查询只能看到第一个键，生成结果是错的。',
    },
    fix: { en: 'Causal only where the lengths are equal', zh: '仅在长度相等时使用因果掩码' },
  },
  gate: ['is_causal'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachCall(({ call, scope, name }) => {
      const causal = keywordOf(call, 'is_causal');
      if (name !== 'torch.nn.functional.scaled_dot_product_attention' || causal === null || !isConstant(causal, true))
        return;
      const [query, key] = call.args;
      if (query === undefined || key === undefined || scope.node === null) return;
      // Someone tells prefill and decoding apart
      if (isGuarded(call, index)) return;
      const grown = grownFrom(key, index, scope);
      if (grown === null) return;
      const text =
        isSteady(query) && isSteady(key) ? `${index.source(query)}.size(-2) == ${index.source(key)}.size(-2)` : null;
      context.report({
        messageId: 'detected',
        node: call,
        fix: text === null ? null : { messageId: 'fix', safety: 'unsafe', edits: [replaceNode(causal, text, index)] },
      });
    });
  },
});

/** Under a condition on lengths or on the absence of a cache. */
function isGuarded(node: Expr, index: ModuleIndex): boolean {
  for (
    let current = index.parent(node);
    current !== null && current.type !== 'FunctionDef';
    current = index.parent(current)
  ) {
    const test = current.type === 'If' || current.type === 'IfExp' ? index.source(current.test) : '';
    if (/None|size|shape|len|past|cache|prefill|decode|seq|> ?1|training/i.test(test)) return true;
  }
  return false;
}

/** The key is `cat([past, k])`, or what a cache's update gave. */
function grownFrom(node: Expr, index: ModuleIndex, scope: Scope, depth = 0): Expr | null {
  if (depth > 5) return null;
  if (node.type === 'Name') {
    for (const definition of scope.flow.reaching(node)) {
      if ((definition.kind !== 'assign' && definition.kind !== 'unpack') || definition.value === null) continue;
      const found = grownFrom(definition.value, index, scope, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }
  if (node.type !== 'Call') return null;
  const op = opOf(node, index, scope);
  if (op !== null && (op.name === 'cat' || op.name === 'concat')) {
    const parts = op.args[0];
    const first = parts?.type === 'List' || parts?.type === 'Tuple' ? parts.elts[0] : undefined;
    return first !== undefined && pastName.test(index.source(first)) ? node : null;
  }
  if (
    node.func.type === 'Attribute' &&
    /^(update|append_kv|append)$/.test(node.func.attr) &&
    pastName.test(index.source(node.func.value))
  )
    return node;
  // k.transpose(1, 2) of a grown k
  const inner = op?.via === 'method' ? op.args[0] : undefined;
  return inner !== undefined &&
    ['transpose', 'permute', 'view', 'reshape', 'contiguous', 'repeat_interleave', 'to'].includes(op?.name ?? '')
    ? grownFrom(inner, index, scope, depth + 1)
    : null;
}
