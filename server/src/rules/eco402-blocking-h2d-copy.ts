/** ECO402: pinned batches, copied while the host waits. */
import type { Name } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { everyScope, isPlainCall, keywordOf } from './patterns/calls.js';
import { isTrue, loaderCalls, loaderOf } from './patterns/dataLoaders.js';
import { moveOf, rootName } from './patterns/devices.js';
import { namesIn } from './patterns/loops.js';
import { enclosingLoop, type Loop } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { Scope } from './semantic/parts.js';

export default defineRule({
  code: 'ECO402',
  name: 'blocking-h2d-copy',
  family: 'data loading',
  severity: 'information',
  fixSafety: 'safe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Copies from pinned memory overlap with the host when non_blocking=True.',
      source: 'https://docs.pytorch.org/tutorials/intermediate/pinmem_nonblock.html',
    },
  ],
  messages: {
    detected: {
      en: 'The batch lies in pinned memory, but this copy makes the host wait for it; with non_blocking=True the next work is queued meanwhile.',
      zh: '批次位于锁页内存中，但此复制会让主机等待；使用 non_blocking=True 可同时排入后续工作。',
    },
    fix: { en: 'Add non_blocking=True', zh: '添加 non_blocking=True' },
  },
  gate: ['pin_memory'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    const pinned = loaderCalls(index).filter(({ args }) => isTrue(args.get('pin_memory')));
    if (pinned.length === 0) return;
    for (const scope of everyScope(index)) {
      for (const call of scope.calls) {
        const move = moveOf(call);
        if (move?.to !== 'accelerator' || move.nonBlocking || !isPlainCall(call)) continue;
        if (keywordOf(call, 'non_blocking') !== null || call.args.length > 1) continue;
        const root = rootName(move.object);
        const loop = enclosingLoop(call, scope, index);
        if (root === null || loop?.type !== 'For' || !isOfBatch(root, loop, scope)) continue;
        if (loaderOf(loop, scope, index, pinned) === null) continue;
        context.report({
          messageId: 'detected',
          node: call,
          fix: { messageId: 'fix', safety: 'safe', edits: [appendArgument(call, 'non_blocking=True', index)] },
        });
      }
    }
  },
});

/** The batch itself or a part taken out of it, not what was computed from it under the same name. */
function isOfBatch(root: Name, loop: Extract<Loop, { type: 'For' }>, scope: Scope, depth = 0): boolean {
  const definition = scope.flow.single(root);
  if (definition === null || depth > 3) return false;
  if (definition.kind === 'loop' || (definition.kind === 'unpack' && definition.value === loop.iter))
    return namesIn(loop.target).has(root.id);
  // inputs, labels = batch
  if ((definition.kind !== 'unpack' && definition.kind !== 'assign') || definition.value === null) return false;
  const from = rootName(definition.value);
  return from === null
    ? namesIn(loop.target).has(root.id) && definition.stmt === loop
    : isOfBatch(from, loop, scope, depth + 1);
}
