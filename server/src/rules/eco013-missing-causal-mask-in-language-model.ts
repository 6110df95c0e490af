/** ECO013: a language model that sees the tokens it is to predict. */
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { everyCall, isPlainCall, keywordOf } from './patterns/calls.js';
import { contains } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { anyText } from './semantic/texts.js';
import { moduleOf } from './semantic/torchOps.js';

function masks(text: string): boolean {
  return /mask|causal|tril|triu|bidirectional|encoder_only|mlm|diffusion/i.test(
    text.replace(/attn_mask\s*=\s*None/g, ''),
  );
}

export default defineRule({
  code: 'ECO013',
  name: 'missing-causal-mask-in-language-model',
  family: 'model structure',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim: 'is_causal=True masks the future; without a mask every query attends to every key.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html',
    },
  ],
  messages: {
    detected: {
      en: 'This model is trained on the next token, and its attention sees all tokens: the loss falls without anything being learnt, and half of the attention is computed in vain.',
      zh: '该模型以预测下一个 token 训练，而注意力能看到所有 token：损失会下降却学不到任何东西，且一半注意力计算被浪费。',
    },
    fix: { en: 'Add is_causal=True', zh: '添加 is_causal=True' },
  },
  gate: ['scaled_dot_product_attention', 'MultiheadAttention', 'TransformerEncoder'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    // A mask of any kind, or a task other than the next token
    if (anyText(index, masks)) return;
    if (!predictsNext(index)) return;
    for (const { call, scope, name } of everyCall(index)) {
      const isFunction = name === 'torch.nn.functional.scaled_dot_product_attention';
      const module = isFunction ? null : moduleOf(call.func, index, scope);
      const isModule =
        module !== null &&
        call.func.type === 'Attribute' &&
        /^(MultiheadAttention|TransformerEncoder)$/.test(module.name);
      if ((!isFunction && !isModule) || !isPlainCall(call)) continue;
      if (isFunction && (call.args.length > 3 || keywordOf(call, 'is_causal', 'attn_mask') !== null)) continue;
      if (isModule && (keywordOf(call, 'is_causal', 'attn_mask', 'mask') !== null || call.args.length > 3)) continue;
      context.report({
        messageId: 'detected',
        node: call,
        fix: isFunction
          ? { messageId: 'fix', safety: 'unsafe', edits: [appendArgument(call, 'is_causal=True', index)] }
          : null,
      });
    }
  },
});

/** An embedding of tokens, and targets that are the inputs moved by one: `ids[:, 1:]` beside `ids[:, :-1]` or `logits[:, :-1]`. */
function predictsNext(index: ModuleIndex): boolean {
  const hasEmbedding = [...everyCall(index)].some(({ name }) => name === 'torch.nn.Embedding');
  if (!hasEmbedding) return false;
  const losses = [...everyCall(index)].filter(
    ({ call, name }) =>
      name === 'torch.nn.functional.cross_entropy' || /criterion|loss_fn/.test(index.source(call.func)),
  );
  if (losses.length === 0) return false;
  const isMoved = (call: Call, pattern: RegExp): boolean =>
    contains(
      index.statementOf(call),
      (node) => node.type === 'Subscript' && pattern.test(index.source(node).replace(/\s/g, '')),
    );
  const all = (pattern: RegExp): boolean =>
    [...everyCall(index)].some(({ call }) => isMoved(call, pattern)) || pattern.test(index.text.replace(/[ \t]/g, ''));
  return all(/\[:,1:\]|\[\.\.\.,1:(,:)?\]/) && all(/\[:,:-1\]|\[\.\.\.,:-1(,:)?\]|\[:,:-1,:\]/);
}
