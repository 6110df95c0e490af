/** ECO513: the host reads what the copy has not brought yet. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyScope, keywordOf } from './patterns/calls.js';
import { moveOf } from './patterns/devices.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';

export default defineRule({
  code: 'ECO513',
  name: 'async-d2h-read-immediately',
  family: 'host-device sync',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'A copy to the CPU with non_blocking=True may be read before it is complete; the tutorial shows wrong values.',
      source: 'https://docs.pytorch.org/tutorials/intermediate/pinmem_nonblock.html',
    },
  ],
  messages: {
    detected: {
      en: 'The copy to the host does not wait, and {reader} reads it at once: the values may be those of before the copy.',
      zh: '到主机的复制没有等待，而 {reader} 立即读取：读到的可能是复制之前的值。',
    },
    fix: { en: 'Wait for the copy (non_blocking=False)', zh: '等待复制完成（non_blocking=False）' },
  },
  gate: ['non_blocking'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of everyScope(index)) {
      const around = scope.node === null ? index.text : index.source(scope.node);
      if (/synchronize\(|\.wait\(|\.query\(|Event\(|wait_stream/.test(around)) continue;
      for (const call of scope.calls) {
        const move = moveOf(call);
        const flag = keywordOf(call, 'non_blocking');
        if (move?.to !== 'cpu' || !move.nonBlocking || flag === null) continue;
        const reader = readerOf(call, index, scope);
        if (reader === null) continue;
        context.report({
          messageId: 'detected',
          node: call,
          data: { reader },
          fix: { messageId: 'fix', safety: 'unsafe', edits: [replaceNode(flag, 'False', index)] },
        });
      }
    }
  },
});

/** What the host does with the copy, directly or through the name that holds it. */
function readerOf(call: Call, index: ModuleIndex, scope: Scope): string | null {
  const direct = readOf(call, index);
  if (direct !== null) return direct;
  const stmt = index.parent(call);
  if (stmt?.type !== 'Assign' || stmt.targets.length !== 1) return null;
  const definition = scope.flow.definitions.find((one) => one.target === stmt.targets[0]);
  for (const use of definition?.uses ?? []) {
    const read = readOf(use, index);
    if (read !== null) return read;
  }
  return null;
}

function readOf(node: Expr, index: ModuleIndex): string | null {
  const parent = index.parent(node);
  if (parent?.type === 'Attribute' && ['numpy', 'item', 'tolist'].includes(parent.attr)) return `.${parent.attr}()`;
  if (
    parent?.type === 'Call' &&
    parent.func.type === 'Name' &&
    ['print', 'float', 'int', 'bool', 'list'].includes(parent.func.id)
  )
    return `${parent.func.id}()`;
  return null;
}
