/** ECO307: a table looked up by a product with rows of zeros and a one. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { standsFor } from './patterns/inline.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { selfAttribute } from './semantic/classes.js';
import { argumentText, ensureImport, replaceNode } from './semantic/edits.js';
import { isSelf, type ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import { nodeTypes } from './semantic/ownNodes.js';
import type { Scope } from './semantic/parts.js';
import { argument, moduleOf, opOf } from './semantic/torchOps.js';
import type { Guard, RuleContext } from './types.js';

const casts = new Set(['float', 'to', 'half', 'bfloat16', 'type_as', 'type', 'double']);

const wanted = nodeTypes('BinOp', 'Call');

export default defineRule({
  code: 'ECO307',
  name: 'one-hot-matmul',
  family: 'fusion & memory traffic',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'one_hot(i).float() @ W and embedding(i, W) are equal bit by bit.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html',
    },
  ],
  messages: {
    detected: {
      en: 'A product with one-hot rows multiplies all of the table by zeros; F.embedding reads the rows that are asked for.',
      zh: '与 one-hot 行相乘会让整张表都与零相乘；F.embedding 只读取所需的行。',
    },
    fix: { en: 'Use {call}', zh: '使用 {call}' },
  },
  gate: ['one_hot'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachNode(wanted, (node, scope) => {
      if (isReferenceCode(scope.name)) return true;
      const op = opOf(node as Expr, index, scope);
      const [left, table] = op?.args ?? [];
      if (op === null || left === undefined || table === undefined) return true;
      if ((op.name !== 'matmul' && op.name !== 'mm') || op.args.length !== 2 || op.keywords.size > 0) return true;
      const indices = indicesOf(left, index, scope);
      if (indices === null) return true;
      const isTable = isMatrix(table, context, scope);
      if (isTable === false) return true;
      const functional = ensureImport('torch.nn.functional', index, scope);
      const call = `${functional.name}.embedding(${argumentText(indices, index)}, ${argumentText(table, index)})`;
      context.report({
        messageId: 'detected',
        node,
        undecided: isTable === 'unknown',
        fix: {
          messageId: 'fix',
          data: { call },
          safety: 'safe',
          edits: [...functional.edits, replaceNode(node, call, index)],
        },
      });
      return false;
    });
  },
});

/** The indices of `F.one_hot(i, C).float()`. */
function indicesOf(node: Expr, index: ModuleIndex, scope: Scope): Expr | null {
  const value = standsFor(node, scope);
  const op = opOf(value, index, scope);
  if (op === null || !op.plain) return null;
  if (op.via === 'function' && op.name === 'one_hot') {
    // What the name holds may have been made from an index that has changed since
    return value === node || op.args[0]?.type !== 'Name' ? argument(op, 0, 'tensor', 'input') : null;
  }
  const inner = op.args[0];
  if (op.via !== 'method' || !casts.has(op.name) || inner === undefined || value !== node) return null;
  return indicesOf(inner, index, scope);
}

/** The table has two dimensions: a parameter made with two extents, or the weight of an embedding. */
function isMatrix(node: Expr, context: RuleContext<never>, scope: Scope): Guard {
  const { index } = context;
  if (node.type === 'Attribute' && node.attr === 'weight')
    return moduleOf(node.value, index, scope)?.name === 'Embedding' ? true : 'unknown';
  if (node.type !== 'Attribute' || !isSelf(node.value, scope)) return 'unknown';
  const attribute = selfAttribute(index.enclosingClass(scope), node.attr, index);
  const made = attribute?.value;
  if (
    attribute === null ||
    made?.type !== 'Call' ||
    !/^torch\.nn\.(parameter\.)?Parameter$/.test(qualifiedName(made.func, index, attribute.scope) ?? '')
  )
    return 'unknown';
  const inner = made.args[0];
  const op = inner === undefined ? null : opOf(inner, index, attribute.scope);
  if (op === null || !['randn', 'rand', 'zeros', 'ones', 'empty'].includes(op.name)) return 'unknown';
  return op.args.length === 2 ? true : op.args.length === 1 ? 'unknown' : false;
}
