/** ECO701: log(softmax(x)) gives -inf for confident logits and takes a kernel more than log_softmax. */
import type { Expr, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { standsBeside, standsFor, standsForAlone } from './patterns/inline.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { argumentText, ensureImport, removeStatements, replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { literalNumber, opOf, type TorchOp } from './semantic/torchOps.js';

export default defineRule({
  code: 'ECO701',
  name: 'log-of-softmax',
  family: 'numerical-bug',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'Mathematically log(softmax(x)), but doing these two operations separately is slower and numerically unstable.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html',
    },
  ],
  messages: {
    detected: {
      en: 'log of {inner} is -inf for confident logits and takes two kernels; F.{name} computes it in one, and stably.',
      zh: '对 {inner} 取 log 在置信度高时得到 -inf，且需要两个内核；F.{name} 一步完成且数值稳定。',
    },
    clamped: {
      en: 'log of {inner} with a safeguard against 0 cuts off its gradient and takes three kernels; F.{name} needs none.',
      zh: '为避免 0 而加保护的 {inner} 取 log 会截断梯度且需要三个内核；F.{name} 无需保护。',
    },
    fix: { en: 'Use F.{name}', zh: '改用 F.{name}' },
  },
  gate: ['log'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachCall(({ call, scope }) => {
      const op = opOf(call, index, scope);
      if (op?.name !== 'log' || op.inPlace || op.args.length !== 1 || op.args[0] === undefined) return;
      const gone: Stmt[] = [];
      const direct = standsForAlone(op.args[0], scope, gone);
      const guarded = withoutSafeguard(direct, index, scope);
      const value = standsForAlone(guarded ?? direct, scope, gone);
      const inner = opOf(value, index, scope);
      const text = inner === null ? null : replacement(inner, index);
      if (inner === null || text === null) return;
      // A table over a grid that is written down, made once
      if (isGrid(inner, index, scope)) return;
      const home = index.statementOf(call);
      const lines = gone.every((stmt) => standsBeside(stmt, home, index)) ? removeStatements(gone, index) : null;
      if (lines === null || isChangedBetween(inner, call, gone, scope, index)) return;
      const name = /sigmoid/i.test(inner.name) ? 'logsigmoid' : 'log_softmax';
      const functional = ensureImport('torch.nn.functional', index, scope);
      const edits = [...functional.edits, ...lines, replaceNode(call, `${functional.name}.${name}(${text})`, index)];
      context.report({
        messageId: guarded === null ? 'detected' : 'clamped',
        node: call,
        data: { inner: inner.name.toLowerCase(), name },
        fix: { messageId: 'fix', data: { name }, safety: guarded === null ? 'safe' : 'suggestion', edits },
      });
    });
  },
});

/** `torch.sigmoid(torch.arange(-6, 6, 0.01))`. */
function isGrid(op: TorchOp, index: ModuleIndex, scope: Scope): boolean {
  const input = op.args[0] ?? op.keywords.get('input');
  const made = input === undefined ? null : opOf(standsFor(input, scope), index, scope);
  return made?.via === 'function' && /^(arange|linspace|logspace|range)$/.test(made.name);
}

/** Arguments of the fused call; null for anything but a plain softmax or sigmoid. */
function replacement(op: TorchOp, index: ModuleIndex): string | null {
  const input = op.args[0] ?? op.keywords.get('input');
  if (input === undefined || !op.plain || op.inPlace) return null;
  if (op.name === 'sigmoid' || op.name === 'Sigmoid') return argumentText(input, index);
  if (op.name !== 'softmax' && op.name !== 'Softmax') return null;
  const source = op.via === 'module' ? op.module : null;
  const dim =
    source === null
      ? (op.args[1] ?? op.keywords.get('dim'))
      : (source.args[0] ?? source.keywords.find((keyword) => keyword.arg === 'dim')?.value);
  if (dim === undefined) return null;
  const dtype = op.keywords.get('dtype');
  return `${argumentText(input, index)}, dim=${argumentText(dim, index)}${dtype === undefined ? '' : `, dtype=${argumentText(dtype, index)}`}`;
}

/** The inner value of `p + 1e-8`, `p.clamp(min=1e-8)`, `p.clamp_min(1e-8)`. */
function withoutSafeguard(node: Expr, index: ModuleIndex, scope: Scope): Expr | null {
  const op = opOf(node, index, scope);
  if (op === null || op.args[0] === undefined) return null;
  const small = (value: Expr | undefined): boolean => {
    const number = literalNumber(value);
    return number !== null && number > 0 && number <= 1e-3;
  };
  if (op.name === 'add') {
    if (small(op.args[1])) return op.args[0];
    return small(op.args[0]) ? (op.args[1] ?? null) : null;
  }
  if (op.name === 'clamp' || op.name === 'clip' || op.name === 'clamp_min')
    return small(op.args[1] ?? op.keywords.get('min')) ? op.args[0] : null;
  return null;
}

function isChangedBetween(
  inner: TorchOp,
  call: Expr,
  gone: readonly Stmt[],
  scope: Scope,
  index: ModuleIndex,
): boolean {
  const input = inner.args[0];
  if (gone.length === 0 || input?.type !== 'Name') return false;
  const from = Math.min(...gone.map((stmt) => stmt.start));
  const to = index.statementOf(call).start;
  return scope.flow
    .definitionsOf(input.id)
    .some((definition) => definition.stmt !== null && definition.stmt.start > from && definition.stmt.start < to);
}
