/** ECO021: forward called past the module's own call. */
import { defineRule } from './defineRule.js';
import { methodCalls } from './patterns/calls.js';
import { layerNamed } from './patterns/layers.js';
import { modelValue } from './patterns/modelCalls.js';
import { isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { selfAttribute } from './semantic/classes.js';
import { isSelf } from './semantic/moduleIndex.js';
import { isModuleClass } from './semantic/names.js';

export default defineRule({
  code: 'ECO021',
  name: 'direct-forward-call',
  family: 'model structure',
  recommended: false,
  severity: 'information',
  fixSafety: 'unsafe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'Call the Module instance instead of forward(): the former runs the registered hooks, the latter ignores them.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.forward',
    },
  ],
  messages: {
    detected: {
      en: '{name}.forward() passes by the module itself: hooks, compile() and the synchronisation of DistributedDataParallel do not run.',
      zh: '{name}.forward() 绕过了模块自身的调用：钩子、compile() 以及 DistributedDataParallel 的同步都不会执行。',
    },
    fix: { en: 'Call {name}()', zh: '调用 {name}()' },
  },
  gate: ['.forward('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const { call, scope, object } of methodCalls(index, 'forward')) {
      if (isSelf(object, scope) || isOfOtherKind(scope.name)) continue;
      let isModule = false;
      let isGiven = false;
      if (object.type === 'Name')
        isModule = index.classNamed(object.id) === null && modelValue(object, index, scope) === 'class';
      else if (object.type === 'Attribute' && isSelf(object.value, scope)) {
        const owner = index.enclosingClass(scope);
        const made = selfAttribute(owner, object.attr, index)?.value;
        const own = made?.type === 'Call' && made.func.type === 'Name' ? index.classNamed(made.func.id) : null;
        isModule =
          layerNamed(object.attr, owner, index) !== null || (own !== null && isModuleClass(own, index) === true);
        // self.encoder = encoder: a part that was handed in, run on the way of a forward
        isGiven = made?.type === 'Name' && isForward(scope, index) && !/remote/i.test(object.attr);
      }
      if (!isModule && !isGiven) continue;
      const name = index.source(object);
      context.report({
        messageId: 'detected',
        node: call,
        data: { name },
        undecided: !isModule,
        fix: {
          messageId: 'fix',
          data: { name },
          safety: 'unsafe',
          edits: [{ start: index.range(object).end, end: index.range(call.func).end, newText: '' }],
        },
      });
    }
  },
});

/** Wrappers that pass forward on mean to. */
function isOfOtherKind(name: string): boolean {
  return /^(__call__|_call_impl|export|trace|script)/.test(name);
}
