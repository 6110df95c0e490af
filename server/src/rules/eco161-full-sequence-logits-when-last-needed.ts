/**
 * ECO161: a projection (usually to the vocabulary) of every position, of which only the
 * last is read. Slicing before the projection computes the same for one position.
 */
import type { Call, ClassDef, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { standsFor } from './patterns/inline.js';
import { isLastPositionOnly, lastPositionUses, usesOfTarget } from './patterns/lastPosition.js';
import { modelClass } from './patterns/modelCalls.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { methodNamed } from './semantic/classes.js';
import { operand } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { opOf } from './semantic/torchOps.js';
import { walk } from './semantic/walk.js';
import type { Guard } from './types.js';

export default defineRule({
  code: 'ECO161',
  name: 'full-sequence-logits-when-last-needed',
  family: 'inference/serving & KV cache',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: '1.0',
  evidence: [
    {
      claim: 'Language models of the transformers library take logits_to_keep for the same reason.',
      source: 'https://huggingface.co/docs/transformers/main/en/model_doc/llama',
    },
    {
      claim: 'A projection treats each position alone: slicing before and after agree to rounding.',
      source: 'examples/llama_gqa.py, test/rules/examplePytorch.test.ts',
    },
  ],
  messages: {
    detected: {
      en: 'All {positions} positions are projected to {features} features, but only the last one is read.',
      zh: '对全部 {positions} 个位置做了到 {features} 维的投影，但只用到最后一个位置。',
    },
    detectedUnknown: {
      en: 'Every position is projected, but only the last one is read.',
      zh: '对每个位置都做了投影，但只用到最后一个位置。',
    },
    caller: {
      en: 'Only the last position of the logits is read here, but forward of {model} projects every position.',
      zh: '此处只读取 logits 的最后一个位置，但 {model} 的 forward 对每个位置都做了投影。',
    },
    head: { en: 'Every position is projected here.', zh: '此处对每个位置做投影。' },
    read: { en: 'Only the last position is read here.', zh: '此处只读取最后一个位置。' },
    fix: { en: 'Project only the last position', zh: '只投影最后一个位置' },
  },
  gate: ['-1'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => {
      for (const call of scope.calls) reportCaller(call, scope, context);
      for (const call of scope.calls) {
        const op = opOf(call, index, scope);
        const isProjection =
          op?.plain &&
          ((op.via === 'module' && op.name === 'Linear') || (op.via === 'function' && op.name === 'linear'));
        if (!isProjection || op === null) continue;
        const input = op.args[0];
        if (input === undefined || isLastPositionOnly(input, scope)) continue;
        const uses = lastPositionUses(call, index, scope);
        const first = uses?.[0];
        if (uses === null || first === undefined) continue;

        const { start: from, end: to } = index.range(call);
        const seen = context.modulesAt(call).filter((module) => module.start === from && module.end === to);
        const ranks = seen.map((module) => module.outputs[0]?.shape ?? null).filter((one) => one !== null);
        // `[:, -1]` of two dimensions is a column
        if (ranks.some((one) => one.length === 2)) continue;
        const shape = ranks[0] ?? null;
        const positions = shape?.at(-2) ?? Number.NaN;
        const hasSequence: Guard = uses.some((use) => use.rankIsSure) || shape !== null ? true : 'unknown';
        // One position is nothing to save
        if (positions === 1) continue;
        const slice = uses.every((use) => use.fromTheEnd) ? '[..., -1:, :]' : '[:, -1:]';
        if (uses.some((use) => use.fromTheEnd) && slice !== '[..., -1:, :]') continue;
        const { start, end } = index.range(input);
        context.report({
          messageId: Number.isNaN(positions) ? 'detectedUnknown' : 'detected',
          node: call,
          data: { positions: positions.toLocaleString('en'), features: (shape?.at(-1) ?? 0).toLocaleString('en') },
          related: [{ node: first.node, messageId: 'read' }],
          fix: {
            messageId: 'fix',
            safety: 'safe',
            edits: [{ start, end, newText: `${operand(input, index)}${slice}` }],
          },
          undecided: hasSequence === 'unknown',
        });
      }
    });
  },
});

type Context = Parameters<ReturnType<typeof defineRule>['check']>[0];

/**
 * A generation loop that reads the last position of a model of this file. Slicing would
 * change what forward returns to everybody else, so there is no edit.
 */
function reportCaller(call: Call, scope: Scope, context: Context): void {
  const { index } = context;
  if (scope.name === 'forward') return;
  const type = modelClass(call.func, index, scope);
  if (type === null) return;
  const parent = index.parent(call);
  const target = parent?.type === 'Assign' && parent.targets.length === 1 ? parent.targets[0] : undefined;
  const first = target?.type === 'Tuple' ? target.elts[0] : undefined;
  const uses = first?.type === 'Name' ? usesOfTarget(first, index, scope) : lastPositionUses(call, index, scope);
  const read = uses?.[0];
  if (read === undefined || !read.rankIsSure) return;
  const head = projectionAtEnd(type, first !== undefined, index);
  if (head === null) return;
  context.report({
    messageId: 'caller',
    node: call,
    data: { model: type.name },
    severity: 'information',
    related: [
      { node: head, messageId: 'head' },
      { node: read.node, messageId: 'read' },
    ],
  });
}

/** The linear layer over all positions whose result every return of forward hands out (first, when it returns a tuple). */
function projectionAtEnd(type: ClassDef, inTuple: boolean, index: ModuleIndex): Expr | null {
  const forward = methodNamed(type, 'forward', index);
  const scope = forward === null ? null : index.functionScope(forward);
  if (forward === null || scope === null) return null;
  const heads: (Expr | null)[] = [];
  for (const stmt of forward.body) {
    walk(stmt, (node) => {
      if (node.type === 'Return') {
        const value = inTuple
          ? node.value?.type === 'Tuple'
            ? node.value.elts[0]
            : undefined
          : (node.value ?? undefined);
        const logits = value === undefined ? undefined : standsFor(value, scope);
        const op = logits === undefined ? null : opOf(logits, index, scope);
        const input = op?.args[0];
        const isHead =
          op?.via === 'module' && op.name === 'Linear' && input !== undefined && !isLastPositionOnly(input, scope);
        heads.push(isHead && logits !== undefined ? logits : null);
      }
      return node.type !== 'FunctionDef' && node.type !== 'Lambda';
    });
  }
  return heads.length > 0 && heads.every((head) => head !== null) ? (heads[0] as Expr) : null;
}
