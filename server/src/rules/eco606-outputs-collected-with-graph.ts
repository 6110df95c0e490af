/** ECO606: outputs kept for a metric, each with the graph that made it. */
import type { Expr, Name } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { methodCalls } from './patterns/calls.js';
import { isGradOff } from './patterns/gradMode.js';
import { callsIn } from './patterns/loops.js';
import { modelCall } from './patterns/modelCalls.js';
import { enclosingLoop } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { isStatement } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';

export default defineRule({
  code: 'ECO606',
  name: 'outputs-collected-with-graph',
  family: 'training loop',
  severity: 'information',
  fixSafety: 'safe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: "Don't accumulate history across your training loop.",
      source: 'https://docs.pytorch.org/docs/stable/notes/faq.html#my-model-reports-cuda-runtime-error-2-out-of-memory',
    },
  ],
  messages: {
    detected: {
      en: '{list} keeps each output with the graph that made it, although only its values are read: memory grows with every turn.',
      zh: '{list} 保留了每个输出及其计算图，而实际只读取其数值：内存随循环不断增长。',
    },
    fix: { en: 'Keep {name}.detach()', zh: '改为保留 {name}.detach()' },
  },
  gate: ['.append('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const { call, scope, object } of methodCalls(index, 'append')) {
      const value = call.args[0];
      const loop = enclosingLoop(call, scope, index);
      if (
        loop === null ||
        value === undefined ||
        call.args.length !== 1 ||
        object.type !== 'Name' ||
        scope.node === null
      )
        continue;
      if (!isModelOutput(value, index, scope) || isGradOff(call, scope, index)) continue;
      // After backward the graph's buffers are gone; ECO605 looks at losses
      if (callsIn(loop, scope, index).some((one) => one.func.type === 'Attribute' && one.func.attr === 'backward'))
        continue;
      const reads = readsOf(object.id, scope).filter((use) => use !== object);
      if (reads.length === 0 || !reads.every((use) => isValueRead(use, index))) continue;
      const { end } = index.range(value);
      context.report({
        messageId: 'detected',
        node: value,
        data: { list: object.id },
        fix: {
          messageId: 'fix',
          data: { name: index.source(value).length > 30 ? '…' : index.source(value) },
          safety: 'safe',
          edits: [{ start: end, end, newText: '.detach()' }],
        },
      });
    }
  },
});

/** `model(x)`, or a name that holds it. */
function isModelOutput(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  if (node.type === 'Call') return modelCall(node, index, scope) !== null;
  if (node.type !== 'Name') return false;
  const definition = scope.flow.single(node);
  return (
    definition?.kind === 'assign' &&
    definition.value?.type === 'Call' &&
    modelCall(definition.value, index, scope) !== null
  );
}

function readsOf(name: string, scope: Scope): Name[] {
  return scope.flow.definitionsOf(name).flatMap((definition) => (definition.captured ? [] : [...definition.uses]));
}

/** The statement that reads the list takes numbers out of it: nothing flows back. */
function isValueRead(use: Name, index: ModuleIndex): boolean {
  let outermost: Parameters<ModuleIndex['parent']>[0] = use;
  for (let current = index.parent(use); current !== null && !isStatement(current); current = index.parent(current))
    outermost = current;
  return /\.(numpy|item|tolist|detach|cpu)\(|argmax|\blen\(|\.append\(/.test(index.source(outermost));
}
