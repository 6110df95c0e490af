/** The one fused call that computes what a hand-written attention computes, and the edits that put it there. */
import type { Expr, Name, Stmt } from '../../syntax/ast.js';
import {
  argumentText,
  ensureImport,
  indentationAt,
  newlineOf,
  operand,
  removeStatements,
  replaceNode,
} from '../semantic/edits.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { type Node, walk } from '../semantic/walk.js';
import type { Guard, OffsetEdit } from '../types.js';
import type { Attention } from './attention.js';
import { causalForm } from './causalMask.js';
import type { Layout } from './einsum.js';
import { isDefaultScale, isNumber } from './numbers.js';
import { isPure } from './pureCode.js';

export interface FusedAttention {
  readonly edits: readonly OffsetEdit[];
  readonly isCausal: boolean;
  /** What could not be decided, for the message and the demotion. */
  readonly guards: { readonly scale: Guard; readonly mask: Guard; readonly dropout: Guard };
}

/** Null when no single call expresses it. */
export function fuse(
  attention: Attention,
  rank: number | null,
  index: ModuleIndex,
  scope: Scope,
): FusedAttention | null {
  if (attention.opaque || attention.masks.length > 1) return null;
  const { queryLayout, keyLayout, valueLayout, outputLayout } = attention;
  if (queryLayout === null || keyLayout === null || valueLayout === null || outputLayout === null) return null;
  const scale = scaleArgument(attention, index, scope);
  const mask = maskArgument(attention, index, scope);
  const dropout = dropoutArgument(attention, index, scope);
  if (scale === null || mask === null || dropout === null) return null;

  const key = attention.keyIsPlain
    ? laidOut(attention.key, keyLayout, index)
    : `${operand(attention.key, index)}.transpose(-2, -1)`;
  let tensors = [laidOut(attention.query, queryLayout, index), key, laidOut(attention.value, valueLayout, index)];
  let suffix = outputLayout === 'swap' ? '.transpose(1, 2)' : '';
  // The fused kernels want (batch, heads, sequence, dim); fewer dimensions would run the composite one
  if (rank === 3) {
    tensors = tensors.map((text) => `${atom(text)}.unsqueeze(0)`);
    suffix = '.squeeze(0)';
  } else if (rank === 2) {
    tensors = tensors.map((text) => `${atom(text)}[None, None]`);
    suffix = '[0, 0]';
  }
  const functional = ensureImport('torch.nn.functional', index, scope);
  const args = [...tensors, ...[mask.text, dropout.text, scale.text].filter((text) => text !== '')];
  const call = `${functional.name}.scaled_dot_product_attention(${args.join(', ')})${suffix}`;

  const dead = deadAfter(attention, index, scope, mask.isCausal);
  const removed = sameBlock([...attention.statements, ...dead], attention.output, index);
  if (removed === null || changesBetween(attention, removed, index, scope)) return null;
  const lines = removeStatements(removed, index);
  if (lines === null) return null;
  const comments = lostComments(attention.output, attention, index);
  const edits: OffsetEdit[] = [...functional.edits, ...lines, replaceNode(attention.output, call, index)];
  if (comments !== null) edits.push(comments);
  return { edits, isCausal: mask.isCausal, guards: { scale: scale.guard, mask: mask.guard, dropout: dropout.guard } };
}

function laidOut(node: Expr, layout: Layout, index: ModuleIndex): string {
  return layout === 'swap' ? `${operand(node, index)}.transpose(1, 2)` : argumentText(node, index);
}

function atom(text: string): string {
  return /^[\w.]+$|^[\w.]+\([^()]*\)$/.test(text) ? text : `(${text})`;
}

interface Argument {
  text: string;
  guard: Guard;
}

function scaleArgument(attention: Attention, index: ModuleIndex, scope: Scope): Argument | null {
  const { scales } = attention;
  if (scales.length === 0) return { text: 'scale=1.0', guard: true };
  if (scales.length === 1 && scales[0] !== undefined) {
    const step = scales[0];
    const operands = [attention.query, attention.key].map((node) => index.source(node));
    if (isDefaultScale(step.kind, step.value, operands, index, scope)) return { text: '', guard: true };
    const text = step.kind === 'mul' ? index.source(step.value) : `1 / ${operand(step.value, index)}`;
    const guard = isNumber(step.value, index, scope);
    return guard === false ? null : { text: `scale=${text}`, guard };
  }
  let guard: Guard = true;
  const factors: string[] = [];
  for (const step of scales) {
    const own = isNumber(step.value, index, scope);
    if (own === false) return null;
    if (own === 'unknown') guard = 'unknown';
    factors.push(
      `${step.kind === 'mul' ? (factors.length > 0 ? ' * ' : '') : factors.length > 0 ? ' / ' : '1 / '}${operand(step.value, index)}`,
    );
  }
  return { text: `scale=${factors.join('')}`, guard };
}

function maskArgument(
  attention: Attention,
  index: ModuleIndex,
  scope: Scope,
): (Argument & { isCausal: boolean }) | null {
  const mask = attention.masks[0];
  if (mask === undefined) return { text: '', guard: true, isCausal: false };
  const form = causalForm(mask.value, index, scope);
  if (form !== null && mask.optional === null) {
    // The right triangle of the wrong kind (masking the past) is left alone
    return form === mask.kind ? { text: 'is_causal=True', guard: true, isCausal: true } : null;
  }
  const optional = optionalName(mask, index);
  if (mask.optional !== null && optional === null) return null;
  const around = (text: string): string => (optional === null ? text : `None if ${optional} is None else ${text}`);
  const source = argumentText(mask.value, index);
  if (mask.kind === 'additive')
    return { text: `attn_mask=${optional === null ? source : around(source)}`, guard: 'unknown', isCausal: false };
  // Rows that are masked everywhere give NaN or the mean of V by hand, 0 when fused: never proven here
  const keep = mask.kind === 'keep' ? keepText(mask.value, index) : dropText(mask.value, index);
  return { text: `attn_mask=${around(keep)}`, guard: 'unknown', isCausal: false };
}

function optionalName(mask: Attention['masks'][number], index: ModuleIndex): string | null {
  const test = mask.optional?.test;
  if (test?.type !== 'Compare' || test.ops.length !== 1 || test.ops[0] !== 'is not') return null;
  const right = test.comparators[0];
  if (right?.type !== 'Constant' || right.value !== null) return null;
  const name = index.source(test.left);
  let isSame = false;
  walk(mask.value, (node) => {
    if (node.type !== 'Constant' && index.source(node) === name) isSame = true;
  });
  return isSame ? name : null;
}

/** Fused attention takes True for "attend"; `masked_fill` takes True for "drop". */
function dropText(node: Expr, index: ModuleIndex): string {
  if (node.type === 'UnaryOp' && node.op === '~') return argumentText(node.operand, index);
  if (node.type === 'Compare' && node.ops.length === 1) {
    const opposite = { '==': '!=', '!=': '==' }[node.ops[0] as string];
    if (opposite !== undefined)
      return `${index.source(node.left)} ${opposite} ${index.source(node.comparators[0] as Expr)}`;
  }
  return node.type === 'Call' &&
    node.func.type === 'Attribute' &&
    node.func.attr === 'logical_not' &&
    node.args.length === 0
    ? index.source(node.func.value)
    : `~${operand(node, index)}`;
}

function keepText(node: Expr, index: ModuleIndex): string {
  return argumentText(node, index);
}

function dropoutArgument(attention: Attention, index: ModuleIndex, scope: Scope): Argument | null {
  const op = attention.dropout?.op;
  if (op === undefined || op === null) return attention.dropout === null ? { text: '', guard: true } : null;
  if (op.via === 'module') {
    const module = op.node.type === 'Call' ? op.node.func : null;
    if (module === null || module.type === 'Call') return null;
    return { text: `dropout_p=${index.source(module)}.p if self.training else 0.0`, guard: 'unknown' };
  }
  const p = op.args[1] ?? op.keywords.get('p') ?? null;
  const training = op.args[2] ?? op.keywords.get('training') ?? null;
  const probability = p === null ? '0.5' : operand(p, index);
  void scope;
  if (training === null || (training.type === 'Constant' && training.value === true))
    return { text: `dropout_p=${probability}`, guard: 'unknown' };
  return { text: `dropout_p=${probability} if ${index.source(training)} else 0.0`, guard: 'unknown' };
}

/** Pure tensor constructions that only the removed code reads. */
function deadAfter(attention: Attention, index: ModuleIndex, scope: Scope, isCausal: boolean): Stmt[] {
  const roots: Node[] = [...attention.statements];
  if (!isCausal && attention.masks.length > 0) {
    // The mask stays an argument: what builds it stays
    return [];
  }
  const dead: Stmt[] = [];
  // A definition that feeds a dead one dies with it: twice is enough for `ones` -> `tril` -> `bool`
  for (let round = 0; round < 4; round++) {
    const before = dead.length;
    for (const definition of scope.flow.definitions) {
      const { stmt, value } = definition;
      if (definition.kind !== 'assign' || stmt?.type !== 'Assign' || value === null || definition.captured) continue;
      if (
        stmt.targets.length !== 1 ||
        dead.includes(stmt) ||
        attention.statements.includes(stmt) ||
        definition.uses.size === 0
      )
        continue;
      const inside = [...roots, ...dead, attention.softmax, attention.output];
      const kept = [attention.query, attention.key, attention.value, ...attention.scales.map((step) => step.value)];
      const isOnlyThere = [...definition.uses].every(
        (use) => inside.some((node) => index.contains(node, use)) && !kept.some((node) => index.contains(node, use)),
      );
      if (isOnlyThere && isPure(value, index, scope)) dead.push(stmt);
    }
    if (dead.length === before) break;
  }
  return dead;
}

/** The statements without the one that holds the output; null when they do not stand in one block with it. */
function sameBlock(statements: readonly Stmt[], output: Expr, index: ModuleIndex): Stmt[] | null {
  const home = index.statementOf(output);
  const block = index.blockOf(home);
  const unique = [...new Set(statements)].filter((stmt) => stmt !== home);
  const inner = unique.filter((stmt) => !unique.some((other) => other !== stmt && index.contains(other, stmt)));
  return block !== null && inner.every((stmt) => block.includes(stmt)) ? inner : null;
}

/** True when a name that moves to the output was bound again between its old place and the output. */
function changesBetween(attention: Attention, removed: readonly Stmt[], index: ModuleIndex, scope: Scope): boolean {
  const target = index.range(index.statementOf(attention.output)).start;
  const moved = [
    attention.query,
    attention.key,
    ...attention.scales.map((step) => step.value),
    ...attention.masks.map((step) => step.value),
  ];
  for (const node of moved) {
    const names: Name[] = [];
    walk(node, (inner) => void (inner.type === 'Name' && names.push(inner)));
    const from = index.range(node).start;
    for (const name of names) {
      for (const definition of scope.flow.definitions) {
        if (definition.name !== name.id || definition.stmt === null || removed.includes(definition.stmt)) continue;
        const at = index.range(definition.stmt).start;
        if (at > from && at < target) return true;
      }
    }
  }
  return false;
}

/** Comments inside the replaced expression that no kept part holds, put on lines above the statement. */
function lostComments(output: Expr, attention: Attention, index: ModuleIndex): OffsetEdit | null {
  const range = index.range(output);
  const kept = [attention.query, attention.key, attention.value].map((node) => index.range(node));
  const lost = index.tree.comments.filter(
    (comment) =>
      comment.start >= range.start &&
      comment.end <= range.end &&
      !kept.some((part) => comment.start >= part.start && comment.end <= part.end),
  );
  if (lost.length === 0) return null;
  const home = index.range(index.statementOf(output));
  const indentation = indentationAt(index.text, home.start);
  const newline = newlineOf(index.text);
  return {
    start: home.start,
    end: home.start,
    newText: lost.map((comment) => `${comment.text.trimEnd()}${newline}${indentation}`).join(''),
  };
}
