/** ECO605: adding the loss itself to a running total keeps every step's graph alive. */
import type { Expr, Name } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { isGradOff } from './patterns/gradMode.js';
import { standsFor } from './patterns/inline.js';
import { dotted, enclosingLoop } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { Definition } from './semantic/flow.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { literalNumber } from './semantic/torchOps.js';
import { walk } from './semantic/walk.js';

export default defineRule({
  code: 'ECO605',
  name: 'loss-accumulation-retains-graph',
  family: 'training loop',
  severity: 'warning',
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
      en: '{total} keeps the graph of every step alive, because {loss} carries its history: memory grows with each step.',
      zh: '{total} 会保留每一步的计算图，因为 {loss} 带有其历史：显存随步数不断增长。',
    },
    fix: { en: 'Add {loss}.detach()', zh: '改为累加 {loss}.detach()' },
  },
  gate: ['.backward('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of [...index.functions, index.top]) {
      const trained = backwardNames(scope, index);
      if (trained.size === 0) continue;
      const look = (name: Name, total: string, container: boolean): void => {
        const values = trained.get(name.id);
        if (values === undefined || trained.has(total) || isGradOff(name, scope, index)) return;
        // `loss = loss.item()` between: the name holds a number now
        const here = scope.flow.reaching(name);
        if (here.length > 0 && !here.some((one) => values.has(one) || one.kind === 'augmented')) return;
        const { end } = index.range(name);
        context.report({
          messageId: 'detected',
          node: container ? name : index.statementOf(name),
          data: { total, loss: name.id },
          fix: {
            messageId: 'fix',
            data: { loss: name.id },
            safety: 'safe',
            edits: [{ start: end, end, newText: '.detach()' }],
          },
        });
      };
      for (const stmt of scope.node?.body ?? index.tree.statements.map((statement) => statement.node)) {
        walk(stmt, (node) => {
          if (node.type === 'FunctionDef' || node.type === 'ClassDef') return false;
          if (enclosingLoop(node, scope, index) === null) return true;
          if (node.type === 'AugAssign' && node.op === '+') {
            const total = dotted(node.target);
            const loss = lossIn(node.value);
            if (total !== null && loss !== null && isOutside(total, loss, scope, index)) look(loss, total, false);
          } else if (node.type === 'Assign' && node.targets.length === 1) {
            const total = dotted(node.targets[0] as Expr);
            const { value } = node;
            const isSum = value.type === 'BinOp' && value.op === '+' && total !== null;
            const loss = !isSum
              ? null
              : dotted(value.left) === total
                ? lossIn(value.right)
                : dotted(value.right) === total
                  ? lossIn(value.left)
                  : null;
            if (total !== null && loss !== null) look(loss, total, false);
          } else if (
            node.type === 'Call' &&
            node.func.type === 'Attribute' &&
            node.func.attr === 'append' &&
            node.args.length === 1
          ) {
            const total = dotted(node.func.value);
            const loss = node.args[0];
            // Meters have an append of their own, which may detach
            if (total !== null && loss?.type === 'Name' && isList(node.func.value, scope)) look(loss, total, true);
          }
          return true;
        });
      }
    }
  },
});

/** Names whose `backward` is called in a loop of the scope, with what they hold there: that carries a graph. */
function backwardNames(scope: Scope, index: ModuleIndex): Map<string, Set<Definition>> {
  const names = new Map<string, Set<Definition>>();
  for (const call of scope.calls) {
    if (call.func.type !== 'Attribute' || call.func.attr !== 'backward' || enclosingLoop(call, scope, index) === null)
      continue;
    const { value } = call.func;
    // loss.backward(), scaler.scale(loss).backward(), accelerator.backward(loss)
    const scaled =
      value.type === 'Call' && value.func.type === 'Attribute' && value.func.attr === 'scale'
        ? value.args[0]
        : undefined;
    for (const candidate of [value, scaled, call.args[0]])
      if (candidate?.type === 'Name')
        names.set(candidate.id, new Set([...(names.get(candidate.id) ?? []), ...scope.flow.reaching(candidate)]));
  }
  return names;
}

/** `loss`, `loss * n`, `loss / k`: the name, when it is read as it is. */
function lossIn(node: Expr): Name | null {
  if (node.type === 'Name') return node;
  if (node.type !== 'BinOp' || (node.op !== '*' && node.op !== '/')) return null;
  const other = node.right;
  const isScale =
    literalNumber(other) !== null ||
    other.type === 'Name' ||
    other.type === 'Attribute' ||
    other.type === 'Call' ||
    other.type === 'Subscript';
  return node.left.type === 'Name' && isScale ? node.left : null;
}

/** No object of another class, as far as can be seen: what holds it was not made by calling one. */
function isList(node: Expr, scope: Scope): boolean {
  const value = standsFor(node, scope);
  if (value.type !== 'Call') return true;
  return value.func.type === 'Name' && /^(list|deque|defaultdict)$/.test(value.func.id);
}

/** A total that is made anew in the same loop, for the backward of this very step, is no running total. */
function isOutside(total: string, loss: Name, scope: Scope, index: ModuleIndex): boolean {
  const loop = enclosingLoop(loss, scope, index);
  if (total.includes('.') || loop === null) return true;
  return !scope.flow
    .definitionsOf(total)
    .some(
      (definition) => definition.kind === 'assign' && definition.stmt !== null && index.contains(loop, definition.stmt),
    );
}
