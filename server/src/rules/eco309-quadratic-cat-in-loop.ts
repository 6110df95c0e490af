/** ECO309: a result that is copied whole at every turn to grow by one piece. */
import * as z from 'zod';
import type { Expr, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { keywordOf } from './patterns/calls.js';
import { standsFor } from './patterns/inline.js';
import { literalTurns } from './patterns/loops.js';
import { contains, enclosingLoop, type Loop } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { indentationAt, lineEnd, lineStart, newlineOf, replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';
import { opOf } from './semantic/torchOps.js';
import type { OffsetEdit } from './types.js';

export default defineRule({
  code: 'ECO309',
  name: 'quadratic-cat-in-loop',
  family: 'fusion & memory traffic',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'cat allocates its result and copies all inputs into it.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.cat.html',
    },
  ],
  messages: {
    detected: {
      en: '{name} is copied whole at every turn to grow by one piece: n turns copy n²/2 pieces. Collect the pieces and join them once.',
      zh: '{name} 每轮都要整体复制才能增加一块：n 轮共复制约 n²/2 块。应先收集各块，最后一次性拼接。',
    },
    fix: { en: 'Append to a list, join after the loop', zh: '先追加到列表，循环后再拼接' },
  },
  options: z.object({
    'max-turns': z
      .int('a whole number')
      .min(0, 'a number from 0')
      .default(3)
      .describe('Loops that are known to turn no more often than this are left alone.'),
  }),
  gate: ['cat(', 'concatenate(', 'stack('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachCall(({ call, scope }) => {
      // TorchScript keeps a name to one type
      if (isReferenceCode(scope.name) || scope.node?.decorators.some((one) => /jit|script/.test(index.source(one))))
        return;
      const growth = growthOf(call, index, scope);
      if (growth === null) return;
      const turns = literalTurns(growth.loop);
      // Caches of keys and values are ECO154's
      if (
        (turns !== null && turns <= context.options['max-turns']) ||
        /^(past_|cached?_|new_)?(k|v|keys?|values?)(_cache)?$|cache/i.test(growth.name)
      )
        return;
      // A few numbers that were gathered in a list, on the host
      if (!growth.isPlainCat && isGathered(growth.piece, scope)) return;
      // Token numbers: eight bytes a turn beside a run of the model
      if (isTokens(growth.piece, index, scope)) return;
      const edits = growth.isPlainCat ? rewrite(growth, index, scope) : null;
      context.report({
        messageId: 'detected',
        node: call,
        data: { name: growth.name },
        // A piece that is written to later must be copied when it is taken
        undecided: /[a-z]_\(|\]\s*[-+*/]?=(?!=)/.test(index.source(growth.loop)) || isOverParts(growth.loop),
        fix: edits === null ? null : { messageId: 'fix', safety: 'safe', edits },
      });
    });
  },
});

interface Growth {
  readonly name: string;
  readonly piece: Expr;
  readonly dim: Expr | null;
  readonly callee: Expr;
  readonly isPlainCat: boolean;
  readonly stmt: Extract<Stmt, { type: 'Assign' }>;
  readonly loop: Loop;
}

/** `out = torch.cat([out, piece], dim)` in a loop that reads `out` nowhere else. */
function growthOf(call: Expr, index: ModuleIndex, scope: Scope): Growth | null {
  if (call.type !== 'Call' || call.args.length > 2) return null;
  const name = qualifiedName(call.func, index, scope) ?? '';
  if (!/^(torch|numpy)\.(cat|concat|concatenate|vstack|hstack)$/.test(name)) return null;
  const parts = call.args[0];
  const stmt = index.parent(call);
  if ((parts?.type !== 'List' && parts?.type !== 'Tuple') || parts.elts.length !== 2 || stmt?.type !== 'Assign')
    return null;
  const [grown, piece] = parts.elts as [Expr, Expr];
  const target = stmt.targets[0];
  if (stmt.targets.length !== 1 || target?.type !== 'Name' || grown.type !== 'Name' || grown.id !== target.id)
    return null;
  if (call.keywords.some((keyword) => keyword.arg !== 'dim' && keyword.arg !== 'axis')) return null;
  const loop = enclosingLoop(call, scope, index);
  if (loop === null || piece.type === 'Starred') return null;
  const reads = scope.flow.definitionsOf(target.id).flatMap((one) => [...one.uses]);
  if (scope.flow.definitionsOf(target.id).some((one) => one.captured)) return null;
  if (reads.some((use) => use !== grown && index.contains(loop, use))) return null;
  return {
    name: target.id,
    piece,
    dim: call.args[1] ?? keywordOf(call, 'dim', 'axis'),
    callee: call.func,
    // vstack of one row is a matrix, and arrays of NumPy are none of our edits
    isPlainCat: /^torch\.(cat|concat|concatenate)$/.test(name),
    stmt,
    loop,
  };
}

/** The first piece becomes a list, and one `cat` follows the loop; null when the loop leaves the function or the first piece cannot be seen. */
function rewrite(growth: Growth, index: ModuleIndex, scope: Scope): OffsetEdit[] | null {
  const { name, loop, stmt } = growth;
  const { text } = index;
  const others = scope.flow.definitionsOf(name).filter((one) => one.stmt !== stmt);
  const first = others.length === 1 ? others[0] : undefined;
  const start = first?.stmt;
  if (first?.kind !== 'assign' || first.value === null || start?.type !== 'Assign' || start.targets.length !== 1)
    return null;
  if (first.value.type === 'Constant' || first.value.type === 'List') return null;
  const block = index.blockOf(loop);
  if (block === null || index.blockOf(start) !== block || block.indexOf(start) > block.indexOf(loop)) return null;
  // Between the first piece and the loop it would be a list already
  const between = block.slice(block.indexOf(start) + 1, block.indexOf(loop));
  if ([...first.uses].some((use) => between.some((one) => index.contains(one, use)))) return null;
  if (/\b(return|yield|await)\b/.test(index.source(loop)) || loop.orelse.length > 0) return null;
  const end = lineEnd(text, index.range(loop).end);
  if (text.slice(lineStart(text, index.range(loop).start), index.range(loop).start).trim() !== '') return null;
  const indentation = indentationAt(text, index.range(loop).start);
  const dim = growth.dim === null ? '' : `, dim=${index.source(growth.dim)}`;
  const joined = `${newlineOf(text)}${indentation}${name} = ${index.source(growth.callee)}(${name}${dim})`;
  return [
    replaceNode(first.value, `[${index.source(first.value)}]`, index),
    replaceNode(stmt, `${name}.append(${index.source(growth.piece)})`, index),
    { start: end, end, newText: joined },
  ];
}

/** A list of Python's: what annotations are read into, row by row. */
function isGathered(piece: Expr, scope: Scope): boolean {
  const value = standsFor(piece, scope);
  if (value.type === 'List' || value.type === 'Tuple' || value.type === 'ListComp') return true;
  return (
    value.type === 'Name' &&
    scope.flow.reaching(value).some((one) => one.kind === 'assign' && one.value?.type === 'List')
  );
}

/** The drawn or best token of a step, whatever is indexed or reshaped on the way. */
function isTokens(piece: Expr, index: ModuleIndex, scope: Scope): boolean {
  let value = standsFor(piece, scope);
  for (let step = 0; step < 6; step++) {
    const op = opOf(value, index, scope);
    if (op !== null && /^(argmax|multinomial|topk|categorical)$/.test(op.name)) return true;
    if (value.type === 'Subscript') value = standsFor(value.value, scope);
    else if (op !== null && op.args[0] !== undefined) value = standsFor(op.args[0], scope);
    else break;
  }
  return (
    value.type === 'Name' &&
    /^(next|new|sampled?|pred(icted)?)?_?(token|tok|idx|ids?|word|char)(_ids?|_next)?$/.test(value.id)
  );
}

/** `for block in self.blocks`, `range(len(self.convs))`: as many turns as a model has parts, which is few. */
function isOverParts(loop: Loop): boolean {
  if (loop.type !== 'For') return false;
  return contains(
    loop.iter,
    (node) => node.type === 'Attribute' && node.value.type === 'Name' && node.value.id === 'self',
  );
}
