/** ECO700: cross entropy applies log-softmax itself; on probabilities it barely learns. */
import type { ClassDef, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { standsFor } from './patterns/inline.js';
import { lossInput } from './patterns/losses.js';
import { modelClass } from './patterns/modelCalls.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { methodNamed, selfAttribute } from './semantic/classes.js';
import { argumentText, replaceNode } from './semantic/edits.js';
import { isSelf, type ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { moduleOf, opOf } from './semantic/torchOps.js';
import { walk } from './semantic/walk.js';

export default defineRule({
  code: 'ECO700',
  name: 'softmax-before-cross-entropy',
  family: 'numerical-bug',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'The input is expected to contain the unnormalized logits for each class.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html',
    },
  ],
  messages: {
    detected: {
      en: 'Cross entropy expects logits and applies log-softmax itself; on these probabilities the loss cannot come near 0 and gradients shrink.',
      zh: '交叉熵期望输入 logits，并会自行应用 log-softmax；对概率使用时损失无法接近 0，梯度也会变小。',
    },
    softmax: { en: 'The softmax is applied here.', zh: '此处应用了 softmax。' },
    fix: { en: 'Pass the logits', zh: '直接传入 logits' },
  },
  gate: ['softmax', 'Softmax'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachCall(({ call, scope }) => {
      const loss = lossInput(call, 'cross_entropy', 'CrossEntropyLoss', index, scope);
      if (loss === null) return;
      const value = standsFor(loss.input, scope);
      const inner = softmaxInput(value, index, scope);
      if (inner !== null) {
        const edits = value === loss.input ? [replaceNode(value, argumentText(inner, index), index)] : null;
        context.report({
          messageId: 'detected',
          node: call,
          related: [{ node: value, messageId: 'softmax' }],
          fix: edits === null ? null : { messageId: 'fix', safety: 'unsafe', edits },
        });
        return;
      }
      const last = value.type === 'Call' ? modelSoftmax(value.func, index, scope) : null;
      if (last !== null)
        context.report({ messageId: 'detected', node: call, related: [{ node: last, messageId: 'softmax' }] });
    });
  },
});

function softmaxInput(node: Expr, index: ModuleIndex, scope: Scope): Expr | null {
  const op = opOf(node, index, scope);
  return op !== null && (op.name === 'softmax' || op.name === 'Softmax')
    ? (op.args[0] ?? op.keywords.get('input') ?? null)
    : null;
}

/** The softmax that every return of a model of this file goes through. */
function modelSoftmax(node: Expr, index: ModuleIndex, scope: Scope): Expr | null {
  const type = modelClass(node, index, scope);
  const forward = type === null ? null : methodNamed(type, 'forward', index);
  const inner = forward === null ? null : index.functionScope(forward);
  if (type === null || forward === null || inner === null) return null;
  const returns: Expr[] = [];
  for (const stmt of forward.body) {
    walk(stmt, (child) => {
      if (child.type === 'Return' && child.value !== null) returns.push(child.value);
      return child.type !== 'FunctionDef' && child.type !== 'Lambda';
    });
  }
  const found = returns.map((value) => softmaxAtEnd(standsFor(value, inner), type, index, inner));
  return found.length > 0 && found.every((one) => one !== null) ? (found[0] as Expr) : null;
}

function softmaxAtEnd(value: Expr, type: ClassDef, index: ModuleIndex, scope: Scope): Expr | null {
  if (softmaxInput(value, index, scope) !== null) return value;
  // return self.net(x) with nn.Sequential(..., nn.Softmax())
  if (value.type !== 'Call' || value.func.type !== 'Attribute' || !isSelf(value.func.value, scope)) return null;
  const attribute = selfAttribute(type, value.func.attr, index);
  const module = attribute === null ? null : moduleOf(attribute.value, index, attribute.scope);
  const last = module?.name === 'Sequential' ? module.call.args.at(-1) : undefined;
  if (last === undefined || attribute === null) return null;
  return moduleOf(last, index, attribute.scope)?.name === 'Softmax' ? last : null;
}
