/** ECO507: waiting for the GPU in every step. */
import { defineRule } from './defineRule.js';
import { enclosingLoop, isConditional } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { removeStatement } from './semantic/edits.js';
import { qualifiedName } from './semantic/names.js';

export default defineRule({
  code: 'ECO507',
  name: 'synchronize-in-loop',
  family: 'host-device sync',
  severity: 'warning',
  fixSafety: 'unsafe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'GPU operations are asynchronous; synchronising makes the host wait for all of them.',
      source: 'https://docs.pytorch.org/docs/stable/notes/cuda.html#asynchronous-execution',
    },
  ],
  messages: {
    detected: {
      en: '{name} in every step stops the host until the GPU is idle, and then the GPU until the host has launched again.',
      zh: '每一步都调用 {name}：主机要等 GPU 空闲，随后 GPU 又要等主机重新启动内核。',
    },
    fix: { en: 'Remove it', zh: '删除' },
  },
  gate: ['synchronize'],
  check(context) {
    const { index, text } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of [...index.functions, index.top]) {
      const around = scope.node === null ? text : index.source(scope.node);
      // Timing needs it
      if (/time\(\)|perf_counter|monotonic|Event\(|elapsed|bench|profile|timer/i.test(around)) continue;
      for (const call of scope.calls) {
        const name = qualifiedName(call.func, index, scope);
        if (name !== 'torch.cuda.synchronize' && name !== 'torch.mps.synchronize' && name !== 'torch.xpu.synchronize')
          continue;
        const loop = enclosingLoop(call, scope, index);
        const stmt = index.parent(call);
        if (loop === null || stmt?.type !== 'Expr' || isConditional(call, scope, index, loop)) continue;
        const edit = removeStatement(stmt, index);
        context.report({
          messageId: 'detected',
          node: call,
          data: { name: `${name}()` },
          fix: edit === null ? null : { messageId: 'fix', safety: 'unsafe', edits: [edit] },
        });
      }
    }
  },
});
