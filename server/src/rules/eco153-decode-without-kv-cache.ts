/** ECO153: a generation loop that runs the model over the whole sequence again for every token. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { standsFor } from './patterns/inline.js';
import { modelCall } from './patterns/modelCalls.js';
import { contains, enclosingLoop } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { replaceNode } from './semantic/edits.js';
import { isSelf, type ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { opOf } from './semantic/torchOps.js';

export default defineRule({
  code: 'ECO153',
  name: 'decode-without-kv-cache',
  family: 'inference/serving & KV cache',
  severity: 'warning',
  fixSafety: 'unsafe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'With a cache the keys and values of earlier tokens are kept instead of computed again.',
      source: 'https://huggingface.co/docs/transformers/main/en/kv_cache',
    },
  ],
  messages: {
    detected: {
      en: 'Every step runs the model over all tokens so far: n new tokens cost about n²/2 token passes. With a key-value cache each step runs the last token only.',
      zh: '每一步都对目前全部 token 重新运行模型：生成 n 个新 token 约需 n²/2 次 token 计算。使用 KV 缓存后每步只需计算最后一个 token。',
    },
    switchedOff: {
      en: 'use_cache=False makes generate() run the model over all tokens again in every step.',
      zh: 'use_cache=False 会使 generate() 在每一步都对全部 token 重新运行模型。',
    },
    grows: { en: 'The sequence grows here.', zh: '序列在此处增长。' },
    fix: { en: 'Use the cache', zh: '启用缓存' },
  },
  gate: ['cat', 'use_cache'],
  check(context) {
    const { index, text } = context;
    if (isReferenceCode(context.file)) return;
    context.eachCall(({ call, scope }) => {
      const keyword = call.keywords.find((one) => one.arg === 'use_cache');
      if (
        keyword !== undefined &&
        call.func.type === 'Attribute' &&
        call.func.attr === 'generate' &&
        keyword.value.type === 'Constant' &&
        keyword.value.value === false
      ) {
        const edits = [replaceNode(keyword.value, 'True', index)];
        context.report({
          messageId: 'switchedOff',
          node: keyword.value,
          fix: { messageId: 'fix', safety: 'unsafe', edits },
        });
      }
      const grown = growingInput(call, scope, index);
      if (grown === null) return;
      // Only a model that keeps keys and values can be fed one token: for others it is a change of the model
      const hasCache = /past_key|kv_cache|cache_k|use_cache|start_pos|input_pos/.test(text);
      context.report({
        messageId: 'detected',
        node: call,
        related: [{ node: grown, messageId: 'grows' }],
        severity: hasCache ? 'warning' : 'information',
      });
    });
  },
});

/** The `torch.cat` that appends to what the model is called with, in the same loop. */
function growingInput(call: Call, scope: Scope, index: ModuleIndex): Call | null {
  const input = call.args[0];
  if (input === undefined || call.args.length > 1) return null;
  const loop = enclosingLoop(call, scope, index);
  if (loop === null || modelCall(call, index, scope) === null) return null;
  if (call.keywords.some((keyword) => keyword.arg === null || /past|cache|pos/.test(keyword.arg))) return null;
  // A part of a model is called on the way of its forward, not once per token
  if (call.func.type === 'Attribute' && isSelf(call.func.value, scope) && !/model|net/.test(call.func.attr))
    return null;
  for (const other of scope.calls) {
    if (enclosingLoop(other, scope, index) !== loop) continue;
    const op = opOf(other, index, scope);
    const parts = op?.name === 'cat' || op?.name === 'concat' ? op.args[0] : undefined;
    if (parts === undefined || (parts.type !== 'Tuple' && parts.type !== 'List')) continue;
    const stmt = index.parent(other);
    const target = stmt?.type === 'Assign' && stmt.targets.length === 1 ? stmt.targets[0] : undefined;
    const first = parts.elts[0];
    if (target?.type !== 'Name' || first?.type !== 'Name' || first.id !== target.id || parts.elts.length !== 2)
      continue;
    // What grows is carried from step to step: nothing else in the loop assigns it
    const inLoop = scope.flow
      .definitionsOf(target.id)
      .filter((definition) => definition.stmt !== null && index.contains(loop, definition.stmt));
    if (inLoop.length !== 1) continue;
    if (mentions(input, target.id) || mentions(standsFor(input, scope), target.id)) return other;
  }
  return null;
}

/** The sequence itself, or a crop of it. */
function mentions(node: Expr, name: string): boolean {
  return contains(node, (inner) => inner.type === 'Name' && inner.id === name);
}
