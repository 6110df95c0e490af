/** ECO603: the gradients are cleared after they were computed and before they are used. */
import type { Expr, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { dotted } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { indentationAt, newlineOf, removeStatement } from './semantic/edits.js';
import { blocksOf, type ModuleIndex } from './semantic/moduleIndex.js';
import { walk } from './semantic/walk.js';

export default defineRule({
  code: 'ECO603',
  name: 'zero-grad-between-backward-and-step',
  family: 'training loop',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'zero_grad, backward, step: in this order.',
      source: 'https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html',
    },
  ],
  messages: {
    detected: {
      en: 'The gradients of {optimizer} are cleared between backward() and step(): the step sees none, and nothing is learned.',
      zh: '{optimizer} 的梯度在 backward() 与 step() 之间被清零：step 看不到梯度，什么也学不到。',
    },
    step: { en: 'This step sees no gradients.', zh: '此处的 step 看不到梯度。' },
    fix: { en: 'Clear them before backward()', zh: '移到 backward() 之前' },
  },
  gate: ['zero_grad'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    const visit = (block: readonly Stmt[]): void => {
      let backward: Stmt | null = null;
      let cleared: { stmt: Stmt; optimizer: string } | null = null;
      for (const stmt of block) {
        const call = stmt.type === 'Expr' ? methodCall(stmt.value) : null;
        if (call?.name === 'backward') {
          backward = stmt;
          cleared = null;
        } else if (call?.name === 'zero_grad' && backward !== null) cleared ??= { stmt, optimizer: call.owner };
        else if (call?.name === 'step' && backward !== null && cleared !== null && cleared.optimizer === call.owner) {
          context.report({
            messageId: 'detected',
            node: cleared.stmt,
            data: { optimizer: call.owner },
            related: [{ node: stmt, messageId: 'step' }],
            fix: moved(cleared.stmt, backward, index),
          });
          backward = null;
          cleared = null;
        } else if (call?.name === 'step' && call.owner === cleared?.optimizer) cleared = null;
        else if (call?.name === 'step') backward = null;
      }
    };
    for (const statement of index.tree.statements) walk(statement.node, (node) => void blocksOf(node).forEach(visit));
    visit(index.tree.statements.map((statement) => statement.node));
  },
});

function methodCall(node: Expr): { name: string; owner: string } | null {
  if (node.type !== 'Call' || node.func.type !== 'Attribute') return null;
  const { attr, value } = node.func;
  return { name: attr, owner: dotted(value) ?? '' };
}

function moved(stmt: Stmt, before: Stmt, index: ModuleIndex) {
  const edit = removeStatement(stmt, index);
  if (edit === null) return null;
  const { start } = index.range(before);
  const text = `${index.source(stmt)}${newlineOf(index.text)}${indentationAt(index.text, start)}`;
  return { messageId: 'fix' as const, safety: 'unsafe' as const, edits: [edit, { start, end: start, newText: text }] };
}
