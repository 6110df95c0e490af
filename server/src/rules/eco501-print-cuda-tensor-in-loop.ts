/** ECO501: showing a tensor in every step. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyScope } from './patterns/calls.js';
import { usesAccelerator } from './patterns/dataLoaders.js';
import { everyStep } from './patterns/loops.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { isTensorOrLoss } from './patterns/tensors.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';

const methods = /^(info|debug|warning|write|set_postfix|set_description|set_postfix_str|add_scalar|log_metric)$/;

export default defineRule({
  code: 'ECO501',
  name: 'print-cuda-tensor-in-loop',
  family: 'host-device sync',
  severity: 'information',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'print(cuda_tensor) synchronises host and GPU.',
      source:
        'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html#avoid-unnecessary-cpu-gpu-synchronization',
    },
  ],
  messages: {
    detected: {
      en: '{what} of a tensor in every step copies it to the host and waits for the GPU. Show it every so many steps.',
      zh: '每一步都用 {what} 显示张量，会把它复制到主机并等待 GPU。可每隔若干步显示一次。',
    },
  },
  gate: ['print(', '.info(', '.debug(', '.write(', 'set_postfix', 'set_description', 'add_scalar', 'log_metric'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file) || !usesAccelerator(index)) return;
    for (const scope of everyScope(index)) {
      for (const call of scope.calls) {
        const what = shows(call);
        if (what === null || everyStep(call, scope, index) === null) continue;
        const shown = [...call.args, ...call.keywords.map((keyword) => keyword.value)].flatMap(parts);
        if (shown.some((value) => isTensorOrLoss(value, index, scope) && !isSmallHost(value, index)))
          context.report({ messageId: 'detected', node: call, data: { what } });
      }
    }
  },
});

function shows(call: Call): string | null {
  const { func } = call;
  if (func.type === 'Name') return func.id === 'print' ? 'print' : null;
  return func.type === 'Attribute' && methods.test(func.attr) ? func.attr : null;
}

/** What a call shows: its arguments, and what stands in f-strings and dicts. */
function parts(node: Expr): Expr[] {
  if (node.type === 'JoinedStr') return node.values.flatMap(parts);
  if (node.type === 'FormattedValue') return parts(node.value);
  if (node.type === 'Dict') return node.values.flatMap(parts);
  if (
    node.type === 'Call' &&
    node.func.type === 'Attribute' &&
    node.func.attr === 'format' &&
    node.func.value.type === 'Constant'
  )
    return node.args.flatMap(parts);
  return [node];
}

/** Moved to the host already: that move is what waits. */
function isSmallHost(node: Expr, index: ModuleIndex): boolean {
  return /\.(cpu|numpy|tolist|item)\(\)/.test(index.source(node));
}
