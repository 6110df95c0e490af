/** ECO600: a training step without `zero_grad`: gradients of all steps add up and the run is wasted. */
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { enclosingLoop, isConditional, type Loop } from './patterns/places.js';
import { isManaged } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { saysNear } from './patterns/reach.js';
import { selfAttribute } from './semantic/classes.js';
import { indentationAt, lineStart, newlineOf } from './semantic/edits.js';
import { isSelf, type ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';
import type { OffsetEdit } from './types.js';

/** Cleared near by, or by someone who does it in another way. */
const clears =
  /zero_grad|\.grad\s*=\s*None|\.grad\.(zero_|data)|set_to_none|grad_fn|deepspeed|accelerat|fabric|functional_call|\.grad\s*=|LBFGS|closure/i;

export default defineRule({
  code: 'ECO600',
  name: 'missing-zero-grad',
  family: 'training loop',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Gradients by default add up; call zero_grad to reset them.',
      source: 'https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html',
    },
  ],
  messages: {
    detected: {
      en: 'No step of this loop clears the gradients: they add up over all steps, and {optimizer}.step() follows their sum.',
      zh: '该循环的任何一步都没有清零梯度：梯度会跨步累加，{optimizer}.step() 按其总和更新。',
    },
    step: { en: 'The weights are updated here.', zh: '此处更新权重。' },
    fix: { en: 'Clear the gradients at the start of each step', zh: '在每一步开始时清零梯度' },
  },
  gate: ['.backward('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    if (isManaged(index)) return;
    for (const scope of [...index.functions, index.top]) {
      const reported = new Set<Loop>();
      for (const call of scope.calls) {
        if (call.func.type !== 'Attribute' || call.func.attr !== 'backward') continue;
        const loop = enclosingLoop(call, scope, index);
        if (loop === null || reported.has(loop) || isConditional(call, scope, index, loop)) continue;
        const step = scope.calls.find(
          (other) => enclosingLoop(other, scope, index) === loop && isOptimizerStep(other, scope, index),
        );
        if (step?.func.type !== 'Attribute' || saysNear(clears, scope, index)) continue;
        reported.add(loop);
        const optimizer = index.source(step.func.value);
        const edits = insertAtStart(loop, `${optimizer}.zero_grad(set_to_none=True)`, index);
        context.report({
          messageId: 'detected',
          node: call,
          data: { optimizer },
          related: [{ node: step, messageId: 'step' }],
          fix: edits === null ? null : { messageId: 'fix', safety: 'unsafe', edits },
        });
      }
    }
  },
});

const optimizerName = /^(optim(i[sz]er)?|opt)s?(_\w+)?$|_(opt|optim|optimi[sz]er)$/i;

/** `x.step()` where x was made by `torch.optim`, or is called an optimiser. */
function isOptimizerStep(call: Call, scope: Scope, index: ModuleIndex): boolean {
  const { func } = call;
  if (func.type !== 'Attribute' || func.attr !== 'step') return false;
  const owner = func.value;
  if (owner.type === 'Name') {
    const definition = scope.flow.single(owner) ?? index.topDefinitions(owner.id)[0];
    const value = definition?.kind === 'assign' ? definition.value : null;
    if (value?.type === 'Call')
      return (
        (qualifiedName(value.func, index, scope) ?? '').startsWith('torch.optim.') &&
        !/lr_scheduler/.test(index.source(value.func))
      );
    return optimizerName.test(owner.id);
  }
  if (owner.type === 'Attribute' && isSelf(owner.value, scope)) {
    const attribute = selfAttribute(index.enclosingClass(scope), owner.attr, index);
    if (attribute?.value.type === 'Call')
      return (qualifiedName(attribute.value.func, index, attribute.scope) ?? '').startsWith('torch.optim.');
    return optimizerName.test(owner.attr);
  }
  return false;
}

function insertAtStart(loop: Loop, code: string, index: ModuleIndex): OffsetEdit[] | null {
  const first = loop.body[0];
  if (first === undefined) return null;
  const { start } = index.range(first);
  const line = lineStart(index.text, start);
  const indentation = indentationAt(index.text, start);
  if (index.text.slice(line, start).trim() !== '') return null;
  return [{ start: line, end: line, newText: `${indentation}${code}${newlineOf(index.text)}` }];
}
