/** ECO502: Python decides by a tensor's value: the host waits for it. */
import type { Expr, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { usesAccelerator } from './patterns/dataLoaders.js';
import { standsFor } from './patterns/inline.js';
import { everyStep } from './patterns/loops.js';
import { enclosingLoop, isConditional, isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { isTensor, isTensorOrLoss } from './patterns/tensors.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { nodeTypes } from './semantic/ownNodes.js';
import type { Scope } from './semantic/parts.js';
import { opOf } from './semantic/torchOps.js';
import { walk } from './semantic/walk.js';

const wanted = nodeTypes('Assert', 'If', 'IfExp', 'Lambda');

export default defineRule({
  code: 'ECO502',
  name: 'tensor-valued-control-flow',
  family: 'host-device sync',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Python control flow on tensors synchronises host and GPU.',
      source:
        'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html#avoid-unnecessary-cpu-gpu-synchronization',
    },
    {
      claim: 'Data-dependent control flow breaks the graph of torch.compile.',
      source: 'https://docs.pytorch.org/docs/stable/torch.compiler_faq.html',
    },
  ],
  messages: {
    detected: {
      en: '{what} on {text} needs the value on the host: in every call it waits for the GPU, and a compiled graph breaks here.',
      zh: '{what} 依赖 {text} 的取值：每次调用主机都要等待 GPU，编译图也会在此处中断。',
    },
  },
  gate: ['if ', 'while ', 'assert '],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    const onDevice = usesAccelerator(index);
    context.eachNode(
      wanted,
      (node, scope) => {
        const inForward = isForward(scope, index);
        if (!inForward && !onDevice) return true;
        if (node.type === 'Lambda') return false;
        if (node.type === 'If' && leaves(node.body)) return true;
        const test = conditions(node.test).find(
          (one) =>
            (isTensorOrLoss(one, index, scope) || readsBack(one, index, scope)) && !isMadeOnHost(one, index, scope),
        );
        if (test === undefined || isSteered(node, index) || hasWaited(test, scope, index)) return true;
        if (!inForward && everyStep(node, scope, index) === null) return true;
        const shown = index.source(test);
        context.report({
          messageId: 'detected',
          node: test,
          data: {
            what: node.type === 'Assert' ? 'assert' : 'if',
            text: shown.length > 50 ? `${shown.slice(0, 47)}…` : shown,
          },
          undecided: !onDevice,
        });
        return true;
      },
      onDevice,
    );
  },
});

/** The parts of a condition that are asked for their truth. */
function conditions(test: Expr): Expr[] {
  if (test.type === 'BoolOp') return test.values.flatMap(conditions);
  if (test.type === 'UnaryOp' && test.op === 'not') return conditions(test.operand);
  if (test.type === 'Call' && test.func.type === 'Name' && test.func.id === 'bool' && test.args[0] !== undefined)
    return conditions(test.args[0]);
  return [test];
}

/** `x.item() > 0`: the wait is written out, the condition is the same. */
function readsBack(test: Expr, index: ModuleIndex, scope: Scope): boolean {
  const sides = test.type === 'Compare' ? [test.left, ...test.comparators] : [test];
  return sides.some(
    (side) =>
      side.type === 'Call' &&
      side.func.type === 'Attribute' &&
      side.func.attr === 'item' &&
      isTensorOrLoss(side.func.value, index, scope),
  );
}

/** `print(loss.item())` above it, at every turn: the wait is over, what was queued before is there. */
function hasWaited(test: Expr, scope: Scope, index: ModuleIndex): boolean {
  const loop = enclosingLoop(test, scope, index);
  const names = new Set<string>();
  walk(test, (node) => {
    if (node.type === 'Name') names.add(node.id);
  });
  const { start } = index.range(test);
  return scope.calls.some(
    (call) =>
      call.func.type === 'Attribute' &&
      call.func.attr === 'item' &&
      call.func.value.type === 'Name' &&
      names.has(call.func.value.id) &&
      index.range(call).end <= start &&
      enclosingLoop(call, scope, index) === loop &&
      !isConditional(call, scope, index, loop) &&
      scope.flow.definitionsOf(call.func.value.id).every((one) => {
        const at = one.stmt === null ? -1 : index.range(one.stmt).start;
        return at < index.range(call).start || at > start;
      }),
  );
}

/** An early exit that the result depends on. */
function leaves(body: readonly Stmt[]): boolean {
  return body.some((stmt) => stmt.type === 'Break' || stmt.type === 'Return' || stmt.type === 'Continue');
}

/** `torch.rand(1) > p`, also through a name: made on the CPU and read there. */
function isMadeOnHost(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  let made = false;
  let elsewhere = false;
  const look = (one: Expr, depth: number): void =>
    walk(one, (inner) => {
      if (inner.type === 'Call') {
        const op = opOf(inner, index, scope);
        if (
          op?.via === 'function' &&
          /^(rand|randn|randint|randperm|tensor|zeros|ones|full|arange|empty|bernoulli)$/.test(op.name)
        )
          made = true;
        if (inner.keywords.some((keyword) => keyword.arg === 'device')) elsewhere = true;
      }
      if (inner.type === 'Name' && isTensor(inner, index, scope) === true) {
        const value = standsFor(inner, scope);
        if (value === inner || depth > 4) elsewhere = true;
        else look(value, depth + 1);
      }
    });
  look(node, 0);
  return made && !elsewhere;
}

/** Only where the code is not scripted, traced or compiled: someone thought of it. */
function isSteered(node: Parameters<ModuleIndex['parent']>[0], index: ModuleIndex): boolean {
  for (let current: ReturnType<ModuleIndex['parent']> = node; current !== null; current = index.parent(current)) {
    if (current.type === 'If' && /is_scripting|is_tracing|_compiling|debug|verbose/i.test(index.source(current.test)))
      return true;
    if (current.type === 'FunctionDef') return false;
  }
  return false;
}
