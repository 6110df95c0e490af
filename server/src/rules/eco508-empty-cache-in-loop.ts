/** ECO508: `torch.cuda.empty_cache()` in every step gives blocks back that the next step asks for again. */
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { methodName } from './patterns/calls.js';
import { hotLoop } from './patterns/loops.js';
import { contains, dotted, enclosingLoop, isConditional, isModuleMethod, type Loop } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { removeStatement } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';

export default defineRule({
  code: 'ECO508',
  name: 'empty-cache-in-loop',
  family: 'host-device sync',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'empty_cache() does not increase the amount of GPU memory available for PyTorch.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.empty_cache.html',
    },
    {
      claim: 'Calling it makes all GPUs wait.',
      source: 'https://lightning.ai/docs/pytorch/stable/advanced/speed.html',
    },
  ],
  messages: {
    detected: {
      en: 'torch.cuda.empty_cache() in every step frees blocks that the next step allocates again, and waits for the GPU each time.',
      zh: '每一步都调用 torch.cuda.empty_cache()：释放的显存块下一步又要重新分配，且每次都要等待 GPU。',
    },
    fix: { en: 'Remove the call', zh: '删除该调用' },
  },
  gate: ['empty_cache'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of [...index.functions, index.top]) {
      for (const call of scope.calls) {
        if (qualifiedName(call.func, index, scope) !== 'torch.cuda.empty_cache') continue;
        const loop = enclosingLoop(call, scope, index);
        const stmt = index.parent(call);
        // Where no model runs by itself a turn is a whole request, an epoch or a training
        if (loop === null || !runsModel(loop, scope, index)) continue;
        if (stmt?.type !== 'Expr' || isConditional(call, scope, index, loop)) continue;
        if (isOncePerPhase(call, loop, index) || isOverSinks(loop, index)) continue;
        const edit = removeStatement(stmt, index);
        context.report({
          messageId: 'detected',
          node: call,
          // Results are moved away to make room: memory is what counts here
          undecided: contains(loop, (node) => node.type === 'Call' && methodName(node) === 'cpu'),
          fix: edit === null ? null : { messageId: 'fix', safety: 'safe', edits: [edit] },
        });
      }
    }
  },
});

/** Beside an inner loop it runs once per epoch; behind a `del` it makes room for something else. */
function isOncePerPhase(call: Call, loop: Loop, index: ModuleIndex): boolean {
  if (loop.body.some((stmt) => contains(stmt, (node) => node.type === 'For' || node.type === 'While'))) return true;
  return loop.body.some((stmt) => stmt.type === 'Delete' && index.range(stmt).start < index.range(call).start);
}

/** A model, or a part of one: `self.model.features(x)`, or any layer in a module's own method. */
function runsModel(loop: Loop, scope: Scope, index: ModuleIndex): boolean {
  const own = loop.body[0];
  if (own !== undefined && hotLoop(own, scope, index) === loop) return true;
  if (isModuleMethod(scope, index)) return true;
  return contains(
    loop,
    (node) =>
      node.type === 'Call' &&
      /(^|[._])(model|net|network)\.(?!train|eval|to|cuda|cpu|parameters|state_dict|load|save)\w+$/.test(
        dotted(node.func) ?? '',
      ),
  );
}

/** Over trackers and loggers, not over batches. */
function isOverSinks(loop: Loop, index: ModuleIndex): boolean {
  return loop.type === 'For' && /trackers?\b|loggers?\b|callbacks?\b/.test(index.source(loop.iter));
}
