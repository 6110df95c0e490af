/**
 * ECO015: `F.dropout(x, p)` and `scaled_dot_product_attention(dropout_p=p)` drop values in
 * `eval()` too: functions do not know the module's mode.
 */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { isGradOff } from './patterns/gradMode.js';
import { standsFor } from './patterns/inline.js';
import { isModuleMethod } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { operand, replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { literalNumber, opOf } from './semantic/torchOps.js';

const functions = new Set(['dropout', 'dropout1d', 'dropout2d', 'dropout3d', 'alpha_dropout', 'feature_alpha_dropout']);

export default defineRule({
  code: 'ECO015',
  name: 'dropout-ignores-training-flag',
  family: 'architecture bug',
  severity: 'warning',
  fixSafety: 'unsafe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'training: apply dropout if True. Default: True.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html',
    },
    {
      claim: 'dropout_p is applied whenever it is above 0; pass 0.0 outside training.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html',
    },
  ],
  messages: {
    detected: {
      en: 'F.{name} drops values in eval() too: it is on unless training=self.training is passed.',
      zh: 'F.{name} 在 eval() 下仍会丢弃数值：除非传入 training=self.training。',
    },
    attention: {
      en: 'scaled_dot_product_attention applies dropout_p in eval() too; pass 0.0 outside training.',
      zh: 'scaled_dot_product_attention 在 eval() 下仍会应用 dropout_p；非训练时应传 0.0。',
    },
    fix: { en: 'Pass training={self}.training', zh: '传入 training={self}.training' },
    fixAttention: { en: 'Apply dropout_p in training only', zh: '仅在训练时应用 dropout_p' },
  },
  gate: ['dropout'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => {
      if (!isModuleMethod(scope, index) || /mc_?dropout|monte_?carlo/i.test(scope.owner?.name + scope.name)) return;
      const self = scope.node?.args.args[0]?.arg ?? 'self';
      if (scope.node?.args.args.some((arg) => /^(is_)?train(ing)?$/.test(arg.arg))) return;
      for (const call of scope.calls) {
        const op = opOf(call, index, scope);
        if (op === null || op.via !== 'function' || !op.plain || isTrainingOnly(call, index)) continue;
        if (functions.has(op.name)) {
          if (op.args.length > 2 || op.keywords.has('training') || op.inPlace) continue;
          const p = op.args[1] ?? op.keywords.get('p');
          if (literalNumber(p) === 0 || (p !== undefined && followsMode(p, scope, index))) continue;
          // Where autograd is off by decree nothing is trained: noise that a sampler asks for
          if (isGradOff(call, scope, index)) continue;
          const edits = [appendArgument(call, `training=${self}.training`, index)];
          context.report({
            messageId: 'detected',
            node: call,
            data: { name: op.name },
            fix: { messageId: 'fix', data: { self }, safety: 'unsafe', edits },
          });
        } else if (op.name === 'scaled_dot_product_attention') {
          const p = op.args[4] ?? op.keywords.get('dropout_p');
          if (p === undefined || literalNumber(p) === 0 || followsMode(p, scope, index)) continue;
          // A number handed in is its caller's business
          if (standsFor(p, scope).type === 'Name') continue;
          const edits = [replaceNode(p, `${operand(p, index)} if ${self}.training else 0.0`, index)];
          context.report({
            messageId: 'attention',
            node: call,
            fix: { messageId: 'fixAttention', safety: 'unsafe', edits },
          });
        }
      }
    });
  },
});

/** Under `if self.training`. */
function isTrainingOnly(call: Call, index: ModuleIndex): boolean {
  for (let node = index.parent(call); node !== null && node.type !== 'FunctionDef'; node = index.parent(node))
    if ((node.type === 'If' || node.type === 'IfExp') && /training/.test(index.source(node.test))) return true;
  return false;
}

/** `p if self.training else 0.0`, also through a name. */
function followsMode(p: Expr, scope: Scope, index: ModuleIndex): boolean {
  const value = standsFor(p, scope);
  return value.type === 'IfExp' || /training/.test(index.source(value));
}
