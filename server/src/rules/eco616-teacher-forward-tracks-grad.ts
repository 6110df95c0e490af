/** ECO616: a teacher whose answers are targets, recorded by autograd as if it learned. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyScope } from './patterns/calls.js';
import { rootName } from './patterns/devices.js';
import { isGradOff } from './patterns/gradMode.js';
import { modelCall } from './patterns/modelCalls.js';
import { enclosingLoop } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { saysNear } from './patterns/reach.js';
import { lossNames } from './patterns/tensors.js';
import { wrapInWith } from './patterns/wrap.js';
import { ensureImport } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { walk } from './semantic/walk.js';

const teacherName =
  /^(self\.)?(teacher|target_net|target_model|target_network|target_critic|ema_model|ema_net|ref_model|reference_model|momentum_encoder|teacher_(model|net))$/;

export default defineRule({
  code: 'ECO616',
  name: 'teacher-forward-tracks-grad',
  family: 'training loop',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Under no_grad no graph is recorded and no activation is kept.',
      source: 'https://docs.pytorch.org/docs/stable/notes/autograd.html#no-grad-mode',
    },
  ],
  messages: {
    detected: {
      en: '{name} gives targets, but autograd records it: its activations are kept and backward runs through it, twice the work of its forward.',
      zh: '{name} 只提供目标，但 autograd 会记录它：其激活值被保留，反向也会经过它，计算量是其前向的两倍。',
    },
    fix: { en: 'Run {name} under {torch}.no_grad()', zh: '在 {torch}.no_grad() 下运行 {name}' },
  },
  gate: ['.eval()', 'teacher', 'target_', 'ema_', 'ref_model', 'reference_model', 'momentum_encoder'],
  check(context) {
    const { index, text } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of everyScope(index)) {
      if (lossNames(scope).size === 0) continue;
      for (const call of scope.calls) {
        const name = index.source(call.func);
        if (!(teacherName.test(name) || isFrozenByMode(call, scope, index)) || isGradOff(call, scope, index)) continue;
        if (saysNear(/requires_grad_\(False\)|requires_grad\s*=\s*False|\.freeze\(/, scope, index)) continue;
        // It learns too, or its answer is detached where it is used
        if (
          new RegExp(`${name.replace('.', '\\.')}\\.(parameters|train)\\(`).test(text) ||
          isDetached(call, index, scope)
        )
          continue;
        const decided =
          call.args.every((arg) => isData(arg, scope, index)) &&
          call.keywords.every(({ value }) => isData(value, scope, index));
        // A loss network: its own gradients are not wanted, those through it are
        if (!decided && !teacherName.test(name)) continue;
        const torch = ensureImport('torch', index, scope);
        const stmt = index.statementOf(call);
        const edits =
          index.contains(stmt, call) && isWhole(call, index)
            ? wrapInWith([stmt], `${torch.name}.no_grad()`, index)
            : null;
        context.report({
          messageId: 'detected',
          node: call,
          data: { name },
          undecided: !decided,
          fix:
            edits === null
              ? null
              : {
                  messageId: 'fix',
                  data: { name, torch: torch.name },
                  safety: 'safe',
                  edits: [...torch.edits, ...edits],
                },
        });
      }
    }
  },
});

/** The statement does nothing but run the teacher. */
function isWhole(call: Call, index: ModuleIndex): boolean {
  return index.parent(call)?.type === 'Assign';
}

function isDetached(call: Call, index: ModuleIndex, scope: Scope): boolean {
  const parent = index.parent(call);
  if (parent?.type === 'Attribute' && ['detach', 'data'].includes(parent.attr)) return true;
  if (parent?.type !== 'Assign' || parent.targets.length !== 1) return false;
  const definition = scope.flow.definitions.find((one) => one.target === parent.targets[0]);
  return [...(definition?.uses ?? [])].some((use) => {
    const outer = index.parent(use);
    return (
      (outer?.type === 'Attribute' && /^(detach_?|data|argmax|max|cpu|numpy|sample)$/.test(outer.attr)) ||
      (outer?.type === 'Call' && /argmax|multinomial/.test(index.source(outer.func)))
    );
  });
}

/** Comes from the loader or the caller, not from a model: no gradient flows through the teacher. */
function isData(node: Expr, scope: Scope, index: ModuleIndex, depth = 0): boolean {
  if (depth > 5) return false;
  let runs = false;
  walk(node, (inner) => {
    if (inner.type === 'Call' && modelCall(inner, index, scope) !== null) runs = true;
  });
  if (runs) return false;
  if (node.type === 'Constant') return true;
  const base = node.type === 'Call' && node.func.type === 'Attribute' ? node.func.value : node;
  const root = rootName(base);
  if (root === null) return false;
  return scope.flow.reaching(root).every((one) => {
    if (one.kind === 'loop' || one.kind === 'parameter') return true;
    if (one.kind === 'unpack' || one.kind === 'assign') {
      if (one.value === null || one.value === node) return false;
      // x, y = x.to(device), y.to(device), or unpacked from a batch
      const [at] = one.path;
      const part =
        one.kind === 'unpack' && one.value.type === 'Tuple' && at !== undefined ? one.value.elts[at] : undefined;
      return isData(part ?? one.value, scope, index, depth + 1);
    }
    return false;
  });
}

/** A whole model that the function itself put into eval mode and never back: it does not learn, only its answer counts. */
function isFrozenByMode(call: Call, scope: Scope, index: ModuleIndex): boolean {
  const { func } = call;
  if (func.type !== 'Name' || modelCall(call, index, scope) !== 'class') return false;
  const definition = scope.flow.single(func);
  const made = definition?.kind === 'assign' ? definition.value : null;
  const endsInEval = made?.type === 'Call' && made.func.type === 'Attribute' && made.func.attr === 'eval';
  return (
    endsInEval ||
    scope.calls.some(
      (one) =>
        one.func.type === 'Attribute' &&
        one.func.attr === 'eval' &&
        one.func.value.type === 'Name' &&
        one.func.value.id === func.id &&
        one.start < call.start &&
        enclosingLoop(one, scope, index) === null,
    )
  );
}
