/** ECO503: a tensor goes to NumPy and comes back inside forward. */
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import { opOf } from './semantic/torchOps.js';

export default defineRule({
  code: 'ECO503',
  name: 'numpy-roundtrip-in-forward',
  family: 'host-device sync',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Avoid unnecessary CPU-GPU synchronisation: .item(), .cpu(), conversions to NumPy.',
      source: 'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html',
    },
  ],
  messages: {
    detected: {
      en: 'forward leaves for NumPy here and comes back: two copies over PCIe, a wait for the GPU, and no gradient through it.',
      zh: 'forward 在此处转到 NumPy 再转回：两次 PCIe 复制、一次等待 GPU，且梯度无法通过。',
    },
    back: { en: 'It comes back here.', zh: '在此处转回。' },
  },
  gate: ['.numpy('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of index.functions) {
      if (!isForward(scope, index)) continue;
      const leaves = scope.calls.filter(
        (call) => isToNumpy(call) && opOf(call, index, scope)?.via === 'method' && !isOnCpu(call, index),
      );
      const back = scope.calls.find((call) =>
        /^torch\.(from_numpy|tensor|as_tensor|Tensor|FloatTensor|LongTensor)$/.test(
          qualifiedName(call.func, index, scope) ?? '',
        ),
      );
      const first = leaves[0];
      if (first === undefined || back === undefined) continue;
      context.report({ messageId: 'detected', node: first, related: [{ node: back, messageId: 'back' }] });
    }
  },
});

/** Under `if device == "cpu"`: there is no GPU to leave. */
function isOnCpu(call: Call, index: ModuleIndex): boolean {
  for (
    let node = index.parent(call), child: typeof node = call;
    node !== null;
    child = node, node = index.parent(node)
  ) {
    if (node.type === 'FunctionDef') return false;
    const isTaken = node.type === 'If' && node.body.some((stmt) => stmt === child);
    if (
      node.type === 'If' &&
      isTaken &&
      /==/.test(index.source(node.test)) &&
      /device/i.test(index.source(node.test)) &&
      /cpu/i.test(index.source(node.test))
    )
      return true;
  }
  return false;
}

function isToNumpy(call: Call): boolean {
  return call.func.type === 'Attribute' && call.func.attr === 'numpy' && call.args.length === 0;
}
